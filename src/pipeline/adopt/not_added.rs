//! Why nothing was added for a finding, and what to do about it.

use crate::pipeline::PipelineError;

/// Why nothing was added for a finding.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    /// The lists or AWS could not be read, or the list could not be written.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// No finding, or more than one, begins so.
    #[error("{}", match near.len() { 0 => format!("finding `{id}` was not found"), many => format!("`{id}` matches \
                                                                                                  {many} findings") })]
    NotOne {
        /// The id, as it was given.
        id: String,
        /// The findings that begin so, each with its sentence.
        near: Vec<String>,
        /// How many findings there are.
        of: usize,
    },
    /// A waiver accepts it already.
    #[error("a waiver already accepts this finding: {at}")]
    Waived {
        /// Where it stands.
        at: String,
    },
    /// No row of a list can say it.
    #[error("a new row cannot accept this finding: {title}")]
    ByHand {
        /// The finding.
        title: String,
        /// What to do instead.
        instead: String,
    },
    /// The addition would not do what was asked.
    #[error("`{name}` was not changed, because this finding would remain: {title}")]
    Useless {
        /// The list.
        name: String,
        /// The finding.
        title: String,
        /// Why, where the reader refused the row.
        because: Option<String>,
    },
    /// The row says more than the list has columns for, and without that the audit would still have the finding.
    #[error("`{name}` has no column {} for the row that accepts this finding: {title}", columns.join(", "))]
    NoColumn {
        /// The list.
        name: String,
        /// The columns that it lacks, in backticks.
        columns: Vec<String>,
        /// The finding.
        title: String,
    },
    /// The list is not in an encoding that can be added to.
    #[error("cannot add to `{name}`: it is {encoding}, not UTF-8")]
    Encoding {
        /// The list.
        name: String,
        /// Its encoding.
        encoding: String,
    },
    /// The waivers are an array in one line, to which no table can be added.
    #[error("cannot add to `{name}`: line {line} gives `waiver` a value, and no `[[waiver]]` table can follow it")]
    WaiverValue {
        /// The list.
        name: String,
        /// The line, counted from one.
        line: usize,
    },
    /// More than one file is this list.
    #[error("several files are called `{name}`: {}", at.join(", "))]
    Several {
        /// The list.
        name: &'static str,
        /// The files.
        at: Vec<String>,
    },
}

impl NotAdded {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            NotAdded::Pipeline(error) => error.help(),
            NotAdded::NotOne { near, .. } if !near.is_empty() => {
                Some(format!("give more digits of the id\n    {}", near.join("\n    ")))
            }
            NotAdded::NotOne { of, .. } => {
                let none = if *of == 0 { "this audit has no findings; " } else { "" };
                Some(format!(
                    "{none}`rollcall audit` prints the id of each finding after its rule; in `findings.csv` it is \
                     the column `fingerprint`. For a finding that compares with an earlier run, such as a missing \
                     list, also give the `--job` and `--to` of that audit"
                ))
            }
            NotAdded::Waived { .. } => None,
            NotAdded::ByHand { instead, .. } => Some(instead.clone()),
            NotAdded::Useless { because, .. } => because.clone(),
            NotAdded::NoColumn { name, columns, .. } => Some(format!(
                "add {} to the header of `{name}`, and run this again; existing rows may leave the new cells empty",
                columns.join(", ")
            )),
            NotAdded::WaiverValue { .. } => Some(
                "write each waiver in it as a `[[waiver]]` table of its own and delete that line; an empty `waiver = []` is \
                 just deleted"
                    .to_owned(),
            ),
            NotAdded::Encoding { .. } => Some("save it as UTF-8".to_owned()),
            NotAdded::Several { .. } => Some("keep one of them, or add the row manually".to_owned()),
        }
    }
}
