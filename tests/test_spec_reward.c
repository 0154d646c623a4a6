/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_spec_reward.c - the elements of a reward give the values that their descriptions say, on
 * every triple. */
#include "mdp/file.h"
#include "mdp/npy.h"
#include "mdp/spec.h"
#include "tests/check.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/sextant-rewards-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void path_of(const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", folder, name);
}

static void put_file(const char *name, const void *bytes, size_t size)
{
    sx_error err = SX_NO_ERROR;
    char path[512];
    path_of(name, path);
    CHECK_OK(sx_file_write(path, bytes, size, &err));
}

static void remove_file(const char *name)
{
    char path[512];
    path_of(name, path);
    assert_int_equal(unlink(path), 0);
}

/* Three states, the last absorbing; (b, stay) is unavailable. */
static const char small[] =
    "<mdp version='1' discount='0.9'><explicit>"
    "<state id='a' labels='pair'><attribute id='x' value='3'/></state>"
    "<state id='b' labels='pair'><attribute id='x' value='-1'/></state>"
    "<state id='end' absorbing='true'><attribute id='x' value='5'/></state>"
    "<action id='go'/><action id='stay'/>"
    "<transition from='a' action='go' to='b' p='0.25'/>"
    "<transition from='a' action='go' to='end' p='0.75'/>"
    "<transition from='a' action='stay' to='a' p='1'/>"
    "<transition from='b' action='go' to='end' p='1'/></explicit>";
enum { A, B, END, GO = 0, STAY = 1, S = 3, K = 5 };

static sx_spec *parse(const char *world, const char *rewards)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    char text[8192], path[512];
    snprintf(text, sizeof text, "%s%s</mdp>", world, rewards);
    path_of("w.xml", path);
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse(path, text, strlen(text), d, &spec, &err);
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *message = sx_diag_text(sx_diags_get(d, i));
        print_error("%s", message);
        sx_release(message);
    }
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

/* R of reward i on (s, a, next). */
static double at(const sx_spec *spec, int32_t i, int32_t s, int32_t a, int32_t next)
{
    const sx_mdp *m = spec->world->mdp;
    return sx_reward_at(m, spec->reward[i].reward, sx_mdp_pair(m, s, a), next);
}

/* For every triple of the small world: s, a, next. */
#define EACH_TRIPLE(s, a, next) \
    for (int32_t s = 0; s < S; s++) \
        for (int32_t a = 0; a < (s == B ? 1 : 2); a++) \
            for (int32_t next = 0; next < S; next++)

static const double x_of[] = {3, -1, 5};

/* The terms of the next test, one after the other. */
static double in_order(int32_t s, int32_t a, int32_t n)
{
    double r = s == END && n == END ? 0 : 1;
    r += n == END ? 5 : 0;
    r += n != END && s == END && a == GO ? 0.25 : 0;
    r = s == B && n != END ? 7 : r;
    return x_of[s] > x_of[n] && a == STAY ? x_of[s] : r;
}

static void adds_and_sets_in_order(void **state)
{
    (void)state;
    sx_spec *spec = parse(small, "<reward id='r'>"
                                 "<add value='1'/>"
                                 "<add from='*' to='end' value=\"x'\"/>"
                                 "<add enter='pair' action='go' value='1/4'/>"
                                 "<set from='b' to='pair' value='7'/>"
                                 "<set when=\"x &gt; x' and action == stay\" value='x'/>"
                                 "</reward>");
    EACH_TRIPLE(s, a, n)
    {
        CHECK_NEAR(at(spec, 0, s, a, n), in_order(s, a, n), 1e-15);
    }
    sx_spec_free(spec);
}

static void leaves_absorbing_loops_alone(void **state)
{
    (void)state;
    sx_spec *spec = parse(small, "<reward id='r'><add value='2'/></reward>"
                                 "<reward id='q'><add from='*' value='2'/></reward>"
                                 "<reward id='t'><set to='end' value='2'/></reward>"
                                 "<reward id='u'><add from='end' value='2'/></reward>");
    assert_true(at(spec, 0, END, GO, END) == 0 && at(spec, 0, END, GO, A) == 2);
    assert_true(at(spec, 1, END, STAY, END) == 2);
    assert_true(at(spec, 2, END, STAY, END) == 0 && at(spec, 2, A, STAY, END) == 2);
    assert_true(at(spec, 3, END, STAY, END) == 2 && at(spec, 3, A, STAY, END) == 0);
    sx_spec_free(spec);
}

