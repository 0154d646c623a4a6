/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_regret.c - regret: what optimising one reward can cost in another. */
#include "cli/verb_regret.h"

#include "cli/certificate.h"

#include <math.h>
#include <stdlib.h>

void sx_regret_clear(const sx_cli *c, sx_regret_answer *a)
{
    for (int32_t i = 0; i < a->count; i++) {
        sx_regret_free(a->row[i].regret);
        sx_release(a->row[i].compared);
        sx_release(a->row[i].bounds);
    }
    for (int32_t i = 0; a->mean && i < c->spec->rewards; i++)
        sx_release(a->mean[i]);
    sx_release(a->mean);
    sx_release(a->row);
    sx_release(a->truth);
    sx_release(a->proxy);
    sx_bounds_world_free(a->bounds);
    sx_regret_world_free(a->world);
    sx_release(a);
}

/* The rewards of one side: what the option names, a reward or a group, or all. */
static sx_status choose_side(sx_cli *c, sx_option_id option, const char *what, int32_t **which,
                             int32_t *count, sx_error *err)
{
    const char *id = c->o.text[option];
    *which = sx_alloc((size_t)c->spec->rewards, sizeof **which);
    if (!*which)
        return sx_nomem(err);
    if (id)
        return sx_cli_add_rewards(c, what, id, *which, count, err);
    for (int32_t i = 0; i < c->spec->rewards; i++)
        (*which)[(*count)++] = i;
    return SX_OK;
}

/* All ordered pairs of different rewards; where both sides are named and are one reward, it is
 * compared with itself. */
static void list_pairs(const sx_cli *c, sx_regret_answer *a)
{
    bool both =
        c->o.text[SX_OPT_TRUE] && c->o.text[SX_OPT_PROXY] && a->truths == 1 && a->proxies == 1;
    for (int32_t i = 0; i < a->truths; i++)
        for (int32_t j = 0; j < a->proxies; j++)
            if (a->truth[i] != a->proxy[j] || both)
                a->row[a->count++] =
                    (sx_regret_row){.truth = a->truth[i], .proxy = a->proxy[j]};
}

static sx_status choose_pairs(sx_cli *c, sx_regret_answer *a, sx_error *err)
{
    sx_status st = choose_side(c, SX_OPT_TRUE, "--true", &a->truth, &a->truths, err);
    if (!st)
        st = choose_side(c, SX_OPT_PROXY, "--proxy", &a->proxy, &a->proxies, err);
    if (st)
        return st;
    a->row = sx_alloc((size_t)a->truths * (size_t)a->proxies, sizeof *a->row);
    if (!a->row)
        return sx_nomem(err);
    list_pairs(c, a);
    return a->count ? SX_OK
                    : sx_fail(err, SX_EINPUT, "a regret needs two rewards, and %s has %s",
                              sx_cli_path(c), c->spec->rewards ? "one" : "none");
}

static sx_regret_options options_of(const sx_cli *c)
{
    sx_regret_options o = sx_regret_defaults();
    o.tolerance = c->o.number[SX_OPT_TOLERANCE];
    if (c->o.text[SX_OPT_TRIVIAL])
        o.trivial = c->o.number[SX_OPT_TRIVIAL];
    if (c->o.text[SX_OPT_METHOD])
        o.method = sx_method_find(c->o.text[SX_OPT_METHOD]);
    return o;
}

/* What the pairs share: mean rewards, and ranges on the reachable part. */
static sx_status prepare_with(sx_cli *c, double *possible, unsigned char *reached,
                              sx_regret_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_regret_options o = options_of(c);
    int32_t count;
    sx_status st = sx_mdp_reachable(m, reached, &count, err);
    sx_progress_phase("ranges of returns", 0);
    for (int32_t i = 0; i < c->spec->rewards && !st; i++) {
        a->mean[i] = sx_alloc((size_t)m->pairs, sizeof *a->mean[i]);
        st = a->mean[i] ? SX_OK : sx_nomem(err);
        if (!st)
            sx_reward_mean(m, c->spec->reward[i].reward, a->mean[i]);
        possible[i] = sx_reward_max_reached(m, c->spec->reward[i].reward, reached);
    }
    if (!st)
        st = sx_regret_world_new(m, (const double *const *)a->mean, possible, c->spec->rewards,
                                 &o, &a->world, err);
    return st;
}

