//! IAM users and roles of each account in scope, with their policies by every way.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::account_summary::{self, Counted, Listed, Summary};
use super::credentials::{self, CredentialReport, ListedUser};
use super::entries::Read;
use super::page_reader::{Reader, Wanted};
use super::{details_asked_for, iam_accounts, trusts};
use crate::collect::api::responses::{
    self, AttachedPolicy, Boundary, GetAccountAuthorizationDetails, GroupDetail, InlinePolicy, RoleDetail, Timestamp,
    UserDetail,
};
use crate::collect::journal::page::Operation;
use crate::model::{
    Account, AccountId, Caller, Credentials, Extent, Gap, Hides, IamGroup, IamPolicy, IamRole, IamUser, Known,
    ManagedPolicy, PolicyWay, Scope, What, Why, aws_managed_path, quoted,
};

/// IAM of one account, which has no place yet.
pub(super) struct IamRead {
    pub(super) account: AccountId,
    pub(super) users: Read<IamUser>,
    pub(super) groups: Read<IamGroup>,
    pub(super) roles: Read<IamRole>,
    pub(super) policies: Read<ManagedPolicy>,
    pub(super) root: Known<Credentials>,
    pub(super) credentials_as_of: Option<DateTime<Utc>>,
}

impl IamRead {
    fn unseen(account: AccountId, gap: &Arc<Gap>) -> Self {
        IamRead {
            account,
            users: Read::unseen(gap),
            groups: Read::unseen(gap),
            roles: Read::unseen(gap),
            policies: Read::unseen(gap),
            root: Known::Unknown(Arc::clone(gap)),
            credentials_as_of: None,
        }
    }
}

/// IAM of all accounts in scope.
pub(super) struct Iam {
    pub(super) accounts: Vec<IamRead>,
    pub(super) aws_managed: BTreeMap<String, Arc<str>>,
}

pub(super) fn read(reader: &mut Reader<'_>, scope: &Scope, caller: Option<&Caller>, accounts: &Read<Account>) -> Iam {
    let listed: Vec<_> = accounts.seen.iter().map(|account| (account.id, account.state.as_deref())).collect();
    let whole = matches!(accounts.extent, Extent::Whole(_));
    let caller = caller.map(|caller| caller.account);
    let accounts = iam_accounts(scope, &listed, whole, caller);
    let mut texts = Texts::default();
    let accounts = accounts.into_iter().map(|account| read_account(reader, account, caller, &mut texts)).collect();
    Iam { accounts, aws_managed: texts.aws_managed }
}

fn read_account(reader: &mut Reader<'_>, account: AccountId, caller: Option<AccountId>, texts: &mut Texts) -> IamRead {
    let wanted = Wanted::of(What::IamDetails.in_account(account), account.to_string(), Hides::Grants);
    // What was read in spite of it, with other credentials, is there.
    let read = reader.answered(Operation::GetAccountAuthorizationDetails, account);
    if let Some(why) = reader.failure(Operation::AssumeRole, account).filter(|_| !read) {
        let gap = reader.gap(Operation::AssumeRole, Some(account), &wanted, why);
        return IamRead::unseen(account, &gap);
    }
    let (asked_of, parameters) = details_asked_for::of(reader, account, caller);
    let since = reader.window(Operation::GetAccountAuthorizationDetails, asked_of, parameters.clone());
    let with_roles = details_asked_for::are_roles(&parameters);
    let details = reader.read::<GetAccountAuthorizationDetails>(asked_of, parameters, &wanted);
    let unlisted = details.seen.iter().any(|page| page.role_detail_list.is_none());
    let counted = Listed::of(&details.seen);
    let mut all = Details::of(details.seen, texts);
    let listed = match all.twice.first() {
        Some(twice) => reader.twice::<GetAccountAuthorizationDetails>(details.extent, Some(account), &wanted, twice),
        None => details.extent,
    };
    let summary = account_summary::read(reader, account, asked_of);
    let users = all.users.iter().map(|(name, user)| ListedUser {
        name,
        id: user.user_id.as_deref(),
        created: user.create_date.map(Timestamp::instant),
    });
    let report = credentials::read(reader, account, asked_of, summary.as_ref(), users);
    let roles = read_roles(reader, account, std::mem::take(&mut all.roles), &all, texts);
    let counts = Counts { account, summary: summary.as_ref(), listed: &counted };
    let roles_extent = roles_extent(reader, &counts, &listed, with_roles.then_some(unlisted));
    let extent = counts.unless_lacking(reader, &[Counted::Policies], &listed);
    let policies = Read { seen: std::mem::take(&mut all.policies), extent };
    let users = std::mem::take(&mut all.users);
    // Where a group is missing, so are policies of its members: nobody can say that they do not have one.
    let missing = users.values().find_map(|detail| missing_group(reader, account, detail, &all));
    let extent = match (missing, listed) {
        (Some(missing), _) => Extent::Part(missing),
        (None, extent) => {
            let extent = counts.unless_lacking(reader, &[Counted::Users, Counted::Groups], &extent);
            unless_shown(reader, account, extent, report.unlisted(&users, since))
        }
    };
    let groups = all.groups.values().map(|detail| group(detail, &all, texts)).collect();
    let groups = Read { seen: groups, extent: extent.clone() };
    let users: Vec<IamUser> = users.into_values().map(|detail| user(account, detail, &all, &report, texts)).collect();
    IamRead {
        account,
        users: Read { seen: users, extent },
        groups,
        roles: Read { seen: roles, extent: roles_extent },
        policies,
        root: report.root().map_or_else(Known::Unknown, Known::Is),
        credentials_as_of: report.as_of(),
    }
}

