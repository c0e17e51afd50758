//! The README's demo inbox: every client has the score that the contract gives by hand.

use crate::support::{fixtures, number, run};
use calamine::Data;
use std::collections::BTreeMap;

const VALUES: [(&str, &str); 9] = [
    ("Our contacts", "our_contacts"),
    ("Client contacts", "client_contacts"),
    ("Meetings (6 months)", "meetings"),
    ("Decision-maker level", "decision_level"),
    ("Survey score", "survey_score"),
    // as the organisation writes the name; the department keeps its own spelling
    ("Manager key", "account_manager"),
    ("Revenue last year", "revenue_last_year"),
    ("Target this year", "target"),
    ("Current performance", "revenue_current"),
];

#[test]
fn every_client_of_the_demo_has_its_score() {
    let ran = run(&fixtures().join("inbox"), &[]);
    assert_eq!(ran.status(), 0, "{}{}", ran.stdout(), ran.stderr());
    let mut expected = csv::Reader::from_path(fixtures().join("expected.csv")).unwrap();
    let mut wrong = Vec::new();
    let mut checked = 0;
    // rows of one sheet in the source's order, which the result keeps
    let mut sheets: BTreeMap<(String, String), Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for row in expected.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        sheets.entry((row["file"].clone(), row["sheet"].clone())).or_default().push(row);
    }
    for ((file, sheet), rows) in &sheets {
        let report = ran.file(file);
        let Some(target) = report["target"].as_str() else {
            wrong.push(format!("{file} was not written: {}", report["reason"]));
            continue;
        };
        let found = if sheet.is_empty() { ran.first_clients(target) } else { ran.clients(target, sheet) };
        if found.len() != rows.len() {
            wrong.push(format!("{file} {sheet}: {} clients, expected {}", found.len(), rows.len()));
        }
        for (found, expected) in found.iter().zip(rows) {
            checked += 1;
            let wanted = |key: &str| expected[key].parse::<f64>().ok();
            let mut compare = |heading: &str, key: &str| {
                if number(&found[heading]) != wanted(key) {
                    wrong.push(format!(
                        "{file} row {}: {heading} {}, expected {:?}",
                        expected["row"], found[heading], expected[key]
                    ));
                }
            };
            compare("Score", "score");
            compare("Points: our contacts", "our_contacts");
            compare("Points: client contacts", "client_contacts");
            compare("Points: meetings", "meetings");
            compare("Points: decision maker", "decision_level");
            compare("Points: survey", "survey_score");
            for (heading, key) in VALUES {
                let (found, wanted) = (&found[heading], &expected[&format!("value_{key}")]);
                let same = match wanted.parse::<f64>() {
                    Ok(wanted) => matches!(found, Data::Float(_) | Data::Int(_)) && number(found) == Some(wanted),
                    // what could not be read comes back as it was handed in; that it is listed, the traps below say
                    Err(_) if wanted.is_empty() => !matches!(found, Data::Float(_) | Data::Int(_)),
                    Err(_) => found.to_string().to_lowercase() == wanted.to_lowercase(),
                };
                if !same {
                    wrong.push(format!("{file} row {}: {heading} {found:?}, expected {wanted:?}", expected["row"]));
                }
            }
            for (heading, key) in [("Client", "client"), ("Status", "status")] {
                if found[heading].to_string().trim() != expected[key].trim() {
                    wrong.push(format!(
                        "{file} row {}: {heading} {:?}, expected {:?}",
                        expected["row"], found[heading], expected[key]
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked >= 150, "only {checked} clients");
}

#[test]
fn the_articles_own_sheet_scores_2_and_6() {
    let ran = run(&fixtures().join("inbox"), &[]);
    let rows = ran.clients("Services/Client retention matrix.xlsx", &first_sheet(&ran));
    let score = |name: &str| {
        let row = rows.iter().find(|row| row["Client"].to_string() == name).unwrap();
        (number(&row["Score"]), row["Why"].to_string())
    };
    assert_eq!(score("Client 1").0, Some(2.0), "{}", score("Client 1").1);
    assert_eq!(score("Client 6"), (Some(6.0), "6 of 6".to_owned()));
}

fn first_sheet(ran: &crate::support::Ran) -> String {
    ran.file("Services/Client retention matrix.xlsx")["sheets"][0]["name"].as_str().unwrap().to_owned()
}

/// The traps of the demo inbox that leave a finding: file, cell, code.
const TRAPS: [(&str, &str, &str); 7] = [
    ("Sales/UK clients.xlsx", "I15", "error-cell"),
    ("Sales/UK clients.xlsx", "B33", "row-dropped"),
    ("Consulting/Consulting client matrix.xlsx", "I12", "wrong-value"),
    ("Consulting/Consulting client matrix.xlsx", "H24", "wrong-value"),
    ("Services/Support contracts.xlsx", "D9", "read-as"),
    ("Services/Support contracts.xlsx", "G13", "wrong-value"),
    ("Services/Field services.xls", "D11", "negative-amount"),
];

#[test]
fn every_trap_leaves_its_finding() {
    let ran = run(&fixtures().join("inbox"), &[]);
    for (file, cell, code) in TRAPS {
        let findings = ran.file(file)["findings"].clone();
        let found =
            findings.as_array().unwrap().iter().any(|finding| finding["cell"] == cell && finding["code"] == code);
        assert!(found, "{file} {cell} {code}: {findings:#}");
    }
    let report = ran.report();
    let said = |code: &str, words: &[&str]| {
        let all = report["files"].as_array().unwrap().iter().flat_map(|file| file["findings"].as_array().unwrap());
        let all = all.chain(report["findings"].as_array().unwrap());
        let mut fitting = all.filter(|finding| finding["code"] == code);
        fitting.any(|finding| words.iter().all(|word| finding["message"].as_str().unwrap().contains(word)))
    };
    assert!(said("manager-merged", &["Costa, Ana", "Ana Costa"]));
    assert!(said("conflict", &["Noordzee Logistiek B.V.", "our contacts"]));
    let matrix = ran.file("Consulting/Consulting client matrix.xlsx");
    let notes = matrix["sheets"].as_array().unwrap().iter().find(|sheet| sheet["name"] == "Notes").unwrap().clone();
    assert_eq!(notes["status"], "skipped", "{notes:#}");
    assert_eq!(matrix["sheets"][0]["header_row"], 4);
    let support = ran.file("Services/Support contracts.xlsx");
    assert_eq!(support["sheets"][0]["dropped"], 3, "three section headings");
}
