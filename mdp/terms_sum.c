/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms_sum.c - a term on the impossible triples of the sum form.
 *
 * The term matches the triples of a block L x N: pairs L and successors N.  A value that is
 *
 *     sum_i f_i(s,a) g_i(s')
 *
 * adds the products (f_i on L, else 0) (g_i on N, else 0); a set makes the block zero first. */
#include "mdp/terms_int.h"

#include <math.h>
#include <string.h>

/* More products than this make the dense form the better one. */
static const int32_t MANY_PRODUCTS = 64;

/* --- the value as products ---------------------------------------------------------------- */

typedef struct parts {
    int32_t n;
    double **left;  /* [n] each [K], zero off L */
    double **right; /* [n] each [S], zero off N */
} parts;

static void parts_free(parts *p)
{
    for (int32_t i = 0; i < p->n; i++) {
        sx_release(p->left ? p->left[i] : NULL);
        sx_release(p->right ? p->right[i] : NULL);
    }
    sx_release(p->left);
    sx_release(p->right);
}

/* Is the value on the matched triple (k, s) finite after all?  Loops of absorbing states that
 * the term leaves alone are. */
static sx_status finite_at(sx_i_terms *b, const sx_i_term *term, int32_t k, int32_t s,
                           bool *finite, double *value)
{
    sx_status st = SX_OK;
    *value = term->constant;
    *finite = s == b->source[k] && b->m->absorbing[s] && !term->from_given;
    if (!*finite && term->value)
        st = sx_i_terms_at(b, term->value, k, s, value);
    *finite = *finite || isfinite(*value);
    return st;
}

/* The factor of pair k (k >= 0) or of successor s (s >= 0) is not finite.  Either some matched
 * triple there has no finite value, which is a fault, or none has: then *usable is cleared
 * unless the factor does not matter. */
static sx_status judge(sx_i_terms *b, const sx_i_term *term, int32_t k, int32_t s,
                       double *factor, bool *usable)
{
    int32_t n = k >= 0 ? b->m->states : b->m->pairs;
    const unsigned char *matched = k >= 0 ? b->right : b->left;
    int64_t others = 0;
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        bool finite;
        double value;
        int32_t pair = k >= 0 ? k : i, next = k >= 0 ? i : s;
        if (!matched[i])
            continue;
        st = finite_at(b, term, pair, next, &finite, &value);
        if (!st && !finite)
            st = sx_i_terms_fault(b, pair, next, value);
        others += sx_mdp_entry(b->m, pair, next) < 0;
    }
    *factor = 0;
    *usable = *usable && others == 0;
    return st;
}

static sx_status judge_all(sx_i_terms *b, const sx_i_term *term, double *left, double *right,
                           bool *usable)
{
    sx_status st = SX_OK;
    for (int32_t k = 0; !st && *usable && k < b->m->pairs; k++)
        if (!isfinite(left[k]))
            st = judge(b, term, k, -1, &left[k], usable);
    for (int32_t s = 0; !st && *usable && s < b->m->states; s++)
        if (!isfinite(right[s]))
            st = judge(b, term, -1, s, &right[s], usable);
    return st;
}

/* Part i from its expressions (NULL: ones). */
static sx_status fill_part(sx_i_terms *b, const sx_expr *left, const sx_expr *right, parts *p,
                           int32_t i)
{
    p->left[i] = sx_alloc((size_t)b->m->pairs, sizeof(double));
    p->right[i] = sx_alloc((size_t)b->m->states, sizeof(double));
    sx_status st = p->left[i] && p->right[i] ? SX_OK : sx_nomem(b->err);
    if (!st)
        st = sx_i_terms_left(b, left, p->left[i]);
    if (!st)
        st = sx_i_terms_right(b, right, p->right[i]);
    return st;
}

