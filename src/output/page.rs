//! A page that is read from top to bottom: title, figures, lists.

use super::sheet::{Content, amount_width, cut, lines_of, put, set_lines, set_list_lines};
use super::style::{Look, Styles};
use crate::value::number_text;
use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

/// What a cell shows: a value of the run, or a formula with the result that the run computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shown {
    Value(Content),
    Live(String, Content),
}

impl Shown {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Value(Content::Text(text.into()))
    }

    pub(super) fn number(number: f64) -> Self {
        Self::Value(Content::Number(number))
    }

    pub(super) fn count(count: usize) -> Self {
        Self::number(count as f64)
    }

    pub(super) fn maybe(number: Option<f64>) -> Self {
        Self::Value(Content::number(number))
    }

    /// The formula where there is one, else the value.
    pub(super) fn live(formula: Option<String>, value: Content) -> Self {
        match formula {
            Some(formula) => Self::Live(formula, value),
            None => Self::Value(value),
        }
    }
}

/// What a column shows of a record in a row.
type Show<'a, R> = Box<dyn Fn(&R, u32) -> Shown + 'a>;

/// A column of a list.
pub(super) struct ListColumn<'a, R> {
    pub(super) heading: String,
    pub(super) look: Look,
    /// What a record shows; the row of the sheet is given for formulas.
    pub(super) shown: Show<'a, R>,
}

impl<'a, R> ListColumn<'a, R> {
    pub(super) fn new(heading: impl Into<String>, look: Look, shown: impl Fn(&R) -> Shown + 'a) -> Self {
        Self { heading: heading.into(), look, shown: Box::new(move |record, _| shown(record)) }
    }

    pub(super) fn at(heading: impl Into<String>, look: Look, shown: impl Fn(&R, u32) -> Shown + 'a) -> Self {
        Self { heading: heading.into(), look, shown: Box::new(shown) }
    }
}

/// The sheet being filled from top to bottom.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) styles: &'a mut Styles,
    /// The next free row.
    pub(super) row: u32,
    widths: Vec<f64>,
}

