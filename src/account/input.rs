//! One cell of one client → its input, with a finding for whatever is not plain.

use crate::account::columns::{Doubt, Survey};
use crate::account::currency::{Amount, is_bare_dollar};
use crate::account::evidence::As;
use crate::account::parse::SheetParser;
use crate::account::rows::{NameFrom, shortened};
use crate::account::{Input, Value};
use crate::book::{Cell, Row, TextId};
use crate::field::{Field, Kind};
use crate::finding::{Code, Finding};
use crate::mapping::SurveyScale;
use crate::period::serial;
use crate::text::fold;
use crate::value::reading::{Outcome, Raw, Reading, trim};
use crate::value::words::Words;
use crate::value::{MAX_COUNT, count, date, level, money, number_text, survey};

impl SheetParser<'_, '_> {
    /// The input of one client in one column.
    pub(super) fn input(
        &mut self,
        row: &Row<'_>,
        place: usize,
        name: NameFrom,
        survey: &Survey,
        amount: &mut Amount,
    ) -> Input {
        let grid = self.grid;
        let read = &grid.reads[place];
        let field = read.field();
        let kind = As::of(&read.measure, self.settings.own_columns);
        if field == Some(Field::Client) {
            return self.client(row, place, name);
        }
        if field == Some(Field::SurveyScore) && survey.dropped {
            return Input::Missing;
        }
        let is_word = match kind {
            As::Field(kind) => {
                !matches!(kind, Kind::Count | Kind::Survey | Kind::Money) && field != Some(Field::ClientId)
            }
            As::Words(_) => true,
            As::Number | As::Date => false,
        };
        let held = || grid.held(row.row, place).filter(|_| is_word);
        let cell = grid.cell(row, place).or_else(held);
        if !is_word && self.is_shared_value(row.row, place) {
            let reading = Reading::wrong("is merged over several rows, so it is not clear which client it belongs to");
            let raw = cell.map_or(Raw::Text(""), |cell| grid.raw(cell));
            return self.judge(row.row, place, raw, &reading, survey);
        }
        let Some(cell) = cell else { return Input::Missing };
        let raw = grid.raw(cell);
        let context = &self.contexts[place];
        let reading = match kind {
            As::Field(Kind::Text) => return self.text(row.row, place, cell, survey),
            As::Field(Kind::Count) => count::count(raw, context),
            As::Field(Kind::Level) => level::level(raw, context),
            As::Field(Kind::Survey) => survey::survey(raw, survey.scale, survey.shares, context),
            As::Field(Kind::Money) => {
                let reading = money::money(raw, read.column.scale, context);
                *amount = Amount {
                    typed: reading.currency,
                    bare_dollar: matches!(raw, Raw::Text(text) if text.contains('$') && !text.contains(char::is_alphabetic)),
                    heading: read.column.currency,
                    bare_in_heading: read.column.currency.is_some() && is_bare_dollar(&read.column.heading),
                    format: match cell {
                        Cell::Number(_, format) => self.formats.of(format),
                        _ => None,
                    },
                };
                reading
            }
            As::Field(Kind::Stage) => self.word(raw, |words, folded| words.stage(folded).map(Value::Stage)),
            As::Field(Kind::Status) => self.word(raw, |words, folded| words.status(folded).map(Value::Status)),
            As::Field(Kind::Currency) => match raw {
                Raw::Text(text) if !self.words.is_missing(text) => self.words.currency(text).map_or_else(
                    || Reading::wrong("is no currency that is known"),
                    |c| Reading::known(Value::Currency(c)),
                ),
                raw => self.word(raw, |_, _| None),
            },
            As::Field(Kind::Date) | As::Date => {
                let mut reading = date::date(raw, context);
                let not_later = matches!(field, Some(Field::SurveyDate | Field::LastThanked));
                let as_of = self.settings.period.as_of();
                if let Outcome::Known(Value::Date(day)) = reading.outcome
                    && not_later
                    && day > serial(as_of)
                {
                    reading = Reading::wrong(format!("lies after {as_of}, the end of the reporting month"));
                }
                reading
            }
            As::Number => money::plain_number(raw, context),
            As::Words(list) => {
                let place_of = |folded: &str| list.iter().position(|word| fold(word) == folded);
                self.word(raw, |_, folded| place_of(folded).map(|at| Value::Number(at as f64)))
            }
        };
        self.judge(row.row, place, raw, &reading, survey)
    }

    /// A number or date under a merge that covers several rows of the table.
    fn is_shared_value(&self, row: u32, place: usize) -> bool {
        self.grid.is_shared(row, place)
            && self.grid.merge(row, place).is_some_and(|area| {
                let filled = self.grid.sheet.cell(area.first).is_some_and(|cell| !self.grid.raw(cell).is_blank());
                let rows = (area.first.row.max(self.grid.map.header_row + 1)
                    ..=area.last.row.min(self.grid.map.last_row))
                    .filter(|&row| self.grid.sheet.row(row).is_some_and(|row| self.grid.filled(row).next().is_some()))
                    .take(2)
                    .count();
                filled && rows > 1
            })
    }

