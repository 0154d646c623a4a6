/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_shape.c - <shape>: R += gamma phi(s') - phi(s). */
#include "mdp/spec_reward_int.h"

#include <math.h>
#include <string.h>

/* phi [S] from potential=. */
static sx_status potential_of(sx_i_rewarding *c, const sx_node *n, double *phi)
{
    sx_expr *e = NULL;
    int32_t *state = sx_alloc((size_t)c->m->states, sizeof *state);
    sx_status st = state ? SX_OK : sx_nomem(c->rd->err);
    for (int32_t s = 0; !st && s < c->m->states; s++)
        state[s] = s;
    if (!st)
        st = sx_i_expression(c, n, "potential", SX_EXPR_STATE, &e);
    if (!st)
        st = sx_expr_eval(e, state, NULL, NULL, (size_t)c->m->states, phi, c->rd->err);
    sx_expr_free(e);
    sx_release(state);
    return st;
}

static sx_status check_potential(sx_i_rewarding *c, const sx_node *n, const double *phi)
{
    char buffer[SX_NAME_BUFFER];
    for (int32_t s = 0; s < c->m->states; s++)
        if (!isfinite(phi[s]))
            return sx_diag_report(c->rd->diags, sx_i_attr_where(n, "potential"), "E405",
                                  "a potential is a finite number in every state",
                                  "the potential is %s in state %s", sx_i_wild_text(phi[s]),
                                  sx_names_get(c->world->states, s, buffer));
    return SX_OK;
}

static sx_status potential_at(sx_i_rewarding *c, const sx_node *at, double *phi)
{
    sx_i_states x = {false, 0, NULL, 0};
    int32_t label;
    double value = 0;
    if (!sx_i_attr(at, "state"))
        return SX_EINPUT;
    sx_status st = sx_i_select(c, at, "state", &x, &label);
    st = sx_i_worse(st, sx_i_attr_number(at, "potential", &value));
    for (int32_t i = 0; !st && i < (x.all ? c->m->states : x.count); i++)
        phi[x.all ? i : sx_i_states_get(&x, i)] = value;
    return st;
}

/* phi [S] from the children <at>; of two for one state the later counts. */
static sx_status potentials_at(sx_i_rewarding *c, const sx_node *n, double *phi)
{
    sx_status st = SX_OK;
    for (const sx_node *at = sx_i_first(n, "at"); at && !sx_i_stops(st);
         at = sx_i_next(at, "at"))
        st = sx_i_worse(st, potential_at(c, at, phi));
    return st;
}

static sx_status read_potential(sx_i_rewarding *c, const sx_node *n, double *phi)
{
    bool at = sx_i_first(n, "at") != NULL, expression = sx_i_attr(n, "potential") != NULL;
    if (at == expression)
        return sx_diag_report(c->rd->diags, n->place, "E407",
                              "write either potential= or <at state= potential=/> children",
                              at ? "<shape> has two potentials" : "<shape> has no potential");
    if (at)
        return potentials_at(c, n, phi);
    sx_status st = potential_of(c, n, phi);
    return st ? st : check_potential(c, n, phi);
}

/* The entries of absorbing states one after the other: out of r (kept NULL: just count) or back
 * into it.  Returns how many. */
static int64_t loops(const sx_mdp *m, double *on, double *kept, bool back)
{
    int64_t n = 0;
    for (int32_t s = 0; s < m->states; s++) {
        if (!m->absorbing[s])
            continue;
        for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++, n++) {
            if (kept && back)
                on[t] = kept[n];
            else if (kept)
                kept[n] = on[t];
        }
    }
    return n;
}

sx_status sx_i_term_shape(sx_i_rewarding *c, const sx_node *n)
{
    bool drop = sx_i_attr_is(n, "absorbing", "drop");
    double *kept = NULL, *phi = sx_alloc((size_t)c->m->states, sizeof *phi);
    sx_status st = phi ? SX_OK : sx_nomem(c->rd->err);
    if (!st)
        st = read_potential(c, n, phi);
    if (!st)
        st = sx_i_terms_settle(c->terms, c->rd->err);
    double *on = c->terms->r->on;
    if (!st && drop) {
        kept = sx_alloc((size_t)loops(c->m, on, NULL, false), sizeof *kept);
        st = kept ? SX_OK : sx_nomem(c->rd->err);
    }
    if (!st && drop)
        loops(c->m, on, kept, /*back=*/false);
    if (!st)
        st = sx_reward_shape(c->m, c->terms->r, phi, c->rd->err);
    if (!st && drop)
        loops(c->m, on, kept, /*back=*/true);
    sx_release(phi);
    sx_release(kept);
    return st;
}