static sx_status prepare(sx_cli *c, sx_regret_answer *a, sx_error *err)
{
    size_t n = (size_t)c->spec->rewards;
    double *possible = sx_alloc(n, sizeof *possible);
    unsigned char *reached = sx_alloc((size_t)c->spec->world->mdp->states, 1);
    a->mean = sx_alloc(n, sizeof *a->mean);
    sx_status st = a->mean && possible && reached ? prepare_with(c, possible, reached, a, err)
                                                  : sx_nomem(err);
    if (!st)
        a->unreachable = sx_regret_world_unreachable(a->world);
    sx_release(possible);
    sx_release(reached);
    return st;
}

/* What the bounds of the pairs share. */
static sx_status prepare_bounds(sx_regret_answer *a, sx_error *err)
{
    sx_bounds_options o = sx_bounds_defaults();
    sx_progress_phase("constants of the bounds", 0);
    return sx_bounds_world_new(a->world, &o, &a->bounds, err);
}

/* The rewards of the pairs, and what is known of them. */
typedef struct standing {
    int32_t count;
    int32_t *which; /* [count] */
    int32_t *place; /* [rewards] in which, where it is in use */
    sx_lengths known;
} standing;

static void standing_clear(standing *z)
{
    sx_release(z->which);
    sx_release(z->place);
    sx_release(z->known.value);
    sx_release(z->known.length);
}

static sx_status standing_init(const sx_cli *c, const sx_regret_answer *a, standing *z,
                               sx_error *err)
{
    size_t n = (size_t)c->spec->rewards;
    z->which = sx_alloc(n, sizeof *z->which);
    z->place = sx_alloc(n, sizeof *z->place);
    if (!z->which || !z->place)
        return sx_nomem(err);
    for (int32_t i = 0; i < a->count; i++)
        z->place[a->row[i].truth] = z->place[a->row[i].proxy] = 1;
    for (int32_t i = 0; i < c->spec->rewards; i++)
        if (z->place[i]) {
            z->place[i] = z->count;
            z->which[z->count++] = i;
        }
    z->known.length = sx_alloc((size_t)a->measures * (size_t)z->count, sizeof(sx_number));
    return z->known.length ? SX_OK : sx_nomem(err);
}

/* Lengths and distance of x under measure k. */
static sx_compared compared(const sx_regret_answer *a, const sx_regret_row *x, int32_t k,
                            const standing *z)
{
    int32_t n = z->count, i = z->place[x->truth], j = z->place[x->proxy];
    int64_t pairs = (int64_t)n * (n - 1) / 2;
    const sx_number *length = z->known.length + (int64_t)k * n;
    sx_number d = length[i].reason ? length[i] : (sx_number){0, NULL};
    if (i != j)
        d = z->known.value[k * pairs + sx_cli_pair_index(n, i < j ? i : j, i < j ? j : i)];
    return (sx_compared){a->measure[k], d, length[i], length[j]};
}

/* Distances of all rewards in use, dealt out to the pairs. */
static sx_status compare(sx_cli *c, sx_regret_answer *a, sx_error *err)
{
    size_t measures = (size_t)a->measures;
    standing z = {0};
    sx_status st = standing_init(c, a, &z, err);
    sx_progress_phase("distances", 0);
    if (!st)
        st = sx_cli_lengths(c, z.which, z.count, a->measure, a->measures, &z.known, err);
    for (int32_t i = 0; !st && i < a->count; i++) {
        sx_regret_row *x = &a->row[i];
        x->compared = sx_alloc(measures, sizeof *x->compared);
        x->bounds = sx_alloc(measures, sizeof *x->bounds);
        st = x->compared && x->bounds ? SX_OK : sx_nomem(err);
        for (int32_t k = 0; !st && k < a->measures; k++)
            x->compared[k] = compared(a, x, k, &z);
    }
    standing_clear(&z);
    return st;
}

