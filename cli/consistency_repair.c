/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_repair.c - consistency --repair: from the edited worlds to the answer. */
#include "cli/consistency_repair.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "mdp/file.h"
#include "cli/certificate.h"
#include "mdp/xml.h"

static void job_clear(sx_repair_job *j)
{
    for (int32_t i = 0; j->world && i < j->count; i++) {
        sx_repair_world *w = &j->world[i];
        sx_release(w->name);
        sx_match_free(w->match);
        sx_match_free(w->moved);
        sx_touched_free(w->touched);
        sx_spec_free(w->spec);
    }
    sx_release(j->world);
    sx_release(j->edit);
    sx_repair_free(j->repair);
}

/* --- what is asked for --- */

static bool ends_in(const char *path, const char *suffix)
{
    size_t n = strlen(path), k = strlen(suffix);
    return n > k && !strcmp(path + n - k, suffix);
}

static sx_status list_rewards(sx_repair_job *j, sx_error *err)
{
    char names[320] = "";
    size_t used = 0;
    const sx_spec *spec = j->c->spec;
    for (int32_t i = 0; i < spec->rewards && used + 90 < sizeof names; i++)
        if (i != j->truth)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%.80s",
                                     used ? ", " : "", spec->reward[i].id);
    if (!used)
        return sx_cli_fail(j->c, "E450", err,
                           "there is no reward to repair but the true one; --reward %.80s "
                           "repairs that",
                           spec->reward[j->truth].id);
    return sx_cli_fail(j->c, "E450", err,
                       "which reward is to be repaired: --reward takes one of %s", names);
}

/* NULL where there is none. */
static const char *truth_id(const sx_repair_job *j)
{
    return j->truth == SX_NO_TRUTH ? NULL : j->c->spec->reward[j->truth].id;
}

/* Without a demand there would be nothing to repair. */
static sx_status check_demands(const sx_repair_job *j, sx_error *err)
{
    const sx_spec *spec = j->c->spec;
    for (int32_t i = 0; i < spec->edits; i++)
        if (spec->edit[i].expect != SX_EXPECT_NOTHING)
            return SX_OK;
    return sx_cli_fail(
        j->c, "E454", err,
        "no edit of %.200s says what it expects of a reward: there is nothing to "
        "repair",
        sx_cli_path(j->c));
}

/* --reward, or the only one that is not the true one. */
static sx_status choose_reward(sx_repair_job *j, sx_error *err)
{
    const char *id = j->c->o.text[SX_OPT_REWARD];
    sx_status st = check_demands(j, err);
    if (st)
        return st;
    if (id)
        return sx_cli_reward(j->c, "--reward", id, &j->reward, err);
    if (j->c->spec->rewards != (truth_id(j) ? 2 : 1))
        return list_rewards(j, err);
    j->reward = truth_id(j) ? 1 - j->truth : 0;
    return SX_OK;
}

/* A file that names others by relative paths stays in its folder. */
static sx_status check_folder(const sx_repair_job *j, sx_error *err)
{
    const char *path = j->c->o.text[SX_OPT_REPAIR], *from = sx_cli_path(j->c);
    size_t a = (size_t)(sx_path_name(path) - path), b = (size_t)(sx_path_name(from) - from);
    if (j->c->spec->inputs < 2 || !ends_in(path, ".xml") || (a == b && !strncmp(path, from, a)))
        return SX_OK;
    return sx_cli_fail(j->c, "E452", err,
                       "%.160s names other files: its repair must be written into the same "
                       "folder, not to %.160s",
                       from, path);
}

sx_status sx_cli_repair_options(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_REPAIR], *norm = c->o.text[SX_OPT_NORM];
    if (!path && c->o.given[SX_OPT_MARGIN])
        return sx_cli_fail(c, "E506", err,
                           "--margin is about what --repair FILE writes: give both");
    if (path && c->o.given[SX_OPT_NORM] && strcmp(norm, "l1") != 0 && strcmp(norm, "linf") != 0)
        return sx_cli_fail(c, "E451", err, "--repair has the norms l1 and linf, not %s", norm);
    if (path && !ends_in(path, ".xml") && !ends_in(path, ".npy"))
        return sx_cli_fail(c, "E452", err, "--repair %.200s: the suffix must be .xml or .npy",
                           path);
    return SX_OK;
}

/* --- edited worlds --- */

static sx_status list_worlds(sx_repair_job *j, sx_error *err)
{
    size_t count = 0;
    const sx_spec *spec = j->c->spec;
    for (int32_t i = 0; i < spec->edits; i++)
        count += (size_t)(spec->edit[i].steps ? spec->edit[i].steps : 1);
    j->world = sx_alloc(count, sizeof *j->world);
    j->edit = sx_alloc(count, sizeof *j->edit);
    if (!j->world || !j->edit)
        return sx_nomem(err);
    for (int32_t i = 0; i < spec->edits; i++) {
        int32_t steps = spec->edit[i].steps;
        for (int32_t step = steps ? 0 : -1; step < steps; step++)
            j->world[j->count++] = (sx_repair_world){.edit = i, .step = step};
    }
    return SX_OK;
}

