#!/bin/sh
# 'ringmap check': exit codes, severities, waivers, baselines; what a policy marks in a model.
# usage: gate.sh PROGRAM SOURCE-FOLDER
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

# gate EXPECTED WHAT ARGUMENTS...: the exit code of check; what it says is in $scratch/out and /err.
gate() {
    expected=$1
    what=$2
    shift 2
    code=0
    "$program" check "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
    [ "$code" = "$expected" ] || wrong "$what: expected exit code $expected, found $code"
}

# says FILE TEXT
says() { grep -qF -- "$2" "$scratch/$1" || wrong "'$2' is not said: $(cat "$scratch/$1")"; }

# policy NAME WAIVERS: a policy file that fails on critical.
policy() {
    printf '{"ringmap": 1, "fail_on": "critical", "waivers": [\n%s\n]}\n' "$2" >"$scratch/$1"
}

# waiver ID EXPIRES
waiver() {
    printf '{"id": "%s", "reason": "accepted", "owner": "board", "date": "2026-01-01", "expires": "%s"}' \
        "$1" "$2"
}

"$program" scan --quiet --strict "$example" -o "$scratch/model.db"
model=$scratch/model.db

# ---- severities ----

gate 1 "critical paths and findings" "$model"
says out "failed: "
gate 1 "critical, asked for" "$model" --fail-on critical
says out "path:app1:"
says out "driver1/driver1.inf:"
printf 'control \\Device\\Nobody D:P(A;;GA;;;SY)\n' | sed 's/^control/device/' >"$scratch/quiet.sddl"
"$program" scan --quiet "$scratch/quiet.sddl" -o "$scratch/quiet.db"
gate 0 "a model without drivers" "$scratch/quiet.db"
says out "passed: 0 of severity high or above, 0 waived"

# ---- waivers ----

all="$(waiver 'finding:*' 2026-12-31),
$(waiver 'path:*' 2026-12-31)"
policy all.json "$all"
gate 0 "everything waived" "$model" --policy "$scratch/all.json" --today 2026-12-31
says out "waived by board until 2026-12-31: accepted"
says out "passed: 0 of severity critical or above"
gate 1 "the option is stronger than the policy" "$scratch/model.db" --today 2027-01-01 \
    --policy "$scratch/all.json" --fail-on critical
says err "all.json:2:1: error:"
says err "[waiver-expired]"
policy orphan.json "$all,
$(waiver 'finding:ds-04:device-gone' 2026-12-31)"
gate 1 "an orphaned waiver" "$model" --policy "$scratch/orphan.json" --today 2026-06-01
says err "orphan.json:4:1: error: no finding and no path has the id 'finding:ds-04:device-gone'"
policy some.json "$(waiver 'path:*' 2026-12-31)"
gate 1 "findings that nobody waived" "$model" --policy "$scratch/some.json" --today 2026-06-01
gate 1 "as JSON" "$model" --policy "$scratch/some.json" --today 2026-06-01 --format json
says out '{"passed":false,"fail_on":"critical"'
says out '"state":"used"'

# What is waived is marked in a model, too.
"$program" scan --quiet "$example" --policy "$scratch/some.json" --today 2026-06-01 \
    -o "$scratch/marked.db"
marked=$(sqlite3 "$scratch/marked.db" \
    "SELECT (SELECT min(waived) FROM v_path), (SELECT max(waived) FROM v_finding)")
[ "$marked" = "1|0" ] || wrong "waived paths and findings in a model: $marked"

"$program" paths "$scratch/marked.db" >"$scratch/out"
says out "critical waived"
"$program" findings "$scratch/marked.db" >"$scratch/out"
! grep -q "waived" "$scratch/out" || wrong "findings that nobody waived are marked"
gate 1 "what a scan marked is judged anew" "$scratch/marked.db"
says out "failed: "
# A waiver holds from the day it was given (waiver() dates them 2026-01-01).
gate 1 "a waiver of the future" "$model" --policy "$scratch/all.json" --today 2025-12-31
says err "all.json:2:1: warning: the waiver of 'finding:*' begins on"
says err "[waiver-early]"
says out "0 waived"

# ---- baselines ----

gate 0 "nothing new since itself" "$model" --baseline "$model"
says out "known before"
cp -r "$example" "$scratch/wide"
sed -i 's/^HKR,, Security,,.*/HKR,, Security,, "D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGW;;;WD)"/' \
    "$scratch/wide/driver2/driver2.inf"
"$program" scan --quiet "$scratch/wide" -o "$scratch/wide.db"
gate 1 "a wider descriptor since the baseline" "$scratch/wide.db" --baseline "$model"
says out "IOCTL_DRIVER2_WRITE_PORT"
if grep -q IOCTL_DRIVER1_WRITE_PORT "$scratch/out"; then
    wrong "what the baseline has is objected to"
fi
gate 0 "a tighter descriptor since the baseline" "$model" --baseline "$scratch/wide.db"

# ---- refusals ----

gate 2 "no such severity" "$model" --fail-on huge
gate 2 "no such day" "$model" --today yesterday
gate 3 "no such policy" "$model" --policy "$scratch/none.json"
printf '{"ringmap": 1, "waivers": [{}]}\n' >"$scratch/wrong.json"
gate 3 "a wrong policy" "$model" --policy "$scratch/wrong.json"
says err "wrong.json:1:28: error:"
gate 3 "no model" "$scratch/wrong.json"
gate 3 "no baseline" "$model" --baseline "$scratch/wrong.json"


