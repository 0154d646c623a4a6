/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_put.c - edits and rewards as JSON and CSV.
 *
 * JSON has one entry an edited world with its rewards as a list; CSV has one row an edited
 * world and reward. */
#include "cli/verb_consistency.h"

#include <math.h>
#include <string.h>

static void put_text(sx_report *r, sx_value *v, const char *name, const char *text)
{
    if (text)
        sx_put_text(r, v, name, text);
    else
        sx_put_null(r, v, name);
}

static const char *kind_of(const sx_edit_world *w)
{
    return w->kind == SX_EDIT_ANY && w->either ? "either" : sx_edit_kind_name(w->kind);
}

/* --- one reward --- */

/* Every distinct reason of one row, with the name of its number. */
static void put_reasons(sx_report *r, sx_value *v, const sx_edit_row *row)
{
    const struct {
        const char *name;
        const sx_number *number;
    } all[] = {{"invariance_error", &row->x.invariance_error},
               {"distance_to_true", &row->x.distance_to_true},
               {"agreement", &row->x.agreement},
               {"regret", &row->x.regret},
               {"satisfied", &row->expected.satisfied}};
    sx_text t = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].number->reason)
            sx_text_format(&t, "%s%s: %s", t.size ? "; " : "", all[i].name,
                           all[i].number->reason);
    r->failed |= t.failed;
    put_text(r, v, "reason", t.failed ? NULL : t.bytes);
    sx_text_clear(&t);
}

static void put_number(sx_report *r, sx_value *v, const char *name, const sx_number *x)
{
    sx_put_number(r, v, name, x->reason ? (double)NAN : x->value);
}

static void put_worst(sx_report *r, sx_value *v, const sx_edit_row *row)
{
    const sx_expected *e = &row->expected;
    bool any = row->state != NULL;
    v = sx_put_object(r, v, "worst");
    put_text(r, v, "state", row->state);
    put_text(r, v, "action", row->action);
    put_text(r, v, "next", row->next);
    sx_put_number(r, v, "was", any ? e->was : (double)NAN);
    sx_put_number(r, v, "is", any ? e->is : (double)NAN);
}

static void put_row(sx_report *r, sx_value *v, const char *reward, const sx_edit_row *row)
{
    sx_put_text(r, v, "reward", reward);
    put_number(r, v, "invariance_error", &row->x.invariance_error);
    put_number(r, v, "distance_to_true", &row->x.distance_to_true);
    put_number(r, v, "agreement", &row->x.agreement);
    put_number(r, v, "regret", &row->x.regret);
    put_number(r, v, "satisfied", &row->expected.satisfied);
    sx_put_whole(r, v, "looked_at", row->expected.count);
    put_worst(r, v, row);
    put_reasons(r, v, row);
}

/* --- one edited world --- */

static void put_edit(sx_cli *c, sx_value *v, const sx_edit_world *w)
{
    sx_report *r = &c->report;
    const sx_edit *e = &c->spec->edit[w->edit];
    sx_put_text(r, v, "edit", e->id);
    sx_put_number(r, v, "step", w->step < 0 ? (double)NAN : e->step[w->step]);
    put_text(r, v, "kind", kind_of(w));
    put_text(r, v, "declared", sx_edit_kind_name(e->kind));
    put_text(r, v, "expect", sx_expect_name(e->expect));
}

static void put_names(sx_report *r, sx_value *v, const char *name, const sx_edit_names *n)
{
    v = sx_put_object(r, v, name);
    sx_put_whole(r, v, "count", n->count);
    sx_value *list = sx_put_list(r, v, "first");
    for (int32_t i = 0; i < n->shown; i++)
        sx_put_text(r, list, NULL, n->name[i]);
}

static void put_world(sx_cli *c, sx_value *list, const sx_edit_world *w)
{
    static const char *const by[] = {"world", "true", "all"}; /* order of sx_touch */
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, list, NULL), *part;
    put_edit(c, v, w);
    part = sx_put_object(r, v, "order");
    if (w->reason)
        sx_put_null(r, part, "changes");
    else
        sx_put_bool(r, part, "changes", w->changes);
    sx_put_range(r, part, "worst_case", w->worst_case[0], w->worst_case[1]);
    put_text(r, part, "reason", w->reason);
    sx_put_whole(r, v, "states", w->states);
    sx_put_whole(r, v, "unreachable", w->unreachable);
    part = sx_put_object(r, v, "touched");
    sx_put_text(r, part, "by", by[w->by]);
    sx_put_whole(r, part, "triples", w->entries);
    sx_put_whole(r, part, "pairs", w->pairs);
    sx_put_whole(r, part, "states", w->touched_states);
    part = sx_put_object(r, v, "unmatched");
    put_names(r, part, "removed_states", &w->lost_states);
    put_names(r, part, "removed_actions", &w->lost_actions);
    put_names(r, part, "new_states", &w->new_states);
    put_names(r, part, "new_actions", &w->new_actions);
    sx_put_whole(r, part, "new_pairs", w->new_pairs);
    part = sx_put_list(r, v, "rewards");
    for (int32_t i = 0; i < c->spec->rewards && !r->failed; i++)
        put_row(r, sx_put_object(r, part, NULL), c->spec->reward[i].id, &w->row[i]);
}

/* --- all --- */

static void put_rate(sx_report *r, sx_value *v, const char *name, sx_edit_rate x)
{
    v = sx_put_object(r, v, name);
    sx_put_number(r, v, "share", x.share);
    sx_put_whole(r, v, "pairs", x.count);
}

static void put_summary(sx_cli *c, const sx_consistency_answer *a)
{
    sx_report *r = &c->report;
    sx_value *list = sx_put_list(r, r->root, "summary");
    for (int32_t i = 0; i < c->spec->rewards && !r->failed; i++) {
        sx_value *v = sx_put_object(r, list, NULL);
        sx_put_text(r, v, "reward", c->spec->reward[i].id);
        put_rate(r, v, "sensitivity", sx_edit_sensitivity(a, i));
        put_rate(r, v, "invariance", sx_edit_invariance(a, i));
    }
}

static void put_rows(sx_cli *c, const sx_consistency_answer *a)
{
    sx_report *r = &c->report;
    sx_report_own_rows(r);
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t k = 0; k < c->spec->rewards && !r->failed; k++) {
            sx_value *v = sx_put_object(r, r->rows, NULL);
            put_edit(c, v, &a->world[i]);
            put_row(r, v, c->spec->reward[k].id, &a->world[i].row[k]);
        }
}

void sx_consistency_put(sx_cli *c, const sx_consistency_answer *a)
{
    sx_report *r = &c->report;
    put_text(r, r->root, "true", a->truth == SX_NO_TRUTH ? NULL : c->spec->reward[a->truth].id);
    sx_put_number(r, r->root, "discount", c->spec->world->mdp->discount);
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    if ((sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_CSV) {
        put_rows(c, a);
        return;
    }
    sx_value *list = sx_put_list(r, r->root, "edits");
    for (int32_t i = 0; i < a->count && !r->failed; i++)
        put_world(c, list, &a->world[i]);
    put_summary(c, a);
    sx_put_list(r, r->root, "contrast"); /* of scores, which a specification has none of */
}
