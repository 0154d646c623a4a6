/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_form.c - canonical forms equal the plain evaluation of their formulas, stay when taken
 * again, and the minimal ones are minimal. */
#include "tests/scene.h"

static void check_form(const scene *c, sx_canon canon, sx_norm norm, double tol)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *form = NULL, *again = NULL;
    const char *reason = NULL;
    oracle_setting o = setting(c);
    int64_t n = triples(c);
    long double *x = calloc((size_t)n, sizeof *x);
    CHECK_OK(sx_canonicalise(c->c, c->r[0], canon, norm, &form, &reason, &err));
    bool exists = oracle_canon(&o, c->plain[0], canon, norm, x);
    assert_true(exists == (form != NULL) && exists == (reason == NULL));
    double size = exists ? (double)oracle_norm(c->m, x, SX_LINF) : 0;
    for (int64_t i = 0; exists && i < n; i++)
        CHECK_NEAR(
            sx_reward_at(c->m, form, (int32_t)(i / c->m->states), (int32_t)(i % c->m->states)) /
                size,
            (double)x[i] / size, tol);
    /* again is the same, except where the form is no projection */
    if (exists && canon != SX_DARD) {
        CHECK_OK(sx_canonicalise(c->c, form, canon, norm, &again, &reason, &err));
        for (int64_t i = 0; i < n; i++)
            CHECK_NEAR(sx_reward_at(c->m, again, (int32_t)(i / c->m->states),
                                    (int32_t)(i % c->m->states)) /
                           size,
                       (double)x[i] / size, tol);
    }
    sx_reward_free(form);
    sx_reward_free(again);
    free(x);
}

static void forms_equal_the_formula_and_stay(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        scene c;
        bool trivial = false;
        sx_error err = SX_NO_ERROR;
        set_up(&c, seed);
        add_reward(&c);
        CHECK_OK(sx_canon_trivial(c.c, c.r[0], &trivial, &err));
        for (int canon = 0; !trivial && canon < SX_CANONS; canon++)
            for (int norm = 0; norm < SX_NORMS; norm++)
                if ((norm == 0 || sx_canon_is_minimal((sx_canon)canon)) &&
                    !by_program((sx_canon)canon, (sx_norm)norm))
                    check_form(&c, (sx_canon)canon, (sx_norm)norm, 1e-10);
        tear_down(&c);
    }
}

/* No disguise has a smaller norm than the minimal form. */
static void minimal_forms_are_minimal(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_norm norm = seed % 2 ? SX_L2 : SX_WEIGHTED_L2;
        sx_reward *form[2] = {NULL, NULL};
        const char *reason = NULL;
        sx_number least[2][SX_NORMS], other[SX_NORMS];
        set_up(&c, seed);
        add_reward(&c);
        for (int i = 0; i < 2; i++) {
            sx_canon canon = i ? SX_MINIMAL_POTENTIAL : SX_MINIMAL;
            CHECK_OK(sx_canonicalise(c.c, c.r[0], canon, norm, &form[i], &reason, &err));
            CHECK_OK(sx_norms(c.m, form[i], 1u << norm, least[i], &err));
        }
        for (int turn = 0; turn < 10; turn++) {
            double *phi = oracle_vector(c.m->states);
            for (int32_t s = 0; s < c.m->states; s++)
                phi[s] = 0.01 * (turn + 1) * oracle_value(&c.rng);
            CHECK_OK(sx_reward_shape(c.m, form[1], phi, &err));
            CHECK_OK(sx_norms(c.m, form[1], 1u << norm, other, &err));
            assert_true(other[norm].value >= least[1][norm].value * (1 - 1e-12));
            assert_true(other[norm].value >= least[0][norm].value * (1 - 1e-12));
            free(phi);
        }
        sx_reward_free(form[0]);
        sx_reward_free(form[1]);
        tear_down(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_equal_the_formula_and_stay),
        cmocka_unit_test(minimal_forms_are_minimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
