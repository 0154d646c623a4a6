/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance_explain_put.c - the steps of a distance as JSON and CSV. */
#include "cli/verb_distance_explain.h"

#include <math.h>

static double value_at(const sx_mdp *m, const sx_reward *r, int32_t k, int32_t s)
{
    return r ? sx_reward_at(m, r, k, s) : (double)NAN;
}

void sx_cli_put_states(sx_cli *c, sx_value *parent, const char *name, const double *x)
{
    sx_cli_name n;
    if (!x) {
        sx_put_null(&c->report, parent, name);
        return;
    }
    sx_value *v = sx_put_object(&c->report, parent, name);
    for (int32_t s = 0; s < c->spec->world->mdp->states; s++)
        sx_put_number(&c->report, v, sx_cli_state(c, s, &n), x[s]);
}

/* The term of dard, by state and next state. */
static void put_ahead(sx_cli *c, sx_value *parent, const double *ahead)
{
    int32_t n = c->spec->world->mdp->states;
    sx_cli_name name;
    sx_value *v = sx_put_object(&c->report, parent, "ahead");
    for (int32_t s = 0; s < n; s++)
        sx_cli_put_states(c, v, sx_cli_state(c, s, &name), ahead + (size_t)s * (size_t)n);
}

static void put_side(sx_cli *c, sx_value *parent, const char *name, const sx_cli_explained *e,
                     int i)
{
    sx_report *r = &c->report;
    const sx_step_side *side = &e->steps->side[i];
    bool epic = e->steps->measure.kind == SX_DISTANCE_EPIC;
    sx_value *v = sx_put_object(r, parent, name);
    sx_put_text(r, v, "reward", e->id[i]);
    sx_cli_put_states(c, v, "potential", side->potential);
    if (side->potential && e->steps->measure.canon == SX_EPIC)
        sx_put_number(r, v, "average", side->average);
    if (side->ahead)
        put_ahead(c, v, side->ahead);
    if (epic)
        sx_put_number(r, v, "mean", side->canonical ? side->mean : (double)NAN);
    sx_put_number(r, v, epic ? "deviation" : "norm",
                  side->canonical ? side->length.value : (double)NAN);
}

static void put_two(sx_cli *c, sx_value *v, const char *name, const sx_reward *a,
                    const sx_reward *b, int32_t k, int32_t s)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_put_range(&c->report, v, name, value_at(m, a, k, s), value_at(m, b, k, s));
}

static double probability(const sx_mdp *m, int32_t k, int32_t s)
{
    int64_t t = sx_mdp_entry(m, k, s);
    return t < 0 ? 0 : m->prob[t];
}

void sx_cli_put_triple(sx_cli *c, sx_value *v, int32_t s, int32_t k, int32_t y)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_cli_name n;
    sx_put_text(&c->report, v, "from", sx_cli_state(c, s, &n));
    sx_put_text(&c->report, v, "action", sx_cli_action(c, m->action[k], &n));
    sx_put_text(&c->report, v, "to", y < 0 ? "*" : sx_cli_state(c, y, &n));
    sx_put_number(&c->report, v, "p", y < 0 ? 1 : probability(m, k, y));
}

static void put_row(sx_cli *c, sx_value *list, const sx_cli_explained *e, int32_t s, int32_t k,
                    int32_t y)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_steps *x = e->steps;
    const sx_step_side *a = &x->side[0], *b = &x->side[1];
    sx_value *v = sx_put_object(&c->report, list, NULL);
    sx_cli_put_triple(c, v, s, k, y);
    if (x->left)
        sx_put_number(&c->report, v, "weight", x->left[k] * x->right[y]);
    put_two(c, v, "reward", e->reward[0], e->reward[1], k, y);
    put_two(c, v, "canonical", a->canonical, b->canonical, k, y);
    put_two(c, v, "standardised", a->standard, b->standard, k, y);
    sx_put_number(&c->report, v, "difference", value_at(m, x->difference, k, y));
}

static void put_table(sx_cli *c, sx_value *parent, const sx_cli_explained *e)
{
    const sx_mdp *m = c->spec->world->mdp;
    if (!e->tables) {
        sx_put_null(&c->report, parent, "triples");
        return;
    }
    sx_value *list = sx_put_list(&c->report, parent, "triples");
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t y = 0; y < m->states; y++)
                put_row(c, list, e, s, k, y);
}

int32_t sx_cli_share_state(const sx_mdp *m, const sx_share *q)
{
    return q->state < 0 ? m->next[m->first[q->pair]] : q->state;
}

int32_t sx_cli_share_from(const sx_mdp *m, const sx_share *q)
{
    int32_t k = q->pair;
    int32_t lo = 0, hi = m->states; /* pair[lo] <= k < pair[hi] */
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (m->pair[mid] <= k)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* One share; rows of CSV say which section of the output they are from. */
static void put_share(sx_cli *c, sx_value *list, const sx_cli_explained *e, const sx_share *q,
                      bool row)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_steps *x = e->steps;
    sx_value *v = sx_put_object(&c->report, list, NULL);
    sx_put_text(&c->report, v, "a", e->id[0]);
    sx_put_text(&c->report, v, "b", e->id[1]);
    sx_cli_put_triple(c, v, sx_cli_share_from(m, q), q->pair, q->state);
    put_two(c, v, "standardised", x->side[0].standard, x->side[1].standard, q->pair,
            sx_cli_share_state(m, q));
    sx_put_number(&c->report, v, "difference", q->difference);
    sx_put_number(&c->report, v, "share", q->share);
    if (row)
        sx_put_text(&c->report, v, "section", "distance");
}

void sx_cli_put_explained(sx_cli *c, sx_value *steps, sx_value *shares,
                          const sx_cli_explained *e)
{
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, steps, NULL);
    sx_put_text(r, v, "a", e->id[0]);
    sx_put_text(r, v, "b", e->id[1]);
    sx_cli_put_measure(r, v, &e->steps->measure);
    put_side(c, v, "of_a", e, 0);
    put_side(c, v, "of_b", e, 1);
    put_table(c, v, e);
    if (e->steps->left) /* NAN, and so null, where there is no distance */
        sx_put_number(r, v, "rho", 1 - 2 * e->steps->distance.value * e->steps->distance.value);
    sx_put_maybe(r, v, "value", &e->steps->distance);
    sx_put_bool(r, v, "possible_only", e->partial);
    for (int32_t i = 0; i < e->shares; i++) {
        put_share(c, shares, e, &e->share[i], /*row=*/false);
        put_share(c, r->rows, e, &e->share[i], /*row=*/true);
    }
}
