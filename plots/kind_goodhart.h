/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_goodhart.h - figure: what becomes of the true return while a proxy is optimised.
 *
 * Returns are shares of their ranges, 0 to 1 from the worst policy to the best.
 *
 *     x by level     the proxy's return, at least so much
 *     x by pressure  range of the proxy's return / temperature of the soft-optimal path; 0 is
 *                    the uniform policy
 *     band           of one proxy, by level: least and greatest true return of all policies
 *                    whose proxy's return is at least the level, exact between the vertices
 *                    of the return polygon
 *     line           the soft-optimal path, with a ring at its greatest true return
 *     arrow          the drop height: from that return down to the one in the limit T -> 0; as
 *                    a share of the range it is never below 0 (Karwowski et al. 2024) */
#ifndef SX_KIND_GOODHART_H
#define SX_KIND_GOODHART_H

#include "metrics/frontier.h"
#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SX_GOODHART_MOST = 4 }; /* proxies of one figure */

typedef struct sx_goodhart_view {
    const char *title;                  /* of the document */
    const char *truth;                  /* name of the true reward */
    int32_t proxies;                    /* 1 to SX_GOODHART_MOST */
    const char *const *proxy;           /* [proxies] names */
    const sx_frontier *const *frontier; /* [proxies] with their paths */
    bool pressure;                      /* x is the pressure, not the level */
} sx_goodhart_view;

/* *out: owned by the caller; NULL on failure.  Cost O(vertices).  SX_EARG: a number of
 * proxies; a frontier without a path; by pressure, no proxy that is not trivial. */
SX_CHECKED sx_status sx_figure_goodhart(const sx_goodhart_view *v, sx_figure **out,
                                        sx_error *err);

/* The exact band in shares: it bends at these levels alone. */
typedef struct sx_goodhart_band {
    int32_t count;                    /* >= 2, the first level is 0, the last 1 */
    double *level, *least, *greatest; /* [count] */
} sx_goodhart_band;

/* Cost O(vertices).  SX_EMEM.  To be cleared. */
SX_CHECKED sx_status sx_goodhart_band_find(const sx_frontier *f, sx_goodhart_band *b,
                                           sx_error *err);
void sx_goodhart_band_clear(sx_goodhart_band *b);

#ifdef __cplusplus
}
#endif
#endif
