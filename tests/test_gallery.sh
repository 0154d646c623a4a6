#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_gallery.sh - the gallery of the manual is what the program draws now: its page with all
# alternative texts, the figures, no other file.  docs/figures/fonts.txt says what the gallery
# was drawn with.  Where libraries or the processor are others, the figures are compared without
# their coordinates; where fonts are others, layouts are others, and the page alone is compared.
BUILD=${BUILD:-build}
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
differs() {
    echo "$1 is out of date: make figures"
    failed=1
}
tools/figures.sh draw "$dir/now" svg || exit 1
tools/figures.sh page "$dir/now" | diff -u docs/reference/gallery.md - || differs docs/reference/gallery.md

with=docs/figures/fonts.txt
tools/figures.sh fonts > "$dir/fonts"
fonts() {
    grep -E '\.(otf|ttf) ' "$1"
}
if cmp -s "$with" "$dir/fonts"; then
    form=bytes
elif [ "$(fonts "$with")" = "$(fonts "$dir/fonts")" ]; then
    form=parts
else
    form=none
fi
[ $form = bytes ] || { echo "not all is compared: this system is not that of $with"; diff "$with" "$dir/fonts"; }
look() { # at a figure
    case $form in
    bytes) cat "$1" ;;
    parts) sed -E 's/base64,[^"]*/#/; s/-?[0-9]+(\.[0-9]+)?/#/g; s/(#[MLHVCZ ,]*)+/#/g' "$1" ;;
    none) ;;
    esac
}
ls "$dir"/now/*.svg docs/figures/*.svg | sed 's|.*/||' | sort -u > "$dir/names"
while read -r name; do
    if [ -f "docs/figures/$name" ] && [ -f "$dir/now/$name" ]; then
        look "docs/figures/$name" > "$dir/then"
        look "$dir/now/$name" | cmp "$dir/then" - || differs "docs/figures/$name"
    else
        differs "docs/figures/$name"
    fi
done < "$dir/names"
exit $failed
