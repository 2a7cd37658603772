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
            format!("only {} could be read, but another was announced", count(*pages as usize, "page"))
        }
        Why::TokenRepeated => "the service repeated a page token, so reading would never end".to_owned(),
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
            format!("{} do not agree whether it holds {people}, and nothing says which list is newer", list(&files))
        }
        Why::Contradicted { key, candidate } => {
            format!("`{}` is the name of `{}`, whose id differs", visible(key), visible(candidate))
        }
        Why::Borrowed { name, candidate } => {
            let (name, candidate) = (visible(name), visible(candidate));
            format!(
                "`{name}` has the external id of `{candidate}`, but neither a name nor the mail address of that \
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
        (Why::Unreadable { .. }, Side::Expected) => "export the list again; do not edit the file in between",
        (Why::Truncated { .. }, _) => "export it completely: long groups need range retrieval or paging",
        (Why::Untimely { .. }, _) => {
            "collect it again, all of it in one run; answers may lie as far apart as `aws.resume_within` allows"
        }
        (Why::Lost { .. }, _) => {
            "run `rollcall verify`, which says what became of the store; until then, read this report as that of a first run"
        }
        (Why::Outside { .. }, _) => "export the domain or the part of the directory that has them too",
        (Why::Outdated { .. }, _) => "export the directory again, and schedule the export",
        (Why::Refused { .. }, _) => "correct the row",
        (Why::Unapproved { digest: Some(_), .. }, _) => {
            "look at what it allows, then write the digest that is given here into `digest` of its row, or `yes` into \
             `administrative`"
        }
        (Why::Unapproved { digest: None, .. }, _) => {
            "look at what it allows, then write `yes` into `administrative` of its row"
        }
        (Why::Untold { .. }, _) => "export the groups with their members too (`rollcall export-commands` shows how)",
        (Why::Disputed { .. }, _) => {
            "look into the directory whether they are in the group, and export the list that is wrong again, or take it \
             out; where both have the day of the export in their names (`members-2026-11-19.csv`), the newer one speaks"
        }
        (Why::Contradicted { .. }, _) => {
            "remove the old user in the identity source, or let the synchronization renew its external id"
        }
        (Why::Borrowed { .. }, _) => {
            "find out in the identity source whose user this is; if the person was renamed, export the lists again"
        }
        (Why::Unstated { .. }, _) => {
            "export the list with a readable state for every account (`Enabled`, `accountEnabled`, a status), and \
             with the mail addresses that the other lists have"
        }
        (Why::MayHaveLeft { .. }, _) => {
            "give each account its own mail address, or export the employee number (`employeeID`) in both lists"
        }
        (Why::Disproved { .. }, _) => {
            "run again; if they still differ, ask AWS why: anything that either listing shows counts as held"
        }
        (Why::Unrecognized { .. }, _) => {
            "export the column with the user names of Identity Center (often `mail`), or the GUIDs of the directory"
        }
        (Why::NoSharedKey { .. }, _) => {
            "export a column that the other lists have in this list too: the user principal name, the mail address or the \
             GUID (`Get-ADGroupMember … | Get-ADUser -Properties mail`); `rollcall export-commands` prints a script that \
             exports every key"
        }
        (Why::NestingMismatch { .. }, _) => "set `expect.nested_groups` to match what fills Identity Center",
        (Why::Ambiguous { .. }, _) => {
            "give each one a unique key (user name, mail address or GUID; for an application, its ARN)"
        }
    };
    match gap.hides {
        Hides::Grants => remedy.to_owned(),
        Hides::Nothing => format!("{remedy}; it does not affect the result"),
    }
}
