#!/bin/sh
# bench/render.sh PROGRAM SOURCES: what drawing a picture costs beside Graphviz's own
# time for the same DOT (the aim: at most 1.1 times), and the overview of 10,000 drivers from opening
# the model to the file (the aim: under two seconds). For the first the median of the processor time
# of forty runs by turns (bench/render/bench_processor_time.c), the child's included; for the second
# the smallest of five runs, and the processor time, which a busy machine does not change.
set -eu
program=$1
source=$2
processor_time=$source/build/release/bench/bench_processor_time
cmake --build "$source/build/release" --target bench_processor_time >/dev/null
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
now() { date +%s%N; }

best_of() { # best_of COMMAND...: microseconds
    best=
    for _ in 1 2 3 4 5; do
        start=$(now)
        "$@" >/dev/null 2>&1
        took=$((($(now) - start) / 1000))
        if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
    done
    echo "$best"
}

# Three commands by turns: Graphviz's own program, ours as far as the DOT, ours with the drawing.
compare() { # compare WHAT MODEL OPTIONS...
    what=$1
    model=$2
    shift 2
    "$program" render "$model" "$@" -o "$scratch/map.dot" --quiet
    times=$("$processor_time" 40 "dot -Tsvg -o '$scratch/dot.svg' '$scratch/map.dot'" \
        "'$program' render '$model' $* -o '$scratch/map.dot' --quiet" \
        "'$program' render '$model' $* -o '$scratch/map.svg' --quiet")
    echo "$times" | {
        read -r dot text ours
        echo "$what: dot $dot us; ringmap render $ours us, of which opening the model and writing DOT" \
            "$text us; drawing costs $(((ours - text) * 100 / dot)) percent of dot"
    }
}

for example in three-paths design-only filter-stack/now reader-system; do
    "$program" scan "$source/examples/$example" -o "$scratch/model.db" --quiet
    compare "$example" "$scratch/model.db"
done
compare "reader-system, one app" "$scratch/model.db" --view app --focus ScanTool.exe

awk 'BEGIN {
    n = 10000
    printf "{\"ringmap\":1,\"who\":\"bench\",\"why\":\"size\",\"drivers\":["
    for (i = 0; i < n; i++) printf "%s{\"name\":\"D%d\",\"framework\":\"wdm\"}", i ? "," : "", i
    printf "],\"devices\":["
    for (i = 0; i < n; i++)
        printf "%s{\"driver\":\"D%d\",\"nt_name\":\"\\\\Device\\\\D%d\",\"sddl\":\"D:P(A;;GA;;;SY)(A;;GA;;;BA)%s\"}",
            i ? "," : "", i, i, i % 50 ? "" : "(A;;GRGW;;;BU)"
    printf "],\"doors\":["
    for (i = 0; i < n; i++)
        printf "%s{\"device\":\"\\\\Device\\\\D%d\",\"kind\":\"symlink\",\"name\":\"\\\\DosDevices\\\\D%d\"}", i ? "," : "", i, i
    printf "],\"entries\":["
    for (i = 0; i < n; i++)
        printf "%s{\"driver\":\"D%d\",\"device\":\"\\\\Device\\\\D%d\",\"name\":\"IOCTL_%d\",\"code\":\"0x222000\",\"sinks\":[{\"class\":\"port_out\",\"api\":\"__outbyte\",\"argument\":\"Port\",\"validation\":\"unvalidated\"}]}",
            i ? "," : "", i, i, i
    printf "]}"
}' >"$scratch/many.ringmap.json"
"$program" scan "$scratch/many.ringmap.json" -o "$scratch/many.db" --quiet
wall=$(best_of "$program" render "$scratch/many.db" -o "$scratch/many.svg")
cpu=$("$processor_time" 5 "'$program' render '$scratch/many.db' -o '$scratch/many.svg' --quiet")
echo "overview of 10,000 drivers: $wall us, of processor time $cpu us"
