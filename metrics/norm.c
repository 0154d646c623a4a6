/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm.c - norms and moments of rewards. */
#include "metrics/norm.h"

#include "metrics/norm_int.h"

#include <string.h>

static const char *const names[] = {
    "l1", "l2", "linf", "weighted-l1", "weighted-l2", "weighted-linf", "none"};

const char *sx_norm_name(sx_norm n)
{
    return names[n];
}

bool sx_norm_find(const char *name, sx_norm *n)
{
    for (int i = 0; i <= SX_NO_NORM; i++)
        if (strcmp(name, names[i]) == 0) {
            *n = (sx_norm)i;
            return true;
        }
    return false;
}

sx_status sx_i_tally_make(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                          int64_t limit, sx_i_tally *out, const char **reason, sx_error *err)
{
    int64_t triples = (int64_t)m->pairs * m->states;
    bool done = false;
    sx_status st = SX_OK;
    *reason = r->unknown;
    if (*reason)
        return SX_OK;
    /* classes pay only where they spare most of the triples */
    int64_t budget = triples <= limit ? triples / 8 : limit;
    if (!r->dense && budget > 8192)
        st = sx_i_tally_classes(m, r, w, budget, out, &done, err);
    if (!st && !done && (triples <= limit || r->dense)) {
        st = sx_i_tally_dense(m, r, w, out, err);
        done = true;
    }
    if (!done)
        *reason = "sums over impossible triples would take more than 268435456 steps";
    return st;
}

/* Rounding may leave a sum of squares below 0; what is not a number stays so. */
static double root(const sx_i_sum *square)
{
    double x = sx_i_sum_value(square);
    return x < 0 ? 0 : sqrt(x);
}

/* The three weighted norms, over possible triples. */
static void weighted(const sx_mdp *m, const sx_reward *r, sx_number *norm)
{
    sx_i_sum sum = {0}, square = {0};
    double largest = 0;
    for (int64_t t = 0; t < m->entries; t++) {
        double size = fabs(r->on[t]), part = m->prob[t] * size;
        sx_i_sum_add(&sum, part);
        sx_i_sum_add(&square, part * size);
        largest = part > largest ? part : largest;
    }
    norm[SX_WEIGHTED_L1].value = sx_i_sum_value(&sum);
    norm[SX_WEIGHTED_L2].value = root(&square);
    norm[SX_WEIGHTED_LINF].value = largest;
}

/* The three others, over all triples. */
static sx_status unweighted(const sx_mdp *m, const sx_reward *r, unsigned wanted,
                            sx_number *norm, sx_error *err)
{
    sx_i_tally t = {0};
    const char *reason = NULL;
    sx_i_weights w = {.no_absolute = !(wanted >> SX_L1 & 1u)};
    sx_status st = sx_i_tally_make(m, r, &w, SX_NORM_WORK, &t, &reason, err);
    double absolute = sx_i_sum_value(&t.absolute);
    norm[SX_L1] = (sx_number){absolute < 0 ? 0 : absolute, reason};
    norm[SX_L2] = (sx_number){root(&t.square), reason};
    norm[SX_LINF] = (sx_number){t.largest, reason};
    return st;
}

sx_status sx_norms(const sx_mdp *m, const sx_reward *r, unsigned wanted,
                   sx_number norm[SX_NORMS], sx_error *err)
{
    const unsigned all = 1u << SX_L1 | 1u << SX_L2 | 1u << SX_LINF;
    sx_status st = SX_OK;
    for (int i = 0; i < SX_NORMS; i++)
        norm[i] = (sx_number){NAN, NULL};
    if (wanted & ~all)
        weighted(m, r, norm);
    if (wanted & all)
        st = unweighted(m, r, wanted, norm, err);
    for (int i = 0; i < SX_NORMS; i++) {
        if (!(wanted >> i & 1u))
            norm[i].reason = "this norm was not asked for";
        else if (!norm[i].reason && !isfinite(norm[i].value))
            norm[i].reason = "the norm is too large for a floating-point number";
        if (norm[i].reason)
            norm[i].value = NAN;
    }
    return st;
}

sx_status sx_reward_moments(const sx_mdp *m, const sx_reward *r, const double *left,
                            const double *right, sx_number *mean, sx_number *deviation,
                            sx_error *err)
{
    sx_i_weights w = {.pair = left, .state = right};
    sx_i_tally t = {0};
    sx_status st = SX_OK;
    const char *reason = r->unknown;
    double *row = NULL;
    if (!reason) {
        row = sx_alloc((size_t)m->pairs, sizeof *row);
        st = row ? sx_i_marginals(m, r, &w, row, NULL, err) : sx_nomem(err);
    }
    if (!reason && !st) {
        sx_i_sum sum = {0};
        for (int32_t k = 0; k < m->pairs; k++)
            sx_i_sum_add(&sum, left[k] * row[k]);
        w.centre = sx_i_sum_value(&sum);
        st = sx_i_tally_make(m, r, &w, SX_NORM_WORK, &t, &reason, err);
    }
    sx_release(row);
    *mean = (sx_number){reason ? NAN : w.centre, reason};
    *deviation = (sx_number){reason ? NAN : root(&t.square), reason};
    return st;
}
