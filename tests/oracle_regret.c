/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_regret.c - regrets from their definitions. */
#include "tests/oracle_regret.h"

#include "solvers/lp.h"
#include "tests/oracle_mdp.h"

#include <math.h>
#include <stdlib.h>

enum { ROOM = 4 * ORACLE_POLICIES };

static double dot(const double *a, const double *b, int32_t n)
{
    long double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += (long double)a[i] * b[i];
    return (double)sum;
}

oracle_returns *oracle_returns_new(const sx_mdp *m, const double *r1, const double *r2)
{
    oracle_returns *p = calloc(1, sizeof *p);
    int32_t *choice = calloc((size_t)m->states, sizeof *choice);
    double *pi = oracle_vector(m->pairs), *x = oracle_vector(m->pairs);
    p->j1 = oracle_vector(ROOM);
    p->j2 = oracle_vector(ROOM);
    oracle_first(m, choice);
    do {
        oracle_pure(m, choice, pi);
        oracle_occupancy(m, pi, NULL, x);
        p->j1[p->count] = dot(r1, x, m->pairs);
        p->j2[p->count++] = dot(r2, x, m->pairs);
    } while (oracle_next(m, choice) && p->count < ROOM);
    free(choice);
    free(pi);
    free(x);
    return p;
}

oracle_returns *oracle_returns_free(oracle_returns *p)
{
    if (p) {
        free(p->j1);
        free(p->j2);
    }
    free(p);
    return NULL;
}

void oracle_range(const oracle_returns *p, double lambda, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < p->count; i++) {
        double j = p->j1[i] - lambda * p->j2[i];
        range[0] = fmin(range[0], j);
        range[1] = fmax(range[1], j);
    }
}

void oracle_range_of_optimal(const oracle_returns *p, double slack, double range[2])
{
    double best = -INFINITY;
    for (int32_t i = 0; i < p->count; i++)
        best = fmax(best, p->j2[i]);
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < p->count; i++) {
        if (p->j2[i] >= best - slack) {
            range[0] = fmin(range[0], p->j1[i]);
            range[1] = fmax(range[1], p->j1[i]);
        }
    }
}

/* The program under construction: rows are appended. */
typedef struct builder {
    sx_lp *lp;
    int32_t row;
    int64_t at;
} builder;

static void term(builder *b, int32_t col, double coef)
{
    b->lp->col[b->at] = col;
    b->lp->coef[b->at++] = coef;
}

static void end_row(builder *b, double lo, double hi)
{
    b->lp->row_lo[b->row] = lo;
    b->lp->row_hi[b->row++] = hi;
    b->lp->start[b->row] = b->at;
}

/* sum_a x(s,a) - gamma sum_{k} tau(s|k) x(k) = (1-gamma) mu(s), x being the columns from
 * `base` on; occupancies are multiplied by 1-gamma here, so that they sum to 1. */
static void flow_rows(builder *b, const sx_mdp *m, int32_t base)
{
    for (int32_t s = 0; s < m->states; s++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            double own = k >= m->pair[s] && k < m->pair[s + 1];
            double coef = own - m->discount * oracle_prob(m, k, s);
            if (coef != 0)
                term(b, base + k, coef);
        }
        double flow = (1 - m->discount) * m->initial[s];
        end_row(b, flow, flow);
    }
}

static double size(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max > 0 ? max : 1;
}

double oracle_worst_case(const sx_mdp *m, const double *r1, const double *r2)
{
    int32_t pairs = m->pairs;
    sx_lp_solution *s = NULL;
    builder b = {NULL, 0, 0};
    double answer = NAN, s1 = size(r1, pairs), s2 = size(r2, pairs);
    int64_t entries = 2 * (int64_t)pairs * (m->states + 1);
    if (sx_lp_new(2 * m->states + 1, 2 * pairs, entries, &b.lp, NULL))
        return NAN;
    b.lp->maximise = true;
    flow_rows(&b, m, 0);
    flow_rows(&b, m, pairs);
    for (int32_t k = 0; k < pairs; k++) {
        term(&b, k, -r2[k] / s2);
        term(&b, pairs + k, r2[k] / s2);
        b.lp->cost[k] = r1[k] / s1;
        b.lp->cost[pairs + k] = -r1[k] / s1;
    }
    end_row(&b, 0, INFINITY);
    if (!sx_lp_solve(b.lp, SX_LP_PRIMAL, 1e-9, &s, NULL) && s->outcome == SX_LP_OPTIMAL)
        answer = s->objective * s1 / (1 - m->discount);
    sx_lp_solution_free(s);
    sx_lp_free(b.lp);
    return answer;
}