gate 2 "no model given"
gate 2 "no such format" "$model" --format xml
gate 1 "a model from standard input" - <"$model"
if [ -e /dev/full ]; then
    code=0
    "$program" check "$model" >/dev/full 2>"$scratch/err" || code=$?
    [ "$code" = 4 ] || wrong "a full disk: exit code $code"
fi

# ---- wrong policies: each with its place, refused by the schema as well ----

. "$2/tests/e2e/lib/needs.sh"
source=$2
needs_npm ajv ajv-formats

# schema EXPECTED WHAT: 0 or 1, of $scratch/policy.json.
schema() {
    code=0
    node "$2/tests/e2e/lib/schema.mjs" "$2/docs/schema/policy.schema.json" "$scratch/policy.json" || code=$?
    [ "$code" = "$1" ] || wrong "the schema says $code of $3, not $1"
}
# wrong_policy PLACE ID TEXT [SCHEMA]: what the schema says of it, where it cannot know.
wrong_policy() {
    printf '%s' "$3" >"$scratch/policy.json"
    gate 3 "$3" "$model" --policy "$scratch/policy.json" --today 2026-06-01
    says err "policy.json:$1: error: "
    says err "[$2]"
    schema "${4:-1}" "$source" "$3"
}
good='{"id": "path:*", "reason": "x", "owner": "b", "date": "2026-01-01", "expires": "2026-12-31"}'
wrong_policy 1:28 policy-missing-key '{"ringmap": 1, "waivers": [{"id": "path:*"}]}'
wrong_policy 1:16 policy-unknown-key '{"ringmap": 1, "waiver": []}'
wrong_policy 1:13 policy-version '{"ringmap": 2}'
wrong_policy 1:27 policy-value '{"ringmap": 1, "fail_on": "hgh"}'
wrong_policy 2:69 policy-value '{"ringmap": 1,
 "waivers": [{"id": "path:*", "reason": "x", "owner": "bo", "date": "2026-13-01", "expires": "2026-12-31"}]}'
wrong_policy 1:106 policy-value \
    '{"ringmap": 1, "waivers": [{"id": "path:*", "reason": "", "owner": "b", "date": "2026-01-01", "expires": "2026-02-30"}]}'
wrong_policy 1:35 policy-wrong-type "$(printf '{"ringmap": 1, "waivers": [%s]}' "$good" | sed 's/"path:\*"/5/')"
wrong_policy 1:35 policy-value "$(printf '{"ringmap": 1, "waivers": [%s]}' "$good" | sed 's/path:/nothing:/')"
wrong_policy 2:15 json-syntax '{"ringmap": 1,
 "waivers": [ }'
wrong_policy 1:1 json-syntax ''
wrong_policy 1:1 policy-wrong-type '[]'
wrong_policy 1:16 json-duplicate-key '{"ringmap": 1, "ringmap": 1}' 0
wrong_policy 1:107 policy-value "$(printf '{"ringmap": 1, "waivers": [%s]}' "$good" | sed 's/2026-12-31/2025-12-31/')" 0
policy policy.json "$good"
gate 1 "a right policy that does not cover the findings" "$model" --policy "$scratch/policy.json" --today 2026-06-01
schema 0 "$source" "a right policy"

# ---- a right more of what is found already ----

mkdir "$scratch/service"
inf() {
    cat >"$scratch/service/broker.inf" <<END
[Version]
Signature="\$WINDOWS NT\$"
Class=Sample
ClassGuid={78A1C341-4539-11d3-B88D-00C04FAD5171}
Provider=%P%
CatalogFile=broker.cat
PnpLockdown=1
[Manufacturer]
%P%=M,NTamd64
[M.NTamd64]
"broker"=I,Root\broker
[I.NT]
[I.NT.Services]
AddService=broker,0,Broker
[Broker]
ServiceType=0x10
StartType=3
ErrorControl=1
ServiceBinary=%13%\broker.exe
Security="D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;$1;;;BU)"
[Strings]
P="Contoso"
END
    "$program" scan --quiet "$scratch/service" -o "$scratch/$2.db"
}
inf LCRP start
inf LCRPDC change
inf RP less
inf LCRP same
gate 1 "users may change a service that they could start" "$scratch/change.db" \
    --baseline "$scratch/start.db"
says out "finding:in-01:"
gate 0 "users may do less than before" "$scratch/less.db" --baseline "$scratch/start.db"
gate 0 "users may do what they could" "$scratch/same.db" --baseline "$scratch/start.db"

# ---- the policy as it is given ----

printf '\357\273\277' >"$scratch/marked.json"
cat "$scratch/all.json" >>"$scratch/marked.json"
gate 0 "a policy with a byte order mark" "$model" --policy "$scratch/marked.json" --today 2026-12-31
gate 0 "a policy from standard input" "$model" --policy - --today 2026-12-31 <"$scratch/all.json"
printf '{"ringmap": 1,\n "waivers": 7}' >"$scratch/wrong.json"
gate 3 "a wrong policy from standard input" "$model" --policy - <"$scratch/wrong.json"
says err "-:2:13: error: "

[ "$failures" -eq 0 ]
