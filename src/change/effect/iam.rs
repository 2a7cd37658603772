//! Changes of IAM users.

use super::clash::Clashes;
use super::draft::Draft;
use super::place;
use crate::change::{Change, Planned};
use crate::model::{
    AccountId, Credentials, Extent, IamAccount, IamPolicy, IamUser, Ix, Known, Listing, NameKey, PolicyWay, Sight,
    aws_managed_path, quoted,
};

impl Draft {
    pub(super) fn change_iam_user(&mut self, planned: &Planned) -> Result<(), Clashes> {
        let Some(named) = planned.change.iam_user() else { return Ok(()) };
        let of = self.iam_account(named.account)?;
        let not_there = || Clashes::NotThere(format!("the IAM user {} in {}", quoted(&named.name), named.account));
        let (_, user) = place::iam_user(&self.snapshot, named).ok_or_else(not_there)?;
        match &planned.change {
            Change::DisableIamUser { .. } => self.credentials(of, user, disable),
            Change::EnableIamUser { keys, .. } => self.credentials(of, user, |credentials| {
                credentials.active_keys =
                    credentials.active_keys.saturating_add(keys.len().try_into().unwrap_or(u8::MAX));
                Ok(())
            }),
            Change::DeactivateIamKey { key, .. } => self.credentials(of, user, |credentials| {
                let left = if key.is_some() { credentials.active_keys.checked_sub(1) } else { Some(0) };
                let Some(left) = left.filter(|left| *left < credentials.active_keys) else {
                    return Err(Clashes::Already);
                };
                credentials.active_keys = left;
                Ok(())
            }),
            Change::ActivateIamKey { .. } => self.credentials(of, user, |credentials| {
                credentials.active_keys = credentials.active_keys.saturating_add(1);
                Ok(())
            }),
            Change::DeleteIamUser { .. } => {
                let users = &mut self.snapshot.iam[of.number()].users;
                let kept =
                    users.positions().filter(|(place, _)| *place != user).map(|(_, user)| user.clone()).collect();
                *users = by_name(kept, users.extent().clone());
                Ok(())
            }
            Change::AttachIamPolicy { policy, .. } => {
                let policy = self.policy(of, policy)?;
                self.policies(of, user, |held| match held.iter().any(|own| is_same(own, &policy)) {
                    true => Err(Clashes::Already),
                    false => {
                        held.push(policy);
                        Ok(())
                    }
                })
            }
            Change::DetachIamPolicy { policy, .. } => self.policies(of, user, |held| {
                let before = held.len();
                held.retain(|own| own.way != PolicyWay::Attached || own.arn.as_ref() != Some(policy));
                if held.len() == before { Err(Clashes::Already) } else { Ok(()) }
            }),
            Change::AddIamGroupMember { group, .. } => {
                let given = self.group_policies(of, group)?;
                self.member_of(of, user, |groups| match groups.contains(group) {
                    true => Err(Clashes::Already),
                    false => {
                        groups.push(group.clone());
                        Ok(())
                    }
                })?;
                self.policies(of, user, |held| {
                    held.extend(given);
                    Ok(())
                })
            }
            Change::RemoveIamGroupMember { group, .. } => {
                self.member_of(of, user, |groups| {
                    let before = groups.len();
                    groups.retain(|own| own != group);
                    if groups.len() == before { Err(Clashes::Already) } else { Ok(()) }
                })?;
                self.policies(of, user, |held| {
                    held.retain(|own| own.way != PolicyWay::Group(group.clone()));
                    Ok(())
                })
            }
            Change::CreateIamUser { .. }
            | Change::CreateUser { .. }
            | Change::DeleteUser { .. }
            | Change::CreateGroup { .. }
            | Change::DeleteGroup { .. }
            | Change::AddMember { .. }
            | Change::RemoveMember { .. }
            | Change::AddAssignment { .. }
            | Change::RemoveAssignment { .. } => Ok(()),
        }
    }

