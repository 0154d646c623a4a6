/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h - counterfactual edits: the same specification with one thing changed.
 *
 *     <edit id="wet" kind="causal" steps="0 0.5 1"> patches, interventions, permutations
 * </edit>
 *
 * An edit is applied in that order: RFC 5261 patches change the text, which is then read like
 * any other specification; <do> replaces the value of a variable before the rewards are
 * evaluated; <permute> renames: with e the permutation, tau(es'|es,ea), mu(es), the labels and
 * variables of es and R(es,ea,es') become those of (s,a,s'), on numbers, and names keep their
 * places.  An edit with steps= makes one world for each: "wet@0.5". */
#ifndef SX_EDIT_H
#define SX_EDIT_H

#include "mdp/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_edit_kind {
    SX_EDIT_ANY, /* not declared */
    SX_EDIT_NEUTRAL,
    SX_EDIT_CAUSAL
} sx_edit_kind;

typedef enum sx_expect {
    SX_EXPECT_NOTHING, /* not declared */
    SX_EXPECT_INVARIANT,
    SX_EXPECT_INCREASE,
    SX_EXPECT_DECREASE,
    SX_EXPECT_FLIPS_BEST,
    SX_EXPECT_TRANSPORTS,
    SX_EXPECT_TIE,
    SX_EXPECT_LEVEL
} sx_expect;

struct sx_i_op; /* what the edit does, one element after the other */

typedef struct sx_edit {
    char *id;
    sx_edit_kind kind;
    sx_expect expect;
    char *transports[2]; /* ids of two actions, NULL unless expect is SX_EXPECT_TRANSPORTS */
    double level;        /* NAN unless expect is SX_EXPECT_LEVEL */
    int32_t steps;       /* 0: one world, without steps */
    double *step;        /* [steps] */
    char **step_text;    /* [steps] as written */
    sx_place place;      /* of its id; place.file lives as long as the specification */
    bool permutes;       /* nothing but <permute>, at least one */
    int32_t ops;
    struct sx_i_op *op; /* [ops] */
} sx_edit;

/* "neutral", "causal"; NULL when it is not declared. */
const char *sx_edit_kind_name(sx_edit_kind kind);

/* "invariant", "flips-best", ...; NULL when there is none. */
const char *sx_expect_name(sx_expect expect);

/* The edited world of that name: "id", or "id@step" of an edit with steps, where the step is
 * as written or the same number.  *edit, *step: its indices, *step -1 without steps.  False
 * when there is none; then *edit is the edit of that id whose step is missing or unknown, or
 * -1. */
bool sx_spec_edit_find(const sx_spec *spec, const char *name, int32_t *edit, int32_t *step);

/* The name of an edited world: "id" or "id@step".  Owned by the caller (sx_release); NULL
 * without memory. */
char *sx_spec_edit_name(const sx_spec *spec, int32_t edit, int32_t step);

/* The edited world and its rewards: what reading the file edited by hand gives, bit for bit.
 * step is -1 for an edit without steps.  The result has no edits of its own; its inputs are
 * the specification as it is on disk and the files that the edited one names.  Problems go to
 * d: those of the edited text in "cliff.xml (edit wet)", and one at the edit that says so.
 * *out: owned by the caller; NULL on failure.  SX_EINPUT, SX_EIO, SX_ELIMIT, SX_EMEM; SX_EARG
 * for a step that the edit does not have. */
SX_CHECKED sx_status sx_spec_edited(const sx_spec *spec, int32_t edit, int32_t step,
                                    sx_diags *d, sx_spec **out, sx_error *err);

/* The permutation e of an edit with `permutes`, without reading anything: e sends state s to
 * state[s], action a to action[a].  state: [S], action: [A].  SX_EARG when it does more. */
SX_CHECKED sx_status sx_spec_permutation(const sx_spec *spec, int32_t edit, int32_t step,
                                         int32_t *state, int32_t *action, sx_diags *d,
                                         sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
