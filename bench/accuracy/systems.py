#!/usr/bin/env python3
"""Compares what ringmap derives of public systems with what a reader of their sources expected.

usage: systems.py RINGMAP CHECKOUTS-FOLDER... [--verbose]

systems.json beside this file was written before the first run: each expectation is a sentence, a query and its rows.
Each CHECKOUTS-FOLDER holds a folder OWNER+NAME (or PREFIX_OWNER+NAME) for each repository; systems whose sources are
not at hand are left out with a notice. Prints a table in Markdown and every disagreement below it; exits with 1 where
one is, with 77 where no system was at hand.
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile


def checkout(folders, repo):
    name = repo.replace("/", "+")
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("*" + name)):
            if path.name == name or path.name.endswith("_" + name):
                return path
    return None


def model_of(program, roots, facts, scratch):
    model = pathlib.Path(scratch) / "model.db"
    options = []
    if facts:
        file = pathlib.Path(scratch) / "given.ringmap.json"
        file.write_text(json.dumps(facts))
        options = ["--facts", str(file)]
    subprocess.run([program, "scan", "--quiet", *map(str, roots), *options, "-o", str(model)], check=True,
                   stderr=subprocess.DEVNULL)
    return sqlite3.connect(model)


def compare(program, system, roots):
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        db = model_of(program, roots, system.get("facts"), scratch)
        for expected in system["expect"]:
            rows = [list(row) for row in db.execute(expected["sql"])]
            if rows != expected["rows"]:
                wrong.append((expected, rows))
        db.close()
    return wrong


def main():
    program, *folders = [a for a in sys.argv[1:] if a != "--verbose"]
    systems = json.loads((pathlib.Path(__file__).parent / "systems.json").read_text())
    total = right = 0
    disagreements = []
    print("| system | as expected |\n|---|---|")
    for system in systems:
        roots = [(checkout(folders, repo), sub) for repo, sub in system["scan"]]
        if any(root is None or not (root / sub).is_dir() for root, sub in roots):
            print(f"SKIP: {system['name']}: its sources are not at hand", file=sys.stderr)
            continue
        wrong = compare(program, system, [root / sub for root, sub in roots])
        count = len(system["expect"])
        print(f"| {system['name']} | {count - len(wrong)} of {count} |")
        total += count
        right += count - len(wrong)
        disagreements += [(system["name"], *w) for w in wrong]
    print(f"| **all** | {right} of {total} |")
    for name, expected, rows in disagreements:
        print(f"\n{name}: {expected['says']}\n  expected {expected['rows']}\n  read     {rows[:12]}")
    return 77 if total == 0 else 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
