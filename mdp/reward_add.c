/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward_add.c - the sum of two rewards.
 *
 * What must be allocated is allocated first, so that a failure changes nothing.  Products
 * with the same right side are merged: (u1 + u2) w. */
#include "mdp/reward_int.h"

#include <string.h>

static int32_t same_right(const sx_mdp *m, const sx_reward *r, const double *right)
{
    for (int32_t i = 0; i < r->products; i++)
        if (!memcmp(r->product[i].right, right, (size_t)m->states * sizeof *right))
            return i;
    return -1;
}

static void add_array(double *to, int64_t n, double scale, const double *x)
{
    for (int64_t i = 0; x && i < n; i++)
        to[i] += scale * x[i];
}

sx_status sx_i_reward_add_product(const sx_mdp *m, sx_reward *r, double *left, double *right,
                                  sx_error *err)
{
    int32_t same = same_right(m, r, right);
    if (same < 0) {
        size_t n = (size_t)r->products + 1;
        sx_product *product = sx_realloc(r->product, n, sizeof *product);
        if (!product)
            return sx_nomem(err);
        r->product = product;
    }
    for (int64_t i = 0; i < r->exceptions; i++) {
        sx_exception *e = &r->exception[i];
        e->value += left[e->pair] * right[e->state];
    }
    if (same < 0) {
        r->product[r->products++] = (sx_product){left, right};
        return SX_OK;
    }
    add_array(r->product[same].left, m->pairs, 1, left);
    sx_release(left);
    sx_release(right);
    return SX_OK;
}

/* What to + scale r needs: everything here is of the new sum. */
typedef struct sum {
    double *left, *right; /* new arrays, NULL when to has them or they stay zero */
    sx_product *product;  /* [products] copies of those of r that do not merge, scaled */
    int32_t products;
    sx_product *room; /* to's products, moved, with room for all */
    sx_exception *exception;
    int64_t exceptions;
} sum;

static void sum_free(sum *n)
{
    for (int32_t i = 0; n->product && i < n->products; i++) {
        sx_release(n->product[i].left);
        sx_release(n->product[i].right);
    }
    sx_release(n->product);
    sx_release(n->room);
    sx_release(n->exception);
    sx_release(n->left);
    sx_release(n->right);
}

static double value_at(const sx_reward *r, const sx_exception *at)
{
    const sx_exception *e = sx_i_exception(r, at->pair, at->state);
    return e ? e->value : sx_reward_sum_at(r, at->pair, at->state);
}

static int compare(const sx_exception *a, const sx_exception *b)
{
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return (a->state > b->state) - (a->state < b->state);
}

/* The union of both lists of exceptions, each with its whole new value. */
static sx_status merge_exceptions(const sx_reward *to, double scale, const sx_reward *r, sum *n,
                                  sx_error *err)
{
    int64_t i = 0, j = 0;
    if (to->exceptions + r->exceptions == 0)
        return SX_OK;
    n->exception = sx_alloc((size_t)(to->exceptions + r->exceptions), sizeof *n->exception);
    if (!n->exception)
        return sx_nomem(err);
    while (i < to->exceptions || j < r->exceptions) {
        int order = i == to->exceptions  ? 1
                    : j == r->exceptions ? -1
                                         : compare(&to->exception[i], &r->exception[j]);
        sx_exception e = order <= 0 ? to->exception[i] : r->exception[j];
        e.value = value_at(to, &e) + scale * value_at(r, &e);
        n->exception[n->exceptions++] = e;
        i += order <= 0;
        j += order >= 0;
    }
    return SX_OK;
}

static sx_status copy_product(const sx_mdp *m, double scale, const sx_product *p,
                              sx_product *to, sx_error *err)
{
    to->left = sx_alloc((size_t)m->pairs, sizeof *to->left);
    to->right = sx_alloc((size_t)m->states, sizeof *to->right);
    if (!to->left || !to->right)
        return sx_nomem(err);
    add_array(to->left, m->pairs, scale, p->left);
    memcpy(to->right, p->right, (size_t)m->states * sizeof *to->right);
    return SX_OK;
}

