/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.h - names of states or actions: index <-> text.
 *
 * Names are kept only where the input wrote them; numbered worlds ("0", "1", ...),
 * gridworlds ("r0c0") and worlds with variables ("x=3,door=open") compute theirs, so that
 * 10^6 states cost no strings. */
#ifndef SX_NAMES_H
#define SX_NAMES_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_NAME_BUFFER 256 /* room for any computed name */

typedef struct sx_names sx_names;
struct sx_factors; /* factors.h */

/* An empty list to be filled with sx_names_add. */
SX_CHECKED sx_status sx_names_new(sx_names **out, sx_error *err);

/* "0" .. "n-1". */
SX_CHECKED sx_status sx_names_numbered(int32_t n, sx_names **out, sx_error *err);

/* "r<row>c<col>" for the n cells of a grid with this many columns; cell [n] ascending,
 * cell[i] = row * columns + col.  Copied. */
SX_CHECKED sx_status sx_names_grid(int32_t columns, const int32_t *cell, int32_t n,
                                   sx_names **out, sx_error *err);

/* The names of n combinations of variables: the codes code [n], ascending, or all with code
 * NULL.  Names that may be longer than SX_NAME_BUFFER - 1 are written out, up to 256 MiB
 * (SX_ELIMIT).  Takes f and code (from sx_alloc), also when it fails. */
SX_CHECKED sx_status sx_names_factored(struct sx_factors *f, int64_t *code, int32_t n,
                                       sx_names **out, sx_error *err);

/* Append text (copied) and set *index to its place, or to the place it already has. */
SX_CHECKED sx_status sx_names_add(sx_names *names, const char *text, int32_t *index,
                                  sx_error *err);

/* The same names, written out. */
SX_CHECKED sx_status sx_names_copy(const sx_names *names, sx_names **out, sx_error *err);

int32_t sx_names_count(const sx_names *names);

/* The index of text, or -1. */
int32_t sx_names_find(const sx_names *names, const char *text);

/* The same for the first size bytes of text, among written names. */
int32_t sx_names_find_part(const sx_names *names, const char *text, size_t size);

/* The text of index i: borrowed from names, or written into buffer. */
const char *sx_names_get(const sx_names *names, int32_t i, char buffer[SX_NAME_BUFFER]);

/* The name nearest to text by edit distance, or NULL when none is near enough to be meant.
 * O(count), skipped above 10^5 names. */
const char *sx_names_nearest(const sx_names *names, const char *text,
                             char buffer[SX_NAME_BUFFER]);

/* How many edits (insert, delete, change, swap neighbours; case ignored) make text from
 * candidate, or INT32_MAX when more than a third of the longer one: not near enough to be
 * meant. */
int32_t sx_text_distance(const char *text, const char *candidate);

sx_names *sx_names_free(sx_names *names);

#ifdef __cplusplus
}
#endif
#endif
