"""portfolio.py RESULTS : the summary says what the department results add up to, to the cent.

Reads the client tables of every department result, makes one organisation of them by a few lines of its own (names
folded, evidence merged, scored by the default scorecard), and compares key accounts, revenue at risk and KPI attainment
with the summary. Then it changes the limits on the summary's Method sheet, lets LibreOffice calculate, and compares again.
For results of one currency and the default scorecard, as those of fixtures/inbox are. Needs LibreOffice, openpyxl.
"""
import collections
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unicodedata

import openpyxl
from office import recalculated

LEGAL = r"(?: (?:ltd|limited|plc|llp|inc|gmbh|ggmbh|ag|kg|ohg|bv|nv|sa|lda|ltda|sl|srl|spa|sarl|sas|ua|cv|co))+$"
LEVELS = {"Junior": 0, "Middle": 1, "Senior": 2}


def fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    plain = plain.replace("&", " and ").replace(".", "").replace("ß", "ss")
    plain = " ".join(re.sub(r"[^\w]+", " ", plain).split())
    return re.sub(LEGAL, "", plain) or plain


def tables(book: openpyxl.Workbook) -> list[dict]:
    rows = []
    for sheet in book.worksheets:
        values = list(sheet.iter_rows(values_only=True))
        if values and "Client" in values[0] and "Counted" in values[0]:
            rows += [dict(zip(values[0], row)) for row in values[1:]]
    return rows


def number(value) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


class Account:
    """Rows of one client in one department; they count once, their revenue together."""

    def __init__(self, department: str, rows: list[dict]):
        first = next(row for row in rows if row["Counted"] == 1)
        self.department, self.client = department, first["Client"]
        self.manager = first["Manager key"] or "No account manager"
        self.score, self.status = number(first["Score"]), first["Status"]
        self.computed, self.best = first["Computed status"], first["Best case"]
        self.revenue = sum(number(row["Revenue last year"]) or 0 for row in rows)
        self.rows = rows

    @property
    def overridden(self) -> bool:
        return self.status != self.computed


class Client:
    """The accounts of one client, merged and scored anew."""

    def __init__(self, accounts: list[Account]):
        self.name, self.accounts = accounts[0].client, accounts
        if len(accounts) == 1:
            one = accounts[0]
            self.revenue, self.score, self.status, self.best = one.revenue, one.score, one.status, one.best
            self.overridden = one.overridden
            return
        once = {round(account.revenue * 100): account.revenue for account in accounts}
        self.revenue = sum(once.values())
        rows = [row for account in accounts for row in account.rows]
        known = lambda heading: [n for row in rows if (n := number(row.get(heading))) is not None]
        surveys = [(row.get("Survey date"), n) for row in rows if (n := number(row.get("Survey score"))) is not None]
        dated = [survey for survey in surveys if survey[0]]
        survey = max(dated, key=lambda s: (s[0], -s[1]))[1] if dated else min((s[1] for s in surveys), default=None)
        levels = [LEVELS[row["Decision-maker level"]] for row in rows if row["Decision-maker level"] in LEVELS]
        meetings = known("Meetings (6 months)")
        contacts = [max(known(heading), default=None) for heading in ("Our contacts", "Client contacts")]
        points = [(None if n is None else float(n > 1), 1) for n in contacts]
        points.append((float(sum(meetings) >= 2) if meetings else None, 1))
        points.append((float(max(levels)) if levels else None, 2))
        points.append((None if survey is None else float(survey > 8), 1))
        there = [p for p, _ in points if p is not None]
        self.score = sum(there) if there else None
        self.best = sum(most if p is None else p for p, most in points)
        self.status = band(self.score)
        worst = [a.status for a in accounts if a.overridden]
        self.overridden = bool(worst)
        if worst:
            self.status = min(worst, key=["At risk", "Watch", "Strong"].index)

    @property
    def evident(self) -> bool:
        return self.overridden or band(self.best) == "At risk"


def band(score: float | None) -> str:
    if score is None:
        return "Not scored"
    return "Strong" if score >= 5 else "Watch" if score >= 3 else "At risk"


