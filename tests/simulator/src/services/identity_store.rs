//! The identity store: users, groups, memberships.

use serde_json::{Map, Value, json};

use super::{needed, object, put, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{Audit, Group, Member, STORE, User, World};

pub(crate) fn answer<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    if needed(call, "IdentityStoreId")? != STORE {
        return Err(Refusal::not_found("IDENTITY_STORE"));
    }
    match call.name.as_str() {
        "ListUsers" => {
            let listed = |place: usize| world.users[place].as_ref().filter(|user| !world.late.contains(&user.id));
            Ok(Listing::of(&["Users"], world.users.len(), move |place| listed(place).map(user)).into())
        }
        "ListGroups" => {
            let listed = |place: usize| world.groups[place].as_ref().filter(|group| !world.late.contains(&group.id));
            Ok(Listing::of(&["Groups"], world.groups.len(), move |place| listed(place).map(group)).into())
        }
        "ListGroupMemberships" => {
            let group = known_group(world, call)?;
            let entry = |place: usize| membership(world, group, group.members[place]);
            Ok(Listing::of(&["GroupMemberships"], group.members.len(), entry).into())
        }
        "ListGroupMembershipsForMember" => Ok(memberships_of(world, member(world, call)?).into()),
        "IsMemberInGroups" => is_member(world, call),
        "DescribeUser" => Ok(Answer::One(user(known_user(world, needed(call, "UserId")?)?))),
        "DescribeGroup" => Ok(Answer::One(group(known_group(world, call)?))),
        "GetUserId" => {
            let found = world.users().find(|user| is_user(user, &call.parameters));
            let user = found.ok_or_else(|| Refusal::not_found("USER"))?;
            Ok(Answer::One(json!({"UserId": user.id, "IdentityStoreId": STORE})))
        }
        "GetGroupId" => {
            let found = world.groups().find(|group| is_group(group, &call.parameters));
            let group = found.ok_or_else(|| Refusal::not_found("GROUP"))?;
            Ok(Answer::One(json!({"GroupId": group.id, "IdentityStoreId": STORE})))
        }
        _ => Err(unknown(call)),
    }
}

fn known_user<'w>(world: &'w World, id: &str) -> Result<&'w User, Refusal> {
    world.user(id).ok_or_else(|| Refusal::not_found("USER"))
}

fn known_group<'w>(world: &'w World, call: &Call) -> Result<&'w Group, Refusal> {
    world.group(needed(call, "GroupId")?).ok_or_else(|| Refusal::not_found("GROUP"))
}

/// The place of the user that `MemberId` names.
fn member(world: &World, call: &Call) -> Result<u32, Refusal> {
    let id = call.parameters["MemberId"]["UserId"].as_str();
    let place = id.and_then(|id| world.user_places.get(id));
    place.copied().ok_or_else(|| Refusal::not_found("USER"))
}

fn memberships_of(world: &World, place: u32) -> Listing<'_> {
    let of_group = |group: &Group| {
        let member = group.members.iter().find(|member| member.user == place)?;
        membership(world, group, *member)
    };
    Listing::whole(&["GroupMemberships"], world.groups().filter_map(of_group).collect())
}

fn is_member(world: &World, call: &Call) -> Result<Answer<'static>, Refusal> {
    let place = member(world, call)?;
    let groups: Vec<&str> =
        call.parameters["GroupIds"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !(1..=100).contains(&groups.len()) {
        return Err(Refusal::invalid("GroupIds has 1 to 100 entries"));
    }
    let result = |id: &&str| {
        let group = world.group(id).ok_or_else(|| Refusal::not_found("GROUP"))?;
        let is_member = group.members.iter().any(|member| member.user == place);
        Ok(json!({"GroupId": id, "MemberId": call.parameters["MemberId"], "MembershipExists": is_member}))
    };
    let results = groups.iter().map(result).collect::<Result<Vec<_>, Refusal>>()?;
    Ok(Answer::One(json!({"Results": results})))
}

