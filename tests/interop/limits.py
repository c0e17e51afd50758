"""limits.py KEEPTABS : a limit changed on the sheet Method is the same limit in the configuration.

For client lists with blanks, words and figures out of range, under the built-in scorecard, under one with every other
rule and under both in one list, each yellow field of Method is changed, one at a time and at last all of them. LibreOffice calculates the workbook, and
keeptabs runs anew with those limits configured: client tables, Summary and Method's named cells must be the same. The lists
of Summary that are in the run's order are compared line by line by their names. Needs LibreOffice, openpyxl.
"""
import copy
import csv
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

import openpyxl
from grid import HEADINGS, OTHER, SEGMENTS, rows
from office import recalculated, same

DEFAULT = pathlib.Path(__file__).parents[2] / "src/config/default.toml"
# what a person might try; every other field gets half a point or one more
TRIED = {"attainment": 0.75, "growth": 0.05, "survey_months": 2, "thanked_months": 18, "renewal_days": 20, "survey": 8.5}
ROLES = {"above", "at_least", "below", "at_most"}


def value(thing) -> str:
    """As TOML."""
    if isinstance(thing, dict):
        return "{ " + ", ".join(f"{key} = {value(inner)}" for key, inner in thing.items()) + " }"
    return "[" + ", ".join(map(value, thing)) + "]" if isinstance(thing, list) else json.dumps(thing)


def toml(config: dict) -> str:
    """The parts of a configuration that rate."""
    lines = [f'month = {value(config["month"])}', f'flags = {value(config["flags"])}']
    for card in config["scorecard"]:
        lines.append("[[scorecard]]")
        lines += [f"{key} = {value(inner)}" for key, inner in card.items() if key != "criterion"]
        for criterion in card["criterion"]:
            lines.append("[[scorecard.criterion]]")
            lines += [f"{key} = {value(inner)}" for key, inner in criterion.items()]
    return "\n".join(lines) + "\n"


def changed(config: dict, name: str, was: float) -> float:
    """Changes the limit that a defined name stands for; says to what."""
    # the scorecard that holds where no other does has plain names
    others = [card for card in config["scorecard"] if "when" in card]
    usual = next(card for card in config["scorecard"] if "when" not in card)
    card = others[0] if name.endswith("_s2") else usual
    name = name.removesuffix("_s2")
    if name.startswith("kt_flag_"):
        limit = name.removeprefix("kt_flag_")
        config["flags"][limit] = TRIED.get(limit, was + 1)
        return config["flags"][limit]
    if name in ("kt_strong", "kt_watch"):
        now = was - 0.5
        card["bands"][name[3:]] = now
        return now
    if name in ("kt_worry", "kt_kpi"):
        now = was - 1
        card[name[3:]] = now
        return now
    criterion = max((one for one in card["criterion"] if name.startswith(f"kt_{one['id']}_")), key=lambda one: len(one["id"]))
    role = name.removeprefix(f"kt_{criterion['id']}_")
    rule = criterion["rule"]
    now = was + 1
    if role == "points":
        now = was + 0.5
        criterion["points"] = now
    elif role in ROLES:
        rule[role] = now
    elif role == "days":
        rule["within_days"] = now
    elif role in ("from", "to"):
        rule["between"][role == "to"] = now
    else:
        word = list(rule["levels"])[int(role.removeprefix("word_")) - 1] if role.startswith("word_") else role
        now = was + 0.5
        rule["levels"][word] = now
        criterion.pop("points", None)
    return now


def fields(book: openpyxl.Workbook) -> dict:
    """Named cell → (sheet, address), for the names of keeptabs that mean one cell."""
    found = {}
    for name, defined in book.defined_names.items():
        sheet, address = next(iter(defined.destinations))
        if name.startswith("kt_") and ":" not in address:
            found[name] = (sheet, address.replace("$", ""))
    return found


def is_input(cell) -> bool:
    return cell.fill.fgColor.rgb == "FFFFF9DB"


def summary(sheet) -> dict:
    """Label → cells: the figures on top by their place, everything live below by its name."""
    found = {f"row {row}": [cell.value for cell in sheet[row]] for row in range(1, 7)}
    live = False
    for row in range(7, sheet.max_row + 1):
        label, *cells = [cell.value for cell in sheet[row][1:8]]
        live = live or label == "Clients by status"
        if live and label:
            found[f"{label} {sum(key.startswith(label) for key in found)}"] = cells
    return found


