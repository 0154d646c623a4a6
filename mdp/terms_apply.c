/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms_apply.c - which triples a term matches, and its values there.
 *
 * The possible triples are always evaluated one by one.  The impossible ones of a term that
 * names few are, too; else they go through the sum form, without looking at each, or, where the
 * value is no sum of products and the world is small enough, through the dense form. */
#include "mdp/terms_int.h"

#include <math.h>
#include <string.h>

int32_t sx_i_states_get(const sx_i_states *x, int32_t i)
{
    return x->state ? x->state[i] : x->one;
}

bool sx_i_states_has(const sx_i_states *x, int32_t s)
{
    int32_t low = 0, high = x->count;
    if (x->all)
        return true;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (sx_i_states_get(x, middle) < s)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->count && sx_i_states_get(x, low) == s;
}

/* --- a block of triples --------------------------------------------------------------- */

sx_status sx_i_terms_fault(sx_i_terms *b, int32_t pair, int32_t state, double value)
{
    *b->fault = (sx_i_fault){true, pair, state, value};
    return sx_fail(b->err, SX_EINPUT, "the value of a reward is not a finite number");
}

sx_status sx_i_terms_at(sx_i_terms *b, const sx_expr *e, int32_t k, int32_t next, double *value)
{
    return sx_expr_eval(e, &b->source[k], &b->m->action[k], &next, 1, value, b->err);
}

static void change_entry(double *on, bool overrides, double weight, double value)
{
    if (!overrides)
        *on += weight * value;
    else
        *on = weight < 1 ? (1 - weight) * *on + weight * value : value;
}

static sx_status evaluate(sx_i_terms *b, const sx_i_term *term)
{
    sx_i_block *x = b->block;
    sx_status st = SX_OK;
    for (int32_t i = 0; !term->value && i < x->n; i++)
        x->value[i] = term->constant;
    if (b->ask_when)
        st = sx_expr_eval(term->when, x->state, x->action, x->next, (size_t)x->n, x->when,
                          b->err);
    if (!st && term->value)
        st = sx_expr_eval(term->value, x->state, x->action, x->next, (size_t)x->n, x->value,
                          b->err);
    return st;
}

sx_status sx_i_terms_flush(sx_i_terms *b, const sx_i_term *term)
{
    sx_i_block *x = b->block;
    sx_status st = evaluate(b, term);
    for (int32_t i = 0; !st && i < x->n; i++) {
        if (b->ask_when && x->when[i] == 0)
            continue;
        if (!isfinite(x->value[i]))
            st = sx_i_terms_fault(b, x->pair[i], x->next[i], x->value[i]);
        else if (x->entry[i] >= 0)
            change_entry(&b->r->on[x->entry[i]], term->overrides, x->weight[i], x->value[i]);
        else
            st = sx_i_terms_change(b, x->pair[i], x->next[i], term->overrides, x->value[i],
                                   b->err);
    }
    x->n = 0;
    return st;
}

sx_status sx_i_terms_push(sx_i_terms *b, const sx_i_term *term, int32_t k, int32_t next,
                          int64_t entry, double weight)
{
    sx_i_block *x = b->block;
    int32_t i = x->n++;
    x->state[i] = b->source[k];
    x->action[i] = b->m->action[k];
    x->next[i] = next;
    x->pair[i] = k;
    x->entry[i] = entry;
    x->weight[i] = weight;
    return x->n == SX_I_BLOCK ? sx_i_terms_flush(b, term) : SX_OK;
}

/* --- sides ------------------------------------------------------------------------------ */

sx_status sx_i_terms_left(sx_i_terms *b, const sx_expr *e, double *value)
{
    sx_status st = SX_OK;
    for (int32_t from = 0; e && !st && from < b->m->pairs; from += SX_I_BLOCK) {
        int32_t n = b->m->pairs - from < SX_I_BLOCK ? b->m->pairs - from : SX_I_BLOCK;
        st = sx_expr_eval(e, b->source + from, b->m->action + from, NULL, (size_t)n,
                          value + from, b->err);
    }
    for (int32_t k = 0; !st && k < b->m->pairs; k++)
        value[k] = !b->left[k] ? 0 : e ? value[k] : 1;
    return st;
}

sx_status sx_i_terms_right(sx_i_terms *b, const sx_expr *e, double *value)
{
    sx_status st = SX_OK;
    for (int32_t from = 0; e && !st && from < b->m->states; from += SX_I_BLOCK) {
        int32_t n = b->m->states - from < SX_I_BLOCK ? b->m->states - from : SX_I_BLOCK;
        for (int32_t i = 0; i < n; i++)
            b->block->next[i] = from + i;
        st = sx_expr_eval(e, NULL, NULL, b->block->next, (size_t)n, value + from, b->err);
    }
    for (int32_t s = 0; !st && s < b->m->states; s++)
        value[s] = !b->right[s] ? 0 : e ? value[s] : 1;
    return st;
}

