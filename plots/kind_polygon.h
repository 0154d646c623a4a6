/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_polygon.h - figure: the returns of all policies under two rewards.
 *
 *     x, y               return of the proxy and of the true reward, as they are
 *     area               the polygon { (J2(pi), J1(pi)) }; a segment or a point where a reward
 *                        is trivial or the two order all policies alike or oppositely
 *     squares, diamonds  the vertices that are optimal for the proxy, in truth; where all on an
 *                        edge are, a thick line between its ends
 *     arrow down         the worst case: from the policy that returns more in truth to the one
 *                        that the proxy prefers, or holds equal
 *     dashed line        all policies that the proxy holds equal to the better of the two; the
 *                        small arrow on it points to those it prefers */
#ifndef SX_KIND_POLYGON_H
#define SX_KIND_POLYGON_H

#include "metrics/frontier.h"
#include "metrics/witness.h"
#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One more policy: its name and returns. */
typedef struct sx_polygon_mark {
    const char *name;
    double proxy, truth;
} sx_polygon_mark;

typedef struct sx_polygon_view {
    const char *title;           /* of the document */
    const char *truth, *proxy;   /* names of the rewards */
    const sx_frontier *frontier; /* of the two */
    const sx_regret *regret;     /* NULL: no worst case */
    const sx_witness *witness;   /* returns of its two policies; NULL without it */
    bool path;                   /* the soft-optimal path of the frontier, too */
    int32_t marks;
    const sx_polygon_mark *mark; /* [marks] */
} sx_polygon_view;

/* *out: owned by the caller; NULL on failure.  Cost O(vertices).  SX_EMEM. */
SX_CHECKED sx_status sx_figure_polygon(const sx_polygon_view *v, sx_figure **out,
                                       sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
