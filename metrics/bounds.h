/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds.h - bounds on worst-case regret from a canonicalisation, a norm and a metric.
 *
 * With s(R) = c(R) / n(c(R)) and d(R1,R2) = m(s(R1) - s(R2)) as in distance.h, for a true
 * reward R1 and a proxy R2, all divided by span(R1):
 *
 *     W  <=  span_upper  =  n(c(R1)) span(s(R1) - s(R2))     the dual of W at one lambda
 *        <=  starc_upper =  n(c(R1)) K_m d(R1,R2)            span(x) <= K_m m(x)
 *     W  >=  lower       =  2 rho |c| sin(min(theta, pi/2))  a ball among the occupancies
 *
 * The upper ones hold for every c that differs from the identity by shaping, redistribution
 * and constants, that is for all but dard.  K_m is the largest dual norm of the difference of
 * two occupancies x, y of reachable pairs:
 *
 *     weighted-l1    max |x - y|             the largest range of one occupancy
 *     l1             max tau |x - y|         the same, each times the largest tau of its pair
 *     linf           sum |x - y|             <= 2/(1-gamma), attained where every reachable
 *                                            state has two actions: x and y avoid each other
 *     weighted-l2    |x - y|_2               <= sqrt(K_weighted-l1 K_linf)
 *     l2             |(x - y) tau|_2         <= K_weighted-l2 max |tau|_2, sqrt(K_l1 K_linf)
 *     weighted-linf  sum #supp(tau) |x - y|  <= max #supp(tau) K_linf
 *
 * rho is the radius of the largest ball of occupancies (in their affine hull), |c| and theta
 * are the length and the angle of the projections of r(s,a) on the directions of that hull,
 * which are the minimal forms in weighted-l2 (the projected angle of Karwowski et al. 2024).
 * It does not depend on the measure.  All of it is about the reachable part of the world. */
#ifndef SX_BOUNDS_H
#define SX_BOUNDS_H

#include "metrics/distance.h"
#include "metrics/regret.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Entries that may be passed over in solves for the ranges of occupancies. */
#define SX_BOUNDS_WORK ((int64_t)1 << 24)
/* States times pairs of the largest linear program for a ball. */
#define SX_BALL_SIZE ((int64_t)1 << 20)

typedef struct sx_bounds_options {
    int64_t work, ball; /* SX_BOUNDS_WORK, SX_BALL_SIZE */
} sx_bounds_options;

sx_bounds_options sx_bounds_defaults(void);

typedef struct sx_constant {
    double value; /* span(x) <= value m(x) for every reward x */
    bool exact;   /* no smaller number will do */
} sx_constant;

/* One interval, divided by span(R1). */
typedef struct sx_bounds {
    sx_number distance; /* not divided */
    sx_number starc_upper, span_upper, lower;
} sx_bounds;

/* Constants and ball of a world, for all its pairs of rewards. */
typedef struct sx_bounds_world sx_bounds_world;

/* w is borrowed. */
SX_CHECKED sx_status sx_bounds_world_new(const sx_regret_world *w, const sx_bounds_options *o,
                                         sx_bounds_world **out, sx_error *err);
sx_bounds_world *sx_bounds_world_free(sx_bounds_world *b);

sx_constant sx_bounds_constant(const sx_bounds_world *b, sx_norm metric);

/* The radius of the ball, or why there is none. */
sx_number sx_bounds_radius(const sx_bounds_world *b);

/* What is known of a pair of rewards under one measure: from sx_distances_lengths. */
typedef struct sx_compared {
    sx_measure measure;     /* of SX_DISTANCE_STARC */
    sx_number distance;     /* d(R1,R2) */
    sx_number true_length;  /* n(c(R1)), 0 where s(R1) = 0 */
    sx_number proxy_length; /* n(c(R2)), 0 where s(R2) = 0 */
} sx_compared;

/* An ordered pair of the rewards of the world. */
typedef struct sx_bounds_query {
    int32_t truth, proxy;
    const sx_regret *regret; /* of the pair */
    int32_t n;
    const sx_compared *compared; /* [n] */
} sx_bounds_query;

/* bounds [n]; one that rounding left on the wrong side of the worst case, by less than its
 * tolerance and gap, is moved there, and one that is further off is SX_EFAULT.  May be called
 * by several threads at once. */
SX_CHECKED sx_status sx_bounds_pair(const sx_bounds_world *b, const sx_bounds_query *query,
                                    sx_bounds *bounds, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
