/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.h - the expression language of value=, when= and potential=.
 *
 *     numbers 1 2.5 1e-3 1/3 · + - * / ^ · < <= > >= == != · and or not
 *     if(c,a,b) min max abs exp log log1p sqrt
 *     variables of the state (row, col, attributes), of the successor with a prime (row')
 *     or the prefix next_ (next_row), of the pair (attributes of responses and choices; these
 *     look at state and action), action; names are compared with == and != only:
 *     action == up, colour == 'dark red'
 *
 * An expression is checked against the variables of a world when it is parsed and compiled
 * to a small program that is run over blocks of triples. */
#ifndef SX_EXPR_H
#define SX_EXPR_H

#include "mdp/world.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_expr sx_expr;

/* What an expression looks at, as bits. */
enum { SX_EXPR_STATE = 1, SX_EXPR_ACTION = 2, SX_EXPR_NEXT = 4 };

typedef struct sx_expr_error {
    size_t offset, width; /* bytes of the text that are wrong */
    char code[8];         /* E2xx */
    char message[256];
    char hint[256]; /* "" for none */
} sx_expr_error;

/* Compile text against the variables and names of w (borrowed: w outlives the expression).
 * allowed: the bits it may look at (a potential looks at the state only).
 * *out: owned by the caller; NULL on failure.  SX_EINPUT fills *where. */
SX_CHECKED sx_status sx_expr_parse(const char *text, const sx_world *w, unsigned allowed,
                                   sx_expr **out, sx_expr_error *where, sx_error *err);

/* The same for an expression whose value is one of the names of a variable (its place among
 * them; -1 for a name of another variable that this one does not have): a name, quoted or not,
 * a variable of names, or if() of such. */
SX_CHECKED sx_status sx_expr_parse_name(const char *text, const sx_world *w, int32_t variable,
                                        unsigned allowed, sx_expr **out, sx_expr_error *where,
                                        sx_error *err);
sx_expr *sx_expr_free(sx_expr *e);

/* The bits of what it looks at. */
unsigned sx_expr_looks_at(const sx_expr *e);

/* Is its value a truth (a comparison, and, or, not, if of truths) and not a number? */
bool sx_expr_is_boolean(const sx_expr *e);

/* Values for n triples, truths as 1 and 0; arrays that it does not look at may be NULL.  A
 * division by zero, a logarithm of a negative number, a variable that a state or a pair lacks
 * (and one of a pair that is not available) give NAN
 * or infinity: the caller refuses what is not finite where it matters.  A comparison with NAN
 * is false, and != is true; likewise for a name that a state lacks. */
SX_CHECKED sx_status sx_expr_eval(const sx_expr *e, const int32_t *state, const int32_t *action,
                                  const int32_t *next, size_t n, double *value, sx_error *err);

/* Does state s, or the pair (s,a), lack a variable of its own that e looks at? */
bool sx_expr_lacks(const sx_expr *e, int32_t s, int32_t a);

/* Write e as a sum of products, e = sum_i left_i(s,a) right_i(s').  *parts: how many, or 0
 * when no such form was found; left and right: arrays of *parts expressions, owned by the
 * caller (sx_expr_free each, then sx_release the arrays).  Every expression that is built by
 * + - * and division by (s,a)-only or s'-only parts from parts that look at one side only
 * is separated, up to 16 parts.  `and` is a product of truths: a condition that is an `and` of
 * one-sided conditions is one part, and both of its factors are 0 or 1. */
SX_CHECKED sx_status sx_expr_separate(const sx_expr *e, int32_t *parts, sx_expr ***left,
                                      sx_expr ***right, sx_error *err);

/* Read one number: decimal or fraction ("1/3"), C locale, nothing after it but blanks.
 * Returns false for anything else, also for what is not finite. */
bool sx_number_read(const char *text, double *value);

#ifdef __cplusplus
}
#endif
#endif
