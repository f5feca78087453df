#!/bin/sh
# 'ringmap export' and SARIF: what other tools take, checked by rules of their documents with
# negative controls; hostile names; refusals.
# usage: exports.sh PROGRAM SOURCE-FOLDER
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
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

. "$source/tests/e2e/lib/needs.sh"
needs_programs sqlite3 xmllint
needs_npm @microsoft/jest-sarif ajv-draft-04 ajv-formats
graphml() { xmllint --noout --nonet --schema "$source/tests/e2e/lib/graphml.xsd" "$1" 2>"$scratch/said"; }
check() { node "$source/tests/e2e/lib/exports.mjs" "$@" || wrong "$* is not what it should be"; }

# ---- of the example, and of a model whose names are hostile ----

"$program" scan --quiet --strict "$source/examples/three-paths" -o "$scratch/model.db"
mkdir "$scratch/hostile"
cat >"$scratch/hostile/a.ringmap.json" <<'END'
{"ringmap":1,"who":"t","why":"t","drivers":[{"name":"<b>:\"&;]]>\u202edrv","mode":"kernel"}],
 "devices":[{"driver":"<b>:\"&;]]>\u202edrv","nt_name":"\\Device\\=cmd|' /C calc'!A0","sddl":"D:P(A;;GA;;;WD)"}],
 "doors":[{"device":"\\Device\\=cmd|' /C calc'!A0","kind":"symlink","name":"\\DosDevices\\x\u001b[31m`|\n"}],
 "entries":[{"driver":"<b>:\"&;]]>\u202edrv","device":"\\Device\\=cmd|' /C calc'!A0","kind":"ioctl","name":"</script>","code":2236420,
  "sinks":[{"class":"port_out","api":"x'\"><y>","validation":"unvalidated"}]}]}
END
"$program" scan --quiet "$scratch/hostile" -o "$scratch/hostile.db"
is "paths of the hostile model" "yes" \
    "$(sqlite3 "$scratch/hostile.db" "SELECT iif(count(*) > 0, 'yes', 'no') FROM v_path")"

for name in model hostile; do
    mkdir -p "$scratch/$name"
    "$program" export "$scratch/$name.db" --to opengraph -o "$scratch/$name/opengraph.json"
    "$program" export "$scratch/$name.db" --to opengraph-extension -o "$scratch/$name/extension.json"
    "$program" export "$scratch/$name.db" --to otm -o "$scratch/$name/otm.json"
    "$program" export "$scratch/$name.db" --to graphml -o "$scratch/$name/model.graphml"
    "$program" findings "$scratch/$name.db" --format sarif >"$scratch/$name/sarif.json"
    "$program" paths "$scratch/$name.db" --format sarif >"$scratch/$name/paths.sarif"
    check opengraph "$scratch/$name/opengraph.json"
    check extension "$scratch/$name/extension.json"
    check otm "$scratch/$name/otm.json"
    check sarif "$scratch/$name/sarif.json"
    check sarif "$scratch/$name/paths.sarif"
    graphml "$scratch/$name/model.graphml" || wrong "GraphML of $name is not what it should be"
    "$program" export "$scratch/$name.db" --to csv -o "$scratch/$name/csv"
    check csv "$scratch/$name/csv"
done
check controls "$scratch/model"

# GraphML that is broken in one place each, which the schema must refuse.
for broken in 's/<edge id="e0" source="[^"]*"/<edge id="e0" source="n9999"/' 's/<key id="kind"/<key id="label"/' \
    's/<data key="kind">Driver/<data key="kynd">Driver/' 's/<node id="n1">/<node id="n0">/' \
    's/ edgedefault="directed"//' 's/ target="[^"]*"//' 's/ xmlns="[^"]*"//' 's/attr.type="long"/attr.type="number"/'; do
    sed "$broken" "$scratch/model/model.graphml" >"$scratch/broken.graphml"
    cmp -s "$scratch/broken.graphml" "$scratch/model/model.graphml" && wrong "nothing to break: $broken"
    if graphml "$scratch/broken.graphml"; then
        wrong "GraphML is taken for good after $broken"
    fi
done

# ---- what stands in them ----

# ask FILE SQL: of a JSON file as `d`.
ask() {
    sqlite3 :memory: "WITH f(d) AS (SELECT CAST(readfile('$1') AS TEXT)) $2"
}
is "drivers as nodes" "3" "$(ask "$scratch/model/opengraph.json" \
    "SELECT count(*) FROM f, json_each(d, '\$.graph.nodes') n WHERE n.value ->> '\$.kinds[0]' = 'RM_Driver'")"
is "Driver1 passes on to Driver3" "driver/driver1 driver/driver3" "$(ask "$scratch/model/opengraph.json" \
    "SELECT DISTINCT (e.value ->> '\$.start.value') || ' ' || (e.value ->> '\$.end.value')
     FROM f, json_each(d, '\$.graph.edges') e WHERE e.value ->> '\$.kind' = 'RM_Forwards'")"
is "apps that reach a driver" "App1 App2" "$(ask "$scratch/model/otm.json" \
    "SELECT group_concat(name, ' ') FROM (SELECT DISTINCT c.value ->> '\$.name' AS name
     FROM f, json_each(d, '\$.dataflows') x, json_each(d, '\$.components') c
     WHERE c.value ->> '\$.id' = x.value ->> '\$.source' AND c.value ->> '\$.type' = 'windows-app'
     ORDER BY 1)" | sed 's/\.exe//')"
