//! Time, as whoever applies has it: what time it is, and waiting.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

type Waited = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock that can be waited by.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    wait: Arc<dyn Fn(Duration) -> Waited + Send + Sync>,
}

impl Clock {
    /// A clock that says this time, and waits as long as it is asked to.
    #[must_use]
    pub fn of(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Clock { now: Arc::new(now), wait: Arc::new(|span| Box::pin(tokio::time::sleep(span))) }
    }

    /// The same clock, where waiting is something else: for rehearsals.
    #[must_use]
    pub fn waiting_by<F>(self, wait: impl Fn(Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Clock { wait: Arc::new(move |span| Box::pin(wait(span))), ..self }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.now)()
    }

    /// Waits.
    pub async fn wait(&self, span: Duration) {
        (self.wait)(span).await;
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
