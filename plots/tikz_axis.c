/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_axis.c - the axes of a chart by pgfplots, with the ticks and labels of the picture. */
#include <math.h>

#include "plots/marks_int.h"
#include "plots/tikz_axis_int.h"

/* --- numbers --- */

bool sx_i_tikz_plain(const sx_i_axis *a)
{
    const sx_scale *s = &a->scale;
    double width = s->high - s->low;
    if (!sx_i_axis_plain(a))
        return false;
    if (s->kind == SX_SCALE_LOG)
        return s->low > 1e-60 && s->high < 1e60 && s->high > 1.5 * s->low;
    return width > 1e-30 && width < 1e30 && fmax(fabs(s->low), fabs(s->high)) < 300 * width;
}

double sx_i_tikz_back(const sx_i_axis *a, double place)
{
    if (sx_i_tikz_plain(a))
        return sx_i_axis_back(a, place);
    return a->vertical ? a->length - place : place;
}

double sx_i_tikz_value(const sx_i_axis *a, double value)
{
    double place = isfinite(value) ? sx_scale_place(&a->scale, value) : (double)NAN;
    bool near = place >= -10 * a->length && place <= 11 * a->length;
    if (isnan(place))
        return place;
    if (near && sx_i_tikz_plain(a))
        return value;
    return sx_i_tikz_back(a, fmin(fmax(place, -10 * a->length), 11 * a->length));
}

double sx_i_tikz_end(const sx_i_axis *a, double value)
{
    if (value >= a->scale.low && value <= a->scale.high)
        return sx_i_tikz_value(a, value);
    return sx_i_tikz_back(a, sx_i_end_place(a, value));
}

void sx_i_tikz_put(sx_i_bytes *out, const sx_i_axis *a, double number)
{
    if (isnan(number))
        sx_i_bytes_text(out, "nan");
    else if (sx_i_tikz_plain(a))
        sx_i_bytes_number(out, number);
    else
        sx_i_tikz_number(out, number);
}

/* --- ticks --- */

/* The text of a label, or of nothing. */
static void put_label(const sx_i_tikz *t, const char *text)
{
    sx_i_bytes_text(t->out, "{");
    sx_i_tikz_words(t, text ? text : "", false, t->text);
    sx_i_bytes_text(t->out, "}");
}

static int32_t labels(const sx_i_axis *a)
{
    return a->axis->categories ? a->axis->categories : a->ticks.ticks;
}

static double tick_value(const sx_i_axis *a, int32_t i)
{
    return a->axis->categories ? i : a->ticks.value[i];
}

static const char *tick_label(const sx_i_axis *a, int32_t i)
{
    if (!a->names)
        return NULL;
    return !a->axis->categories ? a->ticks.label[i] : a->label ? a->label[i] : NULL;
}

static void put_ticks(const sx_i_tikz *t, const sx_i_axis *a, char name)
{
    int32_t step = a->axis->categories && a->every > 0 ? a->every : 1;
    sx_i_bytes_format(t->out, "  %ctick={", name);
    for (int32_t i = 0; i < labels(a); i += step) {
        sx_i_bytes_text(t->out, i ? "," : "");
        sx_i_tikz_put(t->out, a, sx_i_tikz_value(a, tick_value(a, i)));
    }
    sx_i_bytes_format(t->out, "},\n  %cticklabels={", name);
    for (int32_t i = 0; i < labels(a); i += step) {
        sx_i_bytes_text(t->out, i ? "," : "");
        put_label(t, tick_label(a, i));
    }
    sx_i_bytes_text(t->out, "},\n");
    if (a->axis->categories || !a->ticks.minors) {
        sx_i_bytes_format(t->out, "  %cminorticks=false,\n", name);
        return;
    }
    sx_i_bytes_format(t->out, "  minor %ctick={", name);
    for (int32_t i = 0; i < a->ticks.minors; i++) {
        sx_i_bytes_text(t->out, i ? "," : "");
        sx_i_tikz_put(t->out, a, sx_i_tikz_value(a, a->ticks.minor[i]));
    }
    sx_i_bytes_text(t->out, "},\n");
}

/* Where labels stand: pgfplots counts from the ends of ticks. */
static void put_label_style(const sx_i_tikz *t, const sx_i_axis *a, char name)
{
    double half = SX_I_CAPITAL * t->text;
    double gap = a->axis->categories ? SX_I_GAP - SX_I_TICK : SX_I_GAP;
    double dx = a->vertical ? -gap : 0;
    double dy = a->vertical ? -half : -gap - 2.2 * half;
    if (!a->vertical && a->angle > 0) {
        dx = a->angle == 45 ? half * sqrt(2) : half;
        dy = a->angle == 45 ? -gap - 1.6 * half : -gap;
    }
    sx_i_bytes_format(t->out, "  %cticklabel style={sextant/text={", name);
    sx_i_tikz_number(t->out, t->text);
    sx_i_bytes_format(t->out, "}, sextantink, anchor=%s, shift={(",
                      a->vertical || a->angle > 0 ? "base east" : "base");
    sx_i_tikz_number(t->out, dx);
    sx_i_bytes_text(t->out, "bp,");
    sx_i_tikz_number(t->out, dy);
    sx_i_bytes_text(t->out, "bp)}");
    if (a->angle > 0) {
        sx_i_bytes_text(t->out, ", rotate=");
        sx_i_tikz_number(t->out, a->angle);
    }
    sx_i_bytes_text(t->out, "},\n");
    if (a->axis->categories)
        sx_i_bytes_format(t->out, "  %ctick style={draw=none},\n", name);
}

/* --- titles --- */

