/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_world.c - one edited world: read, matched, measured, and let go. */
#include "cli/verb_consistency.h"

#include <math.h>

static const char removed[] = "the edit removes this reward";

/* What is at work. */
typedef struct work {
    sx_cli *c;
    sx_consistency_answer *a;
    sx_edit_world *w;
    const sx_edit *edit;
    sx_spec *spec; /* edited */
    const sx_world *world;
    sx_match *match;
    sx_reward **carried;      /* [rewards] */
    sx_versions *versions;    /* [rewards] */
    sx_consistency *measured; /* [rewards] */
    sx_counterfactual *x;
    sx_touched *touched;
    signed char *was; /* [K] for expectations about optimal actions, else NULL */
    double *mean;     /* [K] */
    double tolerance;
} work;

static void work_clear(work *z)
{
    for (int32_t i = 0; z->carried && i < z->c->spec->rewards; i++)
        sx_reward_free(z->carried[i]);
    sx_release(z->carried);
    sx_release(z->versions);
    sx_release(z->measured);
    sx_counterfactual_free(z->x);
    sx_touched_free(z->touched);
    sx_match_free(z->match);
    sx_spec_free(z->spec);
    sx_release(z->was);
    sx_release(z->mean);
}

static void names_clear(sx_edit_names *n)
{
    for (int32_t i = 0; i < n->shown; i++)
        sx_release(n->name[i]);
}

void sx_edit_world_clear(sx_edit_world *w, int32_t rewards)
{
    for (int32_t i = 0; w->row && i < rewards; i++) {
        sx_release(w->row[i].state);
        sx_release(w->row[i].action);
        sx_release(w->row[i].next);
    }
    sx_release(w->row);
    sx_release(w->evidence);
    names_clear(&w->lost_states);
    names_clear(&w->new_states);
    names_clear(&w->lost_actions);
    names_clear(&w->new_actions);
}

/* --- names --- */

static bool add_name(sx_edit_names *n, const sx_names *names, int32_t i)
{
    char buffer[SX_NAME_BUFFER];
    n->count++;
    if (n->shown >= SX_EDIT_NAMES)
        return true;
    char *copy = sx_strdup(sx_names_get(names, i, buffer));
    if (copy)
        n->name[n->shown++] = copy;
    return copy != NULL;
}

/* Ids on either side without counterpart. */
static sx_status unmatched(work *z, sx_error *err)
{
    const sx_world *from = z->c->spec->world, *to = z->world;
    const sx_match *x = z->match;
    sx_edit_world *w = z->w;
    bool ok = true;
    for (int32_t i = 0; i < x->lost_states; i++)
        ok = ok && add_name(&w->lost_states, from->states, x->lost_state[i]);
    for (int32_t i = 0; i < x->lost_actions; i++)
        ok = ok && add_name(&w->lost_actions, from->actions, x->lost_action[i]);
    for (int32_t s = 0; s < to->mdp->states; s++)
        ok = ok && (x->state[s] >= 0 || add_name(&w->new_states, to->states, s));
    for (int32_t i = 0; i < to->mdp->actions; i++)
        ok = ok && (x->action[i] >= 0 || add_name(&w->new_actions, to->actions, i));
    w->new_pairs = x->new_pairs;
    return ok ? SX_OK : sx_nomem(err);
}

/* --- rewards --- */

/* Reward i as it was and as it is. */
static sx_status carry(work *z, int32_t i, sx_error *err)
{
    const sx_named_reward *r = &z->c->spec->reward[i];
    sx_versions *v = &z->versions[i];
    int32_t place = sx_spec_reward(z->spec, r->id);
    sx_status st = sx_reward_carry(z->match, z->c->spec->world->mdp, r->reward, z->world->mdp,
                                   &z->carried[i], &v->reason, err);
    v->carried = z->carried[i];
    v->edited = place < 0 ? NULL : z->spec->reward[place].reward;
    if (!v->edited) {
        v->carried = NULL;
        v->reason = removed;
    }
    return st;
}

