"""The faults that befall who changes AWS, and the ledger."""

from proofs import READ_ONLY, are, claim, is_refused
from proofs.assignments import Writes


def attached(aws, user):
    return [one["PolicyArn"] for one in aws.iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]]


@claim
def answers_come_from_before_a_change(aws):
    aws.iam.create_user(UserName="stale")
    aws.fail(operation="iam:AttachUserPolicy", fault="stale", answers=2, times=1)
    aws.iam.attach_user_policy(UserName="stale", PolicyArn=READ_ONLY)
    are([attached(aws, "stale") for _ in range(3)], [[], [], [READ_ONLY]])
    aws.fail(operation="iam:CreateUser", fault="stale", answers=1, times=1, reads=["iam:GetUser"])
    aws.iam.create_user(UserName="stale-too")
    aws.iam.list_users()
    is_refused("NoSuchEntity", aws.iam.get_user, UserName="stale-too")
    aws.iam.get_user(UserName="stale-too")
    # A change is made to what is there.
    aws.fail(operation="iam:CreateUser", fault="stale", answers=1, times=1)
    aws.iam.create_user(UserName="stale-three")
    aws.iam.attach_user_policy(UserName="stale-three", PolicyArn=READ_ONLY)
    is_refused("NoSuchEntity", aws.iam.get_user, UserName="stale-three")
    are(attached(aws, "stale-three"), [READ_ONLY])


@claim
def answers_of_identity_center_come_from_before_a_change(aws):
    writes, user = Writes(aws, "stale"), aws.user("stale")
    aws.fail(operation="sso:CreateAccountAssignment", fault="stale", answers=2)
    request = writes.create(user)
    are(writes.end(writes.of_creation, request)["Status"], "SUCCEEDED")
    are([writes.assigned() for _ in range(3)], [[], [], [user]])
    aws.fail(operation="identitystore:DeleteUser", fault="stale", answers=1, lose=True)
    is_refused("InternalServerException", aws.directory.delete_user, **aws.store, UserId=user, status=500)
    aws.directory.describe_user(**aws.store, UserId=user)
    is_refused("ResourceNotFoundException", aws.directory.describe_user, **aws.store, UserId=user)


@claim
def a_request_never_settles(aws):
    writes, user = Writes(aws, "never"), aws.user("never")
    aws.fail(operation="sso:CreateAccountAssignment", fault="never-settles", times=1)
    request = writes.create(user)
    are({writes.of_creation(request)["Status"] for _ in range(9)}, {"IN_PROGRESS"})
    is_refused("ConflictException", writes.delete, user)
    are(writes.assigned(), [])
    aws.ask("DELETE", "/faults")
    are(writes.end(writes.of_creation, request)["Status"], "SUCCEEDED")


@claim
def a_request_ends_failed(aws):
    writes, user = Writes(aws, "failing"), aws.user("failing")
    aws.fail(operation="sso:CreateAccountAssignment", fault="end-failed", message="Role quota exceeded", times=1)
    ended = writes.end(writes.of_creation, writes.create(user))
    are([ended["Status"], ended["FailureReason"], writes.assigned()], ["FAILED", "Role quota exceeded", []])


@claim
def somebody_else_changes_something_after_the_second_write(aws):
    for name in ("ours", "shared"):
        aws.iam.create_user(UserName=name)
    call = {"service": "iam", "operation": "attach_user_policy", "parameters": {"UserName": "shared", "PolicyArn": READ_ONLY}}
    aws.ask("DELETE", "/ledger")
    aws.fail(operation="*", only="writes", fault="someone-else", after=1, times=1, call=call)
    aws.iam.create_access_key(UserName="ours")
    are(attached(aws, "shared"), [])
    aws.iam.create_access_key(UserName="ours")
    are(attached(aws, "shared"), [READ_ONLY])
    are(aws.ask("GET", "/ledger/writes"), {"iam:CreateAccessKey": 2})


@claim
def somebody_else_comes_before_a_write(aws):
    aws.iam.create_user(UserName="contested")
    call = {"service": "iam", "operation": "delete_user", "parameters": {"UserName": "contested"}}
    aws.fail(operation="iam:DeleteUser", fault="someone-else", when="before", call=call)
    is_refused("NoSuchEntity", aws.iam.delete_user, UserName="contested")


@claim
def somebody_else_calls_into_another_account(aws):
    member = aws.organization.create_account(Email="m@corp.example", AccountName="member")["CreateAccountStatus"]["AccountId"]
    call = {"service": "iam", "operation": "create_user", "parameters": {"UserName": "theirs"}, "account": member}
    aws.fail(operation="iam:CreateUser", fault="someone-else", times=1, call=call)
    aws.iam.create_user(UserName="ours-again")
    is_refused("NoSuchEntity", aws.iam.get_user, UserName="theirs")
    are(aws.client_of(member).get_user(UserName="theirs")["User"]["Arn"], f"arn:aws:iam::{member}:user/theirs")


@claim
def the_answer_to_a_change_is_lost(aws):
    aws.fail(operation="iam:Create*", fault="lose-answer", times=1)
    is_refused("ServiceFailure", aws.iam.create_user, UserName="lost-answer", status=500)
    aws.iam.get_user(UserName="lost-answer")


@claim
def the_ledger_tells_writes_apart_and_in_order(aws):
    aws.ask("DELETE", "/ledger")
    aws.iam.list_users()
    aws.iam.generate_credential_report()
    are(aws.ask("GET", "/ledger/writes"), {})
    aws.iam.create_user(UserName="in-the-ledger")
    aws.iam.delete_user(UserName="in-the-ledger")
    is_refused("NoSuchEntity", aws.iam.delete_user, UserName="in-the-ledger")
    are(aws.ask("GET", "/ledger/writes"), {"iam:CreateUser": 1, "iam:DeleteUser": 2})
    calls = [(operation, told["UserName"]) for operation, _, told in aws.ask("GET", "/ledger/calls")]
    are(calls, [(f"iam:{name}", "in-the-ledger") for name in ("CreateUser", "DeleteUser", "DeleteUser")])
