/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_absorb_int.h - the same problem with fewer ties between its free unknowns. */
#ifndef SX_REPAIR_ABSORB_INT_H
#define SX_REPAIR_ABSORB_INT_H

#include "metrics/repair_int.h"

/* f of the new problem is f + ratio g of the old one. */
typedef struct sx_i_ride {
    int32_t f, g;
    double ratio;
} sx_i_ride;

typedef struct sx_i_absorb {
    sx_i_near p; /* with coefficients of its own, everything else borrowed */
    int32_t rides, room;
    sx_i_ride *ride; /* [rides] in the order in which they were found */
    int64_t *first;  /* [unknowns+2] workspace */
    int32_t *row;
} sx_i_absorb;

/* Release with sx_i_absorb_clear in any case.  SX_EMEM. */
SX_CHECKED sx_status sx_i_absorb_make(const sx_i_near *p, sx_i_absorb *a, sx_error *err);
void sx_i_absorb_clear(sx_i_absorb *a);

/* x [unknowns] of the new problem becomes x of the old one. */
void sx_i_absorb_undo(const sx_i_absorb *a, double *x);

#endif
