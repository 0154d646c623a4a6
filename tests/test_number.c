/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_number.c - a number that is written reads back to the same bits, and no shorter text
 * of the same form does. */
#include "mdp/export.h"
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include <ctype.h>
#include <float.h>
#include <stdlib.h>

static int digits(const char *text)
{
    int n = 0;
    for (; *text && *text != 'e'; text++)
        n += isdigit((unsigned char)*text) && (n || *text != '0');
    return n;
}

static void check_number(double x)
{
    char text[32], shorter[40];
    sx_number_write(x, text);
    double back = strtod(text, NULL);
    assert_memory_equal(&back, &x, sizeof x);
    int n = digits(text);
    if (n > 1 && !strchr(text, 'e') && !strchr(text, '.'))
        return; /* an integer may end in zeros */
    snprintf(shorter, sizeof shorter, "%.*e", n > 1 ? n - 2 : 0, x);
    assert_true(n <= 1 || strtod(shorter, NULL) != x);
}

static void reads_back(void **state)
{
    (void)state;
    static const double some[] = {
        0,    -0.0, 1,      0.1,     1.0 / 3, 2.385,    1e21,   1e22,   1e23,
        1e-5, 1e-7, 5e-324, DBL_MAX, DBL_MIN, 2.5e-320, 100000, -1e300, 9007199254740994.0};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        check_number(some[i]);
    oracle_rng g = {2};
    for (int i = 0; i < 50000; i++) {
        oracle_value(&g);
        uint64_t bits = g.state ^ (g.state << 32);
        double x;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x))
            check_number(x);
        check_number(oracle_int(&g, -100000, 100000) / 1000.0);
    }
}

static void looks_plain(void **state)
{
    (void)state;
    static const struct {
        double x;
        const char *text;
    } rows[] = {{0.1, "0.1"},     {1, "1"},           {-0.0, "-0"},       {1e-5, "1e-5"},
                {1e300, "1e300"}, {1e100, "1e100"},   {100000, "100000"}, {5e-324, "5e-324"},
                {NAN, "nan"},     {-INFINITY, "-inf"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        sx_number_write(rows[i].x, text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_back),
                                       cmocka_unit_test(looks_plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
