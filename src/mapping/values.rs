//! What the cells of a column are, as evidence for or against its heading. Tolerant: a few wrong cells decide nothing.

use super::index::Index;
use crate::book::{Book, Cell, Sheet, TextId};
use crate::field::{Field, Kind};
use crate::text::fold;
use crate::value::level::rank;
use std::collections::HashSet;

/// How many cells of a column are what; missing tokens and error values are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Cells with a value.
    pub filled: u32,
    numbers: u32,
    dates: u32,
    levels: u32,
    stages: u32,
    statuses: u32,
    currencies: u32,
    letters: u32,
    digits: u32,
    /// Plain numbers that Excel shows as days where their cells are formatted so.
    serials: u32,
    /// Whole numbers that calendar years are.
    years: u32,
    /// Whole numbers as a count of people or meetings is.
    counts: u32,
    names: u32,
    full_names: u32,
    /// Single words that are no level, stage, status or currency: first names, initials, logins.
    tokens: u32,
    /// First letters of levels, and which.
    ranks: u32,
    letters_of_ranks: u8,
    /// The highest whole number.
    highest: u32,
    /// Different texts and whole numbers, where that is asked for.
    distinct: u32,
}

/// What values say about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No value at all: never a contradiction.
    Empty,
    /// They suit it.
    Agrees,
    /// They are something else.
    Contradicts,
}

const MISSING: u16 = 1;
const NUMBER: u16 = 2;
const DATE: u16 = 4;
const LEVEL: u16 = 8;
const STAGE: u16 = 16;
const STATUS: u16 = 32;
const CURRENCY: u16 = 64;
const LETTERS: u16 = 128;
const DIGITS: u16 = 256;
const NAME: u16 = 512;
const FULL_NAME: u16 = 1024;
/// Already looked at.
const SEEN: u16 = 2048;
const SERIAL: u16 = 4096;
const YEAR: u16 = 8192;
const TOKEN: u16 = 16384;
const COUNT: u16 = 32768;
/// Numbers of people and meetings.
const COUNTS: std::ops::RangeInclusive<f64> = 0.0..=60.0;
/// Numbers that are read as years where a column of amounts holds nothing else.
const YEARS: std::ops::RangeInclusive<f64> = 1990.0..=2100.0;

/// Texts longer than this are prose.
const LONGEST: usize = 48;

impl Profile {
    fn add(&mut self, class: u16) {
        if class & MISSING != 0 {
            return;
        }
        self.filled += 1;
        let counters = [
            (NUMBER, &mut self.numbers),
            (DATE, &mut self.dates),
            (LEVEL, &mut self.levels),
            (STAGE, &mut self.stages),
            (STATUS, &mut self.statuses),
            (CURRENCY, &mut self.currencies),
            (LETTERS, &mut self.letters),
            (DIGITS, &mut self.digits),
            (SERIAL, &mut self.serials),
            (YEAR, &mut self.years),
            (NAME, &mut self.names),
            (FULL_NAME, &mut self.full_names),
            (TOKEN, &mut self.tokens),
            (COUNT, &mut self.counts),
        ];
        for (flag, counter) in counters {
            *counter += u32::from(class & flag != 0);
        }
    }

