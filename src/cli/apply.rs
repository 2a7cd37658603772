//! `rollcall apply`: judges a plan by what there is now, and applies it where `--confirm` has its digest.

mod outcome;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::options::{Config, What, path};
use super::plan::{no_plan, order, out, show};
use super::waive::FindingId;
use super::{Exit, Failure, clock, columns, new_run_id, now, print, random};
use crate::apply::{self, Applying, Clock, Progress};
use crate::pipeline::plan::{
    Applied, DryRun, Permits, PlanAgain, PlanChange, PlanChangeId, PlanDigest, PlanFile, PlannedChange, dry_run,
    dry_run_text,
};
use crate::pipeline::{self, Source};
use crate::settings::Settings;
use outcome::Ended;

/// The longest reference that is kept.
const LONGEST_REFERENCE: usize = 200;

/// Arguments of `rollcall apply`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Apply {
    /// The plan.
    #[arg(value_parser = path)]
    file: PathBuf,
    /// Apply the plan: the first twelve digits of its digest, which the dry run prints. Without it, nothing is changed.
    #[arg(long, value_name = "DIGEST")]
    confirm: Option<String>,
    /// Override the removal guards: the plan makes exactly this many removals.
    #[arg(long, value_name = "N")]
    allow_removals: Option<usize>,
    /// Allow changes that give administrative access, or that remove a policy that denies something.
    #[arg(long)]
    allow_administrative: bool,
    /// Allow this new finding: its id, or its first digits. Can be given several times.
    #[arg(long, value_name = "ID")]
    allow_new_findings: Vec<FindingId>,
    /// Leave a change out: `c7`. Can be given several times.
    #[arg(long, value_name = "CHANGE")]
    except: Vec<String>,
    /// What the journal refers to: a ticket, a pull request.
    #[arg(long, value_name = "TEXT", value_parser = reference)]
    reference: Option<String>,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
}

const EXAMPLES: &str = "Examples:
  rollcall apply leavers.json
  rollcall apply leavers.json --confirm 9c1f0a2b3c4d --allow-removals 14";

/// A plan that is not applied.
#[derive(Debug, thiserror::Error)]
enum NotApplied {
    #[error("`--confirm {said}` is not the digest of `{file}`, which begins with `{is}`")]
    OtherDigest { said: String, file: String, is: String },
    #[error("the settings have no `[change]`, so Rollcall may not change anything")]
    NoChange,
    #[error("`--confirm` reads AWS itself, so it cannot be used with saved answers")]
    Saved,
    #[error("the plan gives a console password, and the settings name no folder for it")]
    NoPasswordFolder,
    #[error("there is no change `{0}` in the plan")]
    NoSuchChange(String),
}

pub(super) async fn run(arguments: &Apply) -> Result<Exit, Failure> {
    let (plan, bytes) = show::read_file(&arguments.file)?;
    let digest = PlanDigest::of(&bytes);
    let settings = arguments.config.read()?;
    let except = arguments.except(&plan)?;
    match &arguments.confirm {
        None => {
            let applied = Applied { permits: arguments.permits(), except, ..Applied::default() };
            Ok(judge(arguments, &settings, (plan, &digest), applied).await?.1)
        }
        Some(confirm) => {
            arguments.check(confirm, &settings, (&plan, &digest), &except)?;
            apply(arguments, &settings, (plan, &digest, &bytes), except).await
        }
    }
}

/// Judges a plan and prints the result, with the exit code that it ends with where nothing follows.
async fn judge(
    arguments: &Apply,
    settings: &Arc<Settings>,
    (plan, digest): (PlanFile, &PlanDigest),
    applied: Applied,
) -> Result<(DryRun, Exit), Failure> {
    let order = order(&arguments.what, Arc::clone(settings))?;
    let judged = dry_run(&order, plan, applied, &clock()).await.map_err(no_plan)?;
    let closing = match judged.could_be_applied() {
        true => format!("`--confirm {}` applies this file.", digest.short()),
        false => "`--confirm` is refused as long as something blocks the plan.".to_owned(),
    };
    let again = PlanAgain {
        now: &judged.now,
        digest,
        differences: &judged.differences,
        passed: &judged.passed,
        closing: arguments.confirm.is_none().then_some(closing.as_str()),
    };
    print(|out| dry_run_text(again, columns(), out))?;
    out::tell_unseen(&judged.unseen);
    let exit = match (judged.could_be_applied(), judged.unseen.is_empty()) {
        (false, _) => Exit::Findings,
        (true, false) => Exit::Incomplete,
        (true, true) => Exit::InOrder,
    };
    Ok((judged, exit))
}

async fn apply(
    arguments: &Apply,
    settings: &Arc<Settings>,
    (plan, digest, bytes): (PlanFile, &PlanDigest, &[u8]),
    except: BTreeSet<PlanChangeId>,
) -> Result<Exit, Failure> {
    let to = super::options::location(settings, &settings.report.to);
    let begun =
        Box::pin(Applying::begin(settings, &to, (&plan, digest), (new_run_id(), Box::new(random())), &Clock::of(now)))
            .await;
    let mut applying = begun.map_err(|error| {
        let help = error.help();
        Failure::new(Exit::NoAudit, error, help)
    })?;
    let ended = Box::pin(claimed(arguments, settings, (&plan, digest), &except, &mut applying)).await;
    let progress = applying.progress();
    // While no other process can add to the journal.
    let kept = Box::pin(pipeline::keep_record(settings, &to, bytes)).await;
    let untold = match &kept {
        Ok(Some(published)) => {
            let run_id = new_run_id();
            Box::pin(pipeline::tell_changes(settings, &to, bytes, published, (&run_id, now()))).await
        }
        Ok(None) | Err(_) => Vec::new(),
    };
    applying.end().await;
    let delivered = outcome::deliver(&plan, &except, &progress, ended);
    delivered.map(|exit| outcome::deliver_messages(untold, outcome::deliver_record(kept, exit)))
}

