/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.c - a matrix as a panel: cells, numbers, names, colour bar.
 *
 * A number that does not fit is left out, which is noted; names are the matter of
 * heat_names.c. */
#include "plots/heat_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST = 200 }; /* rows and columns */

static const double capital = 0.36; /* half the height of a capital, of its size */
static const double smallest = 4.5; /* type below this size is not set */
double sx_i_heat_shape(const sx_heat *m)
{
    return fmin(25, fmax(0.04, (double)m->rows / m->columns));
}

double sx_i_heat_most(const sx_heat *m, double text)
{
    return fmax(6 * text,
                fmax(30 * text / fmax(1, sx_i_heat_shape(m)), 4.5 * text * m->columns));
}

bool sx_i_heat_range(const sx_heat *m, double *low, double *high)
{
    bool any = false;
    for (int32_t i = 0; i < m->rows * m->columns; i++) {
        double v = m->value[i];
        if (isnan(v))
            continue;
        *low = any ? fmin(*low, v) : v;
        *high = any ? fmax(*high, v) : v;
        any = true;
    }
    return any;
}

/* --- what is where --- */

static sx_status check_names(char *const *name, int32_t n, const char *what, sx_error *err)
{
    for (int32_t i = 0; i < n; i++)
        if (name[i] && !sx_i_label_valid(name[i]))
            return sx_fail(err, SX_EARG, "the name of %s %d is not one line of UTF-8 text",
                           what, i);
    return SX_OK;
}

static sx_status check(const sx_heat *m, sx_error *err)
{
    if (m->rows < 1 || m->rows > LARGEST || m->columns < 1 || m->columns > LARGEST)
        return sx_fail(err, SX_EARG, "a matrix has 1 to %d rows and columns, not %d and %d",
                       LARGEST, m->rows, m->columns);
    for (int32_t i = 0; i < m->rows * m->columns; i++)
        if (isinf(m->value[i]))
            return sx_fail(err, SX_EARG, "the value in row %d, column %d is infinite",
                           i / m->columns, i % m->columns);
    sx_status st = check_names(m->row, m->rows, "row", err);
    return st ? st : check_names(m->column, m->columns, "column", err);
}

/* How far a bar that is higher than the area reaches below it. */
static double below_bar(const sx_i_heat_plan *p, double h)
{
    double low = p->bar ? p->bars.height - h : 0;
    return low > 0 ? low + 0.4 * p->pen->text : 0;
}

/* The key stands under such a bar. */
static double below_key(const sx_i_heat_plan *p, double h)
{
    return p->holes ? 1.7 * p->pen->text + below_bar(p, h) : 0;
}

static sx_status plan_all(sx_i_heat_plan *p, sx_i_pen *pen, const sx_panel *panel,
                          const sx_i_panel_frame *frame, sx_i_box area, sx_error *err)
{
    const sx_heat *m = panel->heat;
    size_t n = (size_t)m->rows * (size_t)m->columns;
    double low = 0;
    double high = 0;
    sx_status st = check(m, err);
    if (st)
        return st;
    *p = (sx_i_heat_plan){.pen = pen, .m = m};
    p->row_names = frame->y_names;
    p->column_names = frame->x_names;
    p->cw = area.w / m->columns;
    p->ch = area.h / m->rows;
    (void)sx_i_heat_range(m, &low, &high);
    sx_i_ramp_init(&p->ramp, m->diverging, frame->ranges ? frame->colour_low : low,
                   frame->ranges ? frame->colour_high : high, m->value, n);
    p->bar = frame->bar;
    for (size_t i = 0; i < n; i++)
        p->holes = p->holes || isnan(m->value[i]);
    double wide = sx_i_ramp_widest(&p->ramp, pen->fonts, m->value, n);
    p->number = fmin(0.94 * pen->text, fmin((p->cw - 3) / wide, 0.8 * p->ch));
    p->number = p->number >= smallest ? p->number : 0;
    if (p->bar)
        st = sx_i_bar_plan_make(&p->bars, &p->ramp, pen, panel->bar, area, err);
    if (st)
        return st;
    p->room.right = p->bar ? sx_i_bar_right(&p->bars) : 0.5;
    sx_i_heat_names_plan(p, frame, area);
    p->room.top = fmax(p->room.top, p->bar ? 0.5 * pen->text : 0);
    p->below = fmax(below_bar(p, area.h), below_key(p, area.h)) +
               (p->bar ? sx_i_bar_below(&p->bars) : 0) + 0.3 * pen->text;
    p->room.bottom = p->below + p->key.height;
    return SX_OK;
}

sx_status sx_i_heat_room(sx_i_pen *pen, const sx_panel *panel, sx_i_panel_frame *frame,
                         double w, double h, sx_i_room *room, sx_error *err)
{
    sx_i_heat_plan p;
    sx_status st = plan_all(&p, pen, panel, frame, (sx_i_box){0, 0, w, h}, err);
    if (st)
        return st;
    *room = p.room;
    frame->angle = p.own_angle;
    return SX_OK;
}

