//! Changes that belong together, before they have a place in a plan; and the list of changes that they are put into.

use super::{Change, ChangeId, GroupRef, Planned, UserRef, seen_of};
use crate::model::Report;

/// One change of several that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The change. Whom another step makes it names by that step's number, counted from one: `c1`.
    pub change: Change,
    /// The steps that come before, by number, counted from one.
    pub after: Vec<usize>,
}

impl From<Change> for Step {
    fn from(change: Change) -> Self {
        Step { change, after: Vec::new() }
    }
}

/// The changes of a plan that is being made.
#[derive(Debug, Default)]
pub struct Builder {
    changes: Vec<Planned>,
}

impl Builder {
    /// Puts steps to the end, with why they are to be made. A change that is planned already is not planned twice: it
    /// then comes from this finding as well.
    pub fn add(&mut self, report: &Report<'_>, steps: &[Step], why: &str, finding: Option<&str>) {
        let mut ids: Vec<ChangeId> = Vec::new();
        for step in steps {
            let change = step.change.with_makers(|local| {
                let number: Option<usize> = local.0.strip_prefix('c').and_then(|number| number.parse().ok());
                number.and_then(|number| ids.get(number.checked_sub(1)?)).cloned().unwrap_or_else(|| local.clone())
            });
            let after: Vec<ChangeId> =
                step.after.iter().filter_map(|number| ids.get(number.checked_sub(1)?)).cloned().collect();
            if let Some(known) = self.changes.iter_mut().find(|planned| planned.change == change) {
                known.findings.extend(finding.map(str::to_owned).filter(|one| !known.findings.contains(one)));
                known.after.extend(after.into_iter().filter(|id| !known.after.contains(id)).collect::<Vec<_>>());
                ids.push(known.id.clone());
                continue;
            }
            let id = ChangeId::numbered(self.changes.len() + 1);
            self.changes.push(Planned {
                id: id.clone(),
                why: why.to_owned(),
                findings: finding.map(str::to_owned).into_iter().collect(),
                seen: seen_of(report, &change),
                undo: change.kind().undone_by(),
                after,
                change,
            });
            ids.push(id);
        }
    }

    /// The changes.
    #[must_use]
    pub fn finish(self) -> Vec<Planned> {
        self.changes
    }
}

impl Change {
    /// The same change, where what the plan makes is made by other changes.
    fn with_makers(&self, by: impl Fn(&ChangeId) -> ChangeId) -> Change {
        self.with_references(
            |named| UserRef { made_by: named.made_by.as_ref().map(&by), ..named.clone() },
            |named| GroupRef { made_by: named.made_by.as_ref().map(&by), ..named.clone() },
        )
    }
}
