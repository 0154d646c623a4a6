/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.c - a policy in a result: {state: {action: p}} without the actions never taken. */
#include "cli/cli.h"

void sx_cli_put_policy(sx_cli *c, sx_value *parent, const char *name, const double *pi)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    sx_value *policy = sx_put_object(r, parent, name);
    for (int32_t s = 0; s < m->states && !r->failed; s++) {
        sx_cli_name n;
        sx_value *v = sx_put_object(r, policy, sx_cli_state(c, s, &n));
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            if (pi[k] > 0)
                sx_put_number(r, v, sx_cli_action(c, m->action[k], &n), pi[k]);
    }
}
