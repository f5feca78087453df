#!/bin/sh
# examples/reader-system has exactly the paths that its expected.txt was written down with: several
# drivers, a filter, a UMDF driver, a minifilter's port, brokers, a custom capability.
# usage: reader_system.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
example=$2/examples/reader-system
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C

"$program" scan "$example" -o "$scratch/model.db" --quiet
grep -v '^#' "$example/expected.txt" | sort >"$scratch/expected"
sqlite3 "$scratch/model.db" "
    SELECT coalesce(replace(app, 'Contoso.Reader!', ''), origin), drivers, sink_class, boundaries,
           score
    FROM v_path WHERE app IS NOT NULL OR origin = 'standard_user'" | sort >"$scratch/got"
if ! diff "$scratch/expected" "$scratch/got"; then
    echo "FAIL: the paths differ from those that were worked by hand"
    exit 1
fi
echo "the paths are those that were worked by hand"
