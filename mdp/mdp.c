/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mdp.c - the arrays of a world: life cycle, look-ups, checks. */
#include "mdp/mdp.h"

#include <float.h>
#include <math.h>

static const double SUM_TOLERANCE = 1e-9;

sx_status sx_mdp_new(int32_t states, int32_t actions, int32_t pairs, int64_t entries,
                     sx_mdp **out, sx_error *err)
{
    *out = NULL;
    if (states < 1 || actions < 1 || pairs < states || entries < pairs)
        return sx_fail(err, SX_EARG,
                       "no world has %d states, %d actions, %d pairs and %lld transitions",
                       (int)states, (int)actions, (int)pairs, (long long)entries);
    sx_mdp *m = sx_alloc(1, sizeof *m);
    if (!m)
        return sx_nomem(err);
    m->states = states;
    m->actions = actions;
    m->pairs = pairs;
    m->entries = entries;
    m->pair = sx_alloc((size_t)states + 1, sizeof *m->pair);
    m->action = sx_alloc((size_t)pairs, sizeof *m->action);
    m->first = sx_alloc((size_t)pairs + 1, sizeof *m->first);
    m->next = sx_alloc((size_t)entries, sizeof *m->next);
    m->prob = sx_alloc((size_t)entries, sizeof *m->prob);
    m->initial = sx_alloc((size_t)states, sizeof *m->initial);
    m->absorbing = sx_alloc((size_t)states, sizeof *m->absorbing);
    if (!m->pair || !m->action || !m->first || !m->next || !m->prob || !m->initial ||
        !m->absorbing) {
        sx_mdp_free(m);
        return sx_nomem(err);
    }
    *out = m;
    return SX_OK;
}

sx_mdp *sx_mdp_free(sx_mdp *m)
{
    if (!m)
        return NULL;
    sx_release(m->pair);
    sx_release(m->action);
    sx_release(m->first);
    sx_release(m->next);
    sx_release(m->prob);
    sx_release(m->initial);
    sx_release(m->absorbing);
    return sx_release(m);
}

/* pair and first run from 0 to their end without an empty group. */
static sx_status check_offsets(const sx_mdp *m, sx_error *err)
{
    if (m->pair[0] != 0 || m->pair[m->states] != m->pairs)
        return sx_fail(err, SX_EINPUT, "the pairs of the states do not cover 0..%d",
                       (int)m->pairs - 1);
    for (int32_t s = 0; s < m->states; s++)
        if (m->pair[s] >= m->pair[s + 1])
            return sx_fail(err, SX_EINPUT, "state %d has no action", (int)s);
    if (m->first[0] != 0 || m->first[m->pairs] != m->entries)
        return sx_fail(err, SX_EINPUT, "the transitions of the pairs do not cover 0..%lld",
                       (long long)m->entries - 1);
    for (int32_t k = 0; k < m->pairs; k++)
        if (m->first[k] >= m->first[k + 1])
            return sx_fail(err, SX_EINPUT, "pair %d has no transition", (int)k);
    return SX_OK;
}

static sx_status check_successors(const sx_mdp *m, int32_t s, int32_t k, sx_error *err)
{
    int32_t a = m->action[k];
    double sum = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        int32_t next = m->next[t];
        if (next < 0 || next >= m->states || (t > m->first[k] && next <= m->next[t - 1]))
            return sx_fail(err, SX_EINPUT,
                           "the successors of state %d under action %d are out of range or "
                           "not ascending",
                           (int)s, (int)a);
        if (!(m->prob[t] > 0 && m->prob[t] <= 1 + SUM_TOLERANCE))
            return sx_fail(err, SX_EINPUT,
                           "the probability %g of state %d, action %d, next %d is not in (0,1]",
                           m->prob[t], (int)s, (int)a, (int)next);
        sum += m->prob[t];
    }
    if (!(fabs(sum - 1) <= SUM_TOLERANCE))
        return sx_fail(err, SX_EINPUT,
                       "the probabilities of state %d under action %d sum to %.17g, not 1",
                       (int)s, (int)a, sum);
    return SX_OK;
}

