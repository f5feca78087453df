#!/bin/sh
# paths, findings, query and explain say what the model of examples/design-only holds, in every
# format, and end with the exit code that the contract names.
# usage: paths.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
example=$2/examples/design-only
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
model=$scratch/model.db
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# run EXIT ARGUMENTS...: runs the program; $out and $err hold what it wrote.
run() {
    expected=$1
    shift
    set +e
    "$program" "$@" >"$scratch/out" 2>"$scratch/err"
    code=$?
    set -e
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
    [ "$code" -eq "$expected" ] || wrong "'$*' ended with $code instead of $expected: $err"
}

# has TEXT: the last output holds it. line TEXT: as a whole line.
has() {
    case $out in
    *"$1"*) ;;
    *) wrong "no '$1' in: $out" ;;
    esac
}
says() {
    case $err in
    *"$1"*) ;;
    *) wrong "no '$1' on standard error: $err" ;;
    esac
}
line() { grep -qxF -- "$1" "$scratch/out" || wrong "no line '$1' in: $out"; }
silent() { [ -z "$out" ] || wrong "it should have printed nothing: $out"; }

# sql QUERY: what SQLite makes of the last output, read from the file 'out'.
sql() { (cd "$scratch" && sqlite3 :memory: "$1"); }
is_json() { [ "$(sql "SELECT json_valid(CAST(readfile('out') AS TEXT))")" = 1 ] || wrong "no JSON: $out"; }

run 0 scan --quiet "$example" -o "$model"

# ---- the four paths of the figure, worked by hand (ontology, section 4.3) ----

scores() {
    run 0 paths "$model" --format json "$@"
    is_json
    sql "SELECT group_concat(value ->> 'score', ' ')
         FROM json_each(CAST(readfile('out') AS TEXT))"
}
[ "$(scores --app App1)" = "863 810" ] || wrong "App1 has other scores"
[ "$(scores --app App2)" = "285 225 225" ] || wrong "App2 has other scores"
[ "$(scores --from user)" = "711 630" ] || wrong "a standard user has other scores"
[ "$(scores --from appcontainer --chained)" = "863 863" ] || wrong "other chained paths"
[ "$(scores --driver driver3 --app App1)" = "863" ] || wrong "Driver3 is on other paths"
[ "$(scores --entry 0x22A040 --app App2)" = "225" ] || wrong "0x22A040 is on other paths"
[ "$(scores --sink port --min-severity critical --limit 1)" = "863" ] || wrong "other worst path"
[ "$(scores --boundary driver_to_driver --from admin)" = "285 285" ] || wrong "other hops"
[ "$(scores --validation validated)" = "" ] || wrong "nothing in the example is validated"

run 0 paths "$model" --limit 1
has "863  critical  appcontainer"
has "Driver1 > Driver3"
run 0 paths "$model" --validation validated
silent
says "no path passes the filters"
run 0 paths - <"$model"
has "863"

# ---- formats ----

run 0 paths "$model" --format csv --limit 2
rows=$(cd "$scratch" && sqlite3 :memory: '.import --csv out t' 'SELECT count(*), max(score) FROM t')
[ "$rows" = "2|863" ] || wrong "other CSV: $out"
has '"path_id","origin","app","door","device","entry","code","drivers","hops"'
run 0 findings "$model" --format ndjson
while read -r object; do
    case $object in
    '{"finding_id":'*'}') ;;
    *) wrong "no object on a line of its own: $object" ;;
    esac
done <"$scratch/out"
run 0 query "$model" "SELECT mask, code FROM v_access, v_entry LIMIT 1" --format json
has '"mask":"0x'

# ---- findings ----

run 0 findings "$model" --rule DS-04
has "Driver1 device"
run 0 findings "$model" --device "Driver2 device" --format json
is_json
run 0 findings "$model" --rule DS-01
says "no finding passes the filters"

# ---- explain ----

run 0 explain "$model" p1
line "  drivers      Driver1 > Driver3"
has "origin D 900, reach R 1000, operation S 900, validation V 1000: p = 810"
has "requestor mode is now kernel"
has "(A;;GWGR;;;AC) allows the package or a capability 0x100082"
grep -q "at  *design.ringmap.json:[1-9]" "$scratch/out" || wrong "a step without its place"
run 0 explain "$model" "Driver1 device"
has "lpac                     0x000000  nothing"
has "(A;;GWGR;;;AC) allows the package or a capability"
run 0 explain "$model" '\device\DRIVER3'
run 0 explain "$model" 0x22A004
line "  access       write"
for thing in p1 f1 Driver1 "Driver1 device" App1 IOCTL_DRIVER1_SEND_ON; do
    run 0 explain "$model" "$thing" --format json
    is_json
done

# ---- a name that would speak to the terminal or a spreadsheet ----

escape=$(printf '\033')
sed 's/Driver1 device/=1+1\\u001b[2J\\u202e/g' "$example/design.ringmap.json" >"$scratch/hostile.ringmap.json"
run 0 scan --quiet "$scratch/hostile.ringmap.json" -o "$scratch/hostile.db"
for format in table csv json ndjson; do
    run 0 paths "$scratch/hostile.db" --format $format
    case $out in
    *"$escape"*) wrong "$format lets an escape sequence through" ;;
    esac
done
run 0 paths "$scratch/hostile.db" --format csv
has "\"'=1+1"
run 0 explain "$scratch/hostile.db" p1
has '=1+1\x1B[2J\u{202E}'

# ---- refusals ----

run 2 explain "$model" nothing-like-it
says "nothing in the model has the id or name 'nothing-like-it'"
run 2 paths "$model" --device nothing-like-it
says "no device is called 'nothing-like-it'"
run 2 paths "$model" --validation maybe
run 2 paths "$model" --limit 0
run 2 paths "$model" --format xml
run 2 paths
run 2 query "$model" "DROP TABLE paths"
run 2 query "$model" "VACUUM INTO '$scratch/stolen.db'"
[ ! -e "$scratch/stolen.db" ] || wrong "a query wrote a file"
run 2 query "$model" "SELECT 1; SELECT 2"
silent
run 3 paths "$example/design.ringmap.json"
says "not a ringmap model"
run 3 paths "$scratch/absent.db"
head -c 9000 "$model" >"$scratch/cut.db"
run 3 explain "$scratch/cut.db" p1
sqlite3 "$model" 'PRAGMA user_version = 99'
run 3 findings "$model"
says "schema version 99 is newer"

[ "$failures" -eq 0 ]
