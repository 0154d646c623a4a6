/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_permute.c - the numbers of a world that an edit permutes: X'(s,a,s') = X(es,ea,es'). */
#include "mdp/exact_int.h"

#include "mdp/edit_int.h"
#include "mdp/permute.h"

typedef struct moving {
    const sx_mdp *from, *to;
    const int32_t *state, *action; /* e */
} moving;

/* The pair of `from` that pair k of `to` was. */
static int32_t old_pair(const moving *v, int32_t k)
{
    int32_t s = v->state[sx_mdp_pair_state(v->to, k)];
    return sx_mdp_pair(v->from, s, v->action[v->to->action[k]]);
}

static mpq_ptr move_rows(const moving *v, mpq_srcptr old)
{
    const sx_mdp *m = v->to;
    mpq_ptr new = sx_rationals_new((int64_t)m->pairs * m->states);
    for (int32_t k = 0; k < m->pairs; k++) {
        mpq_srcptr row = old + (int64_t)old_pair(v, k) * m->states;
        for (int32_t next = 0; next < m->states; next++)
            mpq_set(new + (int64_t)k * m->states + next, row + v->state[next]);
    }
    return new;
}

static void move_numbers(const moving *v, sx_exact *out)
{
    const sx_mdp *m = v->to;
    mpq_ptr initial = sx_rationals_new(m->states), prob = sx_rationals_new(m->entries);
    for (int32_t s = 0; s < m->states; s++)
        mpq_set(initial + s, (mpq_srcptr)out->initial + v->state[s]);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            mpq_set(prob + t, (mpq_srcptr)out->prob +
                                  sx_mdp_entry(v->from, old_pair(v, k), v->state[m->next[t]]));
    out->initial = initial;
    out->prob = prob;
    for (int i = 0; i < 2; i++)
        out->reward[i] = move_rows(v, out->reward[i]);
}

sx_status sx_i_exact_permute(sx_i_exact_reading *x)
{
    sx_mdp *to = NULL;
    const sx_edit *e = x->rd->edit;
    bool any = false;
    for (int32_t i = 0; e && i < e->ops; i++)
        any = any || e->op[i].kind == SX_I_PERMUTE;
    if (!any)
        return SX_OK;
    int32_t *state = sx_fence_alloc((size_t)x->m->states, sizeof *state);
    int32_t *action = sx_fence_alloc((size_t)x->m->actions, sizeof *action);
    sx_status st =
        sx_i_permutation(e, x->rd->step, x->world, state, action, x->rd->diags, x->rd->err);
    if (!st)
        st = sx_mdp_permute(x->m, state, action, &to, x->rd->err);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_MDP, to);
    if (st)
        return st;
    const moving v = {x->m, to, state, action};
    move_numbers(&v, x->out);
    return sx_i_permute_apply(x->rd);
}
