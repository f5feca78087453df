#!/usr/bin/env python3
"""Compares what ringmap reads of drivers that nobody tuned it on with what a reader wrote down.

usage: unseen.py RINGMAP [EXPECTED.json] CHECKOUTS-FOLDER...

EXPECTED.json is unseen.json beside this file unless it is named: unseen_2.json is the second dozen.

Each CHECKOUTS-FOLDER holds a folder OWNER+NAME for each repository; what is at hand nowhere is left
out. The whole repository (or `folder`) is scanned; where several drivers lie in it, `source` says in
which folder this one's entries are. Prints a table in Markdown and every disagreement below it.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile

PREFIXES = ("\\dosdevices\\global\\", "\\dosdevices\\", "\\??\\", "\\global??\\", "\\\\.\\")


def plain(name):
    low = (name or "").lower()
    for prefix in PREFIXES:
        if low.startswith(prefix):
            return "\\??\\" + low[len(prefix):]
    return low


def code_of(fields):
    if isinstance(fields, int):
        return fields
    device, function, method, access = fields
    return device << 16 | access << 14 | function << 2 | method


def checkout(folders, repo):
    for folder in folders:
        path = os.path.join(folder, repo.replace("/", "+"))
        if os.path.isdir(path):
            return path
    return None


class Model:
    def __init__(self, program, path, source):
        self.temp = tempfile.TemporaryDirectory()
        target = os.path.join(self.temp.name, "m.db")
        subprocess.run([program, "scan", path, "-o", target, "--quiet"], check=False, stderr=subprocess.DEVNULL)
        self.db = sqlite3.connect(target)
        self.db.row_factory = sqlite3.Row
        drivers = {r["driver_id"] for view in ("v_entry", "v_device") for r in self.rows(view)
                   if r["driver_id"] and (r["path"] or "").startswith(source)}
        self.devices = [r for r in self.rows("v_device") if r["driver_id"] in drivers and r["created_by"] != "inf"]
        self.entries = [r for r in self.rows("v_entry") if r["driver_id"] in drivers]
        self.ioctls = [r for r in self.rows("v_ioctl") if r["driver_id"] in drivers]
        self.doors = self.rows("v_door")
        self.ports = set()
        self.descriptors = self.rows("v_descriptor")

    def rows(self, view):
        return self.db.execute("select * from " + view).fetchall()


def device_wrong(m, want, got, wrong):
    mine = [d for d in m.doors if d["device_id"] == got["device_id"]]
    links = {plain(d["name"]) for d in mine if d["kind"] == "symlink" and d["name"]}
    for link in want.get("links", []):
        if plain(link) not in links:
            wrong.append("link %s is missing (found %s)" % (link, ", ".join(sorted(links)) or "none"))
    interfaces = sum(d["kind"] == "interface" for d in mine)
    if interfaces < want.get("interfaces", 0):
        wrong.append("%d of %d interfaces" % (interfaces, want["interfaces"]))
    sddls = {d["sddl"] for d in m.descriptors if d["subject_id"] == got["device_id"]}
    for sddl in want.get("sddl", []):
        if sddl not in sddls:
            wrong.append("descriptor %s is missing (found %s)" % (sddl, sddls or "none"))
    for column in ("secure_open", "exclusive"):
        if column in want and got[column] != int(want[column]):
            wrong.append("%s is %s" % (column, got[column]))


def compare_port(m, driver, want, said):
    """A port counts as a device. One without a DACL must not have the filter manager's descriptor."""
    doors = [d for d in m.doors if d["kind"] == "comm_port" and plain(d["name"]) == plain(want["name"])]
    if not doors:
        said.append("%s: port %s is not found" % (driver["name"], want["name"]))
        return 0, 0
    m.ports |= {d["device_id"] for d in doors}
    sddls = {d["sddl"] for d in m.descriptors if d["subject_id"] in m.ports}
    protects = [s for s in sddls if s and "(A;" in s]
    if want.get("null_dacl") and protects:
        said.append("%s: port %s has no DACL and is said to have %s" % (driver["name"], want["name"], protects))
    return 1, int(not (want.get("null_dacl") and protects))


