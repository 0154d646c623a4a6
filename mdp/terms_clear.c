/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms_clear.c - the sum form made zero on a block L x N of triples, exactly.
 *
 * Every part u w of the sum is cut into (u off L) w + (u on L) (w off N): each triple keeps one
 * of the two, so that nothing is left of rounding. */
#include "mdp/terms_int.h"

/* x (NULL: ones) where mask[i] == inside, zero elsewhere: a new array [n]. */
static double *cut(const double *x, const unsigned char *mask, int32_t n, bool inside)
{
    double *y = sx_alloc((size_t)n, sizeof *y);
    for (int32_t i = 0; y && i < n; i++)
        if ((mask[i] != 0) == inside)
            y[i] = x ? x[i] : 1;
    return y;
}

static bool all_zero(const double *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (x[i] != 0)
            return false;
    return true;
}

/* Append u w, which are taken over (NULL: out of memory), without a look at the exceptions. */
static sx_status append(sx_i_terms *b, double *u, double *w)
{
    sx_product *product = NULL;
    bool zero = u && w && (all_zero(u, b->m->pairs) || all_zero(w, b->m->states));
    if (u && w && !zero)
        product = sx_realloc(b->r->product, (size_t)b->r->products + 1, sizeof *product);
    if (product) {
        b->r->product = product;
        product[b->r->products++] = (sx_product){u, w};
        return SX_OK;
    }
    sx_release(u);
    sx_release(w);
    return zero ? SX_OK : sx_nomem(b->err);
}

/* u w (w NULL: ones): u becomes u off L, the rest is appended. */
static sx_status clear_part(sx_i_terms *b, double *u, const double *w)
{
    sx_status st =
        append(b, cut(u, b->left, b->m->pairs, true), cut(w, b->right, b->m->states, false));
    for (int32_t k = 0; k < b->m->pairs; k++)
        if (b->left[k])
            u[k] = 0;
    return st;
}

/* right[s'] is a product with ones on the left. */
static sx_status clear_right(sx_i_terms *b)
{
    double *right = b->r->right;
    b->r->right = NULL;
    sx_status st = append(b, cut(NULL, b->left, b->m->pairs, true),
                          cut(right, b->right, b->m->states, false));
    if (!st)
        return append(b, cut(NULL, b->left, b->m->pairs, false), right);
    sx_release(right);
    return st;
}

/* For L that is everything: the right sides become zero on N. */
static sx_status clear_columns(sx_i_terms *b)
{
    sx_reward *r = b->r;
    sx_status st = SX_OK;
    for (int32_t s = 0; s < b->m->states; s++) {
        if (!b->right[s])
            continue;
        if (r->right)
            r->right[s] = 0;
        for (int32_t i = 0; i < r->products; i++)
            r->product[i].right[s] = 0;
    }
    if (r->left) {
        st = append(b, r->left, cut(NULL, b->right, b->m->states, false));
        r->left = NULL;
    }
    return st;
}

static void clear_exceptions(sx_i_terms *b)
{
    int64_t n = 0;
    for (int64_t i = 0; i < b->r->exceptions; i++) {
        sx_exception e = b->r->exception[i];
        if (!b->left[e.pair] || !b->right[e.state])
            b->r->exception[n++] = e;
    }
    b->r->exceptions = n;
}

sx_status sx_i_terms_clear(sx_i_terms *b, bool all_pairs)
{
    sx_reward *r = b->r;
    sx_status st = SX_OK;
    clear_exceptions(b);
    if (all_pairs)
        return clear_columns(b);
    int32_t products = r->products;
    for (int32_t i = 0; !st && i < products; i++)
        st = clear_part(b, r->product[i].left, r->product[i].right);
    if (!st && r->left)
        st = clear_part(b, r->left, NULL);
    if (!st && r->right)
        st = clear_right(b);
    return st;
}
