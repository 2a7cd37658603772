//! What permission sets allow, against `permission-sets.csv`, both ways.

use std::sync::Arc;

use crate::compare::administrative;
use crate::compare::matching::key;
use crate::model::{
    Asked, Judged, Kind, Known, NameKey, PermissionSet, PermissionSetRow, Sight, Standing, Subject, World,
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
    standing_of_present(world, row.map(|row| against(set, row)), asked)
}

/// A permission set against its row. A row that says nothing of what it allows is met by anything of that name.
fn against(set: &PermissionSet, row: &PermissionSetRow) -> Standing {
    let asks = row.digest.is_some() || row.administrative == Some(false);
    match &set.policies {
        Known::Unknown(gap) if asks => Standing::Unknown(Arc::clone(gap)),
        Known::Unknown(_) => Standing::Expected(row.row),
        Known::Is(policies) => {
            let grown = row.digest.as_ref().is_some_and(|approved| *approved != policies.digest());
            let risen = row.administrative == Some(false) && administrative::permission_set(set).is_some();
            if grown || risen { Standing::Differs(row.row) } else { Standing::Expected(row.row) }
        }
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
