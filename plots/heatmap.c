/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heatmap.c - a labelled square matrix as a figure: cells, numbers, names, colour bar.
 *
 *     margin | row names | n cells | bar | ticks | bar label | margin
 *
 * Column names stand above the cells: level when they fit, else at 45 degrees, else upright.
 * Numbers show three digits of the largest one; when that is below 0.1 or above 999 a power
 * of ten is taken out and named in the bar label.  A number that does not fit is left out. */
#include "plots/heatmap.h"
#include "plots/bar_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST = 200 }; /* rows */

static const double margin = 4;
static const double font = 8;       /* of names, ticks and the bar label */
static const double capital = 0.36; /* half the height of a capital, of its size */
static const double gap = 4;        /* between names and cells */
static const double name_limit = 120;
static const double smallest = 4.5; /* type below this size is not set */

typedef struct plan {
    const sx_heatmap *h;
    sx_i_fonts *fonts;
    sx_i_bar bar;
    double unit;                /* width of the widest number at type size 1 */
    double number;              /* type size of the numbers; 0: none are shown */
    double name;                /* type size of the names */
    double row_width;           /* of the row names */
    double column_width, angle; /* of the column names */
    double x, y, cell;          /* top left corner and side of the cells */
    double right;               /* edge of what stands beside the cells */
    double width, height;       /* of the page */
    bool holes;                 /* some value is missing */
    char description[400];
} plan;

static sx_status check(const sx_heatmap *h, sx_error *err)
{
    if (h->n < 1 || h->n > LARGEST)
        return sx_fail(err, SX_EARG, "a heat map has 1 to %d rows, not %d", LARGEST, h->n);
    if (!(h->width >= 0 && h->width <= 2880))
        return sx_fail(err, SX_EARG, "a page is up to 2880 points (40 inches) wide");
    if (!sx_i_label_valid(h->title) || !sx_i_label_valid(h->bar_label))
        return sx_fail(err, SX_EARG, "title and bar label must be one line of UTF-8 text");
    if (strlen(h->bar_label) >= sizeof((sx_i_bar *)0)->label - 32)
        return sx_fail(err, SX_EARG, "the bar label is longer than 223 bytes");
    for (int32_t i = 0; i < h->n; i++) {
        if (!sx_i_label_valid(h->label[i]))
            return sx_fail(err, SX_EARG, "name %d is not one line of UTF-8 text", i);
    }
    for (int32_t i = 0; i < h->n * h->n; i++) {
        if (isinf(h->value[i]))
            return sx_fail(err, SX_EARG, "the value in row %d, column %d is infinite", i / h->n,
                           i % h->n);
    }
    return SX_OK;
}

static void plan_range(plan *p)
{
    double low = 0;
    double high = 0;
    for (int32_t i = 0; i < p->h->n * p->h->n; i++) {
        double v = p->h->value[i];
        p->holes = p->holes || isnan(v);
        low = fmin(low, v); /* the other one when v is NAN */
        high = fmax(high, v);
    }
    sx_i_bar_range(&p->bar, low, high);
}

static double widest_name(const plan *p, double size)
{
    double width = 0;
    for (int32_t i = 0; i < p->h->n; i++)
        width = fmax(width, sx_i_text_width(p->fonts, p->h->label[i], size));
    return width;
}

/* Digits are equally wide: the longest number is the widest. */
static double widest_number(const plan *p)
{
    char longest[32] = "0.00";
    for (int32_t i = 0; i < p->h->n * p->h->n; i++) {
        char text[32];
        if (isnan(p->h->value[i]))
            continue;
        sx_i_fixed(sx_i_bar_scaled(&p->bar, p->h->value[i]), p->bar.decimals, text);
        if (strlen(text) > strlen(longest))
            memcpy(longest, text, sizeof longest);
    }
    return sx_i_text_width(p->fonts, longest, 10) / 10;
}

static double cell_natural(const plan *p)
{
    double n = p->h->n;
    double wanted = fmin(34, fmax(240 / n, 7.5 * p->unit + 5));
    return fmax(6, fmin(wanted, 520 / n));
}

