/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bytes_int.h - a file in memory that grows. */
#ifndef SX_BYTES_INT_H
#define SX_BYTES_INT_H

#include "mdp/base.h"

typedef struct sx_i_bytes {
    unsigned char *data; /* [size] of [room] */
    size_t size, room;
    bool failed; /* memory ran out: nothing is added any more */
} sx_i_bytes;

SX_CHECKED sx_status sx_i_bytes_add(sx_i_bytes *b, const void *data, size_t size);
/* The same, asked for at the end by `failed`; format: up to 1023 bytes. */
void sx_i_bytes_text(sx_i_bytes *b, const char *text);
void sx_i_bytes_format(sx_i_bytes *b, const char *format, ...) SX_FORMAT(2, 3);
/* The shortest text that reads back as value; nothing for NAN. */
void sx_i_bytes_number(sx_i_bytes *b, double value);
/* With at most that many decimals (0..9), without zeros at the end; |value| < 1e9. */
void sx_i_bytes_fixed(sx_i_bytes *b, double value, int decimals);

#endif
