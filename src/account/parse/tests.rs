use super::*;
use crate::account::OwnKind;
use crate::account::testing::{Case, account, case, found, names, places, settings};
use crate::book::{Cell, CellRef, ErrorValue, FormatId, Sheet};
use crate::field::{Level, Stage, Status};
use crate::finding::Severity;
use crate::mapping::SurveyScale;

fn column_of(heading: &str, cells: &[&str]) -> Case {
    let headings = ["client", heading];
    let names: Vec<String> = (1..=cells.len()).map(|n| format!("Client {n}")).collect();
    let rows: Vec<[&str; 2]> = names.iter().zip(cells).map(|(name, cell)| [name.as_str(), *cell]).collect();
    let mut all: Vec<&[&str]> = vec![&headings];
    all.extend(rows.iter().map(|row| &row[..]));
    case(&all)
}

fn inputs(parsed: &Parsed, field: Field) -> Vec<Input> {
    parsed.tables[0].accounts().map(|account| account.input(field)).collect()
}

fn numbers(parsed: &Parsed, field: Field) -> Vec<Option<f64>> {
    parsed.tables[0].accounts().map(|account| account.input(field).number()).collect()
}

#[test]
fn every_cell_is_known_missing_or_wrong() {
    let rows: &[&[&str]] = &[
        &["client", "meetings", "decision_level", "survey_score", "stage", "override_status", "last_thanked"],
        &["Acme", "#2", "CEO", "#8.5", "prospect", "At risk", "@46300"],
        &["Big Corp", "3+", "wizard", "#85", "gekündigt", "Strong", "@46357"],
        &["Cafe", "n/a", "", "!", "", "?", "tbc"],
        &["Dough", "#2.5", "#3", "@46304", "retired", "Not scored", "soon"],
    ];
    let parsed = case(rows).parse();
    let table = &parsed.tables[0];
    let known = |value| Input::Known(value);
    let acme = account(table, 0);
    assert_eq!(acme.input(Field::Meetings), known(Value::Number(2.0)));
    assert_eq!(acme.input(Field::DecisionLevel), known(Value::Level(Level::Senior)));
    assert_eq!(acme.input(Field::SurveyScore), known(Value::Number(8.5)));
    assert_eq!(acme.input(Field::OverrideStatus), known(Value::Status(Status::AtRisk)));
    assert_eq!(acme.input(Field::LastThanked), known(Value::Date(46300)));
    assert_eq!((acme.stage(), account(table, 1).stage()), (Stage::Prospect, Stage::Former));
    assert_eq!(account(table, 1).input(Field::Meetings), known(Value::Number(3.0)));
    for field in [Field::Meetings, Field::DecisionLevel, Field::OverrideStatus, Field::LastThanked] {
        assert_eq!(account(table, 2).input(field), Input::Missing, "{field}");
    }
    let wrong = [
        (Code::ReadAs, "B3"),
        (Code::WrongValue, "C3"),
        (Code::WrongValue, "D3"),
        (Code::WrongValue, "G3"),
        (Code::ErrorCell, "D4"),
        (Code::WrongValue, "B5"),
        (Code::WrongValue, "C5"),
        (Code::WrongValue, "D5"),
        (Code::WrongValue, "E5"),
        (Code::WrongValue, "F5"),
        (Code::WrongValue, "G5"),
    ];
    assert_eq!(places(&parsed), wrong.map(|(code, cell)| (code, cell.to_owned())));
    let survey = found(&parsed, Code::WrongValue).into_iter().find(|f| f.raw.as_deref() == Some("85")).unwrap();
    assert_eq!(
        survey.to_string(),
        "Clients!D3: \"85\" lies outside 1 to 10; expected a number from 1 to 10; it counts as missing"
    );
    let missing: Vec<_> = found(&parsed, Code::MeasureMissing).iter().map(|f| f.field.unwrap()).collect();
    assert_eq!(missing, [Field::OurContacts, Field::ClientContacts]);
}

