//! Accounts by status with their chart, and revenue at risk in its two parts.

use super::super::formula::quoted;
use super::super::sheet::Content;
use super::super::style::{self, Look};
use super::figures::Figures;
use super::{Page, status_colours};
use crate::field::Status;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartPoint, ChartSolidFill, ConditionalFormatDataBar,
    ConditionalFormatType, XlsxError,
};

impl Page<'_> {
    /// Distribution by status with its chart, and revenue at risk in its two parts.
    pub(super) fn statuses(&mut self, mut row: u32, figures: &Figures) -> Result<u32, XlsxError> {
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
        let label = self.label("risk_parts");
        self.text(row, 1, &label, Look::Section)?;
        row += 1;
        let at_risk_word = words.get("value", Status::AtRisk.id());
        let evident = self.tables.each_card(|c, mark, only| {
            format!(
                "SUMPRODUCT({}*({}>=0)*((({}<kt_watch{mark})+({}<>{}))>0){only})",
                c("revenue_at_risk"),
                c("counted"),
                c("best_case"),
                c("computed_status"),
                quoted(at_risk_word)
            )
        });
        self.part(row, words.get("summary", "evident"))?;
        self.sum(row, 2, evident.clone(), figures.evident, Look::Money)?;
        row += 1;
        self.part(row, words.get("summary", "want_of_data"))?;
        let rest = self.tables.at_risk().zip(evident).map(|(all, evident)| format!("({all})-({evident})"));
        self.sum(row, 2, rest, figures.at_risk - figures.evident, Look::Money)?;
        row += 1;
        self.chart(top, first)?;
        Ok((row + 1).max(top + 12))
    }

    fn part(&mut self, row: u32, text: &str) -> Result<(), XlsxError> {
        self.text(row, 1, text, Look::Wrapped)?;
        self.height(row, &[(text, self.widths[1])])
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
        // of a bar chart the vertical axis is y: the first status of the list stands on top
        chart.y_axis().set_reverse().set_major_gridlines(false);
        chart.x_axis().set_hidden(true).set_major_gridlines(false).set_min(0);
        chart.set_width(620).set_height(230);
        self.sheet.insert_chart_with_offset(top, 4, &chart, 10, 0)?;
        Ok(())
    }
}
