//! Any text or number as any kind of value: what was read is finite and reads the same when it is written down.

use crate::noise::Noise;
use keeptabs::account::Value;
use keeptabs::dictionary::Dictionary;
use keeptabs::value::date::DateOrder;
use keeptabs::value::number::Mark;
use keeptabs::value::reading::{Context, Outcome, Raw, Reading};
use keeptabs::value::words::Words;
use keeptabs::value::{count, date, date_text, level, money, number_text, survey};

const SEEDS: [&str; 40] = [
    "8,5",
    "8.5",
    "1.234",
    "1,234,567.89",
    "1.234.567,89",
    "1 234",
    "€ 1.200",
    "£1k",
    "12 Mio. €",
    "(500)",
    "-3,2 %",
    "3+",
    "~4",
    "9/10",
    "4 of 5",
    "8 von 10",
    "n/a",
    "-",
    "k. A.",
    "twee",
    "drei",
    "30/06/2026",
    "2026-06-30",
    "30 juin 2026",
    "June 2026",
    "Q2 2026",
    "6-7-26",
    "31.12.26",
    "00:30",
    "C-level",
    "Directeur",
    "senior",
    "Head of IT",
    "1e5",
    "0x10",
    "٣",
    "½",
    "USD 3,000",
    "100%",
    "1,000",
];

pub(crate) struct Values {
    words: Words,
}

impl Values {
    pub(crate) fn new() -> Self {
        Self { words: Words::new(Dictionary::built_in()) }
    }

    pub(crate) fn once(&self, noise: &mut Noise) -> String {
        let mark = *noise.pick(&[None, Some(Mark::Comma), Some(Mark::Point)]);
        let order = *noise.pick(&[None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)]);
        let context = Context {
            words: &self.words,
            mark,
            order,
            mixed_order: noise.one_in(4),
            ranks: noise.one_in(4),
            year: 2026,
        };
        let text = {
            let seed = *noise.pick(&SEEDS);
            if noise.one_in(5) { format!("{seed}{}", noise.pick(&SEEDS)) } else { noise.mutated(seed) }
        };
        let number = f64::from_bits(noise.next());
        let format = *noise.pick(&["General", "0%", "00000", "0.00 \"€\"", "#,##0 [$EUR]"]);
        let raw = match noise.below(8) {
            0 => Raw::Number(number, format),
            1 => Raw::Number((noise.next() as i32 as f64) / 8.0, format),
            2 => Raw::Date(number),
            3 => Raw::Time(number),
            _ => Raw::Text(&text),
        };
        let told = format!("{raw:?} with {mark:?}, {order:?}");
        let scale = *noise.pick(&[1.0, 1000.0, 1e6]);
        for (kind, reading) in [
            ("count", count::count(raw, &context)),
            ("money", money::money(raw, scale, &context)),
            ("number", money::plain_number(raw, &context)),
            ("survey", survey::survey(raw, None, noise.one_in(2), &context)),
            ("level", level::level(raw, &context)),
            ("date", date::date(raw, &context)),
        ] {
            self.holds(kind, &reading, &told);
        }
        told
    }

    fn holds(&self, kind: &str, reading: &Reading, told: &str) {
        let plain = Context {
            words: &self.words,
            mark: Some(Mark::Point),
            order: None,
            mixed_order: false,
            ranks: false,
            year: 2026,
        };
        match &reading.outcome {
            Outcome::Known(Value::Number(number)) => {
                assert!(number.is_finite(), "{kind} {told}: {number}");
                let written = number_text(*number);
                let again = money::plain_number(Raw::Text(&written), &plain).outcome;
                // beyond that a number is written with an exponent or more digits than money has
                if number.abs() < 1e15 && number.abs() > 1e-9 {
                    assert_eq!(again, Outcome::Known(Value::Number(*number)), "{kind} {told}: {written}");
                }
                if kind == "count" {
                    assert!(*number >= 0.0, "{kind} {told}: {number}");
                }
                if kind == "survey" {
                    assert!((0.0..=10.0).contains(number), "{kind} {told}: {number}");
                }
            }
            Outcome::Known(Value::Date(serial)) => {
                let written = date_text(f64::from(*serial));
                let again = date::date(Raw::Text(&written), &plain).outcome;
                assert_eq!(again, Outcome::Known(Value::Date(*serial)), "{kind} {told}: {written}");
            }
            Outcome::Wrong(why) => assert!(!why.is_empty(), "{kind} {told}"),
            _ => {}
        }
    }
}
