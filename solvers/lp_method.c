/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp_method.c - control as a linear program over occupancies (Manne 1960).
 *
 *     max r.x   subject to   sum_a x(s,a) - gamma sum tau(s|.) x = 1 for each s,   x >= 0
 *
 * All states start with weight 1, so the multipliers of the rows are V* in every state. */
#include "solvers/lp.h"
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

/* Rows by counting: each pair k stands in the rows of its state and of its successors. */
static void count_rows(const sx_mdp *m, const sx_i_task *t, sx_lp *lp)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (t->allowed && !t->allowed[k])
                continue;
            bool loops = false;
            for (int64_t i = m->first[k]; i < m->first[k + 1]; i++) {
                lp->start[m->next[i] + 1]++;
                loops = loops || m->next[i] == s;
            }
            lp->start[s + 1] += !loops;
        }
    for (int32_t s = 0; s < m->states; s++)
        lp->start[s + 1] += lp->start[s];
}

/* Append coefficient x of column j to row s; at [S]: the next free place of each row. */
static void put(sx_lp *lp, int64_t *at, int32_t s, int32_t j, double x)
{
    lp->col[at[s]] = j;
    lp->coef[at[s]++] = x;
}

/* Column j: pair k of state s. */
static void put_pair(const sx_mdp *m, int32_t s, int32_t k, int32_t j, int64_t *at, sx_lp *lp)
{
    bool loops = false;
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++) {
        bool here = m->next[i] == s;
        put(lp, at, m->next[i], j, (here ? 1 : 0) - m->discount * m->prob[i]);
        loops = loops || here;
    }
    if (!loops)
        put(lp, at, s, j, 1);
}

static void fill_rows(const sx_mdp *m, const sx_i_task *t, int64_t *at, sx_lp *lp)
{
    int32_t j = 0;
    memcpy(at, lp->start, (size_t)m->states * sizeof *at);
    for (int32_t s = 0; s < m->states; s++) {
        lp->row_lo[s] = lp->row_hi[s] = 1;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (t->allowed && !t->allowed[k])
                continue;
            put_pair(m, s, k, j, at, lp);
            lp->cost[j++] = t->r[k];
        }
    }
}

static sx_status solve(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       int64_t *sweeps, sx_error *err)
{
    sx_i_task t = sx_i_task_begin(m, r, o->allowed);
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    int32_t cols = m->pairs;
    for (int32_t k = 0; t.allowed && k < m->pairs; k++)
        cols -= !t.allowed[k];
    int64_t *at = sx_alloc((size_t)m->states, sizeof *at);
    sx_status st = at ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_lp_new(m->states, cols, m->entries + cols, &lp, err);
    if (!st) {
        lp->maximise = true;
        count_rows(m, &t, lp);
        fill_rows(m, &t, at, lp);
        st = sx_lp_solve(lp, SX_LP_PRIMAL, 1e-6, &s, err);
    }
    if (!st && s->outcome != SX_LP_OPTIMAL)
        st = sx_fail(err, SX_EFAULT,
                     "the linear program of the world was not solved to its tolerance");
    if (!st)
        memcpy(v, s->dual, (size_t)m->states * sizeof *v);
    *sweeps += 1;
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    sx_release(at);
    return st;
}

const sx_method sx_i_linear_programming = {
    .name = "linear-programming",
    .summary = "GLPK's simplex method on the occupancies; independent check for small worlds",
    .largest = 500,
    .solve = solve,
};
