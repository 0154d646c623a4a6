/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridworld.c - a gridworld as a figure: how large, with which numbers and names.
 *
 *     margin | cells | bar | ticks | bar label | margin
 *            | key of letters and frames
 *
 * A number that does not fit is left out, and so are names: first for their letters, then
 * altogether.  Lines between cells go when the cells are too small to count. */
#include "plots/gridworld_int.h"

#include <math.h>
#include <string.h>

static const double margin = 4;
static const double font = 8;
static const double smallest = 4.5; /* type below this size is not set */
static const double natural = 30;   /* side of a cell where nothing says otherwise */

static sx_status check_cells(const sx_grid_figure *g, sx_error *err)
{
    int32_t cells = g->rows * g->columns;
    for (int32_t i = 0; i < cells; i++) {
        if (g->label[i] && !sx_i_label_valid(g->label[i]))
            return sx_fail(err, SX_EARG, "the name of cell %d is not one line of UTF-8", i);
        if (g->value && isinf(g->value[i]))
            return sx_fail(err, SX_EARG, "the value of cell %d is infinite", i);
    }
    for (int32_t i = 0; g->move && i < cells * SX_GRID_MOVES; i++)
        if (isinf(g->move[i]))
            return sx_fail(err, SX_EARG, "a number of cell %d is infinite", i / SX_GRID_MOVES);
    return SX_OK;
}

static sx_status check(const sx_grid_figure *g, sx_error *err)
{
    if (g->rows < 1 || g->rows > 200 || g->columns < 1 || g->columns > 200)
        return sx_fail(err, SX_EARG, "a figure of a gridworld has 1 to 200 rows and columns");
    if (!(g->width >= 0 && g->width <= 2880))
        return sx_fail(err, SX_EARG, "a page is up to 2880 points (40 inches) wide");
    if (!sx_i_label_valid(g->title) || !sx_i_label_valid(g->bar_label) ||
        strlen(g->bar_label) >= 224)
        return sx_fail(err, SX_EARG, "title and bar label must be one line of UTF-8 text");
    return check_cells(g, err);
}

static void plan_range(sx_i_grid_plan *p)
{
    const sx_grid_figure *g = p->g;
    const double *v = g->value ? g->value : g->move;
    int32_t n = g->rows * g->columns * (g->value ? 1 : SX_GRID_MOVES);
    double low = 0;
    double high = 0;
    for (int32_t i = 0; v && i < n; i++) {
        low = fmin(low, v[i]); /* the other one when v is NAN */
        high = fmax(high, v[i]);
    }
    p->bar.diverging = g->diverging;
    sx_i_bar_range(&p->bar, low, high);
    sx_i_bar_label(&p->bar, p->fonts, g->bar_label);
}

/* width of the widest number at type size 1 */
static double widest_number(const sx_i_grid_plan *p)
{
    double widest = 0;
    const double end[] = {p->bar.low, p->bar.high};
    for (int i = 0; i < 2; i++) {
        char text[32];
        sx_i_fixed(end[i], p->bar.decimals, text);
        widest = fmax(widest, sx_i_text_width(p->fonts, text, 10) / 10);
    }
    char minus[32];
    sx_i_fixed(-1, p->bar.decimals, minus); /* a small negative number may be the widest */
    return p->bar.low < 0 ? fmax(widest, sx_i_text_width(p->fonts, minus, 10) / 10) : widest;
}

/* Numbers of moves stand in the outer parts of a cell: see gridworld_marks.c. */
static void plan_number(sx_i_grid_plan *p)
{
    const sx_grid_figure *g = p->g;
    double room = g->move ? p->cell / (g->eight ? 3 : 2.65) - 2 : p->cell - 4;
    p->number = fmin(7.5, room / widest_number(p));
    if (p->number < smallest || g->arrows || (!g->value && !g->move))
        p->number = 0;
}

static void add_key(sx_i_grid_plan *p, const char *name)
{
    for (int32_t i = 0; i < p->keys; i++)
        if (!strcmp(p->key[i], name))
            return;
    if (p->keys < SX_I_GRID_KEYS)
        p->key[p->keys] = name;
    p->keys++;
}

static bool letters_differ(const sx_i_grid_plan *p)
{
    for (int32_t i = 0; i < p->keys; i++)
        for (int32_t j = 0; j < i; j++) {
            char a[8];
            char b[8];
            sx_i_grid_letter(p->key[i], a);
            sx_i_grid_letter(p->key[j], b);
            if (!strcmp(a, b))
                return false;
        }
    return true;
}

