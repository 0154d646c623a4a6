/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_int.h - what the files of the exact reading share.
 *
 * All of it but exact.c runs behind a fence: what is not of the fence is held by the reading
 * before any number is touched. */
#ifndef SX_EXACT_INT_H
#define SX_EXACT_INT_H

#include "mdp/exact.h"
#include "mdp/expr.h"
#include "mdp/spec_factored_int.h"

#include <gmp.h>

/* --- what is being read ------------------------------------------------------------------ */

typedef struct sx_i_exact_variable {
    mpq_ptr value; /* [S] or [K] */
    int64_t count;
    const sx_node *inexact; /* the attribute that gives it no exact values, or NULL */
} sx_i_exact_variable;

/* A reward of the specification; one of a pattern of files only once it was asked for. */
typedef struct sx_i_exact_source {
    const sx_node *node; /* <reward>, of a pattern as if it named one file */
    char *file;          /* that file, else NULL */
    char *id;            /* of a member, else NULL: that of node */
    int32_t place;       /* among the <reward> elements */
    bool needed;
    mpq_ptr table; /* [K*S] once it was read, else NULL */
} sx_i_exact_source;

/* Something that is not of the fence, released with the reading. */
typedef enum sx_i_held_kind {
    SX_I_HELD_BYTES,
    SX_I_HELD_EXPR,
    SX_I_HELD_CSV,
    SX_I_HELD_ARRAY,
    SX_I_HELD_RANDOM,
    SX_I_HELD_WORLD,
    SX_I_HELD_MDP,
    SX_I_HELD_TERMS,
    SX_I_HELD_DIAGS
} sx_i_held_kind;

typedef struct sx_i_held {
    struct sx_i_held *next;
    sx_i_held_kind kind;
    void *what;
} sx_i_held;

/* What the listener heard: the attribute whose text gives a variable a value. */
typedef struct sx_i_heard {
    int32_t variable, index;
    int kind;
    const sx_node *attribute;
} sx_i_heard;

typedef struct sx_i_exact_reading {
    sx_i_reading *rd;
    sx_exact *out;
    const char *const *id; /* [2] of the rewards that are wanted */
    sx_world *world;
    const sx_mdp *m;
    const sx_node *root, *node;    /* <mdp> and the world in it */
    sx_i_exact_variable *variable; /* [variables] as those of the world */
    const sx_node **inexact_label; /* [labels] <label> without exact truths, or NULL */
    mpq_ptr share;                 /* [throughs] as those of the world */
    int32_t sources;
    sx_i_exact_source *source; /* [sources] */
    sx_i_factored factored;    /* of a factored world */
    sx_i_held *held;
    const sx_i_heard *heard; /* [heards] */
    int64_t heards;
} sx_i_exact_reading;

/* Keep `what` (NULL allowed); released at once when that fails. */
SX_CHECKED sx_status sx_i_exact_hold(sx_i_exact_reading *x, sx_i_held_kind kind, void *what);

/* Release what was held since `until`, which was x->held; NULL: everything. */
void sx_i_exact_drop(sx_i_exact_reading *x, const sx_i_held *until);

/* --- numbers (exact_number.c) ----------------------------------------------------------- */

/* The number that text [size] writes, a decimal or a fraction; NULL, or why it cannot be taken
 * exactly (static).  The text is one that sx_number_read takes. */
const char *sx_i_rational_read(const char *text, size_t size, mpq_ptr out);

/* The value (or default) of a number attribute; what cannot be taken is reported. */
sx_status sx_i_exact_attr(sx_i_exact_reading *x, const sx_node *n, const char *name,
                          mpq_ptr out);

/* Report a number that cannot be taken, and why. */
sx_status sx_i_exact_refuse(sx_i_exact_reading *x, sx_place place, const char *text,
                            const char *why);

/* --- the parts --------------------------------------------------------------------------- */

/* The values of variables, the truths of labels.  (exact_variable.c) */
sx_status sx_i_exact_variables(sx_i_exact_reading *x);

/* What <do> of an edit does to variables: on numbers, and on those of the reader. */
sx_status sx_i_exact_dos(sx_i_exact_reading *x);

/* Of a factored world: exact values of its variables and attributes, which labels have exact
 * truths; transitions; starts.  (exact_factored.c) */
sx_status sx_i_exact_factors(sx_i_exact_reading *x);
sx_status sx_i_exact_factored(sx_i_exact_reading *x);
sx_status sx_i_exact_factored_starts(sx_i_exact_reading *x);

/* Discount, initial distribution and transitions into x->out.  (exact_world.c) */
sx_status sx_i_exact_world(sx_i_exact_reading *x);

/* A probability above 0 where nothing is possible in floating point. */
sx_status sx_i_exact_vanished(sx_i_exact_reading *x, sx_place place);

/* The two rewards into x->out.  (exact_source.c) */
sx_status sx_i_exact_rewards(sx_i_exact_reading *x);

/* The terms of a source into its table; what it uses was read before.  (exact_reward.c) */
sx_status sx_i_exact_reward(sx_i_exact_reading *x, sx_i_exact_source *s);

/* The source of that id, or -1: also a member of a pattern, which is added.  (exact_source.c)
 */
sx_status sx_i_exact_source_find(sx_i_exact_reading *x, const char *id, int32_t *found);

/* What <permute> of an edit makes of all numbers, and of the world.  (exact_permute.c) */
sx_status sx_i_exact_permute(sx_i_exact_reading *x);

/* --- expressions (exact_expr.c) ----------------------------------------------------------- */

typedef enum sx_i_exact_kind {
    SX_I_EXACT_NUMBER,
    SX_I_EXACT_MISSING,  /* a variable that a state lacks, and what follows from it */
    SX_I_EXACT_DIVISION, /* by zero */
    SX_I_EXACT_WILD /* what has no exact value: a power too large, an infinite comparison */
} sx_i_exact_kind;

typedef struct sx_i_exact_expr sx_i_exact_expr; /* of the fence */

/* Where an expression is written: an attribute of an element, or the place of a text of an
 * edit. */
typedef struct sx_i_exact_text {
    const sx_node *node; /* NULL: the others say it */
    const char *attr;
    const char *text;
    sx_place place;
} sx_i_exact_text;

sx_i_exact_text sx_i_exact_text_of(const sx_node *n, const char *attr);

/* Compile e, which was parsed from that text and is held.  What is not rational is reported. */
sx_status sx_i_exact_compile(sx_i_exact_reading *x, const sx_i_exact_text *t, const sx_expr *e,
                             sx_i_exact_expr **out);
void sx_i_exact_expr_free(sx_i_exact_expr *e); /* before the fence goes */

/* The value on a triple; a truth is 1 or 0. */
sx_i_exact_kind sx_i_exact_eval(sx_i_exact_expr *e, int32_t s, int32_t k, int32_t next,
                                mpq_ptr out);

#endif
