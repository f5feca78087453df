#!/bin/sh
# Pictures as files: well-formed, the coordinates of `dot`, the same bytes in every locale and
# twice, hostile names that stay text, an output that cannot be written.
# usage: pictures.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

for tool in dot xmllint; do
    if ! command -v "$tool" >/dev/null; then
        printf 'SKIP: %s is not installed\n' "$tool"
        exit 77
    fi
done

"$program" scan "$source/examples/design-only" -o "$scratch/a.db" 2>/dev/null
draw() { # draw FILE OPTIONS...
    file=$1
    shift
    "$program" render "$scratch/a.db" -o "$scratch/$file" "$@" 2>"$scratch/messages" ||
        wrong "render -o $file $*: $(cat "$scratch/messages")"
    if [ -s "$scratch/messages" ]; then
        wrong "render -o $file $* said: $(cat "$scratch/messages")"
    fi
}

# ---- what Graphviz's own program makes of our DOT ----

# The geometry of an SVG: every coordinate, without what we add (ids, titles, style). Sorted, since
# dot draws clusters in the order of addresses and we in that of the text.
geometry() {
    grep -oE ' (d|points|x|y|cx|cy|rx|ry|width|height|viewBox|transform)="[^"]*"' "$1" | sort
}
draw map.dot
draw map.svg
dot -Tsvg "$scratch/map.dot" >"$scratch/dot.svg"
geometry "$scratch/map.svg" >"$scratch/ours"
geometry "$scratch/dot.svg" >"$scratch/theirs"
cmp -s "$scratch/ours" "$scratch/theirs" || wrong "dot lays out another picture than we do"
[ "$(wc -l <"$scratch/ours")" -gt 100 ] || wrong "the picture has hardly a coordinate"

# ---- as large as asked ----

# Width and height of a PNG, from its IHDR: eight bytes behind the sixteenth.
size_of() {
    od -An -v -tu1 -j16 -N8 "$1" | while read -r a b c d e f g h; do
        echo "$(((a << 24) + (b << 16) + (c << 8) + d)) $(((e << 24) + (f << 16) + (g << 8) + h))"
    done
}
draw scale1.png --scale 1
read -r width height <<EOF
$(size_of "$scratch/scale1.png")
EOF
for scale in 2 3 8; do
    draw scaled.png --scale $scale
    dot -Gdpi=$((72 * scale)) -Tpng:cairo "$scratch/map.dot" >"$scratch/dot.png"
    [ "$(size_of "$scratch/scaled.png")" = "$(size_of "$scratch/dot.png")" ] ||
        wrong "--scale $scale: $(size_of "$scratch/scaled.png"), dot makes $(size_of "$scratch/dot.png")"
    read -r w h <<EOF
$(size_of "$scratch/scaled.png")
EOF
    # rounded once for the whole, so that a few pixels may be between
    [ $((w - scale * width)) -le $scale ] && [ $((scale * width - w)) -le $scale ] &&
        [ $((h - scale * height)) -le $scale ] && [ $((scale * height - h)) -le $scale ] ||
        wrong "--scale $scale makes $w x $h of $width x $height"
done

# ---- well-formed, complete, quiet ----

for theme in auto light dark; do
    draw "$theme.svg" --theme "$theme"
    xmllint --noout --nonet "$scratch/$theme.svg" || wrong "$theme.svg is not well-formed"
done
for path in R1 R2 R3 R4; do
    grep -q ">$path.1 \|>$path.1$\|$path\.1 " "$scratch/map.svg" || wrong "no step of $path in the picture"
done
grep -q 'score 863, critical' "$scratch/map.svg" || wrong "the description does not tell the worst path"
grep -qi '<script\|<a \|href=\|onclick\|<image\|url(' "$scratch/map.svg" &&
    wrong "the picture holds something active or external"
for file in map.png map.pdf map.mmd; do
    draw "$file"
    [ -s "$scratch/$file" ] || wrong "$file is empty"
done
for view in driver path app; do
    case $view in
    driver) focus=Driver1 ;;
    path) focus=R1 ;;
    app) focus=App1 ;;
    esac
    draw "$view.svg" --view $view --focus $focus
    xmllint --noout --nonet "$scratch/$view.svg" || wrong "$view.svg is not well-formed"
done
if "$program" render "$scratch/a.db" -o "$scratch/none.svg" --view driver --focus nobody 2>/dev/null; then
    wrong "a focus that does not exist was drawn"
else
    [ $? -eq 2 ] || wrong "a focus that does not exist is wrong usage"
fi
[ ! -e "$scratch/none.svg" ] || wrong "a file was left without a picture"
code=0
"$program" render "$scratch/a.db" -o "$scratch/none.svg" --focus Driver1 2>"$scratch/messages" || code=$?
[ "$code" -eq 2 ] && [ ! -e "$scratch/none.svg" ] && grep -q -- '--view driver' "$scratch/messages" ||
    wrong "a focus without a view is ignored: exit $code"

# ---- what changed ----

mkdir "$scratch/tight"
sed 's/(A;;GRGW;;;BU)(A;;GRGW;;;AC)//' "$source/examples/design-only/design.ringmap.json" \
    >"$scratch/tight/design.ringmap.json"
"$program" scan "$scratch/tight" -o "$scratch/tight.db" 2>/dev/null
"$program" render "$scratch/a.db" "$scratch/tight.db" --view diff -o "$scratch/gone.svg" 2>/dev/null ||
    wrong "the change was not drawn"
