"""Writes the two flattened lists that matching is measured on.

Usage: pairs.py FOLDER ROWS     (writes FOLDER/actual.csv and FOLDER/expected.csv; always the same bytes)

Ten groups a user, four hundred users a group. The actual list goes group by group, as AWS gives it; the expected one
user by user, as a directory may. One row in a thousand of each is missing in the other: `differing(rows)` of them.
"""

import random
import sys
from pathlib import Path

GROUPS_A_USER, GROUP_SIZE = 10, 400


def differing(rows):
    return rows // 1000


def write(path, pairs):
    with open(path, "w", encoding="ascii", newline="\n") as out:
        out.write("user,group\n")
        out.writelines(f"person{user:07}@corp.example.com,AWS-Team-{group:06}\n" for user, group in pairs)


def main():
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(20261120)
    every = rows // differing(rows) + 1
    users, groups = (rows + differing(rows)) // GROUPS_A_USER, range(rows // GROUP_SIZE)
    expected, by_group, number = [], [[] for _ in groups], 0
    for user in range(users):
        for group in chance.sample(groups, GROUPS_A_USER):
            if number % every != 0:
                expected.append((user, group))
            if number % every != every // 2:
                by_group[group].append(user)
            number += 1
    folder.mkdir(parents=True)
    write(folder / "expected.csv", expected)
    write(folder / "actual.csv", ((user, group) for group, inside in enumerate(by_group) for user in inside))


if __name__ == "__main__":
    main()
