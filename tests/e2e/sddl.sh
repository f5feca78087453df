#!/bin/sh
# The small tools: what sddl, sid and ioctl print for programs, and their exit codes.
# usage: sddl.sh PROGRAM SOURCE-FOLDER
set -eu
ringmap=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

# exits CODE COMMAND...: its output is then in ./out, its messages in ./err.
exits() {
    wanted=$1
    shift
    got=0
    "$@" >out 2>err || got=$?
    [ "$got" -eq "$wanted" ] || { cat out err; fail "exit $got, not $wanted: $*"; }
}

# has TEXT: ./out has it; says TEXT: ./err has it.
has() { grep -qF -- "$1" out || { cut -c1-2000 out; fail "not printed: $1"; }; }
says() { grep -qF -- "$1" err || { cat err; fail "not said: $1"; }; }

# json EXPRESSION WANTED: of the first line, by SQLite's JSON functions.
json() {
    got=$(sqlite3 :memory: "SELECT json_extract(CAST(readfile('out') AS TEXT), '$1')")
    [ "$got" = "$2" ] || fail "$1 is '$got', not '$2'"
}

# ---- sddl ----

exits 0 "$ringmap" sddl --format json 'D:P(A;;GA;;;SY)(A;;GR;;;WD)S:(ML;;NW;;;LW)'
json '$.canonical' 'D:P(A;;GA;;;SY)(A;;GR;;;WD)S:(ML;;NW;;;LW)'
json '$.binary' "0100149000000000000000001400000030000000020\
01c0001000000110014000100000001010000000000100010000002003000\
02000000000014000000001001010000000000051200000000001400000000800101000000000001000000\
00"
json '$.owner' ''
json '$.dacl.present' 1
json '$.dacl.protected' 1
json '$.dacl.aces[1].type' A
json '$.dacl.aces[1].flags' ''
json '$.dacl.aces[1].mask' 0x80000000
json '$.dacl.aces[1].rights' GR
json '$.dacl.aces[1].sid' S-1-1-0
json '$.dacl.aces[1].name' Everyone
json '$.dacl.aces[1].condition' ''
json '$.sacl.label.sid' S-1-16-4096
json '$.access[3].principal' low_il_user
json '$.access[3].any' 1
json '$.access[3].read' 1
json '$.access[3].write' 0
json '$.access[3].max' 0x120089
json '$.access[3].win32_any' 1
json '$.access[3].win32_read' 1
json '$.access[3].win32_write' 0
json '$.access[3].trace[1].ace' 1
json '$.diagnostics' '[]'
[ "$(sqlite3 :memory: "SELECT json_array_length(CAST(readfile('out') AS TEXT), '$.access')")" = 16 ] ||
    fail "not sixteen principals"

# a string that Windows rejects
exits 3 "$ringmap" sddl --format json 'D:(A;;QQ;;;WD)'
json '$.canonical' ''
json '$.binary' ''
json '$.diagnostics[0].column' 7
json '$.diagnostics[0].id' sddl-rights
exits 3 "$ringmap" sddl 'D:(A;;QQ;;;WD)'
says "SDDL:1:7: error:"

# a domain-relative alias
exits 0 "$ringmap" sddl --format json 'D:(A;;GA;;;DA)'
json '$.binary' ''
json '$.canonical' 'D:(A;;GA;;;DA)'
json '$.diagnostics[0].id' sddl-domain-relative
exits 0 "$ringmap" sddl --format json --domain-sid S-1-5-21-1-2-3 'D:(A;;GA;;;DA)'
json '$.dacl.aces[0].sid' S-1-5-21-1-2-3-512
json '$.canonical' 'D:(A;;GA;;;DA)'
json '$.diagnostics' '[]'

# the binary form, as the registry and an INF have it
exits 0 "$ringmap" sddl --format json 010004800000000000000000000000001400000002001c0001000000000014000000001001010000000000\
0512000000
json '$.canonical' 'D:(A;;GA;;;SY)'
exits 0 "$ringmap" sddl --format json \
    01,00,04,80,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00
json '$.canonical' D:NO_ACCESS_CONTROL
exits 3 "$ringmap" sddl 0100048000000000000000000000000014000000
says '[security-binary]'

