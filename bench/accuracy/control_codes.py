#!/usr/bin/env python3
"""Control codes: what ringmap reads, beside what a compiler evaluated.

    control_codes.py PROGRAM TRUTH CHECKOUTS

TRUTH is the folder with ioctl.jsonl and ioctl_unevaluated.jsonl; CHECKOUTS holds one folder for
each public repository, named owner+name. Repositories that are not there are left out of the table.
"""
import collections
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile


def rows_of(program, folder):
    """(path, line) -> [(name or None, code or None)] of one scan."""
    with tempfile.TemporaryDirectory() as temp:
        model = pathlib.Path(temp) / "model.db"
        subprocess.run([program, "scan", "--quiet", folder, "-o", model], stderr=subprocess.DEVNULL)
        found = collections.defaultdict(list)
        query = "SELECT path, line, name, code FROM v_ioctl"
        for path, line, name, code in sqlite3.connect(model).execute(query):
            found[(path, line)].append((name or None, code))
        return found


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def judge(row, found, wanted):
    got = [code for name, code in found.get((row["file"], row["line"]), []) if name == row["name"]]
    if wanted is None:
        return "invented" if any(code is not None for code in got) else "right"
    if not got:
        return "missing"
    if all(code == wanted for code in got):
        return "right"
    return "no value" if any(code is None for code in got) else "wrong"


def main(program, truth, checkouts):
    evaluated = read_lines(pathlib.Path(truth) / "ioctl.jsonl")
    unevaluated = read_lines(pathlib.Path(truth) / "ioctl_unevaluated.jsonl")
    verdicts = ["right", "missing", "no value", "wrong", "invented"]
    total = collections.Counter()
    print("| repository | " + " | ".join(verdicts) + " |\n|---|" + "---|" * len(verdicts))
    for repo in sorted({row["repo"] for row in evaluated + unevaluated}):
        folder = pathlib.Path(checkouts) / repo.replace("/", "+")
        if not folder.is_dir():
            continue
        found = rows_of(program, folder)
        count = collections.Counter()
        for row in [r for r in evaluated + unevaluated if r["repo"] == repo]:
            wanted = int(row["code"], 16) if "code" in row else None
            verdict = judge(row, found, wanted)
            count[verdict] += 1
            if verdict != "right":
                print(f"{verdict}: {repo} {row['file']}:{row['line']} {row['name']} {row['expr']}",
                      file=sys.stderr)
        print(f"| {repo} | " + " | ".join(str(count[v]) for v in verdicts) + " |")
        total += count
    print("| **all** | " + " | ".join(str(total[v]) for v in verdicts) + " |")
    return total["wrong"] + total["invented"] > 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
