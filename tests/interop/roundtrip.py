"""roundtrip.py KEEPTABS RESULTS CONFIG : a result that LibreOffice has saved gives the same result again.

Every department workbook of the last month is saved by LibreOffice and handed in; client tables and Summary of the second
result are compared with the first, cell by cell, in the language of the first. Needs LibreOffice, openpyxl.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import openpyxl
from office import recalculated, same

# Data quality, Method and Lists stand last; they speak of the source, which is another now
OTHERS = 3


def main() -> int:
    program, results = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    month = sorted(path for path in results.iterdir() if path.is_dir())[-1]
    report = json.loads((month / "run.json").read_text())
    targets = [file["target"] for file in report["files"] if file.get("target")]
    folder = pathlib.Path(tempfile.mkdtemp())
    compared = differences = 0
    try:
        copies = []
        for number, target in enumerate(targets):
            # results of different departments may share a name
            copies.append(folder / f"{number:04}.xlsx")
            shutil.copyfile(month / target, copies[-1])
        inbox = folder / "inbox"
        for target, saved in zip(targets, recalculated(copies, folder)):
            (inbox / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(saved, inbox / target)
        language = openpyxl.load_workbook(month / targets[0]).custom_doc_props["keeptabs language"].value
        run = subprocess.run(
            [program, "run", inbox, "--out", folder / "again", "--month", month.name, "--language", language,
             "--config", sys.argv[3], "--format", "json"], stdout=subprocess.PIPE, text=True, check=False)
        again = {file["source"]: file for file in json.loads(run.stdout)["files"]}
        for target in targets:
            file = again[target]
            if file["status"] != "converted":
                differences += 1
                print(f"{target}: {file['status']}: {file.get('reason')}")
                continue
            first = openpyxl.load_workbook(month / target, data_only=True)
            second = openpyxl.load_workbook(folder / "again" / month.name / file["target"], data_only=True)
            names = first.sheetnames[:-OTHERS]
            if names != second.sheetnames[:-OTHERS]:
                differences += 1
                print(f"{target}: sheets {names}, then {second.sheetnames}")
                continue
            for name in names:
                a, b = first[name], second[name]
                for row in range(1, max(a.max_row, b.max_row) + 1):
                    for col in range(1, max(a.max_column, b.max_column) + 1):
                        was, now = a.cell(row, col).value, b.cell(row, col).value
                        compared += 1
                        if not same(was, now):
                            differences += 1
                            print(f"{target} {name} {a.cell(row, col).coordinate} "
                                  f"{a.cell(1, col).value!r}: {was!r}, then {now!r}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{compared} cells of results that LibreOffice has saved compared, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
