#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_exact.sh - answers of `equivalent --exact` are what Python's fractions make of the same
# files: the decision, scale and potential, the proof of a no, and the returns of two policies;
# in explicit, factored and edited worlds, with rewards of files, and from standard input.
# Floating point says no other thing about any of them.
sextant=${BUILD:-build}/sextant
python=/usr/bin/python3
work=$(mktemp -d "${TMPDIR:-/tmp}/sextant-fr-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "FAIL $1"
}

# check KIND SEED: one world
check() {
    a=a
    spec=$work/w.xml
    kind=$1
    seed=$2
    set -- --format json
    PYTHONDONTWRITEBYTECODE=1 $python tests/exact_worlds.py "$seed" "$kind" "$work"
    case $kind in
    edited)
        edit=e
        grep -q 'steps=' "$work/w.xml" && edit=e@2/3
        set -- "$@" --edit $edit
        ;;
    grouped) a=runs/run1 ;;
    esac
    [ "$kind" = factored ] && spec=-
    rm -f "$work/w.json" "$work/f.json"
    "$sextant" equivalent "$spec" $a b "$@" --output "$work/f.json" < "$work/w.xml"
    "$sextant" equivalent "$spec" $a b "$@" --exact --output "$work/w.json" < "$work/w.xml" \
        2> "$work/said"
    if PYTHONDONTWRITEBYTECODE=1 $python tests/exact.py "$work/plain.xml" "$work/w.json" \
        "$work/f.json" >> "$work/$kind" 2> "$work/err"; then
        passed=$((passed + 1))
    else
        fail "$kind $seed"
        head -n 3 "$work/said"
        tail -n 2 "$work/err"
    fi
}

for kind in explicit factored edited grouped; do
    for seed in $(seq 1 25); do
        check $kind "$seed"
    done
    for answer in yes no; do
        [ "$(grep -c "^$answer$" "$work/$kind")" -ge 5 ] ||
            fail "$kind: fewer than five worlds say $answer"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
