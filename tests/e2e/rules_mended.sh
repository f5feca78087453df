#!/bin/sh
# Each rule's nearest fix: tests/rules/<ID>/mend.patch begins with the words that the fix has to
# say, and is what they ask for. Applied to a copy of the fixture that fires, the finding is gone.
# usage: rules_mended.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
program=$1
rules=$2/tests/rules
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
mended=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

scan() { "$program" scan --quiet "$1" -o "$2" 2>/dev/null; }
ask() { sqlite3 "$1" "$2"; }

command -v patch >/dev/null || { echo "SKIP: there is no patch(1)"; exit 77; }

for folder in "$rules"/*/fires; do
    rule=$(basename "$(dirname "$folder")")
    [ "$(cat "$folder/expect")" = checklist ] && continue
    change=$rules/$rule/mend.patch
    [ -f "$change" ] || { wrong "$rule has no mend.patch"; continue; }
    rm -rf "$scratch/copy"
    cp -r "$folder" "$scratch/copy"
    scan "$scratch/copy" "$scratch/before.db"
    ask "$scratch/before.db" "SELECT fix FROM v_finding WHERE rule = '$rule'" >"$scratch/fix"
    ask "$scratch/before.db" "SELECT finding_id FROM v_finding WHERE rule = '$rule'" >"$scratch/was"
    [ -s "$scratch/was" ] || wrong "$rule does not fire"
    sed -n 's/^says: //p' "$change" >"$scratch/words"
    [ -s "$scratch/words" ] || wrong "$rule: no words that its fix has to say"
    while IFS= read -r words; do
        grep -qF -- "$words" "$scratch/fix" || wrong "$rule: the fix does not say '$words': $(cat "$scratch/fix")"
    done <"$scratch/words"
    patch -s -p1 -d "$scratch/copy" <"$change" || { wrong "$rule: mend.patch does not apply"; continue; }
    scan "$scratch/copy" "$scratch/after.db"
    ask "$scratch/after.db" "SELECT finding_id FROM v_finding" >"$scratch/is"
    while IFS= read -r id; do
        if grep -qxF -- "$id" "$scratch/is"; then
            wrong "$id is still there"
        else
            mended=$((mended + 1))
        fi
    done <"$scratch/was"
done

[ "$failures" -eq 0 ] || exit 1
echo "$mended findings of the fixtures are mended by what their fixes ask for"
