/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds_int.h - what the files of the bounds share. */
#ifndef SX_BOUNDS_INT_H
#define SX_BOUNDS_INT_H

#include "metrics/bounds.h"
#include "metrics/regret_int.h"

/* The ball of occupancies, and the rewards seen from inside of the polytope. */
typedef struct sx_i_ball {
    sx_number radius;
    double *centre;     /* [K] an occupancy of the reachable part, NULL without a ball */
    double **projected; /* [rewards] each [K]: r on the directions; NULL for trivial ones */
} sx_i_ball;

struct sx_bounds_world {
    const sx_regret_world *w;
    sx_constant constant[SX_NORMS];
    sx_i_ball ball;
};

/* Whether occupancies of state s are looked at: no when it is only kept for company. */
static inline bool sx_i_counts(const sx_regret_world *w, int32_t s)
{
    return !w->reached || w->reached[s];
}

/* All K_m of the world, with solves that pass over at most `work` entries. */
SX_CHECKED sx_status sx_i_constants_find(const sx_regret_world *w, int64_t work,
                                         sx_constant constant[SX_NORMS], sx_error *err);

/* Fill ball; where states times pairs are above `limit` it is a reason.  On failure ball is to
 * be released all the same. */
SX_CHECKED sx_status sx_i_ball_find(const sx_regret_world *w, int64_t limit, sx_i_ball *ball,
                                    sx_error *err);
void sx_i_ball_release(const sx_regret_world *w, sx_i_ball *ball);

#endif
