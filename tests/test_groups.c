/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_groups.c - groups of rewards are read as the files say; bootstrap intervals equal what
 * listing every resample gives, up to the noise of ten thousand draws. */
#define _XOPEN_SOURCE 700

#include "mdp/file.h"
#include "mdp/npy.h"
#include "mdp/spec.h"
#include "metrics/statistics.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <omp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the bootstrap --- */

static sx_interval bootstrap(const double *value, sx_sample rows, sx_sample columns,
                             uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_interval x;
    CHECK_OK(sx_bootstrap_mean(value, rows, columns, seed, &x, &err));
    return x;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The next of all draws of n out of n; false after the last. */
static bool next_draw(int *draw, int n)
{
    for (int i = 0; i < n; i++) {
        if (++draw[i] < n)
            return true;
        draw[i] = 0;
    }
    return false;
}

/* The means of all equally likely resamples, sorted; free(). */
static double *all_means(const double *value, int rows, int columns, bool both, int *n)
{
    int r[8] = {0}, c[8], room = 1 << 16;
    double *mean = malloc((size_t)room * sizeof *mean);
    *n = 0;
    do {
        memset(c, 0, sizeof c);
        do {
            double sum = 0;
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    sum += value[r[i] * columns + (both ? c[j] : j)];
            assert_true(*n < room);
            mean[(*n)++] = sum / rows / columns;
        } while (both && next_draw(c, columns));
    } while (next_draw(r, rows));
    qsort(mean, (size_t)*n, sizeof *mean, ascending);
    return mean;
}

/* The share of ten thousand draws below a quantile of 2.5 % has the standard deviation
 * sqrt(.025 .975 / 10000) = .00156: within .007 of it in all but 1 of 10^5 tests. */
static void check_interval(const double *value, int rows, int columns, bool both, uint64_t seed)
{
    int n;
    double *mean = all_means(value, rows, columns, both, &n), exact = 0;
    sx_interval x =
        bootstrap(value, (sx_sample){rows, 0}, (sx_sample){columns, both ? 1 : -1}, seed);
    double low[2] = {mean[(int)(.018 * n)], mean[(int)(.032 * n)]};
    double high[2] = {mean[(int)(.968 * n)], mean[(int)(.982 * n)]};
    for (int i = 0; i < n; i++)
        exact += mean[i] / n;
    CHECK_NEAR(x.mean, exact, 1e-12);
    assert_null(x.reason);
    assert_true(x.lo <= x.mean && x.mean <= x.hi);
    if (!(x.lo >= low[0] - 1e-12 && x.lo <= low[1] + 1e-12 && x.hi >= high[0] - 1e-12 &&
          x.hi <= high[1] + 1e-12)) {
        print_error("%d x %d, seed %d: [%.17g, %.17g], expected [%.17g..%.17g, %.17g..%.17g]\n",
                    rows, columns, (int)seed, x.lo, x.hi, low[0], low[1], high[0], high[1]);
        fail();
    }
    free(mean);
}

static void equals_the_list_of_all_resamples(void **state)
{
    (void)state;
    double value[25];
    for (uint64_t seed = 1; seed <= 60; seed++) {
        oracle_stream g = oracle_start(seed);
        for (int i = 0; i < 25; i++)
            value[i] = seed % 3 ? oracle_normal(&g) : oracle_below(&g, 3);
        for (int n = 2; n <= 5; n++)
            check_interval(value, n, 1 + (int)(seed % 5), false, seed);
        check_interval(value, 2, 3, true, seed);
        check_interval(value, 3, 2, true, seed);
        check_interval(value, 3, 3, true, seed);
    }
}

static bool same(sx_interval a, sx_interval b)
{
    return !(a.lo < b.lo || a.lo > b.lo || a.hi < b.hi || a.hi > b.hi);
}

static void depends_on_seed_and_stream_alone(void **state)
{
    (void)state;
    double value[60], twice[120], turned[60];
    oracle_stream g = oracle_start(4);
    for (size_t i = 0; i < 60; i++)
        turned[i % 3 * 20 + i / 3] = twice[2 * i] = twice[2 * i + 1] = value[i] =
            oracle_normal(&g);
    sx_sample group = {60, 3}, one = {1, -1}, two = {2, -1};
    int threads = omp_get_max_threads();
    sx_interval x = bootstrap(value, group, one, 9);
    for (int n = 1; n <= 3; n++) {
        omp_set_num_threads(n);
        assert_true(same(x, bootstrap(value, group, one, 9)));
    }
    omp_set_num_threads(threads);
    assert_true(same(x, bootstrap(twice, group, two, 9))); /* the other side changes nothing */
    assert_true(same(x, bootstrap(value, one, group, 9))); /* nor does turning it */
    assert_false(same(x, bootstrap(value, group, one, 10)));
    assert_false(same(x, bootstrap(value, (sx_sample){60, 4}, one, 9)));
    sx_interval a = bootstrap(value, (sx_sample){20, 1}, (sx_sample){3, 2}, 9);
    sx_interval b = bootstrap(turned, (sx_sample){3, 2}, (sx_sample){20, 1}, 9);
    CHECK_NEAR(a.lo, b.lo, 1e-12);
    CHECK_NEAR(a.hi, b.hi, 1e-12);
}

/* A sample of normal numbers: the interval of its mean is 3.92 standard errors wide. */
static void width_is_that_of_the_standard_error(void **state)
{
    (void)state;
    enum { N = 2000 };
    double *value = oracle_vector(N), sum = 0, square = 0;
    oracle_stream g = oracle_start(11);
    for (int i = 0; i < N; i++) {
        value[i] = oracle_normal(&g);
        sum += value[i];
        square += value[i] * value[i];
    }
    double se = sqrt((square / N - sum / N * sum / N) / N);
    sx_interval x = bootstrap(value, (sx_sample){N, 0}, (sx_sample){1, -1}, 1);
    assert_true(fabs((x.hi - x.lo) / se - 3.92) < 0.15);
    free(value);
}

static void special_groups(void **state)
{
    (void)state;
    double value[] = {0.1, 0.1, 0.1}, odd[] = {1, NAN, 2};
    sx_sample one = {1, -1};
    sx_error err = SX_NO_ERROR;
    sx_interval x = bootstrap(value, (sx_sample){1, 0}, one, 0);
    assert_non_null(x.reason);
    assert_true(isnan(x.lo) && isnan(x.hi));
    CHECK_NEAR(x.mean, 0.1, 0);
    x = bootstrap(value, (sx_sample){3, 0}, one, 0);
    assert_true(x.lo <= x.mean && x.mean <= x.hi && x.hi - x.lo < 1e-16);
    assert_int_equal(sx_bootstrap_mean(odd, (sx_sample){3, 0}, one, 0, &x, &err), SX_EARG);
    assert_true(isnan(x.mean));
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_bootstrap_mean(odd, (sx_sample){0, 0}, one, 0, &x, &err), SX_EARG);
}

