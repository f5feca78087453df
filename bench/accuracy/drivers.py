#!/usr/bin/env python3
"""Compares what ringmap reads of public drivers with what a careful reader wrote down.

usage: drivers.py RINGMAP TRUTH-FOLDER CHECKOUTS-FOLDER

TRUTH-FOLDER holds one JSON file a driver; CHECKOUTS-FOLDER a folder OWNER+NAME for each repository, at
the commit that the JSON file names. Prints tables in Markdown, and every disagreement below them.
Only the sources of a driver are scanned: the folder that its files have in common.
"""

import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

PREFIXES = ("\\dosdevices\\global\\", "\\dosdevices\\", "\\??\\", "\\global??\\", "\\\\.\\")


def bare(name):
    low = (name or "").lower()
    for prefix in PREFIXES:
        if low.startswith(prefix):
            return low[len(prefix):]
    return low


def computed(name):
    """A name that is not written in the source: a pattern, a remark."""
    return not name or any(c in name for c in "%( ")


class Model:
    def __init__(self, ringmap, folder):
        self.file = tempfile.NamedTemporaryFile(suffix=".db")
        run = subprocess.run([ringmap, "scan", folder, "-o", self.file.name, "--quiet"],
                             stderr=subprocess.PIPE, check=False)
        self.code = run.returncode
        self.db = sqlite3.connect(self.file.name) if run.returncode == 0 else None

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall() if self.db else []


def folder_of(truth, checkouts):
    root = os.path.join(checkouts, truth["repo"].replace("/", "+"))
    common = os.path.commonpath([os.path.dirname(f) for f in truth["files"]])
    return os.path.join(root, common)


def devices_like(device, model):
    """The rows of v_device that the reader's device may be: by name, else by interface, else by link."""
    columns = "device_id, nt_name, sddl, sddl_source, secure_open, exclusive"
    if not computed(device["nt_name"]):
        return [r for r in model.rows("select %s from v_device" % columns)
                if r[1] and r[1].lower() == device["nt_name"].lower()]
    names = [bare(link) for link in device["symlinks"] if not computed(link)]
    guid = (device.get("interface_guid") or "").lower()
    doors = {identity for identity, name, kind in model.rows("select device_id, name, class_guid from v_door")
             if (name and bare(name) in names) or (guid and guid in ((kind or "").lower(), (name or "").lower()))}
    return [r for r in model.rows("select %s from v_device" % columns) if r[0] in doors]


def can_be_named(device):
    return not computed(device["nt_name"]) or (device["nt_name"] is None and (
        device.get("interface_guid") or any(not computed(link) for link in device["symlinks"])))


def compare_devices(truth, model, tell):
    found = right = 0
    wanted = 0
    for device in truth["devices"]:
        if not can_be_named(device):
            continue
        wanted += 1
        shown = device["nt_name"] or device.get("interface_guid") or device["symlinks"][0]
        rows = devices_like(device, model)
        if not rows:
            tell("device %s is not found" % shown)
            continue
        found += 1
        identity, _, sddl, source, secure, exclusive = rows[0]
        doors = {bare(r[0]) for r in model.rows("select name from v_door where device_id = ?", identity)}
        faults = ["link %s is missing" % link for link in device["symlinks"]
                  if not computed(link) and bare(link) not in doors]
        if device["sddl"] is not None and sddl != device["sddl"]:
            faults.append("descriptor %s, expected %s" % (sddl, device["sddl"]))
        if device["sddl"] is None and source not in ("type_default", "wdf_default", "unknown", "inf_device",
                                                     "inf_class"):
            faults.append("descriptor %s from %s, expected none" % (sddl, source))
        if device["secure_open"] is not None and secure != int(device["secure_open"]):
            faults.append("secure_open %s, expected %s" % (secure, device["secure_open"]))
        if device["exclusive"] is not None and exclusive != int(device["exclusive"]):
            faults.append("exclusive %s, expected %s" % (exclusive, device["exclusive"]))
        right += not faults
        for fault in faults:
            tell("%s: %s" % (shown, fault))
    return wanted, found, right


WORST = {"unvalidated": 0, "unknown": 1, "partial": 2, "validated": 3}


def compare_codes(truth, model, tell, counts):
    entries = {}
    for entry, code in model.rows("select entry_id, code from v_entry where code is not null"):
        entries.setdefault(code, []).append(entry)
    defined = {r[0] for r in model.rows("select code from v_ioctl where code is not null")}
    for code in truth["ioctls"]:
        number = int(code["code"], 16)
        name = code["name"]
        counts["codes"] += 1
        counts["codes_found"] += number in defined or number in entries
        if number not in defined and number not in entries:
            tell("%s %s is not found" % (name, code["code"]))
        if code["handled"]:
            counts["handled"] += 1
            counts["handled_found"] += number in entries
            if number not in entries:
                tell("%s is handled, and no entry says so" % name)
        elif number in entries:
            counts["handled_wrong"] += 1
            tell("%s has an entry and is not handled" % name)
        compare_sinks(code, name, entries.get(number, []), model, tell, counts)


