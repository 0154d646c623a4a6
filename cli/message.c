/* SPDX-License-Identifier: GPL-3.0-or-later */
/* message.c - what goes to standard error. */
#include "cli/cli.h"

#include <inttypes.h>

static bool show(sx_cli *c, const sx_diag *d)
{
    char *text = sx_diag_text(d);
    if (text)
        fputs(text, c->err);
    sx_release(text);
    return text != NULL;
}

bool sx_cli_diags(sx_cli *c)
{
    bool good = true;
    int64_t errors = sx_diags_errors(c->diags), warnings = sx_diags_warnings(c->diags);
    bool quiet = c->o.given[SX_OPT_QUIET];
    for (int32_t i = 0; i < sx_diags_count(c->diags); i++) {
        const sx_diag *d = sx_diags_get(c->diags, i);
        bool warning = d->code[0] == 'W';
        errors -= !warning;
        warnings -= warning;
        if (!warning || !quiet)
            good = show(c, d) && good;
    }
    if (errors > 0)
        fprintf(c->err, "... and %" PRId64 " more error%s\n", errors, errors > 1 ? "s" : "");
    if (warnings > 0 && !quiet)
        fprintf(c->err, "... and %" PRId64 " more warning%s\n", warnings,
                warnings > 1 ? "s" : "");
    return good;
}

void sx_cli_error(sx_cli *c, const sx_error *err)
{
    const char *code = *c->code ? c->code : c->o.code;
    if (c->diags && sx_diags_errors(c->diags) > 0 && !*code && err->status == SX_EINPUT)
        return; /* all has been said, with its place */
    fprintf(c->err, "sextant: error%s%s%s: %s\n", *code ? "[" : "", code, *code ? "]" : "",
            *err->msg ? err->msg : sx_status_text(err->status));
}
