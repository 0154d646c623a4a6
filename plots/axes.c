/* SPDX-License-Identifier: GPL-3.0-or-later */
/* axes.c - axes of a panel: as many ticks as have room for their labels, names of categories
 * level, else turned, else shortened, titles with the power of ten that was taken out. */
#include "plots/chart_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

static double place(const sx_i_axis *a, double value)
{
    return sx_scale_place(&a->scale, value);
}

/* --- numbers --- */

/* length along the axis of a label, and of the space between two of them */
static double label_length(sx_i_pen *pen, const sx_i_axis *a, int32_t i)
{
    return a->vertical ? pen->text : sx_i_text_width(pen->fonts, a->ticks.label[i], pen->text);
}

static bool labels_fit(sx_i_pen *pen, const sx_i_axis *a)
{
    double space = (a->vertical ? 0.25 : 0.6) * pen->text;
    double end = -INFINITY;
    for (int32_t k = 0; k < a->ticks.ticks; k++) {
        int32_t i = a->vertical ? a->ticks.ticks - 1 - k : k;
        double half = label_length(pen, a, i) / 2;
        double at = place(a, a->ticks.value[i]);
        if (!*a->ticks.label[i])
            continue;
        if (at - half < end + space)
            return false;
        end = at + half;
    }
    return true;
}

/* every second label less, the first kept: of the slot of zeros, where there is one */
static void thin_labels(sx_ticks *t)
{
    bool keep = false;
    for (int32_t i = 0; i < t->ticks; i++) {
        if (!*t->label[i])
            continue;
        keep = !keep;
        if (!keep)
            t->label[i][0] = '\0';
    }
}

static int32_t labels_left(const sx_ticks *t)
{
    int32_t left = 0;
    for (int32_t i = 0; i < t->ticks; i++)
        left += *t->label[i] != '\0';
    return left;
}

/* two numbers say little: more of them, where they fit */
static sx_status more_numbers(sx_i_pen *pen, sx_i_axis *a, int32_t wanted, sx_error *err)
{
    sx_status st = SX_OK;
    sx_ticks few = a->ticks;
    for (int32_t more = wanted + 1; !st && a->ticks.ticks < 3 && more <= wanted + 3; more++) {
        st = sx_scale_ticks(&a->scale, more, &a->ticks, err);
        if (!st && !labels_fit(pen, a))
            a->ticks = few;
    }
    return st;
}

static sx_status plan_numbers(sx_i_pen *pen, sx_i_axis *a, sx_error *err)
{
    double pitch = (a->vertical ? 2.6 : 5.5) * pen->text;
    int32_t wanted = (int32_t)fmax(2, fmin(7, floor(a->length / pitch) + 1));
    sx_status st = sx_scale_ticks(&a->scale, wanted, &a->ticks, err);
    while (!st && wanted > 2 && !labels_fit(pen, a))
        st = sx_scale_ticks(&a->scale, --wanted, &a->ticks, err);
    while (!st && labels_left(&a->ticks) > 1 && !labels_fit(pen, a))
        thin_labels(&a->ticks);
    return st ? st : more_numbers(pen, a, wanted, err);
}

static void measure_numbers(sx_i_pen *pen, sx_i_axis *a)
{
    double widest = 0;
    for (int32_t i = 0; i < a->ticks.ticks; i++) {
        double half = label_length(pen, a, i) / 2;
        double at = place(a, a->ticks.value[i]);
        if (!*a->ticks.label[i])
            continue;
        widest = fmax(widest, sx_i_text_width(pen->fonts, a->ticks.label[i], pen->text));
        if (a->vertical)
            at = a->length - at;
        a->low_over = fmax(a->low_over, half - at);
        a->high_over = fmax(a->high_over, at + half - a->length);
    }
    a->depth = SX_I_TICK + SX_I_GAP + (a->vertical ? widest : SX_I_UP * pen->text);
}

/* --- categories --- */

static double widest_name(sx_i_pen *pen, const sx_i_axis *a)
{
    double widest = 0;
    for (int32_t i = 0; i < a->axis->categories; i++)
        widest = fmax(widest, sx_i_text_width(pen->fonts, a->axis->category[i], pen->text));
    return widest;
}

