/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact.c - equivalence decided in rational arithmetic.
 *
 * The advantages A_a and A_b under the uniform policy are exact, and so is the test whether
 * A_b = alpha A_a with alpha > 0.  Two rewards that fail it are told apart by two policies:
 * with d the discounted occupancy of the uniform policy, <x,y> = sum_s d(s) sum_a x(s,a) y(s,a)
 * and the direction
 *
 *     delta = p A_a - q A_b,     <A_a,A_b>/<A_a,A_a>  <  p/q  <  <A_b,A_b>/<A_a,A_b>
 *
 * (p = q = 1 where <A_a,A_b> <= 0; an interval by the inequality of Cauchy and Schwarz, which
 * is strict) <delta,A_a> > 0 > <delta,A_b>, so that a small step from the uniform policy along
 * delta raises the return under a and lowers it under b, to first order by those products. */
#include "metrics/equivalence_int.h"

#include "mdp/exact.h"
#include "metrics/rational_int.h"

#include <math.h>
#include <string.h>

/* --- what is known --- */

typedef struct side {
    mpq_srcptr reward; /* [K*S] */
    mpq_ptr mean;      /* [K] */
    mpq_ptr advantage; /* [K] */
    mpq_ptr value;     /* [S] under the uniform policy */
} side;

typedef struct problem {
    const sx_mdp *m;
    mpq_srcptr prob, discount, initial;
    side a, b;
    mpq_ptr matrix;    /* [S*S] */
    mpq_ptr values;    /* [S*2] */
    mpq_ptr uniform;   /* [K] */
    mpq_ptr policy[2]; /* [K] */
    mpq_ptr delta;     /* [K] */
    mpq_ptr start;     /* [S] */
    mpq_ptr returns;   /* [policy*2 + reward], 4 */
    unsigned char *reached;
    mpq_t x, y; /* to compute with */
} problem;

/* Are the advantages of the states looked at multiples of each other? */
typedef struct verdict {
    bool trivial_a, trivial_b, same, opposite;
    int32_t proof[2];
    mpq_t alpha;
    double apart; /* max |A_b - alpha A_a| / max |A_b| */
} verdict;

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
        for (int j = 0; j < 2; j++) {
            sx_release(x->advantage[i][j]);
            sx_release(x->returns[i][j]);
        }
    }
    sx_release(x->scale);
    return sx_release(x);
}

static sx_status put_text(char **to, mpq_srcptr x, sx_error *err)
{
    sx_release(*to);
    *to = sx_i_rational_text(x);
    return *to ? SX_OK : sx_nomem(err);
}

static sx_status put_texts(char ***to, mpq_srcptr x, int32_t n, sx_error *err)
{
    if (!*to)
        *to = sx_alloc((size_t)n, sizeof **to);
    sx_status st = *to ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < n && !st; i++)
        st = put_text(&(*to)[i], x + i, err);
    return st;
}

static void side_free(const sx_mdp *m, side *x)
{
    sx_i_rational_free(x->mean, m->pairs);
    sx_i_rational_free(x->advantage, m->pairs);
    sx_i_rational_free(x->value, m->states);
}

static void problem_clear(problem *p)
{
    const sx_mdp *m = p->m;
    side_free(m, &p->a);
    side_free(m, &p->b);
    sx_i_rational_free(p->matrix, (int64_t)m->states * m->states);
    sx_i_rational_free(p->values, 2 * (int64_t)m->states);
    sx_i_rational_free(p->uniform, m->pairs);
    sx_i_rational_free(p->delta, m->pairs);
    sx_i_rational_free(p->start, m->states);
    sx_i_rational_free(p->returns, 4);
    for (int i = 0; i < 2; i++)
        sx_i_rational_free(p->policy[i], m->pairs);
    sx_release(p->reached);
    mpq_clears(p->x, p->y, NULL);
}

static bool side_new(const sx_mdp *m, side *x, const void *reward)
{
    x->reward = reward;
    x->mean = sx_i_rational_new(m->pairs);
    x->advantage = sx_i_rational_new(m->pairs);
    x->value = sx_i_rational_new(m->states);
    return x->mean && x->advantage && x->value;
}

