/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_scale.c - scales keep order, reach their ends, show every number that they were fitted
 * to, and a zero on a logarithmic axis as a zero. */
#include "plots/scale.h"
#include "tests/check.h"

#include <float.h>

static sx_scale fitted(sx_scale_kind kind, const double *x, int64_t n, double from, double to)
{
    sx_error err = SX_NO_ERROR;
    sx_scale s;
    CHECK_OK(sx_scale_fit(kind, x, n, kind == SX_SCALE_SYMLOG ? 1 : 0, &s, &err));
    s.from = from;
    s.to = to;
    s.slot = 12;
    return s;
}

static void places_are_those_by_hand(void **state)
{
    (void)state;
    sx_scale linear = {SX_SCALE_LINEAR, 0, 10, 0, false, 0, 100, 300};
    sx_scale down = {SX_SCALE_LINEAR, -5, 5, 0, false, 0, 300, 100};
    sx_scale log = {SX_SCALE_LOG, 0.01, 100, 0, false, 20, 0, 40};
    sx_scale zero = {SX_SCALE_LOG, 0.01, 100, 0, true, 20, 100, 40};
    sx_scale symlog = {SX_SCALE_SYMLOG, -100, 1000, 10, false, 0, 0, 50};
    CHECK_NEAR(sx_scale_place(&linear, 2.5), 150, 1e-12);
    CHECK_NEAR(sx_scale_place(&down, 2.5), 150, 1e-12);
    CHECK_NEAR(sx_scale_place(&log, 1), 20, 1e-12);
    CHECK_NEAR(sx_scale_place(&log, 10), 30, 1e-12);
    assert_true(isnan(sx_scale_place(&log, 0)));
    assert_true(isnan(sx_scale_place(&zero, -1)));
    CHECK_NEAR(sx_scale_place(&zero, 0), 90, 1e-12);
    CHECK_NEAR(sx_scale_place(&zero, 0.01), 80, 1e-12);
    CHECK_NEAR(sx_scale_place(&zero, 1), 60, 1e-12);
    CHECK_NEAR(sx_scale_place(&symlog, -100), 0, 1e-12);
    CHECK_NEAR(sx_scale_place(&symlog, 0), 20, 1e-12);
    CHECK_NEAR(sx_scale_place(&symlog, 5), 25, 1e-12);
    CHECK_NEAR(sx_scale_place(&symlog, 10), 30, 1e-12);
    CHECK_NEAR(sx_scale_place(&symlog, 100), 40, 1e-12);
}

/* Every number and every tick has a place between the ends, in the order of the numbers. */
static void all_is_shown(const sx_scale *s, const double *x, int64_t n)
{
    sx_error err = SX_NO_ERROR;
    sx_ticks t;
    double last = -1;
    for (int64_t i = 0; i < n; i++) {
        double place = sx_scale_place(s, x[i]);
        assert_true(place >= s->from && place <= s->to && place >= last);
        last = place;
    }
    CHECK_OK(sx_scale_ticks(s, 5, &t, &err));
    assert_true(t.ticks >= 2);
    last = -1;
    for (int32_t i = 0; i < t.ticks; i++) {
        double place = sx_scale_place(s, t.value[i]);
        assert_true(place >= s->from && place <= s->to + 1e-9 && place > last);
        last = place;
    }
}

static void every_number_has_its_place(void **state)
{
    (void)state;
    const double sets[][3] = {{0, 0.5, 1},
                              {3, 3, 3},
                              {0, 0, 0},
                              {1e-9, 2, 1e9},
                              {0, 1e-12, 1e-3},
                              {0, 0, 5e300},
                              {-7, 0, 1e5},
                              {-1e300, 0, 1e300},
                              {1e-280, 1e-280, 1e-279},
                              {-DBL_MAX, 0, DBL_MAX},
                              {7, 7, 7.0000001},
                              {-4, -3, -2},
                              {1e-290, 1e-290, 3e-290}};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        for (int n = 1; n <= 3; n++) {
            for (int kind = 0; kind < 3; kind++) {
                if (kind == SX_SCALE_LOG && sets[i][0] < 0)
                    continue;
                sx_scale s = fitted((sx_scale_kind)kind, sets[i], n, 0, 100);
                all_is_shown(&s, sets[i], n);
            }
        }
    }
}

static void zeros_of_a_logarithmic_axis_stand_apart(void **state)
{
    (void)state;
    const double some[] = {0, 0.001, 1};
    const double none[] = {0.001, 1};
    const double only[] = {0, 0};
    sx_error err = SX_NO_ERROR;
    sx_ticks t;
    sx_scale s = fitted(SX_SCALE_LOG, some, 3, 0, 100);
    assert_true(s.zeros);
    CHECK_OK(sx_scale_ticks(&s, 5, &t, &err));
    assert_string_equal(t.label[0], "0");
    assert_true(t.value[0] == 0 && t.value[1] > 0);
    assert_true(sx_scale_place(&s, 0) < 12 && sx_scale_place(&s, s.low) >= 12);
    s = fitted(SX_SCALE_LOG, none, 2, 0, 100);
    assert_false(s.zeros);
    CHECK_OK(sx_scale_ticks(&s, 5, &t, &err));
    assert_true(t.value[0] > 0);
    s = fitted(SX_SCALE_LOG, only, 2, 0, 100);
    assert_true(s.zeros && s.low > 0.09 && s.high < 1.2);
}

static void an_end_at_zero_stays(void **state)
{
    (void)state;
    const double x[] = {0, 10};
    const double y[] = {-10, 10};
    sx_scale s = fitted(SX_SCALE_LINEAR, x, 2, 0, 1);
    assert_true(s.low == 0);
    CHECK_NEAR(s.high, 10.3, 1e-12);
    s = fitted(SX_SCALE_LINEAR, y, 2, 0, 1);
    CHECK_NEAR(s.low, -10.6, 1e-12);
    s = fitted(SX_SCALE_LINEAR, x, 0, 0, 1);
    assert_true(s.low == 0 && s.high > 1);
}

static void what_cannot_be_shown_is_refused(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY, -1, 1e-300};
    sx_scale s;
    assert_int_equal(sx_scale_fit(SX_SCALE_LINEAR, &bad[0], 1, 0, &s, NULL), SX_EARG);
    assert_int_equal(sx_scale_fit(SX_SCALE_LINEAR, &bad[1], 1, 0, &s, NULL), SX_EARG);
    assert_int_equal(sx_scale_fit(SX_SCALE_LOG, &bad[2], 1, 0, &s, NULL), SX_EARG);
    assert_int_equal(sx_scale_fit(SX_SCALE_LOG, &bad[3], 1, 0, &s, NULL), SX_EARG);
    assert_int_equal(sx_scale_fit(SX_SCALE_SYMLOG, &bad[2], 1, 0, &s, NULL), SX_EARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_those_by_hand),
        cmocka_unit_test(every_number_has_its_place),
        cmocka_unit_test(zeros_of_a_logarithmic_axis_stand_apart),
        cmocka_unit_test(an_end_at_zero_stays),
        cmocka_unit_test(what_cannot_be_shown_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
