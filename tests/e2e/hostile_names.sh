#!/bin/sh
# Hostile names in every format: quotes, angle brackets, controls, bidi overrides, backslashes,
# bytes that are no UTF-8, a megabyte of text. What comes out is well-formed, valid UTF-8 without
# controls or bidi overrides, no larger than a page may be, and no markup of the input's.
# usage: hostile_names.sh PROGRAM SOURCE-FOLDER
set -eu
ringmap=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
failures=0

for tool in dot xmllint sqlite3 iconv; do
    if ! command -v $tool >/dev/null; then
        printf 'SKIP: %s is not installed\n' $tool
        exit 77
    fi
done

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# clean FILE: valid UTF-8, no control but line ends and tabs, no bidi control or override
clean() {
    iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 || wrong "$1 is not valid UTF-8"
    if LC_ALL=C tr -d '\n\t\040-\176\200-\377' <"$1" | grep -q .; then
        wrong "$1 holds control characters"
    fi
    if LC_ALL=C grep -q "$(printf '\342\200[\216\217\252-\256]\\|\342\201[\246-\251]\\|\302[\200-\237]')" "$1"; then
        wrong "$1 holds bidi or C1 controls"
    fi
}

# ---- a system whose every name attacks whoever shows it ----

attack='\"><script>alert(1)</script>]]>&amp;<!--{{x}}`|*_[a](javascript:alert(1))@everyone\u202Eexe\u2066\u200F\u0007\u001b[2J\\\\N\\\\G\\\\E%n\uFFFF'
long=$(head -c 65000 /dev/zero | tr '\0' 'A') # what a facts file may say at most is 65,536 bytes
megabyte=$(head -c 1000000 /dev/zero | tr '\0' 'B')
mkdir names
cat >names/told.ringmap.json <<JSON
{"ringmap": 1, "who": "$attack", "why": "$attack",
 "drivers": [{"name": "$attack", "framework": "wdm"}, {"name": "$long", "framework": "wdm"}],
 "devices": [{"driver": "$attack", "nt_name": "\\\\Device\\\\$attack", "sddl": "D:P(A;;GA;;;WD)"},
             {"driver": "$long", "nt_name": "\\\\Device\\\\$long", "sddl": "D:P(A;;GA;;;BU)"}],
 "doors": [{"device": "\\\\Device\\\\$attack", "kind": "symlink", "name": "\\\\DosDevices\\\\$attack"}],
 "entries": [
  {"driver": "$attack", "device": "\\\\Device\\\\$attack", "name": "$attack", "code": "0x22A000",
   "handler": "$attack", "inputs": [{"name": "$attack", "type": "$attack", "reason": "$attack"}],
   "forwards": [{"to_driver": "$long", "via_api": "$attack", "target": "$attack"}],
   "sinks": [{"class": "port_out", "api": "$attack", "argument": "$attack", "reason": "$attack",
              "text": "$attack", "validation": "unvalidated"}]},
  {"driver": "$long", "device": "\\\\Device\\\\$long", "name": "$long", "code": "0x22A004",
   "handler": "$long", "sinks": [{"class": "msr_write", "api": "$long", "argument": "$long",
   "text": "$long", "validation": "unknown", "reason": "$long"}]}],
 "stacks": [{"hwid": "$attack", "devices": ["$attack", "$long"]}],
 "apps": [{"name": "$attack", "principal": "standard_user",
           "opens": ["\\\\Device\\\\$attack", "\\\\Device\\\\$long"]}]}
JSON
# bytes of another code page, where UTF-8 is expected
{
    printf '#include <ntddk.h>\n#define IOCTL_BYTES CTL_CODE(0x22, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)\n'
    printf 'NTSTATUS Disp(PDEVICE_OBJECT d, PIRP Irp) {\n'
    printf '  PIO_STACK_LOCATION sp = IoGetCurrentIrpStackLocation(Irp);\n'
    printf '  switch (sp->Parameters.DeviceIoControl.IoControlCode) {\n  case IOCTL_BYTES:\n'
    printf '    __outbyte(*(PUSHORT)Irp->AssociatedIrp.SystemBuffer, 1); /* caf\351 \200\200 */ break; }\n'
    printf '  return 0; }\n'
    printf 'NTSTATUS DriverEntry(PDRIVER_OBJECT D, PUNICODE_STRING R) {\n  PDEVICE_OBJECT o;\n'
    printf '  UNICODE_STRING n; RtlInitUnicodeString(&n, L"\\\\Device\\\\Caf\351\377\200<b>\\"");\n'
    printf '  D->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Disp;\n'
    printf '  return IoCreateDevice(D, 0, &n, 0x22, 0, FALSE, &o); }\n'
} >names/driver.c