/* --- which triples ---------------------------------------------------------------------- */

static void mark_selectors(sx_i_terms *b, const sx_i_term *term)
{
    const sx_mdp *m = b->m;
    int32_t sources = term->from.all ? m->states : term->from.count;
    int32_t targets = term->to.all ? m->states : term->to.count;
    memset(b->left, 0, (size_t)m->pairs);
    memset(b->right, 0, (size_t)m->states);
    for (int32_t i = 0; i < sources; i++) {
        int32_t s = term->from.all ? i : sx_i_states_get(&term->from, i);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            b->left[k] = term->action < 0 || m->action[k] == term->action;
    }
    for (int32_t i = 0; i < targets; i++) {
        int32_t s = term->to.all ? i : sx_i_states_get(&term->to, i);
        b->right[s] = 1;
        for (int32_t k = m->pair[s]; term->enters && k < m->pair[s + 1]; k++)
            b->left[k] = 0;
    }
}

/* Leave in the pairs (of_pairs) or in the successors what the factor of a condition allows. */
static sx_status narrow(sx_i_terms *b, const sx_expr *factor, bool of_pairs)
{
    int32_t n = of_pairs ? b->m->pairs : b->m->states;
    unsigned char *mask = of_pairs ? b->left : b->right;
    double *value = sx_alloc((size_t)n, sizeof *value);
    sx_status st = !value     ? sx_nomem(b->err)
                   : of_pairs ? sx_i_terms_left(b, factor, value)
                              : sx_i_terms_right(b, factor, value);
    for (int32_t i = 0; !st && i < n; i++)
        if (mask[i])
            mask[i] = value[i] != 0;
    sx_release(value);
    return st;
}

static sx_status narrow_by_parts(sx_i_terms *b, const sx_expr *when)
{
    int32_t parts = 0;
    sx_expr **left = NULL, **right = NULL;
    sx_status st = sx_expr_separate(when, &parts, &left, &right, b->err);
    b->ask_when = parts != 1;
    if (!st && parts == 1)
        st = narrow(b, left[0], /*of_pairs=*/true);
    if (!st && parts == 1)
        st = narrow(b, right[0], /*of_pairs=*/false);
    for (int32_t i = 0; i < parts; i++) {
        sx_expr_free(left[i]);
        sx_expr_free(right[i]);
    }
    sx_release(left);
    sx_release(right);
    return st;
}

/* Leave out absorbing states for which the value has no meaning. */
static sx_status leave_out(sx_i_terms *b, const sx_i_term *term)
{
    const sx_mdp *m = b->m;
    sx_status st = SX_OK;
    for (int32_t s = 0; term->value && !term->from_given && s < m->states; s++)
        for (int32_t k = m->pair[s]; !st && m->absorbing[s] && k < m->pair[s + 1]; k++) {
            double value = 0;
            if (!b->left[k] || !sx_expr_lacks(term->value, s, m->action[k]))
                continue;
            st = sx_i_terms_at(b, term->value, k, s, &value);
            b->left[k] = isfinite(value) ? 1 : 0;
        }
    return st;
}

/* Set b->left, b->right and b->ask_when. */
static sx_status mark(sx_i_terms *b, const sx_i_term *term)
{
    b->ask_when = false;
    mark_selectors(b, term);
    sx_status st = leave_out(b, term);
    if (st || !term->when)
        return st;
    unsigned sides = sx_expr_looks_at(term->when);
    if (!(sides & SX_EXPR_NEXT))
        return narrow(b, term->when, /*of_pairs=*/true);
    if (sides == SX_EXPR_NEXT)
        return narrow(b, term->when, /*of_pairs=*/false);
    return narrow_by_parts(b, term->when);
}

/* --- the ways to apply a term ------------------------------------------------------------ */

/* The loops of absorbing states are meant by terms that say from where. */
static bool skips_loop(const sx_i_terms *b, const sx_i_term *term, int32_t s)
{
    return b->m->absorbing[s] && !term->from_given;
}

static sx_status apply_possible(sx_i_terms *b, const sx_i_term *term)
{
    const sx_mdp *m = b->m;
    sx_status st = SX_OK;
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        if (!b->left[k] || skips_loop(b, term, b->source[k]))
            continue;
        for (int64_t t = m->first[k]; !st && t < m->first[k + 1]; t++)
            if (b->right[m->next[t]])
                st = sx_i_terms_push(b, term, k, m->next[t], t, 1);
    }
    return st ? st : sx_i_terms_flush(b, term);
}

