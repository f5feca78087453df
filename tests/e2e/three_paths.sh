#!/bin/sh
# examples/three-paths, real files, gives the paths and scores of examples/design-only, each step
# cites a line that exists, and a tighter INF closes what it should.
# usage: three_paths.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
examples=$2/examples
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# paths MODEL: origin, drivers and score of each path with an app, the worst first.
paths() {
    sqlite3 "$1" "SELECT origin, drivers, score FROM v_path WHERE app <> ''
                  ORDER BY score DESC, origin, drivers"
}

# is WHAT EXPECTED ACTUAL
is() { [ "$2" = "$3" ] || wrong "$1: expected $2, found $3"; }

"$program" scan --quiet --strict "$examples/design-only" -o "$scratch/design.db"
"$program" scan --quiet --strict "$examples/three-paths" -o "$scratch/files.db"

# ---- the computed table of the scoring method ----

expected='appcontainer|Driver1 > Driver3|863
appcontainer|Driver1|810
admin_elevated|Driver1 > Driver3|285
admin_elevated|Driver1|225
admin_elevated|Driver2|225'
is "paths of the design" "$expected" "$(paths "$scratch/design.db")"
is "paths of the files" "$expected" "$(paths "$scratch/files.db")"

# ---- every step stands on a line of a file ----

sqlite3 -separator ' ' "$scratch/files.db" \
    "SELECT DISTINCT path, line FROM v_path_step WHERE path IS NOT NULL AND line > 0" \
    >"$scratch/places"
[ -s "$scratch/places" ] || wrong "no step cites a line"
while read -r path line; do
    text=$(sed -n "${line}p" "$examples/three-paths/$path" 2>/dev/null || true)
    [ -n "$text" ] || wrong "$path has no line $line"
done <"$scratch/places"
grep -q '^driver3/driver3.c ' "$scratch/places" || wrong "Driver3's sink is not cited"
grep -q '^driver1/driver1.inf ' "$scratch/places" || wrong "Driver1's descriptor is not cited"

# ---- tighten Driver1 ----

cp -r "$examples/three-paths" "$scratch/tight"
sed -i 's/^HKR,, Security,,.*/HKR,, Security,, "D:P(A;;GA;;;SY)(A;;GA;;;BA)"/' \
    "$scratch/tight/driver1/driver1.inf"
"$program" scan --quiet --strict "$scratch/tight" -o "$scratch/tight.db"
is "paths of App1 behind a tight descriptor" "0" \
    "$(sqlite3 "$scratch/tight.db" "SELECT count(*) FROM v_path WHERE origin = 'appcontainer'")"
is "paths of App2 behind a tight descriptor" "285 225 225" \
    "$(sqlite3 "$scratch/tight.db" "SELECT group_concat(score, ' ') FROM
        (SELECT score FROM v_path WHERE app <> '' ORDER BY score DESC)")"

# ---- what the manifests say ----

is "what the apps run as" "App1|appcontainer
App2.exe|admin_elevated" "$(sqlite3 "$scratch/files.db" \
    "SELECT name, principal FROM v_app ORDER BY name")"

[ "$failures" -eq 0 ]