/* What the cells are called, and which kinds there are. */
static void collect(sx_i_grid_plan *p)
{
    const sx_grid_figure *g = p->g;
    p->keys = 0;
    p->starts = p->ends = p->senders = false;
    for (int32_t i = 0; i < g->rows * g->columns; i++) {
        if (g->label[i])
            add_key(p, g->label[i]);
        p->starts = p->starts || g->start[i];
        p->ends = p->ends || g->end[i];
        p->senders = p->senders || g->kind[i] == SX_CELL_SENDER;
    }
}

/* Whole names in the middle of cells; letters where they do not fit or stand in a corner. */
static void plan_names(sx_i_grid_plan *p)
{
    const sx_grid_figure *g = p->g;
    double widest = 0;
    collect(p);
    for (int32_t i = 0; i < p->keys && i < SX_I_GRID_KEYS; i++)
        widest = fmax(widest, sx_i_text_width(p->fonts, p->key[i], 10) / 10);
    bool plain = !g->value && !g->move && !g->arrows;
    p->names = SX_I_NAMES_NONE;
    p->name = plain ? fmin(font, (p->cell - 5) / fmax(widest, 0.1)) : 0;
    if (p->keys > 0 && p->keys <= SX_I_GRID_KEYS && p->name >= 5)
        p->names = SX_I_NAMES_FULL;
    else if (p->keys > 0 && p->keys <= SX_I_GRID_KEYS && letters_differ(p)) {
        p->name = fmin(plain ? font : 5.5, p->cell * (plain ? 0.6 : 0.24));
        p->names = p->name >= smallest ? SX_I_NAMES_LETTER : SX_I_NAMES_NONE;
    }
}

static bool has_bar(const sx_i_grid_plan *p)
{
    return p->g->value || p->g->move;
}

/* Two rounds settle whether the bar's label stands beside it. */
static void plan_cells(sx_i_grid_plan *p)
{
    const sx_grid_figure *g = p->g;
    p->cell = fmin(natural, 360.0 / (g->rows > g->columns ? g->rows : g->columns));
    if (g->move && g->width == 0)
        p->cell = fmin(1.6 * p->cell, fmax(p->cell, 400.0 / g->columns));
    for (int round = 0; round < 2; round++) {
        sx_i_bar_ticks(&p->bar, p->fonts, g->rows * p->cell);
        double space = has_bar(p) ? sx_i_bar_space(&p->bar) : 0;
        if (g->width > 0)
            p->cell = (g->width - 2 * margin - space) / g->columns;
        p->bar.label_below = p->bar.label_width > g->rows * p->cell;
    }
    if (g->width > 0 && !has_bar(p))
        p->cell = fmin(p->cell, 60);
}

static sx_status plan_page(sx_i_grid_plan *p, sx_error *err)
{
    const sx_grid_figure *g = p->g;
    plan_cells(p);
    if (!(p->cell >= 1))
        return sx_fail(err, SX_EARG, "%d columns do not fit a page %d points wide", g->columns,
                       (int)g->width);
    plan_number(p);
    plan_names(p);
    double side = g->columns * p->cell;
    double space = has_bar(p) ? sx_i_bar_space(&p->bar) : 0;
    p->x = p->y = margin;
    p->width = g->width > 0 ? g->width : side + space + 2 * margin;
    if (g->width == 0 && has_bar(p) && p->bar.label_below)
        p->width = fmax(p->width, fmin(234, p->bar.label_width + 2 * margin));
    p->height = p->y + g->rows * p->cell + margin;
    if (has_bar(p))
        p->height += (p->bar.label_below ? 2 : 0.5) * font;
    p->key_lines = sx_i_grid_key(p, NULL, 0);
    p->height += 1.5 * font * p->key_lines;
    return SX_OK;
}

sx_status sx_i_grid_scene(const sx_grid_figure *g, sx_i_fonts *f, sx_i_scene *s, sx_error *err)
{
    sx_i_grid_plan p = {.g = g, .fonts = f};
    sx_status st = check(g, err);
    if (st)
        return st;
    plan_range(&p);
    st = plan_page(&p, err);
    if (st)
        return st;
    s->width = p.width;
    s->height = p.height;
    s->title = g->title;
    s->description = g->description;
    sx_i_grid_draw(&p, s);
    return s->failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_grid_figure_draw(const sx_grid_figure *g, const char *format,
                              unsigned char **bytes, size_t *size, sx_error *err)
{
    sx_i_scene scene = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    *bytes = NULL;
    *size = 0;
    sx_status st = fonts ? sx_i_grid_scene(g, fonts, &scene, err) : sx_nomem(err);
    if (!st)
        st = sx_i_scene_write(&scene, fonts, format, bytes, size, err);
    sx_i_scene_clear(&scene);
    sx_i_fonts_free(fonts);
    return st;
}