#[test]
fn the_column_votes_before_it_is_read() {
    let votes = |cells: &[&str]| numbers(&column_of("revenue_last_year", cells).parse(), Field::RevenueLastYear);
    assert_eq!(votes(&["1.200", "8,50"]), [Some(1200.0), Some(8.5)]);
    assert_eq!(votes(&["1.200", "8.50"]), [Some(1.2), Some(8.5)]);
    assert_eq!(votes(&["1,5", "2,5", "3.5"]), [Some(1.5), Some(2.5), None]);
    assert_eq!(votes(&["#1.5", "€ 1.200"]), [Some(1.5), Some(1200.0)]);
}

#[test]
fn evidence_comes_from_the_sheet_then_the_workbook_then_the_configuration() {
    let rows: &[&[&str]] =
        &[&["client", "target", "survey_score"], &["Acme", "1.200", "8.5"], &["Big Corp", "2.400", "9"]];
    let sheet = case(rows).parse();
    assert_eq!(numbers(&sheet, Field::Target), [Some(1.2), Some(2.4)]);

    let mut two = column_of("target", &["1.200"]);
    two.add_sheet("Other", &[&["client", "target"], &["Cafe", "1.200,50"]]);
    let workbook = two.parse();
    assert_eq!(numbers(&workbook, Field::Target), [Some(1200.0)]);
    assert!(found(&workbook, Code::AmbiguousNumber).is_empty());

    let configured = Settings { decimal: Some(Mark::Point), ..settings() };
    let parsed = column_of("target", &["1.200"]).parse_with(&configured);
    assert_eq!(numbers(&parsed, Field::Target), [Some(1.2)]);
    assert!(found(&parsed, Code::AmbiguousNumber).is_empty());
}

#[test]
fn without_evidence_both_readings_are_told_once_a_column() {
    let cells = ["12.345", "1.200", "#7"];
    let parsed = column_of("target", &cells).parse();
    assert_eq!(numbers(&parsed, Field::Target), [Some(12345.0), Some(1200.0), Some(7.0)]);
    let doubts = found(&parsed, Code::AmbiguousNumber);
    assert_eq!(doubts.len(), 1);
    assert!(doubts[0].to_string().starts_with("Clients!B2: \"12.345\" reads two ways (and another"), "{}", doubts[0]);
    assert_eq!(doubts[0].severity, Severity::Warning);
    let strict = column_of("target", &cells).parse_with(&Settings { strict: true, ..settings() });
    assert_eq!(found(&strict, Code::AmbiguousNumber)[0].severity, Severity::Error);

    let dates = column_of("renewal_date", &["05/12/2026", "07/12/2026"]).parse();
    assert_eq!(found(&dates, Code::AmbiguousDate).len(), 1);
    let voted = column_of("renewal_date", &["05/12/2026", "12/31/2026"]).parse();
    assert_eq!(inputs(&voted, Field::RenewalDate)[0].date(), Some(46154), "12 May by the vote: month first");
    assert!(found(&voted, Code::AmbiguousDate).is_empty());
}

#[test]
fn a_scale_in_the_heading_multiplies() {
    let mut case = column_of("target", &["#12", "0,5", "1,2 Mio"]);
    case.maps[0].columns[1].scale = 1000.0;
    let parsed = case.parse();
    assert_eq!(numbers(&parsed, Field::Target), [Some(12_000.0), Some(500.0), Some(1_200_000.0)]);
    assert_eq!(found(&parsed, Code::ReadAs).len(), 1);
}

