/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_edited.c - a specification with one of its edits applied.
 *
 * Patches change the text, and what they made is read like any file; <do> and <permute> take
 * effect while it is read.  Messages about the edited text have a list of their own, so that
 * twenty of them cannot hide the one that says which edit they come from. */
#include "mdp/edit_int.h"
#include "mdp/file.h"

#include <stdio.h>
#include <string.h>

static char *file_name(const sx_spec *spec, int32_t edit, int32_t step)
{
    char *name = sx_spec_edit_name(spec, edit, step), *file = NULL;
    size_t size = name ? strlen(spec->file) + strlen(name) + sizeof " (edit )" : 0;
    if (name)
        file = sx_alloc(size, 1);
    if (file)
        snprintf(file, size, "%s (edit %s)", spec->file, name);
    sx_release(name);
    return file;
}

/* --- patches ---------------------------------------------------------------------------- */

/* The i-th patch of e, or NULL. */
static const sx_i_op *patch(const sx_edit *e, int32_t i)
{
    for (int32_t j = 0; j < e->ops; j++)
        if (e->op[j].kind == SX_I_PATCH && i-- == 0)
            return &e->op[j];
    return NULL;
}

static sx_status report_fault(const sx_i_edited *c, const sx_i_patch_fault *f, sx_diags *d)
{
    const sx_i_op *op = patch(c->e, f->patch);
    sx_place place = op ? op->place : c->e->place;
    if (op && f->text >= 0) {
        place = op->at[f->text];
        const char *text = op->text[f->text];
        if (f->width && text)
            place = sx_i_place_inside(place, text, f->offset, f->width);
    }
    return sx_diag_report(d, place, f->code, f->hint, "%s", f->message);
}

static sx_status apply_patches(sx_i_edited *c, sx_diags *d, sx_error *err)
{
    sx_i_patch_fault fault;
    if (!patch(c->e, 0))
        return SX_OK;
    sx_i_patching job = {c->spec->text, c->spec->text_size, c->edit, c->step};
    sx_status st = sx_i_xml_patch(&job, &c->patched, &c->size, &fault, err);
    c->text = c->patched;
    return st == SX_EINPUT ? report_fault(c, &fault, d) : st;
}

/* --- interventions ---------------------------------------------------------------------- */

static sx_status fill_do(const sx_i_edited *c, const sx_i_op *op, sx_i_do *act, sx_error *err)
{
    char *text[3];
    sx_status st = SX_OK;
    for (int32_t i = 0; i < 3; i++) {
        text[i] = op->text[i] ? sx_i_step_put(op->text[i], c->step) : NULL;
        if (op->text[i] && !text[i])
            st = sx_nomem(err);
    }
    *act = (sx_i_do){text[0], text[1], text[2], op->at[0], op->at[1], op->at[2], false};
    return st;
}

static sx_status list_dos(sx_i_edited *c, sx_error *err)
{
    sx_status st = SX_OK;
    c->rd.act = sx_alloc((size_t)c->e->ops, sizeof *c->rd.act);
    if (!c->rd.act)
        return sx_nomem(err);
    for (int32_t i = 0; i < c->e->ops && !st; i++)
        if (c->e->op[i].kind == SX_I_DO)
            st = fill_do(c, &c->e->op[i], &c->rd.act[c->rd.dos++], err);
    return st;
}

static void free_dos(sx_i_reading *rd)
{
    for (int32_t i = 0; i < rd->dos; i++) {
        sx_release((char *)(uintptr_t)rd->act[i].variable);
        sx_release((char *)(uintptr_t)rd->act[i].value);
        sx_release((char *)(uintptr_t)rd->act[i].when);
    }
    sx_release(rd->act);
}

/* --- reading ---------------------------------------------------------------------------- */

sx_status sx_i_edited_open(const sx_spec *spec, int32_t edit, int32_t step, sx_diags *d,
                           sx_i_edited *out, sx_error *err)
{
    const sx_edit *e = &spec->edit[edit];
    *out = (sx_i_edited){.spec = spec,
                         .e = e,
                         .edit = edit,
                         .step = step < 0 ? NULL : e->step_text[step],
                         .file = file_name(spec, edit, step),
                         .text = spec->text,
                         .size = spec->text_size};
    sx_status st = out->file ? apply_patches(out, d, err) : sx_nomem(err);
    out->rd.path = spec->path;
    out->rd.file = out->file;
    out->rd.edit = e;
    out->rd.step = out->step;
    return st ? st : list_dos(out, err);
}

