/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact.c - the second reading of a specification, in rational numbers.
 *
 * The ordinary reader runs again over the same text for all that is no number; a listener hears
 * which texts gave variables their values.  What it complains about it has said before, so it
 * speaks to a list of messages that nobody sees. */
#include "mdp/exact_int.h"

#include "mdp/edit_int.h"
#include "mdp/grammar.h"
#include "mdp/random.h"
#include "mdp/terms_int.h"

#include <string.h>

sx_exact *sx_exact_free(sx_exact *x)
{
    if (!x)
        return NULL;
    sx_fence_free(x->fence);
    sx_spec_free(x->spec);
    return sx_release(x);
}

bool sx_exact_fits(const sx_mdp *m)
{
    return m->states <= SX_EXACT_STATES && (int64_t)m->pairs * m->states <= SX_EXACT_TRIPLES;
}

/* --- what is held ------------------------------------------------------------------------ */

static void release(sx_i_held_kind kind, void *what)
{
    switch (kind) {
    case SX_I_HELD_BYTES: sx_release(what); break;
    case SX_I_HELD_EXPR: sx_expr_free(what); break;
    case SX_I_HELD_CSV: sx_csv_free(what); break;
    case SX_I_HELD_ARRAY: sx_array_free(what); break;
    case SX_I_HELD_RANDOM: sx_random_free(what); break;
    case SX_I_HELD_WORLD: sx_world_free(what); break;
    case SX_I_HELD_MDP: sx_mdp_free(what); break;
    case SX_I_HELD_TERMS: sx_i_terms_free(what); break;
    default: sx_diags_free(what);
    }
}

sx_status sx_i_exact_hold(sx_i_exact_reading *x, sx_i_held_kind kind, void *what)
{
    sx_i_held *held = what ? sx_alloc(1, sizeof *held) : NULL;
    if (what && !held) {
        release(kind, what);
        return sx_nomem(x->rd->err);
    }
    if (what) {
        *held = (sx_i_held){x->held, kind, what};
        x->held = held;
    }
    return SX_OK;
}

void sx_i_exact_drop(sx_i_exact_reading *x, const sx_i_held *until)
{
    while (x->held && x->held != until) {
        sx_i_held *last = x->held;
        x->held = last->next;
        release(last->kind, last->what);
        sx_release(last);
    }
}

static void reading_clear(sx_i_exact_reading *x)
{
    sx_i_exact_drop(x, NULL);
    for (int32_t i = 0; i < x->sources; i++) {
        if (x->source[i].file)
            sx_release(x->source[i].node->attr);
        if (x->source[i].file)
            sx_release((sx_node *)(uintptr_t)x->source[i].node);
        sx_release(x->source[i].file);
        sx_release(x->source[i].id);
    }
    sx_release(x->source);
    sx_i_factored_close(&x->factored);
}

/* --- the ordinary reader ----------------------------------------------------------------- */

/* Variables are complete only when the world is. */
typedef struct notes {
    int64_t count, room;
    sx_i_heard *heard;
} notes;

static sx_status listen(void *context, int32_t variable, int kind, int32_t index,
                        const sx_node *attribute)
{
    notes *x = context;
    if (x->count == x->room) {
        int64_t room = 2 * x->room + 64;
        sx_i_heard *grown = sx_realloc(x->heard, (size_t)room, sizeof *grown);
        if (!grown)
            return SX_EMEM;
        x->heard = grown;
        x->room = room;
    }
    x->heard[x->count++] = (sx_i_heard){variable, index, kind, attribute};
    return SX_OK;
}

static const sx_node *world_element(const sx_node *root)
{
    static const char *const others[] = {"title", "initial", "reward", "edit"};
    for (const sx_node *n = sx_i_first(root, NULL); n; n = sx_i_next(n, NULL)) {
        bool world = true;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            world = world && strcmp(n->name, others[i]) != 0;
        if (world)
            return n;
    }
    return NULL;
}

/* The world as the ordinary reader makes it, in silence; interventions that its reader does not
 * build in are left. */
static sx_status read_quietly(sx_i_reading *rd, notes *n)
{
    sx_diags *loud = rd->diags, *quiet = NULL;
    sx_i_listener listener = {n, listen};
    sx_status st = sx_diags_new(&quiet, rd->err);
    if (st)
        return st;
    rd->diags = quiet;
    rd->listener = &listener;
    st = sx_grammar_check(rd->xml, quiet, rd->err);
    const sx_node *world = st ? NULL : world_element(sx_xml_root(rd->xml));
    if (!st)
        st = world ? sx_i_world_read(rd, world) : SX_EINPUT;
    rd->diags = loud;
    rd->listener = NULL;
    sx_diags_free(quiet);
    return st;
}

/* --- numbers ----------------------------------------------------------------------------- */

static sx_status check_size(sx_i_exact_reading *x)
{
    int64_t triples = (int64_t)x->m->pairs * x->m->states;
    if (sx_exact_fits(x->m))
        return SX_OK;
    return sx_diag_report(x->rd->diags, x->node->place, "E474",
                          "leave --exact out: the answer in floating point has bounds of its "
                          "errors",
                          "a world of %d states and %lld triples (s,a,s') is too large for "
                          "exact arithmetic: at most %d and %d",
                          (int)x->m->states, (long long)triples, SX_EXACT_STATES,
                          SX_EXACT_TRIPLES);
}

