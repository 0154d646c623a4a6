/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact_show.c - two policies that two rewards order differently, in rational
 * numbers.
 *
 * Two rewards whose advantages A_a and A_b are no positive multiples of each other are told
 * apart by two policies: the uniform one and one a step away from it.  With d the discounted
 * occupancy of the uniform policy, <x,y> = sum_s d(s) sum_a x(s,a) y(s,a) and the direction
 *
 *     delta = p A_a - q A_b,     <A_a,A_b>/<A_a,A_a>  <  p/q  <  <A_b,A_b>/<A_a,A_b>
 *
 * (p = q where <A_a,A_b> <= 0; the interval is none by the inequality of Cauchy and Schwarz
 * only where the two are multiples) <delta,A_a> > 0 > <delta,A_b>: to first order these are the
 * changes of the returns, so that a step that is small enough raises the one under a and lowers
 * the one under b. */
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

/* to = sum_k d x y, d of the state that k leaves. */
static void inner(sx_i_problem *p, mpq_srcptr d, mpq_srcptr x, mpq_srcptr y, mpq_ptr to)
{
    mpq_set_ui(to, 0, 1);
    for (int32_t k = 0; k < p->m->pairs; k++) {
        mpq_mul(p->y, x + k, y + k);
        sx_i_add_product(to, p->y, d + sx_mdp_pair_state(p->m, k), p->x);
    }
}

/* p->delta = p A_a - q A_b with 1/q = 1 and p between the bounds. */
static void fill_delta(sx_i_problem *p, mpq_srcptr d, const sx_i_exact_verdict *v)
{
    mpq_t aa, ab, bb;
    mpq_inits(aa, ab, bb, NULL);
    inner(p, d, p->a.advantage, p->a.advantage, aa);
    inner(p, d, p->a.advantage, p->b.advantage, ab);
    inner(p, d, p->b.advantage, p->b.advantage, bb);
    if (!v->trivial_a && mpq_sgn(ab) > 0) {
        mpq_div(bb, bb, ab);
        mpq_div(aa, ab, aa);
        mpq_add(aa, aa, bb);
        mpq_div_2exp(aa, aa, 1);
    } else {
        mpq_set_ui(aa, 1, 1);
    }
    for (int32_t k = 0; k < p->m->pairs; k++) {
        mpq_mul(p->delta + k, aa, p->a.advantage + k);
        mpq_sub(p->delta + k, p->delta + k, p->b.advantage + k);
        if (mpq_sgn(d + sx_mdp_pair_state(p->m, k)) == 0)
            mpq_set_ui(p->delta + k, 0, 1);
    }
    mpq_clears(aa, ab, bb, NULL);
}

/* Divide delta by the largest |delta|, at place k. */
static void scale_delta(sx_i_problem *p)
{
    int32_t k = sx_i_problem_peak(p, p->delta, false);
    if (k < 0)
        return;
    mpq_abs(p->y, p->delta + k);
    for (int32_t i = 0; i < p->m->pairs; i++)
        mpq_div(p->delta + i, p->delta + i, p->y);
}

/* p->policy[0]: delta rounded to multiples of 2^-bits, still of sum 0 in each state. */
static void round_delta(sx_i_problem *p, unsigned bits)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_ptr last = p->policy[0] + m->pair[s + 1] - 1;
        mpq_set_ui(last, 0, 1);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] - 1; k++) {
            mpq_ptr to = p->policy[0] + k;
            mpq_mul_2exp(to, p->delta + k, bits);
            mpz_fdiv_q(mpq_numref(to), mpq_numref(to), mpq_denref(to));
            mpz_set_ui(mpq_denref(to), 1);
            mpq_div_2exp(to, to, bits);
            mpq_sub(last, last, to);
        }
    }
}

/* Is delta a direction that shows it to first order? */
static bool points(sx_i_problem *p, mpq_srcptr d, mpq_srcptr delta, const sx_i_exact_verdict *v)
{
    mpq_t a, b;
    mpq_inits(a, b, NULL);
    inner(p, d, delta, p->a.advantage, a);
    inner(p, d, delta, p->b.advantage, b);
    bool ok = v->trivial_a   ? mpq_sgn(b) != 0
              : v->trivial_b ? mpq_sgn(a) != 0
                             : mpq_sgn(a) > 0 && mpq_sgn(b) < 0;
    mpq_clears(a, b, NULL);
    return ok;
}