/* The last line stands at the title's place, the others above it. */
static void put_title(const sx_i_tikz *t, const sx_i_axis *a, double across, char name)
{
    double line = SX_I_LINE * t->text;
    const sx_i_lines *l = &a->title;
    double away =
        a->depth + SX_I_GAP +
        (a->vertical ? SX_I_DOWN * t->text : (l->lines - 1) * line + SX_I_UP * t->text);
    if (!l->lines)
        return;
    sx_i_bytes_format(t->out, "  %clabel={", name);
    sx_i_bytes_text(t->out, l->lines > 1 ? "\\begin{tabular}[b]{@{}c@{}}" : "");
    for (int32_t i = 0; i < l->lines; i++) {
        sx_i_bytes_text(t->out, i ? "\\\\" : "");
        sx_i_tikz_words(t, l->line[i], true, t->text);
    }
    sx_i_bytes_text(t->out, l->lines > 1 ? "\\end{tabular}}" : "}");
    sx_i_bytes_format(t->out, ", %clabel style={sextant/text={", name);
    sx_i_tikz_number(t->out, t->text);
    sx_i_bytes_text(t->out, "}, sextantink, anchor=base, at={(axis description cs:");
    sx_i_bytes_number(t->out, a->vertical ? -round(1e5 * away / across) / 1e5 : 0.5);
    sx_i_bytes_text(t->out, ",");
    sx_i_bytes_number(t->out, a->vertical ? 0.5 : -round(1e5 * away / across) / 1e5);
    sx_i_bytes_text(t->out, ")}},\n");
}

/* --- the axes --- */

static void put_ends(const sx_i_tikz *t, const sx_i_axis *a, char name)
{
    double low = 0;
    double high = a->length;
    bool plain = sx_i_tikz_plain(a);
    if (plain)
        sx_i_axis_ends(a, &low, &high);
    sx_i_bytes_format(t->out, "  %cmin=", name);
    sx_i_tikz_put(t->out, a, low);
    sx_i_bytes_format(t->out, ", %cmax=", name);
    sx_i_tikz_put(t->out, a, high);
    sx_i_bytes_text(t->out, plain && a->scale.kind == SX_SCALE_LOG ? "," : ",\n");
    if (plain && a->scale.kind == SX_SCALE_LOG)
        sx_i_bytes_format(t->out, " %cmode=log,\n", name);
    if (plain && sx_i_axis_reversed(a))
        sx_i_bytes_format(t->out, "  %c dir=reverse,\n", name);
    if (!plain)
        sx_i_bytes_format(t->out, "  %% %c in points: TeX cannot tell its numbers apart\n",
                          name);
}

void sx_i_tikz_axis_begin(const sx_i_tikz *t, const sx_i_view *v, bool named)
{
    const sx_i_chart *c = v->chart;
    sx_i_bytes_text(t->out, "\\begin{axis}[scale only axis, width=");
    sx_i_tikz_number(t->out, v->area.w);
    sx_i_bytes_text(t->out, "bp, height=");
    sx_i_tikz_number(t->out, v->area.h);
    sx_i_bytes_text(t->out, "bp,\n  at={(");
    sx_i_tikz_number(t->out, v->area.x);
    sx_i_bytes_text(t->out, "bp,");
    sx_i_tikz_number(t->out, -v->area.y - v->area.h);
    sx_i_bytes_text(t->out, "bp)}, anchor=south west,\n");
    put_ends(t, &c->x, 'x');
    put_ends(t, &c->y, 'y');
    sx_i_bytes_text(t->out, "  enlargelimits=false, clip mode=individual, scaled ticks=false");
    if (!named) {
        sx_i_bytes_text(t->out, ", hide axis]\n");
        return;
    }
    sx_i_bytes_text(t->out,
                    ",\n  axis lines*=left, axis line style={sextantaxis, line width=0.6bp},\n"
                    "  tick style={sextantaxis, line width=0.6bp}, tick align=outside, tick "
                    "pos=left,\n  major tick length=3bp, minor tick length=1.8bp,\n");
    put_ticks(t, &c->x, 'x');
    put_label_style(t, &c->x, 'x');
    put_title(t, &c->x, c->h, 'x');
    put_ticks(t, &c->y, 'y');
    put_label_style(t, &c->y, 'y');
    put_title(t, &c->y, c->w, 'y');
    sx_i_bytes_text(t->out, "  sextant/axis/.try]\n");
}

void sx_i_tikz_axis_end(const sx_i_tikz *t)
{
    sx_i_bytes_text(t->out, "\\end{axis}\n");
}

static void put_stroke(const sx_i_tikz *t, const sx_i_view *v, const sx_i_axis *a, double at,
                       double size, sx_i_rgb colour)
{
    const double rise = 2.2;
    double x = v->area.x + (a->vertical ? 0 : at);
    double y = v->area.y + v->area.h - (a->vertical ? at : 0);
    const double upright[] = {x - rise / 2, y + rise, rise, -2 * rise};
    const double level[] = {x - rise, y + rise / 2, 2 * rise, -rise};
    sx_i_tikz_line(t, a->vertical ? level : upright, size, colour);
}

static void put_break(const sx_i_tikz *t, const sx_i_view *v, const sx_i_axis *a)
{
    const double gap = 1.2;
    double at = a->scale.slot - 2 * gap;
    if (a->scale.kind != SX_SCALE_LOG || !a->scale.zeros)
        return;
    put_stroke(t, v, a, at, 1.6 * gap, t->palette.paper);
    put_stroke(t, v, a, at - gap, SX_I_AXIS, t->palette.axis);
    put_stroke(t, v, a, at + gap, SX_I_AXIS, t->palette.axis);
}

void sx_i_tikz_breaks(const sx_i_tikz *t, const sx_i_view *v)
{
    put_break(t, v, &v->chart->x);
    put_break(t, v, &v->chart->y);
}
