/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm_classes.c - classes of equal vectors, by sorting on one coordinate after the other. */
#include "metrics/norm_int.h"

#include <stdlib.h>

typedef struct item {
    int32_t class, index;
    double value;
} item;

static int compare(const void *a, const void *b)
{
    const item *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Split the classes by one more coordinate. */
static void refine(sx_i_classes *c, const double *value, item *z)
{
    for (int32_t i = 0; i < c->n; i++)
        z[i] = (item){c->of[i], i, value[i]};
    qsort(z, (size_t)c->n, sizeof *z, compare);
    c->classes = 0;
    for (int32_t i = 0; i < c->n; i++) {
        bool fresh = i == 0 || z[i].class != z[i - 1].class || z[i].value > z[i - 1].value;
        c->classes += fresh;
        c->of[z[i].index] = c->classes - 1;
    }
}

static sx_status gather(sx_i_classes *c, sx_error *err)
{
    c->start = sx_alloc((size_t)c->classes + 1, sizeof *c->start);
    c->member = sx_alloc((size_t)c->n, sizeof *c->member);
    if (!c->start || !c->member)
        return sx_nomem(err);
    for (int32_t i = 0; i < c->n; i++)
        c->start[c->of[i]]++;
    for (int32_t d = 1; d <= c->classes; d++)
        c->start[d] += c->start[d - 1];
    for (int32_t i = c->n; i-- > 0;)
        c->member[--c->start[c->of[i]]] = i;
    return SX_OK;
}

sx_status sx_i_classes_new(int32_t n, const double *const *value, int32_t values,
                           sx_i_classes **out, sx_error *err)
{
    *out = NULL;
    sx_i_classes *c = sx_alloc(1, sizeof *c);
    if (!c)
        return sx_nomem(err);
    c->n = n;
    c->classes = 1;
    c->of = sx_alloc((size_t)n, sizeof *c->of);
    item *z = values ? sx_alloc((size_t)n, sizeof *z) : NULL;
    sx_status st = !c->of || (values && !z) ? sx_nomem(err) : SX_OK;
    for (int32_t i = 0; !st && i < values && c->classes < n; i++)
        refine(c, value[i], z);
    sx_release(z);
    if (!st)
        st = gather(c, err);
    if (st)
        c = sx_i_classes_free(c);
    *out = c;
    return st;
}

sx_i_classes *sx_i_classes_free(sx_i_classes *c)
{
    if (c) {
        sx_release(c->of);
        sx_release(c->start);
        sx_release(c->member);
        sx_release(c);
    }
    return NULL;
}
