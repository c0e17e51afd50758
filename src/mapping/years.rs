//! Years, quarters and months in headings, read against the reporting month.

use super::index::{Index, Topic};
use crate::period::{Month, Period};
use unicode_normalization::UnicodeNormalization;

/// What a heading says about time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct When {
    /// Years named, each once.
    pub years: Vec<i16>,
    /// "2025/26".
    pub span: Option<(i16, i16)>,
    /// 1 to 4.
    pub quarter: Option<i8>,
    /// 1 or 2.
    pub half: Option<i8>,
    /// Months, each with its year if one stands at it.
    pub months: Vec<(Option<i16>, i8)>,
    /// Whether it counts from that month on: "since June".
    pub since: bool,
}

/// How a year in a heading of money lies to the fiscal year of the reporting month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YearRole {
    /// The fiscal year before.
    Prior,
    /// The fiscal year of the reporting month.
    Current,
    /// Any other, or two at once.
    Other,
}

impl When {
    /// Whether the heading names no time at all.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it names a part of a year.
    pub(crate) fn in_part(&self) -> bool {
        self.quarter.is_some() || self.half.is_some() || !self.months.is_empty()
    }

    /// The year that it names, if it is one: the later one of a span if fiscal years are named by their end.
    pub(crate) fn year(&self, by_end: bool) -> Option<i16> {
        match (self.years.as_slice(), self.span) {
            ([year], None) => Some(*year),
            ([], Some((first, last))) => Some(if by_end { last } else { first }),
            _ => None,
        }
    }

    /// How the year lies to the reporting month.
    pub(crate) fn role(&self, period: Period, by_end: bool) -> YearRole {
        // a fiscal year that is the calendar year has no second half of a name
        let two_calendar_years = self.span.is_some() && period.fiscal_start == 1;
        match self.year(by_end) {
            Some(year) if !two_calendar_years => {
                let current = fiscal_name(period, by_end);
                match year - current {
                    0 => YearRole::Current,
                    -1 => YearRole::Prior,
                    _ => YearRole::Other,
                }
            }
            _ => YearRole::Other,
        }
    }

    /// The calendar months it covers, a missing year taken as the reporting month's, and whether it was missing.
    pub(crate) fn window(&self, period: Period, by_end: bool) -> Option<(Month, Month, bool)> {
        let reporting = period.month.year;
        let stated = match (self.years.as_slice(), self.span) {
            ([], None) => None,
            ([year], None) => Some(*year),
            _ if self.in_part() => return None,
            _ => self.year(by_end),
        };
        let year = stated.unwrap_or(reporting);
        let (first, last, year) = match (self.quarter, self.half, self.months.as_slice()) {
            (Some(quarter), None, []) => (quarter * 3 - 2, quarter * 3, year),
            (None, Some(half), []) => (half * 6 - 5, half * 6, year),
            (None, None, [(own, month)]) if self.since => {
                let first = Month::new(own.unwrap_or(year), *month)?;
                let latest = if first > period.month && stated.or(*own).is_none() { first.plus(-12) } else { first };
                return Some((latest, period.month, false));
            }
            (None, None, [(own, month)]) => (*month, *month, own.unwrap_or(year)),
            // "Jun–Nov", "Dec–May"
            (None, None, [(own, first), (other, last)]) => {
                let last = Month::new(other.unwrap_or(year), *last)?;
                let first = Month::new(own.unwrap_or(last.year), *first)?;
                let first = if first > last && own.is_none() { first.plus(-12) } else { first };
                return (first <= last).then_some((first, last, stated.is_none() && other.is_none()));
            }
            (None, None, []) if stated.is_some() => (1, 12, year),
            _ => return None,
        };
        let no_year = stated.is_none() && self.months.iter().all(|(own, _)| own.is_none());
        Some((Month::new(year, first)?, Month::new(year, last)?, no_year))
    }

    /// The same with "Jan–Dec 2025" as the year that it is.
    pub(crate) fn whole_years(self, period: Period) -> When {
        let first = period.fiscal_first().month;
        let last = period.fiscal_first().plus(11).month;
        match (self.months.as_slice(), self.years.as_slice(), self.span) {
            (&[(_, from), (own, to)], stated, None) if from == first && to == last && first == 1 => {
                match (own, stated) {
                    (Some(year), []) | (None, &[year]) => When { years: vec![year], months: Vec::new(), ..self },
                    _ => self,
                }
            }
            _ => self,
        }
    }

