#!/bin/sh
# A team's own rules: findings like any others, and rules that write, loop or select nonsense are
# refused or stopped with their name, and leave no model.
# usage: team_rules.sh PROGRAM SOURCE-FOLDER
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

# ---- the example that docs/team-rules.md names ----

"$program" scan --quiet --strict "$source/examples/three-paths" --rules "$source/examples/rules/board.json" \
    -o "$scratch/model.db"
ask() { sqlite3 "$scratch/model.db" "$1"; }

# By hand: App1 reaches the ports of Driver1 and, through it, of Driver3; Driver2 is for
# administrators. Driver3 alone names its device.
is "paths to ports" "Driver1|high|driver1/driver1.c|186
Driver3|high|driver3/driver3.c|98" \
    "$(ask "SELECT subject, severity, path, line FROM v_finding WHERE rule = 'BOARD-1' ORDER BY 1")"
is "the path of the worst" "Driver1 > Driver3" \
    "$(ask "SELECT drivers FROM v_finding JOIN v_path USING (path_id) WHERE rule = 'BOARD-1' ORDER BY v_finding.rank LIMIT 1")"
is "a message and a fix" "Driver3 names its device \\Device\\Driver3|call it \\Device\\ContosoDriver3" \
    "$(ask "SELECT message, fix FROM v_finding WHERE rule = 'BOARD-2'")"
is "v_rule" "team|board.json: board decision 14|CWE-782|2" \
    "$(ask "SELECT kind, source, cwe, findings FROM v_rule WHERE rule = 'BOARD-1'")"
is "rules without a document have their file as source" "board.json" \
    "$(ask "SELECT source FROM v_rule WHERE rule = 'BOARD-2'")"
is "the ranks" "0" \
    "$(ask "SELECT count(*) FROM v_finding a JOIN v_finding b ON a.rank < b.rank WHERE a.severity = 'low' AND b.severity = 'high'")"

"$program" findings "$scratch/model.db" --rule BOARD-1 --format csv | grep -q BOARD-1 || wrong "findings --rule"
"$program" explain "$scratch/model.db" BOARD-1 | grep -qF "asks         SELECT" || wrong "explain of the rule"
"$program" explain "$scratch/model.db" finding:board-2:device-driver3-device-driver3 |
    grep -qF 'a device has a name outside of our namespace' || wrong "explain of its finding"
"$program" findings "$scratch/model.db" --format sarif | grep -qF '"id":"BOARD-1"' || wrong "SARIF has no such rule"
"$program" report "$scratch/model.db" -o "$scratch/report.md"
grep -q BOARD-1 "$scratch/report.md" || wrong "the report does not show it"
code=0
"$program" check --quiet "$scratch/model.db" --fail-on high >"$scratch/gate" || code=$?
is "the gate" 1 "$code"
grep -q finding:board-1 "$scratch/gate" || wrong "the gate does not object to it"

"$program" scan --quiet "$source/examples/three-paths" --rules "$source/examples/rules/board.json" -o "$scratch/again.db"
cmp -s "$scratch/model.db" "$scratch/again.db" || wrong "a second scan gives other bytes"

# ---- what is refused ----

# refused CODE TEXT RULES: exit code, what is said, no model.
refused() {
    printf '%s' "$3" >"$scratch/bad.json"
    code=0
    "$program" scan --quiet "$source/examples/three-paths" --rules "$scratch/bad.json" \
        -o "$scratch/none.db" 2>"$scratch/said" || code=$?
    is "exit code: $2" "$1" "$code"
    grep -qF -- "$2" "$scratch/said" || wrong "'$2' is not said: $(cat "$scratch/said")"
    [ ! -e "$scratch/none.db" ] || wrong "a model was written: $2"
}

# rule SQL [MESSAGE]: a file with one rule.
rule() {
    printf '{"ringmap": 1, "rules": [{"id": "BAD-1", "title": "t", "severity": "low", "sql": "%s", "message": "%s"}]}' \
        "$1" "${2:-m}"
}

refused 2 "rule BAD-1: refused" "$(rule "DELETE FROM devices")"
refused 2 "rule BAD-1: refused" "$(rule "PRAGMA user_version = 3")"
refused 2 "rule BAD-1: refused" "$(rule "ATTACH 'x' AS y")"
refused 2 "rule BAD-1: refused: the function load_extension" "$(rule "SELECT load_extension('x') AS subject")"
refused 2 "rule BAD-1: refused: more than one statement" "$(rule "SELECT 'x' AS subject; DROP TABLE devices")"
refused 2 "rule BAD-1: refused: no such table: v_nothing" "$(rule "SELECT x AS subject FROM v_nothing")"
refused 2 "rule BAD-1: refused: access to drivers.name is prohibited" "$(rule "SELECT name AS subject FROM drivers")"
refused 2 "bad.json:1:26: error: rule BAD-1: stopped: it took too long [rules-refused]" \
    "$(rule "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) AS subject FROM c")"
refused 2 "rule BAD-1: more than 10000 rows" \
    "$(rule "SELECT a.text AS subject FROM v_path_step a, v_path_step b, v_path_step c")"
refused 2 "rule BAD-1: the answer has no column 'subject' [rules-answer]" "$(rule "SELECT 1")"
refused 2 "rule BAD-1: a row of its answer has an empty column 'subject'" "$(rule "SELECT NULL AS subject")"
refused 2 "rule BAD-1: the answer has no column for 'nothing'" "$(rule "SELECT 'x' AS subject" "{nothing}")"
refused 2 "rule BAD-1: its column path_id names no path: 'p'" "$(rule "SELECT 'x' AS subject, 'p' AS path_id")"
refused 2 "rule BAD-1: its column severity has the word 'awful'" "$(rule "SELECT 'x' AS subject, 'awful' AS severity")"
refused 2 "rule BAD-1: its column line has no line but 'x'" "$(rule "SELECT 'x' AS subject, 'x' AS line")"

refused 3 "[rules-value]" "$(rule "SELECT 'x' AS subject" "{open")"
refused 3 "there is a rule 'DS-04' already [rules-duplicate]" "$(rule "SELECT 1" | sed 's/BAD-1/DS-04/')"
refused 3 "a rule has no key 'when'" "$(rule "SELECT 1" | sed 's/"title"/"when": 1, "title"/')"
refused 3 "[rules-missing-key]" "$(rule "SELECT 1" | sed 's/"title": "t",//')"
refused 3 "[rules-version]" '{"rules": []}'
refused 3 "[json-syntax]" '{"ringmap": 1, "rules": ['
refused 3 "[rules-wrong-type]" '{"ringmap": 1, "rules": {}}'

# ---- the schema ----

if [ -d "$source/node_modules/ajv" ] && command -v node >/dev/null; then
    (cd "$source" && node -e '
const Ajv = require("ajv/dist/2020");
const fs = require("fs");
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const valid = new Ajv({strict: true}).compile(read("docs/schema/rules.schema.json"));
if (!valid(read("examples/rules/board.json"))) { console.log(valid.errors); process.exit(1); }
const wrong = [{}, {ringmap: 1}, {ringmap: 1, rules: [{id: "A"}]},
    {ringmap: 1, rules: [{id: "1", title: "t", severity: "low", sql: "s", message: "m"}]}];
process.exit(wrong.some((w) => valid(w)) ? 1 : 0);') || wrong "the schema and the example differ"
else
    echo "NOTE: ajv is not installed; the schema is not tried"
fi

[ "$failures" -eq 0 ] || exit 1
echo "team rules make findings, and bad ones are refused by name"
