/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact_move.c - two policies that two rewards order differently, each the uniform
 * one but for one state.
 *
 * A policy that in state s moves by w delta, sum delta = 0, gains over the uniform one (the
 * performance difference lemma of Kakade and Langford 2002; the occupancy of s by the formula
 * of Sherman and Morrison)
 *
 *     J' - J = w <delta,A(s,.)> d / (1 - w gamma <delta,P n>),   n = (I - gamma P)^-1 e_s,
 *
 * A, P of the uniform policy, d = mu.n its occupancy of s.  No other equations than those of
 * the uniform policy need be solved, and numbers stay as short as theirs.
 *
 * Where in some state A_a and A_b are no positive multiples of each other, one move raises the
 * one and lowers the other.  Else A_b = alpha_s A_a in each state, and with s and t where alpha
 * is least and largest the first policy moves in s and the second in t, such that
 *
 *     alpha_s X < Y < alpha_t X,   X the gain of the first under a, Y that of the second under
 * b
 */
#include "metrics/equivalence_exact_int.h"

#include <math.h>

#define BITS_MOST 22 /* doublings of the digits of a step */

/* A move in one state, and what a step of w makes of it. */
typedef struct move {
    int32_t state;
    mpq_ptr delta;   /* [K], zero outside of the state; a step of 1 is a policy */
    mpq_ptr reach;   /* [S] n */
    mpq_ptr gain[2]; /* <delta,A> under a and b */
    mpq_ptr d, loop; /* d, gamma <delta,P n> */
    mpq_ptr w;
} move;

static void move_new(const sx_i_problem *p, move *x)
{
    mpq_ptr room = sx_rationals_new(5);
    x->delta = sx_rationals_new(p->m->pairs);
    x->reach = sx_rationals_new(p->m->states);
    x->gain[0] = room;
    x->gain[1] = room + 1;
    x->d = room + 2;
    x->loop = room + 3;
    x->w = room + 4;
    x->state = -1;
    mpq_set_ui(x->w, 1, 1);
}

/* to = sum over the pairs of s of x y */
static void inner(sx_i_problem *p, int32_t s, mpq_srcptr x, mpq_srcptr y, mpq_ptr to)
{
    mpq_set_ui(to, 0, 1);
    for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
        sx_i_add_product(to, x + k, y + k, p->x);
}

/* --- which way ---------------------------------------------------------------------------- */

/* The pairs of s where x is largest and least. */
static void ends(const sx_i_problem *p, int32_t s, mpq_srcptr x, int32_t at[2])
{
    at[0] = at[1] = p->m->pair[s];
    for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++) {
        at[0] = mpq_cmp(x + k, x + at[0]) > 0 ? k : at[0];
        at[1] = mpq_cmp(x + k, x + at[1]) < 0 ? k : at[1];
    }
}

/* From pair `low` to pair `high`, as far as it goes. */
static void set_delta(const sx_i_problem *p, int32_t s, int32_t high, int32_t low, move *x)
{
    unsigned long n = (unsigned long)(p->m->pair[s + 1] - p->m->pair[s]);
    x->state = s;
    mpq_set_ui(x->delta + high, 1, n);
    mpq_set_si(x->delta + low, -1, n);
}

/* Which of two pairs a prefers, when b prefers the other: 1 or -1 for the first or the second,
 * 0 when they agree. */
static int disagree(const sx_i_problem *p, int32_t k, int32_t other)
{
    int by_a = mpq_cmp(p->a.advantage + k, p->a.advantage + other);
    int by_b = mpq_cmp(p->b.advantage + k, p->b.advantage + other);
    if (by_a > 0 && by_b < 0)
        return 1;
    return by_a < 0 && by_b > 0 ? -1 : 0;
}

/* Two pairs of s that a and b order differently, one of them an end of a or b; false: none of
 * those. */
static bool move_across(const sx_i_problem *p, int32_t s, move *x)
{
    int32_t at[4];
    ends(p, s, p->a.advantage, at);
    ends(p, s, p->b.advantage, at + 2);
    for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
        for (int i = 0; i < 4; i++) {
            int order = disagree(p, k, at[i]);
            if (order) {
                set_delta(p, s, order > 0 ? k : at[i], order > 0 ? at[i] : k, x);
                return true;
            }
        }
    return false;
}

/* exact = t A_a - A_b in s with <exact,A_a> > 0 > <exact,A_b>, for
 * <A_a,A_b>/<A_a,A_a> < t < <A_b,A_b>/<A_a,A_b>, of which the left one is 0 or less when
 * <A_a,A_b> is; divided by its largest number and 2 n. */
