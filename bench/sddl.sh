#!/bin/sh
# Parse, print and check per string, in one process, beside Samba's parser on the same strings in
# the same run (Debian's python3-samba; its C code does the work, called once for each step).
# usage: sddl.sh PROGRAM SOURCE-FOLDER   (the release build is in SOURCE-FOLDER/build/release)
set -eu
source=$2
release=$source/build/release
seconds=${RINGMAP_BENCH_SECONDS:-5}
domain=S-1-5-21-2457507606-2709100691-398136650
truth=$source/../shared/truth/secmodel/sddl_valid.jsonl
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ ! -f "$truth" ]; then
    echo "SKIP: the strings of $truth are not here"
    exit 0
fi
for python in /usr/bin/python3 python3; do
    command -v "$python" >/dev/null 2>&1 && break
done
"$python" - "$truth" >"$scratch/strings" <<'END'
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    print(json.loads(line)["sddl"])
END

# shellcheck disable=SC2046 # a list of flags
cc -std=c17 -O2 -D_POSIX_C_SOURCE=200809L -I"$source/base/include" -I"$source/model/include" \
    -o "$scratch/sddl" "$source/bench/sddl.c" "$release/model/libringmap_model.a" \
    "$release/base/libringmap_base.a" $(pkg-config --libs libmd libcjson)
set -- $("$scratch/sddl" "$scratch/strings" "$seconds" "$domain")
ours=$1
echo "ringmap: $ours strings/s, $(wc -l <"$scratch/strings") different ones"

cat >"$scratch/beside.py" <<'END'
import sys, time
from samba import security as functions
from samba.dcerpc import security

strings = open(sys.argv[1], encoding="utf-8").read().splitlines()
seconds, domain = float(sys.argv[2]), security.dom_sid(sys.argv[3])
token = security.token()
sids = "S-1-5-21-1-2-3-1001 S-1-1-0 S-1-5-32-545 S-1-5-4 S-1-2-1 S-1-5-11 S-1-5-15 S-1-5-113 " \
       "S-1-2-0 S-1-5-64-10 S-1-5-5-0-100001 S-1-5-21-1-2-3-513"
token.sids = [security.dom_sid(s) for s in sids.split()]
token.num_sids = len(token.sids)
tried = accepted = 0
start = time.monotonic()
while time.monotonic() - start < seconds:
    for text in strings:
        tried += 1
        try:
            sd = security.descriptor.from_sddl(text, domain)
        except Exception:
            continue
        accepted += 1
        sd.as_sddl(domain)
        try:
            functions.access_check(sd, token, 0x120089)
        except Exception:
            pass
print("%.0f %.1f" % (tried / (time.monotonic() - start), 100 * accepted / tried))
END
if ! "$python" -c 'import samba.dcerpc.security' 2>/dev/null; then
    echo "SKIP: python3-samba is not installed, so there is nothing to compare with"
    exit 0
fi
set -- $("$python" "$scratch/beside.py" "$scratch/strings" "$seconds" "$domain")
echo "samba:   $1 strings/s, of which it accepts $2 % ($("$python" -c 'import samba; print(samba.version)' 2>/dev/null || echo 'version not known'))"
echo "ratio:   $(awk -v a="$ours" -v b="$1" 'BEGIN { printf "%.1f", a / b }')"
