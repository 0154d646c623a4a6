/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_rows.c - what edits demand of a reward, as linear rows. */
#include "metrics/repair_rows_int.h"

#include <math.h>

/* --- unknowns --- */

static int64_t slot_of(const sx_i_repairing *x, int64_t key)
{
    uint64_t h = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);
    int64_t i = (int64_t)(h >> 20) & (x->extra_room - 1);
    while (x->extra[i].key >= 0 && x->extra[i].key != key)
        i = (i + 1) & (x->extra_room - 1);
    return i;
}

static sx_status rehash(sx_i_repairing *x)
{
    sx_i_repairing old = *x;
    x->extra_room = old.extra_room ? 2 * old.extra_room : 64;
    x->extra = sx_alloc((size_t)x->extra_room, sizeof *x->extra);
    if (!x->extra) {
        x->extra = old.extra;
        x->extra_room = old.extra_room;
        return sx_nomem(x->err);
    }
    for (int64_t i = 0; i < x->extra_room; i++)
        x->extra[i].key = -1;
    for (int64_t i = 0; i < old.extra_room; i++)
        if (old.extra[i].key >= 0)
            x->extra[slot_of(x, old.extra[i].key)] = old.extra[i];
    sx_release(old.extra);
    return SX_OK;
}

sx_status sx_i_repair_unknown(sx_i_repairing *x, int32_t k, int32_t state, int32_t *unknown)
{
    int64_t t = sx_mdp_entry(x->m, k, state), key = (int64_t)k * x->m->states + state, i;
    sx_status st = SX_OK;
    *unknown = (int32_t)t;
    if (t >= 0)
        return SX_OK;
    if (2 * x->extras >= x->extra_room)
        st = rehash(x);
    if (st)
        return st;
    i = slot_of(x, key);
    if (x->extra[i].key < 0) {
        st = sx_i_near_unknown(x->p, true, sx_reward_at(x->m, x->r, k, state), unknown, x->err);
        if (st)
            return st;
        x->extra[i] = (sx_i_extra){key, *unknown};
        x->extras++;
    }
    *unknown = x->extra[i].unknown;
    return SX_OK;
}

/* Of the value that entry t of pair k has after edit e. */
static sx_status unknown_after(sx_i_repairing *x, int32_t e, int32_t k, int64_t t,
                               int32_t *unknown)
{
    const sx_repair_edit *edit = &x->edit[e];
    *unknown = x->own[e] + (int32_t)t;
    if (!edit->moved)
        return SX_OK;
    return sx_i_repair_unknown(x, edit->moved->pair[k], edit->moved->state[edit->m->next[t]],
                               unknown);
}

/* Of the value that it had before. */
static sx_status unknown_before(sx_i_repairing *x, int32_t e, int32_t k, int64_t t,
                                int32_t *unknown)
{
    const sx_match *match = x->edit[e].match;
    return sx_i_repair_unknown(x, match->pair[k], match->state[x->edit[e].m->next[t]], unknown);
}

/* --- rows --- */

static sx_status row(sx_i_repairing *x, sx_repair_place place, double lo, double hi)
{
    if (x->p->rows == x->place_room) {
        size_t n = 2 * (size_t)x->place_room + 64;
        sx_repair_place *grown = sx_realloc(x->place, n, sizeof *grown);
        if (!grown)
            return sx_nomem(x->err);
        x->place = grown;
        x->place_room = (int32_t)n;
    }
    sx_status st = sx_i_near_row(x->p, place.edit, lo, hi, x->err);
    if (!st)
        x->place[x->p->rows - 1] = place;
    return st;
}

/* v[a] - v[b] in [lo,hi]. */
static sx_status difference(sx_i_repairing *x, sx_repair_place place, int32_t a, int32_t b,
                            double lo, double hi)
{
    sx_status st = row(x, place, lo, hi);
    if (!st)
        st = sx_i_near_term(x->p, a, 1, x->err);
    if (!st)
        st = sx_i_near_term(x->p, b, -1, x->err);
    return st;
}

/* v[a] ahead of v[b]: by the margin, or by as much as it is where that is less. */
static sx_status ahead(sx_i_repairing *x, sx_repair_place place, int32_t a, int32_t b)
{
    double is = x->p->value[a] - x->p->value[b];
    double by = is > x->enough ? fmin(is, x->margin) : x->margin;
    return difference(x, place, a, b, by, INFINITY);
}

static sx_repair_place triple_place(const sx_mdp *m, int32_t e, int32_t s, int32_t k, int64_t t)
{
    return (sx_repair_place){e, s, m->action[k], t < 0 ? -1 : m->next[t], false};
}

