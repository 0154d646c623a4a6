/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_files.c - what the command writes is whole and in its place, or not there at all;
 * templates are sound; policies and distributions are read from files. */
#include "tests/cli_json.h"

#include "cli/cli.h"
#include "mdp/file.h"
#include "mdp/npy.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* --- what is written --- */

static void output_is_what_is_printed(void **state)
{
    size_t size;
    char *text;
    run a = RUN("distance", in_folder("small.xml"), "--format", "csv");
    run b = RUN("distance", in_folder("small.xml"), "--format", "csv", "--output",
                in_folder("d.csv"));
    (void)state;
    CHECK_EXIT(b, 0);
    assert_int_equal(b.out_size, 0);
    text = read_file(in_folder("d.csv"), &size);
    assert_string_equal(a.out, text);
    sx_release(text);
    unlink(in_folder("d.csv"));
    run_free(a);
    run_free(b);
}

static void a_failure_touches_no_file(void **state)
{
    const char *spec = in_folder("small.xml"), *kept = in_folder("kept");
    char *text;
    size_t size;
    int before;
    run r;
    (void)state;
    write_file(kept, "kept", 4);
    write_file(in_folder("bad.xml"), "<mdp version='1'>", 17);
    mkdir(in_folder("folder"), 0777);
    mkdir(in_folder("out.proxy.npy"), 0777);
    mkdir(in_folder("late.shaped.npy.part"), 0777);
    before = entries_of(cli_folder);
    r = RUN("distance", in_folder("bad.xml"), "--output", kept);
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "bad.xml:1:");
    run_free(r);
    r = RUN("distance", spec, "--output", in_folder("folder"));
    CHECK_EXIT(r, 2);
    run_free(r);
    r = RUN("distance", spec, "--output", in_folder("absent/x"));
    CHECK_EXIT(r, 2);
    run_free(r);
    r = RUN("convert", spec, "--output", in_folder("out.npy")); /* one target is a folder */
    CHECK_EXIT(r, 2);
    run_free(r);
    r = RUN("convert", spec, "--output",
            in_folder("late.npy")); /* the last cannot be written */
    CHECK_EXIT(r, 2);
    run_free(r);
    r = RUN("convert", spec, "--output", in_folder("absent/out.npy"));
    CHECK_EXIT(r, 2);
    run_free(r);
    assert_int_equal(entries_of(cli_folder), before);
    text = read_file(kept, &size);
    assert_string_equal(text, "kept");
    sx_release(text);
}

/* A signal in the middle of a write, whenever that is: the file may not grow beyond a block,
 * and the write that would make it so raises the signal. */
static int signal_now;

static void raise_now(int number)
{
    (void)number;
    raise(signal_now);
}

static void write_and_be_interrupted(char **part)
{
    static char big[1 << 16];
    const struct rlimit block = {4096, 4096};
    struct sigaction act = {.sa_handler = raise_now};
    sx_error err = SX_NO_ERROR;
    sx_interrupt_install();
    sx_interrupt_pending(part, 2);
    if (sigaction(SIGXFSZ, &act, NULL) || setrlimit(RLIMIT_FSIZE, &block) ||
        sx_file_write(part[0], "done", 4, &err))
        _exit(90);
    _exit(sx_file_write(part[1], big, sizeof big, &err) ? 91 : 92);
}

static void an_interrupt_leaves_nothing(void **state)
{
    static const int number[] = {SIGINT, SIGTERM, SIGHUP};
    char *part[] = {sx_strdup(in_folder("one.part")), sx_strdup(in_folder("two.part"))};
    (void)state;
    signal(SIGHUP, SIG_DFL);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        int before = entries_of(cli_folder), status = 0;
        signal_now = number[i];
        pid_t child = fork();
        if (child == 0)
            write_and_be_interrupted(part);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 128 + number[i]);
        assert_int_equal(entries_of(cli_folder), before);
    }
    sx_release(part[0]);
    sx_release(part[1]);
}

/* The same entries, values to rounding. */
static void check_near_lists(json_t *a, json_t *b)
{
    assert_int_equal(json_array_size(a), json_array_size(b));
    for (size_t i = 0; i < json_array_size(a); i++) {
        json_t *x = json_array_get(a, i), *y = json_array_get(b, i);
        assert_true(json_equal(at(x, "canon"), at(y, "canon")));
        assert_true(json_equal(at(x, "norm"), at(y, "norm")));
        assert_true(json_equal(at(x, "reason"), at(y, "reason")));
        CHECK_NEAR(json_number_value(at(x, "value")), json_number_value(at(y, "value")), 1e-9);
    }
}

