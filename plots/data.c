/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c - what a figure shows as a table: one row a mark.
 *
 *     panel,kind,series,x,y,low,high,value,label
 *
 * panel is its title, or its number where titles are missing or alike; a place on an axis of
 * names is its name; numbers have as many digits as they need to be read back. */
#include "mdp/csv.h"
#include "plots/panel_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One row; texts are borrowed, "" for nothing, numbers NAN for nothing. */
typedef struct row {
    const char *panel, *kind, *series;
    const char *x_name, *y_name; /* or NULL, and a number */
    double x, y, low, high, value;
    const char *label;
} row;

static row row_new(const char *panel, const char *kind, const char *series)
{
    const double none = (double)NAN;
    return (row){.panel = panel,
                 .kind = kind,
                 .series = series,
                 .x = none,
                 .y = none,
                 .low = none,
                 .high = none,
                 .value = none};
}

static void put_text(sx_i_bytes *out, const char *text)
{
    char *field = text ? sx_csv_quote(text) : NULL;
    if (field)
        sx_i_bytes_text(out, field);
    else if (text)
        out->failed = true;
    sx_release(field);
}

static void put_place(sx_i_bytes *out, const char *name, double value)
{
    sx_i_bytes_text(out, ",");
    if (name)
        put_text(out, name);
    else
        sx_i_bytes_number(out, value);
}

static void put_row(sx_i_bytes *out, const row *r)
{
    put_text(out, r->panel);
    sx_i_bytes_format(out, ",%s,", r->kind);
    put_text(out, r->series);
    put_place(out, r->x_name, r->x);
    put_place(out, r->y_name, r->y);
    put_place(out, NULL, r->low);
    put_place(out, NULL, r->high);
    put_place(out, NULL, r->value);
    sx_i_bytes_text(out, ",");
    put_text(out, r->label);
    sx_i_bytes_text(out, "\n");
}

/* --- charts --- */

/* The name at that place of an axis, or NULL. */
static const char *category(const sx_axis *a, double at)
{
    bool one = at >= 0 && at < a->categories && at == floor(at);
    return one ? a->category[(int32_t)at] : NULL;
}

static void put_layer(sx_i_bytes *out, const char *panel, const sx_chart *c, const sx_layer *l)
{
    static const char *const kind[] = {"point", "line",  "band", "area", "bar",
                                       "strip", "arrow", "rule", "words"};
    for (int64_t i = 0; i < l->n; i++) {
        row r = row_new(panel, kind[l->kind], l->name);
        r.x = l->x[i];
        r.y = l->kind == SX_LAYER_BAND ? (double)NAN : l->y[i];
        r.x_name = category(&c->x, r.x);
        r.y_name = category(&c->y, r.y);
        r.low = l->low ? l->low[i] : r.low;
        r.high = l->high ? l->high[i] : r.high;
        r.label = l->label ? l->label[i] : NULL;
        put_row(out, &r);
    }
}

/* --- matrices and gridworlds --- */

static void put_heat(sx_i_bytes *out, const char *panel, const sx_heat *m)
{
    for (int32_t i = 0; i < m->rows * m->columns; i++) {
        row r = row_new(panel, "cell", "");
        int32_t at[2] = {i % m->columns, i / m->columns};
        r.x = at[0];
        r.y = at[1];
        r.x_name = m->column[at[0]];
        r.y_name = m->row[at[1]];
        r.value = m->value[i];
        put_row(out, &r);
    }
}

static const char *const move_name[SX_GRID_MOVES] = {
    "up", "down", "left", "right", "up-left", "up-right", "down-left", "down-right", "stay"};

/* One row for a cell, a move or an arrow of it. */
static void put_cell(sx_i_bytes *out, const char *panel, const sx_gridmap *g, int32_t cell,
                     row r)
{
    r.panel = panel;
    int32_t line = cell / g->columns;
    r.x = cell % g->columns;
    r.y = line;
    r.label = g->label[cell];
    put_row(out, &r);
}

static const char *cell_kind(const sx_gridmap *g, int32_t cell)
{
    static const char *const kind[] = {"", "wall", "sender"};
    if (g->kind[cell] != SX_CELL_FREE)
        return kind[g->kind[cell]];
    return g->start[cell] ? "start" : g->end[cell] ? "end" : "";
}

static void put_moves(sx_i_bytes *out, const char *panel, const sx_gridmap *g, int32_t cell)
{
    for (int k = 0; k < SX_GRID_MOVES; k++) {
        size_t at = (size_t)cell * SX_GRID_MOVES + (size_t)k;
        row r = row_new(panel, "move", move_name[k]);
        if (g->move && !isnan(g->move[at])) {
            r.value = g->move[at];
            put_cell(out, panel, g, cell, r);
        }
        r.kind = "arrow";
        if (g->arrow && g->arrow[at] > 0) {
            r.value = g->arrow[at];
            put_cell(out, panel, g, cell, r);
        }
    }
    if (g->mark && g->mark[cell])
        put_cell(out, panel, g, cell, row_new(panel, "circle", ""));
}

static void put_gridmap(sx_i_bytes *out, const char *panel, const sx_gridmap *g)
{
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        row r = row_new(panel, "cell", cell_kind(g, i));
        r.value = g->value ? g->value[i] : r.value;
        put_cell(out, panel, g, i, r);
        put_moves(out, panel, g, i);
    }
    for (int32_t w = 0; w < g->ways; w++) {
        for (int32_t k = 0; k < g->way[w].steps; k++) {
            row r = row_new(panel, "way", g->way[w].name);
            r.value = k;
            put_cell(out, panel, g, g->way[w].cell[k], r);
        }
    }
}

/* --- the figure --- */

/* Titles that tell every panel from the others. */
static bool titles_tell(const sx_figure *f)
{
    for (int32_t i = 0; i < f->panels; i++) {
        if (!*f->panel[i]->title)
            return false;
        for (int32_t j = 0; j < i; j++) {
            if (strcmp(f->panel[i]->title, f->panel[j]->title) == 0)
                return false;
        }
    }
    return true;
}

static void put_panel(sx_i_bytes *out, const char *name, const sx_panel *p)
{
    if (p->kind == SX_PANEL_HEAT)
        put_heat(out, name, p->heat);
    else if (p->kind == SX_PANEL_GRIDMAP)
        put_gridmap(out, name, p->map);
    for (int32_t i = 0; p->kind == SX_PANEL_CHART && i < p->chart->layers; i++)
        put_layer(out, name, p->chart, p->chart->layer[i]);
}

sx_status sx_i_figure_csv(const sx_figure *f, sx_i_bytes *out, sx_error *err)
{
    bool titles = titles_tell(f);
    char number[16];
    sx_i_bytes_text(out, "panel,kind,series,x,y,low,high,value,label\n");
    for (int32_t i = 0; i < f->panels && !out->failed; i++) {
        snprintf(number, sizeof number, "%d", i + 1);
        put_panel(out, titles ? f->panel[i]->title : number, f->panel[i]);
    }
    return out->failed ? sx_nomem(err) : SX_OK;
}
