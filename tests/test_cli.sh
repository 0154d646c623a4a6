#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_cli.sh - what only the program itself can show: standard input, pipes, full disks,
# interrupts, and that no locale changes a number.
sextant=${BUILD:-build}/sextant
work=$(mktemp -d "${TMPDIR:-/tmp}/sextant-sh-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
expect() { # expect WHAT CONDITION... : the condition is a test(1) expression
    what=$1
    shift
    if [ "$@" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what: $*"
    fi
}

"$sextant" new gridworld > "$work/g.xml"
expect 'new' $? -eq 0

# standard input and standard output
"$sextant" distance - --format csv < "$work/g.xml" > "$work/a.csv" 2> "$work/err"
expect 'standard input' $? -eq 0
"$sextant" distance "$work/g.xml" --format csv --output - > "$work/b.csv"
expect '--output -' $? -eq 0
cut -d, -f1-8 "$work/a.csv" > "$work/a"
cut -d, -f1-8 "$work/b.csv" > "$work/b"
expect 'the same from standard input' "$(cat "$work/a")" = "$(cat "$work/b")"
expect 'nothing on standard error in a pipe' ! -s "$work/err"

# a disk that is full, a pipe that is closed
"$sextant" explain > /dev/full 2> "$work/err"
expect 'full disk' $? -eq 2
expect 'full disk is told' -s "$work/err"
{ "$sextant" distance "$work/g.xml" --all 2> "$work/err"; echo $? > "$work/status"; } | :
expect 'closed pipe' "$(cat "$work/status")" -eq 2 -o "$(cat "$work/status")" -eq 0
("$sextant" explain 1>&- 2> "$work/err")
expect 'closed standard output' $? -eq 2

# an interrupt leaves no file.  sh starts background jobs with SIGINT ignored, the program
# takes it up again; reading from a pipe that stays open keeps it waiting.
mkfifo "$work/fifo"
"$sextant" distance - --output "$work/out.txt" < "$work/fifo" &
pid=$!
exec 3> "$work/fifo"
echo '<mdp version="1">' >&3
tries=0 # until the program catches SIGINT: bit 1 of the mask
while ! grep -q '^SigCgt:.*[2367abef]$' "/proc/$pid/status" && [ $tries -lt 500 ]; do
    tries=$((tries + 1))
    sleep 0.01
done
kill -INT "$pid"
wait "$pid"
expect 'interrupt' $? -eq 130
exec 3>&-
expect 'an interrupt leaves nothing' "$(echo "$work"/out.txt*)" = "$work/out.txt*"

# no locale changes a number
if locale -a 2> /dev/null | grep -qi '^de_DE'; then
    LC_ALL=$(locale -a | grep -i '^de_DE' | head -n 1) \
        "$sextant" distance "$work/g.xml" --format csv > "$work/c.csv"
    expect 'a German locale' "$(cat "$work/c.csv")" = "$(cat "$work/b.csv")"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
