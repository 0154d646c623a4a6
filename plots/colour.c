/* SPDX-License-Identifier: GPL-3.0-or-later */
/* colour.c - a sequential and a diverging colour map, and text that can be read on them.
 *
 * The map goes from nearly white over sky blue to a dark blue.  Its knots lie on a path of
 * falling lightness: between knots colours are mixed in proportion, so that lightness falls
 * everywhere, for every kind of colour vision and in grey print.  The diverging map has these
 * colours above 0 and orange to brown of the same lightness below: blue against orange is a
 * difference that every kind of colour vision sees. */
#include "plots/plots_int.h"

#include <math.h>

static const unsigned char knots[][3] = {
    {0xf5, 0xf8, 0xfa}, {0xda, 0xe9, 0xf1}, {0xb7, 0xd8, 0xe8},
    {0x8c, 0xc2, 0xdd}, {0x5e, 0xa8, 0xcf}, {0x38, 0x8a, 0xbd},
    {0x20, 0x6b, 0xa6}, {0x15, 0x4d, 0x88}, {0x0d, 0x30, 0x62},
};
enum { KNOTS = sizeof knots / sizeof *knots };

static const unsigned char below[KNOTS][3] = {
    {0xf5, 0xf8, 0xfa}, {0xfa, 0xe3, 0xd0}, {0xf8, 0xcb, 0xa6},
    {0xf0, 0xae, 0x79}, {0xe1, 0x8e, 0x4c}, {0xc8, 0x6e, 0x28},
    {0xa5, 0x50, 0x12}, {0x7e, 0x37, 0x08}, {0x55, 0x22, 0x02},
};

static sx_i_rgb mix(const unsigned char (*knot)[3], double t)
{
    double at = fmin(fmax(t, 0), 1) * (KNOTS - 1);
    int k = (int)fmin(floor(at), KNOTS - 2);
    sx_i_rgb rgb = 0;
    for (int c = 0; c < 3; c++) {
        double mixed = knot[k][c] + (at - k) * (knot[k + 1][c] - knot[k][c]);
        rgb = rgb << 8 | (sx_i_rgb)lround(mixed);
    }
    return rgb;
}

sx_i_rgb sx_i_colour_sequential(double t)
{
    return mix(knots, t);
}

sx_i_rgb sx_i_colour_diverging(double t)
{
    return t < 0 ? mix(below, -t) : mix(knots, t);
}

static double linear(sx_i_rgb channel)
{
    double c = (double)(channel & 0xff) / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

double sx_i_colour_luminance(sx_i_rgb colour)
{
    return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) +
           0.0722 * linear(colour);
}

/* The contrast (a + 0.05) / (b + 0.05) with white and with black is equal where
 * (L + 0.05)^2 = 1.05 * 0.05. */
sx_i_rgb sx_i_colour_text_on(sx_i_rgb ground)
{
    double l = sx_i_colour_luminance(ground) + 0.05;
    return l * l < 1.05 * 0.05 ? SX_I_PAPER : SX_I_INK;
}
