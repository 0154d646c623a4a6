/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_reward.c - a <reward> element: its terms in order, and <use>. */
#include "mdp/spec_reward_int.h"

#include <stdio.h>
#include <string.h>

/* --- use ------------------------------------------------------------------------------------
 */

/* Where among its siblings a reward of that id stands to n: before, at, after (-1 0 1); 2 when
 * there is none. */
static int standing(const sx_node *n, const char *id)
{
    int order = -1;
    for (const sx_node *x = sx_i_first(n->parent, "reward"); x; x = sx_i_next(x, "reward")) {
        const char *its = sx_i_attr(x, "id");
        if (x == n)
            order = 0;
        if (its && !strcmp(its, id))
            return order;
        if (x == n)
            order = 1;
    }
    return 2;
}

static sx_status unknown(sx_i_rewarding *c, const sx_node *reward, sx_place place,
                         const char *id)
{
    char hint[128], buffer[SX_NAME_BUFFER];
    int32_t index;
    sx_names *names = NULL;
    sx_status st = sx_names_new(&names, NULL);
    bool shown = sx_diags_errors(c->rd->diags) < SX_DIAG_LIMIT; /* else a hint is wasted work */
    const sx_node *first = shown ? sx_i_first(reward->parent, "reward") : NULL;
    for (const sx_node *x = first; !st && x && x != reward; x = sx_i_next(x, "reward"))
        if (sx_i_attr(x, "id"))
            st = sx_names_add(names, sx_i_attr(x, "id"), &index, NULL);
    const char *near = st ? NULL : sx_names_nearest(names, id, buffer);
    if (near)
        snprintf(hint, sizeof hint, "did you mean \"%.60s\"?", near);
    st = sx_diag_report(c->rd->diags, place, "E402", near ? hint : NULL,
                        "there is no reward \"%.60s\"", id);
    sx_names_free(names);
    return st;
}

/* A reward that cannot be used: say why, unless its own problem was reported. */
static sx_status unusable(sx_i_rewarding *c, const sx_node *n, const char *id)
{
    sx_diags *d = c->rd->diags;
    sx_place place = sx_i_attr_where(n, "reward");
    switch (standing(n->parent, id)) {
    case -1: return SX_EINPUT;
    case 0:
        return sx_diag_report(d, place, "E402", "write its terms here",
                              "the reward \"%.60s\" uses itself", id);
    case 1:
        return sx_diag_report(d, place, "E402", "move it before this one",
                              "the reward \"%.60s\" is defined further down", id);
    default: return unknown(c, n->parent, place, id);
    }
}

static sx_status term_use(sx_i_rewarding *c, const sx_node *n)
{
    double scale = 1;
    const char *id = sx_i_attr(n, "reward");
    sx_status st = sx_i_attr_number(n, "scale", &scale);
    if (st || !id)
        return SX_EINPUT;
    int32_t i = sx_spec_reward(c->rd->spec, id);
    if (i < 0 && sx_spec_group(c->rd->spec, id))
        return sx_diag_report(c->rd->diags, sx_i_attr_where(n, "reward"), "E402",
                              "name one of its rewards", "\"%.60s\" is a group, not a reward",
                              id);
    if (i < 0)
        return unusable(c, n, id);
    st = sx_i_terms_settle(c->terms, c->rd->err);
    if (!st)
        st = sx_reward_add(c->m, c->terms->r, scale, c->rd->spec->reward[i].reward, c->rd->err);
    return st;
}

/* --- the reward ------------------------------------------------------------------------------
 */

typedef struct kind {
    const char *name;
    sx_status (*read)(sx_i_rewarding *c, const sx_node *n);
} kind;

static const kind kinds[] = {
    {"add", sx_i_term_add},
    {"set", sx_i_term_add},
    {"use", term_use},
    {"shape", sx_i_term_shape},
    {"table", sx_i_term_table},
    {"noise", sx_i_term_noise},
    {"redistribute", sx_i_term_redistribute},
};

static sx_status read_terms(sx_i_rewarding *c, const sx_node *reward)
{
    sx_status st = sx_i_attr(reward, "href") ? sx_i_term_table(c, reward) : SX_OK;
    for (const sx_node *n = sx_i_first(reward, NULL); n && !sx_i_stops(st);
         n = sx_i_next(n, NULL)) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (!strcmp(n->name, kinds[i].name))
                st = sx_i_worse(st, kinds[i].read(c, n));
        c->term++;
    }
    return st;
}

/* r is taken over on success, and only then. */
static sx_status append(sx_spec *spec, const char *id, const char *group, sx_reward *r,
                        sx_error *err)
{
    sx_named_reward *reward =
        sx_realloc(spec->reward, (size_t)spec->rewards + 1, sizeof *reward);
    if (!reward)
        return sx_nomem(err);
    spec->reward = reward;
    reward += spec->rewards;
    *reward = (sx_named_reward){sx_strdup(id), r, group ? sx_strdup(group) : NULL};
    if (!reward->id || (group && !reward->group)) {
        sx_release(reward->id);
        sx_release(reward->group);
        return sx_nomem(err);
    }
    spec->rewards++;
    return SX_OK;
}

/* What only adding up can spoil: the sum of finite values. */
static sx_status check(sx_i_rewarding *c, const sx_node *n, const sx_reward *r)
{
    sx_error wrong = SX_NO_ERROR;
    sx_status st = sx_reward_check(c->m, r, &wrong);
    if (st == SX_EINPUT)
        return sx_diag_report(c->rd->diags, n->place, "E405", "use smaller numbers",
                              "the terms of this reward add up to more than a double holds");
    return st;
}

sx_status sx_i_reward_make(sx_i_rewarding *c, const sx_node *reward, const char *id,
                           const char *group)
{
    sx_reward *r = NULL;
    if (sx_spec_reward(c->rd->spec, id) >= 0)
        return sx_diag_report(c->rd->diags, sx_i_attr_where(reward, c->file ? "href" : "id"),
                              "E401", NULL, "the reward \"%.120s\" is defined twice", id);
    sx_status st = sx_i_terms_new(c->world, &c->terms, c->rd->err);
    if (!st)
        st = read_terms(c, reward);
    if (!st)
        st = sx_i_terms_take(c->terms, &r, c->rd->err);
    if (!st)
        st = check(c, reward, r);
    if (!st)
        st = append(c->rd->spec, id, group, r, c->rd->err);
    if (st)
        sx_reward_free(r);
    sx_i_terms_free(c->terms);
    return st;
}

sx_status sx_i_reward_read(sx_i_reading *rd, const sx_node *reward)
{
    const char *id = sx_i_attr(reward, "id");
    const sx_world *w = rd->spec->world;
    sx_i_rewarding c = {rd, w, w->mdp, NULL, 0, 0, NULL};
    if (!id)
        return SX_EINPUT;
    for (const sx_node *x = sx_i_first(reward->parent, "reward"); x && x != reward;
         x = sx_i_next(x, "reward")) {
        const char *other = sx_i_attr(x, "id");
        c.reward++;
        if (other && !strcmp(id, other))
            return sx_diag_report(rd->diags, sx_i_attr_where(reward, "id"), "E401", NULL,
                                  "the reward \"%.60s\" is defined twice", id);
    }
    sx_status st = sx_i_group_check(&c, reward);
    if (!st && sx_i_is_group(reward))
        return sx_i_group_read(&c, reward);
    return st ? st : sx_i_reward_make(&c, reward, id, sx_i_attr(reward, "group"));
}
