# What a test needs beside the program; to be read in ('.') by tests that have $source.
# On a Debian, and in CI, ./dev installs all of it: where something is missing there the test fails,
# so that nobody takes its absence for success. Elsewhere it is skipped, and says so.

# lacks WHAT...
lacks() {
    if [ -n "${CI:-}" ] || command -v apt-get >/dev/null; then
        printf 'FAIL: not installed: %s; run ./dev setup\n' "$*"
        exit 1
    fi
    printf 'SKIP: not tested, not installed: %s\n' "$*"
    exit 77
}

needs_programs() {
    for wanted in "$@"; do
        command -v "$wanted" >/dev/null || lacks "$wanted"
    done
}

needs_npm() {
    needs_programs node
    for wanted in "$@"; do
        [ -d "${source:?}/node_modules/$wanted" ] || lacks "the npm package $wanted"
    done
}
