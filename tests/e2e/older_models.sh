#!/bin/sh
# Models of schemas that older programs wrote: every command reads them, on a copy, and says so; a
# schema that nobody wrote is refused under an old number too.
# usage: older_models.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
models=$2/tests/models
example=$2/examples/design-only
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# is WHAT EXPECTED ACTUAL
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

# runs CODE ARGUMENT...: output in $scratch/out, messages in $scratch/err
runs() {
    expected=$1
    shift
    code=0
    "$program" "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
    is "exit code of $*" "$expected" "$code"
}

# tells ARGUMENT...: done, with one word that the model is older
tells() {
    runs 0 "$@"
    is "$1 says that the model is older" 1 "$(grep -c 'schema 1.*\[model-older\]' "$scratch/err")"
}

"$program" scan --quiet "$example" -o "$scratch/new.db"

for name in schema-1-first schema-1-second; do
    old=$scratch/$name.db
    sqlite3 "$old" <"$models/$name.sql"
    before=$(cksum <"$old")
    rows=$(sqlite3 "$old" 'SELECT count(*) FROM v_path')
    worst=$(sqlite3 "$old" 'SELECT path_id FROM v_path ORDER BY score DESC, path_id LIMIT 1')

    tells query "$old" 'SELECT count(*) AS n FROM v_path' --format csv
    is "paths of $name" "$rows" "$(tail -n 1 "$scratch/out" | tr -d '\r')"
    tells paths "$old" --format ndjson
    is "rows of paths of $name" "$rows" "$(grep -c . "$scratch/out")"
    tells findings "$old"
    tells explain "$old" "$worst"
    grep -q 863 "$scratch/out" || wrong "explain $worst of $name: no score 863"
    tells render "$old" -o "$scratch/map.svg"
    tells report "$old" -o "$scratch/report.md"
    tells export "$old" --to graphml -o "$scratch/graph.graphml"
    tells export "$old" --to csv -o "$scratch/csv"
    tells diff "$old" "$scratch/new.db" --format json
    # A view that it did not have is there, and empty; one that it had keeps its rows.
    undecided=$(sqlite3 "$old" 'SELECT count(*) FROM v_undecided' 2>"$scratch/none" || echo 0)
    tells query "$old" 'SELECT count(*) AS n FROM v_undecided' --format csv
    is "undecided rules of $name" "$undecided" "$(tail -n 1 "$scratch/out" | tr -d '\r')"
    runs 1 check "$old"
    runs 3 merge "$old" "$scratch/new.db" -o "$scratch/x.db"
    grep -q 'scan again' "$scratch/err" || wrong "merge of $name: $(cat "$scratch/err")"
    [ ! -e "$scratch/x.db" ] || wrong "a refused merge wrote something"
    is "$name after all that" "$before" "$(cksum <"$old")"
done

# ---- schemas that nobody wrote ----
refused() {
    runs 3 paths "$1"
    grep -q "$2" "$scratch/err" || wrong "$1: no '$2' in: $(cat "$scratch/err")"
}
cp "$scratch/schema-1-first.db" "$scratch/view.db"
sqlite3 "$scratch/view.db" 'DROP VIEW v_door; CREATE VIEW v_door(id) AS SELECT 1'
refused "$scratch/view.db" 'not those of schema 1'
cp "$scratch/schema-1-first.db" "$scratch/trigger.db"
sqlite3 "$scratch/trigger.db" 'CREATE TRIGGER t AFTER INSERT ON drivers BEGIN DELETE FROM paths; END'
refused "$scratch/trigger.db" 'not those of schema 1'
cp "$scratch/new.db" "$scratch/dated.db"
sqlite3 "$scratch/dated.db" 'PRAGMA user_version = 1'
refused "$scratch/dated.db" 'not those of schema 1'
sqlite3 "$scratch/dated.db" 'PRAGMA user_version = 0'
refused "$scratch/dated.db" 'version 0 is not known'
sqlite3 "$scratch/dated.db" 'PRAGMA user_version = 99'
refused "$scratch/dated.db" 'newer'

[ "$failures" -eq 0 ]
