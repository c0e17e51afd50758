//! Colours of charts and of conditional formats.

use super::{ACCENT, INK, MUTED, RED, outline};
use crate::field::Status;
use rust_xlsxwriter::{Color, Format};

/// Revenue at risk in charts: what is evident, and what is for want of data.
pub(crate) fn risk_colours() -> [Color; 2] {
    [RED, Color::RGB(0xE8_A8_A3)]
}

/// Plain bars and lines in charts.
pub(crate) fn chart_colours() -> [Color; 2] {
    [Color::RGB(0x9F_C4_C7), ACCENT]
}

/// Status in charts: strong enough for a bar without outline.
pub(crate) fn chart_colour(status: Status) -> Color {
    Color::RGB(match status {
        Status::AtRisk => 0xB3_26_1E,
        Status::Watch => 0xE3_B3_41,
        Status::Strong => 0x4F_9D_69,
        Status::NotScored => 0x9C_A3_AF,
    })
}

/// Status in colour and word; the lightness tells them apart in grey print as well.
pub(crate) fn status(status: Status) -> Format {
    let (ink, fill) = match status {
        Status::AtRisk => (0xFF_FF_FF, 0xB3_26_1E),
        Status::Watch => (0x5F_43_00, 0xFC_E8_B2),
        Status::Strong => (0x14_53_2D, 0xDD_EF_E3),
        Status::NotScored => (0x4B_55_63, 0xE5_E7_EB),
    };
    let format = Format::new().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(fill));
    if status == Status::AtRisk { format.set_bold() } else { format }
}

/// What was typed and cannot be read.
pub(crate) fn not_read() -> Format {
    outline(Format::new()).set_font_color(RED)
}

/// Points that were not earned.
pub(crate) fn no_points() -> Format {
    Format::new().set_background_color(Color::RGB(0xFB_E4_D5)).set_font_color(Color::RGB(0x7C_2D_12))
}

/// A worry carries weight, not colour: colour belongs to the status.
pub(crate) fn worry() -> Format {
    Format::new().set_bold()
}

/// Revenue that shrinks.
pub(crate) fn negative() -> Format {
    Format::new().set_font_color(RED)
}

/// A figure that is no alarm.
pub(crate) fn calm() -> Format {
    Format::new().set_font_color(INK)
}

/// What should have been done by now.
pub(crate) fn overdue() -> Format {
    Format::new().set_bold().set_font_color(RED).set_background_color(Color::RGB(0xFD_E8_E8))
}

/// A key account at risk.
pub(crate) fn key_at_risk() -> Format {
    Format::new().set_background_color(Color::RGB(0xFD_EC_EA))
}

/// What a list holds beyond its limit.
pub(crate) fn stepped_back() -> Format {
    Format::new().set_font_color(MUTED)
}
