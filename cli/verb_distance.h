/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance.h - what the files of `distance` share. */
#ifndef SX_VERB_DISTANCE_H
#define SX_VERB_DISTANCE_H

#include "cli/groups.h"

typedef struct sx_cli_distance {
    int32_t count;  /* rewards */
    int32_t *which; /* [count] */
    sx_measure measure[SX_MEASURES];
    int32_t measures;
    int64_t pairs;
    sx_number *value; /* [measures * pairs] */
    int32_t unreachable;
} sx_cli_distance;

const char *sx_cli_distance_id(const sx_cli *c, const sx_cli_distance *a, int32_t i);

/* Measure k of rewards i and j. */
sx_number sx_cli_distance_at(const sx_cli_distance *a, int32_t k, int32_t i, int32_t j);

/* JSON: "distance", "canon", "norm", "metric" in v. */
void sx_cli_put_measure(sx_report *r, sx_value *v, const sx_measure *m);

/* verb_distance_groups.c: means over groups, if there are any, in JSON and text. */
SX_CHECKED sx_status sx_cli_distance_groups(sx_cli *c, const sx_cli_distance *a, sx_error *err);

/* verb_distance_explain.c: --explain. */
SX_CHECKED sx_status sx_cli_distance_explain(sx_cli *c, const sx_cli_distance *a,
                                             sx_error *err);

#endif