static void uses_and_shapes(void **state)
{
    (void)state;
    sx_spec *spec = parse(
        small, "<reward id='r'><add value=\"x * x'\"/></reward>"
               "<reward id='used'><add value='1'/><use reward='r' scale='-1/2'/></reward>"
               "<reward id='shaped'><use reward='r'/><shape potential='x + 1'/></reward>"
               "<reward id='at'><shape><at state='pair' potential='4'/>"
               "<at state='b' potential='-2'/></shape></reward>"
               "<reward id='drop'><shape potential='x' absorbing='drop'/></reward>"
               "<reward id='all'><shape><at state='*' potential='1/3'/></shape></reward>");
    static const double phi[] = {4, -2, 0};
    EACH_TRIPLE(s, a, n)
    {
        bool loop = s == END && n == END;
        double r = loop ? 0 : x_of[s] * x_of[n];
        CHECK_NEAR(at(spec, 0, s, a, n), r, 1e-15);
        CHECK_NEAR(at(spec, 1, s, a, n), (loop ? 0 : 1) - r / 2, 1e-15);
        CHECK_NEAR(at(spec, 2, s, a, n), r + 0.9 * (x_of[n] + 1) - (x_of[s] + 1), 1e-15);
        CHECK_NEAR(at(spec, 3, s, a, n), 0.9 * phi[n] - phi[s], 1e-15);
        CHECK_NEAR(at(spec, 4, s, a, n), loop ? 0 : 0.9 * x_of[n] - x_of[s], 1e-15);
        CHECK_NEAR(at(spec, 5, s, a, n), 0.9 / 3 - 1.0 / 3, 1e-15);
    }
    sx_spec_free(spec);
}

/* --- tables
 * ------------------------------------------------------------------------------------------ */

static double cell(int32_t s, int32_t a, int32_t next)
{
    return 100 * s + 10 * a + next + 0.5;
}

/* cell() in the axes of order; NAN on unavailable pairs and on (a, go, a). */
static double array_cell(const char *order, int32_t i, int32_t j, int32_t next)
{
    int32_t s = order[0] == 's' ? i : j, a = order[0] == 's' ? j : i;
    size_t axes = strlen(order);
    bool unavailable = axes > 1 && s == B && a == STAY;
    bool hole = axes == 3 && s == A && a == GO && next == A;
    return unavailable || hole ? (double)NAN : cell(s, axes > 1 ? a : 0, next);
}

static void put_array(const char *name, const char *order)
{
    sx_error err = SX_NO_ERROR;
    double value[S * 2 * S];
    sx_array array = {.dims = (int32_t)strlen(order), .shape = {1, 1, 1}, .value = value};
    unsigned char *bytes = NULL;
    size_t size = 0, n = 0;
    for (int i = 0; i < array.dims; i++)
        array.shape[i] = order[i] == 's' ? S : 2;
    for (int32_t i = 0; i < array.shape[0]; i++)
        for (int32_t j = 0; j < array.shape[1]; j++)
            for (int32_t k = 0; k < array.shape[2]; k++)
                value[n++] = array_cell(order, i, j, k);
    CHECK_OK(sx_npy_format(&array, &bytes, &size, &err));
    put_file(name, bytes, size);
    sx_release(bytes);
}

static void reads_arrays_in_every_order(void **state)
{
    (void)state;
    static const char *const orders[] = {"sas", "ass", "sa", "as", "s"};
    for (int i = 0; i < 5; i++) {
        int axes = (int)strlen(orders[i]);
        put_array("r.npy", orders[i]);
        sx_spec *spec = parse(small, "<reward id='r'><add from='*' value='1'/>"
                                     "<table href='r.npy' missing='zero'/></reward>");
        EACH_TRIPLE(s, a, n)
        {
            double want = cell(s, axes > 1 ? a : 0, axes > 2 ? n : 0);
            if (axes == 3 && s == A && a == GO && n == A)
                want = 0;
            CHECK_NEAR(at(spec, 0, s, a, n), 1 + want, 1e-15);
        }
        sx_spec_free(spec);
        remove_file("r.npy");
    }
}

static void reads_long_tables(void **state)
{
    (void)state;
    static const char text[] =
        "from,action,to,reward\nend,go,end,1/3\n0,stay,2,-4\nb,stay,a,9\n"
        "a,go,b,\nb,0,a,NaN\na,go,end,2e1\n";
    put_file("r.csv", text, strlen(text));
    sx_spec *spec =
        parse(small, "<reward id='r'><table href='r.csv' missing='zero'/></reward>");
    EACH_TRIPLE(s, a, n)
    {
        double want = 0;
        if (s == END && a == GO && n == END)
            want = 1.0 / 3;
        if (s == A && n == END)
            want = a == STAY ? -4 : 20;
        assert_true(at(spec, 0, s, a, n) == want);
    }
    sx_spec_free(spec);
    remove_file("r.csv");
}