/* Regret, bounds and returns of one pair. */
static sx_status compute_row(const sx_cli *c, const sx_regret_answer *a, sx_regret_row *x,
                             sx_error *err)
{
    sx_status st = sx_regret_pair(a->world, x->truth, x->proxy, &x->regret, err);
    const sx_bounds_query q = {x->truth, x->proxy, x->regret, a->measures, x->compared};
    if (!st)
        st = sx_bounds_pair(a->bounds, &q, x->bounds, err);
    if (!st)
        st = sx_witness_returns(c->spec->world->mdp, x->regret, a->mean[x->truth],
                                a->mean[x->proxy], &x->witness, err);
    return st;
}

/* All pairs, in parallel; of several failures the first in order is told. */
static sx_status compute(const sx_cli *c, sx_regret_answer *a, sx_error *err)
{
    sx_error *errors = sx_alloc((size_t)a->count, sizeof *errors);
    sx_status st = errors ? SX_OK : sx_nomem(err);
    if (st)
        return st;
    sx_progress_phase("pairs", a->count);
#pragma omp parallel for schedule(dynamic)
    for (int32_t i = 0; i < a->count; i++) {
        errors[i].status = compute_row(c, a, &a->row[i], &errors[i]);
        sx_progress_step();
    }
    for (int32_t i = 0; i < a->count && !st; i++)
        if (errors[i].status)
            st = sx_fail(err, errors[i].status, "%s", errors[i].msg);
    sx_release(errors);
    return st;
}

static void judge(sx_cli *c, const sx_regret_answer *a)
{
    for (int32_t i = 0; i < a->count; i++)
        if (a->row[i].regret->outcome != SX_SOLVED)
            c->answer = SX_EXIT_UNCERTIFIED;
}

/* The file of --certificate. */
static sx_status certify(sx_cli *c, const sx_regret_answer *a, sx_error *err)
{
    const sx_reward **reward = NULL;
    sx_regret_result *result = sx_alloc((size_t)a->count, sizeof *result);
    sx_regret_options o = options_of(c);
    sx_certificate *x = NULL;
    sx_status st = result ? sx_cli_rewards(c, &reward, err) : sx_nomem(err);
    sx_progress_phase("certificate", 0);
    for (int32_t i = 0; !st && i < a->count; i++)
        result[i] = (sx_regret_result){a->row[i].truth, a->row[i].proxy, a->row[i].regret};
    if (!st)
        st = sx_certify_regret(c->spec->world->mdp, reward, &o, result, a->count, &x, err);
    if (!st)
        st = sx_cli_certificate_write(c, x, err);
    sx_certificate_free(x);
    sx_release(result);
    sx_release(reward);
    return st;
}

sx_status sx_regret_find(sx_cli *c, sx_regret_answer *a, sx_error *err)
{
    sx_status st = choose_pairs(c, a, err);
    if (!st)
        st = prepare(c, a, err);
    if (!st)
        st = compare(c, a, err);
    if (!st)
        st = prepare_bounds(a, err);
    return st ? st : compute(c, a, err);
}

sx_status sx_verb_regret(sx_cli *c, sx_error *err)
{
    sx_regret_answer *a = sx_alloc(1, sizeof *a);
    sx_status st = a ? sx_cli_measures(c, a->measure, &a->measures, err) : sx_nomem(err);
    if (!a)
        return st;
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = sx_regret_witness_guard(c, err);
    if (!st)
        st = sx_regret_find(c, a, err);
    if (!st && c->o.given[SX_OPT_WITNESS])
        st = sx_regret_witness_file(c, a, err);
    if (!st)
        judge(c, a);
    if (!st && c->o.given[SX_OPT_CERTIFICATE])
        st = certify(c, a, err);
    if (!st) {
        sx_regret_put(c, a);
        sx_regret_text(c, a);
        st = sx_regret_groups(c, a, err);
    }
    sx_regret_clear(c, a);
    return st;
}