static sx_status carry_all(work *z, sx_error *err)
{
    size_t n = (size_t)z->c->spec->rewards;
    z->carried = sx_alloc(n, sizeof(sx_reward *));
    z->versions = sx_alloc(n, sizeof *z->versions);
    sx_status st = z->carried && z->versions ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < z->c->spec->rewards && !st; i++)
        st = carry(z, i, err);
    return st;
}

/* An error at the edit. */
static sx_status refuse(work *z, const char *code, const char *hint, const char *what,
                        const char *id, sx_error *err)
{
    const sx_spec *spec = z->c->spec;
    sx_status st = sx_diags_source(z->c->diags, spec->file, spec->text, spec->text_size, err);
    if (st)
        return st;
    sx_diag_report(z->c->diags, z->edit->place, code, hint, "edit '%.80s' %s '%.80s'",
                   z->edit->id, what, id);
    sx_diags_forget(z->c->diags, spec->file);
    return sx_fail(err, SX_EINPUT, "edit '%.80s' %s '%.80s'", z->edit->id, what, id);
}

/* The two versions of the true reward, or none. */
static const sx_versions *truth_of(const work *z)
{
    static const sx_versions none = {NULL, NULL, NULL};
    return z->a->truth == SX_NO_TRUTH ? &none : &z->versions[z->a->truth];
}

static sx_status need_truth(work *z, sx_error *err)
{
    if (z->a->truth == SX_NO_TRUTH || truth_of(z)->edited)
        return SX_OK;
    const char *id = z->c->spec->reward[z->a->truth].id;
    return refuse(z, "E433", "the other rewards are compared with it in the edited world",
                  "removes the true reward", id, err);
}

static sx_status read_world(work *z, sx_error *err)
{
    sx_edit_world *w = z->w;
    sx_status st = sx_spec_edited(z->c->spec, w->edit, w->step, z->c->diags, &z->spec, err);
    if (st)
        return st;
    z->world = z->spec->world;
    w->states = z->world->mdp->states;
    st = sx_match_new(z->c->spec->world, z->world, &z->match, err);
    if (!st)
        st = unmatched(z, err);
    if (!st)
        st = carry_all(z, err);
    return st ? st : need_truth(z, err);
}

/* --- the edit --- */

static sx_status find_touched(work *z, sx_error *err)
{
    sx_status st = sx_touched_find(z->c->spec->world, z->world, z->match, truth_of(z),
                                   z->tolerance, &z->touched, err);
    if (st)
        return st;
    z->w->by = z->touched->by;
    z->w->entries = z->touched->entries;
    z->w->pairs = z->touched->pairs;
    z->w->touched_states = z->touched->states;
    return SX_OK;
}

/* Whether the true reward keeps its value on every possible triple. */
static bool keeps_values(const work *z)
{
    const sx_versions *v = truth_of(z);
    const sx_mdp *m = z->world->mdp;
    if (!v || !v->carried || !v->edited)
        return false;
    double most =
        fmax(sx_reward_max_possible(m, v->carried), sx_reward_max_possible(m, v->edited));
    for (int64_t t = 0; t < m->entries; t++)
        if (!(fabs(v->edited->on[t] - v->carried->on[t]) <= z->tolerance * most))
            return false;
    return true;
}

static sx_status find_kind(work *z, sx_error *err)
{
    sx_edit_world *w = z->w;
    sx_order *o = NULL;
    sx_status st = sx_counterfactual_order(z->x, &o, err);
    if (st)
        return st;
    w->kind = z->edit->kind;
    w->reason = o->reason;
    w->outcome = o->outcome;
    w->changes = !o->same;
    w->worst_case[0] = o->reason ? (double)NAN : o->worst_case[0];
    w->worst_case[1] = o->reason ? (double)NAN : o->worst_case[1];
    if (!o->reason) {
        w->either = o->same && z->touched->transitions && keeps_values(z);
        w->evidence = sx_edit_evidence(z->world, o);
        st = w->evidence ? SX_OK : sx_nomem(err);
    }
    if (w->kind == SX_EDIT_ANY && !o->reason && !w->either)
        w->kind = o->same ? SX_EDIT_NEUTRAL : SX_EDIT_CAUSAL;
    sx_order_free(o);
    return st;
}

