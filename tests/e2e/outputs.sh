#!/bin/sh
# Every format that is written to a file: the same bytes twice, in every locale and time zone and
# after a rescan; an output that cannot be written (no folder, a full device, a full disk, a limit
# on sizes) is an error, and what stood there before is untouched. Graphviz reports success there.
# usage: outputs.sh PROGRAM SOURCE-FOLDER
set -eu
ringmap=$1
source=$2
scratch=$(mktemp -d)
full=
clean() {
    [ -z "$full" ] || umount "$full" 2>/dev/null || :
    rm -rf "$scratch"
}
trap clean EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

mkdir "$scratch/input"
cp -r "$source/examples/reader-system/." "$scratch/input"
(cd "$scratch" && "$ringmap" scan input -o model.db --quiet)

formats='svg png pdf dot mmd html md json sarif opengraph otm graphml'

# write FORMAT FILE: exit code of the program, which says nothing on standard output
write() {
    case $1 in
    svg | png | pdf | dot | mmd) set -- render -T "$1" "$2" ;;
    html | md | json | sarif) set -- report -T "$1" "$2" ;;
    *) set -- export --to "$1" "$2" ;;
    esac
    "$ringmap" "$1" "$model" "$2" "$3" -o "$4" --quiet 2>"$scratch/said"
}
model=$scratch/model.db

# ---- the same bytes ----

# Locales whose decimal comma, upper case and order differ from C's; made here where they are not
# installed, since a locale that does not exist is C.
mkdir "$scratch/locales"
locales='C C.UTF-8'
for name in de_DE tr_TR ar_SA; do
    if localedef -i $name -f UTF-8 "$scratch/locales/$name.UTF-8" >/dev/null 2>&1; then
        locales="$locales $name.UTF-8"
    elif locale -a 2>/dev/null | grep -qi "^$name.utf"; then
        locales="$locales $name.UTF-8"
    else
        printf 'SKIP: no locale %s here, and none can be made\n' "$name"
    fi
done
export LOCPATH="$scratch/locales"

for format in $formats; do
    write "$format" "$scratch/first.$format" || wrong "$format: exit $?: $(cat "$scratch/said")"
    [ -s "$scratch/first.$format" ] || wrong "$format: nothing was written"
done
sleep 1.1 # a format that tells the second tells another one now
for locale in $locales; do
    for format in $formats; do
        LC_ALL=$locale LANGUAGE=$locale TZ=Asia/Tokyo write "$format" "$scratch/again" ||
            wrong "$format in $locale: exit $?"
        cmp -s "$scratch/first.$format" "$scratch/again" || wrong "$format is another one in $locale"
    done
done

# A rescan in another locale, from a copy of the sources whose files are newer and were made in
# another order.
unset LOCPATH
mkdir "$scratch/elsewhere"
cp -r "$scratch/input" "$scratch/elsewhere/input"
find "$scratch/elsewhere" -type f | sort -r | while read -r file; do
    cp "$file" "$file.new" && rm "$file" && mv "$file.new" "$file"
done
(cd "$scratch/elsewhere" && LOCPATH="$scratch/locales" LC_ALL=${locales##* } \
    "$ringmap" scan input -o ../rescan.db --jobs 3 --quiet)
cmp -s "$scratch/model.db" "$scratch/rescan.db" || wrong "a rescan gives another model"
model=$scratch/rescan.db
for format in $formats; do
    write "$format" "$scratch/again" || wrong "$format after a rescan: exit $?"
    cmp -s "$scratch/first.$format" "$scratch/again" || wrong "$format is another one after a rescan"
done

# ---- what cannot be written ----

# refused WHAT FORMAT FILE: exit 4 and a message
refused() {
    code=0
    write "$2" "$3" || code=$?
    [ "$code" -eq 4 ] || wrong "$2, $1: exit $code, not 4"
    [ -s "$scratch/said" ] || wrong "$2, $1: nothing is said"
}

# untouched WHAT FORMAT FOLDER: the old file is there, and nothing beside it
untouched() {
    [ "$(cat "$3/out")" = "the old one" ] || wrong "$2, $1: the old file is not what it was"
    [ "$(ls -A "$3")" = "out" ] || wrong "$2, $1: something was left: $(ls -A "$3")"
}

mkdir "$scratch/old" "$scratch/full"
printf 'the old one' >"$scratch/old/out"
for format in $formats; do
    refused "no such folder" "$format" "$scratch/nowhere/out"
    refused "a full device" "$format" /dev/full
    refused "a folder" "$format" "$scratch/old"
    (
        ulimit -f 1 # blocks of 512 bytes or of 1024: less than any of them
        refused "a limit on sizes" "$format" "$scratch/old/out"
        exit "$failures"
    ) || failures=$((failures + 1))
    untouched "a limit on sizes" "$format" "$scratch/old"
done

if mount -t tmpfs -o size=4k none "$scratch/full" 2>/dev/null; then
    full=$scratch/full
    printf 'the old one' >"$full/out"
    for format in $formats; do
        refused "a full disk" "$format" "$full/out"
        untouched "a full disk" "$format" "$full"
    done
else
    printf 'SKIP: a full disk: this user cannot mount a small one\n'
fi

if [ "$(id -u)" -ne 0 ]; then
    chmod a-w "$scratch/old"
    for format in $formats; do
        refused "a folder one may not write to" "$format" "$scratch/old/out"
        untouched "a folder one may not write to" "$format" "$scratch/old"
    done
    chmod u+w "$scratch/old"
fi

[ "$failures" -eq 0 ] || exit 1
echo "outputs: the same everywhere, and whole or untouched"
