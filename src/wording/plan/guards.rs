//! Why a plan is held, and the way through.

use super::{code, counted_thing};
use crate::change::{Guard, Rests, Source, WayThrough};
use crate::wording::{count, instant, list, phrase};

/// Why a plan is held.
#[must_use]
pub fn guard(guard: &Guard) -> String {
    match guard {
        Guard::Removals { removals, allowed } => {
            format!("{} in all; {allowed} may be (`change.removals`)", count(*removals, "removal"))
        }
        Guard::RemovalShare { of, removals, seen, allowed } => format!(
            "{removals} of {} would be removed; {allowed} may be (`change.removal_share`)",
            counted_thing(*seen, *of)
        ),
        Guard::LeftEmpty { name, had } => {
            format!("{} would be left without anyone; it has {had} now", code(name))
        }
        Guard::GrantsAdministration { change, how } => {
            format!("{change} gives administrative access: {}", phrase(how))
        }
        Guard::RemovesDeny { change, policy, denies: true } => {
            format!("{change} takes away {}, which denies something: what is left may allow more", code(policy))
        }
        Guard::RemovesDeny { change, policy, denies: false } => {
            format!("{change} takes away {}, whose document was not read: it may deny something", code(policy))
        }
        Guard::NewFindings { findings } => {
            let named: Vec<String> =
                findings.iter().map(|one| format!("{} {} ({})", one.rule, one.finding, phrase(&one.title))).collect();
            format!("an audit would have {} more: {}", count(findings.len(), "finding"), named.join("; "))
        }
        Guard::LastAdministrators { account, before, after, least } => format!(
            "{} with administrative access would be left in {account}, where {before} have it now; {least} must stay \
             (`change.min_administrators`)",
            match after {
                0 => "no person".to_owned(),
                1 => "1 person".to_owned(),
                more => format!("{more} people"),
            }
        ),
        Guard::OwnAccess { change, whose } => {
            format!("{change} changes the access of {}, which plans or applies", code(whose))
        }
        Guard::Protected { change, pattern: Some(pattern), name } => {
            format!("{change} is about {}, which {} protects (`change.protect`)", code(name), code(pattern))
        }
        Guard::Protected { change, pattern: None, name } => {
            format!("{change} is about {}, which AWS Control Tower keeps", code(name))
        }
        Guard::OwnedElsewhere { change, name, source } => match source {
            Source::External => format!(
                "{change} is about {}, which the identity provider keeps: change it there, or the next synchronization \
                 overwrites it",
                code(name)
            ),
            Source::Unclear | Source::IdentityCenter => format!(
                "{change} is about {}, and it is not clear whether an identity provider keeps it; \
                 `expect.identity_source` says what fills Identity Center",
                code(name)
            ),
        },
        Guard::WeakBasis { change, rests_on: Rests::List { name, rule } } => {
            format!("{change} rests on {}, of which the audit says {}", code(name), code(rule))
        }
        Guard::WeakBasis { change, rests_on: Rests::Finding { rule } } => {
            format!("{change} rests on lists or listings of which the audit says {}", code(rule))
        }
        Guard::ManagementAccount { change, caller } => format!(
            "{change} is in the management account, and AWS refuses that to the delegated administrator {caller}"
        ),
        Guard::KindNotAllowed { kind, changes } => {
            let changes: Vec<String> = changes.iter().map(|id| format!("{id}")).collect();
            format!("`change.allow` does not have `{kind}` ({})", list(&changes))
        }
        Guard::FilteredBasis { what } => format!("not everything was read: {}", phrase(what)),
        Guard::Expired { at } => format!("it expired at {}", instant(*at)),
        Guard::MadeLater { at } => format!("it says that it was made in the future, at {}", instant(*at)),
        Guard::OtherPlace { what, planned, here } => {
            let said = |value: &Option<String>| value.as_ref().map_or_else(|| "none".to_owned(), |value| code(value));
            format!("it was made for another place: `{what}` is {} there and {} here", said(planned), said(here))
        }
        Guard::ListChanged { list } => format!("the list {} changed since it was made", code(list)),
        Guard::SettingsChanged => "the settings changed since it was made".to_owned(),
    }
}

/// How whoever applies a plan gets past a guard, after "way through:".
#[must_use]
pub fn way_through(guard: &Guard, removals: usize) -> String {
    match guard.way_through(removals) {
        WayThrough::AllowRemovals(number) => format!("`--allow-removals {number}` when it is applied"),
        WayThrough::AllowAdministrative => "`--allow-administrative` when it is applied".to_owned(),
        WayThrough::AllowNewFindings(findings) => {
            format!(
                "list what is to be expected first, or `--allow-new-findings {}` when it is applied",
                findings.join(" ")
            )
        }
        WayThrough::Settings(key) => format!("other settings (`{key}`), and a new plan"),
        WayThrough::PlanAgain => "a new plan".to_owned(),
        WayThrough::None => "none".to_owned(),
    }
}
