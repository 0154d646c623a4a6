/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_term.c - <add> and <set>: selectors, expressions, and messages that name triples. */
#include "mdp/spec_reward_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- selectors -------------------------------------------------------------------------------
 */

/* The state or label nearest to text as a hint, or NULL. */
static const char *hint_for(const sx_world *w, const char *text, char *hint, size_t size)
{
    if (sx_names_find(w->actions, text) >= 0) {
        snprintf(hint, size, "it is an action: write action=\"%.60s\"", text);
        return hint;
    }
    char buffer[SX_NAME_BUFFER];
    sx_names *labels = NULL;
    int32_t index;
    const char *name = sx_names_nearest(w->states, text, buffer);
    sx_status st = name ? SX_OK : sx_names_new(&labels, NULL);
    for (int32_t i = 0; !name && !st && i < w->labels; i++)
        st = sx_names_add(labels, w->label[i].name, &index, NULL);
    if (!name && !st)
        name = sx_names_nearest(labels, text, buffer);
    if (name)
        snprintf(hint, size, "did you mean \"%.60s\"?", name);
    sx_names_free(labels);
    return name ? hint : NULL;
}

sx_status sx_i_select(sx_i_rewarding *c, const sx_node *n, const char *attr, sx_i_states *out,
                      int32_t *label)
{
    char hint[256];
    const char *text = sx_i_attr(n, attr);
    *out = (sx_i_states){!text || !strcmp(text, "*"), 0, NULL, 0};
    *label = -1;
    if (out->all)
        return SX_OK;
    int32_t s = sx_names_find(c->world->states, text);
    if (s >= 0) {
        out->count = 1;
        out->one = s;
        return SX_OK;
    }
    *label = sx_world_label(c->world, text);
    if (*label < 0 && c->rd->doubtful)
        return SX_EINPUT;
    bool shown = sx_diags_errors(c->rd->diags) < SX_DIAG_LIMIT; /* else a hint is wasted work */
    if (*label < 0)
        return sx_diag_report(c->rd->diags, sx_i_attr_where(n, attr), "E403",
                              shown ? hint_for(c->world, text, hint, sizeof hint) : NULL,
                              "\"%.60s\" is neither a state nor a label", text);
    out->count = c->world->label[*label].count;
    out->state = c->world->label[*label].state;
    return SX_OK;
}

static bool passed_through(const sx_world *w, int32_t label)
{
    for (int64_t i = 0; label >= 0 && i < w->throughs; i++)
        if (w->through[i].label == label)
            return true;
    return false;
}

/* A label of cells that nobody stays on selects nothing but by enter. */
static sx_status check_label(sx_i_rewarding *c, const sx_node *n, const char *attr,
                             const sx_i_states *x, int32_t label)
{
    if (label < 0 || x->count || !passed_through(c->world, label))
        return SX_OK;
    return sx_diag_report(
        c->rd->diags, sx_i_attr_where(n, attr), "E403",
        "write enter= for steps onto these cells",
        "the cells with label \"%.60s\" are no states: who steps there is sent on",
        c->world->label[label].name);
}

sx_status sx_i_selectors(sx_i_rewarding *c, const sx_node *n, sx_i_term *t)
{
    int32_t from, to;
    const char *action = sx_i_attr(n, "action");
    t->enters = sx_i_attr(n, "enter") != NULL;
    t->from_given = sx_i_attr(n, "from") != NULL;
    t->action = t->through = -1;
    sx_status st = SX_OK;
    if (t->enters && sx_i_attr(n, "to"))
        st = sx_diag_report(c->rd->diags, sx_i_attr_where(n, "to"), "E404",
                            "enter=X is: to=X, and not from X",
                            "to and enter cannot be combined");
    st = sx_i_worse(st, sx_i_select(c, n, "from", &t->from, &from));
    if (!st)
        st = check_label(c, n, "from", &t->from, from);
    st = sx_i_worse(st, sx_i_select(c, n, t->enters ? "enter" : "to", &t->to, &to));
    if (!st && !t->enters)
        st = check_label(c, n, "to", &t->to, to);
    if (t->enters && passed_through(c->world, to))
        t->through = to;
    if (action && strcmp(action, "*") != 0)
        st = sx_i_worse(st, sx_i_attr_action(c->rd, n, "action", &t->action));
    return st;
}

