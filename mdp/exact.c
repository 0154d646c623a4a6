/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact.c - the second reading of a specification, in rational numbers.
 *
 * The ordinary reader runs again over the same text for all that is no number; a listener hears
 * which texts gave variables their values.  What it complains about it has said before, so it
 * speaks to a list of messages that nobody sees. */
#include "mdp/exact_int.h"

#include "mdp/file.h"
#include "mdp/grammar.h"
#include "mdp/spec_world_int.h"

#include <math.h>
#include <string.h>

#define SPEC_SIZE ((size_t)64 << 20)

sx_exact *sx_exact_free(sx_exact *x)
{
    if (!x)
        return NULL;
    const sx_mdp *m = x->spec && x->spec->world ? x->spec->world->mdp : NULL;
    if (m) {
        sx_i_rationals_free(x->discount, 1);
        sx_i_rationals_free(x->initial, m->states);
        sx_i_rationals_free(x->prob, m->entries);
        for (int i = 0; i < 2; i++)
            sx_i_rationals_free(x->reward[i], (int64_t)m->pairs * m->states);
    }
    sx_spec_free(x->spec);
    return sx_release(x);
}

sx_status sx_i_exact_refuse(sx_i_exact_reading *x, sx_place place, const char *text,
                            const char *why)
{
    return sx_diag_report(x->rd->diags, place, "E471", "write it with fewer digits",
                          "\"%.40s\" cannot be taken exactly: %s", text, why);
}

sx_status sx_i_exact_attr(sx_i_exact_reading *x, const sx_node *n, const char *name,
                          mpq_ptr out)
{
    const char *text = sx_i_attr(n, name);
    if (!text)
        return SX_EINPUT;
    const char *why = sx_i_rational_read(text, strlen(text), out);
    return why ? sx_i_exact_refuse(x, sx_i_attr_where(n, name), text, why) : SX_OK;
}

/* --- variables -------------------------------------------------------------------------------
 */

/* What the listener heard; variables are complete only when the world is. */
typedef struct heard {
    int32_t variable, index;
    int kind;
    const sx_node *attribute;
} heard;

typedef struct notes {
    int64_t count, room;
    heard *heard;
} notes;

static sx_status listen(void *context, int32_t variable, int kind, int32_t index,
                        const sx_node *attribute)
{
    notes *x = context;
    if (x->count == x->room) {
        int64_t room = 2 * x->room + 64;
        heard *grown = sx_realloc(x->heard, (size_t)room, sizeof *grown);
        if (!grown)
            return SX_EMEM;
        x->heard = grown;
        x->room = room;
    }
    x->heard[x->count++] = (heard){variable, index, kind, attribute};
    return SX_OK;
}

/* The values that the reader computed. */
static sx_status copy_variables(sx_i_exact_reading *x)
{
    const sx_world *w = x->world;
    x->variables = w->variables;
    x->variable = sx_alloc((size_t)w->variables, sizeof *x->variable);
    if (!x->variable)
        return sx_nomem(x->rd->err);
    for (int32_t i = 0; i < w->variables; i++) {
        sx_i_exact_variable *v = &x->variable[i];
        v->count = w->variable[i].of_pairs ? x->m->pairs : x->m->states;
        v->value = sx_i_rationals_new(v->count);
        if (!v->value)
            return sx_nomem(x->rd->err);
        for (int64_t j = 0; j < v->count; j++)
            if (isfinite(w->variable[i].value[j]))
                mpq_set_d(v->value + j, w->variable[i].value[j]);
    }
    return SX_OK;
}

/* The value of the variable from its text instead. */
static sx_status hear(sx_i_exact_reading *x, const heard *h)
{
    mpq_t value;
    sx_i_exact_variable *v = &x->variable[h->variable];
    mpq_init(value);
    sx_status st = sx_i_exact_attr(x, h->attribute, "value", value);
    if (!st && h->kind != SX_I_OF_ACTIONS)
        mpq_set(v->value + h->index, value);
    for (int32_t k = 0; !st && h->kind == SX_I_OF_ACTIONS && k < x->m->pairs; k++)
        if (x->m->action[k] == h->index)
            mpq_set(v->value + k, value);
    mpq_clear(value);
    return st;
}

static sx_status make_variables(sx_i_exact_reading *x, const notes *n)
{
    sx_status st = copy_variables(x);
    for (int64_t i = 0; i < n->count && !sx_i_stops(st); i++)
        st = sx_i_worse(st, hear(x, &n->heard[i]));
    return st;
}

/* --- reading ---------------------------------------------------------------------------------
 */

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

static sx_status check_size(sx_i_exact_reading *x)
{
    int64_t triples = (int64_t)x->m->pairs * x->m->states;
    if (x->m->states <= SX_EXACT_STATES && triples <= SX_EXACT_TRIPLES)
        return SX_OK;
    return sx_diag_report(x->rd->diags, x->node->place, "E474",
                          "leave --exact out: the answer in floating point has bounds of its "
                          "errors",
                          "a world of %d states and %lld triples (s,a,s') is too large for "
                          "exact arithmetic: at most %d and %d",
                          (int)x->m->states, (long long)triples, SX_EXACT_STATES,
                          SX_EXACT_TRIPLES);
}

static sx_status find_rewards(sx_i_exact_reading *x)
{
    for (const sx_node *n = sx_i_first(x->root, "reward"); n; n = sx_i_next(n, "reward"))
        x->rewards++;
    x->element = sx_alloc((size_t)x->rewards, sizeof(void *));
    x->table = sx_alloc((size_t)x->rewards, sizeof(mpq_ptr));
    if (!x->element || !x->table)
        return sx_nomem(x->rd->err);
    int32_t i = 0;
    for (const sx_node *n = sx_i_first(x->root, "reward"); n; n = sx_i_next(n, "reward"))
        x->element[i++] = n;
    return SX_OK;
}

