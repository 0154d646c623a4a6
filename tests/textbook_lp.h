/* SPDX-License-Identifier: GPL-3.0-or-later */
/* textbook_lp.h - the linear program of a minimal form as its definition writes it: primal, one
 * row for each side of an absolute value. */
#ifndef TEXTBOOK_LP_H
#define TEXTBOOK_LP_H

#include "metrics/canon.h"
#include "solvers/lp.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

static inline bool is_weighted(sx_norm n)
{
    return n >= SX_WEIGHTED_L1;
}

static inline bool is_largest(sx_norm n)
{
    return n == SX_LINF || n == SX_WEIGHTED_LINF;
}

static inline int64_t triples(const sx_mdp *m)
{
    return (int64_t)m->pairs * m->states;
}

static inline int32_t state_of(const sx_mdp *m, int64_t k)
{
    int32_t s = 0;
    while (k >= m->pair[s + 1])
        s++;
    return s;
}

/* Terms value_i + row_i . phi, dense. */
typedef struct plain {
    int32_t n, terms;
    double *row, *value, *weight, *square; /* [terms*n] [terms] ... */
} plain;

static inline plain plain_new(int32_t n, int64_t terms)
{
    return (plain){n,
                   0,
                   oracle_vector(terms * n),
                   oracle_vector(terms),
                   oracle_vector(terms),
                   oracle_vector(terms)};
}

static inline void plain_free(plain *p)
{
    free(p->row);
    free(p->value);
    free(p->weight);
    free(p->square);
}

/* How the least reward of a row of average 1 looks: [S]. */
static inline void shape_of_row(const sx_mdp *m, int32_t k, sx_norm norm, double *row)
{
    int32_t n = m->states, top = 0, support = 0;
    for (int32_t y = 0; y < n; y++) {
        top = oracle_prob(m, k, y) > oracle_prob(m, k, top) ? y : top;
        support += oracle_prob(m, k, y) > 0;
    }
    for (int32_t y = 0; y < n; y++) {
        double p = oracle_prob(m, k, y);
        if (norm == SX_L1)
            row[y] = y == top ? 1 / p : 0;
        else if (norm == SX_WEIGHTED_LINF)
            row[y] = p > 0 ? 1 / (support * p) : 0;
        else
            row[y] = 1;
    }
}

/* One term a pair: norm and squared l2 norm of its row are weight |e| and square e^2. */
static inline plain plain_rows(const sx_mdp *m, const double *table, sx_norm norm)
{
    plain p = plain_new(m->states, m->pairs);
    double *row = oracle_vector(m->states), *mean = oracle_mean(m, table);
    for (int32_t k = 0; k < m->pairs; k++) {
        shape_of_row(m, k, norm, row);
        double sum = 0, most = 0;
        for (int32_t y = 0; y < m->states; y++) {
            double tau = oracle_prob(m, k, y), w = is_weighted(norm) ? tau : 1;
            sum += w * row[y];
            most = fmax(most, w * row[y]);
            p.square[k] += w * row[y] * row[y];
            p.row[k * m->states + y] = m->discount * tau - (y == state_of(m, k));
        }
        p.weight[k] = is_largest(norm) ? most : sum;
        p.value[k] = mean[k];
    }
    p.terms = m->pairs;
    free(row);
    free(mean);
    return p;
}

/* One term a triple. */
static inline plain plain_triples(const sx_mdp *m, const double *table, sx_norm norm)
{
    plain p = plain_new(m->states, triples(m));
    for (int64_t i = 0; i < triples(m); i++) {
        int32_t k = (int32_t)(i / m->states), y = (int32_t)(i % m->states);
        double w = is_weighted(norm) ? oracle_prob(m, k, y) : 1;
        if (!(w > 0))
            continue;
        double *row = p.row + (int64_t)p.terms * p.n;
        row[y] += m->discount;
        row[state_of(m, k)] -= 1;
        p.value[p.terms] = table[i];
        p.weight[p.terms] = p.square[p.terms] = w;
        p.terms++;
    }
    return p;
}

static inline plain plain_make(const sx_mdp *m, const double *table, sx_canon canon,
                               sx_norm norm)
{
    return canon == SX_MINIMAL ? plain_rows(m, table, norm) : plain_triples(m, table, norm);
}

static inline void entry(sx_lp *lp, int64_t *at, int32_t col, double x)
{
    if (x == 0)
        return;
    lp->col[*at] = col;
    lp->coef[(*at)++] = x;
}

/* Columns phi [n] and bounds on |e| (one, or one a term); rows  weight e <= bound,
 * -weight e <= bound.  */
static inline sx_lp *textbook(const plain *p, sx_norm norm)
{
    sx_error err = SX_NO_ERROR;
    sx_lp *lp = NULL;
    int32_t bounds = is_largest(norm) ? 1 : p->terms, rows = 2 * p->terms;
    int64_t at = 0;
    CHECK_OK(sx_lp_new(rows, p->n + bounds, (int64_t)rows * (p->n + 1), &lp, &err));
    for (int32_t j = 0; j < p->n; j++)
        lp->col_lo[j] = -INFINITY;
    for (int32_t j = 0; j < bounds; j++)
        lp->cost[p->n + j] = 1;
    for (int32_t i = 0; i < rows; i++) {
        int32_t t = i / 2;
        double scale = (i % 2 ? -1 : 1) * p->weight[t];
        for (int32_t j = 0; j < p->n; j++)
            entry(lp, &at, j, scale * p->row[(int64_t)t * p->n + j]);
        entry(lp, &at, p->n + (is_largest(norm) ? 0 : t), -1);
        lp->row_hi[i] = -scale * p->value[t];
        lp->start[i + 1] = at;
    }
    return lp;
}

static inline double solve(const sx_lp *lp, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_lp_solution *s = NULL;
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-8, &s, &err));
    if (s->outcome != SX_LP_OPTIMAL)
        print_error("world %d: outcome %d\n", (int)seed, (int)s->outcome);
    assert_true(s->outcome == SX_LP_OPTIMAL);
    double least = s->objective;
    sx_lp_solution_free(s);
    return least;
}

#endif
