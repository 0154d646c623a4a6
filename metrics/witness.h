/* SPDX-License-Identifier: GPL-3.0-or-later */
/* witness.h - what the two policies of a worst case return, computed anew.
 *
 * Nothing of the search is used: the policies are evaluated on the whole world, under the
 * rewards as they were given. */
#ifndef SX_WITNESS_H
#define SX_WITNESS_H

#include "metrics/regret.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_returns {
    double truth, proxy;
} sx_returns;

typedef struct sx_witness {
    sx_returns high, low;           /* of the policies g->high and g->low, not divided */
    double error_true, error_proxy; /* each return is this near to the policy's */
} sx_witness;

/* truth, proxy: [K] expected rewards on m.  SX_EFAULT when the policies do not show what g
 * says: the truth falls by worst_case of its range from high to low, the proxy does not. */
SX_CHECKED sx_status sx_witness_returns(const sx_mdp *m, const sx_regret *g,
                                        const double *truth, const double *proxy,
                                        sx_witness *out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