def contents(path: pathlib.Path) -> dict:
    """Everything that depends on a limit: (sheet, where) → value."""
    book = openpyxl.load_workbook(path, data_only=True)
    found = {}
    for sheet in book.worksheets:
        lines = list(sheet.iter_rows(values_only=True))
        if {"Client", "Score", "Why"} <= set(lines[0]):
            for number, line in enumerate(lines[1:], start=2):
                found |= {(sheet.title, f"row {number} {heading}"): cell for heading, cell in zip(lines[0], line)}
    for label, cells in summary(book["Summary"]).items():
        found |= {("Summary", f"{label} [{place}]"): cell for place, cell in enumerate(cells)}
    for name, (sheet, address) in fields(book).items():
        found[("Method", name)] = book[sheet][address].value
    return found


def lists(folder: pathlib.Path) -> None:
    folder.mkdir()
    some = list(itertools.islice(rows(), 0, None, 7))
    with open(folder / "grid.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *some])
    # two client tables in one workbook: Summary adds them up
    book = openpyxl.Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet())):
        sheet.title = f"Part {number + 1}"
        sheet.append(HEADINGS)
        for row in some[number::7]:
            sheet.append([f"{row[0]} ({number})", *(float(text) if text.isdecimal() else text or None for text in row[1:])])
    book.save(folder / "two.xlsx")


def main() -> int:
    program = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(tempfile.mkdtemp())
    compared = differences = tried = 0

    def ran(config: dict, name: str) -> pathlib.Path:
        (folder / f"{name}.toml").write_text(toml(config))
        run = subprocess.run(
            [program, "run", folder / "inbox", "--config", folder / f"{name}.toml", "--out", folder / name, "--no-history"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert run.returncode == 0, (name, run.stdout, run.stderr)
        return folder / name / "2026-11"

    try:
        lists(folder / "inbox")
        built_in = tomllib.loads(DEFAULT.read_text())
        both = {"scorecard": tomllib.loads(SEGMENTS)["scorecard"] + built_in["scorecard"]}
        for source, other in (("built-in", built_in), ("other", tomllib.loads(OTHER)), ("both", both)):
            config = {"month": "2026-11", "flags": built_in["flags"], "scorecard": other["scorecard"]}
            first = ran(config, source)
            jobs = []
            for target in ("grid.xlsx", "two.xlsx"):
                book = openpyxl.load_workbook(first / target)
                inputs = {name: at for name, at in fields(book).items() if is_input(book[at[0]][at[1]])}
                was = {name: book[sheet][address].value for name, (sheet, address) in inputs.items()}
                # a limit each; the smaller workbook gets them all at once
                for names in [[name] for name in inputs] if target == "grid.xlsx" else [list(inputs)]:
                    job = f"{source}-{pathlib.Path(target).stem}-{names[0] if len(names) == 1 else 'all'}"
                    now = copy.deepcopy(config)
                    for name in names:
                        sheet, address = inputs[name]
                        book[sheet][address].value = changed(now, name, was[name])
                    book.save(folder / f"{job}.xlsx")
                    for name in names:
                        sheet, address = inputs[name]
                        book[sheet][address].value = was[name]
                    jobs.append((job, target, now, contents(first / target)))
            office = recalculated([folder / f"{job}.xlsx" for job, *_ in jobs], folder)
            for (job, target, now, before), calculated in zip(jobs, office):
                tried += 1
                fresh, live = contents(ran(now, job) / target), contents(calculated)
                if same_everywhere := all(same(before.get(where), there) for where, there in fresh.items()):
                    print(f"{job}: changes nothing in these lists")
                differences += same_everywhere
                for where in fresh.keys() | live.keys():
                    compared += 1
                    if not same(live.get(where), fresh.get(where)):
                        differences += 1
                        if differences <= 60:
                            print(f"{job} {where}: live {live.get(where)!r}, fresh {fresh.get(where)!r}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{tried} changes of limits, {compared} cells compared, {differences} differences")
    return 1 if differences or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
