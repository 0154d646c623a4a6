/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_exact_move.c - after an exact no two policies have the returns that they are said to
 * have and show it, also when floating point has found none: in worlds where the rewards differ
 * in one state, between states by a factor, by a hair, or because one of them is trivial. */
#include "tests/check.h"

#include "mdp/exact.h"
#include "metrics/equivalence.h"

#include <gmp.h>
#include <stdlib.h>

static uint64_t seed_;

static int draw(int n)
{
    seed_ = seed_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int)((seed_ >> 33) % (uint64_t)n);
}

/* --- worlds --------------------------------------------------------------------------------
 */

enum { STATES = 5, ACTIONS = 3 };

#define PUT(...) n += (size_t)snprintf(t + n, size - n, __VA_ARGS__)

/* Rewards whose mean over the actions of a state is 0 have values 0 under the uniform policy:
 * they are their own advantages. */
static size_t put_reward(char *t, size_t size, size_t n, int states, int value[STATES][ACTIONS],
                         const char *const *factor)
{
    for (int s = 0; s < states; s++)
        for (int a = 0; a < ACTIONS; a++)
            PUT("<add from='s%d' action='%c' value='%d * (%s)'/>", s, 'a' + a, value[s][a],
                factor[s]);
    return n;
}

static void draw_values(int value[STATES][ACTIONS])
{
    for (int s = 0; s < STATES; s++) {
        bool none = draw(4) == 0;
        value[s][0] = none ? 0 : draw(7) - 3;
        value[s][1] = none ? 0 : draw(7) - 3;
        value[s][2] = -value[s][0] - value[s][1];
    }
}

static void draw_world(char *t, size_t size)
{
    static const char *const one[STATES] = {"1", "1", "1", "1", "1"};
    static const char *const factors[] = {"1", "1/3", "7", "0", "1 + 1e-30", "0 - 2", "1", "1"};
    static const char *const discounts[] = {"0", "1/2", "0.99"};
    const char *factor[STATES];
    int value[STATES][ACTIONS], states = 1 + draw(STATES);
    size_t n = 0;
    PUT("<mdp version='1' discount='%s'><explicit>", discounts[draw(3)]);
    for (int s = 0; s < states; s++) {
        PUT("<state id='s%d'/>", s);
        factor[s] = factors[draw(8)];
    }
    PUT("<action id='a'/><action id='b'/><action id='c'/>");
    for (int s = 0; s < states; s++)
        for (int a = 0; a < ACTIONS; a++) {
            int to = draw(states), p = 1 + draw(6);
            PUT("<transition from='s%d' action='%c' to='s%d' p='%d/7'/>", s, 'a' + a, to, p);
            if (states > 1)
                PUT("<transition from='s%d' action='%c' to='s%d' p='%d/7'/>", s, 'a' + a,
                    (to + 1) % states, 7 - p);
        }
    for (char *p = states == 1 ? strstr(t, "p='") : NULL; p; p = strstr(p + 5, "p='"))
        p[5] = p[3]; /* 3/3 for 3/7 */
    PUT("</explicit><initial><start state='s0'/></initial><reward id='a'>");
    draw_values(value);
    n = put_reward(t, size, n, states, value, one);
    PUT("</reward><reward id='b'>");
    if (draw(3) == 0) /* another one in one state, or a little of it */
        PUT("<add from='s%d' action='%c' value='%s'/>", draw(states), 'a' + draw(ACTIONS),
            draw(2) ? "1e-40" : "2");
    n = put_reward(t, size, n, states, value, factor);
    PUT("</reward></mdp>");
}

/* --- returns of a policy --------------------------------------------------------------------
 */

