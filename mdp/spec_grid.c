/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_grid.c - <gridworld>: its elements as the description that grid.c builds from. */
#include "mdp/grid.h"
#include "mdp/spec_world_int.h"

#include <math.h>
#include <string.h>

typedef struct drawing {
    sx_i_reading *rd;
    const sx_node *world, *map;
    int32_t cells;
    const sx_node **node; /* [cells] the <cell> elements */
    sx_cell *cell;        /* [cells] */
    sx_status st;
} drawing;

static void on_problem(void *context, const sx_grid_problem *p)
{
    drawing *g = context;
    sx_place place;
    bool nowhere = !g->map->text[p->offset] || g->map->text[p->offset] == '\n';
    bool shown = sx_diags_errors(g->rd->diags) < SX_DIAG_LIMIT; /* else its place is wasted */
    if (!p->attribute && (nowhere || !shown))
        place = g->map->place;
    else if (!p->attribute)
        place = sx_text_place(g->rd->xml, g->map, p->offset, p->width);
    else if (p->cell >= 0 && p->cell < g->cells)
        place = sx_i_attr_where(g->node[p->cell], p->attribute);
    else
        place = sx_i_attr_where(g->world, p->attribute);
    g->st = sx_diag_report(g->rd->diags, place, p->code, p->hint[0] ? p->hint : NULL, "%s",
                           p->message);
}

static sx_status read_cell(const sx_node *n, sx_cell *c)
{
    sx_status st = SX_OK;
    c->symbol = sx_i_attr_sound(n, "symbol");
    c->label = sx_i_attr_sound(n, "label");
    c->sends_to = sx_i_attr_sound(n, "sends-to");
    if ((sx_node_value(n, "label") && !c->label) ||
        (sx_node_value(n, "sends-to") && !c->sends_to))
        st = SX_EINPUT;
    st = sx_i_worse(st, sx_i_attr_boolean(n, "wall", &c->wall));
    st = sx_i_worse(st, sx_i_attr_boolean(n, "absorbing", &c->absorbing));
    if (sx_node_value(n, "initial"))
        st = sx_i_worse(st, sx_i_attr_number(n, "initial", &c->initial));
    return c->symbol ? st : SX_EINPUT;
}

static sx_status read_cells(drawing *g)
{
    for (const sx_node *n = sx_i_first(g->world, "cell"); n; n = sx_i_next(n, "cell"))
        g->cells++;
    g->node = sx_alloc((size_t)g->cells, sizeof(void *));
    g->cell = sx_alloc((size_t)g->cells, sizeof *g->cell);
    if (!g->node || !g->cell)
        return sx_nomem(g->rd->err);
    sx_status st = SX_OK;
    int32_t i = 0;
    for (const sx_node *n = sx_i_first(g->world, "cell"); n; n = sx_i_next(n, "cell"), i++) {
        g->node[i] = n;
        st = sx_i_worse(st, read_cell(n, &g->cell[i]));
    }
    return st;
}

/* A child that the grammar does not know may have been meant as a cell. */
static bool has_strangers(const sx_node *n)
{
    bool found = false;
    for (const sx_node *child = n->child; child; child = child->next)
        found = found || !child->rule;
    return found;
}

static sx_status read_description(drawing *g, sx_gridworld *grid)
{
    sx_status st = read_cells(g);
    st = sx_i_worse(st, sx_i_attr_number(g->world, "slip", &grid->slip));
    if (!g->map || has_strangers(g->world))
        st = sx_i_worse(st, SX_EINPUT);
    const char *moves = sx_i_attr(g->world, "moves"), *slip_to = sx_i_attr(g->world, "slip-to");
    if (!moves || !sx_moves_read(moves, &grid->moves) || !slip_to ||
        !sx_slip_read(slip_to, &grid->slip_to))
        st = sx_i_worse(st, SX_EINPUT);
    grid->map = g->map ? g->map->text : "";
    grid->cells = g->cells;
    grid->cell = g->cell;
    return st;
}

/* Labels of cells that are also names of states. */
static sx_status check_labels(const drawing *g)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < g->cells; i++)
        if (g->cell[i].label)
            st = sx_i_worse(st, sx_i_label_check(g->rd, g->cell[i].label,
                                                 sx_i_attr_where(g->node[i], "label")));
    return st;
}

/* Weights that are given must put the start somewhere. */
static sx_status check_start(const drawing *g, const int32_t *kind)
{
    const sx_node *given = NULL;
    for (int32_t i = 0; i < g->cells && !given; i++)
        given = sx_node_value(g->node[i], "initial") ? g->node[i] : NULL;
    if (!given || sx_i_first(g->world->parent, "initial"))
        return SX_OK;
    for (int32_t s = 0; s < g->rd->spec->world->mdp->states; s++)
        if (kind[s] >= 0 && g->cell[kind[s]].initial > 0)
            return SX_OK;
    return sx_diag_report(g->rd->diags, sx_i_attr_where(given, "initial"), "E128",
                          "leave it out for the uniform distribution over the states that are "
                          "not absorbing",
                          "no cell of the map has a positive initial weight");
}

sx_status sx_i_gridworld_slip(sx_i_reading *rd, const sx_node *n, double slip, sx_world **out,
                              int32_t **kind)
{
    drawing g = {.rd = rd, .world = n, .map = sx_i_first(n, "map")};
    sx_gridworld grid = {0};
    *out = NULL;
    *kind = NULL;
    sx_status st = read_description(&g, &grid);
    grid.slip = slip;
    if (!st)
        st = sx_grid_world(&grid, on_problem, &g, out, kind, rd->err);
    sx_release(g.node);
    sx_release(g.cell);
    return st;
}

sx_status sx_i_gridworld_read(sx_i_reading *rd, const sx_node *n)
{
    drawing g = {.rd = rd, .world = n, .map = sx_i_first(n, "map")};
    sx_gridworld grid = {0};
    int32_t *kind = NULL;
    sx_world *w = NULL;
    sx_status st = read_description(&g, &grid);
    if (!st)
        st = sx_grid_world(&grid, on_problem, &g, &w, &kind, rd->err);
    if (!st) {
        sx_world_free(rd->spec->world);
        rd->spec->world = w;
        st = sx_i_cell_attributes_read(rd, g.node, g.cells, kind);
        if (!sx_i_stops(st))
            st = sx_i_worse(st, check_labels(&g));
        if (!sx_i_stops(st))
            st = sx_i_worse(st, check_start(&g, kind));
    }
    sx_release(kind);
    sx_release(g.node);
    sx_release(g.cell);
    return st;
}
