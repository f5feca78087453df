#!/bin/sh
# bench/inf.sh PROGRAM SOURCES [CORPUS]: every INF of a corpus read twenty times over in one process
# (file, encoding, lines, package), beside wc -w on the same bytes in the same run.
# The aim is at most 4 times the time of wc.
set -eu
sources=$2
corpus=${3:-$sources/../shared/corpus}
[ -d "$corpus" ] || {
    echo "SKIP: no corpus at $corpus"
    exit 0
}
cmake --build "$sources/build/release" --target bench_inf >/dev/null
bench=$sources/build/release/bench/bench_inf

now() { date +%s%N; }

set --
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find "$corpus" -type f \( -iname '*.inf' -o -iname '*.inx' -o -iname '*.inf.in' \) | LC_ALL=C sort >"$list"
while IFS= read -r file; do
    set -- "$@" "$file"
done <"$list"
echo "$# files"

# Once to bring the files into memory, then the smallest of three runs of each.
"$bench" 1 "$@" >/dev/null
best_of() {
    best=
    for _ in 1 2 3; do
        start=$(now)
        "$@" >/dev/null
        took=$((($(now) - start) / 1000))
        if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
    done
}
"$bench" 20 "$@"
best_of "$bench" 20 "$@"
ours=$best
twenty_times() {
    # the same files twenty times over as the arguments of one wc
    LC_ALL=${LC_ALL:-C.UTF-8} wc -w "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" \
        "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@" "$@"
}
best_of twenty_times "$@"
words=$best
echo "ringmap: $ours us, wc -w: $words us; factor $((ours * 100 / words)) percent"
