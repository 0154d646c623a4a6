#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_exact.sh - answers of `equivalent --exact` are what Python's fractions make of the same
# files: the decision, scale and potential, the proof of a no, and the returns of two policies.
sextant=${BUILD:-build}/sextant
python=/usr/bin/python3
work=$(mktemp -d "${TMPDIR:-/tmp}/sextant-fr-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
for seed in $(seq 1 40); do
    $python tests/exact_worlds.py "$seed" > "$work/w.xml"
    "$sextant" equivalent "$work/w.xml" a b --exact --format json --output "$work/w.json" \
        2> "$work/err"
    if $python tests/exact.py "$work/w.xml" "$work/w.json" >> "$work/out" 2> "$work/err"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL seed $seed"
        tail -n 2 "$work/err"
    fi
done
for answer in yes no; do
    [ "$(grep -c "^$answer$" "$work/out")" -ge 10 ] || {
        failed=$((failed + 1))
        echo "FAIL fewer than ten worlds say $answer"
    }
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
