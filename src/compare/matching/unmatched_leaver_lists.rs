//! Lists of leavers of whom not one is known: their key is another one than that of the accounts.
//!
//! That a leaver is nowhere is what should be, and a list of those who left last week may have three such. So it is told
//! only where nobody else has an address at the domains of theirs either.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keys::key;
use crate::model::{
    ExpectedFile, Gap, Hides, Ix, Matching, Person, Side, What, Why, World, leavers_without_account, quoted,
};

/// Fewer may all be gone.
const FEWEST: usize = 3;

/// The gaps that such lists leave.
pub(crate) fn gaps(world: &World, matching: &Matching) -> Vec<Arc<Gap>> {
    let expectation = &world.expectation;
    let alone = leavers_without_account(expectation, matching);
    let strange = alone.iter().filter(|(file, leavers)| leavers.len() >= FEWEST && is_strange(world, **file, leavers));
    let gap = |(file, leavers): (&Ix<ExpectedFile>, &Vec<&Person>)| {
        let first = leavers[0];
        let names = first.mails.first().or(first.user_name.as_ref()).unwrap_or(&first.name);
        let detail = format!(
            "none of its {} former employees matches another list or AWS by email address, number or name (the first \
             is {}): the list probably uses another key",
            leavers.len(),
            quoted(names)
        );
        Arc::new(Gap {
            side: Side::Expected,
            source: expectation.files[file.number()].name.clone(),
            account: None,
            unseen: What::LeaversAccounts.into(),
            why: Why::Unstated { detail },
            hides: Hides::Grants,
        })
    };
    strange.map(gap).collect()
}

/// Whether the list knows nobody else, and its leavers are called as nobody else is.
fn is_strange(world: &World, file: Ix<ExpectedFile>, leavers: &[&Person]) -> bool {
    let people = || world.expectation.people.seen();
    if people().filter(|person| person.rows().any(|row| row.file == file)).count() > leavers.len() {
        return false;
    }
    let others = || people().filter(|person| person.row.file != file);
    if others().next().is_none() {
        return false;
    }
    let users = world.snapshot.users.seen().flat_map(|user| user.mails.iter().chain([&user.user_name]));
    let of_others = others().flat_map(|person| person.mails.iter().chain(person.user_names()));
    let known: BTreeSet<String> = users.chain(of_others).filter_map(|name| domain(name)).collect();
    let has_bare_names = others().any(|person| person.sam.is_some());
    !leavers.iter().any(|person| {
        let mut names = person.mails.iter().chain(person.user_names());
        names.any(|name| domain(name).map_or(has_bare_names, |domain| known.contains(&domain)))
    })
}

fn domain(name: &str) -> Option<String> {
    Some(key(name).rsplit_once('@')?.1.to_owned())
}
