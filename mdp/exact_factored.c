/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_factored.c - <factored> in rational numbers: values, guards, probabilities, starts.
 *
 * Guards, conditions for absorbing and the values of assignments decide which states and
 * transitions there are.  Those are the reader's; each condition must hold exactly where it
 * does in floating point, or the reading is refused. */
#include "mdp/exact_int.h"

#include <stdio.h>
#include <string.h>

#define VANISHING 1e-14 /* what the reader may take for rounding */

/* --- expressions -------------------------------------------------------------------------- */

/* A view of the world with its first n variables only: what an expression could see where it
 * was written. */
static sx_world first_variables(const sx_i_exact_reading *x, int32_t n)
{
    sx_world view = *x->world;
    view.variables = n;
    return view;
}

/* Compile attribute attr of n, of which `name` >= 0: the value is a name of that variable. */
static sx_status compile(sx_i_exact_reading *x, const sx_node *n, const char *attr,
                         int32_t variables, int32_t name, sx_i_exact_expr **out)
{
    sx_expr *e = NULL;
    sx_expr_error where;
    sx_world view = first_variables(x, variables);
    const sx_i_exact_text t = sx_i_exact_text_of(n, attr);
    sx_status st =
        name < 0
            ? sx_expr_parse(t.text, &view, SX_EXPR_STATE, &e, &where, x->rd->err)
            : sx_expr_parse_name(t.text, &view, name, SX_EXPR_STATE, &e, &where, x->rd->err);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_EXPR, e);
    return st ? st : sx_i_exact_compile(x, &t, e, out);
}

static const char *state_name(const sx_i_exact_reading *x, int32_t s,
                              char buffer[SX_NAME_BUFFER])
{
    return sx_names_get(x->world->states, s, buffer);
}

/* The world itself is another one exactly than it is in floating point. */
static sx_status another_world(sx_i_exact_reading *x, const sx_node *n, const char *attr,
                               int32_t s, const char *what)
{
    char buffer[SX_NAME_BUFFER];
    bool condition = strcmp(attr, "when") == 0;
    return sx_diag_report(x->rd->diags, sx_i_attr_where(n, attr), "E472",
                          condition ? "compare with a number between those that it takes"
                                    : NULL,
                          "in %.120s %s", state_name(x, s, buffer), what);
}

/* The value in state s, which must be there. */
static sx_status value_in(sx_i_exact_reading *x, sx_i_exact_expr *e, const sx_node *n,
                          const char *attr, int32_t s, mpq_ptr value)
{
    if (!sx_i_exact_eval(e, s, x->m->pair[s], s, value))
        return SX_OK;
    return another_world(x, n, attr, s, "this has no rational value");
}

/* --- variables, attributes, labels -------------------------------------------------------- */

static int32_t place_of(const sx_i_exact_reading *x, int32_t v, int32_t s)
{
    return sx_factor_place(&x->factored.factors->factor[v], x->world->variable[v].value[s]);
}

/* The numbers of a list as written. */
static sx_status fill_list(sx_i_exact_reading *x, int32_t v)
{
    char buffer[SX_NAME_BUFFER];
    const sx_factor *f = &x->factored.factors->factor[v];
    for (int32_t s = 0; f->number && s < x->m->states; s++) {
        const char *text = sx_factor_text(f, place_of(x, v, s), buffer);
        const char *why = sx_i_rational_read(text, strlen(text), x->variable[v].value + s);
        if (why)
            return sx_i_exact_refuse(x, x->node->place, text, why);
    }
    return SX_OK;
}

/* An attribute has a value exactly where it has one in floating point. */
static sx_status fill_attribute(sx_i_exact_reading *x, const sx_node *n, int32_t v)
{
    sx_i_exact_expr *e;
    sx_status st = compile(x, n, "value", v, -1, &e);
    for (int32_t s = 0; !st && s < x->m->states; s++) {
        bool some = !sx_i_exact_eval(e, s, x->m->pair[s], s, x->variable[v].value + s);
        bool there = x->world->variable[v].value[s] == x->world->variable[v].value[s];
        if (some != there)
            st = SX_EINPUT;
    }
    return st;
}

