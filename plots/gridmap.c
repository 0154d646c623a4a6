/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap.c - a gridworld as a panel: what fits its area, and the room beside it.
 *
 *     row numbers | cells | bar | ticks | label of the bar
 *                 | column numbers
 *                 | key of letters, frames, ways
 *
 * A number that does not fit is left out, and so are names: first for their letters, then
 * altogether.  Lines between cells go when the cells are too small to count. */
#include "plots/gridmap_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST = 200, MANY = 5000 }; /* rows and columns; cells that are drawn one by one */

static const double smallest = 4.5; /* type below this size is not set */
static const double edge = 2.4;     /* between numbers and the edge of a cell: frames */

double sx_i_gridmap_shape(const sx_gridmap *g)
{
    return fmin(25, fmax(0.04, (double)g->rows / g->columns));
}

double sx_i_gridmap_most(const sx_gridmap *g, double text)
{
    double cell = g->move ? 8 * text : g->value || g->arrow || g->ways ? 5.5 * text : 6 * text;
    return fmax(6 * text, cell * fmax(g->columns, g->rows / 25.0));
}

bool sx_i_gridmap_range(const sx_gridmap *g, double *low, double *high)
{
    const double *v = g->value ? g->value : g->move;
    size_t n = (size_t)g->rows * (size_t)g->columns * (g->value ? 1 : SX_GRID_MOVES);
    bool any = false;
    for (size_t i = 0; v && i < n; i++) {
        if (isnan(v[i]))
            continue;
        *low = any ? fmin(*low, v[i]) : v[i];
        *high = any ? fmax(*high, v[i]) : v[i];
        any = true;
    }
    return any;
}

/* --- what is allowed --- */

static sx_status check_numbers(const double *x, size_t n, size_t each, const char *what,
                               sx_error *err)
{
    for (size_t i = 0; x && i < n * each; i++)
        if (isinf(x[i]))
            return sx_fail(err, SX_EARG, "%s of cell %d is infinite", what, (int)(i / each));
    return SX_OK;
}

static sx_status check_ways(const sx_gridmap *g, sx_error *err)
{
    for (int32_t i = 0; i < g->ways; i++)
        for (int32_t k = 0; k < g->way[i].steps; k++)
            if (g->way[i].cell[k] < 0 || g->way[i].cell[k] >= g->rows * g->columns)
                return sx_fail(err, SX_EARG, "way %d visits a cell that is not there", i);
    return SX_OK;
}

static sx_status check(const sx_gridmap *g, sx_error *err)
{
    size_t n = (size_t)g->rows * (size_t)g->columns;
    if (g->rows < 1 || g->rows > LARGEST || g->columns < 1 || g->columns > LARGEST)
        return sx_fail(err, SX_EARG, "a gridworld has 1 to %d rows and columns, not %d and %d",
                       LARGEST, g->rows, g->columns);
    sx_status st = check_numbers(g->value, n, 1, "the value", err);
    if (!st)
        st = check_numbers(g->move, n, SX_GRID_MOVES, "a number", err);
    if (!st)
        st = check_numbers(g->arrow, n, SX_GRID_MOVES, "a share", err);
    if (!st)
        st = check_ways(g, err);
    for (size_t i = 0; !st && i < n; i++)
        if (g->label[i] && !sx_i_label_valid(g->label[i]))
            st = sx_fail(err, SX_EARG, "the name of cell %d is not one line of UTF-8", (int)i);
    return st;
}

/* --- what there is --- */

static void add_key(sx_i_map_plan *p, const char *name)
{
    for (int32_t i = 0; i < p->keys && i < SX_I_MAP_KEYS; i++)
        if (!strcmp(p->key[i], name))
            return;
    if (p->keys < SX_I_MAP_KEYS)
        p->key[p->keys] = name;
    p->keys++;
}

