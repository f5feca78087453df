#!/bin/sh
# Which files a scan reads: each once whatever paths lead to it, in an order of its own, never one
# that it is told to write; and nothing usable at all is an input error.
# usage: what_is_read.sh PROGRAM SOURCE-FOLDER
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

# ends WITH COMMAND...: the exit code that the contract gives.
ends() {
    wanted=$1
    shift
    code=0
    "$@" 2>"$scratch/err" || code=$?
    [ "$code" -eq "$wanted" ] || wrong "$* ended with $code, expected $wanted: $(cat "$scratch/err")"
}

count() { sqlite3 "$1" "select count(*) from v_artifact"; }

"$program" scan "$examples/design-only" -o "$scratch/once.db" --quiet
"$program" scan "$examples/design-only" "$examples/design-only/design.ringmap.json" \
    -o "$scratch/twice.db" --quiet
[ "$(count "$scratch/once.db")" = "$(count "$scratch/twice.db")" ] || wrong "a file was read twice"

"$program" scan "$examples/three-paths/driver1" "$examples/three-paths/driver2" -o "$scratch/a.db" --quiet
"$program" scan "$examples/three-paths/driver2" "$examples/three-paths/driver1" -o "$scratch/b.db" --quiet
cmp -s "$scratch/a.db" "$scratch/b.db" || wrong "the order of the paths changes the model"

mkdir "$scratch/bad"
printf '{"ringmap": 2}' > "$scratch/bad/x.ringmap.json"
ends 3 "$program" scan "$scratch/bad" -o "$scratch/bad.db"
[ ! -e "$scratch/bad.db" ] || wrong "a model was written although nothing could be read"

cp "$examples/design-only/design.ringmap.json" "$scratch/mine.ringmap.json"
ends 2 "$program" scan "$scratch/mine.ringmap.json" -o "$scratch/mine.ringmap.json"
cmp -s "$examples/design-only/design.ringmap.json" "$scratch/mine.ringmap.json" || wrong "an input was overwritten"
cp "$scratch/once.db" "$scratch/model.db"
ends 2 "$program" render "$scratch/model.db" -T svg -o "$scratch/model.db"
cmp -s "$scratch/once.db" "$scratch/model.db" || wrong "a model was overwritten by its picture"
ends 2 "$program" map "$examples/design-only" -o "$scratch/one.svg" --db "$scratch/one.svg"

# A path that is not there is a diagnostic among good ones, and an input error when it is the only
# one or everything is meant to be read.
design=$examples/design-only
ends 0 "$program" scan "$design" "$scratch/none" -o "$scratch/some.db"
grep -q 'none: error: .*\[file-unreadable\]' "$scratch/err" || wrong "an absent path is not told"
ends 3 "$program" scan "$design" "$scratch/none" --strict -o "$scratch/some.db"
ends 3 "$program" scan "$scratch/none" -o "$scratch/some.db"

# An option is no value of the one before it, and a macro needs a name.
ends 2 "$program" scan "$design" --jobs -o "$scratch/swallowed.db"
grep -q -- '--jobs needs a value' "$scratch/err" || wrong "--jobs took -o: $(cat "$scratch/err")"
ends 2 "$program" scan "$design" --define '' -o "$scratch/x.db"
ends 2 "$program" scan "$design" --define '=1' -o "$scratch/x.db"
ends 2 "$program" scan "$design" --define '1A' -o "$scratch/x.db"
ends 0 "$program" scan "$design" --define=_A1= --define B=1=2 -o "$scratch/x.db"

[ "$failures" -eq 0 ] && echo "what is read is right"
exit "$((failures > 0))"
