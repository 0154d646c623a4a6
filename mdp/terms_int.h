/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms_int.h - the terms of a reward, applied in order; no XML here.
 *
 *     add    R += value   on every triple that the term matches, possible or not
 *     set    R  = value
 *
 * A term matches the triples (s,a,s') with s in from, a = action, s' in to and when true.  A
 * term that enters X has to = X and does not match where s is in X; a possible triple that
 * passes through cells of X with a share of its probability is changed by that share.  A term
 * without from leaves the loops of absorbing states alone, and all triples from one that lacks
 * an attribute without which the value is no number: the end of a bandit has none. */
#ifndef SX_TERMS_INT_H
#define SX_TERMS_INT_H

#include "mdp/expr.h"
#include "mdp/reward_int.h"

#define SX_I_BLOCK 2048 /* triples that are evaluated at once */

/* Some states: all, or a list in ascending order, or one. */
typedef struct sx_i_states {
    bool all;
    int32_t count;        /* of the list; not for all */
    const int32_t *state; /* [count], borrowed; NULL: the one below */
    int32_t one;
} sx_i_states;

int32_t sx_i_states_get(const sx_i_states *x, int32_t i);
bool sx_i_states_has(const sx_i_states *x, int32_t s);

typedef struct sx_i_term {
    bool overrides;  /* set, not add */
    bool from_given; /* the loops of absorbing states are meant, too */
    bool enters;     /* to is what is entered */
    sx_i_states from, to;
    int32_t action;       /* -1 for all */
    int32_t through;      /* label of cells that are no states, -1 for none; with enters */
    double constant;      /* the value when there is no expression */
    const sx_expr *value; /* NULL: constant */
    const sx_expr *when;  /* NULL: true */
} sx_i_term;

/* A triple that a term matches and on which its value is no finite number. */
typedef struct sx_i_fault {
    bool found;
    int32_t pair, state;
    double value;
} sx_i_fault;

/* A change of one impossible triple that waits for the next look at the exceptions. */
typedef struct sx_i_change {
    int32_t pair, state;
    int64_t order;
    double value;
    bool overrides;
} sx_i_change;

/* Triples that wait to be evaluated together. */
typedef struct sx_i_block {
    int32_t n;
    int32_t state[SX_I_BLOCK], action[SX_I_BLOCK], next[SX_I_BLOCK], pair[SX_I_BLOCK];
    int64_t entry[SX_I_BLOCK]; /* -1: impossible */
    double weight[SX_I_BLOCK], value[SX_I_BLOCK], when[SX_I_BLOCK];
} sx_i_block;

/* A reward under construction. */
typedef struct sx_i_terms {
    const sx_world *world;
    const sx_mdp *m;
    sx_reward *r;         /* its exceptions are complete after sx_i_terms_settle */
    int32_t *source;      /* [K] the state that a pair leaves */
    unsigned char *left;  /* [K] pairs that the current term matches */
    unsigned char *right; /* [S] successors that it matches */
    bool ask_when;        /* left and right do not say it all: evaluate when on triples */
    sx_i_block *block;
    sx_i_change *change; /* [room], the first `changes` wait */
    int64_t changes, room;
    sx_i_fault *fault; /* of the current term */
    sx_error *err;     /* of the current call */
} sx_i_terms;

/* The zero reward of w, to be filled.  *out: owned by the caller; NULL on failure. */
sx_status sx_i_terms_new(const sx_world *w, sx_i_terms **out, sx_error *err);
sx_i_terms *sx_i_terms_free(sx_i_terms *b);

/* Apply one term.  SX_EINPUT: fault says where. */
sx_status sx_i_terms_apply(sx_i_terms *b, const sx_i_term *term, sx_i_fault *fault,
                           sx_error *err);

/* Change the impossible triple (k, next) alone. */
sx_status sx_i_terms_change(sx_i_terms *b, int32_t k, int32_t next, bool overrides,
                            double value, sx_error *err);

/* All changes that wait go into the exceptions of b->r. */
sx_status sx_i_terms_settle(sx_i_terms *b, sx_error *err);

/* The finished reward, which the caller owns from now on. */
sx_status sx_i_terms_take(sx_i_terms *b, sx_reward **out, sx_error *err);

/* --- between the files terms*.c ----------------------------------------------------- */

/* Put a triple into the block / evaluate and apply what is in the block. */
sx_status sx_i_terms_push(sx_i_terms *b, const sx_i_term *term, int32_t k, int32_t next,
                          int64_t entry, double weight);
sx_status sx_i_terms_flush(sx_i_terms *b, const sx_i_term *term);

/* Values of an expression (NULL: ones) that looks at the state and action only, for all pairs
 * with left[k], zero elsewhere / that looks at the successor only, for all with right[s']. */
sx_status sx_i_terms_left(sx_i_terms *b, const sx_expr *e, double *value);
sx_status sx_i_terms_right(sx_i_terms *b, const sx_expr *e, double *value);

/* The impossible triples of the sum form (terms_sum.c): b->left and b->right say which the
 * term matches.  *done is false when its value is no sum of products. */
sx_status sx_i_terms_sum(sx_i_terms *b, const sx_i_term *term, bool *done);

/* Impossible triples of the sum form += u w.  *u [K] and *w [S] are taken over where they are
 * set to NULL.  (terms_add.c) */
sx_status sx_i_terms_add_product(sx_i_terms *b, double **u, double **w);

/* Make the sum form zero where b->left and b->right say; all_pairs: b->left is 1 throughout.
 * (terms_clear.c) */
sx_status sx_i_terms_clear(sx_i_terms *b, bool all_pairs);

/* Report a value of a matched triple that is not finite. */
sx_status sx_i_terms_fault(sx_i_terms *b, int32_t pair, int32_t state, double value);

/* An expression on one triple. */
sx_status sx_i_terms_at(sx_i_terms *b, const sx_expr *e, int32_t k, int32_t next,
                        double *value);

/* How many exceptions are no dearer than a product. */
int64_t sx_i_terms_cheap(const sx_mdp *m);

#endif
