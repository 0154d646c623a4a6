/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape_put.c - a shaping as JSON and CSV. */
#include "cli/verb_shape.h"

#include <math.h>

enum { INLINE_STATES = 10000 }; /* in JSON */

static void put_reward(sx_cli *c, const char *name, int32_t reward)
{
    sx_report *r = &c->report;
    if (reward < 0)
        sx_put_null(r, r->root, name);
    else
        sx_put_text(r, r->root, name, c->spec->reward[reward].id);
}

static void put_reason(sx_report *r, sx_value *v, const char *reason)
{
    if (reason)
        sx_put_text(r, v, "reason", reason);
    else
        sx_put_null(r, v, "reason");
}

static void put_gap(sx_report *r, sx_value *parent, const sx_shaping *x)
{
    sx_value *v = sx_put_object(r, parent, "certificate");
    sx_put_number(r, v, "gap", x ? x->gap : (double)NAN);
}

static void put_quality(sx_cli *c, sx_value *parent, const char *name, const sx_shape_answer *a,
                        int which)
{
    sx_report *r = &c->report;
    const sx_shape_quality *q = &a->quality[which];
    if (!a->shaping) {
        sx_put_null(r, parent, name);
        return;
    }
    sx_value *v = sx_put_object(r, parent, name);
    sx_put_number(r, v, "sweeps", q->sweeps.value);
    sx_put_number(r, v, "depth", q->depth.value);
    sx_put_number(r, v, "return_1", q->look_ahead[0]);
    sx_put_number(r, v, "return_2", q->look_ahead[1]);
    sx_put_number(r, v, "action_gap", q->gap.value);
    put_reason(r, v, q->sweeps.reason ? q->sweeps.reason : q->gap.reason);
}

static void put_potential(sx_cli *c, const sx_shape_answer *a)
{
    sx_report *r = &c->report;
    int32_t states = c->spec->world->mdp->states;
    if (!a->shaping || states > INLINE_STATES) {
        sx_put_null(r, r->root, "potential");
        if (a->shaping)
            sx_put_text(r, r->root, "note",
                        "above 10000 states the potential is in --format csv only");
        return;
    }
    sx_value *v = sx_put_object(r, r->root, "potential");
    for (int32_t s = 0; s < states && !r->failed; s++) {
        sx_cli_name n;
        sx_put_number(r, v, sx_cli_state(c, s, &n), a->shaping->potential[s]);
    }
}

static void put_rows(sx_cli *c, const sx_shape_answer *a)
{
    sx_report *r = &c->report;
    int32_t states = c->spec->world->mdp->states;
    sx_report_own_rows(r);
    for (int32_t s = 0; a->shaping && s < states && !r->failed; s++) {
        sx_cli_name n;
        sx_value *v = sx_put_object(r, r->rows, NULL);
        sx_put_text(r, v, "state", sx_cli_state(c, s, &n));
        sx_put_number(r, v, "potential", a->shaping->potential[s]);
        put_gap(r, v, a->shaping);
        put_quality(c, v, "before", a, 0);
        put_quality(c, v, "after", a, 1);
    }
}

static void put_coefficients(sx_cli *c, const sx_shape_answer *a)
{
    sx_report *r = &c->report;
    if (!a->shaping || !a->shaping->coefficient)
        return;
    sx_value *v = sx_put_object(r, r->root, "coefficients");
    for (int32_t j = 0; j < a->attributes; j++)
        sx_put_number(r, v, c->spec->world->variable[a->variable[j]].name,
                      a->shaping->coefficient[j]);
    sx_put_number(r, r->root, "intercept", a->shaping->coefficient[a->attributes]);
}

static void put_numbers(sx_cli *c, const sx_shape_answer *a)
{
    sx_report *r = &c->report;
    const sx_shaping *x = a->shaping;
    sx_put_number(r, r->root, "scale", x ? x->scale : (double)NAN);
    sx_put_number(r, r->root, "size", x ? x->size : (double)NAN);
    sx_put_number(r, r->root, "residual", x ? x->residual : (double)NAN);
    sx_put_number(r, r->root, "lower", x ? x->lower : (double)NAN);
    if (x)
        sx_put_bool(r, r->root, "unique", x->unique);
    else
        sx_put_null(r, r->root, "unique");
    if (x)
        sx_put_bool(r, r->root, "nearest", x->nearest);
    else
        sx_put_null(r, r->root, "nearest");
    put_gap(r, r->root, x);
    put_reason(r, r->root, a->reason);
}

void sx_shape_put(sx_cli *c, const sx_shape_answer *a)
{
    sx_report *r = &c->report;
    sx_format format = (sx_format)c->o.number[SX_OPT_FORMAT];
    put_reward(c, "from", a->from);
    put_reward(c, "to", a->to);
    sx_put_text(r, r->root, "goal", sx_shape_goal_name((int32_t)a->task.goal));
    if (a->task.goal == SX_SHAPE_OPTIMAL)
        sx_put_null(r, r->root, "norm");
    else
        sx_put_text(r, r->root, "norm", sx_norm_name(a->task.norm));
    sx_put_text(r, r->root, "on", sx_shape_on_name((int32_t)a->task.on));
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    put_numbers(c, a);
    put_coefficients(c, a);
    put_quality(c, r->root, "before", a, 0);
    put_quality(c, r->root, "after", a, 1);
    if (format == SX_FORMAT_CSV)
        put_rows(c, a);
    else if (format == SX_FORMAT_JSON)
        put_potential(c, a);
}
