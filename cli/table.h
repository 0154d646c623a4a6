/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - a CSV file with named columns of numbers and words: what figures are drawn from
 * that were computed elsewhere or earlier. */
#ifndef SX_TABLE_H
#define SX_TABLE_H

#include "mdp/csv.h"
#include "mdp/diag.h"

typedef struct sx_table {
    sx_csv *csv;
    sx_diags *diags;  /* borrowed */
    const char *name; /* borrowed: of the file */
} sx_table;

/* Read the file of that path ("-": standard input); problems are reported to d with their
 * places.  *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_table_read(const char *path, sx_diags *d, sx_table **out,
                                   sx_error *err);
sx_table *sx_table_free(sx_table *t);

int64_t sx_table_rows(const sx_table *t);

/* *column: the column of that name; a missing one is an error that names the nearest and all
 * that there are.  sx_table_has: -1 where there is none. */
SX_CHECKED sx_status sx_table_column(const sx_table *t, const char *name, int32_t *column,
                                     sx_error *err);
int32_t sx_table_has(const sx_table *t, const char *name);

const char *sx_table_text(const sx_table *t, int64_t row, int32_t column);

/* The finite number in a field; NAN in an empty one; else an error with its place. */
SX_CHECKED sx_status sx_table_number(const sx_table *t, int64_t row, int32_t column, double *x,
                                     sx_error *err);
/* A whole column: out [rows]. */
SX_CHECKED sx_status sx_table_numbers(const sx_table *t, int32_t column, double *out,
                                      sx_error *err);

/* The different words of a column in the order of their first row: which [rows] is the number
 * of each row's word, *words [*count] borrows the texts; both owned by the caller.  Cost
 * O(rows log rows). */
SX_CHECKED sx_status sx_table_words(const sx_table *t, int32_t column, int32_t **which,
                                    const char ***words, int32_t *count, sx_error *err);

#endif
