//! `rollcall apply`: a plan judged by what there is now, and then applied, where its digest confirms that it is the one that
//! was reviewed.

mod conducted;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::options::{Config, What, path};
use super::plan::{no_plan, order, out, show};
use super::waive::FindingId;
use super::{Exit, Failure, clock, columns, new_run_id, now, print};
use crate::conduct::{self, Applying, Clock, NotBegun};
use crate::pipeline::Source;
use crate::pipeline::plan::{
    Applied, DryRun, Permits, PlanAgain, PlanChangeId, PlanDigest, PlanFile, dry_run, dry_run_text,
};
use crate::settings::Settings;

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
    /// Let a plan pass that takes away exactly so much.
    #[arg(long, value_name = "N")]
    allow_removals: Option<usize>,
    /// Let changes pass that give administrative access, or that take away what denies.
    #[arg(long)]
    allow_administrative: bool,
    /// Let a finding pass that the plan makes: its id, or how it begins. Can be given several times.
    #[arg(long, value_name = "ID")]
    allow_new_findings: Vec<FindingId>,
    /// Leave a change out: `c7`. Can be given several times.
    #[arg(long, value_name = "CHANGE")]
    except: Vec<String>,
    /// What the evidence refers to: a ticket, a pull request.
    #[arg(long, value_name = "TEXT")]
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
    #[error("the settings have no table `[change]`, so Rollcall changes nothing")]
    NoChange,
    #[error(
        "saved answers say what was, and a plan is applied to what is: `--confirm` and `--from` do not go together"
    )]
    Saved,
    #[error("this version cannot make these changes yet: {}", .0.join("; "))]
    NotOffered(Vec<String>),
    #[error("there is no change `{0}` in the plan")]
    NoSuchChange(String),
}

pub(super) async fn run(arguments: &Apply) -> Result<Exit, Failure> {
    let (plan, digest) = show::read(&arguments.file)?;
    let settings = arguments.config.read()?;
    let except = arguments.except(&plan)?;
    match &arguments.confirm {
        None => Ok(judge(arguments, &settings, plan, &digest, except, BTreeSet::new()).await?.1),
        Some(confirm) => {
            arguments.check(confirm, &settings, &plan, &digest, &except)?;
            apply(arguments, &settings, plan, &digest, except).await
        }
    }
}

/// Judges a plan and prints that, with the exit code that it ends with where nothing follows.
async fn judge(
    arguments: &Apply,
    settings: &Arc<Settings>,
    plan: PlanFile,
    digest: &PlanDigest,
    except: BTreeSet<PlanChangeId>,
    begun: BTreeSet<PlanChangeId>,
) -> Result<(DryRun, Exit), Failure> {
    let order = order(&arguments.what, Arc::clone(settings))?;
    let applied = Applied { permits: arguments.permits(), except, begun };
    let judged = dry_run(&order, plan, applied, &clock()).await.map_err(no_plan)?;
    let others = not_offered(&judged.now, &BTreeSet::new());
    let closing = match others.is_empty() {
        true => format!("`--confirm {}` applies this file.", digest.short()),
        false => format!(
            "This version cannot make these changes: {}. `rollcall plan show FILE --format aws-cli` prints the commands.",
            others.join(", ")
        ),
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
    plan: PlanFile,
    digest: &PlanDigest,
    except: BTreeSet<PlanChangeId>,
) -> Result<Exit, Failure> {
    let clock = Clock::of(now);
    let to = super::options::location(settings, &settings.report.to);
    let begun = Applying::begin(settings, &to, &plan, digest, new_run_id(), &clock).await;
    let mut applying = begun.map_err(not_begun)?;
    let ended = claimed(arguments, settings, plan, digest, except, &mut applying).await;
    applying.end().await;
    ended
}

/// Applies a plan whose claim is held.
async fn claimed(
    arguments: &Apply,
    settings: &Arc<Settings>,
    plan: PlanFile,
    digest: &PlanDigest,
    except: BTreeSet<PlanChangeId>,
    applying: &mut Applying,
) -> Result<Exit, Failure> {
    let begun = applying.journal.begun();
    let went_before = !begun.is_empty();
    let (judged, exit) = judge(arguments, settings, plan.clone(), digest, except.clone(), begun).await?;
    if !judged.could_be_applied() {
        return Ok(if went_before { Exit::Stopped } else { exit });
    }
    let order = conduct::Order {
        allow_removals: arguments.allow_removals,
        allow_administrative: arguments.allow_administrative,
        allow_new_findings: arguments.permits().new_findings,
        except: except.iter().cloned().collect(),
        reference: arguments.reference.clone(),
    };
    let stop = CancellationToken::new();
    let signals = tokio::spawn(stop_at_a_signal(stop.clone()));
    let conducted = Box::pin(applying.conduct(settings, &plan, (judged.observer, order), &stop)).await;
    signals.abort();
    conducted::deliver(&plan, &except, conducted.map_err(not_begun)?)
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
    tracing::info!("stopping as soon as the change under way is finished");
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

    /// What forbids to apply the plan before AWS is asked.
    fn check(
        &self,
        confirm: &str,
        settings: &Settings,
        plan: &PlanFile,
        digest: &PlanDigest,
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
        let others = not_offered(plan, except);
        if !others.is_empty() {
            let help = "leave them out with `--except`, and make them with the commands of `rollcall plan show FILE \
                        --format aws-cli`; members and assignments of what is there already can be changed";
            return refused(Exit::NoAudit, NotApplied::NotOffered(others), help);
        }
        Ok(())
    }
}

/// The changes of a plan that cannot be made yet.
fn not_offered(plan: &PlanFile, except: &BTreeSet<PlanChangeId>) -> Vec<String> {
    let others = plan.changes.iter().filter(|planned| !except.contains(&planned.id) && !conduct::is_offered(planned));
    others.map(|planned| format!("{} ({})", planned.id, planned.change.kind())).collect()
}

fn not_begun(error: NotBegun) -> Failure {
    let help = error.help();
    Failure::new(Exit::NoAudit, error, help)
}
