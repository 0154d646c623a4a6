/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_pair.c - attributes of pairs and the base policy as <pair> elements.
 *
 * Attributes that are the same wherever an action is available, as those of responses are, take
 * one element an action; others one a pair.  The base policy is written where it is not
 * uniform. */
#include "mdp/export_int.h"

#include <math.h>
#include <string.h>

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Does v depend on the action alone, but for absorbing states, which lack it?  *value [A]. */
static bool by_action(const sx_mdp *m, const sx_variable *v, double *value, unsigned char *seen)
{
    bool fits = true;
    memset(seen, 0, (size_t)m->actions);
    for (int32_t s = 0; s < m->states && fits; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] && fits; k++) {
            int32_t a = m->action[k];
            if (m->absorbing[s]) {
                fits = isnan(v->value[k]);
                continue;
            }
            fits = !seen[a] || same(value[a], v->value[k]);
            value[a] = v->value[k];
            seen[a] = 1;
        }
    return fits;
}

/* What is written of the pairs of one world. */
typedef struct writer {
    sx_i_text *t;
    const sx_world *w;
    bool common;    /* attributes depend on the action alone */
    double *value;  /* [A] of one variable */
    int32_t *first; /* [A] a pair of that action that is not of an absorbing state, or -1 */
} writer;

static void find_first(writer *x)
{
    const sx_mdp *m = x->w->mdp;
    for (int32_t a = 0; a < m->actions; a++)
        x->first[a] = -1;
    for (int32_t s = m->states - 1; s >= 0; s--)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] && !m->absorbing[s]; k++)
            x->first[m->action[k]] = k;
}

static bool all_by_action(const writer *x, unsigned char *seen)
{
    bool fits = true;
    for (int32_t i = 0; i < x->w->variables && fits; i++)
        fits = !x->w->variable[i].of_pairs ||
               by_action(x->w->mdp, &x->w->variable[i], x->value, seen);
    return fits;
}

static bool has_attributes(const sx_world *w, int32_t k)
{
    bool any = false;
    for (int32_t i = 0; i < w->variables && !any; i++)
        any = w->variable[i].of_pairs && !isnan(w->variable[i].value[k]);
    return any;
}

/* One element about pair k; s < 0: about its action in every state; p: of the base policy, NAN
 * for none. */
static void put_pair(const writer *x, int32_t s, int32_t k, double p, bool attributes)
{
    sx_i_text *t = x->t;
    put(t, "    <pair");
    if (s < 0)
        sx_i_put_attr(t, "from", "*");
    else
        sx_i_put_state(t, "from", x->w, s);
    sx_i_put_action(t, "action", x->w, x->w->mdp->action[k]);
    if (!isnan(p))
        sx_i_put_number(t, "p", p);
    put(t, attributes ? ">" : "/>\n");
    for (int32_t i = 0; i < x->w->variables && attributes; i++)
        if (x->w->variable[i].of_pairs && !isnan(x->w->variable[i].value[k]))
            sx_i_put_attribute(t, &x->w->variable[i], x->w->variable[i].value[k]);
    put(t, attributes ? "</pair>\n" : "");
}

static bool is_uniform(const sx_world *w, int32_t s)
{
    const sx_mdp *m = w->mdp;
    bool uniform = true;
    for (int32_t k = m->pair[s]; w->base && k < m->pair[s + 1]; k++)
        uniform = uniform && w->base[k] == 1.0 / (m->pair[s + 1] - m->pair[s]);
    return uniform;
}

/* The pairs of state s. */
static void put_state(const writer *x, int32_t s)
{
    const sx_mdp *m = x->w->mdp;
    const double *base = is_uniform(x->w, s) ? NULL : x->w->base;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        double p = base && base[k] > 0 ? base[k] : (double)NAN;
        bool attributes = !x->common && has_attributes(x->w, k);
        if (attributes || !isnan(p))
            put_pair(x, s, k, p, attributes);
    }
}

static void put_all(const writer *x)
{
    const sx_mdp *m = x->w->mdp;
    for (int32_t a = 0; a < m->actions && x->common; a++)
        if (x->first[a] >= 0 && has_attributes(x->w, x->first[a]))
            put_pair(x, -1, x->first[a], NAN, /*attributes=*/true);
    for (int32_t s = 0; s < m->states && !x->t->failed; s++)
        put_state(x, s);
}

void sx_i_put_pairs(sx_i_text *t, const sx_world *w)
{
    bool any = w->base != NULL;
    for (int32_t i = 0; i < w->variables; i++)
        any = any || w->variable[i].of_pairs;
    if (!any)
        return;
    writer x = {.t = t, .w = w};
    unsigned char *seen = sx_alloc((size_t)w->mdp->actions, 1);
    x.value = sx_alloc((size_t)w->mdp->actions, sizeof *x.value);
    x.first = sx_alloc((size_t)w->mdp->actions, sizeof *x.first);
    t->failed = t->failed || !seen || !x.value || !x.first;
    if (!t->failed) {
        find_first(&x);
        x.common = all_by_action(&x, seen);
        put_all(&x);
    }
    sx_release(x.value);
    sx_release(x.first);
    sx_release(seen);
}
