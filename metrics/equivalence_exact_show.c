/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact_show.c - two policies that two rewards order differently, in rational
 * numbers: those that floating point found, if their exact returns show it, else new ones. */
#include "metrics/equivalence_exact_int.h"

#include <math.h>

/* p->returns of both rewards under p->policy[i] from p->start. */
static sx_status returns_of(sx_i_problem *p, int i, sx_error *err)
{
    sx_status st = sx_i_problem_evaluate(p, p->policy[i], err);
    for (int c = 0; c < 2 && !st; c++) {
        mpq_ptr j = p->returns + 2 * (ptrdiff_t)i + c;
        mpq_set_ui(j, 0, 1);
        for (int32_t s = 0; s < p->m->states; s++)
            sx_i_add_product(j, p->start + s, p->values + 2 * (ptrdiff_t)s + c, p->x);
    }
    return st;
}

/* Does a prefer the first policy, and b the second?  Where one is trivial: does the other tell
 * them apart? */
static bool shows(const sx_i_problem *p, const sx_i_exact_verdict *v)
{
    int a = mpq_cmp(p->returns, p->returns + 2), b = mpq_cmp(p->returns + 1, p->returns + 3);
    if (v->trivial_a || v->trivial_b)
        return (a != 0) != (b != 0);
    return a > 0 && b < 0;
}

/* Doubles divided by their exact sums. */
static bool take_doubles(sx_i_problem *p, int i, const double *pi)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_set_ui(p->x, 0, 1);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (!(pi[k] >= 0) || !isfinite(pi[k]))
                return false;
            mpq_set_d(p->policy[i] + k, pi[k]);
            mpq_add(p->x, p->x, p->policy[i] + k);
        }
        if (mpq_sgn(p->x) <= 0)
            return false;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            mpq_div(p->policy[i] + k, p->policy[i] + k, p->x);
    }
    return true;
}

static sx_status put_policies(sx_i_problem *p, sx_equivalence *out, sx_error *err)
{
    const sx_mdp *m = p->m;
    double **pi[2] = {&out->first, &out->second};
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        if (!*pi[i])
            *pi[i] = sx_alloc((size_t)m->pairs, sizeof **pi[i]);
        st = *pi[i] ? sx_i_fractions_put(&out->exactly->policy[i], p->policy[i], m->pairs, err)
                    : sx_nomem(err);
        for (int32_t k = 0; !st && k < m->pairs; k++)
            (*pi[i])[k] = mpq_get_d(p->policy[i] + k);
        for (int c = 0; c < 2 && !st; c++)
            st = sx_i_rational_text(&out->exactly->returns[i][c],
                                    p->returns + 2 * (ptrdiff_t)i + c, err);
        out->returns[i] = (sx_both_returns){mpq_get_d(p->returns + 2 * (ptrdiff_t)i),
                                            mpq_get_d(p->returns + 2 * (ptrdiff_t)i + 1), 0, 0};
    }
    for (int c = 0; c < 2 && !st; c++) {
        mpq_sub(p->x, p->returns + c, p->returns + 2 + c);
        out->exactly->difference[c] = mpq_get_d(p->x);
        sx_i_rational_decimal(p->x, out->exactly->rounded[c]);
        st = sx_i_rational_text(&out->exactly->apart[c], p->x, err);
    }
    return st;
}

/* Do the policies that floating point found show it?  Where their numbers get too long that
 * does not matter. */
static sx_status try_guess(sx_i_problem *p, const sx_i_exact_verdict *v,
                           const sx_equivalence *guess, bool *shown, sx_error *err)
{
    sx_error local = SX_NO_ERROR;
    if (!take_doubles(p, 0, guess->first) || !take_doubles(p, 1, guess->second))
        return SX_OK;
    sx_status st = returns_of(p, 0, &local);
    if (!st)
        st = returns_of(p, 1, &local);
    *shown = !st && shows(p, v);
    return st && st != SX_ELIMIT ? sx_fail(err, st, "%s", local.msg) : SX_OK;
}

sx_status sx_i_exact_show(sx_i_problem *p, const sx_i_exact_verdict *v, bool from_start,
                          const sx_equivalence *guess, sx_equivalence *out, sx_error *err)
{
    bool shown = false;
    sx_status st = SX_OK;
    out->from_start = from_start;
    for (int32_t s = 0; s < p->m->states; s++) {
        if (from_start)
            mpq_set(p->start + s, p->initial + s);
        else
            mpq_set_ui(p->start + s, 1, (unsigned long)p->m->states);
    }
    if (guess->first && guess->second && guess->from_start == from_start)
        st = try_guess(p, v, guess, &shown, err);
    if (!st && !shown) {
        st = sx_i_exact_move(p, v, from_start, err);
        if (!st && !shows(p, v))
            st = sx_fail(err, SX_EFAULT, "two policies do not show that the orders differ");
    }
    return st ? st : put_policies(p, out, err);
}
