//! Summary: the department at a glance. Figures are live over the client tables; the order of the lists is the run's.

use super::department::{Fact, Placed, Source};
use super::formula::quoted;
use super::quality::month_name;
use super::sentence;
use super::sheet::{Content, put};
use super::style::{self, Look, Styles};
use super::words::Words;
use crate::field::{Field, Status};
use crate::score::{Flag, Kept, Rated, rate};
use crate::value::number_text;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartPoint, ChartSolidFill, ConditionalFormatCell,
    ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatType, Formula, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// Clients named under "look here first".
const TOP: usize = 10;
/// Managers listed; a department with more has a register, not a team.
const MANAGERS: usize = 60;

/// One row of the client tables as the summary sees it.
struct Seen<'a> {
    client: &'a str,
    manager: &'a str,
    rated: Rated,
    fact: Fact,
    last_year: f64,
    next: String,
}

pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    placed: &[Placed<'_>],
    words: Words,
) -> Result<(), XlsxError> {
    let seen = rows(source, words);
    let word = |id: &str| words.get("summary", id);
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_formula_result_default("");
    for (col, width) in [2.0, 34.0, 12.0, 12.0, 12.0, 12.0, 15.0, 15.0, 62.0].into_iter().enumerate() {
        sheet.set_column_width(col as u16, width)?;
    }
    let title = words.fill("summary", "title", &[("department", source.department)]);
    sheet.write_with_format(0, 1, title, styles.get(Look::Title))?;
    let counted = seen.iter().filter(|row| row.fact.counted == 1).count();
    let maximum = source.basis.card.maximum();
    let subtitle = words.fill(
        "summary",
        "subtitle",
        &[
            ("month", &month_name(words, source.period)),
            ("accounts", &counted.to_string()),
            ("scorecard", &source.basis.card.name),
            ("maximum", &number_text(maximum)),
        ],
    );
    sheet.write_with_format(1, 1, subtitle, styles.get(Look::Subtitle))?;
    for (row, height) in [(3, 20.0), (4, 32.0), (5, 18.0)] {
        sheet.set_row_height(row, height)?;
    }
    let mut page = Page { sheet, styles, tables: Tables::new(placed, words), words };
    let figures = Figures::new(&seen);
    page.cards(&figures, source)?;

    let mut row = 8;
    row = page.first(row, &seen)?;
    row = page.statuses(row, &figures)?;
    page.text(row, 1, word("managers"), Look::Section)?;
    page.managers(row + 1, &seen)?;
    Ok(())
}

fn rows<'a>(source: &'a Source<'_>, words: Words) -> Vec<Seen<'a>> {
    let book = &source.parsed.book;
    let mut seen = Vec::new();
    for (table, facts) in source.parsed.tables.iter().zip(source.facts) {
        let kept = Kept::of(table);
        for (account, fact) in table.accounts().zip(facts) {
            let rated = rate(&account, &source.basis, kept);
            let next = sentence::next_step(words, &account, &rated, &source.basis, &source.config.own_columns);
            seen.push(Seen {
                client: account.client(book),
                manager: account.text(Field::AccountManager, book).unwrap_or_default(),
                last_year: account.input(Field::RevenueLastYear).number().unwrap_or(0.0).max(0.0),
                rated,
                fact: fact.clone(),
                next,
            });
        }
    }
    seen
}

/// The figures as this run computed them: the stored results of the live cells.
struct Figures {
    scores: Vec<f64>,
    status: BTreeMap<Status, usize>,
    kpi_yes: usize,
    kpi_no: usize,
    worry: usize,
    shrinking: usize,
    at_risk: f64,
    evident: f64,
    revenue: f64,
}

