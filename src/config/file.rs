//! The configuration file as written: every key optional, unknown keys refused.

use super::words::OneOrMore;
use crate::text::word_key;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A section whose missing keys are taken from a base.
macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $(#[serde(skip_serializing_if = "Option::is_none")] pub(super) $key: Option<$type>,)*
        }

        impl Over for $name {
            fn over(self, base: Self) -> Self {
                Self { $($key: match (self.$key, base.$key) {
                    (Some(own), Some(base)) => Some(own.over(base)),
                    (own, base) => own.or(base),
                },)* }
            }
        }
    };
}

/// Lays what was given over what holds otherwise; a list or value replaces the base whole.
pub(super) trait Over {
    fn over(self, base: Self) -> Self;
}

macro_rules! replaces {
    ($($type:ty),*) => { $(impl Over for $type { fn over(self, _: Self) -> Self { self } })* };
}
replaces!(String, bool, i64, u64, usize, f64);

impl<T> Over for Vec<T> {
    fn over(self, _: Self) -> Self {
        self
    }
}

impl<K, V> Over for BTreeMap<K, V> {
    fn over(self, _: Self) -> Self {
        self
    }
}

section!(File {
    month: String,
    currency: String,
    language: String,
    year: YearFile,
    rollover: RolloverFile,
    locale: LocaleFile,
    scorecard: Vec<ScorecardFile>,
    flags: FlagsFile,
    portfolio: PortfolioFile,
    department: Vec<DepartmentFile>,
    mapping: Vec<MappingFile>,
    same: Vec<NamesFile>,
    different: Vec<NamesFile>,
    pick: Vec<PickFile>,
    output: OutputFile,
    watch: WatchFile,
    limits: LimitsFile,
});

section!(YearFile { start: i64, named_by: String, full_year_figures: bool });
section!(RolloverFile { from: i64 });
section!(LocaleFile { decimal: String, dates: String });
section!(FlagsFile {
    meetings: f64,
    survey: f64,
    survey_months: i64,
    attainment: f64,
    growth: f64,
    renewal_days: i64,
    thanked_months: i64,
    money_from_month: i64,
});
section!(PortfolioFile {
    key_share: f64,
    basis: String,
    ids: String,
    same: Vec<Vec<String>>,
    different: Vec<Vec<String>>,
    rates: BTreeMap<String, f64>,
});
section!(OutputFile { live_rows: usize, compression: i64 });
section!(WatchFile { quiet_seconds: i64 });
section!(LimitsFile {
    file_megabytes: u64,
    unpacked_megabytes: u64,
    cells: u64,
    worker_megabytes: u64,
    worker_seconds: u64,
});

impl File {
    /// The built-in configuration, parsed.
    pub(super) fn built_in() -> Self {
        toml::from_str(super::DEFAULT).expect("BUG: the built-in configuration is checked by a test")
    }

    /// With what it leaves out as it is built in. Scorecards that all name departments or clients leave the others to the
    /// built-in one, which says so in its name where one of them has kept it.
    pub(super) fn over_built_in(self) -> Self {
        let built_in = Self::built_in();
        let for_the_others = built_in.scorecard.clone().unwrap_or_default();
        let mut file = self.over(built_in);
        if let Some(cards) = &mut file.scorecard {
            let names_some = |card: &ScorecardFile| {
                card.when.is_some() || card.departments.as_ref().is_some_and(|list| !list.is_empty())
            };
            if !cards.is_empty() && cards.iter().all(names_some) {
                for mut card in for_the_others {
                    if cards.iter().any(|own| word_key(&own.name) == word_key(&card.name)) {
                        card.name.push_str(" (built-in)");
                    }
                    cards.push(card);
                }
            }
        }
        file
    }
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DepartmentFile {
    pub(super) file: String,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) header_row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) survey_scale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) columns: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NamesFile {
    pub(super) names: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PickFile {
    pub(super) file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sheet: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScorecardFile {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) departments: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<WhenFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bands: Option<BandsFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) worry: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kpi: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) criterion: Option<Vec<CriterionFile>>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenFile {
    pub(super) column: String,
    pub(super) is: OneOrMore,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BandsFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) strong: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) watch: Option<f64>,
}

#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionFile {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) field: String,
    pub(super) rule: RuleFile,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) points: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) above: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) below: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) between: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) within_days: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) levels: Option<BTreeMap<String, f64>>,
}
