/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_int.h - what the files of the exact reading share. */
#ifndef SX_EXACT_INT_H
#define SX_EXACT_INT_H

#include "mdp/exact.h"
#include "mdp/expr.h"
#include "mdp/spec_int.h"

#include <gmp.h>

/* --- numbers (exact_number.c) ----------------------------------------------------------- */

/* n zeros; NULL when out of memory.  Free with the same n. */
mpq_ptr sx_i_rationals_new(int64_t n);
void *sx_i_rationals_free(void *x, int64_t n);

/* The number that text [size] writes, a decimal or a fraction; NULL, or why it cannot be taken
 * exactly (static).  The text is one that sx_number_read takes. */
const char *sx_i_rational_read(const char *text, size_t size, mpq_ptr out);

/* --- what is being read ------------------------------------------------------------------ */

typedef struct sx_i_exact_variable {
    mpq_ptr value; /* [S] or [K] */
    int64_t count;
} sx_i_exact_variable;

typedef struct sx_i_exact_reading {
    sx_i_reading *rd;
    sx_exact *out;
    const sx_world *world;
    const sx_mdp *m;
    const sx_node *root, *node; /* <mdp> and the world in it */
    int32_t variables;
    sx_i_exact_variable *variable; /* [variables] as those of the world */
    int64_t throughs;
    mpq_ptr share; /* [throughs] as those of the world */
    int32_t nest;  /* rewards that use each other */
    int32_t rewards;
    const sx_node **element; /* [rewards] <reward> elements */
    mpq_ptr *table;          /* [rewards] those that were read, else NULL */
} sx_i_exact_reading;

/* The value (or default) of a number attribute; what cannot be taken is reported. */
sx_status sx_i_exact_attr(sx_i_exact_reading *x, const sx_node *n, const char *name,
                          mpq_ptr out);

/* Report a number that cannot be taken, and why. */
sx_status sx_i_exact_refuse(sx_i_exact_reading *x, sx_place place, const char *text,
                            const char *why);

/* Discount, initial distribution and transitions into x->out.  (exact_world.c) */
sx_status sx_i_exact_world(sx_i_exact_reading *x);

/* The reward of that element, memorised in x->table[i].  (exact_reward.c) */
sx_status sx_i_exact_reward(sx_i_exact_reading *x, int32_t i);

/* --- expressions (exact_expr.c) ------------------------------------------------------------
 */

typedef enum sx_i_exact_kind {
    SX_I_EXACT_NUMBER,
    SX_I_EXACT_MISSING,  /* a variable that a state lacks, and what follows from it */
    SX_I_EXACT_DIVISION, /* by zero */
    SX_I_EXACT_WILD /* what has no exact value: a power too large, an infinite comparison */
} sx_i_exact_kind;

typedef struct sx_i_exact_expr sx_i_exact_expr;

/* Compile e, parsed from attribute `attr` of n.  What is not rational is reported. */
sx_status sx_i_exact_compile(sx_i_exact_reading *x, const sx_node *n, const char *attr,
                             const sx_expr *e, sx_i_exact_expr **out);
sx_i_exact_expr *sx_i_exact_expr_free(sx_i_exact_expr *e);

/* The value on a triple; a truth is 1 or 0. */
sx_i_exact_kind sx_i_exact_eval(sx_i_exact_expr *e, int32_t s, int32_t k, int32_t next,
                                mpq_ptr out);

#endif
