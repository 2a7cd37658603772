//! Permission sets: what they allow, where they are provisioned, who has them there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::entries::Read;
use super::page_reader::{Reader, Wanted};
use super::provisioned::{self, ByAccount, Provisioned};
use crate::collect::api::responses::{
    AccountAssignment, DescribePermissionSet, Document, GetInlinePolicyForPermissionSet,
    GetPermissionsBoundaryForPermissionSet, ListAccountAssignments, ListCustomerManagedPolicyReferencesInPermissionSet,
    ListManagedPoliciesInPermissionSet, ListPermissionSets,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{
    Account, AccountId, Boundary, Extent, Gap, GroupId, Hides, Instance, Known, PermissionSetArn,
    PermissionSetPolicies, Side, UserId, What, Why, quoted,
};

const UNSEEN: What = What::PermissionSets;

/// Permission sets, each with the ids of accounts and principals.
pub(super) struct Sets {
    pub(super) sets: Read<SetRead>,
}

/// A permission set whose accounts and principals are not found yet.
pub(super) struct SetRead {
    pub(super) arn: PermissionSetArn,
    pub(super) name: String,
    pub(super) unnamed: Option<Arc<Gap>>,
    pub(super) policies: Known<PermissionSetPolicies>,
    pub(super) session_duration: Option<String>,
    pub(super) placements: Read<PlacementRead>,
    pub(super) outdated: Read<AccountId>,
}

/// One account of a permission set.
pub(super) struct PlacementRead {
    pub(super) account: AccountId,
    pub(super) principals: Read<PrincipalRead>,
}

/// Who has the permission set there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PrincipalRead {
    Group(GroupId),
    User(UserId),
}

impl Sets {
    pub(super) fn unseen(gap: &Arc<Gap>) -> Self {
        Sets { sets: Read::unseen(gap) }
    }

    /// Everyone whom an assignment is made to.
    pub(super) fn principals(&self) -> impl Iterator<Item = &PrincipalRead> {
        self.sets.seen.iter().flat_map(|set| &set.placements.seen).flat_map(|placement| &placement.principals.seen)
    }
}

impl PrincipalRead {
    /// The principal of this type, as an assignment names it.
    ///
    /// # Errors
    /// In words, where the type is not known.
    pub(super) fn of(principal_type: &str, id: String) -> Result<Self, String> {
        match principal_type {
            "GROUP" => Ok(PrincipalRead::Group(GroupId::new(id))),
            "USER" => Ok(PrincipalRead::User(UserId::new(id))),
            other => Err(format!("unknown principal type {}", quoted(other))),
        }
    }

    pub(super) fn group(&self) -> Option<&GroupId> {
        if let PrincipalRead::Group(id) = self { Some(id) } else { None }
    }

    pub(super) fn user(&self) -> Option<&UserId> {
        if let PrincipalRead::User(id) = self { Some(id) } else { None }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, instance: &Instance, accounts: &Read<Account>) -> Sets {
    let asked = Parameters::of([("InstanceArn", &instance.arn)]);
    if reader.cannot_list::<ListPermissionSets>(&asked).is_some() {
        return Sets::unseen(&unsupported());
    }
    let wanted = Wanted::new(UNSEEN, Hides::Grants);
    let read = reader.read::<ListPermissionSets>(None, asked.clone(), &wanted);
    let by_account = ByAccount::read(reader, instance, accounts);
    let mut arns: BTreeSet<String> = read.seen.into_iter().flat_map(|page| page.permission_sets).collect();
    // A set that was made while the accounts were asked.
    arns.extend(by_account.iter().flat_map(ByAccount::sets).cloned());
    // Where nobody asked for the list, the sets that were asked about one by one are all that is known.
    if reader.asked(Operation::ListPermissionSets).next().is_none() {
        let asked = reader.asked(Operation::DescribePermissionSet);
        arns.extend(asked.filter_map(|call| call.parameters.get("PermissionSetArn").map(str::to_owned)));
    }
    let since = reader.window(Operation::ListPermissionSets, None, asked);
    let known: BTreeSet<&str> = arns.iter().map(String::as_str).collect();
    let mut extent = read.extent;
    for (by, shows) in [
        (Operation::DescribePermissionSet, reader.unlisted::<DescribePermissionSet>("PermissionSetArn", since, &known)),
        (
            Operation::ListAccountAssignments,
            reader.unlisted::<ListAccountAssignments>("PermissionSetArn", since, &known),
        ),
    ] {
        extent = reader.unless_disproved::<ListPermissionSets>(extent, None, &wanted, by, shows);
    }
    let sets = arns.into_iter().map(|arn| set(reader, &instance.arn, arn, by_account.as_ref())).collect();
    Sets { sets: Read { seen: sets, extent } }
}

/// An account instance has no permission sets. That is no gap of the run, but rows that expect some speak of another
/// instance, and cannot be judged by this one.
fn unsupported() -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Aws,
        source: Operation::ListPermissionSets.api().to_owned(),
        account: None,
        unseen: UNSEEN.into(),
        why: Why::Unsupported,
        hides: Hides::Grants,
    })
}

