/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rational_int.h - linear equations in rational numbers. */
#ifndef SX_RATIONAL_INT_H
#define SX_RATIONAL_INT_H

#include "mdp/base.h"

#include <gmp.h>

/* n zeros; NULL when out of memory.  Free with the same n. */
mpq_ptr sx_i_rational_new(int64_t n);
void sx_i_rational_free(mpq_ptr x, int64_t n);

/* "-2/3", owned by the caller; NULL when out of memory. */
char *sx_i_rational_text(mpq_srcptr x);

/* b [n,rhs] = A^-1 b for a matrix A [n,n] all of whose leading minors are not zero, as those of
 * I - gamma P.  Rows are multiplied by their common denominators and eliminated without
 * fractions (Bareiss 1968): every number on the way is a minor of the matrix.  SX_ELIMIT: the
 * numbers are too long for a world of that size. */
sx_status sx_i_rational_solve(int32_t n, mpq_srcptr a, int32_t rhs, mpq_ptr b, sx_error *err);

#endif