impl Figures {
    fn new(seen: &[Seen<'_>]) -> Self {
        let counted = || seen.iter().filter(|row| row.fact.counted == 1);
        let money = || seen.iter().filter(|row| row.fact.counted >= 0);
        let is_evident =
            |row: &&Seen<'_>| row.rated.best_status == Status::AtRisk || row.rated.computed != Status::AtRisk;
        Self {
            scores: counted().filter_map(|row| row.rated.score).collect(),
            status: Status::ALL
                .into_iter()
                .map(|status| (status, counted().filter(|row| row.rated.shown == status).count()))
                .collect(),
            kpi_yes: counted().filter(|row| row.rated.kpi_met == Some(true)).count(),
            kpi_no: counted().filter(|row| row.rated.kpi_met == Some(false)).count(),
            worry: counted().filter(|row| row.rated.worry == Some(true)).count(),
            shrinking: counted()
                .filter(|row| row.rated.shown == Status::Strong && row.rated.flags.contains(&Flag::Shrinking))
                .count(),
            at_risk: money().map(|row| row.rated.revenue_at_risk).sum(),
            evident: money().filter(is_evident).map(|row| row.rated.revenue_at_risk).sum(),
            revenue: money().map(|row| row.last_year).sum(),
        }
    }

    fn average(&self) -> Option<f64> {
        (!self.scores.is_empty()).then(|| self.scores.iter().sum::<f64>() / self.scores.len() as f64)
    }
}

/// Expressions over all client tables of the workbook; `None` where the tables are values.
struct Tables {
    names: Option<Vec<String>>,
    words: Words,
}

impl Tables {
    fn new(placed: &[Placed<'_>], words: Words) -> Self {
        let names: Option<Vec<_>> =
            placed.iter().map(|place| place.live.as_ref().map(|live| live.table.clone())).collect();
        Self { names, words }
    }

    /// The sum of an expression over each table; `{}` of a column stands for `Table[Heading]`.
    fn each(&self, of: impl Fn(&dyn Fn(&str) -> String) -> String) -> Option<String> {
        let names = self.names.as_ref()?;
        let parts: Vec<_> =
            names.iter().map(|name| of(&|id: &str| format!("{name}[{}]", self.words.get("column", id)))).collect();
        Some(parts.join("+"))
    }

    /// Counted accounts whose column says a word.
    fn count(&self, id: &str, word: &str) -> Option<String> {
        self.each(|column| format!("COUNTIFS({},{},{},1)", column(id), quoted(word), column("counted")))
    }

    /// Revenue at risk of the rows that count for money.
    fn at_risk(&self) -> Option<String> {
        self.each(|column| format!("SUMIFS({},{},\">=0\")", column("revenue_at_risk"), column("counted")))
    }
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    styles: &'a mut Styles,
    tables: Tables,
    words: Words,
}

impl Page<'_> {
    fn text(&mut self, row: u32, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(row, col, text, self.styles.get(look))?;
        Ok(())
    }

    /// A live figure, or the value where the tables hold values.
    fn live(
        &mut self,
        row: u32,
        col: u16,
        formula: Option<String>,
        value: Content,
        look: Look,
    ) -> Result<(), XlsxError> {
        let Some(formula) = formula else { return put(self.sheet, self.styles, row, col, look, &value) };
        let result = match &value {
            Content::Number(number) => number_text(*number),
            Content::Text(text) => text.clone(),
            _ => String::new(),
        };
        let formula = Formula::new(format!("={formula}")).set_result(result);
        self.sheet.write_formula_with_format(row, col, formula, self.styles.get(look))?;
        Ok(())
    }

    fn cards(&mut self, figures: &Figures, source: &Source<'_>) -> Result<(), XlsxError> {
        let words = self.words;
        let word = |id: &str| words.get("summary", id);
        let (yes, no) = (words.get("value", "yes"), words.get("value", "no"));
        let scored = figures.kpi_yes + figures.kpi_no;
        let kpi_share = (scored > 0).then(|| figures.kpi_yes as f64 / scored as f64);
        let risk_share = (figures.revenue > 0.0).then(|| figures.at_risk / figures.revenue);
        let average = self.tables.names.as_ref().and_then(|_| {
            let sum = self.tables.each(|c| format!("SUMIFS({},{},1)", c("score"), c("counted")))?;
            let count = self.scored()?;
            Some(format!("IFERROR(({sum})/({count}),\"\")"))
        });
        let met = self.tables.count("kpi_met", yes).zip(self.tables.count("kpi_met", no));
        let kpi = met.map(|(met, not)| format!("IFERROR(({met})/({met}+{not}),\"\")"));
        let worry = self.tables.count("worry", yes);
        let at_risk = self.tables.at_risk();
        let number = |number: Option<f64>| number.map_or(Content::Text(String::new()), Content::Number);
        let cards = [
            (1u16, 1u16, "average", average, number(figures.average()), Look::Figure),
            (2, 3, "kpi", kpi, number(kpi_share), Look::FigurePercent),
            (4, 5, "worry", worry, Content::Number(figures.worry as f64), Look::Figure0),
            (6, 7, "at_risk", at_risk, Content::Number(figures.at_risk), Look::FigureAtRisk),
        ];
        for (first, last, id, formula, value, look) in cards {
            if last > first {
                for (row, look) in [(3, Look::CardLabel), (4, look), (5, Look::CardNote)] {
                    self.sheet.merge_range(row, first, row, last, "", self.styles.get(look))?;
                }
            }
            self.text(3, first, word(id), Look::CardLabel)?;
            self.live(4, first, formula, value, look)?;
        }
        let maximum = number_text(source.basis.card.maximum());
        let is_live = self.tables.names.is_some();
        let of = words.fill("summary", "of", &[("maximum", &maximum)]);
        let formula = is_live.then(|| self.sentence("of", &|_| "kt_maximum".to_owned()));
        self.live(5, 1, formula, Content::Text(of), Look::CardNote)?;
        let kpi_limit = number_text(source.basis.card.kpi);
        let met_text = words.fill(
            "summary",
            "kpi_note",
            &[("met", &figures.kpi_yes.to_string()), ("scored", &scored.to_string()), ("kpi", &kpi_limit)],
        );
        let counts = self.tables.count("kpi_met", yes).zip(self.tables.count("kpi_met", no));
        let formula = counts.map(|(met, not)| {
            self.sentence("kpi_note", &|hole| match hole {
                "met" => format!("({met})"),
                "scored" => format!("({met}+{not})"),
                _ => "kt_kpi".to_owned(),
            })
        });
        self.live(5, 2, formula, Content::Text(met_text), Look::CardNote)?;
        let at_risk_count = figures.status[&Status::AtRisk].to_string();
        let note = words.fill("summary", "worry_note", &[("at_risk", &at_risk_count)]);
        let count = self.tables.count("status", words.get("value", Status::AtRisk.id()));
        let formula = count.map(|count| self.sentence("worry_note", &|_| format!("({count})")));
        self.live(5, 4, formula, Content::Text(note), Look::CardNote)?;
        let revenue = self.revenue();
        let share = self.tables.at_risk().zip(revenue).map(|(risk, all)| format!("IFERROR(({risk})/({all}),\"\")"));
        self.live(5, 6, share, number(risk_share), Look::CardShare)
    }

