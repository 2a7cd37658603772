//! What AWS says: pages in, one [`Snapshot`] out.
//!
//! Pages come from AWS itself ([`live()`]), from files that the AWS CLI wrote ([`from_files`]) or from the journal of
//! an earlier run ([`from_journal`]); all end in the same [`fold`](build::fold). It is not known here what anybody
//! expects.

pub mod api;
pub mod journal;
mod lookups;
pub mod offline;
mod options;
mod refusal_to_list;
pub mod request;

mod cross_check_sample;
mod membership_ids;
mod membership_strategy;

pub mod focus;
pub mod permission_check;
pub mod permissions;

mod walk;

pub mod build;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};
use std::path::Path;

use crate::aws::failure::Failure;
use crate::aws::session::{self, Session};
use crate::model::{Scope, Snapshot};

pub use build::NO_INSTANCE;
pub use lookups::Names;
pub use options::{Exclusion, Options};
pub use request::error::WalkError;
pub use request::progress::{OnProgress, Progress};
pub use request::run::{Clock, OnPage, Run};

use journal::page::{Operation, Outcome, Page};

/// What was collected: the snapshot, and the pages that it can be folded from again.
#[derive(Debug)]
pub struct Collected {
    /// What AWS said.
    pub snapshot: Snapshot,
    /// The answers themselves, for the package.
    pub pages: Vec<Page>,
}

/// Why nothing was collected. A call that fails is no such thing: it is a gap in the snapshot.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// There is no way to AWS.
    #[error("cannot sign in to AWS")]
    SignIn(#[source] Failure),
    /// AWS was reached, and the settings do not fit what is there.
    #[error("cannot collect from AWS")]
    Walk(#[from] WalkError),
    /// The folder of saved output cannot be read.
    #[error("cannot read the saved AWS output")]
    Files(#[from] offline::saved_folder::FilesError),
    /// The journal cannot be read.
    #[error("cannot read the journal")]
    Journal(#[from] journal::lines::JournalError),
    /// Saved answers that do not belong together.
    #[error("the saved answers cover {} {what}: `{}`", .found.len(), .found.join("`, `"))]
    Mixed {
        /// What there must be one of, in the plural.
        what: &'static str,
        /// All that there are.
        found: Vec<String>,
    },
    /// Saved answers about another instance of Identity Center than the settings name.
    #[error("the saved answers are about the instance `{found}`, and `aws.instance_arn` is `{wanted}`")]
    OtherInstance {
        /// The one that the settings name.
        wanted: String,
        /// The one that the answers are about.
        found: String,
    },
}

impl CollectError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            CollectError::SignIn(failure) => failure.help(),
            CollectError::Walk(error) => Some(error.help()),
            CollectError::Files(error) => Some(error.help()),
            CollectError::Journal(error) => error.help(),
            CollectError::Mixed { .. } => {
                Some("save the answers of each in a separate folder, and audit the folders separately")
            }
            CollectError::OtherInstance { .. } => {
                Some("correct `aws.instance_arn`, or collect again: the script asks about the instance that it names")
            }
        }
    }
}

/// Signs in to AWS.
///
/// # Errors
/// Where that fails.
pub async fn connect(options: &Options) -> Result<Session, CollectError> {
    session::connect(&options.sign_in()).await.map_err(CollectError::SignIn)
}

/// Asks AWS, or goes on asking where an earlier run was interrupted. `names` are looked up where users and groups are
/// not listed.
///
/// # Errors
/// Where the settings do not say which instance to read, the earlier run asked somebody else, or the journal takes no
/// more.
pub async fn live(session: &Session, options: &Options, names: &Names, run: Run) -> Result<Collected, CollectError> {
    // The walk is the largest future of the program: on the heap, so that nobody's stack has to hold it.
    let pages = Box::pin(walk::walk(session, options, names, run, request::run::Depth::Whole)).await?;
    Ok(Collected::of(&scope(session, options), pages))
}

/// Tries whether AWS allows what a walk with these settings calls: the walk, with about one call of each operation in
/// each account. It gives back the snapshot of so little too, which tells who asked.
///
/// # Errors
/// Where the settings do not say which instance to read.
pub async fn try_out(
    session: &Session,
    options: &Options,
    run: Run,
) -> Result<(Vec<permission_check::Trial>, Collected), CollectError> {
    let pages = Box::pin(walk::walk(session, options, &Names::default(), run, request::run::Depth::Sample)).await?;
    Ok((permission_check::trials(options, &pages), Collected::of(&scope(session, options), pages)))
}

