/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_check.c - check: what is in a specification, and what is odd about it. */
#include "cli/cli.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define NAMED 5 /* states named in a warning */

typedef struct facts {
    int32_t unreachable, absorbing, starts;
    unsigned char *reached; /* [S] */
    double *least, *most;   /* [rewards] over possible triples */
} facts;

static void facts_clear(facts *f)
{
    sx_release(f->reached);
    sx_release(f->least);
    sx_release(f->most);
}

static void find_ranges(const sx_spec *spec, facts *f)
{
    const sx_mdp *m = spec->world->mdp;
    for (int32_t i = 0; i < spec->rewards; i++) {
        const double *on = spec->reward[i].reward->on;
        f->least[i] = f->most[i] = on[0];
        for (int64_t t = 1; t < m->entries; t++) {
            f->least[i] = fmin(f->least[i], on[t]);
            f->most[i] = fmax(f->most[i], on[t]);
        }
    }
}

static sx_status find_facts(const sx_spec *spec, facts *f, sx_error *err)
{
    const sx_mdp *m = spec->world->mdp;
    int32_t count = 0;
    sx_status st;
    f->reached = sx_alloc((size_t)m->states, 1);
    f->least = sx_alloc((size_t)spec->rewards, sizeof *f->least);
    f->most = sx_alloc((size_t)spec->rewards, sizeof *f->most);
    if (!f->reached || !f->least || !f->most)
        return sx_nomem(err);
    st = sx_mdp_reachable(m, f->reached, &count, err);
    f->unreachable = m->states - count;
    for (int32_t s = 0; s < m->states; s++) {
        f->absorbing += m->absorbing[s];
        f->starts += m->initial[s] > 0;
    }
    if (!st)
        find_ranges(spec, f);
    return st;
}

/* --- warnings --- */

static void warn(sx_cli *c, sx_value *list, const char *code, const char *hint,
                 const char *message)
{
    sx_place place = {sx_cli_path(c), 0, 0, 1};
    sx_value *v = sx_put_object(&c->report, list, NULL);
    (void)sx_diag_report(c->diags, place, code, hint, "%s", message);
    sx_put_text(&c->report, v, "code", code);
    sx_put_text(&c->report, v, "message", message);
}

static void warn_unreachable(sx_cli *c, sx_value *list, const facts *f)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_text t = {0};
    sx_cli_name n;
    int32_t shown = 0;
    if (!f->unreachable)
        return;
    sx_text_format(&t, "%" PRId32 " of %" PRId32 " states cannot be reached: ", f->unreachable,
                   m->states);
    for (int32_t s = 0; s < m->states && shown < NAMED; s++)
        if (!f->reached[s])
            sx_text_format(&t, "%s%s", shown++ ? ", " : "", sx_cli_state(c, s, &n));
    if (f->unreachable > shown)
        sx_text_put(&t, ", ...");
    c->text.failed |= t.failed;
    if (t.bytes)
        warn(c, list, "W601", "regrets leave them out, distances count them", t.bytes);
    sx_text_clear(&t);
}

/* The state and pair of entry e. */
static void find_entry(const sx_mdp *m, int64_t e, int32_t *s, int32_t *k)
{
    int32_t lo = 0, hi = m->pairs; /* first[lo] <= e < first[hi] */
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (m->first[mid] <= e)
            lo = mid;
        else
            hi = mid;
    }
    *k = lo;
    lo = 0;
    hi = m->states;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        if (m->pair[mid] <= *k)
            lo = mid;
        else
            hi = mid;
    }
    *s = lo;
}

