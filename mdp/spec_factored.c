/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_factored.c - <factored>: its elements as the description that factored.c builds from. */
#include "mdp/spec_factored_int.h"

#include <string.h>

/* --- problems of the description -------------------------------------------------------- */

static const sx_node *child_at(const sx_node *n, const char *name, int32_t index)
{
    const sx_node *child = sx_i_first(n, name);
    for (int32_t i = 0; child && i < index; i++)
        child = sx_i_next(child, name);
    return child;
}

/* The element of a problem, and the attribute that it is in. */
static const sx_node *element_of(const sx_i_factored *r, const sx_factored_problem *p,
                                 const char **attr)
{
    const sx_node *n = r->world;
    *attr = "states";
    if (p->part == SX_FACTORED_WORLD)
        return n;
    *attr = "when";
    if (p->part == SX_FACTORED_ABSORBING)
        return child_at(n, "absorbing", p->index);
    n = child_at(n, "action", p->index);
    if (p->part == SX_FACTORED_WHEN)
        return n;
    *attr = "id";
    if (p->part == SX_FACTORED_SUM)
        return n;
    n = child_at(n, "outcome", p->outcome);
    *attr = "p";
    if (p->part == SX_FACTORED_P)
        return n;
    *attr = "value";
    return child_at(n, "assign", p->assign);
}

static void on_problem(void *context, const sx_factored_problem *p)
{
    sx_i_factored *r = context;
    const char *attr;
    const sx_node *n = element_of(r, p, &attr);
    const sx_attr *a = sx_node_attr(n, attr);
    sx_place place = sx_i_attr_where(n, attr);
    if (p->part == SX_FACTORED_WORLD)
        place = n->place;
    else if (a && p->width)
        place = sx_attr_place(r->rd->xml, a, p->offset, p->width);
    sx_diag_report(r->rd->diags, place, p->code, p->hint[0] ? p->hint : NULL, "%s", p->message);
}

/* --- actions --------------------------------------------------------------------------------
 */

static sx_status read_assign(sx_i_factored *r, const sx_node *n, sx_assign *first,
                             sx_assign *assign)
{
    sx_status st = sx_i_factored_variable(r, n, &assign->variable);
    assign->value = sx_i_attr_sound(n, "value");
    for (const sx_assign *other = first; !st && other < assign; other++)
        if (other->variable == assign->variable)
            st = sx_diag_report(r->rd->diags, sx_i_attr_where(n, "variable"), "E117",
                                "all assignments of an outcome happen at once",
                                "the outcome assigns to %.60s twice",
                                r->factors->factor[assign->variable].name);
    return assign->value ? st : SX_EINPUT;
}

/* One outcome; *assign moves behind its assignments. */
static sx_status read_outcome(sx_i_factored *r, const sx_node *n, sx_factored_outcome *o,
                              sx_assign **assign)
{
    sx_status st = SX_OK;
    o->p = sx_i_attr_sound(n, "p");
    o->assign = *assign;
    if (sx_node_attr(n, "p") && !o->p)
        st = SX_EINPUT;
    else if (!o->p && sx_i_next(n, "outcome"))
        st = sx_diag_report(r->rd->diags, n->place, "E181", "only the last one may be the rest",
                            "the outcome has no probability p=");
    for (const sx_node *a = sx_i_first(n, "assign"); a; a = sx_i_next(a, "assign")) {
        sx_assign *first = *assign - o->assigns;
        st = sx_i_worse(st, read_assign(r, a, first, *assign));
        (*assign)++;
        o->assigns++;
    }
    return st;
}

static sx_status read_action(sx_i_factored *r, const sx_node *n, sx_factored_action *action,
                             sx_factored_outcome **outcome, sx_assign **assign)
{
    sx_status st = SX_OK;
    action->id = sx_i_attr_sound(n, "id");
    action->when = sx_i_attr_sound(n, "when");
    action->outcome = *outcome;
    if (!action->id || (sx_node_attr(n, "when") && !action->when))
        st = SX_EINPUT;
    for (const sx_node *o = sx_i_first(n, "outcome"); o; o = sx_i_next(o, "outcome")) {
        st = sx_i_worse(st, read_outcome(r, o, (*outcome)++, assign));
        action->outcomes++;
    }
    return action->outcomes ? st : SX_EINPUT; /* reported */
}

static sx_status make_room(sx_i_factored *r)
{
    size_t actions = 0, outcomes = 0, assigns = 0, absorbing = 0;
    for (const sx_node *a = sx_i_first(r->world, "action"); a; a = sx_i_next(a, "action")) {
        actions++;
        for (const sx_node *o = sx_i_first(a, "outcome"); o; o = sx_i_next(o, "outcome")) {
            outcomes++;
            for (const sx_node *x = sx_i_first(o, "assign"); x; x = sx_i_next(x, "assign"))
                assigns++;
        }
    }
    for (const sx_node *n = sx_i_first(r->world, "absorbing"); n; n = sx_i_next(n, "absorbing"))
        absorbing++;
    r->action = sx_alloc(actions, sizeof *r->action);
    r->outcome = sx_alloc(outcomes, sizeof *r->outcome);
    r->assign = sx_alloc(assigns, sizeof *r->assign);
    r->absorbing = sx_alloc(absorbing, sizeof *r->absorbing);
    bool all = r->action && r->outcome && r->assign && r->absorbing;
    return all ? SX_OK : sx_nomem(r->rd->err);
}

