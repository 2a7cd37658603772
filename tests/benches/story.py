"""Prints the organization that collecting is measured on, as a story for `tests/servers/seed.py`: always the same one.

200 users, 40 groups with 1,000 memberships, 10 accounts, 10 permission sets, 50 IAM users.
"""

import json
import random
import sys

USERS, GROUPS, MEMBERSHIPS, ACCOUNTS, PERMISSION_SETS, IAM_USERS = 200, 40, 1000, 10, 10, 50


def main():
    chance = random.Random(20261120)
    users = [f"person{number:03}" for number in range(USERS)]
    groups = [f"AWS-Team-{number:02}" for number in range(GROUPS)]
    accounts = [f"account{number}" for number in range(ACCOUNTS)]
    sets = [f"Set{number}" for number in range(PERMISSION_SETS)]
    each = MEMBERSHIPS // GROUPS
    story = {
        "accounts": [{"key": key, "name": key.capitalize(), "email": f"{key}@corp.example"} for key in accounts],
        "users": [
            {"user_name": name, "display_name": f"Given Family{name[-3:]}", "email": f"{name}@corp.example"}
            for name in users
        ],
        "groups": [{"name": name, "members": sorted(chance.sample(users, each))} for name in groups],
        "permission_sets": [
            {"name": name, "description": name, "managed": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]} for name in sets
        ],
        # Every group has one permission set in two accounts.
        "assignments": [
            {"principal": {"group": group}, "permission_set": sets[number % len(sets)], "account": account}
            for number, group in enumerate(groups)
            for account in chance.sample(accounts, 2)
        ],
        "iam": {
            key: {
                "users": [
                    {
                        "name": f"service{number:02}",
                        "attached": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
                        "access_keys": 1,
                    }
                    for number in range(place, IAM_USERS, ACCOUNTS)
                ]
            }
            for place, key in enumerate(accounts)
        },
    }
    json.dump(story, sys.stdout)


if __name__ == "__main__":
    main()
