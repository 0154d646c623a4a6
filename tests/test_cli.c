/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli.c - every option of the table works, is documented, and refuses wrong values with
 * its name, the value and what is allowed; nothing is written by a call that fails. */
#include "cli/verb_plot.h"
#include "tests/cli_run.h"

static bool has(const sx_option *o, int verb)
{
    return o->verbs >> verb & 1;
}

/* A whole call of a verb but for the options. */
static void base_call(int verb, const char *argv[12], int *argc)
{
    *argc = 0;
    argv[(*argc)++] = "sextant";
    argv[(*argc)++] = sx_verbs[verb].name;
    if (verb == SX_VERB_NEW)
        argv[(*argc)++] = "gridworld";
    else if (verb == SX_VERB_EXPLAIN)
        argv[(*argc)++] = "E501";
    else
        argv[(*argc)++] = in_folder("small.xml");
    if (verb == SX_VERB_PLOT)
        argv[(*argc)++] = "distances";
    if (verb == SX_VERB_VERIFY)
        argv[(*argc)++] = in_folder("proof.json");
    if (verb == SX_VERB_EQUIVALENT) {
        argv[(*argc)++] = "true";
        argv[(*argc)++] = "shaped";
    }
}

/* What else shape needs beside option a with value b. */
static int shape_needs(const char *a, const char *b, const char **argv, int argc)
{
    bool goal = !strncmp(a, "--goal", 6) && b;
    if (!strncmp(a, "--norm", 6) || (goal && !strcmp(b, "fit"))) {
        argv[argc++] = "--to";
        argv[argc++] = "proxy";
    }
    if (goal && !strcmp(b, "bounded"))
        argv[argc++] = "--bound=1";
    if (!strncmp(a, "--bound", 7))
        argv[argc++] = "--goal=bounded";
    return argc;
}

static run call_with(int verb, const char *a, const char *b)
{
    const char *argv[12];
    int argc;
    base_call(verb, argv, &argc);
    if ((verb == SX_VERB_PLOT || verb == SX_VERB_CONVERT) && strncmp(a, "--output", 8) != 0) {
        argv[argc++] = "--output";
        argv[argc++] = in_folder(verb == SX_VERB_PLOT ? "x.svg" : "x.xml");
    }
    if (verb == SX_VERB_FRONTIER && strncmp(a, "--proxy", 7) != 0) {
        argv[argc++] = "--proxy";
        argv[argc++] = "shaped";
    }
    if (verb == SX_VERB_SHAPE)
        argc = shape_needs(a, b, argv, argc);
    argv[argc++] = a;
    if (b)
        argv[argc++] = b;
    argv[argc] = NULL;
    return run_(argv);
}

static void refuses(int verb, const sx_option *o, const char *value)
{
    char option[64], both[128], allowed[256];
    snprintf(option, sizeof option, "--%s", o->name);
    snprintf(both, sizeof both, "--%s=%s", o->name, value);
    sx_option_allowed(o, allowed, sizeof allowed);
    for (int form = 0; form < 2; form++) {
        run r = form ? call_with(verb, option, value) : call_with(verb, both, NULL);
        CHECK_EXIT(r, 2);
        assert_int_equal(r.out_size, 0);
        CHECK_SAYS(r.err, option);
        CHECK_SAYS(r.err, value);
        CHECK_SAYS(r.err, allowed);
        CHECK_SAYS(r.err, "E503");
        run_free(r);
    }
}

static void wrong_values_are_refused(void **state)
{
    static const char *const numbers[] = {"x",   "1x",  "-1",  "1e400",
                                          "nan", "inf", "1,5", "0x10"};
    (void)state;
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++) {
            char beyond[32];
            if (!has(o, verb))
                continue;
            if (o->kind == SX_KIND_CHOICE)
                refuses(verb, o, "no-such");
            if (o->kind == SX_KIND_FILE || o->kind == SX_KIND_TEXT)
                refuses(verb, o, "");
            if (o->kind == SX_KIND_LENGTH)
                refuses(verb, o, "12"), refuses(verb, o, "1yd"), refuses(verb, o, "21in");
            if (o->kind != SX_KIND_WHOLE && o->kind != SX_KIND_REAL)
                continue;
            for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
                refuses(verb, o, numbers[i]);
            snprintf(beyond, sizeof beyond, "%.17g", 2 * o->hi + 1);
            refuses(verb, o, beyond);
        }
}

static void flags_take_no_value(void **state)
{
    (void)state;
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++) {
            char both[64];
            run r;
            if (!has(o, verb) || o->kind != SX_KIND_FLAG)
                continue;
            snprintf(both, sizeof both, "--%s=yes", o->name);
            r = call_with(verb, both, NULL);
            CHECK_EXIT(r, 2);
            CHECK_SAYS(r.err, "'yes'");
            CHECK_SAYS(r.err, "no value");
            run_free(r);
        }
}

