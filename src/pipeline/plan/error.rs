//! Why no plan was made.

use crate::change::MOST_CHANGES;
use crate::change::bulk::BulkError;
use crate::change::names::NotFound;
use crate::wording;
use crate::wording::thousands;

use super::super::PipelineError;

/// Why no plan was made.
#[derive(Debug, thiserror::Error)]
pub enum NoPlan {
    /// The lists or AWS could not be read.
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
    /// A name does not say what is meant.
    #[error("{because}")]
    NotFound {
        /// Why not.
        because: String,
        /// Whether it may be there all the same, because not everything could be read.
        unseen: bool,
    },
    /// A file of users cannot be used.
    #[error("cannot use `{file}`")]
    Bulk {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: BulkError,
    },
    /// Rows of a file of users cannot be used.
    #[error("{} of `{file}` cannot be used, and nothing is planned:{}", wording::count(bad.len(), "row"), rows(bad))]
    BadRows {
        /// The file.
        file: String,
        /// The rows by line, each with what is wrong.
        bad: Vec<(u32, String)>,
    },
    /// A change cannot be made as things are.
    #[error("cannot plan this: {what}: {because}")]
    Clash {
        /// The change.
        what: String,
        /// Why not.
        because: String,
    },
    /// There would be more changes than a plan has.
    #[error("that would be {} changes; a plan has at most {}", thousands(*.0 as u64), thousands(MOST_CHANGES as u64))]
    TooMany(usize),
    /// A plan cannot be applied any more, or not here.
    #[error("this plan cannot be applied: {}", because.join("; "))]
    NotValid {
        /// Each reason.
        because: Vec<String>,
        /// Whether it was made for another place.
        is_elsewhere: bool,
    },
    /// A change is left out that another one needs.
    #[error("`{change}` needs `{needs}`, which is left out")]
    LeftOutNeeded {
        /// The change.
        change: crate::change::ChangeId,
        /// The one that is left out.
        needs: crate::change::ChangeId,
    },
    /// A plan that is to be taken back was made for another place.
    #[error("cannot undo this plan here: {because}")]
    OtherPlace {
        /// What differs.
        because: String,
    },
}

impl NoPlan {
    pub(super) fn not_found(why: &NotFound) -> Self {
        let unseen = matches!(why, NotFound::Unseen { .. } | NotFound::NotRead { .. } | NotFound::NoId { .. });
        NoPlan::NotFound { because: wording::not_found(why), unseen }
    }

    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            NoPlan::Pipeline(error) => error.help(),
            NoPlan::NotOne { near, .. } if !near.is_empty() => {
                Some(format!("give more digits of the id\n    {}", near.join("\n    ")))
            }
            NoPlan::NotOne { of: 0, .. } => Some("this audit has no findings".to_owned()),
            NoPlan::NotOne { .. } => Some("`rollcall audit` prints the id of each finding after its rule".to_owned()),
            NoPlan::NotFound { unseen: false, .. } => Some("case does not matter; an id or an ARN is exact".to_owned()),
            NoPlan::NotFound { unseen: true, .. } => {
                Some("`rollcall check --aws` says which permission is missing".to_owned())
            }
            NoPlan::Bulk { source, .. } => Some(source.help()),
            NoPlan::BadRows { .. } => Some(
                "correct them, or plan the others with `--skip-bad-rows`, which lists these in the plan".to_owned(),
            ),
            NoPlan::NotValid { is_elsewhere: true, .. } => Some(
                "use the credentials and settings of the environment that the plan was made for, or make a new plan"
                    .to_owned(),
            ),
            NoPlan::NotValid { is_elsewhere: false, .. } => Some("make a new plan, and have it reviewed".to_owned()),
            NoPlan::LeftOutNeeded { .. } => Some("leave out both with `--except`".to_owned()),
            NoPlan::Clash { .. } | NoPlan::OtherPlace { .. } => None,
            NoPlan::TooMany(_) => Some("plan one rule, one finding or a part of the file at a time".to_owned()),
        }
    }
}

/// Rows that are listed before the rest is only counted.
const LISTED: usize = 20;

fn rows(bad: &[(u32, String)]) -> String {
    let listed = bad.iter().take(LISTED).map(|(line, why)| format!("\n  line {line}: {why}"));
    let mut text: String = listed.collect();
    if bad.len() > LISTED {
        text += &format!("\n  and {} more", bad.len() - LISTED);
    }
    text
}
