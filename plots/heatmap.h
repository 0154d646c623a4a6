/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heatmap.h - a labelled square matrix of numbers as a figure. */
#ifndef SX_HEATMAP_H
#define SX_HEATMAP_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_heatmap {
    const char *title;        /* of the document, not drawn; "" for none */
    const char *bar_label;    /* beside the colour bar, e.g. "VAL L2/L2 distance" */
    int32_t n;                /* rows and columns, >= 1 */
    const char *const *label; /* [n] */
    const double *value;      /* [n*n] by rows; NAN: no value, drawn hatched */
    double width;             /* points (1/72 inch) of the page; 0: chosen by n */
} sx_heatmap;

/* The bytes of a figure; format "pdf", "svg" or "png" (PNG at 300 dots an inch).
 * The same input gives the same bytes.  *bytes: owned by the caller (sx_release).
 * SX_EARG: a format or size that is not offered.  SX_ELIB: cairo's words. */
SX_CHECKED sx_status sx_heatmap_draw(const sx_heatmap *h, const char *format,
                                     unsigned char **bytes, size_t *size, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