    /// Whether it names this month and nothing else.
    pub(crate) fn is_month(&self, month: Month) -> bool {
        let [(stated, number)] = self.months.as_slice() else { return false };
        let year = stated.or_else(|| self.years.first().copied());
        *number == month.month && year.is_none_or(|year| year == month.year)
    }

    /// "Jan–Nov 2026": the fiscal year of the reporting month up to a month of it.
    pub(crate) fn is_year_to(&self, period: Period, until: Month) -> bool {
        let [first, last] = self.months.as_slice() else {
            let first = period.fiscal_first();
            let of_this_year = |year: Option<i16>| year.is_none_or(|year| year == first.year);
            let [(year, month)] = self.months.as_slice() else { return false };
            let own = of_this_year(year.or_else(|| self.years.first().copied()));
            return self.since && until == period.month && *month == first.month && own;
        };
        let year = |stated: Option<i16>| stated.or_else(|| self.years.first().copied());
        let ends = |(stated, month): &(Option<i16>, i8), at: Month| {
            *month == at.month && year(*stated).is_none_or(|year| year == at.year)
        };
        ends(first, period.fiscal_first()) && ends(last, until)
    }
}

/// What the fiscal year of the reporting month is called.
pub(crate) fn fiscal_name(period: Period, by_end: bool) -> i16 {
    if by_end { period.fiscal_year() } else { period.fiscal_first().year }
}

#[derive(Debug)]
struct Token {
    text: String,
    /// What stands between it and the token before: nothing, one character, or a space for any more.
    before: Option<char>,
    /// Cut short: a point follows.
    dotted: bool,
    spent: bool,
}

