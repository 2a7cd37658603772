//! `rollcall check`: whether settings and lists can be used, and what each list was understood as.

mod json;
mod permissions;
mod text;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use super::failure::{Level, tell};
use super::options::{Config, What, no_audit};
use super::{Exit, Failure, clock, new_run_id, now, print};
use crate::pipeline::{self, Access, CheckedLists, CheckedStore, Source, StoreCheck};
use crate::settings::{Job, Settings};
use crate::store::Location;

pub(super) use json::schema;

/// Arguments of `rollcall check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    /// Do not ask AWS who the credentials belong to.
    #[arg(long)]
    offline: bool,
    /// Try each AWS action that a run with these settings needs: one read-only call each in every account.
    #[arg(long, conflicts_with_all = ["offline", "from"])]
    aws: bool,
    /// Test the store of the packages: write a small object, which stays there. Shows whether the store accepts and
    /// lists objects, and does not overwrite them.
    #[arg(long)]
    store: bool,
    /// The output format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person.
    Text,
    /// For a machine: each file, and all people and groups that the lists name (`rollcall schema check`).
    Json,
}

/// All that was checked.
struct Checked {
    settings: Arc<Settings>,
    at: Location,
    now: DateTime<Utc>,
    as_of: DateTime<Utc>,
    lists: CheckedLists,
    access: Option<Access>,
    stores: Vec<CheckedStore>,
}

pub(super) async fn run(arguments: &Check) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let (now, at) = (now(), arguments.what.expected(&settings).map_err(no_audit)?);
    let source = arguments.what.source(&settings);
    // Whoever asks AWS nothing may look at the lists as of any instant; what the settings say holds for runs too.
    let as_of = arguments.what.as_of.filter(|_| !arguments.offline);
    pipeline::check_instant(as_of, &settings, &source, &clock()).map_err(no_audit)?;
    let as_of = arguments.what.as_of.or(settings.as_of).unwrap_or(now);
    let lists = pipeline::check_lists(&at, &settings, as_of, now).await.map_err(no_audit)?;
    let access = match source {
        _ if arguments.aws => Some(pipeline::try_access(&settings, &new_run_id(), &clock()).await.map_err(no_audit)?),
        Source::Live if !arguments.offline => {
            Some(pipeline::check_access(&settings, &new_run_id(), &clock()).await.map_err(no_audit)?)
        }
        Source::Live | Source::Saved(_) => None,
    };
    let nonce = new_run_id();
    let how = match (arguments.store, arguments.aws) {
        (true, _) => StoreCheck::TryOut(&nonce),
        (false, true) => StoreCheck::All,
        (false, false) => StoreCheck::Folders,
    };
    let stores = pipeline::check_stores(&settings, how).await;
    let checked = Checked { settings, at, now, as_of, lists, access, stores };
    print(|out| match arguments.format {
        Format::Text => text::write(&checked, out),
        Format::Json => json::write(&checked, out),
    })?;
    checked.lists.refused.iter().for_each(|list| tell(Level::Error, &list.error, list.error.help().as_deref()));
    let failed = checked.stores.iter().filter_map(|store| store.error.as_ref());
    failed.for_each(|error| tell(Level::Error, error, error.help().as_deref()));
    Ok(checked.exit())
}

impl Checked {
    fn exit(&self) -> Exit {
        let CheckedLists { lists, refused, .. } = &self.lists;
        let store_fails = self.stores.iter().any(|store| store.error.is_some());
        if !refused.is_empty() || store_fails || self.access.as_ref().is_some_and(|access| access.caller.is_none()) {
            Exit::NoAudit
        } else if lists.iter().any(|list| !list.refused.is_empty())
            || self.access.as_ref().is_some_and(permissions::lacking)
            || self.access.as_ref().is_some_and(|access| !access.gaps.is_empty())
        {
            Exit::Incomplete
        } else {
            Exit::InOrder
        }
    }

    /// The jobs, and when each is due next.
    fn jobs(&self) -> impl Iterator<Item = (&Job, Option<DateTime<Utc>>)> {
        self.settings.jobs.iter().map(|job| {
            let timetable = job.timetable().expect("settings that could be read have jobs that can be timed");
            (job, timetable.next(self.now))
        })
    }
}
