"""The peer of matching: DuckDB's full outer join of the same two files, by its own CSV reader, on all cores.

Usage: outer_join.py ACTUAL.csv EXPECTED.csv

It compares names as they stand there; Rollcall folds case and Unicode forms.
"""

import sys

import duckdb

JOIN = """
SELECT count(*) FILTER (a.user IS NOT NULL AND e.user IS NOT NULL), count(*) FILTER (e.user IS NULL),
       count(*) FILTER (a.user IS NULL)
FROM read_csv($actual) a FULL OUTER JOIN read_csv($expected) e ON a.user = e.user AND a."group" = e."group"
"""


def main():
    actual, expected = sys.argv[1:]
    row = duckdb.execute(JOIN, {"actual": actual, "expected": expected}).fetchone()
    print(f"{row[0]} in both, {row[1]} only actual, {row[2]} only expected")


if __name__ == "__main__":
    main()
