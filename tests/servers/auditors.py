"""Makes IAM users and roles in moto, each with one policy, to be used when moto enforces policies.

Usage: auditors.py http://127.0.0.1:PORT < what.json

    {"users": {"name": {policy document}},
     "roles": [{"account": "222233334444", "name": "Auditor", "trust": {policy document}, "policy": {policy document}}]}

The users are the management account's. Prints {user's name: [access key, secret]} as JSON.
"""

import json
import sys

from seed import MANAGEMENT_ACCOUNT, Organization


def main():
    wanted = json.load(sys.stdin)
    organization = Organization(sys.argv[1])
    client, keys = organization.client("iam"), {}
    for name, policy in wanted.get("users", {}).items():
        client.create_user(UserName=name)
        client.put_user_policy(UserName=name, PolicyName="rollcall", PolicyDocument=json.dumps(policy))
        made = client.create_access_key(UserName=name)["AccessKey"]
        keys[name] = [made["AccessKeyId"], made["SecretAccessKey"]]
    for role in wanted.get("roles", []):
        account = role["account"]
        organization.accounts[account] = account
        of_account = organization.client("iam", "management" if account == MANAGEMENT_ACCOUNT else account)
        of_account.create_role(RoleName=role["name"], AssumeRolePolicyDocument=json.dumps(role["trust"]))
        of_account.put_role_policy(RoleName=role["name"], PolicyName="rollcall", PolicyDocument=json.dumps(role["policy"]))
    organization.ask("DELETE", "/ledger")
    json.dump(keys, sys.stdout)


if __name__ == "__main__":
    main()
