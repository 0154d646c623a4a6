/* SPDX-License-Identifier: GPL-3.0-or-later */
/* canon.h - canonicalisation functions: one representative for rewards that order all
 * policies alike.
 *
 *     none               R
 *     epic               R + gamma phi(s') - phi(s) - gamma E_{D_S}[phi],
 *                        phi(s) = E_{A~D_A, S'~D_S}[R(s,A,S')]          Gleave et al. 2021
 *     dard               R(s,a,s') + gamma phi(s') - phi(s)
 *                        - gamma E_A E_{S'~tau(s,A), S''~tau(s',A)}[R(S',A,S'')],
 *                        phi(s) = E_{A, S'~tau(s,A)}[R(s,A,S')]         Wulfe et al. 2022
 *     val                E_{S'~tau}[R(s,a,S') + gamma V(S')] - V(s)     Skalse et al. 2024
 *     val-potential      R + gamma V(s') - V(s),  V = V^pi              Skalse et al. 2024
 *     minimal            least norm under shaping and S'-redistribution Skalse et al. 2024
 *     minimal-potential  least norm under shaping alone
 */
#ifndef SX_CANON_H
#define SX_CANON_H

#include "metrics/norm.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_canon {
    SX_NONE,
    SX_EPIC,
    SX_DARD,
    SX_VAL,
    SX_VAL_POTENTIAL,
    SX_MINIMAL,
    SX_MINIMAL_POTENTIAL
} sx_canon;

enum { SX_CANONS = 7 };

const char *sx_canon_name(sx_canon c);
bool sx_canon_find(const char *name, sx_canon *c);

/* Whether the form depends on the norm (minimal, minimal-potential). */
bool sx_canon_is_minimal(sx_canon c);

typedef struct sx_canon_options {
    const double *policy;      /* [K] pi of val and val-potential; NULL: uniform */
    const double *state_dist;  /* [S] D_S, sums to 1; NULL: uniform */
    const double *action_dist; /* [K] D_A(a|s), sums to 1 in each state; NULL: uniform */
    double trivial;            /* threshold of triviality, relative to max |R|: 1e-9 */
} sx_canon_options;

sx_canon_options sx_canon_defaults(void);

/* What all rewards of a world share: factors, distributions.  Made once, used for any
 * number of rewards by one thread at a time. */
typedef struct sx_canoniser sx_canoniser;

/* m is borrowed; what o points to is copied.  SX_EARG: a distribution is none. */
SX_CHECKED sx_status sx_canoniser_new(const sx_mdp *m, const sx_canon_options *o,
                                      sx_canoniser **out, sx_error *err);
sx_canoniser *sx_canoniser_free(sx_canoniser *c);

/* c(R).  norm matters to the minimal forms only; in l1, linf, weighted-l1 and weighted-linf
 * these are linear programs, up to 400 states.  *out: owned by the caller, or NULL with
 * *reason (static) where the form has no value on this world. */
SX_CHECKED sx_status sx_canonicalise(sx_canoniser *c, const sx_reward *r, sx_canon canon,
                                     sx_norm norm, sx_reward **out, const char **reason,
                                     sx_error *err);

/* Whether all policies have the same value in every state: max |A^u| <= trivial max_{tau>0}
 * |R|, A^u the advantage under the uniform policy. */
SX_CHECKED sx_status sx_canon_trivial(sx_canoniser *c, const sx_reward *r, bool *trivial,
                                      sx_error *err);

/* D_S [S] and D_A [K] in use, borrowed. */
const double *sx_canoniser_state_dist(const sx_canoniser *c);
const double *sx_canoniser_action_dist(const sx_canoniser *c);

#ifdef __cplusplus
}
#endif
#endif