/* --- expressions
 * ------------------------------------------------------------------------------- */

sx_status sx_i_expression(sx_i_rewarding *c, const sx_node *n, const char *attr,
                          unsigned allowed, sx_expr **out)
{
    sx_expr_error where = {0};
    sx_error wrong = SX_NO_ERROR;
    const sx_attr *a = sx_node_attr(n, attr);
    *out = NULL;
    if (!a)
        return SX_EINPUT;
    sx_status st = sx_expr_parse(a->value, c->world, allowed, out, &where, &wrong);
    if (st == SX_EINPUT)
        return sx_diag_report(
            c->rd->diags, sx_attr_place(c->rd->xml, a, where.offset, where.width), where.code,
            where.hint[0] ? where.hint : NULL, "%s", where.message);
    return st ? sx_fail(c->rd->err, st, "%s", wrong.msg) : SX_OK;
}

/* value= must be a number, when= a condition. */
static sx_status read_expression(sx_i_rewarding *c, const sx_node *n, const char *attr,
                                 bool condition, sx_expr **out)
{
    unsigned all = SX_EXPR_STATE | SX_EXPR_ACTION | SX_EXPR_NEXT;
    sx_status st = sx_i_expression(c, n, attr, all, out);
    if (st || sx_expr_is_boolean(*out) == condition)
        return st;
    *out = sx_expr_free(*out);
    return sx_diag_report(c->rd->diags, sx_i_attr_where(n, attr), "E406",
                          condition ? "compare it with something, as in row > 2"
                                    : "choose numbers for both cases, as in if(row > 2, 1, 0)",
                          condition ? "when= is a number, not a condition"
                                    : "value= is a condition, not a number");
}

/* --- messages
 * ------------------------------------------------------------------------------------ */

void sx_i_triple_text(const sx_i_rewarding *c, int32_t k, int32_t next, char *text, size_t size)
{
    char from[SX_NAME_BUFFER], action[SX_NAME_BUFFER], to[SX_NAME_BUFFER];
    snprintf(text, size, "(%s, %s, %s)",
             sx_names_get(c->world->states, c->terms->source[k], from),
             sx_names_get(c->world->actions, c->m->action[k], action),
             sx_names_get(c->world->states, next, to));
}

const char *sx_i_wild_text(double value)
{
    return isnan(value) ? "not a number" : "infinite";
}

static sx_status report_fault(sx_i_rewarding *c, const sx_node *n, const sx_i_fault *fault)
{
    char triple[256];
    sx_i_triple_text(c, fault->pair, fault->state, triple, sizeof triple);
    const char *hint = "leave such triples out with when=";
    if (isnan(fault->value))
        hint = "a state or an action may lack an attribute; leave such triples out with when=";
    else if (sx_mdp_entry(c->m, fault->pair, fault->state) < 0)
        hint = "the triple is impossible, but rewards are defined on those, too: leave it out "
               "with when=";
    return sx_diag_report(c->rd->diags, sx_i_attr_where(n, "value"), "E405", hint,
                          "the value is %s on %s", sx_i_wild_text(fault->value), triple);
}

/* --- add and set
 * ---------------------------------------------------------------------------------- */

sx_status sx_i_term_add(sx_i_rewarding *c, const sx_node *n)
{
    sx_i_term t = {0};
    sx_i_fault fault;
    sx_expr *value = NULL, *when = NULL;
    sx_error wrong = SX_NO_ERROR;
    const char *number = sx_i_attr(n, "value");
    t.overrides = !strcmp(n->name, "set");
    sx_status st = sx_i_selectors(c, n, &t);
    if (!number)
        st = sx_i_worse(st, SX_EINPUT);
    else if (!sx_number_read(number, &t.constant))
        st = sx_i_worse(st, read_expression(c, n, "value", false, &value));
    if (sx_i_attr(n, "when"))
        st = sx_i_worse(st, read_expression(c, n, "when", true, &when));
    t.value = value;
    t.when = when;
    if (!st) {
        st = sx_i_terms_apply(c->terms, &t, &fault, &wrong);
        if (st == SX_EINPUT && fault.found)
            st = report_fault(c, n, &fault);
        else if (st)
            sx_fail(c->rd->err, st, "%s", wrong.msg);
    }
    sx_expr_free(value);
    sx_expr_free(when);
    return st;
}
