#!/bin/sh
# The derivation on generated models of 1,000 and of 10,000 drivers: the search beside a bare one and
# SQLite's recursive query, derivation and writing beside a bulk insert, memory.
# usage: derive.sh PROGRAM SOURCE-FOLDER   (the release build is in SOURCE-FOLDER/build/release)
set -eu
release=$2/build/release
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --build "$release" --target bench_derive >/dev/null
for drivers in ${RINGMAP_BENCH_DRIVERS:-1000 10000}; do
    "$release/bench/bench_derive" "$drivers" "$scratch/model.db"
done
