/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_panel.c - numbers of pairs and states as panels of a figure. */
#include "cli/plot_panel.h"

#include <math.h>

enum { ALL = 200, LARGEST = 40 };

sx_status sx_plot_panels_start(sx_cli *c, sx_figure *f, const double *const *pair, int32_t n,
                               sx_plot_panels *out, sx_error *err)
{
    const sx_world *w = c->spec->world;
    int32_t states = w->mdp->states;
    *out = (sx_plot_panels){.figure = f};
    out->map = w->grid && w->grid->rows <= ALL && w->grid->columns <= ALL;
    if (out->map)
        return SX_OK;
    sx_status st =
        sx_state_rows_choose(w->mdp, pair, n, states > ALL ? LARGEST : ALL, &out->rows, err);
    if (!st && out->rows.count < states)
        sx_figure_note(f, "shown are the %d of %d states with the largest numbers",
                       out->rows.count, states);
    return st;
}

void sx_plot_panels_clear(sx_plot_panels *p)
{
    p->rows.state = sx_release(p->rows.state);
}

void sx_plot_panel_clean(double *x, int32_t n, double of)
{
    double most = of;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    for (int32_t i = 0; i < n; i++)
        if (fabs(x[i]) <= 1e-12 * most)
            x[i] = 0;
}

sx_status sx_plot_panel_pairs(sx_cli *c, sx_plot_panels *p, const char *title, const char *bar,
                              const double *pair, sx_error *err)
{
    sx_gridmap *g = NULL;
    if (!p->map)
        return sx_figure_pairs(p->figure, c->spec->world, &p->rows, title, bar, pair, err);
    sx_status st = sx_plot_map(c, p->figure, title, bar, &g, err);
    if (!st) {
        g->diverging = true;
        sx_plot_map_pairs(c, g, pair);
    }
    return st;
}

sx_status sx_plot_panel_states(sx_cli *c, sx_plot_panels *p, const char *title, const char *bar,
                               const double *state, sx_error *err)
{
    sx_gridmap *g = NULL;
    if (!p->map)
        return sx_figure_states(p->figure, c->spec->world, &p->rows, title, bar, state, err);
    sx_status st = sx_plot_map(c, p->figure, title, bar, &g, err);
    if (!st) {
        g->diverging = true;
        sx_plot_map_states(c, g, state);
    }
    return st;
}
