/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_polygon.c - plot: the return polygon of two rewards. */
#include <string.h>

#include "cli/verb_frontier.h"
#include "cli/verb_plot.h"
#include "mdp/file.h"
#include "metrics/witness.h"
#include "plots/kind_polygon.h"

enum { MARKS = 3 }; /* the uniform policy, the base policy, that of --policy */

typedef struct work {
    sx_frontier_answer a;
    sx_regret *regret;
    sx_witness witness;
    double *mean; /* [2K] expected rewards of truth and proxy */
    double *pi[MARKS];
    sx_polygon_mark mark[MARKS];
    int32_t marks;
} work;

static void clear(work *w)
{
    sx_frontier_clear(&w->a);
    sx_regret_free(w->regret);
    sx_release(w->mean);
    for (int32_t i = 0; i < w->marks; i++)
        sx_release(w->pi[i]);
}

/* The worst case, and what its two policies return, computed anew. */
static sx_status find_worst_case(sx_cli *c, work *w, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    w->mean = sx_alloc(2 * (size_t)m->pairs, sizeof *w->mean);
    if (!w->mean)
        return sx_nomem(err);
    sx_reward_mean(m, c->spec->reward[w->a.truth].reward, w->mean);
    sx_reward_mean(m, c->spec->reward[w->a.proxy].reward, w->mean + m->pairs);
    sx_progress_phase("worst case", 0);
    sx_status st = sx_regret_pair(w->a.world, 0, 1, &w->regret, err);
    if (!st && w->regret->outcome != SX_SOLVED)
        c->answer = SX_EXIT_UNCERTIFIED;
    return st ? st
              : sx_witness_returns(m, w->regret, w->mean, w->mean + m->pairs, &w->witness, err);
}

/* One more policy to mark; pi is w's from now on. */
static void add_mark(work *w, double *pi, const char *name)
{
    w->pi[w->marks] = pi;
    w->mark[w->marks++].name = name;
}

static sx_status list_marks(sx_cli *c, work *w, sx_error *err)
{
    const sx_world *world = c->spec->world;
    const char *path = c->o.text[SX_OPT_POLICY];
    bool base = world->base || (path && !strcmp(path, "base"));
    for (int i = 0; i < 1 + base; i++) {
        double *pi = sx_alloc((size_t)world->mdp->pairs, sizeof *pi);
        if (!pi)
            return sx_nomem(err);
        if (i)
            sx_world_base(world, pi);
        else
            sx_policy_uniform(world->mdp, pi);
        add_mark(w, pi, i ? "base" : "uniform");
    }
    if (!path || !strcmp(path, "base"))
        return SX_OK;
    double *pi = NULL;
    sx_status st = sx_cli_policy_file(c, "--policy", path, &pi, err);
    if (!st)
        add_mark(w, pi, sx_path_name(path));
    return st;
}

static sx_status place_marks(work *w, sx_error *err)
{
    double at[MARKS][2];
    sx_listed list = {w->marks, (const double *const *)w->pi, at, {0}};
    sx_status st = sx_frontier_among(w->a.world, 0, 1, &list, err);
    for (int32_t i = 0; !st && i < w->marks; i++) {
        w->mark[i].proxy = at[i][0];
        w->mark[i].truth = at[i][1];
    }
    return st;
}

sx_status sx_plot_polygon(sx_cli *c, sx_figure **figure, sx_error *err)
{
    work w = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = sx_plot_pair(c, &w.a.truth, &w.a.proxy, err);
    if (!st)
        st = list_marks(c, &w, err);
    if (!st)
        st = sx_frontier_prepare(c, &w.a, err);
    if (!st)
        st = sx_frontier_compute(c, &w.a, err);
    if (!st)
        st = place_marks(&w, err);
    if (!st)
        st = find_worst_case(c, &w, err);
    if (!st) {
        const sx_polygon_view v = {sx_cli_title(c),
                                   c->spec->reward[w.a.truth].id,
                                   c->spec->reward[w.a.proxy].id,
                                   w.a.frontier,
                                   w.regret,
                                   &w.witness,
                                   true,
                                   w.marks,
                                   w.mark};
        st = sx_figure_polygon(&v, figure, err);
    }
    clear(&w);
    return st;
}
