"""actions.py KEEPTABS INBOX : what a department types into Actions comes back in the next result.

Same month: everything as typed. Next month: open actions stay, done ones go. Needs openpyxl.
"""
import datetime
import pathlib
import shutil
import subprocess
import sys
import tempfile

import openpyxl

TYPED = ["Owner", "Due", "Done", "Note"]


def actions(path: pathlib.Path) -> dict:
    rows = list(openpyxl.load_workbook(path, data_only=True)["Actions"].iter_rows(values_only=True))
    return {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}


def open_actions(month: pathlib.Path) -> dict:
    """What the summary says beside each client."""
    path = month / f"Client retention summary {month.name}.xlsx"
    rows = list(openpyxl.load_workbook(path, data_only=True)["Clients"].iter_rows(values_only=True))
    return {line["Client"]: line["Open action"] for line in (dict(zip(rows[0], row)) for row in rows[1:])}


def run(program: pathlib.Path, inbox: pathlib.Path, out: pathlib.Path, month: str) -> pathlib.Path:
    subprocess.run([program, "run", inbox, "--out", out, "--month", month, "-q"], check=True)
    return out / month


def main() -> int:
    program, inbox = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        first = run(program, inbox, folder / "first", "2026-10")
        source = next(path for path in sorted(first.rglob("*.xlsx")) if "Actions" in openpyxl.load_workbook(path).sheetnames)
        book = openpyxl.load_workbook(source)
        sheet = book["Actions"]
        headings = [cell.value for cell in sheet[1]]
        column = {name: headings.index(name) + 1 for name in TYPED}
        open_one, done_one = sheet.cell(2, 1).value, sheet.cell(3, 1).value
        sheet.cell(2, column["Owner"]).value = "Somebody Else"
        sheet.cell(2, column["Due"]).value = datetime.datetime(2026, 11, 20)
        sheet.cell(2, column["Note"]).value = "called twice"
        sheet.cell(3, column["Done"]).value = "Yes"
        again = folder / "inbox"
        again.mkdir()
        book.save(again / "list.xlsx")
        same = actions(run(program, again, folder / "same", "2026-10") / "list.xlsx")
        after = actions(run(program, again, folder / "after", "2026-11") / "list.xlsx")
        for rows in (same, after):
            assert rows[open_one]["Owner"] == "Somebody Else", rows[open_one]
            assert rows[open_one]["Due"] == datetime.datetime(2026, 11, 20), rows[open_one]
            assert rows[open_one]["Note"] == "called twice", rows[open_one]
        assert same[done_one]["Done"] == "Yes", same[done_one]
        assert after[done_one]["Done"] is None, after[done_one]
        # due in November: late at the end of that month, not at the end of October
        found = [open_actions(folder / name / month) for name, month in (("same", "2026-10"), ("after", "2026-11"))]
        assert found[0][open_one] == "Somebody Else by 2026-11-20", found[0][open_one]
        assert found[1][open_one] == "Somebody Else by 2026-11-20: overdue", found[1][open_one]
        assert found[0][done_one] == found[1][done_one] == "None open", found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("what was typed into Actions came back and stands on the summary, and what was done went")
    return 0


if __name__ == "__main__":
    sys.exit(main())
