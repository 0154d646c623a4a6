/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_table.c - <table>: a reward in a numpy array.
 *
 *     sas [S,A,S]   ass [A,S,S]   sa [S,A]   as [A,S]   s [S]: the reward of the state left
 *
 * Values on unavailable pairs are ignored; NaN is a missing value. */
#include "mdp/spec_reward_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- which axis is what
 * -------------------------------------------------------------------------- */

typedef struct layout {
    const char *order;
    int32_t dims;
    char axis[4]; /* S, A */
} layout;

static const layout layouts[] = {
    {"sas", 3, "SAS"}, {"ass", 3, "ASS"}, {"sa", 2, "SA"}, {"as", 2, "AS"}, {"s", 1, "S"}};

static bool fits(const sx_mdp *m, const sx_array *a, const layout *x)
{
    bool ok = a->dims == x->dims;
    for (int32_t i = 0; ok && i < x->dims; i++)
        ok = a->shape[i] == (x->axis[i] == 'S' ? m->states : m->actions);
    return ok;
}

/* What a message calls the array. */
static const char *subject(const sx_i_rewarding *c)
{
    return c->file ? c->file : "the array";
}

static void shape_text(const sx_array *a, char *text, size_t size)
{
    int used = snprintf(text, size, "(%" PRId64, a->shape[0]);
    for (int32_t i = 1; i < a->dims; i++)
        used += snprintf(text + used, size - (size_t)used, ", %" PRId64, a->shape[i]);
    snprintf(text + used, size - (size_t)used, a->dims == 1 ? ",)" : ")");
}

static sx_status wrong_shape(sx_i_rewarding *c, const sx_node *n, const sx_array *a,
                             const char *order)
{
    char shape[96], hint[160];
    shape_text(a, shape, sizeof shape);
    snprintf(hint, sizeof hint,
             "with S = %d states and A = %d actions: sas (S, A, S), ass (A, S, S), sa (S, A), "
             "as (A, S), s (S,)",
             (int)c->m->states, (int)c->m->actions);
    return sx_diag_report(c->rd->diags, sx_i_attr_where(n, order ? "order" : "href"), "E408",
                          hint, "%.120s has the shape %s, which %s%s%s", subject(c), shape,
                          order ? "is not that of order=\"" : "fits no order",
                          order ? order : "", order ? "\"" : "");
}

/* The layout of the array: the given one, or the only one that fits. */
static sx_status find_layout(sx_i_rewarding *c, const sx_node *n, const sx_array *a,
                             const layout **out)
{
    char shape[96];
    const char *order = sx_i_attr(n, "order");
    int found = 0;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (fits(c->m, a, &layouts[i]) && (!order || !strcmp(order, layouts[i].order))) {
            *out = &layouts[i];
            found++;
        }
    if (found == 1)
        return SX_OK;
    if (!found)
        return wrong_shape(c, n, a, order);
    shape_text(a, shape, sizeof shape);
    return sx_diag_report(c->rd->diags, sx_i_attr_where(n, "href"), "E409",
                          a->dims == 3 ? "add order=\"sas\" or order=\"ass\""
                                       : "add order=\"sa\" or order=\"as\"",
                          "the shape %s of %.120s fits two orders", shape, subject(c));
}

/* The value for (s, a, next); axes that the layout lacks are ignored. */
int64_t sx_i_table_place(const sx_array *a, const char *axes, int32_t s, int32_t action,
                         int32_t next)
{
    int64_t place = 0;
    bool left = false; /* the first S is the state that is left, the second the next */
    for (int32_t i = 0; i < a->dims; i++) {
        int32_t index = axes[i] == 'A' ? action : left ? next : s;
        left = left || axes[i] == 'S';
        place = place * a->shape[i] + index;
    }
    return place;
}

sx_status sx_i_table_axes(sx_i_rewarding *c, const sx_node *n, const sx_array *a,
                          const char **axes)
{
    const layout *found = NULL;
    sx_status st = find_layout(c, n, a, &found);
    *axes = st ? NULL : found->axis;
    return st;
}

/* --- values
 * ---------------------------------------------------------------------------------------- */

typedef struct table {
    sx_i_rewarding *c;
    const sx_node *node;
    const sx_array *array;
    const layout *layout;
    bool zero; /* missing values are zero */
} table;

static void index_text(const table *x, int32_t s, int32_t action, int32_t next, char *text,
                       size_t size)
{
    int used = snprintf(text, size, "[");
    bool left = false;
    for (int32_t i = 0; i < x->layout->dims; i++) {
        int32_t index = x->layout->axis[i] == 'A' ? action : left ? next : s;
        left = left || x->layout->axis[i] == 'S';
        used += snprintf(text + used, size - (size_t)used, i ? ", %d" : "%d", (int)index);
    }
    snprintf(text + used, size - (size_t)used, "]");
}

