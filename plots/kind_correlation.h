/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_correlation.h - figure: how well families of measures predict something, as strips.
 *
 * A strip a family, a dot for each of its measures, a short line at their median; the family
 * with the greatest median on top.  One family is in colour, the others are grey. */
#ifndef SX_KIND_CORRELATION_H
#define SX_KIND_CORRELATION_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_correlation_view {
    const char *title;       /* of the document */
    const char *coefficient; /* "Pearson correlation with regret" */
    int64_t n;
    const double *value;   /* [n] NAN: left out */
    const int32_t *family; /* [n] */
    const int32_t *panel;  /* [n] */
    int32_t families, panels;
    const char *const *name;        /* [families] */
    const char *const *panel_title; /* [panels] */
    int32_t highlight;              /* a family; -1: the one with the greatest median */
} sx_correlation_view;

/* *out: owned by the caller; NULL on failure.  Families are sorted by their medians in the
 * first panel, those without a number there last.  Cost O(n log n).  SX_EINPUT: no number;
 * SX_EMEM. */
SX_CHECKED sx_status sx_figure_correlation(const sx_correlation_view *v, sx_figure **out,
                                           sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
