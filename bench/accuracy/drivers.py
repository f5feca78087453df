#!/usr/bin/env python3
"""Devices and entries: what ringmap reads, beside what a careful reader found by hand.

    drivers.py PROGRAM TRUTH CHECKOUTS

TRUTH is the folder with one JSON file for each driver; CHECKOUTS holds one folder for each public
repository, named owner+name. Of each driver the rows of the model count that come from the files
its reader looked at, or from their folders.
"""
import collections
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

ASPECTS = ["device", "link", "descriptor", "secure open", "handled code", "unhandled code"]


def scan(program, folder):
    with tempfile.TemporaryDirectory() as temp:
        model = pathlib.Path(temp) / "model.db"
        subprocess.run([program, "scan", "--quiet", folder, "-o", model], stderr=subprocess.DEVNULL)
        source = sqlite3.connect(model)
        copy = sqlite3.connect(":memory:")
        source.backup(copy)
        return copy


def object_name(name):
    """Names of kernel objects as one, without what a reader added in parentheses."""
    name = re.sub(r" \(.*", "", name or "").lower()
    return re.sub(r"^(\\dosdevices\\|\\\?\?\\|\\global\?\?\\|\\\\\.\\)", "", name)


class Driver:
    """The rows of the model that belong to one hand-read driver."""

    def __init__(self, model, files):
        folders = {str(pathlib.PurePosixPath(f).parent) for f in files}
        inside = lambda path: path in files or str(pathlib.PurePosixPath(path).parent) in folders
        query = ("SELECT device_id, driver_id, nt_name, sddl, sddl_source, secure_open, path "
                 "FROM v_device")
        self.devices = [row for row in model.execute(query) if row[6] and inside(row[6])]
        ids = {row[0] for row in self.devices}
        drivers = {row[1] for row in self.devices}
        self.links = {object_name(name) for device, kind, name in
                      model.execute("SELECT device_id, kind, name FROM v_door")
                      if device in ids and kind == "symlink"}
        self.descriptors = {sddl for subject, sddl in
                            model.execute("SELECT subject_id, sddl FROM v_descriptor "
                                          "WHERE source = 'code'") if subject in ids}
        self.codes = collections.defaultdict(set)
        for name, code, handled, driver in model.execute(
                "SELECT name, code, handled, driver_id FROM v_ioctl"):
            if driver in drivers:
                self.codes[code].add(handled)


def judge_device(device, driver):
    wanted = object_name(device["nt_name"])
    if wanted.startswith("("):
        return []
    same = [row for row in driver.devices if object_name(row[2]) == wanted]
    verdicts = [("device", "right" if same else "missing", device["nt_name"])]
    for link in device.get("symlinks", []):
        known = object_name(link) in driver.links
        optional = not known and any(object_name(n) == object_name(link).replace("\\", "")
                                     for n in device.get("alt_names", []))
        verdicts.append(("link", "right" if known else "optional" if optional else "missing", link))
    if device.get("sddl"):
        known = device["sddl"] in driver.descriptors
        verdicts.append(("descriptor", "right" if known else "missing", device["sddl"]))
    elif driver.descriptors and same:
        verdicts.append(("descriptor", "not in the list", str(driver.descriptors)))
    if same and device.get("secure_open") is not None:
        got = {row[5] for row in same}
        wanted = int(device["secure_open"])
        verdict = "right" if got == {wanted} else "missing" if got == {None} else "wrong"
        verdicts.append(("secure open", verdict, f"{device['nt_name']}: {got}"))
    return verdicts


def judge_code(ioctl, driver):
    got = driver.codes.get(int(ioctl["code"], 16), set())
    handled = 1 in got
    if ioctl.get("handled", True):
        return ("handled code", "right" if handled else "missing", ioctl["name"])
    return ("unhandled code", "wrong" if handled else "right", ioctl["name"])


def main(program, truth, checkouts):
    total = collections.defaultdict(collections.Counter)
    models = {}
    for path in sorted(pathlib.Path(truth).glob("*.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        folder = pathlib.Path(checkouts) / read["repo"].replace("/", "+")
        if not any(folder.glob("*")):
            print(f"{path.stem}: {read['repo']} is not there", file=sys.stderr)
            continue
        if read["repo"] not in models:
            models[read["repo"]] = scan(program, folder)
        driver = Driver(models[read["repo"]], read["files"])
        verdicts = [v for device in read["devices"] for v in judge_device(device, driver)]
        verdicts += [judge_code(ioctl, driver) for ioctl in read["ioctls"]]
        for aspect, verdict, what in verdicts:
            total[aspect][verdict] += 1
            if verdict != "right":
                print(f"{path.stem}: {aspect} {verdict}: {what}", file=sys.stderr)
    words = sorted({v for count in total.values() for v in count}, key=lambda v: v != "right")
    print("| | " + " | ".join(words) + " |\n|---|" + "---|" * len(words))
    for aspect in ASPECTS:
        print(f"| {aspect} | " + " | ".join(str(total[aspect][w]) for w in words) + " |")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
