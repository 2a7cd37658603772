//! Verdicts on events, one at a time: look where an event says, and judge what is there by the lists, rules and waivers of
//! an audit. Nothing is written to what is looked at.

mod about;
mod conclude;
mod pass;
mod planned;
mod tell;

use std::sync::Arc;

use crate::collect::focus::{self, Looked, Presence};
use crate::collect::{self, Clock, CollectError, Run};
use crate::events::{self, Ending, Event, Heard, Meaning, Settled};
use crate::expect::{self, Records};
use crate::model::{Estate, Stamp, World};
use crate::settings::{Settings, Watch};

use super::collect_live::unwatched;
use super::open_store::open;
use super::order::Order;
use super::{PipelineError, lists, panics};
use conclude::{Planned, conclude, without_look};
use planned::Intents;

pub use crate::events::{NotAnEvent, Outcome};
pub use crate::queue::Queue;
pub use pass::{Pass, WatchError, pass};

/// Reads an event from its bytes.
///
/// # Errors
/// Where they are none.
pub fn read_event(bytes: &[u8]) -> Result<Event, NotAnEvent> {
    events::read(bytes)
}

/// Looks where events say, and judges what is there. Of several events of one principal there is one outcome.
///
/// # Errors
/// Where the lists cannot be relied on, or AWS cannot be asked. An event whose principal cannot be read is an outcome.
pub async fn judge(order: &Order, events: Vec<Event>, clock: &Clock) -> Result<Vec<Outcome>, PipelineError> {
    let intents = intents(order, &events).await;
    let Heard { looks, others } = events::settle(events);
    let mut outcomes = Vec::new();
    if !looks.is_empty() {
        let records = Arc::new(lists::read(&order.expected, &order.settings, clock).await?);
        let session = collect::connect(&order.settings.aws).await?;
        let units = lists::names(&records, clock()).units;
        for settled in looks {
            let run = Run {
                id: order.run_id.clone(),
                clock: Arc::clone(clock),
                earlier: Vec::new(),
                on_page: Box::new(Ok),
                on_progress: unwatched(),
            };
            let what = (&settled.watched, &settled.also);
            let looked = Box::pin(focus::look(&session, &order.settings.aws, what, units, run)).await;
            let mut looked = looked.map_err(|error: CollectError| PipelineError::Collect(error))?;
            if is_of_another_store(&settled.events, &looked) {
                looked.presence = Presence::OutOfScope;
            }
            let planned = planned(order, &settled.events, intents.as_ref());
            outcomes.push(of_look(order, &records, looked, settled, planned, clock).await?);
        }
    }
    for event in others {
        let planned = planned(order, std::slice::from_ref(&event), intents.as_ref());
        outcomes.extend(of_other(event, planned));
    }
    Ok(outcomes)
}

/// Whether events are about users and groups of another identity store than the one that is read.
fn is_of_another_store(events: &[Event], looked: &Looked) -> bool {
    let own = looked.snapshot.instance.is().map(|instance| &instance.identity_store);
    let mut named = events.iter().filter_map(|event| event.identity_store.as_ref());
    own.is_some_and(|own| named.any(|store| store != own))
}

/// What plans intended around these events; nothing is read where the role that applies plans did none of them.
async fn intents(order: &Order, events: &[Event]) -> Option<Intents> {
    let role = order.settings.operator.role.as_deref();
    let by_operator: Vec<Event> =
        events.iter().filter(|event| role.is_some_and(|role| event.actor.came_by(role))).cloned().collect();
    if by_operator.is_empty() {
        return Some(Intents::default());
    }
    let read = async {
        Ok::<_, PipelineError>(Intents::around(&open(&order.settings, &order.to).await?, &by_operator).await?)
    };
    match read.await {
        Ok(intents) => Some(intents),
        Err(error) => {
            tracing::warn!(error = super::for_log(&error), "cannot read which plans were applied");
            None
        }
    }
}

/// Where it is not known which plans were applied, whoever has the role may have had one.
fn planned(order: &Order, events: &[Event], intents: Option<&Intents>) -> Planned {
    let role = order.settings.operator.role.as_deref();
    intents.map_or(Planned::ByOthers, |intents| intents.planned(events, role))
}

async fn of_look(
    order: &Order,
    records: &Arc<Records>,
    looked: Looked,
    settled: Settled,
    planned: Planned,
    clock: &Clock,
) -> Result<Outcome, PipelineError> {
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of: clock(),
        origin: None,
        job: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: order.settings.organization.clone(),
    };
    let (policy, records) = (order.settings.policy(), Arc::clone(records));
    panics::compute(move || {
        let Looked { snapshot, presence, unread } = looked;
        let expectation = expect::fold(&records, stamp.as_of, Some(&Estate::of(&snapshot)));
        let world = World { snapshot, expectation, policy, earlier: None, store_notes: Vec::new(), stamp };
        Ok(conclude(&world, (presence, &unread), settled, planned))
    })
    .await
}

/// The outcome of an event that leads to no look.
fn of_other(event: Event, planned: Planned) -> Option<Outcome> {
    let ending = match &event.meaning {
        Meaning::Look(_) => return None,
        Meaning::Refused(code) => Ending::Refused(code.clone()),
        Meaning::Reads => Ending::Reads,
        Meaning::OfIdentityCenter { account, permission_set } => {
            Ending::OfIdentityCenter(*account, permission_set.clone())
        }
        Meaning::NotUnderstood => Ending::NotUnderstood,
    };
    let outcome = without_look(event, ending);
    Some(match (planned, &outcome.ending) {
        (Planned::By(planned), Ending::NotUnderstood) => {
            Outcome { ending: Ending::Planned, planned: Some(planned), ..outcome }
        }
        (Planned::WithoutPlan, Ending::NotUnderstood) => Outcome { operator_without_plan: true, ..outcome },
        (Planned::By(_) | Planned::WithoutPlan | Planned::ByOthers, _) => outcome,
    })
}

/// The queues of the settings.
///
/// # Errors
/// Where signing in to AWS fails.
pub async fn queues(settings: &Settings, watch: &Watch) -> Result<Vec<Queue>, WatchError> {
    let session = collect::connect(&settings.aws).await.map_err(PipelineError::from)?;
    Ok(watch.queues.iter().map(|url| Queue::of(session.sdk_config(), url)).collect())
}
