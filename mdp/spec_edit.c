/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_edit.c - the edits of a specification: what they say, before any of them is applied. */
#include "mdp/edit_int.h"
#include "mdp/expr.h"
#include "mdp/text_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS     " \t\r\n"
#define STEPS_MOST 10000

static const char *const kind_names[] = {NULL, "neutral", "causal"};
static const char *const expect_names[] = {NULL,         "invariant",  "increase", "decrease",
                                           "flips-best", "transports", "tie",      "level"};

const char *sx_edit_kind_name(sx_edit_kind kind)
{
    return kind_names[kind];
}

const char *sx_expect_name(sx_expect expect)
{
    return expect_names[expect];
}

/* The place of word among names [n], 0 for none. */
static int32_t word_index(const char *const *names, int32_t n, const char *word)
{
    for (int32_t i = 1; word && i < n; i++)
        if (strcmp(names[i], word) == 0)
            return i;
    return 0;
}

static void edit_free(sx_edit *e)
{
    for (int32_t i = 0; i < e->ops; i++)
        for (int32_t j = 0; j < SX_I_OP_TEXTS; j++)
            sx_release(e->op[i].text[j]);
    for (int32_t i = 0; e->step_text && i < e->steps; i++)
        sx_release(e->step_text[i]);
    sx_release(e->op);
    sx_release(e->step);
    sx_release(e->step_text);
    sx_release(e->transports[0]);
    sx_release(e->transports[1]);
    sx_release(e->id);
}

void sx_i_edits_free(sx_spec *spec)
{
    for (int32_t i = 0; i < spec->edits; i++)
        edit_free(&spec->edit[i]);
    sx_release(spec->edit);
}

/* --- names ------------------------------------------------------------------------------ */

char *sx_spec_edit_name(const sx_spec *spec, int32_t edit, int32_t step)
{
    const sx_edit *e = &spec->edit[edit];
    const char *at = step < 0 ? "" : "@", *text = step < 0 ? "" : e->step_text[step];
    size_t size = strlen(e->id) + strlen(text) + 2;
    char *name = sx_alloc(size, 1);
    if (name)
        snprintf(name, size, "%s%s%s", e->id, at, text);
    return name;
}

/* The step that text means, or -1. */
static int32_t step_of(const sx_edit *e, const char *text)
{
    double x;
    for (int32_t i = 0; i < e->steps; i++)
        if (strcmp(e->step_text[i], text) == 0)
            return i;
    if (sx_number_read(text, &x))
        for (int32_t i = 0; i < e->steps; i++)
            if (!(e->step[i] < x) && !(e->step[i] > x))
                return i;
    return -1;
}

bool sx_spec_edit_find(const sx_spec *spec, const char *name, int32_t *edit, int32_t *step)
{
    *edit = *step = -1;
    for (int32_t i = 0; i < spec->edits; i++) {
        const sx_edit *e = &spec->edit[i];
        size_t size = strlen(e->id);
        if (strncmp(name, e->id, size) != 0 || (name[size] && name[size] != '@'))
            continue;
        int32_t found = name[size] ? step_of(e, name + size + 1) : -1;
        if (name[size] && !e->steps)
            continue;
        *edit = i;
        *step = found;
        if (name[size] ? found >= 0 : !e->steps)
            return true;
    }
    return false;
}

/* Report an edited world that is called like one before. */
static sx_status check_names(sx_i_reading *rd, const sx_node *n, const sx_edit *e)
{
    const sx_spec *spec = rd->spec;
    sx_status st = SX_OK;
    int32_t edit, step;
    for (int32_t i = e->steps ? 0 : -1; i < e->steps && !st; i++) {
        char name[200];
        snprintf(name, sizeof name, "%.100s%s%.90s", e->id, i < 0 ? "" : "@",
                 i < 0 ? "" : e->step_text[i]);
        if (sx_spec_edit_find(spec, name, &edit, &step))
            st = sx_diag_report(rd->diags, sx_i_attr_where(n, "id"), "E161", NULL,
                                "a second edit is called \"%.100s\"", name);
    }
    for (int32_t i = 0; i < spec->edits && !st; i++)
        if (strcmp(spec->edit[i].id, e->id) == 0)
            st = sx_diag_report(rd->diags, sx_i_attr_where(n, "id"), "E161", NULL,
                                "a second edit is called \"%.100s\"", e->id);
    return st;
}