# one answer for every line
printf 'D:P\r\n\nD:(x\nSDDL_DEVOBJ_SYS_ALL' >lines
exits 0 "$ringmap" sddl --format ndjson - <lines
[ "$(wc -l <out)" -eq 4 ] || fail "not one answer for every line"
sed -n 4p out >one && mv one out
json '$.sddl' SDDL_DEVOBJ_SYS_ALL
json '$.canonical' 'D:P(A;;GA;;;SY)'
exits 0 "$ringmap" sddl --format json - <lines
json '$[2].canonical' ''
exits 0 "$ringmap" sddl --format ndjson - </dev/null
[ ! -s out ] || fail "an answer to nothing"

# a request, its trace, a team's own principals
cat >team.json <<'END'
{"ringmap": 1, "principals": [
  {"name": "updater", "like": "local_service", "groups": ["S-1-5-80-9"], "user_claims": {"tier": 2}}
]}
END
exits 0 "$ringmap" sddl --principals team.json --access 0x2 --format json \
    'D:(A;;GR;;;WD)(XA;;GW;;;S-1-5-80-9;(@User.tier == 2))'
json '$.access[16].principal' updater
json '$.access[16].granted' 1
json '$.access[16].asked' 0x2
json '$.access[8].granted' 0
json '$.access[8].undecided' 0x0
exits 0 "$ringmap" sddl --principals team.json --access 0x2 'D:(A;;GRGW;;;S-1-5-80-9)'
has "updater: 0x2 granted"
has "ACE 0 (A;;GWGR;;;S-1-5-80-9) allows the user or a group 0x2"
echo '{"ringmap": 1, "principals": [{"name": "x", "sids": ["QQ"]}]}' >bad.json
exits 3 "$ringmap" sddl --principals bad.json D:P
says "bad.json:1:"
exits 0 "$ringmap" sddl --type service --format json 'D:(A;;CCRP;;;WD)'
json '$.access[8].max' 0x11
exits 0 "$ringmap" sddl --kernel 'D:(A;;GA;;;CO)'
says "[sddl-kernel-subset]"
exits 2 "$ringmap" sddl --type door D:P
exits 2 "$ringmap" sddl --access many D:P
exits 2 "$ringmap" sddl --domain-sid DA D:P
exits 2 "$ringmap" sddl
# what a hostile string says never speaks to the terminal
exits 3 "$ringmap" sddl "$(printf 'D:P(A;;GR;;;\033[31mWD)')"
! grep -q "$(printf '\033')" out err || fail "an escape sequence got through"

# ---- sid ----

exits 0 "$ringmap" sid capability internetClient lpacCom
has S-1-15-3-1
exits 0 "$ringmap" sid service TrustedInstaller
has S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464
exits 0 "$ringmap" sid package Microsoft.WindowsStore_8wekyb3d8bbwe
has S-1-15-2-1609473798-1231923017-684268153-4268514328-882773646-2760585773-1760938157
exits 0 "$ringmap" sid publisher 'CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US'
has 8wekyb3d8bbwe
exits 0 "$ringmap" sid --format json BA
json '$.output' S-1-5-32-544
json '$.name' Administrators
exits 2 "$ringmap" sid nothing
exits 2 "$ringmap" sid capability

# ---- ioctl ----

exits 0 "$ringmap" ioctl --format json 2285572
json '$.code' 2285572
json '$.hex' 0x22e004
json '$.device_type' 34
json '$.function' 2049
json '$.method' buffered
json '$.access' read_write
json '$.macro' 'CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)'
exits 0 "$ringmap" ioctl --format json -2147475436
json '$.hex' 0x80002014
exits 0 "$ringmap" ioctl --format json 'CTL_CODE(0x8000, 0x1801, METHOD_NEITHER, FILE_ANY_ACCESS)'
json '$.access' read
json '$.function' 2049
exits 0 "$ringmap" ioctl --format json --device-type 0x8000 --function 0x805
json '$.hex' 0x80002014
printf '0x222003\n\n1\n' | "$ringmap" ioctl --format ndjson - >out
[ "$(wc -l <out)" -eq 2 ] || fail "not one answer for each code"
exits 2 "$ringmap" ioctl twelve
exits 2 "$ringmap" ioctl 'CTL_CODE(0x22, 1, 2)'
exits 2 "$ringmap" ioctl

echo "the small tools answer as promised"