    fn scored(&self) -> Option<String> {
        self.tables.each(|c| format!("COUNTIFS({},\">=0\",{},1)", c("score"), c("counted")))
    }

    fn revenue(&self) -> Option<String> {
        self.tables.each(|c| {
            let last_year = c("revenue_last_year");
            format!("SUMIFS({last_year},{last_year},\">0\",{},\">=0\")", c("counted"))
        })
    }

    fn sentence(&self, id: &str, hole: &dyn Fn(&str) -> String) -> String {
        super::formula::sentence(self.words.get("summary", id), hole)
    }

    /// Where to look first: the worries with the most revenue behind them.
    fn first(&mut self, mut row: u32, seen: &[Seen<'_>]) -> Result<u32, XlsxError> {
        let words = self.words;
        self.text(row, 1, words.get("summary", "first"), Look::Section)?;
        row += 1;
        let mut worries: Vec<_> =
            seen.iter().filter(|row| row.fact.counted == 1 && row.rated.worry == Some(true)).collect();
        worries.sort_by(|a, b| {
            let at_risk = |row: &Seen<'_>| row.rated.shown != Status::AtRisk;
            at_risk(a).cmp(&at_risk(b)).then(b.last_year.total_cmp(&a.last_year)).then_with(|| a.client.cmp(b.client))
        });
        if worries.is_empty() {
            self.text(row, 1, words.get("summary", "no_worry"), Look::Subtitle)?;
            return Ok(row + 2);
        }
        let headings =
            ["client", "status", "score", "account_manager", "", "revenue_last_year", "key_account", "next_step"];
        for (col, id) in (1u16..).zip(headings) {
            let heading = if id.is_empty() { "" } else { words.get("column", id) };
            self.text(row, col, heading, if col == 6 { Look::HeadingListRight } else { Look::HeadingList })?;
        }
        let manager = words.get("column", "account_manager");
        self.sheet.merge_range(row, 4, row, 5, manager, self.styles.get(Look::HeadingList))?;
        row += 1;
        let first = row;
        for worry in worries.iter().take(TOP) {
            let key = if worry.fact.key { words.get("value", "yes") } else { "" };
            self.text(row, 1, worry.client, Look::Name)?;
            self.text(row, 2, words.get("value", worry.rated.shown.id()), Look::Word)?;
            put(self.sheet, self.styles, row, 3, Look::Total, &Content::number(worry.rated.score))?;
            self.sheet.merge_range(row, 4, row, 5, worry.manager, self.styles.get(Look::Text))?;
            put(self.sheet, self.styles, row, 6, Look::Money, &Content::Number(worry.last_year))?;
            self.text(row, 7, key, Look::Word)?;
            self.text(row, 8, &worry.next, Look::Wrapped)?;
            row += 1;
        }
        status_colours(self.sheet, first, 2, row - 1, 2, words)?;
        if worries.len() > TOP {
            let more = words.fill("summary", "more", &[("count", &(worries.len() - TOP).to_string())]);
            self.text(row, 1, &more, Look::Subtitle)?;
            row += 1;
        }
        Ok(row + 1)
    }

    /// Distribution by status with its chart, and revenue at risk in its two parts.
    fn statuses(&mut self, mut row: u32, figures: &Figures) -> Result<u32, XlsxError> {
        let words = self.words;
        let top = row;
        self.text(row, 1, words.get("summary", "by_status"), Look::Section)?;
        row += 1;
        let first = row;
        for status in Status::ALL {
            let name = words.get("value", status.id());
            self.text(row, 1, name, Look::Text)?;
            let formula = self.tables.count("status", name);
            self.live(row, 2, formula, Content::Number(figures.status[&status] as f64), Look::Count)?;
            row += 1;
        }
        status_colours(self.sheet, first, 1, row - 1, 1, words)?;
        let bar = ConditionalFormatDataBar::new()
            .use_classic_style()
            .set_fill_color(style::BAR)
            .set_minimum(ConditionalFormatType::Number, 0);
        self.sheet.add_conditional_format(first, 2, row - 1, 2, &bar)?;
        self.text(row, 1, words.get("summary", "shrinking"), Look::Text)?;
        let (strong, shrinking) = (words.get("value", "strong"), words.get("flag", "shrinking"));
        let formula = self.tables.each(|c| {
            format!(
                "SUMPRODUCT(({}={})*ISNUMBER(SEARCH({},{}))*({}=1))",
                c("status"),
                quoted(strong),
                quoted(shrinking),
                c("flags"),
                c("counted")
            )
        });
        self.live(row, 2, formula, Content::Number(figures.shrinking as f64), Look::Count)?;
        row += 2;
        self.text(row, 1, words.get("summary", "risk_parts"), Look::Section)?;
        row += 1;
        let at_risk_word = words.get("value", Status::AtRisk.id());
        let evident = self.tables.each(|c| {
            format!(
                "SUMPRODUCT({}*({}>=0)*((({}<kt_watch)+({}<>{}))>0))",
                c("revenue_at_risk"),
                c("counted"),
                c("best_case"),
                c("computed_status"),
                quoted(at_risk_word)
            )
        });
        self.text(row, 1, words.get("summary", "evident"), Look::Text)?;
        self.live(row, 2, evident.clone(), Content::Number(figures.evident), Look::Money)?;
        row += 1;
        self.text(row, 1, words.get("summary", "want_of_data"), Look::Text)?;
        let rest = self.tables.at_risk().zip(evident).map(|(all, evident)| format!("({all})-({evident})"));
        self.live(row, 2, rest, Content::Number(figures.at_risk - figures.evident), Look::Money)?;
        row += 1;
        self.chart(top, first)?;
        Ok((row + 1).max(top + 12))
    }

    fn chart(&mut self, top: u32, first: u32) -> Result<(), XlsxError> {
        let name = self.sheet.name();
        let mut chart = Chart::new_bar();
        let points: Vec<_> = Status::ALL
            .into_iter()
            .map(|status| {
                let mut fill = ChartSolidFill::new();
                fill.set_color(style::chart_colour(status));
                ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill))
            })
            .collect();
        chart
            .add_series()
            .set_categories((name.as_str(), first, 1, first + 3, 1))
            .set_values((name.as_str(), first, 2, first + 3, 2))
            .set_name(self.words.get("summary", "by_status"))
            .set_points(&points)
            .set_gap(40)
            .set_data_label(ChartDataLabel::new().show_value());
        chart
            .title()
            .set_name(self.words.get("summary", "by_status"))
            .set_font(ChartFont::new().set_size(11).set_bold());
        chart.legend().set_hidden();
        // the first status of the list stands on top
        // of a bar chart the vertical axis is y: the first status of the list stands on top
        chart.y_axis().set_reverse().set_major_gridlines(false);
        chart.x_axis().set_hidden(true).set_major_gridlines(false).set_min(0);
        chart.set_width(620).set_height(230);
        self.sheet.insert_chart_with_offset(top, 4, &chart, 10, 0)?;
        Ok(())
    }