static sx_status read_numbers(void *arg, sx_error *err)
{
    sx_i_exact_reading *x = arg;
    (void)err;
    sx_status st = sx_i_exact_variables(x);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_exact_dos(x));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_exact_world(x));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_exact_rewards(x));
    return st ? st : sx_i_exact_permute(x);
}

/* From the tree, once the ordinary reader has made its world. */
static sx_status read_tree(sx_i_reading *rd, sx_exact *out, const notes *n,
                           const char *const id[2])
{
    sx_i_exact_reading x = {.rd = rd,
                            .out = out,
                            .id = id,
                            .world = rd->spec->world,
                            .m = rd->spec->world->mdp,
                            .root = sx_xml_root(rd->xml),
                            .heard = n->heard,
                            .heards = n->count};
    x.node = world_element(x.root);
    sx_diags *loud = rd->diags;
    sx_status st = check_size(&x);
    if (!st && strcmp(x.node->name, "factored") == 0)
        st = sx_i_factored_open(rd, x.node, &x.factored);
    if (!st)
        st = sx_fence_run(out->fence, read_numbers, &x, rd->err);
    rd->diags = loud; /* it may have been left in between */
    reading_clear(&x);
    return st;
}

/* --- all --------------------------------------------------------------------------------- */

static sx_status changed(const sx_i_reading *rd)
{
    return sx_fail(rd->err, SX_EIO, "a file that %s names is not what it was when it was read",
                   rd->file);
}

/* Are the files those that spec was read from? */
static bool same_inputs(const sx_spec *now, const sx_spec *before)
{
    bool same = true;
    for (int32_t i = 0; i < now->inputs; i++) {
        bool found = false;
        for (int32_t j = 0; j < before->inputs; j++)
            found = found || (strcmp(now->input[i].name, before->input[j].name) == 0 &&
                              strcmp(now->input[i].sha256, before->input[j].sha256) == 0);
        same = same && found;
    }
    return same;
}

static bool same_world(const sx_i_reading *rd, const sx_spec *before)
{
    const sx_mdp *m = rd->spec->world->mdp, *b = before->world->mdp;
    return m && m->states == b->states && m->pairs == b->pairs && m->entries == b->entries &&
           same_inputs(rd->spec, before);
}

static sx_status read_text(sx_i_reading *rd, const sx_spec *before, const char *text,
                           size_t size, const char *const id[2], sx_exact *out)
{
    sx_xml *xml = NULL;
    notes n = {0};
    sx_status st = sx_xml_parse(rd->file, text, size, rd->diags, &xml, rd->err);
    rd->xml = xml;
    if (!st)
        st = read_quietly(rd, &n);
    if (st == SX_EINPUT || (!st && !same_world(rd, before)))
        st = changed(rd);
    if (!st)
        st = read_tree(rd, out, &n, id);
    if (!sx_i_stops(st) && !same_inputs(rd->spec, before))
        st = changed(rd);
    sx_diags_forget(rd->diags, NULL);
    for (int32_t i = 0; i < rd->texts; i++)
        sx_release(rd->text[i]);
    sx_release(rd->text);
    sx_release(n.heard);
    sx_xml_free(xml);
    return st;
}

/* The text of `of`, edited if e is one, and in numbers. */
static sx_status read_source(const sx_spec *before, const sx_spec *of, const sx_exact_edit *e,
                             const char *const id[2], sx_diags *d, sx_exact *out, sx_error *err)
{
    sx_i_edited edited = {.text = of->text, .size = of->text_size};
    edited.rd.path = of->path;
    edited.rd.file = of->file;
    sx_status st = sx_diags_source(d, of->file, of->text, of->text_size, err);
    if (!st && e)
        st = sx_i_edited_open(of, e->edit, e->step, d, &edited, err);
    edited.rd.diags = d;
    edited.rd.err = err;
    edited.rd.spec = out->spec;
    if (!st)
        st = sx_i_input_copy(of, out->spec, err);
    if (!st)
        st = read_text(&edited.rd, before, edited.text, edited.size, id, out);
    sx_i_edited_close(&edited);
    return st;
}

sx_status sx_exact_read(const sx_spec *spec, const sx_exact_edit *edit, const char *const id[2],
                        sx_diags *d, sx_exact **out, sx_error *err)
{
    sx_error local = SX_NO_ERROR;
    const sx_spec *of = edit ? edit->of : spec;
    *out = NULL;
    if (!of->text)
        return sx_fail(err, SX_EARG, "an edited world is read from its specification");
    sx_exact *x = sx_alloc(1, sizeof *x);
    sx_status st = x ? sx_fence_new(&x->fence, &local) : sx_nomem(&local);
    if (!st)
        x->spec = sx_alloc(1, sizeof *x->spec);
    if (!st && !x->spec)
        st = sx_nomem(&local);
    if (!st)
        st = read_source(spec, of, edit, id, d, x, &local);
    if (st)
        st = sx_fail(err, st, "%s",
                     local.msg[0] ? local.msg : "the specification has no exact reading");
    *out = st ? sx_exact_free(x) : x;
    return st;
}