/* The states in which the condition of a label holds into truth [S], which is added to. */
static sx_status fill_label(sx_i_exact_reading *x, const sx_node *n, unsigned char *truth)
{
    sx_i_exact_expr *e;
    int32_t v = x->factored.factors->count;
    for (const sx_node *a = sx_i_first(x->node, "attribute"); a; a = sx_i_next(a, "attribute"))
        v++;
    mpq_ptr value = sx_rationals_new(1);
    sx_status st = compile(x, n, "when", v, -1, &e);
    for (int32_t s = 0; !st && s < x->m->states; s++) {
        st = value_in(x, e, n, "when", s, value);
        truth[s] |= mpq_sgn(value) > 0;
    }
    return st;
}

static bool same_label(const sx_i_exact_reading *x, const sx_label *l,
                       const unsigned char *truth)
{
    int32_t count = 0;
    bool same = true;
    for (int32_t s = 0; s < x->m->states; s++)
        count += truth[s];
    for (int32_t i = 0; i < l->count; i++)
        same = same && truth[l->state[i]];
    return same && count == l->count;
}

/* One that is not used by the rewards that are wanted may be what it likes. */
static sx_status fill_labels(sx_i_exact_reading *x)
{
    const sx_world *w = x->world;
    size_t states = (size_t)x->m->states;
    unsigned char *truth = sx_fence_alloc((size_t)w->labels * states, 1);
    sx_status st = SX_OK;
    for (const sx_node *n = sx_i_first(x->node, "label"); n && !sx_i_stops(st);
         n = sx_i_next(n, "label")) {
        int32_t i = sx_world_label(w, sx_node_value(n, "id"));
        st = i < 0 ? SX_EINPUT : fill_label(x, n, truth + (size_t)i * states);
        if (st && i >= 0)
            x->inexact_label[i] = n;
    }
    for (const sx_node *n = sx_i_first(x->node, "label"); n; n = sx_i_next(n, "label")) {
        int32_t i = sx_world_label(w, sx_node_value(n, "id"));
        if (i >= 0 && !same_label(x, &w->label[i], truth + (size_t)i * states))
            x->inexact_label[i] = n;
    }
    return sx_i_stops(st) ? st : SX_OK;
}

static sx_status fill_attributes(sx_i_exact_reading *x)
{
    int32_t v = x->factored.factors->count;
    sx_status st = SX_OK;
    for (const sx_node *n = sx_i_first(x->node, "attribute"); n && !sx_i_stops(st);
         n = sx_i_next(n, "attribute"), v++) {
        st = fill_attribute(x, n, v);
        if (st)
            x->variable[v].inexact = n;
    }
    return sx_i_stops(st) ? st : SX_OK;
}

sx_status sx_i_exact_factors(sx_i_exact_reading *x)
{
    sx_diags *loud = x->rd->diags, *quiet = NULL;
    sx_status st = SX_OK;
    for (int32_t v = 0; v < x->factored.factors->count && !sx_i_stops(st); v++)
        st = sx_i_worse(st, fill_list(x, v));
    if (!st)
        st = sx_diags_new(&quiet, x->rd->err);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_DIAGS, quiet);
    if (st)
        return st;
    x->rd->diags = quiet;
    st = fill_attributes(x);
    if (!st)
        st = fill_labels(x);
    x->rd->diags = loud;
    return st;
}

/* --- transitions ---------------------------------------------------------------------------
 */

/* An outcome of an action. */
typedef struct outcome {
    const sx_node *node;
    sx_i_exact_expr *p; /* NULL: what is left */
    int32_t assigns;
    const sx_node **assign;
    int32_t *variable;       /* [assigns] */
    sx_i_exact_expr **value; /* [assigns] NULL: the variable is fixed */
} outcome;

static sx_status compile_outcome(sx_i_exact_reading *x, const sx_node *n, outcome *o)
{
    const sx_factors *f = x->factored.factors;
    sx_status st = SX_OK;
    size_t assigns = 0;
    for (const sx_node *a = sx_i_first(n, "assign"); a; a = sx_i_next(a, "assign"))
        assigns++;
    *o = (outcome){.node = n, .assigns = (int32_t)assigns};
    o->assign = sx_fence_alloc(assigns, sizeof(void *));
    o->variable = sx_fence_alloc(assigns, sizeof *o->variable);
    o->value = sx_fence_alloc(assigns, sizeof(void *));
    if (sx_node_value(n, "p"))
        st = compile(x, n, "p", f->count, -1, &o->p);
    int32_t i = 0;
    for (const sx_node *a = sx_i_first(n, "assign"); a && !sx_i_stops(st);
         a = sx_i_next(a, "assign"), i++) {
        int32_t v = o->variable[i] = sx_factors_variable(f, sx_node_value(a, "variable"));
        bool named = sx_factor_is_named(&f->factor[v]);
        o->assign[i] = a;
        if (x->factored.fixed[v] < 0)
            st = sx_i_worse(st, compile(x, a, "value", f->count, named ? v : -1, &o->value[i]));
    }
    return st;
}

