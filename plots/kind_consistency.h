/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_consistency.h - figures of whether rewards follow what counterfactual edits change.
 *
 * Neutral edits: the invariance error of each reward; causal ones: its distance to the true
 * reward and its regret.  Bars beside each other by edit, curves over the size of edits that
 * have sizes, or matrices where that would be too many. */
#ifndef SX_KIND_CONSISTENCY_H
#define SX_KIND_CONSISTENCY_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number and its interval: NAN where there is none. */
typedef struct sx_figure_number {
    double value, low, high;
} sx_figure_number;

typedef enum sx_edit_measure {
    SX_EDIT_INVARIANCE, /* invariance error */
    SX_EDIT_DISTANCE,   /* distance to the true reward */
    SX_EDIT_REGRET,
    SX_EDIT_MEASURES
} sx_edit_measure;

typedef enum sx_edit_sort {
    SX_EDIT_IS_NEUTRAL,
    SX_EDIT_IS_CAUSAL,
    SX_EDIT_IS_OTHER
} sx_edit_sort;

/* One reward in one edited world. */
typedef struct sx_edit_result {
    const char *edit, *reward; /* borrowed by the call */
    double step;               /* the size of the edit; NAN: it has none */
    sx_edit_sort sort;
    sx_figure_number number[SX_EDIT_MEASURES];
} sx_edit_result;

/* row [rows]; of the same edit, step and reward the last one counts.  threshold: drawn where it
 * is about what is drawn, unless NAN.  *out: owned by the caller.  SX_EINPUT: there is no
 * number. */
SX_CHECKED sx_status sx_figure_consistency(const char *title, const sx_edit_result *row,
                                           int64_t rows, double threshold, sx_figure **out,
                                           sx_error *err);

/* How well a model tells right responses from wrong ones, over all contrast sets or on one:
 * c_res for the same context, c_ins for the same response (ties are not right). */
typedef struct sx_contrast_result {
    const char *model, *set; /* borrowed; "" for all sets together */
    sx_figure_number c_res;  /* with the interval, if there is one */
    double c_ins;
    double q_value; /* NAN: unknown */
} sx_contrast_result;

/* Matrices of models by sets, one for each of the two; or a chart of models alone, with the
 * intervals, and a star at those whose q-value is at most 0.05. */
SX_CHECKED sx_status sx_figure_contrast(const char *title, const sx_contrast_result *row,
                                        int64_t rows, sx_figure **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
