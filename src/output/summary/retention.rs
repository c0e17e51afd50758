//! Retention: how many clients stayed, how much of their revenue, who left, and what it takes to replace them.

use super::super::page::{ListColumn, Page, Shown};
use super::super::progress::month_name;
use super::super::style::{Look, Styles};
use super::past::silence;
use super::{View, amount_text, percent_text, replacement};
use crate::history::{Kept, Logo, Lost, Refused, Retention};
use crate::portfolio::Amounts;
use rust_xlsxwriter::{Worksheet, XlsxError};

const WIDTHS: [f64; 10] = [34.0, 19.0, 20.0, 15.0, 15.0, 15.0, 15.0, 14.0, 12.0, 12.0];

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("retention", id);
    let mut page = Page::new(sheet, styles, &WIDTHS)?;
    let past = view.past();
    let Some((retention, previous)) =
        past.and_then(|past| Some((&past.retention, past.retention.previous.as_ref().ok()?)))
    else {
        page.title(0, word("title"), &view.month())?;
        return page.sentence(0, &silence(view).unwrap_or_default(), Look::Subtitle);
    };
    page.title(0, word("title"), &words.fill("retention", "subtitle", &[("month", &view.month())]))?;
    // the longer period says more
    let longest = retention.year.as_ref().unwrap_or(previous);
    cards(view, &mut page, retention, longest)?;
    page.row += 4;
    page.section(0, word("clients"))?;
    page.list(0, &logo_columns(view), [Some(previous), retention.year.as_ref()].into_iter().flatten())?;
    page.row += 1;
    revenue(view, &mut page, retention)?;
    page.row += 1;
    replacement::write(view, &mut page, longest)?;
    page.row += 1;
    lost(view, &mut page, previous, retention.year.as_ref())
}

fn cards(view: &View<'_>, page: &mut Page<'_>, retention: &Retention, logo: &Logo) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("retention", id);
    let month = month_name(words, logo.before);
    let (kept, known) =
        (amount_text(view.words, logo.kept as f64), amount_text(view.words, (logo.kept + logo.lost.len()) as f64));
    let values = [("month", month.as_str()), ("kept", &kept), ("known", &known)];
    let note = Shown::text(words.fill("retention", "logo_note", &values));
    page.card((0, 0), word("logo"), (&Shown::maybe(logo.retention()), Look::FigureShare), &note)?;
    let lost = amount_text(view.words, logo.lost.len() as f64);
    let note = Shown::text(words.fill("retention", "churn_note", &[("month", &month), ("lost", &lost)]));
    page.card((1, 2), word("churn"), (&Shown::maybe(logo.churn()), Look::FigureShare), &note)?;
    let of_first =
        |kept: &Vec<Kept>| view.units.iter().find_map(|unit| kept.iter().find(|own| own.unit == *unit).cloned());
    let kept = retention.revenue.as_ref().ok().and_then(of_first);
    let unit = kept.as_ref().and_then(|kept| kept.unit);
    let without = kept.as_ref().and_then(Kept::gross_without_risk).map(percent_text);
    let notes = match without {
        Some(without) => [words.fill("retention", "gross_note", &[("without", &without)]), word("net_note").to_owned()],
        None => [word("refused").to_owned(), word("refused").to_owned()],
    };
    let gross = Shown::maybe(kept.as_ref().and_then(Kept::gross));
    let net = Shown::maybe(kept.as_ref().and_then(Kept::net));
    let [gross_note, net_note] = notes.map(Shown::text);
    page.card((3, 5), &view.in_unit(word("gross"), unit), (&gross, Look::FigureShare), &gross_note)?;
    page.card((6, 8), &view.in_unit(word("net"), unit), (&net, Look::FigureShare), &net_note)
}

fn logo_columns<'v>(view: &'v View<'_>) -> Vec<ListColumn<'v, &'v Logo>> {
    let word = |id: &str| view.words.get("retention", id);
    let count = |id: &str, of: fn(&Logo) -> usize| {
        ListColumn::new(word(id), Look::CountRight, move |logo: &&Logo| Shown::count(of(logo)))
    };
    vec![
        ListColumn::new(word("since"), Look::Text, |logo: &&Logo| Shown::text(month_name(view.words, logo.before))),
        count("then", |logo| logo.clients),
        count("kept", |logo| logo.kept),
        count("lost", |logo| logo.lost.len()),
        count("let_go", |logo| logo.let_go.len()),
        count("unknown", |logo| logo.unknown),
        ListColumn::new(word("retention"), Look::Share, |logo: &&Logo| Shown::maybe(logo.retention())),
        ListColumn::new(word("churn_rate"), Look::Share, |logo: &&Logo| Shown::maybe(logo.churn())),
    ]
}

