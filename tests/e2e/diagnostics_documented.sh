#!/bin/sh
# Every diagnostic id of the sources has a row in docs/diagnostics.md, every row an id, and the rows
# are sorted. A page in docs/diagnostics/ has a row and its id as title; every id of the INF reader
# has a page.
# usage: diagnostics_documented.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
cd "$2"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sources='base/src model/src extract/src db/src render/src app/src'
id='[a-z0-9]+(-[a-z0-9]+)+'

sed -nE "s/^\| \`($id)\` \|.*/\1/p" docs/diagnostics.md >"$scratch/rows"
sort -u "$scratch/rows" >"$scratch/documented"

# What stands where a diagnostic takes its id …
# shellcheck disable=SC2086 # a list of folders
find $sources -name '*.[ch]' -exec cat {} + | tr -s ' \n' '  ' |
    grep -oE "RM_(NOTE|WARNING|ERROR), [^;\"]*\"$id\"" | sed -E 's/.*"(.*)"/\1/' >"$scratch/used"
# … and what begins like an id that is documented, since some functions are handed theirs. Ids are
# never an rm_str.
areas=$(sed 's/-.*//' "$scratch/documented" | sort -u | paste -sd '|')
# shellcheck disable=SC2086
find $sources -name '*.[ch]' -exec sed 's/RM_STR("[^"]*")//g' {} + |
    grep -oE "\"($areas)(-[a-z0-9]+)+\"" | tr -d '"' >>"$scratch/used"
sort -u -o "$scratch/used" "$scratch/used"

failed=0
differ() {
    [ -s "$scratch/left" ] || return 0
    printf 'FAIL: %s:\n' "$1"
    cat "$scratch/left"
    failed=1
}
comm -13 "$scratch/documented" "$scratch/used" >"$scratch/left"
differ "ids without a row in docs/diagnostics.md"
comm -23 "$scratch/documented" "$scratch/used" >"$scratch/left"
differ "rows of ids that no source has"
sort "$scratch/rows" | diff "$scratch/rows" - >"$scratch/left" || :
differ "rows that are not sorted, or twice"
sort "$scratch/rows" | uniq -d >"$scratch/left"
differ "ids with two rows"

find docs/diagnostics -name '*.md' | sed -E 's|.*/||; s|\.md$||' | sort >"$scratch/pages"
comm -13 "$scratch/documented" "$scratch/pages" >"$scratch/left"
differ "pages in docs/diagnostics/ without a row"
grep '^inf-' "$scratch/documented" | comm -23 - "$scratch/pages" >"$scratch/left"
differ "ids of the INF reader without a page in docs/diagnostics/"
while IFS= read -r page; do
    for line in "# \`$page\`" '## Example' '## What to do'; do
        grep -qxF "$line" "docs/diagnostics/$page.md" || echo "$page: $line"
    done
done <"$scratch/pages" >"$scratch/left"
differ "pages without a title, an example, or what to do"
[ "$failed" -eq 0 ] || exit 1
echo "$(wc -l <"$scratch/rows") diagnostics, each with its row; $(wc -l <"$scratch/pages") pages"
