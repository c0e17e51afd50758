"""Writes docs/licences.md: every crate that keeptabs is made of, with its licence; with --check only compares.

    python3 docs/licences.py [--check]

A crate whose licence deny.toml does not allow ends it with 1.
"""
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE / "licences.md"


def allowed(expression, licences):
    """Whether a licence expression can be met; "/" is the old sign for OR, and AND binds first."""
    expression = expression.replace("/", " OR ").strip()
    groups = re.findall(r"\(([^()]*)\)", expression)
    for group in groups:
        expression = expression.replace(f"({group})", "MIT" if allowed(group, licences) else "none")
    return any(
        all(part.strip() in licences for part in choice.split(" AND ")) for choice in expression.split(" OR ")
    )


def main():
    manifest = ["--manifest-path", str(HERE.parent / "Cargo.toml")]
    told = subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--locked", *manifest], check=True, capture_output=True, text=True
    )
    metadata = json.loads(told.stdout)
    licences = set(tomllib.loads((HERE.parent / "deny.toml").read_text())["licenses"]["allow"])
    own = set(metadata["workspace_members"])
    crates = sorted((p["name"], p["version"], p["license"] or "") for p in metadata["packages"] if p["id"] not in own)
    bad = [crate for crate in crates if not allowed(crate[2], licences)]
    for name, version, licence in bad:
        print(f"{name} {version}: {licence or 'no licence'} is not among those of deny.toml")
    lines = [
        "# Licences",
        "",
        "Every crate in Cargo.lock, those for other systems and for tests included. Written by `docs/licences.py`.",
        "",
        "| crate | version | licence |",
        "|---|---|---|",
        *(f"| {name} | {version} | {licence} |" for name, version, licence in crates),
        "",
    ]
    text = "\n".join(lines)
    if "--check" in sys.argv[1:]:
        if OUT.read_text() != text:
            print("docs/licences.md is not what Cargo.lock says; run docs/licences.py")
            bad.append(None)
    else:
        OUT.write_text(text)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
