#!/bin/sh
# What is not modelled stands in every report, whatever its format.
# usage: limits.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

"$program" scan --quiet "$2/examples/reader-system" -o "$scratch/m.db" 2>/dev/null
for format in html md json sarif; do
    "$program" report --quiet "$scratch/m.db" -o "$scratch/r.$format"
done
"$program" explain "$scratch/m.db" p1 >"$scratch/r.path"
"$program" explain --format json "$scratch/m.db" p1 >"$scratch/r.path.json"
"$program" paths --format sarif "$scratch/m.db" >"$scratch/r.paths.sarif"
"$program" findings --format sarif "$scratch/m.db" >"$scratch/r.findings.sarif"
for report in "$scratch"/r.*; do
    for said in 'evices and firmware as senders' 'egistry'; do
        grep -q "$said" "$report" || wrong "${report##*/} does not say '$said'"
    done
done
[ "$failures" -eq 0 ]