static int32_t pair_of(const sx_mdp *m, int64_t entry)
{
    int32_t low = 0, high = m->pairs - 1;
    while (low < high) {
        int32_t middle = low + (high - low + 1) / 2;
        if (m->first[middle] <= entry)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Possible triples that pass through what is entered and end elsewhere. */
static sx_status apply_through(sx_i_terms *b, const sx_i_term *term)
{
    sx_status st = SX_OK;
    b->ask_when = term->when != NULL;
    for (int64_t i = 0; !st && i < b->world->throughs; i++) {
        const sx_through *x = &b->world->through[i];
        if (x->label != term->through || sx_i_states_has(&term->to, b->m->next[x->entry]))
            continue;
        int32_t k = pair_of(b->m, x->entry), s = b->source[k];
        if (sx_i_states_has(&term->from, s) && !sx_i_states_has(&term->to, s) &&
            (term->action < 0 || b->m->action[k] == term->action))
            st = sx_i_terms_push(b, term, k, b->m->next[x->entry], x->entry, x->share);
    }
    return st ? st : sx_i_terms_flush(b, term);
}

/* Every impossible triple in turn, into the dense form. */
static sx_status apply_dense(sx_i_terms *b, const sx_i_term *term)
{
    const sx_mdp *m = b->m;
    sx_status st = SX_OK;
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        int64_t t = m->first[k];
        for (int32_t s = 0; b->left[k] && !st && s < m->states; s++) {
            if (t < m->first[k + 1] && m->next[t] == s)
                t++;
            else if (b->right[s])
                st = sx_i_terms_push(b, term, k, s, -1, 1);
        }
    }
    return st ? st : sx_i_terms_flush(b, term);
}

/* Does the term name so few triples that each can be looked at? */
static bool names_few(const sx_i_terms *b, const sx_i_term *term)
{
    int64_t pairs = 0, few = sx_i_terms_cheap(b->m);
    if (term->from.all || term->to.all || term->from.count > few || term->to.count > few)
        return false;
    for (int32_t i = 0; i < term->from.count; i++) {
        int32_t s = sx_i_states_get(&term->from, i);
        pairs += term->action < 0 ? b->m->pair[s + 1] - b->m->pair[s] : 1;
    }
    return pairs * term->to.count <= few;
}

static sx_status push_pair(sx_i_terms *b, const sx_i_term *term, int32_t k)
{
    sx_status st = SX_OK;
    for (int32_t j = 0; !st && j < term->to.count; j++) {
        int32_t next = sx_i_states_get(&term->to, j);
        st = sx_i_terms_push(b, term, k, next, sx_mdp_entry(b->m, k, next), 1);
    }
    return st;
}

/* A term that names few triples: no work that grows with the world. */
static sx_status apply_few(sx_i_terms *b, const sx_i_term *term)
{
    sx_status st = SX_OK;
    b->ask_when = term->when != NULL;
    for (int32_t i = 0; !st && i < term->from.count; i++) {
        int32_t s = sx_i_states_get(&term->from, i);
        bool inside = term->enters && sx_i_states_has(&term->to, s);
        for (int32_t k = b->m->pair[s]; !st && !inside && k < b->m->pair[s + 1]; k++)
            if (term->action < 0 || b->m->action[k] == term->action)
                st = push_pair(b, term, k);
    }
    return st ? st : sx_i_terms_flush(b, term);
}

static sx_status apply_impossible(sx_i_terms *b, const sx_i_term *term)
{
    bool done = false;
    sx_status st = sx_i_terms_settle(b, b->err);
    if (!st && !b->ask_when)
        st = sx_i_terms_sum(b, term, &done);
    if (!st && !done)
        st = sx_reward_densify(b->m, b->r, b->err);
    if (!st && !done && b->r->dense)
        st = apply_dense(b, term);
    return st;
}

sx_status sx_i_terms_apply(sx_i_terms *b, const sx_i_term *term, sx_i_fault *fault,
                           sx_error *err)
{
    sx_status st;
    *fault = (sx_i_fault){false, 0, 0, 0};
    b->fault = fault;
    b->err = err;
    b->block->n = 0;
    if (names_few(b, term)) {
        st = apply_few(b, term);
    } else {
        st = mark(b, term);
        if (!st)
            st = apply_possible(b, term);
        if (!st)
            st = apply_impossible(b, term);
    }
    if (!st && term->enters && term->through >= 0)
        st = apply_through(b, term);
    return st;
}
