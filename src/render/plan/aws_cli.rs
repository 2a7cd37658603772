//! A plan as a script of the AWS CLI: for reviewers who read commands, and for those who let nothing else write.
//!
//! It guards nothing. Every name of the plan is one word of the shell, whatever it holds.

mod iam;

use std::fmt::Write as _;
use std::io;

use super::is_asynchronous;
use crate::change::{Change, Digest, GroupRef, Place, Plan, Planned, PrincipalRef, UserRef, order};
use crate::wording::{self, phrase};

/// Writes a plan as commands. The digest is that of its file.
///
/// # Errors
/// Where `out` does.
pub fn aws_cli(plan: &Plan, digest: &Digest, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "#!/usr/bin/env bash")?;
    writeln!(
        out,
        "# The changes of plan {}. This script does not check whether they are still correct.",
        digest.short()
    )?;
    writeln!(out, "set -euo pipefail")?;
    if plan.changes.iter().any(|planned| is_asynchronous(planned.change.kind())) {
        writeln!(
            out,
            "# AWS completes assignments after a command has ended: check with \
                       describe-account-assignment-…-status."
        )?;
    }
    for planned in order(&plan.changes) {
        writeln!(out, "\n# {}: {}", planned.id, comment(&wording::change(&planned.change)))?;
        if let (Some(account), false) = (planned.change.account(), is_asynchronous(planned.change.kind())) {
            writeln!(out, "# with credentials of account {account}")?;
        }
        out.write_all(commands(planned, &plan.place).as_bytes())?;
    }
    Ok(())
}

/// A text that stays on its line.
fn comment(text: &str) -> String {
    phrase(text).replace(['\n', '\r'], " ")
}

/// A command that is being written.
struct Command(String);

/// What the AWS CLI would read a file for, in place of taking the text.
const FILES: [&str; 2] = ["file://", "fileb://"];
/// What stands in the place of such a text: it ends the script, and no file is read.
const NO_FILE: &str = "\"$(echo 'the AWS CLI would read a name of this plan as a file name' >&2; kill $$)\"";

impl Command {
    fn of(words: &str) -> Self {
        Command(format!("aws {words}"))
    }

    fn with(mut self, option: &str, value: &str) -> Self {
        let is_file = FILES.iter().any(|file| value.trim_start().to_ascii_lowercase().starts_with(file));
        let value = if is_file { NO_FILE.to_owned() } else { word(value) };
        // Behind a blank, what begins with `-` would be an option.
        let between = if value.starts_with("'-") { '=' } else { ' ' };
        write!(self.0, " {option}{between}{value}").expect("a string takes every text");
        self
    }

    /// A value that the shell looks up.
    fn raw(mut self, option: &str, value: &str) -> Self {
        write!(self.0, " {option} {value}").expect("a string takes every text");
        self
    }

    fn maybe(self, option: &str, value: Option<&String>) -> Self {
        match value {
            Some(value) => self.with(option, value),
            None => self,
        }
    }

    fn line(self) -> String {
        self.0 + "\n"
    }
}

