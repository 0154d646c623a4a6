/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_edit_permute.c - <permute>: the cycles of an edit as one permutation, and applied.
 *
 * A cycle "a b c" is e(a) = b, e(b) = c, e(c) = a.  Several apply one after the other: the
 * world is first what e1 makes of it and then what e2 makes of that, which is e1(e2(.)). */
#include "mdp/edit_int.h"
#include "mdp/permute.h"

#include <string.h>

#define BLANKS " \t\r\n"

/* A list of names that is being read. */
typedef struct cycle {
    const sx_names *names;
    const char *code; /* of an unknown name */
    sx_place at;
    sx_diags *d;
    sx_error *err;
    int32_t *e;       /* [names] the permutation so far */
    int32_t *list;    /* [names] the members of the cycle */
    int32_t contexts; /* of a bandit, else 0 */
    unsigned char *seen;
} cycle;

/* The next name of *text: its index, or -1 when there is none. */
static sx_status next_name(const cycle *c, const char **text, int32_t *index)
{
    *text += strspn(*text, BLANKS);
    size_t size = strcspn(*text, BLANKS);
    *index = -1;
    if (!size)
        return SX_OK;
    char *name = sx_alloc(size + 1, 1);
    if (!name)
        return sx_nomem(c->err);
    memcpy(name, *text, size);
    *text += size;
    *index = sx_names_find(c->names, name);
    sx_status st = SX_OK;
    if (*index < 0) {
        sx_i_reading rd = {.diags = c->d, .err = c->err};
        st = sx_i_no_name(&rd, c->at, c->code, name, c->names);
    } else if (c->seen[*index]) {
        st = sx_diag_report(c->d, c->at, "E169", NULL, "\"%.60s\" is in the cycle twice", name);
    }
    sx_release(name);
    return st;
}

/* contexts= and responses= are for bandits, whose `end` is no context.  c->list: the cycle. */
static sx_status check_bandit(cycle *c, const char *what, int32_t n)
{
    if (!c->contexts)
        return sx_diag_report(c->d, c->at, "E169", NULL,
                              "%ss= is for a bandit; this world has %s=", what,
                              *what == 'c' ? "states" : "actions");
    for (int32_t i = 0; i < n && *what == 'c'; i++)
        if (c->list[i] >= c->contexts)
            return sx_diag_report(c->d, c->at, "E169", NULL, "the state \"end\" is no context");
    return SX_OK;
}

/* e after the cycle that text lists; what: "context", "response" or NULL. */
static sx_status add_cycle(cycle *c, const char *text, const char *what)
{
    int32_t n = 0, index = 0;
    sx_status st = next_name(c, &text, &index);
    for (; !st && index >= 0; st = next_name(c, &text, &index)) {
        c->seen[index] = 1;
        c->list[n++] = index;
    }
    if (!st && n < 2)
        st = sx_diag_report(c->d, c->at, "E169", NULL, "a cycle has two names or more");
    if (!st && what)
        st = check_bandit(c, what, n);
    for (int32_t i = 0; i < n; i++)
        c->seen[c->list[i]] = 0;
    if (st)
        return st;
    int32_t first = c->e[c->list[0]]; /* e1(e2(a)) with e2(a) = b is what b had */
    for (int32_t i = 0; i + 1 < n; i++)
        c->e[c->list[i]] = c->e[c->list[i + 1]];
    c->e[c->list[n - 1]] = first;
    return SX_OK;
}

/* e after all cycles in the texts from .. from + 1 of the edit's <permute> elements. */
static sx_status every_cycle(const sx_edit *edit, const char *step, int32_t from, cycle *c)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < 2 * edit->ops && !sx_i_stops(st); i++) {
        const sx_i_op *op = &edit->op[i / 2];
        int32_t part = from + i % 2;
        const char *what = i % 2 == 0 ? NULL : from ? "response" : "context";
        if (op->kind != SX_I_PERMUTE || !op->text[part])
            continue;
        char *text = sx_i_step_put(op->text[part], step);
        c->at = op->at[part];
        st = text ? sx_i_worse(st, add_cycle(c, text, what)) : sx_nomem(c->err);
        sx_release(text);
    }
    return st;
}

