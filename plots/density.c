/* SPDX-License-Identifier: GPL-3.0-or-later */
/* density.c - counts of points on a fine grid, as an image. */
#include "plots/density_int.h"

#include <math.h>

static const double dots = 144; /* squares an inch: half a point each */

static const double faintest = 0.3; /* of the colour map: what one point has */

static double strength(int64_t count, int64_t most)
{
    double share =
        most > 1 ? (log1p((double)count) - log1p(1)) / (log1p((double)most) - log1p(1)) : 1;
    return faintest + (1 - faintest) * share;
}

sx_i_rgb sx_i_density_colour(sx_theme theme, int64_t count, int64_t most)
{
    double t = strength(count, most);
    return sx_i_colour_sequential(theme == SX_THEME_DARK ? 1 - t : t);
}

/* Squares along a length; at most 4000, which keeps the image small on a poster. */
static int32_t squares(double length)
{
    return (int32_t)fmin(fmax(ceil(length * dots / 72), 1), 4000);
}

/* The square of x, or -1. */
static int32_t square(double x, double start, double length, int32_t n)
{
    double at = (x - start) / length * n;
    if (!(at >= 0 && at <= n))
        return -1;
    return at < n ? (int32_t)at : n - 1;
}

/* How many points each square has; returns the greatest of these. */
static uint32_t count(uint32_t *pixel, int32_t rows, int32_t columns, sx_i_box area,
                      const double *xy, int64_t n)
{
    uint32_t most = 0;
    for (int64_t k = 0; k < n; k++) {
        int32_t j = square(xy[2 * k], area.x, area.w, columns);
        int32_t i = square(xy[2 * k + 1], area.y, area.h, rows);
        if (i < 0 || j < 0)
            continue;
        uint32_t c = ++pixel[(int64_t)i * columns + j];
        most = c > most ? c : most;
    }
    return most;
}

/* counts as an image; tint: in that colour, else of the map */
static void draw(sx_i_scene *s, sx_i_box area, const double *xy, int64_t n,
                 const sx_i_rgb *tint, int64_t *most)
{
    int32_t rows = squares(area.h);
    int32_t columns = squares(area.w);
    int64_t all = (int64_t)rows * columns;
    *most = 0;
    uint32_t *pixel = s->failed ? NULL : sx_alloc((size_t)all, sizeof *pixel);
    if (!pixel) {
        s->failed = true;
        return;
    }
    *most = count(pixel, rows, columns, area, xy, n);
    for (int64_t i = 0; i < all; i++) {
        if (!pixel[i])
            continue;
        if (tint) /* few shades, which are fewer bytes */
            pixel[i] = (uint32_t)lround(51 * ceil(5 * strength(pixel[i], *most))) << 24 | *tint;
        else
            pixel[i] = 0xff000000U | sx_i_density_colour(s->theme, pixel[i], *most);
    }
    sx_i_scene_image(s, area.x, area.y, area.w, area.h, (sx_i_pixels){rows, columns, pixel});
    sx_release(pixel);
}

void sx_i_density_draw(sx_i_scene *s, sx_i_box area, const double *xy, int64_t n, int64_t *most)
{
    draw(s, area, xy, n, NULL, most);
}

void sx_i_density_tint(sx_i_scene *s, sx_i_box area, const double *xy, int64_t n,
                       sx_i_rgb colour)
{
    int64_t most;
    draw(s, area, xy, n, &colour, &most);
}
