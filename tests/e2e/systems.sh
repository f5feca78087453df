#!/bin/sh
# Public systems beside what a reader of their sources expected, where RINGMAP_CHECKOUTS names the
# folder that holds them (OWNER+NAME for each repository).
# usage: systems.sh PROGRAM SOURCE-FOLDER
set -eu
if [ -z "${RINGMAP_CHECKOUTS:-}" ] || ! command -v python3 >/dev/null; then
    echo "SKIP: RINGMAP_CHECKOUTS names no folder with checkouts of public drivers"
    exit 77
fi
exec python3 "$2/bench/accuracy/systems.py" "$1" "$RINGMAP_CHECKOUTS"
