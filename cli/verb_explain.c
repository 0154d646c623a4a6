/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_explain.c - explain: message codes and terms. */
#include "cli/cli.h"

#include "mdp/codes.h"

static const char *choice_code(int32_t i)
{
    return sx_codes[i].code;
}

static void put_code(sx_cli *c, sx_value *list, const sx_code *code)
{
    sx_value *v = sx_put_object(&c->report, list, NULL);
    sx_put_text(&c->report, v, "code", code->code);
    sx_put_text(&c->report, v, "title", code->title);
    sx_put_text(&c->report, v, "text", code->text);
    sx_put_text(&c->report, v, "example", code->example);
}

/* The lines of an example, indented. */
static void put_example(sx_text *t, const char *text)
{
    sx_text_put(t, "    ");
    for (; *text; text++) {
        sx_text_add(t, text, 1);
        if (*text == '\n' && text[1])
            sx_text_put(t, "    ");
    }
    sx_text_put(t, "\n");
}

static void explain_one(sx_cli *c, sx_value *list, const sx_code *code)
{
    put_code(c, list, code);
    sx_text_format(&c->text, "%s: %s\n\n", code->code, code->title);
    sx_text_wrap(&c->text, code->text, 0, 0, 80);
    if (*code->example) {
        sx_text_put(&c->text, "\n\n");
        put_example(&c->text, code->example);
    } else {
        sx_text_put(&c->text, "\n");
    }
}

static void explain_all(sx_cli *c, sx_value *list)
{
    sx_table table = {.columns = 2, .align = "ll"};
    for (const sx_code *code = sx_codes; code->code; code++) {
        put_code(c, list, code);
        sx_table_cell(&table, code->code);
        sx_table_cell(&table, code->title);
    }
    sx_text_put(&c->text, "Codes and terms; sextant explain CODE says more of one.\n\n");
    sx_table_write(&table, &c->text);
    sx_table_clear(&table);
}

sx_status sx_verb_explain(sx_cli *c, sx_error *err)
{
    const char *asked = c->o.args ? c->o.arg[0] : NULL;
    const sx_code *code = asked ? sx_code_find(asked) : NULL;
    if (asked && !code) {
        const char *near = sx_nearest(choice_code, asked);
        return sx_cli_fail(c, "E508", err,
                           "no code or term '%.60s'%s%s%s; sextant explain lists all", asked,
                           near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
    }
    sx_report_start(&c->report, NULL, NULL, &c->o);
    c->report.rows = sx_put_list(&c->report, c->report.root, "codes");
    if (code)
        explain_one(c, c->report.rows, code);
    else
        explain_all(c, c->report.rows);
    return SX_OK;
}
