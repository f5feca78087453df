#!/usr/bin/env python3
"""The public pair: the CustomCapability sample of Windows-universal-samples and the osrfx2 DCHU driver of
Windows-driver-samples share a custom capability. One scan of both must lead each sample app through the
driver's interface, and every step of explain must stand on a line that exists.

usage: pair.py PROGRAM UNIVERSAL-SAMPLES DRIVER-SAMPLES
"""
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

GUID = "{573e8c73-0cb4-4471-a1bf-fab26c31d384}"
APPS = {f"Microsoft.SDKSamples.CustomCapability.{kind}!App" for kind in ("CPP", "CS")}


def main():
    program, universal, drivers = sys.argv[1:]
    roots = [pathlib.Path(universal) / "Samples/CustomCapability",
             pathlib.Path(drivers) / "general/DCHU/osrfx2_DCHU_base"]
    with tempfile.TemporaryDirectory() as scratch:
        model = pathlib.Path(scratch) / "m.db"
        subprocess.run([program, "scan", "--quiet", *map(str, roots), "-o", str(model)], check=True,
                       stderr=subprocess.DEVNULL)
        db = sqlite3.connect(model)
        rows = db.execute("SELECT path_id, app, lower(door), entry, drivers, score, state FROM v_path"
                          " WHERE app LIKE 'Microsoft.SDKSamples%' ORDER BY score DESC, app, entry")
        rows = rows.fetchall()
        steps = db.execute("SELECT s.path, s.line, s.text FROM v_path_step s JOIN v_path p USING (path_id)"
                           " WHERE p.app LIKE 'Microsoft.SDKSamples%'").fetchall()
    names = {root.name: root for root in roots}
    missing = [text for path, line, text in steps if path and line and not line_of(names, path, line)]
    right = ({row[1] for row in rows} == APPS and all(row[2] == GUID for row in rows) and
             all(row[4].endswith("osrfx2_DCHU_base") for row in rows) and not missing)
    for row in rows:
        print(*row[1:], sep=" | ")
    print(f"{len(rows)} paths, {len(steps)} steps, {len(missing)} on no line: "
          f"{'as it should be' if right else 'WRONG'}")
    return 0 if right else 1


def line_of(names, path, line):
    root, rest = path.split("/", 1)
    data = (names[root] / rest).read_bytes()
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    lines = text.splitlines()
    return line <= len(lines) and lines[line - 1].strip()


if __name__ == "__main__":
    sys.exit(main())
