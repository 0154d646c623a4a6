/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bytes.c - a file in memory, which remembers that memory ran out. */
#include "mdp/export.h"
#include "plots/plots_int.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

sx_status sx_i_bytes_add(sx_i_bytes *b, const void *data, size_t size)
{
    if (!b->failed && b->room - b->size < size) {
        size_t room = 2 * b->room + size + 4096;
        unsigned char *grown = sx_realloc(b->data, room, 1);
        b->failed = !grown;
        b->data = grown ? grown : b->data;
        b->room = grown ? room : b->room;
    }
    if (b->failed)
        return SX_EMEM;
    if (size)
        memcpy(b->data + b->size, data, size);
    b->size += size;
    return SX_OK;
}

void sx_i_bytes_text(sx_i_bytes *b, const char *text)
{
    (void)!sx_i_bytes_add(b, text, strlen(text));
}

void sx_i_bytes_format(sx_i_bytes *b, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        b->failed = true;
    else
        sx_i_bytes_text(b, text);
}

void sx_i_bytes_fixed(sx_i_bytes *b, double value, int decimals)
{
    char text[32];
    sx_i_plain(value, decimals, text);
    sx_i_bytes_text(b, text);
}

void sx_i_bytes_number(sx_i_bytes *b, double value)
{
    char text[32];
    if (isnan(value))
        return;
    sx_number_write(value, text);
    sx_i_bytes_text(b, text);
}
