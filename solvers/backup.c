/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup.c - the Bellman optimality operator, and what its residual proves.
 *
 *     (T v)(s) = max_k r_k + gamma sum_t prob_t v(next_t)
 *
 * With e = V* - v and d = T v - v:  sup e <= max d + gamma rho sup e and likewise below,
 * rho the sums of the rows, which are 1 only up to rounding. */
#include "solvers/solvers_int.h"

#include <float.h>
#include <math.h>

sx_i_task sx_i_task_begin(const sx_mdp *m, const double *r, const unsigned char *allowed)
{
    double largest = 0;
    int64_t longest = 0;
    for (int32_t k = 0; k < m->pairs; k++) {
        if (allowed && !allowed[k])
            continue;
        int64_t length = m->first[k + 1] - m->first[k];
        largest = fabs(r[k]) > largest ? fabs(r[k]) : largest;
        longest = length > longest ? length : longest;
    }
    return (sx_i_task){
        .m = m, .r = r, .allowed = allowed, .largest = largest, .longest = (double)longest};
}

sx_i_task sx_i_task_measure(const sx_mdp *m, const double *r, const unsigned char *allowed)
{
    sx_i_task task = sx_i_task_begin(m, r, allowed);
    double lo = INFINITY, hi = -INFINITY;
#pragma omp parallel for schedule(static) reduction(min \
                                                    : lo) \
    reduction(max \
              : hi) if (m->states >= SX_I_PARALLEL)
    for (int32_t k = 0; k < m->pairs; k++) {
        if (allowed && !allowed[k])
            continue;
        long double sum = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            sum += m->prob[t];
        lo = (double)sum < lo ? (double)sum : lo;
        hi = (double)sum > hi ? (double)sum : hi;
    }
    task.rho_lo = lo * (1 - DBL_EPSILON);
    task.rho_hi = hi * (1 + DBL_EPSILON);
    return task;
}

/* r_k + gamma tau_k . v */
static inline double action_value(const sx_i_task *t, int32_t k, const double *v)
{
    const sx_mdp *m = t->m;
    double sum = 0;
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        sum += m->prob[i] * v[m->next[i]];
    return t->r[k] + m->discount * sum;
}

/* The best of state s, the first of equals. */
typedef struct best {
    double value;
    int32_t pair;
} best;

static inline best best_pair(const sx_i_task *t, int32_t s, const double *v)
{
    best b = {-INFINITY, t->m->pair[s]};
    for (int32_t k = t->m->pair[s]; k < t->m->pair[s + 1]; k++) {
        if (t->allowed && !t->allowed[k])
            continue;
        double q = action_value(t, k, v);
        b.pair = q > b.value ? k : b.pair;
        b.value = q > b.value ? q : b.value;
    }
    return b;
}

sx_i_range sx_i_backup(const sx_i_task *t, const double *v, double *w, int32_t *choice)
{
    double lo = INFINITY, hi = -INFINITY;
    int bad = 0;
#pragma omp parallel for schedule(static) reduction(min \
                                                    : lo) reduction(max \
                                                                    : hi) \
    reduction(| \
              : bad) if (t->m->states >= SX_I_PARALLEL)
    for (int32_t s = 0; s < t->m->states; s++) {
        best b = best_pair(t, s, v);
        double change = b.value - v[s];
        w[s] = b.value;
        choice[s] = b.pair;
        lo = change < lo ? change : lo;
        hi = change > hi ? change : hi;
        bad |= !(fabs(change) < INFINITY);
    }
    return bad ? (sx_i_range){-INFINITY, INFINITY} : (sx_i_range){lo, hi};
}

double sx_i_backup_noise(const sx_i_task *t, double size)
{
    return 0.5 * DBL_EPSILON * (t->longest + 4) * (t->largest + 2 * size);
}

/* x solves x = d + gamma rho x with the rho that makes it larger (up) or smaller. */
static double solve_for(const sx_i_task *t, double d, bool up)
{
    double rho = (d > 0) == up ? t->rho_hi : t->rho_lo;
    double slack = 1 - t->m->discount * rho;
    if (!(slack > 0) || !(fabs(d) < INFINITY))
        return up ? INFINITY : -INFINITY;
    return d / slack;
}

sx_i_range sx_i_value_range(const sx_i_task *t, sx_i_range d)
{
    return (sx_i_range){solve_for(t, d.lo, false), solve_for(t, d.hi, true)};
}
