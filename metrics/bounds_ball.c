/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds_ball.c - the largest ball of occupancies, and projections on its directions.
 *
 * Occupancies are { x >= 0 : A'x = mu }, A(k,s) = 1 where k is a pair of s, less
 * gamma tau(s|k); their directions are D = { d : A'd = 0 }, of dimension K - S where every
 * state is reachable.  The projection of e_k on D is what least squares by A leaves of it, of
 * length p(k).  A ball of radius rho in D round x stays in the polytope when
 * x(k) >= rho p(k) for all k, so with x = y + rho p
 *
 *     max rho   subject to   A'y + rho A'p = mu,  y >= 0,  rho >= 0
 *
 * The program only suggests a centre.  The policy that it belongs to is evaluated, and rho is
 * min x(k) / p(k) of the occupancy found so: a ball that is there even where the program was
 * not solved to the last digit.  p(k) computed is never too small, as what is left over is
 * shortest for exact least squares. */
#include "metrics/bounds_int.h"

#include "solvers/evaluate.h"
#include "solvers/lp.h"
#include "solvers/sparse.h"

#include <math.h>
#include <string.h>

/* A and what is made of it; pairs and states are those that count. */
typedef struct frame {
    const sx_regret_world *w;
    int32_t pairs, states;
    int32_t *pair;  /* [pairs] of the world */
    int32_t *local; /* [world's states] or -1 */
    sx_matrix *a;   /* [pairs x states] */
    sx_least_squares *fit;
    double *length;           /* [pairs] p */
    double *left, *potential; /* [pairs] [states] */
} frame;

static void frame_clear(frame *f)
{
    sx_least_squares_free(f->fit);
    sx_matrix_free(f->a);
    sx_release(f->pair);
    sx_release(f->local);
    sx_release(f->length);
    sx_release(f->left);
    sx_release(f->potential);
}

/* Row i of A: pair k of state s; columns ascending. */
static int64_t put_row(const frame *f, int32_t s, int32_t k, int64_t at)
{
    const sx_mdp *m = f->w->mdp;
    sx_matrix *a = f->a;
    bool own = false;
    for (int64_t t = m->first[k]; m->discount > 0 && t < m->first[k + 1]; t++) {
        int32_t y = m->next[t];
        if (!own && y > s) {
            a->col[at] = f->local[s];
            a->value[at++] = 1;
        }
        own = own || y >= s;
        a->col[at] = f->local[y];
        a->value[at++] = (y == s ? 1 : 0) - m->discount * m->prob[t];
    }
    if (!own) {
        a->col[at] = f->local[s];
        a->value[at++] = 1;
    }
    return at;
}

static void fill(frame *f)
{
    const sx_mdp *m = f->w->mdp;
    int32_t i = 0;
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; f->local[s] >= 0 && k < m->pair[s + 1]; k++) {
            f->pair[i] = k;
            at = put_row(f, s, k, at);
            f->a->start[++i] = at;
        }
}

/* Number what counts. */
static void count(frame *f)
{
    const sx_mdp *m = f->w->mdp;
    for (int32_t s = 0; s < m->states; s++) {
        bool counts = sx_i_counts(f->w, s);
        f->local[s] = counts ? f->states++ : -1;
        f->pairs += counts ? m->pair[s + 1] - m->pair[s] : 0;
    }
}

static sx_status frame_init(frame *f, sx_error *err)
{
    size_t n = (size_t)f->pairs;
    f->pair = sx_alloc(n, sizeof *f->pair);
    f->length = sx_alloc(n, sizeof *f->length);
    f->left = sx_alloc(n, sizeof *f->left);
    f->potential = sx_alloc((size_t)f->states, sizeof *f->potential);
    if (!f->pair || !f->length || !f->left || !f->potential)
        return sx_nomem(err);
    int64_t room = f->w->mdp->entries + f->pairs;
    sx_status st = sx_matrix_new(f->pairs, f->states, room, &f->a, err);
    if (!st) {
        fill(f);
        st = sx_least_squares_new(f->a, &f->fit, err);
    }
    return st;
}

/* x [pairs] <- its projection on D. */
static sx_status project(frame *f, double *x, sx_error *err)
{
    double residual;
    sx_status st = sx_least_squares_solve(f->fit, x, f->potential, &residual, err);
    if (st)
        return st;
    sx_matrix_times(f->a, f->potential, f->left);
    for (int32_t i = 0; i < f->pairs; i++)
        x[i] -= f->left[i];
    return SX_OK;
}

static double length_of(const double *x, int32_t n)
{
    return sqrt(sx_dot(x, x, n));
}

/* p */
static sx_status lengths(frame *f, sx_error *err)
{
    double *e = sx_alloc((size_t)f->pairs, sizeof *e);
    sx_status st = e ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < f->pairs; i++) {
        memset(e, 0, (size_t)f->pairs * sizeof *e);
        e[i] = 1;
        st = project(f, e, err);
        f->length[i] = st ? 0 : length_of(e, f->pairs);
    }
    sx_release(e);
    return st;
}