pub(super) fn set(reader: &mut Reader<'_>, instance: &str, arn: String, by_account: Option<&ByAccount>) -> SetRead {
    let asked = Parameters::of([("InstanceArn", instance), ("PermissionSetArn", &arn)]);
    let wanted = Wanted::of(What::PermissionSetName.of(&arn), quoted(&arn), Hides::Grants);
    let read = reader.read::<DescribePermissionSet>(None, asked.clone(), &wanted);
    let described = read.seen.into_iter().next().map(|answer| answer.permission_set);
    let session_duration = described.as_ref().and_then(|set| set.session_duration.clone());
    let name = described.and_then(|set| set.name);
    let unnamed = match (&name, read.extent) {
        (Some(_), _) => None,
        (None, Extent::Part(gap)) => Some(gap),
        (None, Extent::Whole(_)) => {
            Some(reader.unreadable::<DescribePermissionSet>(None, &wanted, "it has no name".to_owned()))
        }
    };
    let name = name.unwrap_or_else(|| arn.clone());
    let policies = policies(reader, &asked, &name);
    let Provisioned { accounts, unread, outdated } = match by_account {
        Some(by_account) => by_account.of(&arn),
        None => provisioned::by_set(reader, &asked, &name),
    };
    SetRead {
        policies,
        placements: placements(reader, &asked, &name, accounts, unread),
        outdated,
        arn: PermissionSetArn::new(arn),
        name,
        unnamed,
        session_duration,
    }
}

fn policies(reader: &mut Reader<'_>, asked: &Parameters, name: &str) -> Known<PermissionSetPolicies> {
    let wanted = |kind: What| Wanted::of(kind.of(name), quoted(name), Hides::Grants);
    let aws_managed =
        reader.read::<ListManagedPoliciesInPermissionSet>(None, asked.clone(), &wanted(What::AwsManagedPolicies));
    let customer_managed = reader.read::<ListCustomerManagedPolicyReferencesInPermissionSet>(
        None,
        asked.clone(),
        &wanted(What::CustomerManagedPolicies),
    );
    let inline = inline_policy(reader, asked, &wanted(What::InlinePolicy));
    let limit = reader.read::<GetPermissionsBoundaryForPermissionSet>(None, asked.clone(), &wanted(What::Boundary));
    let extents = [&customer_managed.extent, &inline.extent, &limit.extent];
    if let Extent::Part(gap) = extents.into_iter().fold(aws_managed.extent.clone(), |all, extent| all.and(extent)) {
        return Known::Unknown(gap);
    }
    let boundary = match limit.seen.into_iter().next().map(|answer| answer.permissions_boundary) {
        None => None,
        Some(boundary) => match boundary.customer_managed_policy_reference {
            Some(policy) => Some(Boundary::CustomerManaged(policy.name)),
            None if boundary.managed_policy_arn.is_some() => boundary.managed_policy_arn.map(Boundary::AwsManaged),
            None => {
                let detail = "it names no policy".to_owned();
                let gap =
                    reader.unreadable::<GetPermissionsBoundaryForPermissionSet>(None, &wanted(What::Boundary), detail);
                return Known::Unknown(gap);
            }
        },
    };
    let aws_managed: BTreeSet<String> =
        aws_managed.seen.into_iter().flat_map(|page| page.attached_managed_policies).map(|policy| policy.arn).collect();
    let customer_managed: BTreeSet<String> = customer_managed
        .seen
        .into_iter()
        .flat_map(|page| page.customer_managed_policy_references)
        .map(|policy| policy.name)
        .collect();
    let inline = inline.seen.into_iter().next();
    Known::Is(PermissionSetPolicies {
        aws_managed: aws_managed.into_iter().collect(),
        customer_managed: customer_managed.into_iter().collect(),
        inline: inline.map(|text| Document::from_text(&text).as_str().to_owned()),
        boundary,
    })
}

