//! Configuration: file → checked [`Config`], all mistakes at once.

mod document;
mod file;
mod mistakes;
mod schema;
mod scorecards;
pub mod settings;
mod syntax;
mod words;

use crate::account::{Currency, Measure, OwnColumn, OwnKind};
use crate::error::Error;
use crate::field::{Field, Kind, Level};
use crate::language::Language;
use crate::mapping::{SurveyScale, heading_key};
use crate::period::Month;
use crate::portfolio::Pick;
use crate::score::{Criterion, FlagLimits, Rule, Scorecard, When};
use crate::text::{nearest, word_key};
use crate::value::date::DateOrder;
use crate::value::number::Mark;
use document::{Document, Place};
use file::File;
use globset::GlobMatcher;
use mistakes::Mistakes;
use std::collections::BTreeMap;

pub use schema::schema;

/// The built-in configuration; doubles as its documentation.
pub const DEFAULT: &str = include_str!("config/default.toml");

/// Which amount shares and key accounts go by.
pub type RevenueBasis = Field;

/// A name for the departments of some files.
#[derive(Clone, Debug)]
pub struct DepartmentRule {
    /// Pattern of the path below the inbox.
    pub file: GlobMatcher,
    /// Name of the department.
    pub name: String,
    /// Currency of its amounts that name none.
    pub currency: Option<Currency>,
}

/// A reviewed decision about the headings of some files.
#[derive(Clone, Debug)]
pub struct MappingRule {
    /// Pattern of the path below the inbox.
    pub file: GlobMatcher,
    /// Name of the sheet; `None`: any.
    pub sheet: Option<String>,
    /// The row directly above the data, from 0.
    pub header_row: Option<u32>,
    /// Scale of the survey column.
    pub survey_scale: Option<SurveyScale>,
    /// Heading → field; `None`: it is none.
    pub columns: Vec<(String, Option<Field>)>,
}

/// Settings of the portfolio.
#[derive(Clone, Debug)]
pub struct PortfolioSettings {
    /// Share of the revenue that key accounts bring, 0 to 1.
    pub key_share: f64,
    /// The amount that shares go by.
    pub basis: RevenueBasis,
    /// Whether client ids hold across departments.
    pub ids_across: bool,
    /// Names confirmed to be one client.
    pub same: Vec<Vec<String>>,
    /// Names denied to be one client.
    pub different: Vec<Vec<String>>,
    /// What one unit of a currency is worth in the configured one.
    pub rates: BTreeMap<Currency, f64>,
}

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it comes from, for the report: a file name or "built-in".
    pub source: String,
    /// The reporting month, if it is configured.
    pub month: Option<Month>,
    /// Currency of amounts that name none.
    pub currency: Option<Currency>,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_start: i8,
    /// Whether "FY26" ends in 2026.
    pub fiscal_name_by_end: bool,
    /// Whether current performance and target are full-year figures.
    pub full_year_figures: bool,
    /// Decimal mark of texts without evidence.
    pub decimal: Option<Mark>,
    /// Order of dates without evidence.
    pub date_order: Option<DateOrder>,
    /// The scorecards; one names neither departments nor clients and holds for all others. Names differ.
    pub scorecards: Vec<Scorecard>,
    /// Further columns that the scorecards count.
    pub own_columns: Vec<OwnColumn>,
    /// Limits of the flags.
    pub flags: FlagLimits,
    /// Settings of the portfolio.
    pub portfolio: PortfolioSettings,
    /// Names of departments.
    pub departments: Vec<DepartmentRule>,
    /// Reviewed decisions about headings.
    pub mappings: Vec<MappingRule>,
    /// The language of the results.
    pub language: Language,
    /// The fiscal year whose results are rolled over into the one of the reporting month.
    pub rollover: Option<i16>,
    /// Lists that count where the same one was handed in twice.
    pub picks: Vec<Pick>,
    /// From so many clients on a table is written as values.
    pub live_rows: usize,
    /// Compression level of the results, 1 to 9.
    pub compression: u8,
    /// So many seconds nothing may change in the inbox before `keeptabs watch` runs.
    pub quiet_seconds: u64,
    /// Limits of one workbook.
    pub limits: crate::workbook::Limits,
}

