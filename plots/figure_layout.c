/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_layout.c - a figure as a display list: asks each panel for the room it needs about its
 * area, lines the areas up, and asks again until all fit.
 *
 * The first rounds forget what was asked before, since what names need depends on the area that
 * they leave; later rounds only ever give more, so that they end. */
#include "plots/layout_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double margin = 3;
static const double gutter = 9;    /* between panels */
static const double tallest = 648; /* of a page that is chosen: 9 in */
static const double least = 26;    /* of an area */
enum { FREE_ROUNDS = 5, ROUNDS = 24 };

/* --- what panels share --- */

/* of one chart, or (-1) of all of them */
static sx_status chart_range(const sx_chart *const *chart, int32_t n, int32_t which, char axis,
                             sx_scale *range, sx_error *err)
{
    return which < 0 ? sx_i_chart_scale(chart, n, axis, range, err)
                     : sx_i_chart_scale(chart + which, 1, axis, range, err);
}

static sx_status chart_ranges(sx_i_layout *l, sx_error *err)
{
    const sx_chart *chart[SX_I_PANELS];
    sx_i_cell *cell[SX_I_PANELS];
    int32_t n = 0;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < l->cells; i++) {
        if (l->cell[i].panel->kind != SX_PANEL_CHART)
            continue;
        chart[n] = l->cell[i].panel->chart;
        cell[n++] = &l->cell[i];
    }
    for (int32_t i = 0; !st && i < n; i++) {
        sx_i_panel_frame *f = &cell[i]->frame;
        f->ranges = true;
        st = chart_range(chart, n, l->figure->share_x ? -1 : i, 'x', &f->x, err);
        if (!st)
            st = chart_range(chart, n, l->figure->share_y ? -1 : i, 'y', &f->y, err);
        cell[i]->shape = sx_i_chart_shape(chart[i], &f->x, &f->y);
    }
    return st;
}

static bool colour_range(const sx_panel *p, double *low, double *high)
{
    if (p->kind == SX_PANEL_HEAT)
        return sx_i_heat_range(p->heat, low, high);
    return p->kind == SX_PANEL_GRIDMAP && sx_i_gridmap_range(p->map, low, high);
}

static void colour_ranges(sx_i_layout *l)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (int32_t i = 0; i < l->cells; i++) {
        double a;
        double b;
        if (l->cell[i].panel->own_bar || !colour_range(l->cell[i].panel, &a, &b))
            continue;
        low = fmin(low, a);
        high = fmax(high, b);
    }
    for (int32_t i = 0; i < l->cells; i++) {
        sx_i_cell *c = &l->cell[i];
        if (!l->figure->share_bar || c->panel->kind == SX_PANEL_CHART || c->panel->own_bar ||
            !(low <= high))
            continue;
        c->frame.ranges = true;
        c->frame.colour_low = low;
        c->frame.colour_high = high;
    }
}

/* Panel i has the range that is shared. */
static bool shares_bar(const sx_i_layout *l, int32_t i)
{
    const sx_panel *p = l->cell[i].panel;
    return p->kind != SX_PANEL_CHART && !p->own_bar;
}

/* All panels of a row have it. */
static bool row_shares_bar(const sx_i_layout *l, int32_t row)
{
    for (int32_t k = row * l->columns; k < (row + 1) * l->columns; k++) {
        if (k >= l->cells || !shares_bar(l, k))
            return false;
    }
    return true;
}

/* The last panel of a row with the range that is shared has the bar; a row that has other
 * panels, too, or is incomplete needs none below others. */
static bool has_bar(const sx_i_layout *l, int32_t i)
{
    int32_t row = i / l->columns;
    int32_t first = 0;
    if (!l->figure->share_bar || !shares_bar(l, i))
        return true;
    while (!shares_bar(l, first))
        first++;
    if (row > first / l->columns && !row_shares_bar(l, row))
        return false;
    for (int32_t k = i + 1; k < l->cells && k / l->columns == row; k++) {
        if (shares_bar(l, k))
            return false;
    }
    return true;
}

