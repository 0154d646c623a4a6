/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_valid.c - whether a figure can be drawn, said in words before anything is. */
#include "plots/panel_int.h"

#include <math.h>
#include <string.h>

enum { MOST_CELLS = 200, MOST_PANELS = 64, MOST_MARKS = 20000000 };

/* Where a fault is. */
typedef struct place {
    int32_t panel; /* from 1 */
    int32_t layer; /* from 1, 0: not in a layer */
} place;

static sx_status bad(place at, sx_error *err, const char *what)
{
    if (at.layer)
        return sx_fail(err, SX_EARG, "panel %d of the figure, layer %d: %s", at.panel, at.layer,
                       what);
    return sx_fail(err, SX_EARG, "panel %d of the figure: %s", at.panel, what);
}

static sx_status valid_text(const char *text, place at, sx_error *err)
{
    if (sx_i_label_valid(text))
        return SX_OK;
    return bad(at, err, "a text is not UTF-8 on one line, without control characters");
}

/* Lines split by \n. */
static bool lines_valid(const char *text)
{
    char line[2048]; /* as long as sx_figure_text makes any */
    while (*text) {
        size_t n = strcspn(text, "\n");
        if (n >= sizeof line)
            return false;
        memcpy(line, text, n);
        line[n] = '\0';
        if (!sx_i_label_valid(line))
            return false;
        text += n + (text[n] == '\n');
    }
    return true;
}

static sx_status valid_texts(char *const *text, int64_t n, place at, sx_error *err)
{
    sx_status st = SX_OK;
    for (int64_t i = 0; text && !st && i < n; i++)
        st = text[i] ? valid_text(text[i], at, err) : SX_OK;
    return st;
}

/* --- charts --- */

static sx_status valid_axis(const sx_axis *a, place at, sx_error *err)
{
    bool both = isfinite(a->low) && isfinite(a->high);
    bool positive = !(a->low < SX_LOG_LEAST) && !(a->high < SX_LOG_LEAST);
    if (a->scale > SX_SCALE_SYMLOG)
        return bad(at, err, "an axis has no such scale");
    if (isinf(a->low) || isinf(a->high) || (both && !(a->low < a->high)))
        return bad(at, err, "the ends of an axis are not two finite numbers in order");
    if (a->scale == SX_SCALE_LOG && !positive)
        return bad(at, err, "an end of a logarithmic axis is not above 0");
    if (a->scale == SX_SCALE_SYMLOG &&
        !(a->threshold >= SX_LOG_LEAST && isfinite(a->threshold)))
        return bad(at, err, "the threshold of a symmetric logarithmic axis is not above 0");
    if (a->categories < 0 || (a->categories && a->scale != SX_SCALE_LINEAR))
        return bad(at, err, "an axis of categories is linear");
    sx_status st = valid_text(a->title, at, err);
    return st ? st : valid_texts(a->category, a->categories, at, err);
}

static sx_status valid_parts(const sx_layer *l, place at, sx_error *err)
{
    bool limits = l->low && l->high;
    bool needs = l->kind == SX_LAYER_BAND || l->kind == SX_LAYER_ARROWS;
    if (l->kind > SX_LAYER_WORDS)
        return bad(at, err, "there is no such kind of layer");
    if (l->n < 0 || l->n > MOST_MARKS)
        return bad(at, err, "it has more than 20000000 marks");
    if (!l->x || !l->y || !l->role || (!l->low != !l->high))
        return bad(at, err, "it lacks some of its numbers");
    if (needs && !limits)
        return bad(at, err, "bands and arrows need limits");
    if (l->kind == SX_LAYER_WORDS && !l->label && l->n)
        return bad(at, err, "words without labels");
    return SX_OK;
}

static sx_status valid_look(const sx_layer *l, place at, sx_error *err)
{
    if (l->colour < SX_COLOUR_GREY || l->colour >= SX_COLOURS)
        return bad(at, err, "there is no such colour");
    if (l->marker >= SX_MARKERS || l->dash > SX_DASH_MIXED)
        return bad(at, err, "there is no such marker or dash");
    if (!(l->size >= 0 && l->size <= 72))
        return bad(at, err, "its size is not from 0 to 72 points");
    sx_status st = valid_text(l->name, at, err);
    return st ? st : valid_texts(l->label, l->n, at, err);
}

/* Bars and strips stand at whole categories. */
static sx_status valid_categories(const sx_chart *c, const sx_layer *l, place at, sx_error *err)
{
    bool turned = sx_i_chart_turned(c);
    const sx_axis *a = turned ? &c->y : &c->x;
    const double *x = turned ? l->y : l->x;
    if (l->kind != SX_LAYER_BARS && l->kind != SX_LAYER_STRIP)
        return SX_OK;
    if (!a->categories)
        return bad(at, err, "bars and strips need an axis of categories");
    for (int64_t i = 0; i < l->n; i++) {
        if (!(x[i] >= 0 && x[i] < a->categories && x[i] == floor(x[i])))
            return bad(at, err, "a bar or strip is at none of the categories");
    }
    return SX_OK;
}

static bool drawable(const sx_chart *c, const sx_layer *l, int64_t i)
{
    bool x = isfinite(l->x[i]) || (l->kind == SX_LAYER_RULES && isfinite(l->y[i]));
    bool y = isfinite(l->y[i]) || l->kind == SX_LAYER_RULES;
    if (l->kind == SX_LAYER_BAND)
        y = isfinite(l->low[i]) && isfinite(l->high[i]);
    if (c->x.scale == SX_SCALE_LOG && isfinite(l->x[i]))
        x = x && l->x[i] >= 0;
    if (c->y.scale == SX_SCALE_LOG && l->kind != SX_LAYER_BAND && isfinite(l->y[i]))
        y = y && l->y[i] >= 0;
    return x && y;
}

