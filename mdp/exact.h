/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact.h - a world and two of its rewards in rational numbers, as the file writes them.
 *
 * The ordinary reader says what there is: which transitions are possible, names, labels.  A
 * second reading of the same file takes every number for what is written, 0.1 for 1/10, and
 * computes with those: probabilities divided by their exact sum, expressions, potentials.
 * Numbers that were binary from the start, those of arrays and of random generators, are taken
 * as the fractions that they are.
 *
 * Numbers are mpq_t of GMP, whose header stays out of this one: an array of n of them is a
 * pointer to the first. */
#ifndef SX_EXACT_H
#define SX_EXACT_H

#include "mdp/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_EXACT_STATES  100
#define SX_EXACT_TRIPLES 100000 /* K*S */

typedef struct sx_exact {
    sx_spec *spec;   /* the second reading; its rewards are missing */
    void *discount;  /* mpq_t */
    void *initial;   /* mpq_t [S], sums to 1 */
    void *prob;      /* mpq_t [T], sums to 1 within a pair */
    void *reward[2]; /* mpq_t [K*S] by pair, then next state */
} sx_exact;

/* Read path again, from which spec was read, and the two rewards of those ids.  Problems are
 * reported to d: numbers of too many digits (E471), what is not rational (E472), what has no
 * exact reading (E473), a world that is too large (E474).  SX_EIO with a sentence: the file is
 * not what it was.  *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_exact_read(const char *path, const sx_spec *spec,
                                   const char *const id[2], sx_diags *d, sx_exact **out,
                                   sx_error *err);
sx_exact *sx_exact_free(sx_exact *x);

#ifdef __cplusplus
}
#endif
#endif
