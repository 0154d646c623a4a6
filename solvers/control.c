/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.c - what all methods share: options, allocation, certificate, outcome.
 *
 * The certificate is made here from the values a method returns: first from one Bellman
 * backup in double; where that is wider than asked for, or the world is small, from policy
 * iteration in long double started at the greedy policy, whose return is a lower bound. */
#include "solvers/solvers_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum {
    POLISH_STATES = 30000, /* states up to which policy iteration may sharpen an answer */
    POLISH_ROUNDS = 50
};

const sx_method *const sx_methods[] = {&sx_i_modified_policy_iteration,
                                       &sx_i_policy_iteration_method, &sx_i_linear_programming,
                                       NULL};

const sx_method *sx_method_find(const char *name)
{
    for (int i = 0; sx_methods[i]; i++)
        if (strcmp(sx_methods[i]->name, name) == 0)
            return sx_methods[i];
    return NULL;
}

sx_solve_options sx_solve_defaults(void)
{
    return (sx_solve_options){
        .direction = SX_MAXIMISE, .tolerance = 1e-9, .max_sweeps = 10000000};
}

static sx_status check_allowed(const sx_mdp *m, const unsigned char *allowed, sx_error *err)
{
    for (int32_t s = 0; allowed && s < m->states; s++) {
        int32_t k = m->pair[s];
        while (k < m->pair[s + 1] && !allowed[k])
            k++;
        if (k == m->pair[s + 1])
            return sx_fail(err, SX_EARG, "no action is allowed in state %d", s);
    }
    return SX_OK;
}

static sx_status check_finite(const double *x, int32_t n, const char *what, sx_error *err)
{
    for (int32_t i = 0; x && i < n; i++)
        if (!(fabs(x[i]) < 1e300))
            return sx_fail(err, SX_EARG, "%s %d is %g: more than 1e300 in size, or no number",
                           what, i, x[i]);
    return SX_OK;
}

static sx_status check(const sx_mdp *m, const double *r, const sx_solve_options *o,
                       sx_error *err)
{
    if (!(o->tolerance > 0))
        return sx_fail(err, SX_EARG, "the tolerance must be above 0, not %g", o->tolerance);
    if (o->max_sweeps < 1)
        return sx_fail(err, SX_EARG, "at least one sweep must be allowed");
    if (!(m->discount >= 0 && m->discount < 1))
        return sx_fail(err, SX_EARG, "the discount must be in [0,1), not %g", m->discount);
    sx_status st = check_finite(r, m->pairs, "the reward of pair", err);
    if (!st)
        st = check_finite(o->warm, m->states, "the starting value of state", err);
    return st ? st : check_allowed(m, o->allowed, err);
}

static sx_status solution_new(int32_t states, sx_solution **out, sx_error *err)
{
    sx_solution *s = sx_alloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return sx_nomem(err);
    s->value = sx_alloc((size_t)states, sizeof *s->value);
    s->choice = sx_alloc((size_t)states, sizeof *s->choice);
    if (!s->value || !s->choice) {
        sx_solution_free(s);
        return sx_nomem(err);
    }
    *out = s;
    return SX_OK;
}

sx_solution *sx_solution_free(sx_solution *s)
{
    if (s) {
        sx_release(s->value);
        sx_release(s->choice);
    }
    return sx_release(s);
}

static double largest(const double *v, int32_t n)
{
    double size = 0;
    for (int32_t s = 0; s < n; s++) {
        if (!(fabs(v[s]) < INFINITY))
            return INFINITY;
        size = fmax(size, fabs(v[s]));
    }
    return size;
}

/* gamma rho x with the rho that makes it larger (up) or smaller. */
static double ahead(const sx_i_task *t, double x, bool up)
{
    return t->m->discount * ((x > 0) == up ? t->rho_hi : t->rho_lo) * x;
}

/* Fill s from one backup of v; w [S] is workspace. */
static void certify(const sx_i_task *t, const double *v, double *w, sx_solution *s)
{
    const sx_mdp *m = t->m;
    sx_i_range d = sx_i_backup(t, v, w, s->choice);
    double noise = sx_i_backup_noise(t, largest(v, m->states));
    d.lo -= noise;
    d.hi += noise;
    sx_i_range e = sx_i_value_range(t, d);
    double lo = ahead(t, e.lo, false) - noise, hi = ahead(t, e.hi, true) + noise;
    double middle = 0.5 * (lo + hi);
    long double j = 0, mass = 0, sizes = 0;
    for (int32_t i = 0; i < m->states; i++) {
        j += (long double)m->initial[i] * w[i];
        mass += m->initial[i];
        sizes += fabsl((long double)m->initial[i] * w[i]);
        s->value[i] = w[i] + middle;
    }
    double slip = (double)(sizes * m->states * LDBL_EPSILON) + DBL_EPSILON * (double)fabsl(j);
    s->lo = (double)(j + mass * lo) - slip;
    s->hi = (double)(j + mass * hi) + slip;
    s->value_error = 0.5 * (hi - lo) + DBL_EPSILON * largest(s->value, m->states);
}

/* Replace s by what policy iteration in long double proves, where that is narrower. */
static void adopt(const sx_mdp *m, const sx_i_exact *exact, sx_solution *s)
{
    long double j = 0, mass = 0, rounding = 0;
    for (int32_t i = 0; i < m->states; i++) {
        j += (long double)m->initial[i] * exact->x[i];
        rounding += fabsl(m->initial[i] * exact->x[i]);
        mass += m->initial[i];
    }
    double slip = (double)(rounding * m->states * LDBL_EPSILON);
    double lo = (double)(j - mass * exact->below) - slip;
    double hi = (double)(j + mass * exact->above) + slip;
    lo -= DBL_EPSILON * fabs(lo);
    hi += DBL_EPSILON * fabs(hi);
    if (!(hi - lo < s->hi - s->lo))
        return;
    s->lo = lo;
    s->hi = hi;
    for (int32_t i = 0; i < m->states; i++)
        s->value[i] = (double)exact->x[i];
    memcpy(s->choice, exact->choice, (size_t)m->states * sizeof *s->choice);
    s->value_error =
        fmax(exact->below, exact->above) + DBL_EPSILON * largest(s->value, m->states);
}

