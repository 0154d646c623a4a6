/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h - comma-separated tables (RFC 4180): a strict reader that knows places.
 *
 * UTF-8, a header line, quotes with "" inside, LF or CRLF, '#' at the start of a line for a
 * comment.  A row with another number of fields than the header is an error with its place. */
#ifndef SX_CSV_H
#define SX_CSV_H

#include "mdp/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_csv sx_csv;

/* Read text [size] (copied) of the file of that name; problems are reported to d.
 * *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_csv_parse(const char *file, const char *text, size_t size, sx_diags *d,
                                  sx_csv **out, sx_error *err);
sx_csv *sx_csv_free(sx_csv *c);

int64_t sx_csv_rows(const sx_csv *c); /* without the header */
int32_t sx_csv_columns(const sx_csv *c);
int32_t sx_csv_column(const sx_csv *c, const char *name); /* or -1 */

/* A field, unquoted, borrowed; and its place.  column -1 gives the header's line. */
const char *sx_csv_field(const sx_csv *c, int64_t row, int32_t column);
sx_place sx_csv_place(const sx_csv *c, int64_t row, int32_t column);

/* The name of a column, unquoted, borrowed. */
const char *sx_csv_header(const sx_csv *c, int32_t column);

/* text as a field, quoted when it must be.  Owned by the caller; NULL when out of memory. */
char *sx_csv_quote(const char *text);

#ifdef __cplusplus
}
#endif
#endif
