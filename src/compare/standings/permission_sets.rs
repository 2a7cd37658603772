//! What permission sets allow, against `permission-sets.csv`, both ways.

use std::sync::Arc;

use crate::compare::administrative::{self, Place};
use crate::compare::became_administrative;
use crate::compare::matching::principals::key;
use crate::model::{
    Administrative, Asked, Gap, Hides, Judged, Kind, Known, NameKey, PermissionSet, PermissionSetPolicies,
    PermissionSetRow, Side, Sight, Standing, Subject, Why, World, aws_managed_path, quoted,
};

use super::{seen, speaks_for, standing_of_present};

pub(super) fn judge(world: &World) -> Vec<Judged> {
    let rows = world.expectation.permission_sets.index_by(|row| [key(&row.name)]);
    let of_present = world.snapshot.permission_sets.positions().map(|(position, set)| {
        let row = rows.look_up_any(&[key(&set.name)], |_| true);
        let row = row.map(|row| &world.expectation.permission_sets[row]);
        Judged { subject: Subject::PermissionSet(position), standing: standing(world, set, row) }
    });
    of_present.chain(due(world)).collect()
}

fn standing(world: &World, set: &PermissionSet, row: Sight<&PermissionSetRow>) -> Standing {
    if !speaks_for(world, Kind::PermissionSet) {
        return Standing::Unlisted;
    }
    if let Some(gap) = &set.unnamed {
        return Standing::Unknown(Arc::clone(gap));
    }
    let asked = || Asked {
        kind: Kind::PermissionSet,
        principal: Vec::new(),
        account: None,
        what: vec![NameKey::of(&set.name)],
    };
    standing_of_present(world, row.map(|row| against(world, set, row)), asked)
}

/// A permission set against its row. A row that says nothing of what it allows is met by anything of that name that
/// makes nobody an administrator.
fn against(world: &World, set: &PermissionSet, row: &PermissionSetRow) -> Standing {
    let asks = row.digest.is_some() || row.administrative == Some(false);
    let policies = match &set.policies {
        Known::Unknown(gap) if asks => return Standing::Unknown(Arc::clone(gap)),
        Known::Unknown(_) => return Standing::Expected(row.row),
        Known::Is(policies) => policies,
    };
    if row.digest.as_ref().is_some_and(|approved| *approved != policies.digest()) {
        return Standing::Differs(row.row);
    }
    // A policy that each account defines for itself is in the digest by its name only.
    let by_digest = row.digest.is_some() && policies.is_self_contained();
    match row.administrative {
        Some(true) => return Standing::Expected(row.row),
        None if by_digest => return Standing::Expected(row.row),
        None if is_called_administrative(set, policies) && !became_administrative::was_harmless_set(world, set) => {
            return Standing::Expected(row.row);
        }
        None | Some(false) => {}
    }
    match administrative::permission_set(set, &world.snapshot) {
        Administrative::Yes(_) => Standing::Differs(row.row),
        Administrative::No => Standing::Expected(row.row),
        Administrative::Unknown(_) if by_digest || row.administrative.is_none() => Standing::Expected(row.row),
        Administrative::Unknown(why) => Standing::Unknown(Arc::new(undecided(set, why))),
    }
}

/// Whether a permission set's name says what it is: then whoever wrote it into a list knew. It is the name that AWS's
/// console and landing zones give such sets, or that of the policy of AWS by which it is administrative.
fn is_called_administrative(set: &PermissionSet, policies: &PermissionSetPolicies) -> bool {
    let name = NameKey::of(&set.name);
    let of_aws = |arn: &String| {
        let path = aws_managed_path(arn).and_then(|path| path.rsplit('/').next());
        let policy = administrative::Policy { name: arn.clone(), says: administrative::Says::Arn(arn) };
        path.is_some_and(|own| NameKey::of(own) == name) && administrative::of([policy], Place::Member).is_yes()
    };
    name.as_str().contains("admin") || policies.aws_managed.iter().any(of_aws)
}

/// Its row says that it is not administrative, and nobody can say whether that is so.
fn undecided(set: &PermissionSet, why: String) -> Gap {
    Gap {
        side: Side::Aws,
        source: "iam:GetAccountAuthorizationDetails".to_owned(),
        account: None,
        unseen: format!("whether the permission set {} is administrative", quoted(&set.name)),
        why: Why::Untold { detail: why },
        hides: Hides::Grants,
    }
}

/// Rows of permission sets that are not there.
fn due(world: &World) -> impl Iterator<Item = Judged> + '_ {
    let snapshot = &world.snapshot;
    let there = snapshot.permission_sets.index_by(|set| [key(&set.name)]);
    world.expectation.permission_sets.positions().filter_map(move |(position, row)| {
        let sight = there.look_up_any(&[key(&row.name)], |_| true);
        let not_there = seen(super::assignments::unless_unnamed(snapshot, sight)).err()?;
        Some(Judged { subject: Subject::DuePermissionSet(position), standing: not_there.standing(row.row) })
    })
}