#[test]
fn surveys_on_another_scale() {
    let survey = |cells: &[&str], scale: Option<(f64, f64)>, percent: bool| {
        let mut case = column_of("survey_score", cells);
        case.maps[0].columns[1].survey_scale = scale.map(|(low, high)| SurveyScale { low, high });
        case.maps[0].columns[1].percent = percent;
        case.parse()
    };
    let five = survey(&["#4", "4 of 5", "#6"], Some((1.0, 5.0)), false);
    assert_eq!(numbers(&five, Field::SurveyScore), [Some(8.0), Some(8.0), None]);
    assert_eq!(found(&five, Code::ScaleConverted).len(), 1);
    let shares = survey(&["#0.85", "#1"], None, true);
    assert_eq!(numbers(&shares, Field::SurveyScore), [Some(8.5), Some(10.0)]);
    let percent = survey(&["85%", "#0.9@0%", "#70"], None, true);
    assert_eq!(numbers(&percent, Field::SurveyScore), [Some(8.5), Some(9.0), Some(7.0)]);

    for cells in [&["#85", "#90", "#7"] as &[&str], &["85%", "90%"]] {
        let unknown = survey(cells, None, false);
        assert!(!unknown.tables[0].keeps(Field::SurveyScore));
        assert_eq!(unknown.tables[0].columns[1].field, None, "the column is carried as it stands");
        assert_eq!(found(&unknown, Code::ScaleUnknown).len(), 1);
        assert!(found(&unknown, Code::WrongValue).is_empty());
        assert!(found(&unknown, Code::MeasureMissing).iter().all(|f| f.field != Some(Field::SurveyScore)));
    }
    let low = ["#1", "#2", "#3", "#4", "#5", "#3", "#2", "#4"];
    let parsed = survey(&low, None, false);
    assert_eq!(found(&parsed, Code::ScaleUnknown)[0].severity, Severity::Error);
    assert!(found(&survey(&low[..7], None, false), Code::ScaleUnknown).is_empty());
    assert!(found(&survey(&low, Some((1.0, 10.0)), false), Code::ScaleUnknown).is_empty());
    let mixed = survey(&["#85", "#8", "#9"], None, false);
    assert_eq!(numbers(&mixed, Field::SurveyScore), [None, Some(8.0), Some(9.0)]);
}

#[test]
fn a_survey_that_nobody_answered_is_no_column() {
    let empty = column_of("survey_score", &["", "n/a"]).parse();
    assert!(!empty.tables[0].keeps(Field::SurveyScore));
    let missing = found(&empty, Code::MeasureMissing);
    assert_eq!(missing.last().unwrap().cell.unwrap().to_string(), "B1");
    assert!(column_of("survey_score", &["", "great"]).parse().tables[0].keeps(Field::SurveyScore));
}

#[test]
fn currencies_come_from_column_heading_cell_and_format() {
    let codes = |parsed: &Parsed| -> Vec<String> {
        let table = &parsed.tables[0];
        table.accounts().map(|a| a.currency().map_or_else(String::new, |c| c.code().to_owned())).collect()
    };
    let signs = column_of("target", &["€ 5", "£ 6", "#7"]).parse();
    assert_eq!(codes(&signs), ["EUR", "GBP", ""]);
    assert_eq!(found(&signs, Code::CurrencyUnknown).len(), 1);
    let voted = column_of("target", &["€ 5", "#7"]).parse();
    assert_eq!(codes(&voted), ["EUR", "EUR"]);
    let taken = found(&voted, Code::CurrencyUnknown);
    assert_eq!((taken.len(), taken[0].severity), (1, Severity::Note));
    assert_eq!(taken[0].cell.unwrap().to_string(), "B3");
    assert!(taken[0].message.contains("one client name no currency; EUR is the only one that the sheet names"));
    let format = column_of("target", &["#5@#,##0 [$€-407]", "#7@\"R$\" 0"]).parse();
    assert_eq!(codes(&format), ["EUR", "BRL"]);
    let none = column_of("target", &["#5"]).parse();
    assert!(!none.tables[0].keeps(Field::Currency));

    let mut heading = column_of("target", &["#5@$0", "$ 6"]);
    heading.maps[0].columns[1].currency = Currency::from_code("EUR");
    let parsed = heading.parse();
    assert_eq!(codes(&parsed), ["EUR", "EUR"], "the heading counts before the cell");
    assert_eq!(numbers(&parsed, Field::Target), [Some(5.0), None]);
    assert_eq!(found(&parsed, Code::MixedCurrency).len(), 2);

    let rows: &[&[&str]] = &[
        &["client", "currency", "target", "revenue_current"],
        &["Acme", "GBP", "#5", "€ 4"],
        &["Big Corp", "bananas", "#5", "#4"],
    ];
    let parsed = case(rows).parse();
    assert_eq!(codes(&parsed), ["GBP", ""]);
    assert_eq!(numbers(&parsed, Field::Target), [Some(5.0), None]);
    assert_eq!(numbers(&parsed, Field::RevenueCurrent), [None, None]);
}

