/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_plot.h - what the kinds of figures share: one file and one row of a table each. */
#ifndef SX_VERB_PLOT_H
#define SX_VERB_PLOT_H

#include "cli/cli.h"

/* A kind of figure.  draw reads the specification (sx_cli_read), computes, draws, and writes
 * with sx_plot_write; by then --output is known to have a form. */
typedef struct sx_plot_kind {
    const char *name;
    sx_status (*draw)(sx_cli *c, sx_error *err);
} sx_plot_kind;

extern const sx_plot_kind sx_plot_kinds[]; /* ends with name == NULL */

/* "pdf", "svg" or "png" by the suffix of --output, or NULL. */
const char *sx_plot_format(const sx_cli *c);

/* Write the bytes of a figure to --output. */
SX_CHECKED sx_status sx_plot_write(sx_cli *c, const unsigned char *bytes, size_t size,
                                   sx_error *err);

/* One file a kind. */
sx_status sx_plot_distances(sx_cli *c, sx_error *err);
sx_status sx_plot_gridworld(sx_cli *c, sx_error *err);

#endif
