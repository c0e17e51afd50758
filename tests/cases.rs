//! One folder below `fixtures/cases`, one test: `expected.toml` says what must come out of its inbox.

use crate::support::{Ran, fixtures, number, run};
use calamine::Data;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

macro_rules! cases {
    ($($name:ident = $folder:literal,)*) => {
        $(#[test] fn $name() { check($folder); })*

        #[test]
        fn every_folder_is_a_test() {
            let listed: BTreeSet<_> = [$($folder.to_owned(),)*].into_iter().collect();
            let folders = std::fs::read_dir(fixtures().join("cases")).unwrap();
            let found: BTreeSet<_> = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            assert_eq!(listed, found);
        }
    };
}

cases! {
    all_missing = "all-missing",
    blind_de_1 = "blind-de-1",
    blind_de_2 = "blind-de-2",
    blind_en_1 = "blind-en-1",
    blind_en_2 = "blind-en-2",
    blind_es_1 = "blind-es-1",
    blind_es_2 = "blind-es-2",
    blind_fr_1 = "blind-fr-1",
    blind_fr_2 = "blind-fr-2",
    blind_it_1 = "blind-it-1",
    blind_it_2 = "blind-it-2",
    blind_nl_1 = "blind-nl-1",
    blind_nl_2 = "blind-nl-2",
    blind_pt_br_1 = "blind-pt-BR-1",
    blind_pt_br_2 = "blind-pt-BR-2",
    blind_pt_pt_1 = "blind-pt-PT-1",
    blind_pt_pt_2 = "blind-pt-PT-2",
    content_not_extension = "content-not-extension",
    cp1252_csv = "cp1252-csv",
    duplicate_target = "duplicate-target",
    dutch = "dutch",
    empty_list = "empty-list",
    every_format = "every-format",
    excel_table = "excel-table",
    fails = "fails",
    french = "french",
    german = "german",
    hidden_sheet = "hidden-sheet",
    italian = "italian",
    lock_file = "lock-file",
    needs_review = "needs-review",
    no_client_table = "no-client-table",
    portuguese = "portuguese",
    repeated_heading = "repeated-heading",
    scale_in_heading = "scale-in-heading",
    section_rows = "section-rows",
    seen_de_at_agency = "seen-de-at-agency",
    seen_de_ch_trustee = "seen-de-ch-trustee",
    seen_de_service = "seen-de-service",
    seen_de_tax = "seen-de-tax",
    seen_en_law = "seen-en-law",
    seen_en_staffing = "seen-en-staffing",
    seen_es_mx_insurance = "seen-es-mx-insurance",
    seen_fr_accountants = "seen-fr-accountants",
    seen_fr_ch_printer = "seen-fr-ch-printer",
    seen_it_payroll = "seen-it-payroll",
    seen_nl_be_law = "seen-nl-be-law",
    seen_nl_cleaning = "seen-nl-cleaning",
    seen_pt_br_agency = "seen-pt-br-agency",
    sep_line_csv = "sep-line-csv",
    spanish = "spanish",
    tab_csv = "tab-csv",
    text_formulas = "text-formulas",
    title_rows = "title-rows",
    totals_row = "totals-row",
    trade_de_agency = "trade-de-agency",
    trade_de_bank = "trade-de-bank",
    trade_de_it = "trade-de-it",
    trade_de_laboratory = "trade-de-laboratory",
    trade_en_architects = "trade-en-architects",
    trade_en_broker = "trade-en-broker",
    trade_en_training = "trade-en-training",
    trade_es_it = "trade-es-it",
    trade_fr_agency = "trade-fr-agency",
    trade_fr_lawyers = "trade-fr-lawyers",
    trade_it_architects = "trade-it-architects",
    trade_it_laboratory = "trade-it-laboratory",
    trade_nl_training = "trade-nl-training",
    trade_nl_wholesale = "trade-nl-wholesale",
    trade_pt_cleaning = "trade-pt-cleaning",
    trade_pt_freight = "trade-pt-freight",
    two_row_heading = "two-row-heading",
    two_sheets = "two-sheets",
    utf16_csv = "utf16-csv",
    wrong_values = "wrong-values",
}

const POINTS: [(&str, &str); 5] = [
    ("our_contacts", "Points: our contacts"),
    ("client_contacts", "Points: client contacts"),
    ("meetings", "Points: meetings"),
    ("decision_level", "Points: decision maker"),
    ("survey_score", "Points: survey"),
];

/// Headings of fields in a result.
pub(crate) const HEADINGS: [(&str, &str); 20] = [
    ("client_id", "Client ID"),
    ("account_manager", "Account manager"),
    ("our_contacts", "Our contacts"),
    ("client_contacts", "Client contacts"),
    ("meetings", "Meetings (6 months)"),
    ("decision_level", "Decision-maker level"),
    ("survey_score", "Survey score"),
    ("survey_date", "Survey date"),
    ("comments", "Comments"),
    ("action_points", "Action points"),
    ("revenue_last_year", "Revenue last year"),
    ("target", "Target this year"),
    ("revenue_current", "Current performance"),
    ("currency", "Currency"),
    ("department", "Department"),
    ("stage", "Stage"),
    ("renewal_date", "Renewal date"),
    ("last_thanked", "Last thanked"),
    ("referrals", "Referrals"),
    ("override_status", "Override status"),
];

fn check(folder: &str) {
    let case = fixtures().join("cases").join(folder);
    let expected: Table = toml::from_str(&std::fs::read_to_string(case.join("expected.toml")).unwrap()).unwrap();
    let config = case.join("keeptabs.toml");
    let config = config.to_str().unwrap();
    let options: &[&str] =
        if case.join("keeptabs.toml").is_file() { &["--config", config] } else { &["--month", "2026-11"] };
    let ran = run(&case.join("inbox"), options);
    let mut wrong = Vec::new();
    if let Some(exit) = expected.get("exit").and_then(Value::as_integer)
        && i64::from(ran.status()) != exit
    {
        wrong.push(format!("exit status {}, expected {exit}: {}{}", ran.status(), ran.stdout(), ran.stderr()));
    }
    if ran.status() == 2 {
        assert!(wrong.is_empty(), "{wrong:#?}");
        return;
    }
    for file in tables(&expected, "file") {
        check_file(&ran, file, &mut wrong);
    }
    for sheet in tables(&expected, "sheet") {
        check_sheet(&ran, sheet, &mut wrong);
    }
    for client in tables(&expected, "client") {
        check_client(&ran, client, &mut wrong);
    }
    for values in tables(&expected, "values") {
        check_values(&ran, values, &mut wrong);
    }
    for finding in tables(&expected, "finding") {
        check_finding(&ran, finding, &mut wrong);
    }
    assert!(wrong.is_empty(), "{folder}:\n{}", wrong.join("\n"));
}

fn tables<'a>(expected: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    expected.get(name).and_then(Value::as_array).into_iter().flatten().map(|entry| entry.as_table().unwrap())
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key} in {table:?}"))
}

