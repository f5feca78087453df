#!/bin/sh
# 'ringmap merge': models that were scanned apart give, byte for byte, the model of one scan, in any
# order; what exists only together is there; what cannot be joined is refused.
# usage: merge.sh PROGRAM SOURCE-FOLDER
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

# same WHAT A B
same() {
    cmp -s "$2" "$3" && return
    wrong "$1: the models differ"
    for model in "$2" "$3"; do sqlite3 "$model" .dump >"$model.sql"; done
    diff "$2.sql" "$3.sql" | head -10 || true
}

# asks MODEL SQL: one value
asks() { sqlite3 "$1" "$2"; }

# refused CODE WORDS ARGUMENT...: exit code, and words of the message
refused() {
    expected=$1
    words=$2
    shift 2
    code=0
    "$program" merge "$@" 2>"$scratch/message" || code=$?
    is "exit code of merge $*" "$expected" "$code"
    grep -q -- "$words" "$scratch/message" || wrong "merge $*: no '$words' in: $(cat "$scratch/message")"
}

scan() { "$program" scan --quiet "$@"; }
merge() { "$program" merge --quiet "$@"; }

# ---- each driver and app on its own, then together ----
# A header of another root is the one thing that cannot be had apart: driver1 gets a copy of it.
cp -r "$example" "$scratch/parts"
cd "$scratch/parts"
cp driver3/driver3.h driver1
sed -i 's/\.\.[\\/]driver3[\\/]driver3\.h/driver3.h/' driver1/driver1.c driver1/driver1.vcxproj
scan driver1 -o "$scratch/1.db"
scan driver2 -o "$scratch/2.db"
scan driver3 -o "$scratch/3.db"
scan app1 --facts apps.ringmap.json -o "$scratch/4.db"
scan app2 --facts apps.ringmap.json -o "$scratch/5.db"
scan driver1 driver2 driver3 app1 app2 --facts apps.ringmap.json -o "$scratch/once.db"
cd "$scratch"
merge 1.db 2.db 3.db 4.db 5.db -o forth.db
merge 5.db 3.db 1.db 4.db 2.db -o back.db
same "in the order of the folders" once.db forth.db
same "in another order" once.db back.db
merge 2.db 5.db -o some.db
merge 1.db 3.db 4.db -o rest.db
merge rest.db some.db -o nested.db
same "of merged models" once.db nested.db
merge once.db 3.db 5.db -o again.db
same "with parts of itself" once.db again.db

# From driver1 into driver3: neither has it alone (examples/three-paths/README.md).
chain="SELECT count(*) > 0 FROM v_path WHERE drivers = 'Driver1 > Driver3'"
is "the chained path in one part" 0 "$(asks 1.db "$chain")"
is "the chained path in the whole" 1 "$(asks forth.db "$chain")"
is "the file that two scans were given" 1 \
    "$(asks forth.db "SELECT count(*) FROM v_artifact WHERE path = 'apps.ringmap.json'")"