static void set_frames(sx_i_layout *l)
{
    for (int32_t i = 0; i < l->cells; i++) {
        sx_i_cell *c = &l->cell[i];
        bool last = i + l->columns >= l->cells;
        bool outside = c->panel->kind == SX_PANEL_HEAT ? i < l->columns : last;
        c->frame.x_names = !l->figure->share_x || outside;
        c->frame.y_names = !l->figure->share_y || i % l->columns == 0;
        c->frame.bar = has_bar(l, i);
        c->frame.unnamed = c->panel->kind == SX_PANEL_GRIDMAP ? l->key : l->legend;
        c->frame.apart = c->frame.direct = c->direct = false;
        c->frame.width = l->width / l->columns;
        c->frame.angle = c->frame.least_angle = 0;
    }
}

/* --- panels of any kind --- */

static sx_status panel_room(sx_i_layout *l, sx_i_cell *c, sx_error *err)
{
    sx_i_box a = c->area;
    switch (c->panel->kind) {
    case SX_PANEL_HEAT:
        return sx_i_heat_room(l->pen, c->panel, &c->frame, a.w, a.h, &c->room, err);
    case SX_PANEL_GRIDMAP:
        return sx_i_gridmap_room(l->pen, c->panel, &c->frame, a.w, a.h, &c->room, err);
    default: return sx_i_chart_room(l->pen, c->panel, &c->frame, a.w, a.h, &c->room, err);
    }
}

static sx_status panel_draw(sx_i_layout *l, const sx_i_cell *c, sx_i_scene *s, sx_error *err)
{
    switch (c->panel->kind) {
    case SX_PANEL_HEAT: return sx_i_heat_draw(l->pen, c->panel, &c->frame, c->area, s, err);
    case SX_PANEL_GRIDMAP:
        return sx_i_gridmap_draw(l->pen, c->panel, &c->frame, c->area, s, err);
    default: return sx_i_chart_draw(l->pen, c->panel, &c->frame, c->area, s, err);
    }
}

static double panel_most(const sx_i_layout *l, const sx_i_cell *c)
{
    if (c->panel->kind == SX_PANEL_HEAT)
        return sx_i_heat_most(c->panel->heat, l->pen->text);
    if (c->panel->kind == SX_PANEL_GRIDMAP)
        return sx_i_gridmap_most(c->panel->map, l->pen->text);
    return 0;
}

/* --- titles --- */

static double title_height(const sx_i_layout *l, const sx_i_cell *c)
{
    if (!c->title.lines)
        return 0;
    return ((c->title.lines - 1) * SX_I_LINE + SX_I_UP + SX_I_DOWN) * l->pen->text + SX_I_GAP;
}

static void wrap_title(sx_i_layout *l, int32_t i, double width)
{
    char text[SX_I_LABEL];
    sx_i_cell *c = &l->cell[i];
    const char *title = c->panel->title;
    if (l->figure->letters && l->cells > 1)
        snprintf(text, sizeof text, "%c) %s", 'a' + i % 26, title);
    else
        snprintf(text, sizeof text, "%s", title);
    c->title.lines =
        sx_i_markup_wrap(l->pen->fonts, text, l->pen->text, width, SX_I_LINES, c->title.line);
    c->title.width = 0;
    for (int32_t k = 0; k < c->title.lines; k++)
        c->title.width = fmax(c->title.width,
                              sx_i_markup_width(l->pen->fonts, c->title.line[k], l->pen->text));
}

/* --- areas --- */

static double sum(const double *x, int32_t n)
{
    double total = 0;
    for (int32_t i = 0; i < n; i++)
        total += x[i];
    return total;
}

static double around_columns(const sx_i_layout *l)
{
    return sum(l->left, l->columns) + sum(l->right, l->columns) + (l->columns - 1) * gutter +
           2 * margin;
}

static double around_rows(const sx_i_layout *l)
{
    return sum(l->top, l->rows) + sum(l->bottom, l->rows) + (l->rows - 1) * gutter +
           2 * margin + l->legend_height;
}

/* widths beyond which no panel gets easier to read */
static double widest(const sx_i_layout *l, double w)
{
    double most = 0;
    for (int32_t i = 0; i < l->cells; i++) {
        double own = panel_most(l, &l->cell[i]);
        most = fmax(most, own > 0 ? own : w);
    }
    return fmin(w, most);
}

