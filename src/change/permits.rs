//! The ways through guards that whoever applies a plan takes.

use super::{Guard, WayThrough};

/// What whoever applies a plan lets pass, beside what nothing holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permits {
    /// `--allow-removals N`: plans that take away exactly so much.
    pub removals: Option<usize>,
    /// `--allow-administrative`: changes that give administrative access, or that take away what denies.
    pub administrative: bool,
    /// `--allow-new-findings ID`: findings that the plan makes, by how their fingerprints begin.
    pub new_findings: Vec<String>,
}

impl Permits {
    /// Whether a guard lets a plan pass that takes away so much.
    #[must_use]
    pub fn pass(&self, guard: &Guard, removals: usize) -> bool {
        match guard.way_through(removals) {
            WayThrough::AllowRemovals(exactly) => self.removals == Some(exactly),
            WayThrough::AllowAdministrative => self.administrative,
            WayThrough::AllowNewFindings(findings) => {
                findings.iter().all(|finding| self.new_findings.iter().any(|allowed| finding.starts_with(allowed)))
            }
            WayThrough::Settings(_) | WayThrough::AtOnce | WayThrough::PlanAgain | WayThrough::None => false,
        }
    }
}
