/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot_int.h - the parts of a script for gnuplot. */
#ifndef SX_GNUPLOT_INT_H
#define SX_GNUPLOT_INT_H

#include "plots/script_int.h"

/* The script that is being written. */
typedef struct sx_i_gnuplot {
    const sx_i_script *script;
    sx_i_bytes *out;
} sx_i_gnuplot;

/* A text in single quotes, which gnuplot neither expands nor runs; markup becomes its enhanced
 * text.  format: it is one of numbers, where % is special. */
void sx_i_gnuplot_text(sx_i_bytes *out, const char *text, bool markup, bool format);
/* A colour: a name of the head, or '#rrggbb' in quotes. */
void sx_i_gnuplot_colour(const sx_i_gnuplot *g, sx_i_rgb colour);

/* gnuplot_chart.c: styles of lines and data of all charts; one of them. */
SX_CHECKED sx_status sx_i_gnuplot_data(const sx_i_gnuplot *g, sx_error *err);
SX_CHECKED sx_status sx_i_gnuplot_chart(const sx_i_gnuplot *g, int32_t view, sx_error *err);

#endif