/* --- reading --- */

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/sextant-groups-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder))
        return -1;
    return mkdir("a[1]*", 0777) || mkdir("a[1]*/runs", 0777) || mkdir("a[1]*/runs/x", 0777) ||
           mkdir("a[1]*/runs/y", 0777) || mkdir("a[1]*/many", 0777);
}

static int remove_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") || system(command);
}

/* A reward of the state left. */
static void write_array(const char *path, double a, double b)
{
    sx_error err = SX_NO_ERROR;
    double value[] = {a, b};
    sx_array array = {.dims = 1, .shape = {2, 1, 1}, .value = value};
    unsigned char *bytes;
    size_t size;
    CHECK_OK(sx_npy_format(&array, &bytes, &size, &err));
    CHECK_OK(sx_file_write(path, bytes, size, &err));
    sx_release(bytes);
}

static void write_text(const char *path, const char *text)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_file_write(path, text, strlen(text), &err));
}

/* Read a specification with these rewards as the file a[1]x/s.xml. */
static sx_status read_rewards(const char *rewards, sx_spec **spec, sx_error *err)
{
    char text[2048];
    snprintf(text, sizeof text,
             "<mdp version=\"1\" discount=\"0.5\"><explicit><states count=\"2\"/>"
             "<actions count=\"1\"/><transition from=\"0\" action=\"0\" to=\"1\" p=\"1\"/>"
             "<transition from=\"1\" action=\"0\" to=\"0\" p=\"1\"/></explicit>%s</mdp>",
             rewards);
    return sx_spec_parse("a[1]*/s.xml", text, strlen(text), NULL, spec, err);
}