# a megabyte: refused where it is told, taken where it stands in a source
printf '{"ringmap": 1, "drivers": [{"name": "%s"}]}\n' "$megabyte" >names/refused.ringmap.json
printf '#define IOCTL_%s CTL_CODE(0x22, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)\n' "$megabyte" >names/codes.h
printf 'device \\Device\\%s D:P(A;;GA;;;WD)\n' "$megabyte" >names/names.sddl
got=0
"$ringmap" scan names -o model.db >said 2>&1 || got=$?
[ "$got" -eq 0 ] || wrong "scan: exit $got"
grep -q 'refused.ringmap.json.*facts-out-of-range' said || wrong "a megabyte of a name is not refused"
clean said
[ "$(sqlite3 model.db 'select count(*) >= 3 from v_driver')" = 1 ] || wrong "names were dropped"
[ "$(sqlite3 model.db 'select count(*) > 0 from v_path')" = 1 ] || wrong "no path"

# ---- every format ----

# smaller FILE BYTES
smaller() {
    [ "$(wc -c <"$1")" -lt "$2" ] || wrong "$1 has $(wc -c <"$1") bytes: a name is not cut"
}

# draw NAME OPTIONS...
draw() {
    name=$1
    shift
    "$ringmap" render model.db "$@" -o "$name" --quiet 2>said || wrong "render $*: exit $?: $(head -c 300 said)"
    clean said
}

app=$(sqlite3 model.db 'select app_id from v_app limit 1')
hostile=$(sqlite3 model.db "select driver_id from v_driver where name like '%script%' limit 1")
large=$(sqlite3 model.db 'select driver_id from v_driver where length(name) > 1000 limit 1')
stack=$(sqlite3 model.db "select driver_id from v_driver where name like '%script%' limit 1")
draw system.svg
draw driver.svg --view driver --focus "$hostile"
draw long.svg --view driver --focus "$large"
draw stack.svg --view stack --focus "$stack"
draw path.svg --view path --focus R1
draw app.svg --view app --focus "$app"
"$ringmap" render model.db model.db --view diff -o diff.svg --quiet || wrong "render --view diff"
for picture in system driver long stack path app diff; do
    clean $picture.svg
    smaller $picture.svg 400000
    xmllint --noout --nonet $picture.svg || wrong "$picture.svg is not well-formed"
    count=$(xmllint --xpath 'count(//@*[starts-with(name(),"on")]) + count(//*[local-name()="script"]) +
        count(//*[local-name()="a"]) + count(//@href) + count(//*[local-name()="foreignObject"])' $picture.svg)
    [ "$count" = 0 ] || wrong "$picture.svg holds markup of the input's"
done
for ending in dot mmd; do
    draw system.$ending
    clean system.$ending
    smaller system.$ending 400000
done
dot -Tsvg system.dot 2>said >/dev/null || wrong "dot cannot read system.dot"
[ ! -s said ] || wrong "dot says: $(head -c 300 said)"
# in Mermaid a label stands between quotes and ends only there
LC_ALL=C sed 's/"[^"]*"//g' system.mmd | grep -q '[<"`{;]script\|alert(' && wrong "a name leaves its label in Mermaid"
for ending in png pdf; do
    draw system.$ending
    smaller system.$ending 4000000
done

for ending in html md json sarif; do
    "$ringmap" report model.db -o report.$ending --quiet 2>said || wrong "report.$ending: exit $?"
    clean report.$ending
done
for to in opengraph otm graphml; do
    "$ringmap" export model.db --to $to -o export.$to --quiet 2>said || wrong "export --to $to: exit $?"
    clean export.$to
done
xmllint --noout --nonet --huge export.graphml || wrong "GraphML is not well-formed"
for file in report.json report.sarif export.opengraph export.otm; do
    [ "$(sqlite3 :memory: "select json_valid(readfile('$file'))")" = 1 ] || wrong "$file is no JSON"
done
smaller report.html 3000000
smaller report.md 1000000
[ "$(grep -c '<script' report.html)" = 2 ] || wrong "the page holds another script than its own two"
grep -qi '<script\|[^\]](javascript\|javascript:' report.md && wrong "Markdown holds markup of the input's"

# ---- on a terminal ----

for command in 'paths model.db' 'findings model.db' 'explain model.db p1' 'diff model.db model.db' \
    'query model.db select*from/**/v_driver'; do
    # shellcheck disable=SC2086 # words of a command
    "$ringmap" $command >shown 2>&1 || wrong "$command: exit $?"
    clean shown
done

[ "$failures" -eq 0 ] || exit 1
echo "hostile names: shown harmlessly everywhere"
