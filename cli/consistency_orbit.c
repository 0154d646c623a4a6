/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_orbit.c - how far each reward is from every truth that the symmetries of the
 * world leave as it is, and rewards averaged over them. */
#include "cli/verb_consistency.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/certificate.h"
#include "metrics/orbit.h"

enum { PAGE = 80 };

/* A neutral edit that does nothing but permute, at one step. */
typedef struct candidate {
    int32_t edit, step;
    char *name;
    int32_t *state, *action; /* [S], [A] */
    sx_symmetry_fault fault; /* found: it is left out */
} candidate;

typedef struct answer {
    int32_t count;
    candidate *candidate;    /* [count] */
    int32_t used;            /* those that are symmetries */
    sx_orbits *orbits;       /* NULL where none is */
    sx_inconsistency *value; /* [rewards] */
} answer;

static void answer_clear(answer *a)
{
    for (int32_t i = 0; a->candidate && i < a->count; i++) {
        sx_release(a->candidate[i].name);
        sx_release(a->candidate[i].state);
        sx_release(a->candidate[i].action);
    }
    sx_release(a->candidate);
    sx_orbits_free(a->orbits);
    sx_release(a->value);
}

/* --- the symmetries --- */

static bool is_candidate(const sx_edit *e)
{
    return e->permutes && e->kind == SX_EDIT_NEUTRAL;
}

static int32_t count_candidates(const sx_spec *spec)
{
    int32_t count = 0;
    for (int32_t i = 0; i < spec->edits; i++)
        if (is_candidate(&spec->edit[i]))
            count += spec->edit[i].steps ? spec->edit[i].steps : 1;
    return count;
}

/* The two sides of what went wrong, in the names of the world. */
static void fault_text(const sx_cli *c, const candidate *x, char *text, size_t size)
{
    const sx_world *w = c->spec->world;
    const sx_symmetry_fault *f = &x->fault;
    char from[96], image[96];
    sx_cli_name next, to;
    sx_world_pair_text(w, f->state, f->action, from, sizeof from);
    sx_world_pair_text(w, x->state[f->state], x->action[f->action], image, sizeof image);
    if (f->next < 0)
        snprintf(text, size, "%s is available, and what it becomes, %s, is not", from, image);
    else
        snprintf(text, size,
                 "%s leads to %.60s with probability %.6g, and what it becomes, %s, to %.60s "
                 "with %.6g",
                 from, sx_cli_state(c, f->next, &next), f->prob, image,
                 sx_cli_state(c, x->state[f->next], &to), f->image);
}

/* At the place of the edit, whose line is shown. */
static sx_status warn(sx_cli *c, const candidate *x, sx_error *err)
{
    const sx_spec *spec = c->spec;
    char text[480];
    sx_status st = sx_diags_source(c->diags, spec->file, spec->text, spec->text_size, err);
    fault_text(c, x, text, sizeof text);
    (void)sx_diag_report(c->diags, spec->edit[x->edit].place, "W640",
                         "the orbit bound leaves this edit out; all other numbers count it",
                         "the edit '%.80s' is no symmetry of the world: %s", x->name, text);
    sx_diags_forget(c->diags, spec->file);
    return st;
}

static sx_status take(sx_cli *c, answer *a, int32_t edit, int32_t step, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    candidate *x = &a->candidate[a->count++];
    x->edit = edit;
    x->step = step;
    x->name = sx_spec_edit_name(c->spec, edit, step);
    x->state = sx_alloc((size_t)m->states, sizeof *x->state);
    x->action = sx_alloc((size_t)m->actions, sizeof *x->action);
    sx_status st = x->name && x->state && x->action ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_spec_permutation(c->spec, edit, step, x->state, x->action, c->diags, err);
    if (!st)
        st = sx_symmetry_check(m, &(sx_symmetry){x->state, x->action}, &x->fault, err);
    if (!st && x->fault.found)
        st = warn(c, x, err);
    a->used += !st && !x->fault.found;
    return st;
}

static sx_status find_candidates(sx_cli *c, answer *a, sx_error *err)
{
    const sx_spec *spec = c->spec;
    a->candidate = sx_alloc((size_t)count_candidates(spec), sizeof *a->candidate);
    sx_status st = a->candidate ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < spec->edits; i++) {
        int32_t steps = spec->edit[i].steps;
        for (int32_t k = 0; !st && is_candidate(&spec->edit[i]) && k < (steps ? steps : 1); k++)
            st = take(c, a, i, steps ? k : -1, err);
    }
    return st;
}