/// Applies a plan whose claim is held: what an earlier process left open is looked for first, then the rest is judged.
async fn claimed(
    arguments: &Apply,
    settings: &Arc<Settings>,
    (plan, digest): (&PlanFile, &PlanDigest),
    except: &BTreeSet<PlanChangeId>,
    applying: &mut Applying,
) -> Ended {
    if let Err(stopped) = applying.resolve(except).await {
        return Ended::Stopped(stopped);
    }
    let Progress { done, open: begun, made, .. } = applying.progress();
    let done: BTreeSet<PlanChangeId> = done.into_keys().collect();
    if plan.changes.iter().all(|planned| done.contains(&planned.id) || except.contains(&planned.id)) {
        return Ended::Done;
    }
    let operator = Some(applying.operator());
    let permits = arguments.permits();
    let applied = Applied { permits, except: except.clone(), done, begun, made, operator };
    // What the file says of findings is for readers.
    let resolves = match judge(arguments, settings, (plan.clone(), digest), applied).await {
        Err(failure) => return Ended::Failed(failure),
        Ok((judged, exit)) if !judged.could_be_applied() => return Ended::Held(exit),
        Ok((judged, _)) => judged.now.foreseen.resolves,
    };
    let order = apply::Order {
        allow_removals: arguments.allow_removals,
        allow_administrative: arguments.allow_administrative,
        allow_new_findings: arguments.permits().new_findings,
        except: except.iter().cloned().collect(),
        reference: arguments.reference.clone(),
    };
    let stop = CancellationToken::new();
    let signals = tokio::spawn(stop_at_a_signal(stop.clone()));
    let ended = Box::pin(applying.apply(order, resolves, &stop)).await;
    signals.abort();
    ended.map_or_else(Ended::Stopped, |()| Ended::Done)
}

/// The first signal stops the apply: the change under way is finished.
async fn stop_at_a_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping after the change under way");
    stop.cancel();
}

impl Apply {
    fn permits(&self) -> Permits {
        Permits {
            removals: self.allow_removals,
            administrative: self.allow_administrative,
            new_findings: self.allow_new_findings.iter().map(|id| id.as_str().to_ascii_lowercase()).collect(),
        }
    }

    fn except(&self, plan: &PlanFile) -> Result<BTreeSet<PlanChangeId>, Failure> {
        let ids = self.except.iter().map(|id| {
            let found = plan.changes.iter().find(|planned| planned.id.0 == *id).map(|planned| planned.id.clone());
            let help = "`rollcall plan show` prints the ids of the changes".to_owned();
            found.ok_or_else(|| Failure::new(Exit::Usage, NotApplied::NoSuchChange(id.clone()), Some(help)))
        });
        ids.collect()
    }

    /// What forbids the plan before AWS is asked.
    fn check(
        &self,
        confirm: &str,
        settings: &Settings,
        (plan, digest): (&PlanFile, &PlanDigest),
        except: &BTreeSet<PlanChangeId>,
    ) -> Result<(), Failure> {
        let refused = |exit, error, help: &str| Err(Failure::new(exit, error, Some(help.to_owned())));
        let said = confirm.trim().to_ascii_lowercase();
        if said.len() < digest.short().len() || !digest.hex().starts_with(&said) {
            let (file, is) = (super::options::shown(&self.file), digest.short());
            let help = "review the file as it is now: `rollcall apply FILE` prints its digest";
            return refused(Exit::NoAudit, NotApplied::OtherDigest { said, file, is }, help);
        }
        if settings.change.is_none() {
            let help = "add `[change]` with the kinds of changes that may be made (`allow`)";
            return refused(Exit::NoAudit, NotApplied::NoChange, help);
        }
        if self.what.source(settings) != Source::Live {
            return refused(Exit::Usage, NotApplied::Saved, "leave out `--from` and `collect.from`, or `--confirm`");
        }
        let folder = settings.change.as_ref().and_then(|change| change.passwords_to.as_ref());
        if plan.changes.iter().any(|planned| !except.contains(&planned.id) && gives_password(planned))
            && !folder.is_some_and(|folder| folder.is_absolute())
        {
            let help =
                "set `change.passwords_to` to a folder of its own, by an absolute path; only its owner may read it";
            return refused(Exit::NoAudit, NotApplied::NoPasswordFolder, help);
        }
        Ok(())
    }
}

fn gives_password(planned: &PlannedChange) -> bool {
    matches!(planned.change, PlanChange::CreateIamUser { console: true, .. })
}

/// A reference: one line of text.
fn reference(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0 => Err("it is empty".to_owned()),
        1..=LONGEST_REFERENCE if text.chars().any(char::is_control) => Err("it has a control character".to_owned()),
        1..=LONGEST_REFERENCE => Ok(text.to_owned()),
        _ => Err(format!("it has more than {LONGEST_REFERENCE} characters")),
    }
}
