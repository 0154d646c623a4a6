/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_quality.c - how soon value iteration and look-ahead act optimally.
 *
 *     V_0 = 0,   Q_k = r + gamma P V_k,   V_{k+1} = max_a Q_k
 *
 * What is greedy for Q_k looks k+1 steps ahead and counts nothing after them.  sweeps is the
 * least k whose greedy actions are all optimal; depth the least k+1 for which they are in the
 * states that they lead to from the start.  Action values within 1e-10 of the largest reward /
 * (1-gamma) are ties. */
#include "metrics/shaping.h"
#include "solvers/control.h"

#include <math.h>
#include <string.h>

static const double tie = 1e-10;

typedef struct agent {
    const sx_mdp *m;
    const double *reward;   /* [K] what it goes by */
    double slack;           /* ties of its values */
    double *value, *q;      /* [S] V_k  [K] Q_k */
    unsigned char *optimal; /* [K] for the truth */
    unsigned char *greedy;  /* [K] */
    unsigned char *reached; /* [S] */
    int32_t *queue;         /* [S] */
} agent;

static double largest(const double *r, int32_t n)
{
    double most = 0;
    for (int32_t k = 0; k < n; k++)
        most = fmax(most, fabs(r[k]));
    return most;
}

static double slack_of(const sx_mdp *m, const double *r)
{
    return tie * largest(r, m->pairs) / (1 - m->discount);
}

static void agent_clear(agent *a)
{
    sx_release(a->value);
    sx_release(a->q);
    sx_release(a->optimal);
    sx_release(a->greedy);
    sx_release(a->reached);
    sx_release(a->queue);
}

static sx_status agent_init(agent *a, sx_error *err)
{
    size_t states = (size_t)a->m->states, pairs = (size_t)a->m->pairs;
    a->slack = slack_of(a->m, a->reward);
    a->value = sx_alloc(states, sizeof *a->value);
    a->q = sx_alloc(pairs, sizeof *a->q);
    a->optimal = sx_alloc(pairs, 1);
    a->greedy = sx_alloc(pairs, 1);
    a->reached = sx_alloc(states, 1);
    a->queue = sx_alloc(states, sizeof *a->queue);
    return a->value && a->q && a->optimal && a->greedy && a->reached && a->queue
               ? SX_OK
               : sx_nomem(err);
}

/* Q_k, its greedy actions, and V_{k+1} in place of V_k. */
static void look(agent *a)
{
    const sx_mdp *m = a->m;
    for (int32_t k = 0; k < m->pairs; k++) {
        double ahead = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            ahead += m->prob[t] * a->value[m->next[t]];
        a->q[k] = a->reward[k] + m->discount * ahead;
    }
    for (int32_t s = 0; s < m->states; s++) {
        double best = -INFINITY;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            best = fmax(best, a->q[k]);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            a->greedy[k] = a->q[k] >= best - a->slack;
        a->value[s] = best;
    }
}

static bool acts_well(const agent *a, int32_t s)
{
    for (int32_t k = a->m->pair[s]; k < a->m->pair[s + 1]; k++)
        if (a->greedy[k] && !a->optimal[k])
            return false;
    return true;
}

static bool acts_well_everywhere(const agent *a)
{
    for (int32_t s = 0; s < a->m->states; s++)
        if (!acts_well(a, s))
            return false;
    return true;
}

static void reach(agent *a, int32_t s, int32_t *end)
{
    if (!a->reached[s]) {
        a->reached[s] = 1;
        a->queue[(*end)++] = s;
    }
}

/* In the states that its greedy actions lead to from the start. */
static bool acts_well_on_its_way(agent *a)
{
    const sx_mdp *m = a->m;
    int32_t end = 0;
    memset(a->reached, 0, (size_t)m->states);
    for (int32_t s = 0; s < m->states; s++)
        if (m->initial[s] > 0)
            reach(a, s, &end);
    for (int32_t i = 0; i < end; i++) {
        int32_t s = a->queue[i];
        if (!acts_well(a, s))
            return false;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; a->greedy[k] && t < m->first[k + 1]; t++)
                reach(a, m->next[t], &end);
    }
    return true;
}

/* The return, with rounding of nothing as 0. */
static double middle(const sx_solution *s, double size)
{
    double x = s->lo + (s->hi - s->lo) / 2;
    return fabs(x) <= 1e-14 * size ? 0 : x;
}

/* The least return of truth among policies of greedy actions. */
static sx_status unlucky_return(const agent *a, const double *truth, double *out, sx_error *err)
{
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    double size = largest(truth, a->m->pairs);
    o.direction = SX_MINIMISE;
    o.allowed = a->greedy;
    o.tolerance = size > 0 ? 1e-11 * size / (1 - a->m->discount) : 1;
    sx_status st = sx_solve(a->m, truth, &o, &s, err);
    *out = st ? (double)NAN : middle(s, size / (1 - a->m->discount));
    sx_solution_free(s);
    return st;
}

/* Optimal actions, return and gap of truth. */
static sx_status solve_truth(agent *a, const double *truth, sx_shape_quality *out,
                             sx_error *err)
{
    const sx_mdp *m = a->m;
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    double size = largest(truth, m->pairs), gap = INFINITY;
    o.tolerance = size > 0 ? 1e-11 * size / (1 - m->discount) : 1;
    sx_status st = sx_solve(m, truth, &o, &s, err);
    if (st)
        return st;
    out->optimal = middle(s, size / (1 - m->discount));
    double slack = fmax(2 * m->discount * s->value_error, slack_of(m, truth));
    (void)sx_solution_ties(m, truth, &o, s, slack, a->optimal);
    for (int32_t x = 0; x < m->states; x++) {
        double best = -INFINITY, second = -INFINITY;
        for (int32_t k = m->pair[x]; k < m->pair[x + 1]; k++) {
            double ahead = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                ahead += m->prob[t] * s->value[m->next[t]];
            double q = truth[k] + m->discount * ahead;
            best = fmax(best, q);
            second = a->optimal[k] ? second : fmax(second, q);
        }
        gap = fmin(gap, best - second);
    }
    sx_solution_free(s);
    out->gap = (sx_number){gap / largest(a->reward, m->pairs), NULL};
    if (!(gap < INFINITY) || !isfinite(out->gap.value))
        out->gap = (sx_number){NAN, "every action is optimal"};
    return SX_OK;
}

sx_status sx_shape_measure(const sx_mdp *m, const double *truth, const double *reward,
                           int64_t limit, sx_shape_quality *out, sx_error *err)
{
    static const char *const never = "not within the sweeps that were taken";
    agent a = {.m = m, .reward = reward};
    sx_status st = agent_init(&a, err);
    *out = (sx_shape_quality){.sweeps = {NAN, never}, .depth = {NAN, never}};
    if (!st)
        st = solve_truth(&a, truth, out, err);
    for (int64_t k = 0; !st && k <= limit && (out->sweeps.reason || k < 2); k++) {
        look(&a);
        if (k < 2)
            st = unlucky_return(&a, truth, &out->look_ahead[k], err);
        if (out->depth.reason && acts_well_on_its_way(&a))
            out->depth = (sx_number){(double)(k + 1), NULL};
        if (out->sweeps.reason && acts_well_everywhere(&a))
            out->sweeps = (sx_number){(double)k, NULL};
    }
    agent_clear(&a);
    return st;
}
