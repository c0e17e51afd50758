"""Cuts workbooks at random bytes and flips random bytes, and runs keeptabs on them by the batch.

    python3 tests/interop/damage.py target/release/keeptabs 200 FOLDER...

Whatever happens to the files, each batch must end with 0 or 1 and say nothing on stderr, every file must have a status
and, if it was not converted, a reason that is no confession of a crash, and the processes together must stay below 2 GiB.
The seed is fixed (--seed): the same files come out of the same folders. What fails is kept (--keep).
"""
import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv"}
MOST_MEMORY = 2 << 30
LIST = "Client;Our contacts;Client contacts\nOmega;2;1\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", type=Path)
    arguments.add_argument("count", type=int)
    arguments.add_argument("folders", type=Path, nargs="+")
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--batch", type=int, default=250)
    arguments.add_argument("--whole", action="store_true", help="the files as they are, each once")
    arguments.add_argument("--keep", type=Path, help="folder for the files that failed the test")
    given = arguments.parse_args()
    files = sorted(
        path
        for folder in given.folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() in SUFFIXES and path.stat().st_size
    )
    assert files, "no workbooks"
    noise = random.Random(given.seed)
    jobs = [(path, path.read_bytes) for path in files] if given.whole else list(damaged(files, given.count, noise))
    statuses, peak, slowest, wrong = Counter(), 0, 0.0, []
    begun = time.monotonic()
    for start in range(0, len(jobs), given.batch):
        result = run_batch(given, jobs[start : start + given.batch], start)
        statuses += result["statuses"]
        peak, slowest = max(peak, result["peak"]), max(slowest, result["seconds"])
        wrong += result["wrong"]
    shares = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    print(f"{len(jobs)} files in {time.monotonic() - begun:.0f} s (slowest batch {slowest:.0f} s): {shares}")
    print(f"peak memory of all processes together {peak >> 20} MiB")
    for line in wrong:
        print("WRONG", line)
    sys.exit(bool(wrong))


def damaged(files, count, noise):
    for _ in range(count):
        path, cut, seed = noise.choice(files), noise.random() < 0.5, noise.getrandbits(64)
        yield path, lambda path=path, cut=cut, seed=seed: damage(path.read_bytes(), cut, random.Random(seed))


def damage(content, cut, noise):
    if cut:
        return content[: noise.randrange(1, len(content))] if len(content) > 1 else content
    content = bytearray(content)
    for _ in range(noise.choice([1, 2, 5, 20, 100])):
        content[noise.randrange(len(content))] ^= noise.randrange(1, 256)
    return bytes(content)


def run_batch(given, jobs, start):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inbox = folder / "inbox"
        inbox.mkdir()
        (inbox / "good.csv").write_text(LIST)
        for index, (path, content) in enumerate(jobs, start):
            (inbox / f"{index:05} {path.name}").write_bytes(content())
        wrong = []
        begun = time.monotonic()
        options = ["--month", "2026-10", "--jobs", "2", "--no-history", "--quiet", "--out", str(folder / "out")]
        with open(folder / "stderr", "wb") as stderr:
            process = subprocess.Popen([given.program.absolute(), "run", inbox, *options], stderr=stderr, cwd=folder)
            peak = watched(process)
        told = (folder / "stderr").read_text(errors="replace")
        report = folder / "out" / "2026-10" / "run.json"
        if process.returncode not in (0, 1) or told or not report.is_file():
            wrong.append(f"batch from {start}: status {process.returncode}, stderr {told[:500]!r}")
            keep(given, inbox.iterdir())
            return {"statuses": Counter(), "peak": peak, "seconds": 0.0, "wrong": wrong}
        if peak > MOST_MEMORY:
            wrong.append(f"batch from {start}: {peak >> 20} MiB")
            keep(given, inbox.iterdir())
        reported = {file["source"]: file for file in json.loads(report.read_text())["files"]}
        for path in inbox.iterdir():
            file = reported.get(path.name, {})
            reason = file.get("reason") or ""
            told_apart = file.get("status") == "converted" or reason
            if not file.get("status") or not told_apart or "report this" in reason:
                wrong.append(f"{path.name}: {file.get('status')}, {reason}")
                keep(given, [path])
        statuses = Counter(file["status"] for file in reported.values())
        statuses["converted"] -= reported["good.csv"]["status"] == "converted"
        return {"statuses": statuses, "peak": peak, "seconds": time.monotonic() - begun, "wrong": wrong}


def keep(given, paths):
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        for path in paths:
            shutil.copy(path, given.keep)


def watched(process):
    """The most memory that the process and those that it started held at one time."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(resident, family(process.pid))))
        time.sleep(0.01)
    return peak


def family(pid):
    yield pid
    try:
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        children = []
    for child in children:
        yield from family(child)


def resident(pid):
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main()
