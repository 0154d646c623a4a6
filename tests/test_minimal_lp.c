/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_minimal_lp.c - minimal forms in l1, linf, weighted-l1 and weighted-linf: their norms
 * are those of textbook linear programs, they are the least in l2 among all that have this
 * norm, and they and their distances depend on the class of a reward alone. */
#include "metrics/distance.h"
#include "metrics/minimal_int.h"
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/textbook_lp.h"

#include <stdlib.h>

enum { WORLDS = 320, KINDS = 4 };

static const sx_norm kind[KINDS] = {SX_L1, SX_LINF, SX_WEIGHTED_L1, SX_WEIGHTED_LINF};

typedef struct scene {
    uint64_t seed;
    oracle_stream g;
    sx_mdp *m;
    sx_canoniser *c;
    double *table;
} scene;

/* All possible successors of a pair alike: ties among the likeliest. */
static void level(sx_mdp *m)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            m->prob[t] = 1 / (double)(m->first[k + 1] - m->first[k]);
}

static void set_up(scene *c, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    *c = (scene){seed, oracle_start(seed * 131 + 7), oracle_world(seed), NULL, NULL};
    if (seed % 5 == 4)
        level(c->m);
    c->table = oracle_table(c->m, seed, 0);
    CHECK_OK(sx_canoniser_new(c->m, &o, &c->c, &err));
}

static void tear_down(scene *c)
{
    sx_canoniser_free(c->c);
    oracle_world_free(c->m);
    free(c->table);
}

static void say(const scene *c, sx_canon canon, sx_norm norm)
{
    print_error("world %d (%d states, discount %g), %s %s: ", (int)c->seed, c->m->states,
                c->m->discount, sx_canon_name(canon), sx_norm_name(norm));
}

/* The form of a table as a table, by the library; its norm.  Always there on small worlds. */
static double *form_of(const scene *c, const double *table, sx_canon canon, sx_norm norm,
                       double *size)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = oracle_dense_reward(c->m, table), *form = NULL;
    const char *reason = NULL;
    sx_number norms[SX_NORMS];
    double *out = oracle_vector(triples(c->m));
    CHECK_OK(sx_canonicalise(c->c, r, canon, norm, &form, &reason, &err));
    if (reason) {
        say(c, canon, norm);
        print_error("%s\n", reason);
    }
    assert_non_null(form);
    CHECK_OK(sx_norms(c->m, form, 1u << norm, norms, &err));
    *size = norms[norm].value;
    for (int64_t i = 0; i < triples(c->m); i++)
        out[i] =
            sx_reward_at(c->m, form, (int32_t)(i / c->m->states), (int32_t)(i % c->m->states));
    sx_reward_free(r);
    sx_reward_free(form);
    return out;
}

static void check_near(const scene *c, sx_canon canon, sx_norm norm, double got,
                       double expected, double tol)
{
    if (fabs(got - expected) <= tol)
        return;
    say(c, canon, norm);
    print_error("got %.17g, expected %.17g\n", got, expected);
    fail();
}

/* Every form of every world. */
static void for_all(int worlds, void (*check)(scene *, sx_canon, sx_norm))
{
    for (int seed = 1; seed <= worlds; seed++)
        for (int i = 0; i < 2 * KINDS; i++) {
            scene c;
            set_up(&c, (uint64_t)seed);
            check(&c, i < KINDS ? SX_MINIMAL : SX_MINIMAL_POTENTIAL, kind[i % KINDS]);
            tear_down(&c);
        }
}

static void check_norm(scene *c, sx_canon canon, sx_norm norm)
{
    double size, *form = form_of(c, c->table, canon, norm, &size);
    plain p = plain_make(c->m, c->table, canon, norm);
    sx_lp *lp = textbook(&p, norm);
    check_near(c, canon, norm, size, solve(lp, c->seed), 1e-8 * fmax(1, size));
    sx_lp_free(lp);
    plain_free(&p);
    free(form);
}

static void norms_equal_the_textbook_program(void **state)
{
    (void)state;
    for_all(WORLDS, check_norm);
}

/* Columns phi [n], R' = u - v [2 K S] and, for the maximum, M; rows E_tau[R'] - gamma
 * E_tau[phi(s')] + phi(s) = E_tau[R]. */