static void an_option_without_its_value_is_refused(void **state)
{
    (void)state;
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++) {
            char option[64];
            if (!has(o, verb) || o->kind == SX_KIND_FLAG)
                continue;
            snprintf(option, sizeof option, "--%s", o->name);
            for (int form = 0; form < 2; form++) {
                run r = call_with(verb, option, form ? "--quiet" : NULL);
                CHECK_EXIT(r, 2);
                CHECK_SAYS(r.err, option);
                CHECK_SAYS(r.err, "has no value");
                run_free(r);
            }
        }
}

static void an_option_given_twice_is_refused(void **state)
{
    (void)state;
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++) {
            char both[64];
            run r;
            if (!has(o, verb) || !o->standard)
                continue;
            snprintf(both, sizeof both, "--%s=%s", o->name, o->standard);
            r = call_with(verb, both, both);
            CHECK_EXIT(r, 2);
            CHECK_SAYS(r.err, "twice");
            CHECK_SAYS(r.err, o->name);
            run_free(r);
        }
}

static void options_of_other_verbs_are_refused(void **state)
{
    (void)state;
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++) {
            char option[64];
            run r;
            if (sx_option_find((sx_verb_id)verb, o->name))
                continue;
            snprintf(option, sizeof option, "--%s=1", o->name);
            r = call_with(verb, option, NULL);
            CHECK_EXIT(r, 2);
            CHECK_SAYS(r.err, "is no option of");
            CHECK_SAYS(r.err, sx_verbs[verb].name);
            run_free(r);
        }
}

static void accepts(int verb, const sx_option *o, const char *value)
{
    char option[64];
    run r;
    if (o->id == SX_OPT_ATTRIBUTES || (o->id == SX_OPT_GOAL && !strcmp(value, "linear")))
        return; /* this world has no attributes */
    if (verb == SX_VERB_CONSISTENCY && (o->id == SX_OPT_REWARD || o->id == SX_OPT_MARGIN))
        return; /* these go with --average and --repair, which write files */
    if (verb == SX_VERB_PLOT && !sx_plot_reads(&sx_plot_kinds[0], o->id))
        return; /* of other figures */
    snprintf(option, sizeof option, "--%s", o->name);
    r = call_with(verb, option, value);
    CHECK_EXIT(r, 0);
    run_free(r);
}

static void accept_values(int verb, const sx_option *o)
{
    char text[32];
    const char *word;
    switch (o->kind) {
    case SX_KIND_FLAG: accepts(verb, o, NULL); break;
    case SX_KIND_TEXT: accepts(verb, o, "proxy"); break;
    case SX_KIND_FILE: break; /* files have tests of their own */
    case SX_KIND_CHOICE:
        for (int32_t i = 0; (word = o->choice(i)); i++)
            accepts(verb, o, word);
        break;
    case SX_KIND_WHOLE:
    case SX_KIND_REAL:
        snprintf(text, sizeof text, "%.17g", o->lo > 0 && o->lo < 1e-6 ? 1e-6 : o->lo);
        accepts(verb, o, text);
        if (o->id != SX_OPT_THREADS && o->id != SX_OPT_TRIVIAL) {
            snprintf(text, sizeof text, "%.17g", o->hi);
            accepts(verb, o, text);
        }
        break;
    case SX_KIND_LENGTH:
        accepts(verb, o, "3.25in");
        accepts(verb, o, "8cm");
        accepts(verb, o, "80mm");
        accepts(verb, o, "234pt");
        break;
    }
}

static void every_option_works(void **state)
{
    run r = RUN("solve", in_folder("small.xml"), "--certificate", in_folder("proof.json"));
    (void)state;
    CHECK_EXIT(r, 0);
    run_free(r);
    for (const sx_option *o = sx_option_table; o->name; o++)
        for (int verb = 0; verb < SX_VERBS; verb++)
            if (has(o, verb))
                accept_values(verb, o);
}

