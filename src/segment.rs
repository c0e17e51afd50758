//! Which scorecard rates which client of a list, where a `[[scorecard]]` is for clients with a word in one of its columns.

use crate::account::{Account, ClientTable, Input, Measure, OwnColumn, OwnKind, Parsed, Value};
use crate::book::{Book, Cell, CellRef, column_letters};
use crate::config::Config;
use crate::field::Kind;
use crate::finding::{Code, Finding};
use crate::mapping::{Column, heading_key};
use crate::output::department::carried_headings;
use crate::score::When;
use crate::text::{nearest, word_key};
use crate::value::number_text;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A scorecard that may rate clients of a list, and the column whose word decides.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Its place in the configuration.
    pub card: usize,
    /// The words.
    pub when: &'a When,
    /// The column.
    pub column: &'a Column,
}

/// The scorecards that name clients by a word in a column which these are among, in the order in which they go before
/// each other; the department's usual one comes after them.
pub fn choices<'a>(config: &'a Config, department: &str, columns: &'a [Column]) -> Vec<Choice<'a>> {
    let by_word = config.scorecards_by_word(department).into_iter();
    let found = by_word.filter_map(|(card, when)| Some(Choice { card, when, column: *named(columns, when).first()? }));
    found.collect()
}

/// Says of the columns whose words choose that they do.
pub fn explain(config: &Config, department: &str, columns: &mut [Column]) {
    let chosen: Vec<u16> = choices(config, department, columns).iter().map(|choice| choice.column.col).collect();
    for column in columns.iter_mut().filter(|column| column.field.is_none() && chosen.contains(&column.col)) {
        Column::CHOOSES.clone_into(&mut column.reason);
    }
}

/// Columns of words under the heading, from left to right.
fn named<'a>(columns: &'a [Column], when: &When) -> Vec<&'a Column> {
    let is_of_words = |column: &&Column| column.field.is_none_or(|field| field.kind() == Kind::Text);
    headed(columns, when).into_iter().filter(is_of_words).collect()
}

/// Columns under the heading, in a result that comes back under the one that it had in the department's list.
fn headed<'a>(columns: &'a [Column], when: &When) -> Vec<&'a Column> {
    let key = heading_key(&when.column);
    let carried: Vec<String> = carried_headings(&when.column).map(|heading| heading_key(&heading)).collect();
    let is_it = |column: &&Column| {
        let headings = [Some(&column.heading), column.original.as_ref()].into_iter().flatten();
        let is_carried = column.field.is_none() && carried.contains(&heading_key(&column.heading));
        column.own.is_none() && (is_carried || headings.map(|heading| heading_key(heading)).any(|own| own == key))
    };
    columns.iter().filter(is_it).collect()
}

/// The word of a client in a column, as the result shows it; days and durations are no words.
pub fn word<'b>(account: &Account<'_>, column: &Column, book: &'b Book, own: &'b [OwnColumn]) -> Option<Cow<'b, str>> {
    if let Some(field) = column.field {
        return account.text(field, book).map(Cow::Borrowed);
    }
    let counted = column.further.map(|place| (&own[place].kind, account.measure(&Measure::Own(place))));
    match counted {
        Some((OwnKind::Words(words), Input::Known(Value::Number(place)))) => {
            return words.get(place as usize).map(|word| Cow::Borrowed(word.as_str()));
        }
        Some((_, Input::Known(Value::Number(number)))) => return Some(Cow::Owned(number_text(number))),
        Some((_, Input::Known(_))) => return None,
        _ => {}
    }
    let cell = book.sheets[account.table.sheet].cell(CellRef { row: account.row(), col: column.col })?;
    match cell {
        Cell::Text(id) => Some(Cow::Borrowed(book.text(id))),
        Cell::Number(..) | Cell::Bool(_) => Some(Cow::Owned(book.shown(cell))),
        Cell::Date(..) | Cell::Time(..) | Cell::Error(_) => None,
    }
}

