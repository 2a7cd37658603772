//! What was seen: each piece of evidence in one sentence.

use crate::model::{Evidence, World};

use super::cross_check::contradiction;
use super::sources::not_in;
use super::waivers::{not_accepted, waiver_fault};
use super::{
    account, count, employment, gone_lists, hours, instant, list, phrase, recognition, row, short, usage, visible,
};

/// A piece of evidence, in one sentence.
#[must_use]
pub fn evidence(world: &World, evidence: &Evidence) -> String {
    match evidence {
        Evidence::NotIn(source) => not_in(source),
        Evidence::Row(named) => format!("Named in `{}`", row(&world.expectation, *named)),
        Evidence::Employment(said) => format!("The list says that the person {}", employment(*said)),
        Evidence::SaidToBeThere(said) => {
            let is_export = world.expectation.files[said.file.number()].ages;
            let how = if is_export { "at its source, and export it again" } else { "in the list" };
            format!(
                "`{}` says that the person is current, but a departure in any list takes precedence. If the person \
                 has left, correct this row {how}; if not, correct the other row",
                row(&world.expectation, *said)
            )
        }
        Evidence::LeftBefore(before) => gone_lists::left_before(before),
        Evidence::StillSaidCurrent(said) => format!(
            "`{}` says that the person is current, but it also said so when another list said that they had left",
            row(&world.expectation, *said)
        ),
        Evidence::PendingSince(since) => format!(
            "Was pending in the run of {} already: the synchronization has had longer than `expect.sync_grace` since",
            instant(*since)
        ),
        Evidence::Holds(subject) if subject.is_due() => format!("Lacks {}", short(world, *subject)),
        Evidence::Holds(subject) => format!("Holds {}", short(world, *subject)),
        Evidence::Reaches(people) => format!("Reaches {}", count(*people, "person")),
        Evidence::Administrative(how) => format!("Administrative: {}", phrase(how)),
        Evidence::PerhapsAdministrative(why) => {
            format!("May be administrative: {}", phrase(why))
        }
        Evidence::LiveCredentials => {
            "May be usable now: it has a password or an active key, or its credentials could not be read".to_owned()
        }
        Evidence::ActiveKeys(keys) => format!("Has {}", count(usize::from(*keys), "active access key")),
        Evidence::SigningCertificates(active) => {
            format!("Has {}", count(usize::from(*active), "active signing certificate"))
        }
        Evidence::ServiceCredentials(active) => {
            format!("Has {}", count(usize::from(*active), "active service-specific credential"))
        }
        Evidence::WithoutMfa => "Has a password but no MFA".to_owned(),
        Evidence::NoOwner => "Neither its row nor an `owner` tag names an owner".to_owned(),
        Evidence::TrustsEveryone => "Everyone at the trusted provider, or everyone in AWS, is trusted".to_owned(),
        Evidence::Conditions(keys) if keys.is_empty() => "Without conditions".to_owned(),
        Evidence::Conditions(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", visible(key))).collect();
            format!("With conditions on {}", list(&keys))
        }
        Evidence::ToApprove(column, cell) => {
            format!("To approve it as it is, a row needs `{}` in `{column}`", visible(cell))
        }
        Evidence::Owner(owner) => format!("Owner: `{}`", visible(owner)),
        Evidence::NoSuchAccount => "The organization has no account with this id".to_owned(),
        Evidence::NoSuchPermissionSet => "Identity Center has no permission set of this name".to_owned(),
        Evidence::NoSuchApplication => "Identity Center has no application of this name".to_owned(),
        Evidence::NoSuchPrincipal => "Identity Center has no such group or user".to_owned(),
        Evidence::PrincipalNotListed => {
            "Identity Center does not list the principal, which was probably deleted".to_owned()
        }
        Evidence::ExportedAt(at, age) => {
            format!("Exported at {}, {} before this run", instant(*at), hours(usize::try_from(*age).unwrap_or(0)))
        }
        Evidence::CutOff(how) => format!("It was cut off: {}", phrase(how)),
        Evidence::Shrunk { rows, before } => {
            format!("{} fewer than in the earlier run", count(before.saturating_sub(*rows) as usize, "row"))
        }
        Evidence::Gone { lists, before, kinds, in_part } => gone_lists::evidence(lists, *before, kinds, in_part),
        Evidence::Lapsed(lapsed, last) => format!("Expected at `{}` until {last}", row(&world.expectation, *lapsed)),
        Evidence::Digest { now, approved } => {
            format!("Current digest: `{now}`; approved digest: `{approved}`")
        }
        Evidence::BecameAdministrative(before) => {
            format!("Was not administrative in the run of {}", instant(*before))
        }
        Evidence::NotOfAws { inline } => {
            let what = if *inline { "an inline policy" } else { "a customer managed policy" };
            format!("It is {what}; its row names the AWS managed policy with this name")
        }
        Evidence::NotToAdminister => "The row says that it is not administrative".to_owned(),
        Evidence::OlderVersionIn(place) => {
            let place = &world.snapshot.accounts[*place];
            format!("An older version is in force in {}", account(place.id, place.name.as_deref()))
        }
        Evidence::SignInRefused => {
            "Active Directory refuses the sign-in of disabled or expired accounts. Open sessions continue, and \
             access returns if the account is enabled again"
                .to_owned()
        }
        Evidence::Fits(key, candidates) => {
            let fitting: Vec<String> = candidates.iter().map(|name| format!("`{}`", visible(name))).collect();
            format!("`{}` matches {}", visible(key), list(&fitting))
        }
        Evidence::Made(at, by) => {
            let at = at.map(|at| format!(" at {}", instant(at))).unwrap_or_default();
            let by = by.as_deref().map(|by| format!(" by `{}`", visible(by))).unwrap_or_default();
            format!("Created{at}{by}")
        }
        Evidence::MadeBy(service) => format!("Has a name that {service} uses for what it creates"),
        Evidence::CannotSignIn => "The user is disabled in Identity Center and cannot sign in".to_owned(),
        Evidence::NotProvisionable(why) => format!("Identity Center cannot accept the person: {why}"),
        Evidence::Contradicted(contradicted) => sentence(&contradiction(world, contradicted)),
        Evidence::Matches(numbers) => recognition::unconcluded(*numbers),
        Evidence::NamesApart(names) => recognition::names_apart(names),
        Evidence::AdministratorsAmong(users) => recognition::administrators(world, users),
        Evidence::Looks(looks) => sentence(&recognition::looks(*looks)),
        Evidence::MeansNothing(why) => sentence(&phrase(why)),
        Evidence::NotAccepted { waiver, on, because } => not_accepted(world, *waiver, *on, because),
        Evidence::WaiverFault(fault) => sentence(&waiver_fault(world, fault)),
        Evidence::OldestKey(made) => usage::oldest_key(world, *made),
        Evidence::LastUsed(used, at) => usage::last_used(world, *used, *at),
    }
}

/// A clause as a sentence of its own.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
