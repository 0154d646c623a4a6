/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_legend.c - one key for the gridworlds of a figure that are maps of one world. */
#include "plots/gridmap_int.h"
#include "plots/layout_int.h"

#include <math.h>
#include <string.h>

static bool same_names(const sx_gridmap *a, const sx_gridmap *b)
{
    for (int32_t i = 0; i < a->rows * a->columns; i++) {
        const char *left = a->label[i] ? a->label[i] : "";
        const char *right = b->label[i] ? b->label[i] : "";
        if (strcmp(left, right) != 0)
            return false;
    }
    return true;
}

static bool same_world(const sx_gridmap *a, const sx_gridmap *b)
{
    size_t cells = (size_t)a->rows * (size_t)a->columns;
    return a->rows == b->rows && a->columns == b->columns &&
           memcmp(a->kind, b->kind, cells) == 0 && memcmp(a->start, b->start, cells) == 0 &&
           memcmp(a->end, b->end, cells) == 0 && !a->mark && !b->mark && !a->ways && !b->ways &&
           same_names(a, b);
}

bool sx_i_map_legend_common(const sx_figure *f)
{
    const sx_gridmap *first = NULL;
    int32_t maps = 0;
    for (int32_t i = 0; i < f->panels; i++) {
        const sx_gridmap *g = f->panel[i]->map;
        if (!g)
            continue;
        first = first ? first : g;
        if (!same_world(first, g))
            return false;
        maps++;
    }
    return maps > 1;
}

/* the key of all maps: whatever is in that of one */
static void join(sx_i_map_plan *all, const sx_i_map_plan *p, bool first)
{
    if (first) {
        *all = *p;
        return;
    }
    bool better = p->names == SX_I_NAMES_LETTER && all->names != SX_I_NAMES_LETTER;
    if (better) {
        all->names = p->names;
        all->keys = p->keys;
        memcpy(all->key, p->key, sizeof all->key);
    }
    all->starts = all->starts || p->starts;
    all->ends = all->ends || p->ends;
    all->senders = all->senders || p->senders;
    all->holes = all->holes || p->holes;
    all->side = fmin(all->side, p->side);
}

sx_status sx_i_map_legend(const sx_i_layout *l, sx_i_scene *s, sx_i_box *at, sx_error *err)
{
    sx_i_map_plan all;
    bool first = true;
    sx_status st = SX_OK;
    at->h = 0;
    for (int32_t i = 0; !st && i < l->cells; i++) {
        const sx_i_cell *c = &l->cell[i];
        sx_i_map_plan p;
        if (c->panel->kind != SX_PANEL_GRIDMAP)
            continue;
        st = sx_i_map_plan_make(&p, l->pen, c->panel, &c->frame, c->area, err);
        if (!st)
            join(&all, &p, first);
        first = false;
    }
    if (st || first)
        return st;
    all.area.x = at->x;
    all.key_width = at->w;
    int32_t lines = sx_i_map_key(&all, s, at->y + 0.4 * l->pen->text);
    at->h = lines ? (SX_I_MAP_LEADING * lines + 0.4) * l->pen->text : 0;
    return SX_OK;
}
