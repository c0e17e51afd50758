//! The README's demo inbox: every client has the score that the contract gives by hand.

use crate::support::{fixtures, number, run};
use std::collections::BTreeMap;

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