impl Config {
    /// Currency of a file's amounts that name none: the department's, else the configured one.
    pub fn currency_of(&self, source: &str) -> Option<Currency> {
        let rule = self.departments.iter().find(|rule| rule.file.is_match(source));
        rule.and_then(|rule| rule.currency).or(self.currency)
    }

    /// The built-in configuration.
    pub fn built_in() -> Self {
        let checked = Self::check(File::built_in(), "built-in", &mut Mistakes::default());
        checked.expect("BUG: the built-in configuration is checked by a test")
    }

    /// Reads a configuration file's text; `source` names it in messages and reports.
    ///
    /// # Errors
    /// [`Error::Config`] with every mistake found.
    pub fn parse(text: &str, source: &str) -> Result<Self, Error> {
        let readable = document::broken_up(text);
        let (document, file, found, under) = Document::read::<File>(text, &readable);
        let mut mistakes = Mistakes { document: Some(&document), found };
        let mut checked = None;
        if let Some(mut file) = file {
            if under.iter().any(|key| key == "scorecard") {
                // half a scorecard would be called wrong for what was left out of it
                file.scorecard = None;
            }
            checked = Self::check(file.over_built_in(), source, &mut mistakes);
        }
        let Mistakes { mut found, .. } = mistakes;
        found.sort_by_key(|(at, _)| *at);
        let mistakes: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
        checked.filter(|_| mistakes.is_empty()).ok_or(Error::Config { path: source.to_owned(), mistakes })
    }

    /// What a configuration file's text comes to, with what it leaves out as it is built in: as a value that prints as TOML
    /// and as JSON.
    ///
    /// # Errors
    /// [`Error::Config`] with every mistake found.
    pub fn effective(text: &str, source: &str) -> Result<impl serde::Serialize + use<>, Error> {
        Self::parse(text, source)?;
        let file = toml::from_str::<File>(&document::broken_up(text));
        // what was parsed above is read the same way here
        let file =
            file.map_err(|error| Error::Config { path: source.to_owned(), mistakes: vec![error.to_string()] })?;
        Ok(file.over_built_in())
    }

    /// The scorecard of a department, for all of its clients that no other names by a word in their row.
    pub fn scorecard_for(&self, department: &str) -> &Scorecard {
        &self.scorecards[self.usual_scorecard(department)]
    }

    /// The place of that scorecard.
    pub fn usual_scorecard(&self, department: &str) -> usize {
        let usual = || self.scorecards.iter().enumerate().filter(|(_, card)| card.when.is_none());
        let named = usual().find(|(_, card)| card.departments.iter().any(|name| name == department));
        let for_the_others = || usual().find(|(_, card)| card.departments.is_empty());
        named.or_else(for_the_others).expect("BUG: one scorecard names neither departments nor clients").0
    }

    /// The scorecards that name clients of a department by a word in their row, by place: those that name the department
    /// before those that hold in any, and else in the order of the file.
    pub fn scorecards_by_word(&self, department: &str) -> Vec<(usize, &When)> {
        let by_word =
            || self.scorecards.iter().enumerate().filter_map(|(at, card)| Some((at, card, card.when.as_ref()?)));
        let named = by_word().filter(|(_, card, _)| card.departments.iter().any(|name| name == department));
        let in_any = by_word().filter(|(_, card, _)| card.departments.is_empty());
        named.chain(in_any).map(|(at, _, when)| (at, when)).collect()
    }

    /// Hash of everything that decides about scores and flags; equal hashes mean comparable scores.
    pub fn scorecard_hash(&self) -> String {
        blake3::hash(self.scorecard_text().as_bytes()).to_hex()[..16].to_owned()
    }

    /// Everything that decides about scores and flags, as text.
    pub fn scorecard_text(&self) -> String {
        format!("{:?} {:?} {:?} {}", self.scorecards, self.own_columns, self.flags, self.full_year_figures)
    }