static bool all_shaped(const sx_i_layout *l)
{
    for (int32_t i = 0; i < l->cells; i++) {
        if (!(l->cell[i].shape > 0))
            return false;
    }
    return true;
}

/* of the page: what is said, or the usual, or more where names leave too little for the rows */
static double height_limit(const sx_i_layout *l)
{
    const double enough = 60; /* of a row's area */
    double rows = 0;
    if (l->pen->style->height > 0)
        return l->pen->style->height;
    for (int32_t r = 0; r < l->rows; r++)
        rows += fmin(l->h[r], enough);
    return fmax(l->tallest, around_rows(l) + rows);
}

static void set_areas(sx_i_layout *l)
{
    l->w = widest(l, (l->width - around_columns(l)) / l->columns);
    memset(l->h, 0, sizeof l->h);
    for (int32_t i = 0; i < l->cells; i++)
        l->h[i / l->columns] =
            fmax(l->h[i / l->columns], sx_i_page_height(l, &l->cell[i], l->w));
    double all = sum(l->h, l->rows);
    double factor = (height_limit(l) - around_rows(l)) / all;
    if (all > 0 && (factor < 1 || (l->pen->style->height > 0 && !all_shaped(l)))) {
        for (int32_t r = 0; r < l->rows; r++)
            l->h[r] *= factor;
        if (all_shaped(l))
            l->w *= factor;
    }
    for (int32_t i = 0; i < l->cells; i++) {
        sx_i_cell *c = &l->cell[i];
        double h = l->h[i / l->columns];
        c->area.w = c->shape > 0 ? fmin(l->w, h / c->shape) : l->w;
        c->area.h = c->shape > 0 ? c->area.w * c->shape : h;
    }
}

/* what is missing so that areas are not too small, in points; <= 0: nothing */
static double missing(const sx_i_layout *l, bool *across)
{
    double wide = least;
    double high = least;
    for (int32_t i = 0; i < l->cells; i++) {
        const sx_i_cell *c = &l->cell[i];
        if (c->shape > 0) {
            wide = fmin(wide, fmax(4, c->area.w));
            high = fmin(high, fmax(4, c->area.h));
        }
    }
    double w = (wide - l->w) * l->columns;
    double h = 0;
    for (int32_t r = 0; r < l->rows; r++)
        h += fmax(0, high - l->h[r]);
    *across = w > 0;
    return w > 0 ? w : h;
}

static void forget_room(sx_i_layout *l)
{
    static const size_t size = sizeof l->left;
    memset(l->left, 0, size);
    memset(l->right, 0, size);
    memset(l->top, 0, size);
    memset(l->bottom, 0, size);
    memset(l->over, 0, size);
    memset(l->titles, 0, size);
}

/* the room that all panels need now; forgetting what was asked before, or adding to it */
static sx_status ask(sx_i_layout *l, bool forget, bool *grew, sx_error *err)
{
    sx_i_layout before = *l;
    const double slack = 1e-6;
    sx_status st = SX_OK;
    if (forget)
        forget_room(l);
    *grew = forget;
    for (int32_t i = 0; !st && i < l->cells; i++) {
        sx_i_cell *c = &l->cell[i];
        int32_t row = i / l->columns;
        int32_t column = i % l->columns;
        if ((st = panel_room(l, c, err)))
            break;
        wrap_title(l, i, before.left[column] + l->w + before.right[column]);
        double spare = (l->w - c->area.w) / 2;
        l->left[column] = fmax(l->left[column], c->room.left - spare);
        l->right[column] = fmax(l->right[column], c->room.right - spare);
        l->over[row] = fmax(l->over[row], c->room.top);
        l->titles[row] = fmax(l->titles[row], title_height(l, c));
        l->top[row] = l->over[row] + l->titles[row];
        l->bottom[row] = fmax(l->bottom[row], c->room.bottom);
    }
    for (int32_t i = 0; i < SX_I_PANELS; i++)
        *grew = *grew || l->left[i] > before.left[i] + slack ||
                l->right[i] > before.right[i] + slack || l->top[i] > before.top[i] + slack ||
                l->bottom[i] > before.bottom[i] + slack;
    return st;
}

