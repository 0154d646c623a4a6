/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar_doc.c - the table as a reference page in Markdown. */
#include "mdp/grammar_int.h"

#include <string.h>

/* Text of a table cell: a bar would end it. */
static void cell(sx_i_text *t, const char *text)
{
    for (; *text; text++)
        if (*text == '|')
            sx_i_text_put(t, "\\|", 2);
        else
            sx_i_text_put(t, text, 1);
}

static void type_of(sx_i_text *t, const sx_rule *r)
{
    if (r->kind == SX_VALUE_CHOICE) {
        sx_i_text_add(t, "`");
        sx_i_choices_text(t, r->choices);
        sx_i_text_add(t, "`");
    } else {
        sx_i_text_add(t, "[%s](#types-of-values)", sx_value_types[r->kind].name);
    }
}

static void attributes(sx_i_text *t, const sx_rule *r)
{
    if (!r)
        return;
    sx_i_text_add(t, "\n| attribute | value | default | meaning |\n|---|---|---|---|\n");
    for (; r->name; r++) {
        sx_i_text_add(t, "| `%s` | ", r->name);
        type_of(t, r);
        const char *tick = r->fallback ? "`" : "";
        sx_i_text_add(t, " | %s%s%s | ", tick,
                      r->required   ? "required"
                      : r->fallback ? r->fallback
                                    : "",
                      tick);
        cell(t, r->meaning);
        sx_i_text_add(t, " |\n");
    }
}

static void element(sx_i_text *t, const sx_element *e)
{
    sx_i_text_add(t, "\n## `<%s>`\n\n", e->name);
    sx_i_text_put(t, e->meaning, strlen(e->meaning));
    sx_i_text_add(t, ".\n");
    if (e->content) {
        sx_i_text_add(t, "\nContent: `");
        sx_i_content_text(t, e);
        sx_i_text_add(t, "`\n");
    }
    if (e->text)
        sx_i_text_add(t, "\nText: %s.\n", e->text);
    attributes(t, e->rules);
}

sx_status sx_grammar_markdown(char **text, sx_error *err)
{
    sx_i_text t = {0};
    sx_i_text_add(&t, "# Elements of a specification\n\n"
                      "In the content of an element `?` means at most once, `*` any number of "
                      "times, `+` at least once, `|` or; the order is as written.\n");
    for (const sx_element *e = sx_grammar; e->type; e++)
        element(&t, e);
    sx_i_text_add(&t, "\n## Types of values\n\n| type | what it is |\n|---|---|\n");
    for (size_t i = 0; i < SX_VALUE_KINDS; i++)
        if (sx_value_types[i].name)
            sx_i_text_add(&t, "| %s | %s |\n", sx_value_types[i].name, sx_value_types[i].what);
    return sx_i_text_take(&t, text, err);
}
