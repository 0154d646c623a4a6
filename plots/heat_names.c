/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_names.c - names of the rows and columns of a matrix.
 *
 * Column names stand above the cells: level when they fit, at 45 degrees when they do not reach
 * far beyond the last column, else upright; in all matrices of a row of panels alike.  Type
 * gets smaller with the cells, down to 5 points.  Below that, rows and columns are counted, and
 * what the numbers stand for is listed under the matrix. */
#include "plots/heat_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LISTED = 100 };
static const double capital = 0.36; /* half the height of a capital, of its size */
static const double smallest = 5;   /* type of names */

static double widest(const sx_i_heat_plan *p, char *const *name, int32_t n, double size)
{
    double width = 0;
    for (int32_t i = 0; i < n; i++)
        if (name[i])
            width = fmax(width, sx_i_text_width(p->pen->fonts, name[i], size));
    return width;
}

static bool any_name(char *const *name, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (name[i])
            return true;
    return false;
}

static double type_size(const sx_i_heat_plan *p, double side)
{
    double size = fmin(p->pen->text, 0.92 * side);
    return size >= smallest ? size : 0;
}

static double small_type(const sx_i_heat_plan *p)
{
    return fmax(smallest, 0.75 * p->pen->text);
}

/* numbers that are round and leave `need` from one to the next */
static int32_t every(double side, double need)
{
    static const int32_t steps[] = {1, 2, 5, 10, 20, 50};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * side >= need)
            return steps[i];
    return 100;
}

/* The number of row or column i is shown: the first, and each that is a multiple. */
static bool counted(int32_t i, int32_t step, double side, double need)
{
    if (i == 0)
        return step == 1 || (step - 1) * side >= need;
    return (i + 1) % step == 0;
}

static double row_need(const sx_i_heat_plan *p)
{
    return 1.1 * small_type(p);
}

static double column_need(const sx_i_heat_plan *p)
{
    return sx_i_text_width(p->pen->fonts, "000", small_type(p));
}

static void plan_rows(sx_i_heat_plan *p, const sx_i_panel_frame *frame, double w)
{
    const sx_heat *m = p->m;
    bool named = p->row_names && any_name(m->row, m->rows);
    double text = p->pen->text;
    double share = m->columns <= 3 ? 1.2 : m->columns <= 5 ? 0.8 : 0.45;
    double part = m->columns <= 8 || m->rows >= 2 * m->columns ? 0.4 : 0.3;
    double limit = fmax(4 * text, fmin(15 * text, fmax(share * w, part * frame->width)));
    p->row = named ? type_size(p, p->ch) : 0;
    p->row_width = p->row > 0 ? fmin(limit, widest(p, m->row, m->rows, p->row)) : 0;
    if (named && !(p->row > 0)) {
        p->row_every = every(p->ch, row_need(p));
        p->row_width = column_need(p);
    }
    p->room.left = named ? p->row_width + SX_I_NAME_GAP : 0.5;
    if (p->row_names && *m->row_title)
        p->room.left += SX_I_NAME_LEADING * text;
}

/* How the column names stand, how high, and how far they reach to the right. */
static void plan_columns(sx_i_heat_plan *p, const sx_i_panel_frame *frame, double w)
{
    const sx_heat *m = p->m;
    bool named = p->column_names && any_name(m->column, m->columns);
    double beside = fmax(p->room.right, 0.25 * w);
    p->column = named ? type_size(p, p->cw) : 0;
    double full = p->column > 0 ? widest(p, m->column, m->columns, p->column) : 0;
    double slanted = (full + p->column) / sqrt(2);
    p->column_width = fmin(15 * p->pen->text, full);
    p->own_angle = full <= p->cw - 4                                           ? 0
                   : p->cw >= 1.5 * p->column && slanted - p->cw / 2 <= beside ? 45
                                                                               : 90;
    p->angle = fmax(p->own_angle, frame->least_angle);
    p->column_height = p->angle > 0 ? p->column_width : p->column;
    if (p->angle > 0 && p->angle < 90) {
        p->column_width = full;
        p->column_height = slanted;
        p->overhang = slanted - p->cw / 2;
    }
    if (named && !(p->column > 0)) {
        p->column_every = every(p->cw, column_need(p));
        p->column_height = 0.8 * small_type(p);
    }
    p->room.right = fmax(p->room.right, p->overhang);
    p->room.top = named ? p->column_height + SX_I_NAME_GAP : 0.5;
    if (p->column_names && *m->column_title)
        p->room.top += SX_I_NAME_LEADING * p->pen->text;
}

/* --- the key --- */

static bool same_names(const sx_heat *m)
{
    bool same = m->rows == m->columns;
    for (int32_t i = 0; same && i < m->rows; i++)
        same = m->row[i] && m->column[i] && strcmp(m->row[i], m->column[i]) == 0;
    return same;
}

/* Entry i of all that are listed: rows, then columns; NULL for a heading.  *number: from 1. */
static const char *entry(const sx_i_heat_plan *p, int32_t i, int32_t *number)
{
    bool headings = p->key.lists == 2;
    bool rows = p->key.of_rows || headings;
    int32_t first = rows ? p->m->rows + headings : 0;
    bool of_columns = i >= first;
    int32_t k = of_columns ? i - first - headings : i - headings;
    *number = k + 1;
    if (k < 0)
        return NULL;
    const char *name = of_columns ? p->m->column[k] : p->m->row[k];
    return name ? name : "";
}

