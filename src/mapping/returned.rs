//! Results of keeptabs that are handed in as lists: known by their marker, or by the headings that only they have.

use super::assign::Assignment;
use super::heading::key;
use super::years::fiscal_name;
use super::{Settings, Tier};
use crate::book::{Book, Cell, Row, Sheet};
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::language::Language;
use crate::mapping::claim::Claim;
use crate::output::department::{LISTS, field_headings};
use crate::period::{Month, Period};

/// The computed columns that make a table a result of keeptabs, all in one language.
const RESULT: [&str; 5] = ["score", "status", "why", "known", "best_case"];
/// How many of them are enough where the marker speaks, too: somebody may have deleted a column.
const ENOUGH: usize = 3;
/// Columns of the hidden list in which a result notes its columns: table, heading, id, sheet, heading in the source.
const NOTED: [u16; 5] = [4, 5, 6, 7, 8];

/// What a result says of itself.
pub(super) struct Returned<'a> {
    month: Option<Month>,
    lines: Vec<Line<'a>>,
}

/// A column as the result notes it.
struct Line<'a> {
    table: &'a str,
    key: String,
    id: &'a str,
    sheet: &'a str,
    original: Option<&'a str>,
}

impl<'a> Returned<'a> {
    /// What a marked workbook notes; `None` without the marker.
    pub(super) fn of(book: &'a Book) -> Option<Self> {
        let marker = book.marker.as_ref()?;
        let text = |row: &Row<'_>, col: u16| match row.get(col) {
            Some(Cell::Text(id)) => Some(book.text(id)),
            _ => None,
        };
        let [table, heading, id, sheet, original] = NOTED;
        let line = |row: Row<'_>| {
            Some(Line {
                table: text(&row, table)?,
                key: key(text(&row, heading)?),
                id: text(&row, id)?,
                sheet: text(&row, sheet).unwrap_or_default(),
                original: text(&row, original),
            })
        };
        let lists = book.sheets.iter().filter(|sheet| sheet.name.starts_with(LISTS));
        let lines = lists.flat_map(Sheet::rows).filter_map(line).collect();
        Some(Self { month: marker.properties.get("month").and_then(|month| month.parse().ok()), lines })
    }

    /// The lines about a sheet, by its name or, where a person has renamed it, by that of its table.
    fn lines_of(&self, sheet: &Sheet) -> Vec<&Line<'a>> {
        let by_name: Vec<_> = self.lines.iter().filter(|line| line.sheet == sheet.name).collect();
        if !by_name.is_empty() {
            return by_name;
        }
        let has_table = |line: &&Line<'_>| sheet.tables.iter().any(|table| table.name == line.table);
        self.lines.iter().filter(has_table).collect()
    }
}

/// What a column of a result is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Own {
    /// Computed by keeptabs.
    Computed(String),
    /// A field, under keeptabs's heading.
    Field(Field),
    /// A column of the department's, carried through.
    Carried,
}

/// A column, and the heading that the department's list had; `None` is a column that somebody has added.
type Recognised = Option<(Own, Option<String>)>;

/// What the columns of a sheet are, if it is a result: by heading, each with the heading that the department's list had.
pub(super) fn recognise(
    keys: &[String],
    sheet: &Sheet,
    returned: Option<&Returned<'_>>,
    settings: &Settings<'_>,
) -> Option<Vec<Recognised>> {
    let noted = returned.map(|returned| returned.lines_of(sheet)).unwrap_or_default();
    let enough = if returned.is_some() { ENOUGH } else { RESULT.len() };
    let by_note = |key: &String| {
        let line = noted.iter().find(|line| line.key == *key)?;
        let own = match Field::from_id(line.id) {
            Some(field) => Own::Field(field),
            None if line.id.starts_with("carried:") => Own::Carried,
            None => Own::Computed(line.id.to_owned()),
        };
        Some((own, line.original.map(str::to_owned)))
    };
    let is_one = |id: &str, found: &[Recognised]| {
        found.iter().flatten().any(|(own, _)| matches!(own, Own::Computed(own) if own == id))
    };
    let is_result = |found: &[Recognised]| RESULT.iter().filter(|id| is_one(id, found)).count() >= enough;
    let found: Vec<_> = keys.iter().map(by_note).collect();
    if is_result(&found) {
        return Some(found);
    }
    Language::ALL.into_iter().find_map(|language| {
        let heading = |field: Field| field_headings(field).find(|(of, _)| *of == language).map(|(_, text)| key(text));
        let fields: Vec<_> = Field::ALL.iter().map(|field| (heading(*field), *field)).collect();
        let by_heading = |key: &String| {
            let field = fields.iter().find(|(heading, _)| heading.as_ref() == Some(key));
            let computed = || settings.computed.iter().find(|own| own.language == language && own.key == *key);
            let own = field.map(|(_, field)| Own::Field(*field));
            Some((own.or_else(|| Some(Own::Computed(computed()?.id.clone())))?, None))
        };
        let found: Vec<_> = keys.iter().map(by_heading).collect();
        is_result(&found).then_some(found)
    })
}