/* What the cells are called, and which kinds there are. */
static void collect(sx_i_map_plan *p)
{
    const sx_gridmap *g = p->g;
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        if (g->label[i] && g->kind[i] != SX_CELL_WALL)
            add_key(p, g->label[i]);
        p->starts = p->starts || g->start[i];
        p->ends = p->ends || g->end[i];
        p->senders = p->senders || g->kind[i] == SX_CELL_SENDER;
        p->marks = p->marks || (g->mark && g->mark[i]);
        p->holes = p->holes || (g->value && g->kind[i] == SX_CELL_FREE && isnan(g->value[i]));
    }
}

static bool has_bar(const sx_gridmap *g)
{
    return g->value || g->move;
}

static void plan_colours(sx_i_map_plan *p, const sx_i_panel_frame *frame)
{
    const sx_gridmap *g = p->g;
    const double *v = g->value ? g->value : g->move;
    size_t n = v ? (size_t)g->rows * (size_t)g->columns * (g->value ? 1 : SX_GRID_MOVES) : 0;
    double low = 0;
    double high = 0;
    (void)sx_i_gridmap_range(g, &low, &high);
    sx_i_ramp_init(&p->ramp, g->diverging, frame->ranges ? frame->colour_low : low,
                   frame->ranges ? frame->colour_high : high, v, n);
    p->unit = sx_i_ramp_widest(&p->ramp, p->pen->fonts, v, n);
    sx_raster raster = p->pen->style->raster;
    p->image = n > 0 && (raster == SX_RASTER_ALWAYS ||
                         (raster == SX_RASTER_AUTO && g->rows * g->columns > MANY));
}

/* --- what fits --- */

static bool has_stay(const sx_gridmap *g)
{
    for (int32_t i = 0; g->move && i < g->rows * g->columns; i++)
        if (!isnan(g->move[(size_t)i * SX_GRID_MOVES + SX_GRID_STAY]))
            return true;
    return false;
}

/* The room for a number, as wide as unit at type size 1: in a wedge its corners touch the
 * diagonals; beside a disc for staying there is less. */
static double number_size(const sx_i_map_plan *p)
{
    const sx_gridmap *g = p->g;
    double side = p->side;
    double size = (p->cw - 2 * p->inset) / p->unit;
    if (g->move && g->eight)
        size = (p->cw / 3 - 2 * p->inset + 1) / p->unit;
    else if (g->move && has_stay(g))
        size = (0.29 * side - p->inset) / p->unit;
    else if (g->move)
        size = (0.5 * side - p->inset) / fmax(1.15, p->unit + 0.5);
    else if (g->arrow)
        size = 0.42 * side / p->unit;
    return fmin(size, g->move && g->eight ? 0.25 * p->ch : 0.5 * p->ch);
}

static void plan_numbers(sx_i_map_plan *p)
{
    const sx_gridmap *g = p->g;
    p->inset = p->marks ? edge + 1 : edge;
    p->number = has_bar(g) && !g->ways ? fmin(0.94 * p->pen->text, number_size(p)) : 0;
    if (p->image || !(p->number >= smallest))
        p->number = 0;
    p->outer = g->arrow && g->value && p->number > 0;
}

static bool letters_differ(const sx_i_map_plan *p)
{
    for (int32_t i = 0; i < p->keys; i++)
        for (int32_t j = 0; j < i; j++) {
            char a[8];
            char b[8];
            sx_i_map_letter(p->key[i], a);
            sx_i_map_letter(p->key[j], b);
            if (!strcmp(a, b))
                return false;
        }
    return true;
}

/* Whole names in the middle of cells; letters where they do not fit or stand in a corner. */
bool sx_i_map_stays(const sx_i_map_plan *p, int32_t cell)
{
    return p->g->move && !isnan(p->g->move[(size_t)cell * SX_GRID_MOVES + SX_GRID_STAY]);
}

