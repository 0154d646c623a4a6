/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_frontier.h - what the files of the verb frontier share. */
#ifndef SX_VERB_FRONTIER_H
#define SX_VERB_FRONTIER_H

#include "cli/cli.h"
#include "metrics/frontier.h"

typedef struct sx_frontier_answer {
    int32_t truth, proxy; /* rewards */
    double tolerance;
    bool coarse; /* the tolerance was chosen by size */
    int32_t unreachable;
    sx_regret_world *world; /* of the two rewards: 0 the truth, 1 the proxy */
    sx_frontier *frontier;
    int32_t policies; /* of the command line */
    double **pi;      /* [policies][K] */
    sx_listed listed;
} sx_frontier_answer;

/* Which two rewards: --true and --proxy, or what goes without saying. */
SX_CHECKED sx_status sx_frontier_choose(sx_cli *c, sx_frontier_answer *a, sx_error *err);

/* a->world of the rewards a->truth and a->proxy of c->spec; then a->frontier. */
SX_CHECKED sx_status sx_frontier_prepare(sx_cli *c, sx_frontier_answer *a, sx_error *err);
SX_CHECKED sx_status sx_frontier_compute(sx_cli *c, sx_frontier_answer *a, sx_error *err);
void sx_frontier_clear(sx_frontier_answer *a);

/* frontier_put.c: JSON and CSV. */
void sx_frontier_put(sx_cli *c, const sx_frontier_answer *a);

/* frontier_text.c */
void sx_frontier_text(sx_cli *c, const sx_frontier_answer *a);

/* The file that policy i of the command line came from. */
const char *sx_frontier_file(const sx_cli *c, int32_t i);

#endif