static void between(sx_i_problem *p, int32_t s, mpq_ptr exact)
{
    mpq_ptr room = sx_rationals_new(3), aa = room, ab = room + 1, bb = room + 2;
    const sx_mdp *m = p->m;
    inner(p, s, p->a.advantage, p->a.advantage, aa);
    inner(p, s, p->a.advantage, p->b.advantage, ab);
    inner(p, s, p->b.advantage, p->b.advantage, bb);
    if (mpq_sgn(ab) > 0) {
        mpq_div(bb, bb, ab);
        mpq_div(aa, ab, aa);
        mpq_add(aa, aa, bb);
        mpq_div_2exp(aa, aa, 1);
    } else {
        mpq_set_ui(aa, 1, 1);
    }
    mpq_set_ui(bb, 0, 1);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        mpq_mul(exact + k, aa, p->a.advantage + k);
        mpq_sub(exact + k, exact + k, p->b.advantage + k);
        mpq_abs(ab, exact + k);
        if (mpq_cmp(ab, bb) > 0)
            mpq_set(bb, ab);
    }
    mpq_set_ui(ab, 2 * (unsigned long)(m->pair[s + 1] - m->pair[s]), 1);
    mpq_mul(bb, bb, ab);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        mpq_div(exact + k, exact + k, bb);
    sx_rationals_free(room, 3);
}

/* to = x rounded down to a multiple of 2^-bits. */
static void round_down(mpq_ptr to, mpq_srcptr x, mp_bitcnt_t bits)
{
    mpq_mul_2exp(to, x, bits);
    mpz_fdiv_q(mpq_numref(to), mpq_numref(to), mpq_denref(to));
    mpz_set_ui(mpq_denref(to), 1);
    mpq_div_2exp(to, to, bits);
}

/* delta = exact rounded to multiples of 2^-bits, still of sum 0. */
static void round_delta(const sx_i_problem *p, int32_t s, mpq_srcptr exact, mp_bitcnt_t bits,
                        move *x)
{
    int32_t last = p->m->pair[s + 1] - 1;
    mpq_set_ui(x->delta + last, 0, 1);
    for (int32_t k = p->m->pair[s]; k < last; k++) {
        round_down(x->delta + k, exact + k, bits);
        mpq_sub(x->delta + last, x->delta + last, x->delta + k);
    }
}

/* Does the move raise a and lower b, with no probability below 0? */
static bool goes_across(sx_i_problem *p, const move *x)
{
    const sx_mdp *m = p->m;
    bool ok = true;
    inner(p, x->state, x->delta, p->a.advantage, x->gain[0]);
    inner(p, x->state, x->delta, p->b.advantage, x->gain[1]);
    for (int32_t k = m->pair[x->state]; k < m->pair[x->state + 1]; k++) {
        mpq_add(p->x, p->uniform + k, x->delta + k);
        ok = ok && mpq_sgn(p->x) >= 0;
    }
    return ok && mpq_sgn(x->gain[0]) > 0 && mpq_sgn(x->gain[1]) < 0;
}

/* A move in s, where A_a and A_b are no positive multiples of each other and both not zero. */
static sx_status move_between(sx_i_problem *p, int32_t s, move *x, sx_error *err)
{
    if (move_across(p, s, x))
        return SX_OK;
    mpq_ptr exact = sx_rationals_new(p->m->pairs);
    bool ok = false;
    x->state = s;
    between(p, s, exact);
    for (int i = 2; i < BITS_MOST && !ok; i++) {
        round_delta(p, s, exact, (mp_bitcnt_t)1 << i, x);
        ok = goes_across(p, x);
    }
    return ok ? SX_OK : sx_fail(err, SX_EFAULT, "no step tells the rewards apart");
}

/* --- how far ------------------------------------------------------------------------------ */

/* What follows from delta and n. */
static void weigh(sx_i_problem *p, move *x)
{
    const sx_mdp *m = p->m;
    int32_t s = x->state;
    inner(p, s, x->delta, p->a.advantage, x->gain[0]);
    inner(p, s, x->delta, p->b.advantage, x->gain[1]);
    mpq_set_ui(x->d, 0, 1);
    mpq_set_ui(x->loop, 0, 1);
    for (int32_t i = 0; i < m->states; i++)
        sx_i_add_product(x->d, p->start + i, x->reach + i, p->x);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        for (int64_t t = m->first[k]; mpq_sgn(x->delta + k) && t < m->first[k + 1]; t++) {
            mpq_mul(p->y, x->delta + k, p->prob + t);
            sx_i_add_product(x->loop, p->y, x->reach + m->next[t], p->x);
        }
    mpq_mul(x->loop, x->loop, p->discount);
}

