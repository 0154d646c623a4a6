/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_text.c - numbers, images and rules of style as they stand in an SVG file. */
#include "plots/svg_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put_base64(sx_i_bytes *out, const sx_i_bytes *in)
{
    static const char sign[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < in->size && !out->failed; i += 3) {
        uint32_t three = 0;
        char four[4];
        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (i + k < in->size ? in->data[i + k] : 0U);
        for (size_t k = 0; k < 4; k++)
            four[k] = i + k <= in->size ? sign[three >> (18 - 6 * k) & 63] : '=';
        (void)!sx_i_bytes_add(out, four, 4);
    }
}

void sx_i_svg_image(const sx_i_mark *m, sx_i_bytes *out)
{
    sx_i_bytes png = {0};
    sx_i_image_png(m, &png);
    sx_i_bytes_text(out, "data:image/png;base64,");
    put_base64(out, &png);
    (void)!sx_i_bytes_add(out, "", 1);
    out->failed = out->failed || png.failed;
    sx_release(png.data);
}

enum { TURNING = 5 };
static const char *const name[TURNING] = {"ink", "paper", "axis", "faint", "grey"};

static void colours(sx_theme theme, sx_i_rgb colour[TURNING])
{
    sx_i_palette p = sx_i_palette_of(theme);
    const sx_i_rgb list[TURNING] = {p.ink, p.paper, p.axis, p.faint, p.grey};
    memcpy(colour, list, sizeof list);
}

static void put_properties(sx_i_bytes *out, sx_theme theme)
{
    sx_i_rgb colour[TURNING];
    colours(theme, colour);
    sx_i_bytes_text(out, ".sextant{");
    for (int i = 0; i < TURNING; i++)
        sx_i_bytes_format(out, "--%s:#%06x;", name[i], (unsigned)colour[i]);
    sx_i_bytes_text(out, "}");
}

void sx_i_svg_style(sx_i_bytes *out)
{
    sx_i_rgb colour[TURNING];
    sx_i_bytes_text(out, "\n");
    put_properties(out, SX_THEME_LIGHT);
    sx_i_bytes_text(out, "\n@media (prefers-color-scheme:dark){");
    put_properties(out, SX_THEME_DARK);
    sx_i_bytes_text(out, "}\n");
    colours(SX_THEME_AUTO, colour);
    for (int i = 0; i < TURNING; i++) {
        sx_i_bytes_format(out, ".sextant [fill='#%06x']{fill:var(--%s)}\n", (unsigned)colour[i],
                          name[i]);
        sx_i_bytes_format(out, ".sextant [stroke='#%06x']{stroke:var(--%s)}\n",
                          (unsigned)colour[i], name[i]);
    }
    (void)!sx_i_bytes_add(out, "", 1);
}
