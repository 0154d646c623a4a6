#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_certificate.sh - the numpy script of the manual proves the worst cases of the examples
# from exported arrays, and does not prove altered ones.
sextant=${BUILD:-build}/sextant
python=/usr/bin/python3
work=$(mktemp -d "${TMPDIR:-/tmp}/sextant-np-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
good() {
    passed=$((passed + 1))
}
bad() {
    failed=$((failed + 1))
    echo "FAIL $*"
}

if ! $python -c 'import numpy' 2> "$work/err"; then
    echo "$python has no numpy: install the Debian package python3-numpy (make packages does)"
    echo "0 passed, 1 failed"
    exit 1
fi
for name in cliff two-state frozenlake-4x4 walled-room unsound; do
    spec=examples/$name.xml
    if "$sextant" convert "$spec" --output "$work/$name.npy" > "$work/out" 2>&1 &&
        "$sextant" regret "$spec" --certificate "$work/$name.json" > "$work/out" 2>&1 &&
        $python examples/python/verify.py "$work/$name" "$work/$name.json" > "$work/out" 2>&1; then
        good
    else
        bad "$name"
        cat "$work/out"
    fi
    for key in worst_case lambda; do
        sed "s/\"$key\": 0\\.[0-9]/\"$key\": 0.123/" "$work/$name.json" > "$work/other.json"
        cmp -s "$work/$name.json" "$work/other.json" && continue
        if $python examples/python/verify.py "$work/$name" "$work/other.json" > "$work/out" 2>&1; then
            bad "$name with another $key is proved"
            cat "$work/out"
        elif grep -q 'NOT proved' "$work/out"; then
            good
        else
            bad "$name with another $key: no verdict"
            cat "$work/out"
        fi
        "$sextant" verify "$spec" "$work/other.json" > "$work/out" 2>&1
        [ $? = 1 ] && good || bad "$name with another $key: sextant verify"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
