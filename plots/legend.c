/* SPDX-License-Identifier: GPL-3.0-or-later */
/* legend.c - names of series: at the ends of their lines where these are apart, else in a
 * legend in a corner where nothing else is, else below the panel. */
#include "plots/layout_int.h"
#include "plots/marks_int.h"

#include <math.h>
#include <string.h>

#define KEY_GAP 4.0

/* A name and what it stands for. */
typedef struct entry {
    const char *name;
    const sx_layer *line, *marker, *fill;
    double width;
    double x, y; /* end of its line */
} entry;

static bool has_name(const sx_i_chart *c, const sx_layer *l)
{
    if (!*l->name || l->unnamed || l->n == 0 || sx_i_layer_is_cloud(c->pen, l))
        return false;
    for (int32_t i = 0; l->kind == SX_LAYER_RULES && i < c->words; i++) {
        if (strcmp(c->word[i].text, l->name) == 0)
            return false;
    }
    return l->kind != SX_LAYER_WORDS && !(l->kind == SX_LAYER_RULES && l->label);
}

static void add_sample(entry *e, const sx_layer *l)
{
    switch (l->kind) {
    case SX_LAYER_POINTS:
    case SX_LAYER_STRIP: e->marker = l; break;
    case SX_LAYER_BAND:
    case SX_LAYER_BARS:
    case SX_LAYER_AREA: e->fill = l; break;
    default: e->line = l; break;
    }
}

static entry *entry_of(entry *list, int32_t n, const char *name)
{
    for (int32_t i = 0; i < n; i++) {
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    }
    return NULL;
}

static int32_t collect(sx_i_chart *c, entry *list)
{
    int32_t n = 0;
    for (int32_t k = 0; k < c->chart->layers; k++) {
        const sx_layer *l = c->chart->layer[k];
        if (!has_name(c, l))
            continue;
        entry *e = entry_of(list, n, l->name);
        if (!e) {
            e = &list[n++];
            e->name = l->name;
            e->width = sx_i_text_width(c->pen->fonts, l->name, c->pen->text);
        }
        add_sample(e, l);
    }
    return n;
}

/* --- names at the ends of lines --- */

/* the last place of a line that is shown, if it is near the right edge */
static bool line_end(const sx_i_chart *c, entry *e)
{
    const sx_layer *l = e->line;
    if (!l || l->kind != SX_LAYER_LINE)
        return false;
    for (int64_t i = l->n; i-- > 0;) {
        if (sx_i_mark_place(c, l, i, &e->x, &e->y))
            return e->x >= 0.9 * c->w;
    }
    return false;
}

/* down the page */
static void sort_entries(entry **list, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        entry *e = list[i];
        int32_t k = i;
        for (; k > 0 && list[k - 1]->y > e->y; k--)
            list[k] = list[k - 1];
        list[k] = e;
    }
}

/* Push names apart, down and then up; false when one comes far from its line. */
static bool spread(const sx_i_chart *c, entry **list, double *y, int32_t n)
{
    double line = SX_I_LINE * c->pen->text;
    double most = 1.2 * line;
    double end = c->h;
    for (int32_t i = 0; i < n; i++)
        y[i] = i ? fmax(list[i]->y, y[i - 1] + line) : list[i]->y;
    for (int32_t i = n; i-- > 0; end = y[i] - line)
        y[i] = fmin(y[i], end);
    for (int32_t i = 0; i < n; i++) {
        if (fabs(y[i] - list[i]->y) > most || y[i] < 0)
            return false;
    }
    return true;
}

enum { MOST_DIRECT = 8 };

static void put_direct(sx_i_chart *c, entry **list, const double *y, int32_t n)
{
    double text = c->pen->text;
    double widest = 0;
    double end = c->w; /* beyond the axis, whose line a name would meet at its lower end */
    for (int32_t i = 0; i < n; i++)
        end = fmax(end, list[i]->x);
    for (int32_t i = 0; i < n; i++) {
        widest = fmax(widest, list[i]->width);
        sx_i_chart_word(c, (sx_i_word){.x = end + SX_I_GAP + 1,
                                       .y = y[i] + SX_I_CAPITAL * text,
                                       .size = text,
                                       .colour = sx_i_layer_colour(c->pen, list[i]->line),
                                       .class = "name",
                                       .text = (char *)(uintptr_t)list[i]->name});
    }
    c->room.right = fmax(c->room.right, end + widest + SX_I_GAP + 1 - c->w);
    c->room.top = fmax(c->room.top, (SX_I_UP - SX_I_CAPITAL) * text - y[0]);
    c->room.bottom = fmax(c->room.bottom, y[n - 1] + (SX_I_DOWN + SX_I_CAPITAL) * text - c->h);
}

