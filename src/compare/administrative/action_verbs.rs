//! What a pattern of actions may mean, by the verb that AWS begins the name of each action with. It holds for services
//! that do not exist yet: a verb that is not known is taken for one that makes or changes something.

/// Verbs that show something and change nothing.
const SHOWING: [&str; 29] = [
    "BatchCheck",
    "BatchDescribe",
    "BatchGet",
    "BatchList",
    "Check",
    "Count",
    "Describe",
    "Discover",
    "Download",
    "Estimate",
    "Filter",
    "Generate",
    "Get",
    "Head",
    "Is",
    "List",
    "Lookup",
    "Preview",
    "Query",
    "Read",
    "Retrieve",
    "Scan",
    "Search",
    "Select",
    "Simulate",
    "Summarize",
    "Validate",
    "Verify",
    "View",
];

/// Verbs that end or take away something, or only mark it.
const LESSENING: [&str; 19] = [
    "BatchDelete",
    "Cancel",
    "Delete",
    "Deregister",
    "Detach",
    "Disable",
    "Disassociate",
    "Leave",
    "Reject",
    "Release",
    "Remove",
    "Revoke",
    "Stop",
    "Tag",
    "Terminate",
    "Unassign",
    "Unsubscribe",
    "Untag",
    "Withdraw",
];

/// Whether a pattern over the names of actions (`Create*`, without the service) may mean one that does more than show.
pub(super) fn may_change(name: &str) -> bool {
    !begins_with_one_of(&SHOWING, name)
}

/// Whether it may mean one that makes, changes or starts something.
pub(super) fn may_make(name: &str) -> bool {
    may_change(name) && !begins_with_one_of(&LESSENING, name)
}

/// Whether every action that the pattern means begins with one of the verbs: the verb stands before the first star, and
/// another word or a star follows it.
fn begins_with_one_of(verbs: &[&str], name: &str) -> bool {
    let literal = name.split(['*', '?']).next().unwrap_or_default();
    verbs.iter().any(|verb| {
        let after = literal.strip_prefix(verb);
        after.is_some_and(|after| !after.starts_with(|letter: char| letter.is_ascii_lowercase()))
    })
}

/// Whether some text fits both patterns.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<char> { text.chars().map(|letter| letter.to_ascii_lowercase()).collect() };
    let (one, other) = (letters(one), letters(other));
    // For each place in `other`: whether a text fits what is before it and what was read of `one`.
    let mut reach = vec![false; other.len() + 1];
    reach[0] = true;
    extend(&mut reach, &other);
    for letter in one {
        let mut next = vec![false; other.len() + 1];
        for place in (0..reach.len()).filter(|place| reach[*place]) {
            if letter == '*' {
                // The star stands for nothing, or for whatever the other pattern wants.
                next[place..].iter_mut().for_each(|next| *next = true);
                continue;
            }
            match other.get(place) {
                Some('*') => next[place] = true,
                Some(own) if letter == '?' || *own == '?' || *own == letter => next[place + 1] = true,
                Some(_) | None => {}
            }
        }
        extend(&mut next, &other);
        reach = next;
    }
    reach[other.len()]
}

/// A star may stand for nothing: whoever is before it is after it.
fn extend(reach: &mut [bool], pattern: &[char]) {
    for (place, letter) in pattern.iter().enumerate() {
        if reach[place] && *letter == '*' {
            reach[place + 1] = true;
        }
    }
}
