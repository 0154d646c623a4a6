/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_shape.c - shape: potentials by linear programs and least squares. */
#include "cli/verb_shape.h"

#include <math.h>
#include <string.h>

static const int64_t SWEEPS = 20000, STEPS = 1000000000; /* sweeps; transitions in all */

void sx_shape_clear(sx_shape_answer *a)
{
    sx_release(a->variable);
    sx_release(a->attribute);
    sx_shaping_free(a->shaping);
    sx_reward_free(a->shaped);
}

/* --- what is asked, before the specification is read --- */

static sx_status needless(sx_cli *c, const char *option, sx_error *err)
{
    return sx_cli_fail(c, "E506", err, "--%s says nothing to --goal %s: remove it", option,
                       sx_shape_goal_name((int32_t)c->o.number[SX_OPT_GOAL]));
}

static sx_status missing(sx_cli *c, sx_shape_goal goal, const char *option, sx_error *err)
{
    return sx_cli_fail(c, "E462", err, "--goal %s needs --%s",
                       sx_shape_goal_name((int32_t)goal), option);
}

static sx_status check_goal(sx_cli *c, sx_shape_goal goal, sx_error *err)
{
    const bool *given = c->o.given;
    bool free_norm = goal == SX_SHAPE_FIT || goal >= SX_SHAPE_BOUNDED;
    if (goal == SX_SHAPE_FIT && !given[SX_OPT_TO])
        return missing(c, goal, "to", err);
    if (goal == SX_SHAPE_BOUNDED && !given[SX_OPT_BOUND])
        return missing(c, goal, "bound", err);
    if (goal == SX_SHAPE_LINEAR && !given[SX_OPT_ATTRIBUTES])
        return missing(c, goal, "attributes", err);
    if (given[SX_OPT_TO] && !free_norm)
        return needless(c, "to", err);
    if (given[SX_OPT_NORM] && !free_norm)
        return needless(c, "norm", err);
    if (given[SX_OPT_BOUND] && goal != SX_SHAPE_BOUNDED)
        return needless(c, "bound", err);
    if (given[SX_OPT_ATTRIBUTES] && goal != SX_SHAPE_LINEAR)
        return needless(c, "attributes", err);
    return SX_OK;
}

static sx_status choose_task(sx_cli *c, sx_shape_task *t, sx_error *err)
{
    const double *number = c->o.number;
    *t = sx_shape_defaults();
    t->goal = c->o.given[SX_OPT_TO] ? SX_SHAPE_FIT : SX_SHAPE_SPARSE;
    if (c->o.given[SX_OPT_GOAL])
        t->goal = (sx_shape_goal)number[SX_OPT_GOAL];
    c->o.number[SX_OPT_GOAL] = (double)t->goal;
    sx_status st = check_goal(c, t->goal, err);
    bool rows = t->goal == SX_SHAPE_SMOOTH || t->goal == SX_SHAPE_OPTIMAL;
    t->norm = t->goal == SX_SHAPE_FLAT ? SX_LINF : SX_L1;
    if (c->o.given[SX_OPT_NORM])
        t->norm = (sx_norm)number[SX_OPT_NORM];
    t->on = rows ? SX_SHAPE_ROWS : SX_SHAPE_TRIPLES;
    if (c->o.given[SX_OPT_ON])
        t->on = (sx_shape_on)number[SX_OPT_ON];
    if (!st && t->goal == SX_SHAPE_OPTIMAL && t->on == SX_SHAPE_TRIPLES)
        return sx_cli_fail(c, "E506", err,
                           "--goal optimal is about rows alone: of a reward the optimal value "
                           "knows the means of pairs (s,a) and nothing else");
    t->bound = number[SX_OPT_BOUND];
    t->tolerance = number[SX_OPT_TOLERANCE];
    return st;
}

/* --- which rewards and attributes --- */

static sx_status choose_rewards(sx_cli *c, sx_shape_answer *a, sx_error *err)
{
    const char *from = c->o.text[SX_OPT_FROM], *to = c->o.text[SX_OPT_TO];
    sx_status st = SX_OK;
    a->to = -1;
    if (!c->spec->rewards)
        return sx_fail(err, SX_EINPUT, "%s has no reward to shape", sx_cli_path(c));
    if (to)
        st = sx_cli_reward(c, "--to", to, &a->to, err);
    if (!st && from)
        st = sx_cli_reward(c, "--from", from, &a->from, err);
    else if (!st && a->to == 0 && c->spec->rewards > 1)
        a->from = 1;
    a->task.from = st ? NULL : c->spec->reward[a->from].reward;
    a->task.to = st || a->to < 0 ? NULL : c->spec->reward[a->to].reward;
    return st;
}