static bool name_lines(sx_i_chart *c, entry *list, int32_t n)
{
    entry *sorted[MOST_DIRECT];
    double y[MOST_DIRECT];
    if (n < 1 || n > MOST_DIRECT || c->apart)
        return false;
    for (int32_t i = 0; i < n; i++) {
        sorted[i] = &list[i];
        if (!line_end(c, &list[i]) || list[i].width > 0.4 * c->w)
            return false;
    }
    sort_entries(sorted, n);
    if (!spread(c, sorted, y, n))
        return false;
    put_direct(c, sorted, y, n);
    c->direct = true;
    return true;
}

/* --- legends --- */

static void put_entry(sx_i_chart *c, const entry *e, const char *name, double x, double y)
{
    double text = c->pen->text;
    c->key[c->keys++] = (sx_i_key){x, y, c->key_width, e->line, e->marker, e->fill};
    sx_i_chart_word(c, (sx_i_word){.x = x + c->key_width + KEY_GAP,
                                   .y = y + SX_I_CAPITAL * text,
                                   .size = text,
                                   .colour = c->pen->palette.ink,
                                   .class = "legend",
                                   .text = (char *)(uintptr_t)name});
}

/* samples of lines are longer than those of markers and grounds */
static double key_width(const entry *list, int32_t n)
{
    double width = 9;
    for (int32_t i = 0; i < n; i++)
        width = list[i].line ? 16 : width;
    return width;
}

static double widest_entry(const entry *list, int32_t n)
{
    double widest = 0;
    for (int32_t i = 0; i < n; i++)
        widest = fmax(widest, list[i].width);
    return widest;
}

static bool legend_inside(sx_i_chart *c, const entry *list, int32_t n)
{
    double line = SX_I_LINE * c->pen->text;
    double w = c->key_width + KEY_GAP + widest_entry(list, n);
    double h = n * line;
    sx_i_box b;
    if (h > 0.6 * c->h || w > 0.7 * c->w || sx_i_space_corner(&c->space, w, h, 4, &b) != 0)
        return false;
    sx_i_space_take(&c->space, b);
    for (int32_t i = 0; i < n; i++)
        put_entry(c, &list[i], list[i].name, b.x, b.y + (i + 0.5) * line);
    return true;
}

/* in columns below the axis */
static void legend_below(sx_i_chart *c, const entry *list, int32_t n)
{
    double text = c->pen->text;
    double line = SX_I_LINE * text;
    double left = -fmin(c->room.left, 0.5 * c->w);
    double wide = c->w - left;
    double widest = fmin(c->key_width + KEY_GAP + widest_entry(list, n), wide);
    int32_t columns = (int32_t)fmax(1, floor((wide + 1.5 * text) / (widest + 1.5 * text)));
    columns = columns < n ? columns : n;
    int32_t rows = (n + columns - 1) / columns;
    double used = columns * (widest + 1.5 * text) - 1.5 * text;
    double start = used < c->w ? (c->w - used) / 2 : left + (wide - used) / 2;
    double top = c->h + c->room.bottom + SX_I_GAP;
    for (int32_t i = 0; i < n; i++) {
        int32_t column = i / rows;
        char *name = sx_i_label_fit(c->pen->fonts, list[i].name, text,
                                    widest - c->key_width - KEY_GAP + 0.01);
        c->failed = c->failed || !name;
        if (name && strcmp(name, list[i].name) != 0)
            sx_i_note(c->pen->notes, "names in the legend are shortened");
        if (name)
            put_entry(c, &list[i], name, start + column * (widest + 1.5 * text),
                      top + (i % rows + 0.5) * line);
        sx_release(name);
    }
    c->room.bottom += SX_I_GAP + rows * line;
}

