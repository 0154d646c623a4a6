/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.c - how many panels stand beside each other, and how wide a page they need: one column
 * of a paper (3.25 in) for a chart, 5.5 or 6.75 in for more. */
#include "plots/layout_int.h"

#include <math.h>

static const double golden = 0.618;
static const double one = 234;  /* 3.25 in */
static const double most = 486; /* 6.75 in */

static int32_t bars_of(const sx_chart *c)
{
    int32_t bars = 0;
    for (int32_t k = 0; k < c->layers; k++)
        bars += c->layer[k]->kind == SX_LAYER_BARS;
    return bars > 1 ? bars : 1;
}

static double chart_width(const sx_chart *c, double text, int32_t columns)
{
    double usual = columns == 1 ? one : columns == 2 ? 396.0 / 2 : most / 3;
    double pitch = fmax(1.35 * text, 0.9 * text * bars_of(c));
    return fmax(usual, 5 * text + c->x.categories * pitch);
}

/* of a panel with all that is round it */
static double wish(const sx_i_layout *l, const sx_panel *p, int32_t columns)
{
    double text = l->pen->text;
    double names = 0;
    switch (p->kind) {
    case SX_PANEL_HEAT:
        names = p->heat->row ? 9 * text : 3 * text;
        return fmin(most,
                    fmax(fmin(0.6 * one, 18 * text), names + p->heat->columns * 3.2 * text));
    case SX_PANEL_GRIDMAP:
        return fmin(most, fmax(14 * text, 6 * text + p->map->columns * 3.6 * text));
    default: return fmin(most, chart_width(p->chart, text, columns));
    }
}

static double wishes(const sx_i_layout *l, int32_t columns)
{
    double sum = 0;
    for (int32_t j = 0; j < columns; j++) {
        double widest = 0;
        for (int32_t i = j; i < l->cells; i += columns)
            widest = fmax(widest, wish(l, l->cell[i].panel, columns));
        sum += widest;
    }
    return sum;
}

static int32_t usual_columns(int32_t panels)
{
    static const int32_t few[] = {1, 1, 2, 3, 2, 3, 3, 4, 4, 3, 4, 4, 4};
    if (panels < (int32_t)(sizeof few / sizeof *few))
        return few[panels];
    return (int32_t)ceil(sqrt(panels));
}

void sx_i_page_choose(sx_i_layout *l)
{
    double given = l->pen->style->width;
    int32_t columns = l->figure->columns;
    if (columns < 1) {
        columns = usual_columns(l->cells);
        while (columns > 1 && wishes(l, columns) > 1.35 * (given > 0 ? given : most))
            columns--;
    }
    l->columns = columns < l->cells ? columns : l->cells;
    l->rows = (l->cells + l->columns - 1) / l->columns;
    double wanted = wishes(l, l->columns);
    l->width = given > 0 ? given : wanted <= one ? one : wanted <= 396 ? 396 : most;
}

double sx_i_page_height(const sx_i_layout *l, const sx_i_cell *cell, double w)
{
    double ratio = l->columns == 1 && l->rows <= 2 ? golden + 0.06
                   : l->columns == 1               ? 0.5
                                                   : 0.8;
    if (cell->shape > 0)
        return cell->shape * w;
    double h = ratio * fmin(w, 330);
    if (cell->panel->kind == SX_PANEL_CHART && cell->panel->chart->y.categories) {
        const sx_chart *c = cell->panel->chart;
        double pitch = fmax(1.35, 0.8 * bars_of(c)) * l->pen->text;
        h = fmax(fmin(h, 2.5 * c->y.categories * pitch), c->y.categories * pitch);
    }
    return h;
}