/* --- expectations --- */

/* What was optimal for reward i before the edit, once. */
static sx_status best_before(work *z, int32_t i, sx_error *err)
{
    const sx_mdp *m = z->c->spec->world->mdp;
    sx_best *b = NULL;
    if (z->a->best[i])
        return SX_OK;
    double *mean = sx_alloc((size_t)m->pairs, sizeof *mean);
    sx_status st = mean ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_reward_mean(m, z->c->spec->reward[i].reward, mean);
        st = sx_best_find(m, mean, z->tolerance, sx_method_find(z->c->o.text[SX_OPT_METHOD]),
                          &b, err);
    }
    if (!st) {
        z->a->best[i] = b->best;
        b->best = NULL;
    }
    sx_best_free(b);
    sx_release(mean);
    return st;
}

static sx_status keep_name(const sx_names *names, int32_t i, char **to, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    *to = i < 0 ? NULL : sx_strdup(sx_names_get(names, i, buffer));
    return i < 0 || *to ? SX_OK : sx_nomem(err);
}

static sx_status keep_names(const work *z, sx_edit_row *row, sx_error *err)
{
    const sx_expected *e = &row->expected;
    sx_status st = keep_name(z->world->states, e->state, &row->state, err);
    if (!st)
        st = keep_name(z->world->actions, e->action, &row->action, err);
    if (!st)
        st = keep_name(z->world->states, e->next, &row->next, err);
    return st;
}

static bool is_about_best(const sx_edit *e)
{
    return e->expect == SX_EXPECT_FLIPS_BEST || e->expect == SX_EXPECT_TRANSPORTS;
}

/* q with what expectations about optimal actions need; *now is the caller's. */
static sx_status prepare_best(work *z, int32_t i, sx_expect_query *q, sx_best **now,
                              sx_error *err)
{
    const sx_mdp *m = z->world->mdp;
    sx_status st = best_before(z, i, err);
    if (!st && !z->was)
        z->was = sx_alloc((size_t)m->pairs, 1);
    if (!st && !z->mean)
        z->mean = sx_alloc((size_t)m->pairs, sizeof *z->mean);
    if (!st && (!z->was || !z->mean))
        st = sx_nomem(err);
    if (st)
        return st;
    sx_best_carry(z->c->spec->world->mdp, m, z->match, z->a->best[i], z->was);
    sx_reward_mean(m, q->edited, z->mean);
    st = sx_best_find(m, z->mean, z->tolerance, sx_method_find(z->c->o.text[SX_OPT_METHOD]),
                      now, err);
    q->was = z->was;
    q->now = *now;
    return st;
}

/* The advantages of both versions of reward i. */
static sx_status advantages(work *z, int32_t i, sx_expect_query *q, sx_error *err)
{
    sx_status st = SX_OK;
    for (int k = 0; k < 2 && !st; k++)
        st = sx_counterfactual_advantage(z->x, i, k, &q->advantage[k], err);
    return st;
}

/* Share and worst case of reward i. */
static sx_status expect_one(work *z, int32_t i, sx_edit_row *row, sx_error *err)
{
    const sx_edit *e = z->edit;
    const sx_versions *v = &z->versions[i];
    sx_best *now = NULL;
    sx_expect_query q = {.expect = e->expect,
                         .level = e->level,
                         .tolerance = z->tolerance,
                         .m = z->world->mdp,
                         .touched = z->touched,
                         .carried = v->carried,
                         .edited = v->edited,
                         .reason = v->reason};
    row->expected = (sx_expected){{NAN, v->edited ? NULL : v->reason}, 0, 0, -1, -1, -1, 0, 0};
    if (e->expect == SX_EXPECT_NOTHING || !v->edited)
        return SX_OK;
    for (int k = 0; k < 2 && e->expect == SX_EXPECT_TRANSPORTS; k++)
        q.transports[k] = sx_names_find(z->world->actions, e->transports[k]);
    sx_status st = is_about_best(e) ? prepare_best(z, i, &q, &now, err) : SX_OK;
    if (!st && e->expect == SX_EXPECT_INVARIANT)
        st = advantages(z, i, &q, err);
    if (!st) {
        sx_expect_check(&q, &row->expected);
        st = keep_names(z, row, err);
    }
    sx_best_free(now);
    return st;
}