/* --- random numbers
 * ----------------------------------------------------------------------------------- */

static const char large[] = "<mdp version='1' discount='0.9'>"
                            "<random states='40' actions='3' successors='20' seed='5'/>";

static void draws_noise_by_seed_and_place(void **state)
{
    (void)state;
    sx_spec *spec = parse(large, "<reward id='a'><noise sd='2' seed='1'/></reward>"
                                 "<reward id='b'><noise sd='2' seed='1'/></reward>"
                                 "<reward id='c'><noise sd='2' seed='1'/>"
                                 "<noise sd='2' seed='1'/></reward>");
    sx_spec *again = parse(large, "<reward id='a'><noise sd='2' seed='1' on='all'/></reward>"
                                  "<reward id='b'><noise sd='2' seed='2'/></reward>");
    const sx_mdp *m = spec->world->mdp;
    const double *a = spec->reward[0].reward->on, *b = spec->reward[1].reward->on;
    const double *c = spec->reward[2].reward->on;
    double sum = 0, squares = 0, across = 0, twice = 0, n = (double)m->entries;
    for (int64_t t = 0; t < m->entries; t++) {
        assert_true(a[t] == again->reward[0].reward->on[t]);
        assert_true(a[t] != b[t] && b[t] != again->reward[1].reward->on[t]);
        sum += a[t];
        squares += a[t] * a[t];
        across += a[t] * b[t];
        twice += c[t] * c[t];
    }
    /* five standard deviations of these sums for N(0, 4) */
    assert_true(fabs(sum) < 5 * 2 * sqrt(n));
    assert_true(fabs(squares - 4 * n) < 5 * 4 * sqrt(2 * n));
    assert_true(fabs(across) < 5 * 4 * sqrt(n));
    assert_true(fabs(twice - 8 * n) < 5 * 8 * sqrt(2 * n));
    int others = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++)
            if (sx_mdp_entry(m, k, s) < 0) {
                assert_true(sx_reward_at(m, spec->reward[0].reward, k, s) == 0);
                others += sx_reward_at(m, again->reward[0].reward, k, s) != 0;
            }
    assert_int_equal(others, 40 * 3 * 20);
    sx_spec_free(spec);
    sx_spec_free(again);
}

static void redistributes_without_a_trace_in_the_mean(void **state)
{
    (void)state;
    sx_spec *spec =
        parse(large, "<reward id='a'><add value=\"1\"/></reward>"
                     "<reward id='b'><use reward='a'/><redistribute seed='3'/></reward>"
                     "<reward id='c'><use reward='a'/>"
                     "<redistribute seed='3' on='all'/></reward>");
    const sx_mdp *m = spec->world->mdp;
    double mean[120];
    for (int i = 1; i < 3; i++) {
        const sx_reward *r = spec->reward[i].reward;
        int moved = 0, impossible = 0;
        sx_reward_mean(m, r, mean);
        for (int32_t k = 0; k < m->pairs; k++) {
            CHECK_NEAR(mean[k], 1, 1e-14);
            for (int32_t s = 0; s < m->states; s++)
                *(sx_mdp_entry(m, k, s) < 0 ? &impossible : &moved) +=
                    sx_reward_at(m, r, k, s) != 1;
        }
        assert_int_equal(moved, 40 * 3 * 20);
        assert_int_equal(impossible, i == 1 ? 0 : 40 * 3 * 20);
    }
    sx_spec_free(spec);
}

/* --- cells that send on
 * -------------------------------------------------------------------------------- */

/* From the middle, right ends on C and so back at the start S; up and down stay. */
static void weighs_what_passes_through(void **state)
{
    (void)state;
    sx_spec *spec =
        parse("<mdp version='1' discount='0.9'><gridworld slip='0.5'><map>\nS.C\nC..\n"
              "</map><cell symbol='S' label='start' initial='1'/>"
              "<cell symbol='C' label='cliff' sends-to='S'/></gridworld>",
              "<reward id='add'><add value='-1'/><add enter='cliff' value='-100'/>"
              "</reward><reward id='set'><add value='-1'/>"
              "<set enter='cliff' value='-100'/></reward>");
    const sx_mdp *m = spec->world->mdp;
    const sx_names *states = spec->world->states;
    int32_t left = sx_names_find(states, "r0c0"), middle = sx_names_find(states, "r0c1");
    int32_t down = sx_names_find(spec->world->actions, "down");
    int32_t right = sx_names_find(spec->world->actions, "right");
    assert_int_equal(m->states, 4);
    /* right from the middle: 1/2 through the cliff to S, 1/4 up: stays, 1/4 down */
    assert_true(at(spec, 0, middle, right, left) == -101);
    assert_true(at(spec, 1, middle, right, left) == -100);
    assert_true(at(spec, 0, middle, right, middle) == -1);
    /* down from S: 1/2 through the cliff, 1/4 against the wall, both end on S; 1/4 to the
     * middle */
    CHECK_NEAR(at(spec, 0, left, down, left), -1 - 100.0 * 2 / 3, 1e-13);
    CHECK_NEAR(at(spec, 1, left, down, left), -1.0 / 3 - 100.0 * 2 / 3, 1e-13);
    assert_true(at(spec, 0, left, down, middle) == -1);
    sx_spec_free(spec);
}