static sx_status fill_parts(sx_i_terms *b, const sx_i_term *term, int32_t n, sx_expr **left,
                            sx_expr **right, parts *p)
{
    const sx_expr *e = term->value;
    bool of_next = e && sx_expr_looks_at(e) == SX_EXPR_NEXT;
    p->n = n;
    p->left = sx_alloc((size_t)n, sizeof *p->left);
    p->right = sx_alloc((size_t)n, sizeof *p->right);
    sx_status st = p->left && p->right ? SX_OK : sx_nomem(b->err);
    for (int32_t i = 0; !st && i < n; i++)
        st = left ? fill_part(b, left[i], right[i], p, i)
                  : fill_part(b, of_next ? NULL : e, of_next ? e : NULL, p, i);
    for (int32_t k = 0; !st && !e && k < b->m->pairs; k++)
        p->left[0][k] *= term->constant;
    return st;
}

/* The value of the term as products on its block; *usable is false when it is none. */
static sx_status separate(sx_i_terms *b, const sx_i_term *term, parts *p, bool *usable)
{
    int32_t n = 1;
    sx_expr **left = NULL, **right = NULL;
    unsigned sides = term->value ? sx_expr_looks_at(term->value) : 0;
    sx_status st = SX_OK;
    if ((sides & SX_EXPR_NEXT) && sides != SX_EXPR_NEXT)
        st = sx_expr_separate(term->value, &n, &left, &right, b->err);
    *usable = n > 0;
    if (!st && n > 0)
        st = fill_parts(b, term, n, left, right, p);
    for (int32_t i = 0; left && i < n; i++) {
        sx_expr_free(left[i]);
        sx_expr_free(right[i]);
    }
    sx_release(left);
    sx_release(right);
    for (int32_t i = 0; !st && *usable && i < n; i++)
        st = judge_all(b, term, p->left[i], p->right[i], usable);
    return st;
}

static int64_t count(const unsigned char *mask, int32_t n)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += mask[i] != 0;
    return sum;
}

static sx_status set_pair(sx_i_terms *b, const parts *p, int32_t k, const int32_t *state,
                          int64_t states)
{
    sx_status st = SX_OK;
    for (int64_t j = 0; !st && j < states; j++) {
        int32_t s = state[j];
        double value = 0;
        for (int32_t i = 0; i < p->n; i++)
            value += p->left[i][k] * p->right[i][s];
        if (sx_mdp_entry(b->m, k, s) < 0)
            st = sx_i_terms_change(b, k, s, /*overrides=*/true, value, b->err);
    }
    return st;
}

/* A set that matches few triples makes exceptions of them. */
static sx_status set_few(sx_i_terms *b, const parts *p, int64_t states)
{
    int32_t *state = sx_alloc((size_t)states, sizeof *state);
    sx_status st = state ? SX_OK : sx_nomem(b->err);
    for (int32_t s = 0, n = 0; !st && s < b->m->states; s++)
        if (b->right[s])
            state[n++] = s;
    for (int32_t k = 0; !st && k < b->m->pairs; k++)
        if (b->left[k])
            st = set_pair(b, p, k, state, states);
    sx_release(state);
    return st ? st : sx_i_terms_settle(b, b->err);
}

static sx_status add_parts(sx_i_terms *b, const parts *p)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < p->n; i++)
        st = sx_i_terms_add_product(b, &p->left[i], &p->right[i]);
    if (!st && b->r->products > MANY_PRODUCTS)
        st = sx_reward_densify(b->m, b->r, b->err);
    return st;
}

sx_status sx_i_terms_sum(sx_i_terms *b, const sx_i_term *term, bool *done)
{
    parts p = {0, NULL, NULL};
    int64_t pairs = count(b->left, b->m->pairs), states = count(b->right, b->m->states);
    bool every_pair = pairs == b->m->pairs, every_state = states == b->m->states;
    bool afresh = term->overrides && every_pair && every_state;
    *done = pairs * states == 0 || (b->r->unknown && !afresh);
    if (*done || (b->r->dense && !afresh))
        return SX_OK;
    sx_status st = separate(b, term, &p, done);
    if (!st && *done && term->overrides && !every_pair && !every_state &&
        pairs * states <= sx_i_terms_cheap(b->m)) {
        st = set_few(b, &p, states);
    } else if (!st && *done) {
        if (afresh)
            sx_i_reward_forget(b->r, NULL);
        else if (term->overrides)
            st = sx_i_terms_clear(b, every_pair);
        if (!st)
            st = add_parts(b, &p);
    }
    parts_free(&p);
    return st;
}