static int32_t reward_of(const sx_i_exact_reading *x, const char *id)
{
    for (int32_t i = 0; i < x->rewards; i++) {
        const char *its = sx_i_attr(x->element[i], "id");
        if (its && strcmp(its, id) == 0)
            return i;
    }
    return -1;
}

static sx_status read_rewards(sx_i_exact_reading *x, const char *const id[2])
{
    int64_t n = (int64_t)x->m->pairs * x->m->states;
    sx_status st = find_rewards(x);
    for (int i = 0; i < 2 && !sx_i_stops(st); i++) {
        int32_t at = reward_of(x, id[i]);
        sx_status one =
            at >= 0 ? sx_i_exact_reward(x, at)
                    : sx_diag_report(x->rd->diags, x->root->place, "E473",
                                     "read its file as a <reward> with an id of its own",
                                     "the reward \"%.60s\" is one of a pattern of files, which "
                                     "have no exact reading",
                                     id[i]);
        st = sx_i_worse(st, one);
        if (!one) {
            mpq_ptr to = sx_i_rationals_new(n);
            x->out->reward[i] = to;
            if (!to)
                return sx_nomem(x->rd->err);
            for (int64_t j = 0; j < n; j++)
                mpq_set(to + j, x->table[at] + j);
        }
    }
    return st;
}

static void reading_clear(sx_i_exact_reading *x)
{
    for (int32_t i = 0; i < x->variables && x->variable; i++)
        sx_i_rationals_free(x->variable[i].value, x->variable[i].count);
    for (int32_t i = 0; i < x->rewards && x->table; i++)
        sx_i_rationals_free(x->table[i], (int64_t)x->m->pairs * x->m->states);
    sx_i_rationals_free(x->share, x->throughs);
    sx_release(x->variable);
    sx_release(x->element);
    sx_release(x->table);
}

/* From the tree, once the ordinary reader has made its world. */
static sx_status read_numbers(sx_i_reading *rd, sx_exact *out, const notes *n,
                              const char *const id[2])
{
    const sx_world *w = rd->spec->world;
    sx_i_exact_reading x = {.rd = rd, .out = out, .world = w, .m = w->mdp};
    x.root = sx_xml_root(rd->xml);
    x.node = world_element(x.root);
    sx_status st = check_size(&x);
    if (!st)
        st = make_variables(&x, n);
    if (!sx_i_stops(st) && x.variable)
        st = sx_i_worse(st, sx_i_exact_world(&x));
    if (!st)
        st = read_rewards(&x, id);
    reading_clear(&x);
    return st;
}

/* The world as the ordinary reader makes it, in silence. */
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

static sx_status changed(sx_error *err, const char *path)
{
    return sx_fail(err, SX_EIO, "%s is not the file that it was when it was read first", path);
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

static sx_status read_all(sx_i_reading *rd, const sx_spec *before, const char *text,
                          size_t size, const char *const id[2], sx_exact *out)
{
    sx_xml *xml = NULL;
    notes n = {0};
    sx_status st = sx_i_input_add(rd, sx_path_name(rd->path), text, size);
    if (!st && !same_inputs(rd->spec, before))
        st = changed(rd->err, rd->path);
    if (!st)
        st = sx_xml_parse(rd->file, text, size, rd->diags, &xml, rd->err);
    rd->xml = xml;
    if (!st)
        st = read_quietly(rd, &n);
    const sx_mdp *m = st ? NULL : rd->spec->world->mdp;
    if (st == SX_EINPUT || (!st && (!m || m->states != before->world->mdp->states ||
                                    m->pairs != before->world->mdp->pairs ||
                                    m->entries != before->world->mdp->entries)))
        st = changed(rd->err, rd->path);
    if (!st)
        st = read_numbers(rd, out, &n, id);
    if (!st && !same_inputs(rd->spec, before))
        st = changed(rd->err, rd->path);
    sx_diags_forget(rd->diags, NULL);
    for (int32_t i = 0; i < rd->texts; i++)
        sx_release(rd->text[i]);
    sx_release(rd->text);
    sx_release(n.heard);
    sx_xml_free(xml);
    return st;
}

sx_status sx_exact_read(const char *path, const sx_spec *spec, const char *const id[2],
                        sx_diags *d, sx_exact **out, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_error local = SX_NO_ERROR;
    *out = NULL;
    if (strcmp(path, "-") == 0)
        return sx_fail(err, SX_EIO, "standard input cannot be read twice");
    sx_exact *x = sx_alloc(1, sizeof *x);
    sx_i_reading rd = {.path = path, .file = path, .diags = d, .err = &local};
    sx_status st = x ? SX_OK : sx_nomem(&local);
    if (!st)
        rd.spec = x->spec = sx_alloc(1, sizeof *rd.spec);
    if (!st && !rd.spec)
        st = sx_nomem(&local);
    if (!st)
        st = sx_file_read(path, SPEC_SIZE, &bytes, &size, &local);
    if (!st)
        st = read_all(&rd, spec, (const char *)bytes, size, id, x);
    sx_release(bytes);
    if (st)
        st = sx_fail(err, st, "%s", local.msg[0] ? local.msg : "the file has no exact reading");
    *out = st ? sx_exact_free(x) : x;
    return st;
}
