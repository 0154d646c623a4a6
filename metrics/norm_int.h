/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm_int.h - sums over all triples of a world, shared by norms, moments and canonical
 * forms.  A triple (k, s') has weight pair[k] state[s'], and its value is seen from
 * `centre`. */
#ifndef SX_NORM_INT_H
#define SX_NORM_INT_H

#include "metrics/norm.h"

#include <math.h>

/* A sum that carries its rounding error (Neumaier). */
typedef struct sx_i_sum {
    double high, low;
} sx_i_sum;

static inline void sx_i_sum_add(sx_i_sum *s, double x)
{
    double t = s->high + x;
    s->low += fabs(s->high) >= fabs(x) ? (s->high - t) + x : (x - t) + s->high;
    s->high = t;
}

static inline double sx_i_sum_value(const sx_i_sum *s)
{
    return s->high + s->low;
}

typedef struct sx_i_weights {
    const double *pair;  /* [K], NULL for ones */
    const double *state; /* [S], NULL for ones */
    double centre;       /* subtracted from every value */
    bool no_absolute;    /* sum |x| is not wanted: it costs a search in each row */
} sx_i_weights;

typedef struct sx_i_tally {
    sx_i_sum absolute; /* sum |x| without weights, meaningless with weights */
    sx_i_sum square;   /* sum w x^2 */
    double largest;    /* max |x| without weights, meaningless with weights */
} sx_i_tally;

static inline void sx_i_tally_add(sx_i_tally *t, double weight, double x)
{
    double size = fabs(x);
    sx_i_sum_add(&t->absolute, size);
    sx_i_sum_add(&t->square, weight * x * x);
    if (size > t->largest)
        t->largest = size;
}

/* *to += *part, in the order of the calls. */
void sx_i_tally_join(sx_i_tally *to, const sx_i_tally *part);

/* Row by row, O(K S).  r->unknown must be NULL. */
SX_CHECKED sx_status sx_i_tally_dense(const sx_mdp *m, const sx_reward *r,
                                      const sx_i_weights *w, sx_i_tally *out, sx_error *err);

/* The same for the sum form by classes of equal products.  *done is false, and *out not
 * filled, when that takes more than `limit` steps. */
SX_CHECKED sx_status sx_i_tally_classes(const sx_mdp *m, const sx_reward *r,
                                        const sx_i_weights *w, int64_t limit, sx_i_tally *out,
                                        bool *done, sx_error *err);

/* By whichever is cheaper.  *reason: NULL, or why there is no answer. */
SX_CHECKED sx_status sx_i_tally_make(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                                     int64_t limit, sx_i_tally *out, const char **reason,
                                     sx_error *err);

/* Indices 0..n-1 in classes of equal vectors (value[0][i], value[1][i], ...). */
typedef struct sx_i_classes {
    int32_t n, classes;
    int32_t *of;     /* [n] class */
    int32_t *start;  /* [classes+1] */
    int32_t *member; /* [n] by class, ascending within one */
} sx_i_classes;

SX_CHECKED sx_status sx_i_classes_new(int32_t n, const double *const *value, int32_t values,
                                      sx_i_classes **out, sx_error *err);
sx_i_classes *sx_i_classes_free(sx_i_classes *c);

/* The exceptions of pair k are first .. returned value - 1. */
int64_t sx_i_exceptions(const sx_reward *r, int32_t k, int64_t *first);

/* row [K] = sum_s' state[s'] R(k,s'),  column [S] = sum_k pair[k] R(k,s'); either may be
 * NULL.  r->unknown must be NULL.  O(K + S + T) for the sum form. */
SX_CHECKED sx_status sx_i_marginals(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                                    double *row, double *column, sx_error *err);

#endif
