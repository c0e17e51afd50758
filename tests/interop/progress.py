"""progress.py BINARY : Movers, Retention, Trend and the managers' workbooks say what the lists of a year add up to.

Makes twelve monthly inboxes (seeded: clients won, lost, let go, returned, moved to another department, a department that
is missing in some months), runs the program on each, and after each month compares the summary and the workbooks by
account manager with what a few lines of its own compute from the lists. Then it fills in what keeping a client costs and
lets LibreOffice calculate the replacement sum. Needs LibreOffice, openpyxl.
"""
import collections
import csv
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import openpyxl
from office import recalculated

MONTHS = ["2025-12"] + [f"2026-{n:02}" for n in range(1, 12)]
NAMES = ("January February March April May June July August September October November December").split()
DEPARTMENTS = ["Consulting", "Export", "Sales"]
MANAGERS = ["Ana Costa", "Ben Okafor", "Priya Nair", ""]
HEADINGS = ["Client", "Account manager", "Our contacts", "Client contacts", "Meetings (6 months)", "Decision-maker level",
            "Survey score", "Revenue last year", "Current performance", "Stage", "Comments"]
MULTIPLE, COST = 6.5, 100


def month_name(month: str) -> str:
    return f"{NAMES[int(month[5:]) - 1]} {month[:4]}"


class Client:
    def __init__(self, number: int, department: str, dice: random.Random):
        self.number, self.name = number, f"Client {chr(65 + number % 26)}{number:04} Holding"
        self.department, self.manager = department, dice.choice(MANAGERS)
        # the number among the cents tells clients apart: equal measures would be taken for a new name
        self.revenue = dice.randrange(1_000, 90_000) + number / 10_000
        self.let_go = self.former = False
        self.turn(dice)

    def turn(self, dice: random.Random) -> None:
        self.contacts = (dice.randrange(4), dice.randrange(4))
        self.meetings, self.level = dice.randrange(4), dice.choice(["junior", "middle", "senior", ""])
        self.survey = dice.choice(["", 6, 8, 9, 10])

    def earn(self, month: str, dice: random.Random) -> None:
        self.current = dice.choice([""] + [round(self.revenue * int(month[5:]) / 12 * dice.uniform(0.6, 1.4), 2)] * 19)

    @property
    def score(self) -> int:
        levels = {"junior": 0, "middle": 1, "senior": 2, "": 0}
        return (sum(n > 1 for n in self.contacts) + (self.meetings >= 2) + levels[self.level]
                + (self.survey != "" and self.survey > 8))

    def row(self) -> list:
        comment = "It was our decision" if self.let_go else ""
        return [self.name, self.manager, *self.contacts, self.meetings, self.level, self.survey, self.revenue, self.current,
                "former" if self.former else "active", comment]


class Told:
    """What a month's lists say: by department, by client's number."""

    def __init__(self, clients: list[Client], missing: set[str]):
        self.lists = {department: {} for department in DEPARTMENTS if department not in missing}
        for client in clients:
            if client.department in self.lists:
                self.lists[client.department][client.number] = (client.score, client.revenue, client.current, client.manager,
                                                               client.former, client.let_go, client.name)

    def active(self) -> dict:
        return {n: line for own in self.lists.values() for n, line in own.items() if not line[4]}


def expected_movers(told: list[Told]) -> dict:
    """Movement -> {(client, department): (score then, score now)}."""
    now = told[-1]
    found = collections.defaultdict(dict)
    base = {d: next((t for t in reversed(told[:-1]) if d in t.lists), None) for d in DEPARTMENTS}
    listed = lambda t, d, n: t is not None and n in t.lists.get(d, {}) and not t.lists[d][n][4]
    ever = lambda d, n: any(listed(t, d, n) for t in told[:-1])
    left = lambda d, n: listed(base[d], d, n) and d in now.lists and n not in now.lists[d]
    for d in DEPARTMENTS:
        then = base[d]
        for n, line in now.lists.get(d, {}).items():
            if line[4]:
                continue
            others = [o for o in DEPARTMENTS if o != d]
            if listed(then, d, n):
                before = then.lists[d][n][0]
                if line[0] != before:
                    found["up" if line[0] > before else "down"][line[6], d] = (before, line[0])
            elif then is None and not any(left(o, n) for o in others):
                continue
            elif ever(d, n):
                found["returned"][line[6], d] = (None, line[0])
            elif any(left(o, n) for o in others):
                found["moved"][line[6], d] = (None, line[0])
            elif any(ever(o, n) for o in others):
                open_ = any(o not in now.lists and listed(base[o], o, n) for o in others)
                found["new" if open_ else "returned"][line[6], d] = (None, line[0])
            else:
                found["new"][line[6], d] = (None, line[0])
        if then is None:
            continue
        here = [n for n, line in then.lists[d].items() if not line[4]]
        gone = [n for n in here if d in now.lists and n not in now.lists[d]]
        for n in here:
            line = then.lists[d][n]
            if d not in now.lists:
                found["not delivered"][line[6], d] = (line[0], None)
            elif n in now.lists[d] and now.lists[d][n][4]:
                found["lost"][line[6], d] = (line[0], None)
            elif n in gone and not any(listed(now, o, n) and not ever(o, n) for o in DEPARTMENTS if o != d):
                found["lost?" if len(gone) * 3 > len(here) else "lost"][line[6], d] = (line[0], None)
    return found


