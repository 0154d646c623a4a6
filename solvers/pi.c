/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pi.c - policy iteration (Howard 1960) with exact evaluation.
 *
 * Values are held in long double.  A state changes its action only for one that is better
 * by more than rounding, and the iteration ends when no state changes or the sum of all
 * values no longer grows, so exact ties cannot make it cycle.  With x the values of the
 * last policy, known within b, and d the largest improvement left over,
 *
 *     x - b <= V^pi <= V* <= x + d / (1 - gamma rho). */
#include "solvers/solvers_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* r_k + gamma tau_k . x */
static long double action_value(const sx_i_task *t, int32_t k, const long double *x)
{
    const sx_mdp *m = t->m;
    long double sum = 0;
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        sum += m->prob[i] * x[m->next[i]];
    return t->r[k] + m->discount * sum;
}

/* The best value in state s; *choice moves to it when it is better by more than noise. */
static long double improve_state(const sx_i_task *t, int32_t s, const long double *x,
                                 double noise, int32_t *choice)
{
    long double best = action_value(t, *choice, x), present = best;
    int32_t which = *choice;
    for (int32_t k = t->m->pair[s]; k < t->m->pair[s + 1]; k++) {
        if (t->allowed && !t->allowed[k])
            continue;
        long double q = action_value(t, k, x);
        which = q > best ? k : which;
        best = q > best ? q : best;
    }
    *choice = best > present + noise ? which : *choice;
    return best;
}

/* Improve choice where x shows how.  *gain: max of T x - x; returns how many changed. */
static int32_t improve(const sx_i_task *t, const long double *x, double noise, int32_t *choice,
                       double *gain)
{
    int32_t changed = 0;
    double most = -INFINITY;
#pragma omp parallel for schedule(static) reduction(max : most)                                \
    reduction(+ : changed) if (t->m->states >= SX_I_PARALLEL)
    for (int32_t s = 0; s < t->m->states; s++) {
        int32_t old = choice[s];
        double more = (double)(improve_state(t, s, x, noise, &choice[s]) - x[s]);
        most = more > most ? more : most;
        changed += choice[s] != old;
    }
    *gain = most;
    return changed;
}

static long double total(const long double *x, int32_t n, double *size)
{
    long double sum = 0, largest = 0;
    for (int32_t s = 0; s < n; s++) {
        sum += x[s];
        largest = fmaxl(largest, fabsl(x[s]));
    }
    *size = (double)largest;
    return sum;
}

/* Rounds with e, made for exact->choice; next [S] is workspace. */
static sx_status iterate(const sx_i_task *t, int64_t limit, sx_evaluator *e, int32_t *next,
                         sx_i_exact *exact, sx_error *err)
{
    int32_t n = t->m->states;
    size_t bytes = (size_t)n * sizeof *next;
    sx_status st = SX_OK;
    long double before = -HUGE_VALL;
    for (bool going = true; !st && going;) {
        double bound = 0, size = 0, gain = 0;
        st = sx_i_evaluator_long(e, t->r, exact->x, &bound, err);
        if (st)
            break;
        exact->rounds++;
        long double now = total(exact->x, n, &size);
        double noise = (t->longest + 6) * (double)LDBL_EPSILON * (t->largest + size);
        memcpy(next, exact->choice, bytes);
        int32_t changed = improve(t, exact->x, noise, next, &gain);
        sx_i_range d = {-noise, fmax(0, gain) + noise};
        exact->below = bound;
        exact->above = sx_i_value_range(t, d).hi;
        going = changed > 0 && now > before && exact->rounds < limit;
        before = now;
        if (going) {
            memcpy(exact->choice, next, bytes);
            sx_i_evaluator_renew(e, next);
        }
    }
    return st;
}

sx_status sx_i_policy_iteration(const sx_i_task *t, int64_t limit, sx_i_exact *exact,
                                sx_error *err)
{
    sx_evaluator *e = NULL;
    exact->rounds = 0;
    int32_t *next = sx_alloc((size_t)t->m->states, sizeof *next);
    sx_status st = next ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_evaluator_choice(t->m, exact->choice, &e, err);
    if (!st)
        st = iterate(t, limit, e, next, exact, err);
    sx_evaluator_free(e);
    sx_release(next);
    return st;
}

static sx_status solve(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       int64_t *sweeps, sx_error *err)
{
    sx_i_task t = sx_i_task_measure(m, r, o->allowed);
    size_t n = (size_t)m->states;
    double *w = sx_alloc(n, sizeof *w);
    sx_i_exact exact = {.x = sx_alloc(n, sizeof *exact.x),
                        .choice = sx_alloc(n, sizeof *exact.choice)};
    sx_status st = w && exact.x && exact.choice ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_i_backup(&t, v, w, exact.choice);
        st = sx_i_policy_iteration(&t, o->max_sweeps, &exact, err);
        *sweeps += 1 + 2 * exact.rounds;
    }
    for (int32_t s = 0; !st && s < m->states; s++)
        v[s] = (double)exact.x[s];
    sx_release(w);
    sx_release(exact.x);
    sx_release(exact.choice);
    return st;
}

const sx_method sx_i_policy_iteration_method = {
    .name = "policy-iteration",
    .summary = "each policy evaluated exactly by sparse elimination; for small worlds",
    .largest = 20000,
    .solve = solve,
};