    pub(super) fn create_iam_user(&mut self, planned: &Planned) -> Result<(), Clashes> {
        let Change::CreateIamUser { account, name, path, tags, boundary, policies, groups, console } = &planned.change
        else {
            return Ok(());
        };
        let of = self.iam_account(*account)?;
        let mut held: Vec<IamPolicy> =
            policies.iter().map(|policy| self.policy(of, policy)).collect::<Result<_, _>>()?;
        for group in groups {
            held.extend(self.group_policies(of, group)?);
        }
        held.sort();
        held.dedup();
        let boundary = boundary.as_ref().map(|arn| self.policy(of, arn)).transpose()?;
        let mut groups = groups.clone();
        groups.sort();
        let partition = self.snapshot.caller.as_ref().and_then(|caller| caller.partition()).unwrap_or("aws");
        let user = IamUser {
            id: Some(super::made_id(&planned.id)),
            name: name.clone(),
            arn: format!("arn:{partition}:iam::{account}:user{path}{name}"),
            created: None,
            groups,
            policies: held,
            boundary,
            tags: tags.clone(),
            credentials: Known::Is(Credentials {
                password: Some(*console),
                service_credentials: Some(0),
                ..Credentials::default()
            }),
        };
        let users = &mut self.snapshot.iam[of.number()].users;
        if let Some(same) = users.seen().find(|user| NameKey::of(&user.name) == NameKey::of(name)) {
            return Err(Clashes::Taken(same.name.clone()));
        }
        *users = by_name(users.seen().cloned().chain([user]).collect(), users.extent().clone());
        Ok(())
    }

    fn iam_account(&self, account: AccountId) -> Result<Ix<IamAccount>, Clashes> {
        let Some(of) = place::account(&self.snapshot, account) else {
            return Err(Clashes::NotThere(format!("the account {account}")));
        };
        let number = self.snapshot.iam.iter().position(|iam| iam.account == of);
        number.map(Ix::new).ok_or_else(|| Clashes::NotRead(format!("IAM of {account}")))
    }

    fn credentials(
        &mut self,
        of: Ix<IamAccount>,
        user: Ix<IamUser>,
        change: impl FnOnce(&mut Credentials) -> Result<(), Clashes>,
    ) -> Result<(), Clashes> {
        match &mut self.snapshot.iam[of.number()].users[user].credentials {
            Known::Is(credentials) => change(credentials),
            // What is not known stays so.
            Known::Unknown(_) => Ok(()),
        }
    }

    fn policies(
        &mut self,
        of: Ix<IamAccount>,
        user: Ix<IamUser>,
        change: impl FnOnce(&mut Vec<IamPolicy>) -> Result<(), Clashes>,
    ) -> Result<(), Clashes> {
        let held = &mut self.snapshot.iam[of.number()].users[user].policies;
        change(held)?;
        held.sort();
        held.dedup();
        Ok(())
    }

    fn member_of(
        &mut self,
        of: Ix<IamAccount>,
        user: Ix<IamUser>,
        change: impl FnOnce(&mut Vec<String>) -> Result<(), Clashes>,
    ) -> Result<(), Clashes> {
        let groups = &mut self.snapshot.iam[of.number()].users[user].groups;
        change(groups)?;
        groups.sort();
        Ok(())
    }

    /// A managed policy, as whoever has it attached has it.
    fn policy(&self, of: Ix<IamAccount>, arn: &str) -> Result<IamPolicy, Clashes> {
        let policies = &self.snapshot.iam[of.number()].policies;
        let own = policies.seen().find(|policy| policy.arn == arn);
        let document = match (own, policies.extent()) {
            (Some(own), _) => own.document.clone(),
            (None, _) if aws_managed_path(arn).is_some() => self.snapshot.aws_managed.get(arn).cloned(),
            (None, Extent::Whole(_)) => return Err(Clashes::NotThere(format!("the policy {}", quoted(arn)))),
            (None, Extent::Part(_)) => None,
        };
        let name = arn.rsplit('/').next().unwrap_or(arn).to_owned();
        Ok(IamPolicy { way: PolicyWay::Attached, name, arn: Some(arn.to_owned()), document })
    }

    fn group_policies(&self, of: Ix<IamAccount>, name: &str) -> Result<Vec<IamPolicy>, Clashes> {
        let groups = &self.snapshot.iam[of.number()].groups;
        match groups.look_up(&NameKey::of(name), |group| NameKey::of(&group.name)) {
            Sight::Seen(group) => Ok(group.policies.clone()),
            Sight::Absent(_) => Err(Clashes::NotThere(format!("the IAM group {}", quoted(name)))),
            Sight::Unseen(_) => Err(Clashes::NotRead(format!("the IAM group {}", quoted(name)))),
        }
    }
}

fn by_name(users: Vec<IamUser>, extent: Extent) -> Listing<IamUser> {
    Listing::by_key(users, extent, |user| NameKey::of(&user.name))
}

fn is_same(own: &IamPolicy, other: &IamPolicy) -> bool {
    own.way == other.way && own.arn == other.arn
}

fn disable(credentials: &mut Credentials) -> Result<(), Clashes> {
    if !credentials.live() {
        return Err(Clashes::Already);
    }
    credentials.password = Some(false);
    credentials.active_keys = 0;
    credentials.active_certificates = 0;
    credentials.service_credentials = Some(0);
    credentials.oldest_key = None;
    Ok(())
}
