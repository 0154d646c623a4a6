#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_install.sh - what make install puts down is enough to build a program against, with
# the static library and with the shared one, from C and from C++.
BUILD=${BUILD:-build}
CC=${CC:-cc}
CXX=${CXX:-c++}
[ -x "$BUILD/sextant" ] || exit 0
case ${CFLAGS-} in *sanitize*) exit 0 ;; esac
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make -s install PREFIX="$dir/usr" BUILD="$BUILD" CC="$CC" CFLAGS="${CFLAGS-}"
export PKG_CONFIG_PATH="$dir/usr/lib/pkgconfig"
[ "$(pkg-config --modversion sextant)" = "$("$dir/usr/bin/sextant" --version | awk '{ print $2 }')" ]

(cd "$dir/usr/include/sextant" && find . -name '*.h') | sed 's|^./\(.*\)|#include "\1"|' > "$dir/all.h"
cat > "$dir/user.c" << 'END'
#include "all.h"
#include <stdio.h>
int main(void)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_figure *figure = sx_figure_new("");
    unsigned char *bytes;
    size_t size;
    sx_error err = SX_NO_ERROR;
    return sx_figure_draw(figure, &style, "gif", &bytes, &size, NULL, &err) != SX_EARG ||
           puts(sx_status_text(err.status)) < 0;
}
END
cp "$dir/user.c" "$dir/user.cc"
flags="-I$dir $(pkg-config --cflags sextant)"
$CC $flags -o "$dir/shared" "$dir/user.c" $(pkg-config --libs sextant)
$CXX $flags -o "$dir/shared++" "$dir/user.cc" $(pkg-config --libs sextant)
$CC $flags -o "$dir/static" "$dir/user.c" "$dir/usr/lib/libsextant.a" \
    $(pkg-config --static --libs sextant | sed 's/-lsextant//')
for program in shared shared++ static; do
    LD_LIBRARY_PATH="$dir/usr/lib" "$dir/$program"
done
ldd "$dir/static" | grep -q libsextant && echo 'static: linked with the shared library' && exit 1

# somewhere else first, as packagers do: no trace of that place inside
make -s install DESTDIR="$dir/stage" PREFIX=/usr BUILD="$BUILD" CC="$CC" CFLAGS="${CFLAGS-}"
grep -q "$dir" "$dir/stage/usr/lib/pkgconfig/sextant.pc" && echo 'sextant.pc knows DESTDIR' && exit 1
exit 0
