//! Groups that look empty because a global catalog was asked: it holds the members of universal groups, and not those
//! of others.

use crate::expect::records::directory_records::Roll;

/// What a file says of a group beside its members.
pub(crate) struct Scoped {
    /// Whether it is universal; `None` where that is not said.
    pub(crate) universal: Option<bool>,
    /// Whether the file gives it any member.
    pub(crate) has_members: bool,
}

/// Marks the rolls of groups whose members a catalog does not hold, where the file may come from one: no group but
/// universal ones has members in it. `groups` says of each roll what its group is.
pub(crate) fn mark_hidden(rolls: &mut [Roll], groups: &[Scoped]) {
    debug_assert_eq!(rolls.len(), groups.len(), "each roll has its group");
    if !groups.iter().filter(|group| group.has_members).all(|group| group.universal == Some(true)) {
        return;
    }
    for (roll, _) in rolls.iter_mut().zip(groups).filter(|(_, group)| group.universal == Some(false)) {
        roll.cut = Some(
            "only universal groups have members in this file, as in a global catalog, which omits the members of \
             other groups; export from each domain itself (port 389 or 636)"
                .to_owned(),
        );
    }
}
