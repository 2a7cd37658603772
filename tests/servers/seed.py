"""Makes a story come true in moto or, as far as that has the services, in winterbaume, which chooses all ids: reads it
as JSON from standard input, prints the ids of what it made as JSON.

Usage: seed.py http://127.0.0.1:PORT < story.json

Every part may be left out. Names refer to each other; an `id` that is given is taken, otherwise moto chooses one.

    {
      "accounts": [{"key": "prod", "name": "Production", "email": "prod@corp.example", "id": "222233334444"}],
      "users": [{"user_name": "alice", "display_name": "Alice Ash", "email": "alice@corp.example", "id": "…"}],
      "groups": [{"name": "AWS-Admins", "description": "…", "members": ["alice"], "id": "…"}],
      "permission_sets": [{"name": "Admin", "description": "…", "managed": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
                           "inline": {policy document}, "customer": ["policy name"], "id": "the whole ARN"}],
      "assignments": [{"principal": {"group": "AWS-Admins"}, "permission_set": "Admin", "account": "prod"}],
      "iam": {"prod": {
        "policies": [{"name": "ops", "document": {policy document}}],
        "groups": [{"name": "ops", "attached": [policy], "inline": {"name": {policy document}}}],
        "users": [{"name": "svc", "groups": ["ops"], "attached": [policy], "inline": {…}, "access_keys": 1, "password": true,
                   "owner": "alice", "service_credentials": 1}],
        "roles": [{"name": "Auditor", "trust": {policy document}, "attached": [policy], "inline": {…}}]}},
      "alerts": {"topic": "rollcall-alerts", "queue": "inbox"},
      "bucket": "rollcall-reports"
    }

A principal is `{"user": user_name}` or `{"group": name}`. An account is a key of `accounts`, or `management`. An
attached policy is an ARN, or the name of one of the account's own `policies`. The queue is subscribed to the topic.

Prints `instance_arn`, `identity_store_id`; `accounts`, `users`, `groups`, `permission_sets` (each name → id or ARN);
`topic_arn`, `queue_url`, `bucket` where the story has them. The ledger of calls starts anew afterwards.
"""

import json
import sys
import urllib.request

import boto3

MANAGEMENT_ACCOUNT = "123456789012"
REGION = "us-east-1"


