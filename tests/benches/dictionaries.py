"""The peer of `rollcall audit` on saved files: the same comparison with dictionaries, `json` and `csv`.

Usage: dictionaries.py SAVED EXPECTED FOLDER     (writes `differences.json` and `population.csv`)

It is what a careful script does: it joins names to ids, compares users, memberships and assignments, lists what
differs, and writes who reaches what by which group with the same columns as Rollcall where it knows them. It keeps no
inputs and no evidence, writes no HTML, takes no digest, syncs nothing, does not know of gaps, nested groups, leavers,
waivers, folded lines, base64 or the many spellings of a distinguished name, and believes every file.
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


def entries(path):
    """The entries of a search, as `ldapsearch -o ldif-wrap=no` writes them."""
    entry = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, separator, value = line.rstrip("\n").partition(": ")
            if separator and name[0] != "#":
                entry.setdefault(name, []).append(value)
            elif line == "\n":
                if "dn" in entry:
                    yield entry
                entry = {}


def expected(folder):
    people = {
        entry["dn"][0].lower(): entry["userPrincipalName"][0].lower()
        for entry in entries(folder / "directory/users-2026-11-19.ldif")
    }
    memberships = {
        (entry["sAMAccountName"][0], people[member.lower()])
        for entry in entries(folder / "directory/groups-2026-11-19.ldif")
        for member in entry["member"]
    }
    with open(folder / "assignments.csv", newline="", encoding="utf-8-sig") as file:
        assignments = {(row["principal"], row["account"], row["permission_set"]) for row in csv.DictReader(file)}
    return set(people.values()), memberships, assignments


def write_population(out, there, should):
    """One row for each person, permission set, account and way."""
    users, memberships, assignments = there
    held_by_group, groups_of = {}, {user: [] for user in users}
    for group, account, name in sorted(assignments):
        held_by_group.setdefault(group, []).append((account, name))
    for group, user in memberships:
        groups_of[user].append(group)
    word = {True: "expected", False: "unintended"}
    out.writerow(
        ["account_id", "principal_type", "user_name", "entitlement_type", "entitlement", "path", "standing",
         "principal_standing", "membership_standing", "entitlement_standing"]
    )  # fmt: skip
    for user in sorted(users):
        known = user in should[0]
        for group in sorted(groups_of[user]):
            member = (group, user) in should[1]
            for account, name in held_by_group.get(group, []):
                granted = (group, account, name) in should[2]
                path = f"{user} → {group} → {name} → {account}"
                out.writerow([account, "user", user, "permission-set", name, path, word[known and member and granted],
                              word[known], word[member], word[granted]])  # fmt: skip


def main():
    saved, lists, folder = map(Path, sys.argv[1:])
    folder.mkdir()
    there, should = actual(saved), expected(lists)
    differences = {}
    for kind, is_there, should_be in zip(("user", "membership", "assignment"), there, should):
        differences[f"unexpected-{kind}"] = sorted(is_there - should_be)
        differences[f"missing-{kind}"] = sorted(should_be - is_there)
    (folder / "differences.json").write_text(json.dumps(differences, indent=2))
    with open(folder / "population.csv", "w", newline="", encoding="utf-8") as file:
        write_population(csv.writer(file), there, should)


if __name__ == "__main__":
    main()
