#!/bin/sh
# The direction of dependencies is app -> {extract, db, render} -> model -> base, and each library
# has one home: no include says otherwise, and one that did would not compile.
# usage: dependency_direction.sh PROGRAM SOURCE-FOLDER
set -eu
build=$(dirname "$1")
cd "$2"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# ---- what is included ----

# no_include WHERE PATTERN WHY: no source below WHERE includes what PATTERN matches.
no_include() {
    # shellcheck disable=SC2086 # a list of folders
    found=$(grep -rnE --include='*.[ch]' "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($2)" $1) || return 0
    wrong "$3:"
    printf '%s\n' "$found"
}

# may_know LAYER OTHERS...: no include of a layer that is not among them.
may_know() {
    layer=$1
    shift
    for other in base model extract db render; do
        case " $layer $* " in
        *" $other "*) ;;
        *) no_include "$layer" "$other/" "$layer includes $other" ;;
        esac
    done
}
may_know base
may_know model base
may_know extract model base
may_know db model base
may_know render model base
no_include "base model extract db render" "app/|\.\./.*\.\./" "a layer reaches out of its folder"

# one_home LAYERS-WITHOUT PATTERN NAME
one_home() { no_include "$1" "$2" "$3 is included away from its home"; }
one_home "model extract db render app" 'cjson/|cJSON' "cJSON"
one_home "model extract db render app" 'sha[0-9]*\.h|md5\.h' "libmd"
one_home "base model extract render app" 'sqlite3' "SQLite"
one_home "base model db render app" 'libxml/' "libxml2"
one_home "base model db render app" 'tree_sitter/' "tree-sitter"
one_home "base model extract db app" 'graphviz/|cgraph|gvc' "Graphviz"
one_home "model extract db render app" \
    'unistd\.h|fcntl\.h|dirent\.h|poll\.h|pthread\.h|termios\.h|sys/|windows\.h' "the system"

# ---- what would compile ----

# The command that compiles a source of a layer, up to where the object file is named.
command_of() {
    sed -n "s|^ *\"command\": \"\(.*\) -o $1/CMakeFiles/.*/src/.*\",\$|\1|p" \
        "$build/compile_commands.json" | head -n 1 | sed 's|\\\(["\\]\)|\1|g'
}

# compiles LAYER HEADER: would a source of the layer that includes it compile?
compiles() {
    command=$(command_of "$1")
    if [ -z "$command" ]; then
        printf 'FAIL: compile_commands.json has no source of %s\n' "$1"
        exit 1
    fi
    printf '#include "%s"\nextern int probe;\n' "$2" >"$scratch/probe.c"
    eval "$command -fsyntax-only -c '$scratch/probe.c'" >"$scratch/messages" 2>&1
}

# The header of each layer that all others of its kind include first.
header_of() {
    case $1 in
    base) echo base/str.h ;;
    model) echo model/model.h ;;
    extract) echo extract/extract.h ;;
    db) echo db/store.h ;;
    render) echo render/picture.h ;;
    esac
}

for pair in base:base model:model model:base extract:extract extract:model db:db db:model \
    render:render render:model; do
    if ! compiles "${pair%:*}" "$(header_of "${pair#*:}")"; then
        wrong "${pair%:*} cannot include ${pair#*:}, and should"
        cat "$scratch/messages"
    fi
done
for pair in base:model base:extract base:db base:render model:extract model:db model:render \
    extract:db extract:render db:extract db:render render:extract render:db; do
    if compiles "${pair%:*}" "$(header_of "${pair#*:}")"; then
        wrong "${pair%:*} can include ${pair#*:}"
    elif ! grep -q 'No such file\|file not found' "$scratch/messages"; then
        wrong "${pair%:*} including ${pair#*:} failed for another reason"
        cat "$scratch/messages"
    fi
done

if [ "$failures" -ne 0 ]; then
    printf '%s failures\n' "$failures"
    exit 1
fi
echo "13 includes against the direction refused, 9 with it accepted"
