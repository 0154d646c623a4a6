/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_csv.c - tables come back as they were written, with their places; malformed ones are
 * refused where they are wrong. */
#include "mdp/csv.h"
#include "tests/check.h"

static sx_csv *parse(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_csv *c = NULL;
    CHECK_OK(sx_csv_parse("t.csv", text, strlen(text), NULL, &c, &err));
    return c;
}

static void check_place(const sx_csv *c, int64_t row, int32_t column, int line, int at,
                        int width)
{
    sx_place p = sx_csv_place(c, row, column);
    assert_string_equal(p.file, "t.csv");
    assert_int_equal(p.line, line);
    assert_int_equal(p.column, at);
    assert_int_equal(p.width, width);
}

static void fields_and_places(void **unused)
{
    (void)unused;
    sx_csv *c = parse("\xef\xbb\xbf# a comment, with a comma\r\n"
                      "from, to ,\"the \"\"p\"\"\"\r\n"
                      "\r\n"
                      "s0,s1,0.5\r\n"
                      "# another\n"
                      "  \t\n"
                      "\"a\nb\", \xc3\xa9t\xc3\xa9 , \"x,\"  \n"
                      ",\"\",last");
    assert_int_equal(sx_csv_rows(c), 3);
    assert_int_equal(sx_csv_columns(c), 3);
    assert_string_equal(sx_csv_header(c, 1), "to");
    assert_string_equal(sx_csv_header(c, 2), "the \"p\"");
    assert_int_equal(sx_csv_column(c, "the \"p\""), 2);
    assert_int_equal(sx_csv_column(c, "p"), -1);
    assert_string_equal(sx_csv_field(c, 0, 2), "0.5");
    assert_string_equal(sx_csv_field(c, 1, 0), "a\nb");
    assert_string_equal(sx_csv_field(c, 1, 1), "\xc3\xa9t\xc3\xa9");
    assert_string_equal(sx_csv_field(c, 1, 2), "x,");
    assert_string_equal(sx_csv_field(c, 2, 0), "");
    assert_string_equal(sx_csv_field(c, 2, 1), "");
    assert_string_equal(sx_csv_field(c, 2, 2), "last");
    check_place(c, 0, 2, 4, 7, 3);
    check_place(c, 1, 1, 8, 5, 3);
    check_place(c, 1, 2, 8, 11, 2);
    check_place(c, 2, 0, 9, 1, 1);
    check_place(c, 2, 2, 9, 5, 4);
    check_place(c, 0, -1, 2, 1, 4);
    check_place(c, -1, 1, 2, 7, 2);
    assert_null(sx_csv_free(c));
    assert_null(sx_csv_free(NULL));
}

static void odd_tables(void **unused)
{
    (void)unused;
    sx_csv *c = parse("a");
    assert_int_equal(sx_csv_rows(c), 0);
    sx_csv_free(c);
    c = parse("a\n\"\"\n\n1\n");
    assert_int_equal(sx_csv_rows(c), 2);
    assert_string_equal(sx_csv_field(c, 0, 0), "");
    assert_string_equal(sx_csv_field(c, 1, 0), "1");
    sx_csv_free(c);
    c = parse("a,b\n1,");
    assert_string_equal(sx_csv_field(c, 0, 1), "");
    sx_csv_free(c);
}

typedef struct bad {
    const char *text;
    const char *found[3]; /* parts of "code line:column message" */
} bad;

static const bad bads[] = {
    {"", {"E311 1:1 the table is empty"}},
    {"# only\n\n", {"E311 1:1 the table is empty"}},
    {"a,b,a\n", {"E311 1:5 two columns are named \"a\""}},
    {"a,,b\n", {"E311 1:3 a column without a name"}},
    {"a,b\n1\n2,3\n4,5,6\n",
     {"E312 2:1 this row has 1 field, the header has 2", "E312 4:1 this row has 3 fields"}},
    {"a,b\n1,x\"y\n", {"E313 2:4 a quote in the middle"}},
    {"a,b\n1,\"x\"y\n2,3\n", {"E313 2:6 text after the closing quote"}},
    {"a,b\n1,\"x\n2,3\n", {"E313 2:3 this quote is not closed"}},
    {"a,b\n\"1,x\n2,3\n", {"E313 2:1 this quote is not closed"}},
    {"a,b\n1\r,2\n", {"E313 2:2 a carriage return"}},
    {"a,b\n1,\xff\n", {"E310 2:3 byte 0xff is no text"}},
    {"a,b\n1,\xc3", {"E310 2:3 byte 0xc3 is no text"}},
    {"a\n\xc0\x80", {"E310 2:1 byte 0xc0"}},         /* overlong */
    {"a\n\xe0\x9f\xbf", {"E310 2:1 byte 0xe0"}},     /* overlong */
    {"a\n\xed\xa0\x80", {"E310 2:1 byte 0xed"}},     /* surrogate */
    {"a\n\xf4\x90\x80\x80", {"E310 2:1 byte 0xf4"}}, /* beyond the last */
    {"a\n\xf0\x9f\x98\x80\xe2\x82", {"E310 2:2 byte 0xe2"}},
};

