"""grid.py KEEPTABS : score and formulas agree over a grid of inputs, for every kind of rule. LibreOffice is the judge.

Writes client lists with blanks, words, dates and figures out of range in every measure, once for the built-in scorecard and
once for one that uses every other rule, and for both in one list, runs keeptabs, and recalculates the results. Needs LibreOffice, openpyxl.
"""
import csv
import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile

COUNTS = ["", "0", "1", "2", "3", "-1", "2.5", "99999", "n/a", "some", "2026-10-09"]
LEVELS = ["", "Junior", "Middle", "Senior", "CFO", "Wizard", "n/a"]
SURVEYS = ["", "1", "6", "8", "8.5", "9", "10", "0", "11", "9/10", "good", "n/a"]
MONEY = ["", "0", "1000", "250000", "-300", "much"]
DATES = ["", "2026-11-30", "2026-11-29", "2026-07-30", "2026-07-29", "2026-05-30", "2025-01-01", "2027-02-28", "2027-03-01", "soon"]
STAGES = ["", "Active", "Prospect", "Former", "Gone"]
STATUSES = ["", "Strong", "At risk", "Wizard"]
HEADINGS = [
    "Client", "Account manager", "Our contacts", "Client contacts", "Meetings (6 months)", "Decision-maker level", "Survey score",
    "Survey date", "Revenue last year", "Target this year", "Current performance", "Stage", "Renewal date", "Last thanked",
    "Override status", "Override reason", "Override until", "NPS group", "Tickets", "Segment",
]
OTHER = """
month = "2026-11"
[[scorecard]]
name = "Every other rule"
bands = { strong = 6, watch = 3 }
worry = 4
kpi = 5
[[scorecard.criterion]]
id = "few_tickets"
heading = "Points: tickets"
field = "Tickets"
rule = { at_most = 2 }
points = 1.5
[[scorecard.criterion]]
id = "nps"
heading = "Points: NPS"
field = "NPS group"
rule = { levels = { detractor = 0, passive = 0.5, promoter = 2 } }
[[scorecard.criterion]]
id = "met"
heading = "Points: meetings"
field = "meetings"
rule = { between = [1, 2] }
points = 1
[[scorecard.criterion]]
id = "not_many"
heading = "Points: not many"
field = "our_contacts"
rule = { below = 3 }
points = 1
[[scorecard.criterion]]
id = "fresh"
heading = "Points: fresh survey"
field = "survey_date"
rule = { within_days = 30 }
points = 1
[[scorecard.criterion]]
id = "seen_only"
heading = "Points: seen only"
field = "client_contacts"
rule = { at_least = 1 }
points = 0
"""
# a client's word decides by which of two scorecards it is scored
SEGMENTS = OTHER.replace('''name = "Every other rule"''', '''name = "Small clients"
when = { column = "Segment", is = ["SMB", "Petite", "2", "true"] }''').replace("points = 1.5", "points = 4.5")
WORDS = ["SMB", "Enterprise", "", " smb  ", "Pétite", "2", "SMB+", "TRUE", "S M B", "petite"]


def rows():
    """Every pair of neighbouring measures takes every pair of values."""
    lists = [COUNTS, COUNTS, COUNTS, LEVELS, SURVEYS, DATES, MONEY, MONEY, MONEY, STAGES, DATES, DATES, STATUSES, ["", "agreed"],
             DATES, ["", "promoter", "Passive", "detractor", "other"], ["", "0", "2", "3", "-1", "few"]]
    turn = itertools.count()
    for place, (first, second) in enumerate(zip(lists, lists[1:])):
        for a, b in itertools.product(first, second):
            n = next(turn)
            # most of the other measures are sound, so that scores of every height come about
            row = [values[(n * 7 + k * 3) % len(values)] if (n + k) % 4 == 0 else values[3 if len(values) > 5 else 0]
                   for k, values in enumerate(lists)]
            row[9] = STAGES[n % 5] if n % 9 == 0 else ""
            row[place], row[place + 1] = a, b
            yield [f"Client no. {n}", f"Manager {n % 5}", *row, WORDS[n % len(WORDS)]]


def main() -> int:
    program = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        inbox = folder / "inbox"
        inbox.mkdir()
        with open(inbox / "grid.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADINGS, *rows()])
        (folder / "other.toml").write_text(OTHER)
        (folder / "segments.toml").write_text(SEGMENTS)
        results = []
        for name, options in (("built-in", ["--month", "2026-11"]), ("other", ["--config", folder / "other.toml"]),
                              # decimals in sentences have a comma
                              ("dutch", ["--config", folder / "other.toml", "--language", "nl"]),
                              ("segments", ["--config", folder / "segments.toml"]),
                              ("segments-fr", ["--config", folder / "segments.toml", "--language", "fr"])):
            out = folder / name
            run = subprocess.run([program, "run", inbox, "--out", out, *options], stdout=subprocess.PIPE, text=True, check=False)
            book = out / "2026-11" / "grid.xlsx"
            if run.returncode or not book.is_file():
                print(run.stdout)
                return 1
            results.append(book)
        return subprocess.run([sys.executable, pathlib.Path(__file__).parent / "recalculate.py", *results], check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