def expected_retention(told: list[Told], month: str) -> dict:
    now = told[-1]
    unknown = set()
    for d in DEPARTMENTS:
        if d not in now.lists:
            last = next((t for t in reversed(told[:-1]) if d in t.lists), None)
            unknown |= {n for n, line in (last.lists[d].items() if last else ()) if not line[4]}
    current = now.active()
    let_go = {n for own in now.lists.values() for n, line in own.items() if line[5]}
    figures = {}
    for base in {0, len(told) - 2}:
        then = told[base].active()
        gone = set(then) - set(current) - unknown
        figures[MONTHS[base]] = {
            "Clients then": len(then), "Kept": len(set(then) & set(current)), "Lost": len(gone - let_go),
            "Let go on purpose": len(gone & let_go), "Not delivered": len((set(then) - set(current)) & unknown)}
        figures[MONTHS[base], "names"] = {then[n][6] for n in gone - let_go}
    year = [t for t, m in zip(told, MONTHS) if m[:4] == month[:4]]
    if len(year) > 1:
        share, last = int(month[5:]) / 12, {}
        for t in year:
            last.update(t.active())
        due = brings = covered = 0.0
        for n, line in last.items():
            if n in unknown or (n in current and current[n][2] == ""):
                continue
            p, c = line[1] * share, current[n][2] if n in current else 0
            due, brings, covered = due + p, brings + c, covered + min(p, max(c, 0))
        figures["money"] = {"Last year, same share": due, "Current performance": brings, "Of it up to last year's": covered,
                            "GRR": covered / due, "NRR": brings / due}
    return figures


class Check:
    def __init__(self):
        self.compared = self.differences = 0

    def same(self, what: str, found, expected) -> None:
        self.compared += 1
        if isinstance(expected, float):
            ok = isinstance(found, (int, float)) and abs(found - expected) <= 1e-9 * max(1.0, abs(expected))
        else:
            ok = found == expected
        if not ok:
            self.differences += 1
            print(f"{what}: the program says {found!r}, the lists {expected!r}")


def below(rows: list[tuple], title: str) -> list[dict]:
    """The list below the line that begins with a title."""
    at = next((i for i, row in enumerate(rows) if isinstance(row[0], str) and re.match(title, row[0])), None)
    if at is None:
        return []
    lines = []
    for row in rows[at + 2:]:
        if not row[0] or row[0] == "Nobody.":
            break
        lines.append(dict(zip(rows[at + 1], row)))
    return lines


SECTIONS = {"up": r"Score rose", "down": r"Score fell", "lost": r"Lost \(", "lost?": r"Lost\?", "moved": r"Moved to",
            "returned": r"Returned", "new": r"New \(", "not delivered": r"Not delivered"}


def compare(check: Check, folder: pathlib.Path, told: list[Told], month: str) -> None:
    book = openpyxl.load_workbook(folder / f"Client retention summary {month}.xlsx", data_only=True)
    rows = {name: list(book[name].iter_rows(values_only=True)) for name in ("Movers", "Retention", "Trend")}
    now = month_name(month)
    expected = expected_movers(told)
    for movement, title in SECTIONS.items():
        found = {}
        for line in below(rows["Movers"], title):
            then = next(value for heading, value in line.items() if re.match(r"Score (before|\w+ \d{4})$", heading)
                        and heading != f"Score {now}")
            found[line["Client"], line["Department"]] = (None if movement in ("moved", "returned", "new") else then,
                                                         line[f"Score {now}"])
        check.same(f"{month} {movement}", found, expected.get(movement, {}))
    retention = expected_retention(told, month)
    for line in below(rows["Retention"], "Clients kept and lost"):
        base = next(m for m in MONTHS if month_name(m) == line["Since"])
        for figure, value in retention[base].items():
            check.same(f"{month} since {base}: {figure}", line[figure], value)
        known = retention[base]["Kept"] + retention[base]["Lost"]
        check.same(f"{month} since {base}: retention", line["Retention"], retention[base]["Kept"] / known)
    first = MONTHS[0]
    lost = {line["Client"] for line in below(rows["Retention"], f"Lost since {month_name(first)}")} - {"All of them"}
    check.same(f"{month} lost since {first}", lost, retention[first, "names"])
    money = below(rows["Retention"], "Last year's revenue on the same share")
    for figure, value in retention.get("money", {}).items():
        check.same(f"{month} {figure}", money[0].get(figure) if money else None, value)
    if not retention.get("money"):
        check.same(f"{month} revenue kept is refused", money, [])
    # the trend holds every month so far
    for line in below(rows["Trend"], "All accounts"):
        for past, list_ in zip(MONTHS, told):
            scores = [own[0] for own in list_.active().values()]
            if line.get(None, line.get("")) == "Accounts":
                check.same(f"{month} accounts in {past}", line[past], len(scores))
            if line.get(None, line.get("")) == "Average score":
                check.same(f"{month} average in {past}", line[past], sum(scores) / len(scores))
    # each manager's workbook holds their accounts, no more
    of_manager = collections.defaultdict(dict)
    for own in told[-1].lists.values():
        for line in own.values():
            if not line[4]:
                of_manager[line[3] or "No account manager"][line[6]] = line[0]
    found = {}
    for path in (folder / "By manager").iterdir():
        sheet = list(openpyxl.load_workbook(path, data_only=True)["Clients"].iter_rows(values_only=True))
        lines = [dict(zip(sheet[0], row)) for row in sheet[1:]]
        found[path.stem] = {line["Client"]: line["Score"] for line in lines}
    check.same(f"{month} workbooks by manager", found, dict(of_manager))