static bool layer_shows(const sx_chart *c, const sx_layer *l)
{
    for (int64_t i = 0; i < l->n; i++) {
        if (drawable(c, l, i))
            return true;
    }
    return false;
}

static sx_status valid_chart(const sx_chart *c, place at, sx_error *err)
{
    bool shows = false;
    sx_status st = valid_axis(&c->x, at, err);
    if (!st)
        st = valid_axis(&c->y, at, err);
    if (!st && !lines_valid(c->note))
        st = bad(at, err, "its note is not UTF-8 without control characters");
    for (int32_t i = 0; !st && i < c->layers; i++) {
        const sx_layer *l = c->layer[i];
        at.layer = i + 1;
        st = valid_parts(l, at, err);
        if (!st)
            st = valid_look(l, at, err);
        if (!st)
            st = valid_categories(c, l, at, err);
        shows = shows || (!st && layer_shows(c, l));
    }
    at.layer = 0;
    if (!st && !shows)
        st = bad(at, err, "there is nothing to show: no mark has finite numbers");
    return st;
}

/* --- matrices and gridworlds --- */

static sx_status valid_size(int32_t rows, int32_t columns, place at, sx_error *err)
{
    if (rows < 1 || columns < 1 || rows > MOST_CELLS || columns > MOST_CELLS)
        return bad(at, err, "it does not have 1 to 200 rows and columns");
    return SX_OK;
}

static sx_status valid_heat(const sx_heat *m, place at, sx_error *err)
{
    sx_status st = valid_size(m->rows, m->columns, at, err);
    if (!st)
        st = valid_texts(m->row, m->rows, at, err);
    if (!st)
        st = valid_texts(m->column, m->columns, at, err);
    if (!st)
        st = valid_text(m->row_title, at, err);
    if (!st)
        st = valid_text(m->column_title, at, err);
    for (int64_t i = 0; !st && i < (int64_t)m->rows * m->columns; i++) {
        if (isinf(m->value[i]))
            st = bad(at, err, "a value of a matrix is infinite");
    }
    return st;
}

static sx_status valid_way(const sx_gridmap *g, const sx_way *w, place at, sx_error *err)
{
    for (int32_t i = 0; i < w->steps; i++) {
        if (w->cell[i] < 0 || w->cell[i] >= g->rows * g->columns)
            return bad(at, err, "a way leaves the gridworld");
    }
    return valid_text(w->name, at, err);
}

static bool infinite(const double *x, int64_t n)
{
    for (int64_t i = 0; x && i < n; i++) {
        if (isinf(x[i]))
            return true;
    }
    return false;
}

static sx_status valid_map(const sx_gridmap *g, place at, sx_error *err)
{
    sx_status st = valid_size(g->rows, g->columns, at, err);
    if (st)
        return st;
    int64_t cells = (int64_t)g->rows * g->columns;
    if (g->value && g->move)
        return bad(at, err, "a gridworld shows values or moves, not both");
    if (infinite(g->value, cells) || infinite(g->move, cells * SX_GRID_MOVES) ||
        infinite(g->arrow, cells * SX_GRID_MOVES))
        return bad(at, err, "a number of a gridworld is infinite");
    st = valid_texts(g->label, cells, at, err);
    for (int32_t i = 0; !st && i < g->ways; i++)
        st = valid_way(g, &g->way[i], at, err);
    return st;
}

static sx_status valid_panel(const sx_panel *p, place at, sx_error *err)
{
    sx_status st = valid_text(p->title, at, err);
    if (!st)
        st = valid_text(p->bar, at, err);
    if (st)
        return st;
    switch (p->kind) {
    case SX_PANEL_HEAT: return valid_heat(p->heat, at, err);
    case SX_PANEL_GRIDMAP: return valid_map(p->map, at, err);
    default: return valid_chart(p->chart, at, err);
    }
}

static sx_status valid_style(const sx_plot_style *s, sx_error *err)
{
    const double most = 200.0 * 72;
    if (!(s->width >= 0 && s->width <= most) || !(s->height >= 0 && s->height <= most))
        return sx_fail(err, SX_EARG, "a page of %g by %g points: at most 200 inches", s->width,
                       s->height);
    if (!(s->text >= 5 && s->text <= 24))
        return sx_fail(err, SX_EARG, "type of %g points: from 5 to 24", s->text);
    return SX_OK;
}

sx_status sx_i_figure_valid(const sx_figure *f, const sx_plot_style *style, sx_error *err)
{
    if (!f || f->failed)
        return sx_nomem(err);
    if (f->panels < 1 || f->panels > MOST_PANELS)
        return sx_fail(err, SX_EARG, "a figure of %d panels: from 1 to %d", f->panels,
                       MOST_PANELS);
    sx_status st = valid_style(style, err);
    if (!st && (!sx_i_label_valid(f->title) || !lines_valid(f->description)))
        st = sx_fail(err, SX_EARG, "the title or description of a figure is not UTF-8");
    for (int32_t i = 0; !st && i < f->panels; i++)
        st = valid_panel(f->panel[i], (place){i + 1, 0}, err);
    return st;
}