/* The coarsest rounding of delta that still shows it. */
static void simplify_delta(sx_i_problem *p, mpq_srcptr d, const sx_i_exact_verdict *v)
{
    static const unsigned bits[] = {2, 8, 24, 53, 120};
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        round_delta(p, bits[i]);
        if (points(p, d, p->policy[0], v)) {
            for (int32_t k = 0; k < p->m->pairs; k++)
                mpq_set(p->delta + k, p->policy[0] + k);
            return;
        }
    }
}

/* The largest power 2^-n with which no probability falls below 0, |delta| being at most
 * most. */
static unsigned first_step(const sx_i_problem *p)
{
    double most = 1;
    for (int32_t s = 0; s < p->m->states; s++)
        for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
            most =
                fmax(most, fabs(mpq_get_d(p->delta + k)) * (p->m->pair[s + 1] - p->m->pair[s]));
    return (unsigned)ceil(log2(most)) + 1;
}

/* A step along delta from the uniform policy, shorter and shorter until it shows. */
static sx_status walk(sx_i_problem *p, const sx_i_exact_verdict *v, bool *shown, sx_error *err)
{
    static const unsigned shorter[] = {0, 4, 16, 64, 256, 1024, 4096};
    unsigned first = first_step(p);
    for (int32_t k = 0; k < p->m->pairs; k++)
        mpq_set(p->policy[1] + k, p->uniform + k);
    sx_status st = returns_of(p, 1, err);
    for (size_t i = 0; i < sizeof shorter / sizeof *shorter && !st && !*shown; i++) {
        for (int32_t k = 0; k < p->m->pairs; k++) {
            mpq_div_2exp(p->policy[0] + k, p->delta + k, first + shorter[i]);
            mpq_add(p->policy[0] + k, p->policy[0] + k, p->uniform + k);
        }
        st = returns_of(p, 0, err);
        *shown = !st && shows(p, v);
    }
    return st;
}

static sx_status construct(sx_i_problem *p, const sx_i_exact_verdict *v, bool *shown,
                           sx_error *err)
{
    const sx_mdp *m = p->m;
    mpq_ptr d = sx_i_rational_new(m->states);
    sx_status st = d ? SX_OK : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        mpq_set(d + s, p->start + s);
    if (!st) {
        sx_i_problem_matrix(p, p->uniform, /*transposed=*/true);
        st = sx_i_rational_solve(m->states, p->matrix, 1, d, err);
    }
    if (!st) {
        fill_delta(p, d, v);
        scale_delta(p);
        simplify_delta(p, d, v);
        st = walk(p, v, shown, err);
    }
    sx_i_rational_free(d, m->states);
    return st;
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
            st = sx_i_fraction_put(&out->exactly->returns[i][c],
                                   p->returns + 2 * (ptrdiff_t)i + c, err);
        out->returns[i] = (sx_both_returns){mpq_get_d(p->returns + 2 * (ptrdiff_t)i),
                                            mpq_get_d(p->returns + 2 * (ptrdiff_t)i + 1), 0, 0};
    }
    for (int c = 0; c < 2; c++) {
        mpq_sub(p->x, p->returns + c, p->returns + 2 + c);
        out->exactly->difference[c] = mpq_get_d(p->x);
    }
    return st;
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
    if (guess->first && guess->second && guess->from_start == from_start &&
        take_doubles(p, 0, guess->first) && take_doubles(p, 1, guess->second)) {
        st = returns_of(p, 0, err);
        if (!st)
            st = returns_of(p, 1, err);
        shown = !st && shows(p, v);
    }
    if (!shown && (!st || st == SX_ELIMIT))
        st = construct(p, v, &shown, err);
    if (st == SX_ELIMIT) /* too long: the two pairs stand for themselves */
        return SX_OK;
    return st || !shown ? st : put_policies(p, out, err);
}