static sx_status problem_make(problem *p, const sx_exact *x, sx_error *err)
{
    const sx_mdp *m = p->m = x->spec->world->mdp;
    mpq_inits(p->x, p->y, NULL);
    p->prob = x->prob;
    p->discount = x->discount;
    p->initial = x->initial;
    p->matrix = sx_i_rational_new((int64_t)m->states * m->states);
    p->values = sx_i_rational_new(2 * (int64_t)m->states);
    p->uniform = sx_i_rational_new(m->pairs);
    p->delta = sx_i_rational_new(m->pairs);
    p->start = sx_i_rational_new(m->states);
    p->returns = sx_i_rational_new(4);
    p->reached = sx_alloc((size_t)m->states, 1);
    bool ok = p->matrix && p->values && p->uniform && p->delta && p->start && p->returns &&
              p->reached && side_new(m, &p->a, x->reward[0]) &&
              side_new(m, &p->b, x->reward[1]);
    for (int i = 0; i < 2 && ok; i++)
        ok = (p->policy[i] = sx_i_rational_new(m->pairs)) != NULL;
    for (int32_t s = 0; ok && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            mpq_set_ui(p->uniform + k, 1, (unsigned long)(m->pair[s + 1] - m->pair[s]));
    return ok ? SX_OK : sx_nomem(err);
}

/* --- values --- */

/* to += x y */
static void add_product(mpq_ptr to, mpq_srcptr x, mpq_srcptr y, mpq_ptr room)
{
    if (mpq_sgn(x) == 0 || mpq_sgn(y) == 0)
        return;
    mpq_mul(room, x, y);
    mpq_add(to, to, room);
}

/* p->matrix = I - gamma P under pi, or its transpose. */
static void fill_matrix(problem *p, mpq_srcptr pi, bool transposed)
{
    const sx_mdp *m = p->m;
    int64_t n = m->states;
    for (int64_t i = 0; i < n * n; i++)
        mpq_set_si(p->matrix + i, i % (n + 1) == 0, 1);
    for (int32_t k = 0; k < m->pairs; k++) {
        int64_t s = sx_mdp_pair_state(m, k);
        mpq_mul(p->y, p->discount, pi + k);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            mpq_ptr at = p->matrix + (transposed ? m->next[t] * n + s : s * n + m->next[t]);
            mpq_mul(p->x, p->y, p->prob + t);
            mpq_sub(at, at, p->x);
        }
    }
}

/* p->values [S,2] of both rewards under pi. */
static sx_status evaluate(problem *p, mpq_srcptr pi, sx_error *err)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_ptr a = p->values + 2 * s, b = a + 1;
        mpq_set_ui(a, 0, 1);
        mpq_set_ui(b, 0, 1);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            add_product(a, pi + k, p->a.mean + k, p->x);
            add_product(b, pi + k, p->b.mean + k, p->x);
        }
    }
    fill_matrix(p, pi, /*transposed=*/false);
    return sx_i_rational_solve(m->states, p->matrix, 2, p->values, err);
}

static void fill_mean(problem *p, side *x)
{
    const sx_mdp *m = p->m;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            add_product(x->mean + k, p->prob + t,
                        x->reward + (int64_t)k * m->states + m->next[t], p->x);
}

/* Values are those of column c. */
static void fill_advantage(problem *p, side *x, int32_t c)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++)
        mpq_set(x->value + s, p->values + 2 * s + c);
    for (int32_t k = 0; k < m->pairs; k++) {
        mpq_set_ui(p->y, 0, 1);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            add_product(p->y, p->prob + t, x->value + m->next[t], p->x);
        mpq_mul(p->y, p->y, p->discount);
        mpq_add(p->y, p->y, x->mean + k);
        mpq_sub(x->advantage + k, p->y, x->value + sx_mdp_pair_state(m, k));
    }
}

static void find_reached(problem *p)
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

static bool looked_at(const problem *p, bool reached, int32_t k)
{
    return !reached || p->reached[sx_mdp_pair_state(p->m, k)];
}

/* The pair with the largest |x|, -1 when all are zero. */
static int32_t peak(const problem *p, mpq_srcptr x, bool reached)
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

