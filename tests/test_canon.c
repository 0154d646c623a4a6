/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_canon.c - what is no distribution is refused; forms are found by their names.  The
 * forms themselves are in test_distance.c. */
#include "metrics/canon.h"
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

static void options_are_checked(void **state)
{
    (void)state;
    sx_mdp *m = oracle_world(3);
    double *p = oracle_vector(m->pairs + m->states);
    for (int i = 0; i < 4; i++) {
        sx_error err = SX_NO_ERROR;
        sx_canoniser *made = NULL;
        sx_canon_options o = sx_canon_defaults();
        if (i == 0)
            o.policy = p;
        else if (i == 1)
            o.state_dist = p;
        else if (i == 2)
            o.action_dist = p;
        else
            o.trivial = NAN;
        assert_int_equal(sx_canoniser_new(m, &o, &made, &err), SX_EARG);
        assert_null(made);
        assert_true(strlen(err.msg) > 0);
    }
    free(p);
    oracle_world_free(m);
}

static void names_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < SX_CANONS; i++) {
        sx_canon found;
        assert_true(sx_canon_find(sx_canon_name((sx_canon)i), &found) && (int)found == i);
        assert_false(sx_canon_find("canny", &found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(names_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
