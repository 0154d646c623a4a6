/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact.c - equivalence decided in rational arithmetic.
 *
 * The advantages A_a and A_b under the uniform policy are exact, and so is the test whether
 * A_b = alpha A_a with alpha > 0.  Nothing is rounded but what is shown as a double. */
#include "metrics/equivalence_exact_int.h"

#include "mdp/exact.h"

#include <math.h>

/* --- texts --- */

static void strings_free(char **x, int32_t n)
{
    for (int32_t i = 0; x && i < n; i++)
        sx_release(x[i]);
    sx_release(x);
}

sx_exactly *sx_i_exactly_free(sx_exactly *x)
{
    if (!x)
        return NULL;
    strings_free(x->potential, x->states);
    for (int i = 0; i < 2; i++) {
        strings_free(x->policy[i], x->pairs);
        sx_release(x->apart[i]);
        for (int j = 0; j < 2; j++) {
            sx_release(x->advantage[i][j]);
            sx_release(x->returns[i][j]);
        }
    }
    sx_release(x->scale);
    return sx_release(x);
}

sx_status sx_i_fractions_put(char ***to, mpq_srcptr x, int32_t n, sx_error *err)
{
    if (!*to)
        *to = sx_alloc((size_t)n, sizeof **to);
    sx_status st = *to ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < n && !st; i++)
        st = sx_i_rational_text(&(*to)[i], x + i, err);
    return st;
}

static void side_new(const sx_mdp *m, sx_i_exact_side *x, const void *reward)
{
    x->reward = reward;
    x->mean = sx_rationals_new(m->pairs);
    x->advantage = sx_rationals_new(m->pairs);
    x->value = sx_rationals_new(m->states);
}

static void problem_make(sx_i_problem *p, const sx_exact *x)
{
    const sx_mdp *m = p->m = x->spec->world->mdp;
    mpq_inits(p->x, p->y, NULL);
    p->prob = x->prob;
    p->discount = x->discount;
    p->initial = x->initial;
    p->matrix = sx_rationals_new((int64_t)m->states * m->states);
    p->values = sx_rationals_new(2 * (int64_t)m->states);
    p->uniform = sx_rationals_new(m->pairs);
    p->start = sx_rationals_new(m->states);
    p->returns = sx_rationals_new(4);
    p->reached = sx_fence_alloc((size_t)m->states, 1);
    side_new(m, &p->a, x->reward[0]);
    side_new(m, &p->b, x->reward[1]);
    for (int i = 0; i < 2; i++)
        p->policy[i] = sx_rationals_new(m->pairs);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            mpq_set_ui(p->uniform + k, 1, (unsigned long)(m->pair[s + 1] - m->pair[s]));
}

/* --- values --- */

/* to += x y */
void sx_i_add_product(mpq_ptr to, mpq_srcptr x, mpq_srcptr y, mpq_ptr room)
{
    if (mpq_sgn(x) == 0 || mpq_sgn(y) == 0)
        return;
    mpq_mul(room, x, y);
    mpq_add(to, to, room);
}

/* p->matrix = I - gamma P under pi. */
void sx_i_problem_matrix(sx_i_problem *p, mpq_srcptr pi)
{
    const sx_mdp *m = p->m;
    int64_t n = m->states;
    for (int64_t i = 0; i < n * n; i++)
        mpq_set_si(p->matrix + i, i % (n + 1) == 0, 1);
    for (int32_t k = 0; k < m->pairs; k++) {
        int64_t s = sx_mdp_pair_state(m, k);
        mpq_mul(p->y, p->discount, pi + k);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            mpq_ptr at = p->matrix + s * n + m->next[t];
            mpq_mul(p->x, p->y, p->prob + t);
            mpq_sub(at, at, p->x);
        }
    }
}

