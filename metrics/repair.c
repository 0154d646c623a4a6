/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair.c - the nearest reward that does what edits expect of it. */
#include "metrics/repair_rows_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double sx_repair_margin(const sx_mdp *m, const sx_reward *r)
{
    double most = sx_reward_max_possible(m, r);
    return most > 0 ? most / 100 : 0.01;
}

sx_repair *sx_repair_free(sx_repair *x)
{
    if (!x)
        return NULL;
    for (int32_t e = 0; x->edited && e < x->edits; e++)
        sx_release(x->edited[e]);
    sx_release(x->edited);
    sx_release(x->left_out);
    sx_release(x->demands);
    sx_release(x->price);
    sx_release(x->value);
    sx_release(x->extra);
    sx_release(x->conflict);
    return sx_release(x);
}

static sx_status repair_new(const sx_mdp *m, int32_t edits, sx_repair **out, sx_error *err)
{
    size_t n = (size_t)edits;
    sx_repair *x = sx_alloc(1, sizeof *x);
    *out = x;
    if (!x)
        return sx_nomem(err);
    x->edits = edits;
    x->clash[0].edit = x->clash[1].edit = -1;
    x->left_out = sx_alloc(n, sizeof *x->left_out);
    x->demands = sx_alloc(n, sizeof *x->demands);
    x->price = sx_alloc(n, sizeof *x->price);
    x->value = sx_alloc((size_t)m->entries, sizeof *x->value);
    x->edited = sx_alloc(n, sizeof *x->edited);
    x->conflict = sx_alloc(n, sizeof *x->conflict);
    if (!x->left_out || !x->demands || !x->price || !x->value || !x->edited || !x->conflict)
        return sx_nomem(err);
    return SX_OK;
}

/* --- the problem --- */

static sx_status add_unknowns(sx_i_repairing *x, const sx_mdp *m, const sx_reward *r)
{
    sx_status st = SX_OK;
    int32_t index;
    for (int64_t t = 0; t < m->entries && !st; t++)
        st = sx_i_near_unknown(x->p, true, r->on[t], &index, x->err);
    return st;
}

/* The largest |R| of all versions. */
static double largest_reward(const sx_i_repairing *x)
{
    double most = sx_reward_max_possible(x->m, x->r);
    for (int32_t e = 0; e < x->edits; e++)
        if (x->edit[e].edited)
            most = fmax(most, sx_reward_max_possible(x->edit[e].m, x->edit[e].edited));
    return most;
}

static sx_status set_up(sx_i_repairing *x, const sx_repair_options *o, bool largest,
                        sx_repair *out)
{
    x->p = sx_alloc(1, sizeof *x->p);
    x->own = sx_alloc((size_t)x->edits, sizeof *x->own);
    if (!x->p || !x->own)
        return sx_nomem(x->err);
    x->p->largest = largest;
    x->p->tags = x->edits;
    x->enough = 10 * o->tolerance * largest_reward(x);
    sx_status st = add_unknowns(x, x->m, x->r);
    for (int32_t e = 0; e < x->edits && !st; e++) {
        out->left_out[e] = sx_i_repair_left_out(x, e);
        if (out->left_out[e])
            continue;
        x->own[e] = x->p->unknowns;
        if (!x->edit[e].moved)
            st = add_unknowns(x, x->edit[e].m, x->edit[e].edited);
        int32_t rows = x->p->rows;
        if (!st)
            st = sx_i_repair_demand(x, e);
        out->demands[e] = x->p->rows - rows;
    }
    return st;
}

static void repairing_clear(sx_i_repairing *x)
{
    sx_i_near_free(x->p);
    sx_release(x->own);
    sx_release(x->extra);
    sx_release(x->place);
}

/* --- the answer --- */

static int by_triple(const void *left, const void *right)
{
    const sx_exception *a = left, *b = right;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    return (a->state > b->state) - (a->state < b->state);
}

static sx_status read_extras(const sx_i_repairing *x, const double *v, sx_repair *out)
{
    out->extra = sx_alloc((size_t)x->extras, sizeof *out->extra);
    if (!out->extra)
        return sx_nomem(x->err);
    for (int64_t i = 0; i < x->extra_room; i++) {
        int64_t key = x->extra[i].key;
        if (key >= 0)
            out->extra[out->extras++] =
                (sx_exception){(int32_t)(key / x->m->states), (int32_t)(key % x->m->states),
                               v[x->extra[i].unknown]};
    }
    if (out->extras)
        qsort(out->extra, (size_t)out->extras, sizeof *out->extra, by_triple);
    return SX_OK;
}

