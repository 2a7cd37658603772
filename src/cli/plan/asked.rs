//! Changes by name: noun, verb, and what they are about.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::show::{self, Show};
use super::users::Users;
use super::values::{email, iam_name, iam_path, key, said, tag};
use crate::cli::Failure;
use crate::cli::options::path;
use crate::pipeline::plan::{Asked as Request, NewUser, OfIamUser, PlanFor, PrincipalName, Verb};

/// What is done with a plan, or planned by name.
#[derive(Debug, Subcommand)]
pub(super) enum Asked {
    /// Print a plan: for a person, a pull request, or as AWS CLI commands.
    Show(Show),
    #[command(flatten)]
    Make(ByName),
}

/// What is planned by name.
#[derive(Debug, Subcommand)]
pub(super) enum ByName {
    /// Plan to undo the changes of a plan that were made and can be undone.
    Undo {
        /// The plan that was applied.
        #[arg(value_parser = path)]
        file: PathBuf,
    },
    /// An IAM user: create, disable, enable, delete.
    #[command(subcommand, disable_help_subcommand = true)]
    IamUser(IamUser),
    /// Access keys of an IAM user: deactivate, activate.
    #[command(subcommand, disable_help_subcommand = true)]
    IamKey(IamKey),
    /// Managed policies of an IAM user: attach, detach.
    #[command(subcommand, disable_help_subcommand = true)]
    IamPolicy(IamPolicy),
    /// An IAM user in an IAM group: add, remove.
    #[command(subcommand, disable_help_subcommand = true)]
    IamGroupMember(IamGroupMember),
    /// A user of Identity Center: create, delete.
    #[command(subcommand, disable_help_subcommand = true)]
    User(User),
    /// Users of Identity Center from a CSV file: create, delete.
    #[command(subcommand, disable_help_subcommand = true)]
    Users(Users),
    /// A group of Identity Center: create, delete.
    #[command(subcommand, disable_help_subcommand = true)]
    Group(Group),
    /// A user in a group of Identity Center: add, remove.
    #[command(subcommand, disable_help_subcommand = true)]
    Member(Member),
    /// A permission set of a user or a group in an account: add, remove.
    #[command(subcommand, disable_help_subcommand = true)]
    Assignment(Assignment),
}

