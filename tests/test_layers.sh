#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_layers.sh - includes go one way (mdp <- solvers <- metrics <- plots <- cli), private
# headers stay in their folder, each foreign library is known to its own files only, the
# library neither prints nor exits, and its symbols are what its headers declare.
BUILD=${BUILD:-build}
failed=0
library=$(ls mdp/*.[ch] solvers/*.[ch] metrics/*.[ch] plots/*.[ch])
all="$library $(ls cli/*.[ch] 2> /dev/null)"

fault() { # fault TEXT : whatever standard input has is a fault
    found=$(cat)
    [ -z "$found" ] && return
    printf '%s\n%s\n' "$1:" "$found"
    failed=1
}
includes() { # includes PATTERN FILE... : lines that include PATTERN
    pattern=$1
    shift
    [ $# -gt 0 ] && grep -nE "^ *# *include *[<\"]($pattern)" "$@" /dev/null
}
in_folder() { # in_folder FOLDER... : our sources there
    for folder; do
        printf '%s\n' $all | grep "^$folder/"
    done
}

# the arrows
includes '(solvers|metrics|plots|cli)/' $(in_folder mdp) | fault 'mdp/ looks up'
includes '(metrics|plots|cli)/' $(in_folder solvers) | fault 'solvers/ looks up'
includes '(plots|cli)/' $(in_folder metrics) | fault 'metrics/ looks up'
includes 'cli/' $(in_folder plots) | fault 'plots/ looks up'
includes '(tests|bench)/' $all | fault 'the product includes a test'
for folder in mdp solvers metrics plots; do
    includes "$folder/[a-z_]*_int\.h" $(printf '%s\n' $all | grep -v "^$folder/") |
        fault "private headers of $folder/ elsewhere"
done

# foreign libraries
only() { # only PATTERN REGEX : nothing but files that match REGEX may include PATTERN
    includes "$1" $(printf '%s\n' $all | grep -vE "^($2)$") | fault "$1 is only for $2"
}
only 'libxml/' 'mdp/xml[a-z_]*\.c|plots/svg\.c'
only 'glpk' 'solvers/glpk\.c'
only 'gmp' 'mdp/(exact_int\.h|fence\.c)|metrics/rational_int\.h'
only '(suitesparse/|cholmod|klu|amd|colamd|btf|umfpack|Suite)' 'solvers/sparse\.c'
only '(cairo|pango|fontconfig|glib)' 'plots/cairo\.c'
only 'jansson' 'cli/[a-z_]*\.c'
only '(sha2|md5|bsd/|libmd)' 'mdp/file\.c'
only 'zlib' 'mdp/npy[a-z_]*\.c'
only 'gsl/' '[a-z]*/[a-z_]*\.c'
only '(readline|ncurses|curl|pthread|threads)' 'none'

# what a library must not do.  snprintf writes to memory, and is allowed
grep -nE '(^|[^A-Za-z0-9_])(printf|fprintf|vprintf|vfprintf|puts|putchar|perror|exit|_exit|abort|setlocale)\(' \
    $library | grep -vE '^[^:]*:[0-9]*: *(/\*|\*)' | fault 'prints or exits in the library'
grep -nE '(^|[^A-Za-z0-9_])(malloc|calloc|realloc|free)\(' \
    $(printf '%s\n' $library | grep -v '^mdp/alloc\.c') | fault 'memory not from mdp/alloc.c'
for f in $all $(ls tests/*.[ch] bench/*.[ch] 2> /dev/null); do
    head -n 1 "$f" | grep -q '^/\* SPDX-License-Identifier: GPL-3.0-or-later \*/$' || echo "$f"
done | fault 'the first line is not the licence'

# symbols
symbols=$BUILD/tests/log/symbols
nm -A -g --defined-only "$BUILD/libsextant.a" 2> /dev/null |
    awk '{ print $NF }' | grep -vE '^(__asan|__odr_asan|__gcov|__llvm|__sancov)' | sort -u > "$symbols"
grep -v '^sx_' "$symbols" | fault 'global symbols that do not start with sx_'
headers=$(printf '%s\n' $library | grep '\.h$' | grep -v '_int\.h$')
private=$(printf '%s\n' $library | grep '_int\.h$')
for s in $(grep '^sx_' "$symbols"); do
    case $s in
    sx_i_*) where=$private ;;
    *) where=$headers ;;
    esac
    grep -qw "$s" $where /dev/null || echo "$s"
done | fault 'global symbols that no header of theirs declares'
if [ -f "$BUILD/libsextant.so" ]; then
    nm -D --defined-only "$BUILD/libsextant.so" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' |
        grep -E '^sx_i_|^[^s]|^s[^x]' | grep -vE '^(__odr_asan|__gcov|mangle_path)' | fault 'the shared library exports too much'
fi
exit $failed
