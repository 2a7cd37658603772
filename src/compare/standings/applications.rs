//! Who may use which application of Identity Center, against `applications.csv`, both ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compare::matching::keys::{Key, key};
use crate::compare::matching::who_is_who::WhoIsWho;
use crate::model::{
    Application, ApplicationRow, Asked, Everyone, Gap, Hides, Ix, Judged, Kind, ListingIndex, NameKey, Principal, Side,
    Sight, Standing, Subject, What, Why, World,
};

use super::names_in_rows::{self, Called, Principals};
use super::{NotThere, grants, seen, speaks_for, standing_of_present};

/// What a row is found by: whether it speaks of a group (or of everyone), whose, and which application by name or ARN.
type RowKey = (Option<bool>, Key, Key);

pub(super) fn judge(world: &World, who: &WhoIsWho, principals: &Principals<'_>) -> Vec<Judged> {
    let rows = world.expectation.applications.index_by(|row| [row_key(row)]);
    let named = Named::of(world);
    let mut judged = Vec::new();
    for (position, application) in world.snapshot.applications.positions() {
        let everyone = application.everyone.seen().map(|Everyone| None);
        let holders = everyone.chain(application.principals.seen().map(|principal| Some(*principal)));
        judged.extend(holders.map(|holder| Judged {
            subject: Subject::Application(position, holder),
            standing: standing(world, who, principals, (&rows, &named), application, holder),
        }));
    }
    judged.extend(due(world, principals, &named));
    judged
}

fn row_key(row: &ApplicationRow) -> RowKey {
    let application = key(&row.application);
    match &row.principal {
        Some(name) => {
            let (group, name) = names_in_rows::row_key(name);
            (Some(group), name, application)
        }
        None => (None, key(names_in_rows::EVERYONE), application),
    }
}

fn standing(
    world: &World,
    who: &WhoIsWho,
    principals: &Principals<'_>,
    (rows, named): (&ListingIndex<'_, RowKey, ApplicationRow>, &Named<'_>),
    application: &Application,
    holder: Option<Principal>,
) -> Standing {
    let called = holder.map_or_else(Called::everyone, |principal| principals.called(principal));
    let group = holder.map(|_| called.group);
    let by = |application: &str, name: &Key| vec![(group, name.clone(), key(application))];
    let meant = named.means_one(&application.name);
    let keys = |name: &Key| {
        let by_name = meant.then(|| by(&application.name, name)).into_iter().flatten();
        by_name.chain(by(&application.arn, name)).collect::<Vec<RowKey>>()
    };
    let listed = &world.expectation.applications;
    let by_rows = || {
        let in_force = |row: Ix<ApplicationRow>| !listed[row].lapsed;
        let answer = called.look_up(rows, keys, in_force).map(|row| Standing::Expected(listed[row].row));
        if !meant && !matches!(answer, Sight::Seen(_)) {
            let by_name = called.look_up(rows, |name| by(&application.name, name), in_force);
            if let Sight::Seen(row) = by_name {
                return Standing::Unknown(named.ambiguous(&listed[row]));
            }
        }
        let asked = || Asked {
            kind: Kind::Application,
            principal: called.name_keys(),
            account: None,
            what: vec![NameKey::of(&application.name), NameKey::of(&application.arn)],
        };
        standing_of_present(world, answer, asked)
    };
    let lapsed = || called.look_up(rows, keys, |_| true).seen().map(|row| listed[row].row);
    grants::standing(world, who, (Kind::Application, holder, None), by_rows, lapsed)
}

/// Rows that expect what is not there.
fn due(world: &World, principals: &Principals<'_>, named: &Named<'_>) -> Vec<Judged> {
    if !speaks_for(world, Kind::Application) {
        return Vec::new();
    }
    let there = There {
        world,
        applications: world
            .snapshot
            .applications
            .index_by(|application| [key(&application.name), key(&application.arn)]),
        principals,
        named,
    };
    let rows = world.expectation.applications.positions();
    let in_force = rows.filter(|(_, row)| grants::is_due(row.presence, row.lapsed));
    let due = in_force.filter_map(|(position, row)| {
        let not_there = there.look_for(row).err()?;
        Some(Judged { subject: Subject::DueApplication(position), standing: not_there.standing(row.row) })
    });
    due.collect()
}

/// What is there, by the names that rows use.
struct There<'w> {
    world: &'w World,
    applications: ListingIndex<'w, Key, Application>,
    principals: &'w Principals<'w>,
    named: &'w Named<'w>,
}

/// How many applications there are of each name.
struct Named<'w> {
    world: &'w World,
    arns: BTreeMap<Key, Vec<&'w str>>,
}

impl<'w> Named<'w> {
    fn of(world: &'w World) -> Self {
        let mut arns: BTreeMap<Key, Vec<&str>> = BTreeMap::new();
        for application in world.snapshot.applications.seen() {
            arns.entry(key(&application.name)).or_default().push(&application.arn);
        }
        Named { world, arns }
    }

    /// Whether a name, where it is one, is that of one application alone.
    fn means_one(&self, name: &str) -> bool {
        self.arns.get(&key(name)).is_none_or(|arns| arns.len() == 1)
    }

    /// The gap of a row that gives a name which several applications have.
    fn ambiguous(&self, row: &ApplicationRow) -> Arc<Gap> {
        let candidates = self.arns.get(&key(&row.application)).into_iter().flatten();
        Arc::new(Gap {
            side: Side::Expected,
            source: self.world.expectation.files[row.row.file.number()].name.clone(),
            account: None,
            unseen: What::RowApplication.of(&row.application),
            why: Why::Ambiguous {
                key: row.application.clone(),
                candidates: candidates.map(|arn| (*arn).to_owned()).collect(),
            },
            hides: Hides::Grants,
        })
    }
}

impl There<'_> {
    /// Looks for what a row expects.
    fn look_for(&self, row: &ApplicationRow) -> Result<(), NotThere> {
        if !self.named.means_one(&row.application) {
            return Err(NotThere::Unseen(self.named.ambiguous(row)));
        }
        let applications: &[Ix<Application>] = seen(self.applications.look_up(&key(&row.application)))?;
        let principal = row.principal.as_ref().map(|name| seen(self.principals.look_up(name))).transpose()?;
        let mut not_there = None;
        for &application in applications {
            let application = &self.world.snapshot.applications[application];
            let sight: Sight<()> = match principal {
                Some(principal) => application.principals.look_up(&principal, |held| *held).map(|_| ()),
                None => application.everyone.look_up(&Everyone, |everyone| *everyone).map(|_| ()),
            };
            match (seen(sight), &not_there) {
                (Ok(()), _) => return Ok(()),
                (Err(NotThere::Proved(_)), Some(_)) => {}
                (Err(why), _) => not_there = Some(why),
            }
        }
        not_there.map_or(Ok(()), Err)
    }
}
