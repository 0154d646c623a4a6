#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_figures.sh - every figure of the gallery as other programs see it: the same bytes twice;
# fonts embedded, subset and none of Type 3; pages as large as asked for and alike in all forms;
# well-formed SVG with a mark for each row of data; one alternative text in all places; no time
# or path of the machine; clouds of 50,000 points that stay small; nothing left of what fails.
BUILD=${BUILD:-build}
sextant=$BUILD/sextant
passed=0
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
unset SOURCE_DATE_EPOCH
check() { # check WHAT COMMAND...
    what=$1
    shift
    if "$@" > "$dir/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what: $*"
        cat "$dir/said"
    fi
}
plot() {
    "$sextant" plot "$@" --quiet
}

# twice, in another time zone, folder and number of threads
draw() {
    tools/figures.sh draw "$1" pdf svg png || touch "$dir/undrawn"
}
(export TZ=Asia/Tokyo OMP_NUM_THREADS=1; draw "$dir/other") &
draw "$dir/one"
wait
check 'figures are drawn' [ ! -e "$dir/undrawn" ]
tools/figures.sh list > "$dir/list"
for form in pdf svg png alt.txt csv; do
    check "a $form of each" [ "$(ls "$dir"/one/*."$form" | wc -l)" = "$(wc -l < "$dir/list")" ]
done

# all kinds and all views, as the help has them
"$sextant" plot --help > "$dir/help"
kinds=$(sed -n '/^Kinds/,/^Options/s/^  \([a-z]*\)  .*/\1/p' "$dir/help")
views=$(sed -n '/^  --view /,/^  --policy /p' "$dir/help" | tr '\n' ' ' | sed 's/.*(one of \([^;]*\);.*/\1/; s/,//g')
check 'kinds and views' [ "$(echo $kinds $views | wc -w)" -ge 20 ]
for kind in $kinds; do
    check "a figure of $kind" grep -q "^[^ ]* [^ ]* $kind" "$dir/list"
done
for view in $views; do
    check "a figure of --view $view" grep -q -e "--view $view" "$dir/list"
done

# --- each file ---

# points wide and high: of a page, of an SVG, of dots at 300 an inch
pdf_size() {
    pdfinfo "$1" | awk '/^Page size/ { print $3, $5 }'
}
svg_size() {
    sed -n '2s/.*width="\([0-9.]*\)pt" height="\([0-9.]*\)pt".*/\1 \2/p' "$1"
}
png_size() {
    od -An -tu4 --endian=big -j16 -N8 "$1" | awk '{ print $1 * 72 / 300, $2 * 72 / 300 }'
}
alike() { # alike W H W H : to 0.01 in
    [ $# = 4 ] && echo "$*" | awk '{ exit !(($1-$3)^2 < 0.72^2 && ($2-$4)^2 < 0.72^2) }'
}
fonts_are_embedded() {
    pdffonts "$1" | tail -n +3 > "$dir/fonts"
    [ -s "$dir/fonts" ] && ! grep -q 'Type 3' "$dir/fonts" &&
        awk '$(NF-4) != "yes" || $(NF-3) != "yes" || $(NF-2) != "yes" { print; bad = 1 } END { exit bad }' "$dir/fonts"
}
says() { # says FILE PATTERN
    grep -q "$2" "$1"
}
says_not() {
    ! grep -aq "$2" "$1"
}
for file in "$dir"/one/*; do
    name=${file##*/}
    check 'the same twice' cmp "$file" "$dir/other/$name"
    check "no path in $name" says_not "$file" "${dir##*/}"