static void help_names_every_option(void **state)
{
    (void)state;
    for (int verb = 0; verb < SX_VERBS; verb++) {
        run r = RUN(sx_verbs[verb].name, "--help");
        CHECK_EXIT(r, 0);
        assert_int_equal(r.err_size, 0);
        CHECK_SAYS(r.out, sx_verbs[verb].arguments);
        for (const sx_option *o = sx_option_table; o->name; o++) {
            char option[64];
            snprintf(option, sizeof option, "  --%s%s%s", o->name, o->argument ? " " : "\n",
                     o->argument ? o->argument : "");
            option[strcspn(option, "\n")] = '\0';
            if (has(o, verb))
                CHECK_SAYS(r.out, option);
        }
        for (const char *line = r.out; *line; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") <= 80);
        run_free(r);
    }
}

static void general_help_names_every_verb(void **state)
{
    run r = RUN("--help"), h = RUN("-h");
    (void)state;
    CHECK_EXIT(r, 0);
    assert_string_equal(r.out, h.out);
    for (int verb = 0; verb < SX_VERBS; verb++)
        CHECK_SAYS(r.out, sx_verbs[verb].name);
    run_free(r);
    run_free(h);
    r = RUN("--version");
    CHECK_EXIT(r, 0);
    assert_string_equal(r.out, "sextant " SX_VERSION "\n");
    run_free(r);
}

/* The call fails with this code, saying part; nothing goes to standard output. */
#define CHECK_REFUSED(r, code, part) check_refused_((r), (code), (part), __FILE__, __LINE__)

static void check_refused_(run r, const char *code, const char *part, const char *file,
                           int line)
{
    check_exit_(r, 2, file, line);
    check_says_(r.err, code, file, line);
    check_says_(r.err, part, file, line);
    assert_int_equal(r.out_size, 0);
    run_free(r);
}

static void usage_errors_say_what_to_do(void **state)
{
    const char *spec = in_folder("small.xml");
    (void)state;
    CHECK_REFUSED(run_((const char *const[]){"sextant", NULL}), "E501", "no verb");
    CHECK_REFUSED(RUN("distanse", spec), "E501", "did you mean distance?");
    CHECK_REFUSED(RUN("distance", spec, "--nrom", "l1"), "E502", "did you mean --norm?");
    CHECK_REFUSED(RUN("distance", spec, "-n", "l1"), "E502", "unknown option");
    CHECK_REFUSED(RUN("distance", spec, "--metric", "l3"), "E503", "did you mean l1?");
    CHECK_REFUSED(RUN("distance", spec, "--format", "latex"), "E503", "text, json, csv");
    CHECK_REFUSED(RUN("distance"), "E505", "SPEC [REWARD...]");
    CHECK_REFUSED(RUN("solve", spec, "more"), "E505", "'more'");
    CHECK_REFUSED(RUN("solve", spec, "--quiet", "--verbose"), "E506", "--quiet and --verbose");
    CHECK_REFUSED(RUN("distance", spec, "--all", "--norm", "l1"), "E506", "--norm");
    CHECK_REFUSED(RUN("distance", spec, "--distance", "epic", "--metric", "l1"), "E506",
                  "--metric");
    CHECK_REFUSED(RUN("distance", spec, "--canon", "minimal", "--norm", "none"), "E506",
                  "--norm none");
    CHECK_REFUSED(RUN("distance", spec, "true", "prox"), "E507", "true, proxy, shaped");
    CHECK_REFUSED(RUN("distance", spec, "true", "true"), "E504", "'true'");
    CHECK_REFUSED(RUN("regret", spec, "--true", "nobody"), "E507", "--true 'nobody'");
    CHECK_REFUSED(RUN("solve", spec, "--reward", "nobody"), "E507", "--reward 'nobody'");
    CHECK_REFUSED(RUN("explain", "E5O1"), "E508", "did you mean E501?");
    CHECK_REFUSED(RUN("new", "banditt"), "E509", "did you mean bandit?");
    CHECK_REFUSED(RUN("new", "poker"), "E509", "gridworld, explicit, numpy, bandit, random");
    CHECK_REFUSED(RUN("plot", spec, "bars", "--output", "x.pdf"), "E509", "distances");
    CHECK_REFUSED(RUN("plot", spec, "distances"), "E505", "--output");
    CHECK_REFUSED(RUN("plot", spec, "distances", "--output", "x.gif"), "E510", ".svg");
    CHECK_REFUSED(RUN("plot", spec, "gridworld", "--output", "x.svg"), "no gridworld",
                  "<gridworld>");
    CHECK_REFUSED(RUN("convert", spec), "E505", "--output");
    CHECK_REFUSED(RUN("convert", spec, "--output", "x.txt"), "E510", ".csv");
    CHECK_REFUSED(RUN("check", in_folder("absent.xml")), "absent.xml", "No such file");
}

static void options_may_stand_anywhere(void **state)
{
    const char *spec = in_folder("small.xml");
    run a = RUN("distance", spec, "--norm", "l1", "--format", "json");
    run b = RUN("--format=json", "--norm", "l1", "distance", "--", spec);
    run d = RUN("distance", "--norm=l1", spec, "--format=json");
    (void)state;
    CHECK_EXIT(a, 0);
    CHECK_EXIT(b, 0);
    CHECK_EXIT(d, 0);
    assert_string_equal(a.out, b.out);
    assert_string_equal(a.out, d.out);
    run_free(a);
    run_free(b);
    run_free(d);
}

static void every_command_code_is_explained(void **state)
{
    (void)state;
    for (int i = 501; i <= 512; i++) {
        char code[16];
        run r;
        snprintf(code, sizeof code, "E%d", i);
        r = RUN("explain", code);
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, code);
        run_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_values_are_refused),
        cmocka_unit_test(flags_take_no_value),
        cmocka_unit_test(an_option_without_its_value_is_refused),
        cmocka_unit_test(an_option_given_twice_is_refused),
        cmocka_unit_test(options_of_other_verbs_are_refused),
        cmocka_unit_test(every_option_works),
        cmocka_unit_test(help_names_every_option),
        cmocka_unit_test(general_help_names_every_verb),
        cmocka_unit_test(usage_errors_say_what_to_do),
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(every_command_code_is_explained),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