static sx_status shorten_names(sx_i_pen *pen, sx_i_axis *a, double width, sx_error *err)
{
    bool cut = false;
    a->label = sx_alloc((size_t)a->axis->categories, sizeof *a->label);
    for (int32_t i = 0; a->label && i < a->axis->categories; i += a->every) {
        a->label[i] = sx_i_label_fit(pen->fonts, a->axis->category[i], pen->text, width + 0.01);
        if (!a->label[i])
            return sx_nomem(err);
        cut = cut || strcmp(a->label[i], a->axis->category[i]) != 0;
    }
    if (cut)
        sx_i_note(pen->notes, "some names on the axes are shortened");
    return a->label ? SX_OK : sx_nomem(err);
}

/* how much of the area's height or width names may take */
static double deepest(const sx_i_pen *pen, double across)
{
    return fmax(4 * pen->text, 0.8 * across);
}

static sx_status plan_names(sx_i_pen *pen, sx_i_axis *a, double across, sx_error *err)
{
    double pitch = a->length / (a->scale.high - a->scale.low); /* shared: of all panels */
    double line = SX_I_LINE * pen->text;
    double widest = widest_name(pen, a);
    double most = fmin(widest, deepest(pen, across));
    double cross = line; /* what a label takes along the axis */
    if (!a->vertical && widest + 0.5 * pen->text > pitch) {
        a->angle = pitch >= line * sqrt(2) ? 45 : 90;
        cross = a->angle == 45 ? line * sqrt(2) : line;
        most = fmin(widest, deepest(pen, 0.6 * across) / sin(a->angle * pi / 180));
    } else if (!a->vertical) {
        cross = pitch;
    }
    a->every = (int32_t)fmin(fmax(1, ceil(cross / pitch - 1e-9)), a->axis->categories);
    if (a->every > 1)
        sx_i_note(pen->notes, "only every %dth name is shown on an axis", (int)a->every);
    return shorten_names(pen, a, most, err);
}

static void measure_names(sx_i_pen *pen, sx_i_axis *a)
{
    double turn = a->angle * pi / 180;
    double widest = 0;
    for (int32_t i = 0; i < a->axis->categories; i += a->every) {
        double width = sx_i_text_width(pen->fonts, a->label[i], pen->text);
        double at = place(a, i);
        double before = a->vertical || a->angle == 90 ? 0.5 * pen->text
                        : a->angle > 0                ? width * cos(turn) + 0.5 * pen->text
                                                      : width / 2;
        double after = a->vertical || a->angle > 0 ? 0.6 * pen->text : width / 2;
        widest = fmax(widest, width);
        if (a->vertical)
            at = a->length - at;
        a->low_over = fmax(a->low_over, before - at);
        a->high_over = fmax(a->high_over, at + after - a->length);
    }
    a->depth = SX_I_GAP + (a->vertical    ? widest
                           : a->angle > 0 ? widest * sin(turn) + 0.6 * pen->text
                                          : (SX_I_UP + 0.1) * pen->text);
}

/* --- both --- */

/* the power of ten that was taken out of the numbers, as markup; "" for none */
static void name_power(const sx_i_axis *a, char power[32])
{
    int exponent = a->ticks.exponent;
    power[0] = '\0';
    if (exponent)
        snprintf(power, 32,
                 "\xc3\x97"
                 "10^{%s%d}",
                 exponent < 0 ? "\xe2\x88\x92" : "", abs(exponent));
}

/* a title that is cut never loses the power of ten: it has a line of its own */
static void wrap_title(sx_i_pen *pen, sx_i_axis *a, const char *title, const char *power,
                       double width)
{
    sx_i_lines *t = &a->title;
    bool both = *power && *a->axis->title;
    t->lines = sx_i_markup_wrap(pen->fonts, title, pen->text, width, SX_I_LINES, t->line);
    if (both && t->lines && sx_i_markup_cut(t->line[t->lines - 1])) {
        t->lines = sx_i_markup_wrap(pen->fonts, a->axis->title, pen->text, width,
                                    SX_I_LINES - 1, t->line);
        snprintf(t->line[t->lines++], SX_I_LABEL, "(%s)", power);
    }
    for (int32_t i = 0; i < t->lines; i++)
        t->width = fmax(t->width, sx_i_markup_width(pen->fonts, t->line[i], pen->text));
}

