//! Method: where the figures come from, with every limit as a named input cell that the client table's formulas use.

use self::page::{Accepts, Page};
use super::cards::{Card, Cards};
use super::department::{Placed, Source, page_setup};
use super::formula::{name, rule_role};
use super::quality::month_name;
use super::style::{Look, Styles};
use super::words::Words;
use crate::book::column_letters;
use crate::field::{Field, Level};
use crate::mapping::Tier;
use crate::period::serial;
use crate::score::{Criterion, Flag, Rule};
use rust_xlsxwriter::{Worksheet, XlsxError};

mod page;

/// What stands on the sheet and is referred to.
pub(super) struct Written {
    /// Defined names with their cells ("$C$5").
    pub(super) names: Vec<(String, String)>,
    /// Limits that may be changed: name, value and cell ("C5").
    pub(super) inputs: Vec<(String, f64, String)>,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    cards: &Cards<'_>,
    placed: &[Placed<'_>],
    words: Words,
) -> Result<Written, XlsxError> {
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page_setup::footed(sheet, words);
    sheet.set_formula_result_default("");
    for (col, width) in [44.0, 46.0, 14.0, 14.0, 80.0].into_iter().enumerate() {
        sheet.set_column_width(col as u16, width)?;
    }
    let live = placed.iter().any(|place| place.live.is_some());
    let mut page = Page { sheet, styles, row: 0, names: Vec::new(), inputs: Vec::new(), words, live };
    page.text(0, words.get("method", "title"), Look::Title)?;
    page.next();
    let month = month_name(words, source.period);
    page.text(
        0,
        &words.fill("method", "subtitle", &[("department", source.department), ("month", &month)]),
        Look::Subtitle,
    )?;
    page.next();
    page.text(0, words.get("method", if live { "try_out" } else { "values_only" }), Look::Subtitle)?;
    page.skip(2);
    facts(&mut page, source, &month)?;
    for card in cards.all() {
        scorecard(&mut page, source, card, cards)?;
    }
    flags(&mut page, source, placed)?;
    definitions(&mut page, source, cards)?;
    for place in placed {
        mapping(&mut page, place)?;
    }
    Ok(Written { names: page.names, inputs: page.inputs })
}

fn facts(page: &mut Page<'_>, source: &Source<'_>, month: &str) -> Result<(), XlsxError> {
    let title = page.words.get("method", "facts");
    page.section(title)?;
    let version = concat!("keeptabs ", env!("CARGO_PKG_VERSION"));
    let texts = [
        ("source", source.path),
        ("hash", source.hash),
        ("configuration", source.config.source.as_str()),
        ("version", version),
        ("month", month),
    ];
    for (id, text) in texts {
        page.word(0, id, Look::Text)?;
        page.text(1, text, Look::Text)?;
        page.next();
    }
    page.word(0, "as_of", Look::Text)?;
    page.named(1, "kt_as_of", f64::from(serial(source.period.as_of())), Look::FactDate)?;
    page.next();
    page.word(0, "share", Look::Text)?;
    page.named(1, "kt_share_of_year", source.bases.usual().share_of_year, Look::FactShare)?;
    page.skip(2);
    Ok(())
}

fn scorecard(page: &mut Page<'_>, source: &Source<'_>, own: &Card<'_>, cards: &Cards<'_>) -> Result<(), XlsxError> {
    let Card { card, mark, name: card_name, .. } = own;
    let is_one = cards.all().len() == 1;
    let title = page.words.fill("method", "scorecard", &[("name", card_name)]);
    page.section(&title)?;
    if !is_one {
        let whom = match &card.when {
            Some(when) => {
                let words = when.is.join(", ");
                page.words.fill("method", "rates_some", &[("column", &when.column), ("words", &words)])
            }
            None => page.words.get("method", "rates_others").to_owned(),
        };
        page.text(0, &whom, Look::Subtitle)?;
        page.next();
    }
    page.headings(&["criterion", "rule", "limit", "gives"])?;
    let mut points = Vec::new();
    for criterion in &card.criteria {
        let label = super::sentence::label(page.words, criterion, &source.config.own_columns);
        for (rule, limit, gives) in lines(page, criterion, mark) {
            page.text(0, &label, Look::Text)?;
            page.text(1, &rule, Look::Text)?;
            if let Some((name, number)) = limit {
                page.input(2, &name, number, Look::InputNumber, Accepts::Number)?;
            }
            // formulas count the criteria that the configuration counts
            match gives {
                Some((name, number)) if criterion.counts() => {
                    let whole = rule_role(&criterion.rule).is_some();
                    let accepts = if whole { Accepts::Points } else { Accepts::SomePoints };
                    page.input(3, &name, number, Look::InputNumber, accepts)?;
                }
                Some((name, number)) => page.named(3, &name, number, Look::Score)?,
                None => {}
            }
            page.next();
        }
        let full = name(criterion, "points", mark);
        if rule_role(&criterion.rule).is_none() {
            // the most that its levels give
            let parts: Vec<_> = page
                .names
                .iter()
                .map(|(name, _)| name.clone())
                .filter(|name| level_of(criterion, name, mark))
                .collect();
            page.text(0, &label, Look::Text)?;
            page.word(1, "maximum", Look::Text)?;
            page.live(3, &full, &format!("=MAX({})", parts.join(",")), criterion.points, Look::Count)?;
            page.next();
        }
        if criterion.counts() {
            points.push(full);
        }
    }
    page.word(0, "maximum", Look::Text)?;
    page.text(1, "", Look::Text)?;
    page.text(2, "", Look::Text)?;
    page.live(3, &format!("kt_maximum{mark}"), &format!("={}", points.join("+")), card.maximum(), Look::Total)?;
    page.skip(2);
    let title = page.words.get("method", "bands");
    let title = if is_one { title.to_owned() } else { format!("{title}: {card_name}") };
    page.section(&title)?;
    for (id, number) in [("strong", card.strong), ("watch", card.watch), ("worry", card.worry), ("kpi", card.kpi)] {
        page.word(0, id, Look::Text)?;
        page.text(1, "", Look::Text)?;
        page.input(2, &format!("kt_{id}{mark}"), number, Look::InputNumber, Accepts::Number)?;
        page.next();
    }
    page.next();
    Ok(())
}

/// Whether a name is that of a level's points of the criterion.
fn level_of(criterion: &Criterion, given: &str, mark: &str) -> bool {
    match &criterion.rule {
        Rule::Levels(_) => Level::ALL.iter().any(|level| name(criterion, level.id(), mark) == given),
        Rule::Words(words) => (1..=words.len()).any(|i| name(criterion, &format!("word_{i}"), mark) == given),
        _ => false,
    }
}

type Named = Option<(String, f64)>;

/// The lines of a criterion: rule in words, limit, points.
fn lines(page: &Page<'_>, criterion: &Criterion, mark: &str) -> Vec<(String, Named, Named)> {
    let words = page.words;
    let rule = |role: &str| words.get("method", role).to_owned();
    let limit = |role: &str, number: f64| Some((name(criterion, role, mark), number));
    let points = || Some((name(criterion, "points", mark), criterion.points));
    let one = |role: &str, number: f64| vec![(rule(role), limit(role, number), points())];
    match &criterion.rule {
        Rule::Above(x) => one("above", *x),
        Rule::AtLeast(x) => one("at_least", *x),
        Rule::Below(x) => one("below", *x),
        Rule::AtMost(x) => one("at_most", *x),
        Rule::WithinDays(x) => vec![(rule("within_days"), limit("days", *x), points())],
        Rule::Between(a, b) => {
            vec![(rule("from"), limit("from", *a), points()), (rule("to"), limit("to", *b), None)]
        }
        Rule::Levels(levels) => Level::ALL
            .into_iter()
            .map(|level| {
                let is = words.fill("method", "level", &[("level", words.get("value", level.id()))]);
                (is, None, limit(level.id(), levels[level as usize]))
            })
            .collect(),
        Rule::Words(list) => list
            .iter()
            .enumerate()
            .map(|(i, (word, points))| {
                let is = words.fill("method", "level", &[("level", word)]);
                (is, None, limit(&format!("word_{}", i + 1), *points))
            })
            .collect(),
    }
}

fn flags(page: &mut Page<'_>, source: &Source<'_>, placed: &[Placed<'_>]) -> Result<(), XlsxError> {
    let words = page.words;
    page.section(words.get("method", "flags"))?;
    page.headings(&["flag", "raised", "limit", "day", "do"])?;
    let first = page.row + 1;
    let (limits, dates) = (source.bases.usual().limits, source.bases.usual().dates);
    for flag in Flag::ALL {
        page.text(0, words.get("flag", flag.id()), Look::Text)?;
        page.text(1, words.get("flag_rule", flag.id()), Look::Text)?;
        let mut limit = |name: &str, limit: f64| page.input(2, name, limit, Look::InputNumber, Accepts::Number);
        let mut day = None;
        match flag {
            Flag::TooFewMeetings => limit("kt_flag_meetings", limits.meetings)?,
            Flag::LowSurvey => limit("kt_flag_survey", limits.survey)?,
            Flag::BelowTarget => {
                page.input(2, "kt_flag_attainment", limits.attainment, Look::InputPercent, Accepts::Number)?;
            }
            Flag::Shrinking => page.input(2, "kt_flag_growth", limits.growth, Look::InputPercent, Accepts::Number)?,
            Flag::SurveyStale => {
                day =
                    Some(("survey_months", limits.survey_months, "kt_survey_stale_before", dates.survey_stale_before));
            }
            Flag::ThankYouDue => {
                day = Some(("thanked_months", limits.thanked_months, "kt_thanked_before", dates.thanked_before));
            }
            Flag::RenewalDue => {
                day = Some(("renewal_days", limits.renewal_days, "kt_renewal_until", dates.renewal_until));
            }
            _ => page.text(2, "", Look::Text)?,
        }
        match day {
            Some((id, limit, name, day)) => {
                let input = format!("kt_flag_{id}");
                let (most, formula) = match id {
                    "renewal_days" => (3_660, format!("=kt_as_of+{input}")),
                    _ => (120, format!("=EDATE(kt_as_of,-{input})")),
                };
                page.input(2, &input, f64::from(limit), Look::InputNumber, Accepts::Whole(most))?;
                page.live(3, name, &formula, f64::from(day), Look::Date)?;
            }
            None => page.text(3, "", Look::Text)?,
        }
        page.text(4, words.get("flag_step", flag.id()), Look::Text)?;
        page.next();
    }
    let last = page.row;
    page.names.push(("kt_flag_names".to_owned(), format!("$A${first}:$A${last}")));
    page.names.push(("kt_flag_steps".to_owned(), format!("$E${first}:$E${last}")));
    for place in placed {
        let Some(live) = &place.live else { continue };
        let kept = crate::score::Kept::of(place.table);
        let number = |kept: bool| f64::from(u8::from(kept));
        let title = |id: &str| format!("{}: {}", place.sheet_name, words.get("method", id));
        page.text(0, &title("survey_kept"), Look::Text)?;
        page.text(1, "", Look::Text)?;
        page.live(2, &format!("kt_survey_kept{}", live.suffix), &live.survey_kept(), number(kept.survey), Look::Count)?;
        page.next();
        page.text(0, &title("revenue_kept"), Look::Text)?;
        page.text(1, "", Look::Text)?;
        page.live(
            2,
            &format!("kt_revenue_kept{}", live.suffix),
            &live.revenue_kept(),
            number(kept.last_year),
            Look::Count,
        )?;
        page.next();
    }
    page.next();
    Ok(())
}

fn definitions(page: &mut Page<'_>, source: &Source<'_>, cards: &Cards<'_>) -> Result<(), XlsxError> {
    let words = page.words;
    page.section(words.get("method", "definitions"))?;
    for id in ["score", "known", "best_case", "attainment", "growth", "revenue_at_risk", "share", "key_account"] {
        page.text(0, words.get("column", id), Look::Text)?;
        page.text(1, &definition(words, source, id), Look::Text)?;
        page.next();
    }
    for own in cards.all() {
        let label = words.get("column", "worry");
        let label = if cards.all().len() == 1 { label.to_owned() } else { format!("{label} ({})", own.name) };
        page.text(0, &label, Look::Text)?;
        page.worry(own)?;
        page.next();
    }
    page.next();
    Ok(())
}

/// What a column says, with the share that makes key accounts as it is configured.
fn definition(words: Words, source: &Source<'_>, id: &str) -> String {
    let share = key_share(words, source);
    words.fill("definition", id, &[("share", &share)])
}

/// The share of the revenue that key accounts bring, in per cent.
pub(super) fn key_share(words: Words, source: &Source<'_>) -> String {
    words.number((source.config.portfolio.key_share * 1e8).round() / 1e6)
}

fn mapping(page: &mut Page<'_>, place: &Placed<'_>) -> Result<(), XlsxError> {
    let words = page.words;
    let title = words.fill("method", "mapping", &[("sheet", place.source_name)]);
    page.section(&title)?;
    page.headings(&["heading", "field", "column", "tier", "reason"])?;
    for column in &place.table.columns {
        page.text(0, &column.heading, Look::Text)?;
        let read_as = match (column.field, &column.own) {
            (Some(field), _) => words.get("column", Field::id(field)),
            (None, Some(id)) => words.find("column", id).unwrap_or(id.as_str()),
            (None, None) => words.get("method", "carried"),
        };
        page.text(1, read_as, Look::Text)?;
        page.text(2, &column_letters(column.col), Look::Word)?;
        page.text(3, column.tier.map_or("", |tier| words.get("method", tier_id(tier))), Look::Word)?;
        page.text(4, &column.reason, Look::Text)?;
        page.next();
    }
    page.next();
    Ok(())
}

fn tier_id(tier: Tier) -> &'static str {
    match tier {
        Tier::Reviewed => "reviewed",
        Tier::Exact => "exact",
        Tier::Alias => "alias",
        Tier::Words => "words",
        Tier::Typo => "typo",
        Tier::Partly => "partly",
        Tier::Own => "own",
    }
}