#[test]
fn further_columns() {
    let own = [
        OwnColumn { heading: "Sponsor".into(), kind: OwnKind::Words(vec!["no".into(), "Yes".into()]) },
        OwnColumn { heading: "NPS".into(), kind: OwnKind::Number },
        OwnColumn { heading: "Last visit".into(), kind: OwnKind::Date },
    ];
    let rows: &[&[&str]] = &[&["client", "NPS", "Sponsor"], &["Acme", "-20", "YES"], &["Big Corp", "many", "perhaps"]];
    let mut case = case(rows);
    case.maps[0].columns[1].further = Some(1);
    case.maps[0].columns[2].further = Some(0);
    let parsed = case.parse_own(&own);
    let table = &parsed.tables[0];
    let read = |index, own| account(table, index).measure(&Measure::Own(own));
    assert_eq!(read(0, 0), Input::Known(Value::Number(1.0)));
    assert_eq!(read(0, 1), Input::Known(Value::Number(-20.0)));
    assert_eq!((read(1, 0), read(1, 1), read(1, 2)), (Input::Wrong, Input::Wrong, Input::Missing));
    assert!(table.keeps_measure(&Measure::Own(0)) && !table.keeps_measure(&Measure::Own(2)));
}

#[test]
fn texts_stay_what_they_are() {
    let rows: &[&[&str]] = &[
        &["client", "client_id", "account_manager", "comments"],
        &["\u{a0}=1+1 ", "#123", "#0", "-"],
        &["TRUE", "38e18191", "n/a", "!"],
        &["#7", "00123", " Ana\u{a0}", "#1.50"],
    ];
    let parsed = case(rows).parse();
    assert_eq!(names(&parsed), ["=1+1", "TRUE", "7"]);
    let texts = |field| -> Vec<Option<&str>> {
        parsed.tables[0].accounts().map(|account| account.text(field, &parsed.book)).collect()
    };
    assert_eq!(texts(Field::ClientId), [Some("123"), Some("38e18191"), Some("00123")]);
    assert_eq!(texts(Field::AccountManager), [None, None, Some("Ana")]);
    assert_eq!(texts(Field::Comments), [Some("-"), None, Some("1.5")]);
    assert_eq!(found(&parsed, Code::ErrorCell).len(), 1);
}

#[test]
fn sheets_are_looked_at_as_a_whole() {
    let rows: &[&[&str]] = &[
        &["client", "target", "revenue_current", "renewal_date"],
        &["Acme", "#100", "#900", "@46300"],
        &["Big Corp", "#100", "#-800", "@46400"],
        &["Cafe", "#100", "#700", ""],
        &["Dough", "#100", "#600", ""],
    ];
    let mut case = case(rows);
    case.book.sheets[0].not_carried.formulas = 4;
    case.book.sheets[0].not_carried.formulas_without_value = 1;
    case.book.sheets[0].bad_cells.push((Some(CellRef { row: 1, col: 2 }), "cut off".to_owned()));
    let parsed = case.parse();
    assert_eq!(
        places(&parsed),
        [
            (Code::NegativeAmount, "C3"),
            (Code::RenewalPassed, "D2"),
            (Code::MoneyScale, "C1"),
            (Code::NotCarried, ""),
            (Code::FormulaWithoutValue, ""),
            (Code::CellUnreadable, "C2"),
        ]
        .map(|(code, cell)| (code, cell.to_owned()))
    );
    let february = Settings { period: Period { month: "2026-02".parse().unwrap(), fiscal_start: 1 }, ..settings() };
    let early = super::tests::column_of("target", &["#1"]).parse_with(&february);
    assert!(found(&early, Code::MoneyScale).is_empty());
}

