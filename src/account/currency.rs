//! The currency of an account's amounts, by evidence: column, heading, cell, number format, the rest of the sheet.

use crate::account::Currency;

/// An amount of a row and the currencies that are named for it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
    /// Beside the digits.
    pub(crate) typed: Option<Currency>,
    /// What is typed is a dollar sign and nothing else, which many currencies are written with.
    pub(crate) bare_dollar: bool,
    /// In the heading.
    pub(crate) heading: Option<Currency>,
    /// The heading names it by a dollar sign and nothing else.
    pub(crate) bare_in_heading: bool,
    /// By the number format.
    pub(crate) format: Option<Currency>,
}

/// What became of the amounts of a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settled {
    /// The currency of the row.
    pub(crate) currency: Option<Currency>,
    /// Nothing in the row names it: it is the only one of sheet or workbook.
    pub(crate) assumed: bool,
    /// By place: the amount is in this other currency.
    pub(crate) deviating: Vec<Option<Currency>>,
    /// By place: only the number format shows this other currency; the amount counts.
    pub(crate) format_differs: Vec<Option<Currency>>,
}

/// Currencies that their own country writes with a plain dollar sign.
const DOLLAR_SIGN: [&[u8; 3]; 11] =
    [b"USD", b"MXN", b"ARS", b"CLP", b"COP", b"UYU", b"CAD", b"AUD", b"NZD", b"SGD", b"HKD"];

/// Whether a heading's currency is a dollar sign alone: "Ventes ($)", and no "US$".
pub(crate) fn is_bare_dollar(heading: &str) -> bool {
    let before = |at: usize| heading[..at].chars().next_back();
    !heading.contains("USD")
        && heading.contains('$')
        && heading.match_indices('$').all(|(at, _)| before(at).is_none_or(|c| !c.is_alphanumeric()))
}

/// Settles a row. `column` is the value of the currency column, `fallback` the only currency of sheet or workbook.
pub(crate) fn settle(column: Option<Currency>, amounts: &[Amount], fallback: Option<Currency>) -> Settled {
    let said = column.or_else(|| most(amounts, |a| a.heading)).or_else(|| most(amounts, |a| a.typed));
    let named = said.or_else(|| most(amounts, |a| a.format));
    let currency = named.or(fallback);
    let differs = |own: Option<Currency>| own.filter(|_| currency.is_some()).filter(|&own| Some(own) != currency);
    let written = |amount: &Amount| {
        let fits = |bare: bool| bare && currency.is_some_and(|currency| DOLLAR_SIGN.contains(&&currency.0));
        let heading = amount.heading.filter(|_| !fits(amount.bare_in_heading));
        differs(amount.typed.filter(|_| !fits(amount.bare_dollar)).or(heading))
    };
    let by_format = |amount: &Amount| differs(amount.format).filter(|_| amount.typed.or(amount.heading).is_none());
    Settled {
        currency,
        assumed: named.is_none() && fallback.is_some(),
        deviating: amounts
            .iter()
            // A number format is easily clicked; it outvotes nothing that somebody wrote.
            .map(|amount| written(amount).or_else(|| by_format(amount).filter(|_| said.is_none())))
            .collect(),
        format_differs: amounts
            .iter()
            .map(|amount| {
                differs(amount.format).filter(|_| said.is_some() && differs(amount.typed.or(amount.heading)).is_none())
            })
            .collect(),
    }
}

/// The currency that most amounts name; of equals the leftmost.
fn most(amounts: &[Amount], of: impl Fn(&Amount) -> Option<Currency>) -> Option<Currency> {
    let named: Vec<Currency> = amounts.iter().filter_map(of).collect();
    let count = |currency: &Currency| named.iter().filter(|other| *other == currency).count();
    named.iter().rev().max_by_key(|currency| count(currency)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EUR: Option<Currency> = Some(Currency(*b"EUR"));
    #[test]
    fn a_plain_dollar_sign_is_the_rows_own_dollar_or_peso() {
        let (usd, mxn) = (Some(Currency(*b"USD")), Some(Currency(*b"MXN")));
        let plain = Amount { typed: usd, bare_dollar: true, ..Amount::default() };
        assert_eq!(settle(mxn, &[plain], None).deviating, [None]);
        assert_eq!(settle(mxn, &[typed(usd)], None).deviating, [usd], "US$");
        assert_eq!(settle(EUR, &[plain], None).deviating, [usd]);
        let headed = Amount { heading: usd, bare_in_heading: true, ..Amount::default() };
        assert_eq!(settle(mxn, &[headed], None).deviating, [None], "\"Ventas 2025 ($)\" beside MXN");
        assert_eq!(settle(mxn, &[Amount { heading: usd, ..Amount::default() }], None).deviating, [usd]);
        for (heading, bare) in [("Ventes ($)", true), ("Sales US$", false), ("Sales (USD)", false), ("Sales", false)] {
            assert_eq!(is_bare_dollar(heading), bare, "{heading}");
        }
    }

    const GBP: Option<Currency> = Some(Currency(*b"GBP"));

    fn typed(typed: Option<Currency>) -> Amount {
        Amount { typed, ..Amount::default() }
    }

    #[test]
    fn what_somebody_wrote_counts_before_what_a_format_shows() {
        let format = |format| Amount { format, ..Amount::default() };
        let heading = |heading, typed| Amount { heading, typed, ..Amount::default() };
        for (column, amounts, fallback, currency, deviating) in [
            (None, vec![typed(EUR), typed(None)], None, EUR, vec![None, None]),
            (GBP, vec![typed(EUR), typed(None)], None, GBP, vec![EUR, None]),
            (None, vec![typed(EUR), typed(GBP), typed(EUR)], None, EUR, vec![None, GBP, None]),
            (None, vec![typed(GBP), typed(EUR)], None, GBP, vec![None, EUR]),
            (None, vec![heading(EUR, GBP), heading(EUR, None)], None, EUR, vec![GBP, None]),
            (None, vec![format(EUR), format(GBP)], None, EUR, vec![None, GBP]),
            (GBP, vec![format(EUR)], None, GBP, vec![None]),
            (None, vec![typed(None)], GBP, GBP, vec![None]),
            (None, vec![typed(None)], None, None, vec![None]),
        ] {
            let settled = settle(column, &amounts, fallback);
            assert_eq!((settled.currency, settled.deviating), (currency, deviating), "{amounts:?}");
        }
        assert_eq!(settle(GBP, &[format(EUR)], None).format_differs, [EUR]);
    }
}