static void decide(problem *p, bool reached, verdict *v)
{
    mpq_srcptr a = p->a.advantage, b = p->b.advantage;
    int32_t at_a = peak(p, a, reached), at_b = peak(p, b, reached);
    double largest = 0;
    v->trivial_a = at_a < 0;
    v->trivial_b = at_b < 0;
    v->proof[0] = at_a < 0 ? at_b : at_a;
    v->proof[1] = -1;
    v->apart = NAN;
    v->same = at_a < 0 && at_b < 0;
    if (at_a < 0 || at_b < 0)
        return;
    mpq_div(v->alpha, b + at_a, a + at_a);
    v->apart = 0;
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
    v->apart = largest;
    v->same = v->proof[1] < 0 && mpq_sgn(v->alpha) > 0;
    v->opposite = v->proof[1] < 0 && mpq_sgn(v->alpha) < 0;
}

/* --- the form --- */

static bool differs_somewhere(problem *p, mpq_srcptr alpha, mpq_srcptr phi)
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
static unsigned set_of(problem *p, mpq_srcptr alpha)
{
    const sx_mdp *m = p->m;
    mpq_ptr phi = p->start;
    unsigned set = mpq_cmp_ui(alpha, 1, 1) == 0 ? 0 : SX_BY_SCALE;
    bool flat = true;
    for (int32_t s = 0; s < m->states; s++) {
        mpq_mul(phi + s, alpha, p->a.value + s);
        mpq_sub(phi + s, phi + s, p->b.value + s);
        flat = flat && mpq_equal(phi + s, phi);
    }
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
static void choose_scale(problem *p, mpq_ptr alpha)
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

static sx_status put_form(problem *p, verdict *v, sx_equivalence *out, sx_error *err)
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
    sx_status st = put_text(&out->exactly->scale, v->alpha, err);
    return st ? st : put_texts(&out->exactly->potential, p->start, m->states, err);
}

/* --- two policies --- */

/* p->returns of both rewards under p->policy[i] from p->start. */
static sx_status returns_of(problem *p, int i, sx_error *err)
{
    sx_status st = evaluate(p, p->policy[i], err);
    for (int c = 0; c < 2 && !st; c++) {
        mpq_ptr j = p->returns + 2 * i + c;
        mpq_set_ui(j, 0, 1);
        for (int32_t s = 0; s < p->m->states; s++)
            add_product(j, p->start + s, p->values + 2 * s + c, p->x);
    }
    return st;
}

/* Does a prefer the first policy, and b the second?  Where one is trivial: does the other tell
 * them apart? */
static bool shows(const problem *p, const verdict *v)
{
    int a = mpq_cmp(p->returns, p->returns + 2), b = mpq_cmp(p->returns + 1, p->returns + 3);
    if (v->trivial_a || v->trivial_b)
        return (a != 0) != (b != 0);
    return a > 0 && b < 0;
}

/* Doubles divided by their exact sums. */
static bool take_doubles(problem *p, int i, const double *pi)
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
static void inner(problem *p, mpq_srcptr d, mpq_srcptr x, mpq_srcptr y, mpq_ptr to)
{
    mpq_set_ui(to, 0, 1);
    for (int32_t k = 0; k < p->m->pairs; k++) {
        mpq_mul(p->y, x + k, y + k);
        add_product(to, p->y, d + sx_mdp_pair_state(p->m, k), p->x);
    }
}

/* p->delta = p A_a - q A_b with 1/q = 1 and p between the bounds. */
static void fill_delta(problem *p, mpq_srcptr d, const verdict *v)
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
static void scale_delta(problem *p)
{
    int32_t k = peak(p, p->delta, false);
    if (k < 0)
        return;
    mpq_abs(p->y, p->delta + k);
    for (int32_t i = 0; i < p->m->pairs; i++)
        mpq_div(p->delta + i, p->delta + i, p->y);
}

/* p->policy[0]: delta rounded to multiples of 2^-bits, still of sum 0 in each state. */
static void round_delta(problem *p, unsigned bits)
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
static bool points(problem *p, mpq_srcptr d, mpq_srcptr delta, const verdict *v)
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
static void simplify_delta(problem *p, mpq_srcptr d, const verdict *v)
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
static unsigned first_step(const problem *p)
{
    double most = 1;
    for (int32_t s = 0; s < p->m->states; s++)
        for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
            most =
                fmax(most, fabs(mpq_get_d(p->delta + k)) * (p->m->pair[s + 1] - p->m->pair[s]));
    return (unsigned)ceil(log2(most)) + 1;
}