/// What a run is told to look at, and in which region.
#[must_use]
pub fn scope(session: &Session, options: &Options) -> Scope {
    Scope { region: Some(session.region().to_owned()), ..options.scope() }
}

/// Asks AWS whom the credentials belong to, and nothing else.
///
/// # Errors
/// Where the journal takes no more.
pub async fn caller(session: &Session, options: &Options, run: Run) -> Result<Collected, CollectError> {
    let nothing_else = Options { identity_center: false, iam: false, member_role: None, ..options.clone() };
    live(session, &nothing_else, &Names::default(), run).await
}

/// Reads a folder that the script of `rollcall collect --print-commands` wrote.
///
/// # Errors
/// Where its list of calls cannot be trusted; an answer that cannot be read is a gap.
pub fn from_files(folder: &Path) -> Result<Collected, CollectError> {
    // The answers of a large organization are hundreds of megabytes, and are needed only here and there.
    let keep = journal::run_journal::unnamed().map_err(offline::saved_folder::FilesError::Kept)?;
    let (scope, pages) = offline::saved_folder::read(folder, keep)?;
    Ok(Collected::of(&scope, pages))
}

/// Reads the journal of a run, or the pages of a package.
///
/// # Errors
/// Where it is damaged, or of another version.
pub fn from_journal(journal: impl BufRead) -> Result<Collected, CollectError> {
    let (scope, pages) = journal::lines::read(journal)?;
    Ok(Collected::of(&scope, pages))
}

/// Reads a journal that was collected before, of which a package then keeps what is read here and nothing else.
///
/// # Errors
/// As [`from_journal`].
pub fn from_saved_journal(journal: impl BufRead) -> Result<Collected, CollectError> {
    let (scope, pages) = journal::lines::read(journal)?;
    Ok(Collected::of(&scope, pages.into_iter().map(api::responses::page_as_read).collect()))
}

impl Collected {
    fn of(scope: &Scope, pages: Vec<Page>) -> Self {
        Collected { snapshot: build::fold(scope, &pages), pages }
    }

    /// The same, unless the answers are about several instances of Identity Center, or were asked for with credentials
    /// of several accounts: then nobody can say which belong together.
    ///
    /// # Errors
    /// [`CollectError::Mixed`].
    pub fn of_one_origin(self) -> Result<Self, CollectError> {
        let asked_with = |name: &'static str| {
            let named = self.pages.iter().filter_map(|page| page.call.parameters.get(name));
            named.map(str::to_owned).collect::<BTreeSet<String>>()
        };
        let callers = self
            .pages
            .iter()
            .filter(|page| page.call.operation == Operation::GetCallerIdentity && page.call.account.is_none());
        let callers =
            callers.filter_map(|page| if let Outcome::Answer(answer) = &page.outcome { Some(answer) } else { None });
        let callers = callers.filter_map(|answer| answer.parse::<api::responses::GetCallerIdentity>().ok());
        let of_one = [
            ("instances of Identity Center", asked_with("InstanceArn")),
            ("identity stores", asked_with("IdentityStoreId")),
            ("callers' accounts", callers.map(|caller| caller.account).collect()),
        ];
        match of_one.into_iter().find(|(_, found)| found.len() > 1) {
            Some((what, found)) => Err(CollectError::Mixed { what, found: found.into_iter().collect() }),
            None => Ok(self),
        }
    }

    /// The same, of which the settings of a run leave out what they name, and choose the instance.
    ///
    /// # Errors
    /// [`CollectError::OtherInstance`] where the answers are about another one.
    pub fn narrowed_by(self, now: &Scope) -> Result<Self, CollectError> {
        let found = self.snapshot.instance.is().map(|instance| &instance.arn);
        if let (Some(found), Some(wanted)) = (found, &now.instance_arn)
            && found != wanted
        {
            return Err(CollectError::OtherInstance { wanted: wanted.clone(), found: found.clone() });
        }
        let scope = self.snapshot.scope.clone().narrowed_by(now);
        Ok(if scope == self.snapshot.scope { self } else { Collected::of(&scope, self.pages) })
    }

    /// How many questions found nobody who could answer just then: asked again later, they may be answered.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        let mut latest: BTreeMap<_, &Page> = BTreeMap::new();
        for page in &self.pages {
            latest.insert((&page.call, page.page), page);
        }
        let may_pass = |page: &&Page| matches!(&page.outcome, Outcome::Failure(failure) if failure.may_pass());
        latest.into_values().filter(may_pass).count()
    }

    /// Writes the pages as a journal in canonical form.
    ///
    /// # Errors
    /// Where `out` does not take them.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        journal::lines::write(out, &self.snapshot.scope, &self.pages)
    }
}
