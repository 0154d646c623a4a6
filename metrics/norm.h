/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm.h - norms of rewards over all triples, possible or not.
 *
 *     l1 l2 linf      sum |R|, sqrt(sum R^2), max |R|   over all K*S triples
 *     weighted-l1     sum tau |R|
 *     weighted-l2     sqrt(sum tau R^2)
 *     weighted-linf   max tau |R|
 *
 * (Skalse et al. 2024, the definitions of the experiments.)  Only l1, l2 and linf look at
 * impossible triples; where those have no value, or computing with them is above the work
 * limit, the answer is null with a reason. */
#ifndef SX_NORM_H
#define SX_NORM_H

#include "mdp/reward.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_norm {
    SX_L1,
    SX_L2,
    SX_LINF,
    SX_WEIGHTED_L1,
    SX_WEIGHTED_L2,
    SX_WEIGHTED_LINF,
    SX_NO_NORM /* normalisation only: divide by 1 */
} sx_norm;

enum { SX_NORMS = 6 }; /* without none */

/* Steps that one call may take over impossible triples. */
#define SX_NORM_WORK ((int64_t)1 << 28)

const char *sx_norm_name(sx_norm n);             /* "l1" ... "none" */
bool sx_norm_find(const char *name, sx_norm *n); /* false for an unknown name */

/* norm [SX_NORMS] of r, all in one pass.  wanted: bit i asks for norm i; the others are
 * NAN with a reason.  Row by row, O(K S), up to SX_NORM_WORK triples; where it is cheaper by
 * grouping pairs or successors into classes of equal products: l2 in closed form, l1 and
 * linf by sorting.  Above SX_NORM_WORK steps of either, l1 l2 linf are null.  The same bits
 * for any number of threads. */
SX_CHECKED sx_status sx_norms(const sx_mdp *m, const sx_reward *r, unsigned wanted,
                              sx_number norm[SX_NORMS], sx_error *err);

/* Mean and standard deviation of R under the product weights left [K] and right [S] (each
 * summing to 1): E[R], sqrt(E[(R - E[R])^2]). */
SX_CHECKED sx_status sx_reward_moments(const sx_mdp *m, const sx_reward *r, const double *left,
                                       const double *right, sx_number *mean,
                                       sx_number *deviation, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
