/* SPDX-License-Identifier: GPL-3.0-or-later */
/* label.c - names that must fit: checked, and shortened in the middle, because the names of
 * one set often begin alike and end differently. */
#include "plots/plots_int.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the character that starts with byte c; 0 when none does. */
static size_t character(unsigned char c)
{
    if (c < 0x80)
        return c >= 0x20 && c != 0x7f;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Three-byte surrogates and values above U+10FFFF, told by the second byte. */
static bool beyond(const unsigned char *p)
{
    return (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
           (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f);
}

bool sx_i_label_valid(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (p && *p) {
        size_t n = character(*p);
        if (n == 0 || (n > 2 && beyond(p)))
            return false;
        for (size_t i = 1; i < n; i++) {
            if ((p[i] & 0xc0) != 0x80)
                return false;
        }
        p += n;
    }
    return p != NULL;
}

static bool inside(const char *p)
{
    return ((unsigned char)*p & 0xc0) == 0x80;
}

char *sx_i_label_fit(sx_i_fonts *f, const char *text, double size, double width)
{
    size_t length = strlen(text);
    size_t room = length + sizeof "\xe2\x80\xa6";
    char *buffer = sx_alloc(room, 1);
    if (!buffer)
        return NULL;
    snprintf(buffer, room, "%s", text);
    const char *head = text + length / 2;
    const char *tail = head;
    while (inside(tail))
        head = ++tail;
    bool front = true;
    while (sx_i_text_width(f, buffer, size) > width && (head > text || *tail)) {
        if (front && head > text) {
            do
                head--;
            while (inside(head));
        } else if (*tail) {
            do
                tail++;
            while (inside(tail));
        }
        front = !front;
        snprintf(buffer, room, "%.*s\xe2\x80\xa6%s", (int)(head - text), text, tail);
    }
    return buffer;
}