/// One word of the shell.
fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_.:=@%+-".contains(&byte);
    match !text.is_empty() && text.bytes().all(plain) && !text.starts_with('-') {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// The variable of the shell that has the id of what a change makes.
fn variable(change: &crate::change::ChangeId) -> String {
    format!("made_{}", change.0.replace('-', "_"))
}

fn id_of(id: Option<&str>, made_by: Option<&crate::change::ChangeId>, prefix: &str) -> String {
    match (id, made_by) {
        (Some(id), _) => word(&format!("{prefix}{id}")),
        (None, Some(by)) => format!("{prefix}\"${}\"", variable(by)),
        (None, None) => word(prefix),
    }
}

fn user_id(user: &UserRef, prefix: &str) -> String {
    id_of(user.id.as_ref().map(|id| id.as_str()), user.made_by.as_ref(), prefix)
}

fn group_id(group: &GroupRef) -> String {
    id_of(group.id.as_ref().map(|id| id.as_str()), group.made_by.as_ref(), "")
}

fn store(words: &str, place: &Place) -> Command {
    let command = Command::of(&format!("identitystore {words}")).maybe("--region", place.region.as_ref());
    command.maybe("--identity-store-id", place.identity_store.as_ref())
}

fn commands(planned: &Planned, place: &Place) -> String {
    let made = |command: Command, query: &str| {
        format!("{}=$({} --query {query} --output text)\n", variable(&planned.id), command.0)
    };
    match &planned.change {
        Change::CreateUser { name, given_name, family_name, display_name, email, email_type } => {
            let names = serde_json::json!({ "GivenName": given_name, "FamilyName": family_name }).to_string();
            let mut command = store("create-user", place)
                .with("--user-name", name)
                .with("--display-name", display_name)
                .with("--name", &names);
            if let Some(email) = email {
                let mut entry = serde_json::json!({ "Value": email, "Primary": true });
                if let Some(email_type) = email_type {
                    entry["Type"] = email_type.clone().into();
                }
                command = command.with("--emails", &serde_json::Value::Array(vec![entry]).to_string());
            }
            made(command, "UserId")
        }
        Change::CreateGroup { name, description } => {
            let command = store("create-group", place).with("--display-name", name);
            made(command.maybe("--description", description.as_ref()), "GroupId")
        }
        Change::DeleteUser { user } => {
            without_applications(planned, place, "USER", &user_id(user, ""))
                + &store("delete-user", place).raw("--user-id", &user_id(user, "")).line()
        }
        Change::DeleteGroup { group } => {
            without_applications(planned, place, "GROUP", &group_id(group))
                + &store("delete-group", place).raw("--group-id", &group_id(group)).line()
        }
        Change::AddMember { group, user } => {
            let command = store("create-group-membership", place).raw("--group-id", &group_id(group));
            command.raw("--member-id", &user_id(user, "UserId=")).line()
        }
        Change::RemoveMember { group, user } => {
            let command = store("delete-group-membership", place);
            match &planned.seen.membership {
                Some(id) => command.with("--membership-id", id).line(),
                None => {
                    let asked = store("get-group-membership-id", place).raw("--group-id", &group_id(group));
                    let asked = asked.raw("--member-id", &user_id(user, "UserId="));
                    let id = format!("\"$({} --query MembershipId --output text)\"", asked.0);
                    command.raw("--membership-id", &id).line()
                }
            }
        }
        Change::AddAssignment { .. } => assignment("create-account-assignment", planned, place),
        Change::RemoveAssignment { .. } => assignment("delete-account-assignment", planned, place),
        Change::CreateIamUser { .. }
        | Change::DisableIamUser { .. }
        | Change::EnableIamUser { .. }
        | Change::DeleteIamUser { .. }
        | Change::DeactivateIamKey { .. }
        | Change::ActivateIamKey { .. }
        | Change::AttachIamPolicy { .. }
        | Change::DetachIamPolicy { .. }
        | Change::AddIamGroupMember { .. }
        | Change::RemoveIamGroupMember { .. } => iam::commands(planned),
    }
}

fn without_applications(planned: &Planned, place: &Place, kind: &str, id: &str) -> String {
    let applications = planned.seen.applications.iter().map(|arn| {
        let command = Command::of("sso-admin delete-application-assignment").maybe("--region", place.region.as_ref());
        command.with("--application-arn", arn).with("--principal-type", kind).raw("--principal-id", id).line()
    });
    applications.collect()
}

fn assignment(words: &str, planned: &Planned, place: &Place) -> String {
    let (Change::AddAssignment { principal, permission_set, account }
    | Change::RemoveAssignment { principal, permission_set, account }) = &planned.change
    else {
        return String::new();
    };
    let (kind, id) = match principal {
        PrincipalRef::Group(group) => ("GROUP", group_id(group)),
        PrincipalRef::User(user) => ("USER", user_id(user, "")),
    };
    let command = Command::of(&format!("sso-admin {words}")).maybe("--region", place.region.as_ref());
    let command = command.maybe("--instance-arn", place.instance.as_ref());
    let command = command.with("--permission-set-arn", permission_set.arn.as_str());
    let command = command.with("--target-type", "AWS_ACCOUNT").with("--target-id", &account.to_string());
    command.with("--principal-type", kind).raw("--principal-id", &id).line()
}
