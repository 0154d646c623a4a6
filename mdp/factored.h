/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored.h - a world whose states are the combinations of a few variables.
 *
 * An action is available where its guard holds.  One of its outcomes happens; all assignments
 * of an outcome see the values before the step.  Outcomes that lead to the same combination add
 * up.  Where one of the conditions for absorbing holds, every action loops.
 *
 *     states     the combinations that can be reached from a start, or all of them,
 *                in the order of their codes (factors.h)
 *     variables  those of the description, for expressions
 *
 * Expressions are compiled once and run over blocks of combinations.  The combinations are
 * explored first, and counted; then the same is done again in their final order, to fill the
 * arrays: nothing is kept twice. */
#ifndef SX_FACTORED_H
#define SX_FACTORED_H

#include "mdp/factors.h"
#include "mdp/world.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_FACTORED_STATES  10000000           /* at most */
#define SX_FACTORED_ENTRIES ((int64_t)1 << 28) /* transitions, at most */

typedef struct sx_assign {
    int32_t variable;
    const char *value; /* an expression; of a variable of names: a name, or names by if() */
} sx_assign;

typedef struct sx_factored_outcome {
    const char *p; /* an expression; NULL (of the last one only): what is left to 1 */
    int32_t assigns;
    const sx_assign *assign; /* [assigns] of different variables */
} sx_factored_outcome;

typedef struct sx_factored_action {
    const char *id;
    const char *when; /* NULL: always */
    int32_t outcomes;
    const sx_factored_outcome *outcome; /* [outcomes >= 1] */
} sx_factored_action;

typedef struct sx_factored_start {
    int64_t code;
    double weight; /* >= 0 */
} sx_factored_start;

typedef struct sx_factored {
    const sx_factors *factors; /* at least one variable */
    const int32_t *fixed; /* [V] the place of the only value that a variable takes, whatever is
                             assigned to it, or -1; NULL: none is fixed */
    int32_t actions;
    const sx_factored_action *action; /* [actions >= 1] of different ids */
    int32_t absorbings;
    const char *const *absorbing; /* [absorbings] conditions */
    int64_t starts;
    const sx_factored_start *start; /* [starts]; 0: every combination that has ... */
    const int32_t *initial;         /* ... [V] these places, -1 for any; NULL: any */
    bool all; /* every combination is a state, not only what can be reached */
} sx_factored;

typedef enum sx_factored_part {
    SX_FACTORED_WORLD, /* the description as a whole */
    SX_FACTORED_ABSORBING,
    SX_FACTORED_WHEN, /* of an action */
    SX_FACTORED_P,    /* of an outcome; without p: of the outcome itself */
    SX_FACTORED_SUM,  /* all outcomes of an action */
    SX_FACTORED_VALUE /* of an assignment */
} sx_factored_part;

/* A problem of the description and where it is.  width 0: the part as a whole. */
typedef struct sx_factored_problem {
    sx_factored_part part;
    int32_t index; /* of the action, or of the condition for absorbing */
    int32_t outcome, assign;
    size_t offset, width; /* bytes of the expression */
    const char *code;     /* E...; valid during the call */
    char message[512];
    char hint[256]; /* "" for none */
} sx_factored_problem;

typedef void sx_factored_report(void *context, const sx_factored_problem *p);

/* The world of f: mdp (checked by construction; discount 0), names, variables.  With starts the
 * initial distribution is that of their weights, divided by their sum; a state that several
 * starts share gets the sum.  Without, it is uniform over the combinations that are starts and
 * not absorbing, over all starts when none is left.  report is called for every
 * problem (then SX_EINPUT): of each expression in all states the first, in the order in which
 * they are found.  O(states * (variables + operations of the expressions) + transitions).
 * *out: owned by the caller.  SX_EINPUT, SX_EMEM. */
SX_CHECKED sx_status sx_factored_world(const sx_factored *f, sx_factored_report *report,
                                       void *context, sx_world **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
