/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalent_put.c - the answer of `equivalent` as JSON and CSV. */
#include "cli/verb_equivalent.h"

#include <math.h>

static void put_answer(sx_report *r, sx_value *v, const char *name, sx_answer x)
{
    if (x == SX_ANSWER_OPEN)
        sx_put_null(r, v, name);
    else
        sx_put_bool(r, v, name, x == SX_ANSWER_YES);
}

static void put_interval(sx_report *r, sx_value *v, const double x[2])
{
    if (isnan(x[0]))
        sx_put_null(r, v, "interval");
    else
        sx_put_range(r, v, "interval", x[0], x[1]);
}

static void put_transformations(sx_report *r, sx_value *v, const sx_equivalence *e)
{
    sx_value *list = sx_put_list(r, v, "transformations");
    for (int32_t i = 0; sx_transformation_name(i); i++)
        if (e->transformations >> i & 1U)
            sx_put_text(r, list, NULL, sx_transformation_name(i));
}

static void put_potential(sx_cli *c, sx_value *v, const sx_equivalence *e)
{
    sx_report *r = &c->report;
    int32_t n = c->spec->world->mdp->states;
    if (!e->potential) {
        sx_put_null(r, v, "potential");
        return;
    }
    sx_value *list = sx_put_object(r, v, "potential");
    for (int32_t s = 0; s < n && !r->failed; s++) {
        sx_cli_name name;
        sx_put_number(r, list, sx_cli_state(c, s, &name), e->potential[s]);
    }
}

static void put_fraction(sx_report *r, sx_value *v, const char *name, const char *text)
{
    if (text)
        sx_put_text(r, v, name, text);
    else
        sx_put_null(r, v, name);
}

static void put_exact_form(sx_cli *c, sx_value *v, const sx_exactly *x)
{
    sx_report *r = &c->report;
    put_fraction(r, v, "scale_exact", x->scale);
    if (!x->potential) {
        sx_put_null(r, v, "potential_exact");
        return;
    }
    sx_value *list = sx_put_object(r, v, "potential_exact");
    for (int32_t s = 0; s < x->states && !r->failed; s++) {
        sx_cli_name name;
        sx_put_text(r, list, sx_cli_state(c, s, &name), x->potential[s]);
    }
}

/* The pairs whose advantages have no common ratio above 0. */
static void put_proof(sx_cli *c, sx_value *v, const sx_exactly *x)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    if (x->proof[0] < 0) {
        sx_put_null(r, v, "proof");
        return;
    }
    sx_value *list = sx_put_list(r, v, "proof");
    for (int i = 0; i < 2 && x->proof[i] >= 0; i++) {
        sx_cli_name name;
        sx_value *pair = sx_put_object(r, list, NULL);
        sx_put_text(r, pair, "state",
                    sx_cli_state(c, sx_mdp_pair_state(m, x->proof[i]), &name));
        sx_put_text(r, pair, "action", sx_cli_action(c, m->action[x->proof[i]], &name));
        sx_put_text(r, pair, "advantage_a", x->advantage[i][0]);
        sx_put_text(r, pair, "advantage_b", x->advantage[i][1]);
    }
}

static void put_exact(sx_cli *c, sx_value *v, const sx_equivalence *e)
{
    if (!e->exactly)
        return;
    put_exact_form(c, v, e->exactly);
    put_proof(c, v, e->exactly);
}

/* --- the two policies --- */

/* The probabilities of policy i as fractions, and its returns. */
static void put_exact_side(sx_cli *c, sx_value *x, const sx_equivalence *e, int i)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    if (!e->exactly)
        return;
    sx_value *returns = sx_put_object(r, x, "return_exact");
    sx_put_text(r, returns, "a", e->exactly->returns[i][0]);
    sx_put_text(r, returns, "b", e->exactly->returns[i][1]);
    sx_value *policy = sx_put_object(r, x, "policy_exact");
    for (int32_t s = 0; s < m->states && !r->failed; s++) {
        sx_cli_name name;
        sx_value *row = sx_put_object(r, policy, sx_cli_state(c, s, &name));
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sx_put_text(r, row, sx_cli_action(c, m->action[k], &name),
                        e->exactly->policy[i][k]);
    }
}

static void put_side(sx_cli *c, sx_value *v, const sx_equivalence *e, int i)
{
    const char *name = i ? "second" : "first";
    const double *pi = i ? e->second : e->first;
    const sx_both_returns *j = &e->returns[i];
    sx_report *r = &c->report;
    sx_value *x = sx_put_object(r, v, name);
    sx_value *returns = sx_put_object(r, x, "return");
    sx_put_number(r, returns, "a", j->a);
    sx_put_number(r, returns, "b", j->b);
    returns = sx_put_object(r, x, "error");
    sx_put_number(r, returns, "a", j->error_a);
    sx_put_number(r, returns, "b", j->error_b);
    if (c->spec->world->mdp->states <= SX_INLINE_STATES)
        sx_cli_put_policy(c, x, "policy", pi);
    else
        sx_put_null(r, x, "policy");
    put_exact_side(c, x, e, i);
}