/* NULL where there is none, or no id. */
static const sx_reward *edited_reward(const sx_spec *edited, const char *id)
{
    int32_t i = id ? sx_spec_reward(edited, id) : -1;
    return i < 0 ? NULL : edited->reward[i].reward;
}

/* What the edit touches, by the true reward. */
static sx_status touch(const sx_repair_job *j, sx_repair_world *w, double tolerance,
                       sx_error *err)
{
    const sx_spec *spec = j->c->spec;
    sx_reward *carried = NULL;
    sx_versions truth = {0};
    sx_status st = SX_OK;
    if (truth_id(j))
        st = sx_reward_carry(w->match, spec->world->mdp, spec->reward[j->truth].reward,
                             w->spec->world->mdp, &carried, &truth.reason, err);
    truth.carried = carried;
    truth.edited = edited_reward(w->spec, truth_id(j));
    if (!st && truth_id(j) && !truth.edited)
        st = sx_fail(err, SX_EINPUT, "edit %.80s removes the true reward", w->name);
    if (!st)
        st = sx_touched_find(spec->world, w->spec->world, w->match, &truth, tolerance,
                             &w->touched, err);
    sx_reward_free(carried);
    return st;
}

/* Where the values come from under an edit that only permutes. */
static sx_status find_moved(const sx_repair_job *j, sx_repair_world *w, sx_error *err)
{
    const sx_mdp *m = j->c->spec->world->mdp;
    int32_t *state = sx_alloc((size_t)m->states, sizeof *state);
    int32_t *action = sx_alloc((size_t)m->actions, sizeof *action);
    sx_status st = state && action ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_spec_permutation(j->c->spec, w->edit, w->step, state, action, j->c->diags, err);
    if (!st)
        st = sx_match_maps(m, w->spec->world->mdp, state, action, &w->moved, err);
    sx_release(state);
    sx_release(action);
    return st;
}

static void describe(const sx_repair_job *j, const sx_repair_world *w, sx_repair_edit *to)
{
    const sx_edit *e = &j->c->spec->edit[w->edit];
    const sx_world *world = w->spec->world;
    *to = (sx_repair_edit){.expect = e->expect,
                           .level = e->level,
                           .transports = {-1, -1},
                           .m = world->mdp,
                           .match = w->match,
                           .moved = w->moved,
                           .edited = edited_reward(w->spec, j->c->spec->reward[j->reward].id),
                           .truth = edited_reward(w->spec, truth_id(j)),
                           .touched = w->touched};
    for (int i = 0; i < 2 && e->expect == SX_EXPECT_TRANSPORTS; i++)
        to->transports[i] = sx_names_find(world->actions, e->transports[i]);
}

static sx_status prepare(const sx_repair_job *j, int32_t i, sx_error *err)
{
    sx_repair_world *w = &j->world[i];
    const sx_spec *spec = j->c->spec;
    w->name = sx_spec_edit_name(spec, w->edit, w->step);
    sx_status st = w->name ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_spec_edited(spec, w->edit, w->step, j->c->diags, &w->spec, err);
    if (!st)
        st = sx_match_new(spec->world, w->spec->world, &w->match, err);
    if (!st)
        st = touch(j, w, j->c->o.number[SX_OPT_TOLERANCE], err);
    if (!st && spec->edit[w->edit].permutes)
        st = find_moved(j, w, err);
    if (!st)
        describe(j, w, &j->edit[i]);
    return st;
}

/* Whether an <edit> permutes and does something else, too. */
static bool is_mixed(const sx_node *edit)
{
    int permutes = 0, others = 0;
    for (const sx_node *n = edit->child; n; n = n->next) {
        bool permute = !strcmp(n->name, "permute");
        permutes += permute;
        others += !permute;
    }
    return permutes && others;
}

/* Terms that are written into such an edit would be permuted after they are read. */
static sx_status skip_mixed(const sx_repair_job *j, sx_error *err)
{
    sx_xml *xml = NULL;
    const sx_spec *spec = j->c->spec;
    int32_t e = 0, i = 0;
    sx_status st =
        sx_xml_parse(spec->file, spec->text, spec->text_size, j->c->diags, &xml, err);
    for (const sx_node *n = st ? NULL : sx_xml_root(xml)->child; n; n = n->next) {
        if (strcmp(n->name, "edit") != 0)
            continue;
        for (; i < j->count && j->world[i].edit == e; i++)
            if (is_mixed(n))
                j->edit[i].skip = "it permutes and changes something else at once";
        e++;
    }
    sx_xml_free(xml);
    return st;
}