/// An IAM user that is there.
#[derive(Debug, Args)]
pub(super) struct OneIamUser {
    /// The IAM user: its name or its unique id.
    #[arg(value_parser = said)]
    name: String,
    /// Its account: id or name.
    #[arg(long, value_name = "ACCOUNT", value_parser = said)]
    account: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum IamUser {
    /// Create an IAM user.
    Create {
        /// Its name.
        #[arg(value_parser = iam_name)]
        name: String,
        /// Its account: id or name.
        #[arg(long, value_name = "ACCOUNT", value_parser = said)]
        account: String,
        /// Its path: `/services/`.
        #[arg(long, default_value = "/", value_parser = iam_path)]
        path: String,
        /// A tag. Can be given several times.
        #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag)]
        tags: Vec<(String, String)>,
        /// Its permissions boundary: ARN or name of a policy.
        #[arg(long, value_name = "POLICY", value_parser = said)]
        boundary: Option<String>,
        /// A managed policy to attach: ARN or name. Can be given several times.
        #[arg(long = "policy", value_name = "POLICY", value_parser = said)]
        policies: Vec<String>,
        /// An IAM group to add it to. Can be given several times.
        #[arg(long = "group", value_name = "GROUP", value_parser = said)]
        groups: Vec<String>,
        /// Give it a console password, which must be changed at the first sign-in. No plan holds the password.
        #[arg(long)]
        console: bool,
    },
    /// Deactivate its keys, certificates and service credentials, and delete its console password.
    Disable(OneIamUser),
    /// Activate access keys of a disabled IAM user.
    Enable {
        #[command(flatten)]
        user: OneIamUser,
        /// An access key (`AKIA…`). Can be given several times.
        #[arg(long = "key", value_name = "KEY", required = true, value_parser = key)]
        keys: Vec<String>,
    },
    /// Delete it with its credentials, policies and group memberships. This is final.
    Delete {
        #[command(flatten)]
        user: OneIamUser,
        /// Delete it without disabling it first.
        #[arg(long)]
        at_once: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum IamKey {
    /// Deactivate an access key, or all of them.
    Deactivate {
        #[command(flatten)]
        user: OneIamUser,
        /// The access key (`AKIA…`). Default: every active key.
        #[arg(long, value_name = "KEY", value_parser = key)]
        key: Option<String>,
    },
    /// Activate an access key.
    Activate {
        #[command(flatten)]
        user: OneIamUser,
        /// The access key (`AKIA…`).
        #[arg(long, value_name = "KEY", value_parser = key)]
        key: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum IamPolicy {
    /// Attach a managed policy.
    Attach(OnePolicy),
    /// Detach a managed policy.
    Detach(OnePolicy),
}

/// A policy of an IAM user.
#[derive(Debug, Args)]
pub(super) struct OnePolicy {
    #[command(flatten)]
    user: OneIamUser,
    /// The policy: ARN or name.
    #[arg(long, value_name = "POLICY", value_parser = said)]
    policy: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum IamGroupMember {
    /// Add an IAM user to an IAM group.
    Add(OneIamGroup),
    /// Remove an IAM user from an IAM group.
    Remove(OneIamGroup),
}

/// An IAM group of an IAM user.
#[derive(Debug, Args)]
pub(super) struct OneIamGroup {
    #[command(flatten)]
    user: OneIamUser,
    /// The IAM group.
    #[arg(long, value_name = "GROUP", value_parser = said)]
    group: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Create a user. AWS gives it no password.
    Create {
        /// The name that it signs in with.
        #[arg(value_parser = said)]
        name: String,
        /// The given name.
        #[arg(long, value_name = "NAME", value_parser = said)]
        given: String,
        /// The family name.
        #[arg(long, value_name = "NAME", value_parser = said)]
        family: String,
        /// The display name. Default: given and family name.
        #[arg(long, value_name = "NAME", value_parser = said)]
        display: Option<String>,
        /// The email address.
        #[arg(long, value_name = "ADDRESS", value_parser = email)]
        email: Option<String>,
        /// A group to add it to. Can be given several times.
        #[arg(long = "group", value_name = "GROUP", value_parser = said)]
        groups: Vec<String>,
    },
    /// Delete a user with its assignments and memberships. This is final.
    Delete {
        /// The user: name or id.
        #[arg(value_parser = said)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Group {
    /// Create a group.
    Create {
        /// Its name.
        #[arg(value_parser = said)]
        name: String,
        /// What it is for.
        #[arg(long, value_name = "TEXT", value_parser = said)]
        description: Option<String>,
    },
    /// Delete a group with its assignments and memberships. This is final.
    Delete {
        /// The group: name or id.
        #[arg(value_parser = said)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Member {
    /// Add a user to a group.
    Add(OneMember),
    /// Remove a user from a group.
    Remove(OneMember),
}

/// A user in a group.
#[derive(Debug, Args)]
pub(super) struct OneMember {
    /// The group: name or id.
    #[arg(long, value_name = "GROUP", value_parser = said)]
    group: String,
    /// The user: name or id.
    #[arg(long, value_name = "USER", value_parser = said)]
    user: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum Assignment {
    /// Assign a permission set to a user or a group in an account.
    Add(OneAssignment),
    /// Remove a permission set from a user or a group in an account.
    Remove(OneAssignment),
}

/// A permission set of a principal in an account.
#[derive(Debug, Args)]
pub(super) struct OneAssignment {
    #[command(flatten)]
    principal: Whose,
    /// The permission set: name or ARN.
    #[arg(long, value_name = "SET", value_parser = said)]
    permission_set: String,
    /// The account: id or name.
    #[arg(long, value_name = "ACCOUNT", value_parser = said)]
    account: String,
}

/// Who has it, or is to have it.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Whose {
    /// The group: name or id.
    #[arg(long, value_name = "GROUP", value_parser = said)]
    group: Option<String>,
    /// The user: name or id.
    #[arg(long, value_name = "USER", value_parser = said)]
    user: Option<String>,
}

impl ByName {
    /// What is to be planned.
    pub(super) fn what(&self) -> Result<PlanFor, Failure> {
        let request = match self {
            ByName::Undo { file } => return Ok(PlanFor::Undo(Box::new(show::read(file)?.0))),
            ByName::Users(users) => return users.what(),
            ByName::IamUser(IamUser::Create { name, account, path, tags, boundary, policies, groups, console }) => {
                Request::CreateIamUser {
                    account: account.clone(),
                    name: name.clone(),
                    path: path.clone(),
                    tags: tags.iter().cloned().collect::<BTreeMap<String, String>>(),
                    boundary: boundary.clone(),
                    policies: policies.clone(),
                    groups: groups.clone(),
                    console: *console,
                }
            }
            ByName::IamUser(IamUser::Disable(user)) => user.request(OfIamUser::Disable),
            ByName::IamUser(IamUser::Enable { user, keys }) => user.request(OfIamUser::Enable(keys.clone())),
            ByName::IamUser(IamUser::Delete { user, at_once }) => user.request(OfIamUser::Delete { at_once: *at_once }),
            ByName::IamKey(IamKey::Deactivate { user, key }) => user.request(OfIamUser::DeactivateKey(key.clone())),
            ByName::IamKey(IamKey::Activate { user, key }) => user.request(OfIamUser::ActivateKey(key.clone())),
            ByName::IamPolicy(IamPolicy::Attach(one)) => {
                one.user.request(OfIamUser::Policy(one.policy.clone(), Verb::Add))
            }
            ByName::IamPolicy(IamPolicy::Detach(one)) => {
                one.user.request(OfIamUser::Policy(one.policy.clone(), Verb::Remove))
            }
            ByName::IamGroupMember(IamGroupMember::Add(one)) => {
                one.user.request(OfIamUser::Group(one.group.clone(), Verb::Add))
            }
            ByName::IamGroupMember(IamGroupMember::Remove(one)) => {
                one.user.request(OfIamUser::Group(one.group.clone(), Verb::Remove))
            }
            ByName::User(User::Create { name, given, family, display, email, groups }) => {
                Request::CreateUser(NewUser {
                    name: name.clone(),
                    given_name: given.clone(),
                    family_name: family.clone(),
                    display_name: display.clone(),
                    email: email.clone(),
                    email_type: None,
                    groups: groups.clone(),
                })
            }
            ByName::User(User::Delete { name }) => Request::DeleteUser { name: name.clone() },
            ByName::Group(Group::Create { name, description }) => {
                Request::CreateGroup { name: name.clone(), description: description.clone() }
            }
            ByName::Group(Group::Delete { name }) => Request::DeleteGroup { name: name.clone() },
            ByName::Member(Member::Add(one)) => one.request(Verb::Add),
            ByName::Member(Member::Remove(one)) => one.request(Verb::Remove),
            ByName::Assignment(Assignment::Add(one)) => one.request(Verb::Add),
            ByName::Assignment(Assignment::Remove(one)) => one.request(Verb::Remove),
        };
        Ok(PlanFor::Request(Box::new(request)))
    }
}

impl OneIamUser {
    fn request(&self, change: OfIamUser) -> Request {
        Request::IamUser { account: self.account.clone(), name: self.name.clone(), change }
    }
}

impl OneMember {
    fn request(&self, verb: Verb) -> Request {
        Request::Member { group: self.group.clone(), user: self.user.clone(), verb }
    }
}

impl OneAssignment {
    fn request(&self, verb: Verb) -> Request {
        let Whose { group, user } = &self.principal;
        // One of both is there: the command line is refused otherwise.
        let user = PrincipalName::User(user.clone().unwrap_or_default());
        Request::Assignment {
            principal: group.clone().map_or(user, PrincipalName::Group),
            permission_set: self.permission_set.clone(),
            account: self.account.clone(),
            verb,
        }
    }
}