/* --- steps ------------------------------------------------------------------------------ */

char *sx_i_step_put(const char *text, const char *step)
{
    static const char mark[] = "{step}";
    size_t n = sizeof mark - 1, size = strlen(text), more = step ? strlen(step) : 0;
    size_t count = 0;
    for (const char *at = text; step && (at = strstr(at, mark)); at += n)
        count++;
    char *out = sx_alloc(size + count * more + 1, 1), *to = out;
    for (const char *at = text; out && *at;) {
        bool found = step && strncmp(at, mark, n) == 0;
        memcpy(to, found ? step : at, found ? more : 1);
        to += found ? more : 1;
        at += found ? n : 1;
    }
    return out;
}

/* The words of text: *word [*n], each owned by the caller, as the list. */
static sx_status split(const char *text, char ***word, int32_t *n, sx_error *err)
{
    size_t most = strlen(text) / 2 + 1;
    *n = 0;
    *word = sx_alloc(most, sizeof **word);
    if (!*word)
        return sx_nomem(err);
    for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
        size_t size = strcspn(text, BLANKS);
        char *copy = sx_alloc(size + 1, 1);
        if (!copy)
            return sx_nomem(err);
        memcpy(copy, text, size);
        (*word)[(*n)++] = copy;
        text += size;
    }
    return SX_OK;
}

/* Is a step before the i-th one the same number? */
static bool is_repeated(const sx_edit *e, int32_t i)
{
    bool found = false;
    for (int32_t j = 0; j < i; j++)
        found = found || (!(e->step[j] < e->step[i]) && !(e->step[j] > e->step[i]));
    return found;
}

static sx_status read_steps(sx_i_reading *rd, const sx_node *n, sx_edit *e)
{
    const char *text = sx_i_attr_sound(n, "steps");
    if (!text)
        return sx_node_attr(n, "steps") ? SX_EINPUT : SX_OK;
    sx_status st = split(text, &e->step_text, &e->steps, rd->err);
    if (!st && e->steps > STEPS_MOST)
        return sx_diag_report(rd->diags, sx_i_attr_where(n, "steps"), "E162", NULL,
                              "more than %d steps", STEPS_MOST);
    e->step = st ? NULL : sx_alloc((size_t)e->steps, sizeof *e->step);
    if (!st && !e->step)
        st = sx_nomem(rd->err);
    for (int32_t i = 0; i < e->steps && !st; i++) {
        (void)sx_number_read(e->step_text[i], &e->step[i]);
        if (is_repeated(e, i))
            st = sx_diag_report(rd->diags, sx_i_attr_where(n, "steps"), "E162", NULL,
                                "the step %.40s is there twice", e->step_text[i]);
    }
    return st;
}

/* The first place below n where {step} stands, or NULL; *attr: its attribute, NULL: its text.
 */
static const sx_node *find_step(const sx_node *n, const sx_attr **attr)
{
    for (const sx_node *child = n->child; child; child = child->next) {
        *attr = NULL;
        if (strstr(child->text, "{step}"))
            return child;
        for (int32_t i = 0; i < child->attrs; i++)
            if (strstr(child->attr[i].value, "{step}")) {
                *attr = &child->attr[i];
                return child;
            }
        const sx_node *found = find_step(child, attr);
        if (found)
            return found;
    }
    return NULL;
}

