/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.h - what a figure looks like, whatever it shows: size, type, colours, legend. */
#ifndef SX_STYLE_H
#define SX_STYLE_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* auto follows the reader's choice in SVG, and is light elsewhere. */
typedef enum sx_theme { SX_THEME_LIGHT, SX_THEME_DARK, SX_THEME_AUTO } sx_theme;
/* auto: names beside lines where they fit, else a legend in the emptiest corner. */
typedef enum sx_legend { SX_LEGEND_AUTO, SX_LEGEND_OUTSIDE, SX_LEGEND_NONE } sx_legend;
/* Clouds of points as an image of their density: auto above 5000 points. */
typedef enum sx_raster { SX_RASTER_AUTO, SX_RASTER_NEVER, SX_RASTER_ALWAYS } sx_raster;

typedef struct sx_plot_style {
    double width;  /* points (1/72 inch) of the page; 0: the figure chooses */
    double height; /* 0: the figure chooses */
    double text;   /* points of the type, 5 to 24: 8 */
    bool serif;
    sx_theme theme;
    bool transparent; /* no ground */
    sx_legend legend;
    sx_raster raster;
    uint64_t seed; /* of jitter */
} sx_plot_style;

sx_plot_style sx_plot_style_defaults(void);

/* The i-th place to publish, e.g. "icml", NULL after the last. */
const char *sx_plot_venue(int32_t i);

/* Width and type of a figure over one or two columns there; where there is one column only,
 * two of them are as wide.  SX_EARG: no such venue. */
SX_CHECKED sx_status sx_plot_style_venue(sx_plot_style *s, const char *venue, int32_t columns,
                                         sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