def replacement(check: Check, summary: pathlib.Path, lost: int, folder: pathlib.Path) -> None:
    """Live: a cost typed into the yellow field gives the sum, and none gives none."""
    book = openpyxl.load_workbook(summary)
    sheet = book["Retention"]
    row_of = {row[0].value: row[0].row for row in sheet.iter_rows(max_col=1) if isinstance(row[0].value, str)}
    labels = ["Winning as many new clients", "Keeping those that were lost for a year", "Burnt by losing and replacing them"]
    cost = row_of["Cost to keep one client for a year (yours to fill in)"]
    for typed, expected in ((COST, (lost * COST * MULTIPLE, lost * COST, lost * COST * (MULTIPLE - 1))), (None, (None,) * 3)):
        sheet.cell(cost, 4).value = typed
        copy = folder / f"cost {typed}.xlsx"
        book.save(copy)
        fresh = openpyxl.load_workbook(recalculated([copy], folder)[0], data_only=True)["Retention"]
        for label, value in zip(labels, expected):
            found = fresh.cell(row_of[label], 4).value or None
            check.same(f"{label} at {typed}", found, None if value is None else float(value))


def main() -> int:
    binary = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp())
    dice, check, told = random.Random(20), Check(), []
    clients = [Client(n, DEPARTMENTS[n % 3], dice) for n in range(90)]
    gone: list[Client] = []
    try:
        for number, month in enumerate(MONTHS):
            if number:
                clients = [c for c in clients if not c.former]
                for client in list(clients):
                    fate = dice.random()
                    if fate < 0.02:
                        clients.remove(client)
                        gone.append(client)
                    elif fate < 0.03:
                        client.former, client.let_go = True, dice.random() < 0.5
                    elif fate < 0.04:
                        client.department = dice.choice(DEPARTMENTS)
                    elif fate < 0.25:
                        client.turn(dice)
                clients += [Client(1_000 + 10 * number + n, dice.choice(DEPARTMENTS), dice) for n in range(dice.randrange(4))]
                if gone and number % 3 == 0:
                    clients.append(gone.pop(0))
            missing = {4: {"Export"}, 7: {"Sales"}, 10: {"Export"}}.get(number, set())
            inbox = folder / "inbox"
            shutil.rmtree(inbox, ignore_errors=True)
            for client in clients:
                client.earn(month, dice)
            for department in DEPARTMENTS:
                if department in missing:
                    continue
                (inbox / department).mkdir(parents=True)
                with open(inbox / department / "Clients.csv", "w", newline="", encoding="utf-8") as file:
                    writer = csv.writer(file)
                    writer.writerow(HEADINGS)
                    writer.writerows(client.row() for client in clients if client.department == department)
            run = subprocess.run([binary, "run", inbox, "--out", folder / "results", "--month", month, "--per-manager", "-q"],
                                 cwd=folder, capture_output=True, text=True)
            check.same(f"{month} exit status ({run.stderr.strip()})", run.returncode, 0)
            told.append(Told(clients, missing))
            if number:
                compare(check, folder / "results" / month, told, month)
        lost = expected_retention(told, MONTHS[-1])[MONTHS[0]]["Lost"]
        replacement(check, folder / "results" / MONTHS[-1] / f"Client retention summary {MONTHS[-1]}.xlsx", lost, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(MONTHS)} months: {check.compared} figures compared, {check.differences} differences")
    return 1 if check.differences else 0


if __name__ == "__main__":
    sys.exit(main())
