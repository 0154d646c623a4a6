/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_frontier.c - frontier: all policies in the plane of proxy and true return. */
#include "cli/verb_frontier.h"

#include <math.h>
#include <string.h>

#include "mdp/file.h"

enum { EXACT_STATES = 2000 }; /* reachable ones, up to which all vertices are found */

static const double EXACT = 1e-9, COARSE = 1e-4;

void sx_frontier_clear(sx_frontier_answer *a)
{
    for (int32_t i = 0; a->pi && i < a->policies; i++)
        sx_release(a->pi[i]);
    sx_release(a->pi);
    sx_release(a->listed.returns);
    sx_frontier_free(a->frontier);
    sx_regret_world_free(a->world);
}

/* --- which rewards --- */

static sx_status ask_proxy(sx_cli *c, const sx_frontier_answer *a, sx_error *err)
{
    sx_text names = {0};
    for (int32_t i = 0; i < c->spec->rewards; i++)
        if (i != a->truth && names.size < 200)
            sx_text_format(&names, "%s%.80s", names.size ? ", " : "", c->spec->reward[i].id);
    sx_status st =
        names.failed
            ? sx_nomem(err)
            : sx_cli_fail(c, "E513", err, "which proxy? give one of them with --proxy: %.300s",
                          names.bytes ? names.bytes : "");
    sx_text_clear(&names);
    return st;
}

sx_status sx_frontier_choose(sx_cli *c, sx_frontier_answer *a, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE], *proxy = c->o.text[SX_OPT_PROXY];
    int32_t n = c->spec->rewards;
    sx_status st = SX_OK;
    if (n < 1 || (n < 2 && !proxy))
        return sx_fail(err, SX_EINPUT, "a frontier needs two rewards, and %s has %s",
                       sx_cli_path(c), n ? "one" : "none");
    a->truth = sx_cli_usual_truth(c->spec);
    if (truth)
        st = sx_cli_reward(c, "--true", truth, &a->truth, err);
    if (st)
        return st;
    if (proxy)
        return sx_cli_reward(c, "--proxy", proxy, &a->proxy, err);
    if (n > 2)
        return ask_proxy(c, a, err);
    a->proxy = 1 - a->truth;
    return SX_OK;
}

/* --- the work --- */

static const sx_method *method_of(const sx_cli *c)
{
    const char *name = c->o.text[SX_OPT_METHOD];
    return name ? sx_method_find(name) : NULL;
}

/* The two rewards on the reachable part; mean [2K] is workspace. */
static sx_status prepare_with(sx_cli *c, double *mean, unsigned char *reached,
                              sx_frontier_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_reward *reward[2] = {c->spec->reward[a->truth].reward,
                                  c->spec->reward[a->proxy].reward};
    const double *const r[2] = {mean, mean + m->pairs};
    double possible[2];
    sx_regret_options o = sx_regret_defaults();
    int32_t count;
    sx_status st = sx_mdp_reachable(m, reached, &count, err);
    if (st)
        return st;
    for (int i = 0; i < 2; i++) {
        sx_reward_mean(m, reward[i], mean + (size_t)i * (size_t)m->pairs);
        possible[i] = sx_reward_max_reached(m, reward[i], reached);
    }
    if (c->o.text[SX_OPT_TRIVIAL]) /* plot has no such option */
        o.trivial = c->o.number[SX_OPT_TRIVIAL];
    o.method = method_of(c);
    sx_progress_phase("ranges of returns", 0);
    st = sx_regret_world_new(m, r, possible, 2, &o, &a->world, err);
    if (!st)
        a->unreachable = sx_regret_world_unreachable(a->world);
    return st;
}

sx_status sx_frontier_prepare(sx_cli *c, sx_frontier_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    double *mean = sx_alloc(2 * (size_t)m->pairs, sizeof *mean);
    unsigned char *reached = sx_alloc((size_t)m->states, 1);
    sx_status st = mean && reached ? prepare_with(c, mean, reached, a, err) : sx_nomem(err);
    sx_release(mean);
    sx_release(reached);
    return st;
}

sx_status sx_frontier_compute(sx_cli *c, sx_frontier_answer *a, sx_error *err)
{
    sx_frontier_options o = sx_frontier_defaults();
    bool given = c->o.given[SX_OPT_TOLERANCE];
    a->coarse = !given && c->spec->world->mdp->states - a->unreachable > EXACT_STATES;
    a->tolerance = given ? c->o.number[SX_OPT_TOLERANCE] : a->coarse ? COARSE : EXACT;
    o.tolerance = a->tolerance;
    if (c->o.number[SX_OPT_LEVELS] >= 2)
        o.levels = (int32_t)c->o.number[SX_OPT_LEVELS];
    o.method = method_of(c);
    sx_progress_phase("return polygon and soft path", 0);
    sx_status st = sx_frontier_find(a->world, 0, 1, &o, &a->frontier, err);
    if (!st && a->frontier->outcome != SX_SOLVED)
        c->answer = SX_EXIT_UNCERTIFIED;
    return st;
}

/* --- policies of the command line --- */

const char *sx_frontier_file(const sx_cli *c, int32_t i)
{
    return sx_path_name(c->o.arg[i + 1]);
}

/* A reward where a file of a policy should be is a slip of the hand. */
static sx_status check_name(sx_cli *c, const char *path, sx_error *err)
{
    for (int32_t i = 0; i < c->spec->rewards; i++)
        if (!strcmp(path, c->spec->reward[i].id))
            return sx_cli_fail(c, "E505", err,
                               "'%.80s' is a reward: name it with --true or --proxy; what "
                               "follows the specification are files of policies",
                               path);
    return SX_OK;
}

static sx_status read_policies(sx_cli *c, sx_frontier_answer *a, sx_error *err)
{
    sx_status st = SX_OK;
    a->policies = c->o.args - 1;
    a->pi = sx_alloc((size_t)a->policies, sizeof *a->pi);
    a->listed.returns = sx_alloc((size_t)a->policies, sizeof *a->listed.returns);
    if (!a->pi || !a->listed.returns)
        return sx_nomem(err);
    for (int32_t i = 0; !st && i < a->policies; i++) {
        st = check_name(c, c->o.arg[i + 1], err);
        if (!st)
            st = sx_cli_policy_file(c, "policy", c->o.arg[i + 1], &a->pi[i], err);
    }
    return st;
}

static sx_status try_policies(sx_frontier_answer *a, sx_error *err)
{
    if (!a->policies)
        return SX_OK;
    a->listed.count = a->policies;
    a->listed.pi = (const double *const *)a->pi;
    return sx_frontier_among(a->world, 0, 1, &a->listed, err);
}

sx_status sx_verb_frontier(sx_cli *c, sx_error *err)
{
    sx_frontier_answer a = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = sx_frontier_choose(c, &a, err);
    if (!st)
        st = read_policies(c, &a, err);
    if (!st)
        st = sx_frontier_prepare(c, &a, err);
    if (!st)
        st = try_policies(&a, err);
    if (!st)
        st = sx_frontier_compute(c, &a, err);
    if (!st) {
        sx_frontier_put(c, &a);
        sx_frontier_text(c, &a);
    }
    sx_frontier_clear(&a);
    return st;
}