/* Side of the cells, and what depends on it, and on which it depends: two rounds settle
 * whether the label stands beside the bar. */
static void plan_cells(plan *p)
{
    double width = p->h->width;
    double limit = width > 0 ? fmin(name_limit, 0.3 * width) : name_limit;
    p->row_width = fmin(limit, widest_name(p, font));
    p->cell = cell_natural(p);
    for (int round = 0; round < 2; round++) {
        sx_i_bar_ticks(&p->bar, p->fonts, p->h->n * p->cell);
        if (width > 0)
            p->cell =
                (width - 2 * margin - p->row_width - gap - sx_i_bar_space(&p->bar)) / p->h->n;
        p->bar.label_below = p->bar.label_width > p->h->n * p->cell;
    }
    p->name = fmin(font, 0.85 * p->cell);
    if (!(p->name >= smallest))
        return;
    p->row_width = fmin(limit, widest_name(p, p->name));
    p->number = fmin(7.5, (p->cell - 3) / p->unit);
    if (p->number < smallest)
        p->number = 0;
}

/* How the column names stand, and how high; the corner of the cells, the page. */
static double plan_columns(plan *p)
{
    double widest = widest_name(p, p->name);
    double last = p->x + (p->h->n - 0.5) * p->cell;
    p->column_width = fmin(widest, name_limit);
    p->angle = widest <= p->cell - 4 ? 0 : p->cell >= 1.6 * p->name ? 45 : 90;
    if (p->angle == 0)
        return p->name;
    if (p->angle == 90)
        return p->column_width;
    if (p->h->width > 0)
        p->column_width = fmin(p->column_width, (p->width - margin - last) * sqrt(2) - p->name);
    p->width = fmax(p->width, last + (p->column_width + p->name) / sqrt(2) + margin);
    return (p->column_width + p->name) / sqrt(2);
}

static sx_status plan_page(plan *p, sx_error *err)
{
    double side = 0;
    plan_cells(p);
    if (!(p->name >= smallest))
        return sx_fail(err, SX_EARG, "%d rows do not fit a page %d points wide", p->h->n,
                       (int)p->h->width);
    p->x = margin + p->row_width + gap;
    side = p->h->n * p->cell;
    p->right = p->x + side + sx_i_bar_space(&p->bar);
    p->width = p->h->width > 0 ? p->h->width : p->right + margin;
    if (p->bar.label_below && !(p->h->width > 0))
        p->width = fmax(p->width, fmin(234, p->bar.label_width + 2 * margin));
    p->y = margin + plan_columns(p) + gap;
    p->height = p->y + side + margin + 0.5 * font;
    p->height += (p->holes ? 1.5 * font : 0) + (p->bar.label_below ? 1.5 * font : 0);
    return SX_OK;
}

static void describe(plan *p)
{
    char low[32];
    char high[32];
    sx_i_fixed(p->bar.low, p->bar.decimals, low);
    sx_i_fixed(p->bar.high, p->bar.decimals, high);
    snprintf(p->description, sizeof p->description,
             "A matrix of %d by %d values, colours from %s to %s; %s", p->h->n, p->h->n, low,
             high, p->bar.label);
}

static sx_status plan_all(plan *p, sx_error *err)
{
    plan_range(p);
    sx_i_bar_label(&p->bar, p->fonts, p->h->bar_label);
    p->unit = widest_number(p);
    sx_status st = plan_page(p, err);
    if (!st)
        describe(p);
    return st;
}

static void draw_cell(const plan *p, sx_i_scene *s, int32_t row, int32_t column)
{
    double value = p->h->value[(size_t)row * (size_t)p->h->n + (size_t)column];
    double x = p->x + column * p->cell;
    double y = p->y + row * p->cell;
    if (isnan(value)) {
        sx_i_scene_rect(s, x, y, p->cell, p->cell, 0xe8e8e8);
        sx_i_scene_hatch(s, x, y, p->cell, p->cell);
        return;
    }
    value = sx_i_bar_scaled(&p->bar, value);
    sx_i_rgb ground = sx_i_bar_colour(&p->bar, value);
    sx_i_scene_rect(s, x, y, p->cell, p->cell, ground);
    if (p->number > 0) {
        char text[32];
        sx_i_fixed(value, p->bar.decimals, text);
        sx_i_mark *m = sx_i_scene_text(s, x + p->cell / 2,
                                       y + p->cell / 2 + capital * p->number, p->number, text);
        if (m) {
            m->anchor = SX_I_MIDDLE;
            m->colour = sx_i_colour_text_on(ground);
        }
    }
}