    /// What the values say about the field; a weak heading needs values that plainly bear it out.
    pub(crate) fn verdict(&self, field: Field, weak: bool) -> Verdict {
        if self.filled == 0 {
            return Verdict::Empty;
        }
        if field.kind() == Kind::Money && self.are_years() {
            return Verdict::Contradicts;
        }
        let agree = match field.kind() {
            Kind::Text => match field {
                Field::AccountManager if weak => return self.names_verdict(),
                // one of a few that come again and again is no client
                Field::Client if weak => self.distinct.min(self.letters),
                // what is the same in two rows tells no client from another
                Field::ClientId if weak => match self.distinct >= self.filled && self.dates == 0 && !self.counts_rows()
                {
                    true => self.digits.max(self.numbers),
                    false => 0,
                },
                // "Our team": one of a few that come again and again, and no one's name
                Field::Department if weak => {
                    match self.distinct * 2 <= self.filled && self.full_names * 2 < self.filled {
                        true => self.letters,
                        false => 0,
                    }
                }
                Field::Client | Field::AccountManager => self.letters,
                // "N. rif. cliente" over 3, 4 and 3 counts somebody
                Field::ClientId if self.are_counts() => 0,
                // "Dip." are employees where they are numbers
                Field::Department => self.letters,
                // "Nota em", with dates below
                Field::Comments | Field::ActionPoints if self.is_dated() || self.is_numeric() => 0,
                _ => self.filled,
            },
            Kind::Count | Kind::Survey | Kind::Money => self.numbers,
            // "8/10" has digits, too
            Kind::Date if weak => self.dates.max(self.serials),
            Kind::Date => self.dates.max(self.digits),
            // "J", "M" and "S", and nothing else
            Kind::Level if self.ranks == self.filled && self.letters_of_ranks.count_ones() >= 2 => self.filled,
            Kind::Level => self.levels,
            Kind::Stage => self.stages,
            Kind::Status => self.statuses,
            Kind::Currency => self.currencies,
        };
        // a plain heading is believed as long as half of its column bears it out: what cannot be read is listed cell by
        // cell; a weak one has only its values to speak for it
        let (n, of) = match field.kind() {
            // not every title is in the dictionary, and names of people are none at all
            Kind::Level if weak => (1, 3),
            Kind::Level => (1, 4),
            _ if weak => (4, 5),
            _ => (1, 2),
        };
        let disagree = self.filled - agree.min(self.filled);
        let few = u64::from(agree) * of < u64::from(self.filled) * n;
        if few && (weak || disagree >= 2) { Verdict::Contradicts } else { Verdict::Agrees }
    }

    /// "Nr." over 1, 2, 3: of the row, and of no client.
    fn counts_rows(&self) -> bool {
        self.numbers == self.filled && self.highest > 0 && self.highest <= self.filled + self.filled / 10 + 1
    }

    fn are_counts(&self) -> bool {
        self.filled >= 3 && self.counts == self.filled && self.distinct > 0 && self.distinct < self.filled
    }

    /// "Target year": no three clients all bring in about two thousand.
    fn are_years(&self) -> bool {
        self.filled >= 3 && self.years == self.filled
    }

    /// Whether nearly all are dates.
    pub(crate) fn is_dated(&self) -> bool {
        self.filled > 0 && u64::from(self.dates) * 5 >= u64::from(self.filled) * 4
    }

    /// Whether nearly all are numbers.
    pub(crate) fn is_numeric(&self) -> bool {
        self.filled > 0 && u64::from(self.numbers) * 5 >= u64::from(self.filled) * 4
    }

    /// Whether a few names of people come again and again.
    pub(crate) fn is_few_names(&self) -> bool {
        self.names_verdict() == Verdict::Agrees
            && self.distinct * 3 <= self.filled * 2
            && self.full_names * 5 >= self.filled * 4
    }

    /// Whether the same few texts come again and again.
    pub(crate) fn is_repeated(&self) -> bool {
        self.filled >= 4 && self.distinct > 0 && self.distinct * 3 <= self.filled * 2
    }

    fn names_verdict(&self) -> Verdict {
        let mostly = u64::from(self.names) * 5 >= u64::from(self.filled) * 4;
        let full = u64::from(self.full_names) * 2 >= u64::from(self.filled);
        // whoever stands in one row only is the client's own: its accountant, its owner
        let each_once = self.filled >= 6 && self.distinct >= self.filled;
        if mostly && full && !each_once || self.are_few_people() { Verdict::Agrees } else { Verdict::Contradicts }
    }