/* what all panels have in common, below them; drawn unless s is NULL */
static sx_status put_legend(sx_i_layout *l, sx_i_scene *s, sx_i_box *at, sx_error *err)
{
    if (l->legend)
        return sx_i_legend_row(l->pen, l->figure->panel[0]->chart, s, at, err);
    return l->key ? sx_i_map_legend(l, s, at, err) : SX_OK;
}

static sx_status fit_legend(sx_i_layout *l, sx_error *err)
{
    sx_i_box at = {.w = l->width - 2 * margin};
    sx_status st = put_legend(l, NULL, &at, err);
    l->legend_height = at.h;
    return st;
}

/* What is missing is made where nobody says how high the page is. */
static sx_status make_room(sx_i_layout *l, sx_error *err)
{
    bool across;
    double lack = missing(l, &across);
    double height = l->pen->style->height;
    if (!(lack > 0))
        return SX_OK;
    if (!across && !(height > 0) && l->tallest < 20 * tallest) {
        l->tallest += lack;
        return SX_OK;
    }
    return sx_fail(err, SX_EARG, "the figure needs %s of at least %.2f in",
                   across ? "a width" : "a height",
                   ((across ? l->width : fmax(height, tallest)) + lack) / 72 + 0.01);
}

/* Names at the ends of lines that found room in a wide area, but not in the one that they left,
 * stay in a legend: they would go back and forth for ever. */
static bool turned_back(sx_i_layout *l)
{
    bool any = false;
    for (int32_t i = 0; i < l->cells; i++) {
        sx_i_cell *c = &l->cell[i];
        bool back = c->direct && !c->frame.direct && !c->frame.apart;
        c->direct = c->frame.direct;
        c->frame.apart = c->frame.apart || back;
        any = any || back;
    }
    return any;
}

/* Matrices in a row have names of columns at one angle, the steepest; *grew: one turned. */
static void turn_names(sx_i_layout *l, bool forget, bool *grew)
{
    for (int32_t i = 0; i < l->cells; i++) {
        double angle = forget ? 0 : l->cell[i].frame.least_angle;
        int32_t row = i / l->columns;
        for (int32_t k = row * l->columns; k < l->cells && k / l->columns == row; k++)
            angle = fmax(angle, l->cell[k].frame.angle);
        *grew = *grew || angle > l->cell[i].frame.least_angle;
        l->cell[i].frame.least_angle = angle;
    }
}

/* the key of maps, whose letters depend on the areas */
static sx_status ask_key(sx_i_layout *l, bool *grew, sx_error *err)
{
    double before = l->legend_height;
    sx_status st = fit_legend(l, err);
    l->legend_height = fmax(before, l->legend_height);
    *grew = *grew || l->legend_height > before;
    return st;
}

static sx_status fit(sx_i_layout *l, sx_error *err)
{
    bool grew = true;
    sx_status st = fit_legend(l, err);
    l->tallest = tallest;
    for (int32_t j = 0; j < l->columns; j++)
        l->left[j] = 0.4 * l->width / l->columns;
    for (int round = 0, free = FREE_ROUNDS; !st && grew && round < ROUNDS; round++) {
        l->pen->notes->count = 0;
        set_areas(l);
        if (round > 0)
            st = make_room(l, err);
        if (!st)
            st = ask(l, round < free, &grew, err);
        turn_names(l, round < free, &grew);
        if (!st)
            st = ask_key(l, &grew, err);
        if (turned_back(l) && free < ROUNDS / 2)
            free = round + FREE_ROUNDS;
    }
    return st;
}

/* --- drawing --- */

static void draw_title(const sx_i_layout *l, int32_t row, const sx_i_cell *c, double left,
                       sx_i_scene *s)
{
    double text = l->pen->text;
    double y = c->area.y - l->over[row] - title_height(l, c) + SX_I_UP * text;
    double right = c->area.x + c->area.w + c->room.right;
    double x = fmax(left, fmin(c->area.x, right - c->title.width));
    s->class = "title";
    for (int32_t k = 0; k < c->title.lines; k++) {
        sx_i_mark *m =
            sx_i_scene_markup(s, x, y + k * SX_I_LINE * text, text, c->title.line[k]);
        if (m)
            m->colour = l->pen->palette.ink;
    }
    s->class = NULL;
}

