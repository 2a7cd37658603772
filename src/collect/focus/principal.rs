//! The look at one user or group of Identity Center that is created or deleted: by its name or by its id, and what it
//! holds.

use std::error::Error;
use std::future::Future;

use aws_config::SdkConfig;
use aws_sdk_identitystore::Client as IdentityStore;
use aws_sdk_identitystore::types::{AlternateIdentifier, UniqueAttribute};
use aws_sdk_ssoadmin::Client as SsoAdmin;
use aws_sdk_ssoadmin::types::PrincipalType;
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::{DateTime as Instant, Document};
use chrono::{DateTime, Utc};

use crate::aws::complete_body::{Fields, Whole};
use crate::aws::failure::{Failure, Kind};
use crate::aws::pacer::Pacer;
use crate::aws::retry::{Patience, call};

/// What looking at a user calls, as a policy names it, and what each is for.
pub const USER_ACTIONS: [(&str, &str); 3] = [
    ("identitystore:GetUserId", "whether a user that is created exists"),
    ("identitystore:DescribeUser", "the revision of a user, and who created it"),
    ("identitystore:ListUsers", "that the identity store exists where a user does not"),
];

/// The same for a group.
pub const GROUP_ACTIONS: [(&str, &str); 3] = [
    ("identitystore:GetGroupId", "whether a group that is created exists"),
    ("identitystore:DescribeGroup", "the revision of a group, and who created it"),
    ("identitystore:ListGroups", "that the identity store exists where a group does not"),
];

/// What looking at everything calls that a user or a group holds.
pub const HELD_ACTIONS: [(&str, &str); 4] = [
    ("identitystore:ListGroupMemberships", "the members of a group that is deleted"),
    ("identitystore:ListGroupMembershipsForMember", "the groups of a user that is changed"),
    ("sso:ListAccountAssignmentsForPrincipal", "the assignments of a user or a group that is deleted"),
    ("sso:ListApplicationAssignmentsForPrincipal", "the applications of a user or a group that is deleted"),
];

/// What these answers must have.
const FIELDS: [(&str, &[&str]); 7] = [
    ("GetUserId", &["UserId"]),
    ("GetGroupId", &["GroupId"]),
    ("DescribeUser", &["UserId"]),
    ("DescribeGroup", &["GroupId"]),
    ("ListUsers", &["Users"]),
    ("ListGroups", &["Groups"]),
    ("ListApplicationAssignmentsForPrincipal", &["ApplicationAssignments"]),
];

/// The largest page that sso-admin gives.
const PAGE: i32 = 100;

/// Which of the two is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// A user.
    User,
    /// A group.
    Group,
}

/// A user or a group of Identity Center as AWS describes it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedNow {
    /// Its id.
    pub id: String,
    /// Its revision, where AWS says it.
    pub revision: Option<String>,
    /// The ARN of whoever created it, where AWS says so.
    pub created_by: Option<String>,
    /// When it was created (UTC), where AWS says so.
    pub created: Option<DateTime<Utc>>,
}

/// A user or a group of Identity Center with what it holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalNow {
    /// The user or group itself.
    pub described: DescribedNow,
    /// How many memberships it has: of the user, or in the group.
    pub memberships: usize,
    /// How many account assignments it has itself.
    pub assignments: usize,
    /// ARNs of the applications that it is assigned to itself.
    pub applications: Vec<String>,
}

/// The clients of these looks.
pub(super) struct Principals {
    store: IdentityStore,
    sso_admin: SsoAdmin,
    pacer: Pacer,
}

impl Principals {
    /// By these credentials.
    pub(super) fn of(config: &SdkConfig, requests_per_second: f64) -> Self {
        let fields = |name: &str| {
            let needed = FIELDS.iter().find(|(operation, _)| *operation == name);
            Some(needed.map_or(Fields::Some, |(_, fields)| Fields::All(fields)))
        };
        let store = aws_sdk_identitystore::config::Builder::from(config).interceptor(Whole::of(fields)).build();
        let sso_admin = aws_sdk_ssoadmin::config::Builder::from(config).interceptor(Whole::of(fields)).build();
        Principals {
            store: IdentityStore::from_conf(store),
            sso_admin: SsoAdmin::from_conf(sso_admin),
            pacer: Pacer::new(requests_per_second),
        }
    }

