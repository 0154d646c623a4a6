/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8.c - characters of UTF-8 text. */
#include "mdp/utf8_int.h"

#include <stdint.h>

/* The length that a first byte announces, or 0. */
static size_t announced(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

size_t sx_i_utf8_size(const char *text, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = size ? announced((unsigned char)text[0]) : 0;
    if (n < 2 || n > size)
        return n < 2 ? n : 0;
    uint32_t code = (unsigned char)text[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte & 0x3f);
    }
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    return n;
}

size_t sx_i_utf8_count(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t at = 0; at < size; count++) {
        size_t n = sx_i_utf8_size(text + at, size - at);
        at += n ? n : 1;
    }
    return count;
}
