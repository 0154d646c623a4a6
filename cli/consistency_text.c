/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_text.c - edits and rewards for people. */
#include "cli/verb_consistency.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is shown as nothing. */
static const double ROUNDING = 1e-12;

static void head(sx_table *t, const char *const *name)
{
    for (int32_t i = 0; i < t->columns; i++)
        sx_table_cell(t, name[i]);
}

static void finish(sx_cli *c, sx_table *t)
{
    sx_table_write(t, &c->text);
    c->text.failed |= t->failed;
    sx_table_clear(t);
}

static const sx_edit *edit_of(const sx_cli *c, const sx_edit_world *w)
{
    return &c->spec->edit[w->edit];
}

/* "move-goal" or "wet@0.5" */
static void name_of(const sx_cli *c, const sx_edit_world *w, char *text, size_t size)
{
    const sx_edit *e = edit_of(c, w);
    snprintf(text, size, "%.80s%s%.40s", e->id, w->step < 0 ? "" : "@",
             w->step < 0 ? "" : e->step_text[w->step]);
}

/* --- the table of numbers --- */

/* What rounding leaves of 0 is shown as 0. */
static void number(sx_table *t, double x)
{
    sx_table_number(t, fabs(x) <= ROUNDING ? 0 : x);
}

static const char *kind_of(const sx_cli *c, const sx_edit_world *w)
{
    if (w->kind == SX_EDIT_ANY)
        return w->either ? "either" : "-";
    if (edit_of(c, w)->kind == SX_EDIT_ANY)
        return w->kind == SX_EDIT_NEUTRAL ? "(neutral)" : "(causal)";
    return sx_edit_kind_name(w->kind);
}

/* Whether any edit has an expectation. */
static bool expects(const sx_cli *c)
{
    for (int32_t i = 0; i < c->spec->edits; i++)
        if (c->spec->edit[i].expect != SX_EXPECT_NOTHING)
            return true;
    return false;
}

static bool has_steps(const sx_cli *c)
{
    for (int32_t i = 0; i < c->spec->edits; i++)
        if (c->spec->edit[i].steps)
            return true;
    return false;
}

/* One line; what stands in the line before is left out. */
static void text_row(sx_cli *c, sx_table *t, const sx_edit_world *w, int32_t reward, bool first)
{
    const sx_edit_row *row = &w->row[reward];
    const sx_edit *e = edit_of(c, w);
    bool top = w->step <= 0;
    sx_table_cell(t, first && top ? e->id : "");
    sx_table_cell(t, top ? c->spec->reward[reward].id : "");
    if (has_steps(c))
        sx_table_cell(t, w->step < 0 ? "" : e->step_text[w->step]);
    sx_table_cell(t, kind_of(c, w));
    number(t, row->x.invariance_error.value);
    number(t, row->x.distance_to_true.value);
    number(t, row->x.agreement.value);
    number(t, row->x.regret.value);
    if (expects(c))
        sx_table_number(t, row->expected.satisfied.value);
}

/* The worlds from .. to-1 of one edit: a reward's steps stand below each other. */
static void text_edit(sx_cli *c, const sx_consistency_answer *a, sx_table *t, int32_t from,
                      int32_t to)
{
    for (int32_t r = 0; r < c->spec->rewards; r++)
        for (int32_t i = from; i < to; i++)
            text_row(c, t, &a->world[i], r, r == 0);
}

static void text_numbers(sx_cli *c, const sx_consistency_answer *a)
{
    static const char *const names[] = {"edit",      "reward",           "step",
                                        "kind",      "invariance error", "to true",
                                        "agreement", "regret",           "satisfied"};
    bool steps = has_steps(c), satisfied = expects(c);
    sx_table t = {.columns = 7 + steps + satisfied, .align = steps ? "llrlrrrrr" : "lllrrrrr"};
    for (int i = 0; i < 9; i++)
        if ((i != 2 || steps) && (i != 8 || satisfied))
            sx_table_cell(&t, names[i]);
    for (int32_t from = 0, to = 0; from < a->count; from = to) {
        while (to < a->count && a->world[to].edit == a->world[from].edit)
            to++;
        text_edit(c, a, &t, from, to);
    }
    finish(c, &t);
}