/* The state whose variables have those places [V], or -1. */
static int32_t state_at(const sx_i_exact_reading *x, const int32_t *place)
{
    for (int32_t s = 0; s < x->m->states; s++) {
        bool same = true;
        for (int32_t v = 0; v < x->factored.factors->count && same; v++)
            same = place_of(x, v, s) == place[v];
        if (same)
            return s;
    }
    return -1;
}

/* Where the outcome leads from s; a computed value is that of the domain which is within the
 * rounding that the reader allows. */
static sx_status successor(sx_i_exact_reading *x, const outcome *o, int32_t s, int32_t *place,
                           int32_t *next)
{
    const sx_factors *f = x->factored.factors;
    mpq_ptr value = sx_rationals_new(1);
    sx_status st = SX_OK;
    for (int32_t v = 0; v < f->count; v++)
        place[v] = place_of(x, v, s);
    for (int32_t i = 0; i < o->assigns && !st; i++) {
        int32_t v = o->variable[i];
        if (!o->value[i])
            continue;
        st = value_in(x, o->value[i], o->assign[i], "value", s, value);
        place[v] = st ? -1 : sx_factor_place(&f->factor[v], mpq_get_d(value));
        if (!st && place[v] < 0)
            st = another_world(x, o->assign[i], "value", s,
                               "this is exactly no value of the variable");
    }
    sx_rationals_free(value, 1);
    *next = st ? -1 : state_at(x, place);
    return st;
}

/* p more for the transition of the outcome. */
static sx_status add_outcome(sx_i_exact_reading *x, const outcome *o, int32_t s, int32_t k,
                             mpq_srcptr p, int32_t *place)
{
    int32_t next = -1;
    if (mpq_sgn(p) <= 0)
        return SX_OK;
    sx_status st = successor(x, o, s, place, &next);
    if (st)
        return st;
    int64_t t = next < 0 ? -1 : sx_mdp_entry(x->m, k, next);
    if (t < 0 && mpq_get_d(p) > VANISHING)
        return another_world(x, o->assigns ? o->assign[0] : o->node, "value", s,
                             "this outcome leads elsewhere than in floating point");
    if (t < 0)
        return sx_i_exact_vanished(x, sx_i_attr_where(o->node, "p"));
    mpq_ptr to = (mpq_ptr)x->out->prob + t;
    mpq_add(to, to, p);
    return SX_OK;
}

/* An action, and room for its outcomes in one state. */
typedef struct action {
    int32_t index, outcomes;
    const sx_node *node;
    sx_i_exact_expr *when; /* NULL: always */
    outcome *outcome;
    int32_t *place; /* [V] */
    mpq_ptr p, sum;
} action;

/* The outcomes of an action in state s, of pair k. */
static sx_status add_outcomes(sx_i_exact_reading *x, const action *a, int32_t s, int32_t k)
{
    sx_status st = SX_OK;
    mpq_set_ui(a->sum, 0, 1);
    for (int32_t i = 0; i < a->outcomes && !st; i++) {
        const outcome *o = &a->outcome[i];
        if (o->p)
            st = value_in(x, o->p, o->node, "p", s, a->p);
        else {
            mpq_set_ui(a->p, 1, 1);
            mpq_sub(a->p, a->p, a->sum);
        }
        mpq_add(a->sum, a->sum, a->p);
        if (!st)
            st = add_outcome(x, o, s, k, a->p, a->place);
    }
    return st;
}

static sx_status act_in(sx_i_exact_reading *x, const action *a, int32_t s)
{
    int32_t k = sx_mdp_pair(x->m, s, a->index);
    bool can = true;
    sx_status st = SX_OK;
    if (a->when) {
        st = value_in(x, a->when, a->node, "when", s, a->p);
        can = !st && mpq_sgn(a->p) > 0;
    }
    if (!st && can != (k >= 0))
        st = another_world(x, a->node, "when", s,
                           can ? "this holds exactly, and does not in floating point"
                               : "this holds in floating point, and does not exactly");
    return st || !can ? st : add_outcomes(x, a, s, k);
}

