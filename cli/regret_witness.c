/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_witness.c - the two policies of a worst case, in the result and as a file.
 *
 * A policy is {state: {action: p}}, without the actions that it never takes; in unreachable
 * states, where nothing depends on it, it is uniform. */
#include "cli/verb_regret.h"

#include <inttypes.h>
#include <string.h>

#include "mdp/export.h"
#include "mdp/file.h"

enum {
    INLINE_ENTRIES = 1000000 /* states times policies in one result */
};

void sx_regret_put_witness(sx_cli *c, sx_value *parent, const sx_regret_answer *a,
                           const sx_regret_row *x)
{
    sx_report *r = &c->report;
    int32_t states = c->spec->world->mdp->states;
    sx_value *v = sx_put_object(r, parent, "witness");
    if (states <= SX_INLINE_STATES && (int64_t)states * a->count * 2 <= INLINE_ENTRIES) {
        sx_cli_put_policy(c, v, "high", x->regret->high);
        sx_cli_put_policy(c, v, "low", x->regret->low);
        return;
    }
    sx_put_null(r, v, "high");
    sx_put_null(r, v, "low");
    sx_put_text(r, v, "reason", "too large to stand here: --witness FILE writes it");
}

sx_status sx_regret_witness_guard(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_WITNESS], *output = c->o.text[SX_OPT_OUTPUT];
    if (!path)
        return SX_OK;
    if (!strcmp(path, "-") || (output && !strcmp(path, output)))
        return sx_cli_fail(c, "E506", err,
                           "--witness %.120s is where the result goes: give another file",
                           path);
    sx_status st = sx_cli_guard(c, path, err);
    return st || !output ? st : sx_cli_guard(c, output, err);
}

/* --- the file: written as it is made, a tree of a large world would not fit --- */

static void write_policy(const sx_cli *c, sx_text *t, const char *name, const double *pi)
{
    const sx_mdp *m = c->spec->world->mdp;
    char number[32];
    sx_text_format(t, "        \"%s\": {", name);
    for (int32_t s = 0; s < m->states; s++) {
        sx_cli_name n;
        bool first = true;
        sx_text_put(t, s ? ",\n          " : "\n          ");
        sx_report_string(t, sx_cli_state(c, s, &n));
        sx_text_put(t, ": {");
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (!(pi[k] > 0))
                continue;
            sx_number_write(pi[k], number);
            sx_text_put(t, first ? "" : ", ");
            sx_report_string(t, sx_cli_action(c, m->action[k], &n));
            sx_text_format(t, ": %s", number);
            first = false;
        }
        sx_text_put(t, "}");
    }
    sx_text_put(t, "\n        }");
}

static void write_returns(sx_text *t, const char *name, const sx_returns *j)
{
    char truth[32], proxy[32];
    sx_number_write(j->truth, truth);
    sx_number_write(j->proxy, proxy);
    sx_text_format(t, "\"%s\": {\"true\": %s, \"proxy\": %s}", name, truth, proxy);
}

static void write_row(const sx_cli *c, sx_text *t, const sx_regret_row *x)
{
    char number[32];
    sx_number_write(x->regret->worst_case, number);
    sx_text_put(t, "    {\n      \"true\": ");
    sx_report_string(t, c->spec->reward[x->truth].id);
    sx_text_put(t, ",\n      \"proxy\": ");
    sx_report_string(t, c->spec->reward[x->proxy].id);
    sx_text_format(t, ",\n      \"worst_case\": %s,\n      \"returns\": {", number);
    write_returns(t, "high", &x->witness.high);
    sx_text_put(t, ", ");
    write_returns(t, "low", &x->witness.low);
    sx_text_put(t, "},\n      \"witness\": {\n");
    write_policy(c, t, "high", x->regret->high);
    sx_text_put(t, ",\n");
    write_policy(c, t, "low", x->regret->low);
    sx_text_put(t, "\n      }\n    }");
}

/* What the file is about, as at the top of every result, still open at the end. */
static void write_head(const sx_cli *c, sx_text *t)
{
    sx_report r = {0};
    sx_report_start(&r, c->spec, sx_cli_path(c), &c->o);
    sx_report_json(&r, t);
    sx_report_clear(&r);
    while (!t->failed && t->size > 0 && strchr("}\n", t->bytes[t->size - 1]))
        t->bytes[--t->size] = '\0';
    sx_text_put(t, ",\n  \"pairs\": [\n");
}

sx_status sx_regret_witness_file(sx_cli *c, const sx_regret_answer *a, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_WITNESS];
    sx_text t = {0};
    sx_progress_phase("writing the witness", 0);
    write_head(c, &t);
    for (int32_t i = 0; i < a->count && !t.failed; i++) {
        sx_text_put(&t, i ? ",\n" : "");
        write_row(c, &t, &a->row[i]);
    }
    sx_text_put(&t, "\n  ]\n}\n");
    sx_status st = t.failed ? sx_nomem(err) : sx_file_write(path, t.bytes, t.size, err);
    if (!st && c->o.given[SX_OPT_VERBOSE])
        fprintf(c->err, "wrote %s (%zu bytes)\n", path, t.size);
    sx_text_clear(&t);
    return st;
}
