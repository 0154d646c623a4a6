/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalent_text.c - the answer of `equivalent` for people. */
#include "cli/verb_equivalent.h"

#include "mdp/exact.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STATES = 40 }; /* rows of a table */

static const char *id_a(const sx_cli *c, const sx_equivalent_answer *a)
{
    return c->spec->reward[a->a].id;
}

static const char *id_b(const sx_cli *c, const sx_equivalent_answer *a)
{
    return c->spec->reward[a->b].id;
}

static void finish(sx_cli *c, sx_table *t)
{
    sx_table_write(t, &c->text);
    sx_table_clear(t);
}

static void more(sx_cli *c, int64_t count)
{
    if (count > STATES)
        sx_text_format(&c->text, "  ... and %" PRId64 " more; --format json has all\n",
                       count - STATES);
}

/* --- yes --- */

/* "2 true + discount Phi(s') - Phi(s) + 0.5, redistributed over next states" */
static void text_formula(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_equivalence *e = a->found;
    sx_text *t = &c->text;
    char number[32];
    sx_text_format(t, "%s = ", id_b(c, a));
    sx_human_number(e->scale, number);
    if (e->transformations & SX_BY_SCALE)
        sx_text_format(t, "%s ", number);
    sx_text_put(t, id_a(c, a));
    if (e->transformations & SX_BY_SHAPING)
        sx_text_put(t, " + discount Phi(s') - Phi(s)");
    sx_human_number((c->spec->world->mdp->discount - 1) * e->potential[0], number);
    if (e->transformations & SX_BY_SHIFT)
        sx_text_format(t, " %c %s", number[0] == '-' ? '-' : '+', number + (number[0] == '-'));
    if (e->transformations & SX_BY_REDISTRIBUTION)
        sx_text_put(t, ", redistributed over next states");
    sx_text_put(t, "\n");
}

static void text_set(sx_cli *c, const sx_equivalence *e)
{
    sx_text *t = &c->text;
    bool first = true;
    sx_text_put(t, "by ");
    for (int32_t i = 0; sx_transformation_name(i); i++)
        if (e->transformations >> i & 1U) {
            sx_text_format(t, "%s%s", first ? "" : ", ", sx_transformation_name(i));
            first = false;
        }
    sx_text_put(t, first ? "nothing: they are equal on every triple\n" : "\n");
}

static void text_potential(sx_cli *c, const sx_equivalence *e)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_table t = {.columns = 2, .align = "lr"};
    if (!(e->transformations & SX_BY_SHAPING))
        return;
    sx_text_put(&c->text, "\n");
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "Phi");
    for (int32_t s = 0; s < m->states && s < STATES; s++) {
        sx_cli_name n;
        sx_table_cell(&t, sx_cli_state(c, s, &n));
        sx_table_number(&t, e->potential[s]);
    }
    finish(c, &t);
    more(c, m->states);
}

/* The scale as a fraction, unless the formula has it in full. */
static void text_exact_yes(sx_cli *c, const sx_equivalence *e)
{
    sx_text_put(&c->text, "exactly: decided in rational numbers, nothing is left\n");
    if (e->transformations & SX_BY_SCALE)
        sx_text_format(&c->text, "scale %.60s%s\n", e->exactly->scale,
                       strlen(e->exactly->scale) > 60 ? "... (--format json has all)" : "");
}

static void text_yes(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_equivalence *e = a->found;
    const char *how = e->exactly                           ? ""
                      : sx_exact_fits(c->spec->world->mdp) ? ", up to rounding (--exact "
                                                             "settles it)"
                                                           : ", up to rounding";
    sx_text_format(&c->text, "yes: %s and %s order all policies alike%s\n", id_a(c, a),
                   id_b(c, a), how);
    if (e->trivial_a == SX_ANSWER_YES)
        sx_text_put(&c->text, "both are trivial: all policies return the same\n");
    text_formula(c, a);
    text_set(c, e);
    if (e->exactly)
        text_exact_yes(c, e);
    else
        sx_text_format(&c->text, "what is left: %.1e at most, mean over next states\n",
                       e->residual);
    if (e->reason)
        sx_text_format(&c->text, "impossible triples were not looked at: %s\n", e->reason);
    text_potential(c, e);
}

