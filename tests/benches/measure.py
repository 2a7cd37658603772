"""Measures Rollcall against its peers, in turns, and prints Markdown tables.

Usage: measure.py ROLLCALL FOLDER     (FOLDER takes what is generated; `run.sh` gives both)

Time and memory are the kernel's own account of each process (`wait4`). What the two sides of a comparison found is
checked before it is believed.
"""

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import world

HERE = Path(__file__).resolve().parent
SERVERS = HERE.parent / "servers"
RUNS = 3
# The pace limit is a courtesy to AWS; here it would measure itself.
SETTINGS = """
[aws]
member_role = "OrganizationAccountAccessRole"
requests_per_second = 1000.0
"""


class Run:
    """What one process took: seconds by the clock, seconds of CPU, MiB at its peak."""

    def __init__(self, command, environment, exits_with):
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        said = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != exits_with:
            sys.exit(f"{command[0]} ended with {process.returncode} in place of {exits_with}:\n{said}")
        self.wall = time.monotonic() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def ask(url, method):
    return urllib.request.urlopen(urllib.request.Request(f"{url}/ledger", method=method)).read()


def environment(**more):
    return {"PATH": os.environ["PATH"], "HOME": str(HERE)} | more


def collecting(rollcall, folder):
    """Both clients against one server; calls are counted by the server."""
    story = subprocess.run([sys.executable, HERE / "story.py"], check=True, capture_output=True).stdout
    (folder / "rollcall.toml").write_text(SETTINGS)
    journal, answers = folder / "aws.jsonl", folder / "answers.json"
    with subprocess.Popen(
        [sys.executable, SERVERS / "moto_server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        url = server.stdout.readline().split()[1]
        subprocess.run([sys.executable, SERVERS / "seed.py", url], input=story, check=True, stdout=subprocess.DEVNULL)
        signed_in = environment(
            AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing",
            AWS_DEFAULT_REGION="us-east-1", AWS_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true",
        )  # fmt: skip
        commands = {
            "`rollcall collect`": [rollcall, "collect", "--config", folder / "rollcall.toml", "--to", journal],
            "careful boto3 script": [sys.executable, HERE / "careful_boto3.py", answers],
        }
        runs, calls = {name: [] for name in commands}, {}
        for _ in range(RUNS):
            for name, command in commands.items():
                journal.unlink(missing_ok=True)
                ask(url, "DELETE")
                runs[name].append(Run(command, signed_in, exits_with=0))
                calls[name] = sum(json.loads(ask(url, "GET")).values())
        server.stdin.close()
    print_table("200 users, 40 groups, 1,000 memberships, 11 accounts, 10 permission sets, 50 IAM users", runs, calls)


def judging(rollcall, folder):
    """From files to a finished package; for the peer, to a list of differences and the population."""
    home, store = folder / "world", folder / "reports"
    subprocess.run([sys.executable, HERE / "world.py", home], check=True)
    settings = folder / "empty.toml"
    settings.write_text("")
    saved, expected = home / "saved", home / "expected"
    audit = [rollcall, "audit", "--config", settings, "--from", saved, "--expected", expected, "--no-alert"]
    script = [sys.executable, HERE / "dictionaries.py", saved, expected]
    runs = {"`rollcall audit`": [], "Python dictionaries": []}
    for number in range(RUNS):
        # Each run has a store of its own, as the first run of an organization has.
        runs["`rollcall audit`"].append(Run([*audit, "--to", store / str(number)], environment(), exits_with=3))
        runs["Python dictionaries"].append(Run([*script, store / f"peer-{number}"], environment(), exits_with=0))
    (package,) = (store / "0").glob("packages/manual/*")
    found = json.loads((package / "report.json").read_bytes())["findings"]
    differences = store / "peer-0" / "differences.json"
    by_rule = {rule: sum(finding["rule"] == rule for finding in found) for rule in {finding["rule"] for finding in found}}
    by_peer = {rule: len(listed) for rule, listed in json.loads(differences.read_bytes()).items() if listed}
    if not by_rule == by_peer == world.PLANTED:
        sys.exit(f"planted {world.PLANTED}, Rollcall found {by_rule}, the peer {by_peer}")
    rows, peer_rows = (
        sum(1 for _ in open(population, "rb"))
        for population in (package / "population.csv", store / "peer-0" / "population.csv")
    )
    print(f"population.csv: {rows:,} lines of Rollcall, {peer_rows:,} of the peer\n")
    print_table("20,000 people, 500 groups, 200,000 memberships, 1,500 assignments", runs)


def print_table(title, runs, calls=None):
    """Medians; the ratio is the peer's over Rollcall's."""
    columns = {"CPU s": "cpu", "peak MiB": "memory", "wall s": "wall"}
    medians = {
        name: {column: statistics.median(getattr(run, field) for run in taken) for column, field in columns.items()}
        for name, taken in runs.items()
    }
    head = ["", *(["calls"] if calls else []), *columns]
    print(f"{title}; medians of {RUNS} runs\n")
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for name, values in medians.items():
        cells = [name, *([str(calls[name])] if calls else []), f"{values['CPU s']:.2f}", f"{values['peak MiB']:.0f}",
                 f"{values['wall s']:.2f}"]  # fmt: skip
        print("| " + " | ".join(cells) + " |")
    ours, peer = medians
    ratios = [f"{medians[peer][column] / medians[ours][column]:.1f}×" for column in columns]
    if calls:
        ratios.insert(0, f"{calls[peer] / calls[ours]:.2f}×")
    print("| peer / Rollcall | " + " | ".join(ratios) + " |\n", flush=True)


def main():
    rollcall, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    collecting(rollcall, folder)
    judging(rollcall, folder)


if __name__ == "__main__":
    main()