/// The extent of the users, unless other answers show users whom the listing lacks.
fn unless_shown(
    reader: &mut Reader<'_>,
    account: AccountId,
    extent: Extent,
    shown: Option<(Operation, Vec<String>)>,
) -> Extent {
    let Some((by, shows)) = shown else { return extent };
    let wanted = Wanted::new(What::SomeIamUsers.in_account(account), Hides::Grants);
    reader.unless_disproved::<GetAccountAuthorizationDetails>(extent, Some(account), &wanted, by, shows)
}

/// How far roles were read: `unlisted` is whether an answer lacks their list, where they were asked for.
fn roles_extent(reader: &mut Reader<'_>, counts: &Counts<'_>, details: &Extent, unlisted: Option<bool>) -> Extent {
    match (details, unlisted) {
        (Extent::Whole(_), None) => Extent::Part(no_roles(reader, counts.account, Why::NotAsked)),
        (Extent::Whole(_), Some(true)) => {
            let detail = "the answer has no `RoleDetailList`".to_owned();
            Extent::Part(no_roles(reader, counts.account, Why::Unreadable { detail }))
        }
        (Extent::Whole(_), Some(false)) => counts.unless_lacking(reader, &[Counted::Roles], details),
        (Extent::Part(_), _) => details.clone(),
    }
}

fn no_roles(reader: &mut Reader<'_>, account: AccountId, why: Why) -> Arc<Gap> {
    let wanted = Wanted::new(What::IamRoles.in_account(account), Hides::Grants);
    reader.gap(Operation::GetAccountAuthorizationDetails, Some(account), &wanted, why)
}

/// The gap of a group that a user is in and the answer does not hold.
fn missing_group(reader: &mut Reader<'_>, account: AccountId, detail: &UserDetail, all: &Details) -> Option<Arc<Gap>> {
    let group = detail.group_list.iter().find(|group| !all.groups.contains_key(*group))?;
    let wanted = Wanted::new(What::IamGroupPolicies.of(group).in_account(account), Hides::Grants);
    let why = Why::Truncated {
        detail: format!("{} is in a group that the answer does not contain", quoted(&detail.user_name)),
    };
    Some(reader.gap(Operation::GetAccountAuthorizationDetails, Some(account), &wanted, why))
}

/// What an account counts, beside what was listed.
struct Counts<'c> {
    account: AccountId,
    summary: Option<&'c Summary>,
    listed: &'c Listed,
}

