//! Names that the run is asked to look up where AWS does not list what there is. Whose they are is not known here.

use std::collections::BTreeSet;

/// Names to look up, should users or groups not be listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Names that users may sign in with.
    pub users: BTreeSet<String>,
    /// Names of groups.
    pub groups: BTreeSet<String>,
}
