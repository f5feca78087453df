#!/bin/sh
# Manual pages: one for each command, with exactly the options that --help knows, clean for mandoc and
# groff, installed, and every example in them runs and prints what the page shows.
# usage: manual.sh PROGRAM SOURCE-FOLDER
#
# An example is a line "$ COMMAND" of a literal display, "> " its further lines. What follows up to the
# next one is its output; "..." stands for any number of further lines. Without output only the exit
# code counts, which must be 0. Examples of a page run one after the other in a copy of examples/.
set -eu
export LC_ALL=C.UTF-8
program=$1
source=$2
pages=$source/docs/man
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
. "$source/tests/e2e/lib/needs.sh"
needs_programs mandoc awk cmake
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# ---- the commands have pages, the pages commands ----

"$program" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort >"$scratch/commands"
find "$pages" -name 'ringmap-*.1' | sed 's/.*ringmap-//; s/\.1$//' | sort >"$scratch/pages"
comm -23 "$scratch/commands" "$scratch/pages" >"$scratch/left"
[ ! -s "$scratch/left" ] || wrong "commands without a page: $(cat "$scratch/left")"
comm -13 "$scratch/commands" "$scratch/pages" >"$scratch/left"
[ ! -s "$scratch/left" ] || wrong "pages without a command: $(cat "$scratch/left")"
while read -r command; do
    grep -q "^\.It Cm $command\$" "$pages/ringmap.1" || wrong "ringmap.1 does not tell of $command"
    grep -q "^\.Xr ringmap-$command 1" "$pages/ringmap.1" || wrong "ringmap.1 does not refer to $command"
done <"$scratch/commands"

# ---- options ----

help_options() { "$program" "$1" --help | sed -n '/^options:/,$s/^  \(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' | sort; }
page_options() { sed -n 's/^\.It .*Fl -\([a-z-]*\).*/--\1/p' "$1" | sort; }
page_options "$pages/ringmap.1" >"$scratch/common"
for command in $(comm -12 "$scratch/commands" "$scratch/pages"); do
    page=$pages/ringmap-$command.1
    help_options "$command" >"$scratch/of_help"
    comm -23 "$scratch/common" "$scratch/of_help" >"$scratch/left"
    [ ! -s "$scratch/left" ] || wrong "$command does not take $(cat "$scratch/left"), which ringmap.1 says"
    page_options "$page" | sort - "$scratch/common" >"$scratch/of_page"
    diff "$scratch/of_page" "$scratch/of_help" >"$scratch/left" ||
        wrong "$command: options of the page (<) and of --help (>): $(grep '^[<>]' "$scratch/left" | paste -sd ' ')"
    sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page" >"$scratch/synopsis"
    for option in $(comm -23 "$scratch/of_help" "$scratch/common"); do
        short=$("$program" "$command" --help | sed -n "s/^  -\(.\), $option .*/\1/p")
        grep -q "Fl -${option#--}\( \|\$\)\|Fl ${short:-no} " "$scratch/synopsis" ||
            wrong "$command: $option is not in the synopsis"
    done
done

# ---- form ----

for page in "$pages"/*.1; do
    mandoc -T lint -W style "$page" | grep -v 'referenced manual not found' >"$scratch/said" || :
    [ ! -s "$scratch/said" ] || wrong "$(cat "$scratch/said")"
    if command -v groff >/dev/null; then
        groff -mdoc -T utf8 -ww -z "$page" 2>"$scratch/said" || :
        [ ! -s "$scratch/said" ] || wrong "groff: $(cat "$scratch/said")"
    fi
    name=$(basename "$page" .1)
    for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
        grep -qxF ".Sh $section" "$page" || wrong "$name has no section $section"
    done
    sed -n 's/^\.Xr \([^ ]*\) 1.*/\1/p' "$page" | while read -r other; do
        [ -e "$pages/$other.1" ] || echo "$name refers to $other, which is no page"
    done >"$scratch/said"
    [ ! -s "$scratch/said" ] || wrong "$(cat "$scratch/said")"
done

# ---- installed ----

cmake --install "$(dirname "$program")" --prefix "$scratch/usr" >"$scratch/said" 2>&1 ||
    wrong "cmake --install: $(cat "$scratch/said")"
for page in "$pages"/*.1; do
    [ -s "$scratch/usr/share/man/man1/$(basename "$page")" ] || wrong "$(basename "$page") is not installed"
done

# ---- examples ----

mkdir "$scratch/bin"
ln -s "$(realpath "$program")" "$scratch/bin/ringmap"

# matches EXPECTED PRINTED: equal, but for "..." as the last line.
matches() {
    if [ "$(tail -n 1 "$1")" = "..." ]; then
        lines=$(($(wc -l <"$1") - 1))
        head -n $lines "$1" >"$1.part"
        head -n $lines "$2" | cmp -s - "$1.part"
    else
        cmp -s "$1" "$2"
    fi
}

# one_example PAGE: what stands in $scratch/step and $scratch/expected.
one_example() {
    [ -s "$scratch/step" ] || return 0
    code=0
    (cd "$scratch/room" && PATH="$scratch/bin:$PATH" COLUMNS=72 timeout 120 sh "$scratch/step") \
        >"$scratch/printed" 2>"$scratch/said" </dev/null || code=$?
    examples=$((examples + 1))
    [ "$code" -eq 0 ] || wrong "$1: $(cat "$scratch/step"): exit code $code; $(cat "$scratch/said")"
    if [ -s "$scratch/expected" ] && ! matches "$scratch/expected" "$scratch/printed"; then
        wrong "$1: $(cat "$scratch/step"): the page (<) and what is printed (>):"
        diff "$scratch/expected" "$scratch/printed" || :
    fi
}

for page in "$pages"/*.1; do
    name=$(basename "$page" .1)
    examples=0
    rm -rf "$scratch/room"
    cp -r "$source/examples" "$scratch/room"
    awk -f "$source/tests/e2e/lib/examples.awk" "$page" >"$scratch/lines"
    : >"$scratch/step"
    : >"$scratch/expected"
    while IFS= read -r line; do
        case $line in
        '$ '*)
            one_example "$name"
            printf '%s\n' "${line#??}" >"$scratch/step"
            : >"$scratch/expected"
            ;;
        '> '*) printf '%s\n' "${line#??}" >>"$scratch/step" ;;
        *) printf '%s\n' "$line" >>"$scratch/expected" ;;
        esac
    done <"$scratch/lines"
    one_example "$name"
    [ "$examples" -gt 0 ] || wrong "$name has no example"
done

[ "$failures" -eq 0 ] || exit 1
echo "$(find "$pages" -name '*.1' | wc -l) pages, each as --help has it, each example as it prints"