impl Counts<'_> {
    /// The extent, unless the account counts more of these kinds than were listed: then the listing is not whole.
    fn unless_lacking(&self, reader: &mut Reader<'_>, kinds: &[Counted], extent: &Extent) -> Extent {
        let lacking = self
            .summary
            .and_then(|summary| kinds.iter().find_map(|kind| Some((*kind, summary.lacking(*kind, self.listed)?))));
        match (extent, lacking) {
            (Extent::Whole(_), Some((kind, detail))) => {
                let unseen = match kind {
                    Counted::Users | Counted::Groups => What::SomeIamUsersOrGroups,
                    Counted::Roles => What::SomeIamRoles,
                    Counted::Policies => What::SomeIamPolicies,
                };
                let wanted = Wanted::new(unseen.in_account(self.account), Hides::Grants);
                let why = Why::Truncated { detail };
                Extent::Part(reader.gap(Operation::GetAccountAuthorizationDetails, Some(self.account), &wanted, why))
            }
            (extent, _) => extent.clone(),
        }
    }
}

/// Documents, each text once: the same policies are in account after account.
#[derive(Default)]
struct Texts {
    all: BTreeSet<Arc<str>>,
    aws_managed: BTreeMap<String, Arc<str>>,
}

impl Texts {
    fn keep(&mut self, document: &responses::Document) -> Arc<str> {
        if let Some(known) = self.all.get(document.as_str()) {
            return Arc::clone(known);
        }
        let text: Arc<str> = Arc::from(document.as_str());
        self.all.insert(Arc::clone(&text));
        text
    }
}

/// All pages of one account together: a group may stand on another page than its members.
#[derive(Default)]
struct Details {
    users: BTreeMap<String, UserDetail>,
    groups: BTreeMap<String, GroupDetail>,
    roles: BTreeMap<String, RoleDetail>,
    policies: Vec<ManagedPolicy>,
    documents: BTreeMap<String, Arc<str>>,
    /// Names and ids that two entries have which differ.
    twice: BTreeSet<String>,
}

impl Details {
    fn of(pages: Vec<GetAccountAuthorizationDetails>, texts: &mut Texts) -> Self {
        let mut details = Details::default();
        for page in pages {
            let twice = &mut details.twice;
            for user in page.user_detail_list {
                keep_first(&mut details.users, user.user_name.clone(), user, twice);
            }
            for group in page.group_detail_list {
                keep_first(&mut details.groups, group.group_name.clone(), group, twice);
            }
            for role in page.role_detail_list.into_iter().flatten() {
                keep_first(&mut details.roles, role.role_name.clone(), role, twice);
            }
            for policy in page.policies {
                details.keep(policy, texts);
            }
        }
        let ids = details.users.values().filter_map(|user| user.user_id.as_ref());
        let ids = ids.chain(details.roles.values().filter_map(|role| role.role_id.as_ref()));
        let mut seen = BTreeSet::new();
        details.twice.extend(ids.filter(|id| !seen.insert(*id)).cloned());
        details
    }

    fn keep(&mut self, policy: responses::ManagedPolicy, texts: &mut Texts) {
        let name = name_of(&policy.arn).to_owned();
        let arn = policy.arn.clone();
        let document = default_document(policy).map(|document| texts.keep(&document));
        self.documents.extend(document.iter().map(|document| (arn.clone(), Arc::clone(document))));
        if aws_managed_path(&arn).is_some() {
            texts.aws_managed.extend(document.map(|document| (arn, document)));
        } else {
            self.policies.push(ManagedPolicy { name, arn, document });
        }
    }

    fn boundary(&self, boundary: Option<&Boundary>) -> Option<IamPolicy> {
        let arn = boundary?.permissions_boundary_arn.as_ref()?;
        Some(IamPolicy {
            way: PolicyWay::Attached,
            name: name_of(arn).to_owned(),
            arn: Some(arn.clone()),
            document: self.documents.get(arn).cloned(),
        })
    }

    fn attached(&self, policies: &[AttachedPolicy], way: &PolicyWay) -> impl Iterator<Item = IamPolicy> {
        policies.iter().map(|policy| IamPolicy {
            way: way.clone(),
            // Where a name beside it differs, the ARN says which policy it is.
            name: name_of(&policy.policy_arn).to_owned(),
            arn: Some(policy.policy_arn.clone()),
            document: self.documents.get(&policy.policy_arn).cloned(),
        })
    }
}

/// Keeps the first of the entries with one name, and notes the name where another one differs from it.
fn keep_first<T: PartialEq>(known: &mut BTreeMap<String, T>, name: String, entry: T, twice: &mut BTreeSet<String>) {
    match known.entry(name) {
        Entry::Vacant(new) => _ = new.insert(entry),
        Entry::Occupied(first) if *first.get() == entry => {}
        Entry::Occupied(first) => _ = twice.insert(first.key().clone()),
    }
}

