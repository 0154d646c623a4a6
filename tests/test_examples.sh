#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_examples.sh - every shipped specification is valid by the schema, sound, and gives the
# same bytes on every run and with any number of threads.
sextant=${BUILD:-build}/sextant
work=$(mktemp -d "${TMPDIR:-/tmp}/sextant-ex-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
expect() { # expect WHAT COMMAND...
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what"
    fi
}
ask() { # ask FILE VERB SPEC... : its results in FILE
    to=$1
    shift
    "$sextant" "$@" --output "$to" 2> "$work/err" || { cat "$work/err"; return 1; }
}

for spec in examples/*.xml tests/good/*.xml; do
    if command -v xmllint > /dev/null; then
        expect "$spec: schema" xmllint --noout --nowarning --schema configs/sextant.xsd "$spec" \
            2> "$work/schema"
    fi
    expect "$spec: check" ask "$work/check" check "$spec"
    rewards=$(grep -c '^ *<reward ' "$spec")
    for job in 'distance --all' 'regret' 'solve'; do
        needs=2
        [ "$job" = solve ] && needs=1
        [ "$rewards" -ge $needs ] || continue
        verb=${job%% *}
        more=${job#"$verb"}
        for format in json csv; do
            expect "$spec: $job" ask "$work/1" "$verb" "$spec" $more --format $format --threads 1
            expect "$spec: $job" ask "$work/2" "$verb" "$spec" $more --format $format --threads 2
            expect "$spec: $job: same bytes" cmp -s "$work/1" "$work/2"
        done
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