/* Each action has its own name. */
static sx_status check_ids(sx_i_factored *r)
{
    sx_names *names = NULL;
    sx_status st = sx_names_new(&names, r->rd->err);
    const sx_node *n = sx_i_first(r->world, "action");
    for (int32_t i = 0; n && !sx_i_stops(st); n = sx_i_next(n, "action"), i++) {
        const char *id = r->action[i].id;
        int32_t index = 0, before = sx_names_count(names);
        sx_status one = id ? sx_names_add(names, id, &index, r->rd->err) : SX_OK;
        if (id && !one && index < before)
            one = sx_diag_report(r->rd->diags, sx_i_attr_where(n, "id"), "E117",
                                 "one action has one guard: join them with or",
                                 "the action \"%.60s\" is listed twice", id);
        st = sx_i_worse(st, one);
    }
    sx_names_free(names);
    return st;
}

static sx_status read_actions(sx_i_factored *r)
{
    sx_status st = make_room(r);
    if (st)
        return st;
    sx_factored_outcome *outcome = r->outcome;
    sx_assign *assign = r->assign;
    for (const sx_node *n = sx_i_first(r->world, "action"); n && !sx_i_stops(st);
         n = sx_i_next(n, "action"))
        st = sx_i_worse(st, read_action(r, n, &r->action[r->f.actions++], &outcome, &assign));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, check_ids(r));
    for (const sx_node *n = sx_i_first(r->world, "absorbing"); n;
         n = sx_i_next(n, "absorbing")) {
        const char *when = sx_i_attr_sound(n, "when");
        r->absorbing[r->f.absorbings++] = when;
        st = when ? st : sx_i_worse(st, SX_EINPUT);
    }
    return r->f.actions ? st : sx_i_worse(st, SX_EINPUT);
}

/* --- the world -------------------------------------------------------------------------------
 */

/* A child that the grammar does not know may have been meant as something that matters. */
static bool has_strangers(const sx_node *n)
{
    bool found = false;
    for (const sx_node *child = n->child; child && !found; child = child->next)
        found = !child->rule || has_strangers(child);
    return found;
}

static sx_status read_description(sx_i_factored *r)
{
    sx_status st = sx_i_factored_variables(r);
    if (st)
        return st;
    st = sx_i_worse(sx_i_factored_dos(r), has_strangers(r->world) ? SX_EINPUT : SX_OK);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_actions(r));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_factored_starts(r));
    if (!sx_i_attr_sound(r->world, "states"))
        st = sx_i_worse(st, SX_EINPUT);
    r->f.factors = r->factors;
    r->f.fixed = r->fixed;
    r->f.initial = r->initial;
    r->f.action = r->action;
    r->f.absorbing = r->absorbing;
    r->f.start = r->start;
    r->f.all = sx_i_attr_is(r->world, "states", "all");
    return st;
}

static sx_status build(sx_i_factored *r)
{
    sx_world *w = NULL;
    sx_error local = SX_NO_ERROR;
    sx_status st = sx_factored_world(&r->f, on_problem, r, &w, &local);
    if (st)
        return st == SX_EINPUT ? st : sx_fail(r->rd->err, st, "%s", local.msg);
    sx_world_free(r->rd->spec->world);
    r->rd->spec->world = w;
    st = sx_i_factored_attributes(r);
    return sx_i_stops(st) ? st : sx_i_worse(st, sx_i_factored_labels(r));
}

sx_status sx_i_factored_open(sx_i_reading *rd, const sx_node *n, sx_i_factored *r)
{
    *r = (sx_i_factored){.rd = rd, .world = n};
    sx_status st = sx_factors_new(&r->factors, rd->err);
    return st ? st : read_description(r);
}

void sx_i_factored_close(sx_i_factored *r)
{
    sx_factors_free(r->factors);
    sx_release(r->initial);
    sx_release(r->fixed);
    sx_release(r->action);
    sx_release(r->outcome);
    sx_release(r->assign);
    sx_release(r->absorbing);
    sx_release(r->start);
    sx_i_codes_clear(&r->seen);
}

sx_status sx_i_factored_read(sx_i_reading *rd, const sx_node *n)
{
    sx_i_factored r;
    sx_status st = sx_i_factored_open(rd, n, &r);
    if (!st)
        st = build(&r);
    sx_i_factored_close(&r);
    return st;
}
