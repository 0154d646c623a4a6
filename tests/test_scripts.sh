#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_scripts.sh - figures as scripts for gnuplot and as TikZ: every figure of the gallery is
# drawn by gnuplot without a word of complaint and, where it is there, by pdflatex, on a page of
# the same size and with the same words; numbers stand in the scripts as in the tables; names
# cannot make them do anything.
BUILD=${BUILD:-build}
sextant=$(pwd)/$BUILD/sextant
passed=0
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
check() { # check WHAT COMMAND...
    what=$1
    shift
    if "$@" > "$dir/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $what: $*"
        head -n 20 "$dir/said"
    fi
}
silently() {
    "$@" > "$dir/spoken" 2>&1 && [ ! -s "$dir/spoken" ] && return
    cat "$dir/spoken"
    return 1
}
pdf_size() {
    pdfinfo "$1" | awk '/^Page size/ { print $3, $5 }'
}
alike() { # alike W H W H : to a point, which is what gnuplot's pages are made of
    [ $# = 4 ] && echo "$*" | awk '{ exit !(($1-$3)^2 <= 1 && ($2-$4)^2 <= 1) }'
}
words() { # words PDF : its words of letters
    pdftotext "$1" - | sed 's/ﬃ/ffi/g; s/ﬁ/fi/g; s/ﬂ/fl/g; s/ﬀ/ff/g' | grep -oE '[A-Za-z]{4,}' | sort -u
}
same_words() { # same_words PDF PDF : all words of the first are in the second
    words "$1" > "$dir/a"
    words "$2" > "$dir/b"
    comm -23 "$dir/a" "$dir/b" > "$dir/missing"
    cat "$dir/missing"
    [ ! -s "$dir/missing" ]
}
numbers() { # numbers CSV KIND : x and y of the rows of that kind
    sed -E 's/^("([^"]|"")*"|[^,]*),//' "$1" | grep "^$2," | sed -E 's/^[a-z]*,("([^"]|"")*"|[^,]*),//' |
        awk -F, '$1 ~ /^[-0-9.e+]+$/ { print $1 } $2 ~ /^[-0-9.e+]+$/ { print $2 }' | sort -u
}
same_numbers() { # same_numbers CSV KIND SCRIPT
    numbers "$1" "$2" > "$dir/a"
    tr -s ' ,:;(){}\\\n' '\n' < "$3" | sort -u > "$dir/b"
    comm -23 "$dir/a" "$dir/b" > "$dir/missing"
    cat "$dir/missing"
    [ -s "$dir/a" ] && [ ! -s "$dir/missing" ]
}
in_folder() { # in_folder FOLDER COMMAND...
    (cd "$1" && shift && "$@")
}
gnuplot_draws() {
    in_folder "$dir" silently gnuplot -e "output='$1.gnuplot.pdf'" "$1.gp"
}
latex=$(command -v pdflatex || true) # TeX is too large to be asked for
tikz_draws() { # tikz_draws NAME : the document that the head of NAME.tex names
    sed -n 's/^%   //p' "$dir/$1.tex" | sed "s/input{figure}/input{$1}/" > "$dir/$1.tikz.tex"
    in_folder "$dir" pdflatex -no-shell-escape -halt-on-error -interaction=nonstopmode "$1.tikz.tex" < /dev/null
}
near() { # near W H W H : to 0.02 inch
    [ $# = 4 ] && echo "$*" | awk '{ exit !(($1-$3)^2 <= 2 && ($2-$4)^2 <= 2) }'
}
tikz() { # tikz NAME
    check "$1: TikZ ends" [ "$(tail -n 1 "$dir/$1.tex")" = '\end{tikzpicture}%' ]
    [ "$latex" ] || return 0
    check "$1: pdflatex" tikz_draws "$1"
    check "$1: its page" near $(pdf_size "$dir/$1.pdf") $(pdf_size "$dir/$1.tikz.pdf")
    check "$1: its words" same_words "$dir/$1.pdf" "$dir/$1.tikz.pdf"
}
figure() { # figure NAME INPUT KIND OPTIONS...
    name=$1
    shift
    check "$name" silently "$sextant" plot "$@" --quiet --alt none --output "$dir/$name.pdf" \
        --data "$dir/$name.data.csv" --gnuplot "$dir/$name.gp" --tikz "$dir/$name.tex"
    check "$name again" silently "$sextant" plot "$@" --quiet --gnuplot "$dir/again.gp" \
        --tikz "$dir/again.tex"
    check "$name: gnuplot the same twice" cmp "$dir/$name.gp" "$dir/again.gp"
    check "$name: TikZ the same twice" cmp "$dir/$name.tex" "$dir/again.tex"
    check "$name: gnuplot" gnuplot_draws "$name"
    check "$name: gnuplot's page" alike $(pdf_size "$dir/$name.pdf") $(pdf_size "$dir/$name.gnuplot.pdf")
    check "$name: gnuplot's words" same_words "$dir/$name.pdf" "$dir/$name.gnuplot.pdf"
    tikz "$name"
}
tools/figures.sh list > "$dir/list"
while read -r name options; do
    eval "figure $name $options"
done < "$dir/list"

for name in regret regret-log polygon goodhart training overoptimisation; do
    for kind in point line; do
        [ -s "$dir/$name.data.csv" ] && grep -q ",$kind," "$dir/$name.data.csv" || continue
        check "$name: numbers of ${kind}s for gnuplot" same_numbers "$dir/$name.data.csv" $kind "$dir/$name.gp"
        check "$name: numbers of ${kind}s in TikZ" same_numbers "$dir/$name.data.csv" $kind "$dir/$name.tex"
    done
done

# --- names that would like to be more ---

cat > "$dir/hostile.csv" << 'END'
step,reward,distance
0,"'; system('touch taken'); print '",1
1,"'; system('touch taken'); print '",0.5
0,`touch taken`,0.9
1,`touch taken`,0.4
0,"""; system(""touch taken""); #",0.8
1,"""; system(""touch taken""); #",0.3
0,EOD,0.7
1,EOD,0.2
0,\immediate\write18{touch taken},0.6
1,\immediate\write18{touch taken},0.1
0,"}\input{/etc/passwd}{ %d %s & ~ # $ ^^5c _{x} @",0.65
1,"}\input{/etc/passwd}{ %d %s & ~ # $ ^^5c _{x} @",0.15
0,"?`!`--- <<>> ,, '' | é ß Ð ŵ γ ∂ → 😀",0.55
1,"?`!`--- <<>> ,, '' | é ß Ð ŵ γ ∂ → 😀",0.12
END
untouched() {
    [ ! -e "$dir/taken" ]
}
figure hostile "$dir/hostile.csv" training
figure hostile-legend "$dir/hostile.csv" training --legend outside
check 'names are names' untouched
check 'names are in TikZ' grep -q 'touch taken' "$dir/hostile-legend.tex"
check 'names are in gnuplot' grep -q 'touch taken' "$dir/hostile-legend.gp"

[ "$latex" ] || echo 'pdflatex is not here: TikZ is not compiled'
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
