/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leftover.c - what is left of a reward after its best alignment with another.
 *
 * Scale and potential are the l2 fit over rows of shaping.c; a second fit, to nothing, says how
 * much of the reward a potential explains by itself. */
#include "metrics/leftover.h"

#include <math.h>

#include "metrics/norm_int.h"
#include "metrics/shaping.h"

/* Of the rewards and of the potential: what is left below that counts as none. */
static const double rounding = 1e-11, rounding_shaped = 1e-14;

sx_leftover *sx_leftover_free(sx_leftover *x)
{
    if (x) {
        sx_release(x->potential);
        sx_release(x->left);
        sx_release(x->mean);
        sx_release(x->share);
        sx_release(x->state);
    }
    return sx_release(x);
}

static sx_status make_room(sx_leftover *x, sx_error *err)
{
    const sx_mdp *m = x->m;
    size_t n = (size_t)m->states, pairs = (size_t)m->pairs, entries = (size_t)m->entries;
    x->potential = sx_alloc(n, sizeof *x->potential);
    x->left = sx_alloc(entries, sizeof *x->left);
    x->mean = sx_alloc(pairs, sizeof *x->mean);
    x->share = sx_alloc(entries, sizeof *x->share);
    x->state = sx_alloc(n, sizeof *x->state);
    bool room = x->potential && x->left && x->mean && x->share && x->state;
    return room ? SX_OK : sx_nomem(err);
}

/* --- the fit --- */

/* 1 - (residual / size)^2 of a fit. */
static sx_number explained_by(const sx_shaping *f)
{
    if (!(f->size > 0))
        return (sx_number){(double)NAN, "the reward is 0 on average in every pair: there is "
                                        "nothing to explain"};
    double rest = f->residual / f->size;
    return (sx_number){fmin(1, fmax(0, 1 - rest * rest)), NULL};
}

static sx_status fit(const sx_mdp *m, const sx_reward *from, const sx_reward *to,
                     sx_shaping **out, const char **reason, sx_error *err)
{
    sx_shape_task task = sx_shape_defaults();
    task.from = from;
    task.to = to;
    task.goal = SX_SHAPE_FIT;
    task.norm = SX_L2;
    task.on = SX_SHAPE_ROWS;
    return sx_shape(m, &task, out, reason, err);
}

static void take(sx_leftover *x, const sx_shaping *f)
{
    x->scale = f->scale;
    for (int32_t s = 0; s < x->m->states; s++)
        x->potential[s] = f->potential[s];
    x->size = f->size;
    x->residual = f->residual;
    x->explained = explained_by(f);
}

static sx_status align(sx_leftover *x, const sx_reward *from, const sx_reward *to,
                       const char **reason, sx_error *err)
{
    sx_shaping *f = NULL;
    sx_status st = fit(x->m, from, to, &f, reason, err);
    if (!st && f) {
        take(x, f);
        x->any_scale = !f->unique;
    }
    sx_shaping_free(f);
    return st;
}

/* alpha = 0; where that leaves nothing, an alpha would be rounding. */
static sx_status align_nothing(sx_leftover *x, const sx_reward *to, const char **reason,
                               sx_error *err)
{
    sx_shaping *f = NULL;
    sx_reward *zero = NULL;
    sx_status st = sx_reward_new(x->m, &zero, err);
    if (!st)
        st = fit(x->m, zero, to, &f, reason, err);
    if (!st && f) {
        x->potential_alone = explained_by(f);
        x->trivial = f->residual <= rounding * f->size;
        if (x->trivial)
            take(x, f);
    }
    sx_shaping_free(f);
    sx_reward_free(zero);
    return st;
}

/* --- what is left --- */

static double largest(const double *v, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(v[i]));
    return most;
}

static double settle(double d, double noise)
{
    return fabs(d) <= noise ? 0 : d;
}

