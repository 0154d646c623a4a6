/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.h - whether a certificate proves what it claims. */
#ifndef SX_VERIFY_H
#define SX_VERIFY_H

#include "metrics/certificate.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_verdict {
    SX_PROVED,   /* the claim holds within the tolerance */
    SX_UNPROVED, /* it does not, or the evidence does not show it */
    SX_UNCHECKED /* not looked at, for the reason given */
} sx_verdict;

typedef struct sx_claim {
    const char *what;          /* static: "worst_case", "range, least", ... */
    int32_t a, b;              /* places of rewards in the specification, -1 for none */
    const sx_measure *measure; /* of a distance, else NULL; borrowed from the certificate */
    double stated;
    double lo, hi; /* what the evidence proves */
    sx_verdict verdict;
    const char *reason; /* static, NULL when proved */
} sx_claim;

typedef struct sx_claims {
    int32_t count, unproved, unchecked;
    sx_claim *claim; /* [count] */
} sx_claims;

/* Check every claim of c with nothing but sweeps.  c was read by somebody who compared its
 * hashes; its numbers may be anything.  *out: owned by the caller. */
SX_CHECKED sx_status sx_certificate_verify(const sx_mdp *m, const sx_reward *const *reward,
                                           const sx_certificate *c, sx_claims **out,
                                           sx_error *err);
sx_claims *sx_claims_free(sx_claims *c);

#ifdef __cplusplus
}
#endif
#endif
