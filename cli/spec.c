/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.c - the specification of a call: reading it, naming its parts. */
#include "cli/cli.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "mdp/file.h"

const char *sx_cli_path(const sx_cli *c)
{
    return c->o.arg[0];
}

sx_status sx_cli_read(sx_cli *c, sx_error *err)
{
    const char *path = sx_cli_path(c);
    sx_status st;
    sx_progress_phase("reading", 0);
    st = sx_spec_read(path, c->diags, &c->spec, err);
    if (!st)
        st = sx_cli_edit(c, err);
    sx_progress_phase("computing", 0);
    if (!st && c->o.given[SX_OPT_VERBOSE])
        for (int32_t i = 0; i < c->spec->inputs; i++)
            fprintf(c->err, "read %s (SHA-256 %.12s...)\n", c->spec->input[i].name,
                    c->spec->input[i].sha256);
    if (!st)
        sx_report_start(&c->report, c->spec, path, &c->o);
    if (!st && c->edit)
        sx_put_text(&c->report, c->report.root, "edit", c->edit);
    return st;
}

/* Whether both are one file that exists. */
static bool is_same(const char *a, const char *b)
{
    struct stat x, y;
    return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* *same: whether path is one of the files beside it that spec was read from. */
static sx_status is_input(const sx_cli *c, const sx_spec *spec, const char *path, bool *same,
                          sx_error *err)
{
    for (int32_t i = 1; spec && i < spec->inputs && !*same; i++) {
        char *input = sx_path_beside(sx_cli_path(c), spec->input[i].name);
        if (!input)
            return sx_nomem(err);
        *same = is_same(path, input);
        sx_release(input);
    }
    return SX_OK;
}

sx_status sx_cli_guard(sx_cli *c, const char *path, sx_error *err)
{
    bool same = c->spec && is_same(path, sx_cli_path(c));
    same = same || (c->table && is_same(path, c->table));
    sx_status st = is_input(c, c->spec, path, &same, err);
    if (!st)
        st = is_input(c, c->original, path, &same, err);
    if (st)
        return st;
    return same ? sx_cli_fail(c, "E512", err,
                              "writing %.120s would overwrite what was read; give another name",
                              path)
                : SX_OK;
}

/* All ids of the rewards, for a message. */
static void list_rewards(const sx_spec *spec, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int32_t i = 0; i < spec->rewards && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "",
                                 spec->reward[i].id);
}

sx_status sx_cli_reward(sx_cli *c, const char *what, const char *id, int32_t *index,
                        sx_error *err)
{
    char known[240];
    *index = sx_spec_reward(c->spec, id);
    if (*index >= 0)
        return SX_OK;
    list_rewards(c->spec, known, sizeof known);
    return sx_cli_fail(c, "E507", err, "%s '%.80s' is no reward of %.80s; it has %s", what, id,
                       sx_cli_path(c), *known ? known : "none");
}

int32_t sx_cli_usual_truth(const sx_spec *spec)
{
    int32_t r = sx_spec_reward(spec, "true");
    return r < 0 ? 0 : r;
}

const char *sx_cli_title(const sx_cli *c)
{
    if (c->title)
        return c->title;
    return *c->spec->title ? c->spec->title : c->spec->id;
}

void sx_cli_sizes(sx_cli *c, int32_t unreachable)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_text *t = &c->text;
    sx_text_format(t, "%" PRId32 " state%s", m->states, m->states == 1 ? "" : "s");
    if (unreachable)
        sx_text_format(t, " (%" PRId32 " unreachable)", unreachable);
    sx_text_format(t,
                   ", %" PRId32 " action%s, %" PRId32 " pair%s, %" PRId64
                   " transition%s, discount %g\n",
                   m->actions, m->actions == 1 ? "" : "s", m->pairs, m->pairs == 1 ? "" : "s",
                   m->entries, m->entries == 1 ? "" : "s", m->discount);
}

const char *sx_cli_state(const sx_cli *c, int32_t s, sx_cli_name *n)
{
    return sx_names_get(c->spec->world->states, s, n->buffer);
}

const char *sx_cli_action(const sx_cli *c, int32_t a, sx_cli_name *n)
{
    return sx_names_get(c->spec->world->actions, a, n->buffer);
}

sx_status sx_cli_unreachable(const sx_cli *c, int32_t *count, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    unsigned char *reached = sx_alloc((size_t)m->states, 1);
    sx_status st = reached ? sx_mdp_reachable(m, reached, count, err) : sx_nomem(err);
    *count = st ? 0 : m->states - *count;
    sx_release(reached);
    return st;
}
