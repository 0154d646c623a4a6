/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_spec_damage.c - damaged, disordered, large and utterly wrong specifications get an
 * answer, in bounded time. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "mdp/spec.h"

#include <stdlib.h>
#include <time.h>

#define ROOM (1 << 16)

static char page[ROOM];
static size_t used;

static void copy_bytes(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

static void start_page(void)
{
    used = 0;
    page[0] = '\0';
}

static void add(const char *format, ...) SX_FORMAT(1, 2);
static void add(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    used += (size_t)vsnprintf(page + used, ROOM - used, format, args);
    va_end(args);
    assert_true(used < ROOM);
}

/* Read text; every message is an error of the test. */
static sx_spec *read_text(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("here.xml", text, strlen(text), d, &spec, &err);
    for (int32_t i = 0; st && i < sx_diags_count(d); i++) {
        char *message = sx_diag_text(sx_diags_get(d, i));
        print_error("%s", message);
        sx_release(message);
    }
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

static const char sample[] =
    "<?xml version='1.0'?>\n<mdp version='1' id='s' discount='0.95'><title>T</title>\n"
    "<gridworld slip='0.2' moves='8'><map>\n  S.C\n  .#G\n</map>"
    "<cell symbol='S' label='start' initial='1'/><cell symbol='C' sends-to='S' label='c'/>"
    "<cell symbol='#' wall='true'/><cell symbol='G' absorbing='true'>"
    "<attribute id='k' value='3'/></cell></gridworld>\n"
    "<reward id='r'><add enter='c' value='-1 + 2*row'/><set to='start' value='1/2'/></reward>\n"
    "<reward id='q'><use reward='r' scale='2'/><shape potential='abs(row-col)'/>"
    "<noise sd='0.1' seed='3'/><redistribute seed='2'/></reward></mdp>\n";

static const char sample_explicit[] =
    "<mdp version='1' discount='0.9'><explicit><states count='3'/>"
    "<state id='2' labels='end' absorbing='true'><attribute id='h' value='2'/></state>"
    "<action id='x'/><action id='y'/><transition from='*' action='x' to='*' p='1/3'/>"
    "<transition from='0' action='y' to='1' p='1'/></explicit>"
    "<initial><start state='0' p='2'/></initial>"
    "<reward id='r'><shape><at state='end' potential='3'/></shape>"
    "<add from='0' to='1' value='if(h > 1, 2, 3)'/></reward></mdp>";

/* An answer for text [size], whatever it is. */
static void must_answer(const char *text, size_t size)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("here.xml", text, size, d, &spec, &err);
    if ((st != SX_OK && st != SX_EINPUT) || (st == SX_OK) != (spec != NULL) ||
        (st == SX_OK) != (sx_diags_errors(d) == 0)) {
        print_error("%s: %s\n%.*s\n", sx_status_text(st), err.msg, (int)size, text);
        fail();
    }
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *message = sx_diag_text(sx_diags_get(d, i));
        assert_non_null(message);
        sx_release(message);
    }
    sx_spec_free(spec);
    sx_diags_free(d);
}

static void survives_damage(void **state)
{
    (void)state;
    static const char bytes[] = "<>&'\"/=0123456789-.*ae \n#\0\xc3\xa4";
    const char *const samples[] = {sample, sample_explicit};
    char copy[2048];
    for (int i = 0; i < 2; i++) {
        size_t size = strlen(samples[i]);
        assert_true(size < sizeof copy);
        sx_spec_free(read_text(samples[i]));
        for (size_t n = 0; n < size; n++)
            must_answer(samples[i], n);
        oracle_stream g = oracle_start(5);
        for (int round = 0; round < 6000; round++) {
            copy_bytes(copy, samples[i], size);
            for (int32_t n = 1 + oracle_below(&g, 3); n > 0; n--) {
                char c = bytes[oracle_below(&g, (int32_t)sizeof bytes - 1)];
                copy[oracle_below(&g, (int32_t)size)] = c;
            }
            must_answer(copy, size);
        }
    }
}