    fn managers(&mut self, mut row: u32, seen: &[Seen<'_>]) -> Result<(), XlsxError> {
        let words = self.words;
        let headings = ["manager", "accounts", "average", "kpi", "at_risk_count", "at_risk", "one_away"];
        for (col, id) in (1u16..).zip(headings) {
            let look = if col == 1 { Look::HeadingList } else { Look::HeadingListRight };
            self.text(row, col, words.get("summary", id), look)?;
        }
        row += 1;
        let mut groups: BTreeMap<&str, Vec<&Seen<'_>>> = BTreeMap::new();
        for one in seen.iter().filter(|one| one.fact.counted >= 0) {
            groups.entry(one.fact.manager.as_deref().unwrap_or_default()).or_default().push(one);
        }
        let at_risk = |group: &[&Seen<'_>]| group.iter().map(|one| one.rated.revenue_at_risk).sum::<f64>();
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by(|a, b| at_risk(&b.1).total_cmp(&at_risk(&a.1)).then(a.0.cmp(b.0)));
        let first = row;
        for (name, group) in groups.iter().take(MANAGERS) {
            let counted: Vec<_> = group.iter().filter(|one| one.fact.counted == 1).collect();
            let scores: Vec<f64> = counted.iter().filter_map(|one| one.rated.score).collect();
            let met = counted.iter().filter(|one| one.rated.kpi_met == Some(true)).count();
            let share = (!scores.is_empty()).then(|| met as f64 / scores.len() as f64);
            let average = (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64);
            let risky = counted.iter().filter(|one| one.rated.shown == Status::AtRisk).count();
            let shown = if name.is_empty() { words.get("summary", "nobody") } else { name };
            self.text(row, 1, shown, Look::Text)?;
            let cell = if name.is_empty() { "\"\"".to_owned() } else { format!("$B{}", row + 1) };
            let own = |c: &dyn Fn(&str) -> String| format!("({}={cell})*({}=1)", c("manager_key"), c("counted"));
            let accounts = self.tables.each(|c| format!("SUMPRODUCT({})", own(c)));
            let scored = self.tables.each(|c| format!("SUMPRODUCT({}*ISNUMBER({}))", own(c), c("score")));
            let sum = self.tables.each(|c| format!("SUMPRODUCT({},{})", own(c), c("score")));
            let word = |id: &str, word: &str| {
                self.tables.each(|c| format!("SUMPRODUCT({}*({}={}))", own(c), c(id), quoted(word)))
            };
            let kpi = word("kpi_met", words.get("value", "yes"));
            let risk = word("status", words.get("value", Status::AtRisk.id()));
            let revenue = self.tables.each(|c| {
                format!("SUMPRODUCT(({}={cell})*({}>=0),{})", c("manager_key"), c("counted"), c("revenue_at_risk"))
            });
            let one_away = self.tables.each(|c| {
                let score = c("score");
                format!("SUMPRODUCT({}*ISNUMBER({score})*({score}<kt_kpi)*({score}>=kt_kpi-1))", own(c))
            });
            let ratio =
                |top: &Option<String>| Some(format!("IFERROR(({})/({}),\"\")", top.as_ref()?, scored.as_ref()?));
            let number = |number: Option<f64>| number.map_or(Content::Text(String::new()), Content::Number);
            let away = counted.iter().filter(|one| one.rated.one_point_away).count();
            let (averages, shares) = (ratio(&sum), ratio(&kpi));
            self.live(row, 2, accounts, Content::Number(counted.len() as f64), Look::CountRight)?;
            self.live(row, 3, averages, number(average), Look::Average)?;
            self.live(row, 4, shares, number(share), Look::Percent)?;
            self.live(row, 5, risk, Content::Number(risky as f64), Look::CountRight)?;
            self.live(row, 6, revenue, Content::Number(at_risk(group)), Look::Money)?;
            self.live(row, 7, one_away, Content::Number(away as f64), Look::CountRight)?;
            row += 1;
        }
        if row > first {
            let bar = ConditionalFormatDataBar::new()
                .use_classic_style()
                .set_fill_color(style::BAR)
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1);
            self.sheet.add_conditional_format(first, 4, row - 1, 4, &bar)?;
        }
        if groups.len() > MANAGERS {
            let more = words.fill("summary", "more_managers", &[("count", &(groups.len() - MANAGERS).to_string())]);
            self.text(row, 1, &more, Look::Subtitle)?;
        }
        Ok(())
    }
}

/// Status words in their colours.
pub(super) fn status_colours(
    sheet: &mut Worksheet,
    first_row: u32,
    first_col: u16,
    last_row: u32,
    last_col: u16,
    words: Words,
) -> Result<(), XlsxError> {
    for status in Status::ALL {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(words.get("value", status.id())))
            .set_format(style::status(status));
        sheet.add_conditional_format(first_row, first_col, last_row, last_col, &rule)?;
    }
    Ok(())
}