fn check_file(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) {
    let file = ran.file(text(expected, "source"));
    for (key, value) in expected {
        let value = serde_json::to_value(value).unwrap();
        if file[key] != value
            && !(key == "reason" && file[key].as_str().unwrap_or("").contains(value.as_str().unwrap()))
        {
            wrong.push(format!(
                "{}: {key} is {}, expected {value}; {}",
                expected["source"], file[key], file["findings"]
            ));
        }
    }
}

fn check_sheet(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) {
    let file = ran.file(text(expected, "source"));
    let given = expected.get("name").and_then(Value::as_str);
    // a csv has one sheet, and no name for it
    let is_it = |sheet: &&serde_json::Value| given.is_none_or(|name| sheet["name"] == name);
    let Some(sheet) = file["sheets"].as_array().unwrap().iter().find(is_it) else {
        wrong.push(format!("{}: no sheet {given:?}: {}", expected["source"], file["reason"]));
        return;
    };
    let name = given.unwrap_or("csv");
    if sheet["rows_read"].as_u64()
        != Some(["clients", "dropped", "rejected"].iter().map(|key| sheet[*key].as_u64().unwrap()).sum())
    {
        wrong.push(format!("{name}: rows do not reconcile: {sheet}"));
    }
    for (key, value) in expected {
        if key == "fields" {
            check_fields(sheet, "heading", value.as_table().unwrap(), name, wrong);
        } else if key == "columns" {
            check_fields(sheet, "column", value.as_table().unwrap(), name, wrong);
        } else if key != "source" {
            let value = serde_json::to_value(value).unwrap();
            if sheet[key] != value {
                wrong.push(format!(
                    "{name}: {key} is {}, expected {value}; {}; {}",
                    sheet[key], sheet["reason"], file["findings"]
                ));
            }
        }
    }
}

