"""Writes the world that judging is measured on: saved AWS CLI output and the lists that should agree with it.

Usage: world.py FOLDER PEOPLE     (writes FOLDER/saved and FOLDER/expected; always the same bytes)

Ten memberships a person, in groups of 400; 20 accounts, 40 permission sets, an assignment for each group on average;
the directory as `ldapsearch` exports it, users and groups with their members. All is in order but for what `PLANTED`
says: that many findings, and no more, are there to be found.
"""

import base64
import json
import random
import struct
import sys
import uuid
from pathlib import Path

GROUP_SIZE, GROUPS_A_PERSON, ACCOUNTS, SETS = 400, 10, 20, 40
PLANTED = {"unexpected-membership": 7, "missing-membership": 5, "unexpected-assignment": 3}

STORE = "d-9967750fbd"
INSTANCE = "arn:aws:sso:::instance/ssoins-7223f02c4f6f7a2b"
SUFFIX = "OU=Staff,DC=corp,DC=example,DC=com"
chance = random.Random(20261120)


def guid():
    return str(uuid.UUID(int=chance.getrandbits(128)))


class World:
    """Both halves: the directory's, and AWS's with the planted deviations."""

    def __init__(self, people):
        self.people = [f"person{number:07}" for number in range(people)]
        self.ids = {name: guid() for name in self.people}
        groups = people * GROUPS_A_PERSON // GROUP_SIZE
        self.groups = {f"AWS-Team-{number:05}": guid() for number in range(groups)}
        self.expected = {group: set(chance.sample(self.people, GROUP_SIZE)) for group in self.groups}
        self.actual = {group: set(members) for group, members in self.expected.items()}
        self.accounts = [f"{111100000000 + number * 1111}" for number in range(ACCOUNTS)]
        self.sets = {f"Set{number:02}": f"arn:aws:sso:::permissionSet/ssoins-7223f02c4f6f7a2b/ps-{number:016x}"
                     for number in range(SETS)}  # fmt: skip
        names, places = list(self.groups), [(account, name) for account in self.accounts for name in self.sets]
        drawn = chance.sample(range(groups * len(places)), groups + PLANTED["unexpected-assignment"])
        drawn = [(names[number // len(places)], *places[number % len(places)]) for number in drawn]
        self.expected_assignments = sorted(drawn[:groups])
        self.actual_assignments = sorted(drawn)
        for group in chance.sample(sorted(self.groups), PLANTED["unexpected-membership"]):
            self.actual[group].add(chance.choice([name for name in self.people if name not in self.actual[group]]))
        untouched = [group for group in sorted(self.groups) if self.actual[group] == self.expected[group]]
        for group in chance.sample(untouched, PLANTED["missing-membership"]):
            self.actual[group].remove(chance.choice(sorted(self.actual[group])))


class Saved:
    """A folder of saved AWS CLI output, as `rollcall collect --print-commands` writes it."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(parents=True)
        scope = {"identity_center": True, "iam": "nowhere"}
        self.lines = [json.dumps({"format": "rollcall-calls", "version": 1, "scope": scope})]

    def call(self, command, parameters, answer):
        file = f"{len(self.lines):05}-{command.replace(' ', '-')}.json"
        (self.folder / file).write_text(json.dumps(answer, indent=4) + "\n")
        self.lines.append(json.dumps({
            "command": command, "parameters": parameters, "account": None, "start": "2026-11-20T07:58:00Z",
            "end": "2026-11-20T07:58:01Z", "exit_code": 0, "file": file,
        }))  # fmt: skip

    def close(self):
        (self.folder / "calls.jsonl").write_text("\n".join(self.lines) + "\n")


def save(world, folder):
    saved = Saved(folder)
    caller = "arn:aws:sts::111100000000:assumed-role/RollcallAuditor/rollcall"
    saved.call("sts get-caller-identity", {}, {"UserId": "AROA:rollcall", "Account": "111100000000", "Arn": caller})
    accounts = [{"Id": account, "Name": f"Account {account}", "State": "ACTIVE", "JoinedMethod": "CREATED",
                 "Arn": f"arn:aws:organizations::111100000000:account/o-a1b2c3d4e5/{account}",
                 "Email": f"{account}@corp.example.com"} for account in world.accounts]  # fmt: skip
    saved.call("organizations list-accounts", {}, {"Accounts": accounts})
    instance = {"InstanceArn": INSTANCE, "IdentityStoreId": STORE, "OwnerAccountId": "111100000000", "Status": "ACTIVE"}
    saved.call("sso-admin list-instances", {}, {"Instances": [instance]})
    users = [{"UserName": f"{name}@corp.example.com", "UserId": world.ids[name], "DisplayName": f"Given {name}",
              "Name": {"GivenName": "Given", "FamilyName": name}, "UserStatus": "ENABLED", "IdentityStoreId": STORE,
              "Emails": [{"Value": f"{name}@corp.example.com", "Type": "work", "Primary": True}]}
             for name in world.people]  # fmt: skip
    saved.call("identitystore list-users", {"IdentityStoreId": STORE}, {"Users": users})
    groups = [{"GroupId": group, "DisplayName": name, "IdentityStoreId": STORE} for name, group in world.groups.items()]
    saved.call("identitystore list-groups", {"IdentityStoreId": STORE}, {"Groups": groups})
    for name, group in world.groups.items():
        members = [{"IdentityStoreId": STORE, "MembershipId": guid(), "GroupId": group,
                    "MemberId": {"UserId": world.ids[member]}} for member in sorted(world.actual[name])]  # fmt: skip
        parameters = {"IdentityStoreId": STORE, "GroupId": group}
        saved.call("identitystore list-group-memberships", parameters, {"GroupMemberships": members})
    save_permission_sets(world, saved)
    saved.close()


def save_permission_sets(world, saved):
    arns = list(world.sets.values())
    saved.call("sso-admin list-permission-sets", {"InstanceArn": INSTANCE}, {"PermissionSets": arns})
    for name, arn in world.sets.items():
        asked = {"InstanceArn": INSTANCE, "PermissionSetArn": arn}
        described = {"Name": name, "PermissionSetArn": arn, "CreatedDate": "2026-01-15T09:00:00+00:00"}
        managed = [{"Name": "ReadOnlyAccess", "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]
        holders = [(group, account) for group, account, held in world.actual_assignments if held == name]
        accounts = sorted({account for _, account in holders})
        for command, answer in {
            "describe-permission-set": {"PermissionSet": described},
            "list-managed-policies-in-permission-set": {"AttachedManagedPolicies": managed},
            "list-customer-managed-policy-references-in-permission-set": {"CustomerManagedPolicyReferences": []},
            "get-inline-policy-for-permission-set": {"InlinePolicy": ""},
            "list-accounts-for-provisioned-permission-set": {"AccountIds": accounts},
        }.items():
            saved.call(f"sso-admin {command}", asked, answer)
        for account in accounts:
            held = [{"AccountId": account, "PermissionSetArn": arn, "PrincipalType": "GROUP",
                     "PrincipalId": world.groups[group]} for group, where in holders if where == account]  # fmt: skip
            saved.call("sso-admin list-account-assignments", asked | {"AccountId": account}, {"AccountAssignments": held})


def expect(world, folder):
    (folder / "directory").mkdir(parents=True)
    lines = [f"group,{group},{account},{name}\n" for group, account, name in world.expected_assignments]
    (folder / "assignments.csv").write_text("principal_type,principal,account,permission_set\n" + "".join(lines))
    export(folder / "directory/users-2026-11-19.ldif", (
        ({"objectClass": ["top", "person", "organizationalPerson", "user"], "cn": f"Given {name}", "sn": name,
          "givenName": "Given", "displayName": f"Given {name}", "userAccountControl": "512", "sAMAccountName": name,
          "accountExpires": "9223372036854775807", "userPrincipalName": f"{name}@corp.example.com",
          "mail": f"{name}@corp.example.com"}, 1_000 + number)
        for number, name in enumerate(world.people)
    ))  # fmt: skip
    export(folder / "directory/groups-2026-11-19.ldif", (
        ({"objectClass": ["top", "group"], "cn": group, "sAMAccountName": group, "groupType": "-2147483646",
          "member": [f"CN=Given {name},{SUFFIX}" for name in sorted(world.expected[group])]}, 9_000_000 + number)
        for number, group in enumerate(world.groups)
    ))  # fmt: skip


def export(path, entries):
    """A search as `ldapsearch -o ldif-wrap=no` writes it."""
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("# extended LDIF\n#\n# LDAPv3\n#\n\n")
        count = 0
        for count, (attributes, rid) in enumerate(entries, 1):
            out.write(f"# {attributes['cn']}, Staff, corp.example.com\ndn: CN={attributes['cn']},{SUFFIX}\n")
            for name, values in attributes.items():
                out.writelines(f"{name}: {value}\n" for value in ([values] if isinstance(values, str) else values))
            sid = struct.pack("<BB6sIIIII", 1, 5, b"\0\0\0\0\0\5", 21, 1111111111, 2222222222, 3333333333, rid)
            identifier = chance.randbytes(16)
            out.write(f"objectGUID:: {base64.b64encode(identifier).decode()}\n")
            out.write(f"objectSid:: {base64.b64encode(sid).decode()}\nwhenChanged: 20261118093000.0Z\n\n")
        out.write(f"# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: {count + 1}\n# numEntries: {count}\n")


def main():
    folder = Path(sys.argv[1])
    world = World(int(sys.argv[2]))
    save(world, folder / "saved")
    expect(world, folder / "expected")


if __name__ == "__main__":
    main()