/* --- marks --- */

static void put_cell(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box at, double value)
{
    char text[32];
    if (isnan(value)) {
        s->class = "hole";
        sx_i_scene_rect(s, at.x, at.y, at.w, at.h, 0xe8e8e8);
        sx_i_scene_hatch(s, at.x, at.y, at.w, at.h);
        return;
    }
    sx_i_rgb ground = sx_i_ramp_colour(&p->ramp, value);
    s->class = "cell";
    sx_i_scene_rect(s, at.x, at.y, at.w, at.h, ground);
    if (!(p->number > 0))
        return;
    s->class = "number";
    sx_i_ramp_digits(&p->ramp, value, text);
    sx_i_mark *m = sx_i_scene_text(s, at.x + at.w / 2, at.y + at.h / 2 + capital * p->number,
                                   p->number, text);
    if (m) {
        m->anchor = SX_I_MIDDLE;
        m->colour = sx_i_colour_text_on(ground);
    }
}

static void put_cells(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    const sx_heat *m = p->m;
    for (int32_t i = 0; i < m->rows; i++)
        for (int32_t j = 0; j < m->columns; j++)
            put_cell(p, s, (sx_i_box){area.x + j * p->cw, area.y + i * p->ch, p->cw, p->ch},
                     m->value[(size_t)i * (size_t)m->columns + (size_t)j]);
    s->class = "grid";
    for (int32_t i = 1; p->ch >= 3 && i < m->rows; i++)
        sx_i_scene_line(s, area.x, area.y + i * p->ch, area.w, 0, 0.5, SX_I_PAPER);
    for (int32_t j = 1; p->cw >= 3 && j < m->columns; j++)
        sx_i_scene_line(s, area.x + j * p->cw, area.y, 0, area.h, 0.5, SX_I_PAPER);
    sx_i_scene_frame(s, area.x, area.y, area.w, area.h);
}

static void put_title(const sx_i_heat_plan *p, sx_i_scene *s, double x, double y, double angle,
                      const char *text, double width)
{
    char line[1][SX_I_LABEL];
    if (!*text || sx_i_markup_wrap(p->pen->fonts, text, p->pen->text, width, 1, line) == 0)
        return;
    sx_i_mark *m = sx_i_scene_markup(s, x, y, p->pen->text, line[0]);
    if (m) {
        m->anchor = SX_I_MIDDLE;
        m->angle = angle;
        m->colour = p->pen->palette.ink;
    }
}

/* what the hatching means */
static void put_key(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area)
{
    double text = p->pen->text;
    double y = area.y + area.h + below_bar(p, area.h) + 0.6 * text;
    if (!p->holes)
        return;
    s->class = "key";
    sx_i_scene_rect(s, area.x, y, 2 * text, text, 0xe8e8e8);
    sx_i_scene_hatch(s, area.x, y, 2 * text, text);
    sx_i_mark *m = sx_i_scene_text(s, area.x + 2 * text + SX_I_NAME_GAP,
                                   y + (0.5 + capital) * text, text, "no value");
    if (m)
        m->colour = p->pen->palette.ink;
}

static void put_notes(const sx_i_heat_plan *p)
{
    if (!(p->number > 0))
        sx_i_note(p->pen->notes, "numbers are left out: the cells are too small for them");
    if (p->row_every || p->column_every)
        sx_i_note(p->pen->notes,
                  p->key.height > 0 ? "names are numbers, listed below: the cells are too small"
                                    : "names are numbers: the cells are too small for them");
}

sx_status sx_i_heat_draw(sx_i_pen *pen, const sx_panel *panel, const sx_i_panel_frame *frame,
                         sx_i_box area, sx_i_scene *s, sx_error *err)
{
    sx_i_heat_plan p;
    sx_status st = plan_all(&p, pen, panel, frame, area, err);
    if (st)
        return st;
    const char *before = s->class;
    put_cells(&p, s, area);
    s->class = "name";
    sx_i_heat_names_put(&p, s, area);
    s->class = "title";
    if (p.row_names)
        put_title(&p, s, area.x - p.room.left + 0.9 * pen->text, area.y + area.h / 2, 90,
                  p.m->row_title, area.h);
    if (p.column_names)
        put_title(&p, s, area.x + area.w / 2, area.y - p.room.top + 0.9 * pen->text, 0,
                  p.m->column_title, area.w);
    put_key(&p, s, area);
    if (p.bar)
        sx_i_bar_put(&p.bars, &p.ramp, pen, s, area, area.y + area.h + below_key(&p, area.h));
    s->class = before;
    put_notes(&p);
    return s->failed ? sx_nomem(err) : SX_OK;
}
