/* SPDX-License-Identifier: GPL-3.0-or-later */
/* canon_int.h - what the canonicalisation functions share. */
#ifndef SX_CANON_INT_H
#define SX_CANON_INT_H

#include "metrics/canon.h"
#include "solvers/evaluate.h"
#include "solvers/sparse.h"

/* A least-squares problem for a potential, prepared at its first use. */
typedef struct sx_i_fit {
    sx_matrix *matrix;
    sx_least_squares *solver;
} sx_i_fit;

enum { SX_I_FIT_L2, SX_I_FIT_WEIGHTED, SX_I_FIT_TRIPLES, SX_I_FITS };

enum { SX_I_UNIFORM, SX_I_GIVEN };

struct sx_canoniser {
    const sx_mdp *m;
    double *policy[2];          /* [K] uniform and given, NULL where none was given */
    sx_evaluator *evaluator[2]; /* of each, made at first use */
    int chosen;                 /* which is pi of val and val-potential */
    double *action_dist;        /* [K] */
    double *state_dist;         /* [S] */
    double trivial;
    sx_i_fit fit[SX_I_FITS];
};

/* Each makes one form: *out is the caller's, or NULL with a static *reason. */
SX_CHECKED sx_status sx_i_dard(const sx_canoniser *c, const sx_reward *r, sx_reward **out,
                               const char **reason, sx_error *err);
SX_CHECKED sx_status sx_i_minimal(sx_canoniser *c, const sx_reward *r, sx_norm norm,
                                  sx_reward **out, const char **reason, sx_error *err);
SX_CHECKED sx_status sx_i_minimal_potential(sx_canoniser *c, const sx_reward *r, sx_norm norm,
                                            sx_reward **out, const char **reason,
                                            sx_error *err);

/* The matrix of a fit, made at the first call: over rows phi(s) - gamma E_tau[phi(s')]. */
SX_CHECKED sx_status sx_i_fit_matrix(const sx_mdp *m, int kind, sx_i_fit *f, sx_error *err);

/* x [K] <- the shaped row values of least weighted square; potential [S], unless NULL, gains
 * the potential that does it. */
SX_CHECKED sx_status sx_i_fit_rows(const sx_mdp *m, int kind, sx_i_fit *f, double *x,
                                   double *potential, sx_error *err);

/* out <- the least l2 norm over all triples that shaping reaches; potential [S], unless NULL,
 * gains the potential that does it.  out->unknown must be NULL. */
SX_CHECKED sx_status sx_i_least_everywhere(const sx_mdp *m, sx_reward *out, double *potential,
                                           sx_error *err);

/* to [K] = from + gamma E_tau[phi(s')] - phi(s), the sums in extended precision; the same
 * array is allowed. */
void sx_i_shape_rows(const sx_mdp *m, const double *from, const double *phi, double *to);

/* Take the mean off phi [S] and return (1-gamma) times it: shaping by what was phi is
 * shaping by what is left, less that number on every triple.  Near gamma = 1 potentials of
 * hardly any effect are large, and would cost the rest its digits. */
double sx_i_split_potential(const sx_mdp *m, double *phi);

/* r += c on every triple. */
SX_CHECKED sx_status sx_i_add_constant(const sx_mdp *m, sx_reward *r, double c, sx_error *err);

#endif
