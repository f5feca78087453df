#!/bin/sh
# The nearest fix of a finding, applied to a copy of the example: the finding is gone.
# usage: fixes.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
program=$1
example=$2/examples/three-paths
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# scan NAME: the model of $scratch/NAME, and the ids of its findings.
scan() {
    "$program" scan --quiet --strict "$scratch/$1" -o "$scratch/$1.db"
    sqlite3 "$scratch/$1.db" "SELECT finding_id FROM v_finding" | sort >"$scratch/$1.ids"
}

# gone NAME RULE DRIVER: it was there before, and is not after.
gone() {
    sqlite3 "$scratch/before.db" \
        "SELECT finding_id FROM v_finding WHERE rule = '$2' AND subject = '$3'" >"$scratch/was"
    [ -s "$scratch/was" ] || wrong "$2 of $3 is not found before the fix"
    while read -r id; do
        ! grep -qxF "$id" "$scratch/$1.ids" || wrong "$id is still there"
    done <"$scratch/was"
}

cp -r "$example" "$scratch/before"
scan before

# ---- DS-04: the descriptor that the fix names ----

left=$(sqlite3 "$scratch/before.db" \
    "SELECT substr(fix, instr(fix, 'leaves ') + 7, instr(fix, '; who must') - instr(fix, 'leaves ') - 7)
     FROM v_finding WHERE rule = 'DS-04'")
[ "$left" = "D:P(A;;GA;;;SY)(A;;GA;;;BA)" ] || wrong "DS-04 leaves $left"
cp -r "$example" "$scratch/descriptor"
sed -i "s/^HKR,, Security,,.*/HKR,, Security,, \"$left\"/" "$scratch/descriptor/driver1/driver1.inf"
scan descriptor
gone descriptor DS-04 Driver1
gone descriptor PB-08 Driver1 # its part: the same change mends it

# ---- PB-04: both ends of the port, and the value ----

port='if (input->Port < 0x300 || input->Port > 0x307 || input->Value > 0xFF) {\
            status = STATUS_INVALID_PARAMETER;\
            break;\
        }'
cp -r "$example" "$scratch/port"
for driver in 1 2 3; do
    sed -i "s/^        __outdword(/        $port\\
        __outdword(/" "$scratch/port/driver$driver/driver$driver.c"
done
scan port
gone port PB-04 Driver1
gone port PB-04 Driver2
gone port PB-04 Driver3

# ---- CH-02: the request as a user's ----

cp -r "$example" "$scratch/mode"
sed -i 's/^    status = IoCallDriver(Extension->Driver3Device, irp);/    irp->RequestorMode = UserMode;\
&/' "$scratch/mode/driver1/driver1.c"
scan mode
gone mode CH-02 Driver1

[ "$failures" -eq 0 ] || exit 1
echo "the fixes of DS-04, PB-04 and CH-02 mend the example"
