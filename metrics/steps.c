/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps.c - one distance step by step.
 *
 * The distance and the lengths are those of distance.c; the rewards between them are made
 * once more from the canonical forms.  Where c(R) is R shaped by phi, redistributed or not,
 * R - c(R) has the expected value phi(s) - gamma E[phi(s')], so that phi is its value under any
 * policy: val, val-potential and the minimal forms need no look into their solvers. */
#include "metrics/steps.h"

#include "metrics/canon_int.h"
#include "metrics/norm_int.h"

static const double negligible = 1e-12; /* of max |R|: a deviation that counts as none */

sx_steps *sx_steps_free(sx_steps *x)
{
    if (!x)
        return NULL;
    for (int i = 0; i < 2; i++) {
        sx_reward_free(x->side[i].canonical);
        sx_reward_free(x->side[i].standard);
        sx_release(x->side[i].potential);
        sx_release(x->side[i].ahead);
    }
    sx_reward_free(x->difference);
    sx_release(x->left);
    return sx_release(x);
}

/* --- what canonicalisation adds --- */

/* The value of R - c(R) under the uniform policy. */
static sx_status value_of_rest(const sx_mdp *m, const sx_reward *r, const sx_step_side *side,
                               sx_error *err)
{
    size_t pairs = (size_t)m->pairs;
    double bound, *pi = sx_alloc(pairs, sizeof *pi), *mean = sx_alloc(pairs, sizeof *mean);
    double *form = sx_alloc(pairs, sizeof *form);
    sx_evaluator *e = NULL;
    sx_status st = pi && mean && form ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_policy_uniform(m, pi);
        sx_reward_mean(m, r, mean);
        sx_reward_mean(m, side->canonical, form);
        for (int32_t k = 0; k < m->pairs; k++)
            mean[k] -= form[k];
        st = sx_evaluator_new(m, pi, &e, err);
    }
    if (!st)
        st = sx_evaluator_values(e, mean, side->potential, &bound, err);
    sx_evaluator_free(e);
    sx_release(pi);
    sx_release(mean);
    sx_release(form);
    return st;
}

/* E[R(s,A,S')]: S' from D_S, or from the transitions. */
static double expected(const sx_canoniser *c, const sx_reward *r, int32_t s, bool possible)
{
    const sx_mdp *m = c->m;
    double sum = 0;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        double mean = 0;
        for (int64_t t = m->first[k]; possible && t < m->first[k + 1]; t++)
            mean += m->prob[t] * r->on[t];
        for (int32_t y = 0; !possible && y < m->states; y++)
            mean += c->state_dist[y] * sx_reward_at(m, r, k, y);
        sum += c->action_dist[k] * mean;
    }
    return sum;
}

/* E_A[R(S',A,S'')] with S' after (s,A) and S'' after (y,A); every state has the same actions.
 */
static double expected_ahead(const sx_canoniser *c, const sx_reward *r, int32_t s, int32_t y)
{
    const sx_mdp *m = c->m;
    double sum = 0;
    for (int32_t a = 0; a < m->pair[1]; a++) {
        int32_t k = m->pair[s] + a, j = m->pair[y] + a;
        double mean = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            for (int64_t u = m->first[j]; u < m->first[j + 1]; u++)
                mean += m->prob[t] * m->prob[u] *
                        sx_reward_at(m, r, m->pair[m->next[t]] + a, m->next[u]);
        sum += c->action_dist[k] * mean;
    }
    return sum;
}

static sx_status add_ahead(const sx_canoniser *c, const sx_reward *r, sx_step_side *side,
                           sx_error *err)
{
    int32_t n = c->m->states;
    side->ahead = sx_alloc((size_t)n * (size_t)n, sizeof *side->ahead);
    if (!side->ahead)
        return sx_nomem(err);
    for (int32_t s = 0; s < n; s++)
        for (int32_t y = 0; y < n; y++)
            side->ahead[(size_t)s * (size_t)n + (size_t)y] = expected_ahead(c, r, s, y);
    return SX_OK;
}

static sx_status add_potential(const sx_canoniser *c, sx_canon canon, const sx_reward *r,
                               sx_step_side *side, sx_error *err)
{
    int32_t n = c->m->states;
    if (canon == SX_NONE || !side->canonical)
        return SX_OK;
    side->potential = sx_alloc((size_t)n, sizeof *side->potential);
    if (!side->potential)
        return sx_nomem(err);
    if (canon != SX_EPIC && canon != SX_DARD)
        return value_of_rest(c->m, r, side, err);
    for (int32_t s = 0; s < n; s++) {
        side->potential[s] = expected(c, r, s, canon == SX_DARD);
        side->average += c->state_dist[s] * side->potential[s];
    }
    return canon == SX_DARD ? add_ahead(c, r, side, err) : SX_OK;
}

