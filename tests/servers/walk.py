"""Asks who has access as one would without further thought: every permission set about every account, by boto3.

Usage: walk.py http://127.0.0.1:PORT     (prints a JSON list of sentences, in the words of `tests/it/support/simulated.rs`)
"""

import json
import sys

import boto3


def main():
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    clients = {
        service: session.client(service, endpoint_url=sys.argv[1])
        for service in ("identitystore", "organizations", "sso-admin")
    }

    def listed(service, operation, field, **asked):
        pages = clients[service].get_paginator(operation).paginate(**asked)
        return [entry for page in pages for entry in page[field]]

    (instance,) = listed("sso-admin", "list_instances", "Instances")
    store = {"IdentityStoreId": instance["IdentityStoreId"]}
    of_instance = {"InstanceArn": instance["InstanceArn"]}
    told = []
    for user in listed("identitystore", "list_users", "Users", **store):
        told.append(f"user `{user['UserName']}` is {user['UserId']}")
    for group in listed("identitystore", "list_groups", "Groups", **store):
        name, group = group["DisplayName"], group["GroupId"]
        told.append(f"group `{name}` is {group}")
        members = listed("identitystore", "list_group_memberships", "GroupMemberships", GroupId=group, **store)
        told += [f"group `{group}` has `{member['MemberId']['UserId']}`" for member in members]
    accounts = [account["Id"] for account in listed("organizations", "list_accounts", "Accounts")]
    told += [f"account {account} is listed" for account in accounts]
    for arn in listed("sso-admin", "list_permission_sets", "PermissionSets", **of_instance):
        of_set = {"PermissionSetArn": arn, **of_instance}
        described = clients["sso-admin"].describe_permission_set(**of_set)["PermissionSet"]
        told.append(f"permission set `{described['Name']}` is {arn}")
        for account in accounts:
            of_pair = {"AccountId": account, **of_set}
            assigned = listed("sso-admin", "list_account_assignments", "AccountAssignments", **of_pair)
            told += [f"`{one['PrincipalId']}` has `{arn}` in {account}" for one in assigned]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
