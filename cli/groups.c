/* SPDX-License-Identifier: GPL-3.0-or-later */
/* groups.c - means over groups of rewards, with their bootstrap intervals. */
#include "cli/groups.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* --- sides --- */

/* The number of the group: how many runs of rewards of one group come before it. */
static int64_t stream_of(const sx_spec *spec, const char *group)
{
    int64_t stream = 0;
    for (int32_t i = 0; i < spec->rewards; i++) {
        const char *its = spec->reward[i].group;
        bool again = i > 0 && its && spec->reward[i - 1].group &&
                     strcmp(its, spec->reward[i - 1].group) == 0;
        if (its && strcmp(its, group) == 0)
            return stream;
        stream += its && !again;
    }
    return stream;
}

/* The group of reward r when all of it is among which [count], else NULL. */
static const char *whole_group(const sx_spec *spec, const int32_t *which, int32_t count,
                               int32_t r)
{
    const char *group = spec->reward[r].group;
    int32_t found = 0;
    for (int32_t i = 0; group && i < count; i++) {
        const char *its = spec->reward[which[i]].group;
        found += its && strcmp(its, group) == 0;
    }
    return group && found == sx_spec_group(spec, group) ? group : NULL;
}

static sx_cli_side *find_side(sx_cli_sides *s, const char *group)
{
    for (int32_t i = 0; i < s->count; i++)
        if (s->side[i].stream >= 0 && strcmp(s->side[i].id, group) == 0)
            return &s->side[i];
    return NULL;
}

/* A new side with room for `room` members. */
static sx_cli_side *add_side(sx_cli_sides *s, const char *id, int64_t stream, int32_t room)
{
    sx_cli_side *side = &s->side[s->count];
    side->id = id;
    side->stream = stream;
    side->member = sx_alloc((size_t)room, sizeof *side->member);
    s->count += side->member != NULL;
    return side->member ? side : NULL;
}

sx_status sx_cli_sides_make(const sx_cli *c, const int32_t *which, int32_t count,
                            sx_cli_sides *out, sx_error *err)
{
    const sx_spec *spec = c->spec;
    *out = (sx_cli_sides){0};
    out->side = sx_alloc((size_t)count, sizeof *out->side);
    if (!out->side)
        return sx_nomem(err);
    for (int32_t i = 0; i < count; i++) {
        const sx_named_reward *r = &spec->reward[which[i]];
        sx_cli_side *side = r->group ? find_side(out, r->group) : NULL;
        const char *group =
            r->group && !side ? whole_group(spec, which, count, which[i]) : NULL;
        if (!side && group) {
            side = add_side(out, group, stream_of(spec, group), sx_spec_group(spec, group));
            out->groups++;
        } else if (!side) {
            side = add_side(out, r->id, -1, 1);
        }
        if (!side)
            return sx_nomem(err);
        side->member[side->count++] = i;
    }
    return SX_OK;
}

void sx_cli_sides_clear(sx_cli_sides *sides)
{
    for (int32_t i = 0; i < sides->count; i++)
        sx_release(sides->side[i].member);
    sx_release(sides->side);
    *sides = (sx_cli_sides){0};
}

/* --- means --- */

sx_status sx_cli_mean(const sx_cli *c, const sx_cli_side *rows, const sx_cli_side *columns,
                      sx_cli_number number, const void *of, sx_interval *out, sx_error *err)
{
    size_t n = 0;
    double *value = sx_alloc((size_t)rows->count * (size_t)columns->count, sizeof *value);
    *out = (sx_interval){NAN, NAN, NAN, NULL};
    if (!value)
        return sx_nomem(err);
    for (int32_t i = 0; i < rows->count && !out->reason; i++)
        for (int32_t j = 0; j < columns->count && !out->reason; j++) {
            sx_number x = number(of, rows->member[i], columns->member[j]);
            value[n++] = x.value;
            if (!isfinite(x.value))
                out->reason = x.reason ? x.reason : "a member has no number";
        }
    sx_status st = SX_OK;
    if (!out->reason)
        st = sx_bootstrap_mean(value, (sx_sample){rows->count, rows->stream},
                               (sx_sample){columns->count, columns->stream},
                               (uint64_t)c->o.number[SX_OPT_SEED], out, err);
    sx_release(value);
    return st;
}

void sx_cli_put_mean(sx_report *r, sx_value *v, const sx_interval *mean)
{
    sx_put_number(r, v, "mean", mean->mean);
    sx_put_number(r, v, "lo", mean->lo);
    sx_put_number(r, v, "hi", mean->hi);
    if (mean->reason)
        sx_put_text(r, v, "reason", mean->reason);
    else
        sx_put_null(r, v, "reason");
}

void sx_cli_put_sides(sx_report *r, sx_value *v, const sx_cli_side *group,
                      const sx_cli_side *other)
{
    sx_put_text(r, v, "group", group->id);
    sx_put_text(r, v, "other", other->id);
    sx_put_whole(r, v, "n", group->count);
    if (other->stream >= 0)
        sx_put_whole(r, v, "other_n", other->count);
    else
        sx_put_null(r, v, "other_n");
}

void sx_cli_text_members(sx_table *t, const sx_cli_side *group, const sx_cli_side *other)
{
    char members[48];
    int used = snprintf(members, sizeof members, "%" PRId32, group->count);
    if (other->stream >= 0)
        snprintf(members + used, sizeof members - (size_t)used, " x %" PRId32, other->count);
    sx_table_cell(t, members);
}

void sx_cli_text_mean(sx_table *t, const sx_interval *mean)
{
    sx_table_number(t, mean->mean);
    sx_table_number(t, mean->lo);
    sx_table_number(t, mean->hi);
}

void sx_cli_text_groups(sx_cli *c)
{
    sx_text_format(&c->text,
                   "\nGroups: the mean over their members and its 95 %% interval (percentile "
                   "bootstrap,\n%d resamples of whole members, seed %.0f)\n",
                   SX_RESAMPLES, c->o.number[SX_OPT_SEED]);
}

/* --- naming them --- */

static sx_status add_one(sx_cli *c, const char *id, int32_t r, int32_t *which, int32_t *count,
                         sx_error *err)
{
    for (int32_t i = 0; i < *count; i++)
        if (which[i] == r)
            return sx_cli_fail(c, "E504", err, "reward '%.80s' is given twice", id);
    which[(*count)++] = r;
    return SX_OK;
}

sx_status sx_cli_add_rewards(sx_cli *c, const char *what, const char *id, int32_t *which,
                             int32_t *count, sx_error *err)
{
    int32_t index;
    sx_status st = SX_OK;
    if (!sx_spec_group(c->spec, id)) {
        st = sx_cli_reward(c, what, id, &index, err);
        return st ? st : add_one(c, id, index, which, count, err);
    }
    for (int32_t i = 0; i < c->spec->rewards && !st; i++) {
        const sx_named_reward *r = &c->spec->reward[i];
        if (r->group && strcmp(r->group, id) == 0)
            st = add_one(c, r->id, i, which, count, err);
    }
    return st;
}