/* Triples that are reached both directly and through a cell that sends elsewhere. */
static void warn_throughs(sx_cli *c, sx_value *list)
{
    const sx_world *w = c->spec->world;
    char where[96], message[320];
    sx_cli_name n;
    int64_t count = 0;
    for (int64_t i = 0; i < w->throughs; i++) {
        const sx_through *u = &w->through[i];
        int32_t s, k;
        if (!(u->share < 1) || count++)
            continue;
        find_entry(w->mdp, u->entry, &s, &k);
        sx_world_pair_text(w, s, w->mdp->action[k], where, sizeof where);
        snprintf(message, sizeof message,
                 "the step %s to %s happens both directly and through '%.60s': its reward is "
                 "the mean of the two, by probability",
                 where, sx_cli_state(c, w->mdp->next[u->entry], &n), w->label[u->label].name);
    }
    if (!count)
        return;
    if (count > 1)
        snprintf(message + strlen(message), sizeof message - strlen(message),
                 " (and %" PRId64 " more such steps)", count - 1);
    warn(c, list, "W602", "give the cell it sends to a place that is not reached directly",
         message);
}

/* --- the result --- */

static const char *kind_of(const sx_reward *r)
{
    return r->unknown ? "unknown" : r->dense ? "dense" : "sum";
}

static void put_sizes(sx_cli *c, const facts *f)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    sx_put_text(r, r->root, "title", c->spec->title);
    sx_put_number(r, r->root, "discount", m->discount);
    sx_put_whole(r, r->root, "states", m->states);
    sx_put_whole(r, r->root, "actions", m->actions);
    sx_put_whole(r, r->root, "pairs", m->pairs);
    sx_put_whole(r, r->root, "transitions", m->entries);
    sx_put_whole(r, r->root, "absorbing", f->absorbing);
    sx_put_whole(r, r->root, "starts", f->starts);
    sx_put_whole(r, r->root, "unreachable", f->unreachable);
}

static void put_parts(sx_cli *c, const facts *f)
{
    sx_report *r = &c->report;
    const sx_world *w = c->spec->world;
    sx_value *list = sx_put_list(r, r->root, "labels");
    for (int32_t i = 0; i < w->labels; i++) {
        sx_value *v = sx_put_object(r, list, NULL);
        sx_put_text(r, v, "label", w->label[i].name);
        sx_put_whole(r, v, "states", w->label[i].count);
    }
    list = sx_put_list(r, r->root, "variables");
    for (int32_t i = 0; i < w->variables; i++)
        sx_put_text(r, list, NULL, w->variable[i].name);
    sx_put_bool(r, r->root, "base_policy", w->base != NULL);
    r->rows = list = sx_put_list(r, r->root, "rewards");
    for (int32_t i = 0; i < c->spec->rewards; i++) {
        sx_value *v = sx_put_object(r, list, NULL);
        sx_put_text(r, v, "reward", c->spec->reward[i].id);
        sx_put_number(r, v, "least", f->least[i]);
        sx_put_number(r, v, "greatest", f->most[i]);
        sx_put_text(r, v, "impossible", kind_of(c->spec->reward[i].reward));
        if (c->spec->reward[i].group)
            sx_put_text(r, v, "group", c->spec->reward[i].group);
        else
            sx_put_null(r, v, "group");
    }
}

static void text_labels(sx_cli *c)
{
    const sx_world *w = c->spec->world;
    sx_text line = {0};
    for (int32_t i = 0; i < w->labels; i++)
        sx_text_format(&line, "%s%s (%" PRId32 ")", i ? ", " : "", w->label[i].name,
                       w->label[i].count);
    c->text.failed |= line.failed;
    if (line.bytes) {
        sx_text_put(&c->text, "labels     ");
        sx_text_wrap(&c->text, line.bytes, 11, 11, 90);
        sx_text_put(&c->text, "\n");
    }
    sx_text_clear(&line);
}

/* The attributes of states or of pairs. */
static void text_variables(sx_cli *c, bool of_pairs, const char *heading)
{
    const sx_world *w = c->spec->world;
    sx_text line = {0};
    for (int32_t i = 0; i < w->variables; i++)
        if (w->variable[i].of_pairs == of_pairs)
            sx_text_format(&line, "%s%s", line.bytes ? ", " : "", w->variable[i].name);
    c->text.failed |= line.failed;
    if (line.bytes) {
        sx_text_put(&c->text, heading);
        sx_text_wrap(&c->text, line.bytes, 11, 11, 90);
        sx_text_put(&c->text, "\n");
    }
    sx_text_clear(&line);
}

