"""What package.py checks beside the sheets' structure: formulas, styles, notes, charts, columns and properties."""
import re

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
# Excel 2010 knows these, in every country
FUNCTIONS = set("""AND AVERAGEIFS COUNT COUNTA COUNTIF COUNTIFS EDATE FIND IF IFERROR INDEX INT ISBLANK ISLOGICAL ISNUMBER ISTEXT LEFT MATCH
MAX MID MIN N OR ROUND SEARCH SUBSTITUTE SUM SUMIFS SUMPRODUCT TRIM""".split())
# the names of structured references stand in brackets
QUOTED = re.compile(r'"(?:[^"]|"")*"|' r"'(?:[^']|'')*'!" r"|\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]")
CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d*")


def formula_mistakes(formula: str, names: set, tables: dict) -> list:
    """What Excel would not take: `names` and `tables` (headings) are those of the workbook, in lower case."""
    found = []
    for table, inside in re.findall(r"([A-Za-z_][\w.]*)\[((?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*)\]", re.sub(r'"(?:[^"]|"")*"', '""', formula)):
        headings = tables.get(table.lower())
        if headings is None:
            found.append(f"no table {table}")
            continue
        asked = re.findall(r"\[((?:[^\[\]']|'.)*)\]", inside) or [inside]
        if inside.startswith("@"):
            found.append(f"{table}[{inside}] is the short form of a screen, not of a file")
        found += [f"no column {one!r} in {table}" for one in asked
                  if one not in ("#This Row", "#All", "#Data", "#Headers") and re.sub(r"'(.)", r"\1", one).lower() not in headings]
    bare = QUOTED.sub(" ", formula)
    if bare.count("(") != bare.count(")"):
        found.append("parentheses that do not close")
    if ";" in bare:
        found.append("a semicolon between arguments")
    found += [f"function {one}" for one in re.findall(r"([A-Za-z_][\w.]*)\(", bare) if one not in FUNCTIONS]
    for word in re.findall(r"(?<![\w.$!#])([A-Za-z_][\w.]*)(?![\w(.\[!])", bare):
        if word.lower() not in names and word.lower() not in tables and word not in ("TRUE", "FALSE") and not CELL.fullmatch(word):
            found.append(f"no name {word}")
    return found


def style_mistakes(styles) -> list:
    """Counts that are the numbers of what follows, and cells' formats that exist."""
    found = []
    sizes = {}
    for group in styles:
        tag = group.tag.replace(MAIN, "")
        sizes[tag] = len(group)
        if group.get("count") is not None and int(group.get("count")) != len(group):
            found.append(f"{group.get('count')} {tag}, {len(group)} listed")
    codes = {one.get("numFmtId") for one in styles.iter(f"{MAIN}numFmt")}
    for one in styles.find(f"{MAIN}cellXfs"):
        for key, group in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"), ("xfId", "cellStyleXfs")):
            if int(one.get(key, 0)) >= sizes.get(group, 0):
                found.append(f"{key} {one.get(key)}")
        if int(one.get("numFmtId", 0)) >= 164 and one.get("numFmtId") not in codes:
            found.append(f"numFmtId {one.get('numFmtId')}")
    return found


def note_mistakes(comments) -> list:
    authors = len(comments.find(f"{MAIN}authors"))
    refs = [one.get("ref") for one in comments.iter(f"{MAIN}comment")]
    found = [f"note on {ref}" for ref in refs if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", ref)]
    if len(refs) != len(set(refs)):
        found.append("a cell with two notes")
    found += ["a note without author" for one in comments.iter(f"{MAIN}comment") if int(one.get("authorId")) >= authors]
    return found


def chart_mistakes(chart, sheets: dict) -> list:
    targets = [re.match(r"(?:'((?:[^']|'')+)'|([^'!]+))!", one.text or "") for one in chart.iter(f"{CHART}f")]
    return ["a series of no sheet" for one in targets if not one or (one[1] or one[2]).replace("''", "'").lower() not in sheets]


def sheet_mistakes(sheet, sheets: dict) -> list:
    """Columns and breaks that are apart and counted, panes and links that lead somewhere, truths that are 0 or 1."""
    found, last = [], 0
    for one in sheet.iter(f"{MAIN}col"):
        if not last < int(one.get("min")) <= int(one.get("max")) <= 16384:
            found.append(f"columns {one.get('min')} to {one.get('max')} after {last}")
        last = int(one.get("max"))
    for tag in ("colBreaks", "rowBreaks"):
        for group in sheet.iter(f"{MAIN}{tag}"):
            if any(int(group.get(key, len(group))) != len(group) for key in ("count", "manualBreakCount")):
                found.append(f"{tag} miscounted")
    for one in sheet.iter(f"{MAIN}pane"):
        if set(one.keys()) - {"xSplit", "ySplit", "topLeftCell", "activePane", "state"}:
            found.append(f"a pane with {sorted(one.keys())}")
        if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*", one.get("topLeftCell", "A1")):
            found.append(f"a pane at {one.get('topLeftCell')}")
    for one in sheet.iter(f"{MAIN}hyperlink"):
        target = re.match(r"(?:'((?:[^']|'')+)'|([^'!]+))!", one.get("location", ""))
        if one.get("location") and (not target or (target[1] or target[2]).replace("''", "'").lower() not in sheets):
            found.append(f"a link to {one.get('location')}")
    for cell in sheet.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if cell.get("t") == "b" and (value is None or value.text not in ("0", "1")):
            found.append(f"{cell.get('r')} is neither true nor false")
    return found


def property_mistakes(properties) -> list:
    ids, names = [one.get("pid") for one in properties], [one.get("name").lower() for one in properties]
    twice = len(ids) != len(set(ids)) or len(names) != len(set(names))
    return ["a property twice"] if twice or any(int(one) < 2 for one in ids) else []