    /// `None` if anything is wrong: the mistakes tell.
    fn check(file: File, source: &str, m: &mut Mistakes<'_>) -> Option<Self> {
        let year = file.year.unwrap_or_default();
        let locale = file.locale.unwrap_or_default();
        let flags = file.flags.unwrap_or_default();
        let portfolio = file.portfolio.unwrap_or_default();
        let output = file.output.unwrap_or_default();
        let watch = file.watch.unwrap_or_default();
        let limits = file.limits.unwrap_or_default();

        let mut own_columns = Vec::new();
        let mut scorecards = Vec::new();
        for (index, card) in file.scorecard.unwrap_or_default().into_iter().enumerate() {
            scorecards.extend(scorecard(card, index, &mut own_columns, m));
        }
        if scorecards.is_empty() {
            m.add("scorecard", "there is none; leave the section out to keep the built-in one");
        }
        scorecards::one_each(&scorecards, m);
        let config = Self {
            source: source.to_owned(),
            month: file.month.and_then(|text| m.ok("month", text.parse::<Month>())),
            currency: file.currency.and_then(|code| m.currency("currency", &code)),
            fiscal_start: m.within("year.start", year.start.unwrap_or(1), 1, 12) as i8,
            fiscal_name_by_end: m.choice("year.named_by", year.named_by, &[("end", true), ("start", false)], true),
            full_year_figures: year.full_year_figures.unwrap_or(false),
            decimal: locale
                .decimal
                .and_then(|mark| m.one_of("locale.decimal", &mark, &[(",", Mark::Comma), (".", Mark::Point)])),
            date_order: locale.dates.and_then(|order| {
                let orders = [("day-month", DateOrder::DayFirst), ("month-day", DateOrder::MonthFirst)];
                m.one_of("locale.dates", &order, &orders)
            }),
            flags: FlagLimits {
                meetings: flags.meetings.unwrap_or(2.0),
                survey: flags.survey.unwrap_or(6.0),
                survey_months: m.within("flags.survey_months", flags.survey_months.unwrap_or(4), 0, 120) as i32,
                attainment: flags.attainment.unwrap_or(0.9),
                growth: flags.growth.unwrap_or(-0.1),
                renewal_days: m.within("flags.renewal_days", flags.renewal_days.unwrap_or(90), 0, 3660) as i32,
                thanked_months: m.within("flags.thanked_months", flags.thanked_months.unwrap_or(6), 0, 120) as i32,
                money_from_month: m.within("flags.money_from_month", flags.money_from_month.unwrap_or(3), 1, 12) as i8,
            },
            portfolio: PortfolioSettings {
                key_share: {
                    let share = portfolio.key_share.unwrap_or(0.8);
                    if !(share > 0.0 && share <= 1.0) {
                        m.add("portfolio.key_share", "is a share: above 0, at most 1 (0.8 for 80 %)");
                    }
                    share
                },
                basis: m.choice(
                    "portfolio.basis",
                    portfolio.basis,
                    &[
                        ("revenue_last_year", Field::RevenueLastYear),
                        ("target", Field::Target),
                        ("revenue_current", Field::RevenueCurrent),
                    ],
                    Field::RevenueLastYear,
                ),
                ids_across: m.choice(
                    "portfolio.ids",
                    portfolio.ids,
                    &[("organisation", true), ("department", false)],
                    true,
                ),
                same: names("same", portfolio.same, file.same, m),
                different: names("different", portfolio.different, file.different, m),
                rates: portfolio
                    .rates
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|(code, rate)| {
                        if rate.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
                            m.add(Place::from("portfolio.rates").key(&code), "is above 0");
                        }
                        Some((m.currency(Place::from("portfolio.rates").key(&code), &code)?, rate))
                    })
                    .collect(),
            },
            departments: file
                .department
                .unwrap_or_default()
                .into_iter()
                .enumerate()
                .filter_map(|(at, rule)| {
                    let place = Place::from("department").nth(at);
                    Some(DepartmentRule {
                        file: m.glob(place.key("file"), &rule.file)?,
                        name: rule.name,
                        currency: rule.currency.and_then(|code| m.currency(place.key("currency"), &code)),
                    })
                })
                .collect(),
            language: file.language.and_then(|code| m.ok("language", code.parse())).unwrap_or_default(),
            rollover: file
                .rollover
                .and_then(|rollover| rollover.from)
                .map(|year| m.within("rollover.from", year, 1990, 2200) as i16),
            mappings: file
                .mapping
                .unwrap_or_default()
                .into_iter()
                .enumerate()
                .filter_map(|(at, rule)| mapping(rule, &Place::from("mapping").nth(at), m))
                .collect(),
            picks: file
                .pick
                .unwrap_or_default()
                .into_iter()
                .map(|pick| Pick { file_name: pick.file, sheet: pick.sheet })
                .collect(),
            live_rows: output.live_rows.unwrap_or(20_000),
            compression: m.within("output.compression", output.compression.unwrap_or(3), 1, 9) as u8,
            quiet_seconds: m.within("watch.quiet_seconds", watch.quiet_seconds.unwrap_or(5), 1, 3600) as u64,
            limits: crate::workbook::Limits {
                file_bytes: limits.file_megabytes.unwrap_or(512) << 20,
                unpacked_bytes: limits.unpacked_megabytes.unwrap_or(4096) << 20,
                cells: limits.cells.unwrap_or(60_000_000),
                worker_bytes: limits.worker_megabytes.unwrap_or(768) << 20,
                worker_seconds: limits.worker_seconds.unwrap_or(60),
                ..Default::default()
            },
            scorecards,
            own_columns,
        };
        m.found.is_empty().then_some(config)
    }
}