/* to = the gain of the move under reward c */
static void gain_of(const move *x, int c, mpq_ptr to)
{
    mpq_ptr below = sx_rationals_new(2);
    mpq_set_ui(below, 1, 1);
    mpq_mul(below + 1, x->w, x->loop);
    mpq_sub(below, below, below + 1);
    mpq_mul(to, x->w, x->gain[c]);
    mpq_mul(to, to, x->d);
    mpq_div(to, to, below);
    sx_rationals_free(below, 2);
}

/* The step with which the move gains `want` under reward c: w = want / (gain d + want loop). */
static void step_for(move *x, int c, mpq_srcptr want)
{
    mpq_ptr below = sx_rationals_new(2);
    mpq_mul(below, x->gain[c], x->d);
    mpq_mul(below + 1, want, x->loop);
    mpq_add(below, below, below + 1);
    mpq_div(x->w, want, below);
    sx_rationals_free(below, 2);
}

/* Is the first better under a, and the second under b? */
static bool ordered(const move x[2])
{
    mpq_ptr gain = sx_rationals_new(4);
    for (int i = 0; i < 4; i++)
        gain_of(&x[i / 2], i % 2, gain + i);
    bool ok = mpq_cmp(gain, gain + 2) > 0 && mpq_cmp(gain + 1, gain + 3) < 0;
    sx_rationals_free(gain, 4);
    return ok;
}

/* The step of x[i] with as few digits as will do. */
static sx_status shorten(move x[2], int i, sx_error *err)
{
    mpq_ptr exact = sx_rationals_new(1);
    bool ok = false;
    mpq_set(exact, x[i].w);
    size_t above = mpz_sizeinbase(mpq_numref(exact), 2);
    size_t below = mpz_sizeinbase(mpq_denref(exact), 2);
    for (int j = 1; j < BITS_MOST && !ok; j++) {
        size_t zeros = below > above ? below - above : 0;
        round_down(x[i].w, exact, zeros + ((mp_bitcnt_t)1 << j));
        ok = mpq_sgn(x[i].w) > 0 && ordered(x);
    }
    sx_rationals_free(exact, 1);
    return ok ? SX_OK : sx_fail(err, SX_EFAULT, "no step tells the rewards apart");
}

/* Steps such that alpha[0] X < Y < alpha[1] X; alpha[1] 0: there is no upper bound. */
static sx_status choose_steps(move x[2], const mpq_ptr alpha[2], sx_error *err)
{
    mpq_ptr room = sx_rationals_new(3), ratio = room, gain = room + 1, want = room + 2;
    mpq_add(ratio, alpha[0], alpha[1]);
    if (mpq_sgn(alpha[1]))
        mpq_div_2exp(ratio, ratio, 1);
    else
        mpq_mul_2exp(ratio, ratio, 1);
    if (ordered(x))
        return SX_OK;
    gain_of(&x[0], 0, gain);
    mpq_mul(want, ratio, gain);
    gain_of(&x[1], 1, gain);
    int i = mpq_cmp(gain, want) >= 0; /* the one that steps less far */
    if (i == 0)
        mpq_div(want, gain, ratio);
    step_for(&x[i], i, want);
    return shorten(x, i, err);
}

/* --- where -------------------------------------------------------------------------------- */

static bool is_zero(const sx_i_problem *p, int32_t s, mpq_srcptr x)
{
    bool zero = true;
    for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
        zero = zero && mpq_sgn(x + k) == 0;
    return zero;
}

/* Is A_b = alpha A_a in s with alpha > 0, A_a and A_b not zero? */
static bool multiples(sx_i_problem *p, int32_t s, mpq_ptr alpha)
{
    mpq_srcptr a = p->a.advantage, b = p->b.advantage;
    int32_t at = p->m->pair[s];
    bool same = true;
    while (mpq_sgn(a + at) == 0)
        at++;
    mpq_div(alpha, b + at, a + at);
    for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1] && same; k++) {
        mpq_mul(p->x, alpha, a + k);
        same = mpq_equal(p->x, b + k);
    }
    return same && mpq_sgn(alpha) > 0;
}

/* What is known of alpha in the states so far. */
typedef struct range {
    int32_t at[2];    /* where it is least and largest, or -1 */
    mpq_ptr alpha[2]; /* those numbers; 0 as the largest: there is no bound */
    int32_t across;   /* a state in which A_a and A_b are no multiples, or -1 */
} range;

