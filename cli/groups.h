/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.h - what results say about groups of rewards. */
#ifndef SX_GROUPS_H
#define SX_GROUPS_H

#include "cli/cli.h"
#include "metrics/statistics.h"

/* One reward, or a whole group. */
typedef struct sx_cli_side {
    const char *id;
    int64_t stream; /* of the group's draws; negative: a single reward */
    int32_t count;
    int32_t *member; /* [count] places among the rewards in question */
} sx_cli_side;

typedef struct sx_cli_sides {
    int32_t count, groups;
    sx_cli_side *side; /* [count] in the order of their first rewards */
} sx_cli_sides;

/* The sides of the rewards `which` [count]; a group counts as one when all its rewards are
 * among them.  Clear them in any case. */
SX_CHECKED sx_status sx_cli_sides_make(const sx_cli *c, const int32_t *which, int32_t count,
                                       sx_cli_sides *out, sx_error *err);
void sx_cli_sides_clear(sx_cli_sides *sides);

/* The number for a pair of members (places among the rewards in question). */
typedef sx_number (*sx_cli_number)(const void *of, int32_t row, int32_t column);

/* Mean of it over two sides, of which one at least is a group, and its interval; no mean where
 * a member has no number. */
SX_CHECKED sx_status sx_cli_mean(const sx_cli *c, const sx_cli_side *rows,
                                 const sx_cli_side *columns, sx_cli_number number,
                                 const void *of, sx_interval *out, sx_error *err);

/* JSON: "mean", "lo", "hi", "reason" in v. */
void sx_cli_put_mean(sx_report *r, sx_value *v, const sx_interval *mean);

/* JSON: "group", "other", "n", "other_n" in v. */
void sx_cli_put_sides(sx_report *r, sx_value *v, const sx_cli_side *group,
                      const sx_cli_side *other);

/* Text: the cell members / the cells mean, lo, hi / what they are. */
void sx_cli_text_members(sx_table *t, const sx_cli_side *group, const sx_cli_side *other);
void sx_cli_text_mean(sx_table *t, const sx_interval *mean);
void sx_cli_text_groups(sx_cli *c);

/* Append the reward of that id, or all of a group, to which [*count], which has room for all
 * rewards; one that is there already is an error. */
SX_CHECKED sx_status sx_cli_add_rewards(sx_cli *c, const char *what, const char *id,
                                        int32_t *which, int32_t *count, sx_error *err);

#endif
