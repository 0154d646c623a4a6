/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact.h - a world and two of its rewards in rational numbers, as the file writes them.
 *
 * The ordinary reader says what there is: which transitions are possible, names, labels.  A
 * second reading of the same text takes every number for what is written, 0.1 for 1/10, and
 * computes with those: probabilities divided by their exact sum, expressions, potentials.
 * Numbers that were binary from the start, those of arrays and of random generators, are taken
 * as the fractions that they are.  A condition on which the world or a reward depends must hold
 * exactly where it does in floating point.
 *
 * Numbers are mpq_t of GMP, whose header stays out of this one: an array of n of them is a
 * pointer to the first.  They are to be read only. */
#ifndef SX_EXACT_H
#define SX_EXACT_H

#include "mdp/fence.h"
#include "mdp/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_EXACT_STATES  100
#define SX_EXACT_TRIPLES 100000 /* K*S */

typedef struct sx_exact {
    sx_spec *spec;   /* the second reading; its rewards are missing */
    sx_fence *fence; /* on which the numbers hang */
    void *discount;  /* mpq_t */
    void *initial;   /* mpq_t [S], sums to 1 */
    void *prob;      /* mpq_t [T], sums to 1 within a pair */
    void *reward[2]; /* mpq_t [K*S] by pair, then next state */
} sx_exact;

/* Which edited world of `of` is meant, as for sx_spec_edited. */
typedef struct sx_exact_edit {
    const sx_spec *of;
    int32_t edit, step;
} sx_exact_edit;

/* Is that world small enough? */
bool sx_exact_fits(const sx_mdp *m);

/* Read the text of spec, or of the specification that spec is the edited world of, again, and
 * the two rewards of those ids.  edit: NULL for none.  Problems are reported to d: numbers of
 * too many digits (E471), what has no rational value, or not the structure that it has in
 * floating point (E472), a world that is too large (E474).  SX_EIO with a sentence: a file
 * beside the specification is not what it was.  SX_ELIMIT: the fractions take too much memory.
 * *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_exact_read(const sx_spec *spec, const sx_exact_edit *edit,
                                   const char *const id[2], sx_diags *d, sx_exact **out,
                                   sx_error *err);
sx_exact *sx_exact_free(sx_exact *x);

#ifdef __cplusplus
}
#endif
#endif
