#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh TEST... - run every test program and script; prints failures, then one line.
build=${BUILD:-build}
export BUILD="$build"
passed=0
failed=0
one() { # one NAME COMMAND...
    name=$1
    shift
    if "$@" > "$build/tests/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 40 "$build/tests/$name.log"
    fi
}
for t in "$@"; do
    one "$t" "$build/tests/$t"
done
for script in tests/test_*.sh; do
    [ -f "$script" ] && one "$(basename "$script")" sh "$script"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
