//! Names that the run is asked to look up, because AWS does not list what there is by name. Whose they are is not known
//! here.

use std::collections::BTreeSet;

/// Names to look up, should users or groups not be listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Names that users may sign in with.
    pub users: BTreeSet<String>,
    /// Names of groups.
    pub groups: BTreeSet<String>,
    /// Whether units of the organization are called by their names, which AWS tells one by one.
    pub units: bool,
}