static sx_status draw(sx_i_layout *l, sx_i_scene *s, sx_error *err)
{
    double used = around_columns(l) + l->columns * l->w;
    if (!(l->pen->style->width > 0))
        l->width = fmin(l->width, used);
    double start = margin + (l->width - used) / 2;
    double y = margin;
    sx_status st = SX_OK;
    s->width = l->width;
    l->height = around_rows(l) + sum(l->h, l->rows);
    if (l->pen->style->height > l->height)
        y += (l->pen->style->height - l->height) / 2;
    s->height = l->pen->style->height > 0 ? l->pen->style->height : l->height;
    for (int32_t r = 0; !st && r < l->rows; r++) {
        double x = start;
        for (int32_t k = 0; !st && k < l->columns && r * l->columns + k < l->cells; k++) {
            sx_i_cell *c = &l->cell[r * l->columns + k];
            c->area.x = x + l->left[k] + (l->w - c->area.w) / 2;
            c->area.y = y + l->top[r];
            draw_title(l, r, c, x, s);
            st = panel_draw(l, c, s, err);
            x += l->left[k] + l->w + l->right[k] + gutter;
        }
        y += l->top[r] + l->h[r] + l->bottom[r] + gutter;
    }
    sx_i_box legend = {.x = margin, .y = y - gutter, .w = l->width - 2 * margin};
    if (!st)
        st = put_legend(l, s, &legend, err);
    return st;
}

static sx_status arrange(sx_i_layout *l, sx_error *err)
{
    double text = l->pen->style->text;
    sx_status st = SX_EARG;
    for (double size = text; st == SX_EARG && size >= fmin(text, fmax(5, 0.7 * text)) - 1e-9;
         size -= 0.1 * text) {
        sx_error own = SX_NO_ERROR;
        l->pen->text = size;
        forget_room(l);
        sx_i_page_choose(l);
        set_frames(l);
        st = fit(l, &own);
        if (st)
            *err = err->status ? *err : own;
    }
    if (!st)
        *err = (sx_error)SX_NO_ERROR;
    return st;
}

static sx_status lay_out(sx_i_layout *l, sx_i_scene *s, sx_error *err)
{
    sx_error own = SX_NO_ERROR;
    for (int32_t i = 0; i < l->cells; i++) {
        const sx_panel *p = l->figure->panel[i];
        l->cell[i].panel = p;
        l->cell[i].shape = p->kind == SX_PANEL_HEAT      ? sx_i_heat_shape(p->heat)
                           : p->kind == SX_PANEL_GRIDMAP ? sx_i_gridmap_shape(p->map)
                                                         : 0;
    }
    l->legend = l->pen->style->legend != SX_LEGEND_NONE && sx_i_legend_common(l->figure);
    l->key = sx_i_map_legend_common(l->figure);
    sx_status st = chart_ranges(l, err);
    if (st)
        return st;
    colour_ranges(l);
    st = arrange(l, &own);
    if (st)
        return sx_fail(err, st, "%s", own.msg);
    return draw(l, s, err);
}

sx_status sx_i_figure_scene(const sx_figure *f, const sx_plot_style *style, sx_i_fonts *fonts,
                            sx_i_scene *s, sx_plot_notes *notes, sx_error *err)
{
    sx_plot_notes drawn = {0};
    sx_i_pen pen = {.figure = f, .style = style, .fonts = fonts, .notes = &drawn};
    sx_i_layout *l = sx_alloc(1, sizeof *l);
    sx_i_cell *cell = sx_alloc((size_t)f->panels, sizeof *cell);
    sx_status st = l && cell ? SX_OK : sx_nomem(err);
    pen.palette = sx_i_palette_of(style->theme);
    pen.text = style->text;
    s->theme = style->theme;
    s->transparent = style->transparent;
    s->title = f->title;
    s->description = f->description;
    if (!st) {
        l->pen = &pen;
        l->figure = f;
        l->cell = cell;
        l->cells = f->panels;
        st = lay_out(l, s, err);
    }
    if (!st && s->failed)
        st = sx_nomem(err);
    for (int32_t i = 0; i < drawn.count; i++)
        sx_i_note(notes, "%s", drawn.text[i]);
    sx_release(l);
    sx_release(cell);
    return st;
}
