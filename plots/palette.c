/* SPDX-License-Identifier: GPL-3.0-or-later */
/* palette.c - the colours of a theme.
 *
 * Series have the colours of Okabe and Ito (2008) in an order in which the first four differ
 * for every kind of colour vision and stand out from white paper by 3:1; orange and sky do
 * not, and are better for areas than for thin lines.  All stand out from the dark ground. */
#include "plots/plots_int.h"

#define SERIES \
    { \
        0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9 \
    }

enum { AUTO_INK = 0x010101, AUTO_PAPER = 0xfefefe };

sx_i_palette sx_i_palette_of(sx_theme theme)
{
    static const sx_i_palette light = {.ink = SX_I_INK,
                                       .paper = SX_I_PAPER,
                                       .axis = 0x4d4d4d,
                                       .faint = 0xd9d9d9,
                                       .grey = 0x8c8c8c,
                                       .series = SERIES};
    static const sx_i_palette dark = {.ink = 0xe8e8e8,
                                      .paper = 0x121212,
                                      .axis = 0xb0b0b0,
                                      .faint = 0x3a3a3a,
                                      .grey = 0x8f8f8f,
                                      .series = SERIES};
    sx_i_palette p = theme == SX_THEME_DARK ? dark : light;
    if (theme == SX_THEME_AUTO) {
        p.ink = AUTO_INK;
        p.paper = AUTO_PAPER;
    }
    return p;
}

sx_i_rgb sx_i_palette_fixed(sx_i_rgb colour, sx_theme theme)
{
    if (theme != SX_THEME_AUTO)
        return colour;
    return colour == AUTO_INK ? SX_I_INK : colour == AUTO_PAPER ? SX_I_PAPER : colour;
}