static sx_status read_values(const sx_i_repairing *x, const double *v, sx_repair *out)
{
    memcpy(out->value, v, (size_t)x->m->entries * sizeof *v);
    for (int32_t e = 0; e < x->edits; e++) {
        size_t n = (size_t)x->edit[e].m->entries;
        if (out->left_out[e] || x->edit[e].moved)
            continue;
        out->edited[e] = sx_alloc(n, sizeof *v);
        if (!out->edited[e])
            return sx_nomem(x->err);
        memcpy(out->edited[e], v + x->own[e], n * sizeof *v);
    }
    return read_extras(x, v, out);
}

/* Within tolerance of the distance, and of rounding of the rewards themselves. */
static bool is_certified(const sx_i_repairing *x, const sx_i_nearest *n, double tolerance)
{
    double rounding = 1e-12 * largest_reward(x);
    double gap = fabs(n->primal - n->dual);
    return gap <= tolerance * n->primal + rounding * (x->p->largest ? 1 : x->p->rows) &&
           n->violation <= tolerance * (largest_reward(x) + n->primal) && n->stray <= tolerance;
}

static sx_status read_answer(const sx_i_repairing *x, const sx_i_nearest *n, double tolerance,
                             sx_repair *out)
{
    out->reason = n->reason;
    out->possible = n->feasible;
    out->distance = n->primal;
    out->dual = n->dual;
    out->gap = n->primal - n->dual;
    out->violation = n->violation;
    if (n->reason)
        return SX_OK;
    for (int i = 0; i < 2 && !n->feasible; i++)
        if (n->clash[i] >= 0 && x->place)
            out->clash[i] = x->place[n->clash[i]];
    if (!n->feasible) {
        memcpy(out->conflict, n->conflict, (size_t)x->edits);
        return SX_OK;
    }
    memcpy(out->price, n->price, (size_t)x->edits * sizeof *out->price);
    out->certified = is_certified(x, n, tolerance);
    return read_values(x, n->x, out);
}

static sx_status check(const sx_mdp *m, const sx_reward *r, int32_t n,
                       const sx_repair_options *o, sx_error *err)
{
    if (n < 0 || m->entries > SX_REPAIR_LIMIT)
        return sx_fail(err, n < 0 ? SX_EARG : SX_ELIMIT,
                       "a repair is limited to %d transitions, not %" PRId64, SX_REPAIR_LIMIT,
                       m->entries);
    if (o->margin <= 0 || isinf(o->margin))
        return sx_fail(err, SX_EARG, "the margin must be above 0, not %g", o->margin);
    return sx_reward_check(m, r, err);
}

static bool chooses(const sx_repair_edit *edit, int32_t n)
{
    bool has = false;
    for (int32_t e = 0; e < n; e++)
        has = has || edit[e].expect == SX_EXPECT_FLIPS_BEST ||
              edit[e].expect == SX_EXPECT_TRANSPORTS;
    return has;
}

/* The repair with best actions chosen by x.truth, NULL: by r itself. */
static sx_status attempt(sx_i_repairing x, const sx_repair_options *o, sx_repair **out)
{
    sx_repair *answer = NULL;
    sx_i_nearest *near = NULL;
    sx_status st = repair_new(x.m, x.edits, &answer, x.err);
    if (!st)
        st = set_up(&x, o, o->largest, answer);
    if (!st)
        st = sx_i_near_solve(x.p, &near, x.err);
    if (!st)
        st = read_answer(&x, near, o->tolerance, answer);
    sx_i_nearest_free(near);
    repairing_clear(&x);
    if (st)
        answer = sx_repair_free(answer);
    *out = answer;
    return st;
}

sx_status sx_repair_find(const sx_mdp *m, const sx_reward *r, const sx_repair_edit *edit,
                         int32_t n, const sx_repair_options *o, sx_repair **out, sx_error *err)
{
    sx_repair *second = NULL;
    sx_i_repairing x = {.m = m, .r = r, .edit = edit, .edits = n, .err = err};
    *out = NULL;
    sx_status st = check(m, r, n, o, err);
    if (st)
        return st;
    x.margin = isnan(o->margin) ? sx_repair_margin(m, r) : o->margin;
    st = attempt(x, o, out);
    if (st || (*out)->reason || (*out)->possible || !o->truth || !chooses(edit, n))
        return st;
    x.truth = o->truth;
    st = attempt(x, o, &second);
    bool better = !st && !second->reason;
    if (better)
        second->guided = true;
    sx_repair_free(better || st ? *out : second);
    if (better || st)
        *out = second;
    return st;
}
