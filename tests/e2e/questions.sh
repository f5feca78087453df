#!/bin/sh
# docs/questions.md: the answers that it shows are what the program prints, each question of
# db/queries is asked in its own words, and each has rows.
# usage: questions.sh PROGRAM SOURCE-FOLDER [--update]
#
# After a wanted change: tests/e2e/questions.sh build/dev/ringmap . --update, and read the difference.
set -eu
export LC_ALL=C.UTF-8
program=$1
source=$(realpath "$2")
page=$source/docs/questions.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

mkdir "$scratch/bin"
ln -s "$(realpath "$program")" "$scratch/bin/ringmap"
cp -r "$source/examples" "$scratch/room"
(cd "$scratch/room" && PATH="$scratch/bin:$PATH" COLUMNS=120 \
    awk -f "$source/tests/e2e/lib/console.awk" "$page") >"$scratch/now.md"
if [ "${3:-}" = --update ]; then
    cp "$scratch/now.md" "$page"
fi
diff "$page" "$scratch/now.md" || wrong "docs/questions.md (<) is not what the program prints (>); after a wanted change: $0 PROGRAM . --update"
if grep -q '^!! ' "$scratch/now.md"; then
    wrong "a command fails"
fi

for file in "$source"/db/queries/*.sql; do
    name=$(basename "$file" .sql)
    question=$(sed -n '1s/^-- //p' "$file")
    grep -qF "$question" "$page" || wrong "@$name is not asked in its words: $question"
    grep -q "^\$ ringmap query [a-z]*\.db @$name\( |.*\)*\$" "$page" || wrong "@$name is not asked"
    # A question without rows shows nothing: what stands behind the command must be a header.
    sed -n "/^\$ ringmap query [a-z]*\.db @$name\( |.*\)*\$/{n;p;}" "$page" | grep -q '^[a-z]' ||
        wrong "@$name has no answer"
done
[ "$(grep -c '^## [0-9]*\. ' "$page")" -ge 20 ] || wrong "fewer than twenty questions"

[ "$failures" -eq 0 ]
