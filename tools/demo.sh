#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# demo.sh - the main job on one example: how far apart are these rewards, what does
# optimising one cost in another, and the same as a figure.
set -eu
BUILD=${BUILD:-build}
sextant=$BUILD/sextant
spec=examples/cliff.xml
out=$BUILD/demo
mkdir -p "$out"
show() {
    printf '\n$'
    printf ' %s' "$@"
    printf '\n'
    "$@"
}
show "$sextant" check "$spec"
show "$sextant" distance "$spec"
show "$sextant" regret "$spec" --true true
for format in pdf png svg; do
    "$sextant" plot "$spec" distances --output "$out/distances.$format"
done
printf "\nThe distances as a figure:\n"
printf "  %s\n" "$out/distances.pdf" "$out/distances.png" "$out/distances.svg"
