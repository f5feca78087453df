#!/bin/sh
# What paths, findings and query print: tables as wide as the terminal, colours where one is, CSV
# without formulas, JSON and NDJSON with every column in the order of the view, the same bytes twice;
# and SQL that is refused or stopped.
# usage: tables.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C.UTF-8
unset COLUMNS NO_COLOR
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/tests/e2e/lib/needs.sh"
needs_programs sqlite3 script stty
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

"$program" scan --quiet "$source/examples/three-paths" "$source/examples/reader-system" \
    -o "$scratch/model.db"
model=$scratch/model.db

# A container may have no pseudo-terminals: then what a terminal shows is not tested, and said.
terminals=yes
script -qec true /dev/null </dev/null >/dev/null 2>&1 || terminals=no
[ $terminals = yes ] || echo "SKIP in part: no pseudo-terminal here (/dev/pts); widths by COLUMNS alone"

# ---- the width ----

widest() { wc -L | tr -d ' '; }

# on_terminal COLUMNS COMMAND: what the command writes to a terminal that is so wide.
on_terminal() {
    script -qec "stty cols $1 -onlcr; $2" /dev/null </dev/null | tr -d '\r' | sed 's/\x1b\[K//g'
}

for width in 30 60 80 132; do
    for what in paths findings; do
        COLUMNS=$width "$program" $what "$model" >"$scratch/table"
        [ "$(widest <"$scratch/table")" -le $width ] || wrong "$what is wider than COLUMNS=$width"
        [ $terminals = yes ] || continue
        on_terminal $width "$program $what $model --color never" >"$scratch/drawn"
        cmp -s "$scratch/table" "$scratch/drawn" || wrong "$what: a terminal of $width is not COLUMNS=$width"
    done
    COLUMNS=$width "$program" query "$model" 'SELECT path_id, summary, score, hops FROM v_path' |
        widest >"$scratch/widest"
    [ "$(cat "$scratch/widest")" -le $width ] || wrong "query is wider than COLUMNS=$width"
done
"$program" paths "$model" >"$scratch/table"
grep -q '^p1 .*path:' "$scratch/table" || wrong "a table in a file is cut"
COLUMNS=nonsense "$program" paths "$model" | cmp -s - "$scratch/table" || wrong "COLUMNS=nonsense cuts"
COLUMNS=80 "$program" paths "$model" >"$scratch/table"
for title in SCORE FROM ENTRY DRIVERS OPERATION INPUT; do
    sed -n 1p "$scratch/table" | grep -q "$title" || wrong "no $title in eighty columns"
done

# ---- colours ----

escape=$(printf '\033')
colored() { if grep -q "$escape\[" "$1"; then echo yes; else echo no; fi; }
"$program" paths "$model" >"$scratch/table"
is "colours in a file" no "$(colored "$scratch/table")"
"$program" paths "$model" --color always >"$scratch/table"
is "colours that are asked for" yes "$(colored "$scratch/table")"
if [ $terminals = yes ]; then
    script -qec "$program paths $model" /dev/null </dev/null | sed 's/\x1b\[K//g' >"$scratch/table"
    is "colours on a terminal" yes "$(colored "$scratch/table")"
    script -qec "NO_COLOR=1 $program paths $model" /dev/null </dev/null | sed 's/\x1b\[K//g' >"$scratch/table"
    is "colours on a terminal with NO_COLOR" no "$(colored "$scratch/table")"
fi

# ---- formats for programs: every column, in the order of the view ----

