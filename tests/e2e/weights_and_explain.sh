#!/bin/sh
# What a scan was given stays with the model: weights, principals and the domain; and explain says
# why a path is not worse.
# usage: weights_and_explain.sh PROGRAM SOURCE-FOLDER
set -eu
program=$1
example=$2/examples/design-only
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

wrong() {
    printf 'FAIL: %s\n' "$*"
    failures=$((failures + 1))
}

# asks MODEL SQL EXPECTED
asks() {
    got=$(sqlite3 "$1" "$2")
    [ "$got" = "$3" ] || wrong "$2: '$got', expected '$3'"
}

# explains MODEL ID TEXT
explains() {
    "$program" explain "$1" "$2" >"$scratch/said" || wrong "explain $2 ended with $?"
    grep -qF -- "$3" "$scratch/said" || wrong "explain $2 does not say '$3': $(cat "$scratch/said")"
}

standard=$scratch/standard.db
"$program" scan "$example" -o "$standard" --quiet
asks "$standard" "SELECT value FROM v_weight WHERE factor = 'V' AND name = 'partial'" 500
asks "$standard" "SELECT count(*) FROM v_weight WHERE value <> standard" 0
asks "$standard" "SELECT min(cvss) FROM v_path WHERE origin = 'admin_elevated'" \
    "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"

# Half of D and of S, and no chain term: 450/1000 * 450/1000 -> 202, by hand.
cat >"$scratch/w.json" <<'END'
{"ringmap": 1, "who": "board", "D": {"appcontainer": 450}, "S": {"port_out": 450},
 "c": {"per_boundary": 0, "kernel_mode": 0}}
END
"$program" scan "$example" --weights "$scratch/w.json" -o "$scratch/half.db" --quiet
asks "$scratch/half.db" "SELECT group_concat(score, ' ') FROM v_path WHERE app = 'App1'" "202 202"
asks "$scratch/half.db" "SELECT group_concat(name || ' ' || value || ' ' || standard, ', ')
    FROM v_weight WHERE value <> standard" \
    "appcontainer 450 900, per_boundary 0 150, kernel_mode 0 200, port_out 450 900"
row=$(sqlite3 "$scratch/half.db" "SELECT path_id FROM v_path WHERE app = 'App1' LIMIT 1")
explains "$scratch/half.db" "$row" "D appcontainer 450 instead of 900"

printf '{"ringmap": 1, "V": {"partial": "half"}}' >"$scratch/bad.json"
code=0
"$program" scan "$example" --weights "$scratch/bad.json" -o "$scratch/none.db" 2>"$scratch/err" || code=$?
[ "$code" -eq 3 ] || wrong "a bad weights file ended with $code"
grep -q 'bad.json:1:33: error: .*\[weights-value\]' "$scratch/err" || wrong "$(cat "$scratch/err")"
[ ! -e "$scratch/none.db" ] || wrong "a model was written with a bad weights file"

# A team's principal and the domain: explain traces them without being told again.
cat >"$scratch/p.json" <<'END'
{"ringmap": 1, "principals": [{"name": "updater", "like": "standard_user",
  "groups": ["S-1-5-21-1-2-3-512"], "disparity": 650}]}
END
mkdir "$scratch/in"
cat >"$scratch/in/x.ringmap.json" <<'END'
{"ringmap": 1, "who": "team", "why": "test",
 "drivers": [{"name": "d"}],
 "devices": [{"driver": "d", "nt_name": "\\Device\\D", "secure_open": true,
              "sddl": "D:P(A;;GA;;;SY)(A;;GRGW;;;DA)"}],
 "entries": [{"driver": "d", "device": "\\Device\\D", "name": "GO", "code": "0x22A000",
   "sinks": [{"class": "port_out", "api": "__outdword", "argument": "Port",
              "validation": "unvalidated"}]}]}
END
"$program" scan "$scratch/in" --principals "$scratch/p.json" --domain-sid S-1-5-21-1-2-3 \
    -o "$scratch/team.db" --quiet
asks "$scratch/team.db" "SELECT group_concat(origin, ' ') FROM v_path" "updater system"
asks "$scratch/team.db" "SELECT group_concat(name, ' ') FROM v_given ORDER BY 1" \
    "domain_sid principals principals_file root"
explains "$scratch/team.db" p1 "(A;;GWGR;;;DA) allows"
explains "$scratch/team.db" p1 "standard_user would reach it but for the descriptor of \\Device\\D"
explains "$scratch/team.db" p1 "not grant it FILE_WRITE_DATA"
explains "$scratch/team.db" p1 "Not modelled: devices and firmware as senders"

[ "$failures" -eq 0 ] && echo "weights and explanations are right"
exit "$((failures > 0))"
