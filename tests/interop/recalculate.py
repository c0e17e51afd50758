"""recalculate.py WORKBOOK... : no stored result differs from what LibreOffice calculates.

Exits 1 on any difference, and when a workbook with a client table holds no formula at all. Needs LibreOffice, openpyxl.
"""
import pathlib
import shutil
import sys
import tempfile

import openpyxl
from office import recalculated, same


def kind(book: openpyxl.Workbook) -> str | None:
    """What keeptabs says about a workbook that is not a department's."""
    return next((prop.value for prop in book.custom_doc_props.props if prop.name == "keeptabs kind"), None)


def main() -> int:
    folder = pathlib.Path(tempfile.mkdtemp())
    formulas = differences = 0
    try:
        copies = []
        for number, name in enumerate(sys.argv[1:]):
            # results of different departments may share a name
            copy = folder / f"{number:04}.xlsx"
            shutil.copyfile(name, copy)
            copies.append(copy)
        for name, copy, fresh in zip(sys.argv[1:], copies, recalculated(copies, folder)):
            texts = openpyxl.load_workbook(copy)
            stored = openpyxl.load_workbook(copy, data_only=True)
            fresh = openpyxl.load_workbook(fresh, data_only=True)
            here = 0
            for sheet in texts.worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        if cell.data_type != "f":
                            continue
                        here += 1
                        was = stored[sheet.title][cell.coordinate].value
                        now = fresh[sheet.title][cell.coordinate].value
                        if not same(was, now):
                            differences += 1
                            print(f"{name} {sheet.title}!{cell.coordinate}: stored {was!r}, calculated {now!r}: {cell.value}")
            # a manager's workbook is a list of values
            if not here and kind(texts) != "manager":
                differences += 1
                print(f"{name}: no formula")
            formulas += here
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(sys.argv) - 1} workbooks, {formulas} formulas calculated, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