static sx_status check_steps(sx_i_reading *rd, const sx_node *n)
{
    const sx_attr *attr = NULL;
    const sx_node *found = find_step(n, &attr);
    bool steps = sx_node_attr(n, "steps") != NULL;
    if (steps && !found)
        return sx_diag_report(rd->diags, sx_i_attr_where(n, "steps"), "E162",
                              "write {step} where the number belongs, or leave out steps=",
                              "no {step} stands in the edit, so that all steps are the same");
    if (!steps && found)
        return sx_diag_report(rd->diags, attr ? attr->value_place : found->place, "E162",
                              "give the numbers, as in <edit steps=\"0 0.5 1\">",
                              "{step} stands in an edit without steps=");
    return SX_OK;
}

/* --- expectations ----------------------------------------------------------------------- */

static sx_status read_transports(sx_i_reading *rd, const sx_node *n, sx_edit *e)
{
    const char *text = sx_i_attr_sound(n, "transports");
    char **word = NULL;
    int32_t count = 0;
    if (!text)
        return SX_EINPUT;
    sx_status st = split(text, &word, &count, rd->err);
    if (!st && (count != 2 || strcmp(word[0], word[1]) == 0))
        st = sx_diag_report(rd->diags, sx_i_attr_where(n, "transports"), "E163", NULL,
                            "transports= names two different actions, from and to");
    const sx_names *actions = rd->spec->world ? rd->spec->world->actions : NULL;
    for (int32_t i = 0; i < 2 && !st; i++)
        if (actions && sx_names_find(actions, word[i]) < 0)
            st = sx_i_no_name(rd, sx_i_attr_where(n, "transports"), "E121", word[i], actions);
    for (int32_t i = 0; i < count; i++) {
        if (!st)
            e->transports[i] = word[i];
        else
            sx_release(word[i]);
    }
    sx_release(word);
    return st;
}

static sx_status read_level(const sx_node *n, sx_edit *e)
{
    return sx_i_attr_number(n, "level", &e->level);
}

/* attr= goes with this expectation, and with no other. */
static sx_status goes_with(sx_i_reading *rd, const sx_node *n, const char *attr,
                           const sx_edit *e, sx_expect expect)
{
    bool given = sx_node_attr(n, attr) != NULL;
    if (sx_node_attr(n, "expect") && !sx_i_attr_sound(n, "expect"))
        return SX_EINPUT;
    if (given && e->expect != expect)
        return sx_diag_report(rd->diags, sx_i_attr_where(n, attr), "E163", NULL,
                              "%s= goes with expect=\"%s\" only", attr, sx_expect_name(expect));
    if (!given && e->expect == expect)
        return sx_diag_report(rd->diags, sx_i_attr_where(n, "expect"), "E163", NULL,
                              "expect=\"%s\" needs %s=", sx_expect_name(expect), attr);
    return SX_OK;
}

static sx_status read_expectation(sx_i_reading *rd, const sx_node *n, sx_edit *e)
{
    sx_status st = goes_with(rd, n, "transports", e, SX_EXPECT_TRANSPORTS);
    st = sx_i_worse(st, goes_with(rd, n, "level", e, SX_EXPECT_LEVEL));
    if (!st && e->expect == SX_EXPECT_TRANSPORTS)
        st = read_transports(rd, n, e);
    if (!st && e->expect == SX_EXPECT_LEVEL)
        st = read_level(n, e);
    return st;
}

/* --- what an edit does ------------------------------------------------------------------ */

static const char *const texts_of[][SX_I_OP_TEXTS] = {
    [SX_I_PATCH] = {"sel", "pos", "type", NULL},
    [SX_I_DO] = {"variable", "value", "when", NULL},
    [SX_I_PERMUTE] = {"states", "contexts", "actions", "responses"}};

static sx_i_op_kind kind_of(const sx_node *n)
{
    bool act = strcmp(n->name, "do") == 0, permute = strcmp(n->name, "permute") == 0;
    return act ? SX_I_DO : permute ? SX_I_PERMUTE : SX_I_PATCH;
}

