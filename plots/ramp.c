/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ramp.c - numbers as colours and digits, and the bar that explains them. */
#include "plots/ramp_int.h"

#include <math.h>
#include <stdio.h>

static const double capital = 0.36; /* half the height of a capital, of its size */
static const double gap = 4;
static const double bar_gap = 9; /* between area and bar */
static const double bar_width = 8;
static const double tick_length = 3;
static const double leading = 1.35;   /* between lines of a label, of the type's size */
static const double nothing = 1e-12;  /* of the largest number: rounding, white as 0 is */
static const double least_tint = 0.1; /* of the least number that is not 0 */

double sx_i_ramp_scaled(const sx_i_ramp *r, double value)
{
    int half = r->exponent / 2;
    return value * pow(10, -half) * pow(10, half - r->exponent);
}

/* the power of ten of x's first digit */
static int magnitude(double x)
{
    /* cppcheck-suppress [invalidFunctionArg,floatConversionOverflow] */
    return x > 0 ? (int)floor(log10(x)) : 0;
}

static bool exact(const sx_i_ramp *r, const double *value, size_t n, int decimals)
{
    double unit = pow(10, decimals);
    for (size_t i = 0; i < n; i++) {
        double x = unit * sx_i_ramp_scaled(r, value[i]);
        if (fabs(x - nearbyint(x)) > 1e-6)
            return false;
    }
    return true;
}

void sx_i_ramp_init(sx_i_ramp *r, bool diverging, double low, double high, const double *value,
                    size_t n)
{
    low = fmin(low, 0);
    high = fmax(high, 0);
    int e = magnitude(fmax(-low, high));
    r->diverging = diverging || low < 0;
    r->exponent = e < -1 || e > 2 ? e : 0;
    r->decimals = r->exponent == 0 && e > 0 ? 2 - e : 2;
    r->low = sx_i_ramp_scaled(r, low);
    r->high = sx_i_ramp_scaled(r, high);
    if (!(r->low < r->high))
        r->high = r->low + 1;
    for (int d = 0; d < r->decimals; d++)
        if (exact(r, value, n, d))
            r->decimals = d;
}

/* The maps are nearly white at 0: colours begin a little beyond it. */
static double tint(double t)
{
    return copysign(least_tint + (1 - least_tint) * fabs(t), t);
}

static sx_i_rgb colour_scaled(const sx_i_ramp *r, double x)
{
    if (fabs(x) <= nothing * fmax(-r->low, r->high))
        return SX_I_PAPER;
    if (r->diverging)
        return sx_i_colour_diverging(tint(x / fmax(-r->low, r->high)));
    return sx_i_colour_sequential(tint(x / r->high));
}

sx_i_rgb sx_i_ramp_colour(const sx_i_ramp *r, double value)
{
    return colour_scaled(r, value == 0 ? 0 : sx_i_ramp_scaled(r, value));
}

void sx_i_ramp_digits(const sx_i_ramp *r, double value, char text[32])
{
    sx_i_fixed(value == 0 ? 0 : sx_i_ramp_scaled(r, value), value == 0 ? 0 : r->decimals, text);
}

/* Digits are equally wide: of each sign the largest number is the widest. */
double sx_i_ramp_widest(const sx_i_ramp *r, sx_i_fonts *f, const double *value, size_t n)
{
    double end[2] = {0, 0};
    double widest = 0;
    for (size_t i = 0; i < n; i++) {
        end[0] = fmin(end[0], value[i]); /* the other one when it is NAN */
        end[1] = fmax(end[1], value[i]);
    }
    for (int i = 0; i < 2; i++) {
        char text[32];
        sx_i_ramp_digits(r, end[i], text);
        widest = fmax(widest, sx_i_text_width(f, text, 10) / 10);
    }
    return widest;
}

/* --- the bar --- */

static double label_beside(const sx_i_bar_plan *b)
{
    return *b->label[0] && b->lines == 0 ? gap + 1.2 * b->text : 0;
}

double sx_i_bar_right(const sx_i_bar_plan *b)
{
    return bar_gap + bar_width + tick_length + 2 + b->tick_width + label_beside(b);
}

double sx_i_bar_below(const sx_i_bar_plan *b)
{
    return b->lines ? (0.7 + leading * b->lines) * b->text : 0;
}

static void name_power(const sx_i_ramp *r, int exponent, const char *label, char *text)
{
    int power = r->exponent + exponent;
    if (power == 0)
        snprintf(text, SX_I_LABEL, "%s", label);
    else if (*label)
        snprintf(text, SX_I_LABEL, "%.480s / 10^{%s%d}", label, power < 0 ? "\xe2\x88\x92" : "",
                 power < 0 ? -power : power);
    else
        snprintf(text, SX_I_LABEL, "\xc3\x97 10^{%s%d}", power < 0 ? "\xe2\x88\x92" : "",
                 power < 0 ? -power : power);
}

