//! Events that lead to one look: several changes of one principal are judged together, and an event that was delivered twice
//! counts once.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Event, Meaning};
use crate::model::{AlsoNamed, Watched};

/// One look, and the events that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What is looked at.
    pub watched: Watched,
    /// What the events named besides.
    pub also: BTreeSet<AlsoNamed>,
    /// The events, the first first.
    pub events: Vec<Event>,
}

/// What follows from some events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Looks, in the order of what is looked at.
    pub looks: Vec<Settled>,
    /// Events that lead to no look, the first first.
    pub others: Vec<Event>,
}

/// Puts together what belongs together, whatever the order of the events.
#[must_use]
pub fn settle(events: Vec<Event>) -> Heard {
    let once: BTreeMap<String, Event> = events.into_iter().map(|event| (event.id.clone(), event)).collect();
    let mut events: Vec<Event> = once.into_values().collect();
    events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    let mut looks: BTreeMap<Watched, Settled> = BTreeMap::new();
    let mut others = Vec::new();
    for event in events {
        let Meaning::Look(places) = &event.meaning else {
            others.push(event);
            continue;
        };
        for (watched, also) in places {
            let look = looks.entry(watched.clone()).or_insert_with(|| Settled {
                watched: watched.clone(),
                also: BTreeSet::new(),
                events: Vec::new(),
            });
            look.also.extend(also.clone());
            look.events.push(event.clone());
        }
    }
    Heard { looks: looks.into_values().collect(), others }
}