static void check_bad(const char *text, size_t size, const char *const found[3])
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_csv *c = NULL;
    int32_t n = 0;
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_diags_source(d, "t.csv", text, size, &err));
    assert_int_equal(sx_csv_parse("t.csv", text, size, d, &c, &err), SX_EINPUT);
    assert_null(c);
    assert_true(strncmp(err.msg, "t.csv:", 6) == 0);
    for (; n < 3 && found[n]; n++) {
        char line[400] = "";
        if (n < sx_diags_count(d)) {
            const sx_diag *x = sx_diags_get(d, n);
            snprintf(line, sizeof line, "%s %d:%d %s", x->code, x->place.line, x->place.column,
                     x->message);
        }
        if (!strstr(line, found[n]))
            print_error("\"%s\": %s\n", text, line);
        assert_non_null(strstr(line, found[n]));
    }
    assert_int_equal(sx_diags_errors(d), n);
    sx_diags_free(d);
}

static void malformed_tables_are_refused(void **unused)
{
    (void)unused;
    static const char *const zero[3] = {"E310 2:2 byte 0x00 is no text"};
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        check_bad(bads[i].text, strlen(bads[i].text), bads[i].found);
    check_bad("a\n1\0", 4, zero);
}

static uint32_t state_of_random;

static int below(int n)
{
    state_of_random = state_of_random * 1664525u + 1013904223u;
    return (int)((state_of_random >> 8) % (uint32_t)n);
}

static void append(char *text, size_t room, const char *word)
{
    size_t used = strlen(text), n = strlen(word);
    assert_true(used + n < room);
    memcpy(text + used, word, n + 1);
}

static void random_text(char *text, size_t room)
{
    static const char *const pieces[] = {"a", "\"", ",",        "\n", "\r\n",
                                         " ", "#",  "\xc3\xa9", "0",  "\t"};
    text[0] = 0;
    for (int n = below(6); n > 0; n--)
        append(text, room, pieces[below(10)]);
}

/* What sx_csv_quote writes is what is read. */
static void quoted_fields_come_back(void **unused)
{
    (void)unused;
    static char fields[8][4][32];
    static char text[4096];
    for (uint32_t seed = 1; seed <= 2000; seed++) {
        state_of_random = seed;
        int rows = below(8), columns = 1 + below(4);
        text[0] = 0;
        for (int i = -1; i < rows; i++)
            for (int j = 0; j < columns; j++) {
                char name[16];
                snprintf(name, sizeof name, "c%d", j);
                if (i >= 0)
                    random_text(fields[i][j], sizeof fields[i][j]);
                char *quoted = sx_csv_quote(i < 0 ? name : fields[i][j]);
                append(text, sizeof text, quoted);
                append(text, sizeof text, j + 1 < columns ? "," : seed % 2 ? "\n" : "\r\n");
                sx_release(quoted);
            }
        sx_csv *c = parse(text);
        assert_int_equal(sx_csv_rows(c), rows);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                assert_string_equal(sx_csv_field(c, i, j), fields[i][j]);
        sx_csv_free(c);
    }
}

/* Any bytes: an answer, never a crash; and no place outside the file. */
static void garbage_is_survived(void **unused)
{
    (void)unused;
    static const char pieces[] = "a,,,\"\"\n\r# \xc3\xa9\x01";
    char text[64];
    for (uint32_t seed = 1; seed <= 20000; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_csv *c = NULL;
        state_of_random = seed;
        int n = below(40);
        for (int i = 0; i < n; i++)
            text[i] = pieces[below((int)sizeof pieces)];
        sx_status st = sx_csv_parse("t.csv", text, (size_t)n, NULL, &c, &err);
        assert_true(st == SX_OK || st == SX_EINPUT);
        for (int64_t i = 0; c && i < sx_csv_rows(c); i++)
            for (int32_t j = 0; j < sx_csv_columns(c); j++)
                assert_true(strlen(sx_csv_field(c, i, j)) < 64);
        sx_csv_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_places),
        cmocka_unit_test(odd_tables),
        cmocka_unit_test(malformed_tables_are_refused),
        cmocka_unit_test(quoted_fields_come_back),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
