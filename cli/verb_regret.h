/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_regret.h - what the files of the verb regret share. */
#ifndef SX_VERB_REGRET_H
#define SX_VERB_REGRET_H

#include "cli/groups.h"
#include "metrics/bounds.h"
#include "metrics/regret.h"
#include "metrics/witness.h"

/* One ordered pair of rewards. */
typedef struct sx_regret_row {
    int32_t truth, proxy;
    sx_regret *regret;
    sx_witness witness;
    sx_compared *compared; /* [measures] */
    sx_bounds *bounds;     /* [measures] */
} sx_regret_row;

typedef struct sx_regret_answer {
    int32_t truths,
        proxies; /* rewards on either side; rows are for all pairs of different ones */
    int32_t *truth, *proxy;
    int32_t count;
    sx_regret_row *row; /* [count] */
    int32_t unreachable;
    int32_t measures;
    sx_measure measure[SX_MEASURES];
    double **mean;           /* [rewards][K] expected rewards */
    sx_regret_world *world;  /* what the pairs share */
    sx_bounds_world *bounds; /* and their bounds */
} sx_regret_answer;

/* verb_regret.c: all pairs that --true and --proxy name, under a->measure [a->measures]. */
SX_CHECKED sx_status sx_regret_find(sx_cli *c, sx_regret_answer *a, sx_error *err);
/* Release a and what it holds. */
void sx_regret_clear(const sx_cli *c, sx_regret_answer *a);

/* regret_put.c: JSON and CSV. */
void sx_regret_put(sx_cli *c, const sx_regret_answer *a);

/* regret_text.c */
void sx_regret_text(sx_cli *c, const sx_regret_answer *a);

/* regret_groups.c: means over groups, if there are any, in JSON and text. */
SX_CHECKED sx_status sx_regret_groups(sx_cli *c, const sx_regret_answer *a, sx_error *err);

/* regret_witness.c: the two policies of a pair as an object "witness" of the result ... */
void sx_regret_put_witness(sx_cli *c, sx_value *parent, const sx_regret_answer *a,
                           const sx_regret_row *x);
/* ... and those of all pairs as the file that --witness names.  Refusals come before the work
 * is done. */
SX_CHECKED sx_status sx_regret_witness_guard(sx_cli *c, sx_error *err);
SX_CHECKED sx_status sx_regret_witness_file(sx_cli *c, const sx_regret_answer *a,
                                            sx_error *err);

#endif
