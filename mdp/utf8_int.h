/* SPDX-License-Identifier: GPL-3.0-or-later */
/* utf8_int.h - characters of UTF-8 text. */
#ifndef SX_UTF8_INT_H
#define SX_UTF8_INT_H

#include <stddef.h>

/* Bytes of the character that text [size] starts with; 0 when size is 0 or it is none
 * (overlong and surrogate forms included). */
size_t sx_i_utf8_size(const char *text, size_t size);

/* Characters in text [size]; a byte that starts none counts as one. */
size_t sx_i_utf8_count(const char *text, size_t size);

#endif