static sx_status no_attribute(sx_cli *c, const char *name, const char *what, sx_error *err)
{
    const sx_world *w = c->spec->world;
    sx_text known = {0};
    for (int32_t i = 0; i < w->variables; i++)
        if (!w->variable[i].symbols && !w->variable[i].of_pairs && known.size < 160)
            sx_text_format(&known, " %.40s", w->variable[i].name);
    sx_status st = sx_cli_fail(c, "E461", err, "--attributes: '%.80s' %s; there is%s", name,
                               what, known.bytes ? known.bytes : " none");
    sx_text_clear(&known);
    return st;
}

static sx_status take_attribute(sx_cli *c, sx_shape_answer *a, const char *name, sx_error *err)
{
    const sx_world *w = c->spec->world;
    int32_t i = sx_world_variable(w, name);
    if (i < 0)
        return no_attribute(c, name, "is no attribute", err);
    if (w->variable[i].symbols)
        return no_attribute(c, name, "has names for values", err);
    if (w->variable[i].of_pairs)
        return no_attribute(c, name, "belongs to actions", err);
    for (int32_t s = 0; s < w->mdp->states; s++)
        if (!isfinite(w->variable[i].value[s])) {
            char what[96];
            sx_cli_name n;
            snprintf(what, sizeof what, "has no value in state %.40s", sx_cli_state(c, s, &n));
            return no_attribute(c, name, what, err);
        }
    a->variable[a->attributes] = i;
    a->attribute[a->attributes++] = w->variable[i].value;
    return SX_OK;
}

sx_status sx_shape_attributes(sx_cli *c, const char *names, sx_shape_answer *a, sx_error *err)
{
    static const char between[] = " ,\t\n";
    const char *at = names;
    size_t room = strlen(at) + 1;
    char *name = sx_alloc(room, 1);
    a->variable = sx_alloc(room, sizeof *a->variable);
    a->attribute = sx_alloc(room, sizeof(double *));
    sx_status st = name && a->variable && a->attribute ? SX_OK : sx_nomem(err);
    while (!st && *(at += strspn(at, between))) {
        size_t n = strcspn(at, between);
        memcpy(name, at, n);
        name[n] = '\0';
        st = take_attribute(c, a, name, err);
        at += n;
    }
    if (!st && !a->attributes)
        st = no_attribute(c, "", "names nothing", err);
    a->task.attributes = a->attributes;
    a->task.attribute = a->attribute;
    sx_release(name);
    return st;
}

/* --- the answer --- */

static int64_t sweeps_allowed(const sx_mdp *m)
{
    int64_t most = STEPS / (m->entries + 1);
    return most < SWEEPS ? most : SWEEPS;
}

static sx_status measure(const sx_cli *c, sx_shape_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    size_t n = (size_t)m->pairs;
    double *truth = sx_alloc(n, sizeof *truth), *after = sx_alloc(n, sizeof *after);
    sx_status st = truth && after ? SX_OK : sx_nomem(err);
    sx_progress_phase("looking ahead", 0);
    if (!st) {
        sx_reward_mean(m, a->task.from, truth);
        sx_reward_mean(m, a->shaped, after);
        st = sx_shape_measure(m, truth, truth, sweeps_allowed(m), &a->quality[0], err);
    }
    if (!st)
        st = sx_shape_measure(m, truth, after, sweeps_allowed(m), &a->quality[1], err);
    sx_release(truth);
    sx_release(after);
    return st;
}

static sx_status compute(sx_cli *c, sx_shape_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_progress_phase("shaping", 0);
    sx_status st = sx_shape(m, &a->task, &a->shaping, &a->reason, err);
    if (st || !a->shaping)
        return st;
    if (!a->shaping->certified)
        c->answer = SX_EXIT_UNCERTIFIED;
    return sx_shaping_apply(m, a->task.from, a->shaping->scale, a->shaping->potential,
                            &a->shaped, err);
}

sx_status sx_shape_find(sx_cli *c, sx_shape_answer *a, sx_error *err)
{
    sx_status st = choose_task(c, &a->task, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = choose_rewards(c, a, err);
    if (!st && a->task.goal == SX_SHAPE_LINEAR)
        st = sx_shape_attributes(c, c->o.text[SX_OPT_ATTRIBUTES], a, err);
    if (!st)
        st = sx_cli_unreachable(c, &a->unreachable, err);
    return st ? st : compute(c, a, err);
}

sx_status sx_verb_shape(sx_cli *c, sx_error *err)
{
    sx_shape_answer a = {0};
    sx_status st = sx_shape_apply_guard(c, err);
    if (!st)
        st = sx_shape_find(c, &a, err);
    if (!st && a.shaping)
        st = measure(c, &a, err);
    if (!st && c->o.text[SX_OPT_CERTIFICATE])
        st = sx_shape_certify(c, &a, err);
    if (!st && c->o.text[SX_OPT_APPLY])
        st = sx_shape_apply(c, &a, err);
    if (!st) {
        sx_shape_put(c, &a);
        sx_shape_text(c, &a);
    }
    sx_shape_clear(&a);
    return st;
}