    /// "Gary", "M. Diaz" and "DH", again and again: who looks after the clients, by a first name, initials or a login.
    fn are_few_people(&self) -> bool {
        let people = self.full_names + self.tokens;
        self.filled >= 3 && people * 5 >= self.filled * 4 && self.distinct * 3 <= self.filled * 2
    }

    /// "18 of 20 cells are text", for a message.
    pub(crate) fn in_words(&self) -> String {
        if self.are_years() {
            return format!("{} of {} values are years", self.years, self.filled);
        }
        let text = self.filled.saturating_sub(self.numbers.max(self.dates));
        let (count, kind) = [(self.numbers, "numbers"), (self.dates, "dates"), (text, "words")]
            .into_iter()
            .max_by_key(|&(count, _)| count)
            .unwrap_or((0, "words"));
        format!("{count} of {} values are {kind}", self.filled)
    }
}

/// How closely the texts of a column are looked at: only as far as its heading needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Whether there are any.
    Filled,
    /// Whether they have letters.
    Letters,
    /// What they are.
    Closely,
}

/// Looks at every filled cell of a range once; `columns` are the headings' texts, which may be repeated further down.
pub(crate) fn profiles(
    sheet: &Sheet,
    book: &Book,
    index: &Index,
    rows: (u32, u32),
    first: u16,
    columns: &[(Option<TextId>, Look)],
) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); columns.len()];
    let mut classes: Vec<u16> = Vec::new();
    let mut texts: Vec<HashSet<TextId>> = vec![HashSet::new(); columns.len()];
    let mut numbers: Vec<HashSet<u64>> = vec![HashSet::new(); columns.len()];
    let start = sheet.rows().position(|row| row.row >= rows.0).unwrap_or(sheet.row_count());
    for row in (start..sheet.row_count()).map(|at| sheet.row_at(at)).take_while(|row| row.row <= rows.1) {
        for (col, cell) in row.cells() {
            let Some(at) = col.checked_sub(first).map(usize::from).filter(|at| *at < columns.len()) else {
                continue;
            };
            let (heading, look) = columns[at];
            if let (Cell::Number(number, _), Look::Closely | Look::Letters) = (cell, look)
                && number.fract() == 0.0
            {
                numbers[at].insert(number.to_bits());
                // a float that is too big or below 0 is the nearest that fits
                profiles[at].highest = profiles[at].highest.max(number as u32);
            }
            let class = match cell {
                Cell::Text(id) if heading == Some(id) => continue,
                Cell::Text(id) => match look {
                    Look::Filled => LETTERS,
                    Look::Letters => {
                        texts[at].insert(id);
                        letters(book.text(id))
                    }
                    Look::Closely => {
                        texts[at].insert(id);
                        if let Some(rank) = rank(book.text(id)) {
                            profiles[at].ranks += 1;
                            profiles[at].letters_of_ranks |= 1 << rank as u8;
                        }
                        if classes.is_empty() {
                            classes.resize(book.texts.len(), 0);
                        }
                        let class = &mut classes[id.0 as usize];
                        if *class == 0 {
                            *class = SEEN | classify(book.text(id), index);
                        }
                        *class
                    }
                },
                Cell::Number(number, _) if (20_000.0..80_000.0).contains(&number) => NUMBER | DIGITS | SERIAL,
                Cell::Number(number, _) if number.fract() == 0.0 && YEARS.contains(&number) => NUMBER | YEAR,
                Cell::Number(number, _) if number.fract() == 0.0 && COUNTS.contains(&number) => NUMBER | COUNT,
                Cell::Number(..) => NUMBER,
                Cell::Date(..) => DATE | DIGITS,
                Cell::Time(..) | Cell::Bool(_) => 0,
                Cell::Error(_) => MISSING,
            };
            profiles[at].add(class);
        }
    }
    for ((profile, texts), numbers) in profiles.iter_mut().zip(texts).zip(numbers) {
        profile.distinct = u32::try_from(texts.len() + numbers.len()).unwrap_or(u32::MAX);
    }
    profiles
}