impl Token {
    fn number(&self) -> Option<i16> {
        self.text.parse().ok().filter(|_| self.text.len() <= 4 && self.text.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// Finds years, quarters and months, and gives the heading without them.
pub(crate) fn read(text: &str, index: &Index) -> (When, String) {
    let mut tokens = tokens(text);
    if tokens.iter().all(|token| token.number().is_none())
        && !tokens.iter().any(|token| month(&token.text, index).is_some())
    {
        return (When::default(), text.to_owned());
    }
    let mut when = When::default();
    for at in 0..tokens.len() {
        if !tokens[at].spent {
            read_at(at, &mut tokens, index, &mut when);
        }
    }
    let mut rest = String::new();
    let (mut after_spent, mut dotted) = (false, false);
    for token in &tokens {
        if token.spent {
            (after_spent, dotted) = (true, false);
            continue;
        }
        match token.before {
            Some(c) if !rest.is_empty() => {
                // "Entret. 6 derniers mois": a word cut short stays one
                rest.push_str(if dotted && c == ' ' { "." } else { "" });
                rest.push(c);
            }
            // "FY26YTD"
            None if after_spent && !rest.is_empty() => rest.push(' '),
            _ => {}
        }
        rest.push_str(&token.text);
        (after_spent, dotted) = (false, token.dotted);
    }
    rest.push_str(if dotted { "." } else { "" });
    (when, rest)
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut before = Some(' ');
    let mut digits = None;
    for c in text.nfkc() {
        if !c.is_alphanumeric() {
            if let Some(token) = tokens.last_mut().filter(|_| c == '.' && before.is_none()) {
                token.dotted = true;
            }
            before = Some(if before.is_none() || before == Some(' ') { c } else { ' ' });
            digits = None;
            continue;
        }
        let digit = c.is_ascii_digit();
        match tokens.last_mut() {
            Some(token) if digits == Some(digit) => token.text.push(c),
            _ => tokens.push(Token { text: c.to_string(), before, dotted: false, spent: false }),
        }
        digits = Some(digit);
        before = None;
    }
    tokens
}

fn is_year(number: i16) -> bool {
    (1990..=2100).contains(&number)
}

fn month(text: &str, index: &Index) -> Option<i8> {
    (text.chars().count() >= 3)
        .then(|| index.lists.months.get(&crate::text::fold(text)).map(|&month| month as i8))
        .flatten()
}

fn read_at(at: usize, tokens: &mut [Token], index: &Index, when: &mut When) {
    let text = tokens[at].text.to_lowercase();
    if let Some(number) = tokens[at].number() {
        read_number(at, number, tokens, index, when);
    } else if let Some(number) = month(&text, index).filter(|_| !is_framework(at, tokens)) {
        let next = tokens.get(at + 1).and_then(|next| Some((next.number()?, next.text.len(), next.before)));
        let year = match next {
            Some((year, 4, _)) if is_year(year) => Some(year),
            Some((year, 2, Some('-' | '\'' | '’' | '/' | ' '))) if (15..=60).contains(&year) => Some(2000 + year),
            _ => None,
        };
        if year.is_some() {
            tokens[at + 1].spent = true;
        }
        tokens[at].spent = true;
        // "30-nov"
        let day = |token: &Token| !token.spent && token.text.len() == 2 && matches!(token.number(), Some(28..=31));
        if let Some(before) = at.checked_sub(1).filter(|before| day(&tokens[*before])) {
            tokens[before].spent = true;
        }
        // "30 de noviembre"
        if let Some(before) =
            at.checked_sub(2).filter(|before| day(&tokens[*before]) && tokens[before + 1].text == "de")
        {
            spend(before, 2, tokens);
        }
        when.months.push((year, number));
        when.since |= spend_since(at, tokens, index);
    }
}

/// "Contrato marco", and no March.
fn is_framework(at: usize, tokens: &[Token]) -> bool {
    let agreement =
        |token: &Token| matches!(crate::text::fold(&token.text).as_str(), "contrato" | "acuerdo" | "convenio");
    crate::text::fold(&tokens[at].text) == "marco" && at.checked_sub(1).is_some_and(|before| agreement(&tokens[before]))
}

/// "depuis" before "juin", and the first day of it.
fn spend_since(at: usize, tokens: &mut [Token], index: &Index) -> bool {
    for words in (1..=4).filter(|words| *words <= at) {
        let phrase: Vec<String> = tokens[at - words..at].iter().map(|token| crate::text::fold(&token.text)).collect();
        if tokens[at - words..at].iter().all(|token| !token.spent) && index.is_topic(Topic::Since, &phrase.join(" ")) {
            spend(at - words, words, tokens);
            return true;
        }
    }
    false
}

fn read_number(at: usize, number: i16, tokens: &mut [Token], index: &Index, when: &mut When) {
    let length = tokens[at].text.len();
    let joined = |token: &Token| matches!(token.before, Some('/' | '-' | '–' | '—' | '.'));
    let next = tokens.get(at + 1).filter(|next| joined(next)).and_then(|next| Some((next.number()?, next.text.len())));
    let second =
        tokens.get(at + 2).filter(|next| joined(next)).and_then(|next| Some((next.number()?, next.text.len())));
    match (number, length, next) {
        // "01-11/2026": from one month to another, for a date is written with one sign
        (first @ 1..=12, 1..=2, Some((last @ 1..=12, 1..=2)))
            if first < last
                && second.is_some_and(|(year, length)| length == 4 && is_year(year) || (20..=60).contains(&year))
                && matches!(tokens[at + 1].before, Some('-' | '–' | '—'))
                && tokens[at + 2].before != tokens[at + 1].before =>
        {
            spend(at, 3, tokens);
            let year = second.map(|(year, _)| if year < 100 { 2000 + year } else { year });
            when.months.extend([(None, first as i8), (year, last as i8)]);
        }
        // "al 30/11/2026"
        (1..=31, 1..=2, Some((month @ 1..=12, 1..=2)))
            if second.is_some_and(|(year, length)| length == 4 && is_year(year)) =>
        {
            spend(at, 3, tokens);
            when.months.push((second.map(|(year, _)| year), month as i8));
        }
        // "thru 11/30/26"
        (month @ 1..=12, 1..=2, Some((28..=31, 2)))
            if second.is_some_and(|(year, _)| is_year(year) || (15..=60).contains(&year)) =>
        {
            spend(at, 3, tokens);
            let year = second.map(|(year, _)| if year < 100 { 2000 + year } else { year });
            when.months.push((year, month as i8));
        }
        // "al 30/11": no day of a month is the last but of one that ends so
        (28..=31, 2, Some((month @ 1..=12, 1..=2))) if second.is_none() => {
            spend(at, 2, tokens);
            when.months.push((None, month as i8));
        }
        (year, 4, Some((last, 4))) if is_year(year) && last == year + 1 => spend_span(at, (year, last), tokens, when),
        (year, 4, Some((last, 2))) if is_year(year) && last == (year + 1) % 100 => {
            spend_span(at, (year, year + 1), tokens, when);
        }
        (year, 4, Some((month, 1..=2))) if is_year(year) && (1..=12).contains(&month) => {
            spend(at, 2, tokens);
            when.months.push((Some(year), month as i8));
        }
        (year, 4, _) if is_year(year) => {
            spend(at, 1, tokens);
            spend_year_word(at, tokens);
            if !when.years.contains(&year) {
                when.years.push(year);
            }
        }
        (month, 1..=2, Some((year, 4))) if (1..=12).contains(&month) && is_year(year) => {
            spend(at, 2, tokens);
            when.months.push((Some(year), month as i8));
        }
        // "bis 11/26": no month has that number, and whoever means a day means the same month
        (month @ 1..=12, 1..=2, Some((year @ 20..=60, 2))) if second.is_none() => {
            spend(at, 2, tokens);
            when.months.push((Some(2000 + year), month as i8));
        }
        (first, 2, Some((last, 2))) if (15..=60).contains(&first) && last == first + 1 => {
            spend_span(at, (2000 + first, 2000 + last), tokens, when);
        }
        (year, 2, _) if (15..=60).contains(&year) && is_short_year(at, tokens, index) => {
            spend(at, 1, tokens);
            when.years.push(2000 + year);
        }
        (part, 1, _) => read_part(at, part as i8, tokens, index, when),
        _ => {}
    }
}

/// "Ventas del año 2025": of the year that the number names, and not of this one.
fn spend_year_word(at: usize, tokens: &mut [Token]) {
    const OF_THE_YEAR: [&[&str]; 9] = [
        &["del", "ano"],
        &["del", "ejercicio"],
        &["do", "ano"],
        &["do", "exercicio"],
        &["dell", "anno"],
        &["de", "l", "annee"],
        &["des", "jahres"],
        &["van", "het", "jaar"],
        &["of", "the", "year"],
    ];
    let says = |words: &&[&str]| {
        let from = at.checked_sub(words.len())?;
        let same = |(token, word): (&Token, &&str)| !token.spent && crate::text::fold(&token.text) == **word;
        tokens[from..at].iter().zip(words.iter()).all(same).then_some(words.len())
    };
    if let Some(length) = OF_THE_YEAR.iter().find_map(says) {
        spend(at - length, length, tokens);
    }
}

/// "FY26", "YTD 26", "'26", "Q3-26".
fn is_short_year(at: usize, tokens: &[Token], index: &Index) -> bool {
    if matches!(tokens[at].before, Some('\'' | '’')) {
        return true;
    }
    let Some(before) = at.checked_sub(1).map(|at| &tokens[at]) else {
        return false;
    };
    let word = crate::text::fold(&before.text);
    // "CA HT 25": what changes nothing stands between the amount and its year
    let both = at.checked_sub(2).map(|at| format!("{} {word}", crate::text::fold(&tokens[at].text)));
    const BEFORE: [Topic; 10] = [
        Topic::Earnings,
        Topic::Revenue,
        Topic::Target,
        Topic::Current,
        Topic::Prior,
        Topic::FiscalYear,
        Topic::Cumulative,
        Topic::Actual,
        Topic::Quarter,
        Topic::Half,
    ];
    let within = || [&[Topic::Plain], BEFORE.as_slice()].concat();
    let says = |topics: Vec<Topic>| topics.iter().any(|topic| BEFORE.contains(topic));
    let is_money = |words: &str| index.cover(words, &within()).is_some_and(says);
    before.spent || is_money(&word) || both.is_some_and(|words| is_money(&words))
}

/// "Q3", "3T", "3e kwartaal", "H2".
fn read_part(at: usize, part: i8, tokens: &mut [Token], index: &Index, when: &mut When) {
    let word =
        |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|token| (crate::text::fold(&token.text), token.spent));
    let topic = |word: &str| [Topic::Quarter, Topic::Half].into_iter().find(|&topic| index.is_topic(topic, word));
    let ordinal = |word: &str| {
        matches!(word, "e" | "o" | "a" | "er" | "eme" | "rd" | "st" | "nd" | "th" | "de" | "ste" | "ero" | "do" | "to")
    };
    let mut found = None;
    if let Some((before, false)) = word(at.checked_sub(1)) {
        // "Q3" is one word; "quarter 3" two, but a lone letter before a space means nothing
        if before.chars().count() > 1 || tokens[at].before.is_none() {
            found = topic(&before).map(|topic| (topic, at - 1, at));
        }
    }
    if found.is_none()
        && let Some((after, false)) = word(Some(at + 1))
    {
        if after.chars().count() > 1 || tokens[at + 1].before.is_none() {
            found = topic(&after).map(|topic| (topic, at, at + 1));
        }
        if found.is_none()
            && ordinal(&after)
            && let Some((second, false)) = word(Some(at + 2))
        {
            found = topic(&second).map(|topic| (topic, at, at + 2));
        }
    }
    let Some((topic, first, last)) = found else {
        return;
    };
    let slot = match topic {
        Topic::Quarter if (1..=4).contains(&part) => &mut when.quarter,
        Topic::Half if (1..=2).contains(&part) => &mut when.half,
        _ => return,
    };
    if slot.is_none() {
        *slot = Some(part);
        spend(first, last - first + 1, tokens);
    }
}

fn spend(at: usize, count: usize, tokens: &mut [Token]) {
    tokens[at..at + count].iter_mut().for_each(|token| token.spent = true);
}

fn spend_span(at: usize, span: (i16, i16), tokens: &mut [Token], when: &mut When) {
    spend(at, 2, tokens);
    when.span = Some(span);
}

#[cfg(test)]
mod tests {
    use super::super::tests::mini;
    use super::*;

    #[test]
    fn times_in_headings() {
        let dictionary = mini();
        let years = |years: &[i16]| When { years: years.to_vec(), ..When::default() };
        let months = |months: &[(Option<i16>, i8)]| When { months: months.to_vec(), ..When::default() };
        for (text, rest, expected) in [
            ("Revenue 2025", "Revenue", years(&[2025])),
            ("Omzet2025", "Omzet", years(&[2025])),
            ("Ventas del año 2025", "Ventas", years(&[2025])),
            ("Fin del contrato marco", "Fin del contrato marco", When::default()),
            ("Receita até 30 de nov", "Receita até", months(&[(None, 11)])),
            ("FY26 target", "FY target", years(&[2026])),
            ("GJ 25/26", "GJ", When { span: Some((2025, 2026)), ..When::default() }),
            ("Umsatz 2025/2026", "Umsatz", When { span: Some((2025, 2026)), ..When::default() }),
            ("YTD '26", "YTD", years(&[2026])),
            ("Revenue FY26YTD", "Revenue FY YTD", years(&[2026])),
            ("YTD 26", "YTD", years(&[2026])),
            ("Contacts 26", "Contacts 26", When::default()),
            ("Survey Q3 2026", "Survey", When { quarter: Some(3), years: vec![2026], ..When::default() }),
            ("Inquérito 3T26", "Inquérito", When { quarter: Some(3), years: vec![2026], ..When::default() }),
            ("Umfrage 2. Quartal", "Umfrage", When { quarter: Some(2), ..When::default() }),
            ("Note 3e trimestre 2026", "Note", When { quarter: Some(3), years: vec![2026], ..When::default() }),
            ("Meetings H2 2026", "Meetings", When { half: Some(2), years: vec![2026], ..When::default() }),
            ("Survey Sep-26", "Survey", months(&[(Some(2026), 9)])),
            ("Survey 2026-09", "Survey", months(&[(Some(2026), 9)])),
            ("Fatturato al 30/11/2026", "Fatturato al", months(&[(Some(2026), 11)])),
            ("Survey 09/2026", "Survey", months(&[(Some(2026), 9)])),
            ("Omzet t/m 30/11", "Omzet t/m", months(&[(None, 11)])),
            ("Meetings (6 months)", "Meetings (6 months)", When::default()),
            ("CA N-1", "CA N-1", When::default()),
            ("Score 1-10", "Score 1-10", When::default()),
        ] {
            let (when, left) = read(text, dictionary.index());
            let expected_rest = crate::text::fold(rest);
            assert_eq!((crate::text::fold(&left), when), (expected_rest, expected), "{text}");
        }
    }

    #[test]
    fn roles_follow_the_fiscal_year() {
        let role = |text: &str, month: &str, start: i8, by_end: bool| {
            let period = Period { month: month.parse().unwrap(), fiscal_start: start };
            read(text, mini().index()).0.role(period, by_end)
        };
        use YearRole::{Current, Other, Prior};
        assert_eq!(role("Revenue 2025", "2026-11", 1, true), Prior);
        assert_eq!(role("Revenue 2026", "2026-11", 1, true), Current);
        assert_eq!(role("Revenue 2024", "2026-11", 1, true), Other);
        assert_eq!(role("Revenue 2025/26", "2026-11", 1, true), Other);
        assert_eq!(role("FY27", "2026-11", 4, true), Current);
        assert_eq!(role("FY26", "2026-11", 4, false), Current);
        assert_eq!(role("GJ 25/26", "2026-11", 4, true), Prior);
        assert_eq!(role("GJ 25/26", "2026-03", 4, true), Current);
        assert_eq!(role("GJ 25/26", "2026-03", 4, false), Current);
        assert_eq!(role("2025 vs 2026", "2026-11", 1, true), Other);
    }
}