static sx_lp *redistribution(const sx_mdp *m, const double *table, sx_norm norm)
{
    sx_error err = SX_NO_ERROR;
    sx_lp *lp = NULL;
    int32_t n = m->states, all = (int32_t)triples(m), most = n + 2 * all;
    int32_t rows = m->pairs + (is_largest(norm) ? all : 0);
    double *mean = oracle_mean(m, table);
    int64_t at = 0;
    CHECK_OK(sx_lp_new(rows, most + 1, (int64_t)m->pairs * 3 * n + 3 * triples(m), &lp, &err));
    for (int32_t j = 0; j < n; j++)
        lp->col_lo[j] = -INFINITY;
    for (int32_t k = 0; k < m->pairs; k++) {
        for (int32_t y = 0; y < n; y++) {
            double p = oracle_prob(m, k, y);
            entry(lp, &at, y, (y == state_of(m, k)) - m->discount * p);
            entry(lp, &at, n + k * n + y, p);
            entry(lp, &at, n + all + k * n + y, -p);
        }
        lp->row_lo[k] = lp->row_hi[k] = mean[k];
        lp->start[k + 1] = at;
    }
    for (int32_t i = 0; i < all; i++) {
        double w = is_weighted(norm) ? oracle_prob(m, i / n, i % n) : 1;
        if (!is_largest(norm)) {
            lp->cost[n + i] = lp->cost[n + all + i] = w;
            continue;
        }
        lp->row_hi[m->pairs + i] = 0; /* w (u + v) - M <= 0 */
        entry(lp, &at, n + i, w);
        entry(lp, &at, n + all + i, w);
        entry(lp, &at, most, -1);
        lp->start[m->pairs + i + 1] = at;
    }
    lp->cost[most] = is_largest(norm);
    free(mean);
    return lp;
}

/* The least norm over potentials and all redistributions, none of it row by row. */
static void check_redistribution(scene *c, sx_canon canon, sx_norm norm)
{
    if (canon != SX_MINIMAL || triples(c->m) > 150)
        return;
    double size, *form = form_of(c, c->table, canon, norm, &size);
    sx_lp *lp = redistribution(c->m, c->table, norm);
    check_near(c, canon, norm, size, solve(lp, c->seed), 1e-8 * fmax(1, size));
    sx_lp_free(lp);
    free(form);
}

static void norms_are_least_over_redistributions(void **state)
{
    (void)state;
    for_all(150, check_redistribution);
}

/* The value of each term in a form; a row form must have the shape it is said to have. */
static double *terms_of(const scene *c, const double *form, sx_canon canon, sx_norm norm,
                        const plain *p)
{
    const sx_mdp *m = c->m;
    double *e = oracle_vector(p->terms), *row = oracle_vector(m->states);
    int32_t count = 0;
    for (int32_t k = 0; k < m->pairs; k++) {
        shape_of_row(m, k, norm, row);
        for (int32_t y = 0; y < m->states; y++) {
            double tau = oracle_prob(m, k, y), x = form[(int64_t)k * m->states + y];
            if (canon == SX_MINIMAL)
                e[k] += tau * x;
            else if (!is_weighted(norm) || tau > 0)
                e[count++] = x;
        }
        for (int32_t y = 0; canon == SX_MINIMAL && y < m->states; y++)
            check_near(c, canon, norm, form[(int64_t)k * m->states + y], row[y] * e[k],
                       1e-12 * fmax(1, fabs(e[k]) * row[y]));
    }
    free(row);
    return e;
}

/* Keep of all points only the optimal ones: what has a multiplier is tight. */
static void keep_optimal(sx_lp *lp)
{
    sx_error err = SX_NO_ERROR;
    sx_lp_solution *s = NULL;
    double *reduced = oracle_vector(lp->cols);
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-8, &s, &err));
    for (int32_t j = 0; j < lp->cols; j++)
        reduced[j] = lp->cost[j];
    for (int32_t i = 0; i < lp->rows; i++) {
        for (int64_t t = lp->start[i]; t < lp->start[i + 1]; t++)
            reduced[lp->col[t]] -= s->dual[i] * lp->coef[t];
        if (fabs(s->dual[i]) > 1e-9)
            lp->row_lo[i] = lp->row_hi[i];
    }
    for (int32_t j = 0; j < lp->cols; j++)
        if (reduced[j] > 1e-9 && lp->col_lo[j] > -INFINITY)
            lp->col_hi[j] = lp->col_lo[j];
    sx_lp_solution_free(s);
    free(reduced);
}

/* e is the least in l2 on a convex set exactly if sum square e (e' - e) >= 0 for all e' in it:
 * the left side is minimised over all potentials of least norm. */
static void check_least(scene *c, sx_canon canon, sx_norm norm)
{
    double size, *form = form_of(c, c->table, canon, norm, &size);
    plain p = plain_make(c->m, c->table, canon, norm);
    double *e = terms_of(c, form, canon, norm, &p), fixed = 0, square = 0;
    sx_lp *lp = textbook(&p, norm);
    if (size > 1e-9) /* not trivial */
        keep_optimal(lp);
    for (int32_t j = 0; j < lp->cols; j++)
        lp->cost[j] = 0;
    for (int32_t i = 0; i < p.terms; i++) {
        fixed += p.square[i] * e[i] * p.value[i];
        square += p.square[i] * e[i] * e[i];
    }
    for (int32_t i = 0; i < p.terms; i++)
        for (int32_t j = 0; j < p.n; j++)
            lp->cost[j] += p.square[i] * e[i] * p.row[(int64_t)i * p.n + j] / square;
    if (size > 1e-9)
        check_near(c, canon, norm, solve(lp, c->seed) + fixed / square, 1, 1e-7);
    sx_lp_free(lp);
    plain_free(&p);
    free(e);
    free(form);
}

