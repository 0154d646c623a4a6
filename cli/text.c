/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - a growing text, and tables with aligned columns. */
#include "cli/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool grow(sx_text *t, size_t more)
{
    if (!t->failed && t->size + more + 1 > t->room) {
        size_t room = 2 * t->room + more + 256;
        char *bytes = sx_realloc(t->bytes, room, 1);
        t->failed = !bytes;
        if (bytes) {
            t->bytes = bytes;
            t->room = room;
        }
    }
    return !t->failed;
}

void sx_text_add(sx_text *t, const char *bytes, size_t size)
{
    if (grow(t, size)) {
        memcpy(t->bytes + t->size, bytes, size);
        t->size += size;
        t->bytes[t->size] = '\0';
    }
}

void sx_text_put(sx_text *t, const char *text)
{
    sx_text_add(t, text, strlen(text));
}

void sx_text_format(sx_text *t, const char *format, ...)
{
    va_list args, again;
    int size;
    va_start(args, format);
    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, args);
    if (size >= 0 && grow(t, (size_t)size)) {
        vsnprintf(t->bytes + t->size, (size_t)size + 1, format, again);
        t->size += (size_t)size;
    }
    va_end(again);
    va_end(args);
}

void sx_text_spaces(sx_text *t, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        sx_text_add(t, " ", 1);
}

void sx_text_clear(sx_text *t)
{
    sx_release(t->bytes);
    memset(t, 0, sizeof *t);
}

int32_t sx_text_width(const char *text)
{
    int32_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

void sx_text_wrap(sx_text *t, const char *text, int32_t column, int32_t indent, int32_t width)
{
    bool first = true;
    while (*text) {
        size_t size = strcspn(text, " \n");
        bool broken = text[size] == '\n';
        if (!first && column + 1 + (int32_t)size > width) {
            sx_text_put(t, "\n");
            sx_text_spaces(t, indent);
            column = indent;
        } else if (!first) {
            sx_text_put(t, " ");
            column++;
        }
        sx_text_add(t, text, size);
        column += (int32_t)size;
        first = false;
        text += size + (text[size] != '\0');
        if (broken) {
            sx_text_put(t, "\n");
            sx_text_spaces(t, indent);
            column = indent;
            first = true;
        }
    }
}

void sx_human_number(double value, char text[32])
{
    double size = fabs(value);
    if (isnan(value))
        snprintf(text, 32, "-");
    else if (!(size > 0))
        snprintf(text, 32, "0");
    else if (size >= 1e6 || size < 5e-7)
        snprintf(text, 32, "%.1e", value);
    else
        snprintf(text, 32, "%.6f", value);
}

void sx_table_cell(sx_table *t, const char *text)
{
    char *copy;
    if (!t->failed && t->cells == t->room) {
        int32_t room = 2 * t->room + 64;
        char **cell = sx_realloc(t->cell, (size_t)room, sizeof *cell);
        t->failed = !cell;
        if (cell) {
            t->cell = cell;
            t->room = room;
        }
    }
    copy = t->failed ? NULL : sx_strdup(text);
    t->failed |= !copy;
    if (copy)
        t->cell[t->cells++] = copy;
}

void sx_table_number(sx_table *t, double value)
{
    char text[32];
    sx_human_number(value, text);
    sx_table_cell(t, text);
}

static int32_t column_width(const sx_table *t, int32_t column)
{
    int32_t width = 0;
    for (int32_t i = column; i < t->cells; i += t->columns) {
        int32_t w = sx_text_width(t->cell[i]);
        width = w > width ? w : width;
    }
    return width;
}

int32_t sx_table_width(const sx_table *t)
{
    int32_t width = 0;
    for (int32_t j = 0; j < t->columns; j++)
        width += column_width(t, j) + 2;
    return width;
}

/* One cell and what fills its column; no blanks at the end of a line. */
static void write_cell(const sx_table *t, int32_t i, int32_t width, sx_text *to)
{
    int32_t j = i % t->columns;
    int32_t fill = width - sx_text_width(t->cell[i]);
    bool last = j + 1 == t->columns;
    sx_text_spaces(to, 2 + (t->align[j] == 'r' ? fill : 0));
    sx_text_put(to, t->cell[i]);
    sx_text_spaces(to, t->align[j] == 'r' || last ? 0 : fill);
    if (!last)
        return;
    while (to->size && to->bytes[to->size - 1] == ' ')
        to->bytes[--to->size] = '\0';
    sx_text_put(to, "\n");
}

void sx_table_write(const sx_table *t, sx_text *to)
{
    int32_t *width = sx_alloc((size_t)t->columns, sizeof *width);
    to->failed |= t->failed || !width;
    for (int32_t j = 0; width && j < t->columns; j++)
        width[j] = column_width(t, j);
    for (int32_t i = 0; !to->failed && i < t->cells; i++)
        write_cell(t, i, width[i % t->columns], to);
    sx_release(width);
}

void sx_table_clear(sx_table *t)
{
    for (int32_t i = 0; i < t->cells; i++)
        sx_release(t->cell[i]);
    sx_release(t->cell);
    t->cell = NULL;
    t->cells = t->room = 0;
}