/* text is label and the power of ten, which has a line of its own where they would be cut */
static void wrap_label(sx_i_bar_plan *b, const sx_i_ramp *r, sx_i_pen *pen, const char *label,
                       const char *text, double width)
{
    int power = r->exponent + b->ticks.exponent;
    b->lines = sx_i_markup_wrap(pen->fonts, text, b->text, width, SX_I_BAR_LINES, b->label);
    if (!power || !b->lines || !sx_i_markup_cut(b->label[b->lines - 1]))
        return;
    b->lines =
        sx_i_markup_wrap(pen->fonts, label, b->text, width, SX_I_BAR_LINES - 1, b->label);
    snprintf(b->label[b->lines++], SX_I_LABEL, "/ 10^{%s%d}", power < 0 ? "\xe2\x88\x92" : "",
             power < 0 ? -power : power);
}

sx_status sx_i_bar_plan_make(sx_i_bar_plan *b, const sx_i_ramp *r, sx_i_pen *pen,
                             const char *label, sx_i_box area, sx_error *err)
{
    char text[SX_I_LABEL];
    b->text = pen->text;
    b->height = fmax(area.h, 4 * b->text);
    b->lines = 0;
    b->tick_width = 0;
    double wanted = fmin(6, fmax(2, floor(b->height / (2 * b->text))));
    sx_status st = sx_ticks_inside(r->low, r->high, (int32_t)wanted, &b->ticks, err);
    if (st)
        return st;
    for (int32_t i = 0; i < b->ticks.ticks; i++)
        b->tick_width =
            fmax(b->tick_width, sx_i_text_width(pen->fonts, b->ticks.label[i], b->text));
    name_power(r, b->ticks.exponent, label, text);
    snprintf(b->label[0], SX_I_LABEL, "%s", text);
    b->lines = sx_i_markup_width(pen->fonts, text, b->text) > b->height; /* not beside it */
    if (b->lines)
        wrap_label(b, r, pen, label, text, area.w + sx_i_bar_right(b));
    return SX_OK;
}

/* As an image of strips, which is small in every format. */
static void put_strips(const sx_i_ramp *r, sx_i_scene *s, double x, double y, double height)
{
    enum { STRIPS = 128 };
    uint32_t pixel[STRIPS];
    for (int i = 0; i < STRIPS; i++) {
        double value = r->high - (r->high - r->low) * (i + 0.5) / STRIPS;
        pixel[i] = 0xff000000U | colour_scaled(r, value);
    }
    sx_i_scene_image(s, x, y, bar_width, height, (sx_i_pixels){STRIPS, 1, pixel});
    double zero = y + height * r->high / (r->high - r->low);
    double top = fmax(y, zero - 0.8);
    sx_i_scene_rect(s, x, top, bar_width, fmin(y + height, zero + 0.8) - top, SX_I_PAPER);
    sx_i_scene_frame(s, x, y, bar_width, height);
}

static void put_ticks(const sx_i_bar_plan *b, const sx_i_ramp *r, const sx_i_pen *pen,
                      sx_i_scene *s, double x, double bottom)
{
    double last = INFINITY;
    for (int32_t i = 0; i < b->ticks.ticks; i++) {
        double value = b->ticks.value[i];
        double y = bottom - b->height * (value - r->low) / (r->high - r->low);
        if (last - y < 1.1 * b->text)
            continue;
        last = y;
        sx_i_scene_line(s, x, y, tick_length, 0, 0.5, pen->palette.axis);
        sx_i_mark *m = sx_i_scene_text(s, x + tick_length + 2, y + capital * b->text, b->text,
                                       b->ticks.label[i]);
        if (m)
            m->colour = pen->palette.ink;
    }
}

static void put_label(const sx_i_bar_plan *b, const sx_i_pen *pen, sx_i_scene *s, sx_i_box area,
                      double below)
{
    double right = area.x + area.w + sx_i_bar_right(b);
    below = fmax(below, area.y + b->height + (b->height > area.h ? 0.4 * b->text : 0));
    for (int32_t i = 0; i < (b->lines ? b->lines : 1); i++) {
        double x = b->lines ? right : right - 0.25 * b->text;
        double y = b->lines ? below + (1.5 + leading * i) * b->text : area.y + b->height / 2;
        sx_i_mark *m = sx_i_scene_markup(s, x, y, b->text, b->label[i]);
        if (!m)
            return;
        m->anchor = b->lines ? SX_I_END : SX_I_MIDDLE;
        m->angle = b->lines ? 0 : 90;
        m->colour = pen->palette.ink;
    }
}

void sx_i_bar_put(const sx_i_bar_plan *b, const sx_i_ramp *r, const sx_i_pen *pen,
                  sx_i_scene *s, sx_i_box area, double below)
{
    double x = area.x + area.w + bar_gap;
    const char *before = s->class;
    s->class = "bar";
    put_strips(r, s, x, area.y, b->height);
    put_ticks(b, r, pen, s, x + bar_width, area.y + b->height);
    s->class = "bar-label";
    if (*b->label[0])
        put_label(b, pen, s, area, below);
    s->class = before;
}
