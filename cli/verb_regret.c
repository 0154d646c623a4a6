/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_regret.c - regret: what optimising one reward can cost in another. */
#include "cli/cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "metrics/regret.h"

typedef struct pair {
    int32_t truth, proxy;
    sx_regret *regret;
} pair;

typedef struct answer {
    int32_t count;
    pair *pair; /* [count] */
    int32_t unreachable;
} answer;

static void answer_clear(answer *a)
{
    for (int32_t i = 0; i < a->count; i++)
        sx_regret_free(a->pair[i].regret);
    sx_release(a->pair);
}

/* All ordered pairs of different rewards, a side fixed where it is >= 0; where both are, a
 * reward may be compared with itself. */
static void list_pairs(answer *a, int32_t n, int32_t truth, int32_t proxy)
{
    bool both = truth >= 0 && proxy >= 0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            bool wanted = (truth < 0 || truth == i) && (proxy < 0 || proxy == j);
            if (wanted && (i != j || both))
                a->pair[a->count++] = (pair){i, j, NULL};
        }
}

static sx_status choose_pairs(sx_cli *c, answer *a, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE], *proxy = c->o.text[SX_OPT_PROXY];
    size_t n = (size_t)c->spec->rewards;
    int32_t t = -1, p = -1;
    sx_status st = SX_OK;
    if (truth)
        st = sx_cli_reward(c, "--true", truth, &t, err);
    if (!st && proxy)
        st = sx_cli_reward(c, "--proxy", proxy, &p, err);
    if (st)
        return st;
    a->pair = sx_alloc(n * n, sizeof *a->pair);
    if (!a->pair)
        return sx_nomem(err);
    list_pairs(a, c->spec->rewards, t, p);
    return a->count ? SX_OK
                    : sx_fail(err, SX_EINPUT, "a regret needs two rewards, and %s has %s",
                              sx_cli_path(c), n ? "one" : "none");
}

/* max |R| over the possible triples of reached states. */
static double largest(const sx_mdp *m, const unsigned char *reached, const sx_reward *r)
{
    double most = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int64_t t = m->first[m->pair[s]]; reached[s] && t < m->first[m->pair[s + 1]]; t++)
            most = fmax(most, fabs(r->on[t]));
    return most;
}

/* What the pairs share: mean rewards of the reachable part. */
static sx_status prepare_with(sx_cli *c, double **mean, double *possible,
                              unsigned char *reached, sx_regret_world **out, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_regret_options o = sx_regret_defaults();
    int32_t count;
    sx_status st = sx_mdp_reachable(m, reached, &count, err);
    sx_progress_phase("ranges of returns", 0);
    for (int32_t i = 0; i < c->spec->rewards && !st; i++) {
        mean[i] = sx_alloc((size_t)m->pairs, sizeof *mean[i]);
        st = mean[i] ? SX_OK : sx_nomem(err);
        if (!st)
            sx_reward_mean(m, c->spec->reward[i].reward, mean[i]);
        possible[i] = largest(m, reached, c->spec->reward[i].reward);
    }
    o.tolerance = c->o.number[SX_OPT_TOLERANCE];
    o.trivial = c->o.number[SX_OPT_TRIVIAL];
    o.method = sx_method_find(c->o.text[SX_OPT_METHOD]);
    if (!st)
        st = sx_regret_world_new(m, (const double *const *)mean, possible, c->spec->rewards, &o,
                                 out, err);
    return st;
}

static sx_status prepare(sx_cli *c, sx_regret_world **out, sx_error *err)
{
    size_t n = (size_t)c->spec->rewards;
    double **mean = sx_alloc(n, sizeof *mean);
    double *possible = sx_alloc(n, sizeof *possible);
    unsigned char *reached = sx_alloc((size_t)c->spec->world->mdp->states, 1);
    sx_status st = mean && possible && reached
                       ? prepare_with(c, mean, possible, reached, out, err)
                       : sx_nomem(err);
    for (size_t i = 0; mean && i < n; i++)
        sx_release(mean[i]);
    sx_release(mean);
    sx_release(possible);
    sx_release(reached);
    return st;
}

/* All pairs, in parallel; of several failures the first in order is told. */
static sx_status compute(const sx_regret_world *w, answer *a, sx_error *err)
{
    sx_error *errors = sx_alloc((size_t)a->count, sizeof *errors);
    sx_status st = errors ? SX_OK : sx_nomem(err);
    if (st)
        return st;
    sx_progress_phase("pairs", a->count);
#pragma omp parallel for schedule(dynamic)
    for (int32_t i = 0; i < a->count; i++) {
        pair *p = &a->pair[i];
        errors[i].status = sx_regret_pair(w, p->truth, p->proxy, &p->regret, &errors[i]);
        sx_progress_step();
    }
    for (int32_t i = 0; i < a->count && !st; i++)
        if (errors[i].status)
            st = sx_fail(err, errors[i].status, "%s", errors[i].msg);
    sx_release(errors);
    return st;
}

static void judge(sx_cli *c, const answer *a)
{
    for (int32_t i = 0; i < a->count; i++)
        if (a->pair[i].regret->outcome != SX_SOLVED)
            c->answer = SX_EXIT_UNCERTIFIED;
}

/* --- JSON and CSV --- */

