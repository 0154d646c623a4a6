/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c - filling a figure in: it owns what is put into it, and remembers that memory ran
 * out. */
#include "plots/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void *need(sx_figure *f, size_t count, size_t size)
{
    void *p = f && !f->failed ? sx_alloc(count ? count : 1, size) : NULL;
    if (f && !p)
        f->failed = true;
    return p;
}

static char *copied(sx_figure *f, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = need(f, size, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

static void replace(sx_figure *f, char **slot, const char *text)
{
    char *copy = copied(f, text);
    if (copy) {
        sx_release(*slot);
        *slot = copy;
    }
}

/* One more pointer at the end of list [count]. */
static bool append(sx_figure *f, void ***list, int32_t count, void *item)
{
    void **grown = item ? sx_realloc(*list, (size_t)count + 1, sizeof *grown) : NULL;
    if (!grown) {
        f->failed = true;
        return false;
    }
    grown[count] = item;
    *list = grown;
    return true;
}

/* Bytes of the character that begins with `lead`. */
static size_t length_of(unsigned char lead)
{
    return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Drop the beginnings of characters whose rest was cut off: by the size of a buffer, or by the
 * precision of a format, which counts bytes. */
static void drop_cut(char *text)
{
    char *to = text;
    for (const char *p = text; *p;) {
        size_t n = length_of((unsigned char)*p), have = 1;
        while (have < n && ((unsigned char)p[have] & 0xc0) == 0x80)
            have++;
        if (have == n) {
            memmove(to, p, n);
            to += n;
        }
        p += have;
    }
    *to = '\0';
}

void sx_figure_text(sx_figure *f, char **slot, const char *format, ...)
{
    va_list args;
    char text[2048];
    if (!f || !slot)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    drop_cut(text);
    replace(f, slot, text);
}

void sx_figure_note(sx_figure *f, const char *format, ...)
{
    va_list args;
    char text[sizeof f->notes.text[0]];
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    drop_cut(text);
    for (int32_t i = 0; f && i < f->notes.count; i++)
        if (strcmp(f->notes.text[i], text) == 0)
            return;
    if (f && f->notes.count < (int32_t)(sizeof f->notes.text / sizeof f->notes.text[0]))
        memcpy(f->notes.text[f->notes.count++], text, sizeof text);
}

/* used, less the bytes of a character that goes on at p. */
static size_t whole(const char *markup, size_t used, const char *p)
{
    if (((unsigned char)*p & 0xc0) != 0x80)
        return used;
    while (used && ((unsigned char)markup[used - 1] & 0xc0) == 0x80)
        used--;
    return used ? used - 1 : 0;
}

void sx_markup_escape(const char *text, char *markup, size_t size)
{
    size_t used = 0;
    for (const char *p = text; *p; p++) {
        bool special = strchr("_^*\\{}", *p) != NULL;
        if (used + 1 + special >= size) {
            used = whole(markup, used, p);
            break;
        }
        if (special)
            markup[used++] = '\\';
        markup[used++] = *p;
    }
    markup[used] = '\0';
}

/* --- the figure --- */

sx_figure *sx_figure_new(const char *title)
{
    sx_figure *f = sx_alloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->title = copied(f, title);
    f->description = copied(f, "");
    return f->failed ? sx_figure_free(f) : f;
}

static sx_panel *panel_new(sx_figure *f, sx_panel_kind kind, const char *title, const char *bar)
{
    sx_panel *p = need(f, 1, sizeof *p);
    if (!p)
        return NULL;
    p->kind = kind;
    p->title = copied(f, title);
    p->bar = copied(f, bar);
    void **list = (void **)f->panel;
    if (!append(f, &list, f->panels, p)) {
        sx_release(p->title);
        sx_release(p->bar);
        return sx_release(p);
    }
    f->panel = (sx_panel **)list;
    f->panels++;
    return f->failed ? NULL : p;
}

/* --- charts --- */

static void axis_start(sx_figure *f, sx_axis *a)
{
    a->title = copied(f, "");
    a->low = a->high = (double)NAN;
}

sx_chart *sx_figure_chart(sx_figure *f, const char *title)
{
    sx_panel *p = panel_new(f, SX_PANEL_CHART, title, "");
    sx_chart *c = p ? need(f, 1, sizeof *c) : NULL;
    if (!c)
        return NULL;
    p->chart = c;
    c->figure = f;
    axis_start(f, &c->x);
    axis_start(f, &c->y);
    c->note = copied(f, "");
    return f->failed ? NULL : c;
}

static sx_layer *layer_free(sx_layer *l)
{
    if (!l)
        return NULL;
    for (int64_t i = 0; l->label && i < l->n; i++)
        sx_release(l->label[i]);
    sx_release(l->label);
    sx_release(l->name);
    sx_release(l->x);
    sx_release(l->y);
    sx_release(l->low);
    sx_release(l->high);
    return sx_release(l);
}

sx_layer *sx_chart_layer(sx_chart *c, sx_layer_kind kind, int64_t n, const char *name)
{
    sx_layer *l = c ? need(c->figure, 1, sizeof *l) : NULL;
    if (!l)
        return NULL;
    l->kind = kind;
    l->role = "series";
    l->n = n;
    l->colour = c->layers % SX_COLOURS;
    l->name = copied(c->figure, name);
    l->x = need(c->figure, (size_t)n, sizeof *l->x);
    l->y = need(c->figure, (size_t)n, sizeof *l->y);
    void **list = (void **)c->layer;
    if (c->figure->failed || !append(c->figure, &list, c->layers, l))
        return layer_free(l);
    c->layer = (sx_layer **)list;
    c->layers++;
    return l;
}

void sx_layer_limits(sx_chart *c, sx_layer *l)
{
    if (!c || !l)
        return;
    if (!l->low)
        l->low = need(c->figure, (size_t)l->n, sizeof *l->low);
    if (!l->high)
        l->high = need(c->figure, (size_t)l->n, sizeof *l->high);
}

void sx_layer_label(sx_chart *c, sx_layer *l, int64_t i, const char *text)
{
    if (!c || !l || i < 0 || i >= l->n)
        return;
    if (!l->label)
        l->label = need(c->figure, (size_t)l->n, sizeof *l->label);
    if (l->label)
        replace(c->figure, &l->label[i], text);
}

void sx_axis_category(sx_chart *c, sx_axis *a, const char *name)
{
    char *copy = c && a ? copied(c->figure, name) : NULL;
    if (!copy)
        return;
    void **list = (void **)a->category;
    if (!append(c->figure, &list, a->categories, copy)) {
        sx_release(copy);
        return;
    }
    a->category = (char **)list;
    a->categories++;
}

static void axis_clear(sx_axis *a)
{
    for (int32_t i = 0; i < a->categories; i++)
        sx_release(a->category[i]);
    sx_release(a->category);
    sx_release(a->title);
}

static sx_chart *chart_free(sx_chart *c)
{
    if (!c)
        return NULL;
    for (int32_t i = 0; i < c->layers; i++)
        layer_free(c->layer[i]);
    sx_release(c->layer);
    axis_clear(&c->x);
    axis_clear(&c->y);
    sx_release(c->note);
    return sx_release(c);
}

/* --- matrices --- */

sx_heat *sx_figure_heat(sx_figure *f, const char *title, int32_t rows, int32_t columns,
                        const char *bar)
{
    sx_panel *p = panel_new(f, SX_PANEL_HEAT, title, bar);
    sx_heat *m = p ? need(f, 1, sizeof *m) : NULL;
    if (!m)
        return NULL;
    p->heat = m;
    m->figure = f;
    m->rows = rows;
    m->columns = columns;
    m->row = need(f, (size_t)rows, sizeof *m->row);
    m->column = need(f, (size_t)columns, sizeof *m->column);
    m->value = need(f, (size_t)rows * (size_t)columns, sizeof *m->value);
    m->row_title = copied(f, "");
    m->column_title = copied(f, "");
    return f->failed ? NULL : m;
}

void sx_heat_row(sx_heat *m, int32_t i, const char *name)
{
    if (m && m->row && i >= 0 && i < m->rows)
        replace(m->figure, &m->row[i], name);
}

void sx_heat_column(sx_heat *m, int32_t j, const char *name)
{
    if (m && m->column && j >= 0 && j < m->columns)
        replace(m->figure, &m->column[j], name);
}

static sx_heat *heat_free(sx_heat *m)
{
    if (!m)
        return NULL;
    for (int32_t i = 0; m->row && i < m->rows; i++)
        sx_release(m->row[i]);
    for (int32_t j = 0; m->column && j < m->columns; j++)
        sx_release(m->column[j]);
    sx_release(m->row);
    sx_release(m->column);
    sx_release(m->value);
    sx_release(m->row_title);
    sx_release(m->column_title);
    return sx_release(m);
}

/* --- gridworlds --- */

static size_t cells(const sx_gridmap *g)
{
    return (size_t)g->rows * (size_t)g->columns;
}

sx_gridmap *sx_figure_gridmap(sx_figure *f, const char *title, int32_t rows, int32_t columns,
                              const char *bar)
{
    sx_panel *p = panel_new(f, SX_PANEL_GRIDMAP, title, bar);
    sx_gridmap *g = p ? need(f, 1, sizeof *g) : NULL;
    if (!g)
        return NULL;
    p->map = g;
    g->figure = f;
    g->rows = rows;
    g->columns = columns;
    g->kind = need(f, cells(g), 1);
    g->start = need(f, cells(g), 1);
    g->end = need(f, cells(g), 1);
    g->label = need(f, cells(g), sizeof *g->label);
    g->marked = copied(f, "");
    return f->failed ? NULL : g;
}

static double *nans(sx_figure *f, size_t n)
{
    double *x = need(f, n, sizeof *x);
    for (size_t i = 0; x && i < n; i++)
        x[i] = (double)NAN;
    return x;
}

void sx_gridmap_values(sx_gridmap *g)
{
    if (g && !g->value)
        g->value = nans(g->figure, cells(g));
}

void sx_gridmap_moves(sx_gridmap *g)
{
    if (g && !g->move)
        g->move = nans(g->figure, cells(g) * SX_GRID_MOVES);
}

void sx_gridmap_arrows(sx_gridmap *g)
{
    if (g && !g->arrow)
        g->arrow = need(g->figure, cells(g) * SX_GRID_MOVES, sizeof *g->arrow);
}

void sx_gridmap_marks(sx_gridmap *g)
{
    if (g && !g->mark)
        g->mark = need(g->figure, cells(g), 1);
}

void sx_gridmap_label(sx_gridmap *g, int32_t cell, const char *name)
{
    if (g && g->label && cell >= 0 && (size_t)cell < cells(g))
        replace(g->figure, &g->label[cell], name);
}

sx_way *sx_gridmap_way(sx_gridmap *g, const char *name, int32_t steps)
{
    sx_way *grown =
        g && !g->figure->failed ? sx_realloc(g->way, (size_t)g->ways + 1, sizeof *grown) : NULL;
    if (g && !grown)
        g->figure->failed = true;
    if (!grown)
        return NULL;
    g->way = grown;
    sx_way *w = &grown[g->ways++];
    w->steps = steps;
    w->name = copied(g->figure, name);
    w->cell = need(g->figure, (size_t)steps, sizeof *w->cell);
    return g->figure->failed ? NULL : w;
}

static sx_gridmap *gridmap_free(sx_gridmap *g)
{
    if (!g)
        return NULL;
    for (size_t i = 0; g->label && i < cells(g); i++)
        sx_release(g->label[i]);
    for (int32_t i = 0; i < g->ways; i++) {
        sx_release(g->way[i].name);
        sx_release(g->way[i].cell);
    }
    sx_release(g->way);
    sx_release(g->label);
    sx_release(g->kind);
    sx_release(g->start);
    sx_release(g->end);
    sx_release(g->value);
    sx_release(g->move);
    sx_release(g->arrow);
    sx_release(g->mark);
    sx_release(g->marked);
    return sx_release(g);
}

sx_figure *sx_figure_free(sx_figure *f)
{
    if (!f)
        return NULL;
    for (int32_t i = 0; i < f->panels; i++) {
        sx_panel *p = f->panel[i];
        chart_free(p->chart);
        heat_free(p->heat);
        gridmap_free(p->map);
        sx_release(p->title);
        sx_release(p->bar);
        sx_release(p);
    }
    sx_release(f->panel);
    sx_release(f->title);
    sx_release(f->description);
    return sx_release(f);
}
