#!/bin/sh
# Named queries: each file of db/queries runs, asks a question, sorts its answer, and is listed.
# usage: queries.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

"$program" scan --quiet --strict "$source/examples/three-paths" -o "$scratch/model.db"
"$program" query --list --format csv | sed '1d; s/^"\([^"]*\)".*/\1/' | grep -E '^[a-z-]+$' |
    LC_ALL=C sort >"$scratch/listed"
for file in "$source"/db/queries/*.sql; do
    name=$(basename "$file" .sql)
    echo "$name" >>"$scratch/files"
    head -n 1 "$file" | grep -qE '^-- [A-Z].*\?$' || wrong "$name: the first line is no question"
    grep -q '^ORDER BY ' "$file" || wrong "$name: its answer has no order"
    "$program" query "$scratch/model.db" "@$name" --format csv >"$scratch/$name.csv" ||
        wrong "$name does not run"
    "$program" query "$scratch/model.db" "$(cat "$file")" --format csv | cmp -s - "$scratch/$name.csv" ||
        wrong "$name: the file and the name give different answers"
done
LC_ALL=C sort -o "$scratch/files" "$scratch/files"
diff "$scratch/files" "$scratch/listed" || wrong "--list and db/queries differ"
[ "$(wc -l <"$scratch/files")" -ge 20 ] || wrong "fewer than twenty questions"

# ---- answers that were worked out by hand ----

# answer NAME COLUMNS: rows without the header and quotes.
answer() { tr -d '\r' <"$scratch/$1.csv" | sed '1d; s/"//g' | cut -d, -f "$2"; }
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }
is "chains" "863,Driver1 > Driver3" "$(answer chains 1,2)"
is "kernel-mode hops" "Driver1,Driver3" "$(answer kernel-mode-hops 1,2)"
is "apps by declared reach" "Contoso.App1!App1,appcontainer,863
App2.exe,admin_elevated,285" "$(answer declared-reach 1-3)"
is "devices that less than an administrator may write" "Driver1" "$(answer writable-devices 1)"

# ---- refusals ----

code=0
"$program" query "$scratch/model.db" @nothing >/dev/null 2>"$scratch/said" || code=$?
is "exit code for an unknown query" 2 "$code"
grep -q -- --list "$scratch/said" || wrong "nobody says where the names are"
code=0
"$program" query "$scratch/model.db" >/dev/null 2>&1 || code=$?
is "exit code without a question" 2 "$code"
is "a question that begins with a comment" '"1"
1' "$("$program" query "$scratch/model.db" --format csv "-- one
SELECT 1 AS \"1\"" | tr -d '\r')"

[ "$failures" -eq 0 ]
