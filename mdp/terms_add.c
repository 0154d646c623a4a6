/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms_add.c - one product u(s,a) w(s') added to the impossible triples of the sum form.
 *
 * A product of K + S numbers is dear when it differs from a function of one side on few
 * triples only, as that of a term that enters one state does: those become exceptions. */
#include "mdp/terms_int.h"

int64_t sx_i_terms_cheap(const sx_mdp *m)
{
    int64_t half = ((int64_t)m->pairs + m->states) / 2;
    return half < 4096 ? half : 4096;
}

/* One side of a product: the number that most places have, how many have another, how many
 * are not zero. */
typedef struct side {
    const double *x;
    int32_t n, others, nonzero;
    double usual;
} side;

static side look_at(const double *x, int32_t n)
{
    side a = {x, n, 0, 0, 0};
    int32_t votes = 0;
    for (int32_t i = 0; i < n; i++) { /* Boyer and Moore's majority vote */
        if (votes == 0)
            a.usual = x[i];
        votes += x[i] == a.usual ? 1 : -1;
    }
    for (int32_t i = 0; i < n; i++) {
        a.others += x[i] != a.usual;
        a.nonzero += x[i] != 0;
    }
    return a;
}

/* The places where x differs from `skip`: count of them. */
static int32_t *list(const side *a, double skip, int32_t count)
{
    int32_t *place = sx_alloc((size_t)count, sizeof *place);
    int32_t n = 0;
    for (int32_t i = 0; place && n < count && i < a->n; i++)
        if (a->x[i] != skip)
            place[n++] = i;
    return place;
}

static double value_of(const sx_reward *r, int32_t k, int32_t s)
{
    const sx_exception *e = sx_i_exception(r, k, s);
    return e ? e->value : sx_reward_sum_at(r, k, s);
}

/* Exceptions old + u w on the impossible triples where u differs from skip[0], w from skip[1];
 * count: how many places those are. */
static sx_status except(sx_i_terms *b, const side *u, const side *w, const double skip[2],
                        const int32_t count[2])
{
    sx_status st = SX_OK;
    if ((int64_t)count[0] * count[1] == 0)
        return SX_OK;
    int32_t *pair = list(u, skip[0], count[0]), *state = list(w, skip[1], count[1]);
    if (!pair || !state)
        st = sx_nomem(b->err);
    for (int32_t i = 0; !st && i < count[0]; i++)
        for (int32_t j = 0; !st && j < count[1]; j++) {
            int32_t k = pair[i], s = state[j];
            if (sx_mdp_entry(b->m, k, s) < 0)
                st = sx_i_terms_change(b, k, s, /*overrides=*/true,
                                       value_of(b->r, k, s) + u->x[k] * w->x[s], b->err);
        }
    sx_release(pair);
    sx_release(state);
    return st;
}

/* Impossible triples += scale u[k] */
static sx_status add_left(sx_i_terms *b, const double *u, double scale)
{
    sx_status st = sx_i_reward_need_left(b->m, b->r, b->err);
    for (int32_t k = 0; !st && k < b->m->pairs; k++)
        b->r->left[k] += scale * u[k];
    for (int64_t i = 0; !st && i < b->r->exceptions; i++)
        b->r->exception[i].value += scale * u[b->r->exception[i].pair];
    return st;
}

static sx_status add_right(sx_i_terms *b, const double *w, double scale)
{
    sx_status st = sx_i_reward_need_right(b->m, b->r, b->err);
    for (int32_t s = 0; !st && s < b->m->states; s++)
        b->r->right[s] += scale * w[s];
    for (int64_t i = 0; !st && i < b->r->exceptions; i++)
        b->r->exception[i].value += scale * w[b->r->exception[i].state];
    return st;
}

sx_status sx_i_terms_add_product(sx_i_terms *b, double **u, double **w)
{
    side left = look_at(*u, b->m->pairs), right = look_at(*w, b->m->states);
    int64_t with_right = (int64_t)left.others * right.nonzero;
    int64_t with_left = (int64_t)right.others * left.nonzero;
    int64_t alone = (int64_t)left.nonzero * right.nonzero;
    int64_t few = sx_i_terms_cheap(b->m);
    sx_status st;
    if (with_right <= few && with_right <= with_left && with_right <= alone) {
        st = except(b, &left, &right, (double[]){left.usual, 0},
                    (int32_t[]){left.others, right.nonzero});
        if (!st && left.usual != 0)
            st = add_right(b, *w, left.usual);
    } else if (with_left <= few && with_left <= alone) {
        st = except(b, &left, &right, (double[]){0, right.usual},
                    (int32_t[]){left.nonzero, right.others});
        if (!st && right.usual != 0)
            st = add_left(b, *u, right.usual);
    } else if (alone <= few) {
        st = except(b, &left, &right, (double[]){0, 0},
                    (int32_t[]){left.nonzero, right.nonzero});
    } else {
        st = sx_i_reward_add_product(b->m, b->r, *u, *w, b->err);
        if (!st)
            *u = *w = NULL;
    }
    return st ? st : sx_i_terms_settle(b, b->err);
}
