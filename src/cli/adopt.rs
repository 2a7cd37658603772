//! `rollcall adopt`: the expected lists that are missing, drafted from what AWS has now; or one row for one finding.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::Args;

use super::options::{Config, Earlier, What, no_audit, shown};
use super::waive::{self, FindingId};
use super::{Exit, Failure, clock, print};
use crate::pipeline::{self, Adopted, Draft, Drafted, LeftOut, Outcome, Reason};
use crate::wording::{self, phrase};

/// Arguments of `rollcall adopt`.
#[derive(Debug, Args)]
pub(super) struct Adopt {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    #[command(flatten)]
    earlier: Earlier,
    /// Add the missing row for this finding to its list: the finding's id, or its first digits.
    #[arg(long, value_name = "ID")]
    finding: Option<FindingId>,
    /// Show what would be written, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(arguments: &Adopt) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let look = arguments.what.look(&settings, &arguments.earlier)?;
    if let Some(finding) = &arguments.finding {
        let added = pipeline::adopt_finding(&look, finding.as_str(), !arguments.dry_run, &clock()).await;
        let added = added.map_err(waive::not_added)?;
        waive::show(&added, arguments.dry_run)?;
        return Ok(Exit::InOrder);
    }
    let adopted = pipeline::adopt(&look, !arguments.dry_run, &clock()).await.map_err(no_audit)?;
    print(|out| show(out, &adopted, arguments.dry_run))?;
    Ok(if unseen(&adopted) { Exit::Incomplete } else { Exit::InOrder })
}

/// Whether something is missing from the lists because it could not be read.
fn unseen(adopted: &Adopted) -> bool {
    adopted.lists.iter().any(|list| match &list.outcome {
        Outcome::Draft(draft) => draft.left_out.keys().any(is_gap),
        Outcome::Withheld(reasons) => reasons.iter().any(is_gap),
        Outcome::Kept(_) => false,
    })
}

fn is_gap(reason: &Reason) -> bool {
    matches!(reason, Reason::Unseen(_))
}

fn show(out: &mut dyn Write, adopted: &Adopted, dry_run: bool) -> io::Result<()> {
    adopted.lists.iter().try_for_each(|list| show_list(out, list, dry_run))?;
    let drafted = adopted.lists.iter().any(|list| matches!(list.outcome, Outcome::Draft(_)));
    match (drafted, dry_run) {
        (true, false) => out.write_all(NEXT.as_bytes()),
        (true, true) => writeln!(out, "\nNothing was written."),
        (false, _) => writeln!(out, "\nNothing to write. Existing lists stay unchanged."),
    }
}

const NEXT: &str = "
These lists show what AWS has now. They are not approved yet. Next:
  1. Read each list, administrative access first. Delete the rows that should not exist; the audit then reports this access.
  2. Write your name into `reviewed_by` of the rows that should exist. Until every row has a reviewer, audits end with exit code 4.
  3. Run `rollcall audit`.
";

/// The trap of a list of people that Identity Center itself has written.
const TRAP: [&str; 2] = [
    "Identity Center does not know who has left. If you have a directory, delete this list, and put an export",
    "of the directory into the folder instead (see `expected/README.md`).",
];

fn show_list(out: &mut dyn Write, list: &Drafted, dry_run: bool) -> io::Result<()> {
    let path = shown(&list.path);
    match &list.outcome {
        Outcome::Draft(draft) => {
            let word = if dry_run { "would write" } else { "wrote" };
            writeln!(out, "{word:<11}  {path}: {}", rows(draft))?;
            show_left_out(out, &draft.left_out)?;
            let trap = TRAP.iter().filter(|_| list.name == "people.csv");
            trap.into_iter().try_for_each(|line| writeln!(out, "{:13}{line}", ""))
        }
        Outcome::Kept(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(|kind| wording::kind_word(*kind).to_owned()).collect();
            writeln!(out, "{:<11}  {path}: existing lists already cover {}", "not written", wording::list(&kinds))
        }
        Outcome::Withheld(reasons) => {
            writeln!(out, "{:<11}  {path}: a draft would be incomplete or empty", "not written")?;
            reasons.iter().try_for_each(|reason| show_reason(out, reason))
        }
    }
}

fn rows(draft: &Draft) -> String {
    let rows = wording::count(draft.rows, "row");
    match draft.administrative {
        0 => rows,
        1 => format!("{rows}; the first concerns administrative access"),
        many => format!("{rows}; the first {} concern administrative access", wording::thousands(many as u64)),
    }
}

/// Names that are listed before they are only counted.
const NAMED: usize = 5;

fn show_left_out(out: &mut dyn Write, left_out: &LeftOut) -> io::Result<()> {
    for (reason, names) in left_out {
        let names: Vec<String> =
            names.iter().map(|name| phrase(name).into_owned()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut named: Vec<String> = names.iter().take(NAMED).cloned().collect();
        if names.len() > NAMED {
            named.push(format!("{} more", wording::thousands((names.len() - NAMED) as u64)));
        }
        writeln!(out, "{:13}without {}", "", wording::list(&named))?;
        show_reason(out, reason)?;
    }
    Ok(())
}

fn show_reason(out: &mut dyn Write, reason: &Reason) -> io::Result<()> {
    let (why, advice) = match reason {
        Reason::Unseen(gap) => (wording::gap_line(gap), Some(wording::gap_advice(gap))),
        Reason::OutOfScope => ("the settings exclude it".to_owned(), None),
        Reason::Nobody => ("AWS has no entries for it".to_owned(), None),
        Reason::Gone => (
            "AWS no longer lists the principal, so no row can refer to it".to_owned(),
            Some("delete the assignment in Identity Center".to_owned()),
        ),
        Reason::Unwritable(why) => (
            (*why).to_owned(),
            Some("the audit will report it: rename it, remove it, or accept it with `rollcall waive`".to_owned()),
        ),
    };
    writeln!(out, "{:15}because {why}", "")?;
    advice.iter().try_for_each(|advice| writeln!(out, "{:15}to do: {advice}", ""))
}
