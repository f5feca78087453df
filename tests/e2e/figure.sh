#!/bin/sh
# The figure of the security model document, end to end: told by hand (examples/design-only) and
# read from real artifacts (examples/three-paths), it gives the same four paths with the scores of
# the method's computed table; the picture is well formed; the same input gives the same bytes.
# What each step cites and what a tighter INF closes: three_paths.sh.
# usage: figure.sh PROGRAM SOURCE-FOLDER
set -eu
ringmap=$1
cd "$2"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

ask() { sqlite3 "$1" "$2"; }

# expect WHAT EXPECTED ACTUAL
expect() {
    [ "$2" = "$3" ] || wrong "$(printf '%s\nexpected:\n%s\nfound:\n%s' "$1" "$2" "$3")"
}

# The rows that declare their app, worst first; driver names without regard to case.
declared="select app || '|' || origin || '|' || lower(drivers) || '|' || score || '|' || boundaries
          || '|' || validation from v_path where app is not null
          order by score desc, app, drivers"
# App2 opens both drivers; through Driver1 it has that driver's own port write too.
four='App1|appcontainer|driver1 > driver3|863|appcontainer_to_kernel > driver_to_driver|unvalidated
App1|appcontainer|driver1|810|appcontainer_to_kernel|unvalidated
App2|admin_elevated|driver1 > driver3|285|admin_to_kernel > driver_to_driver|unvalidated
App2|admin_elevated|driver1|225|admin_to_kernel|unvalidated
App2|admin_elevated|driver2|225|admin_to_kernel|unvalidated'

check_example() {
    name=$1
    "$ringmap" map "examples/$name" -o "$scratch/$name.svg" --db "$scratch/$name.db" --quiet ||
        wrong "map examples/$name ended with $?"
    # the name of a Win32 program is its file's, so only what stands before a dot counts
    expect "$name: paths of the apps" "$four" \
        "$(ask "$scratch/$name.db" "$declared" | sed -E 's/^[^|]*(App[12])[^|]*\|/\1|/')"
    expect "$name: a user's own score" 630 \
        "$(ask "$scratch/$name.db" "select score from v_path where app is null and
              origin = 'standard_user' and lower(drivers) = 'driver1'")"
    expect "$name: nobody enters at Driver3" 0 \
        "$(ask "$scratch/$name.db" "select count(*) from v_path where lower(drivers) = 'driver3'")"
    xmllint --noout "$scratch/$name.svg" || wrong "$name: the picture is no well-formed XML"
    for mark in R1.1 R2.1 R3.1 R4.1 unvalidated; do
        grep -q "$mark" "$scratch/$name.svg" || wrong "$name: the picture lacks $mark"
    done

    "$ringmap" map "examples/$name" -o "$scratch/again.svg" --db "$scratch/again.db" --quiet
    cmp -s "$scratch/$name.svg" "$scratch/again.svg" || wrong "$name: the picture differs the second time"
    cmp -s "$scratch/$name.db" "$scratch/again.db" || wrong "$name: the model differs the second time"
    "$ringmap" render "$scratch/$name.db" -o "$scratch/again.svg" --quiet
    cmp -s "$scratch/$name.svg" "$scratch/again.svg" ||
        wrong "$name: the picture of the stored model differs from the one of the scan"
}

check_example design-only

check_example three-paths

[ "$failures" -eq 0 ] && echo "the figure stands"
exit "$((failures > 0))"