/* p->values [S,2] of both rewards under pi. */
sx_status sx_i_problem_evaluate(sx_i_problem *p, mpq_srcptr pi, sx_error *err)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_ptr a = p->values + 2 * (ptrdiff_t)s, b = a + 1;
        mpq_set_ui(a, 0, 1);
        mpq_set_ui(b, 0, 1);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            sx_i_add_product(a, pi + k, p->a.mean + k, p->x);
            sx_i_add_product(b, pi + k, p->b.mean + k, p->x);
        }
    }
    sx_i_problem_matrix(p, pi);
    return sx_i_rational_solve(m->states, p->matrix, 2, p->values, err);
}

static void fill_mean(sx_i_problem *p, sx_i_exact_side *x)
{
    const sx_mdp *m = p->m;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            sx_i_add_product(x->mean + k, p->prob + t,
                             x->reward + (int64_t)k * m->states + m->next[t], p->x);
}

/* Values are those of column c. */
static void fill_advantage(sx_i_problem *p, sx_i_exact_side *x, int32_t c)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++)
        mpq_set(x->value + s, p->values + 2 * (ptrdiff_t)s + c);
    for (int32_t k = 0; k < m->pairs; k++) {
        mpq_set_ui(p->y, 0, 1);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            sx_i_add_product(p->y, p->prob + t, x->value + m->next[t], p->x);
        mpq_mul(p->y, p->y, p->discount);
        mpq_add(p->y, p->y, x->mean + k);
        mpq_sub(x->advantage + k, p->y, x->value + sx_mdp_pair_state(m, k));
    }
}

static void find_reached(sx_i_problem *p)
{
    const sx_mdp *m = p->m;
    bool more = mpq_sgn(p->discount) > 0;
    for (int32_t s = 0; s < m->states; s++)
        p->reached[s] = mpq_sgn(p->initial + s) > 0;
    while (more) {
        more = false;
        for (int32_t k = 0; k < m->pairs; k++)
            for (int64_t t = m->first[k];
                 p->reached[sx_mdp_pair_state(m, k)] && t < m->first[k + 1]; t++) {
                more = more || !p->reached[m->next[t]];
                p->reached[m->next[t]] = 1;
            }
    }
}

/* --- the decision --- */

bool sx_i_problem_looks_at(const sx_i_problem *p, bool reached, int32_t s)
{
    return !reached || p->reached[s];
}

static bool looked_at(const sx_i_problem *p, bool reached, int32_t k)
{
    return sx_i_problem_looks_at(p, reached, sx_mdp_pair_state(p->m, k));
}

/* The pair with the largest |x|, -1 when all are zero. */
int32_t sx_i_problem_peak(const sx_i_problem *p, mpq_srcptr x, bool reached)
{
    int32_t at = -1;
    for (int32_t k = 0; k < p->m->pairs; k++) {
        bool larger =
            at < 0 ? mpq_sgn(x + k) != 0 : fabs(mpq_get_d(x + k)) > fabs(mpq_get_d(x + at));
        if (looked_at(p, reached, k) && larger)
            at = k;
    }
    return at;
}

/* max |A_b - alpha A_a| / max |A_b|; v->proof[1]: where, -1 for nowhere. */
static double largest_gap(sx_i_problem *p, bool reached, int32_t at_b, sx_i_exact_verdict *v)
{
    mpq_srcptr a = p->a.advantage, b = p->b.advantage;
    double largest = 0;
    for (int32_t k = 0; k < p->m->pairs; k++) {
        mpq_mul(p->x, v->alpha, a + k);
        mpq_sub(p->x, b + k, p->x);
        if (!looked_at(p, reached, k) || mpq_sgn(p->x) == 0)
            continue;
        mpq_div(p->x, p->x, b + at_b);
        if (v->proof[1] < 0 || fabs(mpq_get_d(p->x)) > largest) {
            largest = fabs(mpq_get_d(p->x));
            v->proof[1] = k;
        }
    }
    return largest;
}

