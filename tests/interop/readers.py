"""readers.py RESULTS : openpyxl, pandas (both engines) and python-calamine read every result, and read the same.

The client table is the first sheet of a department's or a manager's workbook, and the sheet Clients of the summary.

Needs openpyxl, pandas, python-calamine.
"""
import pathlib
import sys
import warnings

import openpyxl
import pandas


def main() -> int:
    warnings.simplefilter("error")
    books = sorted(pathlib.Path(sys.argv[1]).rglob("*.xlsx"))
    for book in books:
        sheets = openpyxl.load_workbook(book).sheetnames
        first = "Clients" if sheets[0] == "Overview" else sheets[0]
        one = pandas.read_excel(book, sheet_name=first, engine="openpyxl", keep_default_na=False)
        two = pandas.read_excel(book, sheet_name=first, engine="calamine", keep_default_na=False)
        assert list(one.columns) == list(two.columns), (book, one.columns, two.columns)
        assert len(one) == len(two), book
        assert "Client" in one.columns and "Score" in one.columns, (book, one.columns)
        names = [str(name).strip() for name in one["Client"]], [str(name).strip() for name in two["Client"]]
        assert names[0] == names[1], book
        if sheets == ["Clients"]:  # a manager's workbook
            continue
        assert "Method" in sheets and "Data quality" in sheets, (book, sheets)
    print(f"{len(books)} results read by openpyxl, pandas and calamine")
    return 0 if books else 1


if __name__ == "__main__":
    sys.exit(main())
