/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c - which distance is asked for, and its computation. */
#include "cli/certificate.h"

#include <stdio.h>
#include <string.h>

/* EPIC distance: norm and metric have no part in it, epic is its usual canonicalisation. */
static sx_status use_epic(sx_cli *c, sx_measure *measure, sx_error *err)
{
    sx_options *o = &c->o;
    if (o->given[SX_OPT_NORM] || o->given[SX_OPT_METRIC])
        return sx_cli_fail(c, "E506", err,
                           "--distance epic has no norm and no metric: leave out --%s",
                           o->given[SX_OPT_NORM] ? "norm" : "metric");
    if (!o->given[SX_OPT_CANON]) {
        o->text[SX_OPT_CANON] = sx_canon_name(SX_EPIC);
        o->number[SX_OPT_CANON] = SX_EPIC;
    }
    o->text[SX_OPT_NORM] = o->text[SX_OPT_METRIC] = NULL;
    measure->canon = (sx_canon)o->number[SX_OPT_CANON];
    if (sx_canon_is_minimal(measure->canon))
        return sx_cli_fail(c, "E506", err,
                           "--distance epic has no norm, so --canon %s does not go with it: "
                           "give one of none, epic, dard, val, val-potential",
                           o->text[SX_OPT_CANON]);
    return SX_OK;
}

sx_status sx_cli_measure(sx_cli *c, sx_measure *measure, sx_error *err)
{
    const sx_options *o = &c->o;
    measure->kind = (sx_distance_kind)o->number[SX_OPT_DISTANCE];
    measure->canon = (sx_canon)o->number[SX_OPT_CANON];
    measure->norm = (sx_norm)o->number[SX_OPT_NORM];
    measure->metric = (sx_norm)o->number[SX_OPT_METRIC];
    if (measure->kind == SX_DISTANCE_EPIC)
        return use_epic(c, measure, err);
    if (measure->norm == SX_NO_NORM && sx_canon_is_minimal(measure->canon))
        return sx_cli_fail(c, "E506", err,
                           "--canon %s minimises the norm, so --norm none does not go with it: "
                           "give another norm",
                           o->text[SX_OPT_CANON]);
    return SX_OK;
}

/* Every combination; what would fix one of the three contradicts it. */
static sx_status take_all(sx_cli *c, sx_error *err)
{
    static const struct {
        sx_option_id id;
        const char *name;
    } fixed[] = {{SX_OPT_DISTANCE, "distance"},
                 {SX_OPT_CANON, "canon"},
                 {SX_OPT_NORM, "norm"},
                 {SX_OPT_METRIC, "metric"}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (c->o.given[fixed[i].id])
            return sx_cli_fail(c, "E506", err, "--all takes every combination: leave out --%s",
                               fixed[i].name);
        c->o.text[fixed[i].id] = NULL; /* no argument of the result */
    }
    return SX_OK;
}

sx_status sx_cli_measures(sx_cli *c, sx_measure measure[SX_MEASURES], int32_t *n, sx_error *err)
{
    *n = 1;
    if (!c->o.given[SX_OPT_ALL])
        return sx_cli_measure(c, measure, err);
    *n = sx_measures_all(measure);
    return take_all(c, err);
}

void sx_cli_measure_text(const sx_measure *measure, char *text, size_t size)
{
    const char *canon = sx_canon_name(measure->canon);
    if (measure->kind == SX_DISTANCE_EPIC)
        snprintf(text, size, "EPIC distance, canonicalisation %s", canon);
    else
        snprintf(text, size, "STARC distance, canonicalisation %s, norm %s, metric %s", canon,
                 sx_norm_name(measure->norm), sx_norm_name(measure->metric));
}

int64_t sx_cli_pair_index(int32_t count, int32_t a, int32_t b)
{
    return (int64_t)a * count - (int64_t)a * (a + 1) / 2 + b - a - 1;
}

