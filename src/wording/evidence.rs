//! What was seen: each piece of evidence in one sentence.

use crate::model::{Evidence, World};

use super::cross_check::contradiction;
use super::sources::not_in;
use super::waivers::{not_accepted, waiver_fault};
use super::{account, count, employment, gone_lists, hours, instant, list, phrase, recognition, row, short, visible};

/// A piece of evidence, in one sentence.
#[must_use]
pub fn evidence(world: &World, evidence: &Evidence) -> String {
    match evidence {
        Evidence::NotIn(source) => not_in(source),
        Evidence::Row(named) => format!("Named at `{}`", row(&world.expectation, *named)),
        Evidence::Employment(said) => format!("The list says that the person {}", employment(*said)),
        Evidence::SaidToBeThere(said) => {
            let is_export = world.expectation.files[said.file.number()].ages;
            let how = if is_export { "where it is exported from, and export it again" } else { "in the list" };
            format!(
                "`{}` says that the person is current; whoever has left by one list has left: correct this row {how}, or if \
                 the person is still there, the row that says otherwise",
                row(&world.expectation, *said)
            )
        }
        Evidence::LeftBefore(before) => gone_lists::left_before(*before),
        Evidence::StillSaidCurrent(said) => format!(
            "`{}` says that the person is current, as this list did when the other one said the opposite",
            row(&world.expectation, *said)
        ),
        Evidence::Holds(subject) if subject.is_due() => format!("Lacks {}", short(world, *subject)),
        Evidence::Holds(subject) => format!("Holds {}", short(world, *subject)),
        Evidence::Reaches(people) => format!("Reaches {}", count(*people, "person")),
        Evidence::Administrative(how) => format!("Administrative: {}", phrase(how)),
        Evidence::PerhapsAdministrative(why) => {
            format!("Nobody can say whether it is administrative: {}", phrase(why))
        }
        Evidence::LiveCredentials => {
            "Can be used now: it has a password or an active key, or nobody can say that it has none".to_owned()
        }
        Evidence::ActiveKeys(keys) => format!("Has {}", count(usize::from(*keys), "active access key")),
        Evidence::SigningCertificates(active) => {
            format!("Has {}", count(usize::from(*active), "active signing certificate"))
        }
        Evidence::ServiceCredentials(active) => {
            format!("Has {} for single services", count(usize::from(*active), "active password or API key"))
        }
        Evidence::NoSecondFactor => "Has a password, and no second factor".to_owned(),
        Evidence::NoOwner => "Neither its row nor an `owner` tag names a person who answers for it".to_owned(),
        Evidence::TrustsEveryone => "Everyone there is trusted, whoever they are".to_owned(),
        Evidence::Conditions(keys) if keys.is_empty() => "Under no condition".to_owned(),
        Evidence::Conditions(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", visible(key))).collect();
            format!("Under conditions on {}", list(&keys))
        }
        Evidence::ToApprove(column, cell) => {
            format!("A row approves it as it is with `{}` in `{column}`", visible(cell))
        }
        Evidence::Owner(owner) => format!("The list names `{}` as the person who answers for it", visible(owner)),
        Evidence::NoSuchAccount => "The organization has no account with this id".to_owned(),
        Evidence::NoSuchPermissionSet => "Identity Center has no permission set of this name".to_owned(),
        Evidence::NoSuchApplication => "Identity Center has no application of this name".to_owned(),
        Evidence::NoSuchPrincipal => "Identity Center has no such group or user".to_owned(),
        Evidence::PrincipalNotListed => {
            "Identity Center does not list the principal; it was probably deleted, and this is what remains".to_owned()
        }
        Evidence::ExportedAt(at, age) => {
            format!("Exported at {}, {} before this run", instant(*at), hours(usize::try_from(*age).unwrap_or(0)))
        }
        Evidence::CutOff(how) => format!("It was cut off: {}", phrase(how)),
        Evidence::Shrunk { rows, before } => {
            format!("{} fewer than in the earlier run", count(before.saturating_sub(*rows) as usize, "row"))
        }
        Evidence::Gone { lists, before, kinds } => gone_lists::evidence(lists, *before, kinds),
        Evidence::Lapsed(lapsed, last) => format!("Expected at `{}` until {last}", row(&world.expectation, *lapsed)),
        Evidence::Digest { now, approved } => {
            format!("What it allows now has the digest `{now}`; approved was `{approved}`")
        }
        Evidence::BecameAdministrative(before) => {
            format!("Was not administrative in the earlier run, at {}", instant(*before))
        }
        Evidence::NotOfAws { inline } => {
            let what = if *inline { "an inline policy" } else { "a policy of the account" };
            format!("It is {what}, and its row names the policy that AWS keeps under this name")
        }
        Evidence::NotToAdminister => "The row says that it is not administrative".to_owned(),
        Evidence::OlderVersionIn(place) => {
            let place = &world.snapshot.accounts[*place];
            format!("An older version is in force in {}", account(place.id, place.name.as_deref()))
        }
        Evidence::SignInRefused => {
            "Sign-in is passed on to Active Directory, which refuses an account that is disabled \
             or expired; open sessions last, and the access is back when the account is"
                .to_owned()
        }
        Evidence::Fits(key, candidates) => {
            let fitting: Vec<String> = candidates.iter().map(|name| format!("`{}`", visible(name))).collect();
            format!("`{}` fits {}", visible(key), list(&fitting))
        }
        Evidence::Made(at, by) => {
            let at = at.map(|at| format!(" at {}", instant(at))).unwrap_or_default();
            let by = by.as_deref().map(|by| format!(" by `{}`", visible(by))).unwrap_or_default();
            format!("Made{at}{by}")
        }
        Evidence::MadeBy(service) => format!("Has a name that {service} gives to what it makes"),
        Evidence::CannotSignIn => "Identity Center has disabled the user, so nobody can sign in as it".to_owned(),
        Evidence::NotProvisionable(why) => format!("Identity Center cannot take the person: {why}"),
        Evidence::Contradicted(contradicted) => sentence(&contradiction(world, contradicted)),
        Evidence::Matches(numbers) => recognition::unconcluded(*numbers),
        Evidence::NamesApart(names) => recognition::names_apart(names),
        Evidence::AdministratorsAmong(users) => recognition::administrators(world, users),
        Evidence::Looks(looks) => sentence(&recognition::looks(*looks)),
        Evidence::MeansNothing(why) => sentence(&phrase(why)),
        Evidence::NotAccepted { waiver, on, because } => not_accepted(world, *waiver, *on, because),
        Evidence::WaiverFault(fault) => sentence(&waiver_fault(world, fault)),
    }
}

/// A clause as a sentence of its own.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