/// A name may be "+44 20" or "=1+1"; a plain number is none.
fn letters(text: &str) -> u16 {
    let text = text.trim();
    if text.is_empty() {
        MISSING
    } else if text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')) {
        NUMBER
    } else {
        LETTERS
    }
}

fn classify(text: &str, index: &Index) -> u16 {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return MISSING;
    }
    let letters = trimmed.chars().any(char::is_alphabetic);
    let digits = trimmed.chars().any(|c| c.is_ascii_digit());
    let mut class = if letters { LETTERS } else { 0 } | if digits { DIGITS } else { 0 };
    if trimmed.chars().count() > LONGEST {
        return class;
    }
    let lists = &index.lists;
    let folded = fold(trimmed);
    if lists.missing_raw.contains(&trimmed.to_lowercase()) || folded.is_empty() || lists.missing.contains(&folded) {
        return MISSING;
    }
    if digits && is_date(trimmed, &folded, index) {
        class |= DATE;
    } else if digits && (is_number(trimmed, &folded, index) || is_about(&folded, index))
        || lists.numbers.contains(&folded)
    {
        class |= NUMBER;
        let year = |number: f64| trimmed.len() == 4 && YEARS.contains(&number);
        class |= if trimmed.parse().is_ok_and(year) { YEAR } else { 0 };
    }
    if letters {
        let any = |list: &std::collections::HashSet<String>| {
            list.contains(&folded)
                || trimmed.split(['/', ',', ';', '(', '&', '-']).any(|part| list.contains(&fold(part)))
        };
        for (list, flag) in [(&lists.levels, LEVEL), (&lists.stages, STAGE), (&lists.statuses, STATUS)] {
            class |= if any(list) { flag } else { 0 };
        }
        // "Leiterin Einkauf", "Ops Director UK": a title is evidence, whatever else stands beside it
        let is_level = |word: &str| word.len() > 2 && lists.levels.contains(word);
        // "Vastgoedmanager", "Küchenleiterin"
        let ends_in_level = |word: &str| {
            word.char_indices().skip(3).any(|(at, _)| word.len() - at >= 6 && lists.levels.contains(&word[at..]))
        };
        if folded.split(' ').any(|word| is_level(word) || ends_in_level(word)) {
            class |= LEVEL;
        }
        if !digits {
            class |= name_class(trimmed);
        }
        let is_known = class & (LEVEL | STAGE | STATUS | NUMBER | DATE) != 0 || index.currency(&folded).is_some();
        let is_word = trimmed.chars().count() <= 20
            && trimmed.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '_' | '-' | '@'));
        class |= if is_word && !is_known { TOKEN } else { 0 };
    }
    if index.currency(&trimmed.to_lowercase()).is_some() {
        class |= CURRENCY;
    }
    class
}

/// "2", "8,5", "1.234,56", "€ 1.200", "(1 200)", "85%", "3+", "9/10", "2 meetings".
fn is_number(text: &str, folded: &str, index: &Index) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let phone = digits >= 9 && (text.starts_with(['+', '0', '(']) || text.contains('/'));
    let words = folded.split(' ').filter(|word| !word.bytes().all(|b| b.is_ascii_digit()));
    let stray = words
        .clone()
        .any(|word| word.chars().any(|c| c.is_ascii_digit()) && index.scale(word).is_none() && word.len() > 6);
    let first = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let leads = first.starts_with(|c: char| c.is_ascii_digit())
        || first
            .split(|c: char| !c.is_alphabetic())
            .next()
            .is_some_and(|word| index.currency(&word.to_lowercase()).is_some() || word.eq_ignore_ascii_case("r"));
    digits > 0 && !phone && !stray && leads && words.count() <= 2 && !text.contains([':', '@'])
}

