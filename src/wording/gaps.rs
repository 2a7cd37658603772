//! What could not be seen: where, why, and what to do about it.

use crate::model::{Gap, Hides, Side, Why};

use super::store_notes::unusable_words;
use super::unseen::unseen;
use super::{count, instant, list, phrase, recognition, visible};

/// Names that a sentence lists before it only counts.
const NAMED: usize = 5;

/// A gap as one line: what was not seen, where it was asked, and why. The same gap gives the same line in every run,
/// so the lines of two runs can be compared.
#[must_use]
pub fn gap_line(gap: &Gap) -> String {
    format!("{}: {}: {}", unseen(&gap.unseen), gap_place(gap), gap_reason(&gap.why))
}

/// Where it was asked: `` `identitystore:ListUsers` in account 111122223333 ``, or the list's name.
#[must_use]
pub fn gap_place(gap: &Gap) -> String {
    match gap.account {
        Some(account) => format!("`{}` in account {account}", visible(&gap.source)),
        None => format!("`{}`", visible(&gap.source)),
    }
}

/// Why it could not be seen, as a clause.
#[must_use]
pub fn gap_reason(why: &Why) -> String {
    match why {
        Why::Denied { code, message } => said("access was denied", code, message),
        Why::Failed { code, message } => said("the call failed", code, message),
        Why::Unsupported => "AWS says that this instance of Identity Center has none".to_owned(),
        Why::Cut { pages } => {
            format!("only {} could be read, but AWS announced another one", count(*pages as usize, "page"))
        }
        Why::TokenRepeated => {
            "AWS returned the same page token twice, so the listing could not be read completely".to_owned()
        }
        Why::NotAsked => "it was in scope but was not queried".to_owned(),
        Why::OutOfScope => "the settings exclude it from this run".to_owned(),
        Why::NotListed => {
            "the organization does not list the account, but permission sets are assigned in it".to_owned()
        }
        Why::Unreadable { detail } => format!("the answer could not be understood: {}", phrase(detail)),
        Why::Truncated { detail } => format!("the export has only a part of it: {}", phrase(detail)),
        Why::Untimely { detail } => phrase(detail).to_string(),
        Why::Lost { why } => format!("it {}", unusable_words(*why)),
        Why::Outside { names } => {
            format!("the export does not have {}: {}", count(names.len(), "member"), some_of(names))
        }
        Why::Outdated { exported } => {
            format!("it was exported at {}, longer ago than `expect.max_age` allows", instant(*exported))
        }
        Why::Refused { line, reason } => format!("line {line} was refused: {}", phrase(reason)),
        Why::Untold { detail } | Why::Unapproved { detail, digest: None } => phrase(detail).to_string(),
        Why::Unapproved { detail, digest: Some(digest) } => format!("{}; its digest is `{digest}`", phrase(detail)),
        Why::Disputed { files, people } => {
            let files: Vec<String> = files.iter().map(|file| format!("`{}`", visible(file))).collect();
            let people = some_of(people);
            format!("{} disagree about the membership of {people}, and it is unknown which list is newer", list(&files))
        }
        Why::Contradicted { key, candidate } => {
            format!("`{}` is the name of `{}`, whose id differs", visible(key), visible(candidate))
        }
        Why::Borrowed { name, candidate } => {
            let (name, candidate) = (visible(name), visible(candidate));
            format!(
                "`{name}` has the external id of `{candidate}`, but neither a name nor the email address of that \
                 person"
            )
        }
        Why::Unstated { detail } => phrase(detail).to_string(),
        Why::MayHaveLeft { line, key, candidates } => {
            let have = if candidates.len() == 1 { "has" } else { "have" };
            let others = some_of(candidates);
            format!(
                "line {line} says that `{}` has left, but {others} {have} the same name, address or number",
                visible(key)
            )
        }
        Why::Disproved { by, shows } => {
            format!("it was read completely, but `{}` also shows {}", visible(by), some_of(shows))
        }
        Why::Unrecognized { matches } => format!("{}: the key is probably wrong", recognition::matches(*matches)),
        Why::NoSharedKey { people, first } => recognition::no_shared_key(*people, first),
        Why::NestingMismatch { looks } => recognition::looks(*looks),
        Why::Ambiguous { key, candidates } => {
            format!("`{}` matches more than one: {}", visible(key), some_of(candidates))
        }
    }
}

fn said(what: &str, code: &str, message: &str) -> String {
    match message {
        "" => format!("{what} (`{}`)", visible(code)),
        message => format!("{what} (`{}`: {})", visible(code), phrase(message)),
    }
}