static void put_witness(sx_cli *c, sx_value *v, const sx_equivalence *e)
{
    sx_report *r = &c->report;
    if (!e->first) {
        sx_put_null(r, v, "witness");
        return;
    }
    sx_value *w = sx_put_object(r, v, "witness");
    sx_put_text(r, w, "from", e->from_start ? "start" : "all states");
    put_side(c, w, e, 0);
    put_side(c, w, e, 1);
    if (e->exactly) {
        sx_value *x = sx_put_object(r, w, "difference");
        sx_put_number(r, x, "a", e->exactly->difference[0]);
        sx_put_number(r, x, "b", e->exactly->difference[1]);
        x = sx_put_object(r, w, "difference_exact");
        sx_put_text(r, x, "a", e->exactly->apart[0]);
        sx_put_text(r, x, "b", e->exactly->apart[1]);
    }
}

/* --- --explain --- */

static void put_difference(sx_cli *c, sx_value *v, const sx_difference *d)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    sx_cli_name n;
    sx_put_text(r, v, "state", sx_cli_state(c, sx_mdp_pair_state(m, d->pair), &n));
    sx_put_text(r, v, "action", sx_cli_action(c, m->action[d->pair], &n));
    sx_put_number(r, v, "scaled_a", d->a);
    sx_put_number(r, v, "b", d->b);
    sx_put_number(r, v, "difference", d->b - d->a);
}

static void put_differences(sx_cli *c, const sx_equivalent_answer *a)
{
    sx_report *r = &c->report;
    sx_value *x = sx_put_object(r, r->root, "alignment");
    sx_put_number(r, x, "scale", a->alignment.scale);
    sx_put_whole(r, x, "pairs_that_differ", a->alignment.differ);
    sx_value *list = sx_put_list(r, x, "largest");
    for (int32_t i = 0; i < a->alignment.count; i++)
        put_difference(c, sx_put_object(r, list, NULL), &a->alignment.largest[i]);
    if ((sx_format)c->o.number[SX_OPT_FORMAT] != SX_FORMAT_CSV)
        return;
    for (int32_t i = 0; i < a->alignment.count; i++)
        put_difference(c, sx_put_object(r, r->rows, NULL), &a->alignment.largest[i]);
}

/* --- all --- */

static void put_numbers(sx_cli *c, sx_value *v, const sx_equivalence *e)
{
    sx_report *r = &c->report;
    put_answer(r, v, "equivalent", e->equivalent);
    put_answer(r, v, "same_order_from_start", e->same_order_from_start);
    sx_put_bool(r, v, "opposite", e->opposite);
    put_answer(r, v, "trivial_a", e->trivial_a);
    put_answer(r, v, "trivial_b", e->trivial_b);
    sx_put_number(r, v, "scale", e->scale);
    sx_put_number(r, v, "residual", e->residual);
    put_interval(r, v, e->interval);
    sx_put_bool(r, v, "exact", e->exactly != NULL);
}

/* The answer in one row. */
static void put_row(sx_cli *c, const sx_equivalent_answer *a)
{
    sx_report *r = &c->report;
    const sx_equivalence *e = a->found;
    sx_text set = {0};
    sx_value *v = sx_put_object(r, r->rows, NULL);
    for (int32_t i = 0; sx_transformation_name(i); i++)
        if (e->transformations >> i & 1U)
            sx_text_format(&set, "%s%s", set.size ? " " : "", sx_transformation_name(i));
    sx_put_text(r, v, "a", c->spec->reward[a->a].id);
    sx_put_text(r, v, "b", c->spec->reward[a->b].id);
    put_numbers(c, v, e);
    sx_put_text(r, v, "transformations", set.bytes ? set.bytes : "");
    r->failed = r->failed || set.failed;
    sx_text_clear(&set);
}

void sx_equivalent_put(sx_cli *c, const sx_equivalent_answer *a)
{
    sx_report *r = &c->report;
    const sx_equivalence *e = a->found;
    bool csv = (sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_CSV;
    bool explain = c->o.given[SX_OPT_EXPLAIN];
    if (csv)
        sx_report_own_rows(r);
    sx_put_whole(r, r->root, "unreachable", e->unreachable);
    if (!csv || explain) {
        sx_put_text(r, r->root, "a", c->spec->reward[a->a].id);
        sx_put_text(r, r->root, "b", c->spec->reward[a->b].id);
        put_numbers(c, r->root, e);
    }
    if (csv && !explain)
        put_row(c, a);
    if (!csv) {
        put_transformations(r, r->root, e);
        put_potential(c, r->root, e);
        put_exact(c, r->root, e);
        put_witness(c, r->root, e);
    }
    if (explain)
        put_differences(c, a);
}
