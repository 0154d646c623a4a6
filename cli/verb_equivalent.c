/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_equivalent.c - equivalent: is one reward another in disguise. */
#include "cli/verb_equivalent.h"

#include "mdp/edit.h"
#include "mdp/exact.h"

static sx_status choose_rewards(sx_cli *c, sx_equivalent_answer *a, sx_error *err)
{
    sx_status st = sx_cli_reward(c, "R1", c->o.arg[1], &a->a, err);
    return st ? st : sx_cli_reward(c, "R2", c->o.arg[2], &a->b, err);
}

/* The answer in rational numbers takes the place of the one in floating point. */
static sx_status decide_exactly(sx_cli *c, sx_equivalent_answer *a, sx_error *err)
{
    sx_exact *x = NULL;
    sx_exact_edit edit = {c->original, -1, -1};
    sx_error local = SX_NO_ERROR;
    const char *const id[2] = {c->spec->reward[a->a].id, c->spec->reward[a->b].id};
    if (c->edit && !sx_spec_edit_find(c->original, c->edit, &edit.edit, &edit.step))
        return sx_fail(err, SX_EFAULT, "the edit %.80s is not there any more", c->edit);
    sx_progress_phase("exact numbers", 0);
    sx_status st = sx_exact_read(c->spec, c->edit ? &edit : NULL, id, c->diags, &x, &local);
    if (!st)
        st = sx_equivalence_decide(x, &a->found, &local);
    if (st == SX_ELIMIT)
        st = sx_cli_fail(c, "E474", err, "%s: leave --exact out", local.msg);
    else if (st)
        st = sx_fail(err, st, "%s", local.msg);
    sx_exact_free(x);
    return st;
}

static sx_status compute(sx_cli *c, sx_equivalent_answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_reward *x = c->spec->reward[a->a].reward, *y = c->spec->reward[a->b].reward;
    sx_equivalence_options o = sx_equivalence_defaults();
    o.tolerance = c->o.number[SX_OPT_TOLERANCE];
    o.trivial = c->o.number[SX_OPT_TRIVIAL];
    o.method = sx_method_find(c->o.text[SX_OPT_METHOD]);
    sx_progress_phase("advantages and policies", 0);
    sx_status st = sx_equivalence_find(m, x, y, &o, &a->found, err);
    if (!st && c->o.given[SX_OPT_EXACT])
        st = decide_exactly(c, a, err);
    if (!st && c->o.given[SX_OPT_EXPLAIN])
        st = sx_rewards_align(m, x, y, &a->alignment, err);
    if (!st && a->found->equivalent != SX_ANSWER_YES)
        c->answer = a->found->equivalent == SX_ANSWER_NO ? SX_EXIT_NO : SX_EXIT_UNCERTIFIED;
    return st;
}

sx_status sx_verb_equivalent(sx_cli *c, sx_error *err)
{
    sx_equivalent_answer a = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = choose_rewards(c, &a, err);
    if (!st)
        st = compute(c, &a, err);
    if (!st) {
        sx_equivalent_put(c, &a);
        sx_equivalent_text(c, &a);
    }
    sx_equivalence_free(a.found);
    return st;
}