fn some_of(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{}`", visible(name))).collect();
    if names.len() > NAMED {
        shown.push(format!("{} more", names.len() - NAMED));
    }
    list(&shown)
}

/// Whether the run's credentials had lapsed: AWS's own words for it, and ours where signing in failed already.
fn is_lapse(code: &str) -> bool {
    matches!(code, "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" | "ExpiredSignIn")
}

/// Whether AWS does not know the credentials, as another partition does not.
fn is_unknown_key(code: &str) -> bool {
    matches!(code, "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId")
}

/// Whether it was not the operation that was refused, but the customer-managed key that its answer is encrypted with.
fn is_about_the_key(code: &str, message: &str) -> bool {
    code.starts_with("KMS") || ["kms:", "KMS key", "KMS AccessDenied"].iter().any(|word| message.contains(word))
}

/// What to do so that the next run can see it.
#[must_use]
pub fn gap_advice(gap: &Gap) -> String {
    let remedy = match (&gap.why, gap.side) {
        (Why::Denied { code, message }, _) if is_about_the_key(code, message) => {
            "grant Rollcall's role `kms:Decrypt` on the key that encrypts Identity Center"
        }
        (Why::Denied { .. }, _) => "grant Rollcall's role this operation, or exclude the account with a reason",
        (Why::Failed { code, .. }, _) if is_lapse(code) => {
            "sign in again (`aws sso login`, or renew the credentials) and repeat the command with `--resume`"
        }
        (Why::Failed { code, .. }, _) if is_unknown_key(code) => {
            "check that the credentials still exist and that `aws.region` is in their partition: credentials of \
             China, GovCloud and all other regions are separate"
        }
        (Why::Failed { .. } | Why::Cut { .. } | Why::TokenRepeated, _) => {
            "run again; if it fails again, the call's message gives AWS's reason"
        }
        (Why::Unsupported, _) => {
            "audit the organization's instance with credentials of its account, or delete these rows from the lists"
        }
        (Why::NotAsked, _) => "collect it too, or remove it from the scope",
        (Why::NotListed, _) => {
            "run again; if the account has left the organization, delete the assignments in it, or exclude it with a \
             reason (`[[aws.exclude]]`)"
        }
        (Why::OutOfScope, _) => "add it to the scope (`[aws]`), or delete its rows from the lists",
        (Why::Unreadable { .. }, Side::Aws) => "collect it again; do not edit or cut saved output",
        (Why::Unreadable { .. }, Side::Expected) => "export the list again; do not edit the file afterwards",
        (Why::Truncated { .. }, _) => "export it completely: long groups need range retrieval or paging",
        (Why::Untimely { .. }, _) => {
            "collect everything again in one run, within the time that `aws.resume_within` allows"
        }
        (Why::Lost { .. }, _) => {
            "run `rollcall verify` to see what is wrong with the store; until it is fixed, this report is not \
             compared with an earlier run"
        }
        (Why::Outside { .. }, _) => "also export the domain or the part of the directory that contains them",
        (Why::Outdated { .. }, _) => "export the directory again, and schedule the export",
        (Why::Refused { .. }, _) => "correct the row",
        (Why::Unapproved { digest: Some(_), .. }, _) => {
            "review what it allows; then write this digest into `digest` of its row, or `yes` into `administrative`"
        }
        (Why::Unapproved { digest: None, .. }, _) => {
            "review what it allows; then write `yes` into `administrative` of its row"
        }
        (Why::Untold { .. }, _) => "export the groups with their members too (`rollcall export-commands` shows how)",
        (Why::Disputed { .. }, _) => {
            "check the members in the directory; then export the wrong list again, or remove it. If both file names \
             contain the export date (`members-2026-11-19.csv`), the newer list counts"
        }
        (Why::Contradicted { .. }, _) => {
            "remove the old user in the identity source, or let the synchronization renew its external id"
        }
        (Why::Borrowed { .. }, _) => {
            "find out in the identity source whose user this is; if the person was renamed, export the lists again"
        }
        (Why::Unstated { .. }, _) => {
            "export the list with a readable status for every account (`Enabled`, `accountEnabled` or a status \
             column), and with the same email addresses as the other lists"
        }
        (Why::MayHaveLeft { .. }, _) => {
            "give each account its own email address, or export the employee number (`employeeID`) in both lists"
        }
        (Why::Disproved { .. }, _) => {
            "run again; if the listings still differ, ask AWS Support. Until then, access that either listing shows \
             counts as existing"
        }
        (Why::Unrecognized { .. }, _) => {
            "export the column with the user names of Identity Center (often `mail`), or the GUIDs of the directory"
        }
        (Why::NoSharedKey { .. }, _) => {
            "add a column to this list that the other lists have: user principal name, email address or GUID \
             (`Get-ADGroupMember … | Get-ADUser -Properties mail`). `rollcall export-commands` prints a script that \
             exports every key"
        }
        (Why::NestingMismatch { .. }, _) => "set `expect.nested_groups` to match the identity source",
        (Why::Ambiguous { .. }, _) => {
            "give each one a unique key (user name, email address or GUID; for an application, its ARN)"
        }
    };
    match gap.hides {
        Hides::Grants => remedy.to_owned(),
        Hides::Nothing => format!("{remedy} (this gap does not affect the result)"),
    }
}
