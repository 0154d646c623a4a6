/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld.c - plot: a gridworld and what happens in it, as --view asks. */
#include "cli/plot_gridworld.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *sx_plot_view(int32_t i)
{
    static const char *const names[] = {"map",        "value",     "policy",    "reward",
                                        "difference", "occupancy", "potential", "trajectory"};
    return i >= 0 && i < SX_VIEWS ? names[i] : NULL;
}

sx_grid_id sx_grid_view_id(const sx_grid_view *v, int32_t reward)
{
    sx_grid_id id = {""};
    sx_markup_escape(v->c->spec->reward[reward].id, id.text, sizeof id.text);
    return id;
}

void sx_grid_view_bar(sx_grid_view *v, const char *format, ...)
{
    char text[480];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sx_figure_text(v->figure, &v->figure->panel[v->figure->panels - 1]->bar, "%s", text);
}

double sx_grid_view_largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* --- what is drawn --- */

static sx_status draw_reward(sx_grid_view *v)
{
    const sx_named_reward *r = &v->c->spec->reward[v->reward];
    sx_reward_mean(v->m, r->reward, v->pair);
    sx_plot_map_pairs(v->c, v->g, v->pair);
    v->g->diverging = true;
    sx_grid_view_bar(v, "reward %s", sx_grid_view_id(v, v->reward).text);
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld; in each cell a wedge for each move and a circle for staying, "
                   "coloured by the expected reward %.100s; white: 0",
                   r->id);
    return SX_OK;
}

static sx_status fill(sx_grid_view *v, sx_error *err)
{
    switch (v->view) {
    case SX_VIEW_VALUE:
    case SX_VIEW_POLICY: return sx_grid_view_values(v, err);
    case SX_VIEW_REWARD: return draw_reward(v);
    case SX_VIEW_DIFFERENCE: return sx_grid_view_difference(v, err);
    case SX_VIEW_POTENTIAL: return sx_grid_view_potential(v, err);
    case SX_VIEW_OCCUPANCY: return sx_grid_view_occupancy(v, err);
    case SX_VIEW_TRAJECTORY: return sx_grid_view_ways(v, err);
    default: return SX_OK;
    }
}

/* --- the range of what is drawn, for the alternative text --- */

typedef struct ends {
    int32_t low, high; /* cells; -1: none */
    double least, greatest;
} ends;

static void see(ends *e, int32_t cell, double x)
{
    if (!isfinite(x))
        return;
    if (e->low < 0 || x < e->least) {
        e->low = cell;
        e->least = x;
    }
    if (e->high < 0 || x > e->greatest) {
        e->high = cell;
        e->greatest = x;
    }
}

static void say_range(sx_grid_view *v)
{
    const sx_gridmap *g = v->g;
    ends e = {-1, -1, 0, 0};
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        if (g->value)
            see(&e, i, g->value[i]);
        for (int32_t k = 0; g->move && k < SX_GRID_MOVES; k++)
            see(&e, i, g->move[(size_t)i * SX_GRID_MOVES + (size_t)k]);
    }
    if (e.low < 0)
        return;
    sx_figure_text(v->figure, &v->figure->description,
                   "%s; from %.4g in row %d, column %d, to %.4g in row %d, column %d, counted "
                   "from 0 at the top left",
                   v->figure->description, e.least, e.low / g->columns, e.low % g->columns,
                   e.greatest, e.high / g->columns, e.high % g->columns);
}

/* --- which rewards --- */

static sx_status choose(sx_grid_view *v, sx_error *err)
{
    sx_cli *c = v->c;
    const char *id = c->o.text[SX_OPT_REWARD];
    if (v->view == SX_VIEW_MAP)
        return SX_OK;
    if (!c->spec->rewards)
        return sx_cli_fail(c, "E532", err, "%s has no reward to draw: only --view map",
                           sx_cli_path(c));
    if (v->view == SX_VIEW_DIFFERENCE || v->view == SX_VIEW_POTENTIAL)
        return sx_plot_pair(c, &v->truth, &v->reward, err);
    return id ? sx_cli_reward(c, "--reward", id, &v->reward, err) : SX_OK;
}

