//! `rollcall explain`: all that one person, group, IAM user, permission set or account has, by which paths, and why it is
//! or is not expected.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::options::{Config, What, audits, location, no_audit};
use super::{Exit, Failure, clock, columns, new_run_id, print};
use crate::pipeline::{self, ExplainAs, Explained, Order, ThingKind, Wanted};
use crate::store::Location;
use crate::wording;

/// Arguments of `rollcall explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A person (user name, email address, sAMAccountName or display name), or a group, an IAM user, a permission set or an
    /// account (name, id or ARN).
    name: String,
    /// What the name is of. Default: whatever has this name.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<KindOf>,
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    what: What,
    /// Take the last run of this job into account, as an audit of the job does. Default: the newest run of any job.
    #[arg(long, value_name = "NAME", env = "ROLLCALL_JOB")]
    job: Option<String>,
    /// Where the packages of earlier runs are: a folder, or s3://bucket/prefix.
    #[arg(long, value_name = "DIR|s3://…", env = "ROLLCALL_TO")]
    to: Option<Location>,
    /// The output format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// What a name can be of.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindOf {
    /// A person of Identity Center or of the lists: their access and its paths.
    Person,
    /// A group of Identity Center: its members, and what it gives them.
    Group,
    /// An IAM user: its owner and its policies.
    IamUser,
    /// A permission set: who has it, in which accounts.
    PermissionSet,
    /// An AWS account: everything that reaches it.
    Account,
}

impl KindOf {
    fn wanted(self) -> Wanted {
        match self {
            KindOf::Person => Wanted::Person,
            KindOf::Group => Wanted::Thing(ThingKind::Group),
            KindOf::IamUser => Wanted::Thing(ThingKind::IamUser),
            KindOf::PermissionSet => Wanted::Thing(ThingKind::PermissionSet),
            KindOf::Account => Wanted::Thing(ThingKind::Account),
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person.
    Text,
    /// For a machine (`rollcall schema explain`).
    Json,
}

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
enum NotOne {
    #[error("`{0}` was not found in AWS or in the expected lists")]
    Nobody(String),
    #[error("`{0}` is the name of several people")]
    SeveralPeople(String),
    #[error("`{0}` is the name of several things: {1}")]
    Several(String, String),
    #[error("`{0}` was not found, and not everything could be read: {1}")]
    Unseen(String, String),
}

pub(super) async fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let audits = audits(&settings, arguments.job.as_deref(), arguments.to.as_ref())?;
    let order = Order {
        source: arguments.what.source(&settings),
        expected: arguments.what.expected(&settings).map_err(no_audit)?,
        to: location(&settings, &settings.report.to),
        job: None,
        due: None,
        alert: false,
        as_of: arguments.what.as_of,
        run_id: new_run_id(),
        columns: columns(),
        failures: Arc::default(),
        settings,
    };
    let form = match arguments.format {
        Format::Text => ExplainAs::Text,
        Format::Json => ExplainAs::Json,
    };
    let asked = || wording::visible(&arguments.name).into_owned();
    let wanted = arguments.kind.map_or(Wanted::Anything, KindOf::wanted);
    let names = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", wording::visible(name))).collect();
        names.join(", ")
    };
    match pipeline::explain(&order, &audits, (&arguments.name, wanted), form, &clock()).await.map_err(no_audit)? {
        Explained::Told(bytes) => print(|out| out.write_all(&bytes)),
        Explained::Several(called) => {
            let labels: Vec<String> = called.iter().map(|(_, label)| label.clone()).collect();
            let (error, help) = if called.iter().all(|(kind, _)| *kind == "person") {
                (NotOne::SeveralPeople(asked()), format!("use one of {}", names(&labels)))
            } else {
                let each = called.iter().map(|(kind, label)| format!("{kind} `{}`", wording::visible(label)));
                let each = each.collect::<Vec<_>>().join(", ");
                (NotOne::Several(asked(), each), "say which with `--kind`, or use the id".to_owned())
            };
            Err(Failure::new(Exit::Usage, error, Some(help)))
        }
        Explained::Nobody { near, unseen } if unseen.is_empty() => {
            let help = match near.as_slice() {
                [] => "use the user name, email address, sAMAccountName or display name of a person, or the name, id or ARN \
                       of a group, an IAM user, a permission set or an account"
                    .to_owned(),
                [one] => format!("did you mean {}?", names(std::slice::from_ref(one))),
                several => format!("did you mean one of {}?", names(several)),
            };
            Err(Failure::new(Exit::Usage, NotOne::Nobody(asked()), Some(help)))
        }
        Explained::Nobody { near, unseen } => {
            let near = if near.is_empty() { String::new() } else { format!("; similar names: {}", names(&near)) };
            let help = format!("close these gaps and run again; it may exist{near}");
            Err(Failure::new(Exit::Incomplete, NotOne::Unseen(asked(), unseen.join("; ")), Some(help)))
        }
    }
}