/* --- why there is no number --- */

static void text_reason(sx_cli *c, const char *where, const char *which, const char *reason,
                        bool *any)
{
    if (!reason || !strcmp(reason, SX_NO_TRUTH_REASON)) /* which the head says */
        return;
    if (!*any)
        sx_text_put(&c->text, "\nWhere there is no number:\n");
    *any = true;
    sx_text_format(&c->text, "  %s, %s: %s\n", where, which, reason);
}

enum { NUMBERS = 5 };

/* Why the numbers of a row are missing; NULL for those that are there. */
static void reasons_of(const sx_edit_row *row, const char *reason[NUMBERS])
{
    reason[0] = row->x.invariance_error.reason;
    reason[1] = row->x.distance_to_true.reason;
    reason[2] = row->x.agreement.reason;
    reason[3] = row->x.regret.reason;
    reason[4] = row->expected.satisfied.reason;
}

/* The reasons of a row, one that several numbers share once. */
static void text_row_reasons(sx_cli *c, const char *where, const char *reason[NUMBERS],
                             bool *any)
{
    static const char *const which[NUMBERS] = {"invariance error", "to true", "agreement",
                                               "regret", "satisfied"};
    for (int i = 0; i < NUMBERS; i++) {
        char names[128];
        size_t used = (size_t)snprintf(names, sizeof names, "%s", which[i]);
        for (int k = i + 1; reason[i] && k < NUMBERS; k++)
            if (reason[k] && !strcmp(reason[k], reason[i])) {
                used += (size_t)snprintf(names + used, sizeof names - used, ", %s", which[k]);
                reason[k] = NULL;
            }
        text_reason(c, where, names, reason[i], any);
    }
}

/* Leave in common what the row lacks for the same reason. */
static void meet(const char *common[NUMBERS], const sx_edit_row *row)
{
    const char *reason[NUMBERS];
    reasons_of(row, reason);
    for (int i = 0; i < NUMBERS; i++)
        if (!reason[i] || !common[i] || strcmp(reason[i], common[i]) != 0)
            common[i] = NULL;
}

/* What all rewards lack, then what single ones do. */
static void text_world_reasons(sx_cli *c, const char *name, const sx_edit_world *w, bool *any)
{
    char where[256];
    int32_t n = c->spec->rewards;
    const char *common[NUMBERS], *reason[NUMBERS], *shared[NUMBERS];
    text_reason(c, name, "kind not verified", w->reason, any);
    reasons_of(&w->row[0], common);
    for (int32_t r = 1; r < n; r++)
        meet(common, &w->row[r]);
    memcpy(shared, common, sizeof shared);
    snprintf(where, sizeof where, "%s, every reward", name);
    text_row_reasons(c, where, common, any);
    for (int32_t r = 0; r < n; r++) {
        reasons_of(&w->row[r], reason);
        for (int i = 0; i < NUMBERS; i++)
            reason[i] = shared[i] ? NULL : reason[i];
        snprintf(where, sizeof where, "%s, %.80s", name, c->spec->reward[r].id);
        text_row_reasons(c, where, reason, any);
    }
}

static void text_reasons(sx_cli *c, const sx_consistency_answer *a)
{
    bool any = false;
    for (int32_t i = 0; i < a->count; i++) {
        char name[128];
        name_of(c, &a->world[i], name, sizeof name);
        text_world_reasons(c, name, &a->world[i], &any);
    }
}

/* --- expectations --- */

