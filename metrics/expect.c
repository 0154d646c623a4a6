/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expect.c - expectations of edits, each a share and a worst case.
 *
 * Every place that an expectation looks at has a merit, by how much it is met or (below)
 * missed; the worst case is the place of least merit, of equal ones the first. */
#include "metrics/expect.h"

#include <math.h>
#include <string.h>

static const char no_state[] = "no touched state has a choice before and after";
static const char never_best[] = "the first action is optimal before in no touched state";
static const char unknown_action[] = "the edited world has no such action";

/* --- what is optimal --- */

sx_best *sx_best_free(sx_best *b)
{
    if (!b)
        return NULL;
    sx_release(b->q);
    sx_release(b->best);
    return sx_release(b);
}

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* The largest of q over the pairs of state s with skip[k] == 0 (NULL: all), -1 for none. */
static int32_t best_of(const sx_mdp *m, const double *q, int32_t s, const signed char *skip)
{
    int32_t best = -1;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (!(skip && skip[k]) && (best < 0 || q[k] > q[best]))
            best = k;
    return best;
}

static void mark_best(const sx_mdp *m, double slack, sx_best *b)
{
    for (int32_t s = 0; s < m->states; s++) {
        double most = b->q[best_of(m, b->q, s, NULL)];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            b->best[k] = b->q[k] >= most - slack;
    }
}

sx_status sx_best_find(const sx_mdp *m, const double *r, double tolerance,
                       const sx_method *method, sx_best **out, sx_error *err)
{
    double scale = largest(r, m->pairs) / (1 - m->discount);
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    sx_best *b = sx_alloc(1, sizeof *b);
    *out = NULL;
    if (!b)
        return sx_nomem(err);
    o.method = method;
    o.tolerance = scale > 0 ? tolerance * scale / 4 : tolerance;
    b->q = sx_alloc((size_t)m->pairs, sizeof *b->q);
    b->best = sx_alloc((size_t)m->pairs, 1);
    sx_status st = b->q && b->best ? sx_solve(m, r, &o, &s, err) : sx_nomem(err);
    if (!st) {
        for (int32_t k = 0; k < m->pairs; k++) {
            double ahead = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                ahead += m->prob[t] * s->value[m->next[t]];
            b->q[k] = r[k] + m->discount * ahead;
        }
        mark_best(m, tolerance * scale + 2 * m->discount * s->value_error, b);
    }
    sx_solution_free(s);
    if (st)
        b = sx_best_free(b);
    *out = b;
    return st;
}

void sx_best_carry(const sx_mdp *from, const sx_mdp *to, const sx_match *match,
                   const unsigned char *best, signed char *was)
{
    for (int32_t s = 0; s < to->states; s++) {
        int32_t f = match->state[s];
        bool choice = f >= 0 && !from->absorbing[f];
        for (int32_t k = to->pair[s]; k < to->pair[s + 1]; k++) {
            int32_t p = match->pair[k];
            was[k] = (signed char)(choice ? p >= 0 && best[p] : -1);
        }
    }
}

/* --- places --- */

typedef struct tally {
    sx_expected *out;
    double least; /* merit */
} tally;

/* One place with its merit. */
static void look(tally *y, bool met, double merit, sx_expected place)
{
    sx_expected *out = y->out;
    place.satisfied = out->satisfied;
    place.met = out->met + met;
    place.count = out->count + 1;
    if (out->count == 0 || merit < y->least) {
        y->least = merit;
        *out = place;
    }
    out->met = place.met;
    out->count = place.count;
}

/* --- numbers --- */

/* How far `is` is on the right side of `was`. */
static double merit_of(const sx_expect_query *q, double was, double is)
{
    switch (q->expect) {
    case SX_EXPECT_INCREASE: return is - was;
    case SX_EXPECT_DECREASE: return was - is;
    case SX_EXPECT_LEVEL: return -fabs(is - q->level);
    default: return -fabs(is - was);
    }
}

static bool is_met(const sx_expect_query *q, double merit, double slack)
{
    bool strict = q->expect == SX_EXPECT_INCREASE || q->expect == SX_EXPECT_DECREASE;
    return strict ? merit > slack : merit >= -slack;
}

/* The touched triples of pair k of state s. */
static void check_pair(const sx_expect_query *q, int32_t s, int32_t k, double slack, tally *y)
{
    const sx_mdp *m = q->m;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        double was = q->carried ? q->carried->on[t] : (double)NAN, is = q->edited->on[t];
        double merit = merit_of(q, was, is);
        if (q->touched->entry[t])
            look(y, is_met(q, merit, slack), merit,
                 (sx_expected){.state = s,
                               .action = m->action[k],
                               .next = m->next[t],
                               .was = was,
                               .is = is});
    }
}

static void check_triples(const sx_expect_query *q, tally *y)
{
    const sx_mdp *m = q->m;
    double most = sx_reward_max_possible(m, q->edited);
    if (q->carried)
        most = fmax(most, sx_reward_max_possible(m, q->carried));
    if (q->expect == SX_EXPECT_LEVEL)
        most = fmax(most, fabs(q->level));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            check_pair(q, s, k, q->tolerance * most, y);
}