/* --- no --- */

/* The difference is that of the fractions, also where no double is so small. */
static void return_row(sx_table *t, const char *name, double first, double second,
                       const sx_exactly *x, int c)
{
    sx_table_cell(t, name);
    sx_table_number(t, first);
    sx_table_number(t, second);
    if (x && !isnormal(x->difference[c]) && strcmp(x->apart[c], "0") != 0)
        sx_table_cell(t, x->rounded[c]);
    else
        sx_table_number(t, x ? x->difference[c] : first - second);
}

/* "up .5 left .5" */
static void policy_cell(sx_cli *c, sx_table *t, const double *pi, int32_t s)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_text cell = {0};
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        sx_cli_name n;
        if (pi[k] > 0)
            sx_text_format(&cell, "%s%s", cell.size ? " " : "",
                           sx_cli_action(c, m->action[k], &n));
        if (pi[k] > 0 && pi[k] < 1)
            sx_text_format(&cell, " %.4g", pi[k]);
    }
    sx_table_cell(t, cell.bytes ? cell.bytes : "");
    sx_text_clear(&cell);
}

static bool differ(const sx_mdp *m, const sx_equivalence *e, int32_t s)
{
    bool apart = false;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        apart = apart || e->first[k] != e->second[k];
    return apart;
}

static void text_policies(sx_cli *c, const sx_equivalence *e)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_table t = {.columns = 3, .align = "lll"};
    int64_t count = 0;
    sx_text_put(&c->text, "\nwhere they act differently\n");
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "first policy");
    sx_table_cell(&t, "second policy");
    for (int32_t s = 0; s < m->states; s++) {
        sx_cli_name n;
        if (!differ(m, e, s) || count++ >= STATES)
            continue;
        sx_table_cell(&t, sx_cli_state(c, s, &n));
        policy_cell(c, &t, e->first, s);
        policy_cell(c, &t, e->second, s);
    }
    finish(c, &t);
    more(c, count);
}

static void text_witness(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_equivalence *e = a->found;
    const sx_both_returns *j = e->returns;
    const sx_exactly *x = e->exactly;
    sx_table t = {.columns = 4, .align = "lrrr"};
    sx_text_format(&c->text, "\nreturns of two policies, starting %s\n",
                   e->from_start ? "from the initial distribution" : "in all states alike");
    sx_table_cell(&t, "");
    sx_table_cell(&t, "first");
    sx_table_cell(&t, "second");
    sx_table_cell(&t, "difference");
    return_row(&t, id_a(c, a), j[0].a, j[1].a, x, 0);
    return_row(&t, id_b(c, a), j[0].b, j[1].b, x, 1);
    finish(c, &t);
    text_policies(c, e);
}

/* "up in r0c0: 1/3 and 2/3" */
static void text_proof(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_exactly *x = a->found->exactly;
    sx_table t = {.columns = 4, .align = "llrr"};
    sx_text_format(&c->text,
                   "exactly: no alpha > 0 makes the advantages under the uniform policy of %s "
                   "alpha times\nthose of %s\n\n",
                   id_b(c, a), id_a(c, a));
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "action");
    sx_table_cell(&t, id_a(c, a));
    sx_table_cell(&t, id_b(c, a));
    for (int i = 0; i < 2 && x->proof[i] >= 0; i++) {
        sx_cli_name n;
        sx_table_cell(&t, sx_cli_state(c, sx_mdp_pair_state(m, x->proof[i]), &n));
        sx_table_cell(&t, sx_cli_action(c, m->action[x->proof[i]], &n));
        for (int j = 0; j < 2; j++) {
            char text[48];
            bool whole = strlen(x->advantage[i][j]) < 40;
            snprintf(text, sizeof text, "%.36s%s", x->advantage[i][j], whole ? "" : "...");
            if (whole)
                snprintf(text, sizeof text, "%.40s", x->advantage[i][j]);
            sx_table_cell(&t, text);
        }
    }
    finish(c, &t);
}

