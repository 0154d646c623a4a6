/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_distances.h - figure: the distances between all rewards as a matrix with numbers. */
#ifndef SX_KIND_DISTANCES_H
#define SX_KIND_DISTANCES_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_distances_view {
    const char *title;       /* of the document */
    const char *bar;         /* markup: which distance */
    int32_t n;               /* 2 to 200 */
    const char *const *name; /* [n] */
    const double *value;     /* [n*n], symmetric; NAN: none */
    double unit; /* size of what is compared: 1 of rewards divided by their norms; 0: unknown */
} sx_distances_view;

/* *out: owned by the caller; NULL on failure.  The alternative text names the two that are
 * nearest and the two that are farthest apart.
 * Where all distances are below 1e-12 of the unit, they are rounding: 0 in the matrix and in
 * the text, and a note says so.  SX_EARG: too many; SX_EMEM. */
SX_CHECKED sx_status sx_figure_distances(const sx_distances_view *v, sx_figure **out,
                                         sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
