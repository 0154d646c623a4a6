/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mpi.c - modified policy iteration (Puterman and Shin 1978).
 *
 *     w, choice <- T v;   then up to 20 sweeps of w <- r_choice + gamma P_choice w
 *
 * Jacobi sweeps, so that adding a constant to v adds gamma times it to T v: then only the
 * span of the residual d = T v - v must shrink, which on worlds that mix is much faster
 * than gamma.  Stops when the interval gamma/(1-gamma) (max d - min d) is within the
 * tolerance, or the residual is at the rounding of computing it. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

enum { POLICY_SWEEPS = 20 };

typedef struct work {
    sx_matrix *p;    /* the policy's matrix */
    double *w, *rpi; /* [S] */
    int32_t *choice; /* [S] */
} work;

static void work_free(work *k)
{
    sx_matrix_free(k->p);
    sx_release(k->w);
    sx_release(k->rpi);
    sx_release(k->choice);
}

static sx_status work_new(const sx_mdp *m, work *k, sx_error *err)
{
    size_t n = (size_t)m->states;
    *k = (work){.p = NULL};
    k->w = sx_alloc(n, sizeof *k->w);
    k->rpi = sx_alloc(n, sizeof *k->rpi);
    k->choice = sx_alloc(n, sizeof *k->choice);
    if (!k->w || !k->rpi || !k->choice)
        return sx_nomem(err);
    return sx_i_chain_room(m, &k->p, err);
}

/* v += by; returns the largest |v|. */
static double shift(double *v, double by, int32_t n)
{
    double size = 0;
    for (int32_t s = 0; s < n; s++) {
        v[s] += by;
        size = fabs(v[s]) > size ? fabs(v[s]) : size;
    }
    return size;
}

/* Sweeps of the greedy policy from v in place, until the span of the residual is a fiftieth
 * of what it was. */
static int64_t policy_sweeps(const sx_i_task *t, work *k, double *v, double span)
{
    int32_t n = t->m->states;
    int64_t done = 0;
    double *from = v, *to = k->w, now = INFINITY;
    for (int32_t s = 0; s < n; s++)
        k->rpi[s] = t->r[k->choice[s]];
    sx_i_chain_choice(t->m, k->choice, k->p);
    for (; done < POLICY_SWEEPS && !(now <= 0.02 * span); done++) {
        sx_i_range range = sx_i_sweep(k->p, t->m->discount, k->rpi, from, to);
        now = range.hi - range.lo;
        double *swap = from;
        from = to;
        to = swap;
    }
    if (from != v)
        memcpy(v, from, (size_t)n * sizeof *v);
    return done;
}

static sx_status solve(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       int64_t *sweeps, sx_error *err)
{
    work k;
    sx_i_task t = sx_i_task_measure(m, r, o->allowed);
    double ahead = m->discount / (1 - m->discount), size = t.largest;
    sx_status st = work_new(m, &k, err);
    for (bool going = !st; going;) {
        sx_i_range d = sx_i_backup(&t, v, k.w, k.choice);
        double span = d.hi - d.lo, middle = 0.5 * (d.lo + d.hi);
        ++*sweeps;
        bool centred = span < 0.2 * sx_i_range_size(d);
        bool done = ahead * span <= 0.5 * o->tolerance ||
                    span <= 2 * sx_i_backup_noise(&t, size) || !(span < INFINITY);
        memcpy(v, k.w, (size_t)m->states * sizeof *v);
        size = shift(v, centred || done ? ahead * middle : 0, m->states);
        going = !done && *sweeps < o->max_sweeps;
        if (going)
            *sweeps += policy_sweeps(&t, &k, v, span);
    }
    work_free(&k);
    return st;
}

const sx_method sx_i_modified_policy_iteration = {
    .name = "modified-policy-iteration",
    .summary = "sweeps of the greedy policy between improvements; any size",
    .largest = INT32_MAX,
    .solve = solve,
};
