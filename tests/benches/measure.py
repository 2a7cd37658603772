"""Measures Rollcall against its peers, in turns, and prints Markdown tables.

Usage: measure.py ROLLCALL MATCHING FOLDER [PART …]     (FOLDER takes what is generated; `run.sh` gives all)

Parts are `collecting`, `simulated`, `judging`, `matching`, and `ten-million`, which takes minutes and 12 GB and is measured only
where it is named.

Time and memory are the kernel's own account of each process (`wait4`). What the two sides of a comparison found is
checked before it is believed.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pairs
import world

HERE = Path(__file__).resolve().parent
SERVERS = HERE.parent / "servers"
RUNS = 3
# The questions to Identity Center of which each needs the one before: who asks, which instance, its permission sets, the
# accounts of one, and who has it there.
CHAIN = 5
# What is simulated: world, requests a second, how many of them at once, and how many seconds an answer takes.
SIMULATED = [
    *[(world, 0, 0, 0) for world in ("careful", "small", "large", "people:100000")],
    *[(world, 20, 20, latency) for latency in (0, 1) for world in ("small", "careful")],
    ("small", 20, 1, 0),
]
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
            [str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said = process.stdout.read().decode().strip()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != exits_with:
            sys.exit(f"{command[0]} ended with {process.returncode} in place of {exits_with}:\n{self.said}")
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


def simulated(rollcall, folder):
    """Against the simulator, which pages and throttles as AWS does: calls in all, and the time that the pace allows."""
    journal, settings = folder / "simulated.jsonl", folder / "simulated.toml"
    print("| world, and requests a second of each service | calls | throttled | CPU s | peak MiB | wall s | least, s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for world, rate, burst, latency in SIMULATED:
        pace = 20 if rate else 1000
        settings.write_text(f'[aws]\nmember_role = "RollcallAuditor"\nrequests_per_second = {pace}\n')
        limits = ["--latency", str(latency), *(["--rate", str(rate), "--burst", str(burst)] if rate else [])]
        with subprocess.Popen(
            [rollcall.parent / "rollcall-simulator", "--world", world, *limits],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as server:  # fmt: skip
            url = server.stdout.readline().split()[1]
            signed_in = environment(
                AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing",
                AWS_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true",
            )  # fmt: skip
            journal.unlink(missing_ok=True)
            run = Run([rollcall, "collect", "--config", settings, "--to", journal], signed_in, exits_with=0)
            ledger = json.loads(urllib.request.urlopen(f"{url}/simulator/ledger").read())
            server.stdin.close()
        services, calls, throttled = {}, 0, 0
        for operation, by_account in ledger.items():
            service = operation.split(":")[0]
            for counts in by_account.values():
                calls += counts["calls"]
                throttled += counts["throttled"]
                services[service] = services.get(service, 0) + counts["calls"] - counts["throttled"]
        least = max(services["sso"], services["identitystore"]) / rate + CHAIN * latency if rate else 0
        limit = f"{rate or 'any number'}{', one at a time' if burst == 1 else ''}{f', answers take {latency} s' if latency else ''}"
        print(f"| {world}, {limit} | {calls:,} | {throttled} | {run.cpu:.2f} | {run.memory:.0f} | "
              f"{run.wall:.2f} | {f'{least:.2f}' if rate else ''} |", flush=True)  # fmt: skip
    print()


def judging(rollcall, folder, people, runs):
    """From files to a finished package; for the peer, to a list of differences and the population."""
    home, store = folder / f"world-{people}", folder / f"reports-{people}"
    subprocess.run([sys.executable, HERE / "world.py", home, str(people)], check=True)
    settings = folder / "empty.toml"
    settings.write_text("")
    saved, expected = home / "saved", home / "expected"
    audit = [rollcall, "audit", "--config", settings, "--from", saved, "--expected", expected, "--no-alert"]
    script = [sys.executable, HERE / "dictionaries.py", saved, expected]
    taken = {"`rollcall audit`": [], "Python dictionaries": []}
    for number in range(runs):
        # Each run has a store of its own, as the first run of an organization has.
        mine, peers = store / str(number), store / f"peer-{number}"
        store.mkdir(exist_ok=True)
        taken["`rollcall audit`"].append(Run([*audit, "--to", mine], environment(), exits_with=3))
        taken["Python dictionaries"].append(Run([*script, peers], environment(), exits_with=0))
        (package,) = mine.glob("packages/manual/*")
        found = json.loads((package / "report.json").read_bytes())["findings"]
        by_rule = {rule: sum(finding["rule"] == rule for finding in found) for rule in {one["rule"] for one in found}}
        listed = json.loads((peers / "differences.json").read_bytes())
        by_peer = {rule: len(differing) for rule, differing in listed.items() if differing}
        if not by_rule == by_peer == world.PLANTED:
            sys.exit(f"planted {world.PLANTED}, Rollcall found {by_rule}, the peer {by_peer}")
        rows, size = lines(package / "population.csv"), sum(file.stat().st_size for file in package.rglob("*.*"))
        peer_rows = lines(peers / "population.csv")
        shutil.rmtree(mine)
        shutil.rmtree(peers)
    shutil.rmtree(home)
    print(f"population.csv: {rows:,} lines of Rollcall, {peer_rows:,} of the peer; a package of {size / 1e6:,.0f} MB\n")
    groups = people * world.GROUPS_A_PERSON // world.GROUP_SIZE
    memberships = people * world.GROUPS_A_PERSON
    print_table(f"{people:,} people, {groups:,} groups, {memberships:,} memberships, {groups:,} assignments", taken)


def matching(program, folder, rows):
    """Two flattened lists: Rollcall's own matching, and a database's full outer join."""
    home = folder / f"pairs-{rows}"
    subprocess.run([sys.executable, HERE / "pairs.py", home, str(rows)], check=True)
    files = [home / "actual.csv", home / "expected.csv"]
    commands = {
        "Rollcall's matching": [program, *files],
        "DuckDB, full outer join": [sys.executable, HERE / "outer_join.py", *files],
    }
    differing = pairs.differing(rows)
    right = f"{rows - differing} in both, {differing} only actual, {differing} only expected"
    taken = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            taken[name].append(Run(command, environment(PYTHONPATH=str(folder / "python")), exits_with=0))
            if taken[name][-1].said != right:
                sys.exit(f"{name} says `{taken[name][-1].said}` in place of `{right}`")
    shutil.rmtree(home)
    print_table(f"two lists of {rows:,} rows `user,group`", taken)


def lines(path):
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def print_table(title, runs, calls=None):
    """Medians; the ratio is the peer's over Rollcall's."""
    columns = {"CPU s": "cpu", "peak MiB": "memory", "wall s": "wall"}
    medians = {
        name: {column: statistics.median(getattr(run, field) for run in taken) for column, field in columns.items()}
        for name, taken in runs.items()
    }
    head = ["", *(["calls"] if calls else []), *columns]
    number = len(next(iter(runs.values())))
    print(f"{title}; {f'medians of {number} runs' if number > 1 else 'one run'}\n")
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
    rollcall, program, folder = (Path(word).resolve() for word in sys.argv[1:4])
    folder.mkdir(parents=True, exist_ok=True)
    parts = {
        "collecting": lambda: collecting(rollcall, folder),
        "simulated": lambda: simulated(rollcall, folder),
        "judging": lambda: judging(rollcall, folder, 100_000, RUNS),
        "matching": lambda: [matching(program, folder, rows) for rows in (1_000_000, 10_000_000)],
        "ten-million": lambda: judging(rollcall, folder, 1_000_000, 1),
    }
    for part in sys.argv[4:] or ["collecting", "simulated", "judging", "matching"]:
        parts[part]()


if __name__ == "__main__":
    main()
