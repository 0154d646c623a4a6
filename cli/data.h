/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.h - a CSV file with named columns of numbers and words: what figures are drawn from
 * that were computed elsewhere or earlier. */
#ifndef SX_DATA_H
#define SX_DATA_H

#include "mdp/csv.h"
#include "mdp/diag.h"

typedef struct sx_data {
    sx_csv *csv;
    sx_diags *diags; /* borrowed */
    char *name;      /* of the file, without its folder */
    unsigned char *bytes;
} sx_data;

/* Read the file of that path ("-": standard input); problems are reported to d with their
 * places.  *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_data_read(const char *path, sx_diags *d, sx_data **out, sx_error *err);
sx_data *sx_data_free(sx_data *t);

int64_t sx_data_rows(const sx_data *t);

/* *column: the column of that name; a missing one is an error that names the nearest and all
 * that there are.  sx_data_has: -1 where there is none. */
SX_CHECKED sx_status sx_data_column(const sx_data *t, const char *name, int32_t *column,
                                    sx_error *err);
int32_t sx_data_has(const sx_data *t, const char *name);

const char *sx_data_text(const sx_data *t, int64_t row, int32_t column);

/* The finite number in a field; NAN in one that is empty, or nan in letters of any size; else
 * an error with its place. */
SX_CHECKED sx_status sx_data_number(const sx_data *t, int64_t row, int32_t column, double *x,
                                    sx_error *err);
/* A whole column: out [rows].  All errors of the column are reported. */
SX_CHECKED sx_status sx_data_numbers(const sx_data *t, int32_t column, double *out,
                                     sx_error *err);

/* Report what is wrong with a field: E315. */
sx_status sx_data_wrong(const sx_data *t, int64_t row, int32_t column, sx_error *err,
                        const char *format, ...) SX_FORMAT(5, 6);

/* The different words of a column in the order of their first row: which [rows] is the number
 * of each row's word, *words [*count] borrows the texts; both owned by the caller.  Cost
 * O(rows log rows). */
SX_CHECKED sx_status sx_data_words(const sx_data *t, int32_t column, int32_t **which,
                                   const char ***words, int32_t *count, sx_error *err);

#endif