def compare_entries(truth, model, tell, counts):
    """Entries that have no code (create, read, write, messages of a port), where the reader lists them."""
    for entry in truth.get("entries", []):
        rows = [r[0] for r in model.rows("select entry_id from v_entry where kind = ?", entry["kind"])]
        counts["handled"] += 1
        counts["handled_found"] += bool(rows)
        if not rows:
            tell("no entry %s" % entry["kind"])
        compare_sinks(entry, entry["kind"], rows, model, tell, counts)


def compare_sinks(code, name, entries, model, tell, counts):
    sinks = {}
    for entry in entries:
        for kind, validation in model.rows("select class, validation from v_sink where entry_id = ?", entry):
            sinks.setdefault(kind, []).append(validation)
    wanted = [s for s in code["sinks"] if s != "signature_gate"]
    for kind in wanted:
        counts["sinks"] += 1
        counts["sinks_found"] += kind in sinks
        if kind not in sinks:
            tell("%s: %s is not reached (found %s)" % (name, kind, ", ".join(sorted(sinks)) or "nothing"))
    words = [w for kind in wanted for w in sinks.get(kind, [])] or [w for ws in sinks.values() for w in ws]
    word = min(words, key=WORST.get) if words else "no sink"
    expected = {"partly": "partial"}.get(code["validation"], code["validation"])
    if expected in ("unvalidated", "partial", "validated") and code["privileged"]:
        table = counts["table"].setdefault(expected, {})
        table[word] = table.get(word, 0) + 1
        if expected != "validated" and word in ("validated",):
            tell("%s: called validated, it is %s" % (name, expected))
        if expected == "validated" and word in ("unvalidated", "partial"):
            tell("%s: called %s, it is validated" % (name, word))
        if expected != "validated" and word == "unknown":
            tell("%s: unknown, it is %s" % (name, expected))


def ratio(part, whole):
    return "%d of %d" % (part, whole)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    ringmap, truths, checkouts = sys.argv[1:]
    files = sorted(glob.glob(os.path.join(truths, "*.json")))
    if not files:
        sys.exit("drivers.py: %s holds no JSON file of a driver" % truths)
    remarks = []
    total = {"table": {}}
    print("| driver | devices found | right | codes | handled | not handled, yet an entry | sinks by class |")
    print("|---|---|---|---|---|---|---|")
    for path in files:
        truth = json.load(open(path, encoding="utf-8"))
        folder = folder_of(truth, checkouts)
        name = truth["driver"]
        if not os.path.isdir(folder):
            print("| %s | no checkout | | | | | |" % name)
            continue
        counts = dict.fromkeys(("codes", "codes_found", "handled", "handled_found", "handled_wrong", "sinks",
                                "sinks_found"), 0)
        counts["table"] = total["table"]
        model = Model(ringmap, folder)
        tell = lambda text, who=name: remarks.append("%s: %s" % (who, text))
        if model.code != 0:
            tell("scan ended with %d" % model.code)
        wanted, found, right = compare_devices(truth, model, tell)
        compare_codes(truth, model, tell, counts)
        compare_entries(truth, model, tell, counts)
        print("| %s | %s | %s | %s | %s | %d | %s |" % (
            name, ratio(found, wanted), ratio(right, wanted), ratio(counts["codes_found"], counts["codes"]),
            ratio(counts["handled_found"], counts["handled"]), counts["handled_wrong"],
            ratio(counts["sinks_found"], counts["sinks"])))
        for key, value in dict(counts, devices=wanted, devices_found=found, devices_right=right).items():
            if key != "table":
                total[key] = total.get(key, 0) + value
    print("| **all** | %s | %s | %s | %s | %d | %s |" % (
        ratio(total["devices_found"], total["devices"]), ratio(total["devices_right"], total["devices"]),
        ratio(total["codes_found"], total["codes"]), ratio(total["handled_found"], total["handled"]),
        total["handled_wrong"], ratio(total["sinks_found"], total["sinks"])))
    print("\nPrivileged codes, by the reader's word (rows) and ringmap's (columns):\n")
    words = ("unvalidated", "partial", "unknown", "validated", "no sink")
    print("| | %s |\n|---%s|" % (" | ".join(words), "|---" * len(words)))
    for expected in ("unvalidated", "partial", "validated"):
        row = total["table"].get(expected, {})
        print("| %s | %s |" % (expected, " | ".join(str(row.get(w, 0)) for w in words)))
    print("\nDisagreements:\n")
    for remark in remarks:
        print("* " + remark)


main()