static void decide(sx_i_problem *p, bool reached, sx_i_exact_verdict *v)
{
    mpq_srcptr a = p->a.advantage, b = p->b.advantage;
    int32_t at_a = sx_i_problem_peak(p, a, reached), at_b = sx_i_problem_peak(p, b, reached);
    v->trivial_a = at_a < 0;
    v->trivial_b = at_b < 0;
    v->proof[0] = at_a < 0 ? at_b : at_a;
    v->proof[1] = -1;
    v->apart = NAN;
    v->same = at_a < 0 && at_b < 0;
    if (at_a < 0 || at_b < 0)
        return;
    mpq_div(v->alpha, b + at_a, a + at_a);
    v->apart = largest_gap(p, reached, at_b, v);
    v->same = v->proof[1] < 0 && mpq_sgn(v->alpha) > 0;
    v->opposite = v->proof[1] < 0 && mpq_sgn(v->alpha) < 0;
}

/* --- the form --- */

static bool differs_somewhere(sx_i_problem *p, mpq_srcptr alpha, mpq_srcptr phi)
{
    const sx_mdp *m = p->m;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t next = 0; next < m->states; next++) {
            int64_t i = (int64_t)k * m->states + next;
            mpq_mul(p->x, alpha, p->a.reward + i);
            mpq_sub(p->x, p->b.reward + i, p->x);
            mpq_mul(p->y, p->discount, phi + next);
            mpq_sub(p->x, p->x, p->y);
            mpq_add(p->x, p->x, phi + sx_mdp_pair_state(m, k));
            if (mpq_sgn(p->x))
                return true;
        }
    return false;
}

/* The transformations with that scale; p->start becomes the potential. */
static unsigned set_of(sx_i_problem *p, mpq_srcptr alpha)
{
    const sx_mdp *m = p->m;
    mpq_ptr phi = p->start;
    mpq_ptr unit = p->x;
    bool flat = true;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_mul(phi + s, alpha, p->a.value + s);
        mpq_sub(phi + s, phi + s, p->b.value + s);
        flat = flat && mpq_equal(phi + s, phi);
    }
    mpq_set_ui(unit, 1, 1);
    unsigned set = mpq_equal(alpha, unit) ? 0 : SX_BY_SCALE;
    if (!flat)
        set |= SX_BY_SHAPING;
    else if (mpq_sgn(phi))
        set |= SX_BY_SHIFT;
    return set | (differs_somewhere(p, alpha, phi) ? SX_BY_REDISTRIBUTION : 0);
}

static unsigned members(unsigned set)
{
    unsigned n = 0;
    for (; set; set >>= 1)
        n += set & 1U;
    return n;
}

/* alpha = b / a where a is not zero; false when that is not positive. */
static bool ratio(mpq_srcptr a, mpq_srcptr b, int64_t n, mpq_ptr alpha)
{
    int64_t i = 0;
    while (i < n && mpq_sgn(a + i) == 0)
        i++;
    if (i < n)
        mpq_div(alpha, b + i, a + i);
    return i < n && mpq_sgn(alpha) > 0;
}

/* Between trivial rewards the scale is free: 1, or one that makes single numbers equal. */
static void choose_scale(sx_i_problem *p, mpq_ptr alpha)
{
    mpq_t other;
    const sx_mdp *m = p->m;
    mpq_init(other);
    mpq_set_ui(alpha, 1, 1);
    for (int i = 0; i < 2; i++) {
        bool ok = i ? ratio(p->a.mean, p->b.mean, m->pairs, other)
                    : ratio(p->a.reward, p->b.reward, (int64_t)m->pairs * m->states, other);
        if (ok && members(set_of(p, other)) < members(set_of(p, alpha)))
            mpq_set(alpha, other);
    }
    mpq_clear(other);
}