/// Names that are one client, or are not: a list of lists, and tables of their own.
fn names(
    key: &str,
    lists: Option<Vec<Vec<String>>>,
    tables: Option<Vec<file::NamesFile>>,
    m: &mut Mistakes<'_>,
) -> Vec<Vec<String>> {
    let of_portfolio = Place::from("portfolio").key(key);
    let lists = lists.unwrap_or_default().into_iter().enumerate().map(|(at, list)| (of_portfolio.nth(at), list));
    let root = Place::from(key);
    let tables = tables.unwrap_or_default().into_iter().enumerate();
    let tables = tables.map(|(at, table)| (root.nth(at).key("names"), table.names));
    let mut all = Vec::new();
    for (place, list) in lists.chain(tables) {
        if list.len() < 2 {
            m.add(&place, "name two clients or more");
        }
        all.push(list);
    }
    all
}

fn mapping(rule: file::MappingFile, place: &Place, m: &mut Mistakes<'_>) -> Option<MappingRule> {
    let columns = rule.columns.unwrap_or_default().into_iter().filter_map(|(heading, id)| {
        if id.is_empty() || id == "none" {
            return Some((heading, None));
        }
        let field = Field::from_id(&id);
        if field.is_none() {
            let near = nearest(&id, Field::ALL.iter().map(|field| field.id()));
            let near = near.map_or_else(String::new, |near| format!("did you mean \"{near}\"? "));
            let what = format!("\"{id}\" is no field; {near}For a heading that is none write \"none\"");
            m.add(place.key("columns").key(&heading), what);
        }
        Some((heading, Some(field?)))
    });
    let columns: Vec<_> = columns.collect();
    let survey_scale = rule.survey_scale.and_then(|text| {
        let scale = text.split_once('-').and_then(|(low, high)| {
            let (low, high) = (low.trim().parse::<f64>().ok()?, high.trim().parse::<f64>().ok()?);
            ((low == 0.0 || low == 1.0) && high > low + 1.0 && high <= 1000.0).then_some(SurveyScale { low, high })
        });
        if scale.is_none() {
            m.add(place.key("survey_scale"), format_args!("\"{text}\" is no scale; write \"1-5\" or \"0-100\""));
        }
        scale
    });
    if rule.header_row == Some(0) {
        m.add(place.key("header_row"), "rows are counted from 1, as Excel does");
    }
    Some(MappingRule {
        file: m.glob(place.key("file"), rule.file.as_deref().unwrap_or("**"))?,
        sheet: rule.sheet,
        header_row: rule.header_row.map(|row| row.saturating_sub(1)),
        survey_scale,
        columns,
    })
}

