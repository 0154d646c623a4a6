/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward_check.c - is a reward what its struct says, and finite everywhere? */
#include "mdp/reward_int.h"

#include <math.h>

/* The first place of x [n] (NULL: none) that is not finite, or -1. */
static int64_t first_wild(const double *x, int64_t n)
{
    for (int64_t i = 0; x && i < n; i++)
        if (!isfinite(x[i]))
            return i;
    return -1;
}

static sx_status wild(const sx_mdp *m, int32_t k, int32_t next, sx_error *err)
{
    return sx_fail(err, SX_EINPUT,
                   "the reward of state %d, action %d, next %d is not a finite number",
                   (int)sx_mdp_pair_state(m, k), (int)m->action[k], (int)next);
}

static sx_status check_possible(const sx_mdp *m, const sx_reward *r, sx_error *err)
{
    int64_t t = first_wild(r->on, m->entries);
    if (t < 0)
        return SX_OK;
    int32_t k = sx_mdp_entry_pair(m, t);
    return wild(m, k, m->next[t], err);
}

static sx_status check_sum(const sx_mdp *m, const sx_reward *r, sx_error *err)
{
    bool bad = first_wild(r->left, m->pairs) >= 0 || first_wild(r->right, m->states) >= 0;
    for (int32_t i = 0; !bad && i < r->products; i++)
        bad = first_wild(r->product[i].left, m->pairs) >= 0 ||
              first_wild(r->product[i].right, m->states) >= 0;
    if (bad)
        return sx_fail(err, SX_EINPUT,
                       "the reward of some impossible triples is not a finite number");
    return SX_OK;
}

static sx_status check_exceptions(const sx_mdp *m, const sx_reward *r, sx_error *err)
{
    for (int64_t i = 0; i < r->exceptions; i++) {
        const sx_exception *e = &r->exception[i];
        const sx_exception *last = i ? e - 1 : NULL;
        if (e->pair < 0 || e->pair >= m->pairs || e->state < 0 || e->state >= m->states ||
            sx_mdp_entry(m, e->pair, e->state) >= 0)
            return sx_fail(err, SX_EINPUT, "exception %lld is no impossible triple",
                           (long long)i);
        if (last &&
            (last->pair > e->pair || (last->pair == e->pair && last->state >= e->state)))
            return sx_fail(err, SX_EINPUT, "exception %lld is out of order", (long long)i);
        if (!isfinite(e->value))
            return wild(m, e->pair, e->state, err);
    }
    return SX_OK;
}

static sx_status check_dense(const sx_mdp *m, const sx_reward *r, sx_error *err)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++)
            if (!isfinite(r->dense[(int64_t)k * m->states + s]) && sx_mdp_entry(m, k, s) < 0)
                return wild(m, k, s, err);
    return SX_OK;
}

sx_status sx_reward_check(const sx_mdp *m, const sx_reward *r, sx_error *err)
{
    bool sum = r->left || r->right || r->products || r->exceptions;
    if (sum + (r->dense != NULL) + (r->unknown != NULL) > 1)
        return sx_fail(err, SX_EINPUT, "a reward has more than one form");
    sx_status st = check_possible(m, r, err);
    if (!st)
        st = check_sum(m, r, err);
    if (!st)
        st = check_exceptions(m, r, err);
    if (!st && r->dense)
        st = check_dense(m, r, err);
    return st;
}
