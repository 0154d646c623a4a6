/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_consistency_draw.c - the panels of figures of consistency. */
#include "plots/kind_consistency_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- as a chart --- */

static const sx_figure_number *cells_of(const sx_i_edit_part *z, int32_t reward)
{
    return z->cell + (int64_t)reward * z->n;
}

static bool has_ranges(const sx_i_edit_part *z, int32_t reward)
{
    const sx_figure_number *cell = cells_of(z, reward);
    for (int32_t i = 0; i < z->n; i++)
        if (cell[i].low < cell[i].high)
            return true;
    return false;
}

/* The legend of the first chart is that of all. */
static bool is_first_chart(const sx_i_edit_plan *p)
{
    int32_t charts = 0;
    for (int32_t i = 0; i < p->f->panels; i++)
        charts += p->f->panel[i]->chart != NULL;
    return charts == 1;
}

/* A layer with the numbers of a reward, and their intervals if there are any. */
static void add_layer(const sx_i_edit_plan *p, const sx_i_edit_part *z, sx_chart *c,
                      sx_layer_kind kind, int32_t r, const char *role)
{
    const sx_figure_number *cell = cells_of(z, r);
    bool ranges = has_ranges(z, r), first = kind == SX_LAYER_BARS || kind == SX_LAYER_LINE;
    sx_layer *l = sx_chart_layer(c, kind, z->n, sx_i_edit_name(p->rewards, r));
    if (ranges && (kind == SX_LAYER_BARS || kind == SX_LAYER_BAND))
        sx_layer_limits(c, l);
    if (!l || p->f->failed)
        return;
    l->role = role;
    l->colour = r % SX_COLOURS;
    l->marker = (sx_marker)(r % SX_MARKERS);
    l->dash = (sx_dash)(r % (SX_DASH_MIXED + 1));
    l->unnamed = !first || !is_first_chart(p);
    for (int32_t i = 0; i < z->n; i++) {
        l->x[i] = z->x[i];
        l->y[i] = cell[i].value;
        if (l->low) {
            l->low[i] = cell[i].low;
            l->high[i] = cell[i].high;
        }
    }
}

static void add_threshold(const sx_i_edit_plan *p, sx_chart *c)
{
    char name[64];
    snprintf(name, sizeof name, "threshold %.6g", p->threshold);
    sx_layer *l = sx_chart_layer(c, SX_LAYER_RULES, 1, name);
    if (!l)
        return;
    l->role = "threshold";
    l->x[0] = (double)NAN;
    l->y[0] = p->threshold;
    l->colour = SX_COLOUR_INK;
    l->dash = SX_DASH_DASHED;
    l->unnamed = !is_first_chart(p);
}

static void set_axes(const sx_i_edit_plan *p, const sx_i_edit_part *z, sx_chart *c)
{
    c->y.low = 0;
    sx_figure_text(p->f, &c->y.title, "%s", sx_i_edit_measures[z->q]);
    if (z->curve >= 0) {
        sx_figure_text(p->f, &c->x.title, "size of the edit");
        if (z->x[0] > 0 && z->x[z->n - 1] > 50 * z->x[0])
            c->x.scale = SX_SCALE_LOG;
        return;
    }
    for (int32_t e = 0; e < sx_names_count(p->edits); e++)
        if (z->place[e] >= 0)
            sx_axis_category(c, &c->x, sx_i_edit_name(p->edits, e));
}

static void add_curve(const sx_i_edit_plan *p, const sx_i_edit_part *z, sx_chart *c, int32_t r)
{
    if (has_ranges(z, r))
        add_layer(p, z, c, SX_LAYER_BAND, r, "interval");
    add_layer(p, z, c, SX_LAYER_LINE, r, "reward");
    add_layer(p, z, c, SX_LAYER_POINTS, r, "size");
}

void sx_i_edit_draw_chart(const sx_i_edit_plan *p, const sx_i_edit_part *z, const char *title)
{
    sx_chart *c = sx_figure_chart(p->f, title);
    if (!c)
        return;
    set_axes(p, z, c);
    for (int32_t r = 0; r < sx_names_count(p->rewards); r++)
        if (z->curve >= 0)
            add_curve(p, z, c, r);
        else
            add_layer(p, z, c, SX_LAYER_BARS, r, "reward");
    if (!isnan(p->threshold) && z->q != SX_EDIT_DISTANCE)
        add_threshold(p, c);
}

/* --- as a matrix --- */

static void name_column(const sx_i_edit_plan *p, sx_heat *m, int32_t j, int32_t e,
                        const char *measure)
{
    const char *name = sx_i_edit_name(p->edits, e);
    size_t room = strlen(name) + 40;
    char *text = sx_alloc(room, 1);
    if (text)
        snprintf(text, room, "%s%s%s", name, *measure ? ", " : "", measure);
    else
        p->f->failed = true;
    sx_heat_column(m, j, text ? text : "");
    sx_release(text);
}

/* The columns of one measure, from column `from` on. */
static void put_columns(const sx_i_edit_plan *p, sx_heat *m, const sx_i_edit_part *z,
                        int32_t from, bool named)
{
    for (int32_t e = 0; e < sx_names_count(p->edits); e++)
        if (z->place[e] >= 0)
            name_column(p, m, from + z->place[e], e, named ? sx_i_edit_measures[z->q] : "");
    for (int32_t r = 0; r < m->rows; r++)
        for (int32_t j = 0; j < z->n; j++)
            m->value[(int64_t)r * m->columns + from + j] = cells_of(z, r)[j].value;
}

/* What bars would show. */
static void note_missing(const sx_i_edit_plan *p, const sx_i_edit_part z[SX_EDIT_MEASURES])
{
    if (!isnan(p->threshold))
        sx_figure_note(p->f, "a matrix does not show the threshold");
    for (int q = 0; q < SX_EDIT_MEASURES; q++)
        for (int32_t r = 0; r < sx_names_count(p->rewards); r++)
            if (z[q].known && has_ranges(&z[q], r))
                sx_figure_note(p->f, "a matrix does not show intervals");
}

/* Rewards by edits, all measures beside each other. */
sx_status sx_i_edit_draw_matrix(const sx_i_edit_plan *p,
                                const sx_i_edit_part z[SX_EDIT_MEASURES], sx_error *err)
{
    int32_t columns = 0, measures = 0, at = 0;
    const char *bar = "distance";
    for (int q = 0; q < SX_EDIT_MEASURES; q++)
        if (z[q].known) {
            columns += z[q].n;
            bar = measures++ ? "distance or regret" : sx_i_edit_measures[q];
        }
    note_missing(p, z);
    if (columns > SX_I_EDITS)
        return sx_fail(err, SX_ELIMIT,
                       "a matrix shows up to %d numbers of a reward, and there are %d",
                       SX_I_EDITS, columns);
    sx_heat *m = sx_figure_heat(p->f, "", sx_names_count(p->rewards), columns, bar);
    if (!m)
        return sx_nomem(err);
    for (int32_t r = 0; r < m->rows; r++)
        sx_heat_row(m, r, sx_i_edit_name(p->rewards, r));
    for (int q = 0; q < SX_EDIT_MEASURES; q++)
        if (z[q].known) {
            put_columns(p, m, &z[q], at, measures > 1);
            at += z[q].n;
        }
    return SX_OK;
}