static sx_status bad_value(const table *x, int32_t k, int32_t next, double value)
{
    char index[64], triple[256];
    sx_i_rewarding *c = x->c;
    index_text(x, c->terms->source[k], c->m->action[k], next, index, sizeof index);
    sx_i_triple_text(c, k, next, triple, sizeof triple);
    if (x->layout->dims < 3)
        sx_world_pair_text(c->world, c->terms->source[k], c->m->action[k], triple,
                           sizeof triple);
    if (isnan(value))
        return sx_diag_report(c->rd->diags, sx_i_attr_where(x->node, "href"), "E410",
                              "missing=\"zero\" takes 0 for missing values",
                              "%.120s has no value (NaN) at %s, which is %s", subject(c), index,
                              triple);
    return sx_diag_report(c->rd->diags, sx_i_attr_where(x->node, "href"), "E405", NULL,
                          "%.120s is infinite at %s, which is %s", subject(c), index, triple);
}

static sx_status value_at(const table *x, int32_t k, int32_t next, double *value)
{
    const sx_i_terms *b = x->c->terms;
    *value = x->array->value[sx_i_table_place(x->array, x->layout->axis, b->source[k],
                                              b->m->action[k], next)];
    if (isnan(*value) && x->zero)
        *value = 0;
    return isfinite(*value) ? SX_OK : bad_value(x, k, next, *value);
}

/* One number for each pair. */
static sx_status add_by_pair(const table *x)
{
    sx_i_rewarding *c = x->c;
    double *left = sx_alloc((size_t)c->m->pairs, sizeof *left);
    sx_status st = left ? SX_OK : sx_nomem(c->rd->err);
    for (int32_t k = 0; !st && k < c->m->pairs; k++)
        st = value_at(x, k, 0, &left[k]);
    if (!st)
        st = sx_reward_add_left(c->m, c->terms->r, left, c->rd->err);
    sx_release(left);
    return st;
}

/* Check the values of all triples of available pairs; *others: how many impossible ones are not
 * zero. */
static sx_status check_triples(const table *x, int64_t *others)
{
    const sx_mdp *m = x->c->m;
    sx_status st = SX_OK;
    *others = 0;
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        int64_t t = m->first[k];
        for (int32_t s = 0; !st && s < m->states; s++) {
            double value;
            st = value_at(x, k, s, &value);
            if (t < m->first[k + 1] && m->next[t] == s)
                t++;
            else
                *others += value != 0;
        }
    }
    return st;
}

static sx_status add_triples(const table *x)
{
    sx_i_terms *b = x->c->terms;
    const sx_mdp *m = b->m;
    sx_status st = SX_OK;
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        int64_t t = m->first[k];
        for (int32_t s = 0; !st && s < m->states; s++) {
            double value;
            st = value_at(x, k, s, &value);
            if (t < m->first[k + 1] && m->next[t] == s)
                b->r->on[t++] += value;
            else if (value != 0)
                st = sx_i_terms_change(b, k, s, /*overrides=*/false, value, x->c->rd->err);
        }
    }
    return st;
}

sx_status sx_i_terms_expect(sx_i_terms *b, int64_t count, sx_error *err)
{
    int64_t few = (int64_t)b->m->pairs + b->m->states;
    return count > few ? sx_reward_densify(b->m, b->r, err) : SX_OK;
}

static sx_status add_array(sx_i_rewarding *c, const sx_node *n, const sx_array *a)
{
    table x = {c, n, a, NULL, sx_i_attr_is(n, "missing", "zero")};
    int64_t others;
    sx_status st = find_layout(c, n, a, &x.layout);
    if (!st)
        st = sx_i_terms_settle(c->terms, c->rd->err);
    if (st || x.layout->dims < 3)
        return st ? st : add_by_pair(&x);
    st = check_triples(&x, &others);
    if (!st)
        st = sx_i_terms_expect(c->terms, others, c->rd->err);
    return st ? st : add_triples(&x);
}

static sx_status refuse(sx_i_rewarding *c, const sx_node *n, const char *attr)
{
    if (!sx_node_attr(n, attr))
        return SX_OK;
    return sx_diag_report(c->rd->diags, sx_i_attr_where(n, attr), "E411", NULL,
                          "%s= means nothing for a CSV file", attr);
}

sx_status sx_i_term_table(sx_i_rewarding *c, const sx_node *n)
{
    sx_array *a = NULL;
    if (!sx_i_attr(n, "href"))
        return SX_EINPUT;
    if (sx_i_attr_suffix(n, "href", ".csv")) {
        sx_status odd = sx_i_worse(refuse(c, n, "order"), refuse(c, n, "member"));
        return sx_i_worse(odd, sx_i_term_csv(c, n));
    }
    sx_status st = sx_i_read_array(c->rd, n, "href", &a);
    if (!st)
        st = add_array(c, n, a);
    sx_array_free(a);
    return st;
}