/* Cuts out, doubles and swaps whole elements, so that the damage passes the XML parser. */
static void survives_disorder(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "<title>x</title>",
        "<initial><start state='0'/></initial>",
        "<reward id='r'/>",
        "<explicit/>",
        "<explicit><states count='2'/><actions count='1'/></explicit>",
        "<explicit><state id='0' absorbing='true'/><action id='x'/></explicit>",
        "<gridworld><map>.</map></gridworld>",
        "<gridworld><map/></gridworld>",
        "<gridworld><cell symbol='.' label='l' wall='true'/></gridworld>",
        "<random states='2' actions='1'/>",
        "<arrays transitions='none.npy'/>",
        "<transitions href='none.csv'/>",
        "text",
        "<reward/>",
        "<initial/>",
        "<reward id='s'><use reward='r'/><add value='row'/><table href='none.npy'/></reward>",
        "<state id='a'/>",
        "<reward id='r'><add value='1' to='l'/></reward>",
        "<!-- c -->"};
    oracle_stream g = oracle_start(9);
    for (int round = 0; round < 4000; round++) {
        start_page();
        add("<mdp version='1' discount='0.%d'>", oracle_below(&g, 10));
        for (int32_t n = oracle_below(&g, 6); n > 0; n--)
            add("%s", pieces[oracle_below(&g, (int32_t)(sizeof pieces / sizeof *pieces))]);
        add("</mdp>");
        must_answer(page, used);
    }
}

/* 10^5 transitions and 10^5 labels of states; a budget that only quadratic work exceeds. */
static void reads_large_files(void **state)
{
    (void)state;
    const int32_t states = 25000;
    size_t room = 32 << 20, size = 0;
    char *text = malloc(room);
    clock_t start = clock();
    assert_non_null(text);
#define ADD(...) size += (size_t)snprintf(text + size, room - size, __VA_ARGS__)
    ADD("<mdp version='1' discount='0.9'><explicit>");
    for (int32_t s = 0; s < states; s++)
        ADD("<state id='s%d' labels='l%d all m%d n%d'><attribute id='x' value='%d'/></state>\n",
            s, s % 100, s % 7, s % 5000, s);
    ADD("<action id='a'/><action id='b'/>");
    for (int32_t s = states; s-- > 0;)
        for (int a = 0; a < 2; a++)
            ADD("<transition from='s%d' action='%c' to='s%d' p='0.25'/>"
                "<transition from='s%d' action='%c' to='s%d' p='0.75'/>\n",
                s, 'a' + a, s, s, 'a' + a, (s + 1) % states);
    ADD("</explicit></mdp>");
#undef ADD
    assert_true(size < room);
    sx_spec *spec = read_text(text);
    assert_int_equal(spec->world->mdp->entries, 100000);
    assert_int_equal(spec->world->labels, 1 + 100 + 7 + 5000);
    assert_int_equal(spec->world->label[sx_world_label(spec->world, "all")].count, states);
    sx_spec_free(spec);
    free(text);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 60);
}

/* Read text, which has that many errors. */
static void count_errors(const char *text, size_t size, int64_t errors)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    assert_int_equal(sx_spec_parse("here.xml", text, size, d, &spec, &err), SX_EINPUT);
    assert_int_equal(sx_diags_errors(d), errors);
    assert_int_equal(sx_diags_count(d), SX_DIAG_LIMIT);
    sx_diags_free(d);
}

/* 10^5 errors cost what 20 do. */
static void many_errors_cost_little(void **state)
{
    (void)state;
    size_t room = 32 << 20, size = 0;
    char *text = malloc(room);
    clock_t start = clock();
    assert_non_null(text);
#define ADD(...) size += (size_t)snprintf(text + size, room - size, __VA_ARGS__)
    ADD("<mdp version='1' discount='0.9'><explicit>");
    for (int i = 0; i < 100000; i++)
        ADD("<stats id='s%d'/>\n", i);
    ADD("</explicit></mdp>");
    count_errors(text, size, 100000);
    size = 0;
    ADD("<mdp version='1' discount='0.9'><explicit>");
    for (int i = 0; i < 30000; i++)
        ADD("<state id='a-state-with-a-long-name-%d' absorbing='true'/>\n", i);
    ADD("<action id='a'/>");
    for (int i = 0; i < 30000; i++)
        ADD("<transition from='a-state-with-a-long-nome-%d' action='a' to='b' p='1'/>\n", i);
    ADD("</explicit></mdp>");
    count_errors(text, size, 60000);
    size = 0;
    ADD("<mdp version='1' discount='0.9'><gridworld><map>\n");
    for (int row = 0; row < 500; row++) {
        memset(text + size, row % 2 ? 'x' : 'y', 500);
        size += 500;
        ADD("\n");
    }
    ADD("</map><cell symbol='x' wall='true'/></gridworld></mdp>");
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    assert_int_equal(sx_spec_parse("here.xml", text, size, NULL, &spec, &err), SX_EINPUT);
    size = 0;
    ADD("<mdp version='1' discount='0.9'><explicit><state id='s' absorbing='true'>");
    for (int i = 0; i < 100000; i++)
        ADD("<attribute id='v%d' value='%d'/>", i, i);
    ADD("</state><action id='a'/></explicit></mdp>");
    count_errors(text, size, 99000);
#undef ADD
    free(text);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(survives_disorder),
        cmocka_unit_test(reads_large_files),
        cmocka_unit_test(many_errors_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