static void put_pair(sx_cli *c, sx_value *list, const pair *p)
{
    sx_report *r = &c->report;
    const sx_regret *x = p->regret;
    sx_value *v = sx_put_object(r, list, NULL), *part;
    sx_put_text(r, v, "true", c->spec->reward[p->truth].id);
    sx_put_text(r, v, "proxy", c->spec->reward[p->proxy].id);
    part = sx_put_object(r, v, "range");
    sx_put_range(r, part, "true", x->range_true[0], x->range_true[1]);
    sx_put_range(r, part, "proxy", x->range_proxy[0], x->range_proxy[1]);
    part = sx_put_object(r, v, "trivial");
    sx_put_bool(r, part, "true", x->trivial_true);
    sx_put_bool(r, part, "proxy", x->trivial_proxy);
    part = sx_put_object(r, v, "regret");
    sx_put_number(r, part, "optimal_pessimistic", x->pessimistic);
    sx_put_number(r, part, "optimal_optimistic", x->optimistic);
    sx_put_number(r, part, "worst_case", x->worst_case);
    part = sx_put_object(r, v, "certificate");
    sx_put_number(r, part, "lambda", x->lambda);
    sx_put_number(r, part, "primal", x->primal);
    sx_put_number(r, part, "dual", x->dual);
    sx_put_number(r, part, "gap", x->gap);
}

static void put_result(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    sx_put_number(r, r->root, "discount", c->spec->world->mdp->discount);
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    r->rows = sx_put_list(r, r->root, "pairs");
    for (int32_t i = 0; i < a->count; i++)
        put_pair(c, r->rows, &a->pair[i]);
}

/* --- text --- */

static void text_pairs(sx_cli *c, const answer *a)
{
    static const char *const head[] = {"true",       "proxy",  "worst case", "pessimistic",
                                       "optimistic", "lambda", "gap"};
    sx_table t = {.columns = 7, .align = "llrrrrr"};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        sx_table_cell(&t, head[i]);
    for (int32_t i = 0; i < a->count; i++) {
        const sx_regret *x = a->pair[i].regret;
        char gap[32];
        snprintf(gap, sizeof gap, x->gap > 0 ? "%.0e" : "0", x->gap);
        sx_table_cell(&t, c->spec->reward[a->pair[i].truth].id);
        sx_table_cell(&t, c->spec->reward[a->pair[i].proxy].id);
        sx_table_number(&t, x->worst_case);
        sx_table_number(&t, x->pessimistic);
        sx_table_number(&t, x->optimistic);
        sx_table_number(&t, x->lambda);
        sx_table_cell(&t, gap);
    }
    sx_table_write(&t, &c->text);
    sx_table_clear(&t);
}

static void text_range(sx_table *t, const char *id, const double range[2], bool trivial)
{
    sx_table_cell(t, id);
    sx_table_number(t, range[0]);
    sx_table_number(t, range[1]);
    sx_table_cell(t, trivial ? "trivial: all policies return the same" : "");
}

/* The row of reward r, from the first pair that it is in. */
static void text_reward(sx_cli *c, const answer *a, int32_t r, sx_table *t)
{
    for (int32_t i = 0; i < a->count; i++) {
        const pair *p = &a->pair[i];
        const sx_regret *x = p->regret;
        if (p->truth != r && p->proxy != r)
            continue;
        text_range(t, c->spec->reward[r].id, p->truth == r ? x->range_true : x->range_proxy,
                   p->truth == r ? x->trivial_true : x->trivial_proxy);
        return;
    }
}

static void text_ranges(sx_cli *c, const answer *a)
{
    sx_table t = {.columns = 4, .align = "lrrl"};
    sx_table_cell(&t, "reward");
    sx_table_cell(&t, "least return");
    sx_table_cell(&t, "greatest");
    sx_table_cell(&t, "");
    for (int32_t r = 0; r < c->spec->rewards; r++)
        text_reward(c, a, r, &t);
    sx_table_write(&t, &c->text);
    sx_table_clear(&t);
}

static void text_result(sx_cli *c, const answer *a)
{
    sx_text *t = &c->text;
    sx_text_format(t, "%s: what optimising the proxy can cost in the true reward\n",
                   sx_cli_title(c));
    sx_cli_sizes(c, a->unreachable);
    sx_text_put(t, "Regrets are shares of the range of the true reward's return. Worst case: "
                   "over all pairs\nof policies that the proxy does not rank the right way; "
                   "pessimistic and optimistic: of\nthe worst and the best optimal policy of "
                   "the proxy. Gap: what is left to prove.\n\n");
    text_pairs(c, a);
    sx_text_put(t, "\n");
    text_ranges(c, a);
    if (c->answer == SX_EXIT_UNCERTIFIED)
        sx_text_put(t, "\nNOT all certified within the tolerance\n");
}

sx_status sx_verb_regret(sx_cli *c, sx_error *err)
{
    answer a = {0};
    sx_regret_world *w = NULL;
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = choose_pairs(c, &a, err);
    if (!st)
        st = prepare(c, &w, err);
    if (!st)
        st = compute(w, &a, err);
    if (!st) {
        a.unreachable = sx_regret_world_unreachable(w);
        judge(c, &a);
        put_result(c, &a);
        text_result(c, &a);
    }
    sx_regret_world_free(w);
    answer_clear(&a);
    return st;
}
