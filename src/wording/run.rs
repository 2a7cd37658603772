//! The circumstances of a run: whose, when, by whom, and what it was told to look at.

use crate::model::{ExportClock, IamScope, IdentitySource, Known, Nesting, Report};

use super::instance::instance_line;
use super::time::instant;
use super::{Fact, visible};

/// The cover's lines, in order.
#[must_use]
pub fn facts(report: &Report<'_>) -> Vec<Fact> {
    let world = report.world;
    let snapshot = &world.snapshot;
    let stamp = &world.stamp;
    let unknown = || "not known".to_owned();
    let organization = stamp.organization.as_ref().map_or_else(|| "not named".to_owned(), |name| visible(name).into());
    let instance = match &snapshot.instance {
        Known::Is(instance) => instance_line(instance),
        Known::Unknown(_) if snapshot.scope.identity_center => unknown(),
        Known::Unknown(_) => "out of scope".to_owned(),
    };
    let iam = match snapshot.scope.iam {
        IamScope::Nowhere => "no IAM",
        IamScope::CallerAccount => "IAM in the caller's account",
        IamScope::Organization => "IAM in every active account",
    };
    let identity_center = if snapshot.scope.identity_center { "Identity Center" } else { "no Identity Center" };
    let excluded = match snapshot.scope.excluded.len() {
        0 => "no account excluded".to_owned(),
        number => format!("{} excluded", super::count(number, "account")),
    };
    let fact = |label, value| Fact { label, value };
    let [collected, collected_as, facts_from] = super::provenance(snapshot, stamp.origin);
    vec![
        fact("Organization", organization),
        fact("As of", instant(stamp.as_of)),
        collected,
        collected_as,
        facts_from,
        fact("Identity Center", instance),
        fact("Scope", format!("{identity_center}; {iam}; {excluded}")),
        fact("Identity source", identity_source(report)),
        fact("Job", stamp.job.as_ref().map_or_else(|| "none (manual run)".to_owned(), |job| visible(job).into())),
        fact("Run", visible(&stamp.run_id).into()),
        fact("Rollcall", visible(&stamp.version).into()),
        fact(
            "Earlier run",
            report.earlier().map_or_else(
                || "none".to_owned(),
                |earlier| format!("{}, of {}", visible(&earlier.run_id), instant(earlier.as_of)),
            ),
        ),
    ]
}

/// What fills Identity Center, and how that is known.
fn identity_source(report: &Report<'_>) -> String {
    let said = report.world.policy.identity_source.is_some();
    let external_ids = "as its users' external ids show";
    let source = match (report.matching.provisioning.source, said) {
        (None, _) => return "not known; set `expect.identity_source`".to_owned(),
        (Some(IdentitySource::IdentityCenter), true) => {
            "none: users are maintained by hand, as the settings say".to_owned()
        }
        (Some(IdentitySource::IdentityCenter), false) => {
            "none: users are maintained by hand, because none has an external id".to_owned()
        }
        (Some(source), true) => format!("{}, as the settings say", identity_source_name(source)),
        (Some(source), false) => format!("{}, {external_ids}", identity_source_name(source)),
    };
    let nesting = match report.matching.provisioning.nesting {
        Nesting::Flatten => "members of nested groups count",
        Nesting::Direct => "only direct members count",
    };
    format!("{source}; {nesting}")
}

fn identity_source_name(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::ActiveDirectory => "Active Directory",
        IdentitySource::Entra => "Entra ID",
        IdentitySource::Okta => "Okta",
        IdentitySource::IdentityCenter => "Identity Center itself",
    }
}

/// How the time of an export is known.
#[must_use]
pub fn clock_words(clock: ExportClock) -> &'static str {
    match clock {
        ExportClock::Sidecar => "from its sidecar",
        ExportClock::Place => "when it was uploaded to the bucket",
        ExportClock::FileName => "from the file's name",
        ExportClock::NewestChange => "at least as recent as its newest change",
        ExportClock::Modified => "from the file's modification time",
    }
}
