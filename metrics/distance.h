/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance.h - distances between rewards.
 *
 *     STARC   d(R1,R2) = m( s(R1) - s(R2) ),  s(R) = c(R) / n(c(R))      Skalse et al. 2024
 *     EPIC    sqrt((1-rho)/2), rho = Pearson correlation of the canonical rewards under
 *             D_S(s) D_A(a|s) D_S(s')                                    Gleave et al. 2021
 *
 * s(R) = 0 when R is trivial (val, minimal) or max |c(R)| <= 1e-12 max |R|, for the two
 * potential forms at discounts near 1 <= 16 eps / (1-gamma) max |R|, which is their rounding;
 * d(0,0) = 0, d(0,R) = m(s(R)).  A weighted n is blind to impossible triples: where c(R) is
 * zero on every possible triple but not elsewhere, there is no s(R) and no distance.  In EPIC
 * a canonical reward whose deviation is at most 1e-12 max |R| is constant: rho = 0 against
 * another, distance 0 between two. */
#ifndef SX_DISTANCE_H
#define SX_DISTANCE_H

#include "metrics/canon.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_distance_kind { SX_DISTANCE_STARC, SX_DISTANCE_EPIC } sx_distance_kind;

/* One combination.  For SX_DISTANCE_EPIC norm and metric are ignored, and canon says which
 * forms are correlated: SX_EPIC for the published distance. */
typedef struct sx_measure {
    sx_distance_kind kind;
    sx_canon canon;
    sx_norm norm;   /* n; SX_NO_NORM is not offered for the minimal forms */
    sx_norm metric; /* m; never SX_NO_NORM */
} sx_measure;

/* val, l2, l2. */
sx_measure sx_measure_default(void);

/* All STARC combinations: 7 canonicalisations x 7 normalisations x 6 metrics without
 * the minimal forms' `none`.  measure: room for SX_MEASURES.  Returns how many. */
enum { SX_MEASURES = 7 * 7 * 6 };
int32_t sx_measures_all(sx_measure *measure);

/* value [n * pairs], pairs = rewards (rewards-1) / 2: for measure i and rewards a < b at
 * value[i * pairs + index of (a,b) in the order (0,1) (0,2) ... (1,2) ...].
 * Canonical forms are computed once a reward and canonicalisation.  The same bits for any
 * number of threads.  SX_EARG: a measure that is not offered. */
SX_CHECKED sx_status sx_distances(sx_canoniser *c, const sx_reward *const *reward,
                                  int32_t rewards, const sx_measure *measure, int32_t n,
                                  sx_number *value, sx_error *err);

typedef struct sx_lengths {
    sx_number *value;  /* [n * pairs] as above */
    sx_number *length; /* [n * rewards] or NULL: for measure i and reward a at i * rewards + a
                          what c(R) is divided by, n(c(R)), or 0 where s(R) = 0; left as it
                          was for SX_DISTANCE_EPIC */
} sx_lengths;

/* The same, and the lengths of the canonical forms. */
SX_CHECKED sx_status sx_distances_lengths(sx_canoniser *c, const sx_reward *const *reward,
                                          int32_t rewards, const sx_measure *measure, int32_t n,
                                          const sx_lengths *out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