static sx_status plan_title(sx_i_pen *pen, sx_i_axis *a, sx_error *err)
{
    char power[32];
    size_t size = strlen(a->axis->title) + 64;
    char *title = sx_alloc(size, 1);
    if (!title)
        return sx_nomem(err);
    name_power(a, power);
    if (*power && *a->axis->title)
        snprintf(title, size, "%s (%s)", a->axis->title, power);
    else
        snprintf(title, size, "%s%s", a->axis->title, power);
    wrap_title(pen, a, title, power, fmax(a->length, 3 * pen->text));
    sx_release(title);
    return SX_OK;
}

sx_status sx_i_axis_plan(sx_i_pen *pen, sx_i_axis *a, double across, sx_error *err)
{
    bool named = a->axis->categories > 0;
    if (!a->names)
        return named ? SX_OK : plan_numbers(pen, a, err);
    sx_status st = named ? plan_names(pen, a, across, err) : plan_numbers(pen, a, err);
    if (!st && named)
        measure_names(pen, a);
    else if (!st)
        measure_numbers(pen, a);
    return st ? st : plan_title(pen, a, err);
}

void sx_i_axis_clear(sx_i_axis *a)
{
    for (int32_t i = 0; a->label && i < a->axis->categories; i++)
        sx_release(a->label[i]);
    a->label = sx_release(a->label);
}

/* what the title needs beyond the labels */
static double title_depth(const sx_i_pen *pen, const sx_i_axis *a)
{
    if (!a->title.lines)
        return 0;
    return SX_I_GAP + (a->title.lines - 1) * SX_I_LINE * pen->text +
           (SX_I_UP + SX_I_DOWN) * pen->text;
}

/* a title longer than its axis reaches beyond both ends */
static double title_over(const sx_i_axis *a)
{
    return fmax(0, (a->title.width - a->length) / 2);
}

void sx_i_axes_room(const sx_i_pen *pen, const sx_i_axis *x, const sx_i_axis *y,
                    sx_i_room *room)
{
    double half = SX_I_AXIS / 2;
    double bare = SX_I_TICK + half;
    double below = x->names ? x->depth + title_depth(pen, x) : bare;
    double beside = y->names ? y->depth + title_depth(pen, y) : bare;
    double over = fmax(title_over(x), 0);
    room->bottom = fmax(fmax(below, y->low_over), title_over(y)) + half;
    room->left = fmax(fmax(beside, x->low_over), over) + half;
    room->right = fmax(fmax(x->high_over, over), half);
    room->top = fmax(fmax(y->high_over, title_over(y)), half);
}

/* A word of an axis. */
typedef struct axis_word {
    const char *class;
    const char *text;
    bool markup;
    sx_i_anchor anchor;
    double angle;
} axis_word;

static void put_word(sx_i_pen *pen, sx_i_scene *s, double x, double y, axis_word w)
{
    s->class = w.class;
    sx_i_mark *m = w.markup ? sx_i_scene_markup(s, x, y, pen->text, w.text)
                            : sx_i_scene_text(s, x, y, pen->text, w.text);
    if (!m)
        return;
    m->anchor = w.anchor;
    m->angle = w.angle;
    m->colour = pen->palette.ink;
}

static void put_tick(sx_i_pen *pen, sx_i_scene *s, const sx_i_axis *a, double at, double length,
                     double across)
{
    s->class = length < SX_I_TICK ? "minor" : "tick";
    if (a->vertical)
        sx_i_scene_line(s, -length, at, length, 0, SX_I_AXIS, pen->palette.axis);
    else
        sx_i_scene_line(s, at, across, 0, length, SX_I_AXIS, pen->palette.axis);
}

static void draw_numbers(sx_i_pen *pen, const sx_i_axis *a, double across, sx_i_scene *s)
{
    const sx_ticks *t = &a->ticks;
    for (int32_t i = 0; i < t->minors; i++)
        put_tick(pen, s, a, place(a, t->minor[i]), 0.6 * SX_I_TICK, across);
    for (int32_t i = 0; i < t->ticks; i++) {
        double at = place(a, t->value[i]);
        put_tick(pen, s, a, at, SX_I_TICK, across);
        if (!a->names || !*t->label[i])
            continue;
        if (a->vertical)
            put_word(pen, s, -SX_I_TICK - SX_I_GAP, at + SX_I_CAPITAL * pen->text,
                     (axis_word){"label-y", t->label[i], false, SX_I_END, 0});
        else
            put_word(pen, s, at, across + SX_I_TICK + SX_I_GAP + 2 * SX_I_CAPITAL * pen->text,
                     (axis_word){"label-x", t->label[i], false, SX_I_MIDDLE, 0});
    }
}

