/* SPDX-License-Identifier: GPL-3.0-or-later */
/* density_int.h - a cloud of points as an image: how many there are in each small square. */
#ifndef SX_DENSITY_INT_H
#define SX_DENSITY_INT_H

#include "plots/panel_int.h"

/* Draw the points xy [2*n], in coordinates of the page, over the area as one image: a square of
 * about half a point holds count points and has the colour
 *     0.3 + 0.7 (log(1 + count) - log 2) / (log(1 + most) - log 2)
 * of the sequential map, so that one point alone can be seen; squares without points are
 * transparent.  Points that are NAN or outside the area are left out.  *most: the greatest
 * count, 0 for no points.  On a dark ground many are light and few are dark.
 * Memory that ran out is remembered by s. */
void sx_i_density_draw(sx_i_scene *s, sx_i_box area, const double *xy, int64_t n,
                       int64_t *most);

/* The same in one colour, from faint to full by that share. */
void sx_i_density_tint(sx_i_scene *s, sx_i_box area, const double *xy, int64_t n,
                       sx_i_rgb colour);

/* The colour of a square with that many points, 1 <= count <= most. */
sx_i_rgb sx_i_density_colour(sx_theme theme, int64_t count, int64_t most);

#endif
