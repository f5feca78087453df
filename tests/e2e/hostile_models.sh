#!/bin/sh
# No model file makes a command write, hang or crash: schemas with triggers, virtual tables, generated
# columns, CHECK constraints and views that never end or reach out; damaged pages; values that do not
# fit; odd files and what lies beside them. Each command that opens a model meets each of them.
# usage: hostile_models.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/tests/e2e/lib/needs.sh"
needs_programs sqlite3 timeout sha256sum
seconds=60 # for one command, under sanitizers too; without them each takes a fraction of one
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

"$program" scan --quiet "$source/examples/three-paths" "$source/examples/reader-system" \
    -o "$scratch/good.db"
mkdir "$scratch/room" "$scratch/out"
model=$scratch/room/model.db

# ---- the commands, and what must hold after each ----

# What lies in the model's folder: names, kinds, sizes, times, contents of files.
inventory() {
    (cd "$scratch/room" && find . ! -name . -printf '%p %y %s %T@ %l\n' | sort &&
        find . -type f -size -64M -exec sha256sum {} + | sort)
}

# run CODES ARGUMENTS...: ends in time with one of the exit codes, writes neither beside the model
# nor, when it refuses, to its output, and says only text.
run() {
    codes=$1
    shift
    before=$(inventory)
    code=0
    timeout -s KILL "$seconds" "$program" "$@" >"$scratch/said" 2>&1 </dev/null || code=$?
    case " $codes " in
    *" $code "*) ;;
    *)
        wrong "$name: ringmap $*: exit code $code instead of $codes"
        tail -n 5 "$scratch/said"
        ;;
    esac
    [ "$before" = "$(inventory)" ] || wrong "$name: ringmap $* writes beside the model"
    if [ "$code" -ge 2 ] && [ -n "$(ls -A "$scratch/out")" ]; then
        wrong "$name: ringmap $* leaves $(ls "$scratch/out")"
    fi
    rm -rf "$scratch/out" && mkdir "$scratch/out"
    if tr -d '\n\t\r\040-\176\200-\377' <"$scratch/said" | grep -q .; then
        wrong "$name: ringmap $*: control characters in what it says"
    fi
}

# refused_by_all NAME: one call of each command that opens a model.
refused_by_all() {
    name=$1
    run 3 paths "$model"
    run 3 findings "$model" --format ndjson
    run 3 explain "$model" p1
    run 3 query "$model" 'SELECT * FROM v_path'
    run 3 check "$model"
    run 3 diff "$scratch/good.db" "$model"
    run 3 render "$model" -o "$scratch/out/picture.svg"
    run 3 report "$model" -o "$scratch/out/report.html"
    run 3 export "$model" --to csv -o "$scratch/out/export"
    if "$program" merge --help >/dev/null 2>&1; then
        run 3 merge "$scratch/good.db" "$model" -o "$scratch/out/all.db"
    fi
}

# every_command NAME CODES: every command in every format; exit code 1 is check's and diff's.
every_command() {
    name=$1
    run "$2" paths "$model"
    run "$2" findings "$model" --format ndjson
    run "$2" findings "$model" --format sarif
    run "$2" explain "$model" p1
    run "$2" explain "$model" f1 --format json
    run "$2" query "$model" 'SELECT * FROM v_path'
    run "$2" query "$model" @chains
    run "$2 1" check "$model"
    run "$2 1" check "$scratch/good.db" --baseline "$model"
    run "$2" diff "$model" "$scratch/good.db"
    run "$2" diff "$scratch/good.db" "$model" --format md
    for format in svg mmd; do
        run "$2" render "$model" -o "$scratch/out/picture.$format"
    done
    run "$2" render "$model" --view diff --baseline "$scratch/good.db" -o "$scratch/out/picture.dot"
    for format in html md json sarif; do
        run "$2" report "$model" -o "$scratch/out/report.$format"
    done
    for format in opengraph otm graphml csv; do
        run "$2" export "$model" --to $format -o "$scratch/out/export"
    done
    if "$program" merge --help >/dev/null 2>&1; then
        run "$2" merge "$model" "$scratch/good.db" -o "$scratch/out/all.db"
    fi
}

fresh() {
    rm -rf "$scratch/room"
    mkdir "$scratch/room"
    cp "$scratch/good.db" "$model"
}

# changed NAME SQL [CODES]: a model that the statements were run on; refused without codes.
changed() {
    fresh
    sqlite3 "$model" "$2" >/dev/null || wrong "$1: the model could not be made"
    if [ -n "${3:-}" ]; then
        every_command "$1" "$3"
    else
        refused_by_all "$1"
    fi
}

# rewritten NAME OBJECT SQL: the schema says this of one table or view, and nothing else is changed.
rewritten() {
    fresh
    sqlite3 "$model" "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = '$(printf '%s' "$3" | sed "s/'/''/g")' WHERE name = '$2';" ||
        wrong "$1: the model could not be made"
    cmp -s "$model" "$scratch/good.db" && wrong "$1: nothing is changed"
    refused_by_all "$1"
}