/* Sharpen s by policy iteration from its choice.  That this brings nothing is no error. */
static sx_status polish(const sx_i_task *t, sx_solution *s, sx_error *err)
{
    sx_error quiet = SX_NO_ERROR;
    size_t n = (size_t)t->m->states;
    sx_i_exact exact = {.x = sx_alloc(n, sizeof *exact.x),
                        .choice = sx_alloc(n, sizeof *exact.choice)};
    sx_status st = exact.x && exact.choice ? SX_OK : sx_nomem(err);
    if (!st) {
        memcpy(exact.choice, s->choice, n * sizeof *s->choice);
        sx_status done = sx_i_policy_iteration(t, POLISH_ROUNDS, &exact, &quiet);
        s->sweeps += 2 * exact.rounds;
        if (!done)
            adopt(t->m, &exact, s);
        if (done == SX_EMEM)
            st = sx_nomem(err);
    }
    sx_release(exact.x);
    sx_release(exact.choice);
    return st;
}

static void turn(sx_solution *s, int32_t states)
{
    double lo = s->lo;
    s->lo = -s->hi;
    s->hi = -lo;
    for (int32_t i = 0; i < states; i++)
        s->value[i] = -s->value[i];
}

/* Solve for rewards that are maximised; v [S] holds where to start, w [S] is workspace. */
static sx_status solve(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       double *w, sx_solution *s, sx_error *err)
{
    bool small = m->states <= SX_I_SMALL;
    const sx_method *method = o->method;
    if (!method)
        method = small ? &sx_i_policy_iteration_method : &sx_i_modified_policy_iteration;
    s->method = method->name;
    sx_status st = method->solve(m, r, o, v, &s->sweeps, err);
    if (st)
        return st;
    sx_i_task t = sx_i_task_measure(m, r, o->allowed);
    certify(&t, v, w, s);
    s->sweeps++;
    bool stopped = s->sweeps > o->max_sweeps;
    bool wide = !(s->hi - s->lo <= o->tolerance);
    if (!stopped && (small || (wide && m->states <= POLISH_STATES)))
        st = polish(&t, s, err);
    wide = !(s->hi - s->lo <= o->tolerance);
    s->outcome = !wide ? SX_SOLVED : stopped ? SX_STOPPED : SX_ROUNDING;
    return st;
}

/* What sx_solve needs while it works. */
typedef struct desk {
    double *v, *w;   /* [S] values; workspace */
    double *rewards; /* [K] in the sign that is maximised */
} desk;

static void desk_free(desk *b)
{
    sx_release(b->v);
    sx_release(b->w);
    sx_release(b->rewards);
}

static sx_status desk_new(const sx_mdp *m, const double *r, const sx_solve_options *o, desk *b,
                          sx_error *err)
{
    double sign = o->direction == SX_MINIMISE ? -1 : 1;
    b->v = sx_alloc((size_t)m->states, sizeof *b->v);
    b->w = sx_alloc((size_t)m->states, sizeof *b->w);
    b->rewards = sx_alloc((size_t)m->pairs, sizeof *b->rewards);
    if (!b->v || !b->w || !b->rewards)
        return sx_nomem(err);
    for (int32_t k = 0; k < m->pairs; k++)
        b->rewards[k] = sign * r[k];
    for (int32_t i = 0; o->warm && i < m->states; i++)
        b->v[i] = sign * o->warm[i];
    return SX_OK;
}

sx_status sx_solve(const sx_mdp *m, const double *r, const sx_solve_options *o,
                   sx_solution **out, sx_error *err)
{
    sx_solution *s = NULL;
    desk b = {NULL, NULL, NULL};
    *out = NULL;
    sx_status st = check(m, r, o, err);
    if (!st)
        st = solution_new(m->states, &s, err);
    if (!st)
        st = desk_new(m, r, o, &b, err);
    if (!st)
        st = solve(m, b.rewards, o, b.v, b.w, s, err);
    if (!st && o->direction == SX_MINIMISE)
        turn(s, m->states);
    desk_free(&b);
    if (st)
        s = sx_solution_free(s);
    *out = s;
    return st;
}

static double pair_value(const sx_mdp *m, const double *r, int32_t k, const double *v)
{
    long double sum = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        sum += (long double)m->prob[t] * v[m->next[t]];
    return (double)(r[k] + m->discount * sum);
}

int32_t sx_solution_ties(const sx_mdp *m, const double *r, const sx_solve_options *o,
                         const sx_solution *s, double slack, unsigned char *optimal)
{
    double sign = o->direction == SX_MINIMISE ? -1 : 1;
    int32_t count = 0;
    for (int32_t i = 0; i < m->states; i++) {
        double best = -INFINITY;
        for (int32_t k = m->pair[i]; k < m->pair[i + 1]; k++)
            if (!o->allowed || o->allowed[k])
                best = fmax(best, sign * pair_value(m, r, k, s->value));
        for (int32_t k = m->pair[i]; k < m->pair[i + 1]; k++) {
            bool may = !o->allowed || o->allowed[k];
            optimal[k] = may && sign * pair_value(m, r, k, s->value) >= best - slack;
            count += optimal[k];
        }
    }
    return count;
}