static void forms_are_least_in_l2_among_minimisers(void **state)
{
    (void)state;
    for_all(WORLDS, check_least);
}

static int32_t forms_seen, ties_seen, integer_ties_seen;

static void count_ties(scene *c, sx_canon canon, sx_norm norm)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = oracle_dense_reward(c->m, c->table), *form = NULL;
    const char *reason = NULL;
    bool unique = false;
    if (canon == SX_MINIMAL)
        CHECK_OK(sx_i_minimal_lp(c->m, r, norm, &form, &unique, &reason, &err));
    else
        CHECK_OK(sx_i_minimal_potential_lp(c->m, r, norm, &form, &unique, &reason, &err));
    forms_seen++;
    ties_seen += !unique;
    integer_ties_seen += !unique && c->table[0] == round(c->table[0]);
    sx_reward_free(r);
    sx_reward_free(form);
}

/* Tests of ties mean something only where there are ties. */
static void many_minimisers_are_not_unique(void **state)
{
    (void)state;
    forms_seen = ties_seen = integer_ties_seen = 0;
    for_all(WORLDS, count_ties);
    assert_int_equal(forms_seen, 2 * KINDS * WORLDS);
    assert_true(ties_seen > forms_seen / 5 && ties_seen < forms_seen * 4 / 5);
    assert_true(integer_ties_seen > 100);
}

/* An equivalent table, `scale` times as large. */
static double *disguise(scene *c, const double *table, sx_canon canon, double scale)
{
    const sx_mdp *m = c->m;
    double *out = oracle_vector(triples(m)), *phi = oracle_vector(m->states);
    double constant = 50 * oracle_normal(&c->g);
    for (int32_t s = 0; s < m->states; s++)
        phi[s] = 5 * oracle_normal(&c->g);
    for (int32_t k = 0; k < m->pairs; k++) {
        double drift = 0;
        for (int32_t y = 0; y < m->states; y++) {
            double z = canon == SX_MINIMAL ? oracle_normal(&c->g) : 0;
            int64_t i = (int64_t)k * m->states + y;
            drift += oracle_prob(m, k, y) * z;
            out[i] =
                scale * table[i] + constant + z + m->discount * phi[y] - phi[state_of(m, k)];
        }
        for (int32_t y = 0; y < m->states; y++)
            out[(int64_t)k * m->states + y] -= drift;
    }
    free(phi);
    return out;
}

static void check_invariance(scene *c, sx_canon canon, sx_norm norm)
{
    double scale = 0.2 + 4 * oracle_uniform(&c->g), size, other, most = 0;
    double *twin = disguise(c, c->table, canon, scale);
    double *form = form_of(c, c->table, canon, norm, &size);
    double *twins = form_of(c, twin, canon, norm, &other);
    check_near(c, canon, norm, other / scale, size, 1e-8 * fmax(1, size));
    for (int64_t i = 0; i < triples(c->m); i++)
        most = fmax(most, fabs(form[i]));
    for (int64_t i = 0; i < triples(c->m); i++)
        check_near(c, canon, norm, twins[i] / scale, form[i], 1e-8 * fmax(1, most));
    free(twin);
    free(form);
    free(twins);
}

static void forms_depend_on_the_class_alone(void **state)
{
    (void)state;
    for_all(WORLDS, check_invariance);
}

/* Distances of reward 0 and an equivalent one to a third, in all metrics. */
static void check_distance(scene *c, sx_canon canon, sx_norm norm)
{
    sx_error err = SX_NO_ERROR;
    sx_measure q[SX_NORMS];
    sx_number value[SX_NORMS][6];
    double *twin = disguise(c, c->table, canon, 1.7), *other = oracle_table(c->m, c->seed, 1);
    double *zero = oracle_vector(triples(c->m));
    sx_reward *r[4] = {oracle_dense_reward(c->m, c->table), oracle_dense_reward(c->m, twin),
                       oracle_dense_reward(c->m, other), oracle_dense_reward(c->m, zero)};
    for (int i = 0; i < SX_NORMS; i++)
        q[i] = (sx_measure){SX_DISTANCE_STARC, canon, norm, (sx_norm)i};
    CHECK_OK(sx_distances(c->c, (const sx_reward *const *)r, 4, q, SX_NORMS, value[0], &err));
    for (int i = 0; i < SX_NORMS; i++) {
        const sx_number *d = value[i]; /* (0,1) (0,2) (0,3) (1,2) (1,3) (2,3) */
        double tol = 1e-8 * fmax(1, d[2].value);
        if (d[0].reason) { /* the form is zero where the weighted norms look */
            assert_true(is_weighted(norm));
            continue;
        }
        check_near(c, canon, norm, d[0].value, 0, tol);
        assert_true((d[1].reason == NULL) == (d[3].reason == NULL));
        if (!d[1].reason)
            check_near(c, canon, norm, d[3].value, d[1].value, tol);
    }
    for (int i = 0; i < 4; i++)
        sx_reward_free(r[i]);
    free(twin);
    free(other);
    free(zero);
}

