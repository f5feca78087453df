#!/usr/bin/env python3
"""Findings on public drivers beside what a reviewer wrote down before the first run (expected_findings.json), and
how many there are per driver of a whole tree.

usage: findings.py PROGRAM CHECKOUTS          the table; CHECKOUTS holds folders OWNER+NAME, t_OWNER+NAME or NAME
       findings.py PROGRAM --count FOLDER     findings that lead, per driver, by severity
       findings.py PROGRAM --sample FOLDER N [SEED]  N of them at random (seeded), worst first
"""
import collections
import json
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile

SEVERITIES = ["info", "low", "medium", "high", "critical"]
SEED = 20261121
SHORT = {"microsoft/Windows-driver-samples": "wds", "microsoft/Windows-universal-samples": "wus"}


def checkout(root, name):
    owner, repository = name.split("/")
    for folder in (SHORT.get(name, name), f"{owner}+{repository}", f"t_{owner}+{repository}", repository):
        if (root / folder).is_dir() and any((root / folder).iterdir()):
            return root / folder
    return None


def scan(program, folders, model):
    subprocess.run([program, "scan", "--quiet", *map(str, folders), "-o", str(model)], check=True,
                   stderr=subprocess.DEVNULL)
    db = sqlite3.connect(model)
    db.row_factory = sqlite3.Row
    return db


def folders_of(root, driver):
    found = []
    for part in (driver, driver.get("beside")):
        base = checkout(root, part["checkout"]) if part else None
        if part and (base is None or not all((base / f).is_dir() for f in part["scan"])):
            return None, part["checkout"]
        found += [base / f for f in part["scan"]] if part else []
    return found, None


def matches(expected, row):
    about = f"{row['subject']} {row['path']}".lower()
    return (row["rule"] == expected["rule"] and expected["subject"].lower() in about
            and SEVERITIES.index(row["severity"]) >= SEVERITIES.index(expected["at_least"]))


def compare(program, root):
    data = json.loads((pathlib.Path(__file__).parent / "expected_findings.json").read_text())
    print("| driver | expected findings there | not expected, high or critical | findings that lead |\n|---|---|---|---|")
    remarks, wrong = [], 0
    for driver in data["drivers"]:
        folders, missing = folders_of(root, driver)
        if missing:
            print(f"SKIP: {driver['name']}: no checkout of {missing}", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as scratch:
            rows = scan(program, folders, pathlib.Path(scratch) / "m.db").execute("SELECT * FROM v_finding").fetchall()
        hits = [e for e in driver["expected"] if any(matches(e, r) for r in rows)]
        rules = {e["rule"] for e in driver["expected"]}
        leads = [r for r in rows if not r["part_of"]]
        others = [r for r in leads if r["severity"] in ("high", "critical") and r["rule"] not in rules]
        limit = driver.get("none_above", "critical")
        above = [r for r in leads if SEVERITIES.index(r["severity"]) > SEVERITIES.index(limit)]
        print(f"| {driver['name']} | {len(hits)} of {len(driver['expected'])} | {len(others)} | {len(leads)} |")
        for e in driver["expected"]:
            if e not in hits:
                near = [f"{r['severity']} {r['subject']}" for r in rows if r["rule"] == e["rule"]]
                remarks.append(f"{driver['name']}: {e['rule']} at {e['at_least']} is not there ({e['why']}); found: {near}")
                wrong += 1
        for r in above:
            remarks.append(f"{driver['name']}: above {limit}: {r['severity']} {r['rule']} {r['subject']}: {r['message']}")
        for r in others:
            remarks.append(f"{driver['name']}: beside: {r['severity']} {r['rule']} {r['subject']} {r['path']}:{r['line']}: "
                           f"{r['message']}")
    print("\n" + "\n".join(remarks))
    return 1 if wrong else 0


DRIVER_OF = """SELECT coalesce((SELECT d.driver FROM v_device d WHERE d.device_id = f.subject_id),
                               (SELECT p.drivers FROM v_path p WHERE p.path_id = f.path_id), f.subject) AS of_driver,
                      f.* FROM v_finding f WHERE part_of IS NULL ORDER BY rank"""


def all_of(program, folder):
    with tempfile.TemporaryDirectory() as scratch:
        db = scan(program, [folder], pathlib.Path(scratch) / "m.db")
        return db.execute(DRIVER_OF).fetchall(), [r[0] for r in db.execute("SELECT name FROM v_driver")]


def count(program, folder):
    rows, drivers = all_of(program, folder)
    per = collections.Counter(r["of_driver"] for r in rows)
    numbers = sorted(per.get(d, 0) for d in drivers)
    severities = collections.Counter(r["severity"] for r in rows)
    print(f"{len(rows)} findings that lead on {len(drivers)} drivers: median {statistics.median(numbers)}, most {numbers[-1]}")
    print(", ".join(f"{s} {severities[s]}" for s in reversed(SEVERITIES)))
    for rule, n in collections.Counter(r["rule"] for r in rows).most_common():
        print(f"  {rule} {n}")
    print("most:", ", ".join(f"{d} {n}" for d, n in per.most_common(8)))
    return 0


def sample(program, folder, size, seed=SEED):
    rows, _ = all_of(program, folder)
    chosen = sorted(random.Random(seed).sample(range(len(rows)), min(size, len(rows))))
    for i in chosen:
        r = rows[i]
        print(f"{r['severity']:8} {r['rule']} {r['subject']} {r['path']}:{r['line']}: {' '.join(r['message'].split())}")
    return 0


def main():
    program, what = sys.argv[1], sys.argv[2]
    if what == "--count":
        return count(program, pathlib.Path(sys.argv[3]))
    if what == "--sample":
        return sample(program, pathlib.Path(sys.argv[3]), *map(int, sys.argv[4:6]))
    return compare(program, pathlib.Path(what))


if __name__ == "__main__":
    sys.exit(main())