done
for alt in "$dir"/one/*.alt.txt; do
    figure=${alt%.alt.txt}
    name=${figure##*/}
    text=$(cat "$alt")
    check "$name: words" [ ${#text} -gt 40 ]
    TZ=UTC pdfinfo -enc UTF-8 "$figure.pdf" > "$dir/info"
    check "$name: words in the PDF" [ "$(sed -n 's/^Subject: *//p' "$dir/info")" = "$text" ]
    check "$name: title in the PDF" says "$dir/info" '^Title: *[^ ]'
    check "$name: PDF 1.5" says "$dir/info" '^PDF version: *1.5$'
    check "$name: one page" says "$dir/info" '^Pages: *1$'
    check "$name: no date" says "$dir/info" '^CreationDate: *Sat Jan  1 00:00:00 2000'
    check "$name: no date" says_not "$dir/info" '^ModDate'
    check "$name: no date" says_not "$figure.svg" "$(date +%Y-%m)"
    check "$name: no date" says_not "$figure.png" 'tIME\|tEXt'
    check "$name: fonts" fonts_are_embedded "$figure.pdf"
    check "$name: well formed" xmllint --noout "$figure.svg"
    xmllint --xpath "string(//*[@id='description'])" "$figure.svg" > "$dir/desc"
    check "$name: words in the SVG" [ "$(cat "$dir/desc")" = "$text" ]
    check "$name: title in the SVG" [ -n "$(xmllint --xpath "string(//*[@id='title'])" "$figure.svg")" ]
    check "$name: the size of the SVG" alike $(pdf_size "$figure.pdf") $(svg_size "$figure.svg")
    check "$name: the size of the PNG" alike $(pdf_size "$figure.pdf") $(png_size "$figure.png")
    check "$name: small" [ "$(wc -c < "$figure.svg")" -lt 60000 ]
done

dated() {
    SOURCE_DATE_EPOCH=86400 plot examples/cliff.xml distances --output "$dir/dated.pdf"
    TZ=UTC pdfinfo "$dir/dated.pdf" > "$dir/info"
}
check 'the date of the sources' dated
check 'the date of the sources' says "$dir/info" '^CreationDate: *Fri Jan  2 00:00:00 1970'

# --- a mark for each row ---

rows() { # rows FIGURE KIND : of its table
    tail -n +2 "$1.csv" | sed -E 's/^("([^"]|"")*"|[^,]*),//; s/,.*//' | grep -cx "$2"
}
count() { # count FIGURE CLASS/ELEMENT... : in its SVG
    figure=$1
    shift
    path=0
    for mark in "$@"; do
        path="$path + count(//*[local-name()='g' and @class='${mark%/*}']/*[local-name()='${mark#*/}'])"
    done
    xmllint --xpath "$path" "$figure.svg"
}
marks() { # marks NAME KIND CLASS/ELEMENT...
    figure=$dir/one/$1
    kind=$2
    n=$(rows "$figure" "$kind")
    shift 2
    check "${figure##*/}: $kind" [ "$n" -gt 0 ]
    check "${figure##*/}: $kind" [ "$(count "$figure" "$@")" = "$n" ]
}
marks distances cell cell/rect
marks share bar share/path
marks share point sum/circle
marks share cell cell/rect wall/rect
marks correlation strip measure/circle highlight/circle
marks regret point pair/circle
marks regret-log point pair/circle
marks regret-world point pair/circle
marks polygon point optimal/path worst-case/circle policy/circle
marks goodhart point peak/circle
marks consistency bar reward/path
marks consistency-steps point size/circle size/path
marks contrast cell cell/rect
marks contrast-models point model/circle model/path
marks canonical move wedge/path stay/circle
marks shaping move wedge/path stay/circle
marks shaping-bars cell cell/rect
marks shaping-bars bar state/path
marks gridworld cell cell/rect wall/rect
marks gridworld arrow arrow/path
marks gridworld-map cell cell/rect
marks gridworld-value cell cell/rect
marks gridworld-reward move wedge/path stay/circle
marks gridworld-difference move wedge/path
marks gridworld-difference circle circle/path
marks gridworld-occupancy cell cell/rect
marks gridworld-potential cell cell/rect wall/rect

# corners of lines and, there and back, of bands
for name in training overoptimisation; do
    figure=$dir/one/$name
    xmllint --xpath "//*[local-name()='g' and (@class='series' or @class='proxy' or @class='true')]/*/@d" \
        "$figure.svg" > "$dir/d"
    check "$name: corners" [ "$(grep -oE '[0-9.]+' "$dir/d" | wc -l)" = \
        "$((2 * ($(rows "$figure" line) + 2 * $(rows "$figure" band))))" ]
done

# --- clouds ---

cloud() { # cloud POINTS : pairs below their upper bound, in large clouds but for seven
    awk -v n="$1" 'BEGIN {
        print "distance,regret,upper"
        for (i = 0; i < n; i++) {
            x = (x * 16807 + 1 + i) % 2147483647
            d = x / 2147483647
            r = d * d * ((i * 7919) % 1000 / 1000)
            if (n == 50000 && i % 1000 == 3 && i < 7000)
                r = d
            printf "%g,%g,%g\n", d, r, 0.999 * d
        }
    }'
}
images() {
    xmllint --xpath "count(//*[local-name()='image'])" "$1"
}
for n in 5000 5001; do
    cloud $n > "$dir/$n.csv"
    check "$n points" plot "$dir/$n.csv" regret --output "$dir/$n.svg"
done
check '5000 points are marks' [ "$(count "$dir/5000" pair/circle)" = 5000 ]
check '5001 points are an image' [ "$(images "$dir/5001.svg")" = 1 ]
cloud 50000 > "$dir/many.csv"
for form in svg pdf; do
    check '50000 points' plot "$dir/many.csv" regret --output "$dir/many.$form"
    check "50000 points are a small $form" [ "$(wc -c < "$dir/many.$form")" -lt 100000 ]
done
check '50000 points are an image' [ "$(images "$dir/many.svg")" = 1 ]
check 'all outside their bounds are marks' [ "$(count "$dir/many" violation/path)" = 7 ]

# --- sizes ---

wide() { # wide INCHES OPTIONS...
    inches=$1
    shift
    check "$*" plot examples/data/overoptimisation.csv overoptimisation --output "$dir/wide.pdf" "$@"
    size=$(pdf_size "$dir/wide.pdf")
    check "$inches in with $*" alike $(echo "$inches" | awk '{ print $1 * 72 }') 0 ${size% *} 0
}
# columns and pages of the templates, in inches
while read -r venue one two; do
    wide "$one" --venue "$venue"
    wide "$two" --venue "$venue" --columns 2
done << END
aaai 3.3 6.975
aamas 3.33 7.0
acl 3.03 6.3
aistats 3.25 6.75
cvpr 3.25 6.875
eccv 4.8 4.8
iclr 5.5 5.5
icml 3.25 6.75
ijcai 3.375 7.0
jmlr 6.0 6.0
neurips 5.5 5.5
tmlr 6.5 6.5
uai 3.25 6.75
END
wide 3.25 --columns 1
wide 6.75 --columns 2
wide 4.125 --width 4.125in
wide 3.1496 --width 80mm
wide 3.1496 --width 8cm
wide 3.5 --width 252pt --venue icml
check 'a height' plot examples/cliff.xml polygon --proxy hasty --height 2.5in --output "$dir/high.pdf"
check 'a height' alike 234 180 $(pdf_size "$dir/high.pdf")

# --- what fails leaves nothing ---

fails() { # fails FOLDER COMMAND...
    folder=$1
    shift
    before=$(ls -A "$folder")
    ! "$@" > /dev/null 2>&1 && [ "$(ls -A "$folder")" = "$before" ]
}
full() ( # full BLOCKS COMMAND... : on a disk that has no more
    ulimit -f "$1"
    shift
    "$@"
)
mkdir "$dir/full"
for form in pdf svg png; do
    check 'a full disk' fails "$dir/full" \
        full 4 plot examples/cliff.xml distances --output "$dir/full/f.$form" --data "$dir/full/f.csv"
done
check 'a disk that is full after the figure' fails "$dir/full" \
    full 400 plot "$dir/many.csv" regret --output "$dir/full/f.svg" --data "$dir/full/f.csv"
check 'no such folder' fails "$dir" plot examples/cliff.xml distances --output "$dir/no/f.svg" --data "$dir/f.csv"
mkdir "$dir/full/f.svg" "$dir/full/f.csv"
check 'a folder in its place' fails "$dir/full" plot examples/cliff.xml distances --output "$dir/full/f.svg"
check 'a folder in place of the last' fails "$dir/full" \
    plot examples/cliff.xml distances --output "$dir/full/g.svg" --data "$dir/full/f.csv"
if [ "$(id -u)" != 0 ]; then
    mkdir -m 555 "$dir/shut"
    check 'a folder that is shut' fails "$dir/shut" plot examples/cliff.xml distances --output "$dir/shut/f.svg"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
