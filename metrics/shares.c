/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shares.c - the transitions that carry most of a distance.
 *
 * Metrics that see impossible triples are searched row by row up to the work limit.  Above it
 * a difference that has no part in s', as of val and minimal, still has all its shares in
 * O(T): a row has one value on all its impossible triples.  Of others, and of rows with a
 * value of their own on some triples, only what is listed is looked at. */
#include "metrics/steps.h"

#include "metrics/norm_int.h"

#include <string.h>

static const double rounding = 1e-12; /* a distance, or a part of a maximum */

typedef struct search {
    const sx_steps *x;
    double floor;    /* parts below it are not taken */
    sx_i_sum sum;    /* of all parts */
    double largest;  /* part */
    int64_t taken;   /* triples whose parts were not below the floor */
    bool listed;     /* visit_listed, which says what was left out: */
    bool partial;    /* impossible triples */
    sx_share *share; /* [count] descending; share is the part until the end */
    int32_t most, count;
    double *state; /* [S] sums of the same by state, or NULL */
    int32_t from;  /* the state of the last pair */
} search;

static bool is_maximum(const sx_steps *x)
{
    return !x->left && (x->measure.metric == SX_LINF || x->measure.metric == SX_WEIGHTED_LINF);
}

static bool sees_possible(const sx_steps *x)
{
    return !x->left && x->measure.metric >= SX_WEIGHTED_L1;
}

/* What triple (k,s') with probability tau adds. */
static double part_of(const sx_steps *x, int32_t k, int32_t s, double tau, double d)
{
    if (x->left)
        return x->left[k] * x->right[s] * d * d;
    double weight = sees_possible(x) ? tau : 1;
    bool square = x->measure.metric == SX_L2 || x->measure.metric == SX_WEIGHTED_L2;
    return weight * (square ? d * d : fabs(d));
}

/* Pairs come in ascending order. */
static void add_to_state(search *z, int32_t k, double worth)
{
    while (z->x->m->pair[z->from + 1] <= k)
        z->from++;
    if (z->state)
        z->state[z->from] += worth;
}

static void insert(search *z, sx_share new)
{
    int32_t at = z->count < z->most ? z->count++ : z->most;
    if (z->most == 0 || (at == z->most && !(new.share > z->share[at - 1].share)))
        return;
    at -= at == z->most;
    for (; at > 0 && new.share > z->share[at - 1].share; at--)
        z->share[at] = z->share[at - 1];
    z->share[at] = new;
}

/* The triples of one pair that count. */
typedef struct line {
    int32_t pair, count;
    const int32_t *state; /* [count], NULL: 0, 1, 2, ... */
    const double *tau;    /* [count], NULL where it does not matter */
    const double *d;      /* [count] */
    bool whole;           /* all triples of the pair that the metric sees */
} line;

/* Whether the next state makes no difference. */
static bool is_flat(const line *l)
{
    for (int32_t i = 1; i < l->count; i++)
        if (!(fabs(l->d[i] - l->d[0]) <= rounding * fabs(l->d[0])))
            return false;
    return l->count > 1;
}

static void take(search *z, const line *l)
{
    bool merged = l->whole && z->x->measure.metric != SX_WEIGHTED_LINF && is_flat(l);
    double sum = 0;
    for (int32_t i = 0; i < l->count; i++) {
        int32_t s = l->state ? l->state[i] : i;
        double part = part_of(z->x, l->pair, s, l->tau ? l->tau[i] : 0, l->d[i]);
        sx_i_sum_add(&z->sum, part);
        z->largest = fmax(z->largest, part);
        if (!(part > 0) || part < z->floor)
            continue;
        /* what attains the maximum does so up to rounding: the order of triples decides */
        double worth = z->floor > 0 ? 1 : part;
        z->taken++;
        sum += worth;
        if (!merged)
            insert(z, (sx_share){l->pair, s, l->d[i], worth});
    }
    if (merged && sum > 0)
        insert(z, (sx_share){l->pair, -1, l->d[0], sum});
    add_to_state(z, l->pair, sum);
}

static line possible(const sx_steps *x, int32_t k, bool whole)
{
    const sx_mdp *m = x->m;
    int64_t t = m->first[k];
    return (line){k,           (int32_t)(m->first[k + 1] - t), m->next + t,
                  m->prob + t, x->difference->on + t,          whole};
}

static void visit_possible(search *z)
{
    for (int32_t k = 0; k < z->x->m->pairs; k++) {
        line l = possible(z->x, k, sees_possible(z->x));
        take(z, &l);
    }
}