impl Assignment<'_> {
    /// Columns of a result: computed ones are computed anew, whatever they say; what was carried is carried again.
    pub(super) fn own_columns(&mut self) {
        let keys: Vec<String> = self.drafts.iter().map(|draft| key(&draft.heading)).collect();
        let Some(found) = recognise(&keys, self.sheet, self.returned, self.settings) else { return };
        self.is_result = true;
        for (draft, own) in self.drafts.iter_mut().zip(found) {
            let is_input = matches!(draft.claim, Claim::Field { tier: Tier::Exact, .. });
            match own {
                Some((Own::Computed(id), _)) if !is_input => {
                    draft.refuse("computed by keeptabs, and computed anew".to_owned());
                    draft.typo = None;
                    draft.own = Some(id);
                    draft.tier = Some(Tier::Own);
                }
                Some((Own::Carried, _)) if !is_input => {
                    draft.refuse("carried through by the result that was handed in".to_owned());
                    draft.typo = None;
                }
                Some((Own::Field(field), original)) => {
                    draft.claim = Claim::Field { field, tier: Tier::Exact, weak: false, when: None };
                    draft.returned = true;
                    draft.original = original;
                }
                _ => {}
            }
        }
    }

    /// The money of a result of another fiscal year is about that year.
    pub(super) fn roll_over(&mut self) {
        let Some(month) = self.returned.and_then(|returned| returned.month).filter(|_| self.is_result) else { return };
        let settings = self.settings;
        let name = |month| fiscal_name(Period { month, ..settings.period }, settings.fiscal_name_by_end);
        let (theirs, ours) = (name(month), name(settings.period.month));
        let is_filled = |field: &Field| self.column_of(*field).is_some_and(|at| self.drafts[at].profile.filled > 0);
        let money = [Field::RevenueLastYear, Field::Target, Field::RevenueCurrent];
        let Some(first) = money.iter().find(|field| is_filled(field)).and_then(|field| self.column_of(*field)) else {
            return;
        };
        if theirs == ours {
            return;
        }
        if settings.rollover != Some(theirs) || ours != theirs + 1 {
            let way = if ours == theirs + 1 {
                format!(
                    "write the figures of {ours} into a new list, or add: [rollover] from = {theirs} (its current performance \
                     becomes last year's revenue; target and current performance are then missing)"
                )
            } else {
                format!("hand in a list with the figures of {ours}")
            };
            let message = format!(
                "this is keeptabs's result of {month}, and its money is about {theirs}, not about {ours}: {way}"
            );
            let finding = self.finding(Code::WrongYear, first, message);
            self.findings.push(finding);
            return;
        }
        let [last_year, target, current] = money.map(|field| self.column_of(field));
        for (at, field) in [(last_year, Field::RevenueLastYear), (target, Field::Target)] {
            let Some(at) = at else { continue };
            self.drafts[at].refuse(format!("{field} of {theirs}, left out: rolled over into {ours}"));
            self.drafts[at].own = Some(field.id().to_owned());
            self.drafts[at].tier = Some(Tier::Own);
            self.remark(at, format!("{field} of {theirs}: left out, as [rollover] from = {theirs} says"));
        }
        if let Some(at) = current {
            self.drafts[at].take(Field::RevenueLastYear, Tier::Reviewed);
            self.drafts[at].reason = format!("current performance of {theirs}: rolled over into {ours}");
            let message = format!("current performance of {theirs}: read as last year's revenue, as [rollover] says");
            self.remark(at, message);
        }
    }

    fn remark(&mut self, at: usize, message: String) {
        let finding: Finding = self.finding(Code::ReadRemark, at, message);
        self.findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{codes, mapped, mini, settings};
    use super::super::{OwnHeading, Pin, SheetStatus, resolve};
    use super::*;
    use crate::book::{CellRef, FormatId, Marker, TextId, Visibility};
    use crate::config::Config;
    use crate::mapping::SheetMap;
    use crate::output::department::computed_headings;

    const HEADINGS: &str = "Client | Meetings (6 months) | Decision-maker level | Survey score | Score | Status | Why | \
                            Known | Best case | Remarks | Revenue last year | Target this year | Current performance";
    const ROW: &str = "Acme | 2 | Senior | 9 | 4 | Watch | x | 3 of 5 | 6 | keep me | #90 | #100 | #80";

    struct Made(Book);

    impl Made {
        fn sheet(mut self, name: &str, rows: &[&str]) -> Self {
            let mut sheet = Sheet::new(name);
            for (row, line) in (0u32..).zip(rows) {
                for (col, text) in (0u16..).zip(line.split('|')).filter(|(_, text)| !text.trim().is_empty()) {
                    let cell = match text.trim().strip_prefix('#').and_then(|number| number.parse().ok()) {
                        Some(number) => Cell::Number(number, FormatId::GENERAL),
                        None => {
                            self.0.texts.push(text.trim().into());
                            Cell::Text(TextId(self.0.texts.len() as u32 - 1))
                        }
                    };
                    sheet.push(CellRef { row, col }, cell);
                }
            }
            self.0.sheets.push(sheet);
            self
        }

        fn marked(mut self, month: &str) -> Book {
            let properties = [("month".to_owned(), month.to_owned())].into();
            self.0.marker = Some(Marker { properties });
            self.0
        }
    }

    fn made() -> Made {
        Made(Book { formats: vec!["General".into()], ..Book::default() })
    }

    fn resolved(book: &Book, rollover: Option<i16>, pins: &[Pin]) -> Vec<SheetMap> {
        let computed = computed_headings(&Config::built_in());
        resolve(book, &Settings { computed: &computed, rollover, pins, ..settings() }, mini())
    }

    fn own(map: &SheetMap) -> Vec<&str> {
        map.table.iter().flat_map(|table| &table.columns).filter_map(|column| column.own.as_deref()).collect()
    }

    #[test]
    fn without_marker_all_five_headings_of_one_language_make_a_result() {
        let known = |headings: &str| own(&resolved(&made().sheet("S", &[headings, ROW]).0, None, &[])[0]).len();
        assert_eq!(known(HEADINGS), 5);
        assert_eq!(known(&HEADINGS.replace("Best case", "Best")), 0, "a department's own Score is carried");
        assert_eq!(known(&HEADINGS.replace("Why", "Waarom")), 0, "two languages are no result");
        let dutch = HEADINGS.replace("Why", "Waarom").replace("Known", "Bekend").replace("Best case", "Beste geval");
        assert_eq!(known(&dutch), 5, "Score and Status are Dutch as well");
    }

    #[test]
    fn a_marked_result_lacks_a_column_and_is_one_still() {
        let headings = HEADINGS.replace("Best case", "Mine");
        let maps = resolved(&made().sheet("S", &[&headings, ROW]).marked("2026-11"), None, &[]);
        assert_eq!(own(&maps[0]), ["score", "status", "why", "known"]);
    }

    #[test]
    fn what_a_result_notes_of_its_columns_holds() {
        let noted: Vec<String> = HEADINGS
            .split(" | ")
            .zip("client meetings decision_level survey_score score status why known best_case carried:9".split(' '))
            .map(|(heading, id)| format!("||||Clients|{heading}|{id}|S|{}", if id == "client" { "Firm" } else { "" }))
            .collect();
        let noted: Vec<&str> = noted.iter().map(String::as_str).collect();
        // "Remarks" would be the comments, if the result had not carried it
        let row = ROW.replace(" 9 ", " much too good ");
        let mut book = made().sheet("S", &[HEADINGS, &row, &row, &row]).sheet("Lists", &noted).marked("2026-11");
        book.sheets[1].visibility = Visibility::Hidden;
        let pin = Pin { header_row: Some(3), ..Pin::default() };
        let maps = resolved(&book, None, &[pin]);
        let table = maps[0].table.as_ref().unwrap();
        assert_eq!(maps[0].status, SheetStatus::Converted, "{}", maps[0].reason);
        assert_eq!(table.header_row, 0, "the line of the configuration is about the department's own list");
        assert_eq!(table.columns[0].original.as_deref(), Some("Firm"));
        assert_eq!(table.columns[9].field, None);
        assert!(mapped(&maps[0]).contains(&"Survey score → survey_score exact".to_owned()), "wrong cells stay wrong");
        assert_eq!(
            (maps[1].status, maps[1].reason.as_str()),
            (SheetStatus::Skipped, "made by keeptabs, and made anew")
        );
    }

    #[test]
    fn own_sheets_are_skipped_in_every_language_and_only_in_a_result() {
        let result = || made().sheet("Summary", &[HEADINGS, ROW]);
        let book = result().sheet("Übersicht", &[HEADINGS]).sheet("Summary (keeptabs)", &["x"]).sheet("Notes", &["y"]);
        let reasons: Vec<_> = resolved(&book.marked("2026-11"), None, &[]).into_iter().map(|map| map.reason).collect();
        let anew = "made by keeptabs, and made anew";
        assert_eq!(reasons[0], "", "a department's own Summary is its list");
        assert_eq!((reasons[2].as_str(), reasons[3].as_str()), (anew, "no client table"));
        let plain = made().sheet("Summary", &["Client | Meetings | Level", "Acme | 1 | senior"]);
        assert_eq!(resolved(&plain.0, None, &[])[0].status, SheetStatus::Converted);
    }

    #[test]
    fn money_of_another_fiscal_year_needs_review_or_a_line() {
        let book = |month: &str| made().sheet("S", &[HEADINGS, ROW]).marked(month);
        let map = resolved(&book("2025-12"), None, &[]).remove(0);
        assert_eq!((map.status, codes(&map)), (SheetStatus::NeedsReview, vec![Code::WrongYear]));
        assert!(map.reason.contains("[rollover] from = 2025"), "{}", map.reason);
        let rolled = resolved(&book("2025-12"), Some(2025), &[]).remove(0);
        assert_eq!(rolled.status, SheetStatus::Converted, "{}", rolled.reason);
        let money: Vec<_> = mapped(&rolled).into_iter().filter(|column| column.contains("revenue")).collect();
        assert_eq!(money, ["Current performance → revenue_last_year reviewed"]);
        assert_eq!(codes(&rolled), [Code::ReadRemark; 3]);
        assert!(!resolved(&book("2024-12"), Some(2024), &[])[0].reason.contains("rollover"), "two years are too many");
        assert_eq!(resolved(&book("2026-01"), None, &[])[0].status, SheetStatus::Converted);
        let empty = ROW.replace("#90 | #100 | #80", "||");
        let empty = made().sheet("S", &[HEADINGS, &empty]).marked("2025-12");
        assert_eq!(
            resolved(&empty, None, &[])[0].status,
            SheetStatus::Converted,
            "without amounts there is no question"
        );
    }

    #[test]
    fn every_heading_of_ours_is_its_field_and_nothing_else() {
        let computed = computed_headings(&Config::built_in());
        for &field in Field::ALL {
            for (language, heading) in field_headings(field) {
                let index = crate::dictionary::Dictionary::built_in().index();
                let alias = index.alias(&key(heading)).unwrap();
                assert_eq!(alias.field, field, "{language}: {heading}");
                let collides = |own: &&OwnHeading| own.key == key(heading);
                assert!(computed.iter().find(collides).is_none(), "{heading} is computed, too");
            }
        }
    }
}
