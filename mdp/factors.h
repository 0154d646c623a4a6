/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factors.h - variables with finitely many values, and the numbers of their combinations.
 *
 *     code = (...(d_0 n_1 + d_1) n_2 + ...) n_{V-1} + d_{V-1},   0 <= d_v < n_v
 *
 * d_v is the place of a value among the n_v of variable v; the first variable counts most.
 * The combination x = 3, door = open is named "x=3,door=open". */
#ifndef SX_FACTORS_H
#define SX_FACTORS_H

#include "mdp/names.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_FACTOR_VALUES 10000000           /* of one variable, at most */
#define SX_FACTORS_SIZE  ((int64_t)1 << 62) /* combinations, at most */

/* A variable: the whole numbers low, low + 1, ..., or a list of numbers, or one of names. */
typedef struct sx_factor {
    char *name;
    int32_t count;   /* of values, >= 1 */
    int64_t low;     /* of whole numbers */
    sx_names *text;  /* [count] a list as written; NULL for whole numbers */
    double *number;  /* [count] of a list of numbers, else NULL */
    int32_t *sorted; /* [count] places of number in ascending order */
    int64_t weight;  /* of d_v in a code: the product of the counts behind it */
} sx_factor;

typedef struct sx_factors {
    int32_t count; /* V */
    sx_factor *factor;
    int64_t size; /* combinations: the product of the counts; 1 without variables */
} sx_factors;

SX_CHECKED sx_status sx_factors_new(sx_factors **out, sx_error *err);
SX_CHECKED sx_status sx_factors_copy(const sx_factors *f, sx_factors **out, sx_error *err);
sx_factors *sx_factors_free(sx_factors *f);

/* Append a variable: the count whole numbers from low / the values of a list (copied), numbers
 * when all are and names when none is.  SX_EINPUT: the name is there already, two values are
 * the same number, or only some are numbers.  SX_ELIMIT: more than SX_FACTORS_SIZE
 * combinations. */
SX_CHECKED sx_status sx_factors_add_range(sx_factors *f, const char *name, int64_t low,
                                          int64_t count, sx_error *err);
SX_CHECKED sx_status sx_factors_add_list(sx_factors *f, const char *name,
                                         const sx_names *values, sx_error *err);

/* The variable of that name, or -1. */
int32_t sx_factors_variable(const sx_factors *f, const char *name);

/* Is it a list of names? */
bool sx_factor_is_named(const sx_factor *x);

/* Value d as expressions see it: the number, or the place of the name. */
double sx_factor_value(const sx_factor *x, int32_t d);

/* The place of that value (up to rounding, 1e-9 of it) / of the text of size bytes, which is
 * as sx_factor_text writes it, or -1. */
int32_t sx_factor_place(const sx_factor *x, double value);
int32_t sx_factor_find(const sx_factor *x, const char *text, size_t size);

/* Value d as text, borrowed or written into the buffer. */
const char *sx_factor_text(const sx_factor *x, int32_t d, char buffer[SX_NAME_BUFFER]);

/* "1 to 9", "red, green or blue", cut to fit. */
void sx_factor_domain(const sx_factor *x, char *text, size_t size);

/* The place of the value of variable v in a combination. */
int32_t sx_factors_place(const sx_factors *f, int32_t v, int64_t code);

/* The name of a combination, cut to size - 1 bytes; returns its whole length. */
size_t sx_factors_text(const sx_factors *f, int64_t code, char *text, size_t size);

/* The combination of that name, or -1: all variables, in order. */
int64_t sx_factors_find(const sx_factors *f, const char *text);

/* The length of the longest name. */
size_t sx_factors_longest(const sx_factors *f);

#ifdef __cplusplus
}
#endif
#endif
