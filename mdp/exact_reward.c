/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_reward.c - rewards on all triples in rational numbers: the terms of terms_int.h, one
 * triple after the other. */
#include "mdp/exact_reward_int.h"

#include <string.h>

mpq_ptr sx_i_exact_at(const sx_i_filling *f, int32_t k, int32_t next)
{
    return f->r + (int64_t)k * f->m->states + next;
}

static const char *const selectors[] = {"from", "to", "enter"};

/* --- add and set -----------------------------------------------------------------------------
 */

typedef struct term {
    sx_i_term t;
    mpq_t constant, value, when;
    sx_i_exact_expr *value_of, *when_of;
    sx_expr *e[2];
    const sx_node *node;
} term;

static sx_status fault(sx_i_filling *f, const term *t, int32_t k, int32_t next,
                       sx_i_exact_kind kind)
{
    char triple[256];
    sx_i_triple_text(&f->c, k, next, triple, sizeof triple);
    return sx_diag_report(f->x->rd->diags, sx_i_attr_where(t->node, "value"), "E472",
                          "leave such triples out with when=", "the value %s on %s",
                          kind == SX_I_EXACT_WILD ? "is not rational, or too large a fraction,"
                                                  : "is not a number",
                          triple);
}

/* Apply the term with that share of the triple's probability (NULL: all of it). */
static sx_status apply_at(sx_i_filling *f, term *t, int32_t s, int32_t k, int32_t next,
                          mpq_srcptr share)
{
    mpq_ptr r = sx_i_exact_at(f, k, next), value = t->constant;
    sx_i_exact_kind kind = SX_I_EXACT_NUMBER;
    if (t->when_of)
        kind = sx_i_exact_eval(t->when_of, s, k, next, t->when);
    if (!kind && t->when_of && mpq_sgn(t->when) == 0)
        return SX_OK;
    if (!kind && t->value_of) {
        value = t->value;
        kind = sx_i_exact_eval(t->value_of, s, k, next, value);
    }
    if (kind)
        return fault(f, t, k, next, kind);
    mpq_set(t->when, value);
    if (t->t.overrides)
        mpq_sub(t->when, t->when, r);
    if (share)
        mpq_mul(t->when, t->when, share);
    mpq_add(r, r, t->when); /* r += share * (value - r), or share * value */
    return SX_OK;
}

/* A pair of an absorbing state for which the value has no meaning. */
static bool left_out(term *t, const sx_i_filling *f, int32_t s, int32_t k)
{
    if (!t->value_of || t->t.from_given || !f->m->absorbing[s] ||
        !sx_expr_lacks(t->e[0], s, f->m->action[k]))
        return false;
    return sx_i_exact_eval(t->value_of, s, k, s, t->value) != SX_I_EXACT_NUMBER;
}

static bool leaves(const sx_i_term *t, const sx_mdp *m, int32_t s, int32_t k)
{
    return sx_i_states_has(&t->from, s) && !(t->enters && sx_i_states_has(&t->to, s)) &&
           (t->action < 0 || m->action[k] == t->action);
}

static sx_status apply_pair(sx_i_filling *f, term *t, int32_t s, int32_t k)
{
    const sx_mdp *m = f->m;
    bool loops = !m->absorbing[s] || t->t.from_given;
    sx_status st = SX_OK;
    for (int32_t next = 0; next < m->states && !st; next++)
        if (sx_i_states_has(&t->t.to, next) && (loops || sx_mdp_entry(m, k, next) < 0))
            st = apply_at(f, t, s, k, next, NULL);
    return st;
}

static sx_status apply_through(sx_i_filling *f, term *t)
{
    const sx_mdp *m = f->m;
    sx_status st = SX_OK;
    for (int64_t i = 0; t->t.through >= 0 && !st && i < f->x->world->throughs; i++) {
        const sx_through *y = &f->x->world->through[i];
        int32_t k = 0, next = m->next[y->entry];
        if (y->label != t->t.through || sx_i_states_has(&t->t.to, next))
            continue;
        while (m->first[k + 1] <= y->entry)
            k++;
        int32_t s = sx_mdp_pair_state(m, k);
        if (leaves(&t->t, m, s, k))
            st = apply_at(f, t, s, k, next, f->x->share + i);
    }
    return st;
}

