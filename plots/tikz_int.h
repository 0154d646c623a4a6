/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_int.h - the parts of a figure in TikZ. */
#ifndef SX_TIKZ_INT_H
#define SX_TIKZ_INT_H

#include "plots/plots_int.h"

struct sx_i_script; /* script_int.h */
struct sx_i_view;

/* Beyond that many, marks of one layer, of all charts (in places of a line), or pixels of an
 * image are thinned: the memory of TeX is small. */
enum { SX_I_TIKZ_MOST = 4000, SX_I_TIKZ_ALL = 30000 };
/* Beyond that many marks on the page cells are drawn without options, in less memory; of so
 * many others there is a warning. */
enum { SX_I_TIKZ_LIGHT = 3000, SX_I_TIKZ_HEAVY = 8000 };

/* The figure that is being written. */
typedef struct sx_i_tikz {
    const struct sx_i_script *script;
    sx_i_palette palette;
    double text;  /* size of the type */
    int64_t most; /* marks of a layer */
    bool light;   /* cells without options */
    sx_plot_notes *notes;
    sx_i_bytes *out;
} sx_i_tikz;

/* tikz_text.c: a text that LaTeX shows as it is, in ASCII, whatever it holds; a sign that no
 * usual type has is \sextantsign{its number}.  Markup becomes italics and levels. */
void sx_i_tikz_text(sx_i_bytes *out, const char *text, bool markup);

/* tikz_mark.c: marks of a scene in points of the page, y downwards. */
void sx_i_tikz_mark(const sx_i_tikz *t, const sx_i_mark *m);
void sx_i_tikz_number(sx_i_bytes *out, double value);
/* A thin line from (b.x, b.y) to (b.x + b.w, b.y + b.h). */
void sx_i_tikz_line(const sx_i_tikz *t, const double b[4], double size, sx_i_rgb colour);
void sx_i_tikz_dash(const sx_i_tikz *t, sx_dash dash, double size);

/* tikz.c: the name of a marker; a colour by its name or numbers. */
/* A text that is never wider than in the picture. */
void sx_i_tikz_words(const sx_i_tikz *t, const char *text, bool markup, double size);
void sx_i_tikz_colour(const sx_i_tikz *t, sx_i_rgb colour);
const char *sx_i_tikz_marker(sx_marker marker);

/* tikz_chart.c: the axes and data of a chart by pgfplots. */
SX_CHECKED sx_status sx_i_tikz_chart(const sx_i_tikz *t, const struct sx_i_view *v,
                                     sx_error *err);

#endif