# ---- a package apart from its sources; a name for "." ----
mkdir package sources
cp parts/driver2/*.inf package
cp parts/driver2/* sources
rm sources/*.inf
scan package -o package.db
(cd sources && scan . -o ../sources.db)
scan package sources -o together.db
merge sources.db package.db -o joined.db
same "INF and sources apart" together.db joined.db
is "drivers of a package and its sources" 1 "$(asks joined.db "SELECT count(*) FROM v_driver")"

# ---- a driver without folder, project or INF: no folder gives it a name ----
mkdir bare
printf '%s\n' 'NTSTATUS DriverEntry(PDRIVER_OBJECT o, PUNICODE_STRING r) { return 0; }' >bare/tiny.c
scan bare -o bare.db
scan bare package -o bare-together.db
merge package.db bare.db -o bare-joined.db
same "a file alone" bare-together.db bare-joined.db
is "its driver's name" tiny "$(asks bare.db "SELECT name FROM v_driver")"

# ---- what one declares and the other reads ----
mkdir told
cat >told/told.ringmap.json <<'END'
{"ringmap": 1, "drivers": [{"name": "Driver2", "framework": "umdf2", "mode": "user"}]}
END
scan told -o told.db
scan told sources -o told-together.db 2>/dev/null
merge sources.db told.db -o told-joined.db 2>message
same "a contradiction" told-together.db told-joined.db
is "what the contradiction is found as" FC-01 \
    "$(asks told-joined.db "SELECT DISTINCT rule FROM v_finding WHERE rule = 'FC-01'")"
grep -q 'told/told.ringmap.json:1:.*link-conflicting-fact' message ||
    wrong "the contradiction is not told at its place: $(cat message)"

# ---- a client, a service that answers its pipe, programs of one name ----
# program FOLDER NAME SOURCE
program_of() {
    mkdir -p "$1"
    printf '%s\n' "$3" >"$1/$2.c"
    cat >"$1/$2.vcxproj" <<END
<Project><PropertyGroup><ConfigurationType>Application</ConfigurationType><TargetName>$2</TargetName></PropertyGroup>
<ItemGroup><ClCompile Include="$2.c"/></ItemGroup></Project>
END
}
program_of client ask 'void ask(void) { h = CreateFileW(L"\\\\.\\pipe\\lamp", 0); }'
program_of lost ask 'void ask(void) { h = CreateFileW(L"\\\\.\\pipe\\nobody", 0); }'
program_of other ask 'void ask(void) { h = CreateFileW(L"\\\\.\\Driver2", 0); }'
program_of broker lampsvc 'SERVICE_TABLE_ENTRYW table[] = {{L"lampsvc", run}, {0, 0}};
void run(void) { h = CreateFileW(L"\\\\.\\Driver2", 0); CreateNamedPipeW(L"\\\\.\\pipe\\lamp", 3, 0, 1, 0, 0, 0, 0); }
int main(void) { StartServiceCtrlDispatcherW(table); return 0; }'
for folder in client lost other broker; do scan $folder -o $folder.db || true; done
scan client lost other broker sources -o brokered.db
merge sources.db broker.db other.db lost.db client.db -o brokered-joined.db
same "a client and its service" brokered.db brokered-joined.db
is "who calls the service, in one part" 0 "$(asks client.db "SELECT count(*) FROM v_open")"
is "who calls the service" "client/ask.c" \
    "$(asks brokered-joined.db "SELECT group_concat(path) FROM v_open WHERE to_service IS NOT NULL")"
is "programs called ask" 2 "$(asks brokered-joined.db "SELECT count(*) FROM v_app WHERE name = 'ask.exe'")"

# ---- two files of one place ----
mkdir -p other/package
sed 's/Driver2/Driver9/' package/driver2.inf >other/package/driver2.inf
scan other/package -o other.db
merge package.db other.db -o clash.db 2>message
grep -q '^package/driver2.inf: warning: .*merge-same-path' message ||
    wrong "two files of one place: $(cat message)"

merge other.db package.db -o clash-back.db 2>message
same "two folders of one name, in any order" clash.db clash-back.db

# One scan of both tells them apart by the folders above them, in any order.
scan package other/package -o told-apart.db 2>message
scan other/package package -o told-apart-back.db 2>message
same "one scan of two folders of one name, in any order" told-apart.db told-apart-back.db
is "places in two folders of one name" 2 \
    "$(asks told-apart.db "SELECT count(DISTINCT path) FROM v_artifact WHERE path LIKE '%/package/driver2.inf'")"

# ---- principals of a team ----
cat >who.json <<'END'
{"ringmap": 1, "principals": [{"name": "kiosk", "like": "standard_user"}]}
END
cp who.json team.json
scan parts/driver2 --principals who.json -o who.db
scan parts/driver3 --principals team.json -o team.db
merge team.db who.db -o teams.db
is "the team's principal" 1 "$(asks teams.db "SELECT count(*) FROM v_weight WHERE factor = 'D' AND name = 'kiosk'")"
merge who.db 3.db --principals who.json -o settled-who.db
is "the team's principal, said again" 1 \
    "$(asks settled-who.db "SELECT count(*) FROM v_weight WHERE factor = 'D' AND name = 'kiosk'")"

# ---- refused ----
printf '{"ringmap": 1, "V": {"partial": 700}}\n' >weights.json
scan parts/driver1 --weights weights.json -o heavy.db
scan parts/driver1 --domain-sid S-1-5-21-1-2-3 -o here.db
scan parts/driver3 --domain-sid S-1-5-21-4-5-6 -o there.db
refused 2 '--weights' heavy.db 3.db -o x.db
refused 2 '--domain-sid' here.db there.db -o x.db
refused 2 'usage' 1.db -o x.db
refused 2 '-o FILE' 1.db 2.db
refused 3 'not a ringmap model' 1.db weights.json -o x.db
refused 3 "cannot use 'missing.db'" 1.db missing.db -o x.db
refused 4 'nowhere' 1.db 2.db -o nowhere/x.db
cp 1.db old.db
sqlite3 old.db 'PRAGMA foreign_keys = OFF; DELETE FROM read_artifacts'
refused 3 'scan again' old.db 2.db -o x.db
[ ! -e x.db ] || wrong "a refused merge wrote something"
merge --domain-sid S-1-5-21-4-5-6 here.db there.db -o settled.db
is "the domain that was said" S-1-5-21-4-5-6 \
    "$(asks settled.db "SELECT value FROM v_given WHERE name = 'domain_sid'")"
merge --weights weights.json heavy.db 3.db -o weighed.db
is "the weight that was said" 700 \
    "$(asks weighed.db "SELECT value FROM v_weight WHERE factor = 'V' AND name = 'partial'")"

# ---- trees that hold parts of each other ----
mkdir -p tree/part
cp parts/driver1/driver1.c tree/part/driver1.c
cp parts/driver3/driver3.c tree/driver3.c
scan tree -o tree.db
scan tree/part -o part.db
"$program" merge tree.db part.db -o twice.db 2>err
grep -qF "'tree.db' and 'part.db' have 1 file in common" err || wrong "overlapping trees: $(cat err)"
"$program" merge 1.db 3.db -o apart.db 2>err
! grep -q merge-overlap err || wrong "trees that are apart overlap: $(cat err)"

[ "$failures" -eq 0 ]
