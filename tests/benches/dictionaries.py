"""The peer of `rollcall audit` on saved files: the same comparison with dictionaries, `json` and `csv`.

Usage: dictionaries.py SAVED EXPECTED FILE     (writes the differences as JSON)

It is what a careful script does: it joins names to ids, compares users, memberships and assignments, and lists what
differs with a sentence's worth of names. It leaves no report, no package and no evidence, does not know of gaps, nested
groups, leavers or waivers, and believes every file.
"""

import csv
import json
import sys
from pathlib import Path


def answers(saved):
    """Every saved answer, with what was asked."""
    with open(saved / "calls.jsonl") as calls:
        next(calls)
        for line in calls:
            call = json.loads(line)
            yield call["command"], call["parameters"], json.loads((saved / call["file"]).read_bytes())


def actual(saved):
    users, groups, sets, members, held = {}, {}, {}, [], []
    for command, asked, answer in answers(saved):
        match command:
            case "identitystore list-users":
                users = {user["UserId"]: user["UserName"].lower() for user in answer["Users"]}
            case "identitystore list-groups":
                groups = {group["GroupId"]: group["DisplayName"] for group in answer["Groups"]}
            case "identitystore list-group-memberships":
                members += [(asked["GroupId"], membership["MemberId"]["UserId"]) for membership in answer["GroupMemberships"]]
            case "sso-admin describe-permission-set":
                sets[answer["PermissionSet"]["PermissionSetArn"]] = answer["PermissionSet"]["Name"]
            case "sso-admin list-account-assignments":
                held += [
                    (row["PrincipalId"], row["AccountId"], row["PermissionSetArn"])
                    for row in answer["AccountAssignments"]
                ]
    memberships = {(groups[group], users[user]) for group, user in members}
    assignments = {(groups[principal], account, sets[arn]) for principal, account, arn in held}
    return set(users.values()), memberships, assignments


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def expected(folder):
    people = {
        row["SamAccountName"].lower(): row["UserPrincipalName"].lower()
        for row in rows(folder / "directory/users-2026-11-19.csv")
    }
    memberships = {
        (row["Group"], people[row["SamAccountName"].lower()])
        for row in rows(folder / "directory/members-2026-11-19.csv")
    }
    assignments = {
        (row["principal"], row["account"], row["permission_set"]) for row in rows(folder / "assignments.csv")
    }
    return set(people.values()), memberships, assignments


def main():
    saved, folder, report = map(Path, sys.argv[1:])
    kinds = ("user", "membership", "assignment")
    differences = {}
    for kind, is_there, should_be in zip(kinds, actual(saved), expected(folder)):
        differences[f"unexpected-{kind}"] = sorted(is_there - should_be)
        differences[f"missing-{kind}"] = sorted(should_be - is_there)
    report.write_text(json.dumps(differences, indent=2))


if __name__ == "__main__":
    main()
