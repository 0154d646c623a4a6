/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_int.h - what the files of the regret share.
 *
 * Inside, a reward is replaced by an equivalent one: shaped by a potential that lies midway
 * between its best and its worst values, and divided by its span.  Regrets do not change,
 * numbers are of size 1, and a large shaping or constant in the reward costs no digits. */
#ifndef SX_REGRET_INT_H
#define SX_REGRET_INT_H

#include "metrics/regret.h"

/* One end of a range: the solve that found it and the policy that attains it. */
typedef struct sx_i_end {
    sx_solution *s; /* its choice is the policy */
    double *x;      /* [K] the policy's occupancy */
    double j;       /* its return */
} sx_i_end;

/* The range of one reward on the reachable world, and the reward as it is used inside. */
typedef struct sx_i_range {
    double *r;            /* [K] shaped and divided by unit */
    double unit;          /* returns of the reward as given per return of r, > 0 */
    double scale;         /* max |r| */
    bool trivial;         /* then only range[] and outcome mean anything */
    double range[2];      /* [min J, max J] of the reward as given */
    sx_i_end best, worst; /* of r */
    double upper;         /* span(r) <= upper, certified */
    sx_outcome outcome;
} sx_i_range;

/* Fill g for rewards `given` [K] of m.  On failure g is to be released all the same. */
SX_CHECKED sx_status sx_i_range_find(const sx_mdp *m, const double *given, double possible,
                                     const sx_regret_options *o, sx_i_range *g, sx_error *err);
void sx_i_range_release(sx_i_range *g);

struct sx_regret_world {
    const sx_mdp *whole;    /* borrowed */
    sx_part *part;          /* NULL when every state is reachable */
    const sx_mdp *mdp;      /* the part's world, or whole */
    unsigned char *reached; /* [S] with discount 0, where states lead out of what is
                               reachable and no part can be made: else NULL */
    int32_t unreachable;
    sx_regret_options options;
    int32_t rewards;
    sx_i_range *range; /* [rewards] */
};

/* A deterministic policy and its returns of the true and the proxy reward: exact, with the
 * occupancy they come from, or near, as good as the step of the search needs. */
typedef struct sx_i_point {
    int32_t *choice; /* [S] */
    double *x;       /* [K] occupancy, where exact */
    double *value;   /* [S] optimal values at the pair's lambda, to start solves from */
    double j1, j2;
    bool exact;
    sx_outcome outcome; /* of the solve that found it */
} sx_i_point;

/* Two policies; their line gap1 - lambda gap2 is below span(R1 - lambda R2) for every
 * lambda. */
typedef struct sx_i_pair {
    sx_i_point high, low;
    double gap1, gap2; /* high's returns minus low's */
    double lambda;     /* where it was found; INFINITY: no values */
} sx_i_pair;

/* One pair of rewards under work; everything in the units inside. */
typedef struct sx_i_task {
    const sx_mdp *mdp;
    const sx_i_range *truth, *proxy;
    sx_solve_options solve;
    double tolerance;        /* absolute */
    double *r;               /* [K] R1 - lambda R2 */
    double *warm;            /* [S] */
    double *follow[2];       /* [S] values of the proxy under the last policy: high, low */
    unsigned char *allowed;  /* [K] */
    sx_i_pair *left, *right; /* the bracket: gap2 > 0 and gap2 < 0 */
    sx_i_pair *spare;
    sx_i_pair store[3];
    double upper, lambda;           /* the best dual so far and where */
    double lower;                   /* return gap of the mixed pair */
    double weight;                  /* of the left pair in it */
    double optimistic, pessimistic; /* J1 of the best and the worst R2-optimal policy */
    sx_outcome outcome;
} sx_i_task;

/* The later, that is the worse, of two outcomes. */
sx_outcome sx_i_worse_outcome(sx_outcome a, sx_outcome b);

/* p: the policy at the end of a range. */
void sx_i_point_end(const sx_i_task *t, const sx_i_end *end, sx_i_point *p);

/* The policy that optimises `then` in direction d among those that are optimal for `first` in
 * direction d_first, up to a quarter of the tolerance: p, with its outcome. */
SX_CHECKED sx_status sx_i_point_tied(sx_i_task *t, const sx_i_range *first,
                                     sx_direction d_first, const sx_i_range *then,
                                     sx_direction d, sx_i_point *p, sx_error *err);

/* Find lambda and the bracketing pairs: upper, lambda, lower, weight, outcome. */
SX_CHECKED sx_status sx_i_dual_search(sx_i_task *t, sx_error *err);

#endif