static sx_status put_form(sx_i_problem *p, sx_i_exact_verdict *v, sx_equivalence *out,
                          sx_error *err)
{
    const sx_mdp *m = p->m;
    if (v->trivial_a)
        choose_scale(p, v->alpha);
    out->transformations = set_of(p, v->alpha);
    out->scale = mpq_get_d(v->alpha);
    out->residual = 0;
    out->potential = sx_alloc((size_t)m->states, sizeof *out->potential);
    if (!out->potential)
        return sx_nomem(err);
    for (int32_t s = 0; s < m->states; s++)
        out->potential[s] = mpq_get_d(p->start + s);
    sx_status st = sx_i_rational_text(&out->exactly->scale, v->alpha, err);
    return st ? st : sx_i_fractions_put(&out->exactly->potential, p->start, m->states, err);
}

/* --- all --- */

static sx_status put_proof(sx_i_problem *p, const sx_i_exact_verdict *v, sx_equivalence *out,
                           sx_error *err)
{
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        int32_t k = out->exactly->proof[i] = v->proof[i];
        if (k >= 0)
            st = sx_i_rational_text(&out->exactly->advantage[i][0], p->a.advantage + k, err);
        if (!st && k >= 0)
            st = sx_i_rational_text(&out->exactly->advantage[i][1], p->b.advantage + k, err);
    }
    return st;
}

static sx_answer yes_or_no(bool yes)
{
    return yes ? SX_ANSWER_YES : SX_ANSWER_NO;
}

static sx_status answer(sx_i_problem *p, const sx_equivalence *guess, sx_equivalence *out,
                        sx_error *err)
{
    sx_i_exact_verdict all = {0}, start = {0};
    mpq_inits(all.alpha, start.alpha, NULL);
    decide(p, false, &all);
    decide(p, true, &start);
    out->equivalent = yes_or_no(all.same);
    out->same_order_from_start = yes_or_no(start.same);
    out->trivial_a = yes_or_no(all.trivial_a);
    out->trivial_b = yes_or_no(all.trivial_b);
    out->opposite = all.opposite;
    out->interval[0] = out->interval[1] = all.apart;
    for (int32_t s = 0; s < p->m->states; s++)
        out->unreachable += !p->reached[s];
    sx_status st = all.same ? put_form(p, &all, out, err) : put_proof(p, &all, out, err);
    if (!st && !all.same)
        st = start.same ? sx_i_exact_show(p, &all, false, guess, out, err)
                        : sx_i_exact_show(p, &start, true, guess, out, err);
    mpq_clears(all.alpha, start.alpha, NULL);
    return st;
}

/* What works behind the fence, and what it makes. */
typedef struct deciding {
    const sx_exact *x;
    const sx_equivalence *guess;
    sx_equivalence *out;
} deciding;

static sx_status work(void *arg, sx_error *err)
{
    sx_i_problem p = {0};
    const deciding *d = arg;
    problem_make(&p, d->x);
    d->out->exactly->states = p.m->states;
    d->out->exactly->pairs = p.m->pairs;
    fill_mean(&p, &p.a);
    fill_mean(&p, &p.b);
    sx_status st = sx_i_problem_evaluate(&p, p.uniform, err);
    if (st)
        return st;
    fill_advantage(&p, &p.a, 0);
    fill_advantage(&p, &p.b, 1);
    find_reached(&p);
    return answer(&p, d->guess, d->out, err);
}

sx_status sx_equivalence_decide(const sx_exact *x, sx_equivalence **found, sx_error *err)
{
    sx_fence *fence = NULL;
    deciding d = {x, *found, sx_alloc(1, sizeof *d.out)};
    sx_status st = d.out ? sx_fence_new(&fence, err) : sx_nomem(err);
    if (!st) {
        d.out->scale = d.out->residual = NAN;
        d.out->exactly = sx_alloc(1, sizeof *d.out->exactly);
        st = d.out->exactly ? SX_OK : sx_nomem(err);
    }
    if (!st) {
        d.out->exactly->proof[0] = d.out->exactly->proof[1] = -1;
        st = sx_fence_run(fence, work, &d, err);
    }
    sx_fence_free(fence);
    if (st) {
        sx_equivalence_free(d.out);
        return st;
    }
    sx_equivalence_free(*found);
    *found = d.out;
    return SX_OK;
}