static void check_invariant(const sx_expect_query *q, tally *y)
{
    const sx_mdp *m = q->m;
    const double *was = q->advantage[0], *is = q->advantage[1];
    double most = fmax(largest(was, m->pairs), largest(is, m->pairs));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double merit = merit_of(q, was[k], is[k]);
            look(y, is_met(q, merit, q->tolerance * most), merit,
                 (sx_expected){.state = s,
                               .action = m->action[k],
                               .next = -1,
                               .was = was[k],
                               .is = is[k]});
        }
}

/* --- optimal actions --- */

static sx_expected at_pair(const sx_expect_query *q, int32_t s, int32_t k, double behind)
{
    return (sx_expected){
        .state = s, .action = q->m->action[k], .next = -1, .was = NAN, .is = behind};
}

/* No action that was optimal still is.  The merit is by how much the best of the others is
 * ahead of the best of those. */
static void check_flip(const sx_expect_query *q, int32_t s, tally *y)
{
    const sx_mdp *m = q->m;
    int32_t old = -1;
    bool still = false;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        if (!q->was[k])
            continue;
        still = still || q->now->best[k];
        if (old < 0 || q->now->q[k] > q->now->q[old])
            old = k;
    }
    int32_t other = best_of(m, q->now->q, s, q->was);
    if (old < 0) /* what was optimal is gone */
        look(y, true, INFINITY, at_pair(q, s, other, NAN));
    else {
        double merit = other < 0 ? -INFINITY : q->now->q[other] - q->now->q[old];
        look(y, !still, merit, at_pair(q, s, old, other < 0 ? (double)NAN : -merit));
    }
}

/* The first action was optimal; now the second is, and the first is not. */
static void check_transport(const sx_expect_query *q, int32_t s, tally *y)
{
    const sx_mdp *m = q->m;
    int32_t a = sx_mdp_pair(m, s, q->transports[0]), b = sx_mdp_pair(m, s, q->transports[1]);
    if (a < 0 || q->was[a] != 1)
        return;
    int32_t best = best_of(m, q->now->q, s, NULL);
    bool met = b >= 0 && q->now->best[b] && (a == b || !q->now->best[a]);
    if (!met && best == b)
        best = a; /* a tie */
    double behind = b < 0 ? (double)NAN : q->now->q[best] - q->now->q[b];
    look(y, met, b < 0 ? -INFINITY : -behind, at_pair(q, s, best, behind));
}

static void check_states(const sx_expect_query *q, tally *y)
{
    const sx_mdp *m = q->m;
    for (int32_t s = 0; s < m->states; s++) {
        int32_t first = m->pair[s];
        bool choice = m->pair[s + 1] - first > 1 && !m->absorbing[s] && q->was[first] >= 0;
        if (!choice || !q->touched->state[s])
            continue;
        if (q->expect == SX_EXPECT_FLIPS_BEST)
            check_flip(q, s, y);
        else
            check_transport(q, s, y);
    }
}

/* --- all together --- */

/* Why there is no answer, or NULL. */
static const char *missing(const sx_expect_query *q)
{
    switch (q->expect) {
    case SX_EXPECT_INVARIANT:
    case SX_EXPECT_TIE:
    case SX_EXPECT_INCREASE:
    case SX_EXPECT_DECREASE: return q->carried ? NULL : q->reason;
    case SX_EXPECT_TRANSPORTS:
        return q->transports[0] < 0 || q->transports[1] < 0 ? unknown_action : NULL;
    default: return NULL;
    }
}

void sx_expect_check(const sx_expect_query *q, sx_expected *out)
{
    tally y = {out, 0};
    *out = (sx_expected){{NAN, missing(q)}, 0, 0, -1, -1, -1, NAN, NAN};
    if (out->satisfied.reason)
        return;
    switch (q->expect) {
    case SX_EXPECT_INVARIANT: check_invariant(q, &y); break;
    case SX_EXPECT_FLIPS_BEST:
    case SX_EXPECT_TRANSPORTS: check_states(q, &y); break;
    default: check_triples(q, &y); break;
    }
    if (out->count)
        out->satisfied.value = (double)out->met / (double)out->count;
    else
        out->satisfied.reason = q->expect == SX_EXPECT_TRANSPORTS ? never_best : no_state;
}

/* --- moves --- */

/* -1, 0 or 1: the way that a number goes. */
static int way(double was, double is, double slack)
{
    double d = is - was;
    return (d > slack) - (d < -slack);
}

int64_t sx_moves_followed(const sx_mdp *m, const unsigned char *touched,
                          const double *const truth[2], const double *const reward[2],
                          double tolerance, int64_t *count)
{
    int32_t n = m->pairs;
    double slack = tolerance * fmax(largest(truth[0], n), largest(truth[1], n));
    double other = tolerance * fmax(largest(reward[0], n), largest(reward[1], n));
    int64_t met = 0;
    *count = 0;
    for (int32_t k = 0; k < n; k++) {
        int right = touched[k] ? way(truth[0][k], truth[1][k], slack) : 0;
        *count += right != 0;
        met += right != 0 && right == way(reward[0][k], reward[1][k], other);
    }
    return met;
}