/* Each group where its first reward stands. */
static void text_groups(sx_cli *c)
{
    const sx_spec *spec = c->spec;
    sx_text line = {0};
    for (int32_t i = 0; i < spec->rewards; i++) {
        const char *group = spec->reward[i].group;
        bool seen = !group;
        for (int32_t j = 0; j < i && !seen; j++)
            seen = spec->reward[j].group && strcmp(spec->reward[j].group, group) == 0;
        if (!seen)
            sx_text_format(&line, "%s%s (%" PRId32 ")", line.bytes ? ", " : "", group,
                           sx_spec_group(spec, group));
    }
    c->text.failed |= line.failed;
    if (line.bytes) {
        sx_text_put(&c->text, "groups     ");
        sx_text_wrap(&c->text, line.bytes, 11, 11, 90);
        sx_text_put(&c->text, "\n");
    }
    sx_text_clear(&line);
}

static void text_rewards(sx_cli *c, const facts *f)
{
    sx_table table = {.columns = 4, .align = "lrrl"};
    if (!c->spec->rewards) {
        sx_text_put(&c->text, "no reward\n");
        return;
    }
    sx_table_cell(&table, "reward");
    sx_table_cell(&table, "least");
    sx_table_cell(&table, "greatest");
    sx_table_cell(&table, "(of possible steps)");
    for (int32_t i = 0; i < c->spec->rewards; i++) {
        const sx_reward *r = c->spec->reward[i].reward;
        char least[32], most[32];
        sx_table_cell(&table, c->spec->reward[i].id);
        snprintf(least, sizeof least, "%.6g", f->least[i]);
        snprintf(most, sizeof most, "%.6g", f->most[i]);
        sx_table_cell(&table, least);
        sx_table_cell(&table, most);
        sx_table_cell(&table, r->unknown ? "no value on impossible steps: too many" : "");
    }
    sx_text_put(&c->text, "\n");
    sx_table_write(&table, &c->text);
    sx_table_clear(&table);
}

static void text_all(sx_cli *c, const facts *f)
{
    const sx_world *w = c->spec->world;
    sx_text *t = &c->text;
    int64_t warnings = sx_diags_warnings(c->diags);
    sx_text_format(t, "%s: sound", sx_cli_title(c));
    if (warnings)
        sx_text_format(t, ", %" PRId64 " warning%s", warnings, warnings == 1 ? "" : "s");
    sx_text_put(t, "\n\n");
    sx_text_put(t, "world      ");
    sx_cli_sizes(c, f->unreachable);
    if (w->grid)
        sx_text_format(t, "grid       %" PRId32 " rows, %" PRId32 " columns\n", w->grid->rows,
                       w->grid->columns);
    sx_text_format(t, "start      in %" PRId32 " state%s; %" PRId32 " absorbing\n", f->starts,
                   f->starts == 1 ? "" : "s", f->absorbing);
    if (w->base)
        sx_text_put(t, "base       the world gives a base policy\n");
    text_labels(c);
    text_variables(c, /*of_pairs=*/false, "variables  ");
    text_variables(c, /*of_pairs=*/true, "of actions ");
    text_groups(c);
    text_rewards(c, f);
    sx_cli_text_edits(c);
}

sx_status sx_verb_check(sx_cli *c, sx_error *err)
{
    facts f = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = sx_cli_try_edits(c, err);
    if (!st)
        st = find_facts(c->spec, &f, err);
    if (!st) {
        sx_value *list;
        put_sizes(c, &f);
        put_parts(c, &f);
        sx_cli_put_edits(c);
        list = sx_put_list(&c->report, c->report.root, "warnings");
        warn_unreachable(c, list, &f);
        warn_throughs(c, list);
        text_all(c, &f);
    }
    facts_clear(&f);
    return st;
}