static void draw_names(sx_i_pen *pen, const sx_i_axis *a, double across, sx_i_scene *s)
{
    double half = SX_I_CAPITAL * pen->text;
    for (int32_t i = 0; a->names && i < a->axis->categories; i += a->every) {
        double at = place(a, i);
        const char *name = a->label[i];
        if (a->vertical)
            put_word(pen, s, -SX_I_GAP, at + half,
                     (axis_word){"category", name, false, SX_I_END, 0});
        else if (a->angle == 0)
            put_word(pen, s, at, across + SX_I_GAP + 2.2 * half,
                     (axis_word){"category", name, false, SX_I_MIDDLE, 0});
        else if (a->angle == 45)
            put_word(pen, s, at + half * sqrt(2), across + SX_I_GAP + 1.6 * half,
                     (axis_word){"category", name, false, SX_I_END, 45});
        else
            put_word(pen, s, at + half, across + SX_I_GAP,
                     (axis_word){"category", name, false, SX_I_END, 90});
    }
}

static void draw_title(sx_i_pen *pen, const sx_i_axis *a, double across, sx_i_scene *s)
{
    double at = a->depth + SX_I_GAP;
    double line = SX_I_LINE * pen->text;
    const sx_i_lines *t = &a->title;
    for (int32_t i = 0; i < t->lines; i++) {
        double away = at + (a->vertical ? (t->lines - 1 - i) * line + SX_I_DOWN * pen->text
                                        : i * line + SX_I_UP * pen->text);
        if (a->vertical)
            put_word(pen, s, -away, a->length / 2,
                     (axis_word){"title", t->line[i], true, SX_I_MIDDLE, 90});
        else
            put_word(pen, s, a->length / 2, across + away,
                     (axis_word){"title", t->line[i], true, SX_I_MIDDLE, 0});
    }
}

/* the line itself; two strokes say that the slot of zeros is apart from the rest */
/* from `from` to `to` along the axis */
static void put_line(sx_i_pen *pen, const sx_i_axis *a, double across, double from, double to,
                     sx_i_scene *s)
{
    s->class = "axis";
    if (a->vertical)
        sx_i_scene_line(s, 0, a->length - from, 0, from - to, SX_I_AXIS, pen->palette.axis);
    else
        sx_i_scene_line(s, from, across, to - from, 0, SX_I_AXIS, pen->palette.axis);
}

static void put_break(sx_i_pen *pen, const sx_i_axis *a, double across, double at,
                      sx_i_scene *s)
{
    const double rise = 2.2;
    s->class = "break";
    if (a->vertical)
        sx_i_scene_line(s, -rise, a->length - at + rise / 2, 2 * rise, -rise, SX_I_AXIS,
                        pen->palette.axis);
    else
        sx_i_scene_line(s, at - rise / 2, across + rise, rise, -2 * rise, SX_I_AXIS,
                        pen->palette.axis);
}

/* the line itself; two strokes say that the slot of zeros is apart from the rest */
static void draw_line(sx_i_pen *pen, const sx_i_axis *a, double across, sx_i_scene *s)
{
    const double gap = 1.2;
    const double corner = SX_I_AXIS / 2;
    if (a->scale.kind != SX_SCALE_LOG || !a->scale.zeros) {
        put_line(pen, a, across, -corner, a->length, s);
        return;
    }
    double at = a->scale.slot - 2 * gap;
    put_line(pen, a, across, -corner, at - gap, s);
    put_line(pen, a, across, at + gap, a->length, s);
    put_break(pen, a, across, at - gap, s);
    put_break(pen, a, across, at + gap, s);
}

static void draw_axis(sx_i_pen *pen, const sx_i_axis *a, double across, sx_i_scene *s)
{
    draw_line(pen, a, across, s);
    if (a->axis->categories)
        draw_names(pen, a, across, s);
    else
        draw_numbers(pen, a, across, s);
    draw_title(pen, a, across, s);
}

void sx_i_axes_draw(sx_i_pen *pen, const sx_i_axis *x, const sx_i_axis *y, sx_i_scene *s)
{
    const char *class = s->class;
    draw_axis(pen, x, y->length, s);
    draw_axis(pen, y, y->length, s);
    s->class = class;
}
