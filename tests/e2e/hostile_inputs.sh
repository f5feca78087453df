#!/bin/sh
# No input crashes, hangs or speaks to the terminal: every kind of artifact, filled with what it is
# not, is a diagnostic, and the files beside it are read all the same.
# usage: hostile_inputs.sh PROGRAM SOURCE-FOLDER
set -eu
export LC_ALL=C
ringmap=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
seconds=60 # for one folder, under sanitizers too; without them each takes a fraction of one

kinds='x.inf x.inx x.inf.in x.h x.hpp x.c x.cpp x.rc x.vcxproj x.props sources makefile
    CMakeLists.txt AppxManifest.xml x.appxmanifest x.sccd x.manifest x.appx x.msixbundle x.exe
    x.dll x.sddl x.ringmap.json'

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

# survives NAME: a scan of the folder ends in time and as the contract says, and says only text.
survives() {
    got=0
    timeout -s KILL $seconds "$ringmap" scan "$1" -o "$1.db" >said 2>&1 </dev/null || got=$?
    case $got in
    0 | 3) ;;
    137) fail "$1: not done after $seconds s" ;;
    *)
        tail -n 30 said
        fail "$1: exit $got"
        ;;
    esac
    if tr -d '\n\t\040-\176\200-\377' <said | grep -q .; then
        fail "$1: control characters on standard error"
    fi
    [ "$(wc -l <said)" -lt 30000 ] || fail "$1: $(wc -l <said) lines of diagnostics"
}

# every_kind NAME: standard input as the content of every kind of artifact, all in one folder, with
# a good descriptor file beside that has to be read.
every_kind() {
    mkdir "$1"
    cat >content
    for kind in $kinds; do
        cp content "$1/$kind"
    done
    echo 'device \Device\Good D:P(A;;GA;;;SY)' >"$1/good.sddl"
    survives "$1"
    [ "$got" -eq 0 ] || fail "$1: exit $got although one file is good"
    found=$(sqlite3 "$1.db" "select count(*) from v_device where nt_name = '\\Device\\Good'")
    [ "$found" = 1 ] || fail "$1: the good file was not read"
}

# repeat COUNT TEXT
repeat() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }

# Bytes of a congruential generator: the same ones everywhere.
noise() {
    awk -v n="$1" 'BEGIN {
        x = 1
        for (i = 0; i < n; i++) {
            x = (x * 16807) % 2147483647
            printf "%c", int(x / 65536) % 256
        }
    }'
}

# ---- content that is something else ----

every_kind empty </dev/null
head -c 65536 /dev/zero | every_kind zeros
noise 60000 | every_kind noise
printf '\377\376[\000V\000\n\000x' | every_kind cut_utf16
printf '\376\377\330\000\330\000' | every_kind half_pairs
printf '\357\273\277' | every_kind only_a_mark
repeat 1048576 a | every_kind megabyte_line
repeat 300000 '
' | every_kind only_lines

# ---- nesting and repetition, each dear to one of the readers ----

repeat 100000 '(' | every_kind parentheses
repeat 100000 '{' | every_kind braces
repeat 100000 '[' | every_kind brackets
repeat 50000 '{"a":' | every_kind objects
repeat 50000 '<a>' | every_kind elements
repeat 20000 '#if 1
' | every_kind conditionals
repeat 20000 '#define a a a
a
' | every_kind macros
repeat 20000 '[a]
' | every_kind sections
repeat 50000 '%a%' | every_kind substitutions
repeat 50000 '"' | every_kind quotes
repeat 50000 '/*' | every_kind comments
repeat 20000 'a\
' | every_kind continuations
{
    printf 'device a D:'
    repeat 20000 '(A;;GA;;;WD)'
} | every_kind entries
{
    printf '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    for n in b c d e f g h i; do
        printf '<!ENTITY %s "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' $n
    done
    printf '<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&i;&x;</a>'
} | every_kind entities
{
    echo 'void DriverEntry(void) { switch (x) {'
    repeat 20000 'case 1: f(); '
} | every_kind cases
{
    printf 'int x = '
    repeat 50000 '1 + '
} | every_kind sums

# ---- hostile names and odd files ----

mkdir names
escape=$(printf 'a\033]0;title\007\033[2J\nb')
printf '[Version\n' >"names/$escape.inf"
printf '{' >"names/=cmd|x.ringmap.json"
printf '\377' >"names/$(printf '\342\200\256gnp').h"
printf 'x' >"names/$(printf '\377\376').sddl"
ln -s . names/round
ln -s /dev/zero names/zero.inf
ln -s nowhere names/dangling.h
mkfifo names/pipe.inf
survives names

mkdir only_folders
mkdir -p only_folders/x.inf only_folders/a/b/c
survives only_folders
[ "$got" -eq 3 ] || fail "nothing to read, and exit $got"

echo "every kind of artifact survived $(find . -mindepth 1 -maxdepth 1 -type d | wc -l) folders"
