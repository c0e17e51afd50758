//! What is noteworthy about a cell, a row, a sheet or a workbook: a value that is collected, never a reason to stop.

pub(crate) mod whole;

use crate::book::CellRef;
use crate::field::Field;
use crate::proposal::Proposal;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know; nothing to do.
    Note,
    /// The result stands, but somebody should look.
    Warning,
    /// Not settled: the sheet or workbook is not converted until a person decides or mends it.
    Error,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal: $severity:ident,)*) => {
        /// Stable code of a kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// As written in reports.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A cell whose content cannot be what its column asks for.
    WrongValue = "wrong-value": Warning,
    /// An Excel error in a cell that is read.
    ErrorCell = "error-cell": Warning,
    /// A cell that was read, with a remark ("3+" as 3).
    ReadAs = "read-as": Note,
    /// Text that reads two ways, with no evidence in column, sheet or workbook.
    AmbiguousNumber = "ambiguous-number": Warning,
    /// A date that reads two ways, with no evidence in column, sheet or workbook.
    AmbiguousDate = "ambiguous-date": Warning,
    /// A column is on another scale than the field.
    ScaleConverted = "scale-converted": Note,
    /// A column is on another scale than the field, and none is declared.
    ScaleUnknown = "scale-unknown": Warning,
    /// Amounts of more than one currency.
    MixedCurrency = "mixed-currency": Warning,
    /// Some amounts have a currency, others have none, and none is configured.
    CurrencyUnknown = "currency-unknown": Warning,
    /// A negative amount of money.
    NegativeAmount = "negative-amount": Note,
    /// Attainment figures that look like full years, another unit or one month only.
    MoneyScale = "money-scale": Warning,
    /// A measure that the sheet has no column for.
    MeasureMissing = "measure-missing": Warning,
    /// A row that is not a client: total, note, section, repeated heading, blank.
    RowDropped = "row-dropped": Note,
    /// A row with values but without a client's name.
    RowRejected = "row-rejected": Warning,
    /// An id stands in for the missing name.
    IdAsName = "id-as-name": Warning,
    /// A name alone in its row, which is no section heading.
    LoneName = "lone-name": Warning,
    /// Two equal rows of one department: counted once.
    DuplicateRow = "duplicate-row": Warning,
    /// Differing rows of one client in one department: one account.
    SeveralRows = "several-rows": Warning,
    /// A renewal date that has passed.
    RenewalPassed = "renewal-passed": Warning,
    /// An override that has ended or that lacks its status or reason.
    OverrideNotLive = "override-not-live": Warning,
    /// A heading was matched by repairing a typo.
    TypoHeading = "typo-heading": Warning,
    /// A heading was matched though some of its words are unknown: its values suit, and no other column is it.
    HeadingDeduced = "heading-deduced": Warning,
    /// A heading was matched because only one reading was left.
    SideDeduced = "side-deduced": Warning,
    /// Revenue of the year only up to the month before the reporting month: left out.
    RevenueBehind = "revenue-behind": Warning,
    /// Two columns claim one field.
    HeadingConflict = "heading-conflict": Error,
    /// A heading that could be a field but is not clear enough.
    HeadingUnclear = "heading-unclear": Error,
    /// The values of a column contradict its heading.
    ValuesContradict = "values-contradict": Error,
    /// A line of the configuration about headings that no workbook, sheet or heading of the inbox answers to.
    MappingUnused = "mapping-unused": Warning,
    /// A scorecard names a department that no workbook is of, or clients that no list has.
    ScorecardUnused = "scorecard-unused": Warning,
    /// A list does not keep the column by whose words a scorecard's clients are known, or keeps it twice.
    ScorecardColumn = "scorecard-column": Warning,
    /// The heading row is not clear.
    HeaderUnclear = "header-unclear": Error,
    /// The sheet has measures but no client column, or a client column but too few measures.
    ClientTableIncomplete = "client-table-incomplete": Error,
    /// Headings speak of another year than the reporting month's.
    WrongYear = "wrong-year": Error,
    /// A client's name is merged over several rows.
    MergedClient = "merged-client": Error,
    /// A sheet without a client table.
    SheetSkipped = "sheet-skipped": Note,
    /// A hidden sheet was read because nothing visible maps.
    HiddenSheetRead = "hidden-sheet-read": Warning,
    /// A sheet could not be read.
    SheetUnreadable = "sheet-unreadable": Error,
    /// Cells that could not be read.
    CellUnreadable = "cell-unreadable": Warning,
    /// Something the workbook holds that a result does not carry: formulas, notes, hidden rows, other sheets.
    NotCarried = "not-carried": Note,
    /// A formula without a stored value: read as empty.
    FormulaWithoutValue = "formula-without-value": Warning,
    /// How the file was read when that was not plain.
    ReadRemark = "read-remark": Note,
    /// A text too long for a cell was cut.
    TextCut = "text-cut": Warning,
    /// A workbook that could not be read or holds measures without clients.
    FileFailed = "file-failed": Error,
    /// A file that is no workbook, or has no client table.
    FileSkipped = "file-skipped": Note,
    /// The same list was handed in twice.
    SameListTwice = "same-list-twice": Warning,
    /// The same list was handed in twice, and nothing tells which one counts.
    SameListUnclear = "same-list-unclear": Error,
    /// Departments or lines disagree about a client.
    Conflict = "conflict": Warning,
    /// Names that may be one client.
    PossibleDuplicate = "possible-duplicate": Warning,
    /// Spellings of one account manager that were taken as one.
    ManagerMerged = "manager-merged": Note,
    /// A department of an earlier month handed nothing usable in.
    NotDelivered = "not-delivered": Warning,
    /// A department lacks more than a third of its clients.
    ListIncomplete = "list-incomplete": Warning,
    /// A new name whose manager and measures equal a missing one's.
    MaybeRenamed = "maybe-renamed": Warning,
    /// The scorecard changed since the month compared with.
    ScorecardChanged = "scorecard-changed": Note,
    /// Stored months after this one were compared with what it was before.
    OutOfDate = "out-of-date": Warning,
    /// A result of an earlier month came back as it was written.
    NothingUpdated = "nothing-updated": Warning,
    /// Limits that were tried out in a result that was handed in.
    LimitsTried = "limits-tried": Warning,
    /// The result could not be written.
    NotWritten = "not-written": Error,
    /// A result that a person has edited is not replaced.
    EditedResult = "edited-result": Warning,
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        let code = Self::ALL.iter().copied().find(|code| code.id() == id);
        code.ok_or_else(|| serde::de::Error::custom(format!("no code is called {id}")))
    }
}

impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let ids: Vec<_> = Self::ALL.iter().map(|code| code.id()).collect();
        schemars::json_schema!({ "type": "string", "enum": ids })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One finding: where, what was found, and in its message what was done and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Name of the sheet in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Address in the source.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    #[schemars(with = "Option<String>")]
    pub cell: Option<CellRef>,
    /// The field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// What stands there, as handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// One sentence for the analyst: what was found, what was done with it, what to do.
    pub message: String,
    /// Lines of configuration that settle it, where a person has to decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub proposals: Vec<Proposal>,
}

fn as_text<S: serde::Serializer>(cell: &Option<CellRef>, serializer: S) -> Result<S::Ok, S::Error> {
    match cell {
        Some(cell) => serializer.collect_str(cell),
        None => serializer.serialize_none(),
    }
}

impl Finding {
    /// A finding about a whole workbook; narrow it down with the methods below.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            sheet: None,
            cell: None,
            field: None,
            raw: None,
            message: message.into(),
            proposals: Vec::new(),
        }
    }

    /// It is about this sheet.
    #[must_use]
    pub fn on(mut self, sheet: impl Into<String>) -> Self {
        self.sheet = Some(sheet.into());
        self
    }

    /// It is about this cell.
    #[must_use]
    pub fn at(mut self, row: u32, col: u16) -> Self {
        self.cell = Some(CellRef { row, col });
        self
    }

    /// It is about this field.
    #[must_use]
    pub fn of(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    /// This is what stands there.
    #[must_use]
    pub fn raw(mut self, raw: impl Into<String>) -> Self {
        self.raw = Some(raw.into());
        self
    }

    /// This line of configuration would settle it.
    #[must_use]
    pub fn settled_by(mut self, proposal: Proposal) -> Self {
        self.proposals.push(proposal);
        self
    }
}

impl fmt::Display for Finding {
    /// `Clients!F17: message`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.sheet, self.cell) {
            (Some(sheet), Some(cell)) => write!(f, "{sheet}!{cell}: ")?,
            (Some(sheet), None) => write!(f, "{sheet}: ")?,
            _ => {}
        }
        f.write_str(&self.message)
    }
}
