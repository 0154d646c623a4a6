/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mdp_part.c - the part of a world that matters: reachable states, restriction. */
#include "mdp/mdp.h"

#include <string.h>

/* Mark s and put it on the stack, once. */
static void reach(int32_t s, unsigned char *reached, int32_t *stack, int32_t *top)
{
    if (!reached[s]) {
        reached[s] = 1;
        stack[(*top)++] = s;
    }
}

sx_status sx_mdp_reachable(const sx_mdp *m, unsigned char *reached, int32_t *count,
                           sx_error *err)
{
    int32_t top = 0, found = 0;
    int32_t *stack = sx_alloc((size_t)m->states, sizeof *stack);
    *count = 0;
    if (!stack)
        return sx_nomem(err);
    memset(reached, 0, (size_t)m->states);
    for (int32_t s = 0; s < m->states; s++)
        if (m->initial[s] > 0)
            reach(s, reached, stack, &top);
    while (top > 0) {
        int32_t s = stack[--top];
        found++;
        int64_t end = m->discount > 0 ? m->first[m->pair[s + 1]] : 0;
        for (int64_t t = m->first[m->pair[s]]; t < end; t++)
            reach(m->next[t], reached, stack, &top);
    }
    sx_release(stack);
    *count = found;
    return SX_OK;
}

sx_part *sx_part_free(sx_part *p)
{
    if (!p)
        return NULL;
    sx_mdp_free(p->mdp);
    sx_release(p->state);
    sx_release(p->pair);
    return sx_release(p);
}

/* place[s]: the index of s among the kept states, -1 for the others.  Returns their sizes. */
static sx_status measure(const sx_mdp *m, const unsigned char *keep, int32_t *place,
                         int32_t size[2], int64_t *entries, sx_error *err)
{
    size[0] = size[1] = 0;
    *entries = 0;
    for (int32_t s = 0; s < m->states; s++)
        place[s] = keep[s] ? size[0]++ : -1;
    for (int32_t s = 0; s < m->states; s++) {
        if (!keep[s])
            continue;
        size[1] += m->pair[s + 1] - m->pair[s];
        *entries += m->first[m->pair[s + 1]] - m->first[m->pair[s]];
        for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++)
            if (place[m->next[t]] < 0)
                return sx_fail(err, SX_EARG, "state %d is kept and leads to %d, which is not",
                               (int)s, (int)m->next[t]);
    }
    return size[0] ? SX_OK : sx_fail(err, SX_EARG, "no state is kept");
}

static void copy_state(const sx_mdp *m, int32_t s, const int32_t *place, sx_part *p,
                       int32_t *pair, int64_t *entry)
{
    sx_mdp *to = p->mdp;
    int32_t at = place[s];
    p->state[at] = s;
    to->initial[at] = m->initial[s];
    to->absorbing[at] = m->absorbing[s];
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        p->pair[*pair] = k;
        to->action[*pair] = m->action[k];
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++, ++*entry) {
            to->next[*entry] = place[m->next[t]];
            to->prob[*entry] = m->prob[t];
        }
        to->first[++*pair] = *entry;
    }
    to->pair[at + 1] = *pair;
}

sx_status sx_mdp_restrict(const sx_mdp *m, const unsigned char *keep, sx_part **out,
                          sx_error *err)
{
    int32_t size[2], pair = 0;
    int64_t entries, entry = 0;
    *out = NULL;
    sx_part *p = sx_alloc(1, sizeof *p);
    int32_t *place = sx_alloc((size_t)m->states, sizeof *place);
    sx_status st = p && place ? SX_OK : sx_nomem(err);
    if (!st)
        st = measure(m, keep, place, size, &entries, err);
    if (!st)
        st = sx_mdp_new(size[0], m->actions, size[1], entries, &p->mdp, err);
    if (!st) {
        p->state = sx_alloc((size_t)size[0], sizeof *p->state);
        p->pair = sx_alloc((size_t)size[1], sizeof *p->pair);
        st = p->state && p->pair ? SX_OK : sx_nomem(err);
    }
    if (!st) {
        for (int32_t s = 0; s < m->states; s++)
            if (keep[s])
                copy_state(m, s, place, p, &pair, &entry);
        p->mdp->discount = m->discount;
        sx_mdp_normalise(p->mdp);
    }
    sx_release(place);
    if (st)
        p = sx_part_free(p);
    *out = p;
    return st;
}
