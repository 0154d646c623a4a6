/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair.h - the nearest reward that does what edits expect of it.
 *
 * Unknown are x, the reward on the possible triples of the world (and on the impossible ones
 * that some edit makes possible), and for each edit y_e, the reward on the possible triples of
 * the edited world.  For an edit that only permutes, y_e is x permuted; for any other it has
 * values of its own, as its terms are evaluated anew there.
 *
 *     min  sum or max over all unknowns of |x - R|, |y_e - R edited|
 *
 *     tie          y = x                        on each touched triple
 *     level        y = level                    on each touched triple
 *     increase     y >= x + m                   likewise; decrease y <= x - m
 *     invariant    E_tau[y - x] = phi(s) - gamma E_tau[phi(s')] for each pair (s,a), phi
 *                  free: that is c_val(y) = c_val(x)
 *
 * and in worlds of one step, in touched states,
 *
 *     flips-best   the best action a of R stays the best of x by m, and the best other action
 *                  of R edited is ahead of a by m in y
 *     transports   of a to b: where a is best for R it stays best for x, and b is best for y,
 *                  ahead of a by m; where it is not, it does not become best
 *
 * where a conflict of these is tried again with the best actions of the true reward in the
 * place of those of R, with x carried by names, and m the margin, or what a difference is
 * already where that is less: a reward that does all this is its own nearest repair.  Other
 * worlds' flips-best and transports are not linear and left out.  The answer carries its proof:
 * the dual value. */
#ifndef SX_REPAIR_H
#define SX_REPAIR_H

#include "metrics/expect.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SX_REPAIR_LIMIT = 4000000 }; /* unknowns, demands */

/* One edited world. */
typedef struct sx_repair_edit {
    sx_expect expect;
    double level;          /* for SX_EXPECT_LEVEL */
    int32_t transports[2]; /* actions of the edited world, -1: it has no such action */
    const sx_mdp *m;       /* the edited world */
    const sx_match *match; /* its names in the world as it was */
    const sx_match *moved; /* where its values come from, for an edit that only permutes; NULL:
                              it has values of its own */
    const sx_reward *edited; /* R edited */
    const sx_reward *truth;  /* the true reward there, NULL: not known */
    const sx_touched *touched;
    const char *skip; /* NULL, or static: why the edit is to be left out */
} sx_repair_edit;

typedef struct sx_repair_options {
    bool largest;           /* the maximum of the changes instead of their sum */
    double margin;          /* absolute, > 0; NAN: sx_repair_margin */
    double tolerance;       /* numbers are equal within this share of the largest: 1e-9 */
    const sx_reward *truth; /* NULL: not known */
} sx_repair_options;

/* A hundredth of the largest |R|, 0.01 where R is 0. */
double sx_repair_margin(const sx_mdp *m, const sx_reward *r);

/* A triple, pair (next = -1) or state (action = -1) that a demand is about. */
typedef struct sx_repair_place {
    int32_t edit; /* -1: none */
    int32_t state, action, next;
    bool before; /* of the world as it was, not of the edited one */
} sx_repair_place;

typedef struct sx_repair {
    int32_t edits;
    const char **left_out; /* [edits] NULL, or static: why the edit demands nothing here */
    int64_t *demands;      /* [edits] */
    const char *reason;    /* NULL, or static: why there is no answer; then nothing below */
    bool possible;         /* else only the conflict */
    bool guided;           /* best actions are those of the true reward: with those of R
                                they are in conflict */
    double distance, dual, gap; /* gap = distance - dual >= 0 but for rounding */
    double violation;           /* largest violation of a demand */
    bool certified;             /* gap and violation are within the tolerance */
    double *price;              /* [edits] how much of the distance each edit is to blame for */
    double *value;              /* [T] x */
    int64_t extras;
    sx_exception *extra; /* [extras] x on impossible triples, ascending by pair, then state */
    double **edited;     /* [edits] y [T of the edited world]; NULL for an edit left out or
                            one that only permutes */
    unsigned char *conflict;  /* [edits] 1: these have no common reward, and without any of them
                                 the others have */
    sx_repair_place clash[2]; /* two demands of the conflict */
} sx_repair;

/* The repair of r under edits [n].  *out: owned by the caller; NULL on failure.  SX_EARG,
 * SX_ELIMIT, SX_EMEM. */
SX_CHECKED sx_status sx_repair_find(const sx_mdp *m, const sx_reward *r,
                                    const sx_repair_edit *edit, int32_t n,
                                    const sx_repair_options *o, sx_repair **out, sx_error *err);
sx_repair *sx_repair_free(sx_repair *x);

#ifdef __cplusplus
}
#endif
#endif
