//! Looks by meaning → formats. The only place with colours and number formats.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use std::collections::BTreeMap;

mod rules;

pub(crate) use rules::*;

/// What departments handed in.
const ACCENT: Color = Color::RGB(0x0F_5C_63);
/// What keeptabs adds.
const SLATE: Color = Color::RGB(0x37_41_51);
const INK: Color = Color::RGB(0x1F_29_37);
const MUTED: Color = Color::RGB(0x6B_72_80);
const LINE: Color = Color::RGB(0xE5_E7_EB);
const RED: Color = Color::RGB(0xB3_26_1E);
const AMBER: Color = Color::RGB(0xB4_53_09);
const CARD: Color = Color::RGB(0xF1_F5_F6);
const INPUT: Color = Color::RGB(0xFF_F9_DB);
/// Bars under figures: light enough to read the figure in grey print.
pub(crate) const BAR: Color = Color::RGB(0xCF_E3_E4);

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// Text on one line.
    Text,
    /// The row's name.
    Name,
    /// Text that wraps.
    Wrapped,
    /// Text that wraps, away from the figure to its left.
    Indented,
    /// The same, longer than the row: from its beginning.
    Overlong,
    /// A whole number.
    Count,
    /// A number that may have decimals (survey scores).
    Score,
    /// The score, bold.
    Total,
    /// A centred word.
    Word,
    /// A day.
    Date,
    /// A difference, with its sign.
    Change,
    /// An amount without decimals.
    Money,
    /// An amount whose zero is not shown.
    MoneyOrNothing,
    /// A share without decimals.
    Percent,
    /// A share with one decimal.
    Share,
    /// The same in the middle.
    CentredShare,
    /// A day among texts.
    FactDate,
    /// A share among texts.
    FactShare,
    /// A share without decimals in the middle.
    CentredPercent,
    /// A value that could not be read.
    Wrong,
    /// Title of a page.
    Title,
    /// The grey line under it.
    Subtitle,
    /// Heading of a section.
    Section,
    /// Heading of a plain list.
    HeadingList,
    /// A figure that a person may change.
    InputNumber,
    /// The same as a share.
    InputPercent,
    /// A link.
    Link,
    /// A whole number at the right.
    CountRight,
    /// An average with one decimal.
    Average,
    /// Heading of a list's column of figures.
    HeadingListRight,
    /// Heading of a list's centred column.
    HeadingListCentred,
    /// Heading of a list's column of indented text.
    HeadingListIndented,
    /// Label of a figure.
    CardLabel,
    /// A figure with one decimal.
    Figure,
    /// A whole figure.
    Figure0,
    /// A share as a figure.
    FigurePercent,
    /// A share with one decimal as a figure.
    FigureShare,
    /// Money at risk as a figure.
    FigureAtRisk,
    /// What stands under a figure.
    CardNote,
    /// A share under a figure.
    CardShare,
    /// A sentence that must not be missed.
    Alert,
}

/// The formats of a workbook, made once.
pub(crate) struct Styles {
    looks: BTreeMap<Look, Format>,
    totals: BTreeMap<Look, Format>,
    outlined: BTreeMap<Look, Format>,
    codes: BTreeMap<String, Format>,
    headings: BTreeMap<(bool, Side), Format>,
    /// How many sheets get their rows when the package is finished.
    with_rows: u32,
}

impl Styles {
    pub(crate) fn new() -> Self {
        let all = [
            Look::Text,
            Look::Name,
            Look::Wrapped,
            Look::Indented,
            Look::Overlong,
            Look::Count,
            Look::Score,
            Look::Total,
            Look::Word,
            Look::Date,
            Look::Change,
            Look::Money,
            Look::MoneyOrNothing,
            Look::Percent,
            Look::Share,
            Look::CentredShare,
            Look::CentredPercent,
            Look::FactDate,
            Look::FactShare,
            Look::Wrong,
            Look::Title,
            Look::Subtitle,
            Look::Section,
            Look::HeadingList,
            Look::InputNumber,
            Look::InputPercent,
            Look::Link,
            Look::CountRight,
            Look::Average,
            Look::HeadingListRight,
            Look::HeadingListCentred,
            Look::HeadingListIndented,
            Look::CardLabel,
            Look::Figure,
            Look::Figure0,
            Look::FigurePercent,
            Look::FigureShare,
            Look::FigureAtRisk,
            Look::CardNote,
            Look::CardShare,
            Look::Alert,
        ];
        let headings = [false, true].into_iter().flat_map(|computed| {
            [Side::Left, Side::Indented, Side::Middle, Side::Right]
                .map(|side| ((computed, side), heading(computed, side)))
        });
        Self {
            looks: all.into_iter().map(|look| (look, format(look))).collect(),
            totals: BTreeMap::new(),
            outlined: BTreeMap::new(),
            codes: BTreeMap::new(),
            headings: headings.collect(),
            with_rows: 0,
        }
    }

    /// The number of the next sheet that gets its rows when the package is finished.
    pub(super) fn next_rows(&mut self) -> u32 {
        self.with_rows += 1;
        self.with_rows - 1
    }

    pub(crate) fn get(&self, look: Look) -> &Format {
        &self.looks[&look]
    }

    /// A look in the line of totals.
    pub(crate) fn total(&mut self, look: Look) -> &Format {
        self.totals
            .entry(look)
            .or_insert_with(|| format(look).set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(ACCENT))
    }

    /// A look with an outline, for a cell that somebody should look at.
    pub(crate) fn outlined(&mut self, look: Look) -> &Format {
        self.outlined.entry(look).or_insert_with(|| outline(format(look)))
    }

