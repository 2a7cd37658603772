"""Asks the simulator everything it knows with boto3, page by page, and compares with what is in its world.

Usage: ask.py URL. It prints how many answers it looked at, and fails at the first that is not as it should be."""

import csv
import io
import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
OWN = {"region_name": "us-east-1", "aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
LOOKED_AT = 0


def client(service, credentials=OWN):
    return boto3.client(service, endpoint_url=URL, config=Config(retries={"total_max_attempts": 1}), **credentials)


def same(found, wanted):
    global LOOKED_AT
    LOOKED_AT += 1
    assert found == wanted, f"{found} is not {wanted}"


def listed(of, operation, field, **parameters):
    """All entries of a listing, by boto3's own paginator where it has one."""
    if not of.can_paginate(operation):
        return getattr(of, operation)(**parameters)[field]
    return [entry for page in of.get_paginator(operation).paginate(**parameters) for entry in page[field]]


def refused(code, call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        same(error.response["Error"]["Code"], code)
    else:
        raise AssertionError(f"this should be {code}")


def people(truth, store):
    asked = client("identitystore")
    of_store = {"IdentityStoreId": store}
    users = listed(asked, "list_users", "Users", **of_store)
    same([user["UserName"] for user in users], truth["users"])
    groups = listed(asked, "list_groups", "Groups", **of_store)
    same([group["DisplayName"] for group in groups], list(truth["groups"]))
    names = {user["UserId"]: user["UserName"] for user in users}
    for group in groups:
        members = listed(asked, "list_group_memberships", "GroupMemberships", GroupId=group["GroupId"], **of_store)
        same([names[member["MemberId"]["UserId"]] for member in members], truth["groups"][group["DisplayName"]])
    first = users[0]
    member = {"MemberId": {"UserId": first["UserId"]}}
    of_first = listed(asked, "list_group_memberships_for_member", "GroupMemberships", **member, **of_store)
    mine = {name for name, members in truth["groups"].items() if first["UserName"] in members}
    same({membership["GroupId"] for membership in of_first}, {group["GroupId"] for group in groups if group["DisplayName"] in mine})
    results = asked.is_member_in_groups(GroupIds=[group["GroupId"] for group in groups[:100]], **member, **of_store)["Results"]
    same(sum(result["MembershipExists"] for result in results), len(mine))
    same(asked.describe_user(UserId=first["UserId"], **of_store)["UserStatus"], "ENABLED")
    same(asked.describe_group(GroupId=groups[0]["GroupId"], **of_store)["DisplayName"], groups[0]["DisplayName"])
    by_name = {"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": first["UserName"]}}
    same(asked.get_user_id(AlternateIdentifier=by_name, **of_store)["UserId"], first["UserId"])
    by_issuer = {"ExternalId": first["ExternalIds"][0]}
    same(asked.get_user_id(AlternateIdentifier=by_issuer, **of_store)["UserId"], first["UserId"])
    by_name = {"UniqueAttribute": {"AttributePath": "displayName", "AttributeValue": groups[1]["DisplayName"]}}
    same(asked.get_group_id(AlternateIdentifier=by_name, **of_store)["GroupId"], groups[1]["GroupId"])
    refused("ResourceNotFoundException", asked.list_users, IdentityStoreId="d-0000000000")
    refused("ResourceNotFoundException", asked.list_group_memberships, GroupId=first["UserId"], **of_store)
    refused("ValidationException", asked.list_users, NextToken="nonsense", **of_store)
    # boto3 itself refuses what its model forbids, so the limit is asked by another listing's size.
    same(len(asked.list_users(MaxResults=7, **of_store)["Users"]), 7)


def center(truth, instance):
    asked = client("sso-admin")
    of_instance = {"InstanceArn": instance}
    same(asked.describe_instance(**of_instance)["Status"], "ACTIVE")
    sets = listed(asked, "list_permission_sets", "PermissionSets", **of_instance)
    described = [asked.describe_permission_set(PermissionSetArn=arn, **of_instance)["PermissionSet"] for arn in sets]
    same([found["Name"] for found in described], truth["permission_sets"])
    assignments = []
    for arn in sets:
        of_set = {"PermissionSetArn": arn, **of_instance}
        policies = listed(asked, "list_managed_policies_in_permission_set", "AttachedManagedPolicies", **of_set)
        same([policy["Name"] for policy in policies], ["ReadOnlyAccess"])
        same(listed(asked, "list_customer_managed_policy_references_in_permission_set", "CustomerManagedPolicyReferences", **of_set), [])
        same(asked.get_inline_policy_for_permission_set(**of_set)["InlinePolicy"], "")
        refused("ResourceNotFoundException", asked.get_permissions_boundary_for_permission_set, **of_set)
        outdated = {"ProvisioningStatus": "LATEST_PERMISSION_SET_NOT_PROVISIONED"}
        same(listed(asked, "list_accounts_for_provisioned_permission_set", "AccountIds", **outdated, **of_set), [])
        for account in listed(asked, "list_accounts_for_provisioned_permission_set", "AccountIds", **of_set):
            assignments += listed(asked, "list_account_assignments", "AccountAssignments", AccountId=account, **of_set)
    flat = [[entry["PermissionSetArn"], entry["AccountId"], entry["PrincipalType"], entry["PrincipalId"]] for entry in assignments]
    same(sorted(flat), sorted(truth["assignments"]))
    account = truth["accounts"][1]
    provisioned = listed(asked, "list_permission_sets_provisioned_to_account", "PermissionSets", AccountId=account, **of_instance)
    same(sorted(provisioned), sorted({arn for arn, of, _, _ in truth["assignments"] if of == account}))
    for kind in ("GROUP", "USER"):
        who = next(entry for entry in truth["assignments"] if entry[2] == kind)[3]
        of_who = {"PrincipalType": kind, "PrincipalId": who, **of_instance}
        mine = listed(asked, "list_account_assignments_for_principal", "AccountAssignments", **of_who)
        same(len(mine), sum(entry[3] == who for entry in truth["assignments"]))
    applications = listed(asked, "list_applications", "Applications", **of_instance)
    same([application["Name"] for application in applications], truth["applications"])
    for application in applications:
        of_application = {"ApplicationArn": application["ApplicationArn"]}
        same(asked.describe_application(**of_application)["Name"], application["Name"])
        same(asked.get_application_assignment_configuration(**of_application)["AssignmentRequired"], True)
        assigned = listed(asked, "list_application_assignments", "ApplicationAssignments", **of_application)
        who = {"PrincipalType": assigned[0]["PrincipalType"], "PrincipalId": assigned[0]["PrincipalId"]}
        mine = listed(asked, "list_application_assignments_for_principal", "ApplicationAssignments", **who, **of_instance)
        same([entry["ApplicationArn"] for entry in mine], [application["ApplicationArn"]])


def entitlements(truth):
    asked = client("account-access")
    (application,) = listed(asked, "list_applications", "applications")
    of_application = {"applicationArn": application["applicationArn"]}
    same(asked.get_application(**of_application)["status"], "ACTIVE")
    found = listed(asked, "list_entitlements", "entitlements", filter={}, **of_application)
    same([entry["entitlementId"] for entry in found], truth["entitlements"])
    one = asked.get_entitlement(entitlementId=found[0]["entitlementId"], **of_application)
    same(one["entitlement"]["principalRole"]["roleArn"], found[0]["entitlement"]["principalRole"]["roleArn"])
    elsewhere = {"principalRole": {"account": "000000000000"}}
    same(listed(asked, "list_entitlements", "entitlements", filter=elsewhere, **of_application), [])


def iam(truth, account, credentials):
    asked = client("iam", credentials)
    users, markers = [], {}
    while True:
        page = asked.get_account_authorization_details(Filter=["User", "Role"], MaxItems=2, **markers)
        users += [user["UserName"] for user in page["UserDetailList"]]
        if not page["IsTruncated"]:
            break
        markers = {"Marker": page["Marker"]}
    same(users, truth["iam_users"][account])
    policies = listed(asked, "get_account_authorization_details", "Policies", Filter=["AWSManagedPolicy"])
    same(all(policy["Arn"].startswith("arn:aws:iam::aws:") for policy in policies), True)
    refused("ReportNotPresent", asked.get_credential_report)
    same([asked.generate_credential_report()["State"] for _ in range(2)], ["STARTED", "COMPLETE"])
    report = list(csv.DictReader(io.StringIO(asked.get_credential_report()["Content"].decode())))
    same([line["user"] for line in report], ["<root_account>", *truth["iam_users"][account]])
    same(asked.get_account_summary()["SummaryMap"]["Users"], len(users))
    refused("NoSuchEntity", asked.get_account_password_policy)
    devices = listed(asked, "list_virtual_mfa_devices", "VirtualMFADevices")
    same(len(devices), sum(line["mfa_active"] == "true" for line in report[1:]))
    same(asked.list_service_specific_credentials(AllUsers=True)["ServiceSpecificCredentials"], [])
    same(listed(asked, "list_account_aliases", "AccountAliases"), [])


def main():
    with urllib.request.urlopen(f"{URL}/simulator/summary") as answer:
        truth = json.load(answer)
    organizations = client("organizations")
    same([account["Id"] for account in listed(organizations, "list_accounts", "Accounts")], truth["accounts"])
    same(all("Status" not in account for account in organizations.list_accounts()["Accounts"]), True)
    same(organizations.describe_organization()["Organization"]["MasterAccountId"], truth["accounts"][0])
    same([root["Name"] for root in listed(organizations, "list_roots", "Roots")], ["Root"])
    unit = organizations.list_accounts()["Accounts"][0]["Paths"][0].split("/")[2]
    same(organizations.describe_organizational_unit(OrganizationalUnitId=unit)["OrganizationalUnit"]["Name"], "Workloads")
    (instance,) = listed(client("sso-admin"), "list_instances", "Instances")
    people(truth, instance["IdentityStoreId"])
    center(truth, instance["InstanceArn"])
    entitlements(truth)
    sts = client("sts")
    same(sts.get_caller_identity()["Account"], truth["accounts"][0])
    iam(truth, truth["accounts"][0], OWN)
    member = truth["accounts"][1]
    role = {"RoleArn": f"arn:aws:iam::{member}:role/RollcallAuditor", "RoleSessionName": "asked"}
    refused("AccessDenied", sts.assume_role, **role)
    credentials = sts.assume_role(ExternalId="agreed", **role)["Credentials"]
    assumed = {
        "region_name": "us-east-1",
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
    same(client("sts", assumed).get_caller_identity()["Account"], member)
    iam(truth, member, assumed)
    refused("AccessDeniedException", client("organizations", assumed).list_accounts)
    print(LOOKED_AT)


main()
