"""Assignments and permission sets: requests, their ends, and what is refused."""

from proofs import MANAGEMENT_ACCOUNT, are, claim, is_refused

ABSENT = "00000000-0000-4000-8000-000000000000"


class Writes:
    """Writes about one permission set in one account, for one principal."""

    def __init__(self, aws, name, account=MANAGEMENT_ACCOUNT):
        self.aws, self.name, self.account = aws, name, account
        self.arn = aws.permission_set(name)

    def told(self, principal, kind="USER"):
        place = {"PermissionSetArn": self.arn, "TargetId": self.account, "TargetType": "AWS_ACCOUNT"}
        return {**self.aws.instance, **place, "PrincipalId": principal, "PrincipalType": kind}

    def create(self, principal, **told):
        made = self.aws.sso.create_account_assignment(**{**self.told(principal), **told})
        return made["AccountAssignmentCreationStatus"]

    def delete(self, principal, **told):
        made = self.aws.sso.delete_account_assignment(**{**self.told(principal), **told})
        return made["AccountAssignmentDeletionStatus"]

    def of_creation(self, request):
        asked = {**self.aws.instance, "AccountAssignmentCreationRequestId": request["RequestId"]}
        return self.aws.sso.describe_account_assignment_creation_status(**asked)["AccountAssignmentCreationStatus"]

    def of_deletion(self, request):
        asked = {**self.aws.instance, "AccountAssignmentDeletionRequestId": request["RequestId"]}
        return self.aws.sso.describe_account_assignment_deletion_status(**asked)["AccountAssignmentDeletionStatus"]

    def end(self, look, request):
        """Looks until it ends; it must be under way first."""
        statuses = []
        while not statuses or statuses[-1]["Status"] == "IN_PROGRESS":
            statuses.append(look(request))
            assert len(statuses) < 10, "it does not end"
        assert request["Status"] == "IN_PROGRESS" and len(statuses) > 1, "it was done at once"
        return statuses[-1]

    def assigned(self):
        asked = {**self.aws.instance, "AccountId": self.account, "PermissionSetArn": self.arn}
        return [one["PrincipalId"] for one in self.aws.sso.list_account_assignments(**asked)["AccountAssignments"]]


@claim
def an_assignment_is_under_way_and_listed_once_it_has_succeeded(aws):
    writes, user = Writes(aws, "asked"), aws.user("assigned")
    request = writes.create(user)
    are(request["Status"], "IN_PROGRESS")
    are(writes.assigned(), [])
    are(writes.of_creation(request)["Status"], "IN_PROGRESS")
    are(writes.of_creation(request)["Status"], "SUCCEEDED")
    are(writes.assigned(), [user])
    request = writes.delete(user)
    are([request["Status"], writes.of_deletion(request)["Status"]], ["IN_PROGRESS", "IN_PROGRESS"])
    are(writes.assigned(), [user])
    are(writes.of_deletion(request)["Status"], "SUCCEEDED")
    are(writes.assigned(), [])


@claim
def an_assignment_ends_where_only_its_listing_is_looked_at(aws):
    writes, user = Writes(aws, "listed"), aws.user("listed")
    writes.create(user)
    are([writes.assigned(), writes.assigned(), writes.assigned()], [[], [], [user]])


@claim
def assigned_a_second_time_it_is_assigned_once(aws):
    writes, user = Writes(aws, "twice"), aws.user("twice")
    for _ in range(2):
        are(writes.end(writes.of_creation, writes.create(user))["Status"], "SUCCEEDED")
    are(writes.assigned(), [user])
    are(writes.end(writes.of_deletion, writes.delete(user))["Status"], "SUCCEEDED")
    failed = writes.end(writes.of_deletion, writes.delete(user))
    are([failed["Status"], "404" in failed["FailureReason"]], ["FAILED", True])


@claim
def an_absent_principal_fails_and_keeps_its_assignment(aws):
    writes, user, group = Writes(aws, "orphaned"), aws.user("orphan"), aws.group("orphans")
    failed = writes.end(writes.of_creation, writes.create(ABSENT))
    are([failed["Status"], "was not found in directory" in failed["FailureReason"]], ["FAILED", True])
    failed = writes.end(writes.of_creation, writes.create(user, PrincipalType="GROUP"))
    are(failed["Status"], "FAILED")
    writes.end(writes.of_creation, writes.create(user))
    writes.end(writes.of_creation, writes.create(group, PrincipalType="GROUP"))
    aws.directory.delete_user(**aws.store, UserId=user)
    aws.directory.delete_group(**aws.store, GroupId=group)
    are(sorted(writes.assigned()), sorted([user, group]))
    for principal, kind in ((user, "USER"), (group, "GROUP")):
        failed = writes.end(writes.of_deletion, writes.delete(principal, PrincipalType=kind))
        are(failed["Status"], "FAILED")
        assert failed["FailureReason"].startswith(f"Received a 404 status error: the {kind} assignee {principal} was not found")
    are(sorted(writes.assigned()), sorted([user, group]))