    /// A look with a number format of the source and an outline.
    pub(crate) fn outlined_with_code(&mut self, code: &str) -> Format {
        outline(self.with_code(code).clone())
    }

    /// What a card's share is a share of, in words beside the figure.
    pub(crate) fn name_share(&mut self, of: &str) {
        let named = format(Look::CardShare).set_num_format(format!("0 % \"{of}\""));
        self.looks.insert(Look::CardShare, named);
    }

    /// The heading of a column of the client table.
    pub(crate) fn heading(&self, computed: bool, cells: Look) -> &Format {
        &self.headings[&(computed, side(cells))]
    }

    /// A look with a number format of the source.
    pub(crate) fn with_code(&mut self, code: &str) -> &Format {
        self.codes.entry(code.to_owned()).or_insert_with(|| cell().set_num_format(code))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    Indented,
    Middle,
    Right,
}

/// Where the content of a cell stands.
fn side(look: Look) -> Side {
    match look {
        Look::Total | Look::Word | Look::Date => Side::Middle,
        Look::Count | Look::Score | Look::Change | Look::Money | Look::MoneyOrNothing | Look::Percent | Look::Share => {
            Side::Right
        }
        Look::Indented => Side::Indented,
        _ => Side::Left,
    }
}

/// Teal heads what the department handed in, slate what keeptabs adds.
fn heading(computed: bool, side: Side) -> Format {
    let format = Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(if computed { SLATE } else { ACCENT })
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_border_right(FormatBorder::Thin)
        .set_border_right_color(LINE);
    match side {
        Side::Left => format,
        Side::Indented => format.set_align(FormatAlign::Left).set_indent(1),
        Side::Middle => format.set_align(FormatAlign::Center),
        Side::Right => format.set_align(FormatAlign::Right),
    }
}

fn cell() -> Format {
    Format::new()
        .set_align(FormatAlign::VerticalCenter)
        .set_font_color(INK)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(LINE)
}

fn format(look: Look) -> Format {
    let centred = || cell().set_align(FormatAlign::Center);
    let right = || cell().set_align(FormatAlign::Right);
    match look {
        Look::Text => cell(),
        Look::Name => cell().set_bold().set_text_wrap(),
        Look::Wrapped => cell().set_text_wrap(),
        Look::Indented => cell().set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
        Look::Overlong => format(Look::Indented).set_align(FormatAlign::Top),
        Look::Count => right().set_num_format("0"),
        Look::Score => right().set_num_format("General"),
        Look::Total => centred().set_bold().set_num_format("General"),
        Look::Word => centred(),
        Look::Date => centred().set_num_format("yyyy-mm-dd"),
        Look::Change => right().set_num_format("+General;-General;0"),
        Look::Money => right().set_num_format("#,##0"),
        Look::MoneyOrNothing => right().set_num_format("#,##0;-#,##0;"),
        Look::Percent => right().set_num_format("0 %"),
        Look::CentredShare => centred().set_num_format("0.0 %"),
        Look::FactDate => cell().set_align(FormatAlign::Left).set_num_format("yyyy-mm-dd"),
        Look::FactShare => cell().set_align(FormatAlign::Left).set_num_format("0.0 %"),
        Look::CentredPercent => centred().set_num_format("0 %"),
        Look::Share => right().set_num_format("0.0 %"),
        Look::Wrong => cell().set_background_color(Color::RGB(0xFD_E8_E8)).set_font_color(RED).set_text_wrap(),
        Look::Title => Format::new().set_bold().set_font_size(16).set_font_color(ACCENT),
        Look::Subtitle => Format::new().set_font_color(MUTED),
        Look::Section => Format::new().set_bold().set_font_size(12).set_font_color(INK),
        Look::HeadingList => list_heading(),
        Look::HeadingListCentred => list_heading().set_align(FormatAlign::Center),
        Look::HeadingListIndented => list_heading().set_align(FormatAlign::Left).set_indent(1),
        Look::HeadingListRight => list_heading().set_align(FormatAlign::Right),
        Look::InputNumber => input().set_num_format("General"),
        Look::InputPercent => input().set_num_format("0 %"),
        Look::CountRight => right().set_num_format("#,##0"),
        Look::Average => right().set_num_format("0.0"),
        Look::CardLabel => card().set_font_color(MUTED).set_align(FormatAlign::VerticalCenter),
        Look::Figure => figure().set_num_format("0.0"),
        Look::Figure0 => figure().set_num_format("#,##0"),
        Look::FigurePercent => figure().set_num_format("0 %"),
        Look::FigureShare => figure().set_num_format("0.0 %"),
        Look::FigureAtRisk => figure().set_num_format("#,##0").set_font_color(RED),
        Look::CardNote => card().set_font_color(MUTED).set_font_size(9).set_text_wrap().set_align(FormatAlign::Top),
        Look::CardShare => format(Look::CardNote).set_num_format("0 %"),
        Look::Alert => Format::new().set_bold().set_font_color(RED),
        Look::Link => cell().set_font_color(ACCENT).set_underline(rust_xlsxwriter::FormatUnderline::Single),
    }
}

fn list_heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(MUTED)
        .set_text_wrap()
        .set_align(FormatAlign::Bottom)
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(ACCENT)
}

fn card() -> Format {
    Format::new().set_background_color(CARD).set_align(FormatAlign::Left).set_indent(1)
}

fn figure() -> Format {
    card().set_bold().set_font_size(20).set_font_color(INK)
}

fn input() -> Format {
    cell()
        .set_align(FormatAlign::Center)
        .set_background_color(INPUT)
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

/// An outline that is seen on any colour and in grey print.
fn outline(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(AMBER)
}
