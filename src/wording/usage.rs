//! How old credentials are and when they were last used, in words.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Used, World};

use super::{account, count, instant};

/// That an access key is older than the settings allow.
pub(super) fn oldest_key(world: &World, made: DateTime<Utc>) -> String {
    let allowed = allowed(world.policy.key_max_age, "rules.key_max_age");
    format!("Its oldest active access key was created at {}{allowed}", ago(world, made))
}

/// That something was last used longer ago than the settings allow.
pub(super) fn last_used(world: &World, used: Used, at: DateTime<Utc>) -> String {
    let what = match used {
        Used::Password => "Its console password was".to_owned(),
        Used::Keys => "Its active access keys were".to_owned(),
        Used::RoleIn(place) => {
            let place = &world.snapshot.accounts[place];
            format!("In {}, its role was", account(place.id, place.name.as_deref()))
        }
    };
    format!("{what} last used at {}{}", ago(world, at), allowed(world.policy.unused_after, "rules.unused_after"))
}

fn ago(world: &World, at: DateTime<Utc>) -> String {
    format!("{}, {} before this run", instant(at), days(world.stamp.as_of - at))
}

fn allowed(allowed: Option<TimeDelta>, setting: &str) -> String {
    allowed.map(|allowed| format!("; `{setting}` allows {}", days(allowed))).unwrap_or_default()
}

fn days(time: TimeDelta) -> String {
    count(usize::try_from(time.num_days()).unwrap_or(0), "day")
}