static void check_reward(const sx_spec *s, int32_t i, const char *id, const char *group,
                         double first)
{
    assert_true(i < s->rewards);
    assert_string_equal(s->reward[i].id, id);
    assert_true((s->reward[i].group == NULL) == (group == NULL));
    if (group)
        assert_string_equal(s->reward[i].group, group);
    CHECK_NEAR(sx_reward_at(s->world->mdp, s->reward[i].reward, 0, 1), first, 0);
}

static void files_become_rewards_in_order(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *s;
    write_array("a[1]*/runs/b.2.npy", 2, 0);
    write_array("a[1]*/runs/b.10.npy", 10, 0);
    write_text("a[1]*/runs/b-csv.csv", "from,action,to,reward\n0,0,1,7\n1,0,0,8\n");
    write_array("a[1]*/runs/.b.npy", 99, 0);
    write_array("a[1]*/runs/x/r.npy", 21, 0);
    write_array("a[1]*/runs/y/r.npy", 22, 0);
    CHECK_OK(read_rewards("<reward id=\"first\"><add value=\"3\"/></reward>"
                          "<reward id=\"g\" href=\"runs/?*.[nc]*\" missing=\"zero\"/>"
                          "<reward id=\"single\" href=\"runs/x/r.npy\"/>"
                          "<reward id=\"deep\" href=\"runs/*/r.npy\"/>"
                          "<reward id=\"h1\" group=\"hand\"><use reward=\"g/b.2\"/></reward>"
                          "<reward id=\"h2\" group=\"hand\" href=\"runs/y/r.npy\"/>",
                          &s, &err));
    assert_int_equal(s->rewards, 9);
    check_reward(s, 0, "first", NULL, 3);
    check_reward(s, 1, "g/b-csv", "g", 7); /* '-' < '.' */
    check_reward(s, 2, "g/b.10", "g", 10);
    check_reward(s, 3, "g/b.2", "g", 2);
    check_reward(s, 4, "single", NULL, 21);
    check_reward(s, 5, "deep/x/r", "deep", 21);
    check_reward(s, 6, "deep/y/r", "deep", 22);
    check_reward(s, 7, "h1", "hand", 2);
    check_reward(s, 8, "h2", "hand", 22);
    assert_int_equal(sx_spec_group(s, "g"), 3);
    assert_int_equal(sx_spec_group(s, "first"), 0);
    assert_int_equal(s->inputs, 6); /* s.xml and five files, each once */
    sx_spec_free(s);
}

static void absolute_names(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *s;
    char rewards[256];
    snprintf(rewards, sizeof rewards, "<reward id=\"g\" href=\"%s/a?1]?/runs/b.2*\"/>", folder);
    CHECK_OK(read_rewards(rewards, &s, &err));
    assert_int_equal(s->rewards, 1);
    check_reward(s, 0, "g/a[1]*/runs/b.2", "g", 2);
    sx_spec_free(s);
}

/* Two thousand are read, ten thousand and one are refused before any is looked at. */
static void many_files(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *s = NULL;
    const char *spec = "<reward id=\"g\" href=\"many/*\"/>";
    char name[64];
    for (int i = 0; i <= 10000; i++) {
        snprintf(name, sizeof name, "a[1]*/many/%05d.npy", i);
        if (i < 2000)
            write_array(name, i, 0);
        else
            assert_int_equal(link("a[1]*/many/00000.npy", name), 0);
        if (i == 1999) {
            CHECK_OK(read_rewards(spec, &s, &err));
            assert_int_equal(s->rewards, 2000);
            check_reward(s, 1234, "g/01234", "g", 1234);
            sx_spec_free(s);
        }
    }
    assert_int_equal(read_rewards(spec, &s, &err), SX_EINPUT);
    assert_null(s);
    assert_non_null(strstr(err.msg, "more than 10000 files"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_list_of_all_resamples),
        cmocka_unit_test(depends_on_seed_and_stream_alone),
        cmocka_unit_test(width_is_that_of_the_standard_error),
        cmocka_unit_test(special_groups),
        cmocka_unit_test(files_become_rewards_in_order),
        cmocka_unit_test(absolute_names),
        cmocka_unit_test(many_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
