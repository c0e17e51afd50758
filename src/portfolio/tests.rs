//! What the tests of the portfolio share: rows, settings, a scorecard, a generator of organisations.

use super::entry::{Basis, Entry, Ids, Measures, Rated, Settings, Source};
use super::name::test_words;
use crate::field::{Field, Stage, Status};
use crate::mapping::Column;
use std::collections::BTreeMap;

/// Settings as they are by default, for a reporting month that ends on day 46356.
pub(crate) fn settings() -> Settings {
    Settings {
        key_share: 0.8,
        basis: Basis::RevenueLastYear,
        ids: Ids::Organisation,
        currency: None,
        rates: BTreeMap::new(),
        same: Vec::new(),
        different: Vec::new(),
        words: test_words(),
        as_of: 46_356,
    }
}

/// Columns of every field, in their order.
pub(super) fn columns() -> &'static [Column] {
    let column = |(col, &field): (usize, &Field)| Column {
        col: col as u16,
        heading: field.id().to_owned(),
        field: Some(field),
        own: None,
        further: None,
        tier: None,
        original: None,
        reason: String::new(),
        scale: 1.0,
        survey_scale: None,
        percent: false,
        currency: None,
    };
    static COLUMNS: std::sync::OnceLock<Vec<Column>> = std::sync::OnceLock::new();
    COLUMNS.get_or_init(|| Field::ALL.iter().enumerate().map(column).collect())
}

/// A row of an active client of which nothing is known, in the table of its department.
pub(super) fn entry<'a>(index: usize, department: &'a str, client: &'a str) -> Entry<'a> {
    Entry {
        source: Source {
            file: usize::from(department.bytes().next().unwrap_or_default()),
            table: 0,
            account: index,
            file_name: department,
            sheet: "Clients",
            row: index as u32 + 1,
            columns: columns(),
        },
        department,
        client,
        client_id: None,
        account_manager: None,
        stage: Stage::Active,
        measures: Measures::default(),
        currency: None,
        rated: rated(None, 6.0),
        shown: Status::NotScored,
        overridden: false,
        comments: None,
        action_points: None,
    }
}

fn status(score: f64) -> Status {
    match score {
        5.0.. => Status::Strong,
        3.0.. => Status::Watch,
        _ => Status::AtRisk,
    }
}

/// Judged by the default bands.
pub(super) fn rated(score: Option<f64>, best_case: f64) -> Rated {
    Rated {
        score,
        maximum: 6.0,
        best_case,
        status: score.map_or(Status::NotScored, status),
        best_status: status(best_case),
        worry: score.map(|score| score <= 4.0),
        best_worry: best_case <= 4.0,
        kpi_met: score.map(|score| score >= 4.0),
        one_point_away: score.is_some_and(|score| (3.0..4.0).contains(&score)),
    }
}

/// The default scorecard.
pub(super) fn rate(measures: &Measures) -> Rated {
    let above = |input: crate::account::Input, limit: f64| input.number().map(|n| f64::from(n > limit));
    let points = [
        (above(measures.our_contacts, 1.0), 1.0),
        (above(measures.client_contacts, 1.0), 1.0),
        (above(measures.meetings, 1.0), 1.0),
        (measures.decision_level.level().map(|level| f64::from(level as u8)), 2.0),
        (above(measures.survey_score, 8.0), 1.0),
    ];
    let score: f64 = points.iter().filter_map(|(points, _)| *points).sum();
    let best = points.iter().map(|(points, most)| points.unwrap_or(*most)).sum();
    rated(points.iter().any(|(points, _)| points.is_some()).then_some(score), best)
}

/// A small generator of numbers (SplitMix64): the same seed, the same numbers.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    pub(super) fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Company names as they come: common words, invented stems, legal forms, a misspelling now and then.
pub(super) fn company_names(count: usize, seed: u64) -> Vec<String> {
    const SYLLABLES: &[&str] = &[
        "ba", "cor", "den", "fal", "gri", "hol", "kin", "lam", "mer", "nor", "pol", "ras", "sel", "tor", "vin", "wes",
    ];
    const TRADES: &[&str] =
        &["Logistics", "Consulting", "Bank", "Foods", "Transport", "Bau", "Systems", "Energy", "Partners", "Media"];
    const FORMS: &[&str] = &["Ltd", "GmbH", "B.V.", "S.A.", "Ltda", "", "", "Inc"];
    let mut random = Random(seed);
    (0..count)
        .map(|_| {
            let length = 3 + random.below(2);
            let mut stem: String = (0..length).map(|_| random.one_of(SYLLABLES)).collect();
            if random.below(20) == 0 {
                stem.remove(3);
            }
            let name = format!("{stem} {} {}", random.one_of(TRADES), random.one_of(FORMS));
            name.trim_end().to_owned()
        })
        .collect()
}
