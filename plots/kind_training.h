/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_training.h - figure: how far a reward is from the truth while it is being learned.
 *
 * One line a series over its steps.  Of several runs (seeds) the line is the mean, the band its
 * 95 % bootstrap interval, the pale lines are the runs; of one run the band is the interval
 * that its rows bring.  With regrets a second panel below shares the steps. */
#ifndef SX_KIND_TRAINING_H
#define SX_KIND_TRAINING_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers of rows and their intervals; NULL, or NAN in a row: none. */
typedef struct sx_training_numbers {
    const char *title;                /* markup, of the axis */
    const double *value, *low, *high; /* [rows] */
} sx_training_numbers;

typedef struct sx_training_view {
    const char *title;   /* of the document */
    const char *x_title; /* markup */
    int64_t rows;
    const double *x;                      /* [rows] */
    sx_training_numbers distance, regret; /* of regret value may be NULL */
    const int32_t *series, *run;          /* [rows] or NULL: one */
    int32_t count;                        /* of series, >= 1 */
    const char *const *name;              /* [count], or NULL of one without a name */
    const char *const *run_name;          /* by number, or NULL */
    uint64_t draws;                       /* seed of the bootstrap over runs */
} sx_training_view;

/* *out: owned by the caller; NULL on failure.  SX_EINPUT: two rows for one place of a run, no
 * row with numbers. */
SX_CHECKED sx_status sx_figure_training(const sx_training_view *v, sx_figure **out,
                                        sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
