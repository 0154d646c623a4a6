/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_codes.c - every message code that the sources use is explained, every explained code
 * is used, and the table is sorted, complete and in sentences. */
#include "tests/check.h"

#include "mdp/codes.h"

#include <ctype.h>
#include <stdlib.h>

static bool is_message(const char *code)
{
    return (code[0] == 'E' || code[0] == 'W') && strlen(code) == 4 && isdigit(code[1]);
}

/* Ends of sentences, abbreviations and numbers aside. */
static int sentences(const char *text)
{
    int n = 0;
    for (const char *p = text; *p; p++)
        n += strchr(".?!", *p) && (!p[1] || p[1] == ' ');
    return n;
}

static void rows_are_sorted_and_complete(void **state)
{
    (void)state;
    for (const sx_code *c = sx_codes; c->code; c++) {
        assert_true(c == sx_codes || strcmp(c[-1].code, c->code) < 0);
        assert_true(*c->title && *c->text && *c->example);
        int n = sentences(c->text);
        if (n < 2 || n > 4) {
            print_error("%s: %d sentences\n", c->code, n);
            fail();
        }
        assert_ptr_equal(sx_code_find(c->code), c);
    }
    assert_null(sx_code_find("E999"));
    assert_null(sx_code_find(""));
    assert_ptr_equal(sx_code_find("e101"), sx_code_find("E101"));
}

static void terms_are_explained(void **state)
{
    (void)state;
    static const char *const terms[] = {"absorbing",   "canonicalisation",
                                        "certificate", "dard",
                                        "discount",    "distance",
                                        "epic",        "lambda",
                                        "minimal",     "norm",
                                        "occupancy",   "potential",
                                        "regret",      "shaping",
                                        "span",        "starc",
                                        "trivial",     "unreachable",
                                        "val",         "s-prime-redistribution"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        assert_non_null(sx_code_find(terms[i]));
}

/* The codes in quotes in the sources, by grep. */
static void sources_and_table_agree(void **state)
{
    (void)state;
    char line[64], used[4096] = " ";
    FILE *f = popen("grep -ohE '\"[EW][1-6][0-9][0-9]\"' mdp/*.c solvers/*.c metrics/*.c "
                    "plots/*.c cli/*.c | sort -u",
                    "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        char code[8] = "";
        snprintf(code, sizeof code, "%.4s", line + 1);
        snprintf(used + strlen(used), sizeof used - strlen(used), "%s ", code);
        if (!sx_code_find(code)) {
            print_error("%s is used and not explained\n", code);
            fail();
        }
    }
    pclose(f);
    for (const sx_code *c = sx_codes; c->code; c++)
        if (is_message(c->code) && !strstr(used, c->code)) {
            print_error("%s is explained and not used\n", c->code);
            fail();
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_sorted_and_complete),
        cmocka_unit_test(terms_are_explained),
        cmocka_unit_test(sources_and_table_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