static sx_status compile(sx_i_filling *f, const sx_node *n, const char *attr, sx_expr **e,
                         sx_i_exact_expr **out)
{
    unsigned all = SX_EXPR_STATE | SX_EXPR_ACTION | SX_EXPR_NEXT;
    const sx_i_exact_text t = sx_i_exact_text_of(n, attr);
    sx_status st = sx_i_expression(&f->c, n, attr, all, e);
    if (!st)
        st = sx_i_exact_hold(f->x, SX_I_HELD_EXPR, *e);
    return st ? st : sx_i_exact_compile(f->x, &t, *e, out);
}

/* A label that the selector names has exact truths. */
static sx_status check_label(sx_i_filling *f, const sx_node *n, const char *attr)
{
    const char *name = sx_i_attr(n, attr);
    int32_t i = name ? sx_world_label(f->x->world, name) : -1;
    if (i < 0 || !f->x->inexact_label[i])
        return SX_OK;
    return sx_diag_report(f->x->rd->diags, sx_i_attr_where(n, attr), "E472",
                          "its condition is not rational, or compares numbers that only "
                          "rounding makes equal",
                          "it is not certain which states have the label \"%.60s\"", name);
}

static sx_status read_term(sx_i_filling *f, const sx_node *n, term *t)
{
    double ignored;
    t->t.overrides = strcmp(n->name, "set") == 0;
    sx_status st = sx_i_selectors(&f->c, n, &t->t);
    for (size_t i = 0; i < sizeof selectors / sizeof *selectors && !st; i++)
        st = check_label(f, n, selectors[i]);
    if (st)
        return st;
    if (sx_number_read(sx_i_attr(n, "value"), &ignored))
        st = sx_i_exact_attr(f->x, n, "value", t->constant);
    else
        st = compile(f, n, "value", &t->e[0], &t->value_of);
    if (!sx_i_stops(st) && sx_i_attr(n, "when"))
        st = sx_i_worse(st, compile(f, n, "when", &t->e[1], &t->when_of));
    return st;
}

static sx_status term_add(sx_i_filling *f, const sx_node *n)
{
    const sx_mdp *m = f->m;
    term t = {.node = n};
    mpq_inits(t.constant, t.value, t.when, NULL);
    const sx_i_held *mark = f->x->held;
    sx_status st = read_term(f, n, &t);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; !st && k < m->pair[s + 1]; k++)
            if (leaves(&t.t, m, s, k) && !left_out(&t, f, s, k))
                st = apply_pair(f, &t, s, k);
    if (!st)
        st = apply_through(f, &t);
    mpq_clears(t.constant, t.value, t.when, NULL);
    sx_i_exact_expr_free(t.value_of);
    sx_i_exact_expr_free(t.when_of);
    sx_i_exact_drop(f->x, mark);
    return st;
}

/* --- use and shape ---------------------------------------------------------------------------
 */

static sx_status term_use(sx_i_filling *f, const sx_node *n)
{
    int32_t i = -1;
    int64_t triples = (int64_t)f->m->pairs * f->m->states;
    mpq_t scale, product;
    sx_status st = sx_i_exact_source_find(f->x, sx_i_attr(n, "reward"), &i);
    mpq_inits(scale, product, NULL);
    if (!st && (i < 0 || !f->x->source[i].table))
        st = SX_EINPUT; /* reported */
    if (!st)
        st = sx_i_exact_attr(f->x, n, "scale", scale);
    for (int64_t j = 0; !st && j < triples; j++) {
        mpq_mul(product, scale, f->x->source[i].table + j);
        mpq_add(f->r + j, f->r + j, product);
    }
    mpq_clears(scale, product, NULL);
    return st;
}