/* A step along delta from the uniform policy, shorter and shorter until it shows. */
static sx_status walk(problem *p, const verdict *v, bool *shown, sx_error *err)
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

static sx_status construct(problem *p, const verdict *v, bool *shown, sx_error *err)
{
    const sx_mdp *m = p->m;
    mpq_ptr d = sx_i_rational_new(m->states);
    sx_status st = d ? SX_OK : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        mpq_set(d + s, p->start + s);
    if (!st) {
        fill_matrix(p, p->uniform, /*transposed=*/true);
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

static sx_status put_policies(problem *p, sx_equivalence *out, sx_error *err)
{
    const sx_mdp *m = p->m;
    double **pi[2] = {&out->first, &out->second};
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        if (!*pi[i])
            *pi[i] = sx_alloc((size_t)m->pairs, sizeof **pi[i]);
        st = *pi[i] ? put_texts(&out->exactly->policy[i], p->policy[i], m->pairs, err)
                    : sx_nomem(err);
        for (int32_t k = 0; !st && k < m->pairs; k++)
            (*pi[i])[k] = mpq_get_d(p->policy[i] + k);
        for (int c = 0; c < 2 && !st; c++)
            st = put_text(&out->exactly->returns[i][c], p->returns + 2 * i + c, err);
        out->returns[i] = (sx_both_returns){mpq_get_d(p->returns + 2 * i),
                                            mpq_get_d(p->returns + 2 * i + 1), 0, 0};
    }
    for (int c = 0; c < 2; c++) {
        mpq_sub(p->x, p->returns + c, p->returns + 2 + c);
        out->exactly->difference[c] = mpq_get_d(p->x);
    }
    return st;
}

/* Show v, which says no, by the policies of `guess` if they do, else by new ones. */
static sx_status show(problem *p, const verdict *v, bool from_start,
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

static sx_status put_proof(problem *p, const verdict *v, sx_equivalence *out, sx_error *err)
{
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        int32_t k = out->exactly->proof[i] = v->proof[i];
        if (k >= 0)
            st = put_text(&out->exactly->advantage[i][0], p->a.advantage + k, err);
        if (!st && k >= 0)
            st = put_text(&out->exactly->advantage[i][1], p->b.advantage + k, err);
    }
    return st;
}

static sx_answer yes_or_no(bool yes)
{
    return yes ? SX_ANSWER_YES : SX_ANSWER_NO;
}

static sx_status answer(problem *p, const sx_equivalence *guess, sx_equivalence *out,
                        sx_error *err)
{
    verdict all = {0}, start = {0};
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
        st = start.same ? show(p, &all, false, guess, out, err)
                        : show(p, &start, true, guess, out, err);
    mpq_clears(all.alpha, start.alpha, NULL);
    return st;
}

sx_status sx_equivalence_decide(const sx_exact *x, sx_equivalence **found, sx_error *err)
{
    problem p = {0};
    sx_equivalence *out = sx_alloc(1, sizeof *out);
    sx_status st = problem_make(&p, x, err);
    if (out)
        out->exactly = sx_alloc(1, sizeof *out->exactly);
    if (!out || !out->exactly)
        st = sx_nomem(err);
    if (!st) {
        *out->exactly =
            (sx_exactly){.states = p.m->states, .pairs = p.m->pairs, .proof = {-1, -1}};
        out->scale = out->residual = NAN;
        fill_mean(&p, &p.a);
        fill_mean(&p, &p.b);
        st = evaluate(&p, p.uniform, err);
    }
    if (!st) {
        fill_advantage(&p, &p.a, 0);
        fill_advantage(&p, &p.b, 1);
        find_reached(&p);
        st = answer(&p, *found, out, err);
    }
    problem_clear(&p);
    if (st) {
        sx_equivalence_free(out);
        return st;
    }
    sx_equivalence_free(*found);
    *found = out;
    return SX_OK;
}