/* Triples: tie, increase, decrease, level. */
static sx_status demand_triple(sx_i_repairing *x, int32_t e, int32_t s, int32_t k, int64_t t)
{
    int32_t y = -1, before = -1;
    const sx_repair_edit *edit = &x->edit[e];
    sx_repair_place place = triple_place(edit->m, e, s, k, t);
    sx_status st = unknown_after(x, e, k, t, &y);
    if (!st && edit->expect == SX_EXPECT_LEVEL) {
        st = row(x, place, edit->level, edit->level);
        return st ? st : sx_i_near_term(x->p, y, 1, x->err);
    }
    if (!st)
        st = unknown_before(x, e, k, t, &before);
    if (st)
        return st;
    if (edit->expect == SX_EXPECT_INCREASE)
        return ahead(x, place, y, before);
    if (edit->expect == SX_EXPECT_DECREASE)
        return ahead(x, place, before, y);
    return y == before ? SX_OK : difference(x, place, y, before, 0, 0);
}

static sx_status demand_triples(sx_i_repairing *x, int32_t e)
{
    const sx_mdp *m = x->edit[e].m;
    sx_status st = SX_OK;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1] && !st; t++)
                if (x->edit[e].touched->entry[t])
                    st = demand_triple(x, e, s, k, t);
    return st;
}

/* --- invariant --- */

/* sum_t tau (y - x) - phi(s) + gamma sum_t tau phi(s') = 0; phi: the first potential. */
static sx_status demand_pair(sx_i_repairing *x, int32_t e, int32_t s, int32_t k, int32_t phi)
{
    const sx_mdp *m = x->edit[e].m;
    sx_status st = row(x, triple_place(m, e, s, k, -1), 0, 0);
    if (!st)
        st = sx_i_near_term(x->p, phi + s, -1, x->err);
    for (int64_t t = m->first[k]; t < m->first[k + 1] && !st; t++) {
        int32_t y = -1, before = -1;
        st = unknown_after(x, e, k, t, &y);
        if (!st)
            st = unknown_before(x, e, k, t, &before);
        if (!st)
            st = sx_i_near_term(x->p, y, m->prob[t], x->err);
        if (!st)
            st = sx_i_near_term(x->p, before, -m->prob[t], x->err);
        if (!st && m->discount > 0)
            st = sx_i_near_term(x->p, phi + m->next[t], m->discount * m->prob[t], x->err);
    }
    return st;
}

static sx_status demand_invariant(sx_i_repairing *x, int32_t e)
{
    const sx_mdp *m = x->edit[e].m;
    int32_t phi = x->p->unknowns, index;
    sx_status st = SX_OK;
    for (int32_t s = 0; s < m->states && !st; s++)
        st = sx_i_near_unknown(x->p, false, 0, &index, x->err);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] && !st; k++)
            st = demand_pair(x, e, s, k, phi);
    return st;
}

/* --- best actions, in worlds of one step: a pair has one entry --- */

/* Does every step end in one absorbing state? */
static bool is_one_step(const sx_mdp *m)
{
    int32_t end = -1;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            int32_t next = m->next[m->first[k]];
            if (m->first[k + 1] - m->first[k] != 1 || !m->absorbing[next] ||
                (m->absorbing[s] && next != s) || (end >= 0 && next != end))
                return false;
            end = next;
        }
    return true;
}

/* The pair of state s with the largest value, other than `but`; the first of equal ones. */
static int32_t best_pair(const sx_mdp *m, const sx_reward *r, int32_t s, int32_t but)
{
    int32_t best = -1;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (k != but && (best < 0 || r->on[m->first[k]] > r->on[m->first[best]]))
            best = k;
    return best;
}

/* The reward that says which actions are best before. */
static const sx_reward *chooser(const sx_i_repairing *x)
{
    return x->truth ? x->truth : x->r;
}

/* The pair of the edited state s that pair k was, or -1. */
static int32_t pair_after(const sx_repair_edit *edit, int32_t s, int32_t k)
{
    for (int32_t j = edit->m->pair[s]; j < edit->m->pair[s + 1]; j++)
        if (edit->match->pair[j] == k)
            return j;
    return -1;
}

static sx_repair_place place_before(const sx_i_repairing *x, int32_t e, int32_t s, int32_t k)
{
    return (sx_repair_place){e, s, x->m->action[k], x->m->next[x->m->first[k]], true};
}

/* x of pair k stays ahead of that of all other pairs of the state: by the margin, or not at
 * all (strict or not). */
static sx_status keep_best(sx_i_repairing *x, int32_t e, int32_t s, int32_t k, bool strict)
{
    const sx_mdp *m = x->m;
    sx_status st = SX_OK;
    int32_t best = (int32_t)m->first[k];
    for (int32_t j = m->pair[s]; j < m->pair[s + 1] && !st; j++) {
        int32_t other = (int32_t)m->first[j];
        if (j == k)
            continue;
        st = strict ? ahead(x, place_before(x, e, s, k), best, other)
                    : difference(x, place_before(x, e, s, k), best, other, 0, INFINITY);
    }
    return st;
}