    fn client(&mut self, row: &Row<'_>, place: usize, name: NameFrom) -> Input {
        let from = match name {
            NameFrom::Client => Some(place),
            NameFrom::Id => self.grid.place(Field::ClientId),
        };
        let cell = from.and_then(|place| self.grid.cell(row, place));
        // The row was sorted in because this cell holds a name.
        cell.map_or(Input::Missing, |cell| Input::Known(Value::Text(self.text_id(cell))))
    }

    fn text_id(&mut self, cell: Cell) -> TextId {
        let shown = self.grid.raw(cell).shown();
        match cell {
            Cell::Text(id) if trim(&shown).len() == shown.len() => id,
            _ => self.texts.id(trim(&shown)),
        }
    }

    fn text(&mut self, row: u32, place: usize, cell: Cell, survey: &Survey) -> Input {
        let field = self.grid.reads[place].field();
        let free = matches!(field, Some(Field::Comments | Field::ActionPoints));
        match self.grid.raw(cell) {
            raw @ Raw::Error(error) => {
                let reading = Reading { outcome: Outcome::Error(error), ..Reading::missing() };
                self.judge(row, place, raw, &reading, survey)
            }
            Raw::Text(text) if !free && self.words.is_missing(text) => Input::Missing,
            // A formula that points to an empty cell gives 0.
            Raw::Number(0.0, _) if matches!(field, Some(Field::AccountManager | Field::Department)) => Input::Missing,
            _ => Input::Known(Value::Text(self.text_id(cell))),
        }
    }

    /// A cell that holds one word of a list.
    fn word(&self, raw: Raw<'_>, of: impl Fn(&Words, &str) -> Option<Value>) -> Reading {
        match raw {
            Raw::Error(error) => Reading { outcome: Outcome::Error(error), ..Reading::missing() },
            Raw::Text(text) if self.words.is_missing(text) => Reading::missing(),
            Raw::Text(_) | Raw::Number(..) => of(self.words, &fold(&raw.shown()))
                .map_or_else(|| Reading::wrong("is no word that is known"), Reading::known),
            Raw::Date(_) | Raw::Time(_) | Raw::Bool(_) => Reading::wrong("is no word that is known"),
        }
    }

    /// Turns a reading into an input and writes down what there is to say.
    pub(super) fn judge(&mut self, row: u32, place: usize, raw: Raw<'_>, reading: &Reading, survey: &Survey) -> Input {
        let read = &self.grid.reads[place];
        let field = read.field();
        let shown = raw.shown();
        let short = shortened(trim(&shown), 60);
        let finding = |code, message: String| {
            let finding = Finding::new(code, message).at(row, read.column.col).raw(shortened(&shown, 300));
            match field {
                Some(field) => finding.of(field),
                None => finding,
            }
        };
        if let Some(note) = &reading.note {
            self.findings.push(finding(Code::ReadAs, note.clone()));
        }
        if let Some((taken, other)) = &reading.two_ways {
            let doubt = self.doubts.entry(place).or_insert_with(|| Doubt {
                count: 0,
                row,
                raw: short.clone(),
                taken: taken.clone(),
                other: other.clone(),
            });
            doubt.count += 1;
        }
        let expected = expected(field, As::of(&read.measure, self.settings.own_columns), survey.scale);
        let effect = effect(field);
        match &reading.outcome {
            Outcome::Known(value) => Input::Known(*value),
            Outcome::Missing => Input::Missing,
            Outcome::Wrong(why) => {
                self.findings
                    .push(finding(Code::WrongValue, format!("\"{short}\" {why}; expected {expected}; {effect}")));
                Input::Wrong
            }
            Outcome::Error(error) => {
                let message = format!(
                    "holds the Excel error {error}; expected {expected}; {effect}; mend the formula in the source"
                );
                self.findings.push(finding(Code::ErrorCell, message));
                Input::Wrong
            }
        }
    }
}

/// What a field's cells should hold, for a person.
fn expected(field: Option<Field>, kind: As<'_>, scale: Option<SurveyScale>) -> String {
    match kind {
        As::Field(Kind::Count) => format!("a whole number from 0 to {}", number_text(MAX_COUNT)),
        As::Field(Kind::Level) => "junior, middle or senior, or a title that the dictionary knows".to_owned(),
        As::Field(Kind::Survey) => {
            let scale = scale.unwrap_or(survey::TEN);
            format!("a number from {} to {}", number_text(scale.low), number_text(scale.high))
        }
        As::Field(Kind::Money) => "an amount of money like 1200.50".to_owned(),
        As::Field(Kind::Stage) => "active, prospect or former".to_owned(),
        As::Field(Kind::Status) => "Strong, Watch or At risk".to_owned(),
        As::Field(Kind::Currency) => "a currency like EUR or €".to_owned(),
        As::Field(Kind::Text) => "a text".to_owned(),
        As::Field(Kind::Date) | As::Date => match field {
            Some(Field::SurveyDate | Field::LastThanked) => "a date like 2026-11-30, not in the future".to_owned(),
            _ => "a date like 2026-11-30".to_owned(),
        },
        As::Number => "a number".to_owned(),
        As::Words(words) => format!("one of: {}", words.join(", ")),
    }
}

/// What a wrong value does.
fn effect(field: Option<Field>) -> &'static str {
    match field {
        Some(Field::Stage) => "the client counts as active",
        Some(Field::Currency) => "the amounts of the row count as missing",
        _ => "it counts as missing",
    }
}