static void distances_depend_on_the_classes_alone(void **state)
{
    (void)state;
    for_all(WORLDS, check_distance);
}

/* The form of -R is minus the form of R, also where minimisers are many. */
static void check_mirror(scene *c, sx_canon canon, sx_norm norm)
{
    double size, other, *form = form_of(c, c->table, canon, norm, &size), most = 0;
    double *minus = oracle_vector(triples(c->m));
    for (int64_t i = 0; i < triples(c->m); i++) {
        minus[i] = -c->table[i];
        most = fmax(most, fabs(form[i]));
    }
    double *mirror = form_of(c, minus, canon, norm, &other);
    for (int64_t i = 0; i < triples(c->m); i++)
        check_near(c, canon, norm, mirror[i], -form[i], 1e-9 * fmax(1, most));
    free(form);
    free(minus);
    free(mirror);
}

static void opposites_have_opposite_forms(void **state)
{
    (void)state;
    for_all(100, check_mirror);
}

/* A denser and larger world with ties. */
static void larger_worlds(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * KINDS; i++) {
        sx_error err = SX_NO_ERROR;
        sx_canon_options o = sx_canon_defaults();
        scene c = {12, oracle_start(5), oracle_expander(20, 20, 0.95, 12), NULL, NULL};
        c.table = oracle_vector(triples(c.m));
        for (int64_t t = 0; t < triples(c.m); t++)
            c.table[t] = oracle_below(&c.g, 4);
        CHECK_OK(sx_canoniser_new(c.m, &o, &c.c, &err));
        check_invariance(&c, i < KINDS ? SX_MINIMAL : SX_MINIMAL_POTENTIAL, kind[i % KINDS]);
        tear_down(&c);
    }
}

/* Above the limits there is a reason at once. */
static void large_worlds_are_refused(void **state)
{
    (void)state;
    static const struct {
        int32_t states, successors;
        unsigned has[2]; /* bit i: kind[i] has a value, for minimal and minimal-potential */
    } world[] = {{10000, 3, {0, 0}}, {401, 2, {0, 0}}, {180, 3, {15, 12}}, {100, 3, {15, 15}}};
    for (size_t w = 0; w < sizeof world / sizeof *world; w++) {
        sx_error err = SX_NO_ERROR;
        sx_canon_options o = sx_canon_defaults();
        sx_canoniser *c = NULL;
        sx_reward *r = NULL, *form = NULL;
        sx_mdp *m = oracle_expander(world[w].states, world[w].successors, 0.9, 3);
        double *left = oracle_rewards(m, 1, 0);
        CHECK_OK(sx_canoniser_new(m, &o, &c, &err));
        CHECK_OK(sx_reward_new(m, &r, &err));
        CHECK_OK(sx_reward_add_left(m, r, left, &err));
        for (int i = 0; i < 2 * KINDS; i++) {
            const char *reason = NULL;
            bool has = world[w].has[i / KINDS] >> i % KINDS & 1;
            CHECK_OK(sx_canonicalise(c, r, i < KINDS ? SX_MINIMAL : SX_MINIMAL_POTENTIAL,
                                     kind[i % KINDS], &form, &reason, &err));
            assert_true(has == (form != NULL) && has == (reason == NULL));
            sx_reward_free(form);
        }
        sx_reward_free(r);
        sx_canoniser_free(c);
        oracle_world_free(m);
        free(left);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(norms_equal_the_textbook_program),
        cmocka_unit_test(norms_are_least_over_redistributions),
        cmocka_unit_test(forms_are_least_in_l2_among_minimisers),
        cmocka_unit_test(many_minimisers_are_not_unique),
        cmocka_unit_test(forms_depend_on_the_class_alone),
        cmocka_unit_test(distances_depend_on_the_classes_alone),
        cmocka_unit_test(opposites_have_opposite_forms),
        cmocka_unit_test(larger_worlds),
        cmocka_unit_test(large_worlds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