/* The files of --policy, --state-dist and --action-dist; arrays are owned by the caller. */
static sx_status read_files(sx_cli *c, double *array[3], sx_canon_options *co, sx_error *err)
{
    const char *const *path = c->o.text;
    sx_status st = SX_OK;
    if (path[SX_OPT_POLICY])
        st = sx_cli_policy_file(c, "--policy", path[SX_OPT_POLICY], &array[0], err);
    if (!st && path[SX_OPT_STATE_DIST])
        st = sx_cli_states_file(c, "--state-dist", path[SX_OPT_STATE_DIST], &array[1], err);
    if (!st && path[SX_OPT_ACTION_DIST])
        st = sx_cli_policy_file(c, "--action-dist", path[SX_OPT_ACTION_DIST], &array[2], err);
    co->policy = array[0];
    co->state_dist = array[1];
    co->action_dist = array[2];
    if (path[SX_OPT_TRIVIAL])
        co->trivial = c->o.number[SX_OPT_TRIVIAL];
    return st;
}

/* What distances are taken with; co points into array. */
typedef struct setting {
    double *array[3];
    sx_canon_options co;
    sx_canoniser *canoniser;
} setting;

static sx_status prepare(sx_cli *c, setting *z, sx_error *err)
{
    *z = (setting){.co = sx_canon_defaults()};
    sx_status st = read_files(c, z->array, &z->co, err);
    if (!st)
        st = sx_canoniser_new(c->spec->world->mdp, &z->co, &z->canoniser, err);
    return st;
}

static void setting_clear(setting *z)
{
    sx_canoniser_free(z->canoniser);
    for (int i = 0; i < 3; i++)
        sx_release(z->array[i]);
}

sx_status sx_cli_canoniser(sx_cli *c, sx_canoniser **out, sx_error *err)
{
    setting z;
    sx_status st = prepare(c, &z, err);
    *out = z.canoniser;
    z.canoniser = NULL;
    setting_clear(&z);
    return st;
}

/* The file of distance --certificate. */
static sx_status certify(sx_cli *c, const setting *z, const sx_distance_result *result,
                         sx_error *err)
{
    const sx_reward **reward = NULL;
    sx_certificate *x = NULL;
    sx_status st = sx_cli_rewards(c, &reward, err);
    sx_progress_phase("certificate", 0);
    if (!st)
        st = sx_certify_distances(c->spec->world->mdp, reward, &z->co, result, &x, err);
    if (!st)
        st = sx_cli_certificate_write(c, x, err);
    sx_certificate_free(x);
    sx_release(reward);
    return st;
}

sx_status sx_cli_distances(sx_cli *c, const int32_t *which, int32_t count,
                           const sx_measure *measure, int32_t n, sx_number **value,
                           sx_error *err)
{
    sx_lengths out = {NULL, NULL};
    sx_status st = sx_cli_lengths(c, which, count, measure, n, &out, err);
    *value = out.value;
    return st;
}

sx_status sx_cli_lengths(sx_cli *c, const int32_t *which, int32_t count,
                         const sx_measure *measure, int32_t n, sx_lengths *out, sx_error *err)
{
    size_t pairs = (size_t)count * (size_t)(count - 1) / 2;
    const sx_reward **reward = sx_alloc((size_t)count, sizeof(void *));
    setting z = {.canoniser = NULL};
    bool wanted = c->o.verb == SX_VERB_DISTANCE && c->o.given[SX_OPT_CERTIFICATE];
    out->value = sx_alloc((size_t)n * pairs, sizeof *out->value);
    sx_status st = reward && out->value ? SX_OK : sx_nomem(err);
    sx_progress_phase("distances", 0);
    for (int32_t i = 0; !st && i < count; i++)
        reward[i] = c->spec->reward[which[i]].reward;
    if (!st)
        st = prepare(c, &z, err);
    if (!st)
        st = sx_distances_lengths(z.canoniser, reward, count, measure, n, out, err);
    if (!st && wanted)
        st = certify(c, &z, &(sx_distance_result){which, count, measure, n, out->value}, err);
    setting_clear(&z);
    sx_release(reward);
    if (st)
        out->value = sx_release(out->value);
    return st;
}
