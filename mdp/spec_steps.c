/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_steps.c - transitions listed one by one, in XML or CSV, become a world.
 *
 * The list is sorted by state, action, successor and origin; what is there twice and sums
 * that are not 1 are found in one pass.  A sum that is wrong only because a line was refused
 * is not reported a second time. */
#include "mdp/spec_world_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUM_TOLERANCE 1e-9
#define LINES_SHOWN   4

/* --- adding ------------------------------------------------------------------------ */

static sx_status append(sx_i_steps *list, sx_i_step step)
{
    if (list->count == list->room) {
        int64_t room = list->room + list->room / 2 + 256;
        sx_i_step *grown = sx_realloc(list->step, (size_t)room, sizeof *grown);
        if (!grown)
            return sx_nomem(list->rd->err);
        list->step = grown;
        list->room = room;
    }
    list->step[list->count++] = step;
    return SX_OK;
}

/* first .. last of what a name or * stands for. */
static sx_status range_of(sx_i_steps *list, const sx_names *names, const char *text,
                          const char *part, int64_t origin, int32_t range[2])
{
    int32_t i = -1, all = strcmp(text, "*") == 0;
    range[0] = 0;
    range[1] = sx_names_count(names) - 1;
    if (!all) {
        i = sx_names_find(names, text);
        range[0] = range[1] = i;
    }
    if (all || i >= 0)
        return SX_OK;
    return sx_i_no_name(list->rd, list->place(list->context, origin, part),
                        strcmp(part, "action") == 0 ? "E121" : "E120", text, names);
}

/* A transition given for absorbing state s: only its own loop is no contradiction. */
static sx_status absorbing_step(sx_i_steps *list, const sx_i_step *step)
{
    char state[SX_NAME_BUFFER];
    if (step->broken || (step->next == step->state && step->prob == 1))
        return SX_OK;
    return sx_diag_report(list->rd->diags, list->place(list->context, step->origin, "from"),
                          "E123",
                          "it loops to itself under every action; remove one of the two",
                          "the state %.60s is absorbing and has a transition",
                          sx_names_get(list->rd->spec->world->states, step->state, state));
}

/* Append the steps of a range of states, of actions and of successors; absorbing states are
 * left out of *. */
static sx_status append_all(sx_i_steps *list, int32_t range[3][2], bool all, sx_i_step step)
{
    sx_status st = SX_OK;
    for (int32_t s = range[0][0]; s <= range[0][1] && !st; s++) {
        if (all && list->absorbing[s])
            continue;
        step.state = s;
        step.next = range[2][0];
        if (list->absorbing[s])
            return absorbing_step(list, &step);
        for (int32_t a = range[1][0]; a <= range[1][1] && !st; a++)
            for (int32_t to = range[2][0]; to <= range[2][1] && !st; to++) {
                step.action = a;
                step.next = to;
                st = append(list, step);
            }
    }
    return st;
}

sx_status sx_i_steps_add(sx_i_steps *list, const char *const name[3], double prob, bool sum,
                         int64_t origin)
{
    static const char *const part[3] = {"from", "action", "to"};
    const sx_world *w = list->rd->spec->world;
    const sx_names *names[3] = {w->states, w->actions, w->states};
    int32_t range[3][2] = {{0}};
    sx_status st[3];
    double triples = 1;
    for (int i = 0; i < 3; i++) {
        st[i] =
            name[i] ? range_of(list, names[i], name[i], part[i], origin, range[i]) : SX_EINPUT;
        triples *= (double)range[i][1] - range[i][0] + 1;
    }
    if (st[0] || st[1]) {
        list->lost = true;
        return SX_EINPUT;
    }
    if (triples + (double)list->count > (double)SX_I_TRIPLES) {
        list->lost = true;
        return sx_diag_report(list->rd->diags, list->place(list->context, origin, "from"),
                              "E105", "a world of this size belongs in a .npy file",
                              "the world has more than %ld transitions", (long)SX_I_TRIPLES);
    }
    if (st[2]) /* the pair is known: its sum is not */
        range[2][0] = range[2][1] = 0;
    sx_i_step step = {.sum = sum, .broken = st[2] || isnan(prob), .prob = prob};
    step.origin = origin;
    sx_status all = append_all(list, range, strcmp(name[0], "*") == 0, step);
    return sx_i_worse(st[2], all);
}