static sx_status find(sx_repair_job *j, sx_error *err)
{
    const sx_spec *spec = j->c->spec;
    const sx_reward *r = spec->reward[j->reward].reward;
    sx_repair_options o = {.largest = j->largest,
                           .tolerance = j->c->o.number[SX_OPT_TOLERANCE],
                           .truth = truth_id(j) ? spec->reward[j->truth].reward : NULL};
    sx_status st = list_worlds(j, err);
    for (int32_t i = 0; i < j->count && !st; i++)
        st = prepare(j, i, err);
    if (!st)
        st = skip_mixed(j, err);
    if (st)
        return st;
    j->margin = j->c->o.given[SX_OPT_MARGIN] ? j->c->o.number[SX_OPT_MARGIN]
                                             : sx_repair_margin(spec->world->mdp, r);
    o.margin = j->margin;
    sx_progress_phase("repair", 0);
    return sx_repair_find(spec->world->mdp, r, j->edit, j->count, &o, &j->repair, err);
}

/* --- the answer --- */

/* "(s, a, s')" of a demand, in the names of its world. */
static void place_text(const sx_repair_job *j, const sx_repair_place *p, char *text,
                       size_t size)
{
    char s[SX_NAME_BUFFER], a[SX_NAME_BUFFER], next[SX_NAME_BUFFER];
    const sx_world *w = p->before ? j->c->spec->world : j->world[p->edit].spec->world;
    snprintf(text, size, "(%.80s, %.80s%s%.80s)", sx_names_get(w->states, p->state, s),
             sx_names_get(w->actions, p->action, a), p->next < 0 ? "" : ", ",
             p->next < 0 ? "" : sx_names_get(w->states, p->next, next));
}

static void put_clash(const sx_repair_job *j, sx_value *v)
{
    char text[300];
    sx_report *r = &j->c->report;
    sx_value *list = sx_put_list(r, v, "clash");
    for (int i = 0; i < 2; i++) {
        const sx_repair_place *p = &j->repair->clash[i];
        if (p->edit < 0)
            continue;
        sx_value *at = sx_put_object(r, list, NULL);
        place_text(j, p, text, sizeof text);
        sx_put_text(r, at, "edit", j->world[p->edit].name);
        sx_put_text(r, at, "demand", text);
        sx_put_bool(r, at, "before", p->before);
    }
}

static void put_edits(const sx_repair_job *j, sx_value *v)
{
    sx_report *r = &j->c->report;
    const sx_repair *x = j->repair;
    sx_value *edits = sx_put_list(r, v, "edits");
    bool known = x->possible && !x->reason;
    for (int32_t i = 0; i < j->count; i++) {
        sx_value *e = sx_put_object(r, edits, NULL);
        sx_put_text(r, e, "edit", j->world[i].name);
        sx_put_whole(r, e, "demands", x->demands[i]);
        sx_put_number(r, e, "price", known && !x->left_out[i] ? x->price[i] : (double)NAN);
        if (x->left_out[i])
            sx_put_text(r, e, "reason", x->left_out[i]);
        else
            sx_put_null(r, e, "reason");
    }
    sx_value *conflict = sx_put_list(r, v, "conflict");
    for (int32_t i = 0; i < j->count && !x->reason; i++)
        if (x->conflict[i])
            sx_put_text(r, conflict, NULL, j->world[i].name);
}

static void put_result(const sx_repair_job *j)
{
    sx_report *r = &j->c->report;
    const sx_repair *x = j->repair;
    sx_value *v = sx_put_object(r, r->root, "repair"), *proof;
    bool known = x->possible && !x->reason;
    sx_put_text(r, v, "reward", j->c->spec->reward[j->reward].id);
    sx_put_text(r, v, "norm", j->largest ? "linf" : "l1");
    sx_put_number(r, v, "margin", j->margin);
    sx_put_number(r, v, "distance", known ? x->distance : (double)NAN);
    if (x->reason)
        sx_put_text(r, v, "reason", x->reason);
    else
        sx_put_null(r, v, "reason");
    sx_put_bool(r, v, "guided", x->guided);
    proof = sx_put_object(r, v, "certificate");
    sx_put_number(r, proof, "primal", known ? x->distance : (double)NAN);
    sx_put_number(r, proof, "dual", known ? x->dual : (double)NAN);
    sx_put_number(r, proof, "gap", known ? x->gap : (double)NAN);
    put_edits(j, v);
    put_clash(j, v);
}