class Expected:
    """What the summary has to say at these limits."""

    def __init__(self, accounts: list[Account], clients: list[Client], kpi: float, key_share: float):
        ranked = sorted((c for c in clients if c.revenue > 0), key=lambda c: (-c.revenue, fold(c.name)))
        total, before = sum(c.revenue for c in ranked), 0.0
        self.keys = set()
        for client in ranked:
            if before < key_share * total - total * 1e-9:
                self.keys.add(client.name)
            before += client.revenue
        risky = [c for c in ranked if c.status == "At risk"]
        self.evident = sum(c.revenue for c in risky if c.evident)
        self.want = sum(c.revenue for c in risky if not c.evident)
        self.met_by_client = {c.name: None if c.score is None else c.score >= kpi for c in clients}
        self.groups = {}
        for kind in ("department", "manager"):
            groups = collections.defaultdict(list)
            for account in accounts:
                groups[getattr(account, kind)].append(account)
                groups["All accounts"].append(account)
            self.groups[kind] = {name: self.of(own, kpi) for name, own in groups.items()}

    @staticmethod
    def of(accounts: list[Account], kpi: float) -> dict:
        scored = [a for a in accounts if a.score is not None]
        met = [a for a in scored if a.score >= kpi]
        money = lambda some: sum(max(a.revenue, 0) for a in some)
        at_risk = [a for a in accounts if a.status == "At risk"]
        evident = [a for a in at_risk if a.overridden or band(a.best) == "At risk"]
        return {
            "Accounts": len(accounts),
            "KPI met": len(met),
            "KPI attainment": len(met) / len(scored) if scored else None,
            "KPI attainment by revenue": money(met) / money(scored) if money(scored) else None,
            "One point away": sum(kpi - 1 <= a.score < kpi for a in scored),
            "Revenue last year": money(accounts),
            "At risk: evident": money(evident),
            "At risk: want of data": money(at_risk) - money(evident),
        }


class Check:
    """Counts what was compared and says what differs."""

    def __init__(self):
        self.compared = self.differences = 0

    def same(self, what: str, found, expected) -> None:
        self.compared += 1
        if isinstance(expected, float) or isinstance(found, float):
            ok = abs((found or 0) - (expected or 0)) < 0.005 and (abs(expected or 0) > 1 or abs((found or 0) - (expected or 0)) < 1e-9)
        else:
            ok = found == expected
        if not ok:
            self.differences += 1
            print(f"{what}: the summary says {found!r}, the departments {expected!r}")

    def summary(self, path: pathlib.Path, expected: Expected) -> None:
        book = openpyxl.load_workbook(path, data_only=True)
        clients = list(book["Clients"].iter_rows(values_only=True))
        rows = [dict(zip(clients[0], row)) for row in clients[1:]]
        self.same("clients", len(rows), len(expected.met_by_client))
        self.same("key accounts", {row["Client"] for row in rows if row["Key account"] == "Yes"}, expected.keys)
        for row in rows:
            met = {"Yes": True, "No": False}.get(row["KPI met"])
            self.same(f"KPI met of {row['Client']}", met, expected.met_by_client.get(row["Client"]))
        overview = list(book["Overview"].iter_rows(values_only=True))
        at = next(i for i, row in enumerate(overview) if row[1] == "Currency")
        money = dict(zip(overview[at][1:], overview[at + 1][1:]))
        self.same("revenue at risk, evident", money["At risk: evident"], expected.evident)
        self.same("revenue at risk, for want of data", money["At risk: for want of data"], expected.want)
        for sheet, kind, heading in (("Departments", "department", "Department"), ("Managers", "manager", "Account manager")):
            lines = list(book[sheet].iter_rows(values_only=True))
            at = next(i for i, line in enumerate(lines) if line[0] == heading)
            headings = [re.sub(r" \([A-Z]{3}\)$", "", str(name)) for name in lines[at]]
            named = {}
            for line in lines[at + 1:]:
                if not line[0]:
                    break
                named[line[0]] = dict(zip(headings, line))
            self.same(f"names on {sheet}", set(named), set(expected.groups[kind]))
            for name, figures in expected.groups[kind].items():
                for figure, value in figures.items():
                    self.same(f"{sheet}: {figure} of {name}", number(named.get(name, {}).get(figure)), value)


def main() -> int:
    months = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.is_dir())
    month = months[-1]
    report = json.loads((month / "run.json").read_text())
    grouped = collections.defaultdict(list)
    for file in report["files"]:
        if file["target"]:
            for row in tables(openpyxl.load_workbook(month / file["target"], data_only=True)):
                if row["Counted"] >= 0:
                    grouped[file["department"], fold(str(row["Client"]))].append(row)
    accounts = [Account(department, rows) for (department, _), rows in sorted(grouped.items())]
    of_client = collections.defaultdict(list)
    for account in accounts:
        of_client[fold(account.client)].append(account)
    clients = [Client(own) for own in of_client.values()]

    check = Check()
    summary = month / report["summary"]
    check.same("accounts", report["totals"]["accounts"], len(accounts))
    check.summary(summary, Expected(accounts, clients, 4, 0.8))
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        edited = folder / "edited.xlsx"
        book = openpyxl.load_workbook(summary)
        for name, value in (("kt_kpi", 3), ("kt_key_share", 0.5)):
            sheet, cell = next(book.defined_names[name].destinations)
            book[sheet][cell.replace("$", "").split(":")[0]].value = value
        book.save(edited)
        check.summary(recalculated([edited], folder)[0], Expected(accounts, clients, 3, 0.5))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(accounts)} accounts, {len(clients)} clients: {check.compared} figures of the summary compared, "
          f"{check.differences} differences")
    return 1 if check.differences or not accounts else 0


if __name__ == "__main__":
    sys.exit(main())