static int32_t entries(const sx_i_heat_plan *p)
{
    if (p->key.lists == 2)
        return p->m->rows + p->m->columns + 2;
    return p->key.of_rows ? p->m->rows : p->m->columns;
}

static void plan_key(sx_i_heat_plan *p, double wide)
{
    sx_i_heat_key *k = &p->key;
    const sx_heat *m = p->m;
    bool rows = p->row_every > 0;
    bool columns = p->column_every > 0;
    k->of_rows = rows;
    k->lists = (rows || columns) + (rows && columns && !same_names(m));
    int32_t n = k->lists ? entries(p) : 0;
    if (!n || n > MOST_LISTED)
        return;
    double gap = small_type(p);
    double names = fmax(rows ? widest(p, m->row, m->rows, small_type(p)) : 0,
                        columns ? widest(p, m->column, m->columns, small_type(p)) : 0);
    k->text = small_type(p);
    k->width = fmin(wide, column_need(p) + 0.4 * gap + names);
    k->columns = (int32_t)fmin(n, fmax(1, floor((wide + gap) / (k->width + gap))));
    k->lines = (n + k->columns - 1) / k->columns;
    k->height = k->text * (0.8 + 1.2 * k->lines);
}

void sx_i_heat_names_plan(sx_i_heat_plan *p, const sx_i_panel_frame *frame, sx_i_box area)
{
    plan_rows(p, frame, area.w);
    plan_columns(p, frame, area.w);
    plan_key(p, p->room.left + area.w + p->room.right);
}

/* --- marks --- */

/* one name, shortened to width */
static sx_i_mark *put_name(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box at,
                           const char *text, double size)
{
    char *fitted = sx_i_label_fit(p->pen->fonts, text, size, at.w + 0.01);
    sx_i_mark *m = fitted ? sx_i_scene_text(s, at.x, at.y, size, fitted) : NULL;
    s->failed = s->failed || !fitted;
    if (fitted && strcmp(fitted, text) != 0)
        sx_i_note(p->pen->notes, "long names are shortened");
    sx_release(fitted);
    if (m)
        m->colour = p->pen->palette.ink;
    return m;
}

static void put_number(const sx_i_heat_plan *p, sx_i_scene *s, double x, double y, int32_t n,
                       sx_i_anchor anchor)
{
    char text[16];
    snprintf(text, sizeof text, "%d", (int)n);
    sx_i_mark *m = sx_i_scene_text(s, x, y, small_type(p), text);
    if (!m)
        return;
    m->anchor = anchor;
    m->colour = p->pen->palette.ink;
}

static void put_rows(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    double size = p->row > 0 ? p->row : small_type(p);
    for (int32_t i = 0; i < p->m->rows; i++) {
        sx_i_box at = {area.x - SX_I_NAME_GAP, area.y + (i + 0.5) * p->ch + capital * size,
                       p->row_width, 0};
        const char *name = p->row > 0 ? p->m->row[i] : NULL;
        sx_i_mark *m = name ? put_name(p, s, at, name, size) : NULL;
        if (m)
            m->anchor = SX_I_END;
        if (p->row_every && counted(i, p->row_every, p->ch, row_need(p)))
            put_number(p, s, at.x, at.y, i + 1, SX_I_END);
    }
}

static void put_column(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box at, const char *name)
{
    sx_i_mark *m = name ? put_name(p, s, at, name, p->column) : NULL;
    if (!m)
        return;
    m->anchor = p->angle > 0 ? SX_I_START : SX_I_MIDDLE;
    m->angle = p->angle;
}

static void put_columns(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    double middle = capital * p->column;
    double slant = p->angle >= 90 ? middle : p->angle > 0 ? middle / sqrt(2) : 0;
    for (int32_t j = 0; j < p->m->columns; j++) {
        sx_i_box at = {area.x + (j + 0.5) * p->cw + slant, area.y - SX_I_NAME_GAP,
                       p->column_width, 0};
        if (p->column > 0)
            put_column(p, s, at, p->m->column[j]);
        if (p->column_every && counted(j, p->column_every, p->cw, column_need(p)))
            put_number(p, s, at.x, at.y, j + 1, SX_I_MIDDLE);
    }
}

static void put_key(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    const sx_i_heat_key *k = &p->key;
    double top = area.y + area.h + p->below + 0.4 * k->text;
    int32_t n = k->height > 0 ? entries(p) : 0;
    double digits = column_need(p);
    for (int32_t i = 0; i < n && !s->failed; i++) {
        int32_t number;
        const char *name = entry(p, i, &number);
        int32_t column = i / k->lines;
        double x = area.x - p->room.left + column * (k->width + k->text);
        double y = top + ((i - column * k->lines) * 1.2 + 0.9) * k->text;
        sx_i_box at = {x + digits + 0.4 * k->text, y, k->width - digits - 0.4 * k->text, 0};
        if (name)
            put_number(p, s, x + digits, y, number, SX_I_END);
        put_name(p, s, at, name ? name : i ? "columns" : "rows", k->text);
    }
}

void sx_i_heat_names_put(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    put_rows(p, s, area);
    put_columns(p, s, area);
    put_key(p, s, area);
}
