/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.c - --edit: the edited world in the place of the specification; the list of edits. */
#include "cli/cli.h"

#include <string.h>

#include "mdp/edit.h"

/* The steps of edit i, or all edits for -1, for a message. */
static void list_names(const sx_spec *spec, int32_t i, char *text, size_t size)
{
    size_t used = 0;
    int32_t n = i < 0 ? spec->edits : spec->edit[i].steps;
    text[0] = '\0';
    for (int32_t k = 0; k < n && used < size; k++) {
        const sx_edit *e = &spec->edit[i < 0 ? k : i];
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s", k ? ", " : "", e->id,
                                 i < 0 ? "" : "@", i < 0 ? "" : e->step_text[k]);
    }
}

static sx_status no_edit(sx_cli *c, const char *name, int32_t edit, sx_error *err)
{
    char known[240];
    list_names(c->spec, edit, known, sizeof known);
    if (edit >= 0)
        return sx_cli_fail(c, "E514", err, "--edit '%.80s' needs a step: %s", name, known);
    return sx_cli_fail(c, "E514", err, "--edit '%.80s' is no edit of %.80s; it has %s", name,
                       sx_cli_path(c), *known ? known : "none");
}

/* What the edited world is called: "wet@0.5", and "Cliff walk (edit wet@0.5)". */
static sx_status make_names(sx_cli *c, int32_t edit, int32_t step, sx_error *err)
{
    sx_text t = {0};
    c->edit = sx_spec_edit_name(c->original, edit, step);
    sx_text_format(&t, "%s (edit %s)", sx_cli_title(c), c->edit ? c->edit : "");
    if (t.failed)
        sx_text_clear(&t);
    c->title = t.bytes;
    return c->title && c->edit ? SX_OK : sx_nomem(err);
}

sx_status sx_cli_edit(sx_cli *c, sx_error *err)
{
    const char *name = c->o.text[SX_OPT_EDIT];
    int32_t edit, step;
    sx_spec *edited = NULL;
    if (!name)
        return SX_OK;
    if (c->o.text[SX_OPT_CERTIFICATE])
        return sx_cli_fail(c, "E506", err,
                           "--certificate is about the specification itself; write the edited "
                           "one with convert --edit first");
    if (!sx_spec_edit_find(c->spec, name, &edit, &step))
        return no_edit(c, name, edit, err);
    sx_status st = sx_spec_edited(c->spec, edit, step, c->diags, &edited, err);
    if (st)
        return st;
    c->original = c->spec;
    c->spec = edited;
    return make_names(c, edit, step, err);
}

/* All steps of edit i, up to the first that is wrong: the others are for the same reason. */
static sx_status try_edit(sx_cli *c, int32_t i, sx_error *err)
{
    int32_t steps = c->spec->edit[i].steps;
    sx_status st = SX_OK;
    for (int32_t k = steps ? 0 : -1; k < steps && !st; k++) {
        sx_spec *edited = NULL;
        st = sx_spec_edited(c->spec, i, k, c->diags, &edited, err);
        sx_spec_free(edited);
    }
    return st;
}

sx_status sx_cli_try_edits(sx_cli *c, sx_error *err)
{
    sx_status worst = SX_OK;
    for (int32_t i = 0; i < c->spec->edits && (!worst || worst == SX_EINPUT); i++) {
        sx_status st = try_edit(c, i, err);
        worst = st ? st : worst;
    }
    return worst;
}

static void put_word(sx_report *r, sx_value *v, const char *name, const char *word)
{
    if (word)
        sx_put_text(r, v, name, word);
    else
        sx_put_null(r, v, name);
}

void sx_cli_put_edits(sx_cli *c)
{
    sx_report *r = &c->report;
    sx_value *list = sx_put_list(r, r->root, "edits");
    for (int32_t i = 0; i < c->spec->edits; i++) {
        const sx_edit *e = &c->spec->edit[i];
        sx_value *v = sx_put_object(r, list, NULL);
        sx_put_text(r, v, "edit", e->id);
        put_word(r, v, "kind", sx_edit_kind_name(e->kind));
        put_word(r, v, "expect", sx_expect_name(e->expect));
        sx_value *steps = sx_put_list(r, v, "steps");
        for (int32_t k = 0; k < e->steps; k++)
            sx_put_number(r, steps, NULL, e->step[k]);
    }
}

/* "transports r1 r2", "level 0.5", "tie" */
static void expectation(const sx_edit *e, sx_text *t)
{
    if (e->expect != SX_EXPECT_NOTHING)
        sx_text_put(t, sx_expect_name(e->expect));
    if (e->expect == SX_EXPECT_TRANSPORTS)
        sx_text_format(t, " %s %s", e->transports[0], e->transports[1]);
    if (e->expect == SX_EXPECT_LEVEL)
        sx_text_format(t, " %g", e->level);
}

void sx_cli_text_edits(sx_cli *c)
{
    sx_table table = {.columns = 4, .align = "llll"};
    static const char *const heads[] = {"edit", "kind", "expects", "steps"};
    if (!c->spec->edits)
        return;
    for (int32_t i = 0; i < 4; i++)
        sx_table_cell(&table, heads[i]);
    for (int32_t i = 0; i < c->spec->edits; i++) {
        const sx_edit *e = &c->spec->edit[i];
        sx_text expects = {0}, steps = {0};
        expectation(e, &expects);
        for (int32_t k = 0; k < e->steps; k++)
            sx_text_format(&steps, "%s%s", k ? " " : "", e->step_text[k]);
        sx_table_cell(&table, e->id);
        sx_table_cell(&table, e->kind == SX_EDIT_ANY ? "" : sx_edit_kind_name(e->kind));
        sx_table_cell(&table, expects.bytes ? expects.bytes : "");
        sx_table_cell(&table, steps.bytes ? steps.bytes : "");
        c->text.failed |= expects.failed || steps.failed;
        sx_text_clear(&expects);
        sx_text_clear(&steps);
    }
    sx_text_put(&c->text, "\n");
    sx_table_write(&table, &c->text);
    sx_table_clear(&table);
}