static void convert_keeps_the_distances(void **state)
{
    static const char *const names[] = {"c.xml", "n.npy", "t.csv"};
    static const char *const read[] = {"c.xml", "n.xml", "t.xml"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        json_t *a, *b;
        run r = RUN("convert", in_folder("small.xml"), "--output", in_folder(names[i]));
        CHECK_EXIT(r, 0);
        assert_int_equal(r.out_size, 0);
        run_free(r);
        a = result(RUN("distance", in_folder("small.xml"), "--all", "--format", "json"));
        b = result(RUN("distance", in_folder(read[i]), "--all", "--format", "json"));
        check_near_lists(at(a, "distances"), at(b, "distances"));
        json_decref(a);
        json_decref(b);
    }
}

static void inputs_are_not_overwritten(void **state)
{
    size_t size;
    char *text;
    const char *spec = in_folder("small.xml");
    const char *const calls[][6] = {
        {"sextant", "convert", spec, "--output", in_folder("small.npy"), NULL},
        {"sextant", "convert", spec, "--output", spec, NULL},
        {"sextant", "distance", spec, "--output", spec, NULL}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        run r = run_(calls[i]);
        CHECK_EXIT(r, 2);
        CHECK_SAYS(r.err, "E512");
        run_free(r);
    }
    text = read_file(spec, &size);
    assert_string_equal(text, small_world);
    sx_release(text);
}

static void figures_are_written(void **state)
{
    static const struct {
        const char *name, *start;
    } files[] = {{"f.pdf", "%PDF"}, {"f.svg", "<?xml"}, {"f.png", "\x89PNG"}};
    (void)state;
    for (int i = 0; i < 3; i++) {
        size_t size;
        char *bytes;
        run r = RUN("plot", in_folder("small.xml"), "distances", "--canon", "epic", "--output",
                    in_folder(files[i].name));
        CHECK_EXIT(r, 0);
        assert_int_equal(r.out_size, 0);
        run_free(r);
        bytes = read_file(in_folder(files[i].name), &size);
        assert_memory_equal(bytes, files[i].start, 4);
        sx_release(bytes);
    }
}

/* --- templates --- */

static void save_array(const char *path, int32_t dims, const int64_t *shape,
                       const double *value)
{
    sx_error err = SX_NO_ERROR;
    sx_array a = {.dims = dims, .shape = {1, 1, 1}};
    unsigned char *bytes = NULL;
    size_t size, n = 1;
    for (int32_t i = 0; i < dims; i++) {
        a.shape[i] = shape[i];
        n *= (size_t)shape[i];
    }
    a.value = sx_alloc(n, sizeof(double));
    assert_non_null(a.value);
    for (size_t i = 0; i < n; i++)
        a.value[i] = value[i];
    CHECK_OK(sx_npy_format(&a, &bytes, &size, &err));
    write_file(path, bytes, size);
    sx_release(bytes);
    sx_release(a.value);
}

static void every_template_is_sound(void **state)
{
    const double p[] = {1, 0, 0.5, 0.5, 0.25, 0.75, 0, 1}, mu[] = {0.5, 0.5};
    const double reward[] = {1, 2, 3, 4, 5, 6, 7, 8.5};
    const int64_t shape[] = {2, 2, 2};
    (void)state;
    save_array(in_folder("P.npy"), 3, shape, p);
    save_array(in_folder("mu.npy"), 1, shape, mu);
    save_array(in_folder("R.npy"), 3, shape, reward);
    for (const sx_template *t = sx_templates; t->kind; t++) {
        run r = RUN("new", t->kind, "--output", in_folder("new.xml"));
        CHECK_EXIT(r, 0);
        run_free(r);
        r = RUN("check", in_folder("new.xml"));
        CHECK_EXIT(r, 0);
        assert_int_equal(r.err_size, 0); /* no warning either */
        run_free(r);
        r = RUN("regret", in_folder("new.xml"));
        CHECK_EXIT(r, 0);
        run_free(r);
    }
}