fn default_document(policy: responses::ManagedPolicy) -> Option<responses::Document> {
    let version = policy.policy_version_list.into_iter().find(|version| {
        version.is_default_version || (version.version_id.is_some() && version.version_id == policy.default_version_id)
    })?;
    version.document
}

fn inline(policies: &[InlinePolicy], way: &PolicyWay, texts: &mut Texts) -> Vec<IamPolicy> {
    let policies = policies.iter().map(|policy| IamPolicy {
        way: way.clone(),
        name: policy.policy_name.clone(),
        arn: None,
        document: policy.policy_document.as_ref().map(|document| texts.keep(document)),
    });
    policies.collect()
}

/// The last part of a policy's ARN: `arn:aws:iam::aws:policy/job-function/Billing`.
fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn user(
    account: AccountId,
    detail: UserDetail,
    all: &Details,
    report: &CredentialReport,
    texts: &mut Texts,
) -> IamUser {
    let name = &detail.user_name;
    let mut policies: Vec<IamPolicy> = all.attached(&detail.attached_managed_policies, &PolicyWay::Attached).collect();
    policies.extend(inline(&detail.user_policy_list, &PolicyWay::Inline, texts));
    let mut groups = detail.group_list;
    groups.sort();
    groups.dedup();
    let found = groups.iter().filter_map(|group| all.groups.get(group));
    policies.extend(found.flat_map(|found| group(found, all, texts).policies));
    policies.sort();
    policies.dedup();
    IamUser {
        groups,
        id: detail.user_id,
        arn: detail.arn.unwrap_or_else(|| format!("arn:aws:iam::{account}:user/{name}")),
        created: detail.create_date.map(Timestamp::instant),
        policies,
        boundary: all.boundary(detail.permissions_boundary.as_ref()),
        tags: detail.tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        credentials: report.of(name).map_or_else(Known::Unknown, Known::Is),
        name: detail.user_name,
    }
}

fn group(detail: &GroupDetail, all: &Details, texts: &mut Texts) -> IamGroup {
    let way = PolicyWay::Group(detail.group_name.clone());
    let mut policies: Vec<IamPolicy> = all.attached(&detail.attached_managed_policies, &way).collect();
    policies.extend(inline(&detail.group_policy_list, &way, texts));
    policies.sort();
    IamGroup { name: detail.group_name.clone(), policies }
}

fn read_roles(
    reader: &mut Reader<'_>,
    account: AccountId,
    roles: BTreeMap<String, RoleDetail>,
    all: &Details,
    texts: &mut Texts,
) -> Vec<IamRole> {
    roles.into_values().map(|detail| role(reader, account, detail, all, texts)).collect()
}

fn role(reader: &mut Reader<'_>, account: AccountId, detail: RoleDetail, all: &Details, texts: &mut Texts) -> IamRole {
    let name = detail.role_name;
    let trusts = detail.assume_role_policy_document.ok_or_else(|| "it has no trust policy".to_owned());
    let trusts = trusts.and_then(|document| trusts::read(document.as_str()));
    let unreadable = |detail| {
        let wanted = Wanted::new(What::RoleTrust.of(&name).in_account(account), Hides::Grants);
        Known::Unknown(reader.unreadable::<GetAccountAuthorizationDetails>(Some(account), &wanted, detail))
    };
    let trusts = trusts.map_or_else(unreadable, Known::Is);
    let mut policies: Vec<IamPolicy> = all.attached(&detail.attached_managed_policies, &PolicyWay::Attached).collect();
    policies.extend(inline(&detail.role_policy_list, &PolicyWay::Inline, texts));
    policies.sort();
    policies.dedup();
    IamRole {
        id: detail.role_id,
        arn: detail.arn.unwrap_or_else(|| format!("arn:aws:iam::{account}:role/{name}")),
        path: detail.path.unwrap_or_else(|| "/".to_owned()),
        created: detail.create_date.map(Timestamp::instant),
        last_used: detail.role_last_used.and_then(|used| used.last_used_date).map(Timestamp::instant),
        trusts,
        policies,
        boundary: all.boundary(detail.permissions_boundary.as_ref()),
        name,
    }
}