    /// The user or group of this name; `None` where there is none.
    ///
    /// # Errors
    /// Where that could not be read.
    pub(super) async fn named(&self, store: &str, whom: Whom, name: &str) -> Result<Option<DescribedNow>, Failure> {
        let path = match whom {
            Whom::User => "userName",
            Whom::Group => "displayName",
        };
        let attribute = UniqueAttribute::builder().attribute_path(path).attribute_value(Document::from(name)).build();
        let by = AlternateIdentifier::UniqueAttribute(attribute.map_err(|error| unreadable(&error.to_string()))?);
        let found = match whom {
            Whom::User => {
                let get = || self.store.get_user_id().identity_store_id(store);
                self.asked(|| get().alternate_identifier(by.clone()).send()).await.map(|found| found.user_id)
            }
            Whom::Group => {
                let get = || self.store.get_group_id().identity_store_id(store);
                self.asked(|| get().alternate_identifier(by.clone()).send()).await.map(|found| found.group_id)
            }
        };
        match self.unless_absent(found, store, whom).await? {
            Some(id) => self.described(store, whom, &id).await,
            None => Ok(None),
        }
    }

    /// The user or group of this id; `None` where there is none.
    ///
    /// # Errors
    /// Where that could not be read.
    pub(super) async fn described(&self, store: &str, whom: Whom, id: &str) -> Result<Option<DescribedNow>, Failure> {
        let answer = match whom {
            Whom::User => {
                let send = || self.store.describe_user().identity_store_id(store).user_id(id).send();
                let described = self.asked(send).await;
                described.map(|is| described_now(is.user_id, is.revision, is.created_by, is.created_at.as_ref()))
            }
            Whom::Group => {
                let send = || self.store.describe_group().identity_store_id(store).group_id(id).send();
                let described = self.asked(send).await;
                described.map(|is| described_now(is.group_id, is.revision, is.created_by, is.created_at.as_ref()))
            }
        };
        match self.unless_absent(answer, store, whom).await? {
            Some(is) if is.id != id => Err(unreadable("the answer is about another one than was asked for")),
            found => Ok(found),
        }
    }

    /// The applications that a user or a group is assigned to itself.
    ///
    /// # Errors
    /// Where the listing could not be read to its end.
    pub(super) async fn applications(&self, instance: &str, whom: Whom, id: &str) -> Result<Vec<String>, Failure> {
        let kind = match whom {
            Whom::User => PrincipalType::User,
            Whom::Group => PrincipalType::Group,
        };
        let (mut all, mut token) = (Vec::new(), None);
        loop {
            let send = || {
                let list = self.sso_admin.list_application_assignments_for_principal().instance_arn(instance);
                let list = list.principal_type(kind.clone()).principal_id(id).max_results(PAGE);
                list.set_next_token(token.clone()).send()
            };
            let page = self.asked(send).await?;
            for one in page.application_assignments.unwrap_or_default() {
                // AWS also lists what a user has by its groups.
                if one.principal_id.as_deref().is_none_or(|of| of == id) {
                    all.push(one.application_arn.ok_or_else(|| unreadable("an application has no ARN"))?);
                }
            }
            match page.next_token {
                None => return Ok(all),
                Some(next) if token.as_ref() == Some(&next) => {
                    let said = "AWS returned the same page token twice";
                    return Err(Failure::new(Kind::TokenRepeated, "TokenRepeated", said));
                }
                Some(next) => token = Some(next),
            }
        }
    }

    /// Nothing, where AWS says that what is asked for is not there. It says the same of an identity store that is not
    /// there, so the store is asked for as well.
    async fn unless_absent<T>(
        &self,
        answer: Result<T, Failure>,
        store: &str,
        whom: Whom,
    ) -> Result<Option<T>, Failure> {
        let absent = |failure: &Failure| failure.code.trim_end_matches("Exception") == "ResourceNotFound";
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if !absent(&failure) => Err(failure),
            Err(_) => match whom {
                Whom::User => {
                    let send = || self.store.list_users().identity_store_id(store).max_results(1).send();
                    self.asked(send).await.map(|_| None)
                }
                Whom::Group => {
                    let send = || self.store.list_groups().identity_store_id(store).max_results(1).send();
                    self.asked(send).await.map(|_| None)
                }
            },
        }
    }

    async fn asked<T, E, F>(&self, send: impl FnMut() -> F) -> Result<T, Failure>
    where
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        Box::pin(call(&self.pacer, &Patience::default(), send)).await.result
    }
}

fn described_now(id: String, revision: String, created_by: Option<String>, created: Option<&Instant>) -> DescribedNow {
    let created = created.and_then(|at| at.to_millis().ok()).and_then(DateTime::from_timestamp_millis);
    DescribedNow { id, revision: Some(revision).filter(|revision| !revision.is_empty()), created_by, created }
}

fn unreadable(why: &str) -> Failure {
    Failure::new(Kind::Unreadable, "Unreadable", why)
}
