#!/bin/sh
# Sources that are no good: each ends in time with a diagnostic at its place, the good part of it is
# read, and what is not known is said to be unknown.
# usage: bad_sources.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
ringmap=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
seconds=100 # for one scan, under sanitizers and load too; without them each takes a second or two
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# repeat COUNT TEXT; numbered COUNT FORMAT, with two numbers: each and the next
repeat() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }
numbered() { awk -v n="$1" -v f="$2" 'BEGIN { for (i = 0; i < n; i++) printf f, i, i + 1 }'; }

# A driver that makes \Device\NAME and calls Deep() for one control code.
driver() {
    cat <<END
NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    UNICODE_STRING name;
    PDEVICE_OBJECT device;
    RtlInitUnicodeString(&name, L"\\\\Device\\\\$1");
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
}
#define IOCTL_DEEP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_DEEP: Deep(stack); return STATUS_SUCCESS;
    }
    return STATUS_INVALID_DEVICE_REQUEST;
}
END
}

# scanned NAME: the folder of that name, in time; what was said is in NAME.said.
scanned() {
    got=0
    timeout -s KILL $seconds "$ringmap" scan --no-progress "$1" -o "$1.db" \
        >"$1.said" 2>&1 </dev/null || got=$?
    [ "$got" -eq 0 ] || wrong "$1: exit $got"
}

ask() { sqlite3 "$1.db" "$2"; }

# says NAME ID: the diagnostic was given.
says() { grep -q "\[$2\]" "$1.said" || wrong "$1: no [$2]"; }

# has NAME DEVICE: that is the one device, and its code is handled and nowhere called validated.
has() {
    scanned "$1"
    [ "$got" -eq 0 ] || return 0
    [ "$(ask "$1" 'select group_concat(nt_name) from v_device')" = "$2" ] || wrong "$1: device"
    [ "$(ask "$1" 'select count(*) from v_ioctl where handled')" = 1 ] || wrong "$1: its code"
    [ "$(ask "$1" "select count(*) from v_sink where validation = 'validated'")" = 0 ] ||
        wrong "$1: validated"
}

# deep NAME TEXT…: as the body of a function that the handler calls.
deep() {
    mkdir "$1"
    { driver Good && printf 'void Deep(PVOID p) { %s }\n' "$2"; } >"$1/d.c"
    has "$1" '\Device\Good'
}

# ---- nesting ----

n=20000
deep parentheses "x = $(repeat $n '(')1$(repeat $n ')');"
deep blocks "$(repeat $n '{')$(repeat $n '}')"
deep choices "$(repeat $n 'if (a) ')x();"
deep chains "$(repeat $n 'if (a) x(); else ')x();"
deep calls "$(repeat 5000 'f(')1$(repeat 5000 ')');"
deep loops "$(repeat $n 'for (;;) ')x();"
deep tries "$(repeat 5000 '__try { ')x();$(repeat 5000 '} __except (1) {}')"

mkdir lambdas
{
    driver Good
    printf 'void Deep(PVOID p) { auto x = %s1%s; }\n' \
        "$(repeat 3000 '[]() { return ')" "$(repeat 3000 '; }()')"
} >lambdas/d.cpp
has lambdas '\Device\Good'
says lambdas source-too-long

# ---- macros and conditions that hang on each other ----

n=60000
# before NAME: standard input, before a driver that uses its macro A0.
before() {
    mkdir "$1"
    { cat && driver Good && echo 'void Deep(A0 PVOID p) { x = A0; }'; } >"$1/d.c"
    has "$1" '\Device\Good'
}
numbered $n '#define A%d A%d\n' | before macro_chain
{ printf 'enum { ' && numbered $n 'A%d = A%d, ' && echo '};'; } | before enumerator_chain
{ echo '#if A' && numbered $n '#elif B%d\nint b%d;\n' && echo '#endif'; } | before elif_chain
says elif_chain source-if-unread
numbered 200 '#define A%d A%d + A1 + A2\n' | before multiplying

mkdir conditions
awk -v n=$n 'BEGIN { for (i = 0; i < n; i++)
    printf "#if B%d\n#define B%d 1\n#endif\n", i + 1, i }' >conditions/c.h
{
    printf '#include "c.h"\n#if B0\nint b;\n#endif\n'
    driver Good
    echo 'void Deep(PVOID p) {}'
} >conditions/d.c
has conditions '\Device\Good'

# ---- what is no C, or too much of it ----

mkdir unparsed
{
    driver Good
    echo 'void Deep(PVOID p) { if ( ) else case ; ] ) @@ %% ; memcpy(p, p, 1); }'
} >unparsed/d.c
has unparsed '\Device\Good'
grep -q '^d.c:17:[0-9]*: warning: .* Deep: .*\[source-unparsed\]' unparsed.said ||
    wrong "unparsed: no place of what does not parse"
grep -q '; 1 note of source code that was not read' unparsed.said || wrong "unparsed: the summary"
"$ringmap" report --quiet unparsed.db -o unparsed.md
grep -q '^- d.c:17' unparsed.md || wrong "unparsed: the report does not list it"

mkdir garbage
head -c 300000 "$ringmap" >garbage/x.c
{ driver Good && echo 'void Deep(PVOID p) {}'; } >garbage/d.c
has garbage '\Device\Good'
says garbage source-binary

mkdir generated
{
    driver Good
    awk 'BEGIN { for (i = 0; i < 600000; i++)
        printf "static const unsigned char t%d[] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77 };\n", i }'
} >generated/d.c
[ "$(wc -c <generated/d.c)" -gt 40000000 ] || wrong "generated: not large"
scanned generated
says generated source-too-long
[ "$(ask generated "select count(*) from v_ioctl where name = 'IOCTL_DEEP'")" = 1 ] ||
    wrong "generated: its code"

# ---- encodings: a name is right, or it is unknown and told ----

name=$(printf '\320\230\320\274\321\217') # three letters in UTF-8
{ driver "$name" && echo 'void Deep(PVOID p) {}'; } >utf8.c
for encoding in UTF-8 UTF-16LE UTF-16BE; do
    mkdir "$encoding"
    iconv -f UTF-8 -t "$encoding" utf8.c >"$encoding/d.c"
    has "$encoding" "\\Device\\$name"
done
mkdir marked
{ printf '\377\376' && iconv -f UTF-8 -t UTF-16LE utf8.c; } >marked/d.c
has marked "\\Device\\$name"
mkdir cp1251
iconv -f UTF-8 -t CP1251 utf8.c >cp1251/d.c
has cp1251 ''
grep -q 'd.c:7:12: .* code page .*\[device-name-unknown\]' cp1251.said || wrong "cp1251: not told"
mkdir neighbour # a comment elsewhere in the driver takes no name away
cp utf8.c neighbour/d.c
printf '/* \310\354\377 */\n' >neighbour/e.c
has neighbour "\\Device\\$name"

[ "$failures" -eq 0 ] && echo "sources that are no good: each told, nothing of them validated"