/* Moves of reward i with the truth, under a causal edit. */
static sx_status count_moves(work *z, int32_t i, sx_edit_row *row, sx_error *err)
{
    const sx_mdp *m = z->world->mdp;
    const sx_versions *v[2] = {truth_of(z), &z->versions[i]};
    double *mean[4] = {NULL}; /* truth carried and edited, reward carried and edited */
    sx_status st = SX_OK;
    for (int k = 0; k < 4 && !st; k++) {
        mean[k] = sx_alloc((size_t)m->pairs, sizeof *mean[k]);
        st = mean[k] ? SX_OK : sx_nomem(err);
        if (!st)
            sx_reward_mean(m, k % 2 ? v[k / 2]->edited : v[k / 2]->carried, mean[k]);
    }
    if (!st)
        row->followed =
            sx_moves_followed(m, z->touched->pair, (const double *const *)mean,
                              (const double *const *)mean + 2, z->tolerance, &row->moves);
    for (int k = 0; k < 4; k++)
        sx_release(mean[k]);
    return st;
}

/* Pairs on which reward i stays, under a neutral edit. */
static sx_status count_ties(work *z, int32_t i, sx_edit_row *row, sx_error *err)
{
    sx_expected e = {0};
    sx_expect_query q = {.expect = SX_EXPECT_INVARIANT,
                         .tolerance = z->tolerance,
                         .m = z->world->mdp,
                         .carried = z->versions[i].carried,
                         .edited = z->versions[i].edited};
    sx_status st = advantages(z, i, &q, err);
    if (!st) {
        sx_expect_check(&q, &e);
        row->stayed = e.met;
        row->pairs = e.count;
    }
    return st;
}

static sx_status count_one(work *z, int32_t i, sx_edit_row *row, sx_error *err)
{
    sx_edit_kind kind = z->w->kind;
    bool known = truth_of(z)->carried;
    if (!z->versions[i].carried || !(known || z->a->truth == SX_NO_TRUTH))
        return SX_OK;
    if (kind == SX_EDIT_CAUSAL && known)
        return count_moves(z, i, row, err);
    return kind == SX_EDIT_NEUTRAL ? count_ties(z, i, row, err) : SX_OK;
}

static sx_status measure(work *z, sx_error *err)
{
    int32_t n = z->c->spec->rewards;
    z->measured = sx_alloc((size_t)n, sizeof *z->measured);
    z->w->row = sx_alloc((size_t)n, sizeof *z->w->row);
    sx_status st = z->measured && z->w->row ? sx_counterfactual_measure(z->x, z->measured, err)
                                            : sx_nomem(err);
    for (int32_t i = 0; i < n && !st; i++) {
        z->w->row[i].x = z->measured[i];
        st = expect_one(z, i, &z->w->row[i], err);
        if (!st)
            st = count_one(z, i, &z->w->row[i], err);
    }
    return st;
}

sx_status sx_edit_world_compute(sx_cli *c, sx_consistency_answer *a, sx_edit_world *w,
                                sx_error *err)
{
    work z = {.c = c, .a = a, .w = w, .edit = &c->spec->edit[w->edit]};
    sx_consistency_options o = sx_consistency_defaults();
    z.tolerance = o.tolerance = c->o.number[SX_OPT_TOLERANCE];
    o.measure = a->measure;
    o.trivial = c->o.number[SX_OPT_TRIVIAL];
    o.method = sx_method_find(c->o.text[SX_OPT_METHOD]);
    sx_status st = read_world(&z, err);
    if (!st)
        st = sx_counterfactual_new(z.world->mdp, z.versions, c->spec->rewards, a->truth, &o,
                                   &z.x, err);
    if (!st)
        st = find_touched(&z, err);
    if (!st) {
        w->unreachable = sx_counterfactual_unreachable(z.x);
        st = find_kind(&z, err);
    }
    if (!st)
        st = measure(&z, err);
    work_clear(&z);
    return st;
}
