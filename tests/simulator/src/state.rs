//! What the threads share, and how one call is answered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::bucket::Bucket;
use crate::call::{Call, Protocol};
use crate::fault::{Faults, Trouble};
use crate::http::Reply;
use crate::ledger::{End, Ledger};
use crate::pages::{self, Turning};
use crate::services::{self, Sessions};
use crate::world::World;
use crate::{services::changed, wire};

/// The services with a documented limit of their own.
const LIMITED: [&str; 3] = ["identitystore", "sso", "account-access"];

pub(crate) struct State {
    pub(crate) world: RwLock<World>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) ledger: Mutex<Ledger>,
    buckets: Mutex<BTreeMap<String, Bucket>>,
    pub(crate) sessions: Mutex<Sessions>,
    /// The accounts that were told to make a credential report.
    reports: Mutex<BTreeSet<String>>,
    requests: AtomicU64,
}

/// How a call ends for the client.
pub(crate) enum Ending {
    /// With this answer.
    Whole(Reply),
    /// With half of this answer.
    Half(Reply),
    /// With a reset of the connection.
    Reset,
    /// Never.
    Hang,
}

/// The value behind a lock, whoever panicked with it: a test that panics has failed already.
pub(crate) fn locked<T>(lock: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(crate) fn new(mut world: World, faults: Faults) -> Self {
        faults.strike(&mut world);
        State {
            world: RwLock::new(world),
            faults: Mutex::new(faults),
            ledger: Mutex::default(),
            buckets: Mutex::default(),
            sessions: Mutex::default(),
            reports: Mutex::default(),
            requests: AtomicU64::new(0),
        }
    }

    /// Answers a call and enters it in the ledger.
    pub(crate) fn answer(&self, call: &Call) -> Ending {
        let request_id = format!("00000000-0000-4000-8000-{:012x}", self.requests.fetch_add(1, Ordering::Relaxed));
        let (end, ending) = if self.is_over_limit(call) {
            (End::Throttled, Ending::Whole(wire::refusal(call, &throttled(call), &request_id)))
        } else {
            let troubles = locked(&self.faults).befalling(call);
            self.answer_in_trouble(call, &troubles, &request_id)
        };
        locked(&self.ledger).enter(call.operation(), call.account.clone(), end);
        ending
    }

    fn is_over_limit(&self, call: &Call) -> bool {
        let Some((rate, burst)) = locked(&self.faults).rate else { return false };
        let now = Instant::now();
        let mut buckets = locked(&self.buckets);
        let bucket = buckets.entry(call.service.clone()).or_insert_with(|| Bucket::full(burst, now));
        LIMITED.contains(&call.service.as_str()) && !bucket.take(rate, burst, now)
    }

    fn answer_in_trouble(&self, call: &Call, troubles: &[Trouble], request_id: &str) -> (End, Ending) {
        let has = |trouble| troubles.contains(&trouble);
        let slow = if has(Trouble::Slow) { Duration::from_millis(250) } else { Duration::ZERO };
        let latency = locked(&self.faults).latency;
        std::thread::sleep(latency + slow);
        if has(Trouble::Reset) {
            return (End::Failed, Ending::Reset);
        }
        if has(Trouble::Hang) {
            return (End::Failed, Ending::Hang);
        }
        if has(Trouble::ReportExpired) {
            locked(&self.reports).remove(&call.account);
        }
        if let Some(refusal) = troubles.iter().find_map(|trouble| refused(call, *trouble)) {
            let end = if has(Trouble::Throttled) { End::Throttled } else { End::Failed };
            return (end, Ending::Whole(wire::refusal(call, &refusal, request_id)));
        }
        self.change(call, troubles);
        let mut answer = match self.served(call, troubles) {
            Ok(answer) => answer,
            Err(refusal) => return (End::Failed, Ending::Whole(wire::refusal(call, &refusal, request_id))),
        };
        if has(Trouble::UnknownValue) {
            changed::unknown_values(&mut answer);
        }
        if has(Trouble::EmptyTexts) {
            changed::empty_texts(&mut answer);
        }
        if has(Trouble::Fieldless) {
            changed::without_lists(&mut answer);
        }
        if has(Trouble::Textless) {
            changed::without_texts(&mut answer);
        }
        if has(Trouble::Foreign) {
            changed::of_another(&mut answer, call);
        }
        let mut reply = wire::answer(call, &answer, request_id);
        let damage = [Trouble::Cut, Trouble::Void, Trouble::Bodiless].into_iter().find(|damage| has(*damage));
        if let Some(damage) = damage {
            wire::damage(&mut reply, damage);
            return (End::Failed, Ending::Whole(reply));
        }
        if has(Trouble::Malformed) {
            reply.body = b"{]>".iter().chain(&reply.body).copied().collect();
            return (End::Failed, Ending::Whole(reply));
        }
        if has(Trouble::Truncated) {
            return (End::Failed, Ending::Half(reply));
        }
        (End::Answered, Ending::Whole(reply))
    }

    /// Lets happen what happens between two pages.
    fn change(&self, call: &Call, troubles: &[Trouble]) {
        if call.token().is_none() {
            return;
        }
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        if troubles.contains(&Trouble::UserAdded) {
            world.add_user("late.comer");
        }
        let first = world.users().next().map(|user| user.id.clone());
        if let Some(first) = first.filter(|_| troubles.contains(&Trouble::UserRemoved)) {
            world.remove_user(&first);
        }
    }

    fn served(&self, call: &Call, troubles: &[Trouble]) -> Result<Value, Refusal> {
        locked(&self.sessions).check(call)?;
        let (seed, session) = {
            let faults = locked(&self.faults);
            (faults.seed, faults.session.unwrap_or(3_600))
        };
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let answer = match call.service.as_str() {
            "sts" => services::sts(&world, call, &mut locked(&self.sessions), session)?,
            "organizations" => services::organizations(&world, call)?,
            "identitystore" => services::identity_store(&world, call)?,
            "sso" => services::sso_admin(&world, call)?,
            "iam" => services::iam(&world, call, &mut locked(&self.reports))?,
            "account-access" => services::account_access(&world, call)?,
            _ => return Err(services::unknown(call)),
        };
        let has = |trouble| troubles.contains(&trouble);
        let turning = Turning {
            short: has(Trouble::ShortPages).then_some(seed),
            empty: has(Trouble::EmptyPages),
            repeated: has(Trouble::RepeatedToken),
            looping: has(Trouble::LoopingTokens),
            forgotten: has(Trouble::ForgottenTokens),
            untold: has(Trouble::EmptyToken),
        };
        match answer {
            Answer::One(answer) => Ok(answer),
            Answer::Listing(listing) if has(Trouble::LeftOut) => pages::page(&listing.without_first(), call, turning),
            Answer::Listing(listing) => pages::page(&listing, call, turning),
        }
    }
}

