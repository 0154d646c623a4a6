/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld.h - what the views of a gridworld share. */
#ifndef SX_PLOT_GRIDWORLD_H
#define SX_PLOT_GRIDWORLD_H

#include "cli/verb_plot.h"
#include "solvers/control.h"

typedef struct sx_grid_view {
    sx_cli *c;
    const sx_mdp *m;
    sx_view view;
    sx_figure *figure;
    sx_gridmap *g;
    int32_t reward;         /* drawn, or the proxy of two */
    int32_t truth;          /* of two */
    double *pair, *other;   /* [K] */
    double *state;          /* [S] */
    double *policy;         /* [K] drawn: the one of --policy, or an optimal one */
    unsigned char *optimal; /* [K] */
    bool given;             /* --policy is */
} sx_grid_view;

/* The id of a reward as markup. */
typedef struct sx_grid_id {
    char text[160];
} sx_grid_id;
sx_grid_id sx_grid_view_id(const sx_grid_view *v, int32_t reward);

/* Set the label of the colour bar. */
void sx_grid_view_bar(sx_grid_view *v, const char *format, ...) SX_FORMAT(2, 3);

double sx_grid_view_largest(const double *x, int32_t n);

/* optimal [K]: the optimal pairs under the expected rewards r [K]; value [S], choice [S]: the
 * optimal values and one optimal pair each, or NULL. */
SX_CHECKED sx_status sx_grid_view_solve(const sx_mdp *m, const double *r,
                                        unsigned char *optimal, double *value, int32_t *choice,
                                        sx_error *err);

/* plot_gridworld_policy.c: value, policy, occupancy.  plot_gridworld_pair.c: difference,
 * potential.  plot_gridworld_ways.c: trajectory. */
SX_CHECKED sx_status sx_grid_view_policy(sx_grid_view *v, sx_error *err);
SX_CHECKED sx_status sx_grid_view_occupancy(sx_grid_view *v, sx_error *err);
SX_CHECKED sx_status sx_grid_view_values(sx_grid_view *v, sx_error *err);
SX_CHECKED sx_status sx_grid_view_difference(sx_grid_view *v, sx_error *err);
SX_CHECKED sx_status sx_grid_view_potential(sx_grid_view *v, sx_error *err);
SX_CHECKED sx_status sx_grid_view_ways(sx_grid_view *v, sx_error *err);

#endif