/* "12 triples (s,a,s')": what an expectation looks at. */
static void places(const sx_edit *e, int64_t count, char *text, size_t size)
{
    const char *s = count == 1 ? "" : "s";
    switch (e->expect) {
    case SX_EXPECT_INVARIANT: snprintf(text, size, "%" PRId64 " pair%s (s,a)", count, s); break;
    case SX_EXPECT_FLIPS_BEST:
    case SX_EXPECT_TRANSPORTS: snprintf(text, size, "%" PRId64 " state%s", count, s); break;
    default: snprintf(text, size, "%" PRId64 " triple%s (s,a,s')", count, s); break;
    }
}

static void expectation(const sx_edit *e, char *text, size_t size)
{
    char level[32];
    sx_human_number(e->level, level);
    if (e->expect == SX_EXPECT_TRANSPORTS)
        snprintf(text, size, "transports %.60s to %.60s", e->transports[0], e->transports[1]);
    else if (e->expect == SX_EXPECT_LEVEL)
        snprintf(text, size, "level %s", level);
    else
        snprintf(text, size, "%s", sx_expect_name(e->expect));
}

/* " ahead by 0.5": of the action that should not be best. */
static void lead(double ahead, char *text, size_t size)
{
    char number[32];
    sx_human_number(fabs(ahead), number);
    if (fabs(ahead) <= ROUNDING)
        snprintf(text, size, " tied");
    else if (!isnan(ahead))
        snprintf(text, size, " %s by %s", ahead < 0 ? "behind" : "ahead", number);
}

/* ": 0.5 -> 0.7" */
static void change(double was, double is, char *text, size_t size)
{
    char old[32], new[32];
    sx_human_number(was, old);
    sx_human_number(is, new);
    snprintf(text, size, ": %s%s%s", isnan(was) ? "" : old, isnan(was) ? "" : " -> ", new);
}

/* "r1c2, up, r0c2: 0.5 -> 0.7" */
static void worst(const sx_edit *e, const sx_edit_row *row, char *text, size_t size)
{
    const sx_expected *x = &row->expected;
    text[0] = '\0';
    if (!row->state || x->satisfied.value >= 1)
        return;
    int used = snprintf(text, size, "%.60s, %.60s%s%.60s", row->state, row->action,
                        row->next ? ", " : "", row->next ? row->next : "");
    if (e->expect == SX_EXPECT_FLIPS_BEST || e->expect == SX_EXPECT_TRANSPORTS)
        lead(x->is, text + used, size - (size_t)used);
    else
        change(x->was, x->is, text + used, size - (size_t)used);
}

static void text_expected(sx_cli *c, sx_table *t, const sx_edit_world *w, int32_t reward)
{
    const sx_edit *e = edit_of(c, w);
    const sx_edit_row *row = &w->row[reward];
    char name[128], text[320], of[64];
    if (e->expect == SX_EXPECT_NOTHING)
        return;
    name_of(c, w, name, sizeof name);
    sx_table_cell(t, reward ? "" : name);
    expectation(e, text, sizeof text);
    sx_table_cell(t, reward ? "" : text);
    sx_table_cell(t, c->spec->reward[reward].id);
    sx_table_number(t, row->expected.satisfied.value);
    places(e, row->expected.count, of, sizeof of);
    sx_table_cell(t, of);
    worst(e, row, text, sizeof text);
    sx_table_cell(t, text);
}

static void text_expectations(sx_cli *c, const sx_consistency_answer *a)
{
    static const char *const names[] = {"edit",      "expected", "reward",
                                        "satisfied", "of",       "worst case"};
    sx_table t = {.columns = 6, .align = "lllrll"};
    if (!expects(c))
        return;
    sx_text_put(&c->text, "\nExpectations: the share that is satisfied, and where least\n");
    head(&t, names);
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t r = 0; r < c->spec->rewards; r++)
            text_expected(c, &t, &a->world[i], r);
    finish(c, &t);
}

/* --- what has no counterpart --- */