/* Above wedges a letter stands in the middle, or, where that is taken, in a corner. */
static bool letter_fits(const sx_i_map_plan *p, int32_t cell)
{
    const sx_gridmap *g = p->g;
    double number = p->number > 0 ? p->unit * p->number / 2 : 0;
    if (!g->move || g->value || !g->label[cell] || g->kind[cell] == SX_CELL_WALL)
        return true;
    if (g->eight)
        return !sx_i_map_stays(p, cell) && 0.8 * p->name <= p->side / 3;
    return !sx_i_map_stays(p, cell) || 2.4 + 1.5 * p->name <= p->cw / 2 - number;
}

static bool letters_fit(const sx_i_map_plan *p)
{
    for (int32_t i = 0; i < p->g->rows * p->g->columns; i++) {
        if (!letter_fits(p, i))
            return false;
    }
    return true;
}

static void plan_names(sx_i_map_plan *p)
{
    const sx_gridmap *g = p->g;
    double text = p->pen->text;
    double widest = 0.1;
    if (p->keys < 1 || p->keys > SX_I_MAP_KEYS)
        return;
    for (int32_t i = 0; i < p->keys; i++)
        widest = fmax(widest, sx_i_text_width(p->pen->fonts, p->key[i], 10) / 10);
    bool plain = !has_bar(g) && !g->arrow && !g->ways;
    p->name = plain ? fmin(text, fmin((p->cw - 5) / widest, 0.6 * p->ch)) : 0;
    if (p->name >= 0.62 * text) {
        p->names = SX_I_NAMES_FULL;
        return;
    }
    p->name = fmin(plain ? text : 0.7 * text, p->side * (plain ? 0.6 : 0.26));
    if (letters_differ(p) && p->name >= smallest && letters_fit(p))
        p->names = SX_I_NAMES_LETTER;
}

static double coord_size(const sx_i_map_plan *p)
{
    return 0.85 * p->pen->text;
}

static void plan_coords(sx_i_map_plan *p)
{
    char last[16];
    double size = coord_size(p);
    snprintf(last, sizeof last, "%d", p->g->rows - 1);
    if (p->g->coords && p->x_names)
        p->coords = 1.5 * size;
    if (p->g->coords && p->y_names)
        p->room.left = sx_i_text_width(p->pen->fonts, last, size) + 4;
}

static void plan_room(sx_i_map_plan *p)
{
    double text = p->pen->text;
    double right = p->bar ? sx_i_bar_right(&p->bars) : 0.5;
    double low_bar = p->bar ? fmax(0, p->bars.height - p->area.h) : 0;
    p->key_width = p->area.w + (low_bar > 0 ? 0 : right);
    if (low_bar == 0 && p->key_width < 14 * text)
        p->key_width = 14 * text;
    p->key_lines = p->keyed ? sx_i_map_key(p, NULL, 0) : 0;
    p->room.right = p->key_lines ? fmax(right, p->key_width - p->area.w) : right;
    p->room.top = p->bar ? 0.5 * text : 0.5;
    p->room.bottom = fmax(p->coords + SX_I_MAP_LEADING * text * p->key_lines,
                          low_bar > 0 ? low_bar + 0.4 * text : 0) +
                     (p->bar ? sx_i_bar_below(&p->bars) : 0) + 0.5 * text;
}

sx_status sx_i_map_plan_make(sx_i_map_plan *p, sx_i_pen *pen, const sx_panel *panel,
                             const sx_i_panel_frame *frame, sx_i_box area, sx_error *err)
{
    const sx_gridmap *g = panel->map;
    sx_status st = check(g, err);
    if (st)
        return st;
    memset(p, 0, sizeof *p);
    p->pen = pen;
    p->g = g;
    p->area = area;
    p->x_names = frame->x_names;
    p->y_names = frame->y_names;
    p->bar = frame->bar && has_bar(g);
    p->keyed = !frame->unnamed;
    p->cw = area.w / g->columns;
    p->ch = area.h / g->rows;
    p->side = fmin(p->cw, p->ch);
    p->room.left = 0.5;
    plan_colours(p, frame);
    if (p->bar)
        st = sx_i_bar_plan_make(&p->bars, &p->ramp, pen, panel->bar, area, err);
    if (st)
        return st;
    collect(p);
    plan_numbers(p);
    plan_names(p);
    plan_coords(p);
    plan_room(p);
    return SX_OK;
}

