/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier.h - all policies in the plane of proxy and true return.
 *
 *     vertices       of the convex polygon { (J2(pi), J1(pi)) }, R1 the truth, R2 the proxy
 *     Goodhart       min and max J1 subject to J2 >= min J2 + level (max J2 - min J2)
 *     hackable       some two policies with J1(high) > J1(low) and J2(high) < J2(low)
 *                    (Skalse et al. 2022)
 *     path           the policy that is best for J2 - T KL, KL the discounted sum of the
 *                    divergences of pi(.|s) from the uniform policy, for falling temperatures
 *     drop height    the largest J1 on the path minus that of its end T -> 0, divided by the
 *                    range of J1 (Karwowski et al. 2024): 0 where nothing is lost at the end,
 *                    never below
 *
 * Only reachable states matter.  Two returns count as different when they are apart by more
 * than 1e-9 of the range. */
#ifndef SX_FRONTIER_H
#define SX_FRONTIER_H

#include "metrics/regret.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_frontier_options {
    double tolerance;        /* of the polygon, relative to its diameter: 1e-9 */
    int32_t vertices;        /* most of them: 20000 */
    int32_t levels;          /* >= 2, from 0 to 1: 11 */
    int32_t temperatures;    /* finite positive ones of the path, >= 2; 0: no path: 41 */
    int32_t policies;        /* deterministic ones that are tried one by one: 4096 */
    const sx_method *method; /* of control; NULL: by size */
} sx_frontier_options;

sx_frontier_options sx_frontier_defaults(void);

typedef struct sx_level {
    double level;              /* of the range of J2 */
    double true_min, true_max; /* of J1 */
} sx_level;

typedef struct sx_soft_point {
    double temperature; /* in units of J2; INFINITY: the uniform policy; 0: the limit, the
                           optimum of most entropy */
    double proxy, truth;
} sx_soft_point;

typedef enum sx_hackable { SX_NOT_HACKABLE, SX_HACKABLE, SX_UNDECIDED } sx_hackable;

typedef struct sx_hacking {
    sx_hackable verdict;
    const char *reason;       /* NULL, or the static reason why it is undecided */
    double high[2], low[2];   /* [J2, J1] of the two policies; NAN without them */
    int32_t which[2];         /* their places in a list of policies, else -1 */
    double *pi_high, *pi_low; /* [K], NULL where `which` says it all or there are none */
} sx_hacking;

typedef struct sx_frontier {
    sx_outcome outcome;
    bool trivial_true, trivial_proxy;
    int32_t vertices;
    double (*vertex)[2]; /* [J2, J1] counter-clockwise, the first not repeated */
    double gap; /* no policy lies further beyond an edge: relative to the diameter, both
                   returns divided by their ranges */
    int32_t levels;
    sx_level *level;
    sx_hacking all;           /* over all policies */
    sx_hacking deterministic; /* over deterministic ones */
    int32_t points;           /* 0 without a path */
    sx_soft_point *point;     /* from INFINITY to 0 */
    double path_error; /* the objective of each point is within this of the best, certified:
                          relative to the range of J2 */
    sx_number drop_height;
} sx_frontier;

/* *out: owned by the caller; NULL on failure.  SX_ELIMIT: too many vertices. */
SX_CHECKED sx_status sx_frontier_find(const sx_regret_world *w, int32_t truth, int32_t proxy,
                                      const sx_frontier_options *o, sx_frontier **out,
                                      sx_error *err);
sx_frontier *sx_frontier_free(sx_frontier *f);

/* Policies that somebody has. */
typedef struct sx_listed {
    int32_t count;
    const double *const *pi; /* [count][K] */
    double (*returns)[2];    /* [count] filled: [J2, J1] */
    sx_hacking hacking;      /* filled: whether two of them show it; no policies of its own */
} sx_listed;

/* Fill the returns of the policies and the verdict about them. */
SX_CHECKED sx_status sx_frontier_among(const sx_regret_world *w, int32_t truth, int32_t proxy,
                                       sx_listed *list, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
