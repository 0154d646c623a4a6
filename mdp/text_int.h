/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_int.h - text that grows; a failure is remembered and seen once at the end. */
#ifndef SX_TEXT_INT_H
#define SX_TEXT_INT_H

#include "mdp/base.h"

typedef struct sx_i_text {
    char *text; /* zero-terminated once something was put; owned by whoever takes it */
    size_t size, room;
    bool failed;
} sx_i_text;

void sx_i_text_put(sx_i_text *t, const char *bytes, size_t size);
void sx_i_text_add(sx_i_text *t, const char *format, ...) SX_FORMAT(2, 3);

/* text with & < > " as entities. */
void sx_i_text_escape(sx_i_text *t, const char *text);

/* Hand the text over: *out, NULL on failure. */
SX_CHECKED sx_status sx_i_text_take(sx_i_text *t, char **out, sx_error *err);

#endif