is "hops of the worst path" "1" "$(ask "$scratch/model/paths.sarif" \
    "SELECT max(l.value ->> '\$.nestingLevel')
     FROM f, json_each(d, '\$.runs[0].results[0].codeFlows[0].threadFlows[0].locations') l")"
is "results for one principal" "$(sqlite3 "$scratch/model.db" \
    "SELECT count(*) FROM v_path WHERE origin = 'remote_user'")" \
    "$("$program" paths "$scratch/model.db" --from remote_user --format sarif >"$scratch/some.sarif" &&
        ask "$scratch/some.sarif" "SELECT count(*) FROM f, json_each(d, '\$.runs[0].results')")"

# Fingerprints survive moved lines.
cp -r "$source/examples/three-paths" "$scratch/moved"
sed -i '1i\/* one more line */\n' "$scratch/moved/driver1/driver1.c" "$scratch/moved/driver3/driver3.c"
"$program" scan --quiet "$scratch/moved" -o "$scratch/moved.db"
"$program" findings "$scratch/moved.db" --format sarif >"$scratch/moved.sarif"
prints() {
    ask "$1" "SELECT r.value ->> '\$.partialFingerprints.ringmapFinding/v1'
              FROM f, json_each(d, '\$.runs[0].results') r ORDER BY 1"
}
cmp -s "$scratch/moved.sarif" "$scratch/model/sarif.json" && wrong "no line moved"
is "fingerprints after lines moved" "$(prints "$scratch/model/sarif.json")" "$(prints "$scratch/moved.sarif")"

# ---- SARIF with a policy and a baseline ----

cat >"$scratch/policy.json" <<'END'
{"ringmap": 1, "waivers": [{"id": "finding:ds-04:*", "reason": "a lab", "owner": "board",
 "date": "2026-01-01", "expires": "2026-12-31"}]}
END
cp -r "$source/examples/three-paths" "$scratch/tight"
sed -i 's/^HKR,, Security,,.*/HKR,, Security,, "D:P(A;;GA;;;SY)(A;;GA;;;BA)"/' "$scratch/tight/driver1/driver1.inf"
"$program" scan --quiet "$scratch/tight" -o "$scratch/tight.db"
"$program" report "$scratch/model.db" -o "$scratch/gate.sarif" --baseline "$scratch/tight.db" \
    --policy "$scratch/policy.json" --today 2026-06-01
check sarif "$scratch/gate.sarif"
is "what the waiver suppresses" "DS-04|a lab (board, until 2026-12-31)" "$(ask "$scratch/gate.sarif" \
    "SELECT r.value ->> '\$.ruleId', r.value ->> '\$.suppressions[0].justification'
     FROM f, json_each(d, '\$.runs[0].results') r WHERE json_array_length(r.value, '\$.suppressions') > 0")"
is "DS-04 since the tight descriptor" "new" "$(ask "$scratch/gate.sarif" \
    "SELECT r.value ->> '\$.baselineState'
     FROM f, json_each(d, '\$.runs[0].results') r WHERE r.value ->> '\$.ruleId' = 'DS-04'")"
"$program" report "$scratch/tight.db" -T sarif -o - --baseline "$scratch/model.db" >"$scratch/back.sarif"
is "DS-04 after it was mended" "absent" "$(ask "$scratch/back.sarif" \
    "SELECT r.value ->> '\$.baselineState'
     FROM f, json_each(d, '\$.runs[0].results') r WHERE r.value ->> '\$.ruleId' = 'DS-04'")"

# ---- csv ----

"$program" export "$scratch/hostile.db" --to csv -o "$scratch/csv"
"$program" export "$scratch/hostile.db" --to csv -o "$scratch/csv" # a second time, over it
is "files" "$(sqlite3 "$scratch/hostile.db" "SELECT count(*) FROM sqlite_schema WHERE type = 'view'")" \
    "$(find "$scratch/csv" -name 'v_*.csv' | wc -l | tr -d ' ')"
is "rows of v_path" "$(sqlite3 "$scratch/hostile.db" "SELECT count(*) FROM v_path")" \
    "$(sqlite3 :memory: ".import --csv $scratch/csv/v_path.csv t" "SELECT count(*) FROM t")"

# ---- the same bytes, refusals ----

"$program" export "$scratch/model.db" --to graphml -o - | cmp -s - "$scratch/model/model.graphml" ||
    wrong "two exports differ"

# refused EXPECTED ARGUMENTS...
refused() {
    expected=$1
    shift
    code=0
    "$program" export "$@" >/dev/null 2>"$scratch/said" || code=$?
    is "exit code of export $*" "$expected" "$code"
    [ -s "$scratch/said" ] || wrong "export $*: nothing is said"
}
refused 2 "$scratch/model.db"
refused 2 "$scratch/model.db" --to tm7 -o "$scratch/x"
refused 2 "$scratch/model.db" --to otm
refused 2 "$scratch/model.db" --to otm -o "$scratch/model.db"
refused 3 "$scratch/model/otm.json" --to otm -o "$scratch/x"
refused 4 "$scratch/model.db" --to otm -o "$scratch/no/such/folder"
refused 4 "$scratch/model.db" --to csv -o "$scratch/model/otm.json"

[ "$failures" -eq 0 ]
