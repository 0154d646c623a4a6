/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h - a growing text, and tables with aligned columns.
 *
 * A text that ran out of memory stays so and takes nothing more: one check at the end. */
#ifndef SX_TEXT_H
#define SX_TEXT_H

#include "mdp/base.h"

typedef struct sx_text {
    char *bytes; /* NULL while empty */
    size_t size, room;
    bool failed;
} sx_text;

void sx_text_add(sx_text *t, const char *bytes, size_t size);
void sx_text_put(sx_text *t, const char *text);
void sx_text_format(sx_text *t, const char *format, ...) SX_FORMAT(2, 3);
void sx_text_spaces(sx_text *t, int32_t n);
void sx_text_clear(sx_text *t);

/* text with its words wrapped at `width` columns; lines after the first are indented. */
void sx_text_wrap(sx_text *t, const char *text, int32_t column, int32_t indent, int32_t width);

/* Columns that text takes on a terminal: its characters, not its bytes. */
int32_t sx_text_width(const char *text);

/* A table: cells are added row by row and written when all widths are known. */
typedef struct sx_table {
    int32_t columns;
    const char *align; /* [columns] 'l' or 'r' */
    int32_t cells, room;
    char **cell; /* [cells] */
    bool failed;
} sx_table;

void sx_table_cell(sx_table *t, const char *text);
/* For people: six decimals, "0" for an exact zero, exponents where decimals say nothing;
 * "-" for NAN. */
void sx_table_number(sx_table *t, double value);
int32_t sx_table_width(const sx_table *t);
void sx_table_write(const sx_table *t, sx_text *to);
void sx_table_clear(sx_table *t);

/* The number of sx_table_number as text. */
void sx_human_number(double value, char text[32]);

#endif