/* y of pair a ahead of that of pair b. */
static sx_status ahead_after(sx_i_repairing *x, int32_t e, int32_t s, int32_t a, int32_t b,
                             bool strict)
{
    const sx_mdp *m = x->edit[e].m;
    int32_t ya = -1, yb = -1;
    sx_repair_place place = triple_place(m, e, s, a, m->first[a]);
    sx_status st = unknown_after(x, e, a, m->first[a], &ya);
    if (!st)
        st = unknown_after(x, e, b, m->first[b], &yb);
    if (st)
        return st;
    return strict ? ahead(x, place, ya, yb) : difference(x, place, ya, yb, 0, INFINITY);
}

static sx_status demand_flip(sx_i_repairing *x, int32_t e, int32_t s)
{
    const sx_repair_edit *edit = &x->edit[e];
    int32_t before = edit->match->state[s];
    int32_t loser = best_pair(x->m, chooser(x), before, -1);
    int32_t after = pair_after(edit, s, loser);
    const sx_reward *choice = x->truth && edit->truth ? edit->truth : edit->edited;
    if (after < 0)
        return SX_OK; /* it is gone, and so no longer the best */
    sx_status st = keep_best(x, e, before, loser, true);
    if (!st)
        st = ahead_after(x, e, s, best_pair(edit->m, choice, s, after), after, true);
    return st;
}

/* a is best before, or does not become so. */
static sx_status demand_transport_before(sx_i_repairing *x, int32_t e, int32_t s, int32_t a,
                                         bool was_best)
{
    int32_t best = best_pair(x->m, chooser(x), s, -1);
    if (was_best)
        return keep_best(x, e, s, a, false);
    return ahead(x, place_before(x, e, s, best), (int32_t)x->m->first[best],
                 (int32_t)x->m->first[a]);
}

static sx_status demand_transport(sx_i_repairing *x, int32_t e, int32_t s)
{
    const sx_repair_edit *edit = &x->edit[e];
    const sx_mdp *m = edit->m;
    int32_t before = edit->match->state[s];
    int32_t a = sx_mdp_pair(m, s, edit->transports[0]),
            b = sx_mdp_pair(m, s, edit->transports[1]);
    int32_t was = a < 0 ? -1 : edit->match->pair[a];
    if (was < 0 || b < 0)
        return SX_OK;
    const double *on = chooser(x)->on;
    int32_t top = best_pair(x->m, chooser(x), before, -1);
    bool was_best = on[x->m->first[top]] - on[x->m->first[was]] <= x->enough;
    sx_status st = demand_transport_before(x, e, before, was, was_best);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1] && was_best && !st; k++)
        if (k != b)
            st = ahead_after(x, e, s, b, k, k == a);
    return st;
}

static sx_status demand_best(sx_i_repairing *x, int32_t e)
{
    const sx_repair_edit *edit = &x->edit[e];
    sx_status st = SX_OK;
    for (int32_t s = 0; s < edit->m->states && !st; s++) {
        if (!edit->touched->state[s] || edit->match->state[s] < 0 || edit->m->absorbing[s] ||
            edit->m->pair[s + 1] - edit->m->pair[s] < 2)
            continue;
        st = edit->expect == SX_EXPECT_FLIPS_BEST ? demand_flip(x, e, s)
                                                  : demand_transport(x, e, s);
    }
    return st;
}

/* --- an edit --- */

/* Whether a possible triple of the edited world had no known value. */
static bool has_unknown(const sx_i_repairing *x, const sx_repair_edit *edit,
                        const sx_match *match)
{
    for (int32_t k = 0; k < edit->m->pairs; k++)
        for (int64_t t = edit->m->first[k]; t < edit->m->first[k + 1]; t++) {
            int32_t state = match->state[edit->m->next[t]];
            if (state < 0 || match->pair[k] < 0 ||
                isnan(sx_reward_at(x->m, x->r, match->pair[k], state)))
                return true;
        }
    return false;
}

const char *sx_i_repair_left_out(const sx_i_repairing *x, int32_t e)
{
    const sx_repair_edit *edit = &x->edit[e];
    if (edit->skip)
        return edit->skip;
    if (edit->expect == SX_EXPECT_NOTHING)
        return "it has no expectation";
    if (!edit->edited)
        return "its reward is not known in the edited world";
    if (edit->moved && has_unknown(x, edit, edit->moved))
        return "it moves triples whose reward is not known";
    if (edit->expect == SX_EXPECT_FLIPS_BEST || edit->expect == SX_EXPECT_TRANSPORTS) {
        bool simple = is_one_step(x->m) && is_one_step(edit->m);
        return simple ? NULL
                      : "best actions are linear in the reward in worlds of one step alone";
    }
    if (edit->expect != SX_EXPECT_LEVEL && has_unknown(x, edit, edit->match))
        return "a triple of the edited world has no counterpart";
    return NULL;
}

sx_status sx_i_repair_demand(sx_i_repairing *x, int32_t e)
{
    switch (x->edit[e].expect) {
    case SX_EXPECT_INVARIANT: return demand_invariant(x, e);
    case SX_EXPECT_FLIPS_BEST:
    case SX_EXPECT_TRANSPORTS: return demand_best(x, e);
    default: return demand_triples(x, e);
    }
}