static void text_names(sx_cli *c, const char *where, const char *what, const sx_edit_names *n)
{
    sx_text *t = &c->text;
    if (!n->count)
        return;
    sx_text_format(t, "  %s: %" PRId32 " %s%s: ", where, n->count, what,
                   n->count == 1 ? "" : "s");
    for (int32_t i = 0; i < n->shown; i++)
        sx_text_format(t, "%s%s", i ? ", " : "", n->name[i]);
    sx_text_put(t, n->count > n->shown ? ", ...\n" : "\n");
}

static bool has_unmatched(const sx_edit_world *w)
{
    return w->lost_states.count || w->lost_actions.count || w->new_states.count ||
           w->new_actions.count || w->new_pairs;
}

static void text_unmatched(sx_cli *c, const sx_consistency_answer *a)
{
    bool any = false;
    for (int32_t i = 0; i < a->count; i++) {
        const sx_edit_world *w = &a->world[i];
        char name[128];
        if (!has_unmatched(w))
            continue;
        if (!any)
            sx_text_put(&c->text, "\nWithout counterpart by name:\n");
        any = true;
        name_of(c, w, name, sizeof name);
        text_names(c, name, "removed state", &w->lost_states);
        text_names(c, name, "removed action", &w->lost_actions);
        text_names(c, name, "new state", &w->new_states);
        text_names(c, name, "new action", &w->new_actions);
        if (w->new_pairs && !w->new_states.count && !w->new_actions.count)
            sx_text_format(&c->text, "  %s: %" PRId32 " actions that are newly available\n",
                           name, w->new_pairs);
    }
}

/* --- all edits together --- */

static void text_rate(sx_table *t, sx_edit_rate x)
{
    char of[32];
    sx_table_number(t, x.share);
    snprintf(of, sizeof of, "%" PRId64, x.count);
    sx_table_cell(t, x.count ? of : "");
}

static void text_summary(sx_cli *c, const sx_consistency_answer *a)
{
    static const char *const names[] = {"reward", "sensitivity", "of pairs", "invariance",
                                        "of pairs"};
    sx_table t = {.columns = 5, .align = "lrrrr"};
    sx_text_put(&c->text,
                "\nSensitivity: under causal edits, of the touched pairs (s,a) where the true "
                "reward moves, on\nhow many the reward moves the same way. Invariance: under "
                "neutral ones, of all pairs, on how\nmany its advantage stays.\n");
    head(&t, names);
    for (int32_t i = 0; i < c->spec->rewards; i++) {
        sx_table_cell(&t, c->spec->reward[i].id);
        text_rate(&t, sx_edit_sensitivity(a, i));
        text_rate(&t, sx_edit_invariance(a, i));
    }
    finish(c, &t);
}

void sx_consistency_text(sx_cli *c, const sx_consistency_answer *a)
{
    sx_text *t = &c->text;
    char measure[128];
    bool known = a->truth != SX_NO_TRUTH;
    sx_text_format(t, "%s: do the rewards follow what the edits change\n", sx_cli_title(c));
    sx_cli_sizes(c, a->unreachable);
    sx_cli_measure_text(&a->measure, measure, sizeof measure);
    sx_text_format(t,
                   "True reward: %s. Everything is compared in the edited world, old values by "
                   "name.\n%s.\n",
                   known ? c->spec->reward[a->truth].id : "none", measure);
    sx_text_put(t, "Invariance error: from the reward with its old values to the reward as the "
                   "edit makes it.\n");
    sx_text_put(t, known ? "To true: from that to the edited true reward. Agreement: of "
                           "policies ordered alike.\nRegret: of its worst optimal policy, as a "
                           "share of the true range. A kind in brackets\nwas found, the others "
                           "are verified.\n\n"
                         : "To true, agreement and regret need a true reward. Kinds are "
                           "not verified.\n\n");
    text_numbers(c, a);
    text_expectations(c, a);
    text_reasons(c, a);
    text_unmatched(c, a);
    text_summary(c, a);
    if (c->answer == SX_EXIT_UNCERTIFIED)
        sx_text_put(t, "\nNOT all certified within the tolerance\n");
}
