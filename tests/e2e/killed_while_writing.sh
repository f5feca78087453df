#!/bin/sh
# An output is complete or untouched: kill -9 at any moment of scan and render leaves the old file
# or the whole new one, and the next run leaves nothing beside it. What is no regular file is
# written in place.
# usage: killed_while_writing.sh PROGRAM SOURCE-FOLDER
set -eu
ringmap=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export TMPDIR="$scratch/tmp"
mkdir tmp

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

# quiet COMMAND...: shows what it said only when it fails.
quiet() { "$@" >said 2>&1 || { cat said; fail "exit $?: $*"; }; }

# exits CODE COMMAND...
exits() {
    wanted=$1
    shift
    got=0
    "$@" >said 2>&1 || got=$?
    [ "$got" -eq "$wanted" ] || { cat said; fail "exit $got, not $wanted: $*"; }
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# ---- inputs: one system small, one large enough that writing it takes a while ----

# system FOLDER COPIES: so many independent drivers, each with an unchecked port.
system() {
    mkdir "$1"
    awk -v n="$2" 'BEGIN {
        printf "{\"ringmap\":1,\"drivers\":["
        for (i = 0; i < n; i++) printf "%s{\"name\":\"drv%d\"}", i ? "," : "", i
        printf "],\n\"devices\":["
        for (i = 0; i < n; i++)
            printf "%s\n{\"driver\":\"drv%d\",\"nt_name\":\"\\\\Device\\\\Drv%d\",\"sddl\":\"D:P(A;;GA;;;SY)(A;;GRGW;;;WD)\"}", i ? "," : "", i, i
        printf "],\n\"doors\":["
        for (i = 0; i < n; i++)
            printf "%s\n{\"device\":\"\\\\Device\\\\Drv%d\",\"kind\":\"symlink\",\"name\":\"\\\\??\\\\Drv%d\"}", i ? "," : "", i, i
        printf "],\n\"entries\":["
        for (i = 0; i < n; i++)
            printf "%s\n{\"driver\":\"drv%d\",\"device\":\"\\\\Device\\\\Drv%d\",\"name\":\"IOCTL_DRV_OUT\",\"code\":\"0x22A000\",\"inputs\":[{\"name\":\"Port\",\"buffer\":\"system\",\"validation\":\"unvalidated\"}],\"sinks\":[{\"class\":\"port_out\",\"api\":\"__outdword\",\"argument\":\"Port\",\"validation\":\"unvalidated\"}]}", i ? "," : "", i, i
        print "]}"
    }' >"$1/system.ringmap.json"
}

system small 2
system large 150

# ---- kill -9 at many moments ----

# Moments of a run of so many milliseconds, in seconds: some all along it, most near its end, where
# the writing is. Fewer of a long run, so that the whole attack takes some twenty seconds at most.
moments() {
    awk -v whole="$1" 'BEGIN {
        late = int(15000 / whole)
        late = late > 36 ? 36 : late < 6 ? 6 : late
        early = late / 3
        for (i = 1; i <= early; i++) printf "%.4f ", whole * 0.75 * i / early / 1000
        for (i = 1; i <= late; i++) printf "%.4f ", whole * (0.75 + 0.45 * i / late) / 1000
    }'
}

# attack OLD NEW OUTPUT COMMAND...: OUTPUT is OLD or NEW however early the command dies.
attack() {
    old=$1
    new=$2
    output=$3
    shift 3
    begun=$(milliseconds)
    quiet "$@"
    length=$(($(milliseconds) - begun + 1))
    cmp -s "$new" "$output" || fail "two runs of $1 $2 wrote different bytes"
    kept=0
    replaced=0
    caught=0
    for moment in $(moments "$length"); do
        cp "$old" "$output"
        timeout --foreground -s KILL "$moment" "$@" >said 2>&1 || :
        if cmp -s "$old" "$output"; then
            kept=$((kept + 1))
        elif cmp -s "$new" "$output"; then
            replaced=$((replaced + 1))
        else
            fail "killed after $moment s, $2 left a $(wc -c <"$output") byte file that is neither old nor new"
        fi
        if ls "$(dirname "$output")"/.ringmap-* >/dev/null 2>&1; then
            caught=$((caught + 1))
        fi
    done
    quiet "$@"
    cmp -s "$new" "$output" || fail "the run after the killed ones wrote something else"
    left=$(find "$(dirname "$output")" tmp -mindepth 1 ! -path "$output")
    [ -z "$left" ] || fail "$2 left beside its output: $left"
    echo "$2: $kept times the old file, $replaced times the new one, $caught times caught while writing"
}

mkdir out refs
quiet "$ringmap" scan small -o refs/small.db
quiet "$ringmap" scan large -o refs/large.db
attack refs/small.db refs/large.db out/m.db "$ringmap" scan large -o out/m.db

rm -rf out
mkdir out
quiet "$ringmap" render refs/small.db -o refs/small.svg
quiet "$ringmap" render refs/large.db -o refs/large.svg
attack refs/small.svg refs/large.svg out/m.svg "$ringmap" render refs/large.db -o out/m.svg

# ---- outputs that cannot be written ----

exits 4 "$ringmap" scan small -o absent/m.db
exits 4 "$ringmap" render refs/small.db -o absent/m.svg
exits 4 "$ringmap" render refs/small.db -o refs -T svg
closed=out/closed
mkdir $closed
chmod 555 $closed
if [ "$(id -u)" -eq 0 ]; then
    closed=/proc # where not even root can make a file
fi
exits 4 "$ringmap" scan small -o $closed/m.db
exits 4 "$ringmap" render refs/small.db -o $closed/m.svg
if [ -c /dev/full ]; then
    exits 4 "$ringmap" scan small -o /dev/full
    exits 4 "$ringmap" render refs/small.db -o /dev/full -T svg
    [ -c /dev/full ] || fail "/dev/full was replaced"
fi

# ---- outputs that are no regular file ----

# through_pipe REFERENCE COMMAND...: the command writes to a named pipe, which stays one.
through_pipe() {
    reference=$1
    shift
    mkfifo pipe
    timeout 60 cat pipe >got &
    reader=$!
    quiet "$@"
    wait $reader
    [ -p pipe ] || fail "the pipe was replaced: $*"
    cmp -s "$reference" got || fail "through a pipe came something else: $*"
    rm pipe got
}
through_pipe refs/small.db "$ringmap" scan small -o pipe
through_pipe refs/small.svg "$ringmap" render refs/small.db -o pipe -T svg

for name in - /dev/stdout; do
    "$ringmap" scan small -o $name 2>said | cat >got
    cmp -s refs/small.db got || fail "scan -o $name into a pipe"
    "$ringmap" render refs/small.db -o $name -T svg 2>said | cat >got
    cmp -s refs/small.svg got || fail "render -o $name into a pipe"
    "$ringmap" render refs/small.db -o $name -T svg >got 2>said
    cmp -s refs/small.svg got || fail "render -o $name into a file"
done
[ -z "$(ls -A tmp)" ] || fail "left in TMPDIR: $(ls -A tmp)"