static sx_status find_orbits(sx_cli *c, answer *a, sx_error *err)
{
    int32_t n = 0;
    sx_symmetry *g = sx_alloc((size_t)a->used, sizeof *g);
    if (!g)
        return sx_nomem(err);
    for (int32_t i = 0; i < a->count; i++)
        if (!a->candidate[i].fault.found)
            g[n++] = (sx_symmetry){a->candidate[i].state, a->candidate[i].action};
    sx_status st = sx_orbits_new(c->spec->world->mdp, g, n, &a->orbits, err);
    sx_release(g);
    return st;
}

static sx_status find_values(sx_cli *c, answer *a, sx_error *err)
{
    sx_canon_options o = sx_canon_defaults();
    sx_canoniser *canon = NULL;
    a->value = sx_alloc((size_t)c->spec->rewards, sizeof *a->value);
    sx_status st = a->value ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_canoniser_new(c->spec->world->mdp, &o, &canon, err);
    for (int32_t i = 0; !st && i < c->spec->rewards; i++)
        st = sx_orbit_inconsistency(a->orbits, canon, c->spec->reward[i].reward, &a->value[i],
                                    err);
    sx_canoniser_free(canon);
    return st;
}

/* --- JSON --- */

static void put_left_out(sx_cli *c, sx_value *list, const candidate *x)
{
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, list, NULL);
    sx_cli_name n;
    char text[480];
    fault_text(c, x, text, sizeof text);
    sx_put_text(r, v, "edit", x->name);
    sx_put_text(r, v, "state", sx_cli_state(c, x->fault.state, &n));
    sx_put_text(r, v, "action", sx_cli_action(c, x->fault.action, &n));
    sx_put_text(r, v, "reason", text);
}

