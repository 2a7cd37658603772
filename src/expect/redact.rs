//! Refusals for logs, which more people read than the lists.

use super::error::Damage;
use crate::model::excerpt;

impl Damage {
    /// What is wrong and where, without a word of the list itself: for logs, which more people read than the lists.
    #[must_use]
    pub fn without_contents(&self) -> String {
        match self {
            Damage::Unrecognized { .. } => "its format is not recognized".to_owned(),
            Damage::WrongEncoding { line, encoding, .. } => format!("line {line}: the file is not in {encoding}"),
            Damage::ByHand(damage) => damage.without_contents(),
            // Where a header is missing, a row of people is taken for one.
            Damage::DuplicateColumn { line, .. } => format!("line {line}: two columns have the same name"),
            Damage::StrayQuote { line, .. } => {
                format!("line {line}: a quote is opened here and closed in a later line")
            }
            Damage::UnknownColumn { line, .. } => format!("line {line}: unknown column"),
            Damage::Value { line, column, expected, .. } => {
                format!("line {line}: the value in `{}` is not {expected}", excerpt(column))
            }
            Damage::RoundedNumber { line, column, .. } => format!(
                "line {line}: the value in `{}` is not a whole number; a spreadsheet probably rounded it",
                excerpt(column)
            ),
            Damage::Json { line, .. } => format!("line {line}: this is not JSON of Microsoft Graph"),
            Damage::Typeless { number, .. } => format!(
                "object {number}: it is unclear whether it is a user or a \
                                                        group"
            ),
            Damage::UnknownType { number, .. } => format!("object {number}: its type is unknown"),
            Damage::Ldif { line, .. } => format!("line {line}: this is not readable LDIF"),
            Damage::Changes { line, .. } => format!("line {line}: it is a list of changes, not an export"),
            Damage::Kindless { line, .. } => {
                format!("line {line}: it is unclear whether it is a person, a group or a computer")
            }
            Damage::Waiver { line, .. } => format!("line {line}: the waiver cannot be used"),
            Damage::Sidecar { sidecar, .. } => format!("its sidecar `{sidecar}` cannot be read"),
            Damage::Nobody { .. }
            | Damage::NoLeavers { .. }
            | Damage::Unusable { .. }
            | Damage::NotAList { .. }
            | Damage::Undecodable { .. }
            | Damage::MixedEncoding { .. }
            | Damage::Width { .. }
            | Damage::OpenQuote { .. }
            | Damage::OtherHeader { .. }
            | Damage::MissingColumn { .. }
            | Damage::NamesNobody { .. }
            | Damage::NamelessMember { .. }
            | Damage::OtherCulture { .. }
            | Damage::Contradiction { .. }
            | Damage::NamelessGroup
            | Damage::Keyless
            | Damage::SidecarOfAnother { .. }
            | Damage::NoNewest { .. }
            | Damage::SecondOfItsKind { .. }
            | Damage::NotYetExported { .. }
            | Damage::LoneSidecar => self.to_string(),
        }
    }
}
