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
    users, groups = rows // GROUPS_A_USER, rows // GROUP_SIZE
    left_out = differing(rows)
    pairs = set()
    while len(pairs) < rows + left_out:
        pairs.add((int(chance.random() * users), int(chance.random() * groups)))
    pairs = sorted(pairs)
    chance.shuffle(order := list(range(len(pairs))))
    only_actual, only_expected = set(order[:left_out]), set(order[left_out : 2 * left_out])
    folder.mkdir(parents=True)
    actual = (pair for place, pair in enumerate(pairs) if place not in only_expected)
    write(folder / "actual.csv", sorted(actual, key=lambda pair: (pair[1], pair[0])))
    write(folder / "expected.csv", (pair for place, pair in enumerate(pairs) if place not in only_actual))


if __name__ == "__main__":
    main()
