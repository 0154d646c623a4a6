/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_reward.c - rewards on all triples in rational numbers: the terms of terms_int.h, one
 * triple after the other. */
#include "mdp/exact_int.h"

#include "mdp/random.h"
#include "mdp/spec_reward_int.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEST 100

/* One reward and the term at hand. */
typedef struct filling {
    sx_i_exact_reading *x;
    const sx_mdp *m;
    const sx_node *node;
    mpq_ptr r; /* [K*S] */
    sx_i_rewarding c;
} filling;

static mpq_ptr at(const filling *f, int32_t k, int32_t next)
{
    return f->r + (int64_t)k * f->m->states + next;
}

/* --- add and set -----------------------------------------------------------------------------
 */

typedef struct term {
    sx_i_term t;
    mpq_t constant, value, when;
    sx_i_exact_expr *value_of, *when_of;
    sx_expr *e[2];
    const sx_node *node;
} term;

static sx_status fault(filling *f, const term *t, int32_t k, int32_t next, sx_i_exact_kind kind)
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
static sx_status apply_at(filling *f, term *t, int32_t s, int32_t k, int32_t next,
                          mpq_srcptr share)
{
    mpq_ptr r = at(f, k, next), value = t->constant;
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
static bool left_out(term *t, const filling *f, int32_t s, int32_t k)
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

static sx_status apply_pair(filling *f, term *t, int32_t s, int32_t k)
{
    const sx_mdp *m = f->m;
    bool loops = !m->absorbing[s] || t->t.from_given;
    sx_status st = SX_OK;
    for (int32_t next = 0; next < m->states && !st; next++)
        if (sx_i_states_has(&t->t.to, next) && (loops || sx_mdp_entry(m, k, next) < 0))
            st = apply_at(f, t, s, k, next, NULL);
    return st;
}

static sx_status apply_through(filling *f, term *t)
{
    const sx_mdp *m = f->m;
    sx_status st = SX_OK;
    for (int64_t i = 0; t->t.through >= 0 && !st && i < f->x->throughs; i++) {
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

static sx_status compile(filling *f, const sx_node *n, const char *attr, sx_expr **e,
                         sx_i_exact_expr **out)
{
    unsigned all = SX_EXPR_STATE | SX_EXPR_ACTION | SX_EXPR_NEXT;
    sx_status st = sx_i_expression(&f->c, n, attr, all, e);
    return st ? st : sx_i_exact_compile(f->x, n, attr, *e, out);
}

static sx_status read_term(filling *f, const sx_node *n, term *t)
{
    double ignored;
    t->t.overrides = strcmp(n->name, "set") == 0;
    sx_status st = sx_i_selectors(&f->c, n, &t->t);
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

static sx_status term_add(filling *f, const sx_node *n)
{
    const sx_mdp *m = f->m;
    term t = {.node = n};
    mpq_inits(t.constant, t.value, t.when, NULL);
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
    sx_expr_free(t.e[0]);
    sx_expr_free(t.e[1]);
    return st;
}

/* --- use and shape ---------------------------------------------------------------------------
 */

static sx_status term_use(filling *f, const sx_node *n)
{
    int32_t i = 0;
    int64_t triples = (int64_t)f->m->pairs * f->m->states;
    mpq_t scale, product;
    const char *id = sx_i_attr(n, "reward");
    while (i < f->x->rewards && (!sx_i_attr(f->x->element[i], "id") ||
                                 strcmp(sx_i_attr(f->x->element[i], "id"), id) != 0 ||
                                 sx_i_is_group(f->x->element[i])))
        i++;
    if (i == f->x->rewards)
        return sx_diag_report(f->x->rd->diags, sx_i_attr_where(n, "reward"), "E473",
                              "read its file as a <reward> with an id of its own",
                              "\"%.60s\" is one of a pattern of files, which have no exact "
                              "reading",
                              id);
    mpq_inits(scale, product, NULL);
    sx_status st = sx_i_exact_attr(f->x, n, "scale", scale);
    if (++f->x->nest > NEST && !st)
        st = sx_diag_report(f->x->rd->diags, sx_i_attr_where(n, "reward"), "E473", NULL,
                            "more than %d rewards that use each other", NEST);
    if (!st)
        st = sx_i_exact_reward(f->x, i);
    f->x->nest--;
    for (int64_t j = 0; !st && j < triples; j++) {
        mpq_mul(product, scale, f->x->table[i] + j);
        mpq_add(f->r + j, f->r + j, product);
    }
    mpq_clears(scale, product, NULL);
    return st;
}

static sx_status potential_by_expression(filling *f, const sx_node *n, mpq_ptr phi)
{
    sx_expr *e = NULL;
    sx_i_exact_expr *exact = NULL;
    sx_status st = sx_i_expression(&f->c, n, "potential", SX_EXPR_STATE, &e);
    if (!st)
        st = sx_i_exact_compile(f->x, n, "potential", e, &exact);
    for (int32_t s = 0; !st && s < f->m->states; s++)
        if (sx_i_exact_eval(exact, s, f->m->pair[s], s, phi + s))
            st = sx_diag_report(f->x->rd->diags, sx_i_attr_where(n, "potential"), "E472", NULL,
                                "the potential is no rational number in some state");
    sx_i_exact_expr_free(exact);
    sx_expr_free(e);
    return st;
}

static sx_status potentials_at(filling *f, const sx_node *n, mpq_ptr phi)
{
    mpq_t value;
    sx_status st = SX_OK;
    mpq_init(value);
    for (const sx_node *a = sx_i_first(n, "at"); a && !st; a = sx_i_next(a, "at")) {
        sx_i_states on;
        int32_t label;
        st = sx_i_select(&f->c, a, "state", &on, &label);
        if (!st)
            st = sx_i_exact_attr(f->x, a, "potential", value);
        for (int32_t s = 0; !st && s < f->m->states; s++)
            if (sx_i_states_has(&on, s))
                mpq_set(phi + s, value);
    }
    mpq_clear(value);
    return st;
}

static void shape(filling *f, mpq_srcptr phi, bool drop)
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
                mpq_add(at(f, k, next), at(f, k, next), x);
            }
    mpq_clear(x);
}

static sx_status term_shape(filling *f, const sx_node *n)
{
    mpq_ptr phi = sx_i_rationals_new(f->m->states);
    sx_status st = phi ? SX_OK : sx_nomem(f->x->rd->err);
    if (!st)
        st =
            sx_i_first(n, "at") ? potentials_at(f, n, phi) : potential_by_expression(f, n, phi);
    if (!st)
        shape(f, phi, sx_i_attr_is(n, "absorbing", "drop"));
    sx_i_rationals_free(phi, f->m->states);
    return st;
}

/* --- tables ----------------------------------------------------------------------------------
 */

static sx_status add_array(filling *f, const sx_node *n, const sx_array *a)
{
    const char *axes = NULL;
    mpq_t x;
    sx_status st = sx_i_table_axes(&f->c, n, a, &axes);
    mpq_init(x);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        for (int32_t next = 0; next < f->m->states; next++) {
            double value = a->value[sx_i_table_place(a, axes, sx_mdp_pair_state(f->m, k),
                                                     f->m->action[k], next)];
            mpq_set_d(x, isfinite(value) ? value : 0); /* missing: the reader took it for 0 */
            mpq_add(at(f, k, next), at(f, k, next), x);
        }
    mpq_clear(x);
    return st;
}

static int32_t name_or_number(const sx_names *names, const char *text)
{
    int32_t i = sx_names_find(names, text);
    return i >= 0 || !isdigit((unsigned char)*text) ? i : (int32_t)strtol(text, NULL, 10);
}

static sx_status add_row(filling *f, const sx_csv *csv, int64_t row, mpq_ptr x)
{
    double ignored;
    const sx_world *w = f->x->world;
    int32_t reward = sx_csv_column(csv, "reward");
    const char *text = sx_csv_field(csv, row, reward);
    int32_t s = name_or_number(w->states, sx_csv_field(csv, row, sx_csv_column(csv, "from")));
    int32_t a =
        name_or_number(w->actions, sx_csv_field(csv, row, sx_csv_column(csv, "action")));
    int32_t next = name_or_number(w->states, sx_csv_field(csv, row, sx_csv_column(csv, "to")));
    int32_t k = s < 0 || a < 0 || next < 0 ? -1 : sx_mdp_pair(f->m, s, a);
    if (k < 0 || !sx_number_read(text, &ignored)) /* a pair that is not there, or missing */
        return SX_OK;
    const char *why = sx_i_rational_read(text, strlen(text), x);
    if (why)
        return sx_i_exact_refuse(f->x, sx_csv_place(csv, row, reward), text, why);
    mpq_add(at(f, k, next), at(f, k, next), x);
    return SX_OK;
}

static sx_status add_csv(filling *f, const sx_node *n)
{
    mpq_t x;
    sx_csv *csv = NULL;
    sx_status st = sx_i_read_csv(f->x->rd, n, "href", &csv);
    mpq_init(x);
    for (int64_t i = 0; !st && i < sx_csv_rows(csv); i++)
        st = add_row(f, csv, i, x);
    mpq_clear(x);
    sx_csv_free(csv);
    return st;
}

static sx_status term_table(filling *f, const sx_node *n)
{
    sx_array *a = NULL;
    if (sx_i_attr_suffix(n, "href", ".csv"))
        return add_csv(f, n);
    sx_status st = sx_i_read_array(f->x->rd, n, "href", &a);
    if (!st)
        st = add_array(f, n, a);
    sx_array_free(a);
    return st;
}

/* --- what is drawn ---------------------------------------------------------------------------
 */

/* The stream of the term, from which the reader drew. */
static sx_status stream(filling *f, const sx_node *n, sx_random **out)
{
    int64_t seed = 0;
    uint64_t task = ((uint64_t)(uint32_t)f->c.reward << 32) | (uint32_t)f->c.term;
    *out = NULL;
    sx_status st = sx_i_attr_integer(n, "seed", &seed);
    return st ? st : sx_random_new((uint64_t)seed, task, out, f->x->rd->err);
}

static void add_double(mpq_ptr to, double value)
{
    mpq_t x;
    mpq_init(x);
    mpq_set_d(x, value);
    mpq_add(to, to, x);
    mpq_clear(x);
}

static void draw_impossible(filling *f, sx_random *g, double sd)
{
    for (int32_t k = 0; k < f->m->pairs; k++)
        for (int32_t s = 0; s < f->m->states; s++)
            if (sx_mdp_entry(f->m, k, s) < 0)
                add_double(at(f, k, s), sd * sx_random_normal(g));
}

static sx_status term_noise(filling *f, const sx_node *n)
{
    double sd = 0;
    sx_random *g = NULL;
    sx_status st = sx_i_attr_number(n, "sd", &sd);
    if (!st)
        st = stream(f, n, &g);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        for (int64_t t = f->m->first[k]; t < f->m->first[k + 1]; t++)
            add_double(at(f, k, f->m->next[t]), sd * sx_random_normal(g));
    if (!st && sx_i_attr_is(n, "on", "all"))
        draw_impossible(f, g, sd);
    sx_random_free(g);
    return st;
}

/* r += z - E[z], the mean exact. */
static void redistribute(filling *f, sx_random *g, int32_t k)
{
    const sx_mdp *m = f->m;
    mpq_t mean, z;
    if (m->first[k + 1] - m->first[k] == 1)
        return;
    mpq_inits(mean, z, NULL);
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        mpq_set_d(z, sx_random_normal(g));
        mpq_add(at(f, k, m->next[t]), at(f, k, m->next[t]), z);
        mpq_mul(z, z, (mpq_ptr)f->x->out->prob + t);
        mpq_add(mean, mean, z);
    }
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        mpq_sub(at(f, k, m->next[t]), at(f, k, m->next[t]), mean);
    mpq_clears(mean, z, NULL);
}

static sx_status term_redistribute(filling *f, const sx_node *n)
{
    sx_random *g = NULL;
    sx_status st = stream(f, n, &g);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        redistribute(f, g, k);
    if (!st && sx_i_attr_is(n, "on", "all"))
        draw_impossible(f, g, 1);
    sx_random_free(g);
    return st;
}

/* --- the reward ------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    sx_status (*read)(filling *f, const sx_node *n);
} kinds[] = {{"add", term_add},
             {"set", term_add},
             {"use", term_use},
             {"shape", term_shape},
             {"table", term_table},
             {"noise", term_noise},
             {"redistribute", term_redistribute}};

static sx_status read_terms(filling *f)
{
    sx_status st = sx_i_attr(f->node, "href") ? term_table(f, f->node) : SX_OK;
    for (const sx_node *n = sx_i_first(f->node, NULL); n && !sx_i_stops(st);
         n = sx_i_next(n, NULL)) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strcmp(n->name, kinds[i].name) == 0)
                st = sx_i_worse(st, kinds[i].read(f, n));
        f->c.term++;
    }
    return st;
}

sx_status sx_i_exact_reward(sx_i_exact_reading *x, int32_t i)
{
    int64_t n = (int64_t)x->m->pairs * x->m->states;
    sx_i_terms *terms = NULL; /* for messages, which name the state of a pair by it */
    if (x->table[i])
        return SX_OK;
    filling f = {.x = x, .m = x->m, .node = x->element[i], .r = sx_i_rationals_new(n)};
    sx_status st = f.r ? sx_i_terms_new(x->world, &terms, x->rd->err) : sx_nomem(x->rd->err);
    f.c = (sx_i_rewarding){x->rd, x->world, x->m, terms, i, 0, NULL};
    if (!st)
        st = read_terms(&f);
    sx_i_terms_free(terms);
    if (st)
        sx_i_rationals_free(f.r, n);
    else
        x->table[i] = f.r;
    return st;
}