def compare_devices(m, driver, said):
    left = list(m.devices)
    found = right = 0
    for want in driver["devices"]:
        name = want["name"]
        candidates = [d for d in left if (plain(d["nt_name"]) == plain(name) if name not in (None, "?")
                                          else not d["nt_name"])]
        if name == "?":
            candidates += [d for d in left if d["nt_name"] and d["state"] in ("unknown", "conflicting")]
        trials = []
        for candidate in candidates:
            wrong = []
            device_wrong(m, want, candidate, wrong)
            trials.append((len(wrong), candidate, wrong))
        if not trials:
            said.append("%s: device %s is not found" % (driver["name"], name))
            continue
        _, best, wrong = min(trials, key=lambda t: t[0])
        left.remove(best)
        found += 1
        right += not wrong
        said += ["%s: device %s: %s" % (driver["name"], name, w) for w in wrong]
    for port in driver.get("ports", []):
        found_port, right_port = compare_port(m, driver, port, said)
        found += found_port
        right += right_port
    said += ["%s: more than the reader has: device %s at %s:%s" % (driver["name"], d["nt_name"], d["path"], d["line"])
             for d in left if d["device_id"] not in m.ports]
    return found, right


def compare_codes(m, driver, said):
    handled = {r["code"] for r in m.entries if r["code"] is not None}
    defined = {r["code"] for r in m.ioctls if r["code"] is not None}
    by_name = {r["name"]: r["code"] for r in m.ioctls}
    wanted = {code_of(c) for c in driver["codes"]}
    for name in driver.get("named", []):
        wanted.add(by_name.get(name, name))
    named = {r["name"] for r in m.entries}
    handlers = {r["handler"] for r in m.entries}
    hit = 0
    for handler in driver.get("handlers", []):
        if handler in handlers:
            hit += 1
        else:
            said.append("%s: %s is no entry's handler" % (driver["name"], handler))
    for code in sorted(wanted, key=str):
        if code in handled or code in named:
            hit += 1
        else:
            said.append("%s: %s is not an entry%s" % (driver["name"], "0x%08X" % code if isinstance(code, int) else code,
                                                     "" if code in defined else ", nor defined"))
    false = [c for c in (code_of(f) for f in driver.get("unhandled", [])) if c in handled]
    said += ["%s: 0x%08X is called handled" % (driver["name"], c) for c in false]
    kinds = {r["kind"] for r in m.entries}
    for kind in driver["entries"]:
        if kind not in kinds:
            said.append("%s: no entry %s" % (driver["name"], kind))
    return hit, len(wanted) + len(driver.get("handlers", [])), sum(k in kinds for k in driver["entries"]), len(false)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    expected = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unseen.json")
    if sys.argv[2].endswith(".json"):
        expected = sys.argv.pop(2)
    with open(expected, encoding="utf-8") as file:
        drivers = json.load(file)["drivers"]
    said = []
    sums = [0] * 9
    print("| driver | devices found | right | handled codes | other entries | handled and not so |")
    print("|---|---|---|---|---|---|")
    for driver in drivers:
        path = checkout(sys.argv[2:], driver["repo"])
        if path is None:
            print("| %s | not at hand | | | | |" % driver["name"])
            continue
        m = Model(sys.argv[1], os.path.join(path, driver["folder"]), driver.get("source", ""))
        found, right = compare_devices(m, driver, said)
        hit, wanted, entries, false = compare_codes(m, driver, said)
        devices = len(driver["devices"]) + len(driver.get("ports", []))
        row = [found, devices, right, devices, hit, wanted, entries,
               len(driver["entries"]), false]
        sums = [a + b for a, b in zip(sums, row)]
        print("| %s | %d of %d | %d of %d | %d of %d | %d of %d | %d |" % (driver["name"], *row))
    print("| **all** | %d of %d | %d of %d | %d of %d | %d of %d | %d |" % tuple(sums))
    print("\nDisagreements:\n")
    for line in said:
        print("* " + line)


main()
