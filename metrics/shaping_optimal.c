/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_optimal.c - the potential V*, which leaves nothing to look ahead for.
 *
 *     min sum_s V(s)   over   V >= r + gamma P V         (all states weigh the same)
 *     max sum x.r      over   x >= 0, sum_a x(s',a) - gamma sum x tau = 1
 *
 * solved as a Markov decision process.  The potential is feasible after adding its largest
 * violation / (1-gamma); x is the occupancy of an optimal policy that starts once in every
 * state. */
#include "metrics/shaping_int.h"
#include "solvers/control.h"
#include "solvers/evaluate.h"

#include <math.h>

static double largest(const double *r, int32_t n)
{
    double most = 0;
    for (int32_t k = 0; k < n; k++)
        most = !(fabs(r[k]) <= most) ? fabs(r[k]) : most;
    return most;
}

static sx_status find_occupancy(const sx_mdp *m, const int32_t *choice, double *y,
                                sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual, *start = sx_alloc((size_t)m->states, sizeof *start);
    sx_status st = start ? sx_evaluator_choice(m, choice, &e, err) : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        start[s] = 1;
    if (!st)
        st = sx_evaluator_occupancy(e, start, y, &residual, err);
    sx_evaluator_free(e);
    sx_release(start);
    return st;
}

sx_status sx_i_shape_optimal(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                             sx_error *err)
{
    sx_solve_options o = sx_solve_defaults();
    sx_solution *solution = NULL;
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    out->proof.count = m->pairs;
    out->proof.y = sx_alloc((size_t)m->pairs, sizeof *out->proof.y);
    if (!r || !out->proof.y) {
        sx_release(r);
        return sx_nomem(err);
    }
    sx_reward_mean(m, task->from, r);
    double size = largest(r, m->pairs);
    o.tolerance = size > 0 ? 1e-13 * size / (1 - m->discount) : 1;
    sx_status st = sx_solve(m, r, &o, &solution, err);
    if (!st)
        st = find_occupancy(m, solution->choice, out->proof.y, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        out->potential[s] = solution->value[s];
    out->scale = 1;
    out->unique = true;
    sx_solution_free(solution);
    sx_release(r);
    return st;
}

/* What is missing of V >= r + gamma P V at pair k. */
static long double violation(const sx_mdp *m, const double *r, const double *v, int32_t s,
                             int32_t k)
{
    long double ahead = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        ahead += (long double)m->prob[t] * v[m->next[t]];
    return r[k] + m->discount * ahead - v[s];
}

/* x.r less what the imbalance of x may be worth; negative entries count as 0. */
static long double lower_bound(const sx_mdp *m, const double *r, const double *y,
                               long double *balance, double size)
{
    long double sum = 0, error = 0;
    for (int32_t s = 0; s < m->states; s++)
        balance[s] -= 1;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double x = y[k] > 0 ? y[k] : 0;
            sum += (long double)x * r[k];
            balance[s] += x;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                balance[m->next[t]] -= (long double)x * m->discount * m->prob[t];
        }
    for (int32_t s = 0; s < m->states; s++)
        error += fabsl(balance[s]) * size / (1 - m->discount);
    return sum - error;
}

sx_status sx_i_shape_check_optimal(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                                   sx_error *err)
{
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    long double *balance = sx_alloc((size_t)m->states, sizeof *balance);
    long double total = 0, worst = 0;
    bool room = r && balance;
    if (room) {
        sx_reward_mean(m, task->from, r);
        double size = largest(r, m->pairs);
        for (int32_t s = 0; s < m->states; s++) {
            total += x->potential[s];
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                long double v = violation(m, r, x->potential, s, k);
                worst = !(v <= worst) ? v : worst;
            }
        }
        long double slack = m->states * worst / (1 - m->discount);
        long double unit = m->states * (size > 0 ? size : 1) / (1 - m->discount);
        x->size = NAN;
        x->residual = (double)total;
        x->lower = (double)lower_bound(m, r, x->proof.y, balance, size);
        x->gap = (double)fabsl((total + slack - x->lower) / unit);
        x->certified = x->gap <= task->tolerance && x->scale == 1;
    }
    sx_release(r);
    sx_release(balance);
    return room ? SX_OK : sx_nomem(err);
}