/// Gives each client of a department's workbook its scorecard, and says where a list does not keep the column that decides.
pub fn assign(parsed: &mut Parsed, config: &Config, department: &str) {
    let by_word = config.scorecards_by_word(department);
    if by_word.is_empty() {
        return;
    }
    let Parsed { book, tables, findings } = parsed;
    let usual = config.usual_scorecard(department);
    for table in tables {
        let sheet = book.sheets[table.sheet].name.as_str();
        let asked = by_word.iter().filter_map(|&(card, when)| asked(config, card, when, table));
        findings.extend(asked.map(|message| Finding::new(Code::ScorecardColumn, message).on(sheet)));
        let cards = cards(config, department, table, book, usual);
        table.set_cards(cards);
    }
}

/// The scorecard of each client; none where one rates them all.
fn cards(config: &Config, department: &str, table: &ClientTable, book: &Book, usual: usize) -> Vec<u16> {
    let choices: Vec<_> = choices(config, department, &table.columns)
        .into_iter()
        .map(|choice| (choice, choice.when.is.iter().map(|word| word_key(word)).collect::<BTreeSet<_>>()))
        .collect();
    if choices.is_empty() {
        return Vec::new();
    }
    let card = |account: Account<'_>| {
        let is_of = |(choice, words): &&(Choice<'_>, BTreeSet<String>)| {
            let own = word(&account, choice.column, book, &config.own_columns);
            own.is_some_and(|own| words.contains(&word_key(&own)))
        };
        let card = choices.iter().find(is_of).map_or(usual, |(choice, _)| choice.card);
        u16::try_from(card).expect("BUG: a configuration of so many scorecards does not fit into memory")
    };
    table.accounts().map(card).collect()
}

/// What is to be said of a list in which no column decides, or two could.
fn asked(config: &Config, card: usize, when: &When, table: &ClientTable) -> Option<String> {
    if table.is_empty() {
        return None;
    }
    let (card, heading) = (&config.scorecards[card], &when.column);
    let letters = |column: &&Column| column_letters(column.col);
    let none = format!("the scorecard \"{}\" rates no client of this list: ", card.name);
    match named(&table.columns, when).as_slice() {
        [_] => None,
        [first, others @ ..] => {
            let others: Vec<_> = others.iter().map(letters).collect();
            let (first, others) = (letters(first), others.join(", "));
            Some(format!(
                "several columns are headed \"{heading}\": column {first} decides who is rated by the scorecard \"{}\", \
                 {others} do not; give them different headings",
                card.name
            ))
        }
        [] => match headed(&table.columns, when).as_slice() {
            [column, ..] => {
                let field = column.field.map_or_else(String::new, |field| format!(", read as {field}"));
                Some(format!("{none}column {} is headed \"{heading}\"{field}, but holds no words", letters(column)))
            }
            [] => {
                let open = table.columns.iter().filter(|column| column.is_carried() && !column.heading.is_empty());
                let near = nearest(heading, open.map(|column| column.heading.as_str()));
                let near = near.map_or_else(|| ".".to_owned(), |near| format!("; did you mean \"{near}\"?"));
                let advice = match card.departments.as_slice() {
                    [] => " If only some departments keep that column, name them: departments = [\"…\"]",
                    _ => "",
                };
                Some(format!("{none}no column is headed \"{heading}\"{near}{advice}"))
            }
        },
    }
}

/// Every word of a list that a choice takes for one of its own and that Excel would not: with other accents or blanks.
pub fn further_spellings(choice: &Choice<'_>, table: &ClientTable, book: &Book, own: &[OwnColumn]) -> Vec<String> {
    let keys: BTreeSet<String> = choice.when.is.iter().map(|word| word_key(word)).collect();
    let compared = |word: &str| as_trimmed(word).to_lowercase();
    let mut known: BTreeSet<String> = choice.when.is.iter().map(|word| compared(word)).collect();
    let words = table.accounts().filter_map(|account| word(&account, choice.column, book, own));
    let taken = words.filter(|word| keys.contains(&word_key(word)));
    taken.filter(|word| known.insert(compared(word))).map(|word| as_trimmed(&word)).collect()
}

/// What Excel's TRIM leaves of a text.
pub(crate) fn as_trimmed(text: &str) -> String {
    text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
