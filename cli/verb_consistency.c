/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_consistency.c - consistency: do the rewards follow what the edits change. */
#include "cli/verb_consistency.h"

#include "cli/consistency_repair.h"

#include <math.h>
#include <string.h>

void sx_consistency_clear(const sx_cli *c, sx_consistency_answer *a)
{
    for (int32_t i = 0; a->world && i < a->count; i++)
        sx_edit_world_clear(&a->world[i], c->spec->rewards);
    for (int32_t i = 0; a->best && i < c->spec->rewards; i++)
        sx_release(a->best[i]);
    sx_release(a->world);
    sx_release(a->best);
}

static sx_status choose_truth(sx_cli *c, sx_consistency_answer *a, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE];
    if (c->spec->rewards < 1)
        return sx_fail(err, SX_EINPUT, "consistency is about rewards, and %s has none",
                       sx_cli_path(c));
    if (c->spec->edits < 1)
        return sx_cli_fail(c, "E430", err,
                           "%.200s has no edits: consistency compares the rewards in worlds "
                           "that <edit> elements describe",
                           sx_cli_path(c));
    a->truth = sx_cli_usual_truth(c->spec);
    if (!truth)
        return SX_OK;
    if (!strcmp(truth, "none") && sx_spec_reward(c->spec, truth) < 0) {
        a->truth = SX_NO_TRUTH;
        return SX_OK;
    }
    return sx_cli_reward(c, "--true", truth, &a->truth, err);
}

/* One world an edit, or one each of its steps. */
static sx_status list_worlds(const sx_cli *c, sx_consistency_answer *a, sx_error *err)
{
    size_t count = 0;
    for (int32_t i = 0; i < c->spec->edits; i++)
        count += (size_t)(c->spec->edit[i].steps ? c->spec->edit[i].steps : 1);
    a->world = sx_alloc(count, sizeof *a->world);
    a->best = sx_alloc((size_t)c->spec->rewards, sizeof(unsigned char *));
    if (!a->world || !a->best)
        return sx_nomem(err);
    for (int32_t i = 0; i < c->spec->edits; i++) {
        int32_t steps = c->spec->edit[i].steps;
        for (int32_t step = steps ? 0 : -1; step < steps; step++)
            a->world[a->count++] = (sx_edit_world){.edit = i, .step = step};
    }
    return SX_OK;
}

/* All worlds; of edits that cannot be applied every one is reported, at its first step. */
static sx_status compute(sx_cli *c, sx_consistency_answer *a, sx_error *err)
{
    int32_t bad = -1;
    sx_status st = SX_OK;
    sx_progress_phase("edited worlds", a->count);
    for (int32_t i = 0; i < a->count && (!st || st == SX_EINPUT); i++) {
        if (a->world[i].edit != bad) {
            sx_status one = sx_edit_world_compute(c, a, &a->world[i], err);
            bad = one ? a->world[i].edit : -1;
            st = one ? one : st;
        }
        sx_progress_step();
    }
    return st;
}

sx_status sx_consistency_find(sx_cli *c, sx_consistency_answer *a, sx_error *err)
{
    sx_status st = choose_truth(c, a, err);
    if (!st)
        st = sx_cli_unreachable(c, &a->unreachable, err);
    if (!st)
        st = list_worlds(c, a, err);
    if (!st)
        st = compute(c, a, err);
    if (!st && sx_edit_contradictions(c, a))
        st = sx_fail(err, SX_EINPUT, "an edit is not of the kind that it is declared to be");
    return st;
}

static sx_edit_rate rate(int64_t met, int64_t count)
{
    return (sx_edit_rate){met, count, count ? (double)met / (double)count : (double)NAN};
}

sx_edit_rate sx_edit_sensitivity(const sx_consistency_answer *a, int32_t reward)
{
    int64_t met = 0, count = 0;
    for (int32_t i = 0; i < a->count; i++) {
        met += a->world[i].row[reward].followed;
        count += a->world[i].row[reward].moves;
    }
    return rate(met, count);
}

sx_edit_rate sx_edit_invariance(const sx_consistency_answer *a, int32_t reward)
{
    int64_t met = 0, count = 0;
    for (int32_t i = 0; i < a->count; i++) {
        met += a->world[i].row[reward].stayed;
        count += a->world[i].row[reward].pairs;
    }
    return rate(met, count);
}

/* Whether a number misses the threshold of --threshold. */
static bool is_above(const sx_cli *c, sx_edit_kind kind, const sx_consistency *x)
{
    double most = c->o.number[SX_OPT_THRESHOLD];
    if (kind == SX_EDIT_NEUTRAL)
        return x->invariance_error.value > most;
    return kind == SX_EDIT_CAUSAL && x->regret.value > most;
}

/* The exit status: "no" for a threshold that is missed, unless something is not certified. */
static void judge(sx_cli *c, const sx_consistency_answer *a)
{
    bool asked = c->o.given[SX_OPT_THRESHOLD], above = false, sure = true;
    for (int32_t i = 0; i < a->count; i++) {
        const sx_edit_world *w = &a->world[i];
        sure = sure && w->outcome == SX_SOLVED;
        for (int32_t r = 0; r < c->spec->rewards; r++) {
            sure = sure && w->row[r].x.outcome == SX_SOLVED;
            above = above || (asked && r != a->truth && is_above(c, w->kind, &w->row[r].x));
        }
    }
    if (!sure)
        c->answer = SX_EXIT_UNCERTIFIED;
    else if (above)
        c->answer = SX_EXIT_NO;
}

sx_status sx_verb_consistency(sx_cli *c, sx_error *err)
{
    sx_consistency_answer a = {0};
    sx_status st = sx_cli_measure(c, &a.measure, err);
    if (!st)
        st = sx_cli_orbit_options(c, err);
    if (!st)
        st = sx_cli_repair_options(c, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (st)
        return st;
    st = sx_consistency_find(c, &a, err);
    if (!st) {
        judge(c, &a);
        sx_consistency_put(c, &a);
        sx_consistency_text(c, &a);
        st = sx_cli_consistency_orbit(c, err);
        if (!st)
            st = sx_cli_consistency_repair(c, a.truth, err);
    }
    sx_consistency_clear(c, &a);
    return st;
}