/* --- checking ------------------------------------------------------------------------ */

static int by_triple(const void *left, const void *right)
{
    const sx_i_step *a = left, *b = right;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->action != b->action)
        return a->action < b->action ? -1 : 1;
    if (a->next != b->next)
        return a->next < b->next ? -1 : 1;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

static void sort(sx_i_steps *list)
{
    bool sorted = true;
    for (int64_t i = 1; i < list->count && sorted; i++)
        sorted = by_triple(&list->step[i - 1], &list->step[i]) <= 0;
    if (!sorted)
        qsort(list->step, (size_t)list->count, sizeof *list->step, by_triple);
}

static sx_place place_of(const sx_i_steps *list, const sx_i_step *step, const char *part)
{
    return list->place(list->context, step->origin, part);
}

/* Steps that are there twice within one pair; they mark the pair as broken. */
static sx_status check_twice(sx_i_steps *list, sx_i_step *first, int64_t n)
{
    sx_status st = SX_OK;
    for (int64_t i = 1; i < n; i++) {
        sx_i_step *a = &first[i - 1], *b = &first[i];
        if (a->next != b->next || b->sum || a->broken || b->broken)
            continue;
        char pair[80], next[SX_NAME_BUFFER], hint[120];
        const sx_world *w = list->rd->spec->world;
        sx_world_pair_text(w, b->state, b->action, pair, sizeof pair);
        snprintf(hint, sizeof hint,
                 "it is in line %ld already; sum=\"true\" on the later one adds them up",
                 (long)place_of(list, a, "from").line);
        st = sx_diag_report(list->rd->diags, place_of(list, b, "from"), "E124", hint,
                            "the transition from %s to %.60s is given twice", pair,
                            sx_names_get(w->states, b->next, next));
        b->broken = true;
    }
    return st;
}