fn scorecard(
    card: file::ScorecardFile,
    index: usize,
    own_columns: &mut Vec<OwnColumn>,
    m: &mut Mistakes<'_>,
) -> Option<Scorecard> {
    let place = Place::from("scorecard").nth(index);
    let mut criteria: Vec<Criterion> = Vec::new();
    let given = card.criterion.unwrap_or_default();
    let count = given.len();
    for (at, file) in given.into_iter().enumerate() {
        let place = place.key("criterion").nth(at);
        if criteria.iter().any(|other| other.id == file.id) {
            m.add(place.key("id"), "stands twice");
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if file.id.is_empty() || file.id.len() > 60 || !file.id.chars().all(plain) {
            m.add(
                place.key("id"),
                "an id is made of small letters, digits and _ (names on the Method sheet are built from it)",
            );
        }
        if file.heading.contains(['[', ']', '#', '\'', '@', '\n', '\r']) || file.heading.trim().is_empty() {
            m.add(
                place.key("heading"),
                "a heading is not empty and holds no [ ] # ' @ or line break (Excel tables refuse them)",
            );
        }
        if criteria.iter().any(|other| other.heading.to_lowercase() == file.heading.to_lowercase()) {
            m.add(place.key("heading"), "its heading stands twice");
        }
        criteria.extend(criterion(file, &place, own_columns, m));
    }
    let maximum: f64 = criteria.iter().map(|criterion| criterion.points).sum();
    // without one of them nothing can be said of their sum
    let whole = criteria.len() == count;
    if whole && maximum <= 0.0 {
        m.add(&place, "no criterion gives points");
    }
    let bands = card.bands.unwrap_or_default();
    let mut limit = |name: &str, given: Option<f64>, default: f64| {
        if given.is_none() && whole && maximum != 6.0 {
            m.add(&place, format_args!("its maximum is {maximum}, not 6: name {name}"));
        }
        given.unwrap_or(default)
    };
    let strong = limit("bands.strong", bands.strong, 5.0);
    let watch = limit("bands.watch", bands.watch, 3.0);
    let worry = limit("worry", card.worry, 4.0);
    let kpi = limit("kpi", card.kpi, 4.0);
    if watch >= strong {
        m.add(place.key("bands"), format_args!("bands.watch ({watch}) lies below bands.strong ({strong})"));
    }
    let when = card.when.map(|when| {
        let column = when.column.trim().to_owned();
        if heading_key(&column).is_empty() {
            m.add(place.key("when").key("column"), "the heading of a column is not empty");
        }
        if when.is.0.is_empty() || when.is.0.iter().any(|word| word_key(word).is_empty()) {
            m.add(place.key("when").key("is"), "name a word that stands in that column, or several; none is empty");
        }
        When { column, is: when.is.0 }
    });
    let mut next = Vec::new();
    for id in card.next.unwrap_or_else(|| criteria.iter().map(|criterion| criterion.id.clone()).collect()) {
        match criteria.iter().position(|criterion| criterion.id == id) {
            Some(place) => next.push(place),
            None if !whole => {}
            None => m.add(place.key("next"), format_args!("next names \"{id}\", which is no criterion")),
        }
    }
    next.extend((0..criteria.len()).filter(|place| !next.contains(place)).collect::<Vec<_>>());
    Some(Scorecard {
        name: card.name,
        departments: card.departments.unwrap_or_default(),
        when,
        strong,
        watch,
        worry,
        kpi,
        next,
        criteria,
    })
}

fn criterion(
    file: file::CriterionFile,
    place: &Place,
    own_columns: &mut Vec<OwnColumn>,
    m: &mut Mistakes<'_>,
) -> Option<Criterion> {
    let field = Field::from_id(&file.field);
    let (rule, kind) = rule(&file.rule, &place.key("rule"), m)?;
    let measure = match field {
        Some(field) => {
            let fits = match field.kind() {
                Kind::Count | Kind::Survey | Kind::Money => kind == OwnKind::Number && !matches!(rule, Rule::Words(_)),
                Kind::Level => matches!(rule, Rule::Levels(_)),
                Kind::Date => matches!(rule, Rule::WithinDays(_)),
                _ => false,
            };
            if !fits {
                m.add(place.key("rule"), format_args!("its rule does not fit the field {field}"));
            }
            Measure::Field(field)
        }
        None => {
            let column = OwnColumn { heading: file.field.clone(), kind };
            let known = own_columns.iter().position(|other| other == &column);
            Measure::Own(known.unwrap_or_else(|| {
                own_columns.push(column);
                own_columns.len() - 1
            }))
        }
    };
    // levels of a further column are words like any other
    let rule = match (rule, &measure) {
        (Rule::Levels(_), Measure::Own(_)) => Rule::Words(word_points(&file.rule)),
        (rule, _) => rule,
    };
    let derived = match &rule {
        Rule::Levels(points) => Some(points.iter().copied().fold(0.0, f64::max)),
        Rule::Words(words) => Some(words.iter().map(|(_, points)| *points).fold(0.0, f64::max)),
        _ => None,
    };
    let points = match (file.points, derived) {
        (Some(points), Some(derived)) if points != derived => {
            m.add(
                place.key("points"),
                format_args!("points = {points}, but its levels give up to {derived}; leave points out"),
            );
            points
        }
        (Some(points), _) => points,
        (None, Some(derived)) => derived,
        (None, None) => 1.0,
    };
    if !(0.0..=1000.0).contains(&points) {
        m.add(place.key("points"), "points lie between 0 and 1000");
    }
    Some(Criterion { id: file.id, heading: file.heading, measure, rule, points })
}

fn word_points(rule: &file::RuleFile) -> Vec<(String, f64)> {
    rule.levels.iter().flatten().map(|(word, points)| (word.clone(), *points)).collect()
}

/// The rule of a criterion and how a further column is read for it.
fn rule(file: &file::RuleFile, place: &Place, m: &mut Mistakes<'_>) -> Option<(Rule, OwnKind)> {
    let mut rules = Vec::new();
    rules.extend(file.above.map(|limit| (Rule::Above(limit), OwnKind::Number)));
    rules.extend(file.at_least.map(|limit| (Rule::AtLeast(limit), OwnKind::Number)));
    rules.extend(file.below.map(|limit| (Rule::Below(limit), OwnKind::Number)));
    rules.extend(file.at_most.map(|limit| (Rule::AtMost(limit), OwnKind::Number)));
    rules.extend(file.between.map(|[from, to]| (Rule::Between(from, to), OwnKind::Number)));
    rules.extend(file.within_days.map(|days| (Rule::WithinDays(days), OwnKind::Date)));
    if file.levels.is_some() {
        let words = word_points(file);
        let level = |level: Level| words.iter().find(|(word, _)| word == level.id()).map(|(_, points)| *points);
        let levels = Level::ALL.map(|l| level(l).unwrap_or(0.0));
        let names = words.iter().map(|(word, _)| word.clone()).collect();
        let rule = if Level::ALL.into_iter().all(|l| level(l).is_some()) && words.len() == 3 {
            Rule::Levels(levels)
        } else {
            Rule::Words(words)
        };
        rules.push((rule, OwnKind::Words(names)));
    }
    if rules.len() != 1 {
        m.add(place, "a rule names exactly one of above, at_least, below, at_most, between, levels, within_days");
        return None;
    }
    rules.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_configuration_is_the_article() {
        let config = Config::built_in();
        let card = &config.scorecards[0];
        assert_eq!((card.maximum(), card.strong, card.watch, card.worry, card.kpi), (6.0, 5.0, 3.0, 4.0, 4.0));
        assert_eq!(card.next, [1, 0, 3, 2, 4]);
        assert_eq!(config.own_columns, []);
        assert_eq!(config.month, None);
    }

    #[test]
    fn what_is_left_out_stays() {
        let config = Config::parse("month = \"2026-11\"\n[flags]\nsurvey = 5\n", "t").unwrap();
        assert_eq!(config.flags, FlagLimits { survey: 5.0, ..Config::built_in().flags });
        assert_eq!(config.scorecards, Config::built_in().scorecards);
    }

    #[test]
    fn all_mistakes_at_once() {
        let text = "month = \"2026-13\"\ncurrency = \"euro\"\n[year]\nstart = 13\n[portfolio]\nbasis = \"profit\"";
        let Err(Error::Config { mistakes, .. }) = Config::parse(text, "t") else { panic!("accepted") };
        assert_eq!(mistakes.len(), 4, "{mistakes:#?}");
        let Err(Error::Config { mistakes, .. }) = Config::parse("[flags]\nsurvei = 5", "t") else { panic!("accepted") };
        assert!(mistakes[0].contains("survei") && mistakes[0].contains('^'), "{}", mistakes[0]);
    }

    #[test]
    fn every_mistake_has_its_line_and_a_caret() {
        let text = "month = \"2026-13\"\r\n[flags]\r\nsurvei = 5 # ü\r\nmeetings = \"two\"\r\n\r\n\
                    [[mapping]] file = \"a.xlsx\", columns = { \"Klé\" = \"cliente\" }, header_row = 0\r\n\
                    [[department]]\r\nfile = \"a\"\r\n[[department]]\r\nname = \"D\"\r\nfile = \"a[\"\r\n[[scorecard]]\r\nname = \"One\"\r\n\
                    [[scorecard.criterion]]\r\nid = \"M\"\r\nheading = \"P\"\r\nfield = \"meetings\"\r\n\
                    rule = { at_least = 1, above = 2 }\r\n[[same]] names = [\"Acme\"]\r\n[year]\r\nstart = 13\r\n";
        let Err(Error::Config { mistakes, .. }) = Config::parse(text, "t") else { panic!("accepted") };
        let places: Vec<_> = mistakes.iter().map(|mistake| mistake.lines().next().unwrap()).collect();
        let marked: Vec<_> = mistakes
            .iter()
            .map(|mistake| {
                let lines: Vec<_> = mistake.lines().collect();
                let (line, carets) = (lines[2], lines[3]);
                let from = carets.chars().position(|c| c == '^').unwrap();
                line.chars().skip(from).take(carets.matches('^').count()).collect::<String>()
            })
            .collect();
        let wanted = [
            ("line 1, column 9", "\"2026-13\""),
            ("line 3, column 1", "survei"),
            ("line 4, column 12", "\"two\""),
            ("line 6, column 50", "\"cliente\""),
            ("line 6, column 76", "0"),
            ("line 7, column 1", "[[department]]"),
            ("line 11, column 8", "\"a[\""),
            ("line 15, column 6", "\"M\""),
            ("line 18, column 8", "{ at_least = 1, above = 2 }"),
            ("line 19, column 18", "[\"Acme\"]"),
            ("line 21, column 9", "13"),
        ];
        assert_eq!(places, wanted.map(|(place, _)| place), "{}", mistakes.join("\n\n"));
        assert_eq!(marked, wanted.map(|(_, marked)| marked), "{}", mistakes.join("\n\n"));
        assert!(mistakes[3].contains("mapping[1].columns.Klé") && mistakes[3].contains("did you mean \"client\"?"));
    }

    #[test]
    fn every_syntax_mistake_is_told() {
        let Err(Error::Config { mistakes, .. }) = Config::parse("a = \nb = 1\nc = [1\n", "t") else {
            panic!("accepted")
        };
        assert!(mistakes.len() >= 2 && mistakes[0].starts_with("line 1"), "{mistakes:#?}");
    }

    #[test]
    fn no_field_is_said_with_none_or_with_nothing() {
        let text = "[[mapping]] columns = { a = \"none\", b = \"\", c = \"client\" }\n[portfolio]\nsame = [[\"A\", \"B\"]]\n[[same]]\nnames = [\"C\", \"D\"]";
        let config = Config::parse(text, "t").unwrap();
        let fields: Vec<_> = config.mappings[0].columns.iter().map(|(_, field)| *field).collect();
        assert_eq!(fields, [None, None, Some(Field::Client)]);
        assert_eq!(config.portfolio.same, [["A", "B"], ["C", "D"]]);
    }

    const FOR_SALES: &str = "[[scorecard]]\nname = \"One\"\ndepartments = [\"Sales\"]\nbands = { strong = 1, watch = 0.5 }\nworry = 0\nkpi = 1\n[[scorecard.criterion]]\nid = \"m\"\nheading = \"P\"\nfield = \"meetings\"\nrule = { at_least = 1 }\npoints = 1\n";

    #[test]
    fn a_scorecard_for_some_departments_leaves_the_others_as_they_are() {
        let config = Config::parse(FOR_SALES, "t").unwrap();
        assert_eq!(config.scorecard_for("Sales").name, "One");
        assert_eq!(config.scorecard_for("Services"), &Config::built_in().scorecards[0]);
    }

    fn mistakes(text: &str) -> Vec<String> {
        let Err(Error::Config { mistakes, .. }) = Config::parse(text, "t") else { panic!("accepted") };
        mistakes
    }

    #[test]
    fn no_department_has_two_scorecards() {
        let another = FOR_SALES.replace("\"One\"", "\"Two\"");
        let found = mistakes(&format!("{FOR_SALES}{another}"));
        assert!(found.len() == 1 && found[0].contains("has the scorecard \"One\" already"), "{found:#?}");
        let general = format!("{FOR_SALES}{another}").replace("departments = [\"Sales\"]\n", "");
        let found = mistakes(&general);
        assert!(found.len() == 1 && found[0].contains("only one can hold for all others"), "{found:#?}");
    }

    #[test]
    fn no_two_scorecards_have_one_name() {
        let services = FOR_SALES.replace("\"Sales\"", "\"Services\"").replace("\"One\"", "\"one\"");
        let found = mistakes(&format!("{FOR_SALES}{services}"));
        assert!(found.len() == 1 && found[0].contains("another scorecard has this name"), "{found:#?}");
        let as_built_in = FOR_SALES.replace("\"One\"", "\"Client retention matrix\"");
        let config = Config::parse(&as_built_in, "t").unwrap();
        assert_eq!(config.scorecard_for("Services").name, "Client retention matrix (built-in)");
    }

    #[test]
    fn no_word_has_two_scorecards() {
        let by_word = |name: &str, when: &str| {
            FOR_SALES.replace("\"One\"", &format!("\"{name}\"")).replace("departments = [\"Sales\"]", when)
        };
        let smb = by_word("A", "when = { column = \"Segment\", is = [\"SMB\", 2] }");
        let config = Config::parse(&smb, "t").unwrap();
        assert_eq!(config.scorecards[0].when.as_ref().unwrap().is, ["SMB", "2"]);
        assert_eq!(config.scorecard_for("Sales").name, "Client retention matrix");
        // another column, another word and another department are other clients
        for other in [
            "when = { column = \"Tier\", is = \"SMB\" }",
            "when = { column = \"Segment\", is = \"SMB+\" }",
            "departments = [\"Sales\"]\nwhen = { column = \"Segment\", is = \"SMB\" }",
        ] {
            let text = format!("{smb}{}", by_word("B", other));
            assert!(Config::parse(&text, "t").is_ok(), "{other}");
        }
        for (other, said) in [
            (
                "when = { column = \"SEGMENT\", is = \"smb \" }",
                "clients with \"smb \" have the scorecard \"A\" already",
            ),
            ("when = { column = \" \", is = \"SMB\" }", "the heading of a column is not empty"),
            ("when = { column = \"Tier\", is = [] }", "name a word"),
            ("when = { column = \"Tier\", is = 2.5 }", "a text in quotation marks, or several in [ ]"),
            ("when = { column = \"Tier\" }", "left out"),
        ] {
            let found = mistakes(&format!("{smb}{}", by_word("B", other)));
            assert!(found.iter().any(|one| one.contains(said) && one.contains('^')), "{other}: {found:#?}");
        }
    }

    #[test]
    fn another_maximum_names_its_own_limits() {
        let text = "[[scorecard]]\nname = \"One\"\n[[scorecard.criterion]]\nid = \"m\"\nheading = \"P\"\nfield = \"meetings\"\nrule = { at_least = 1 }\npoints = 1";
        let Err(Error::Config { mistakes, .. }) = Config::parse(text, "t") else { panic!("accepted") };
        assert_eq!(mistakes.len(), 4, "{mistakes:#?}");
    }

    #[test]
    fn a_further_column_can_count() {
        let text = "[[scorecard]]\nname = \"One\"\nbands = { strong = 2, watch = 1 }\nworry = 1\nkpi = 2\n[[scorecard.criterion]]\nid = \"nps\"\nheading = \"Points: NPS\"\nfield = \"NPS group\"\nrule = { levels = { detractor = 0, passive = 1, promoter = 2 } }";
        let config = Config::parse(text, "t").unwrap();
        assert_eq!(config.own_columns.len(), 1);
        assert_eq!(config.scorecards[0].maximum(), 2.0);
        assert!(matches!(config.scorecards[0].criteria[0].rule, Rule::Words(_)));
    }
}
