#!/bin/sh
# Rules, pages and fixtures are equal: each row of v_rule has a page docs/rules/<ID>.md and two
# folders tests/rules/<ID>/fires and near; the program fires at the place that `expect` names, and
# is silent at the near miss. A rule may have more of both (fires-…, near-…), and `expect` further
# lines: "origin NAME" (who starts the finding's path), "severity NAME", "message TEXT".
# usage: rules.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
fired=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

ask() { sqlite3 "$scratch/model.db" "$1"; }

# ---- table = pages = fixtures ----

"$program" scan --quiet "$source/tests/rules/IN-08/fires" -o "$scratch/model.db"
ask "SELECT rule FROM v_rule ORDER BY rule" >"$scratch/rules"
(cd "$source/docs/rules" && ls ./*.md) | sed 's|^\./||; s/\.md$//' | grep -v '^README$' >"$scratch/pages"
(cd "$source/tests/rules" && ls -d -- */fires */near) | sed 's|/.*||' | uniq -d >"$scratch/fixtures"
count=$(grep -vc '^FC-' "$scratch/rules") # FC: ours, for facts files
[ "$count" -eq 70 ] || wrong "there are $count rules of the ontology"
diff "$scratch/rules" "$scratch/pages" || wrong "rules and pages differ"
diff "$scratch/rules" "$scratch/fixtures" || wrong "rules and fixtures differ"

# Each page says what its rule says, in the same words.
ask "SELECT rule || char(9) || title || char(9) || statement || char(9) || severity || ' | ' || COALESCE(cwe, '')
     FROM v_rule" >"$scratch/words"
while IFS="$(printf '\t')" read -r rule title statement row; do
    page=$source/docs/rules/$rule.md
    [ -f "$page" ] || continue
    grep -qF "# $rule: $title" "$page" || wrong "$rule.md has another title"
    grep -qF "$statement" "$page" || wrong "$rule.md has another statement"
    case $row in *CWE*) grep -qF "| $row |" "$page" || wrong "$rule.md has another severity or CWE than $row" ;; esac
done <"$scratch/words"

# ---- each fixture ----

# also RULE FOLDER WHAT VALUE
also() {
    case $3 in
    origin) found=$(ask "SELECT count(*) FROM v_finding f JOIN v_path p USING (path_id)
                         WHERE f.rule = '$1' AND p.origin = '$4'") ;;
    severity) found=$(ask "SELECT count(*) FROM v_finding WHERE rule = '$1' AND severity = '$4'") ;;
    message) found=$(ask "SELECT count(*) FROM v_finding WHERE rule = '$1' AND instr(message, '$4')") ;;
    *) wrong "$2: what is '$3'" ;;
    esac
    [ "$found" -gt 0 ] || wrong "$2: no finding with $3 $4"
}

# check RULE FOLDER
check() {
    expected=$(head -n 1 "$2/expect")
    if ! "$program" scan --quiet "$2" -o "$scratch/model.db" 2>"$scratch/said"; then
        wrong "$2 cannot be scanned: $(tail -n 1 "$scratch/said")"
        return
    fi
    count=$(ask "SELECT count(*) FROM v_finding WHERE rule = '$1'")
    case $expected in
    "finding "*)
        place=${expected#finding }
        here=$(ask "SELECT count(*) FROM v_finding_place p JOIN v_finding f USING (finding_id)
                    WHERE f.rule = '$1' AND f.fix <> ''
                      AND p.path || ':' || COALESCE(p.line, 0) = '$place'")
        [ "$here" -gt 0 ] || wrong "$2: nothing at $place"
        sed 1d "$2/expect" >"$scratch/more"
        while read -r what value; do also "$1" "$2" "$what" "$value"; done <"$scratch/more"
        fired=$((fired + 1))
        ;;
    silent) [ "$count" -eq 0 ] || wrong "$2: not silent" ;;
    checklist)
        kind=$(ask "SELECT kind FROM v_rule WHERE rule = '$1'")
        [ "$kind" = checklist ] && [ "$count" -eq 0 ] || wrong "$2: no open checklist"
        ;;
    *) wrong "$2: what is '$expected'" ;;
    esac
}

for folder in "$source"/tests/rules/*/fires* "$source"/tests/rules/*/near*; do
    check "$(basename "$(dirname "$folder")")" "$folder"
done

[ "$failures" -eq 0 ] || exit 1
echo "$(wc -l <"$scratch/rules") rules with page and fixtures, $fired of them fire at their place and are silent beside it"