static int by_origin(const void *left, const void *right)
{
    const sx_i_step *a = left, *b = right;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

/* "line 3 gives 0.2 to each of 4 states", "lines 3, 4, 5 give 0.5 + 0.2 + 0.2"; the steps
 * are in the order of the file. */
static void sum_hint(const sx_i_steps *list, const sx_i_step *first, int64_t n, char hint[200])
{
    size_t used = 0, size = 200;
    int64_t shown = n < LINES_SHOWN ? n : LINES_SHOWN;
    if (first[0].origin == first[n - 1].origin) {
        used = (size_t)snprintf(hint, size, "line %ld gives %.6g",
                                (long)place_of(list, first, "p").line, first->prob);
        if (n > 1)
            snprintf(hint + used, size - used, " to each of %ld states", (long)n);
        return;
    }
    for (int64_t i = 0; i < shown; i++)
        used += (size_t)snprintf(hint + used, size - used, "%s%ld", i ? ", " : "lines ",
                                 (long)place_of(list, &first[i], "p").line);
    used += (size_t)snprintf(hint + used, size - used, n > shown ? ", ... give " : " give ");
    for (int64_t i = 0; i < shown; i++)
        used +=
            (size_t)snprintf(hint + used, size - used, "%s%.6g", i ? " + " : "", first[i].prob);
    snprintf(hint + used, size - used, n > shown ? " + ..." : "%s", "");
}

/* The probabilities of one pair, steps first [n]; sound: whether they sum to 1. */
static sx_status check_pair(sx_i_steps *list, sx_i_step *first, int64_t n, bool *sound)
{
    double sum = 0;
    bool broken = false;
    sx_status st = check_twice(list, first, n);
    for (int64_t i = 0; i < n; i++) {
        broken = broken || first[i].broken;
        sum += first[i].broken ? 0 : first[i].prob;
    }
    *sound = fabs(sum - 1) <= SUM_TOLERANCE;
    if (*sound || broken || (list->lost && sum < 1))
        return st;
    char pair[80], hint[200];
    sx_world_pair_text(list->rd->spec->world, first->state, first->action, pair, sizeof pair);
    qsort(first, (size_t)n, sizeof *first, by_origin);
    sum_hint(list, first, n, hint);
    return sx_diag_report(list->rd->diags, place_of(list, &first[n - 1], "p"), "E125", hint,
                          "the probabilities of %s sum to %.12g, not 1", pair, sum);
}

/* How many steps from first [most] on are of the same pair. */
static int64_t pair_size(const sx_i_step *first, int64_t most)
{
    int64_t n = 1;
    while (n < most && first[n].state == first->state && first[n].action == first->action)
        n++;
    return n;
}

/* Check all pairs; acts [S] marks states with an action.  A pair that is not sound becomes a
 * loop, so that there is a world to go on with; a line with * is reported once. */
static sx_status check_pairs(sx_i_steps *list, unsigned char *acts)
{
    sx_status st = SX_OK;
    int64_t kept = 0, reported = -1, n = 0;
    for (int64_t i = 0; i < list->count && !sx_i_stops(st); i += n) {
        sx_i_step *first = &list->step[i];
        n = pair_size(first, list->count - i);
        bool sound = false;
        int64_t before = sx_diags_errors(list->rd->diags), last = first[n - 1].origin;
        if (last != reported)
            st = sx_i_worse(st, check_pair(list, first, n, &sound));
        if (sx_diags_errors(list->rd->diags) > before)
            reported = last;
        acts[first->state] = 1;
        if (!sound)
            *first = (sx_i_step){first->state, first->action, first->state, .prob = 1};
        int64_t keep = sound ? n : 1;
        memmove(&list->step[kept], first, (size_t)keep * sizeof *first);
        kept += keep;
    }
    list->count = kept;
    return st;
}

static sx_status check_actions(sx_i_steps *list, const unsigned char *acts)
{
    const sx_world *w = list->rd->spec->world;
    sx_status st = SX_OK;
    int64_t without = 0;
    int32_t first = -1;
    for (int32_t s = 0; s < sx_names_count(w->states); s++)
        if (!acts[s] && !list->absorbing[s]) {
            without++;
            first = first < 0 ? s : first;
        }
    if (!without || list->lost)
        return without ? SX_EINPUT : SX_OK;
    char state[SX_NAME_BUFFER], others[60] = "";
    if (without > 1)
        snprintf(others, sizeof others, " (nor have %ld more)", (long)without - 1);
    st = sx_diag_report(list->rd->diags, list->place(list->context, -1 - first, "from"), "E126",
                        "give it a transition, or absorbing=\"true\"",
                        "the state %.60s has no action%s",
                        sx_names_get(w->states, first, state), others);
    return st;
}

/* --- building ------------------------------------------------------------------------- */

/* The triples of the list, and loops for absorbing states and those without action. */
static sx_status make_triples(const sx_i_steps *list, const unsigned char *acts,
                              sx_triple **out, int64_t *count)
{
    const sx_world *w = list->rd->spec->world;
    int32_t states = sx_names_count(w->states), actions = sx_names_count(w->actions);
    int64_t n = list->count;
    for (int32_t s = 0; s < states; s++)
        n += list->absorbing[s] ? actions : !acts[s];
    sx_triple *t = *out = sx_alloc((size_t)n, sizeof *t);
    if (!t)
        return sx_nomem(list->rd->err);
    for (int64_t i = 0; i < list->count; i++) {
        const sx_i_step *step = &list->step[i];
        *t++ = (sx_triple){step->state, step->action, step->next, step->prob};
    }
    for (int32_t s = 0; s < states; s++) {
        int32_t loops = list->absorbing[s] ? actions : !acts[s];
        for (int32_t a = 0; a < loops; a++)
            *t++ = (sx_triple){s, a, s, 1};
    }
    *count = n;
    return SX_OK;
}

sx_status sx_i_steps_build(sx_i_steps *list)
{
    sx_world *w = list->rd->spec->world;
    int32_t states = sx_names_count(w->states), actions = sx_names_count(w->actions);
    unsigned char *acts = sx_alloc((size_t)states, 1);
    if (!acts)
        return sx_nomem(list->rd->err);
    sort(list);
    sx_status st = check_pairs(list, acts);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, check_actions(list, acts));
    sx_triple *triple = NULL;
    int64_t n = 0;
    sx_status build = sx_i_stops(st) ? st : make_triples(list, acts, &triple, &n);
    if (!build)
        build = sx_mdp_from_triples(states, actions, triple, n, &w->mdp, list->rd->err);
    if (!build) {
        memcpy(w->mdp->absorbing, list->absorbing, (size_t)states);
        sx_mdp_normalise(w->mdp);
    }
    sx_release(triple);
    sx_release(acts);
    return build ? build : st;
}
