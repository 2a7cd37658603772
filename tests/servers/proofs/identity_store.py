"""Users, groups and memberships of the Identity Store."""

from proofs import MANAGEMENT_ACCOUNT, are, claim, is_refused

TAKEN = {"code": "ConflictException", "reason": "UNIQUENESS_CONSTRAINT_VIOLATION"}
CHANGED = {"code": "ConflictException", "reason": "CONCURRENT_MODIFICATION"}
ABSENT = "00000000-0000-4000-8000-000000000000"


@claim
def user_names_and_group_names_differ_in_more_than_case(aws):
    aws.user("Case.User")
    other = aws.user("other.user")
    is_refused(**TAKEN, call=lambda: aws.user("case.USER"))
    rename = [{"AttributePath": "userName", "AttributeValue": "CASE.user"}]
    is_refused(**TAKEN, call=lambda: aws.directory.update_user(**aws.store, UserId=other, Operations=rename))
    aws.group("Case Group")
    is_refused(**TAKEN, call=lambda: aws.group("case GROUP"))


@claim
def some_names_are_reserved_or_have_letters_that_are_not_taken(aws):
    for name in ("Administrator", "awsadministrators", "with blank", "x" * 129):
        is_refused("ValidationException", aws.user, name, status=400)


@claim
def a_user_has_one_email_that_no_other_has(aws):
    one, another = ({"Value": f"{name}@Corp.example", "Type": "work"} for name in ("one", "another"))
    is_refused("ValidationException", aws.user, "two.addresses", Emails=[one, another])
    aws.user("first.address", Emails=[one])
    shout = {**one, "Value": one["Value"].upper()}
    is_refused(**TAKEN, call=lambda: aws.user("second.address", Emails=[shout]))
    aws.user("third.address", Emails=[another])


@claim
def a_user_is_a_member_once(aws):
    group, user = aws.group("once"), aws.user("member.once")
    membership = aws.join(group, user)
    is_refused(**TAKEN, call=lambda: aws.join(group, user))
    aws.directory.delete_group_membership(**aws.store, MembershipId=membership)
    aws.join(group, user)


@claim
def what_is_gone_cannot_be_deleted(aws):
    group, user = aws.group("gone"), aws.user("gone")
    membership = aws.join(group, user)
    for delete, told, kind in (
        (aws.directory.delete_group_membership, {"MembershipId": membership}, "GROUP_MEMBERSHIP"),
        (aws.directory.delete_user, {"UserId": user}, "USER"),
        (aws.directory.delete_group, {"GroupId": group}, "GROUP"),
    ):
        delete(**aws.store, **told)
        answer = is_refused("ResourceNotFoundException", delete, **aws.store, **told, status=400)
        are(answer["ResourceType"], kind)
    title = [{"AttributePath": "title", "AttributeValue": "Auditor"}]
    is_refused("ResourceNotFoundException", aws.directory.update_user, **aws.store, UserId=ABSENT, Operations=title)


@claim
def only_the_store_of_an_instance_exists(aws):
    is_refused("ResourceNotFoundException", aws.directory.list_users, IdentityStoreId="d-0123456789")


@claim
def each_change_has_a_revision(aws):
    made = aws.directory.create_group(**aws.store, DisplayName="revised")
    this, first = {**aws.store, "GroupId": made["GroupId"]}, made["Revision"]
    are(aws.directory.describe_group(**this)["Revision"], first)
    words = [{"AttributePath": "description", "AttributeValue": "changed"}]
    second = aws.directory.update_group(**this, Operations=words, Revision=first)["Revision"]
    assert first != second, "the revision stayed"
    described = aws.directory.describe_group(**this)
    are([described["Revision"], described["Description"]], [second, "changed"])
    is_refused(**CHANGED, call=lambda: aws.directory.update_group(**this, Operations=words, Revision=first))
    is_refused(**CHANGED, call=lambda: aws.directory.delete_group(**this, Revision=first))
    aws.directory.delete_group(**this, Revision=second)


@claim
def a_user_is_changed_and_deleted_in_its_revision(aws):
    this = {**aws.store, "UserId": aws.user("revised")}
    first = aws.directory.describe_user(**this)["Revision"]
    renamed = [{"AttributePath": "name.familyName", "AttributeValue": "Ash"}, {"AttributePath": "title"}]
    second = aws.directory.update_user(**this, Operations=renamed)["Revision"]
    are(aws.directory.describe_user(**this)["Name"]["FamilyName"], "Ash")
    is_refused(**CHANGED, call=lambda: aws.directory.update_user(**this, Operations=renamed, Revision=first))
    is_refused(**CHANGED, call=lambda: aws.directory.delete_user(**this, Revision=first))
    aws.directory.delete_user(**this, Revision=second)


@claim
def who_made_it_and_its_status_are_told(aws):
    user, group = aws.user("made"), aws.group("made")
    membership = aws.join(group, user)
    users = [user for page in aws.directory.get_paginator("list_users").paginate(**aws.store) for user in page["Users"]]
    (listed,) = [one for one in users if one["UserId"] == user]
    described = aws.directory.describe_user(**aws.store, UserId=user)
    groups = aws.directory.list_groups(**aws.store)["Groups"]
    (of_group,) = [one for one in groups if one["GroupId"] == group]
    (member,) = aws.directory.list_group_memberships(**aws.store, GroupId=group)["GroupMemberships"]
    for entry in (listed, described, of_group, aws.directory.describe_group(**aws.store, GroupId=group)):
        are(entry["CreatedBy"], f"arn:aws:sts::{MANAGEMENT_ACCOUNT}:user/moto")
        assert entry["CreatedAt"] and entry["Revision"].isdecimal(), entry
    are([listed["UserStatus"], described["UserStatus"]], ["ENABLED", "ENABLED"])
    are([member["MembershipId"], member["CreatedBy"]], [membership, f"arn:aws:sts::{MANAGEMENT_ACCOUNT}:user/moto"])
    are(listed["UserArn"], f"arn:aws:identitystore:::user/{user}")


@claim
def a_name_that_was_deleted_comes_back_with_another_id(aws):
    first = aws.user("again")
    aws.directory.delete_user(**aws.store, UserId=first)
    assert aws.user("again") != first
