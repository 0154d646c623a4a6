#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_docs.sh - the manual tells the truth: every ```sh block is run, in order, in a folder of
# its own for each page, with sextant on the path and the examples beside it; what a ```text
# block right behind it shows must be what it prints.  Generated parts are up to date, and
# links lead somewhere.
BUILD=${BUILD:-build}
[ -x "$BUILD/sextant" ] || exit 0
root=$PWD
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(cd "$BUILD" && pwd):$PATH
python=
for p in python3 /usr/bin/python3; do
    "$p" -c 'import numpy' 2> /dev/null && python=$p
done
good() {
    passed=$((passed + 1))
}
bad() {
    failed=$((failed + 1))
    echo "FAIL $*"
}

blocks() { # blocks PAGE FOLDER : 001.sh 001.expected 002.python ... in FOLDER
    awk -v dir="$2" '
        /^```/ && !open {
            kind = substr($0, 4)
            open = 1
            if (kind == "sh" || kind == "python")
                file = sprintf("%s/%03d.%s", dir, ++n, kind)
            else if (kind == "text" && last == "sh" && near)
                file = sprintf("%s/%03d.expected", dir, n)
            else
                file = ""
            if (file) printf "" > file
            next
        }
        /^```/ { open = 0; last = kind; near = 1; if (file) close(file); next }
        open && file { print > file }
        !open && NF { near = 0 }' "$1"
}

same() { # the same text, but for what is left by rounding: its last digits are no promise
    sed -E 's/ *[0-9.]+e-1[0-9]/ ~/g' "$1" > "$1.plain"
    sed -E 's/ *[0-9.]+e-1[0-9]/ ~/g' "$2" > "$2.plain"
    diff -u "$1.plain" "$2.plain"
}

run_page() { # run_page PAGE
    dir=$work/$(echo "$1" | tr '/.' '__')
    mkdir -p "$dir/blocks" "$dir/run"
    ln -s "$root/examples" "$dir/run/examples"
    blocks "$1" "$dir/blocks"
    [ -z "$python" ] && ls "$dir/blocks"/*.python > /dev/null 2>&1 && return
    for block in "$dir"/blocks/*.sh "$dir"/blocks/*.python; do
        [ -f "$block" ] && echo "$block"
    done | sort > "$dir/list"
    while read -r block; do
        case $block in
        *.sh) run='sh -e' ;;
        *) run=$python ;;
        esac
        base=${block%.*}
        if ! (cd "$dir/run" && $run "$block" < /dev/null > "$base.out" 2> "$base.err"); then
            bad "$1: a block fails"
            cat "$block" "$base.err"
        elif [ -f "$base.expected" ] && ! same "$base.expected" "$base.out" > "$base.diff"; then
            bad "$1: a block prints something else"
            cat "$block" "$base.diff"
        else
            good
        fi
    done < "$dir/list"
}

for page in README.md docs/*.md docs/*/*.md; do
    run_page "$page"
    for link in $(grep -oE '\]\([^)#:]+[)#]' "$page" | sed 's/^](//; s/[)#]$//'); do
        [ -e "$(dirname "$page")/$link" ] && good || bad "$page: no $link"
    done
done
for page in specification.md command.md; do
    BUILD=$BUILD tools/reference.sh "$page" | diff -u "docs/reference/$page" - > "$work/diff" && good ||
        { bad "docs/reference/$page is out of date: make reference"; cat "$work/diff"; }
done
"$BUILD/tools/reference" schema | cmp - configs/sextant.xsd && good || bad 'configs/sextant.xsd is out of date'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