@claim
def an_absent_account_set_or_instance_is_refused_at_once(aws):
    writes, user = Writes(aws, "refused"), aws.user("refused")
    for absent in (
        {"TargetId": "999999999999"},
        {"PermissionSetArn": writes.arn[:-16] + "0" * 16},
        {"InstanceArn": aws.instance["InstanceArn"][:-16] + "0" * 16},
    ):
        for write in (writes.create, writes.delete):
            is_refused("ResourceNotFoundException", write, user, status=400, **absent)


@claim
def one_write_at_a_time_is_under_way_in_an_account_for_a_set(aws):
    writes, others, user = Writes(aws, "one"), Writes(aws, "other"), aws.user("one.at.a.time")
    request = writes.create(user)
    is_refused("ConflictException", writes.delete, user, status=400)
    others.create(user)
    writes.end(writes.of_creation, request)
    writes.end(writes.of_deletion, writes.delete(user))


@claim
def a_write_that_is_sent_again_until_it_is_taken_is_taken(aws):
    writes, user = Writes(aws, "again"), aws.user("sent.again")
    writes.create(user)
    for _ in range(3):
        is_refused("ConflictException", writes.delete, user)
    writes.delete(user)


@claim
def the_sixteenth_request_under_way_is_refused(aws):
    user = aws.user("much.under.way")
    sets = [Writes(aws, f"many-{number}") for number in range(16)]
    taken = []
    for writes in sets[:15]:
        taken.append((writes, writes.create(user)))
    is_refused("ThrottlingException", sets[15].create, user, status=400)
    writes, request = taken[0]
    writes.end(writes.of_creation, request)
    sets[15].create(user)


@claim
def a_request_whose_id_was_lost_is_in_the_list(aws):
    writes, user = Writes(aws, "lost"), aws.user("lost")

    def listed(kind, status):
        ask = aws.sso.get_paginator(f"list_account_assignment_{kind}_status").paginate
        pages = ask(**aws.instance, Filter={"Status": status}, PaginationConfig={"PageSize": 2})
        return [one["RequestId"] for page in pages for one in page[f"AccountAssignments{kind.capitalize()}Status"]]

    request = writes.create(user)["RequestId"]
    assert request in listed("creation", "IN_PROGRESS"), "it is not listed as under way"
    assert request not in listed("creation", "SUCCEEDED"), "it is listed as done"
    assert request not in listed("deletion", "IN_PROGRESS"), "it is listed as a deletion"
    assert request in listed("creation", "SUCCEEDED"), "it is not listed as done"
    request = writes.delete(user)["RequestId"]
    assert request in listed("deletion", "IN_PROGRESS")


@claim
def provisioning_is_under_way_too(aws):
    writes, user = Writes(aws, "provisioned"), aws.user("provisioned")
    told = {**aws.instance, "PermissionSetArn": writes.arn}

    def provision(**target):
        return aws.sso.provision_permission_set(**told, **target)["PermissionSetProvisioningStatus"]

    def look(request):
        asked = {**aws.instance, "ProvisionPermissionSetRequestId": request["RequestId"]}
        return aws.sso.describe_permission_set_provisioning_status(**asked)["PermissionSetProvisioningStatus"]

    here = {"TargetType": "AWS_ACCOUNT", "TargetId": MANAGEMENT_ACCOUNT}
    failed = writes.end(look, provision(**here))
    are([failed["Status"], "404" in failed["FailureReason"]], ["FAILED", True])
    writes.end(writes.of_creation, writes.create(user))
    request = provision(TargetType="ALL_PROVISIONED_ACCOUNTS")
    is_refused("ConflictException", writes.delete, user)
    are(writes.end(look, request)["Status"], "SUCCEEDED")
    ended = writes.end(look, provision(**here))
    are([ended["Status"], ended["AccountId"]], ["SUCCEEDED", MANAGEMENT_ACCOUNT])
    listed = aws.sso.list_permission_set_provisioning_status(**aws.instance)["PermissionSetsProvisioningStatus"]
    assert ended["RequestId"] in [one["RequestId"] for one in listed]
    is_refused("ResourceNotFoundException", aws.sso.provision_permission_set, **told, **{**here, "TargetId": "999999999999"})


@claim
def a_set_in_use_cannot_be_deleted(aws):
    writes, user = Writes(aws, "in-use"), aws.user("in.use")
    told = {**aws.instance, "PermissionSetArn": writes.arn}
    request = writes.create(user)
    is_refused("ConflictException", aws.sso.delete_permission_set, **told, status=400)
    writes.end(writes.of_creation, request)
    is_refused("ConflictException", aws.sso.delete_permission_set, **told, status=400)
    writes.end(writes.of_deletion, writes.delete(user))
    aws.sso.delete_permission_set(**told)
    is_refused("ResourceNotFoundException", aws.sso.delete_permission_set, **told)


@claim
def sets_have_names_of_their_own(aws):
    aws.permission_set("own-name")
    is_refused("ConflictException", aws.permission_set, "own-name", status=400)
