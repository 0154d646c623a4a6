/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_convert.c - convert: the same world in another form, all files or none. */
#include "cli/certificate.h"

sx_status sx_verb_convert(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_OUTPUT];
    sx_status st;
    if (!path)
        return sx_cli_fail(c, "E505", err, "convert needs --output FILE: .xml, .npy or .csv");
    st = sx_cli_form_check(c, "--output", path, err);
    if (!st)
        st = sx_cli_read(c, err);
    return st ? st : sx_cli_export(c, c->spec, path, err);
}