/// A small generator of reproducible noise (splitmix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "0", "1", "5", "12", "345", "2026", ".", ",", "-", "−", "/", " ", "\u{a0}", "'", "(", ")", "%", "+", "€",
            "$", "k", "Mio", "of", "Total", "n/a", "Acme", "GmbH", "director", "'s", "Nov", "é", "ß", "👍", "\u{200b}",
            ":", "T", "E", "\n", "client", "Example:", "Summe", "³", "１", "٣", "²",
        ];
        (0..self.next(7)).map(|_| PIECES[self.next(PIECES.len())]).collect()
    }

    fn cell(&mut self, book: &mut Book) -> Cell {
        const WILD: &[f64] =
            &[0.0, -0.0, 1.0, 3.5, -7.0, 46304.0, 1e9, 1e300, -1e300, f64::NAN, f64::INFINITY, 1e-300, 20_261_130.0];
        let wild = WILD[self.next(WILD.len())];
        let format = FormatId(self.next(6) as u16);
        match self.next(9) {
            0 => Cell::Number(wild, format),
            1 => Cell::Date(wild, format),
            2 => Cell::Time(wild, format),
            3 => Cell::Bool(wild > 0.0),
            4 => Cell::Error(ErrorValue::Div0),
            _ => {
                book.texts.push(self.text().into());
                Cell::Text(TextId(book.texts.len() as u32 - 1))
            }
        }
    }
}

#[test]
fn nothing_makes_it_panic_and_rows_always_reconcile() {
    for seed in 0..400 {
        let mut noise = Noise(seed);
        let ids: Vec<&str> = Field::ALL.iter().map(|field| field.id()).collect();
        let width = 2 + noise.next(8);
        let mut headings = vec!["client"];
        headings.extend((1..width).map(|_| if noise.next(5) == 0 { "Region" } else { ids[noise.next(ids.len())] }));
        let mut case = case(&[&headings]);
        case.book.formats.extend(["0%", "[$€-407]0", "[", "\"", "\\"].map(Into::into));
        let mut sheet = Sheet::new("Noise");
        for row in 0..40u32 {
            for col in 0..width as u16 {
                if noise.next(3) > 0 {
                    let cell = noise.cell(&mut case.book);
                    sheet.push(CellRef { row, col }, cell);
                }
            }
        }
        case.book.sheets[0] = sheet;
        for _ in 0..noise.next(6) {
            let at = (noise.next(40) as u32, noise.next(width) as u16);
            let to = (at.0 + noise.next(4) as u32, at.1 + noise.next(3) as u16);
            case = case.merge(at, to);
        }
        let map = &mut case.maps[0];
        map.header_row = noise.next(5) as u32;
        map.first_header_row = map.header_row.saturating_sub(1);
        map.last_row = if noise.next(4) == 0 { u32::MAX } else { 39 };
        for column in &mut map.columns {
            column.scale = [1.0, 1000.0, f64::NAN][noise.next(3)];
            column.percent = noise.next(4) == 0;
            column.survey_scale = (noise.next(4) == 0).then_some(SurveyScale { low: 0.0, high: 100.0 });
            column.currency = Currency::from_code("EUR").filter(|_| noise.next(4) == 0);
        }
        let parsed = case.parse(); // also asserts that the rows reconcile
        for client in parsed.tables[0].accounts() {
            assert!(client.input(Field::Client).is_known(), "seed {seed}, row {}", client.row());
        }
        assert!(names(&parsed).iter().all(|name| !name.is_empty()), "seed {seed}");
    }
}
