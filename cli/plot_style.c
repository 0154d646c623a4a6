/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_style.c - plot: size, type and colours, as the options of all figures ask. */
#include "cli/verb_plot.h"

static const double COLUMN = 3.25 * 72, PAGE = 6.75 * 72; /* of no venue in particular */

sx_status sx_plot_style_read(sx_cli *c, sx_plot_style *style, sx_error *err)
{
    const sx_options *o = &c->o;
    const char *venue = o->text[SX_OPT_VENUE];
    int32_t columns = o->number[SX_OPT_COLUMNS] > 1 ? 2 : 1;
    sx_status st = SX_OK;
    *style = sx_plot_style_defaults();
    if (venue)
        st = sx_plot_style_venue(style, venue, columns, err);
    else if (o->given[SX_OPT_COLUMNS])
        style->width = columns == 2 ? PAGE : COLUMN;
    if (o->given[SX_OPT_WIDTH])
        style->width = o->number[SX_OPT_WIDTH];
    if (o->given[SX_OPT_HEIGHT])
        style->height = o->number[SX_OPT_HEIGHT];
    if (o->given[SX_OPT_TEXT_SIZE])
        style->text = o->number[SX_OPT_TEXT_SIZE];
    style->serif = o->number[SX_OPT_FONT] > 0;
    style->theme = (sx_theme)o->number[SX_OPT_THEME];
    style->transparent = o->number[SX_OPT_BACKGROUND] > 0;
    style->legend = (sx_legend)o->number[SX_OPT_LEGEND];
    style->raster = (sx_raster)o->number[SX_OPT_RASTER];
    return st;
}
