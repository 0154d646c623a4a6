#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_headers.sh - every header compiles alone as C11, every public one also as C++, and
# none of them brings a header of another library with it.  All public ones go together.
CC=${CC:-cc}
CXX=${CXX:-c++}
failed=0
public=
strict='-Wall -Wextra -Wpedantic -Werror -Wno-unused-function -fsyntax-only -I.'
foreign='libxml|glpk|gsl/|cairo|pango|jansson|suitesparse|cholmod|klu|sha2|zlib|omp\.h'
for h in mdp/*.h solvers/*.h metrics/*.h plots/*.h; do
    case $h in
    *_int.h) ;;
    *)
        public="$public $h"
        $CXX -std=c++11 $strict -x c++ "$h" || failed=1
        if grep -nHE "^ *# *include *[<\"].*($foreign)" "$h"; then
            failed=1
        fi
        ;;
    esac
    case $h in
    *_int.h) $CC -std=c11 -D_POSIX_C_SOURCE=200809L $FOREIGN $strict -x c "$h" || failed=1 ;;
    *) $CC -std=c11 $strict -x c "$h" || failed=1 ;;
    esac
done
together() { # together COMPILER... : one file that includes them all
    printf '#include "%s"\n' $public | "$@" $strict - || failed=1
}
together $CC -std=c11 -x c
together $CXX -std=c++11 -x c++
exit $failed