static void text_no(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_equivalence *e = a->found;
    sx_text_format(&c->text, "no: %s and %s order %s policies differently\n", id_a(c, a),
                   id_b(c, a), e->first ? "these two" : "some");
    if (e->exactly)
        text_proof(c, a);
    if (e->opposite)
        sx_text_put(&c->text,
                    "they are opposite: each order of policies is the other reversed\n");
    if (e->trivial_a == SX_ANSWER_YES || e->trivial_b == SX_ANSWER_YES)
        sx_text_format(&c->text, "%s is trivial: under it all policies return the same\n",
                       e->trivial_a == SX_ANSWER_YES ? id_a(c, a) : id_b(c, a));
    if (!e->from_start && e->same_order_from_start == SX_ANSWER_YES)
        sx_text_put(&c->text,
                    "from the initial distribution the order is the same: they differ "
                    "in unreachable states\n");
}

/* --- all --- */

static void text_interval(sx_cli *c, const sx_equivalent_answer *a)
{
    const double *x = a->found->interval;
    if (!isnan(x[0]))
        sx_text_format(&c->text,
                       "largest difference of the advantages after scaling: between %.3g and "
                       "%.3g of the largest\n",
                       x[0], x[1]);
}

static void text_open(sx_cli *c, const sx_equivalent_answer *a)
{
    sx_text_format(&c->text,
                   "undecided: what tells %s and %s apart is not clearly above the tolerance "
                   "of %g, and not\nclearly rounding\n",
                   id_a(c, a), id_b(c, a), c->o.number[SX_OPT_TOLERANCE]);
}

static void text_explain(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_table t = {.columns = 5, .align = "llrrr"};
    char number[32];
    sx_human_number(a->alignment.scale, number);
    sx_text_format(&c->text,
                   "\nAdvantages under the uniform policy, %s scaled by %s (least squares): "
                   "%" PRId32 " of %" PRId32 " pairs\ndiffer beyond rounding\n",
                   id_a(c, a), number, a->alignment.differ, m->pairs);
    if (!a->alignment.differ)
        return;
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "action");
    sx_table_cell(&t, id_a(c, a));
    sx_table_cell(&t, id_b(c, a));
    sx_table_cell(&t, "difference");
    for (int32_t i = 0; i < a->alignment.count; i++) {
        const sx_difference *d = &a->alignment.largest[i];
        sx_cli_name n;
        sx_table_cell(&t, sx_cli_state(c, sx_mdp_pair_state(m, d->pair), &n));
        sx_table_cell(&t, sx_cli_action(c, m->action[d->pair], &n));
        sx_table_number(&t, d->a);
        sx_table_number(&t, d->b);
        sx_table_number(&t, d->b - d->a);
    }
    finish(c, &t);
}

void sx_equivalent_text(sx_cli *c, const sx_equivalent_answer *a)
{
    const sx_equivalence *e = a->found;
    sx_text_format(&c->text, "%s: is %s a disguise of %s?\n", sx_cli_title(c), id_b(c, a),
                   id_a(c, a));
    sx_cli_sizes(c, e->unreachable);
    sx_text_put(&c->text, "\n");
    if (e->equivalent == SX_ANSWER_YES)
        text_yes(c, a);
    else if (e->equivalent == SX_ANSWER_NO)
        text_no(c, a);
    else
        text_open(c, a);
    if (!a->found->exactly)
        text_interval(c, a);
    if (e->first)
        text_witness(c, a);
    if (c->o.given[SX_OPT_EXPLAIN])
        text_explain(c, a);
}
