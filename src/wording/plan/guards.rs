//! Why a plan is held, and the way through.

use super::{code, counted_thing};
use crate::change::{Guard, Rests, Source, WayThrough};
use crate::wording::{count, instant, list, phrase};

/// Why a plan is held.
#[must_use]
pub fn guard(guard: &Guard) -> String {
    match guard {
        Guard::Removals { removals, allowed } => {
            format!("{} in total, but only {allowed} allowed (`change.removals`)", count(*removals, "removal"))
        }
        Guard::RemovalShare { of, removals, seen, allowed } => format!(
            "{removals} of {} would be removed, but only {allowed} may be (`change.removal_share`)",
            counted_thing(*seen, *of)
        ),
        Guard::LeftEmpty { name, had } => {
            format!("{} would be left without anyone; it has {had} now", code(name))
        }
        Guard::GrantsAdministration { change, how } => {
            format!("{change} gives administrative access: {}", phrase(how))
        }
        Guard::RemovesDeny { change, policy, denies: true } => {
            format!("{change} removes {}, which denies something: the remaining policies may allow more", code(policy))
        }
        Guard::RemovesDeny { change, policy, denies: false } => {
            format!("{change} removes {}, whose document was not read: it may deny something", code(policy))
        }
        Guard::NewFindings { findings } => {
            let named: Vec<String> =
                findings.iter().map(|one| format!("{} {} ({})", one.rule, one.finding, phrase(&one.title))).collect();
            format!(
                "an audit after this plan would have {} more: {}",
                count(findings.len(), "finding"),
                named.join("; ")
            )
        }
        Guard::LastAdministrators { account, before, after, least } => format!(
            "{} would keep administrative access in {account}, where {before} have it now; at least {least} must \
             keep it (`change.min_administrators`)",
            match after {
                0 => "no person".to_owned(),
                1 => "1 person".to_owned(),
                more => format!("{more} people"),
            }
        ),
        Guard::CallerUnknown => {
            "the answers do not say who asked AWS, so it is not known whether the plan changes that \
                                 principal's own access, or may change the management account"
                .to_owned()
        }
        Guard::OwnAccess { change, whose } => {
            format!("{change} changes the access of {}, which makes or applies the plan", code(whose))
        }
        Guard::Protected { change, pattern: Some(pattern), name } => {
            format!("{change} affects {}, which {} protects (`change.protect`)", code(name), code(pattern))
        }
        Guard::Protected { change, pattern: None, name } => {
            format!("{change} affects {}, which AWS Control Tower manages", code(name))
        }
        Guard::OwnedElsewhere { change, name, source } => match source {
            Source::External => format!(
                "{change} affects {}, which the identity provider manages: change it there, because the next \
                 synchronization would overwrite it",
                code(name)
            ),
            Source::Unclear | Source::IdentityCenter => format!(
                "{change} affects {}, and it is unclear whether an identity provider manages it: set \
                 `expect.identity_source`",
                code(name)
            ),
        },
        Guard::WeakBasis { change, rests_on: Rests::List { name, rule } } => {
            format!("{change} depends on {}, which has an open finding: {}", code(name), code(rule))
        }
        Guard::WeakBasis { change, rests_on: Rests::Finding { rule } } => {
            format!("{change} depends on data with an open finding: {}", code(rule))
        }
        Guard::ManagementAccount { change, caller } => {
            format!("{change} is in the management account, which the delegated administrator {caller} cannot change")
        }
        Guard::Quarantine { change, disabled: Some(at), from } => format!(
            "{change} deletes an IAM user that Rollcall disabled at {}; the quarantine (`change.quarantine`) ends at {}",
            instant(*at),
            from.map_or_else(|| "an unknown time".to_owned(), instant)
        ),
        Guard::Quarantine { change, disabled: None, .. } => format!(
            "{change} deletes an IAM user without quarantine (`change.quarantine`): no applied plan disabled it, or it \
             was enabled or used since"
        ),
        Guard::KindNotAllowed { kind, changes } => {
            let changes: Vec<String> = changes.iter().map(|id| format!("{id}")).collect();
            format!("`change.allow` does not include `{kind}` ({})", list(&changes))
        }
        Guard::FilteredBasis { what } => format!("not everything was read: {}", phrase(what)),
        Guard::Expired { at } => format!("the plan expired at {}", instant(*at)),
        Guard::MadeLater { at } => format!("it says that it was made in the future, at {}", instant(*at)),
        Guard::OtherPlace { what, planned, here } => {
            let said = |value: &Option<String>| value.as_ref().map_or_else(|| "none".to_owned(), |value| code(value));
            format!(
                "the plan was made for another environment: `{what}` is {} in the plan and {} here",
                said(planned),
                said(here)
            )
        }
        Guard::ListChanged { list } => format!("the list {} has changed since the plan was made", code(list)),
        Guard::SettingsChanged => "the settings have changed since the plan was made".to_owned(),
    }
}

/// How whoever applies a plan gets past a guard, after "way through:".
#[must_use]
pub fn way_through(guard: &Guard, removals: usize) -> String {
    match guard.way_through(removals) {
        WayThrough::AllowRemovals(number) => format!("`rollcall apply --allow-removals {number}`"),
        WayThrough::AllowAdministrative => "`rollcall apply --allow-administrative`".to_owned(),
        WayThrough::AllowNewFindings(findings) => {
            format!(
                "add the access to the expected lists first, or `rollcall apply --allow-new-findings {}`",
                findings.join(" ")
            )
        }
        WayThrough::Settings(key) => format!("change `{key}` in the settings, and make a new plan"),
        WayThrough::AtOnce => {
            "disable the user by a plan and wait, or make a new plan with `--at-once`, which stays recorded".to_owned()
        }
        WayThrough::PlanAgain => "make a new plan".to_owned(),
        WayThrough::None => "none".to_owned(),
    }
}