"$program" render "$scratch/a.db" --view diff --baseline "$scratch/tight.db" -o "$scratch/new.svg" 2>/dev/null ||
    wrong "the change back was not drawn"
grep -q '>gone<' "$scratch/gone.svg" && grep -q 'G1.1' "$scratch/gone.svg" || wrong "what is gone is not said"
grep -q '>new<' "$scratch/new.svg" && grep -q 'R1.1' "$scratch/new.svg" || wrong "what is new is not said"
for file in gone.svg new.svg; do
    xmllint --noout --nonet "$scratch/$file" || wrong "$file is not well-formed"
done

# ---- filters ----

draw user.svg --from user
grep -q 'that do not pass the filter (--from user)' "$scratch/user.svg" || wrong "a filter is not told"
grep -q 'AppContainer' "$scratch/user.svg" && wrong "a filter leaves others in"

# each filter of `paths`, in `map` as in `render`; one that lets all through draws all
for filter in '--from admin' '--app App1' '--device \Device\Driver3' '--driver Driver2' \
    '--entry IOCTL_DRIVER1_SEND_ON' '--sink port_out' '--rule CH-01' '--validation unvalidated' \
    '--boundary driver_to_driver' '--min-severity critical' --chained '--limit 1'; do
    # shellcheck disable=SC2086 # words of a filter
    draw filtered.svg $filter
    # shellcheck disable=SC2086
    "$program" map "$source/examples/design-only" -o "$scratch/mapped.svg" --quiet $filter ||
        wrong "map $filter: exit $?"
    cmp -s "$scratch/filtered.svg" "$scratch/mapped.svg" || wrong "map and render differ with $filter"
    xmllint --noout --nonet "$scratch/mapped.svg" || wrong "map $filter: not well-formed"
done
code=0
"$program" map "$source/examples/design-only" -o "$scratch/none.svg" --validation maybe 2>/dev/null || code=$?
[ "$code" -eq 2 ] && [ ! -e "$scratch/none.svg" ] || wrong "a filter that is none: exit $code"

# ---- the same bytes ----

for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
    for file in again.svg again.dot again.mmd again.png again.pdf; do
        sleep 0.2; LC_ALL=$locale TZ=Asia/Tokyo draw "$file"
        cmp -s "$scratch/$file" "$scratch/map.${file#again.}" || wrong "$file differs with $locale"
    done
done
"$program" scan "$source/examples/design-only" -o "$scratch/a.db" 2>/dev/null
draw again.svg
cmp -s "$scratch/again.svg" "$scratch/map.svg" || wrong "a rescan gives another picture"

# ---- hostile names ----

mkdir "$scratch/hostile"
cat >"$scratch/hostile/x.ringmap.json" <<'JSON'
{"ringmap": 1, "who": "x", "why": "y",
 "drivers": [{"name": "\"><script>alert(1)</script>", "framework": "wdm"}],
 "devices": [{"driver": "\"><script>alert(1)</script>", "nt_name": "\\Device\\N\\G & <b>\u202Eexe\u0007\uFFFF",
              "sddl": "D:P(A;;GA;;;WD)"}],
 "doors": [{"device": "\\Device\\N\\G & <b>\u202Eexe\u0007\uFFFF", "kind": "symlink",
            "name": "\\DosDevices\\x\" onclick=\"alert(1)"}],
 "entries": [{"driver": "\"><script>alert(1)</script>",
              "device": "\\Device\\N\\G & <b>\u202Eexe\u0007\uFFFF",
              "name": "]]>\\N</TABLE>>];}\n", "code": "0x22A000",
              "sinks": [{"class": "port_out", "api": "<!--\u001b[2J", "argument": "a",
                         "validation": "unvalidated"}]}],
 "apps": [{"name": "javascript:alert(1)\" x=\"", "principal": "standard_user",
           "opens": ["\\Device\\N\\G & <b>\u202Eexe\u0007\uFFFF"]}]}
JSON
"$program" scan "$scratch/hostile" -o "$scratch/a.db" 2>/dev/null
draw hostile.svg
xmllint --noout --nonet "$scratch/hostile.svg" || wrong "hostile names break the SVG"
count=$(xmllint --xpath 'count(//@*[starts-with(name(),"on")]) + count(//*[local-name()="script"]) +
    count(//*[local-name()="a"]) + count(//@href) + count(//*[local-name()="foreignObject"])' \
    "$scratch/hostile.svg")
[ "$count" = 0 ] || wrong "hostile names become markup"
draw hostile.dot
dot -Tsvg "$scratch/hostile.dot" 2>"$scratch/messages" >/dev/null || wrong "dot cannot read hostile.dot"
[ ! -s "$scratch/messages" ] || wrong "dot says: $(cat "$scratch/messages")"

# ---- an output that cannot be written ----

printf 'old' >"$scratch/old.svg"
for target in "$scratch/nowhere/x.svg" /dev/full; do
    if "$program" render "$scratch/a.db" -o "$target" -T svg 2>/dev/null; then
        wrong "$target was written"
    else
        [ $? -eq 4 ] || wrong "$target: not the exit code of an output that cannot be written"
    fi
done

[ "$failures" -eq 0 ] || exit 1
echo "pictures: all good"
