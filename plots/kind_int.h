/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_int.h - what the kinds of figures share. */
#ifndef SX_KIND_INT_H
#define SX_KIND_INT_H

#include "plots/figure.h"

enum { SX_I_MARKUP = 400 }; /* room for the name of a reward as markup */

/* A layer with its role (static) and colour; NULL when memory ran out. */
sx_layer *sx_i_kind_layer(sx_chart *c, sx_layer_kind kind, int64_t n, const char *name,
                          const char *role, int32_t colour);

/* text in out [size >= 4], cut between characters, with ... where it is cut. */
const char *sx_i_kind_short(const char *text, char *out, size_t size);

/* markup without what makes it markup, for words about a figure; cut at size.  Memory
 * that ran out is remembered by f. */
void sx_i_kind_plain(sx_figure *f, const char *markup, char *text, size_t size);

/* *out = f, or NULL and SX_EMEM when memory ran out on the way; f is released then. */
SX_CHECKED sx_status sx_i_kind_done(sx_figure *f, sx_figure **out, sx_error *err);

#endif
