/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_source.c - the rewards of a specification in rational numbers: which are needed.
 *
 * A reward uses rewards further up, or single files of a pattern; those that the two wanted
 * ones come to are read in the order of the file. */
#include "mdp/exact_reward_int.h"

#include <string.h>

static const char *id_of(const sx_i_exact_source *s)
{
    return s->id ? s->id : sx_i_attr(s->node, "id");
}

/* --- the list ---------------------------------------------------------------------------- */

static sx_status append(sx_i_exact_reading *x, const sx_i_exact_source *s)
{
    sx_i_exact_source *grown = sx_realloc(x->source, (size_t)x->sources + 1, sizeof *x->source);
    if (!grown)
        return sx_nomem(x->rd->err);
    x->source = grown;
    grown[x->sources++] = *s;
    return SX_OK;
}

static sx_status list_elements(sx_i_exact_reading *x)
{
    int32_t place = 0;
    sx_status st = SX_OK;
    for (const sx_node *n = sx_i_first(x->root, "reward"); n && !st;
         n = sx_i_next(n, "reward"), place++)
        if (!sx_i_is_group(n))
            st = append(x, &(sx_i_exact_source){.node = n, .place = place});
    return st;
}

/* Append the member of that id of the pattern, if it has one. */
static sx_status append_member(sx_i_exact_reading *x, const sx_node *n, int32_t place,
                               const char *id, bool *found)
{
    sx_i_exact_source s = {.place = place, .id = sx_strdup(id)};
    sx_i_rewarding c = {.rd = x->rd, .world = x->world, .m = x->m, .reward = place};
    sx_node *as = sx_alloc(1, sizeof *as);
    sx_status st =
        as && s.id ? sx_i_group_member(&c, n, id, as, &s.file) : sx_nomem(x->rd->err);
    s.node = as;
    if (!st)
        st = append(x, &s);
    *found = !st;
    if (st) {
        sx_release(as ? as->attr : NULL);
        sx_release(as);
        sx_release(s.file);
        sx_release(s.id);
    }
    return st == SX_EINPUT ? SX_OK : st;
}

sx_status sx_i_exact_source_find(sx_i_exact_reading *x, const char *id, int32_t *found)
{
    int32_t place = 0;
    bool member = false;
    sx_status st = SX_OK;
    *found = -1;
    for (int32_t i = 0; i < x->sources; i++)
        if (id_of(&x->source[i]) && strcmp(id_of(&x->source[i]), id) == 0) {
            *found = i;
            return SX_OK;
        }
    for (const sx_node *n = sx_i_first(x->root, "reward"); n && !member && !st;
         n = sx_i_next(n, "reward"), place++) {
        const char *group = sx_i_attr(n, "id");
        size_t size = group ? strlen(group) : 0;
        if (group && sx_i_is_group(n) && strncmp(id, group, size) == 0 && id[size] == '/')
            st = append_member(x, n, place, id, &member);
    }
    if (member)
        *found = x->sources - 1;
    return st;
}

/* --- reading ----------------------------------------------------------------------------- */

static sx_status need(sx_i_exact_reading *x, const char *id, int32_t *found)
{
    sx_status st = sx_i_exact_source_find(x, id, found);
    if (!st && *found < 0)
        st = sx_fail(x->rd->err, SX_EIO, "the reward %.60s is not there any more", id);
    if (!st)
        x->source[*found].needed = true;
    return st;
}

/* What source i uses. */
static sx_status need_used(sx_i_exact_reading *x, int32_t i)
{
    int32_t found;
    sx_status st = SX_OK;
    const sx_node *node = x->source[i].node;
    for (const sx_node *n = sx_i_first(node, "use"); n && !st; n = sx_i_next(n, "use"))
        st = sx_i_attr(n, "reward") ? need(x, sx_i_attr(n, "reward"), &found) : SX_EINPUT;
    return st;
}

static sx_status read_source(sx_i_exact_reading *x, int32_t i)
{
    const sx_i_held *mark = x->held;
    sx_i_exact_source *s = &x->source[i];
    sx_status st = s->needed ? sx_i_exact_reward(x, s) : SX_OK; /* leaves s where it is */
    sx_i_exact_drop(x, mark);
    return st;
}

sx_status sx_i_exact_rewards(sx_i_exact_reading *x)
{
    int32_t wanted[2] = {-1, -1};
    sx_status st = list_elements(x);
    int32_t elements = x->sources; /* members of patterns come behind them */
    for (int i = 0; i < 2 && !st; i++)
        st = need(x, x->id[i], &wanted[i]);
    for (int32_t i = elements - 1; i >= 0 && !st; i--)
        if (x->source[i].needed)
            st = need_used(x, i);
    for (int32_t i = elements; i < x->sources && !sx_i_stops(st); i++)
        st = sx_i_worse(st, read_source(x, i));
    for (int32_t i = 0; i < elements && !sx_i_stops(st); i++)
        st = sx_i_worse(st, read_source(x, i));
    for (int i = 0; i < 2 && !st; i++)
        x->out->reward[i] = x->source[wanted[i]].table;
    return st;
}
