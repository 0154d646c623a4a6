/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rational_int.h - linear equations in rational numbers. */
#ifndef SX_RATIONAL_INT_H
#define SX_RATIONAL_INT_H

#include "mdp/fence.h"

#include <gmp.h>

/* All of this runs behind a fence. */

/* "-2/3" into *to, which the caller owns whatever happens; what was there is released. */
sx_status sx_i_rational_text(char **to, mpq_srcptr x, sx_error *err);

/* "-6.66667e-2000": six digits, into text [SX_I_DECIMAL]. */
#define SX_I_DECIMAL 40
void sx_i_rational_decimal(mpq_srcptr x, char text[SX_I_DECIMAL]);

/* b [n,rhs] = A^-1 b for a matrix A [n,n] all of whose leading minors are not zero, as those of
 * I - gamma P.  Rows are multiplied by their common denominators and eliminated without
 * fractions (Bareiss 1968): every number on the way is a minor of the matrix.  SX_ELIMIT: the
 * numbers are too long for a world of that size. */
sx_status sx_i_rational_solve(int32_t n, mpq_srcptr a, int32_t rhs, mpq_ptr b, sx_error *err);

#endif