static void draw_cells(const plan *p, sx_i_scene *s)
{
    int32_t n = p->h->n;
    double side = n * p->cell;
    for (int32_t row = 0; row < n; row++) {
        for (int32_t column = 0; column < n; column++)
            draw_cell(p, s, row, column);
    }
    for (int32_t i = 1; i < n; i++) {
        sx_i_scene_line(s, p->x + i * p->cell, p->y, 0, side, 0.5, SX_I_PAPER);
        sx_i_scene_line(s, p->x, p->y + i * p->cell, side, 0, 0.5, SX_I_PAPER);
    }
    sx_i_scene_frame(s, p->x, p->y, side, side);
}

/* one name, shortened to width */
static sx_i_mark *draw_name(const plan *p, sx_i_scene *s, double x, double y, const char *text,
                            double width)
{
    char *fitted = sx_i_label_fit(p->fonts, text, p->name, width + 0.01);
    sx_i_mark *m = fitted ? sx_i_scene_text(s, x, y, p->name, fitted) : NULL;
    s->failed = s->failed || !fitted;
    sx_release(fitted);
    return m;
}

static void draw_names(const plan *p, sx_i_scene *s)
{
    double middle = capital * p->name;
    double slant = p->angle == 45 ? middle / sqrt(2) : p->angle == 90 ? middle : 0;
    for (int32_t i = 0; i < p->h->n; i++) {
        double centre = (i + 0.5) * p->cell;
        sx_i_mark *m =
            draw_name(p, s, p->x - gap, p->y + centre + middle, p->h->label[i], p->row_width);
        if (m)
            m->anchor = SX_I_END;
        m = draw_name(p, s, p->x + centre + slant, p->y - gap, p->h->label[i], p->column_width);
        if (m) {
            m->anchor = p->angle == 0 ? SX_I_MIDDLE : SX_I_START;
            m->angle = p->angle;
        }
    }
}

/* what the hatching means */
static void draw_key(const plan *p, sx_i_scene *s)
{
    double y = p->height - margin - font;
    if (!p->holes)
        return;
    sx_i_scene_rect(s, p->x, y, 2 * font, font, 0xe8e8e8);
    sx_i_scene_hatch(s, p->x, y, 2 * font, font);
    sx_i_scene_text(s, p->x + 2 * font + gap, y + 0.5 * font + capital * font, font,
                    "no value");
}

static void draw_all(const plan *p, sx_i_scene *s)
{
    s->width = p->width;
    s->height = p->height;
    s->title = p->h->title;
    s->description = p->description;
    draw_cells(p, s);
    draw_names(p, s);
    sx_i_bar_draw(
        &p->bar, p->fonts, s,
        (sx_i_bar_place){p->x + p->h->n * p->cell, p->y, p->h->n * p->cell, p->width});
    draw_key(p, s);
}

sx_status sx_heatmap_draw(const sx_heatmap *h, const char *format, unsigned char **bytes,
                          size_t *size, sx_error *err)
{
    sx_i_scene scene = {0};
    plan p = {.h = h};
    *bytes = NULL;
    *size = 0;
    sx_status st = check(h, err);
    if (!st && !(p.fonts = sx_i_fonts_new(false)))
        st = sx_nomem(err);
    if (!st)
        st = plan_all(&p, err);
    if (!st) {
        draw_all(&p, &scene);
        st = sx_i_scene_write(&scene, p.fonts, format, bytes, size, err);
    }
    sx_i_scene_clear(&scene);
    sx_i_fonts_free(p.fonts);
    return st;
}