/* Gauss and Jordan on a [n,n+1]; the last column becomes the solution. */
static void solve(mpq_t *a, int n)
{
    mpq_t f, x;
    mpq_inits(f, x, NULL);
    for (int k = 0; k < n; k++) {
        int p = k;
        while (mpq_sgn(a[p * (n + 1) + k]) == 0)
            p++;
        for (int j = 0; j <= n; j++)
            mpq_swap(a[k * (n + 1) + j], a[p * (n + 1) + j]);
        for (int i = 0; i < n; i++) {
            mpq_div(f, a[i * (n + 1) + k], a[k * (n + 1) + k]);
            for (int j = k; i != k && j <= n; j++) {
                mpq_mul(x, f, a[k * (n + 1) + j]);
                mpq_sub(a[i * (n + 1) + j], a[i * (n + 1) + j], x);
            }
        }
    }
    for (int i = 0; i < n; i++)
        mpq_div(a[i * (n + 1) + n], a[i * (n + 1) + n], a[i * (n + 1) + i]);
    mpq_clears(f, x, NULL);
}

/* The row of state s in (I - gamma P) V = r, under policy pi. */
static void fill_row(const sx_exact *x, char **pi, int c, int s, mpq_t *row)
{
    const sx_mdp *m = x->spec->world->mdp;
    mpq_t p, y, sum;
    mpq_inits(p, y, sum, NULL);
    mpq_set_ui(row[s], 1, 1);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        mpq_set_str(p, pi[k], 10);
        assert_true(mpq_sgn(p) >= 0);
        mpq_add(sum, sum, p);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            mpq_mul(y, p, (mpq_srcptr)x->prob + t);
            mpq_t z;
            mpq_init(z);
            mpq_mul(z, y, (mpq_srcptr)x->reward[c] + (int64_t)k * m->states + m->next[t]);
            mpq_add(row[m->states], row[m->states], z);
            mpq_mul(z, y, x->discount);
            mpq_sub(row[m->next[t]], row[m->next[t]], z);
            mpq_clear(z);
        }
    }
    assert_int_equal(mpq_cmp_ui(sum, 1, 1), 0);
    mpq_clears(p, y, sum, NULL);
}

static void return_of(const sx_exact *x, char **pi, int c, bool from_start, mpq_t out)
{
    int n = x->spec->world->mdp->states;
    mpq_t *a = malloc((size_t)(n * (n + 1)) * sizeof *a), w;
    mpq_init(w);
    for (int i = 0; i < n * (n + 1); i++)
        mpq_init(a[i]);
    for (int s = 0; s < n; s++)
        fill_row(x, pi, c, s, a + (ptrdiff_t)s * (n + 1));
    solve(a, n);
    mpq_set_ui(out, 0, 1);
    for (int s = 0; s < n; s++) {
        if (from_start)
            mpq_set(w, (mpq_srcptr)x->initial + s);
        else
            mpq_set_ui(w, 1, (unsigned long)n);
        mpq_canonicalize(w);
        mpq_mul(w, w, a[s * (n + 1) + n]);
        mpq_add(out, out, w);
    }
    for (int i = 0; i < n * (n + 1); i++)
        mpq_clear(a[i]);
    mpq_clear(w);
    free(a);
}

static void check_policies(const sx_exact *x, const sx_equivalence *e)
{
    mpq_t j[2][2], said;
    int order[2];
    mpq_init(said);
    for (int c = 0; c < 2; c++) {
        for (int i = 0; i < 2; i++) {
            mpq_init(j[i][c]);
            return_of(x, e->exactly->policy[i], c, e->from_start, j[i][c]);
            mpq_set_str(said, e->exactly->returns[i][c], 10);
            assert_true(mpq_equal(j[i][c], said));
        }
        order[c] = mpq_cmp(j[0][c], j[1][c]);
        mpq_sub(j[0][c], j[0][c], j[1][c]);
        mpq_set_str(said, e->exactly->apart[c], 10);
        assert_true(mpq_equal(j[0][c], said));
        CHECK_NEAR(e->exactly->difference[c], mpq_get_d(said), 0);
        CHECK_NEAR(strtod(e->exactly->rounded[c], NULL) / fmax(1e-300, fabs(mpq_get_d(said))),
                   order[c] ? order[c] > 0 ? 1 : -1 : 0, 6e-6);
        mpq_clears(j[0][c], j[1][c], NULL);
    }
    mpq_clear(said);
    assert_true((order[0] > 0 && order[1] < 0) || (order[0] != 0) != (order[1] != 0));
    bool trivial = e->trivial_a == SX_ANSWER_YES || e->trivial_b == SX_ANSWER_YES;
    if (!trivial && !e->from_start)
        assert_true(order[0] > 0 && order[1] < 0);
}

