//! Plans of changes: the file, what its changes would do, what holds it, and how it is made.

pub mod bulk;
pub mod derive;
pub mod effect;
pub mod format;
pub mod guards;
pub mod names;
pub mod own_effect;
pub mod quarantine;
pub mod undo;

use rollcall::change::request::{self, Named, OfIamUser, Request, Verb};
use rollcall::change::{self, Builder, Judgement, Limits, Options, Own, Planned, Quarantine};
use rollcall::model::{IdentitySource, Report};
use rollcall::wording;

use crate::story::{Story, sign_in_name};
use crate::support::audited::Audited;

/// A story of which Identity Center itself keeps users and groups.
pub fn kept_here(story: &Story) -> Audited {
    Audited::of(story).with(|world| {
        world.policy.identity_source = Some(IdentitySource::IdentityCenter);
        for (place, _) in world.snapshot.users.clone().positions() {
            world.snapshot.users[place].external_ids.clear();
        }
    })
}

/// The changes that these requests ask for.
pub fn asked(report: &Report<'_>, requests: &[Request]) -> Vec<Planned> {
    let mut builder = Builder::default();
    for one in requests {
        let steps = request::changes(&report.world.snapshot, one).unwrap_or_else(|why| panic!("{one:?}: {why:?}"));
        builder.add(report, &steps, "asked for", None);
    }
    builder.finish()
}

/// What changes come to, under these settings.
pub fn judged(report: &Report<'_>, changes: &[Planned], options: &Options) -> Judgement {
    judged_after(report, changes, options, &Quarantine::unknown(report.world.stamp.as_of))
}

/// The same, where it is known what plans did that were applied.
pub fn judged_after(report: &Report<'_>, changes: &[Planned], options: &Options, quarantine: &Quarantine) -> Judgement {
    let own = Own::of(report.world.snapshot.caller.as_ref().map(|caller| caller.arn.as_str()));
    let limits = Limits { options, done: &[], own: &own, quarantine, title: &wording::title };
    change::judge(report, changes, limits).unwrap()
}

pub fn member(group: &str, user: &str, verb: Verb) -> Request {
    Request::Member { group: group.to_owned(), user: sign_in_name(user), verb }
}

pub fn assignment(principal: Named, permission_set: &str, account: &str, verb: Verb) -> Request {
    let (permission_set, account) = (permission_set.to_owned(), account.to_owned());
    Request::Assignment { principal, permission_set, account, verb }
}

pub fn iam_user(account: &str, name: &str, change: OfIamUser) -> Request {
    Request::IamUser { account: account.to_owned(), name: name.to_owned(), change }
}