/// The inline policy, where there is one. AWS says of a set that it has none by an empty text. So where it says that of
/// any set, an answer without any text says nothing.
fn inline_policy(reader: &mut Reader<'_>, asked: &Parameters, wanted: &Wanted) -> Read<String> {
    let read = reader.read::<GetInlinePolicyForPermissionSet>(None, asked.clone(), wanted);
    let Read { seen: answers, mut extent } = read;
    let says_nothing = answers.iter().any(|answer| answer.inline_policy.is_none());
    if says_nothing && reader.says_of_none() {
        let detail = "the answer has no `InlinePolicy`".to_owned();
        extent = Extent::Part(reader.unreadable::<GetInlinePolicyForPermissionSet>(None, wanted, detail));
    }
    let policies = answers.into_iter().filter_map(|answer| answer.inline_policy);
    Read { seen: policies.filter(|policy| !policy.is_empty()).collect(), extent }
}

fn placements(
    reader: &mut Reader<'_>,
    asked: &Parameters,
    name: &str,
    accounts: Read<AccountId>,
    unread: Vec<(AccountId, Arc<Gap>)>,
) -> Read<PlacementRead> {
    // Pairs that were asked about although nobody listed the account are not thrown away.
    let paired = reader.asked(Operation::ListAccountAssignments);
    let paired = paired.filter(|call| call.parameters.get("PermissionSetArn") == asked.get("PermissionSetArn"));
    let paired = paired.filter_map(|call| call.parameters.get("AccountId")?.parse().ok());
    let named: BTreeSet<AccountId> = accounts.seen.into_iter().chain(paired).collect();
    let unread = unread.into_iter().filter(|(account, _)| !named.contains(account));
    let unread = unread.map(|(account, gap)| PlacementRead { account, principals: Read::unseen(&gap) });
    let mut placements: Vec<PlacementRead> = unread.collect();
    for account in named {
        placements.push(PlacementRead { account, principals: principals(reader, asked, name, account) });
    }
    Read { seen: placements, extent: accounts.extent }
}

fn principals(reader: &mut Reader<'_>, asked: &Parameters, name: &str, account: AccountId) -> Read<PrincipalRead> {
    let wanted = Wanted::of(
        What::AssignmentsOfSet.of(name).in_account(account),
        format!("{} in {account}", quoted(name)),
        Hides::Grants,
    );
    let wanted = wanted.in_account(account);
    let asked = asked.clone().with("AccountId", &account.to_string());
    let Read { seen: pages, mut extent } = reader.read::<ListAccountAssignments>(None, asked, &wanted);
    let mut principals = BTreeSet::new();
    for AccountAssignment { principal_type, principal_id, .. } in
        pages.into_iter().flat_map(|page| page.account_assignments)
    {
        match PrincipalRead::of(&principal_type, principal_id) {
            Ok(principal) => _ = principals.insert(principal),
            Err(detail) => {
                extent = Extent::Part(reader.unreadable::<ListAccountAssignments>(None, &wanted, detail));
            }
        }
    }
    Read { seen: principals.into_iter().collect(), extent }
}