impl<'a> Page<'a> {
    /// An empty page with columns of these widths.
    pub(super) fn new(sheet: &'a mut Worksheet, styles: &'a mut Styles, widths: &[f64]) -> Result<Self, XlsxError> {
        sheet.set_screen_gridlines(false);
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.75, 0.6, 0.3, 0.3);
        sheet.set_formula_result_default("");
        for (col, width) in (0u16..).zip(widths) {
            sheet.set_column_width(col, *width)?;
        }
        Ok(Self { sheet, styles, row: 0, widths: widths.to_vec() })
    }

    pub(super) fn text(&mut self, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.text_at(self.row, col, text, look)
    }

    pub(super) fn text_at(&mut self, row: u32, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        put(self.sheet, self.styles, row, col, look, &Content::Text(cut(text).to_owned()))
    }

    pub(super) fn cell_at(&mut self, row: u32, col: u16, shown: &Shown, look: Look) -> Result<(), XlsxError> {
        self.fit(col, look, shown)?;
        let (formula, content) = match shown {
            Shown::Value(content) => return put(self.sheet, self.styles, row, col, look, content),
            Shown::Live(formula, content) => (formula, content),
        };
        let formula = Formula::new(format!("={formula}")).set_result(result(content));
        self.sheet.write_formula_with_format(row, col, formula, self.styles.get(look))?;
        Ok(())
    }

    /// Makes a column as wide as an amount in it.
    pub(super) fn fit(&mut self, col: u16, look: Look, shown: &Shown) -> Result<(), XlsxError> {
        let (Shown::Value(content) | Shown::Live(_, content)) = shown;
        let needed = amount_width(look, content);
        if let Some(width) = self.widths.get_mut(usize::from(col)).filter(|width| **width < needed) {
            *width = needed;
            self.sheet.set_column_width(col, needed)?;
        }
        Ok(())
    }

    /// Title and the grey line under it.
    pub(super) fn title(&mut self, col: u16, title: &str, subtitle: &str) -> Result<(), XlsxError> {
        self.text(col, title, Look::Title)?;
        self.text_at(self.row + 1, col, subtitle, Look::Subtitle)?;
        self.row += 3;
        Ok(())
    }

    pub(super) fn section(&mut self, col: u16, title: &str) -> Result<(), XlsxError> {
        self.text(col, title, Look::Section)?;
        self.row += 1;
        Ok(())
    }

    /// A sentence on a line of its own.
    pub(super) fn sentence(&mut self, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.text(col, text, look)?;
        self.row += 1;
        Ok(())
    }

    /// A figure with its label and what stands under it, over the columns `first` to `last`; three rows from `self.row`.
    pub(super) fn card(
        &mut self,
        (first, last): (u16, u16),
        label: &str,
        (figure, look): (&Shown, Look),
        note: &Shown,
    ) -> Result<(), XlsxError> {
        let row = self.row;
        let looks = [Look::CardLabel, look, Look::CardNote];
        if last > first {
            for (row, look) in (row..).zip(looks) {
                self.sheet.merge_range(row, first, row, last, "", self.styles.get(look))?;
            }
        }
        self.sheet.set_row_height(row + 1, 27)?;
        self.text_at(row, first, label, looks[0])?;
        self.cell_at(row + 1, first, figure, looks[1])?;
        self.cell_at(row + 2, first, note, looks[2])
    }

    /// A list from column `first` on: headings and a line a record. Returns the first and the last row of its records;
    /// without records there is none.
    pub(super) fn list<R>(
        &mut self,
        first: u16,
        columns: &[ListColumn<'_, R>],
        records: impl Iterator<Item = R>,
    ) -> Result<Option<(u32, u32)>, XlsxError> {
        let mut lines = 1;
        for (col, column) in (first..).zip(columns) {
            self.text(col, &column.heading, heading_look(column.look))?;
            // bold letters are wider
            let heading = Content::Text(column.heading.clone());
            lines = lines.max(lines_of(Look::Wrapped, self.width(col) * 0.85, &heading));
        }
        set_lines(self.sheet, self.row, lines)?;
        self.row += 1;
        let top = self.row;
        for record in records {
            let mut lines = 1;
            for (col, column) in (first..).zip(columns) {
                let shown = (column.shown)(&record, self.row);
                if let Shown::Value(content) = &shown {
                    lines = lines.max(lines_of(column.look, self.width(col), content));
                }
                self.cell_at(self.row, col, &shown, column.look)?;
            }
            set_list_lines(self.sheet, self.row, lines)?;
            self.row += 1;
        }
        Ok((self.row > top).then(|| (top, self.row - 1)))
    }

    /// Width of a column in characters.
    fn width(&self, col: u16) -> f64 {
        self.widths.get(usize::from(col)).copied().unwrap_or(8.0)
    }

    /// A line of texts and figures, each over some columns, as high as its texts need.
    pub(super) fn spanned(&mut self, cells: &[(u16, u16, Look, Content)]) -> Result<(), XlsxError> {
        let mut lines = 1;
        for (first, last, look, content) in cells {
            if last > first {
                self.sheet.merge_range(self.row, *first, self.row, *last, "", self.styles.get(*look))?;
            }
            let width = (*first..=*last).map(|col| self.width(col)).sum();
            lines = lines.max(lines_of(*look, width, content));
            put(self.sheet, self.styles, self.row, *first, *look, content)?;
        }
        set_list_lines(self.sheet, self.row, lines)?;
        self.row += 1;
        Ok(())
    }

    /// A line of totals in the columns of a list.
    pub(super) fn total<R>(&mut self, first: u16, columns: &[ListColumn<'_, R>], record: &R) -> Result<(), XlsxError> {
        for (col, column) in (first..).zip(columns) {
            let shown = (column.shown)(record, self.row);
            self.fit(col, column.look, &shown)?;
            let format = self.styles.total(column.look);
            match &shown {
                Shown::Value(Content::Number(number)) => {
                    self.sheet.write_number_with_format(self.row, col, *number, format)?
                }
                Shown::Value(Content::Text(text)) => {
                    self.sheet.write_string_with_format(self.row, col, text, format)?
                }
                Shown::Value(_) => self.sheet.write_blank(self.row, col, format)?,
                Shown::Live(formula, content) => {
                    let formula = Formula::new(format!("={formula}")).set_result(result(content));
                    self.sheet.write_formula_with_format(self.row, col, formula, format)?
                }
            };
        }
        set_list_lines(self.sheet, self.row, 1)?;
        self.row += 1;
        Ok(())
    }
}

fn result(content: &Content) -> String {
    match content {
        Content::Number(number) => number_text(*number),
        Content::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// A heading stands where its column's cells stand.
fn heading_look(look: Look) -> Look {
    match look {
        Look::Money
        | Look::MoneyOrNothing
        | Look::Percent
        | Look::Share
        | Look::CountRight
        | Look::Average
        | Look::Count
        | Look::Score => Look::HeadingListRight,
        Look::Total | Look::Word | Look::Date => Look::HeadingListCentred,
        Look::Indented => Look::HeadingListIndented,
        _ => Look::HeadingList,
    }
}
