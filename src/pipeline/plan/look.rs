//! What a plan is made of, and what one is judged by before it is applied: the lists, AWS's answers and the newest audit.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::super::collected::collect;
use super::super::open_store::open;
use super::super::{PipelineError, as_of, change_package, earlier_runs};
use super::{NoPlan, PlanOrder};
use crate::change::record::Record;
use crate::change::{Basis, Change, Digest, Own, Place, Planned, Quarantine};
use crate::collect::{Clock, Collected};
use crate::expect::{self, Records};
use crate::model::{Caller, Earlier, Estate, GroupId, Snapshot, Stamp, UserId, World};
use crate::settings::Settings;
use crate::store::package::Package;
use crate::store::{self, Location, chain};

/// What was read.
pub(super) struct Looked {
    settings: Arc<Settings>,
    records: Records,
    /// AWS's side.
    pub(super) collected: Collected,
    earlier: Option<Earlier>,
    /// Since when IAM users are disabled by plans that were applied.
    pub(super) quarantine: Quarantine,
    stamp: Stamp,
}

/// Asks AWS, or reads its saved answers, and reads what the newest audit left.
pub(super) async fn look(order: &PlanOrder, records: Records, clock: &Clock) -> Result<Looked, NoPlan> {
    let settings = Arc::clone(&order.settings);
    let collected = collect(&settings, &order.source, &records, &order.run_id, clock).await?;
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of: as_of::of(order.as_of, &settings, &order.source, collected.snapshot.window, clock)?,
        origin: Some(as_of::origin(&order.source)),
        job: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: settings.organization.clone(),
    };
    let earlier = newest_audit(order).await?;
    let quarantine = Quarantine::of(&applied_plans(order).await?, clock());
    Ok(Looked { settings, records, collected, earlier, quarantine, stamp })
}

impl Looked {
    /// What is compared.
    pub(super) fn world(&self) -> World {
        let snapshot = self.collected.snapshot.clone();
        let expectation = expect::fold(&self.records, self.stamp.as_of, Some(&Estate::of(&snapshot)));
        let (policy, stamp) = (self.settings.policy(), self.stamp.clone());
        World { snapshot, expectation, policy, earlier: self.earlier.clone(), store_notes: Vec::new(), stamp }
    }
}

/// What the newest audit left, of whichever job.
async fn newest_audit(order: &PlanOrder) -> Result<Option<Earlier>, PipelineError> {
    let mut newest = earlier_runs::newest(&order.settings, &order.audits).await?.earlier;
    // What is missing and was there in that audit would be pending; a plan must not rely on that.
    if let Some(earlier) = &mut newest {
        earlier.gaps.insert("a plan knows no grace".to_owned());
    }
    Ok(newest)
}

/// What applying plans did, as far as the stores say. Where one of their packages cannot be read, it may have enabled what an
/// earlier one disabled: then nothing counts.
async fn applied_plans(order: &PlanOrder) -> Result<Vec<Record>, PipelineError> {
    let mut stores: Vec<&Location> = Vec::new();
    for (store, _) in &order.audits {
        if !stores.contains(&store) {
            stores.push(store);
        }
    }
    let mut records = Vec::new();
    for store in stores {
        let shelf = open(&order.settings, store).await?;
        for link in chain::after(&shelf, 0, store::CHANGES).await? {
            let record = match Package::open(&shelf, link).await {
                Ok(package) if change_package::is_one(&package) => change_package::read(&shelf, &package).await,
                Ok(_) => continue,
                Err(error) => Err(PipelineError::Store(error)),
            };
            match record {
                Ok(record) => records.push(record),
                Err(PipelineError::Store(error)) if !error.is_damage() => return Err(error.into()),
                Err(_) => return Ok(Vec::new()),
            }
        }
    }
    Ok(records)
}

/// Where the answers come from.
pub(super) fn place(snapshot: &Snapshot) -> Place {
    let instance = snapshot.instance.is();
    Place {
        partition: snapshot.caller.as_ref().and_then(|caller| caller.partition()).map(str::to_owned),
        organization: snapshot.organization.as_ref().map(|organization| organization.id.clone()),
        instance: instance.map(|instance| instance.arn.clone()),
        identity_store: instance.map(|instance| instance.identity_store.clone()),
        region: snapshot.scope.region.clone(),
        endpoint: snapshot.redirected_to.clone(),
    }
}

/// What a plan is made of.
pub(super) fn basis(world: &World, collected: &Collected, settings: &Settings) -> Result<Basis, NoPlan> {
    let mut digest = Hashing(Sha256::new());
    collected.write(&mut digest).map_err(PipelineError::Draft)?;
    let snapshot = Digest::from(<[u8; 32]>::from(digest.0.finalize()));
    let lists = world.expectation.files.iter().filter_map(|file| Some((file.name.clone(), file.sha256.parse().ok()?)));
    Ok(Basis { as_of: world.stamp.as_of, snapshot, lists: lists.collect(), settings: settings_digest(settings) })
}

/// Whose access a plan leaves alone: of whoever asked AWS, of whoever changes it, and of `others`.
pub(super) fn own<'a>(
    settings: &Settings,
    snapshot: &Snapshot,
    operator: Option<&Caller>,
    others: impl IntoIterator<Item = &'a str>,
) -> Own {
    let asked = snapshot.caller.as_ref().map(|caller| caller.arn.as_str());
    let role = settings.operator.role.as_deref();
    let of_role = || role.and_then(|arn| arn.split(':').nth(4)?.parse().ok());
    let account = operator.map(|operator| operator.account).or_else(of_role);
    let operator = operator.map(|operator| operator.arn.as_str());
    let arns = asked.into_iter().chain(role).chain(operator).map(str::to_owned);
    let arns: Vec<String> = arns.chain(others.into_iter().map(str::to_owned)).collect();
    Own::of(arns.iter().map(String::as_str)).changing_in(account)
}

/// A file that is only digested.
struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The digest of the settings file.
pub(super) fn settings_digest(settings: &Settings) -> Digest {
    settings.digest.unwrap_or_else(|| Digest::of(b""))
}

/// Names the memberships that are removed by their ids.
pub(super) fn name_memberships(changes: &mut [Planned], collected: &Collected) {
    let key = |change: &Change| -> Option<(GroupId, UserId)> {
        let Change::RemoveMember { group, user } = change else { return None };
        Some((group.id.clone()?, user.id.clone()?))
    };
    let wanted: BTreeSet<(GroupId, UserId)> = changes.iter().filter_map(|planned| key(&planned.change)).collect();
    if wanted.is_empty() {
        return;
    }
    let ids = collected.membership_ids(&wanted);
    for planned in changes {
        planned.seen.membership = key(&planned.change).and_then(|key| ids.get(&key).cloned());
    }
}
