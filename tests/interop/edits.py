"""edits.py KEEPTABS RESULTS [CONFIG] : what a person types into a result is what a fresh run computes from it.

Into five rows of every client table, for each input column, values are typed that a person might type: other values,
nothing, text, words for nothing, figures out of range. The edited workbook is calculated by LibreOffice and, on the other
side, handed to keeptabs as an inbox; every dependent cell must be the same. Needs LibreOffice, openpyxl.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import openpyxl
from office import recalculated, same

COUNTS = [0, 1, 2, 3, None, "a few", -1, 2.5, 12345, "n/a"]
SURVEYS = [8, 8.5, 10, 6, 1, None, "good", 0, 11, 46305, "n/a"]
LEVELS = ["Junior", "Middle", "Senior", None, "Emperor", 3]
AMOUNTS = [0, 1, 100_000, None, "much", -5_000]
EDITS = {
    "Our contacts": COUNTS,
    "Client contacts": COUNTS,
    "Meetings (6 months)": COUNTS,
    "Decision-maker level": LEVELS,
    "Survey score": SURVEYS,
    "Revenue last year": AMOUNTS,
    "Target this year": AMOUNTS,
    "Current performance": AMOUNTS,
}
# typed where a list keeps it: it may choose the scorecard
SEGMENT = {"Segment": ["SMB", "Enterprise", None, "petite ", 2, "smb+"]}
# values of the run: one workbook alone knows nothing of the organisation
NOT_LIVE = {"Share of revenue", "Key account"}


def edited(book: pathlib.Path, turn: int) -> openpyxl.Workbook:
    """The workbook with five rows of each client table edited; `turn` chooses other rows and values."""
    workbook = openpyxl.load_workbook(book)
    for sheet in workbook.worksheets:
        headings = [cell.value for cell in sheet[1]]
        if not {"Client", "Score", "Why"} <= set(headings):
            continue
        rows = sheet.max_row - 1
        for n in range(min(5, rows)):
            row = 2 + (turn * 5 + n * max(1, rows // 5)) % rows
            kept = {heading: values for heading, values in (EDITS | SEGMENT).items() if heading in headings}
            for place, (heading, values) in enumerate(kept.items()):
                sheet.cell(row, headings.index(heading) + 1).value = values[(turn * 3 + n * 2 + place) % len(values)]
    return workbook


def clients(path: pathlib.Path) -> dict:
    """Sheet → list of rows as dictionaries by heading."""
    found = {}
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        if rows and {"Client", "Score", "Why"} <= set(rows[0]):
            found[sheet.title] = [dict(zip(rows[0], row)) for row in rows[1:]]
    return found


def main() -> int:
    program, results = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    months = sorted(path for path in results.iterdir() if path.is_dir())
    folder = pathlib.Path(tempfile.mkdtemp())
    compared = differences = 0
    try:
        month = months[-1]
        inbox = folder / "inbox"
        inbox.mkdir()
        copies = []
        written = json.loads((month / "run.json").read_text())["files"]
        books = sorted(month / file["target"] for file in written if file["target"])
        for number, book in enumerate(books):
            for turn in range(4):
                # a folder each: the same clients in one department would be one list handed in twice
                place = inbox / f"d{number:02}{turn}"
                place.mkdir()
                copy = place / f"book{number:02}{turn}.xlsx"
                edited(book, turn).save(copy)
                copies.append((book, copy))
        run = subprocess.run(
            [program, "run", inbox, "--out", folder / "fresh", "--month", month.name, "--format", "json",
             *(["--config", sys.argv[3]] if len(sys.argv) > 3 else [])],
            stdout=subprocess.PIPE, text=True, check=False)
        report = json.loads(run.stdout)
        targets = {file["source"]: file for file in report["files"]}
        office = recalculated([copy for _, copy in copies], folder)
        for (book, copy), calculated in zip(copies, office):
            file = targets[f"{copy.parent.name}/{copy.name}"]
            if not file["target"]:
                print(f"{book} edited: {file['status']}: {file.get('reason')}")
                differences += 1
                continue
            fresh = clients(folder / "fresh" / month.name / file["target"])
            live = clients(calculated)
            assert fresh.keys() == live.keys(), (book, fresh.keys(), live.keys())
            for sheet, rows in live.items():
                assert len(rows) == len(fresh[sheet]), (book, sheet, len(rows), len(fresh[sheet]))
                for number, (a, b) in enumerate(zip(rows, fresh[sheet]), start=2):
                    for heading, value in a.items():
                        if heading in EDITS | SEGMENT or heading in NOT_LIVE or heading not in b:
                            continue
                        compared += 1
                        if not same(value, b[heading]):
                            differences += 1
                            inputs = {key: a[key] for key in EDITS | SEGMENT if key in a}
                            print(f"{book} {sheet} row {number} {heading}: live {value!r}, fresh {b[heading]!r}; {inputs}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{compared} cells of edited results compared, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