static sx_status read_action(sx_i_exact_reading *x, const sx_node *n, int32_t index)
{
    action a = {.index = index, .node = n};
    const sx_i_held *mark = x->held;
    sx_status st = SX_OK;
    for (const sx_node *o = sx_i_first(n, "outcome"); o; o = sx_i_next(o, "outcome"))
        a.outcomes++;
    a.outcome = sx_fence_alloc((size_t)a.outcomes, sizeof *a.outcome);
    a.place = sx_fence_alloc((size_t)x->factored.factors->count, sizeof *a.place);
    a.p = sx_rationals_new(1);
    a.sum = sx_rationals_new(1);
    if (sx_node_value(n, "when"))
        st = compile(x, n, "when", x->factored.factors->count, -1, &a.when);
    int32_t i = 0;
    for (const sx_node *o = sx_i_first(n, "outcome"); o && !sx_i_stops(st);
         o = sx_i_next(o, "outcome"))
        st = sx_i_worse(st, compile_outcome(x, o, &a.outcome[i++]));
    for (int32_t s = 0; s < x->m->states && !st; s++)
        if (!x->m->absorbing[s])
            st = act_in(x, &a, s);
    sx_i_exact_drop(x, mark);
    return st;
}

/* Where it ends, each condition into ends [S]. */
static sx_status read_absorbing(sx_i_exact_reading *x, const sx_node *n, unsigned char *ends)
{
    sx_i_exact_expr *e;
    mpq_ptr value = sx_rationals_new(1);
    sx_status st = compile(x, n, "when", x->factored.factors->count, -1, &e);
    for (int32_t s = 0; s < x->m->states && !st; s++) {
        st = value_in(x, e, n, "when", s, value);
        ends[s] |= mpq_sgn(value) > 0;
        if (!st && mpq_sgn(value) > 0 && !x->m->absorbing[s])
            st = another_world(x, n, "when", s,
                               "this holds exactly, and does not in floating point");
    }
    return st;
}

static sx_status read_ends(sx_i_exact_reading *x)
{
    const sx_mdp *m = x->m;
    unsigned char *ends = sx_fence_alloc((size_t)m->states, 1);
    const sx_node *first = sx_i_first(x->node, "absorbing");
    sx_status st = SX_OK;
    for (const sx_node *n = first; n && !sx_i_stops(st); n = sx_i_next(n, "absorbing"))
        st = sx_i_worse(st, read_absorbing(x, n, ends));
    for (int32_t s = 0; s < m->states && !st; s++) {
        if (first && m->absorbing[s] && !ends[s])
            st = another_world(x, first, "when", s,
                               "this holds in floating point, and does not exactly");
        for (int64_t t = m->first[m->pair[s]]; m->absorbing[s] && t < m->first[m->pair[s + 1]];
             t++)
            mpq_set_ui((mpq_ptr)x->out->prob + t, 1, 1);
    }
    return st;
}

sx_status sx_i_exact_factored(sx_i_exact_reading *x)
{
    int32_t a = 0;
    sx_status st = read_ends(x);
    for (const sx_node *n = sx_i_first(x->node, "action"); n && !sx_i_stops(st);
         n = sx_i_next(n, "action"))
        st = sx_i_worse(st, read_action(x, n, a++));
    return st;
}

/* --- starts ------------------------------------------------------------------------------- */

sx_status sx_i_exact_factored_starts(sx_i_exact_reading *x)
{
    const sx_factors *f = x->factored.factors;
    const sx_node *initial = sx_i_first(x->root, "initial");
    int32_t *place = sx_fence_alloc((size_t)f->count, sizeof *place);
    mpq_ptr weight = sx_rationals_new(1), mu = x->out->initial;
    sx_status st = SX_OK;
    int64_t i = 0;
    for (const sx_node *n = sx_i_first(initial, "start"); n && !sx_i_stops(st);
         n = sx_i_next(n, "start")) {
        int64_t code = x->factored.start[i++].code;
        st = sx_i_worse(st, sx_i_exact_attr(x, n, "p", weight));
        for (int32_t v = 0; v < f->count; v++)
            place[v] = sx_factors_place(f, v, code);
        int32_t s = state_at(x, place);
        if (!st && s >= 0)
            mpq_add(mu + s, mu + s, weight);
        else if (!st && mpq_sgn(weight) > 0)
            st = sx_i_exact_vanished(x, sx_i_attr_where(n, "p"));
    }
    return st;
}
