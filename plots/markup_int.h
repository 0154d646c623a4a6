/* SPDX-License-Identifier: GPL-3.0-or-later */
/* markup_int.h - markup as a list of pieces of plain text.
 *
 *     R_1  x_{max}  10^{-3}  *italic*  \epsilon  \le
 *
 * A level reaches over the next character, name or group in braces; levels in levels are no
 * deeper, and a hyphen there is a minus sign.  A backslash before anything but a letter takes
 * it as it is; an unknown \name is shown as it is, and so is a brace or star that has no
 * partner. */
#ifndef SX_MARKUP_INT_H
#define SX_MARKUP_INT_H

#include "plots/plots_int.h"

/* Type of a raised or lowered piece, and how far it is moved, in units of the type's size. */
#define SX_I_LEVEL_SIZE 0.7
#define SX_I_LEVEL_UP   0.36
#define SX_I_LEVEL_DOWN 0.16

typedef struct sx_i_span {
    size_t start, size; /* bytes of the text */
    int level;          /* 1 raised, -1 lowered, 0 on the line */
    bool italic;
} sx_i_span;

typedef struct sx_i_spans {
    char *text; /* all pieces, one after the other */
    int32_t spans;
    sx_i_span *span;
} sx_i_spans;

/* The pieces of a text; neighbours differ in level or slant, none is empty.  Owned by the
 * caller (sx_i_spans_clear).  false: memory ran out. */
bool sx_i_markup_parse(const char *markup, sx_i_spans *out);
void sx_i_spans_clear(sx_i_spans *s);

/* Bytes of what stands at the start of markup as a whole: a character, an escape, a name, or a
 * level with what it reaches over. */
size_t sx_i_markup_unit(const char *markup);

/* The name of a sign, which is also its name in TeX's mathematics, by the character, size bytes
 * of UTF-8; NULL when it has none. */
const char *sx_i_sign_name(const char *character, size_t size);

#endif
