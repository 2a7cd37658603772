"""The peer of `rollcall collect`: the same facts by boto3, with no call that could be spared, in one process.

Usage: careful_boto3.py FILE     (writes the answers as one JSON document)

It is what somebody writes who knows the services well: one client a service, whole pages, IAM by the one listing that
has it all, assignments by the accounts that a set is provisioned to. What it does not do: keep its pace, tell a
refusal from nothing, or notice a listing that was cut.
"""

import base64
import json
import sys
import time

import boto3

ROLE = "OrganizationAccountAccessRole"


def listed(client, operation, key, **parameters):
    """All items of all pages."""
    if client.can_paginate(operation):
        pages = client.get_paginator(operation).paginate(**parameters)
        return [item for page in pages for item in page[key]]
    return getattr(client, operation)(**parameters)[key]


def identity_store(store):
    client = boto3.client("identitystore")
    users = listed(client, "list_users", "Users", IdentityStoreId=store)
    groups = listed(client, "list_groups", "Groups", IdentityStoreId=store)
    memberships = {
        group["GroupId"]: listed(
            client, "list_group_memberships", "GroupMemberships", IdentityStoreId=store, GroupId=group["GroupId"]
        )
        for group in groups
    }
    return {"users": users, "groups": groups, "memberships": memberships}


def permission_sets(client, instance):
    found = []
    for arn in listed(client, "list_permission_sets", "PermissionSets", InstanceArn=instance):
        of_set = {"InstanceArn": instance, "PermissionSetArn": arn}
        accounts = listed(client, "list_accounts_for_provisioned_permission_set", "AccountIds", **of_set)
        outdated = {"ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}
        outdated = accounts and listed(
            client, "list_accounts_for_provisioned_permission_set", "AccountIds", **of_set, **outdated
        )
        try:
            boundary = client.get_permissions_boundary_for_permission_set(**of_set)["PermissionsBoundary"]
        except client.exceptions.ResourceNotFoundException:
            boundary = None
        found.append({
            "set": client.describe_permission_set(**of_set)["PermissionSet"],
            "managed": listed(client, "list_managed_policies_in_permission_set", "AttachedManagedPolicies", **of_set),
            "customer": listed(
                client, "list_customer_managed_policy_references_in_permission_set",
                "CustomerManagedPolicyReferences", **of_set,
            ),
            "inline": client.get_inline_policy_for_permission_set(**of_set)["InlinePolicy"],
            "boundary": boundary,
            "outdated": outdated,
            "assignments": [
                assignment
                for account in accounts
                for assignment in listed(
                    client, "list_account_assignments", "AccountAssignments", AccountId=account, **of_set
                )
            ],
        })  # fmt: skip
    return found


def applications(client, instance):
    found = {}
    for application in listed(client, "list_applications", "Applications", InstanceArn=instance):
        arn = application["ApplicationArn"]
        assigned = listed(client, "list_application_assignments", "ApplicationAssignments", ApplicationArn=arn)
        found[arn] = assigned or client.get_application_assignment_configuration(ApplicationArn=arn)
    return found


def entitlements(accounts):
    client = boto3.client("account-access")
    return [
        entitlement
        for application in listed(client, "list_applications", "applications")
        for account in accounts
        for entitlement in listed(
            client, "list_entitlements", "entitlements", applicationArn=application["applicationArn"],
            filter={"principalRole": {"account": account}},
        )
    ]  # fmt: skip


def iam(account, caller):
    session = boto3.Session()
    if account != caller:
        role = f"arn:aws:iam::{account}:role/{ROLE}"
        assumed = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="bench")["Credentials"]
        session = boto3.Session(assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])
    client = session.client("iam")
    details = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    wanted = ["User", "Group", "LocalManagedPolicy"]
    pages = client.get_paginator("get_account_authorization_details")
    for page in pages.paginate(Filter=wanted, PaginationConfig={"PageSize": 1000}):
        for key, items in details.items():
            items.extend(page[key])
    client.generate_credential_report()
    while True:
        try:
            report = client.get_credential_report()["Content"]
            break
        except (client.exceptions.CredentialReportNotPresentException, client.exceptions.CredentialReportNotReadyException):
            time.sleep(2)
    return details | {
        "credential_report": base64.b64encode(report).decode(),
        "summary": client.get_account_summary()["SummaryMap"],
        "second_factors": listed(client, "list_virtual_mfa_devices", "VirtualMFADevices", AssignmentStatus="Assigned"),
        "service_credentials": client.list_service_specific_credentials(AllUsers=True)["ServiceSpecificCredentials"],
    }


def main():
    caller = boto3.client("sts").get_caller_identity()
    sso_admin = boto3.client("sso-admin")
    (instance,) = listed(sso_admin, "list_instances", "Instances")
    accounts = listed(boto3.client("organizations"), "list_accounts", "Accounts")
    answers = {
        "caller": caller,
        "instance": instance,
        "accounts": accounts,
        "identity_store": identity_store(instance["IdentityStoreId"]),
        "permission_sets": permission_sets(sso_admin, instance["InstanceArn"]),
        "applications": applications(sso_admin, instance["InstanceArn"]),
        "entitlements": entitlements([account["Id"] for account in accounts]),
        "iam": {account["Id"]: iam(account["Id"], caller["Account"]) for account in accounts},
    }
    with open(sys.argv[1], "w") as file:
        json.dump(answers, file, default=str)


if __name__ == "__main__":
    main()
