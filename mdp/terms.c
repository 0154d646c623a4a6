/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms.c - a reward under construction: life cycle, and changes of single impossible triples.
 *
 * A specification may name a million triples one by one.  Each goes to the end of a list; the
 * list is sorted and merged into the exceptions before anything else looks at them. */
#include "mdp/terms_int.h"

#include <stdlib.h>
#include <string.h>

sx_status sx_i_terms_new(const sx_world *w, sx_i_terms **out, sx_error *err)
{
    *out = NULL;
    sx_i_terms *b = sx_alloc(1, sizeof *b);
    if (!b)
        return sx_nomem(err);
    b->world = w;
    b->m = w->mdp;
    b->source = sx_alloc((size_t)b->m->pairs, sizeof *b->source);
    b->left = sx_alloc((size_t)b->m->pairs, sizeof *b->left);
    b->right = sx_alloc((size_t)b->m->states, sizeof *b->right);
    b->block = sx_alloc(1, sizeof *b->block);
    sx_status st = b->source && b->left && b->right && b->block ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_reward_new(b->m, &b->r, err);
    if (st) {
        sx_i_terms_free(b);
        return st;
    }
    for (int32_t s = 0; s < b->m->states; s++)
        for (int32_t k = b->m->pair[s]; k < b->m->pair[s + 1]; k++)
            b->source[k] = s;
    *out = b;
    return SX_OK;
}

sx_i_terms *sx_i_terms_free(sx_i_terms *b)
{
    if (!b)
        return NULL;
    sx_reward_free(b->r);
    sx_release(b->source);
    sx_release(b->left);
    sx_release(b->right);
    sx_release(b->block);
    sx_release(b->change);
    return sx_release(b);
}

sx_status sx_i_terms_take(sx_i_terms *b, sx_reward **out, sx_error *err)
{
    *out = NULL;
    sx_status st = sx_i_terms_settle(b, err);
    if (!st && 2 * b->r->exceptions > sx_i_triples(b->m)) /* dense takes less memory */
        st = sx_reward_densify(b->m, b->r, err);
    if (!st) {
        *out = b->r;
        b->r = NULL;
    }
    return st;
}

static sx_status make_room(sx_i_terms *b, sx_error *err)
{
    if (b->changes < b->room)
        return SX_OK;
    int64_t room = b->room ? 2 * b->room : 64;
    sx_i_change *change = sx_realloc(b->change, (size_t)room, sizeof *change);
    if (!change)
        return sx_nomem(err);
    b->change = change;
    b->room = room;
    return SX_OK;
}

sx_status sx_i_terms_change(sx_i_terms *b, int32_t k, int32_t next, bool overrides,
                            double value, sx_error *err)
{
    if (b->r->unknown)
        return SX_OK;
    if (b->r->dense) {
        double *at = &b->r->dense[(int64_t)k * b->m->states + next];
        *at = overrides ? value : *at + value;
        return SX_OK;
    }
    sx_status st = make_room(b, err);
    if (!st) {
        b->change[b->changes] = (sx_i_change){k, next, b->changes, value, overrides};
        b->changes++;
    }
    return st;
}

static int by_triple(const void *left, const void *right)
{
    const sx_i_change *a = left, *b = right;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* Where the triple of change i stands to that of exception e: before, at, after (-1 0 1). */
static int place(const sx_i_change *c, const sx_exception *e)
{
    if (c->pair != e->pair)
        return c->pair < e->pair ? -1 : 1;
    return (c->state > e->state) - (c->state < e->state);
}

/* The changes of one triple, from i on, applied to value; *i moves behind them. */
static double apply_changes(const sx_i_terms *b, int64_t *i, double value)
{
    const sx_i_change *first = &b->change[*i];
    for (; *i < b->changes; ++*i) {
        const sx_i_change *c = &b->change[*i];
        if (c->pair != first->pair || c->state != first->state)
            break;
        value = c->overrides ? c->value : value + c->value;
    }
    return value;
}

static int64_t merge(const sx_i_terms *b, sx_exception *to)
{
    const sx_reward *r = b->r;
    int64_t n = 0;
    for (int64_t i = 0, j = 0; i < b->changes || j < r->exceptions;) {
        int order = i == b->changes      ? 1
                    : j == r->exceptions ? -1
                                         : place(&b->change[i], &r->exception[j]);
        if (order > 0) {
            to[n++] = r->exception[j++];
            continue;
        }
        sx_exception e = {b->change[i].pair, b->change[i].state, 0};
        double old =
            order == 0 ? r->exception[j++].value : sx_reward_sum_at(r, e.pair, e.state);
        e.value = apply_changes(b, &i, old);
        to[n++] = e;
    }
    return n;
}

sx_status sx_i_terms_settle(sx_i_terms *b, sx_error *err)
{
    if (!b->changes)
        return SX_OK;
    size_t most = (size_t)(b->changes + b->r->exceptions);
    sx_exception *exception = sx_alloc(most, sizeof *exception);
    if (!exception)
        return sx_nomem(err);
    qsort(b->change, (size_t)b->changes, sizeof *b->change, by_triple);
    b->r->exceptions = merge(b, exception);
    sx_release(b->r->exception);
    b->r->exception = exception;
    b->changes = 0;
    return SX_OK;
}
