"""notices.py TARGET : the licence texts of every crate that is built into keeptabs for a target, to standard output.

Licences ask that their text goes with the program. A text that several crates share stands once.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def built_in(target):
    """Packages below keeptabs by normal dependencies, for the target."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target,
               "--manifest-path", str(ROOT / "Cargo.toml")]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout)
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    todo, seen = [metadata["resolve"]["root"]], set()
    while todo:
        package = todo.pop()
        if package in seen:
            continue
        seen.add(package)
        normal = (dep["pkg"] for dep in nodes[package]["deps"] if any(kind["kind"] is None for kind in dep["dep_kinds"]))
        todo.extend(normal)
    seen.remove(metadata["resolve"]["root"])
    return sorted((p for p in metadata["packages"] if p["id"] in seen), key=lambda p: (p["name"], p["version"]))


def main():
    users = {}  # text -> crates
    packages = built_in(sys.argv[1])
    for package in packages:
        crate = f"{package['name']} {package['version']} ({package['license']})"
        folder = Path(package["manifest_path"]).parent
        files = sorted(path for path in folder.iterdir() if path.is_file() and TEXTS.match(path.name))
        texts = [path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() for path in files]
        for text in texts or ["The crate holds no text of its licence."]:
            users.setdefault(text, []).append(crate)
    lines = [f"keeptabs holds {len(packages)} crates. Their licences, each text once, below the crates that it is of.", ""]
    for text, crates in sorted(users.items(), key=lambda item: (item[1], item[0])):
        lines += ["=" * 100, *crates, "-" * 100, text, ""]
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("\n".join(lines))


main()
