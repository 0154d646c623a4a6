/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_new.c - new: a commented specification to start from. */
#include "cli/cli.h"

#include <string.h>

static const char *choice_kind(int32_t i)
{
    return sx_templates[i].kind;
}

sx_status sx_verb_new(sx_cli *c, sx_error *err)
{
    const char *kind = c->o.arg[0], *near;
    char kinds[120] = "";
    size_t used = 0;
    for (const sx_template *t = sx_templates; t->kind; t++) {
        if (!strcmp(t->kind, kind)) {
            sx_text_put(&c->text, t->text);
            return SX_OK;
        }
        used += (size_t)snprintf(kinds + used, sizeof kinds - used, "%s%s", used ? ", " : "",
                                 t->kind);
    }
    near = sx_nearest(choice_kind, kind);
    return sx_cli_fail(c, "E509", err, "no kind '%.60s': give one of %s%s%s%s", kind, kinds,
                       near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}
