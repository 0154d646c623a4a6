/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_map.c - plot: the gridworld of a specification as a panel of a figure. */
#include "cli/plot_map.h"

#include <math.h>

/* Names of cells: that of the fewest states; what most states are called says nothing. */
static sx_status name_cells(const sx_world *w, sx_gridmap *g, sx_error *err)
{
    int32_t states = w->mdp->states;
    const sx_label **of = sx_alloc((size_t)states, sizeof(void *));
    if (!of)
        return sx_nomem(err);
    for (int32_t i = 0; i < w->labels; i++) {
        const sx_label *l = &w->label[i];
        for (int32_t j = 0; j < l->count && 2 * l->count <= states; j++)
            if (!of[l->state[j]] || l->count < of[l->state[j]]->count)
                of[l->state[j]] = l;
    }
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        int32_t s = w->grid->state[i];
        if (s >= 0 && of[s])
            sx_gridmap_label(g, i, of[s]->name);
    }
    sx_release(of);
    return g->figure->failed ? sx_nomem(err) : SX_OK;
}

/* A start that is spread over most states is not marked. */
static void mark_cells(const sx_world *w, sx_gridmap *g)
{
    const sx_mdp *m = w->mdp;
    int32_t begins = 0;
    for (int32_t s = 0; s < m->states; s++)
        begins += m->initial[s] > 0;
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        int32_t s = w->grid->state[i];
        if (s < 0)
            g->kind[i] = w->grid->wall[i] ? SX_CELL_WALL : SX_CELL_SENDER;
        g->start[i] = s >= 0 && m->initial[s] > 0 && (begins == 1 || 2 * begins <= m->states);
        g->end[i] = s >= 0 && m->absorbing[s];
    }
}

sx_status sx_plot_map(sx_cli *c, sx_figure *f, const char *title, const char *bar,
                      sx_gridmap **out, sx_error *err)
{
    const sx_world *w = c->spec->world;
    *out = NULL;
    if (!w->grid)
        return sx_cli_fail(c, "E530", err,
                           "%s has no gridworld to draw: its world is not written as "
                           "<gridworld>",
                           sx_cli_path(c));
    if (w->grid->rows > 200 || w->grid->columns > 200)
        return sx_cli_fail(c, "E530", err,
                           "a figure has up to 200 rows and columns; this gridworld has %d "
                           "and %d",
                           w->grid->rows, w->grid->columns);
    sx_gridmap *g = sx_figure_gridmap(f, title, w->grid->rows, w->grid->columns, bar);
    if (!g)
        return sx_nomem(err);
    g->eight = w->mdp->actions >= 8;
    mark_cells(w, g);
    sx_status st = name_cells(w, g, err);
    *out = st ? NULL : g;
    return st;
}

/* --- numbers and arrows --- */

/* The place of an action: actions of gridworlds are the moves, then stay. */
static int32_t move_of(const sx_mdp *m, int32_t action)
{
    int32_t moves = m->actions >= 8 ? 8 : 4;
    return action < moves ? action : SX_GRID_STAY;
}

/* to [cells*9] = the numbers of pairs. */
static void spread(const sx_world *w, const double *pair, bool ends, double *to)
{
    const sx_mdp *m = w->mdp;
    for (int32_t i = 0; i < w->grid->rows * w->grid->columns; i++) {
        int32_t s = w->grid->state[i];
        if (s < 0 || (m->absorbing[s] && !ends))
            continue;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            to[(size_t)i * SX_GRID_MOVES + (size_t)move_of(m, m->action[k])] = pair[k];
    }
}

void sx_plot_map_pairs(const sx_cli *c, sx_gridmap *g, const double *pair)
{
    sx_gridmap_moves(g);
    if (g && g->move)
        spread(c->spec->world, pair, true, g->move);
}

void sx_plot_map_arrows(const sx_cli *c, sx_gridmap *g, const double *share)
{
    sx_gridmap_arrows(g);
    if (g && g->arrow)
        spread(c->spec->world, share, false, g->arrow);
}

void sx_plot_map_states(const sx_cli *c, sx_gridmap *g, const double *state)
{
    const sx_grid *grid = c->spec->world->grid;
    sx_gridmap_values(g);
    for (int32_t i = 0; g && g->value && i < grid->rows * grid->columns; i++)
        if (grid->state[i] >= 0)
            g->value[i] = state[grid->state[i]];
}