/* --- policies and distributions --- */

static double distance_with(const char *option, const char *file, const char *canon)
{
    json_t *v = result(RUN("distance", in_folder("small.xml"), "true", "proxy", "--canon",
                           canon, "--format", "json", option, file));
    double d = json_number_value(at(v, "distances/0/value"));
    json_decref(v);
    return d;
}

static void policy_files_are_used(void **state)
{
    const double pi[] = {0.9, 0.1, 1, 0, 0.5, 0.5, 0.5, 0.5};
    const double uniform[] = {0.25, 0.25, 0.25, 0.25};
    const int64_t shape[] = {4, 2};
    const char csv[] = "state,action,p\na,go,0.9\na,stay,0.1\nb,go,1\nc,go,1/2\nc,stay,1/2\n"
                       "d,go,0.5\nd,stay,0.5\n";
    const char states[] = "state,p\na,0.7\nb,0.1\nc,0.1\nd,0.1\n";
    double by_npy, by_csv, plain;
    (void)state;
    save_array(in_folder("pi.npy"), 2, shape, pi);
    save_array(in_folder("ds.npy"), 1, shape, uniform);
    write_file(in_folder("pi.csv"), csv, sizeof csv - 1);
    write_file(in_folder("ds.csv"), states, sizeof states - 1);
    plain = distance_with("--seed", "0", "val");
    by_npy = distance_with("--policy", in_folder("pi.npy"), "val");
    by_csv = distance_with("--policy", in_folder("pi.csv"), "val");
    CHECK_NEAR(by_npy, by_csv, 0);
    assert_true(fabs(by_npy - plain) > 1e-6);
    plain = distance_with("--seed", "0", "epic");
    CHECK_NEAR(distance_with("--state-dist", in_folder("ds.npy"), "epic"), plain, 1e-12);
    assert_true(fabs(distance_with("--state-dist", in_folder("ds.csv"), "epic") - plain) >
                1e-6);
    assert_true(fabs(distance_with("--action-dist", in_folder("pi.csv"), "epic") - plain) >
                1e-6);
}

static void refuses_file(const char *option, const char *text, const char *part)
{
    run r;
    write_file(in_folder("odd.csv"), text, strlen(text));
    r = RUN("distance", in_folder("small.xml"), option, in_folder("odd.csv"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, part);
    CHECK_SAYS(r.err, "odd.csv");
    assert_int_equal(r.out_size, 0);
    run_free(r);
}

static void odd_policy_files_are_refused(void **state)
{
    const int64_t shape[] = {2, 4};
    const double value[8] = {0};
    run r;
    (void)state;
    refuses_file("--policy", "state,p\na,1\n", "state,action,p");
    refuses_file("--policy", "state,action,p\na,go,1\n", "probabilities of b sum to 0");
    refuses_file("--policy", "state,action,p\na,go,2\n", "not between 0 and 1");
    refuses_file("--policy", "state,action,p\na,go,-1\n", "not between 0 and 1");
    refuses_file("--policy", "state,action,p\na,go,x\n", "'x' is not a number");
    refuses_file("--policy", "state,action,p\na,go,1\na,go,0\n", "twice");
    refuses_file("--policy", "state,action,p\nb,stay,1\n", "not available");
    refuses_file("--policy", "state,action,p\nz,go,1\n", "no state 'z'");
    refuses_file("--policy", "state,action,p\na,stai,1\n", "did you mean stay?");
    refuses_file("--state-dist", "state,p\na,0.5\n", "sum to 0.5");
    refuses_file("--state-dist", "state,p\na,0.5,7\n", "odd.csv:2");
    save_array(in_folder("odd.npy"), 2, shape, value);
    r = RUN("distance", in_folder("small.xml"), "--policy", in_folder("odd.npy"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "(4, 2)");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_is_what_is_printed),
        cmocka_unit_test(a_failure_touches_no_file),
        cmocka_unit_test(an_interrupt_leaves_nothing),
        cmocka_unit_test(convert_keeps_the_distances),
        cmocka_unit_test(inputs_are_not_overwritten),
        cmocka_unit_test(figures_are_written),
        cmocka_unit_test(every_template_is_sound),
        cmocka_unit_test(policy_files_are_used),
        cmocka_unit_test(odd_policy_files_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
