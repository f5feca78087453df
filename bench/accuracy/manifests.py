#!/usr/bin/env python3
"""Compares what ringmap reads of manifests that nobody tuned it on with what a reader wrote down.

usage: manifests.py RINGMAP CHECKOUTS-FOLDER...

The expectations are unseen_manifests.json beside this file. Each CHECKOUTS-FOLDER holds a folder OWNER+NAME
for each repository; what is at hand nowhere is left out. Each manifest is scanned alone.
"""

import collections
import json
import os
import sqlite3
import subprocess
import sys
import tempfile


def checkout(folders, row):
    for folder in folders:
        path = os.path.join(folder, row["repo"].replace("/", "+"), row["path"])
        if os.path.exists(path):
            return path
    return None


def read(ringmap, path):
    with tempfile.TemporaryDirectory() as scratch:
        model = os.path.join(scratch, "m.db")
        subprocess.run([ringmap, "scan", "--quiet", path, "-o", model], check=True, stderr=subprocess.DEVNULL)
        db = sqlite3.connect(model)
        apps = db.execute("SELECT app_id, name, principal, state, family_name FROM v_app").fetchall()
        capabilities = collections.Counter(
            kind for (kind,) in db.execute("SELECT kind FROM v_capability WHERE app_id = ?", apps[:1] and apps[0][:1] or ("",)))
        entries = collections.defaultdict(collections.Counter)
        names = {row[0]: row[1] for row in apps}
        for app, kind in db.execute("SELECT app_id, kind FROM v_app_entry"):
            entries[names.get(app, "")][kind] += 1
        services = dict(db.execute("SELECT name, account FROM v_service"))
        return {"apps": {row[1]: f"{row[2]} {row[3]}" for row in apps}, "family": apps[0][4] if apps else "",
                "capabilities": dict(capabilities), "entries": {k: dict(v) for k, v in entries.items()},
                "services": services}


def main():
    ringmap, *folders = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "unseen_manifests.json"), encoding="utf-8") as file:
        expected = json.load(file)
    wrong = []
    print("| manifest | apps | capabilities | entries | services |\n|---|---|---|---|---|")
    for row in expected:
        path = checkout(folders, row)
        if path is None:
            continue
        found = read(ringmap, path)
        cells = []
        for part in ("apps", "capabilities", "entries", "services"):
            told = row.get(part, {})
            cells.append("right" if found[part] == told else "wrong")
            if found[part] != told:
                wrong.append(f"{row['repo']}: {part}: expected {told}, found {found[part]}")
        if row.get("family", found["family"]) != found["family"]:
            wrong.append(f"{row['repo']}: family {found['family']}")
        print(f"| {row['repo']} | " + " | ".join(cells) + " |")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


sys.exit(main())