for view in paths findings; do
    name=v_${view%s}
    columns=$(sqlite3 "$model" "SELECT group_concat(name, ' ') FROM pragma_table_info('$name')")
    "$program" $view "$model" --format csv >"$scratch/$view.csv"
    "$program" $view "$model" --format json >"$scratch/$view.json"
    "$program" $view "$model" --format ndjson >"$scratch/$view.ndjson"
    is "columns of $view as CSV" "$columns" \
        "$(head -n 1 "$scratch/$view.csv" | tr -d '"\r' | tr ',' ' ')"
    for line in "$(head -n 1 "$scratch/$view.ndjson")" "$(tail -n 1 "$scratch/$view.ndjson")"; do
        printf '%s' "$line" >"$scratch/line"
        is "columns of $view as NDJSON" "$columns" "$(sqlite3 :memory: "SELECT group_concat(key, ' ')
            FROM json_each(CAST(readfile('$scratch/line') AS TEXT))")"
    done
    rows=$(sqlite3 "$model" "SELECT count(*) FROM $name")
    is "lines of $view as NDJSON" "$rows" "$(wc -l <"$scratch/$view.ndjson" | tr -d ' ')"
    is "objects of $view as JSON" "$rows" "$(sqlite3 :memory: \
        "SELECT json_array_length(CAST(readfile('$scratch/$view.json') AS TEXT))")"
    is "rank of $view as NDJSON" "$(sqlite3 "$model" "SELECT rank FROM $name ORDER BY rank")" \
        "$(sed 's/.*"rank":\([0-9]*\).*/\1/' "$scratch/$view.ndjson")"
    for format in table csv json ndjson sarif; do
        "$program" $view "$model" --format $format >"$scratch/one"
        "$program" $view "$model" --format $format | cmp -s - "$scratch/one" ||
            wrong "$view as $format differs between two runs"
    done
done

# ---- CSV: no formula, whatever a name begins with ----

"$program" query "$model" --format csv "SELECT '=1' AS a, '+1', '-1', '@x', '|x', '%x', ' =1', char(9) || '=1',
    char(65309) || '1', -1, 'a,b', 'say \"x\"', 'two' || char(10) || 'lines'" >"$scratch/formulas.csv"
is "cells that would be formulas" \
    "\"'=1\",\"'+1\",\"'-1\",\"'@x\",\"'|x\",\"'%x\",\"' =1\",\"\\x09=1\",\"'$(printf '\357\274\235')1\",-1,\"a,b\",\"say \"\"x\"\"\",\"two\\x0Alines\"" \
    "$(sed -n 2p "$scratch/formulas.csv" | tr -d '\r')"

# ---- SQL that must not work: exit code 2, a reason, nothing written, not for long ----

cp "$model" "$scratch/kept.db"
# refused SQL REASON
refused() {
    code=0
    timeout -s KILL 60 "$program" query "$model" "$1" >"$scratch/out" 2>"$scratch/said" || code=$?
    is "exit code of $1" 2 "$code"
    grep -qE "$2" "$scratch/said" || wrong "$1: not '$2' but: $(cat "$scratch/said")"
    [ ! -s "$scratch/out" ] || wrong "$1: an answer all the same"
}
slow="took too long" # a busy machine comes to the clock's limit first
refused "VACUUM INTO '$scratch/stolen.db'" refused
refused "ATTACH '$scratch/new.db' AS n" refused
refused "INSERT INTO drivers(n) VALUES (1)" refused
refused "CREATE TEMP TABLE t(x)" refused
refused "PRAGMA query_only = OFF" refused
refused "SELECT load_extension('x')" "load_extension is not allowed"
refused "SELECT printf('%.*c', 500000000, 'x')" "printf is not allowed"
refused "SELECT zeroblob(1000000000)" "zeroblob is not allowed"
refused "SELECT randomblob(1000000000)" "randomblob is not allowed"
refused "SELECT readfile('/etc/passwd')" readfile
refused "SELECT writefile('$scratch/written', 'x')" writefile
refused "SELECT 1; DROP TABLE paths" "more than one statement"
refused "SELECT * FROM pragma_table_info('paths')" refused
refused "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r" "took too long"
refused "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r" "$slow|more than 1000000 rows"
refused "WITH RECURSIVE r(s) AS (SELECT 'xxxxxxxx' UNION ALL SELECT s || s FROM r) SELECT max(length(s)) FROM r" \
    "$slow|too much memory|has more than"
refused "SELECT group_concat(a.summary || b.summary || c.summary) FROM v_path a, v_path b, v_path c" \
    "$slow|too much memory|has more than"
cmp -s "$model" "$scratch/kept.db" || wrong "a query changed the model"
for left in stolen.db new.db written model.db-journal model.db-wal; do
    [ ! -e "$scratch/$left" ] || wrong "a query wrote $left"
done

[ "$failures" -eq 0 ]