/* All triples of pair k have the difference d. */
static void take_row(search *z, int32_t k, double d)
{
    double n = z->x->m->states, one = part_of(z->x, k, 0, 1, d), part = n * one;
    if (z->x->left)
        part = z->x->left[k] * d * d; /* the weights of the next states sum to 1 */
    sx_i_sum_add(&z->sum, part);
    z->largest = fmax(z->largest, one);
    if (!(part > 0) || one < z->floor)
        return;
    z->taken += z->x->m->states;
    part = z->floor > 0 ? n : part;
    insert(z, (sx_share){k, -1, d, part});
    add_to_state(z, k, part);
}

/* The exceptions of pair k. */
static void take_exceptions(search *z, int32_t k, int64_t from, int64_t to)
{
    const sx_exception *e = z->x->difference->exception;
    for (int64_t i = from; i < to; i++)
        take(z, &(line){k, 1, &e[i].state, NULL, &e[i].value, false});
}

/* Without enumerating: a row has the value left[k] wherever nothing else is listed. */
static void visit_listed(search *z)
{
    const sx_reward *d = z->x->difference;
    z->partial = false;
    for (int32_t k = 0; k < z->x->m->pairs; k++) {
        line l = possible(z->x, k, false);
        double rest = d->left ? d->left[k] : 0;
        int64_t from, to = sx_i_exceptions(d, k, &from);
        bool flat = from == to;
        for (int32_t i = 0; i < l.count && flat; i++)
            flat = fabs(l.d[i] - rest) <= rounding * fabs(rest);
        if (flat) {
            take_row(z, k, rest);
            continue;
        }
        take(z, &l);
        take_exceptions(z, k, from, to);
        z->partial = z->partial || rest < 0 || rest > 0;
    }
}

static void visit_all(search *z, double *row)
{
    const sx_mdp *m = z->x->m;
    for (int32_t k = 0; k < m->pairs; k++) {
        sx_reward_row(m, z->x->difference, k, row);
        take(z, &(line){k, m->states, NULL, NULL, row, true});
    }
}

static void visit(search *z, double *row)
{
    z->sum = (sx_i_sum){0, 0};
    z->taken = z->count = 0;
    z->from = 0;
    for (int32_t s = 0; z->state && s < z->x->m->states; s++)
        z->state[s] = 0;
    if (row)
        visit_all(z, row);
    else if (z->listed)
        visit_listed(z);
    else
        visit_possible(z);
}

/* The whole sum where only a part of it was looked at: from the distance. */
static double whole(const sx_steps *x)
{
    double d = x->distance.value;
    if (x->left)
        return x->side[0].flat || x->side[1].flat ? 1 : 4 * d * d;
    return x->measure.metric == SX_L2 ? d * d : d;
}

static void find(search *z, double *row)
{
    const sx_steps *x = z->x;
    int32_t most = z->most;
    if (is_maximum(x)) {
        z->most = 0;
        visit(z, row);
        z->most = most;
        z->floor = (z->partial ? x->distance.value : z->largest) * (1 - rounding);
    }
    visit(z, row);
    double total = z->partial ? whole(x) : sx_i_sum_value(&z->sum);
    if (is_maximum(x))
        total = (double)z->taken;
    for (int32_t i = 0; i < z->count; i++)
        z->share[i].share /= total;
    for (int32_t s = 0; z->state && s < x->m->states; s++)
        z->state[s] /= total;
}

static sx_status look(search *z, sx_error *err)
{
    const sx_steps *x = z->x;
    const sx_reward *d = x->difference;
    if (!d || !(x->distance.value > rounding))
        return SX_OK;
    int64_t work = (int64_t)x->m->pairs * x->m->states * (2 + d->products);
    bool all = !sees_possible(x) && !d->unknown && work <= SX_NORM_WORK;
    double *row = all ? sx_alloc((size_t)x->m->states, sizeof *row) : NULL;
    if (all && !row)
        return sx_nomem(err);
    z->partial = !sees_possible(x) && !all;
    z->listed = z->partial && !d->unknown && !d->dense && !d->products && !d->right;
    find(z, row);
    sx_release(row);
    return SX_OK;
}

sx_status sx_steps_shares(const sx_steps *x, int32_t most, sx_share *share, int32_t *count,
                          bool *partial, sx_error *err)
{
    search z = {.x = x, .share = share, .most = most};
    sx_status st = most < 1 ? SX_OK : look(&z, err);
    *partial = z.partial;
    *count = z.count;
    return st;
}

sx_status sx_steps_state_shares(const sx_steps *x, double *state, bool *partial, sx_error *err)
{
    search z = {.x = x, .state = state};
    memset(state, 0, (size_t)x->m->states * sizeof *state);
    sx_status st = look(&z, err);
    *partial = z.partial;
    return st;
}