void sx_i_chart_legend(sx_i_chart *c)
{
    sx_legend wanted = c->pen->style->legend;
    size_t most = (size_t)c->chart->layers;
    entry *list = wanted == SX_LEGEND_NONE ? NULL : sx_alloc(most, sizeof *list);
    if (wanted == SX_LEGEND_NONE)
        return;
    c->key = sx_alloc(most, sizeof *c->key);
    c->failed = c->failed || !list || !c->key;
    int32_t n = c->failed ? 0 : collect(c, list);
    bool outside = wanted == SX_LEGEND_OUTSIDE;
    c->key_width = key_width(list, n);
    if (n && !(!outside && (name_lines(c, list, n) || legend_inside(c, list, n))))
        legend_below(c, list, n);
    sx_release(list);
}

/* --- drawing --- */

static void draw_fill(const sx_i_chart *c, const sx_i_key *k, sx_i_scene *s)
{
    const double half = 3;
    const double corner[] = {k->x,        k->y - half,     k->x + k->width,
                             k->y - half, k->x + k->width, k->y + half,
                             k->x,        k->y + half};
    sx_i_mark *m = sx_i_scene_path(s, corner, 4, 0, sx_i_layer_colour(c->pen, k->fill));
    if (!m)
        return;
    m->closed = m->filled = true;
    m->opacity = k->fill->kind == SX_LAYER_BARS ? 0.75 : 0.25;
}

static void draw_head(const sx_i_chart *c, const sx_i_key *k, sx_i_scene *s)
{
    double x = k->x + k->width;
    const double tip[] = {x + 1, k->y, x - 4, k->y - 1.8, x - 4, k->y + 1.8};
    sx_i_scene_triangle(s, tip, sx_i_layer_colour(c->pen, k->line));
}

void sx_i_legend_draw(const sx_i_chart *c, sx_i_scene *s)
{
    for (int32_t i = 0; i < c->keys; i++) {
        const sx_i_key *k = &c->key[i];
        const double ends[] = {k->x, k->y, k->x + k->width, k->y};
        s->class = "key";
        if (k->fill)
            draw_fill(c, k, s);
        sx_i_mark *m = k->line ? sx_i_scene_path(s, ends, 2, sx_i_line_size(k->line),
                                                 sx_i_layer_colour(c->pen, k->line))
                               : NULL;
        if (m)
            m->dash = k->line->dash;
        if (k->line && k->line->kind == SX_LAYER_ARROWS)
            draw_head(c, k, s);
        if (k->marker)
            sx_i_scene_marker(s, k->x + k->width / 2, k->y, SX_I_MARKER, k->marker->marker,
                              sx_i_layer_colour(c->pen, k->marker));
    }
}

/* --- one legend for all panels --- */

static bool alike(const sx_layer *a, const sx_layer *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0 && a->colour == b->colour &&
           a->marker == b->marker && a->dash == b->dash && a->unnamed == b->unnamed;
}

bool sx_i_legend_common(const sx_figure *f)
{
    const sx_chart *first = f->panel[0]->chart;
    int32_t named = 0;
    for (int32_t i = 1; i < f->panels; i++) {
        const sx_chart *c = f->panel[i]->chart;
        if (!first || !c || c->layers != first->layers)
            return false;
        for (int32_t k = 0; k < c->layers; k++) {
            if (!alike(first->layer[k], c->layer[k]))
                return false;
        }
    }
    for (int32_t k = 0; first && k < first->layers; k++)
        named += *first->layer[k]->name && first->layer[k]->kind != SX_LAYER_RULES;
    return f->panels > 1 && named > 0;
}

sx_status sx_i_legend_row(sx_i_pen *pen, const sx_chart *chart, sx_i_scene *s, sx_i_box *at,
                          sx_error *err)
{
    sx_i_chart *c = sx_alloc(1, sizeof *c);
    sx_plot_style style = *pen->style;
    sx_i_pen outside = *pen;
    if (!c)
        return sx_nomem(err);
    style.legend = SX_LEGEND_OUTSIDE;
    outside.style = &style;
    c->pen = &outside;
    c->chart = chart;
    c->w = at->w;
    sx_i_chart_legend(c);
    at->h = c->room.bottom;
    if (s)
        sx_i_chart_put(c, s, at->x, at->y);
    sx_status st = c->failed ? sx_nomem(err) : SX_OK;
    sx_i_chart_clear(c);
    sx_release(c);
    return st;
}
