/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward.c - rewards: life cycle and values. */
#include "mdp/reward_int.h"

#include <math.h>
#include <string.h>

int64_t sx_i_triples(const sx_mdp *m)
{
    return (int64_t)m->pairs * m->states;
}

sx_status sx_reward_new(const sx_mdp *m, sx_reward **out, sx_error *err)
{
    *out = NULL;
    sx_reward *r = sx_alloc(1, sizeof *r);
    if (r)
        r->on = sx_alloc((size_t)m->entries, sizeof *r->on);
    if (!r || !r->on) {
        sx_reward_free(r);
        return sx_nomem(err);
    }
    *out = r;
    return SX_OK;
}

void sx_i_reward_drop_sum(sx_reward *r)
{
    for (int32_t i = 0; r->product && i < r->products; i++) {
        sx_release(r->product[i].left);
        sx_release(r->product[i].right);
    }
    r->product = sx_release(r->product);
    r->products = 0;
    r->exception = sx_release(r->exception);
    r->exceptions = 0;
    r->left = sx_release(r->left);
    r->right = sx_release(r->right);
}

void sx_i_reward_forget(sx_reward *r, const char *reason)
{
    sx_i_reward_drop_sum(r);
    r->dense = sx_release(r->dense);
    r->unknown = reason;
}

sx_reward *sx_reward_free(sx_reward *r)
{
    if (!r)
        return NULL;
    sx_i_reward_drop_sum(r);
    sx_release(r->dense);
    sx_release(r->on);
    return sx_release(r);
}

sx_status sx_reward_copy(const sx_mdp *m, const sx_reward *r, sx_reward **out, sx_error *err)
{
    sx_status st = sx_reward_new(m, out, err);
    if (!st)
        st = sx_reward_add(m, *out, 1, r, err);
    if (st)
        *out = sx_reward_free(*out);
    return st;
}

static void scale_array(double *x, int64_t n, double scale)
{
    for (int64_t i = 0; x && i < n; i++)
        x[i] *= scale;
}

void sx_reward_scale(const sx_mdp *m, sx_reward *r, double scale)
{
    scale_array(r->on, m->entries, scale);
    scale_array(r->left, m->pairs, scale);
    scale_array(r->right, m->states, scale);
    for (int32_t i = 0; i < r->products; i++)
        scale_array(r->product[i].left, m->pairs, scale);
    for (int64_t i = 0; i < r->exceptions; i++)
        r->exception[i].value *= scale;
    scale_array(r->dense, sx_i_triples(m), scale);
}

int64_t sx_i_exception_from(const sx_reward *r, int32_t pair, int32_t state)
{
    int64_t low = 0, high = r->exceptions;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        const sx_exception *e = &r->exception[middle];
        if (e->pair < pair || (e->pair == pair && e->state < state))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sx_exception *sx_i_exception(const sx_reward *r, int32_t pair, int32_t state)
{
    int64_t i = sx_i_exception_from(r, pair, state);
    if (i == r->exceptions || r->exception[i].pair != pair || r->exception[i].state != state)
        return NULL;
    return &r->exception[i];
}

double sx_reward_sum_at(const sx_reward *r, int32_t k, int32_t state)
{
    double sum = (r->left ? r->left[k] : 0) + (r->right ? r->right[state] : 0);
    for (int32_t i = 0; i < r->products; i++)
        sum += r->product[i].left[k] * r->product[i].right[state];
    return sum;
}

void sx_i_reward_sum_row(const sx_mdp *m, const sx_reward *r, int32_t k, double *row)
{
    double left = r->left ? r->left[k] : 0;
    for (int32_t s = 0; s < m->states; s++)
        row[s] = left + (r->right ? r->right[s] : 0);
    for (int32_t i = 0; i < r->products; i++) {
        double u = r->product[i].left[k];
        const double *w = r->product[i].right;
        for (int32_t s = 0; u != 0 && s < m->states; s++)
            row[s] += u * w[s];
    }
}

void sx_reward_row(const sx_mdp *m, const sx_reward *r, int32_t k, double *row)
{
    if (r->dense) {
        memcpy(row, r->dense + (int64_t)k * m->states, (size_t)m->states * sizeof *row);
    } else {
        sx_i_reward_sum_row(m, r, k, row);
        for (int64_t i = sx_i_exception_from(r, k, 0);
             i < r->exceptions && r->exception[i].pair == k; i++)
            row[r->exception[i].state] = r->exception[i].value;
    }
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        row[m->next[t]] = r->on[t];
}

double sx_reward_at(const sx_mdp *m, const sx_reward *r, int32_t k, int32_t state)
{
    int64_t t = sx_mdp_entry(m, k, state);
    if (t >= 0)
        return r->on[t];
    if (r->unknown)
        return NAN;
    if (r->dense)
        return r->dense[(int64_t)k * m->states + state];
    const sx_exception *e = sx_i_exception(r, k, state);
    return e ? e->value : sx_reward_sum_at(r, k, state);
}

void sx_reward_mean(const sx_mdp *m, const sx_reward *r, double *mean)
{
#pragma omp parallel for schedule(static) if (m->entries > SX_I_PARALLEL)
    for (int32_t k = 0; k < m->pairs; k++) {
        double sum = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            sum += m->prob[t] * r->on[t];
        mean[k] = sum;
    }
}

double sx_reward_max_possible(const sx_mdp *m, const sx_reward *r)
{
    double max = 0;
    for (int64_t t = 0; t < m->entries; t++)
        if (!(fabs(r->on[t]) <= max))
            max = fabs(r->on[t]);
    return max;
}

double sx_reward_max_reached(const sx_mdp *m, const sx_reward *r, const unsigned char *reached)
{
    double most = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int64_t t = m->first[m->pair[s]]; reached[s] && t < m->first[m->pair[s + 1]]; t++)
            most = fmax(most, fabs(r->on[t]));
    return most;
}
