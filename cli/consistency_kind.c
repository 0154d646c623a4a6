/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_kind.c - edits that are not of the kind that they are declared to be. */
#include "cli/verb_consistency.h"

#include <inttypes.h>
#include <math.h>

enum { SHOWN = 5 }; /* states in which two policies differ */

/* The action that pi takes in s, with its probability unless that is 1. */
static void put_action(sx_text *t, const sx_world *w, const double *pi, int32_t s)
{
    const sx_mdp *m = w->mdp;
    char buffer[SX_NAME_BUFFER], number[32];
    int32_t most = m->pair[s];
    for (int32_t k = most; k < m->pair[s + 1]; k++)
        most = pi[k] > pi[most] ? k : most;
    sx_text_put(t, sx_names_get(w->actions, m->action[most], buffer));
    if (pi[most] < 1) {
        sx_human_number(pi[most], number);
        sx_text_format(t, " %s", number);
    }
}

static bool differ(const sx_mdp *m, const sx_order *o, int32_t s)
{
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (!(fabs(o->high[k] - o->low[k]) <= 1e-9))
            return true;
    return false;
}

/* "r0c0 (A up, B left), r1c0 (A up, B left 0.75) and 3 more states" */
static void put_difference(sx_text *t, const sx_world *w, const sx_order *o)
{
    int32_t count = 0;
    char buffer[SX_NAME_BUFFER];
    for (int32_t s = 0; s < w->mdp->states; s++) {
        if (!differ(w->mdp, o, s) || count++ >= SHOWN)
            continue;
        sx_text_format(t, "%s%s (A ", count > 1 ? ", " : "",
                       sx_names_get(w->states, s, buffer));
        put_action(t, w, o->high, s);
        sx_text_put(t, ", B ");
        put_action(t, w, o->low, s);
        sx_text_put(t, ")");
    }
    if (count > SHOWN)
        sx_text_format(t, " and %" PRId32 " more", count - SHOWN);
    if (!count)
        sx_text_put(t, "no state");
}

static void put_returns(sx_text *t, const char *name, double before, double after)
{
    sx_text_format(t, "policy %s returns %.6g by the old values and %.6g by the new ones", name,
                   fabs(before) <= 1e-12 ? 0 : before, fabs(after) <= 1e-12 ? 0 : after);
}

char *sx_edit_evidence(const sx_world *world, const sx_order *o)
{
    sx_text t = {0};
    put_returns(&t, "A", o->carried.high, o->edited.high);
    sx_text_put(&t, ", ");
    put_returns(&t, "B", o->carried.low, o->edited.low);
    sx_text_put(&t, "; they differ in ");
    put_difference(&t, world, o);
    sx_text_add(&t, "", 1);
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

/* The world that shows that an edit is not what it is declared to be: under a neutral one the
 * first whose order changes; under a causal one, when no step changes it, the first. */
static const sx_edit_world *contradiction(const sx_cli *c, const sx_consistency_answer *a,
                                          int32_t edit)
{
    sx_edit_kind kind = c->spec->edit[edit].kind;
    const sx_edit_world *first = NULL;
    for (int32_t i = 0; i < a->count && kind != SX_EDIT_ANY; i++) {
        const sx_edit_world *w = &a->world[i];
        if (w->edit != edit)
            continue;
        bool fits = w->reason || w->either || w->changes == (kind == SX_EDIT_CAUSAL);
        if (kind == SX_EDIT_NEUTRAL && !fits)
            return w;
        if (kind == SX_EDIT_CAUSAL && fits)
            return NULL;
        first = first || fits ? first : w;
    }
    return first;
}

static void report(sx_cli *c, const sx_consistency_answer *a, const sx_edit_world *w)
{
    const sx_edit *e = &c->spec->edit[w->edit];
    const char *truth = c->spec->reward[a->truth].id;
    const char *step = w->step < 0 ? "" : e->step_text[w->step];
    const char *at = w->step < 0 ? "" : "@";
    if (e->kind == SX_EDIT_NEUTRAL)
        sx_diag_report(c->diags, e->place, "E431", w->evidence,
                       "edit '%.80s' is declared neutral, but %.80s%s%.40s changes the order "
                       "that reward '%.80s' gives to the policies",
                       e->id, e->id, at, step, truth);
    else
        sx_diag_report(c->diags, e->place, "E432", w->evidence,
                       "edit '%.80s' is declared causal, but reward '%.80s' orders all "
                       "policies after it as it did before",
                       e->id, truth);
}

int32_t sx_edit_contradictions(sx_cli *c, const sx_consistency_answer *a)
{
    sx_error err = SX_NO_ERROR;
    const sx_spec *spec = c->spec;
    int32_t count = 0;
    if (sx_diags_source(c->diags, spec->file, spec->text, spec->text_size, &err))
        return 1;
    for (int32_t i = 0; i < spec->edits; i++) {
        const sx_edit_world *w = contradiction(c, a, i);
        if (w) {
            report(c, a, w);
            count++;
        }
    }
    sx_diags_forget(c->diags, spec->file);
    return count;
}
