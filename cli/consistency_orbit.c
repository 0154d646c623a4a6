/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_orbit.c - how far rewards are from any truth that the neutral permutations leave
 * alone. */
#include "cli/verb_consistency.h"

sx_status sx_cli_consistency_orbit(sx_cli *c, int32_t truth, sx_error *err)
{
    (void)truth;
    (void)err;
    if ((sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_JSON)
        sx_put_list(&c->report, c->report.root, "orbit");
    return SX_OK;
}
