/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expect.h - what an edit touches, and whether a reward does what the edit expects.
 *
 * Touched are the possible triples (s,a,s') of the edited world
 *
 *     whose state, action or successor changed: labels, variables, the actions that are
 *     available, absorbing or not, or the name is new; or whose probability changed, by names;
 *     when there are none, those on which the true reward changes;
 *     when there are none either, all.
 *
 * Expectations, with R carried (old values under the same names) and R edited, each a share of
 * what it looks at:
 *
 *     invariant    c_val(R edited) = c_val(R carried)   on every possible pair (s,a)
 *     tie          R edited = R carried                 on every touched triple
 *     increase     R edited > R carried                 on every touched triple
 *     decrease     R edited < R carried                 on every touched triple
 *     level        R edited = level                     on every touched triple
 *     flips-best   no action that was optimal in the world as it was still is, in touched
 *                  states with a choice, before and after
 *     transports   of those states where a was optimal: b is, and a is not
 *
 * Numbers are equal within the tolerance times the largest |R| (invariant: |c_val|) of both
 * versions, and different only when they are not. */
#ifndef SX_EXPECT_H
#define SX_EXPECT_H

#include "mdp/edit.h"
#include "mdp/match.h"
#include "mdp/reward.h"
#include "mdp/world.h"
#include "metrics/consistency.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_touch { SX_TOUCH_WORLD, SX_TOUCH_TRUTH, SX_TOUCH_ALL } sx_touch;

typedef struct sx_touched {
    sx_touch by;           /* which of the three sentences above */
    bool transitions;      /* probabilities, initial distribution or discount differ by names */
    int64_t entries;       /* how many are touched */
    int32_t pairs, states; /* how many have a touched triple */
    unsigned char *entry;  /* [T] of the edited world: 1 where touched */
    unsigned char *pair;   /* [K] 1 where one of its triples is */
    unsigned char *state;  /* [S] 1 where one of its pairs is */
} sx_touched;

/* What the edit that made `to` of `from` touches.  truth: the versions of the true reward;
 * without the carried one it changes nowhere.
 * *out: owned by the caller.  O(T log + labels). */
SX_CHECKED sx_status sx_touched_find(const sx_world *from, const sx_world *to,
                                     const sx_match *match, const sx_versions *truth,
                                     double tolerance, sx_touched **out, sx_error *err);
sx_touched *sx_touched_free(sx_touched *t);

/* What is optimal for a reward in a world. */
typedef struct sx_best {
    double *q;           /* [K] Q*(s,a) */
    unsigned char *best; /* [K] 1 where it is the largest of its state, within tolerance */
} sx_best;

/* r: [K] expected rewards.  Ties are within tolerance times the largest |r| / (1-gamma). */
SX_CHECKED sx_status sx_best_find(const sx_mdp *m, const double *r, double tolerance,
                                  const sx_method *method, sx_best **out, sx_error *err);
sx_best *sx_best_free(sx_best *b);

/* One reward and one expectation. */
typedef struct sx_expect_query {
    sx_expect expect; /* not SX_EXPECT_NOTHING */
    double level;
    int32_t transports[2]; /* actions of the edited world, -1: it has no such action */
    double tolerance;
    const sx_mdp *m; /* the edited world */
    const sx_touched *touched;
    const sx_reward *carried, *edited; /* carried may be NULL: then reason says why */
    const char *reason;
    const double *advantage[2]; /* [K] of carried and edited: for invariant */
    const signed char *was;     /* [K] 1 the pair was optimal before, 0 not, -1 its state is new
                                   or was absorbing: for flips-best and transports */
    const sx_best *now;         /* for these, too */
} sx_expect_query;

typedef struct sx_expected {
    sx_number satisfied; /* share in [0,1] */
    int64_t met, count;  /* by how many of how many triples, pairs or states */
    /* the worst case: where the expectation is missed most, or with share 1 met least; -1 for
     * none */
    int32_t state, action, next;
    double was, is; /* the numbers there: rewards, advantages; of flips-best and transports by
                       how much the action is ahead of (behind) the one that should be best */
} sx_expected;

void sx_expect_check(const sx_expect_query *q, sx_expected *out);

/* Of the pairs with touched[k] != 0 on which the true reward moves (*count), on how many the
 * reward moves the same way.  truth, reward: r(s,a) [K] of the version carried and of the
 * edited one; a number moves when it changes by more than tolerance times the largest of
 * both. */
int64_t sx_moves_followed(const sx_mdp *m, const unsigned char *touched,
                          const double *const truth[2], const double *const reward[2],
                          double tolerance, int64_t *count);

/* was [K of to] from the pairs that were optimal in the world as it was. */
void sx_best_carry(const sx_mdp *from, const sx_mdp *to, const sx_match *match,
                   const unsigned char *best, signed char *was);

#ifdef __cplusplus
}
#endif
#endif
