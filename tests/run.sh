#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh TEST... - run every test program and every tests/test_*.sh, as many at a time as
# there are processors; print what failed, then one line.  A cmocka program counts its cases,
# a script counts as one test unless its last line says "N passed, N failed".
BUILD=${BUILD:-build}
logs=$BUILD/tests/log
mkdir -p "$logs"
rm -f "$logs"/*
# two programs at a time: threads that wait must not spin
export BUILD OMP_WAIT_POLICY=passive LC_ALL=C.UTF-8
export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"

for script in tests/test_*.sh; do
    [ -f "$script" ] && set -- "$@" "$script"
done
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh -c '
    name=$(basename "$2")
    case $2 in
    *.sh) timeout 600 sh "$2" ;;
    *) timeout 600 "$BUILD/tests/$2" ;;
    esac > "$1/$name.log" 2>&1 < /dev/null
    echo $? > "$1/$name.status"' - "$logs"

passed=0
failed=0
for t in "$@"; do
    name=$(basename "$t")
    log=$logs/$name.log
    status=$(cat "$logs/$name.status")
    counts=$(awk '
        /^\[       OK \]/ { ok++ }
        /^\[  FAILED  \] [A-Za-z_]/ && !/tests: / { bad[$4] }
        /^[0-9]+ passed, [0-9]+ failed/ { ok = $1; n = $3 }
        END { for (b in bad) n++; print ok + 0, n + 0 }' "$log")
    p=${counts% *}
    f=${counts#* }
    [ "$((p + f))" -gt 0 ] || [ "$status" != 0 ] || p=1
    [ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
    passed=$((passed + p))
    failed=$((failed + f))
    [ "$status" = 0 ] && [ "$f" = 0 ] && continue
    echo "FAIL $name (exit status $status)"
    grep -vE '^\[( RUN      |       OK )\]' "$log" | tail -n 60
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
