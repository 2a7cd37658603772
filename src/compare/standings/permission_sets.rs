//! What permission sets allow, against `permission-sets.csv`, both ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::compare::administrative::{self, Place};
use crate::compare::became_administrative;
use crate::compare::matching::keys::key;
use crate::model::{
    Administrative, Asked, Extent, Gap, Ix, Judged, Kind, Known, NameKey, PermissionSet, PermissionSetPolicies,
    PermissionSetRow, Sight, Standing, Subject, World, aws_managed_path,
};

use super::approval::{self, Approval, Content, Holder};
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

/// A permission set against its row.
fn against(world: &World, set: &PermissionSet, row: &PermissionSetRow) -> Standing {
    let asks = row.digest.is_some() || row.administrative != Some(true);
    let policies = match &set.policies {
        Known::Unknown(gap) if asks => return Standing::Unknown(Arc::clone(gap)),
        Known::Unknown(_) => return Standing::Expected(row.row),
        Known::Is(policies) => policies,
    };
    let by_name = is_called_administrative(set, policies) && !became_administrative::was_harmless_set(world, set);
    let administrative = row.administrative.or_else(|| (by_name && row.digest.is_none()).then_some(true));
    let approval = Approval { row: row.row, administrative, digest: row.digest.as_deref() };
    approval.standing(world, content(world, set, policies))
}

fn content(world: &World, set: &PermissionSet, policies: &PermissionSetPolicies) -> Content {
    let administrative = match administrative::permission_set(set, &world.snapshot) {
        // Nobody has it yet, so nothing has to be known of it.
        Administrative::Unknown(_) if is_held_by_nobody(set) => Administrative::No,
        other @ (Administrative::Yes(_) | Administrative::No | Administrative::Unknown(_)) => other,
    };
    Content {
        holder: Holder::PermissionSet,
        name: set.name.clone(),
        account: None,
        administrative,
        digest: Some(policies.digest()),
        // A policy that each account defines for itself is in the digest by its name only.
        digest_covers_all: policies.is_self_contained(),
    }
}

fn is_held_by_nobody(set: &PermissionSet) -> bool {
    let is_whole = |extent: &Extent| matches!(extent, Extent::Whole(_));
    let mut placements = set.placements.seen();
    is_whole(set.placements.extent())
        && placements.all(|one| is_whole(one.principals.extent()) && one.principals.seen().next().is_none())
}

/// The gaps of permission sets that a list expects somebody to have, where no list says what they may allow and nobody
/// can say whether they are administrative.
pub(crate) fn unapproved(world: &World, judged: &[Judged]) -> Vec<Arc<Gap>> {
    if speaks_for(world, Kind::PermissionSet) {
        return Vec::new();
    }
    let expected = judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Assignment(_, set, _), Standing::Expected(_)) => Some(set),
        _ => None,
    });
    let sets: BTreeSet<Ix<PermissionSet>> = expected.collect();
    let gaps = sets.into_iter().filter_map(|position| {
        let set = &world.snapshot.permission_sets[position];
        let policies = set.policies.is().filter(|policies| !is_called_administrative(set, policies))?;
        let content = content(world, set, policies);
        let Administrative::Unknown(why) = content.administrative.clone() else { return None };
        Some(Arc::new(approval::unapproved(LIST.to_owned(), why, content)))
    });
    gaps.collect()
}

/// The list that says what permission sets may allow.
const LIST: &str = "permission-sets.csv";

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
