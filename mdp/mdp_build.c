/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mdp_build.c - a world from a list of transitions. */
#include "mdp/mdp.h"

#include <stdlib.h>

/* The probability breaks ties, so that sums do not depend on the order of the list. */
static int by_triple(const void *left, const void *right)
{
    const sx_triple *a = left, *b = right;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->action != b->action)
        return a->action < b->action ? -1 : 1;
    if (a->next != b->next)
        return a->next < b->next ? -1 : 1;
    return (a->prob > b->prob) - (a->prob < b->prob);
}

static bool same_pair(const sx_triple *a, const sx_triple *b)
{
    return a->state == b->state && a->action == b->action;
}

static sx_status check_triple(int32_t states, int32_t actions, const sx_triple *t,
                              sx_error *err)
{
    if (t->state < 0 || t->state >= states || t->next < 0 || t->next >= states ||
        t->action < 0 || t->action >= actions)
        return sx_fail(err, SX_EINPUT, "the transition (%d, %d, %d) is out of range",
                       (int)t->state, (int)t->action, (int)t->next);
    if (!(t->prob >= 0 && t->prob <= 1))
        return sx_fail(err, SX_EINPUT,
                       "the probability %g of state %d, action %d, next %d is not in [0,1]",
                       t->prob, (int)t->state, (int)t->action, (int)t->next);
    return SX_OK;
}

/* Move the triples with positive probability to the front, in order, adding up those of
 * one (s,a,s').  *pairs: how many (s,a) they have.  Returns how many they are. */
static int64_t gather(sx_triple *triple, int64_t n, int64_t *pairs)
{
    int64_t kept = 0;
    *pairs = 0;
    for (int64_t i = 0; i < n; i++) {
        const sx_triple *last = kept ? &triple[kept - 1] : NULL;
        if (!(triple[i].prob > 0))
            continue;
        if (last && same_pair(last, &triple[i]) && last->next == triple[i].next) {
            triple[kept - 1].prob += triple[i].prob;
            continue;
        }
        *pairs += !last || !same_pair(last, &triple[i]);
        triple[kept++] = triple[i];
    }
    return kept;
}

/* n gathered triples into the arrays of m. */
static void fill(sx_mdp *m, const sx_triple *triple)
{
    int32_t k = -1, s = -1;
    for (int64_t t = 0; t < m->entries; t++) {
        if (t == 0 || !same_pair(&triple[t - 1], &triple[t])) {
            m->first[++k] = t;
            m->action[k] = triple[t].action;
            while (s < triple[t].state)
                m->pair[++s] = k;
        }
        m->next[t] = triple[t].next;
        m->prob[t] = triple[t].prob;
    }
    while (s < m->states)
        m->pair[++s] = m->pairs;
    m->first[m->pairs] = m->entries;
}

/* The first state that no triple leaves, or -1. */
static int32_t stuck_state(int32_t states, const sx_triple *triple, int64_t n)
{
    int32_t wanted = 0;
    for (int64_t i = 0; i < n; i++) {
        if (triple[i].state > wanted)
            return wanted;
        wanted = triple[i].state + 1;
    }
    return wanted < states ? wanted : -1;
}

sx_status sx_mdp_from_triples(int32_t states, int32_t actions, sx_triple *triple, int64_t n,
                              sx_mdp **out, sx_error *err)
{
    bool sorted = true;
    int64_t pairs;
    *out = NULL;
    for (int64_t i = 0; i < n; i++) {
        sx_status st = check_triple(states, actions, &triple[i], err);
        if (st)
            return st;
        sorted = sorted && (i == 0 || by_triple(&triple[i - 1], &triple[i]) <= 0);
    }
    if (!sorted)
        qsort(triple, (size_t)n, sizeof *triple, by_triple);
    n = gather(triple, n, &pairs);
    int32_t stuck = stuck_state(states, triple, n);
    if (stuck >= 0)
        return sx_fail(err, SX_EINPUT, "state %d has no action", (int)stuck);
    if (pairs > INT32_MAX)
        return sx_fail(err, SX_ELIMIT, "more than %d pairs of state and action",
                       (int)INT32_MAX);
    sx_status st = sx_mdp_new(states, actions, (int32_t)pairs, n, out, err);
    if (!st)
        fill(*out, triple);
    return st;
}
