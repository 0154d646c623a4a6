/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward_form.c - changes of one reward: parts of the sum form, shaping, the dense form. */
#include "mdp/reward_int.h"

#include <string.h>

static const char TOO_MANY_TRIPLES[] =
    "the world has more than 2^26 triples, too many to keep a reward on the impossible ones "
    "that is no sum of products";

static sx_status need(double **x, int32_t n, sx_error *err)
{
    if (!*x)
        *x = sx_alloc((size_t)n, sizeof **x);
    return *x ? SX_OK : sx_nomem(err);
}

sx_status sx_i_reward_need_left(const sx_mdp *m, sx_reward *r, sx_error *err)
{
    return need(&r->left, m->pairs, err);
}

sx_status sx_i_reward_need_right(const sx_mdp *m, sx_reward *r, sx_error *err)
{
    return need(&r->right, m->states, err);
}

static bool is_sum(const sx_reward *r)
{
    return !r->dense && !r->unknown;
}

/* The stored numbers of pair k += u + right[s'] (NULL for zeros). */
static void add_to_pair(const sx_mdp *m, sx_reward *r, int32_t k, double u, const double *right)
{
    double *row = r->dense ? r->dense + (int64_t)k * m->states : NULL;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        r->on[t] += u + (right ? right[m->next[t]] : 0);
    for (int32_t s = 0; row && s < m->states; s++)
        row[s] += u + (right ? right[s] : 0);
}

/* r += left[k] + right[s'] (NULL for zeros) wherever numbers are stored.  The arrays of the
 * sum form that this takes exist. */
static void add_sides(const sx_mdp *m, sx_reward *r, const double *left, const double *right)
{
#pragma omp parallel for schedule(static) if (m->entries > SX_I_PARALLEL)
    for (int32_t k = 0; k < m->pairs; k++)
        add_to_pair(m, r, k, left ? left[k] : 0, right);
    for (int32_t k = 0; left && r->left && k < m->pairs; k++)
        r->left[k] += left[k];
    for (int32_t s = 0; right && r->right && s < m->states; s++)
        r->right[s] += right[s];
    for (int64_t i = 0; i < r->exceptions; i++) {
        sx_exception *e = &r->exception[i];
        e->value += (left ? left[e->pair] : 0) + (right ? right[e->state] : 0);
    }
}

sx_status sx_reward_add_left(const sx_mdp *m, sx_reward *r, const double *value, sx_error *err)
{
    sx_status st = is_sum(r) ? sx_i_reward_need_left(m, r, err) : SX_OK;
    if (!st)
        add_sides(m, r, value, NULL);
    return st;
}

sx_status sx_reward_add_right(const sx_mdp *m, sx_reward *r, const double *value, sx_error *err)
{
    sx_status st = is_sum(r) ? sx_i_reward_need_right(m, r, err) : SX_OK;
    if (!st)
        add_sides(m, r, NULL, value);
    return st;
}

sx_status sx_reward_shape(const sx_mdp *m, sx_reward *r, const double *phi, sx_error *err)
{
    double *left = sx_alloc((size_t)m->pairs, sizeof *left);
    double *right = sx_alloc((size_t)m->states, sizeof *right);
    sx_status st = left && right ? SX_OK : sx_nomem(err);
    if (!st && is_sum(r))
        st = sx_i_reward_need_left(m, r, err);
    if (!st && is_sum(r))
        st = sx_i_reward_need_right(m, r, err);
    for (int32_t s = 0; !st && s < m->states; s++) {
        right[s] = m->discount * phi[s];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            left[k] = -phi[s];
    }
    if (!st)
        add_sides(m, r, left, right);
    sx_release(left);
    sx_release(right);
    return st;
}

sx_status sx_reward_densify(const sx_mdp *m, sx_reward *r, sx_error *err)
{
    if (!is_sum(r))
        return SX_OK;
    if (sx_i_triples(m) > SX_DENSE_LIMIT) {
        sx_i_reward_forget(r, TOO_MANY_TRIPLES);
        return SX_OK;
    }
    double *dense = sx_alloc((size_t)sx_i_triples(m), sizeof *dense);
    if (!dense)
        return sx_nomem(err);
#pragma omp parallel for schedule(static) if (sx_i_triples(m) > SX_I_PARALLEL)
    for (int32_t k = 0; k < m->pairs; k++)
        sx_reward_row(m, r, k, dense + (int64_t)k * m->states);
    sx_i_reward_drop_sum(r);
    r->dense = dense;
    return SX_OK;
}