static void text_prices(const sx_repair_job *j)
{
    sx_table t = {.columns = 3, .align = "lrr"};
    const sx_repair *x = j->repair;
    char count[32];
    sx_table_cell(&t, "edit");
    sx_table_cell(&t, "demands");
    sx_table_cell(&t, "price");
    for (int32_t i = 0; i < j->count; i++) {
        if (x->left_out[i])
            continue;
        snprintf(count, sizeof count, "%" PRId64, x->demands[i]);
        sx_table_cell(&t, j->world[i].name);
        sx_table_cell(&t, count);
        sx_table_number(&t, x->price[i]);
    }
    sx_table_write(&t, &j->c->text);
    j->c->text.failed |= t.failed;
    sx_table_clear(&t);
}

static void text_conflict(const sx_repair_job *j)
{
    char text[300];
    sx_text *to = &j->c->text;
    const sx_repair *x = j->repair;
    const char *mark = " ";
    sx_text_put(to, "no reward does all of it: in conflict are");
    for (int32_t i = 0; i < j->count; i++) {
        if (!x->conflict[i])
            continue;
        sx_text_format(to, "%s%s", mark, j->world[i].name);
        mark = ", ";
    }
    sx_text_put(to, "\n");
    for (int i = 0; i < 2; i++) {
        const sx_repair_place *p = &x->clash[i];
        if (p->edit < 0)
            continue;
        place_text(j, p, text, sizeof text);
        sx_text_format(to, "  %s (%s): %s%s\n", j->world[p->edit].name,
                       sx_expect_name(j->edit[p->edit].expect), text,
                       p->before ? ", as it was" : "");
    }
}

static void text_left_out(const sx_repair_job *j)
{
    for (int32_t i = 0; i < j->count; i++)
        if (j->repair->left_out[i])
            sx_text_format(&j->c->text, "left out: %s: %s\n", j->world[i].name,
                           j->repair->left_out[i]);
}

static void text_distance(const sx_repair_job *j)
{
    char distance[32], gap[32];
    const sx_repair *x = j->repair;
    sx_human_number(x->distance, distance);
    sx_human_number(fabs(x->gap), gap);
    if (x->certified)
        sx_text_format(&j->c->text, "distance %s, proved: no nearer reward does it\n",
                       distance);
    else
        sx_text_format(&j->c->text, "distance %s, not proved: a nearer one may be %s nearer\n",
                       distance, gap);
}

static void text_result(const sx_repair_job *j)
{
    char number[32];
    sx_text *to = &j->c->text;
    const sx_repair *x = j->repair;
    sx_human_number(j->margin, number);
    sx_text_format(to, "\nRepair of %s, %s, margin %s\n", j->c->spec->reward[j->reward].id,
                   j->largest ? "linf: the largest change" : "l1: the sum of all changes",
                   number);
    if (x->guided)
        sx_text_put(to,
                    "best actions are those of the true reward: with its own it contradicts "
                    "itself\n");
    if (x->reason)
        sx_text_format(to, "-: %s\n", x->reason);
    else if (!x->possible)
        text_conflict(j);
    else {
        text_distance(j);
        text_prices(j);
    }
    text_left_out(j);
}

static sx_status write_files(const sx_repair_job *j, sx_error *err)
{
    const char *path = j->c->o.text[SX_OPT_REPAIR];
    sx_outputs *o = NULL;
    sx_status st = ends_in(path, ".npy") ? sx_repair_npy(j, path, &o, err)
                                         : sx_repair_xml(j, path, &o, err);
    if (!st)
        st = sx_cli_write_all(j->c, path, o, err);
    if (!st)
        sx_text_format(&j->c->text, "written to %s\n", path);
    sx_outputs_free(o);
    return st;
}

/* What the exit status says: no reward does it; or the answer is not proved. */
static void judge(const sx_repair_job *j)
{
    const sx_repair *x = j->repair;
    if (!x->reason && !x->possible)
        j->c->answer = SX_EXIT_NO;
    if (!x->reason && x->possible && !x->certified)
        j->c->answer = SX_EXIT_UNCERTIFIED;
}

sx_status sx_cli_consistency_repair(sx_cli *c, int32_t truth, sx_error *err)
{
    sx_repair_job j = {.c = c, .truth = truth};
    if (!c->o.given[SX_OPT_REPAIR])
        return SX_OK;
    j.largest = c->o.given[SX_OPT_NORM] && !strcmp(c->o.text[SX_OPT_NORM], "linf");
    sx_status st = choose_reward(&j, err);
    if (!st)
        st = check_folder(&j, err);
    if (!st)
        st = find(&j, err);
    if (!st) {
        put_result(&j);
        text_result(&j);
        judge(&j);
        if (!j.repair->reason && j.repair->possible)
            st = write_files(&j, err);
    }
    job_clear(&j);
    return st;
}