/* The same, from the identity. */
static sx_status all_cycles(const sx_edit *edit, const char *step, int32_t from, cycle *c)
{
    int32_t n = sx_names_count(c->names);
    sx_status st = SX_EMEM;
    c->list = sx_alloc((size_t)n, sizeof *c->list);
    c->seen = sx_alloc((size_t)n, 1);
    for (int32_t i = 0; i < n; i++)
        c->e[i] = i;
    if (c->list && c->seen)
        st = every_cycle(edit, step, from, c);
    else
        sx_nomem(c->err);
    sx_release(c->list);
    sx_release(c->seen);
    return st;
}

sx_status sx_i_permutation(const sx_edit *edit, const char *step, const sx_world *w,
                           int32_t *state, int32_t *action, sx_diags *d, sx_error *err)
{
    cycle states = {.names = w->states,
                    .code = "E120",
                    .d = d,
                    .err = err,
                    .e = state,
                    .contexts = w->contexts};
    cycle actions = {.names = w->actions,
                     .code = "E121",
                     .d = d,
                     .err = err,
                     .e = action,
                     .contexts = w->contexts};
    sx_status st = all_cycles(edit, step, 0, &states);
    return sx_i_stops(st) ? st : sx_i_worse(st, all_cycles(edit, step, 2, &actions));
}

static bool permutes(const sx_edit *e)
{
    bool found = false;
    for (int32_t i = 0; e && i < e->ops; i++)
        found = found || e->op[i].kind == SX_I_PERMUTE;
    return found;
}

/* The rewards of the reading on the world `to`. */
static sx_status permute_rewards(sx_i_reading *rd, const int32_t *state, const int32_t *action,
                                 const sx_mdp *to)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < rd->spec->rewards && !st; i++) {
        sx_reward *new = NULL, *old = rd->spec->reward[i].reward;
        st = sx_reward_permute(rd->spec->world->mdp, state, action, old, to, &new, rd->err);
        if (st)
            break;
        rd->spec->reward[i].reward = new;
        sx_reward_free(old);
    }
    return st;
}

sx_status sx_i_permute_apply(sx_i_reading *rd)
{
    sx_world *w = rd->spec->world;
    if (!permutes(rd->edit))
        return SX_OK;
    int32_t *state = sx_alloc((size_t)w->mdp->states, sizeof *state);
    int32_t *action = sx_alloc((size_t)w->mdp->actions, sizeof *action);
    sx_mdp *to = NULL;
    sx_status st = state && action ? SX_OK : sx_nomem(rd->err);
    if (!st)
        st = sx_i_permutation(rd->edit, rd->step, w, state, action, rd->diags, rd->err);
    if (!st)
        st = sx_mdp_permute(w->mdp, state, action, &to, rd->err);
    if (!st)
        st = permute_rewards(rd, state, action, to);
    if (!st)
        st = sx_world_permute(w, state, action, rd->err);
    sx_mdp_free(to);
    sx_release(state);
    sx_release(action);
    return st;
}

sx_status sx_spec_permutation(const sx_spec *spec, int32_t edit, int32_t step, int32_t *state,
                              int32_t *action, sx_diags *d, sx_error *err)
{
    const sx_edit *e = edit >= 0 && edit < spec->edits ? &spec->edit[edit] : NULL;
    sx_diags *own = NULL;
    if (!e || !e->permutes || step >= e->steps || (step < 0) != (e->steps == 0))
        return sx_fail(err, SX_EARG, "the edit does not consist of permutations");
    sx_status st = d ? SX_OK : sx_diags_new(&own, err);
    d = d ? d : own;
    if (!st)
        st = sx_diags_source(d, spec->file, spec->text, spec->text_size, err);
    if (!st)
        st = sx_i_permutation(e, step < 0 ? NULL : e->step_text[step], spec->world, state,
                              action, d, err);
    if (d)
        sx_diags_forget(d, spec->file);
    sx_diags_free(own);
    return st == SX_EINPUT ? sx_fail(err, st, "the edit %.60s names what is not there", e->id)
                           : st;
}