/* Each row of A' with its share of A'p; the last column is rho. */
static sx_status program(const frame *f, sx_lp **out, sx_error *err)
{
    const sx_matrix *a = f->a;
    sx_lp *lp = NULL;
    sx_status st = sx_lp_new(f->states, f->pairs + 1, a->start[f->pairs] + f->states, &lp, err);
    if (st)
        return st;
    for (int64_t t = 0; t < a->start[f->pairs]; t++)
        lp->start[a->col[t] + 1]++;
    for (int32_t s = 0; s < f->states; s++)
        lp->start[s + 1] += lp->start[s] + 1;
    sx_matrix_transposed_times(a, f->length, f->potential);
    for (int32_t s = f->states - 1; s >= 0; s--) {
        int64_t at = lp->start[s]++;
        lp->col[at] = f->pairs;
        lp->coef[at] = f->potential[s];
    }
    for (int32_t i = 0; i < f->pairs; i++)
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++) {
            int64_t at = lp->start[a->col[t]]++;
            lp->col[at] = i;
            lp->coef[at] = a->value[t];
        }
    for (int32_t s = f->states; s > 0; s--)
        lp->start[s] = lp->start[s - 1];
    lp->start[0] = 0;
    lp->cost[f->pairs] = 1;
    lp->maximise = true;
    *out = lp;
    return SX_OK;
}

/* The policy [K] of the occupancy y + rho p; uniform where nothing counts. */
static void policy_of(const frame *f, const double *y, double rho, double *pi)
{
    const sx_mdp *m = f->w->mdp;
    sx_policy_uniform(m, pi);
    for (int32_t i = 0; i < f->pairs; i++)
        pi[f->pair[i]] = fmax(y[i], 0) + fmax(rho, 0) * f->length[i];
    for (int32_t s = 0; s < m->states; s++) {
        double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sum += pi[k];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = sum > 0 ? pi[k] / sum : 1.0 / (m->pair[s + 1] - m->pair[s]);
    }
}

/* Centre and radius from a policy, which is overwritten by the centre. */
static sx_status settle(const frame *f, double *pi, sx_i_ball *ball, sx_error *err)
{
    sx_evaluator *e = NULL;
    double rho = INFINITY, residual = 0;
    sx_status st = sx_evaluator_new(f->w->mdp, pi, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, pi, &residual, err);
    for (int32_t i = 0; !st && i < f->pairs; i++)
        if (f->length[i] > 0)
            rho = fmin(rho, fmax(pi[f->pair[i]] - residual, 0) / f->length[i]);
    ball->radius.value = rho;
    ball->centre = pi;
    sx_evaluator_free(e);
    return st;
}

static sx_status largest_ball(const frame *f, sx_i_ball *ball, sx_error *err)
{
    const sx_mdp *m = f->w->mdp;
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    double *pi = sx_alloc((size_t)m->pairs, sizeof *pi);
    sx_status st = pi ? program(f, &lp, err) : sx_nomem(err);
    for (int32_t i = 0; !st && i < m->states; i++)
        if (f->local[i] >= 0)
            lp->row_lo[f->local[i]] = lp->row_hi[f->local[i]] = m->initial[i];
    if (!st)
        st = sx_lp_solve(lp, SX_LP_PRIMAL, 1e-6, &s, err);
    if (!st && s->outcome != SX_LP_OPTIMAL)
        st = sx_fail(err, SX_ELIB, "the linear program of the ball was not solved");
    if (!st) {
        policy_of(f, s->x, s->x[f->pairs], pi);
        st = settle(f, pi, ball, err);
    }
    if (!ball->centre)
        sx_release(pi);
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    return st;
}

/* The rewards, as they are used inside. */
static sx_status projections(frame *f, sx_i_ball *ball, sx_error *err)
{
    const sx_regret_world *w = f->w;
    sx_status st = SX_OK;
    for (int32_t j = 0; !st && j < w->rewards; j++) {
        if (w->range[j].trivial)
            continue;
        double *x = sx_alloc((size_t)f->pairs, sizeof *x);
        ball->projected[j] = x;
        for (int32_t i = 0; x && i < f->pairs; i++)
            x[i] = w->range[j].r[f->pair[i]];
        st = x ? project(f, x, err) : sx_nomem(err);
    }
    return st;
}

static sx_status find(frame *f, sx_i_ball *ball, sx_error *err)
{
    sx_status st = frame_init(f, err);
    if (!st)
        st = lengths(f, err);
    if (!st)
        st = largest_ball(f, ball, err);
    return st ? st : projections(f, ball, err);
}

/* Numbers that do not come out are a missing bound, no failure of the rest. */
static sx_status excuse(sx_status st, sx_i_ball *ball, sx_error *err)
{
    if (st != SX_ELIB && st != SX_EFAULT && st != SX_ELIMIT)
        return st;
    if (err)
        *err = (sx_error)SX_NO_ERROR;
    ball->radius = (sx_number){NAN, "the lower bound's linear program was not solved"};
    return SX_OK;
}

sx_status sx_i_ball_find(const sx_regret_world *w, int64_t limit, sx_i_ball *ball,
                         sx_error *err)
{
    frame f = {.w = w};
    *ball = (sx_i_ball){.radius = {0, NULL}};
    f.local = sx_alloc((size_t)w->mdp->states, sizeof *f.local);
    ball->projected = sx_alloc((size_t)w->rewards, sizeof *ball->projected);
    sx_status st = f.local && ball->projected ? SX_OK : sx_nomem(err);
    if (!st)
        count(&f);
    if (!st && (int64_t)f.states * f.pairs > limit)
        ball->radius = (sx_number){
            NAN, "the lower bound's linear program is above its limit: reachable states "
                 "times pairs"};
    else if (!st && f.pairs > f.states) /* else there is one policy, and nothing to bound */
        st = excuse(find(&f, ball, err), ball, err);
    frame_clear(&f);
    return st;
}

void sx_i_ball_release(const sx_regret_world *w, sx_i_ball *ball)
{
    for (int32_t j = 0; ball->projected && j < w->rewards; j++)
        sx_release(ball->projected[j]);
    sx_release(ball->projected);
    sx_release(ball->centre);
}
