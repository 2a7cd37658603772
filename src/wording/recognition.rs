//! Signs that the two halves were compared by the wrong key or setting.

use crate::model::{Alike, Ix, Looks, Matches, NameForm, NamesApart, Nesting, User, World};

use super::{count, list, thousands, visible};

/// Users that a sentence names before it only counts.
const NAMED: usize = 10;

/// `0 of 12 users of Identity Center match one of the 13 people in the lists`.
pub(super) fn matches(matches: Matches) -> String {
    let Matches { users, matched, people } = matches;
    format!(
        "{} of {} of Identity Center match {}",
        thousands(matched as u64),
        count(users, "user"),
        match people {
            1 => "the 1 person in the lists".to_owned(),
            people => format!("one of the {} people in the lists", thousands(people as u64)),
        }
    )
}

/// What follows from the numbers.
pub(super) fn unconcluded(matches: Matches) -> String {
    let strangers = count(matches.users - matches.matched, "user");
    format!("No conclusion is drawn about the {strangers} who match no person, or about people who match no user")
}

/// What tells the names of both halves apart, and what they share.
pub(super) fn names_apart(names: &NamesApart) -> String {
    let NamesApart { ours, theirs, alike } = names;
    let forms = format!("user names in Identity Center {}, names in the lists {}", form(ours), form(theirs));
    match alike {
        Alike::BeforeTheAt(alike) => {
            format!("{} match a person in the lists except for the domain: {forms}", count(*alike, "user"))
        }
        Alike::ShownName(alike) => format!(
            "{} have the display name of a person in the lists; they are probably the same people under another key: \
             {forms}",
            count(*alike, "user")
        ),
        Alike::Nothing => format!("Most names have no part in common: {forms}"),
    }
}

/// Why nobody can say which users the people of a list are.
pub(super) fn no_shared_key(people: usize, first: &str) -> String {
    format!(
        "the list shares no key (sign-in name, email address, account name, SID, GUID) with the other lists, so its \
         {} people cannot be matched (the first is `{}`)",
        thousands(people as u64),
        visible(first)
    )
}

fn form(form: &NameForm) -> String {
    match form {
        NameForm::AtDomain(domain) => format!("end in `@{}`", visible(domain)),
        NameForm::Number => "are numbers".to_owned(),
        NameForm::Word => "have no domain".to_owned(),
    }
}

/// Who among the users holds administrative access.
pub(super) fn administrators(world: &World, users: &[Ix<User>]) -> String {
    let names = users.iter().take(NAMED).map(|user| format!("`{}`", visible(&world.snapshot.users[*user].user_name)));
    let mut names: Vec<String> = names.collect();
    if users.len() > NAMED {
        names.push(format!("{} more", thousands((users.len() - NAMED) as u64)));
    }
    let verb = if users.len() == 1 { "holds" } else { "hold" };
    format!("{} of them {verb} administrative access: {}", thousands(users.len() as u64), list(&names))
}

/// How the groups look, as a clause.
pub(super) fn looks(looks: Looks) -> String {
    let Looks { like, groups, like_set, memberships } = looks;
    format!(
        "{} of Identity Center with nested members {} like `nested_groups = \"{}\"`, and {} like `{}`, the value in \
         use; {} on it",
        count(groups, "group"),
        if groups == 1 { "looks" } else { "look" },
        setting(like),
        thousands(like_set as u64),
        setting(other(like)),
        match memberships {
            1 => "1 membership depends".to_owned(),
            many => format!("{} depend", count(many, "membership")),
        }
    )
}

/// The same in short.
pub(super) fn looks_title(looks: Looks) -> String {
    let Looks { like, groups, memberships, .. } = looks;
    format!(
        "{} look like `nested_groups = \"{}\"`, not like `{}`, the value in use; {} on it",
        count(groups, "group"),
        setting(like),
        setting(other(like)),
        match memberships {
            1 => "1 membership depends".to_owned(),
            many => format!("{} depend", count(many, "membership")),
        }
    )
}

fn other(nesting: Nesting) -> Nesting {
    match nesting {
        Nesting::Flatten => Nesting::Direct,
        Nesting::Direct => Nesting::Flatten,
    }
}

fn setting(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Flatten => "flatten",
        Nesting::Direct => "direct",
    }
}