static sx_status copy_products(const sx_mdp *m, const sx_reward *to, double scale,
                               const sx_reward *r, sum *n, sx_error *err)
{
    if (!r->products)
        return SX_OK;
    n->product = sx_alloc((size_t)r->products, sizeof *n->product);
    n->room = sx_alloc((size_t)to->products + (size_t)r->products, sizeof *n->room);
    sx_status st = n->product && n->room ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < r->products; i++)
        if (same_right(m, to, r->product[i].right) < 0)
            st = copy_product(m, scale, &r->product[i], &n->product[n->products++], err);
    return st;
}

static sx_status prepare(const sx_mdp *m, const sx_reward *to, double scale, const sx_reward *r,
                         sum *n, sx_error *err)
{
    sx_status st = SX_OK;
    if (r->left && !to->left && !(n->left = sx_alloc((size_t)m->pairs, sizeof *n->left)))
        st = sx_nomem(err);
    if (!st && r->right && !to->right &&
        !(n->right = sx_alloc((size_t)m->states, sizeof *n->right)))
        st = sx_nomem(err);
    if (!st)
        st = merge_exceptions(to, scale, r, n, err);
    if (!st)
        st = copy_products(m, to, scale, r, n, err);
    return st;
}

/* The prepared arrays into to; n keeps what is to be released. */
static void commit(const sx_mdp *m, sx_reward *to, double scale, const sx_reward *r, sum *n)
{
    for (int32_t i = 0; i < r->products; i++) {
        int32_t same = same_right(m, to, r->product[i].right);
        if (same >= 0)
            add_array(to->product[same].left, m->pairs, scale, r->product[i].left);
    }
    if (n->room) {
        if (to->products)
            memcpy(n->room, to->product, (size_t)to->products * sizeof *n->room);
        for (int32_t i = 0; i < n->products; i++)
            n->room[to->products++] = n->product[i];
        n->products = 0;
        sx_product *old = to->product;
        to->product = n->room;
        n->room = old;
    }
    if (n->exceptions) {
        sx_release(to->exception);
        to->exception = n->exception;
        to->exceptions = n->exceptions;
        n->exception = NULL;
    }
    if (!to->left) {
        to->left = n->left;
        n->left = NULL;
    }
    if (!to->right) {
        to->right = n->right;
        n->right = NULL;
    }
    add_array(to->left, m->pairs, scale, r->left);
    add_array(to->right, m->states, scale, r->right);
}

/* dense [K*S] += scale r, row by row; room: [S]. */
static void add_rows(const sx_mdp *m, double *dense, double scale, const sx_reward *r,
                     double *room)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        sx_reward_row(m, r, k, room);
        add_array(dense + (int64_t)k * m->states, m->states, scale, room);
    }
}

static sx_status add_dense(const sx_mdp *m, sx_reward *to, double scale, const sx_reward *r,
                           sx_error *err)
{
    double *room = sx_alloc((size_t)m->states, sizeof *room);
    sx_status st = room ? sx_reward_densify(m, to, err) : sx_nomem(err);
    if (!st && to->dense)
        add_rows(m, to->dense, scale, r, room);
    sx_release(room);
    return st;
}

sx_status sx_reward_add(const sx_mdp *m, sx_reward *to, double scale, const sx_reward *r,
                        sx_error *err)
{
    sum n = {0};
    sx_status st = SX_OK;
    if (scale == 0)
        return SX_OK;
    if (to == r) {
        sx_reward_scale(m, to, 1 + scale);
        return SX_OK;
    }
    if (to->unknown || r->unknown) {
        sx_i_reward_forget(to, to->unknown ? to->unknown : r->unknown);
    } else if (to->dense || r->dense) {
        st = add_dense(m, to, scale, r, err);
    } else {
        st = prepare(m, to, scale, r, &n, err);
        if (!st)
            commit(m, to, scale, r, &n);
        sum_free(&n);
    }
    if (!st)
        add_array(to->on, m->entries, scale, r->on);
    return st;
}