static sx_status potential_by_expression(sx_i_filling *f, const sx_node *n, mpq_ptr phi)
{
    sx_expr *e = NULL;
    sx_i_exact_expr *exact = NULL;
    const sx_i_exact_text t = sx_i_exact_text_of(n, "potential");
    sx_status st = sx_i_expression(&f->c, n, "potential", SX_EXPR_STATE, &e);
    if (!st)
        st = sx_i_exact_hold(f->x, SX_I_HELD_EXPR, e);
    if (!st)
        st = sx_i_exact_compile(f->x, &t, e, &exact);
    for (int32_t s = 0; !st && s < f->m->states; s++)
        if (sx_i_exact_eval(exact, s, f->m->pair[s], s, phi + s))
            st = sx_diag_report(f->x->rd->diags, sx_i_attr_where(n, "potential"), "E472", NULL,
                                "the potential is no rational number in some state");
    sx_i_exact_expr_free(exact);
    return st;
}

static sx_status potentials_at(sx_i_filling *f, const sx_node *n, mpq_ptr phi)
{
    mpq_t value;
    sx_status st = SX_OK;
    mpq_init(value);
    for (const sx_node *a = sx_i_first(n, "at"); a && !st; a = sx_i_next(a, "at")) {
        sx_i_states on;
        int32_t label;
        st = sx_i_select(&f->c, a, "state", &on, &label);
        if (!st)
            st = check_label(f, a, "state");
        if (!st)
            st = sx_i_exact_attr(f->x, a, "potential", value);
        for (int32_t s = 0; !st && s < f->m->states; s++)
            if (sx_i_states_has(&on, s))
                mpq_set(phi + s, value);
    }
    mpq_clear(value);
    return st;
}

static void shape(sx_i_filling *f, mpq_srcptr phi, bool drop)
{
    const sx_mdp *m = f->m;
    mpq_t x;
    mpq_init(x);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t next = 0; next < m->states; next++) {
                if (drop && m->absorbing[s] && sx_mdp_entry(m, k, next) >= 0)
                    continue;
                mpq_mul(x, f->x->out->discount, phi + next);
                mpq_sub(x, x, phi + s);
                mpq_add(sx_i_exact_at(f, k, next), sx_i_exact_at(f, k, next), x);
            }
    mpq_clear(x);
}

static sx_status term_shape(sx_i_filling *f, const sx_node *n)
{
    mpq_ptr phi = sx_rationals_new(f->m->states);
    sx_status st =
        sx_i_first(n, "at") ? potentials_at(f, n, phi) : potential_by_expression(f, n, phi);
    if (!st)
        shape(f, phi, sx_i_attr_is(n, "absorbing", "drop"));
    sx_rationals_free(phi, f->m->states);
    return st;
}

/* --- the reward ------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    sx_status (*read)(sx_i_filling *f, const sx_node *n);
} kinds[] = {{"add", term_add},
             {"set", term_add},
             {"use", term_use},
             {"shape", term_shape},
             {"table", sx_i_exact_table},
             {"noise", sx_i_exact_noise},
             {"redistribute", sx_i_exact_redistribute}};

static sx_status read_terms(sx_i_filling *f)
{
    sx_status st = sx_i_attr(f->node, "href") ? sx_i_exact_table(f, f->node) : SX_OK;
    for (const sx_node *n = sx_i_first(f->node, NULL); n && !sx_i_stops(st);
         n = sx_i_next(n, NULL)) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strcmp(n->name, kinds[i].name) == 0)
                st = sx_i_worse(st, kinds[i].read(f, n));
        f->c.term++;
    }
    return st;
}

sx_status sx_i_exact_reward(sx_i_exact_reading *x, sx_i_exact_source *s)
{
    int64_t n = (int64_t)x->m->pairs * x->m->states;
    sx_i_terms *terms = NULL; /* for messages, which name the state of a pair by it */
    sx_i_filling f = {.x = x, .m = x->m, .node = s->node, .r = sx_rationals_new(n)};
    sx_status st = sx_i_terms_new(x->world, &terms, x->rd->err);
    f.c = (sx_i_rewarding){x->rd, x->world, x->m, terms, s->place, 0, s->file};
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_TERMS, terms);
    if (!st)
        st = read_terms(&f);
    s->table = st ? NULL : f.r;
    return st;
}
