/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marginals.c - weighted sums of a reward along rows and columns. */
#include "metrics/norm_int.h"

#include <string.h>

static double weight_at(const double *weight, int32_t i)
{
    return weight ? weight[i] : 1;
}

static double weighted_sum(const double *weight, const double *value, int32_t n)
{
    sx_i_sum sum = {0};
    for (int32_t i = 0; i < n; i++)
        sx_i_sum_add(&sum, weight_at(weight, i) * (value ? value[i] : 1));
    return sx_i_sum_value(&sum);
}

/* out [n] = along total + across + sum_i along_i * (weighted sum across_i): one direction of
 * the sum form, as if it described every triple. */
static void add_form(const double *along, double total, double across, double *out, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        out[i] += (along ? along[i] * total : 0) + across;
}

static void form_rows(const sx_mdp *m, const sx_reward *r, const double *weight, double *row)
{
    double across = r->right ? weighted_sum(weight, r->right, m->states) : 0;
    add_form(r->left, weighted_sum(weight, NULL, m->states), across, row, m->pairs);
    for (int32_t i = 0; i < r->products; i++) {
        const sx_product *p = &r->product[i];
        add_form(p->left, weighted_sum(weight, p->right, m->states), 0, row, m->pairs);
    }
}

static void form_columns(const sx_mdp *m, const sx_reward *r, const double *weight,
                         double *column)
{
    double across = r->left ? weighted_sum(weight, r->left, m->pairs) : 0;
    add_form(r->right, weighted_sum(weight, NULL, m->pairs), across, column, m->states);
    for (int32_t i = 0; i < r->products; i++) {
        const sx_product *p = &r->product[i];
        add_form(p->right, weighted_sum(weight, p->left, m->pairs), 0, column, m->states);
    }
}

typedef struct sums {
    const sx_i_weights *w;
    double *row, *column;
} sums;

/* The triple (k,s) is `change` above what the formula said. */
static void correct(const sums *z, int32_t k, int32_t s, double change)
{
    if (z->row)
        z->row[k] += weight_at(z->w->state, s) * change;
    if (z->column)
        z->column[s] += weight_at(z->w->pair, k) * change;
}

static void sum_form(const sx_mdp *m, const sx_reward *r, const sums *z)
{
    if (z->row)
        form_rows(m, r, z->w->state, z->row);
    if (z->column)
        form_columns(m, r, z->w->pair, z->column);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            correct(z, k, m->next[t], r->on[t] - sx_reward_sum_at(r, k, m->next[t]));
    for (int64_t i = 0; i < r->exceptions; i++) {
        const sx_exception *e = &r->exception[i];
        correct(z, e->pair, e->state, e->value - sx_reward_sum_at(r, e->pair, e->state));
    }
}

static sx_status dense_form(const sx_mdp *m, const sx_reward *r, const sums *z, sx_error *err)
{
    double *value = sx_alloc((size_t)m->states, sizeof *value);
    if (!value)
        return sx_nomem(err);
    for (int32_t k = 0; k < m->pairs; k++) {
        double mine = weight_at(z->w->pair, k);
        sx_reward_row(m, r, k, value);
        if (z->row)
            z->row[k] = weighted_sum(z->w->state, value, m->states);
        for (int32_t s = 0; z->column && s < m->states; s++)
            z->column[s] += mine * value[s];
    }
    sx_release(value);
    return SX_OK;
}

sx_status sx_i_marginals(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                         double *row, double *column, sx_error *err)
{
    sums z = {w, row, column};
    if (row)
        memset(row, 0, (size_t)m->pairs * sizeof *row);
    if (column)
        memset(column, 0, (size_t)m->states * sizeof *column);
    if (r->dense)
        return dense_form(m, r, &z, err);
    sum_form(m, r, &z);
    return SX_OK;
}
