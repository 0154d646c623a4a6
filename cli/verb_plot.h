/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_plot.h - what the kinds of figures share: one file and one row of a table each. */
#ifndef SX_VERB_PLOT_H
#define SX_VERB_PLOT_H

#include "cli/cli.h"
#include "cli/data.h"
#include "cli/plot_map.h"
#include "plots/figure.h"

/* What a kind of figure is made from. */
enum { SX_PLOT_SPEC = 1, SX_PLOT_TABLE = 2 };

/* A kind of figure.  make reads the specification (sx_cli_read) or a table (sx_plot_table),
 * computes and fills the figure in; the verb draws and writes it.  Options of plot that are not
 * in `options` are refused when they are given, but for those of all figures; of a table those
 * that are not in `of_table`. */
typedef struct sx_plot_kind {
    const char *name;
    const char *summary; /* one line for the manual */
    unsigned takes;      /* SX_PLOT_SPEC | SX_PLOT_TABLE */
    sx_status (*make)(sx_cli *c, sx_figure **figure, sx_error *err);
    const sx_option_id *options;  /* ends with SX_OPTS */
    const sx_option_id *of_table; /* the same; NULL: all options */
} sx_plot_kind;

extern const sx_plot_kind sx_plot_kinds[]; /* ends with name == NULL */

/* Whether a kind reads that option of plot. */
bool sx_plot_reads(const sx_plot_kind *kind, sx_option_id id);

/* Whether the first argument names a table: it ends in .csv. */
bool sx_plot_is_table(const sx_cli *c);

/* Read the table that the first argument names.  *out: owned by the caller. */
SX_CHECKED sx_status sx_plot_table(sx_cli *c, sx_data **out, sx_error *err);

/* "pdf", "svg" or "png" by the suffix of --output, or NULL. */
const char *sx_plot_format(const sx_cli *c);

/* plot_style.c: what the options of all figures say about looks. */
SX_CHECKED sx_status sx_plot_style_read(sx_cli *c, sx_plot_style *style, sx_error *err);

/* plot_write.c: E505, E510, E506 where what is to be written cannot be; before any work. */
SX_CHECKED sx_status sx_plot_check(sx_cli *c, sx_error *err);

/* Draw the figure as the options of style say, and write it with what else is asked for
 * (--data, --gnuplot, --tikz, alternative text): all files or none. */
SX_CHECKED sx_status sx_plot_write(sx_cli *c, const sx_figure *figure, sx_error *err);

/* plot_pair.c: the two rewards of --true and --proxy; without --proxy the other one of two. */
SX_CHECKED sx_status sx_plot_pair(sx_cli *c, int32_t *truth, int32_t *proxy, sx_error *err);

/* verb_plot.c: kinds of figures and their options, for --help. */
void sx_plot_help(sx_text *t, int32_t indent, int32_t width);

/* One file a kind. */
sx_status sx_plot_distances(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_gridworld(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_regret(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_polygon(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_goodhart(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_correlation(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_canonical(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_shaping(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_consistency(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_overoptimisation(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_training(sx_cli *c, sx_figure **figure, sx_error *err);
sx_status sx_plot_share(sx_cli *c, sx_figure **figure, sx_error *err);

#endif