sx_status sx_i_gridmap_room(sx_i_pen *pen, const sx_panel *panel, const sx_i_panel_frame *frame,
                            double w, double h, sx_i_room *room, sx_error *err)
{
    sx_i_map_plan p;
    sx_status st = sx_i_map_plan_make(&p, pen, panel, frame, (sx_i_box){0, 0, w, h}, err);
    if (!st)
        *room = p.room;
    return st;
}

/* --- drawing --- */

/* 1, 2, 5, 10, ...: each how many rows a number is written. */
static int32_t stride(double step, double needed)
{
    int32_t every = 1;
    for (int i = 0; every * step < needed && i < 9; i++)
        every = i % 3 == 0 ? 2 * every : i % 3 == 1 ? every / 2 * 5 : 2 * every;
    return every;
}

static void put_coords(const sx_i_map_plan *p, sx_i_scene *s)
{
    double size = coord_size(p);
    char text[16];
    s->class = "coordinate";
    snprintf(text, sizeof text, "%d", p->g->columns - 1);
    int32_t every = stride(p->cw, sx_i_text_width(p->pen->fonts, text, size) + 3);
    for (int32_t j = 0; p->coords > 0 && j < p->g->columns; j += every) {
        snprintf(text, sizeof text, "%d", j);
        sx_i_map_text(s, p->area.x + (j + 0.5) * p->cw, p->area.y + p->area.h + 0.9 * size,
                      size, p->pen->palette.ink, text);
    }
    every = stride(p->ch, 1.1 * size);
    for (int32_t i = 0; p->g->coords && p->y_names && i < p->g->rows; i += every) {
        snprintf(text, sizeof text, "%d", i);
        double half = sx_i_text_width(p->pen->fonts, text, size) / 2;
        sx_i_map_text(s, p->area.x - 3 - half, p->area.y + (i + 0.5) * p->ch, size,
                      p->pen->palette.ink, text);
    }
}

static void put_notes(const sx_i_map_plan *p)
{
    if (has_bar(p->g) && !p->g->ways && !(p->number > 0))
        sx_i_note(p->pen->notes, "numbers are left out: the cells are too small for them");
    if (p->keys > 0 && p->names == SX_I_NAMES_NONE)
        sx_i_note(p->pen->notes,
                  "names of cells are left out: the cells are too small for them");
}

sx_status sx_i_gridmap_draw(sx_i_pen *pen, const sx_panel *panel, const sx_i_panel_frame *frame,
                            sx_i_box area, sx_i_scene *s, sx_error *err)
{
    sx_i_map_plan p;
    sx_status st = sx_i_map_plan_make(&p, pen, panel, frame, area, err);
    if (st)
        return st;
    int32_t cells = p.g->rows * p.g->columns;
    sx_i_spot *at = sx_alloc((size_t)cells, sizeof *at);
    if (!at)
        return sx_nomem(err);
    const char *before = s->class;
    for (int32_t i = 0; i < cells; i++)
        at[i] = sx_i_map_spot(&p, i);
    sx_i_map_cells(&p, s, at);
    sx_i_map_marks(&p, s, at);
    sx_i_map_ways(&p, s, at);
    put_coords(&p, s);
    double below = area.y + area.h + p.coords;
    if (p.keyed)
        (void)sx_i_map_key(&p, s, below);
    if (p.bar)
        sx_i_bar_put(&p.bars, &p.ramp, pen, s, area,
                     below + SX_I_MAP_LEADING * pen->text * p.key_lines);
    s->class = before;
    put_notes(&p);
    sx_release(at);
    return s->failed ? sx_nomem(err) : SX_OK;
}
