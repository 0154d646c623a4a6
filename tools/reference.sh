#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# reference.sh PAGE - a page of docs/reference with what is below its mark made anew: the
# elements from the grammar table, the verbs from the command's own help.
set -eu
BUILD=${BUILD:-build}
sextant=$BUILD/sextant
sed '/^<!-- made by make reference/q' "docs/reference/$1"
echo
case $1 in
specification.md)
    "$BUILD/tools/reference"
    ;;
command.md)
    for verb in $("$sextant" --help | awk '/^  [a-z]+ / { print $1 }'); do
        printf '## %s\n\n```text\n' "$verb"
        "$sextant" "$verb" --help
        printf '```\n\n'
    done
    ;;
esac
