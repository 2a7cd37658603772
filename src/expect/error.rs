//! Why expected lists cannot be used, and what to do about it.
//!
//! Structural damage refuses a whole file, and with it the run: a list that moved a column would turn into a thousand
//! wrong findings. A bad cell of a hand-kept list refuses only its row; that is a record, not an error.

use chrono::{DateTime, Utc};

use crate::model::excerpt;

/// Why expected lists cannot be used. What it quotes of a list is at most one value, and shortened: a row is personal data.
#[derive(Debug, thiserror::Error)]
pub enum ExpectError {
    /// No file says what is expected.
    #[error("the folder of expected lists contains no list")]
    NoLists,
    /// The setting names an encoding that does not exist.
    #[error("unknown encoding `{label}`")]
    UnknownEncoding {
        /// The label, as it was set.
        label: String,
    },
    /// The setting names a culture whose order of day, month and year is not known.
    #[error("unknown culture `{culture}`")]
    UnknownCulture {
        /// The culture, as it was set.
        culture: String,
    },
    /// A file cannot be used.
    #[error("cannot read expected list `{name}`")]
    List {
        /// Its name below the folder of expected lists.
        name: String,
        /// What is wrong with it.
        #[source]
        damage: Damage,
    },
    /// A stream of records cannot be read back.
    #[error("cannot read line {line} of the records of expected lists")]
    Record {
        /// The line, counted from one.
        line: usize,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
    /// A stream of records is of another format or version.
    #[error("the records of expected lists begin with `{}`, which this version does not read", excerpt(header))]
    RecordFormat {
        /// Their first line.
        header: String,
    },
}

/// An instant, as an error gives it.
fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// What is wrong with a file. Lines are counted from one.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It has no content, or no row below its header.
    #[error("{what}, so no one would be expected")]
    Nobody {
        /// What it lacks: `it is empty`.
        what: &'static str,
    },
    /// It is a list of those who have left, and recognizes none of them.
    #[error("{what}, so it says of no person that they have left")]
    NoLeavers {
        /// What it lacks.
        what: &'static str,
        /// What to do about it.
        instead: &'static str,
    },
    /// It is a list of people, and recognizes none of them.
    #[error("{what}, so it names no one")]
    Unusable {
        /// What it lacks.
        what: &'static str,
        /// What to do about it.
        instead: &'static str,
    },
    /// It is something else than a list.
    #[error("unsupported format: it is {what}")]
    NotAList {
        /// What it is, for a reader.
        what: &'static str,
        /// The way to a file that is read.
        instead: &'static str,
    },
    /// Nothing is known that looks like it.
    #[error("its format is not recognized; it begins with `{}`", excerpt(beginning))]
    Unrecognized {
        /// Its first line, or the beginning of it.
        beginning: String,
        /// The list maintained by hand whose name is nearly that of the file.
        meant: Option<&'static str>,
    },
    /// Its bytes are no text in the encoding that they should be in.
    #[error("line {line}: these bytes are not {encoding}")]
    Undecodable {
        /// The first offending line.
        line: usize,
        /// The encoding that was tried.
        encoding: String,
    },
    /// In the encoding that the settings name, it is text that nobody writes.
    #[error("line {line}: `{}` is not a word, so the file is not in {encoding}", excerpt(word))]
    WrongEncoding {
        /// The first such line.
        line: usize,
        /// The encoding that the settings name.
        encoding: &'static str,
        /// What was read.
        word: String,
    },
    /// It is valid in parts in UTF-8 and in parts in something else.
    #[error("line {line}: the encoding changes; earlier lines are UTF-8, this one is not")]
    MixedEncoding {
        /// The first line that is not UTF-8.
        line: usize,
    },
    /// The same of a list that is kept by hand, which nobody exports again.
    #[error(transparent)]
    ByHand(Box<Damage>),
    /// A row has more or fewer cells than the header.
    #[error("line {line}: {cells} cells, but the header has {columns}{because}")]
    Width {
        /// The row.
        line: u32,
        /// Its cells.
        cells: usize,
        /// The header's.
        columns: usize,
        /// What probably happened, ready to follow.
        because: &'static str,
    },
    /// A quote is opened and never closed.
    #[error("line {line}: this row has a quote that is never closed; the file was cut off or damaged")]
    OpenQuote {
        /// The last row that begins.
        line: u32,
    },
    /// Two columns have the same name.
    #[error(
        "line {line}: the columns `{}` and `{}` have the same name; only one of them would be read",
        excerpt(column),
        excerpt(again)
    )]
    DuplicateColumn {
        /// The header.
        line: u32,
        /// The column.
        column: String,
        /// The other, as it is spelt.
        again: String,
    },
    /// A quote is opened in one row and closed in another.
    #[error(
        "line {line}: a quote is opened in `{}` and closed in a later line; the rows in between would be lost",
        excerpt(column)
    )]
    StrayQuote {
        /// The row in which it is opened.
        line: u32,
        /// The column.
        column: String,
    },
    /// A row is the header of another file.
    #[error("line {line}: the header is repeated with its columns in another order; several files were joined")]
    OtherHeader {
        /// The row.
        line: u32,
    },
    /// A column that is needed is not there.
    #[error("the column {column} is missing")]
    MissingColumn {
        /// The column, in backticks, or several.
        column: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A hand-kept list has a column that nobody reads.
    #[error("line {line}: unknown column `{}`", excerpt(column))]
    UnknownColumn {
        /// The header.
        line: u32,
        /// The column.
        column: String,
        /// The nearest known one.
        nearest: Option<&'static str>,
    },
    /// A value is not what its column or attribute holds.
    #[error("line {line}: `{}` in `{}` is not {expected}", excerpt(value), excerpt(column))]
    Value {
        /// The row.
        line: u32,
        /// The column or attribute.
        column: String,
        /// The value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A number is none any more.
    #[error(
        "line {line}: `{}` in `{}` is not a whole number; a spreadsheet probably rounded it",
        excerpt(value),
        excerpt(column)
    )]
    RoundedNumber {
        /// The row.
        line: u32,
        /// The column.
        column: String,
        /// The value.
        value: String,
    },
    /// A row names nobody.
    #[error("line {line}: the row has no usable identifier")]
    NamesNobody {
        /// The row.
        line: u32,
    },
    /// A row of a list of memberships names no group.
    #[error("line {line}: the row names no group")]
    NamelessMember {
        /// The row.
        line: u32,
    },
    /// Dates are not in the culture that the settings name.
    #[error("its dates do not follow the culture `{culture}`: day, month and year are in another order")]
    OtherCulture {
        /// The culture, as it was set.
        culture: String,
    },
    /// It is not JSON.
    #[error("line {line}: this is not JSON of Microsoft Graph")]
    Json {
        /// The line.
        line: usize,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
    /// An object of Microsoft Graph may be anything.
    #[error("object {number}: it is unclear whether `{}` is a user or a group", excerpt(name))]
    Typeless {
        /// The object, counted from one.
        number: u32,
        /// Its name.
        name: String,
    },
    /// An object of Microsoft Graph is of a type that may be a kind of user.
    #[error("object {number}: its type `{}` is unknown, so it may or may not be a person", excerpt(word))]
    UnknownType {
        /// The object, counted from one.
        number: u32,
        /// Its type.
        word: String,
    },
    /// Two columns of one row contradict each other.
    #[error("line {line}: `Enabled` is `{enabled}`, but `userAccountControl` {control} says otherwise")]
    Contradiction {
        /// The row.
        line: u32,
        /// The one.
        enabled: bool,
        /// The other.
        control: i64,
    },
    /// The file's name does not say whose members it lists.
    #[error("it lists members, but neither a column `Group` nor its file name gives the group")]
    NamelessGroup,
    /// A line of LDIF is not LDIF.
    #[error("line {line}: {what}")]
    Ldif {
        /// The line.
        line: u32,
        /// What is wrong.
        what: String,
    },
    /// The file is no export but a list of changes.
    #[error("line {line}: `changetype: {}` makes this a list of changes, not an export", excerpt(change))]
    Changes {
        /// The line.
        line: u32,
        /// The kind of change.
        change: String,
    },
    /// People and groups cannot be told apart.
    #[error("line {line}: it is unclear whether `{}` is a person, a group or a computer", excerpt(name))]
    Kindless {
        /// The entry.
        line: u32,
        /// Its DN.
        name: String,
    },
    /// Nobody in it can be recognised.
    #[error(
        "none of its people has `objectGUID`, `sAMAccountName`, `userPrincipalName` or `mail`, so none can be \
         recognized in AWS"
    )]
    Keyless,
    /// `waivers.toml` cannot be used.
    #[error("line {line}: {what}")]
    Waiver {
        /// The line.
        line: usize,
        /// What is wrong.
        what: String,
        /// The nearest known key.
        nearest: Option<&'static str>,
    },
    /// A sidecar says nothing that can be used.
    #[error("its sidecar `{sidecar}` is not `{{\"exported_at\": \"2026-11-19T08:12:00Z\"}}`")]
    Sidecar {
        /// The sidecar's name.
        sidecar: String,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
    /// A sidecar was written for other contents.
    #[error("its sidecar `{sidecar}` names another SHA-256: the list was changed after the export")]
    SidecarOfAnother {
        /// The sidecar's name.
        sidecar: String,
    },
    /// Another file is an export of the same source, and nothing says which of the two is the newer one.
    #[error("it lists mostly the same as `{other}`, and it is unclear which of the two was exported later")]
    NoNewest {
        /// The other file.
        other: String,
    },
    /// Another file is a list of the same kind, and both are kept by hand.
    #[error("`{other}` is a list of the same kind; of lists maintained by hand, there can be only one of each kind")]
    SecondOfItsKind {
        /// The other file.
        other: String,
    },
    /// The time of an export has not come yet.
    #[error("{by} says {}, which is in the future: it is {} now", instant(*.at), instant(*.now))]
    NotYetExported {
        /// What says it: `its name`.
        by: &'static str,
        /// When it is to have been exported.
        at: DateTime<Utc>,
        /// When it was read.
        now: DateTime<Utc>,
    },
    /// A sidecar lies beside nothing.
    #[error("the list of this sidecar is missing")]
    LoneSidecar,
}
