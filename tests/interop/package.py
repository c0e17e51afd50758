"""package.py FOLDER_OR_WORKBOOK... : Excel opens every workbook without offering a repair.

Excel refuses what others forgive, so each package is checked against what it demands: parts and relationships that resolve,
content types of all parts, the order of a worksheet's elements, tables with unique names whose columns are the cells of the
heading row, validations and merged cells that do not overlap, conditional formats with formats and unique priorities,
defined names that are unique and mean something, no structured references where Excel takes none, formulas and texts within
its limits; the rest is in package_parts.py. Needs nothing but Python.
"""
import pathlib
import posixpath
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

import package_parts as rest

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
BY_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# CT_Worksheet of ISO/IEC 29500-1
ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter
sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions
pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst""".split()
WORKBOOK = """fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames
calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects
extLst""".split()
STRUCTURED = re.compile(r"[A-Za-z_À-ÿ][\w.]*\[")
MAX_FORMULA, MAX_TEXT, MAX_LITERAL = 8192, 32767, 255


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def areas(reference: str) -> list:
    """Each area as (first column, first row, last column, last row)."""
    found = []
    for area in reference.split():
        corners = [re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", corner) for corner in area.split(":")]
        assert all(corners), reference
        (a, b), (c, d) = corners[0].groups(), corners[-1].groups()
        found.append((column(a), int(b), column(c), int(d)))
        assert column(a) <= column(c) <= 16384 and int(b) <= int(d) <= 1048576, reference
    return found


def overlap(one, other) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


class Package:
    def __init__(self, path: pathlib.Path):
        self.zip = zipfile.ZipFile(path)
        self.names = self.zip.namelist()
        self.mistakes = []
        self.trees = {name: xml.fromstring(self.zip.read(name)) for name in self.names if name.endswith((".xml", ".rels", ".vml"))}

    def wrong(self, what: str) -> None:
        self.mistakes.append(what)

    def relations(self, part: str) -> dict:
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        if rels not in self.trees:
            return {}
        found = {}
        for one in self.trees[rels].iter(RELATION):
            target = one.get("Target")
            if one.get("TargetMode") == "External":
                continue
            if one.get("Id") in found:
                self.wrong(f"{rels}: {one.get('Id')} twice")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path not in self.names:
                self.wrong(f"{rels}: {target} is no part")
            found[one.get("Id")] = (path, one.get("Type").rsplit("/", 1)[1])
        return found

    def check(self) -> list:
        if len(self.names) != len({name.lower() for name in self.names}):
            self.wrong("a part twice")
        types = self.trees["[Content_Types].xml"]
        named = {one.get("PartName") for one in types if one.tag.endswith("Override")}
        endings = {one.get("Extension") for one in types if one.tag.endswith("Default")}
        for name in self.names:
            if name != "[Content_Types].xml" and f"/{name}" not in named and name.rsplit(".", 1)[-1] not in endings:
                self.wrong(f"{name} has no content type")
        for name in named - {f"/{name}" for name in self.names}:
            self.wrong(f"content type of {name}, which is no part")
        reached, waiting = set(), [""]
        while waiting:
            for path, _ in self.relations(waiting.pop()).values():
                if path not in reached:
                    reached.add(path)
                    waiting.append(path)
        for name in self.names:
            if name not in reached and not name.endswith(".rels") and name != "[Content_Types].xml":
                self.wrong(f"nothing leads to {name}")
        self.workbook()
        return self.mistakes

    def texts(self) -> list:
        shared = self.trees.get("xl/sharedStrings.xml")
        if shared is None:
            return []
        found = ["".join(text.text or "" for text in one.iter(f"{MAIN}t")) for one in shared.findall(f"{MAIN}si")]
        for text in found:
            # a control character is written as seven: _x0001_
            if units(re.sub(r"_x[0-9A-F]{4}_", "x", text)) > MAX_TEXT:
                self.wrong(f"a text of {units(text)} characters")
        return found

    def order(self, part: str, element, allowed: list) -> None:
        tags = [child.tag.replace(MAIN, "") for child in element]
        places = [allowed.index(tag) if tag in allowed else self.wrong(f"{part}: element {tag}") or 0 for tag in tags]
        if places != sorted(places):
            self.wrong(f"{part}: elements in the order {tags}")
        for tag in set(tags) - {"conditionalFormatting"}:
            if tags.count(tag) > 1:
                self.wrong(f"{part}: {tag} twice")

    def workbook(self) -> None:
        part = "xl/workbook.xml"
        book, relations = self.trees[part], self.relations(part)
        self.order(part, book, WORKBOOK)
        texts = self.texts()
        sheets, numbers = {}, []
        for sheet in book.find(f"{MAIN}sheets"):
            name = sheet.get("name")
            if name.lower() in sheets or not 0 < units(name) <= 31 or re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name) or name.lower() == "history":
                self.wrong(f"sheet name {name!r}")
            sheets[name.lower()] = relations[sheet.get(BY_ID)][0]
            numbers.append(sheet.get("sheetId"))
        if len(numbers) != len(set(numbers)):
            self.wrong(f"{part}: a sheet's number twice")
        if all(sheet.get("state") for sheet in book.find(f"{MAIN}sheets")):
            self.wrong("no visible sheet")
        names = {}
        for defined in book.iter(f"{MAIN}definedName"):
            key = (defined.get("name").lower(), defined.get("localSheetId"))
            if key in names:
                self.wrong(f"name {key} twice")
            names[key] = defined.text
            if re.fullmatch(r"[a-z]{1,3}\d+|r\d*c\d*", key[0]):
                self.wrong(f"name {key[0]} is an address")
            target = re.match(r"(?:'((?:[^']|'')+)'|([^'!]+))!", defined.text)
            if not target or (target[1] or target[2]).replace("''", "'").lower() not in sheets:
                self.wrong(f"name {key[0]} means {defined.text}")
        self.names_known = {key[0] for key in names}
        found = (tree for name, tree in self.trees.items() if name.startswith("xl/tables/"))
        self.tables_known = {one.get("displayName").lower(): {column.get("name").lower() for column in one.iter(f"{MAIN}tableColumn")}
                             for one in found}
        self.sheets_known = sheets
        for name, tree in self.trees.items():
            found = []
            if name.startswith("xl/comments"):
                found = rest.note_mistakes(tree)
            elif name.startswith("xl/charts/chart"):
                found = rest.chart_mistakes(tree, sheets)
            elif name == "xl/styles.xml":
                found = rest.style_mistakes(tree)
            elif name == "docProps/custom.xml":
                found = rest.property_mistakes(tree)
            for mistake in found:
                self.wrong(f"{name}: {mistake}")
        formats = len(self.trees["xl/styles.xml"].findall(f".//{MAIN}dxf"))
        styles = len(self.trees["xl/styles.xml"].find(f"{MAIN}cellXfs"))
        tables, ids = {key[0]: "a defined name" for key in names}, set()
        for path in sheets.values():
            if path.startswith("xl/worksheets/"):
                self.sheet(path, texts, formats, styles, tables, ids)

    def sheet(self, part: str, texts: list, formats: int, styles: int, tables: dict, ids: set) -> None:
        sheet, relations = self.trees[part], self.relations(part)
        self.order(part, sheet, ORDER)
        cells, last, above = {}, (0, 0), 0
        for row in sheet.find(f"{MAIN}sheetData"):
            if int(row.get("r")) <= above:
                self.wrong(f"{part}: row {row.get('r')} after row {above}")
            above = int(row.get("r"))
            for cell in row:
                place = areas(cell.get("r"))[0]
                at = (place[1], place[0])
                if at <= last or int(row.get("r")) != at[0]:
                    self.wrong(f"{part}: {cell.get('r')} out of order")
                last = at
                if int(cell.get("s", 0)) >= styles:
                    self.wrong(f"{part}: {cell.get('r')} has an unknown style")
                value, inline = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}is")
                if cell.get("t") == "s":
                    cells[at] = texts[int(value.text)]
                elif inline is not None:
                    cells[at] = "".join(text.text or "" for text in inline.iter(f"{MAIN}t"))
                elif cell.get("t") == "str":
                    cells[at] = (value.text if value is not None else None) or ""
                elif cell.get("t") is None and value is not None:
                    cells[at] = float(value.text)
                if units(str(cells.get(at, ""))) > MAX_TEXT and "_x" not in str(cells[at]):
                    self.wrong(f"{part}: {cell.get('r')} is too long")
                formula = cell.find(f"{MAIN}f")
                if formula is not None:
                    self.formula(f"{part} {cell.get('r')}", formula.text)
        self.rules(part, sheet, formats)
        for mistake in rest.sheet_mistakes(sheet, self.sheets_known):
            self.wrong(f"{part}: {mistake}")
        for tag, child in (("dataValidations", "dataValidation"), ("mergeCells", "mergeCell"), ("hyperlinks", "hyperlink")):
            self.apart(part, sheet.find(f"{MAIN}{tag}"), child)
        used = {one.get(BY_ID) for one in sheet.iter() if one.get(BY_ID)}
        for name in used - relations.keys():
            external = any(one.get("Id") == name for one in self.trees[f"xl/worksheets/_rels/{posixpath.basename(part)}.rels"].iter(RELATION))
            if not external:
                self.wrong(f"{part}: no relationship {name}")
        merged = [area for one in sheet.iter(f"{MAIN}mergeCell") for area in areas(one.get("ref"))]
        parts = sheet.find(f"{MAIN}tableParts")
        if parts is not None and int(parts.get("count", len(parts))) != len(parts):
            self.wrong(f"{part}: {parts.get('count')} tables, {len(parts)} listed")
        placed = []
        for one in parts if parts is not None else []:
            path, kind = relations[one.get(BY_ID)]
            table = self.trees[path]
            area = areas(table.get("ref"))[0]
            if kind != "table" or any(overlap(area, other) for other in placed + merged):
                self.wrong(f"{path} overlaps")
            placed.append(area)
            self.table(path, table, area, cells, tables, ids)
        if placed and sheet.find(f"{MAIN}autoFilter") is not None:
            self.wrong(f"{part}: a filter beside a table")
        for header in sheet.iter(f"{MAIN}oddHeader"):
            if units(header.text) > 255:
                self.wrong(f"{part}: header of {units(header.text)} characters")

    def table(self, path: str, table, area, cells: dict, tables: dict, ids: set) -> None:
        name = table.get("displayName")
        if name != table.get("name") or name.lower() in tables or not re.fullmatch(r"[A-Za-z_\\][\w.\\]*", name):
            self.wrong(f"{path}: table name {name}")
        tables[name.lower()] = path
        if table.get("id") in ids:
            self.wrong(f"{path}: id {table.get('id')} twice")
        ids.add(table.get("id"))
        if area[3] <= area[1]:
            self.wrong(f"{path}: no row")
        columns = table.find(f"{MAIN}tableColumns")
        headings = [one.get("name") for one in columns]
        if int(columns.get("count")) != len(headings) or len(headings) != area[2] - area[0] + 1:
            self.wrong(f"{path}: {len(headings)} columns in {table.get('ref')}")
        if len({heading.lower() for heading in headings}) != len(headings):
            self.wrong(f"{path}: a heading twice")
        if len({one.get("id") for one in columns}) != len(headings):
            self.wrong(f"{path}: a column's id twice")
        for place, heading in enumerate(headings):
            there = cells.get((area[1], area[0] + place))
            if there != heading or units(heading) > 255:
                self.wrong(f"{path}: column {heading!r}, heading {there!r}")
        for one in columns.iter(f"{MAIN}calculatedColumnFormula"):
            self.formula(path, one.text)
        filtered = table.find(f"{MAIN}autoFilter")
        if filtered is not None and filtered.get("ref") != table.get("ref"):
            self.wrong(f"{path}: filter over {filtered.get('ref')}")

    def formula(self, where: str, formula: str) -> None:
        if formula is None or units(formula) > MAX_FORMULA - 1:
            self.wrong(f"{where}: a formula of {units(formula or '')} characters")
        for mistake in rest.formula_mistakes(formula or "", self.names_known, self.tables_known):
            self.wrong(f"{where}: {mistake}")
        for literal in re.findall(r'"((?:[^"]|"")*)"', formula or ""):
            if units(literal.replace('""', '"')) > MAX_LITERAL:
                self.wrong(f"{where}: a literal of {units(literal)} characters")

    def rules(self, part: str, sheet, formats: int) -> None:
        priorities = []
        for group in sheet.iter(f"{MAIN}conditionalFormatting"):
            areas(group.get("sqref"))
            for rule in group:
                priorities.append(rule.get("priority"))
                if rule.get("dxfId") is not None and int(rule.get("dxfId")) >= formats:
                    self.wrong(f"{part}: rule with an unknown format")
                for text in [one.text for one in rule.iter(f"{MAIN}formula")]:
                    self.plain(part, text)
        if len(priorities) != len(set(priorities)):
            self.wrong(f"{part}: priorities {priorities}")
        for rule in sheet.iter(f"{MAIN}dataValidation"):
            for one in (*rule.iter(f"{MAIN}formula1"), *rule.iter(f"{MAIN}formula2")):
                self.plain(part, one.text)
                if units(one.text) > 255:
                    self.wrong(f"{part}: a validation's list of {units(one.text)} characters")
            for key, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 225)):
                if units(rule.get(key, "")) > most:
                    self.wrong(f"{part}: {key} of {units(rule.get(key))} characters")

    def plain(self, part: str, formula: str) -> None:
        for mistake in rest.formula_mistakes(formula, self.names_known, self.tables_known):
            self.wrong(f"{part}: {mistake} in {formula}")
        if STRUCTURED.search(re.sub(r'"(?:[^"]|"")*"', "", formula)):
            self.wrong(f"{part}: structured reference in {formula}")

    def apart(self, part: str, group, child: str) -> None:
        if group is None:
            return
        if group.get("count") and int(group.get("count")) != len(group):
            self.wrong(f"{part}: {group.get('count')} {child}, {len(group)} listed")
        placed = sorted(area for one in group for area in areas(one.get("sqref") or one.get("ref")))
        for number, area in enumerate(placed):
            for other in placed[number + 1:]:
                if other[0] > area[2]:
                    break
                if overlap(area, other):
                    self.wrong(f"{part}: {child} {area} and {other}")


def main() -> int:
    books = []
    for argument in map(pathlib.Path, sys.argv[1:]):
        books += sorted(argument.rglob("*.xlsx")) if argument.is_dir() else [argument]
    mistakes = 0
    for book in books:
        found = Package(book).check()
        mistakes += len(found)
        for mistake in found[:20]:
            print(f"{book}: {mistake}")
    print(f"{len(books)} packages checked, {mistakes} mistakes")
    return 1 if mistakes or not books else 0


if __name__ == "__main__":
    sys.exit(main())