/* --- the standardised rewards --- */

/* (c(R) - mean) * scale; the zero reward for scale 0. */
static sx_status standardise(const sx_mdp *m, sx_step_side *side, double mean, double scale,
                             sx_error *err)
{
    if (!(scale > 0))
        return sx_reward_new(m, &side->standard, err);
    sx_status st = sx_reward_copy(m, side->canonical, &side->standard, err);
    if (!st && mean != 0)
        st = sx_i_add_constant(m, side->standard, -mean, err);
    if (!st)
        sx_reward_scale(m, side->standard, scale);
    return st;
}

/* Whether the deviation is none against the reward as it came. */
static sx_status is_flat(const sx_mdp *m, const sx_reward *r, double deviation, bool *flat,
                         sx_error *err)
{
    sx_number norm[SX_NORMS];
    sx_status st = sx_norms(m, r, 1U << SX_LINF, norm, err);
    double size = norm[SX_LINF].reason ? sx_reward_max_possible(m, r) : norm[SX_LINF].value;
    *flat = !st && deviation <= negligible * size;
    return st;
}

static sx_status add_scores(sx_steps *x, const sx_reward *r, sx_step_side *side, sx_error *err)
{
    sx_number mean;
    sx_status st =
        sx_reward_moments(x->m, side->canonical, x->left, x->right, &mean, &side->length, err);
    if (st || side->length.reason)
        return st;
    side->mean = mean.value;
    st = is_flat(x->m, r, side->length.value, &side->flat, err);
    if (!st)
        st = standardise(x->m, side, side->mean, side->flat ? 0 : 1 / side->length.value, err);
    return st;
}

static sx_status add_side(sx_canoniser *c, sx_steps *x, int i, const sx_reward *r,
                          bool potential, sx_error *err)
{
    sx_step_side *side = &x->side[i];
    const char *reason;
    sx_status st = sx_canonicalise(c, r, x->measure.canon, x->measure.norm, &side->canonical,
                                   &reason, err);
    if (!st && potential)
        st = add_potential(c, x->measure.canon, r, side, err);
    if (st || !side->canonical)
        return st;
    if (x->left)
        return add_scores(x, r, side, err);
    if (side->length.reason)
        return SX_OK;
    return standardise(x->m, side, 0, side->length.value > 0 ? 1 / side->length.value : 0, err);
}

static sx_status add_weights(const sx_canoniser *c, sx_steps *x, sx_error *err)
{
    x->left = sx_alloc((size_t)x->m->pairs, sizeof *x->left);
    if (!x->left)
        return sx_nomem(err);
    x->right = c->state_dist;
    for (int32_t s = 0; s < x->m->states; s++)
        for (int32_t k = x->m->pair[s]; k < x->m->pair[s + 1]; k++)
            x->left[k] = c->state_dist[s] * c->action_dist[k];
    return SX_OK;
}

sx_status sx_steps_new(sx_canoniser *c, const sx_reward *a, const sx_reward *b,
                       const sx_measure *q, bool potentials, sx_steps **out, sx_error *err)
{
    const sx_reward *both[2] = {a, b};
    sx_number length[2] = {{0, NULL}, {0, NULL}};
    sx_steps *x = *out = NULL;
    x = sx_alloc(1, sizeof *x);
    if (!x)
        return sx_nomem(err);
    x->m = c->m;
    x->measure = *q;
    sx_lengths lengths = {&x->distance, length};
    sx_status st = sx_distances_lengths(c, both, 2, q, 1, &lengths, err);
    if (!st && q->kind == SX_DISTANCE_EPIC)
        st = add_weights(c, x, err);
    for (int i = 0; i < 2 && !st; i++) {
        x->side[i].length = length[i];
        st = add_side(c, x, i, both[i], potentials, err);
    }
    if (!st && !x->distance.reason && x->side[0].standard && x->side[1].standard) {
        st = sx_reward_copy(c->m, x->side[0].standard, &x->difference, err);
        if (!st)
            st = sx_reward_add(c->m, x->difference, -1, x->side[1].standard, err);
    }
    *out = st ? sx_steps_free(x) : x;
    return st;
}
