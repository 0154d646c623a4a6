/* SPDX-License-Identifier: GPL-3.0-or-later */
/* carry.c - a reward of one world on the triples of another: R'(s,a,s') = R(xs,xa,xs').
 *
 * The sides of the sum form are indexed anew.  Exceptions stay exceptions, and a triple that
 * was possible, with a value of its own, and is so no longer becomes one. */
#include "mdp/match.h"
#include "mdp/reward_int.h"

#include <math.h>
#include <stdlib.h>

static const char NO_COUNTERPART[] =
    "the edited world has a state, or an action in a state, that the original one lacks";

typedef struct carrier {
    const sx_match *x;
    const sx_mdp *from, *to;
    const sx_reward *r;
    sx_reward *out;
} carrier;

sx_status sx_i_pick(const double *value, const int32_t *index, int32_t n, double **out,
                    sx_error *err)
{
    if (!value)
        return SX_OK;
    *out = sx_alloc((size_t)n, sizeof **out);
    for (int32_t i = 0; *out && i < n; i++)
        (*out)[i] = value[index[i]];
    return *out ? SX_OK : sx_nomem(err);
}

static sx_status carry_sides(const carrier *c, sx_error *err)
{
    const sx_match *x = c->x;
    sx_reward *out = c->out;
    sx_status st = sx_i_pick(c->r->left, x->pair, c->to->pairs, &out->left, err);
    if (!st)
        st = sx_i_pick(c->r->right, x->state, c->to->states, &out->right, err);
    if (!st && c->r->products) {
        out->product = sx_alloc((size_t)c->r->products, sizeof *out->product);
        st = out->product ? SX_OK : sx_nomem(err);
    }
    for (int32_t i = 0; i < c->r->products && !st; i++) {
        sx_product *p = &out->product[out->products++];
        st = sx_i_pick(c->r->product[i].left, x->pair, c->to->pairs, &p->left, err);
        if (!st)
            st = sx_i_pick(c->r->product[i].right, x->state, c->to->states, &p->right, err);
    }
    return st;
}

/* --- exceptions ------------------------------------------------------------------------- */

/* The triple of `to` that corresponds to (pair, state) of from; false when there is none or
 * it is possible. */
static bool is_impossible(const carrier *c, int32_t pair, int32_t state, sx_exception *e)
{
    e->pair = c->x->pair_back[pair];
    e->state = c->x->state_back[state];
    return e->pair >= 0 && e->state >= 0 && sx_mdp_entry(c->to, e->pair, e->state) < 0;
}

/* All exceptions into list, unless it is NULL; how many they are. */
static int64_t list_exceptions(const carrier *c, sx_exception *list)
{
    int64_t n = 0;
    sx_exception e;
    for (int64_t i = 0; i < c->r->exceptions; i++) {
        const sx_exception *old = &c->r->exception[i];
        e.value = old->value;
        if (is_impossible(c, old->pair, old->state, &e) && n++ >= 0 && list)
            list[n - 1] = e;
    }
    for (int32_t k = 0; k < c->from->pairs; k++)
        for (int64_t t = c->from->first[k]; t < c->from->first[k + 1]; t++) {
            e.value = c->r->on[t];
            if (!is_impossible(c, k, c->from->next[t], &e) ||
                e.value == sx_reward_sum_at(c->out, e.pair, e.state))
                continue;
            if (list)
                list[n] = e;
            n++;
        }
    return n;
}

static int by_triple(const void *left, const void *right)
{
    const sx_exception *a = left, *b = right;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return (a->state > b->state) - (a->state < b->state);
}

static sx_status carry_sum(const carrier *c, sx_error *err)
{
    sx_reward *out = c->out;
    sx_status st = carry_sides(c, err);
    int64_t n = st ? 0 : list_exceptions(c, NULL);
    if (st || !n)
        return st;
    out->exception = sx_alloc((size_t)n, sizeof *out->exception);
    if (!out->exception)
        return sx_nomem(err);
    out->exceptions = list_exceptions(c, out->exception);
    bool sorted = true;
    for (int64_t i = 1; i < n; i++)
        sorted = sorted && by_triple(&out->exception[i - 1], &out->exception[i]) < 0;
    if (!sorted)
        qsort(out->exception, (size_t)n, sizeof *out->exception, by_triple);
    return 2 * n > sx_i_triples(c->to) ? sx_reward_densify(c->to, out, err) : SX_OK;
}

static sx_status carry_dense(const carrier *c, sx_error *err)
{
    int32_t states = c->to->states;
    double *room = sx_alloc((size_t)c->from->states, sizeof *room);
    c->out->dense = sx_alloc((size_t)sx_i_triples(c->to), sizeof *c->out->dense);
    sx_status st = room && c->out->dense ? SX_OK : sx_nomem(err);
    for (int32_t k = 0; !st && k < c->to->pairs; k++) {
        sx_reward_row(c->from, c->r, c->x->pair[k], room);
        for (int32_t s = 0; s < states; s++)
            c->out->dense[(int64_t)k * states + s] = room[c->x->state[s]];
    }
    sx_release(room);
    return st;
}

/* --- the whole -------------------------------------------------------------------------- */

/* The possible triples; false when one has an unknown value. */
static bool carry_possible(const carrier *c)
{
    bool known = true;
    for (int32_t k = 0; k < c->to->pairs; k++)
        for (int64_t t = c->to->first[k]; t < c->to->first[k + 1]; t++) {
            double value =
                sx_reward_at(c->from, c->r, c->x->pair[k], c->x->state[c->to->next[t]]);
            c->out->on[t] = value;
            known = known && !isnan(value);
        }
    return known;
}

sx_status sx_reward_carry(const sx_match *x, const sx_mdp *from, const sx_reward *r,
                          const sx_mdp *to, sx_reward **out, const char **reason, sx_error *err)
{
    *out = NULL;
    *reason = sx_match_is_total(x) ? NULL : NO_COUNTERPART;
    if (*reason)
        return SX_OK;
    carrier c = {x, from, to, r, NULL};
    sx_status st = sx_reward_new(to, &c.out, err);
    if (!st && !carry_possible(&c))
        *reason = r->unknown;
    if (!st && r->unknown)
        c.out->unknown = r->unknown;
    else if (!st && r->dense)
        st = carry_dense(&c, err);
    else if (!st)
        st = carry_sum(&c, err);
    *out = st || *reason ? sx_reward_free(c.out) : c.out;
    return st;
}