fn is_user(user: &User, parameters: &Value) -> bool {
    let wanted = &parameters["AlternateIdentifier"];
    let (path, value) = (&wanted["UniqueAttribute"]["AttributePath"], &wanted["UniqueAttribute"]["AttributeValue"]);
    match (path.as_str().map(str::to_lowercase).as_deref(), value.as_str()) {
        (Some("username"), Some(value)) => user.name.eq_ignore_ascii_case(value),
        (Some("emails.value"), Some(value)) => user.mail.as_deref() == Some(value),
        _ => has_external_id(user.external_id.as_ref(), &wanted["ExternalId"]),
    }
}

fn is_group(group: &Group, parameters: &Value) -> bool {
    let wanted = &parameters["AlternateIdentifier"];
    match wanted["UniqueAttribute"]["AttributeValue"].as_str() {
        Some(value) => group.name == value,
        None => has_external_id(group.external_id.as_ref(), &wanted["ExternalId"]),
    }
}

fn has_external_id(known: Option<&(String, String)>, wanted: &Value) -> bool {
    known.is_some_and(|(issuer, id)| wanted["Issuer"] == issuer.as_str() && wanted["Id"] == id.as_str())
}

fn user(user: &User) -> Value {
    let mut entry = object([
        ("IdentityStoreId", STORE.into()),
        ("UserId", user.id.as_str().into()),
        ("UserArn", format!("arn:aws:identitystore:::user/{}", user.id).into()),
        ("Revision", "1".into()),
        ("UserName", user.name.as_str().into()),
    ]);
    let mut name = object([]);
    put(&mut name, "GivenName", user.given.as_deref());
    put(&mut name, "FamilyName", user.family.as_deref());
    if !name.is_empty() {
        entry.insert("Name".to_owned(), name.into());
    }
    if let Some(mail) = &user.mail {
        entry.insert("Emails".to_owned(), json!([{"Value": mail, "Type": "work", "Primary": true}]));
    }
    put(&mut entry, "DisplayName", user.display_name.as_deref());
    put(&mut entry, "UserStatus", user.status.as_deref());
    put(&mut entry, "UserType", user.user_type.as_deref());
    put(&mut entry, "Title", user.title.as_deref());
    external_id(&mut entry, user.external_id.as_ref());
    audited(&mut entry, &user.audit);
    entry.into()
}

fn group(group: &Group) -> Value {
    let mut entry = object([
        ("IdentityStoreId", STORE.into()),
        ("GroupId", group.id.as_str().into()),
        ("GroupArn", format!("arn:aws:identitystore:::group/{}", group.id).into()),
        ("Revision", "1".into()),
        ("DisplayName", group.name.as_str().into()),
    ]);
    put(&mut entry, "Description", group.description.as_deref());
    external_id(&mut entry, group.external_id.as_ref());
    audited(&mut entry, &group.audit);
    entry.into()
}

fn membership(world: &World, group: &Group, member: Member) -> Option<Value> {
    let user = world.users[member.user as usize].as_ref()?;
    let mut entry = object([
        ("IdentityStoreId", STORE.into()),
        ("MembershipId", member.id().into()),
        ("MembershipArn", format!("arn:aws:identitystore:::membership/{}", member.id()).into()),
        ("GroupId", group.id.as_str().into()),
        ("MemberId", json!({"UserId": user.id})),
    ]);
    audited(&mut entry, &member.audit());
    Some(entry.into())
}

fn external_id(entry: &mut Map<String, Value>, id: Option<&(String, String)>) {
    if let Some((issuer, id)) = id {
        entry.insert("ExternalIds".to_owned(), json!([{"Issuer": issuer, "Id": id}]));
    }
}

fn audited(entry: &mut Map<String, Value>, audit: &Audit) {
    for (name, at) in [("CreatedAt", audit.created_at), ("UpdatedAt", audit.updated_at)] {
        if at != 0 {
            entry.insert(name.to_owned(), at.into());
        }
    }
    put(entry, "CreatedBy", Some(&audit.created_by));
    put(entry, "UpdatedBy", Some(&audit.updated_by));
}
