#!/bin/sh
# The report in a real browser: tests/browser/report.mjs drives Chromium over pages of the examples,
# of hostile names and of ten thousand findings; report.json is validated against its schema.
# usage: report.sh PROGRAM SOURCE-FOLDER
#
# ./dev installs the browser and the packages. Where that was not possible on a Debian (or in CI) the
# test fails, so that nobody takes its absence for success; elsewhere it is skipped, and says so.
set -eu
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

missing=
command -v node >/dev/null || missing="node"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || :)
[ -n "$browser" ] || missing="$missing chromium"
for package in playwright-core ajv; do
    [ -d "$source/node_modules/$package" ] || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ -n "${CI:-}" ] || command -v apt-get >/dev/null; then
        printf 'FAIL: not installed: %s; run ./dev setup\n' "$missing"
        exit 1
    fi
    printf 'SKIP: the report is not tested, not installed: %s\n' "$missing"
    exit 77
fi

"$program" scan "$source/examples/three-paths" -o "$scratch/model.db" --quiet
node "$source/tests/browser/hostile.mjs" "$scratch" hostile
node "$source/tests/browser/hostile.mjs" "$scratch" many
"$program" scan "$scratch/hostile" -o "$scratch/hostile.db" --quiet 2>/dev/null
"$program" scan "$scratch/many" -o "$scratch/many.db" --quiet 2>/dev/null
for name in model hostile many; do
    for format in html json md; do
        "$program" report "$scratch/$name.db" -o "$scratch/$name.$format" --quiet
    done
done
"$program" report "$scratch/model.db" -o "$scratch/again.html" --quiet
cmp "$scratch/model.html" "$scratch/again.html"
"$program" render "$scratch/hostile.db" -o "$scratch/hostile.svg" --quiet
"$program" render "$scratch/model.db" -o "$scratch/model.svg" --quiet

RINGMAP_BROWSER=$browser exec node "$source/tests/browser/report.mjs" "$source" "$scratch"
