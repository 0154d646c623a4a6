#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_figures.sh - a figure as other programs see it: fonts embedded and none of Type 3, text
# that can be searched, well-formed SVG, no time or path of the machine.
BUILD=${BUILD:-build}
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "$1"
    failed=1
}
"$BUILD/tests/test_heat" --write "$dir" || fail 'no figures'
for pdf in "$dir"/*.pdf; do
    fonts=$(pdffonts "$pdf" | tail -n +3)
    [ -n "$fonts" ] || fail "$pdf: no fonts"
    printf '%s\n' "$fonts" | grep -q 'Type 3' && fail "$pdf: a font of Type 3"
    printf '%s\n' "$fonts" | awk '{ if ($(NF-4) != "yes") exit 1 }' || fail "$pdf: a font is not embedded"
    pdfinfo "$pdf" | grep -q '^PDF version: *1.5$' || fail "$pdf: not PDF 1.5"
    pdfinfo "$pdf" | grep -q '^CreationDate: *Sat Jan  1 00:00:00 2000' || fail "$pdf: a date"
    pdfinfo "$pdf" | grep -q '^Title: *Distances$' || fail "$pdf: no title"
    pdftotext "$pdf" - | grep -q 'shaped' || fail "$pdf: names are no text"
    grep -qF "$dir" "$pdf" && fail "$pdf: has a path"
    pdfinfo "$pdf" | awk '/^Page size/ { exit !($3 > 233.28 && $3 < 234.72) }' || fail "$pdf: not 3.25 in wide"
done
for svg in "$dir"/*.svg; do
    xmllint --noout "$svg" || fail "$svg"
    for part in title desc; do
        [ -n "$(xmllint --xpath "string(//*[local-name()='$part'][1])" "$svg")" ] || fail "$svg: no $part"
    done
done
marks() {
    xmllint --xpath "count(//*[local-name()='g' and @class='$1']/*)" "$dir/gridworld.svg"
}
[ "$(marks wedge)" = 48 ] || fail "$(marks wedge) wedges of 48"
[ "$(marks arrow)" = 1 ] || fail "$(marks arrow) arrows of 1"
[ "$(marks step)" = 1 ] || fail "$(marks step) steps of 1"
exit $failed
