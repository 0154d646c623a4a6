/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape_text.c - a shaping for people. */
#include "cli/verb_shape.h"

#include <inttypes.h>
#include <math.h>

enum { SHOWN_STATES = 40 };

/* What was asked, in words. */
static void text_title(sx_cli *c, const sx_shape_answer *a)
{
    static const char *const words[] = {"nearest shaping",
                                        "sparsest shaping",
                                        "flattest shaping",
                                        "smoothest shaping",
                                        "shaping by the optimal value",
                                        "bounded shaping",
                                        "linear shaping"}; /* order of the goals */
    sx_text *t = &c->text;
    sx_text_format(t, "%s: %s of reward %s", sx_cli_title(c), words[a->task.goal],
                   c->spec->reward[a->from].id);
    if (a->to >= 0)
        sx_text_format(t, " to %s", c->spec->reward[a->to].id);
    sx_text_put(t, "\n");
}

static void text_size(sx_cli *c, const sx_shape_answer *a)
{
    const sx_shaping *x = a->shaping;
    sx_text *t = &c->text;
    const char *norm = sx_norm_name(a->task.norm);
    if (a->task.goal == SX_SHAPE_OPTIMAL)
        sx_text_format(t, "sum of values %.10g", x->residual);
    else if (a->task.goal == SX_SHAPE_SMOOTH)
        sx_text_format(t, "differences from step to step add up to %.10g, before to %.10g",
                       x->residual, x->size);
    else if (a->to >= 0)
        sx_text_format(t, "scale %.10g, %s norm of what is left %.10g, of %s itself %.10g",
                       x->scale, norm, x->residual, c->spec->reward[a->to].id, x->size);
    else
        sx_text_format(t, "%s norm %.10g, before %.10g", norm, x->residual, x->size);
    if (a->task.goal != SX_SHAPE_OPTIMAL)
        sx_text_format(t, " (over %s)",
                       a->task.on == SX_SHAPE_ROWS       ? "pairs (s,a)"
                       : a->task.goal == SX_SHAPE_SMOOTH ? "possible triples (s,a,s')"
                                                         : "all triples (s,a,s')");
    sx_text_format(t, "\nno potential gets below %.10g: gap %.1e\n", x->lower, x->gap);
    if (!x->certified)
        sx_text_put(t, "NOT certified within the tolerance\n");
    if (!x->unique && x->nearest)
        sx_text_put(
            t, "other potentials do as well: of those this one leaves the least l2 norm\n");
    else if (!x->unique)
        sx_text_put(t, "other potentials may do as well: this one was not shown to be the only "
                       "one\n");
    else if (a->task.goal == SX_SHAPE_SMOOTH)
        sx_text_put(
            t, "the potential is 0 in the first state: a constant makes no difference here\n");
}

/* A number of steps. */
static void count_cell(sx_table *t, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.0f", value);
    sx_table_cell(t, isnan(value) ? "-" : text);
}

static void text_quality(sx_cli *c, const sx_shape_answer *a)
{
    const sx_shape_quality *q = a->quality;
    sx_table t = {.columns = 3, .align = "lrr"};
    sx_text_format(&c->text, "\n%s before and after; what it returns is counted in %s\n",
                   c->spec->reward[a->from].id, c->spec->reward[a->from].id);
    sx_table_cell(&t, "");
    sx_table_cell(&t, "before");
    sx_table_cell(&t, "after");
    sx_table_cell(&t, "sweeps of value iteration until it acts optimally");
    for (int i = 0; i < 2; i++)
        count_cell(&t, q[i].sweeps.value);
    sx_table_cell(&t, "depth of look-ahead until it acts optimally");
    for (int i = 0; i < 2; i++)
        count_cell(&t, q[i].depth.value);
    for (int depth = 0; depth < 2; depth++) {
        sx_table_cell(&t, depth ? "return when it looks two steps ahead"
                                : "return when it looks one step ahead");
        for (int i = 0; i < 2; i++)
            sx_table_number(&t, q[i].look_ahead[depth]);
    }
    sx_table_cell(&t, "optimal return");
    for (int i = 0; i < 2; i++)
        sx_table_number(&t, q[i].optimal);
    sx_table_cell(&t, "best less second-best action, of the largest reward");
    for (int i = 0; i < 2; i++)
        sx_table_number(&t, q[i].gap.value);
    sx_table_write(&t, &c->text);
    c->text.failed |= t.failed;
    sx_table_clear(&t);
}

static void text_coefficients(sx_cli *c, const sx_shape_answer *a)
{
    const sx_shaping *x = a->shaping;
    if (!x->coefficient)
        return;
    sx_text_put(&c->text, "\npotential =");
    for (int32_t j = 0; j < a->attributes; j++)
        sx_text_format(&c->text, " %s%.10g %s", j ? "+ " : "", x->coefficient[j],
                       c->spec->world->variable[a->variable[j]].name);
    sx_text_format(&c->text, " + %.10g\n", x->coefficient[a->attributes]);
}

static void text_potential(sx_cli *c, const sx_shape_answer *a)
{
    int32_t states = c->spec->world->mdp->states;
    int32_t shown = states <= SHOWN_STATES ? states : SHOWN_STATES;
    sx_table t = {.columns = 2, .align = "lr"};
    sx_text_put(&c->text, "\n");
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "potential");
    for (int32_t s = 0; s < shown; s++) {
        sx_cli_name n;
        sx_table_cell(&t, sx_cli_state(c, s, &n));
        sx_table_number(&t, a->shaping->potential[s]);
    }
    sx_table_write(&t, &c->text);
    c->text.failed |= t.failed;
    sx_table_clear(&t);
    if (shown < states)
        sx_text_format(&c->text, "  ... and %" PRId32 " more states; --format csv has all\n",
                       states - shown);
}

void sx_shape_text(sx_cli *c, const sx_shape_answer *a)
{
    text_title(c, a);
    sx_cli_sizes(c, a->unreachable);
    sx_text_put(&c->text, "\n");
    if (!a->shaping) {
        sx_text_format(&c->text, "no answer: %s\n", a->reason);
        return;
    }
    text_size(c, a);
    text_coefficients(c, a);
    text_quality(c, a);
    text_potential(c, a);
}