/* d and E[d] of pair k of state s. */
static void fill_pair(sx_leftover *x, const sx_reward *from, const sx_reward *to, int32_t s,
                      int32_t k, double noise)
{
    const sx_mdp *m = x->m;
    double mean = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        double shaping = m->discount * x->potential[m->next[t]] - x->potential[s];
        double d = to->on[t] - (x->scale * from->on[t] + shaping);
        mean += m->prob[t] * d;
        x->left[t] = settle(d, noise);
    }
    x->mean[k] = settle(mean, noise);
}

static void fill_left(sx_leftover *x, const sx_reward *from, const sx_reward *to)
{
    const sx_mdp *m = x->m;
    double noise =
        rounding * (largest(to->on, m->entries) + x->scale * largest(from->on, m->entries)) +
        rounding_shaped * largest(x->potential, m->states);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            fill_pair(x, from, to, s, k, noise);
}

/* Shares of transitions, in units of the largest d. */
static void fill_shares(sx_leftover *x)
{
    const sx_mdp *m = x->m;
    double unit = largest(x->left, m->entries);
    sx_i_sum sum = {0, 0}, moved = {0, 0};
    x->none = x->mean_none = !(unit > 0);
    if (x->none)
        return;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            double d = x->left[t] / unit, from_mean = (x->left[t] - x->mean[k]) / unit;
            x->share[t] = m->prob[t] * d * d;
            sx_i_sum_add(&sum, x->share[t]);
            sx_i_sum_add(&moved, m->prob[t] * from_mean * from_mean);
        }
    for (int64_t t = 0; t < m->entries; t++)
        x->share[t] /= sx_i_sum_value(&sum);
    x->redistributed = fmin(1, sx_i_sum_value(&moved) / sx_i_sum_value(&sum));
    x->mean_none = !(largest(x->mean, m->pairs) > 0);
}

static void fill_states(sx_leftover *x)
{
    const sx_mdp *m = x->m;
    for (int32_t s = 0; s < m->states; s++) {
        sx_i_sum sum = {0, 0};
        for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++)
            sx_i_sum_add(&sum, x->share[t]);
        x->state[s] = sx_i_sum_value(&sum);
    }
}

sx_status sx_leftover_find(const sx_mdp *m, const sx_reward *from, const sx_reward *to,
                           sx_leftover **out, const char **reason, sx_error *err)
{
    sx_leftover *x = sx_alloc(1, sizeof *x);
    *out = NULL;
    *reason = NULL;
    if (!x)
        return sx_nomem(err);
    x->m = m;
    sx_status st = make_room(x, err);
    if (!st)
        st = align(x, from, to, reason, err);
    if (!st && !*reason)
        st = align_nothing(x, to, reason, err);
    if (!st && !*reason) {
        fill_left(x, from, to);
        fill_shares(x);
        fill_states(x);
    }
    *out = st || *reason ? sx_leftover_free(x) : x;
    return st;
}

/* --- the largest --- */

static void insert(sx_left *list, int32_t most, int32_t *count, sx_left new)
{
    const double ahead = 1 + 1e-9; /* less is rounding, and the order of the world decides */
    int32_t at = *count < most ? (*count)++ : most;
    if (!(new.share > 0) || (at == most && !(new.share > ahead *list[most - 1].share))) {
        *count -= at < most;
        return;
    }
    at -= at == most;
    for (; at > 0 && new.share > ahead *list[at - 1].share; at--)
        list[at] = list[at - 1];
    list[at] = new;
}

int32_t sx_leftover_transitions(const sx_leftover *x, int32_t most, sx_left *out)
{
    const sx_mdp *m = x->m;
    int32_t count = 0;
    for (int32_t s = 0; s < m->states && most > 0; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                insert(out, most, &count, (sx_left){s, k, t, x->share[t]});
    return count;
}

int32_t sx_leftover_states(const sx_leftover *x, int32_t most, sx_left *out)
{
    int32_t count = 0;
    for (int32_t s = 0; s < x->m->states && most > 0; s++)
        insert(out, most, &count, (sx_left){s, -1, -1, x->state[s]});
    return count;
}