class Organization:
    """Clients of the management account and, by way of an assumed role, of every other account."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.accounts = {"management": MANAGEMENT_ACCOUNT}
        self.sessions = {"management": boto3.Session("testing", "testing", region_name=REGION)}

    def client(self, service, account="management"):
        if account not in self.sessions:
            role = f"arn:aws:iam::{self.accounts[account]}:role/OrganizationAccountAccessRole"
            assumed = self.client("sts").assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
            self.sessions[account] = boto3.Session(
                assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"], region_name=REGION
            )
        return self.sessions[account].client(service, endpoint_url=self.endpoint)

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        urllib.request.urlopen(urllib.request.Request(self.endpoint + path, data=data, method=method)).read()

    def with_id_of(self, told):
        """Lets the next thing that is made take the id that the story tells, if it tells one."""
        if "id" in told:
            self.ask("POST", "/next-id", told["id"])


def make_accounts(organization, story):
    client = organization.client("organizations")
    client.create_organization(FeatureSet="ALL")
    for account in story.get("accounts", []):
        organization.with_id_of(account)
        made = client.create_account(Email=account["email"], AccountName=account["name"])
        organization.accounts[account["key"]] = made["CreateAccountStatus"]["AccountId"]


def make_directory(organization, story, store):
    client = organization.client("identitystore")
    users, groups = {}, {}
    for user in story.get("users", []):
        display_name = user.get("display_name", user["user_name"])
        given, _, family = display_name.rpartition(" ")
        organization.with_id_of(user)
        fields = {"Emails": [{"Value": user["email"], "Type": "work", "Primary": True}]} if user.get("email") else {}
        users[user["user_name"]] = client.create_user(
            IdentityStoreId=store, UserName=user["user_name"], DisplayName=display_name,
            Name={"GivenName": given or family, "FamilyName": family}, **fields,
        )["UserId"]  # fmt: skip
    for group in story.get("groups", []):
        organization.with_id_of(group)
        fields = {"Description": group["description"]} if group.get("description") else {}
        made = client.create_group(IdentityStoreId=store, DisplayName=group["name"], **fields)["GroupId"]
        groups[group["name"]] = made
        for member in group.get("members", []):
            client.create_group_membership(IdentityStoreId=store, GroupId=made, MemberId={"UserId": users[member]})
    return users, groups


def make_permission_sets(organization, story, instance):
    client = organization.client("sso-admin")
    made = {}
    for told in story.get("permission_sets", []):
        organization.with_id_of(told)
        # Without a duration moto answers with a number where AWS has a text, and the SDK cannot read it.
        fields = {"Description": told["description"]} if told.get("description") else {}
        arn = client.create_permission_set(
            InstanceArn=instance, Name=told["name"], SessionDuration="PT1H", **fields
        )["PermissionSet"]["PermissionSetArn"]  # fmt: skip
        of_set = {"InstanceArn": instance, "PermissionSetArn": arn}
        for policy in told.get("managed", []):
            client.attach_managed_policy_to_permission_set(**of_set, ManagedPolicyArn=policy)
        for name in told.get("customer", []):
            reference = {"Name": name, "Path": "/"}
            client.attach_customer_managed_policy_reference_to_permission_set(
                **of_set, CustomerManagedPolicyReference=reference
            )
        if told.get("inline"):
            client.put_inline_policy_to_permission_set(**of_set, InlinePolicy=json.dumps(told["inline"]))
        made[told["name"]] = arn
    return made


def make_assignments(organization, story, instance, users, groups, permission_sets):
    client = organization.client("sso-admin")
    for told in story.get("assignments", []):
        ((kind, name),) = told["principal"].items()
        made = client.create_account_assignment(
            InstanceArn=instance,
            TargetId=organization.accounts[told["account"]],
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=permission_sets[told["permission_set"]],
            PrincipalType=kind.upper(),
            PrincipalId={"user": users, "group": groups}[kind][name],
        )["AccountAssignmentCreationStatus"]  # fmt: skip
        while made["Status"] == "IN_PROGRESS":
            made = client.describe_account_assignment_creation_status(
                InstanceArn=instance, AccountAssignmentCreationRequestId=made["RequestId"]
            )["AccountAssignmentCreationStatus"]
        assert made["Status"] == "SUCCEEDED", made


def make_iam(organization, account, told):
    client = organization.client("iam", account)
    own = {}
    for policy in told.get("policies", []):
        made = client.create_policy(PolicyName=policy["name"], PolicyDocument=json.dumps(policy["document"]))
        own[policy["name"]] = made["Policy"]["Arn"]

    def grant(entity, holder, attach, put):
        for policy in holder.get("attached", []):
            attach(**entity, PolicyArn=policy if policy.startswith("arn:") else own[policy])
        for name, document in holder.get("inline", {}).items():
            put(**entity, PolicyName=name, PolicyDocument=json.dumps(document))

    for group in told.get("groups", []):
        client.create_group(GroupName=group["name"])
        grant({"GroupName": group["name"]}, group, client.attach_group_policy, client.put_group_policy)
    for user in told.get("users", []):
        entity = {"UserName": user["name"]}
        tags = [{"Key": "Owner", "Value": user["owner"]}] if user.get("owner") else []
        client.create_user(**entity, Tags=tags)
        for group in user.get("groups", []):
            client.add_user_to_group(GroupName=group, **entity)
        grant(entity, user, client.attach_user_policy, client.put_user_policy)
        for _ in range(user.get("access_keys", 0)):
            client.create_access_key(**entity)
        for _ in range(user.get("service_credentials", 0)):
            client.create_service_specific_credential(**entity, ServiceName="bedrock.amazonaws.com")
        if user.get("password"):
            client.create_login_profile(**entity, Password="Correct-Horse-1", PasswordResetRequired=False)
    for role in told.get("roles", []):
        client.create_role(RoleName=role["name"], AssumeRolePolicyDocument=json.dumps(role["trust"]))
        grant({"RoleName": role["name"]}, role, client.attach_role_policy, client.put_role_policy)


def make_alerts(organization, told):
    topics, queues = organization.client("sns"), organization.client("sqs")
    topic = topics.create_topic(Name=told["topic"])["TopicArn"]
    queue = queues.create_queue(QueueName=told["queue"])["QueueUrl"]
    queue_arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    return {"topic_arn": topic, "queue_url": queue}


def main():
    story = json.load(sys.stdin)
    organization = Organization(sys.argv[1])
    make_accounts(organization, story)
    instance = organization.client("sso-admin").list_instances()["Instances"][0]
    arn, store = instance["InstanceArn"], instance["IdentityStoreId"]
    users, groups = make_directory(organization, story, store)
    permission_sets = make_permission_sets(organization, story, arn)
    make_assignments(organization, story, arn, users, groups, permission_sets)
    for account, told in story.get("iam", {}).items():
        make_iam(organization, account, told)
    made = {
        "instance_arn": arn,
        "identity_store_id": store,
        "accounts": organization.accounts,
        "users": users,
        "groups": groups,
        "permission_sets": permission_sets,
    }
    if "alerts" in story:
        made |= make_alerts(organization, story["alerts"])
    if "bucket" in story:
        organization.client("s3").create_bucket(Bucket=story["bucket"])
        made["bucket"] = story["bucket"]
    organization.ask("DELETE", "/ledger")
    json.dump(made, sys.stdout, indent=2, sort_keys=True)


if __name__ == "__main__":
    main()
