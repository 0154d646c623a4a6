/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp_int.h - the fence round GLPK, for its own test. */
#ifndef SX_LP_INT_H
#define SX_LP_INT_H

#include "solvers/lp.h"

/* Run work(arg); a call of GLPK's error handler inside ends it with SX_ELIB and GLPK's
 * words, and destroys all objects of GLPK that this thread holds. */
SX_CHECKED sx_status sx_i_glpk_fenced(void (*work)(void *), void *arg, sx_error *err);

#endif