/// Revenue kept on equal periods, or why that cannot be said.
fn revenue(view: &View<'_>, page: &mut Page<'_>, retention: &Retention) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("retention", id);
    let full_year = view.source.config.full_year_figures;
    let title = if full_year { "revenue_full" } else { "revenue" };
    page.section(0, &words.fill("retention", title, &[("month", &view.month())]))?;
    let kept = match &retention.revenue {
        Ok(kept) => kept,
        Err(refused) => {
            let with = |id: &str, month| words.fill("retention", id, &[("month", &month_name(words, month))]);
            let text = match *refused {
                Refused::OneSnapshot(from) => with("one_month", from),
                Refused::FirstOfYear(from) => with("year_turn", from),
                Refused::OtherPeriod(month) => with("other_period", month),
                Refused::NoRevenue => word("no_revenue").to_owned(),
            };
            return page.sentence(0, &text, Look::Subtitle);
        }
    };
    let share = if full_year { 1.0 } else { view.source.period.share_of_year() };
    let share = percent_text(share);
    page.sentence(0, &words.fill("retention", "revenue_subtitle", &[("share", &share)]), Look::Subtitle)?;
    let count = |id: &str, of: fn(&Kept) -> usize| {
        ListColumn::new(word(id), Look::CountRight, move |kept: &&Kept| Shown::count(of(kept)))
    };
    let money = |id: &str, of: fn(&Kept) -> f64| {
        ListColumn::new(word(id), Look::Money, move |kept: &&Kept| Shown::number(of(kept)))
    };
    let rate = |id: &str, of: fn(&Kept) -> Option<f64>| {
        ListColumn::new(word(id), Look::Share, move |kept: &&Kept| Shown::maybe(of(kept)))
    };
    let counts = [
        ListColumn::new(word("currency"), Look::Text, |kept: &&Kept| Shown::text(view.unit_name(kept.unit))),
        count("with_revenue", |kept| kept.clients),
        count("counted", |kept| kept.counted),
        count("of_lost", |kept| kept.lost),
        count("silent", |kept| kept.not_delivered),
        count("missing", |kept| kept.missing),
    ];
    let sums = [
        ListColumn::new(word("currency"), Look::Text, |kept: &&Kept| Shown::text(view.unit_name(kept.unit))),
        money("due", |kept| kept.last_year),
        money("current", |kept| kept.current),
        money("covered", |kept| kept.covered),
        rate("grr", Kept::gross),
        rate("nrr", Kept::net),
        rate("grr_risk", Kept::gross_without_risk),
    ];
    page.list(0, &sums, kept.iter())?;
    page.row += 1;
    page.list(0, &counts, kept.iter())?;
    Ok(())
}

/// Who was lost, and who was let go on purpose.
fn lost(view: &View<'_>, page: &mut Page<'_>, previous: &Logo, year: Option<&Logo>) -> Result<(), XlsxError> {
    let words = view.words;
    let longest = year.unwrap_or(previous);
    let count = |all: &[Lost]| amount_text(view.words, all.len() as f64);
    let since = |id: &str, logo: &Logo, all: &[Lost]| {
        let month = month_name(words, logo.before);
        words.fill("retention", id, &[("month", &month), ("count", &count(all))])
    };
    page.section(0, &since("lost_since", longest, &longest.lost))?;
    list(view, page, &longest.lost, true)?;
    // who came after the first month and is gone again stands in the shorter period only
    let only = |of: fn(&Logo) -> &Vec<Lost>| -> Vec<Lost> {
        let first = year.map(of);
        of(previous).iter().filter(|own| first.is_some_and(|first| !first.contains(own))).cloned().collect()
    };
    let short_lived = only(|logo| &logo.lost);
    if !short_lived.is_empty() {
        page.row += 1;
        let (month, first) = (month_name(words, previous.before), month_name(words, longest.before));
        let values = [("month", month.as_str()), ("first", &first), ("count", &count(&short_lived))];
        page.section(0, &words.fill("retention", "lost_only", &values))?;
        list(view, page, &short_lived, true)?;
    }
    let let_go: Vec<Lost> = longest.let_go.iter().cloned().chain(only(|logo| &logo.let_go)).collect();
    if !let_go.is_empty() {
        page.row += 1;
        page.section(0, &since("let_go_since", longest, &let_go))?;
        list(view, page, &let_go, false)?;
    }
    Ok(())
}

/// One client that is gone, or all of them together.
struct Gone<'g> {
    name: &'g str,
    one: Option<&'g Lost>,
    revenue: Amounts,
}

fn list(view: &View<'_>, page: &mut Page<'_>, all: &[Lost], with_sum: bool) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("retention", id);
    if all.is_empty() {
        return page.sentence(0, word("nobody"), Look::Subtitle);
    }
    let text = |of: fn(&View<'_>, &Lost) -> String| {
        move |gone: &Gone<'_>| Shown::text(gone.one.map(|lost| of(view, lost)).unwrap_or_default())
    };
    let columns = [
        ListColumn::new(word("client"), Look::Name, |gone: &Gone<'_>| Shown::text(gone.name)),
        ListColumn::new(
            word("departments"),
            Look::Wrapped,
            text(|view, lost| view.named(lost.departments.iter().map(String::as_str))),
        ),
        ListColumn::new(
            word("managers"),
            Look::Wrapped,
            text(|view, lost| view.named(lost.managers.iter().map(String::as_str))),
        ),
        ListColumn::new(word("last"), Look::Word, text(|view, lost| month_name(view.words, lost.last))),
        ListColumn::new(word("score"), Look::Score, |gone: &Gone<'_>| {
            Shown::maybe(gone.one.and_then(|lost| lost.score))
        }),
        ListColumn::new(view.in_units(word("revenue_lost")), Look::Money, |gone: &Gone<'_>| {
            Shown::Value(view.amounts(&gone.revenue))
        }),
    ];
    let rows = all.iter().map(|lost| Gone { name: &lost.client, one: Some(lost), revenue: lost.revenue.clone() });
    page.list(0, &columns, rows)?;
    if with_sum {
        page.total(0, &columns, &Gone { name: word("all"), one: None, revenue: sum(all) })?;
    }
    Ok(())
}

/// Revenue of all of them.
pub(super) fn sum(all: &[Lost]) -> Amounts {
    let mut sum = Amounts::default();
    all.iter().for_each(|lost| sum.add_all(&lost.revenue));
    sum
}