static sx_status check_state(const sx_mdp *m, int32_t s, sx_error *err)
{
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        int32_t a = m->action[k];
        if (a < 0 || a >= m->actions || (k > m->pair[s] && a <= m->action[k - 1]))
            return sx_fail(err, SX_EINPUT,
                           "the actions of state %d are out of range or not ascending", (int)s);
        sx_status st = check_successors(m, s, k, err);
        if (st)
            return st;
        int64_t t = m->first[k];
        if (m->absorbing[s] && (m->first[k + 1] != t + 1 || m->next[t] != s))
            return sx_fail(err, SX_EINPUT, "absorbing state %d can be left under action %d",
                           (int)s, (int)a);
    }
    return SX_OK;
}

static sx_status check_initial(const sx_mdp *m, sx_error *err)
{
    double sum = 0;
    for (int32_t s = 0; s < m->states; s++) {
        if (!(m->initial[s] >= 0))
            return sx_fail(err, SX_EINPUT, "the initial probability %g of state %d is negative",
                           m->initial[s], (int)s);
        sum += m->initial[s];
    }
    if (!(fabs(sum - 1) <= SUM_TOLERANCE))
        return sx_fail(err, SX_EINPUT, "the initial probabilities sum to %.17g, not 1", sum);
    return SX_OK;
}

sx_status sx_mdp_check(const sx_mdp *m, sx_error *err)
{
    if (m->states < 1 || m->actions < 1 || m->pairs < m->states || m->entries < m->pairs)
        return sx_fail(err, SX_EINPUT, "a world has at least one state, action and transition");
    if (!(m->discount >= 0 && m->discount < 1))
        return sx_fail(err, SX_EINPUT, "the discount %g is not in [0,1)", m->discount);
    sx_status st = check_offsets(m, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        st = check_state(m, s, err);
    if (!st)
        st = check_initial(m, err);
    return st;
}

/* Divide p [n] by its sum, unless only rounding keeps that from 1: what was normalised once
 * keeps its bits.  No number is above 1 afterwards. */
static void divide_by_sum(double *p, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += p[i];
    bool divide = sum > 0 && !(fabs(sum - 1) <= (double)n * DBL_EPSILON);
    for (int64_t i = 0; i < n; i++) {
        if (divide)
            p[i] /= sum;
        if (p[i] > 1)
            p[i] = 1;
    }
}

void sx_mdp_normalise(sx_mdp *m)
{
    for (int32_t k = 0; k < m->pairs; k++)
        divide_by_sum(m->prob + m->first[k], m->first[k + 1] - m->first[k]);
    divide_by_sum(m->initial, m->states);
}

void sx_policy_normalise(const sx_mdp *m, double *pi)
{
    for (int32_t s = 0; s < m->states; s++)
        divide_by_sum(pi + m->pair[s], m->pair[s + 1] - m->pair[s]);
}

/* The place of value in the ascending list[low .. high-1], or -1. */
static int64_t find(const int32_t *list, int64_t low, int64_t high, int32_t value)
{
    int64_t end = high;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (list[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && list[low] == value ? low : -1;
}

int32_t sx_mdp_pair(const sx_mdp *m, int32_t s, int32_t a)
{
    return (int32_t)find(m->action, m->pair[s], m->pair[s + 1], a);
}

int64_t sx_mdp_entry(const sx_mdp *m, int32_t k, int32_t s)
{
    return find(m->next, m->first[k], m->first[k + 1], s);
}

int32_t sx_mdp_pair_state(const sx_mdp *m, int32_t k)
{
    int32_t low = 0, high = m->states;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (m->pair[middle] <= k)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t sx_mdp_entry_pair(const sx_mdp *m, int64_t t)
{
    int32_t low = 0, high = m->pairs;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (m->first[middle] <= t)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void sx_policy_uniform(const sx_mdp *m, double *pi)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = 1.0 / (m->pair[s + 1] - m->pair[s]);
}
