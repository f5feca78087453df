#!/bin/sh
# bench/sources.sh PROGRAM SOURCES [FOLDER]: driver sources read up to their parsed units, and by a
# whole scan, beside universal-ctags and beside tree-sitter alone in the same run.
# The aims: at most 8 times the time of ctags; at most 1.5 times what tree-sitter alone needs for
# the files that were parsed; the normaliser at about 30 MB/s.
set -eu
program=$1
sources=$2
folder=${3:-}
[ -n "$folder" ] && [ -d "$folder" ] || {
    echo "SKIP: bench/sources.sh PROGRAM SOURCES FOLDER, a folder with driver sources"
    exit 0
}
cmake --build "$sources/build/release" --target bench_sources >/dev/null
bench=$sources/build/release/bench/bench_sources

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$folder" -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.hh' -o -name '*.c' \
    -o -name '*.cpp' -o -name '*.cc' -o -name '*.cxx' \) >"$work/list"

measure() {
    LC_ALL=C /usr/bin/time -o "$work/time" -f '%U %M' "$@" >/dev/null 2>&1 || true
    tail -1 "$work/time"
}

"$bench" "$folder" >"$work/warm"
"$bench" "$folder" >"$work/figures"
cat "$work/figures"
scan=$(measure "$program" scan --quiet --no-progress --jobs 1 "$folder" -o "$work/model.db")
echo "whole_scan ${scan% *}"
echo "kilobytes ${scan#* }"
value() { sed -n "s/^$1 //p" "$work/figures"; }
awk -v r="$(value read)" -v t="$(value tree_sitter)" -v n="$(value normalise)" \
    -v m="$(value parsed_megabytes)" 'BEGIN {
        printf "normaliser_megabytes_a_second %.1f\n", m / n
        printf "read_to_tree_sitter %.2f\n", r / t }'
if command -v ctags >/dev/null; then
    ctags=$(measure ctags --c-kinds=f --c++-kinds=f -f - -L "$work/list")
    echo "ctags ${ctags% *}"
    awk -v r="$(value read)" -v s="${scan% *}" -v c="${ctags% *}" 'BEGIN {
        printf "read_to_ctags %.1f\nscan_to_ctags %.1f\n", r / c, s / c }'
fi