void sx_i_edited_close(sx_i_edited *c)
{
    free_dos(&c->rd);
    sx_release(c->file);
    sx_release(c->patched);
}

sx_status sx_i_input_copy(const sx_spec *spec, sx_spec *to, sx_error *err)
{
    to->input = sx_alloc(1, sizeof *to->input);
    if (!to->input)
        return sx_nomem(err);
    *to->input = spec->input[0];
    to->input->name = sx_strdup(spec->input[0].name);
    if (!to->input->name)
        return sx_nomem(err);
    to->inputs = 1;
    return SX_OK;
}

static sx_status read_edited(sx_i_edited *c, sx_error *err)
{
    sx_spec *out = c->rd.spec = sx_alloc(1, sizeof *out);
    sx_status st = out ? sx_i_input_copy(c->spec, out, err) : sx_nomem(err);
    if (!st)
        st =
            sx_diags_source(c->rd.diags, c->spec->file, c->spec->text, c->spec->text_size, err);
    c->rd.err = err;
    if (!st)
        st = sx_i_spec_read(&c->rd, c->text, c->size);
    bool wrong = !sx_i_stops(st) && sx_diags_errors(c->rd.diags) > 0;
    return wrong ? SX_EINPUT : st;
}

/* Say which edit the messages come from, unless all of them are at the edit itself. */
static void report_edit(const sx_i_edited *c, sx_diags *d)
{
    const sx_diags *inner = c->rd.diags;
    bool elsewhere = sx_diags_count(inner) == 0;
    for (int32_t i = 0; i < sx_diags_count(inner); i++)
        elsewhere = elsewhere || strcmp(sx_diags_get(inner, i)->place.file, c->spec->file) != 0;
    if (!elsewhere)
        return;
    const sx_i_op *op = patch(c->e, 0);
    bool one = op && !patch(c->e, 1);
    (void)sx_diag_report(d, one ? op->place : c->e->place, "E167", NULL,
                         "the edit \"%.60s\" makes the specification invalid%s%.40s%s",
                         c->e->id, c->step ? " with the step " : "", c->step ? c->step : "",
                         ": see the messages below");
}

static sx_status make(sx_i_edited *c, int32_t edit, int32_t step, sx_diags *d, sx_error *err)
{
    sx_status st = sx_i_edited_open(c->spec, edit, step, d, c, err);
    if (!st)
        st = sx_diags_new(&c->rd.diags, err);
    if (!st) {
        st = read_edited(c, err);
        if (st == SX_EINPUT)
            report_edit(c, d);
        sx_diags_move(c->rd.diags, d);
    }
    sx_diags_free(c->rd.diags);
    return st;
}

sx_status sx_spec_edited(const sx_spec *spec, int32_t edit, int32_t step, sx_diags *d,
                         sx_spec **out, sx_error *err)
{
    *out = NULL;
    const sx_edit *e = edit >= 0 && edit < spec->edits ? &spec->edit[edit] : NULL;
    if (!e || step >= e->steps || (step < 0) != (e->steps == 0))
        return sx_fail(err, SX_EARG, "the specification has no such edit, or no such step");
    sx_error local = SX_NO_ERROR;
    sx_i_edited c = {.spec = spec};
    sx_status st =
        d ? sx_diags_source(d, spec->file, spec->text, spec->text_size, &local) : SX_OK;
    if (!st)
        st = make(&c, edit, step, d, &local);
    if (d)
        sx_diags_forget(d, NULL);
    if (st == SX_EINPUT)
        sx_fail(err, st, "the edit %.80s of %.120s cannot be applied", e->id, spec->file);
    else if (st)
        sx_fail(err, st, "%s", local.msg);
    *out = st ? sx_spec_free(c.rd.spec) : c.rd.spec;
    sx_i_edited_close(&c);
    return st;
}