static sx_status read_op(sx_i_reading *rd, const sx_node *n, sx_i_op *op)
{
    op->kind = kind_of(n);
    op->place = n->place;
    op->place.file = rd->spec->file;
    bool any = false;
    for (int32_t i = 0; i < SX_I_OP_TEXTS; i++) {
        const char *name = texts_of[op->kind][i], *value = name ? sx_node_value(n, name) : NULL;
        op->at[i] = name ? sx_i_attr_where(n, name) : op->place;
        op->at[i].file = rd->spec->file;
        any = any || value;
        op->text[i] = value ? sx_strdup(value) : NULL;
        if (value && !op->text[i])
            return sx_nomem(rd->err);
    }
    if (op->kind == SX_I_PERMUTE && !any)
        return sx_diag_report(rd->diags, n->place, "E169",
                              "states=, actions=, contexts= or responses= names a cycle",
                              "<permute> exchanges nothing");
    return SX_OK;
}

static sx_status read_ops(sx_i_reading *rd, const sx_node *n, sx_edit *e)
{
    int32_t count = 0;
    sx_status st = SX_OK;
    for (const sx_node *op = sx_i_first(n, NULL); op; op = sx_i_next(op, NULL))
        count++;
    if (!count && !n->child)
        return sx_diag_report(rd->diags, n->place, "E160",
                              "it holds <add>, <replace>, <remove>, <do> or <permute>",
                              "the edit \"%.60s\" changes nothing", e->id);
    e->op = sx_alloc((size_t)count, sizeof *e->op);
    if (!e->op)
        return sx_nomem(rd->err);
    e->permutes = true;
    const sx_node *op = sx_i_first(n, NULL);
    for (; op && !sx_i_stops(st); op = sx_i_next(op, NULL)) {
        st = sx_i_worse(st, read_op(rd, op, &e->op[e->ops++]));
        e->permutes = e->permutes && e->op[e->ops - 1].kind == SX_I_PERMUTE;
    }
    return st;
}

/* --- the list --------------------------------------------------------------------------- */

static sx_status read_edit(sx_i_reading *rd, const sx_node *n, sx_edit *e)
{
    const char *id = sx_i_attr_sound(n, "id");
    *e = (sx_edit){.level = NAN, .place = sx_i_attr_where(n, "id")};
    e->place.file = rd->spec->file;
    if (!id)
        return SX_EINPUT;
    e->id = sx_strdup(id);
    if (!e->id)
        return sx_nomem(rd->err);
    e->kind = (sx_edit_kind)word_index(kind_names, 3, sx_i_attr_sound(n, "kind"));
    e->expect = (sx_expect)word_index(expect_names, 8, sx_i_attr_sound(n, "expect"));
    sx_status st = read_steps(rd, n, e);
    if (!st)
        st = check_names(rd, n, e);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, check_steps(rd, n));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_expectation(rd, n, e));
    return sx_i_stops(st) ? st : sx_i_worse(st, read_ops(rd, n, e));
}

static sx_status append(sx_i_reading *rd, const sx_node *n)
{
    sx_spec *spec = rd->spec;
    sx_edit *grown = sx_realloc(spec->edit, (size_t)spec->edits + 1, sizeof *grown);
    if (!grown)
        return sx_nomem(rd->err);
    spec->edit = grown;
    sx_edit e;
    sx_status st = read_edit(rd, n, &e);
    if (st)
        edit_free(&e);
    else
        spec->edit[spec->edits++] = e;
    return st;
}

sx_status sx_i_edits_read(sx_i_reading *rd, const sx_node *root)
{
    sx_status st = SX_OK;
    for (const sx_node *n = sx_i_first(root, "edit"); n && !sx_i_stops(st);
         n = sx_i_next(n, "edit"))
        st = sx_i_worse(st, append(rd, n));
    return st;
}
