/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_measure.h - plot: which of the measures of a table is drawn, and how it is printed. */
#ifndef SX_PLOT_MEASURE_H
#define SX_PLOT_MEASURE_H

#include "cli/verb_plot.h"

enum { SX_PICK_DISTANCE, SX_PICK_CANON, SX_PICK_NORM, SX_PICK_METRIC, SX_PICKS };

/* The rows of a table under one measure. */
typedef struct sx_plot_pick {
    int32_t column[SX_PICKS];   /* -1: the table does not say */
    const char *word[SX_PICKS]; /* of the rows that are kept; NULL where it does not say */
    unsigned char *keep;        /* [rows] 1: this row; owned */
} sx_plot_pick;

/* What --distance, --canon, --norm and --metric say of the columns that there are; where they
 * leave several measures, the usual one of them, E534 without it.  prefix: of the names of the
 * columns, e.g. "bounds_"; first: the first part that a column of words may name (a column
 * distance may hold numbers).  p->keep is released with sx_plot_pick_clear in any case. */
SX_CHECKED sx_status sx_plot_pick_rows(sx_cli *c, const sx_data *t, const char *prefix,
                                       int first, sx_plot_pick *p, sx_error *err);
void sx_plot_pick_clear(sx_plot_pick *p);

/* The words of a measure: borrowed. */
void sx_plot_measure_words(const sx_measure *m, const char *word[SX_PICKS]);

/* "VAL L_2/L_2 distance" as markup; word: NULL for what is not known. */
void sx_plot_measure_markup(const char *const word[SX_PICKS], char *markup, size_t size);

/* The size of what a measure compares: 1 of rewards divided by their norms, 0 where it is not
 * known.  What is far below it is rounding. */
double sx_plot_measure_unit(const char *const word[SX_PICKS]);

#endif
