#!/bin/sh
# Two facts files that tell of one device and one call differently: both stay, the worse counts, and
# FC-01 tells of each difference (docs/facts.md).
# usage: facts_against_facts.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# facts FILE SDDL VALIDATION
facts() {
    cat >"$scratch/$1.ringmap.json" <<END
{"ringmap": 1, "who": "a test", "why": "it differs",
 "drivers": [{"name": "d", "framework": "wdm"}],
 "devices": [{"driver": "d", "nt_name": "\\\\Device\\\\D", "created_by": "IoCreateDeviceSecure",
              "sddl": "$2", "secure_open": true}],
 "entries": [{"driver": "d", "device": "\\\\Device\\\\D", "name": "IOCTL_W", "code": "0x22A000",
              "sinks": [{"class": "port_out", "api": "__outdword", "argument": "P",
                         "validation": "$3"}]}]}
END
}

facts one 'D:P(A;;GA;;;SY)' validated
facts two 'D:P(A;;GA;;;SY)(A;;GRGW;;;WD)' unvalidated
status=0
for order in "one two" "two one"; do
    set -- $order
    "$program" scan --quiet "$scratch/$1.ringmap.json" "$scratch/$2.ringmap.json" \
        -o "$scratch/m.db" 2>/dev/null || true
    # a guest through the wider descriptor, with the worse word: 800 * 900 / 1000 = 720
    worst=$("$program" query "$scratch/m.db" --format csv \
        "SELECT max(score), count(DISTINCT device) FROM v_path" | tail -n 1 | tr -d '"\r')
    told=$("$program" query "$scratch/m.db" --format csv \
        "SELECT count(*) AS n FROM v_finding WHERE rule = 'FC-01'" | tail -n 1 | tr -d '"\r')
    if [ "$worst" != "720,1" ] || [ "$told" != 2 ]; then
        printf 'FAIL: %s: worst and devices %s, FC-01 %s\n' "$order" "$worst" "$told"
        status=1
    fi
done
exit $status