static void policies_are_found_without_help(void **state)
{
    static char t[1 << 14];
    static const char *const id[2] = {"a", "b"};
    int yes = 0, start = 0, anywhere = 0, trivial = 0;
    (void)state;
    for (int i = 1; i <= 400; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *spec = NULL;
        sx_exact *x = NULL;
        sx_diags *d = NULL;
        sx_equivalence *e = sx_alloc(1, sizeof *e); /* floating point found nothing */
        seed_ = (uint64_t)i;
        draw(2);
        draw_world(t, sizeof t);
        CHECK_OK(sx_diags_new(&d, &err));
        CHECK_OK(sx_spec_parse("w.xml", t, strlen(t), d, &spec, &err));
        CHECK_OK(sx_exact_read(spec, NULL, id, d, &x, &err));
        CHECK_OK(sx_equivalence_decide(x, &e, &err));
        assert_true((e->first != NULL) == (e->equivalent == SX_ANSWER_NO));
        if (e->first)
            check_policies(x, e);
        yes += !e->first;
        start += e->first && e->from_start;
        anywhere += e->first && !e->from_start;
        trivial +=
            e->first && (e->trivial_a == SX_ANSWER_YES) != (e->trivial_b == SX_ANSWER_YES);
        sx_equivalence_free(e);
        sx_exact_free(x);
        sx_spec_free(spec);
        sx_diags_free(d);
    }
    if (yes < 20 || start < 100 || anywhere < 20 || trivial < 10)
        print_error("%d yes, %d from the start, %d not, %d trivial\n", yes, start, anywhere,
                    trivial);
    assert_true(yes >= 20 && start >= 100 && anywhere >= 20 && trivial >= 10);
}

static long power(int i, int n)
{
    return n ? i * power(i, n - 1) : 1;
}

/* The powers p and q of 0 .. 29, or of 29 .. 0 from below. */
static void check_powers(const int exponent[2], bool back)
{
    static char t[1 << 14];
    static const char *const id[2] = {"a", "b"};
    const size_t size = sizeof t;
    size_t n = 0;
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    sx_exact *x = NULL;
    sx_diags *d = NULL;
    sx_equivalence *e = sx_alloc(1, sizeof *e);
    PUT("<mdp version='1' discount='0.5'><explicit><state id='s'/>");
    for (int i = 0; i < 30; i++)
        PUT("<action id='a%d'/>", i);
    PUT("<transition from='s' action='*' to='s' p='1'/></explicit>");
    for (int r = 0; r < 2; r++) {
        PUT("<reward id='%c'>", 'a' + r);
        for (int i = 0; i < 30; i++)
            PUT("<add action='a%d' value='%ld'/>", i,
                back ? -power(29 - i, exponent[r]) : power(i, exponent[r]));
        PUT("</reward>");
    }
    PUT("</mdp>");
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_spec_parse("w.xml", t, n, d, &spec, &err));
    CHECK_OK(sx_exact_read(spec, NULL, id, d, &x, &err));
    CHECK_OK(sx_equivalence_decide(x, &e, &err));
    assert_int_equal(e->equivalent, SX_ANSWER_NO);
    check_policies(x, e);
    sx_equivalence_free(e);
    sx_exact_free(x);
    sx_spec_free(spec);
    sx_diags_free(d);
}

/* Thirty actions in the same order by both rewards, which are no multiples: many probabilities
 * change, and none falls below 0. */
static void many_actions_in_one_order(void **state)
{
    (void)state;
    for (int p = 1; p <= 6; p++)
        for (int q = 1; q <= 6; q++)
            for (int back = 0; back < 2 && p != q; back++)
                check_powers((const int[2]){p, q}, back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policies_are_found_without_help),
        cmocka_unit_test(many_actions_in_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