/* Options that this view would not look at. */
static sx_status check_options(const sx_grid_view *v, sx_error *err)
{
    static const struct {
        const char *name;
        sx_option_id option;
        unsigned views;
    } uses[] = {
        {"--reward", SX_OPT_REWARD,
         1U << SX_VIEW_VALUE | 1U << SX_VIEW_POLICY | 1U << SX_VIEW_REWARD |
             1U << SX_VIEW_OCCUPANCY | 1U << SX_VIEW_TRAJECTORY},
        {"--true", SX_OPT_TRUE, 1U << SX_VIEW_DIFFERENCE | 1U << SX_VIEW_POTENTIAL},
        {"--proxy", SX_OPT_PROXY, 1U << SX_VIEW_DIFFERENCE | 1U << SX_VIEW_POTENTIAL},
        {"--policy", SX_OPT_POLICY,
         1U << SX_VIEW_VALUE | 1U << SX_VIEW_POLICY | 1U << SX_VIEW_OCCUPANCY |
             1U << SX_VIEW_TRAJECTORY},
        {"--paths", SX_OPT_PATHS, 1U << SX_VIEW_TRAJECTORY},
    };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
        if (v->c->o.given[uses[i].option] && !(uses[i].views >> v->view & 1))
            return sx_cli_fail(v->c, "E506", err, "%s has no meaning for --view %s",
                               uses[i].name, sx_plot_view((int32_t)v->view));
    return SX_OK;
}

static sx_status prepare(sx_grid_view *v, sx_error *err)
{
    size_t pairs = (size_t)v->m->pairs;
    const char *path = v->c->o.text[SX_OPT_POLICY];
    v->pair = sx_alloc(pairs, sizeof *v->pair);
    v->other = sx_alloc(pairs, sizeof *v->other);
    v->optimal = sx_alloc(pairs, 1);
    v->state = sx_alloc((size_t)v->m->states, sizeof *v->state);
    v->figure = sx_figure_new(sx_cli_title(v->c));
    if (!v->pair || !v->other || !v->optimal || !v->state || !v->figure)
        return sx_nomem(err);
    sx_status st = sx_plot_map(v->c, v->figure, "", "", &v->g, err);
    v->given = path && v->c->o.given[SX_OPT_POLICY];
    if (!st && v->given)
        st = sx_cli_policy_file(v->c, "--policy", path, &v->policy, err);
    if (st)
        return st;
    v->g->coords = v->c->o.given[SX_OPT_COORDS];
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld of %d rows and %d columns: walls, names of cells, where it "
                   "begins and ends",
                   v->g->rows, v->g->columns);
    return v->figure->failed ? sx_nomem(err) : SX_OK;
}

static void clear(sx_grid_view *v)
{
    sx_release(v->pair);
    sx_release(v->other);
    sx_release(v->optimal);
    sx_release(v->state);
    sx_release(v->policy);
}

sx_status sx_plot_gridworld(sx_cli *c, sx_figure **figure, sx_error *err)
{
    sx_grid_view v = {.c = c, .view = (sx_view)c->o.number[SX_OPT_VIEW]};
    *figure = NULL;
    sx_status st = check_options(&v, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st) {
        v.m = c->spec->world->mdp;
        st = prepare(&v, err);
    }
    if (!st)
        st = choose(&v, err);
    if (!st)
        st = fill(&v, err);
    if (!st && v.view != SX_VIEW_MAP)
        say_range(&v);
    if (!st && v.figure->failed)
        st = sx_nomem(err);
    clear(&v);
    if (st)
        sx_figure_free(v.figure);
    else
        *figure = v.figure;
    return st;
}
