/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_find.h - layers of a figure by what they are. */
#ifndef FIGURE_FIND_H
#define FIGURE_FIND_H

#include "plots/figure.h"
#include "tests/check.h"

/* The i-th layer of that kind and role in a panel, or NULL. */
static inline const sx_layer *layer_of(const sx_figure *f, int32_t panel, sx_layer_kind kind,
                                       const char *role, int i)
{
    const sx_chart *c = f->panel[panel]->chart;
    for (int32_t k = 0; k < c->layers; k++)
        if (c->layer[k]->kind == kind && strcmp(c->layer[k]->role, role) == 0 && i-- == 0)
            return c->layer[k];
    return NULL;
}

/* The same, which must be there. */
static inline const sx_layer *need_layer(const sx_figure *f, int32_t panel, sx_layer_kind kind,
                                         const char *role, int i)
{
    const sx_layer *l = layer_of(f, panel, kind, role, i);
    if (!l)
        print_error("no layer %d of kind %d and role %s\n", i, (int)kind, role);
    assert_non_null(l);
    return l;
}

static inline void check_part(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("'%s' is not in '%s'\n", part, text);
    assert_non_null(strstr(text, part));
}

#endif