/* --- more triples than a dense form may have
 * ------------------------------------------------------------ */

enum { SIDE = 70 };

/* The last row is one label of absorbing cells, the first cell another. */
static sx_spec *hall(const char *rewards)
{
    char world[8192];
    size_t n = (size_t)snprintf(
        world, sizeof world, "<mdp version='1' discount='0.9'><gridworld slip='0.2'><map>\n");
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++)
            world[n++] = i + 1 == SIDE ? 'G' : i == 0 && j == 0 ? 'S' : '.';
        world[n++] = '\n';
    }
    snprintf(world + n, sizeof world - n,
             "</map><cell symbol='G' label='goal' absorbing='true'/>"
             "<cell symbol='S' label='start' initial='1'/></gridworld>");
    return parse(world, rewards);
}

static double in_hall(int32_t s, int32_t a, int32_t next)
{
    int32_t row = s / SIDE, col = s % SIDE, to_row = next / SIDE, to_col = next % SIDE;
    bool loop = row == SIDE - 1 && s == next;
    double r = loop ? 0 : -0.01 + row * to_col;
    r += to_row == SIDE - 1 && row != SIDE - 1 ? 10 : 0;
    r += next == 0 && s != 0 ? 3 : 0;
    if (a == 1 && col > 10 && to_row < 30 && !loop)
        r = 0.5 * to_row;
    return r + 0.9 * to_row - row;
}

static void keeps_sums_of_products_on_large_worlds(void **state)
{
    (void)state;
    sx_spec *spec = hall("<reward id='r'><add value=\"-0.01 + row * col'\"/>"
                         "<add enter='goal' value='10'/><add enter='start' value='3'/>"
                         "<set action='down' when=\"col &gt; 10 and row' &lt; 30\" "
                         "value=\"0.5 * row'\"/><shape potential='row'/></reward>"
                         "<reward id='mixed'><use reward='r'/>"
                         "<add when=\"row &lt; row'\" value='1'/></reward>");
    const sx_mdp *m = spec->world->mdp;
    const sx_reward *r = spec->reward[0].reward, *mixed = spec->reward[1].reward;
    assert_true((int64_t)m->pairs * m->states > SX_DENSE_LIMIT);
    assert_null(r->dense);
    assert_null(r->unknown);
    assert_true(r->products > 0 && r->products < 10);
    assert_int_equal(sx_names_find(spec->world->actions, "down"), 1);
    for (int32_t k = 0; k < m->pairs; k += 17)
        for (int32_t next = k % 13; next < m->states; next += 13) {
            double want = in_hall(k / 4, k % 4, next);
            CHECK_NEAR(sx_reward_at(m, r, k, next), want, 1e-13);
            if (sx_mdp_entry(m, k, next) < 0)
                assert_true(isnan(sx_reward_at(m, mixed, k, next)));
        }
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            int32_t next = m->next[t];
            double want = in_hall(k / 4, k % 4, next);
            CHECK_NEAR(r->on[t], want, 1e-13);
            CHECK_NEAR(mixed->on[t], want + (k / 4 / SIDE < next / SIDE), 1e-13);
        }
    assert_non_null(strstr(mixed->unknown, "2^26"));
    sx_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_and_sets_in_order),
        cmocka_unit_test(leaves_absorbing_loops_alone),
        cmocka_unit_test(uses_and_shapes),
        cmocka_unit_test(reads_arrays_in_every_order),
        cmocka_unit_test(reads_long_tables),
        cmocka_unit_test(draws_noise_by_seed_and_place),
        cmocka_unit_test(redistributes_without_a_trace_in_the_mean),
        cmocka_unit_test(weighs_what_passes_through),
        cmocka_unit_test(keeps_sums_of_products_on_large_worlds),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
