#!/bin/sh
# 'ringmap diff': what makes a difference and what does not, on copies of examples/three-paths with
# one change each; formats and exit codes.
# usage: diff.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
example=$2/examples/three-paths
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# is WHAT EXPECTED ACTUAL
is() { [ "$2" = "$3" ] || wrong "$1: expected '$2', found '$3'"; }

# variant NAME: a fresh copy of the example at $scratch/NAME.
variant() { cp -r "$example" "$scratch/$1"; }

# scanned NAME: the model of a variant, $scratch/NAME.db.
scanned() { "$program" scan --quiet --strict "$scratch/$1" -o "$scratch/$1.db"; }

# changed OLD NEW KIND CHANGE: the ids.
changed() {
    "$program" diff --format ndjson "$scratch/$1.db" "$scratch/$2.db" |
        sed -n "s/^{\"kind\":\"$3\",\"change\":\"$4\",\"id\":\"\([^\"]*\)\".*/\1/p"
}

# exits OLD NEW WHAT EXPECTED
exits() {
    code=0
    "$program" diff --fail-on "$3" "$scratch/$1.db" "$scratch/$2.db" >/dev/null || code=$?
    is "exit code of diff --fail-on $3 $1 $2" "$4" "$code"
}

variant plain
scanned plain

# ---- no difference ----

variant moved
mv "$scratch/moved/driver3/driver3.c" "$scratch/moved/driver3/main.c"
sed -i 's/driver3\.c/main.c/' "$scratch/moved/driver3/driver3.vcxproj"
sed -i '1i\/* one more line */\n' "$scratch/moved/driver1/driver1.c" "$scratch/moved/driver3/main.c"
sed -i '1i; one more line' "$scratch/moved/driver1/driver1.inf"
scanned moved
is "moved lines and a renamed file" "nothing changed" \
    "$("$program" diff "$scratch/plain.db" "$scratch/moved.db")"
exits plain moved worse 0

# Findings about an INF are about its package, wherever it lies and whatever it is called.
variant unlocked
sed -i '/PnpLockdown/d' "$scratch/unlocked/driver1/driver1.inf"
scanned unlocked
mkdir -p "$scratch/folder/drivers"
cp -r "$scratch/unlocked" "$scratch/folder/drivers/all"
mv "$scratch/folder/drivers/all/driver1/driver1.inf" "$scratch/folder/drivers/all/driver1/package.inf"
sed -i 's/driver1\.inf/package.inf/' "$scratch/folder/drivers/all/driver1/driver1.vcxproj"
scanned folder
is "a finding about an INF" "finding:in-03:driver1" "$(changed plain unlocked finding new)"
is "another folder and a renamed INF" "nothing changed" \
    "$("$program" diff "$scratch/unlocked.db" "$scratch/folder.db")"

# ---- a widened ACE: everybody may open Driver2, which was the administrators' ----

variant wide
sed -i 's/^HKR,, Security,,.*/HKR,, Security,, "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;WD)"/' \
    "$scratch/wide/driver2/driver2.inf"
scanned wide
changed plain wide access new | grep -qx 'device:driver2 standard_user' ||
    wrong "a widened ACE gives no new access to standard_user"
changed plain wide path new |
    grep -q '^path:standard_user:.*:ioctl_driver2_write_port:driver2:port_out' ||
    wrong "a widened ACE gives no new path"
is "things that went" "" "$(changed plain wide path gone)"
exits plain wide new 1
exits plain wide worse 1
exits wide plain worse 0

# ---- a new control code ----

variant code
sed -i 's/^typedef struct _DRIVER2/#define IOCTL_DRIVER2_EXTRA CTL_CODE(FILE_DEVICE_UNKNOWN, 0x8F0, METHOD_BUFFERED, FILE_ANY_ACCESS)\n&/' \
    "$scratch/code/driver2/driver2.h"
grep -q IOCTL_DRIVER2_EXTRA "$scratch/code/driver2/driver2.h"
scanned code
is "a new code" "ioctl:driver2::ioctl_driver2_extra" "$(changed plain code ioctl new)"
exits plain code new 1

# ---- a code that asks for less ----

variant lax
sed -i 's/0x800, METHOD_BUFFERED, FILE_WRITE_DATA/0x800, METHOD_BUFFERED, FILE_ANY_ACCESS/' \
    "$scratch/lax/driver1/driver1.h"
scanned lax
is "a code that asks for less" "ioctl:driver1::ioctl_driver1_write_port" \
    "$(changed plain lax ioctl worse)"
exits plain lax new 1 # a principal that may only read has a path now
exits plain lax worse 1

# ---- a lost check ----

variant checked
sed -i 's/^        __outdword(input->Port, input->Value);/        if (input->Port < 0x2F8 || input->Port > 0x2FF || input->Value > 0xFF) {\n            status = STATUS_INVALID_PARAMETER;\n            break;\n        }\n&/' \
    "$scratch/checked/driver1/driver1.c"
scanned checked
changed checked plain check worse | grep -q 'ioctl_driver1_write_port:range' ||
    wrong "a lost range check is not told"
changed checked plain path worse |
    grep -q '^path:app1:.*:ioctl_driver1_write_port:driver1:port_out' ||
    wrong "a lost check makes no path worse"
changed checked plain operation worse | grep -q 'ioctl_driver1_write_port:port_out' ||
    wrong "a lost check makes no operation worse"
exits checked plain worse 1
exits plain checked worse 0

# ---- formats ----

"$program" diff --format md "$scratch/plain.db" "$scratch/wide.db" -o "$scratch/comment.md"
grep -q '^| new | path | ' "$scratch/comment.md" || wrong "Markdown has no row of a new path"
is "what a comment shows of one path for all principals" "1" \
    "$(grep -c '^| new | path | .*IOCTL_DRIVER2_WRITE_PORT' "$scratch/comment.md")"
"$program" diff --format json "$scratch/plain.db" "$scratch/wide.db" >"$scratch/wide.json"
"$program" diff --format json "$scratch/plain.db" "$scratch/wide.db" | cmp -s - "$scratch/wide.json" ||
    wrong "two runs differ"

# ---- refusals ----

# refused EXPECTED ARGUMENTS...
refused() {
    expected=$1
    shift
    code=0
    "$program" diff "$@" >/dev/null 2>"$scratch/said" || code=$?
    is "exit code of diff $*" "$expected" "$code"
    [ -s "$scratch/said" ] || wrong "diff $*: nothing is said"
}
refused 2 "$scratch/plain.db"
refused 2 --fail-on better "$scratch/plain.db" "$scratch/wide.db"
refused 2 --format html "$scratch/plain.db" "$scratch/wide.db"
refused 3 "$scratch/plain.db" "$scratch/none.db"
refused 3 "$scratch/comment.md" "$scratch/plain.db"
refused 4 "$scratch/plain.db" "$scratch/wide.db" -o "$scratch/no/such/folder"

[ "$failures" -eq 0 ]
