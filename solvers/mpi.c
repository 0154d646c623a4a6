/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mpi.c - modified policy iteration (Puterman and Shin 1978), extrapolated.
 *
 *     w, choice <- T v;   then sweeps of w <- r_choice + gamma P_choice w
 *
 * Jacobi sweeps, so that adding a constant to v adds gamma times it to T v: then only the
 * span of the residual d = T v - v must shrink, which on worlds that mix is much faster
 * than gamma.  The sweeps end when they have brought their span to a fiftieth, after 20 of
 * them on most worlds; where 20 do not, v is extrapolated from the last of them, and their
 * number grows while the span hardly falls.  Extrapolation can disturb the choice of
 * actions; after enough steps that enlarged the span it is given up, and what is left is
 * modified policy iteration, which converges.
 *
 * Stops when the interval gamma/(1-gamma) (max d - min d) is within half the tolerance, or
 * the residual is at the rounding of computing it. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

enum { FEW_SWEEPS = 20, MANY_SWEEPS = 320, SETBACKS = 30, IDLE = 50 };

typedef struct work {
    sx_matrix *p;     /* the policy's matrix */
    double *w, *rpi;  /* [S] */
    int32_t *choice;  /* [S] */
    sx_i_trail trail; /* of the policy's sweeps */
    int32_t patience; /* sweeps of a policy */
    int32_t setbacks; /* extrapolations after which the span was much larger */
    double last_span; /* of the last improvement */
    bool leapt;       /* v was extrapolated since then */
    double least;     /* span so far */
    int32_t idle;     /* improvements since the span was least */
} work;

static void work_free(work *k)
{
    sx_matrix_free(k->p);
    sx_release(k->w);
    sx_release(k->rpi);
    sx_release(k->choice);
    sx_i_trail_free(&k->trail);
}

static sx_status work_new(const sx_mdp *m, work *k, sx_error *err)
{
    size_t n = (size_t)m->states;
    *k = (work){.patience = FEW_SWEEPS, .last_span = INFINITY, .least = INFINITY};
    k->w = sx_alloc(n, sizeof *k->w);
    k->rpi = sx_alloc(n, sizeof *k->rpi);
    k->choice = sx_alloc(n, sizeof *k->choice);
    if (!k->w || !k->rpi || !k->choice)
        return sx_nomem(err);
    sx_status st = sx_i_trail_new(m->states, &k->trail, err);
    return st ? st : sx_i_chain_room(m, &k->p, err);
}

/* to = from + by; returns the largest |to|. */
static double shifted(const double *from, double by, double *to, int32_t n)
{
    double size = 0;
    for (int32_t s = 0; s < n; s++) {
        double x = from[s] + by;
        to[s] = x;
        size = fabs(x) > size ? fabs(x) : size;
    }
    return size;
}

/* One sweep of the greedy policy; returns the span of its residual. */
static double policy_sweep(const sx_i_task *t, const work *k, const double *from, double *to)
{
    sx_i_system y = {k->p, t->m->discount, k->rpi};
    sx_i_range range = sx_i_sweep(&y, from, to);
    return range.hi - range.lo;
}

/* Sweeps of the greedy policy from trail.x[0]; v gets the result.  Only the last of them
 * leave a trail: until then two vectors, which may stay in the cache, take turns. */
static int64_t policy_sweeps(const sx_i_task *t, work *k, double *v, double span)
{
    int32_t n = t->m->states, done = 0, alone = k->patience - SX_I_DEPTH - 1;
    double now = INFINITY, goal = 0.02 * span;
    sx_i_trail *trail = &k->trail;
    trail->newest = 0;
    for (int32_t s = 0; s < n; s++)
        k->rpi[s] = t->r[k->choice[s]];
    sx_i_chain_choice(t->m, k->choice, k->p);
    for (; done < alone && !(now <= goal); done++) {
        now = policy_sweep(t, k, trail->x[0], trail->x[1]);
        double *swap = trail->x[0];
        trail->x[0] = trail->x[1];
        trail->x[1] = swap;
    }
    for (; done < k->patience && !(now <= goal); done++) {
        const double *from = sx_i_trail_at(trail, trail->newest++);
        now = policy_sweep(t, k, from, sx_i_trail_at(trail, trail->newest));
    }
    bool slow = !(now <= goal) && k->setbacks < SETBACKS;
    k->leapt = slow && sx_i_extrapolate(trail, v);
    if (!k->leapt)
        memcpy(v, sx_i_trail_at(trail, trail->newest), (size_t)n * sizeof *v);
    return done;
}

/* Set how many sweeps the next policy gets, from how the span fell. */
static void adapt(work *k, double span)
{
    if (k->leapt && span > 4 * k->last_span)
        k->setbacks++;
    if (span > 0.85 * k->last_span)
        k->patience = k->patience < MANY_SWEEPS ? 2 * k->patience : k->patience;
    else
        k->patience = k->patience > FEW_SWEEPS ? k->patience / 2 : k->patience;
    k->last_span = span;
    k->idle = span < 0.9 * k->least ? 0 : k->idle + 1;
    k->least = span < k->least ? span : k->least;
}

/* Whether a residual of this span cannot be improved on: it is at the noise of computing it,
 * or near and stands still. */
static bool at_rounding(const work *k, double span, double noise)
{
    return span <= 2 * noise || (span <= 100 * noise && k->idle >= IDLE);
}

static sx_status solve(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       int64_t *sweeps, sx_error *err)
{
    work k;
    sx_i_task t = sx_i_task_begin(m, r, o->allowed);
    double ahead = m->discount / (1 - m->discount), size = t.largest;
    sx_status st = work_new(m, &k, err);
    for (bool going = !st; going;) {
        sx_i_range d = sx_i_backup(&t, v, k.w, k.choice);
        double span = d.hi - d.lo, middle = 0.5 * (d.lo + d.hi);
        ++*sweeps;
        bool centred = span < 0.2 * sx_i_range_size(d);
        adapt(&k, span);
        bool done = ahead * span <= 0.5 * o->tolerance || !(span < INFINITY) ||
                    at_rounding(&k, span, sx_i_backup_noise(&t, size));
        going = !done && *sweeps < o->max_sweeps;
        double by = centred || done ? ahead * middle : 0;
        size = shifted(k.w, by, going ? k.trail.x[0] : v, m->states);
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