/* A_b = here A_a in s, 0 where A_b is zero; bounded: A_a is not. */
static void widen(range *r, int32_t s, mpq_srcptr here, bool bounded)
{
    if (bounded && (r->at[0] < 0 || mpq_cmp(here, r->alpha[0]) < 0)) {
        r->at[0] = s;
        mpq_set(r->alpha[0], here);
    }
    bool unbounded = r->at[1] >= 0 && mpq_sgn(r->alpha[1]) == 0;
    bool larger = mpq_sgn(here) > 0 && (r->at[1] < 0 || mpq_cmp(here, r->alpha[1]) > 0);
    if (!bounded || (larger && !unbounded)) {
        r->at[1] = s;
        mpq_set(r->alpha[1], here);
    }
}

static void look_around(sx_i_problem *p, bool reached, range *r)
{
    mpq_ptr here = sx_rationals_new(1);
    for (int32_t s = 0; s < p->m->states && r->across < 0; s++) {
        bool zero_a = is_zero(p, s, p->a.advantage), zero_b = is_zero(p, s, p->b.advantage);
        mpq_set_ui(here, 0, 1);
        if (!sx_i_problem_looks_at(p, reached, s) || (zero_a && zero_b))
            continue;
        if (!zero_a && !zero_b && !multiples(p, s, here))
            r->across = s;
        else
            widen(r, s, here, !zero_a);
    }
    sx_rationals_free(here, 1);
}

/* n of both moves. */
static sx_status solve(sx_i_problem *p, move x[2], sx_error *err)
{
    const sx_mdp *m = p->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int i = 0; i < 2; i++)
            mpq_set_ui(p->values + 2 * (ptrdiff_t)s + i, x[i].state == s, 1);
    sx_i_problem_matrix(p, p->uniform);
    sx_status st = sx_i_rational_solve(m->states, p->matrix, 2, p->values, err);
    for (int i = 0; i < 2 && !st; i++) {
        for (int32_t s = 0; s < m->states; s++)
            mpq_set(x[i].reach + s, p->values + 2 * (ptrdiff_t)s + i);
        if (x[i].state >= 0)
            weigh(p, &x[i]);
    }
    return st;
}

/* The policies and their returns. */
static void put_moves(sx_i_problem *p, const move x[2])
{
    const sx_mdp *m = p->m;
    const mpq_srcptr value[2] = {p->a.value, p->b.value};
    for (int i = 0; i < 2; i++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            mpq_set(p->policy[i] + k, p->uniform + k);
            sx_i_add_product(p->policy[i] + k, x[i].w, x[i].delta + k, p->x);
        }
        for (int c = 0; c < 2; c++) {
            mpq_ptr j = p->returns + 2 * (ptrdiff_t)i + c;
            mpq_set_ui(j, 0, 1);
            if (x[i].state >= 0)
                gain_of(&x[i], c, j);
            for (int32_t s = 0; s < m->states; s++)
                sx_i_add_product(j, p->start + s, value[c] + s, p->x);
        }
    }
}

/* Where one reward is trivial: the first policy moves to what the other likes. */
static void move_one(sx_i_problem *p, bool reached, bool by_b, move *x)
{
    int32_t at[2];
    mpq_srcptr a = by_b ? p->b.advantage : p->a.advantage;
    int32_t s = sx_mdp_pair_state(p->m, sx_i_problem_peak(p, a, reached));
    ends(p, s, a, at);
    set_delta(p, s, at[0], at[1], x);
}

/* Each in its state, towards what the reward likes there. */
static void move_two(sx_i_problem *p, const int32_t at[2], move x[2])
{
    int32_t end[2];
    for (int i = 0; i < 2; i++) {
        ends(p, at[i], i ? p->b.advantage : p->a.advantage, end);
        set_delta(p, at[i], end[0], end[1], &x[i]);
    }
}

sx_status sx_i_exact_move(sx_i_problem *p, const sx_i_exact_verdict *v, bool from_start,
                          sx_error *err)
{
    move x[2];
    mpq_ptr room = sx_rationals_new(2);
    range r = {{-1, -1}, {room, room + 1}, -1};
    bool one = v->trivial_a || v->trivial_b;
    sx_status st = SX_OK;
    move_new(p, &x[0]);
    move_new(p, &x[1]);
    if (one)
        move_one(p, from_start, v->trivial_a, &x[0]);
    else
        look_around(p, from_start, &r);
    if (r.across >= 0)
        st = move_between(p, r.across, &x[0], err);
    else if (!one)
        move_two(p, r.at, x);
    if (!st)
        st = solve(p, x, err);
    if (!st && !one && r.across < 0)
        st = choose_steps(x, r.alpha, err);
    if (!st)
        put_moves(p, x);
    return st;
}
