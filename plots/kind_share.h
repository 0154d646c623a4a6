/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_share.h - figures of which steps carry a distance. */
#ifndef SX_KIND_SHARE_H
#define SX_KIND_SHARE_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A step of the world, e.g. "r0c0, up", and what it adds to the whole, in [0,1]. */
typedef struct sx_share_step {
    const char *name; /* borrowed by the call */
    double share;
} sx_share_step;

/* One more panel of f: horizontal bars of the shares, which descend, what all others have
 * together if that is more than rounding, and a line of the sums so far.  title: markup;
 * of: what is shared, as in "share of the distance".  Nothing for no steps. */
void sx_figure_shares(sx_figure *f, const char *title, const char *of,
                      const sx_share_step *step, int32_t steps);

#ifdef __cplusplus
}
#endif
#endif