fn throttled(call: &Call) -> Refusal {
    let code = match (call.protocol, call.service.as_str()) {
        (Protocol::Query, _) => "Throttling",
        (_, "organizations") => "TooManyRequestsException",
        (Protocol::Json | Protocol::Rest, _) => "ThrottlingException",
    };
    // The JSON services of Identity Center answer 400; a REST service answers 429.
    Refusal::new(if call.protocol == Protocol::Rest { 429 } else { 400 }, code, "Rate exceeded")
}

/// How AWS words a trouble that is a refusal.
fn refused(call: &Call, trouble: Trouble) -> Option<Refusal> {
    let query = call.protocol == Protocol::Query;
    let refusal = if trouble == Trouble::Refused {
        Refusal::invalid("Filter is required")
    } else if trouble == Trouble::Denied {
        services::denied(call)
    } else if trouble == Trouble::Expired {
        services::expired(call)
    } else if trouble == Trouble::Throttled {
        throttled(call)
    } else if trouble == Trouble::InternalError {
        let code = match (query, call.service.as_str()) {
            (true, _) => "ServiceFailure",
            (false, "organizations") => "ServiceException",
            (false, _) => "InternalServerException",
        };
        Refusal::new(500, code, "We encountered an internal error. Please try again.")
    } else if trouble == Trouble::ReportNotReady {
        Refusal::new(404, "ReportInProgress", "The report is in progress.")
    } else if trouble == Trouble::ReportExpired {
        Refusal::new(410, "ReportExpired", "The report has expired. Generate a new one.")
    } else {
        return None;
    };
    Some(refusal)
}