static void put_symmetry(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    bool csv = (sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_CSV;
    if (!a->count && !csv) /* in CSV it would be a column */
        sx_put_null(r, r->root, "symmetry");
    if (!a->count)
        return;
    sx_value *v = sx_put_object(r, r->root, "symmetry");
    sx_value *used = sx_put_list(r, v, "edits"), *out = sx_put_list(r, v, "left_out");
    for (int32_t i = 0; i < a->count; i++)
        if (a->candidate[i].fault.found)
            put_left_out(c, out, &a->candidate[i]);
        else
            sx_put_text(r, used, NULL, a->candidate[i].name);
    if (!a->orbits)
        return;
    sx_put_whole(r, v, "state_orbits", a->orbits->state_orbits);
    sx_put_whole(r, v, "pair_orbits", a->orbits->pair_orbits);
    sx_put_whole(r, v, "dimension", a->orbits->dimension);
    sx_put_maybe(r, v, "elements", &a->orbits->order);
}

static void put_values(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    sx_value *list = sx_put_list(r, r->root, "orbit");
    for (int32_t i = 0; a->orbits && i < c->spec->rewards; i++) {
        sx_value *v = sx_put_object(r, list, NULL);
        const sx_inconsistency *x = &a->value[i];
        sx_put_text(r, v, "reward", c->spec->reward[i].id);
        sx_put_number(r, v, "inconsistency", x->share.value);
        sx_put_maybe(r, v, "distance_lower_bound", &x->distance);
    }
}

/* --- text --- */

static void text_names(sx_cli *c, const answer *a)
{
    sx_text t = {0};
    const char *between = "Symmetries: ";
    for (int32_t i = 0; i < a->count; i++)
        if (!a->candidate[i].fault.found) {
            sx_text_format(&t, "%s%.80s", between, a->candidate[i].name);
            between = ", ";
        }
    c->text.failed |= t.failed;
    if (t.bytes)
        sx_text_wrap(&c->text, t.bytes, 0, 2, PAGE);
    sx_text_put(&c->text, "\n");
    sx_text_clear(&t);
}

static const char *plural(int32_t n)
{
    return n == 1 ? "" : "s";
}

static void text_sizes(sx_cli *c, const sx_orbits *o)
{
    sx_text *t = &c->text;
    if (o->order.reason)
        sx_text_put(t, "They generate more elements than are counted, with");
    else
        sx_text_format(t, "They generate a group of %.0f element%s, with", o->order.value,
                       plural((int32_t)o->order.value));
    sx_text_format(t, " %" PRId32 " orbit%s of states and %" PRId32 " of pairs.\n",
                   o->state_orbits, plural(o->state_orbits), o->pair_orbits);
}

/* Each reason for a missing number once. */
static void text_reasons(sx_cli *c, const answer *a)
{
    const char *told = NULL;
    for (int32_t i = 0; i < c->spec->rewards; i++) {
        const char *why = a->value[i].distance.reason;
        if (!why || why == told)
            continue;
        sx_text_put(&c->text, told ? "     " : "\n  -: ");
        sx_text_wrap(&c->text, why, 5, 5, PAGE - 10);
        sx_text_put(&c->text, "\n");
        told = why;
    }
}

static void text_values(sx_cli *c, const answer *a)
{
    sx_table t = {.columns = 3, .align = "lrr"};
    if (!a->orbits)
        return;
    sx_text_put(&c->text, "\n");
    text_names(c, a);
    text_sizes(c, a->orbits);
    sx_text_put(&c->text,
                "A truth that they leave as it is, whatever it is, is at least this far "
                "away (val, l2, l2):\n\n");
    sx_table_cell(&t, "reward");
    sx_table_cell(&t, "inconsistency");
    sx_table_cell(&t, "distance at least");
    for (int32_t i = 0; i < c->spec->rewards; i++) {
        sx_table_cell(&t, c->spec->reward[i].id);
        sx_table_number(&t, a->value[i].share.value);
        sx_table_number(&t, a->value[i].distance.value);
    }
    sx_table_write(&t, &c->text);
    c->text.failed |= t.failed;
    sx_table_clear(&t);
    text_reasons(c, a);
}

/* --- averaged rewards --- */

/* "id-average", with a number where that is taken.  Owned by the caller; NULL without memory.
 */
static char *average_id(const sx_spec *spec, const char *id)
{
    sx_text t = {0};
    for (int32_t i = 1; i == 1 || (!t.failed && (sx_spec_reward(spec, t.bytes) >= 0 ||
                                                 sx_spec_group(spec, t.bytes) > 0));
         i++) {
        sx_text_clear(&t);
        sx_text_format(&t, i == 1 ? "%s-average" : "%s-average-%" PRId32, id, i);
    }
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

/* Append the average of reward i to the rewards of spec, which has room. */
static sx_status append(const sx_orbits *o, sx_spec *spec, int32_t i, sx_error *err)
{
    sx_named_reward *x = &spec->reward[spec->rewards];
    *x = (sx_named_reward){0};
    x->id = average_id(spec, spec->reward[i].id);
    sx_status st = x->id ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_orbit_average(o, spec->reward[i].reward, &x->reward, err);
    if (st)
        x->id = sx_release(x->id);
    else
        spec->rewards++;
    return st;
}

/* The specification with averages appended, which alone are its own, goes to --average. */
static sx_status write_average(sx_cli *c, const answer *a, sx_error *err)
{
    const char *id = c->o.text[SX_OPT_REWARD], *path = c->o.text[SX_OPT_AVERAGE];
    int32_t n = c->spec->rewards, first = 0, end = n;
    sx_spec spec = *c->spec;
    sx_status st = SX_OK;
    if (!a->orbits)
        return sx_cli_fail(
            c, "E440", err,
            "--average: no edit of %.120s is neutral, made of <permute> alone and a "
            "symmetry of the world",
            sx_cli_path(c));
    if (id) {
        st = sx_cli_reward(c, "--reward", id, &first, err);
        end = first + 1;
    }
    spec.reward = st ? NULL : sx_alloc(2 * (size_t)n, sizeof *spec.reward);
    if (!spec.reward)
        return st ? st : sx_nomem(err);
    memcpy(spec.reward, c->spec->reward, (size_t)n * sizeof *spec.reward);
    for (int32_t i = first; !st && i < end; i++)
        st = append(a->orbits, &spec, i, err);
    if (!st)
        st = sx_cli_export(c, &spec, path, err);
    for (int32_t i = n; i < spec.rewards; i++) {
        sx_release(spec.reward[i].id);
        sx_reward_free(spec.reward[i].reward);
    }
    sx_release(spec.reward);
    return st;
}

sx_status sx_cli_orbit_options(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_AVERAGE];
    if (c->o.given[SX_OPT_REWARD] && !path && !c->o.given[SX_OPT_REPAIR])
        return sx_cli_fail(
            c, "E506", err,
            "--reward says what --average FILE or --repair FILE writes: give both");
    return path ? sx_cli_form_check(c, "--average", path, err) : SX_OK;
}

sx_status sx_cli_consistency_orbit(sx_cli *c, sx_error *err)
{
    answer a = {0};
    sx_status st = find_candidates(c, &a, err);
    if (!st && a.used)
        st = find_orbits(c, &a, err);
    if (!st && a.orbits)
        st = find_values(c, &a, err);
    if (!st && c->o.text[SX_OPT_AVERAGE])
        st = write_average(c, &a, err);
    if (!st) {
        put_symmetry(c, &a);
        put_values(c, &a);
        text_values(c, &a);
    }
    answer_clear(&a);
    return st;
}