fn check_fields(sheet: &serde_json::Value, by: &str, fields: &Table, name: &str, wrong: &mut Vec<String>) {
    let columns = sheet["columns"].as_array().unwrap();
    for (heading, field) in fields {
        let found = columns.iter().find(|column| column[by] == heading.as_str());
        let Some(found) = found else {
            wrong.push(format!("{name}: no heading \"{heading}\""));
            continue;
        };
        let expected = field.as_str().unwrap();
        if found["field"].as_str().unwrap_or("") != expected {
            wrong.push(format!(
                "{name}: \"{heading}\" is {}, expected \"{expected}\": {}",
                found["field"], found["reason"]
            ));
        }
    }
}

/// The row of a result that holds a client.
fn client_row(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) -> Option<BTreeMap<String, Data>> {
    let name = text(expected, "name");
    let file = ran.file(text(expected, "source"));
    let Some(target) = file["target"].as_str() else {
        wrong.push(format!("{name}: its workbook was not written: {}", file["reason"]));
        return None;
    };
    let rows = match expected.get("sheet").and_then(Value::as_str) {
        Some(sheet) if !sheet.is_empty() => ran.clients(target, sheet),
        _ => ran.first_clients(target),
    };
    let found = rows.iter().find(|row| row["Client"].to_string() == name).cloned();
    if found.is_none() {
        wrong.push(format!(
            "no client {name:?} among {:?}",
            rows.iter().map(|row| row["Client"].to_string()).collect::<Vec<_>>()
        ));
    }
    found
}

fn check_values(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) {
    let Some(row) = client_row(ran, expected, wrong) else { return };
    for (field, value) in expected.get("values").and_then(Value::as_table).into_iter().flatten() {
        check_value(text(expected, "name"), &row, field, value, wrong);
    }
}

fn check_client(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) {
    let name = text(expected, "name");
    let Some(row) = client_row(ran, expected, wrong) else { return };
    let wanted = |value: Option<&Value>| value.and_then(|v| v.as_float().or(v.as_integer().map(|i| i as f64)));
    if number(&row["Score"]) != wanted(expected.get("score")) {
        wrong.push(format!("{name}: score {}, expected {:?}; {}", row["Score"], expected.get("score"), row["Why"]));
    }
    if let Some(status) = expected.get("status").and_then(Value::as_str)
        && row["Status"].to_string() != status
    {
        wrong.push(format!("{name}: {}, expected {status}", row["Status"]));
    }
    if let Some(points) = expected.get("points").and_then(Value::as_table) {
        for (id, heading) in POINTS {
            if number(&row[heading]) != wanted(points.get(id)) {
                wrong.push(format!("{name}: {heading} {}, expected {:?}", row[heading], points.get(id)));
            }
        }
    }
    check_values(ran, expected, wrong);
}

fn check_value(name: &str, row: &BTreeMap<String, Data>, field: &str, expected: &Value, wrong: &mut Vec<String>) {
    let Some((_, heading)) = HEADINGS.iter().find(|(id, _)| *id == field) else { panic!("no heading for {field}") };
    let Some(cell) = row.get(*heading) else {
        wrong.push(format!("{name}: no column {heading}"));
        return;
    };
    let same = match (expected, cell) {
        (Value::Integer(n), cell) => number(cell) == Some(*n as f64),
        (Value::Float(n), cell) => number(cell).is_some_and(|cell| (cell - n).abs() < 1e-9),
        (Value::String(text), Data::DateTime(date)) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            *text == format!("{year:04}-{month:02}-{day:02}")
        }
        (Value::String(text), cell) => cell.to_string().to_lowercase() == text.to_lowercase(),
        _ => false,
    };
    if !same {
        wrong.push(format!("{name}: {heading} is {cell:?}, expected {expected}"));
    }
}

fn check_finding(ran: &Ran, expected: &Table, wrong: &mut Vec<String>) {
    let file = ran.file(text(expected, "source"));
    let findings = file["findings"].as_array().unwrap();
    let fits = |finding: &&serde_json::Value| {
        ["sheet", "cell", "field", "code", "severity", "raw"]
            .iter()
            .all(|key| expected.get(*key).is_none_or(|value| finding[*key].as_str() == value.as_str()))
    };
    if !findings.iter().any(|finding| fits(&finding)) {
        let near: Vec<_> =
            findings.iter().filter(|f| f["cell"].as_str() == expected.get("cell").and_then(Value::as_str)).collect();
        wrong.push(format!("no finding {expected:?}; at that cell: {near:?}"));
    }
}
