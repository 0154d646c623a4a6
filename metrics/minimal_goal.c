/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_goal.c - what the minimal forms in l1 and linf add up, or take the maximum of.
 *
 *     minimal             one term a row (s,a), e = E_tau[R + gamma phi(s')] - phi(s), with
 *                         the weight of the least norm over S'-redistributions:
 *                         l1 1/max tau,  linf 1,  weighted-l1 1,  weighted-linf 1/#supp
 *                         at  e/max tau on the first likeliest s',  the constant e (linf,
 *                         weighted-l1),  e / (#supp tau) on what is possible
 *     minimal-potential   one term a triple, e = R + gamma phi(s') - phi(s), weight 1, or
 *                         tau over possible triples alone
 *
 * square is what e^2 counts in the squared l2 norm (weighted: weighted-l2) of that reward. */
#include "metrics/minimal_int.h"

#include <math.h>
#include <stdlib.h>

sx_i_goal *sx_i_goal_free(sx_i_goal *t)
{
    if (t) {
        sx_release(t->start);
        sx_release(t->col);
        sx_release(t->coef);
        sx_release(t->value);
        sx_release(t->weight);
        sx_release(t->square);
        sx_release(t->hidden);
    }
    return sx_release(t);
}

sx_status sx_i_goal_new(int64_t terms, int64_t entries, int32_t unknowns, bool largest,
                        sx_i_goal **out, sx_error *err)
{
    size_t n = (size_t)terms;
    *out = NULL;
    if (terms > INT32_MAX)
        return sx_fail(err, SX_ELIMIT, "more than 2147483647 terms");
    sx_i_goal *t = sx_alloc(1, sizeof *t);
    if (!t)
        return sx_nomem(err);
    t->unknowns = unknowns;
    t->largest = largest;
    t->start = sx_alloc(n + 1, sizeof *t->start);
    t->col = sx_alloc((size_t)entries, sizeof *t->col);
    t->coef = sx_alloc((size_t)entries, sizeof *t->coef);
    t->value = sx_alloc(n, sizeof *t->value);
    t->weight = sx_alloc(n, sizeof *t->weight);
    t->square = sx_alloc(n, sizeof *t->square);
    t->hidden = sx_alloc(n, sizeof *t->hidden);
    if (!t->start || !t->col || !t->coef || !t->value || !t->weight || !t->square ||
        !t->hidden) {
        sx_i_goal_free(t);
        return sx_nomem(err);
    }
    *out = t;
    return SX_OK;
}

static sx_status goal_new(const sx_mdp *m, int64_t terms, int64_t entries, sx_norm norm,
                          sx_i_goal **out, sx_error *err)
{
    bool largest = norm == SX_LINF || norm == SX_WEIGHTED_LINF;
    return sx_i_goal_new(terms, entries, m->states, largest, out, err);
}

/* Coefficient c of psi(s) in the term being written, which starts at `from`. */
static int64_t put(sx_i_goal *t, int64_t from, int64_t at, int32_t s, double c)
{
    if (s == 0 || c == 0)
        return at;
    for (int64_t i = from; i < at; i++)
        if (t->col[i] == s) {
            t->coef[i] += c;
            return at;
        }
    t->col[at] = s;
    t->coef[at] = c;
    return at + 1;
}

void sx_i_goal_close(sx_i_goal *t, int64_t at, double value, double weight, double square)
{
    int32_t i = t->terms++;
    t->value[i] = value;
    t->weight[i] = weight;
    t->square[i] = square;
    t->start[i + 1] = at;
}

/* Weight and square of row k. */
static void row_weights(const sx_mdp *m, int32_t k, sx_norm norm, double *weight,
                        double *square)
{
    double most = 0, inverse = 0, support = (double)(m->first[k + 1] - m->first[k]);
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        most = fmax(most, m->prob[t]);
        inverse += 1 / m->prob[t];
    }
    *weight = *square = 1;
    if (norm == SX_L1) {
        *weight = 1 / most;
        *square = *weight * *weight;
    } else if (norm == SX_LINF) {
        *square = m->states;
    } else if (norm == SX_WEIGHTED_LINF) {
        *weight = 1 / support;
        *square = inverse / (support * support);
    }
}

static void put_row(const sx_mdp *m, int32_t s, int32_t k, const double *x, sx_norm norm,
                    sx_i_goal *t)
{
    int64_t from = t->start[t->terms], at = from;
    double weight, square;
    bool own = false;
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++) {
        int32_t y = m->next[i];
        /* successors are distinct, so that nothing has to be looked for */
        at = put(t, at, at, y, m->discount * m->prob[i] - (y == s));
        own = own || y == s;
    }
    if (!own)
        at = put(t, at, at, s, -1);
    row_weights(m, k, norm, &weight, &square);
    sx_i_goal_close(t, at, x[k], weight, square);
}

sx_status sx_i_goal_rows(const sx_mdp *m, const double *x, sx_norm norm, sx_i_goal **out,
                         sx_error *err)
{
    sx_status st = goal_new(m, m->pairs, m->entries + m->pairs, norm, out, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            put_row(m, s, k, x, norm, *out);
    return st;
}

static void put_triple(const sx_mdp *m, int32_t s, int32_t y, double value, double weight,
                       sx_i_goal *t)
{
    int64_t from = t->start[t->terms];
    int64_t at = put(t, from, from, y, m->discount);
    at = put(t, from, at, s, -1);
    sx_i_goal_close(t, at, value, weight, weight);
}

sx_status sx_i_goal_possible(const sx_mdp *m, const sx_reward *r, sx_norm norm, sx_i_goal **out,
                             sx_error *err)
{
    sx_status st = goal_new(m, m->entries, 2 * m->entries, norm, out, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        for (int64_t i = m->first[m->pair[s]]; i < m->first[m->pair[s + 1]]; i++)
            put_triple(m, s, m->next[i], r->on[i], m->prob[i], *out);
    return st;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The triples (s, a, y) of all a with their values [n], ascending: values that are equal up
 * to rounding make one term; to a maximum only the least and the largest matter. */
static void put_actions(const sx_mdp *m, int32_t s, int32_t y, const double *value, int32_t n,
                        sx_i_goal *t)
{
    int32_t begin = 0;
    for (int32_t i = 1; i <= n; i++) {
        if (i < n && value[i] - value[begin] <= 1e-15 * fabs(value[i]))
            continue;
        put_triple(m, s, y, value[begin], i - begin, t);
        t->hidden[t->terms - 1] = t->largest && begin > 0 && i < n;
        if (t->largest)
            t->weight[t->terms - 1] = 1;
        begin = i;
    }
}

sx_status sx_i_goal_every(const sx_mdp *m, const sx_reward *r, sx_norm norm, sx_i_goal **out,
                          sx_error *err)
{
    size_t n = (size_t)m->states;
    int64_t triples = (int64_t)m->pairs * m->states;
    double *row = sx_alloc(n, sizeof *row);
    double *block = sx_alloc((size_t)m->actions * n, sizeof *block); /* [S][actions of s] */
    sx_status st =
        row && block ? goal_new(m, triples, 2 * triples, norm, out, err) : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++) {
        int32_t first = m->pair[s], count = m->pair[s + 1] - first;
        for (int32_t a = 0; a < count; a++) {
            sx_reward_row(m, r, first + a, row);
            for (int32_t y = 0; y < m->states; y++)
                block[(size_t)y * (size_t)count + (size_t)a] = row[y];
        }
        for (int32_t y = 0; y < m->states; y++) {
            double *value = block + (size_t)y * (size_t)count;
            qsort(value, (size_t)count, sizeof *value, ascending);
            put_actions(m, s, y, value, count, *out);
        }
    }
    sx_release(row);
    sx_release(block);
    return st;
}

long double sx_i_goal_change(const sx_i_goal *t, int32_t i, const double *x)
{
    long double sum = t->loose ? 0 : -x[0];
    for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
        sum += (long double)t->coef[p] * x[t->col[p]];
    return sum;
}

void sx_i_goal_slope(const sx_i_goal *t, const double *e, double *g)
{
    for (int32_t j = 0; j < t->unknowns; j++)
        g[j] = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double pull = t->square[i] * e[i];
        g[0] -= pull;
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
            g[t->col[p]] += pull * t->coef[p];
    }
}

double sx_i_goal_size(const sx_i_goal *t, const double *e)
{
    long double sum = 0;
    double most = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double part = t->weight[i] * fabs(e[i]);
        sum += part;
        most = part > most ? part : most;
    }
    return t->largest ? most : (double)sum;
}