fresh
every_command "an honest model" 0

# ---- schemas ----

changed "a trigger" "CREATE TRIGGER t AFTER INSERT ON paths BEGIN DELETE FROM drivers; END"
changed "a trigger on a view" \
    "CREATE TRIGGER t INSTEAD OF INSERT ON v_path BEGIN DELETE FROM drivers; END"
changed "one more table" "CREATE TABLE more(a)"
changed "one more index, of an expression" "CREATE INDEX more ON paths(length(id) || hex(id))"
changed "one view less" "DROP VIEW v_rule"
changed "a view called like ours with a side effect" \
    "DROP VIEW v_path; CREATE VIEW v_path AS SELECT writefile('$scratch/room/written', 'x') AS path_id"
changed "a view that loads an extension" \
    "DROP VIEW v_path; CREATE VIEW v_path AS SELECT load_extension('/nowhere.so') AS path_id"
changed "a view that never ends" "DROP VIEW v_path; CREATE VIEW v_path AS
    WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS path_id FROM c"
changed "a view that grows without end" "DROP VIEW v_path; CREATE VIEW v_path AS
    WITH RECURSIVE c(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT x AS path_id FROM c"
changed "a table called like a view" \
    "DROP VIEW v_path; CREATE TABLE v_path(path_id TEXT, origin TEXT, score INTEGER)"
changed "a full-text table" "CREATE VIRTUAL TABLE more USING fts5(a)"
changed "a tree of rectangles" "CREATE VIRTUAL TABLE more USING rtree(id, a, b)"
changed "statistics for the planner" "ANALYZE"
changed "a table without rowid" "CREATE TABLE more(a PRIMARY KEY) WITHOUT ROWID"
changed "rows that count up by themselves" "CREATE TABLE more(a INTEGER PRIMARY KEY AUTOINCREMENT)"

paths=$(sqlite3 "$model" "SELECT sql FROM sqlite_schema WHERE name = 'paths'")
within() { printf '%s' "$paths" | sed "s/) STRICT\$/$1) STRICT/"; }
rewritten "a column that is computed, dearly" paths "$(within \
    ", more TEXT AS (replace(hex(zeroblob(100000000)), '0', 'aaaa')) VIRTUAL")"
rewritten "a constraint that is dear" paths "$(within ", CHECK (length(zeroblob(1000000000)) > 0)")"
rewritten "a default that calls" paths "$(within ", more TEXT DEFAULT (load_extension('x'))")"
rewritten "a reference to nothing" paths "$(within ', more INTEGER REFERENCES nowhere')"
rewritten "a table that is none" paths "CREATE TABLE paths("
rewritten "SQL that is longer than memory is patient" paths \
    "CREATE TABLE paths(n INTEGER PRIMARY KEY$(awk 'BEGIN { for (i = 0; i < 9000; i++) printf ", c%d", i }'))"
rewritten "two tables in one place" devices "$paths"
rewritten "a view of itself" v_path "CREATE VIEW v_path AS SELECT * FROM v_path"
rewritten "a view of fifty thousand brackets" v_path "CREATE VIEW v_path AS SELECT $(awk \
    'BEGIN { for (i = 0; i < 50000; i++) printf "("; printf "1"; for (i = 0; i < 50000; i++) printf ")" }')"
changed "a schema whose roots are nowhere" "PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage = 99999999 WHERE name = 'paths'"
changed "a schema whose roots are one" "PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'drivers')
    WHERE name = 'paths'"

# ---- whose it is, and of what age ----

changed "another program's" "PRAGMA application_id = 1"
changed "nobody's" "PRAGMA application_id = 0"
changed "a newer schema" "PRAGMA user_version = 999"
changed "a schema from the end of time" "PRAGMA user_version = -1"
changed "a schema before the first" "PRAGMA user_version = 0"

# ---- values that no scan writes: commands that read the whole model refuse them, those that ask
# its views may answer. A limit that free SQL reaches is wrong usage (2).

whole() {
    changed "$1" "$2" "0 2 3"
    name=$1
    for format in md json; do
        run 3 report "$model" -o "$scratch/out/report.$format"
    done
    run 3 check "$model"
    run 3 diff "$model" "$scratch/good.db"
    run 3 export "$model" --to otm -o "$scratch/out/export"
}
whole "a text of twenty megabytes" "UPDATE paths SET id = CAST(zeroblob(20000000) AS TEXT) WHERE n = 0"
run 3 paths "$model"
run 3 findings "$model"
whole "a reference out of the list" "UPDATE paths SET device = 4000000 WHERE n = 0"
whole "a number below zero" "UPDATE paths SET score = -1 WHERE n = 0"
whole "rows that are not counted from zero" "UPDATE paths SET n = n + 1000000"
whole "steps that belong to no path" "DELETE FROM paths WHERE n > 0"
whole "two paths with one number" "UPDATE steps SET path = 0"

for bytes in "x'00'" "x'1b5d303b7469746c6507'" "x'ff'" "x'e280ae'" "x'c285'"; do
    changed "texts that begin with $bytes" "UPDATE drivers SET name = CAST($bytes AS TEXT) || name;
        UPDATE paths SET id = CAST($bytes AS TEXT) || id, drivers = CAST($bytes AS TEXT);
        UPDATE steps SET text = CAST($bytes AS TEXT) || text;
        UPDATE findings SET message = CAST($bytes AS TEXT) || message" "0 3"
done

# References that lead in circles: whatever follows them has to end.
fresh
sqlite3 "$model" "SELECT 'UPDATE \"' || t.name || '\" SET \"' || f.\"from\" || '\" = ' ||
        iif(f.\"table\" = t.name, 'n', '0') || ' WHERE \"' || f.\"from\" || '\" IS NOT NULL AND EXISTS (SELECT 1 FROM \"' || f.\"table\" || '\");'
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'" >"$scratch/circles.sql"
[ -s "$scratch/circles.sql" ] || wrong "no references to lead in circles"
sqlite3 "$model" <"$scratch/circles.sql"
every_command "references in circles" "0 3"

# ---- damage ----

page=$(sqlite3 "$scratch/good.db" "PRAGMA page_size")
pages=$(sqlite3 "$scratch/good.db" "PRAGMA page_count")

# damaged PAGE BYTE: that page filled with that byte; commands that read differently, not all.
damaged() {
    fresh
    head -c "$page" /dev/zero | tr '\0' "\\$2" |
        dd of="$model" bs="$page" seek="$1" conv=notrunc status=none
    name="page $1 of byte $2"
    run 3 paths "$model"
    run 3 query "$model" 'SELECT count(*) FROM v_path_step'
    run 3 check "$model"
}
at=0
while [ "$at" -lt "$pages" ]; do
    damaged "$at" 377
    at=$((at + 1 + pages / 40))
done
damaged 1 000
for size in 0 1 15 16 99 100 "$page" $((page + 1)) $((page * pages - 1)) $((page * (pages / 2))); do
    fresh
    truncate -s "$size" "$model"
    refused_by_all "cut after $size bytes"
done

# header OFFSET OCTAL...: bytes of the file's header.
header() {
    fresh
    printf '%b' "$2" | dd of="$model" bs=1 seek="$1" conv=notrunc status=none
}
header 16 '\0002\0000' && refused_by_all "pages that are smaller"
header 16 '\0000\0001' && refused_by_all "pages that are larger"
header 16 '\0000\0000' && refused_by_all "pages of no size"
header 20 '\0377' && refused_by_all "pages that are reserved"
header 28 '\0177\0377\0377\0377' && every_command "more pages than there are" "0 3"
header 32 '\0000\0000\0000\0003\0000\0000\0000\0377' && every_command "a list of free pages in use" "0 3"
header 44 '\0000\0000\0000\0377' && refused_by_all "a schema format of the future"
header 52 '\0000\0000\0000\0005' && every_command "a vacuum of its own" "0 3"
header 56 '\0000\0000\0000\0002' && refused_by_all "another encoding than it says"

# ---- what lies beside, and what is no file ----

header 18 '\0002\0002' && every_command "a log that is not there" "0 3"
fresh
sqlite3 "$model" "PRAGMA journal_mode = WAL" >/dev/null
cp "$model" "$scratch/wal.db"
(printf 'PRAGMA wal_autocheckpoint = 0; DELETE FROM drivers;\n.shell cp %s-wal %s/wal.log\n' "$model" "$scratch") |
    sqlite3 "$model"
fresh
cp "$scratch/wal.db" "$model"
cp "$scratch/wal.log" "$model-wal"
every_command "a log of changes beside it" "0 3"
fresh
printf '\331\325\005\371\040\241\143\327\377\377\377\377' >"$model-journal"
head -c 4096 /dev/zero >>"$model-journal"
every_command "a hot journal beside it" 0
fresh
: >"$model-wal"
ln -s /dev/full "$model-shm"
every_command "an empty log beside it" 0

fresh
mv "$model" "$scratch/room/elsewhere.db"
ln -s elsewhere.db "$model"
every_command "a link to a model" 0
ln -sf model.db "$model"
refused_by_all "a link to itself"
ln -sf nowhere "$model"
refused_by_all "a link to nowhere"
ln -sf /dev/zero "$model"
refused_by_all "zeros without end"
rm "$model"
mkfifo "$model"
refused_by_all "a pipe that nobody writes to"
rm "$model"
mkdir "$model"
refused_by_all "a folder"
rmdir "$model"
truncate -s 5G "$model"
refused_by_all "five gigabytes of nothing"
rm "$model"
refused_by_all "no file"

[ "$failures" -eq 0 ] || exit 1
echo "every model was read or refused"
