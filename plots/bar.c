/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar.c - the colour bar: limits, ticks at 1, 2 or 5 times a power of ten, label. */
#include "plots/bar_int.h"

#include <math.h>
#include <stdio.h>

static const double margin = 4;
static const double font = 8;       /* of ticks and label */
static const double capital = 0.36; /* half the height of a capital, of its size */
static const double gap = 4;
static const double bar_gap = 10; /* between cells and bar */
static const double bar_width = 8;

double sx_i_bar_scaled(const sx_i_bar *b, double value)
{
    int half = b->exponent / 2;
    return value * pow(10, -half) * pow(10, half - b->exponent);
}

/* the power of ten of x's first digit */
static int magnitude(double x)
{
    /* cppcheck-suppress [invalidFunctionArg,floatConversionOverflow] */
    return x > 0 ? (int)floor(log10(x)) : 0;
}

void sx_i_bar_range(sx_i_bar *b, double low, double high)
{
    low = fmin(low, 0);
    high = fmax(high, 0);
    int e = magnitude(fmax(-low, high));
    b->exponent = e < -1 || e > 2 ? e : 0;
    b->decimals = b->exponent == 0 && e > 0 ? 2 - e : 2;
    b->low = sx_i_bar_scaled(b, low);
    b->high = sx_i_bar_scaled(b, high);
    if (!(b->low < b->high))
        b->high = b->low + 1;
}

sx_i_rgb sx_i_bar_colour(const sx_i_bar *b, double value)
{
    if (b->diverging)
        return sx_i_colour_diverging(value / fmax(-b->low, b->high));
    return sx_i_colour_sequential((value - b->low) / (b->high - b->low));
}

void sx_i_bar_ticks(sx_i_bar *b, sx_i_fonts *f, double height)
{
    double most = fmin(6, floor(height / 16));
    double rough = (b->high - b->low) / fmax(1, most);
    double power = pow(10, floor(log10(rough)));
    double step = rough / power;
    b->tick = power * (step <= 1 ? 1 : step <= 2 ? 2 : step <= 5 ? 5 : 10);
    b->tick_decimals = (int)fmax(0, -floor(log10(b->tick) + 1e-9));
    b->tick_width = 0;
    for (double k = ceil(b->low / b->tick - 1e-9); k * b->tick <= b->high * (1 + 1e-9); k++) {
        char text[32];
        sx_i_fixed(k * b->tick, b->tick_decimals, text);
        b->tick_width = fmax(b->tick_width, sx_i_text_width(f, text, font));
    }
}

void sx_i_bar_label(sx_i_bar *b, sx_i_fonts *f, const char *name)
{
    char power[32];
    sx_i_power(b->exponent, power);
    if (b->exponent == 0)
        snprintf(b->label, sizeof b->label, "%s", name);
    else
        snprintf(b->label, sizeof b->label, "%s%s/ %s", name, *name ? " " : "", power);
    b->label_width = sx_i_text_width(f, b->label, font);
}

double sx_i_bar_space(const sx_i_bar *b)
{
    double label = *b->label && !b->label_below ? gap + 1.2 * font : 0;
    return bar_gap + bar_width + 5 + b->tick_width + label;
}

/* Strips from the low end up, each reaching to the top, so that no gap shows between them. */
static void draw_strips(const sx_i_bar *b, sx_i_scene *s, double x, double y, double height)
{
    enum { STRIPS = 128 };
    for (int i = 0; i < STRIPS; i++) {
        double value = b->low + (b->high - b->low) * (i + 0.5) / STRIPS;
        sx_i_scene_rect(s, x, y, bar_width, height * (STRIPS - i) / STRIPS,
                        sx_i_bar_colour(b, value));
    }
    sx_i_scene_frame(s, x, y, bar_width, height);
}

static void draw_ticks(const sx_i_bar *b, sx_i_scene *s, double x, double bottom, double height)
{
    double range = b->high - b->low;
    for (double k = ceil(b->low / b->tick - 1e-9); k * b->tick <= b->high + 1e-9 * range; k++) {
        char text[32];
        double y = bottom - height * (k * b->tick - b->low) / range;
        sx_i_fixed(k * b->tick, b->tick_decimals, text);
        sx_i_scene_line(s, x, y, 3, 0, 0.5, 0x4d4d4d);
        sx_i_scene_text(s, x + 5, y + capital * font, font, text);
    }
}

static void draw_label(const sx_i_bar *b, sx_i_fonts *f, sx_i_scene *s, sx_i_bar_place at)
{
    if (!b->label_below) {
        double x = at.x + sx_i_bar_space(b) - 0.25 * font;
        sx_i_mark *m = sx_i_scene_text(s, x, at.y + at.height / 2, font, b->label);
        if (m) {
            m->anchor = SX_I_MIDDLE;
            m->angle = 90;
        }
        return;
    }
    char *fitted = sx_i_label_fit(f, b->label, font, at.page - 2 * margin);
    sx_i_mark *m = fitted ? sx_i_scene_text(s, at.page - margin, at.y + at.height + 1.75 * font,
                                            font, fitted)
                          : NULL;
    s->failed = s->failed || !fitted;
    if (m)
        m->anchor = SX_I_END;
    sx_release(fitted);
}

void sx_i_bar_draw(const sx_i_bar *b, sx_i_fonts *f, sx_i_scene *s, sx_i_bar_place at)
{
    double x = at.x + bar_gap;
    draw_strips(b, s, x, at.y, at.height);
    draw_ticks(b, s, x + bar_width, at.y + at.height, at.height);
    if (*b->label)
        draw_label(b, f, s, at);
}
