/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_int.h - what the files of the frontier share.
 *
 * Inside, both rewards are shaped as in regret_int.h, and their ranges are 1. */
#ifndef SX_FRONTIER_INT_H
#define SX_FRONTIER_INT_H

#include "metrics/frontier.h"
#include "metrics/regret_int.h"
#include "solvers/polygon.h"

/* Returns that are nearer than this are one. */
#define SX_I_NEAR 1e-9

/* One reward inside. */
typedef struct sx_i_axis {
    const sx_i_range *range;
    double *r;   /* [K] its range is 1; 0 when it is trivial */
    double unit; /* returns as given per return of r */
    double top;  /* the largest return of r */
} sx_i_axis;

/* One question. */
typedef struct sx_i_plane {
    const sx_regret_world *w;
    const sx_mdp *m; /* the reachable world */
    sx_i_axis proxy, truth;
} sx_i_plane;

/* On failure p is to be ended all the same. */
SX_CHECKED sx_status sx_i_plane_start(const sx_regret_world *w, int32_t truth, int32_t proxy,
                                      sx_i_plane *p, sx_error *err);
void sx_i_plane_end(sx_i_plane *p);

/* The return of the reward as given that j inside stands for. */
double sx_i_given(const sx_i_axis *a, double j);

/* j [2] = returns inside, [J2, J1], of pi [K] of the reachable world. */
SX_CHECKED sx_status sx_i_plane_returns(const sx_i_plane *p, const double *pi, double j[2],
                                        sx_error *err);

/* The two verdicts from the polygon, and from all deterministic policies if they are at most
 * `policies`. */
SX_CHECKED sx_status sx_i_hacking_all(const sx_i_plane *p, const sx_polygon *g, sx_hacking *h,
                                      sx_error *err);
SX_CHECKED sx_status sx_i_hacking_deterministic(const sx_i_plane *p, const sx_polygon *g,
                                                int32_t policies, sx_hacking *h, sx_error *err);

/* The path: f->point and what depends on it. */
SX_CHECKED sx_status sx_i_soft_path(const sx_i_plane *p, int32_t temperatures, sx_frontier *f,
                                    sx_error *err);

#endif