/// "ca. 8", "at least 3", "3 or more".
fn is_about(folded: &str, index: &Index) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let about = |words: &str| index.lists.about.contains(words);
    folded.rsplit_once(' ').is_some_and(|(before, last)| digits(last) && about(before))
        || folded.split_once(' ').is_some_and(|(first, after)| digits(first) && about(after))
}

fn is_date(text: &str, folded: &str, index: &Index) -> bool {
    let groups: Vec<&str> = text.split(['/', '-', '.', ' ', 'T']).filter(|group| !group.is_empty()).collect();
    let number = |group: &&&str| group.bytes().all(|b| b.is_ascii_digit());
    let separators = text.chars().filter(|c| matches!(c, '/' | '-' | '.')).count();
    let numeric = separators >= 2
        && groups.len() >= 3
        && groups.iter().take(3).filter(number).count() == 3
        && groups.iter().take(3).all(|group| group.len() <= 4)
        && groups.iter().take(3).any(|group| group.len() <= 2)
        && (text.contains(['/', '-']) || groups[2].len() != 3);
    numeric || folded.split(' ').any(|word| word.len() >= 3 && index.lists.months.contains_key(word))
}

fn name_class(text: &str) -> u16 {
    let particles = [
        "van", "de", "der", "den", "da", "do", "dos", "das", "von", "zu", "di", "del", "della", "la", "le", "du", "e",
        "y", "ter", "ten", "mr", "mw", "mevr", "dhr", "dr", "drs", "ir", "ing", "prof", "dott", "ssa", "sig", "ra",
        "rag", "avv", "geom", "arch", "mme", "mlle",
    ];
    let words: Vec<&str> = text.split([' ', ',', '.', '-', 'ª', 'º']).filter(|word| !word.is_empty()).collect();
    let capital = |word: &&&str| word.chars().next().is_some_and(char::is_uppercase);
    let capitals = words.iter().filter(capital).count();
    let rest_are_particles = words.iter().filter(|word| !capital(word)).all(|word| particles.contains(word));
    if capitals == 0 || words.len() > 6 || !rest_are_particles {
        return 0;
    }
    if words.len() >= 2 { NAME | FULL_NAME } else { NAME }
}

#[cfg(test)]
mod tests {
    use super::super::tests::mini;
    use super::*;

    #[test]
    fn classes_of_texts() {
        let dictionary = mini();
        let index = dictionary.index();
        for (text, flag) in [
            ("2", NUMBER),
            ("8,5", NUMBER),
            ("1.234,56", NUMBER),
            ("€ 1.200", NUMBER),
            ("R$ 1.200,50", NUMBER),
            ("(1 200)", NUMBER),
            ("85%", NUMBER),
            ("3+", NUMBER),
            ("9/10", NUMBER),
            ("2 meetings", NUMBER),
            ("none", NUMBER),
            ("ca. 4", NUMBER),
            ("3 or more", NUMBER),
            ("2026-11-30", DATE),
            ("30.11.2026", DATE),
            ("30/11/26", DATE),
            ("12 Nov 2026", DATE),
            ("n/a", MISSING),
            ("-", MISSING),
            ("Senior", LEVEL),
            ("CEO / owner", LEVEL),
            ("Ana Costa", FULL_NAME),
            ("Jan van der Berg", FULL_NAME),
            ("Eng.ª Viegas", FULL_NAME),
            ("EUR", CURRENCY),
        ] {
            assert_eq!(classify(text, index) & flag, flag, "{text}");
        }
        for text in ["+44 20 7946 0958", "ana@x.com", "Private equity", "Acme 3000 Holding NV", "12:30"] {
            assert_eq!(classify(text, index) & (NUMBER | DATE | FULL_NAME), 0, "{text}");
        }
        assert_eq!(classify("1.234.567", index) & (NUMBER | DATE), NUMBER);
    }
}
