/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_oom.c - wherever memory runs out, the command says so, exits with 4 and writes
 * nothing. */
#include "tests/alloc_limit.h"
#include "tests/cli_run.h"

/* Let 0, 1, 2, ... allocations succeed until the call does; faster as it goes on. */
static void runs_out(const char *const *argv, int once)
{
    run whole = run_(argv), r = {0};
    long allowed = 0, failures;
    CHECK_EXIT(whole, 0);
    alloc_once = once;
    do {
        run_free(r);
        failures = alloc_failures;
        alloc_allowed = allowed;
        r = run_(argv);
        alloc_allowed = -1;
        allowed += 1 + allowed / 40;
        if (alloc_failures == failures)
            break;
        if (r.exit != 0 || !once) { /* one lost allocation may be made up for */
            CHECK_EXIT(r, 4);
            CHECK_SAYS(r.err, "memory");
            assert_int_equal(r.out_size, 0);
        } else {
            assert_string_equal(r.out, whole.out);
        }
    } while (allowed < 1000000);
    CHECK_EXIT(r, 0);
    assert_string_equal(r.out, whole.out);
    run_free(r);
    run_free(whole);
}

static void runs_out_both_ways(const char *const *argv)
{
    runs_out(argv, 0);
    runs_out(argv, 1);
}

static void every_result_runs_out(void **state)
{
    static const char *const verbs[] = {"check", "solve", "distance", "regret"};
    static const char *const formats[] = {"text", "json", "csv"};
    (void)state;
    for (int v = 0; v < 4; v++)
        for (int f = 0; f < 3; f++)
            runs_out_both_ways((const char *const[]){"sextant", verbs[v],
                                                     in_folder("small.xml"), "--format",
                                                     formats[f], "--threads", "1", NULL});
}

static void groups_and_steps_run_out(void **state)
{
    static const char *const formats[] = {"text", "json"};
    char text[4096];
    const char *end = strstr(small_world, "<edit");
    (void)state;
    int n = snprintf(text, sizeof text,
                     "%.*s<reward id=\"h1\" group=\"hand\"><add to=\"a\" value=\"1\"/></reward>"
                     "<reward id=\"h2\" group=\"hand\"><add to=\"b\" value=\"1\"/></reward>"
                     "<reward id=\"g\" href=\"g?.csv\" missing=\"zero\"/></mdp>",
                     (int)(end - small_world), small_world);
    write_file(in_folder("hand.xml"), text, (size_t)n);
    write_file(in_folder("g1.csv"), "from,action,to,reward\na,go,b,1\n", 31);
    write_file(in_folder("g2.csv"), "from,action,to,reward\na,go,c,1\n", 31);
    for (int f = 0; f < 2; f++) {
        runs_out_both_ways((const char *const[]){"sextant", "distance", in_folder("hand.xml"),
                                                 "true", "hand", "--explain", "--format",
                                                 formats[f], "--threads", "1", NULL});
        runs_out_both_ways((const char *const[]){
            "sextant", "regret", in_folder("hand.xml"), "--true", "true", "--proxy", "hand",
            "--format", formats[f], "--threads", "1", NULL});
    }
    runs_out_both_ways((const char *const[]){"sextant", "distance", in_folder("hand.xml"),
                                             "true", "h1", "--explain", "--distance", "epic",
                                             "--threads", "1", NULL});
}

static void certificates_run_out(void **state)
{
    static const char *const verbs[] = {"solve", "distance", "regret"};
    (void)state;
    for (int v = 0; v < 3; v++) {
        runs_out_both_ways((const char *const[]){"sextant", verbs[v], in_folder("small.xml"),
                                                 "--certificate", in_folder("proof.json"),
                                                 "--threads", "1", NULL});
        runs_out_both_ways((const char *const[]){"sextant", "verify", in_folder("small.xml"),
                                                 in_folder("proof.json"), "--threads", "1",
                                                 NULL});
    }
}

static void files_run_out(void **state)
{
    static const char *const formats[] = {"text", "json", "csv"};
    static const char move[] = "state,action,p\na,go,1\nb,go,1\nc,go,1\nd,go,1\n";
    (void)state;
    write_file(in_folder("move.csv"), move, sizeof move - 1);
    runs_out_both_ways((const char *const[]){"sextant", "convert", in_folder("small.xml"),
                                             "--output", in_folder("oo.npy"), NULL});
    runs_out_both_ways((const char *const[]){"sextant", "regret", in_folder("small.xml"),
                                             "--true", "true", "--proxy", "proxy", "--witness",
                                             in_folder("oo.json"), "--threads", "1", NULL});
    for (int f = 0; f < 3; f++)
        runs_out_both_ways((const char *const[]){
            "sextant", "frontier", in_folder("small.xml"), in_folder("move.csv"), "--proxy",
            "proxy", "--format", formats[f], "--tolerance", "0.05", "--threads", "1", NULL});
    runs_out_both_ways((const char *const[]){"sextant", "explain", NULL});
    runs_out_both_ways((const char *const[]){"sextant", "new", "random", NULL});
    runs_out_both_ways((const char *const[]){"sextant", "distance", "--help", NULL});
}

static void edits_run_out(void **state)
{
    static const char *const formats[] = {"text", "json", "csv"};
    static const char edits[] =
        "<edit id=\"more\" kind=\"causal\" expect=\"flips-best\" steps=\"0 2\">"
        "<add sel=\"mdp/reward[1]\"><add action=\"go\" value=\"{step}\"/></add></edit>"
        "<edit id=\"less\" expect=\"invariant\"><remove sel=\"mdp/explicit/state[@id='d']\"/>"
        "<remove sel=\"mdp/explicit/transition[@from='d'][2]\"/>"
        "<remove sel=\"mdp/explicit/transition[@from='d']\"/></edit></mdp>";
    char text[4096];
    (void)state;
    int n = snprintf(text, sizeof text, "%.*s%s",
                     (int)(strstr(small_world, "</mdp>") - small_world), small_world, edits);
    write_file(in_folder("edits.xml"), text, (size_t)n);
    for (int f = 0; f < 3; f++)
        runs_out_both_ways((const char *const[]){"sextant", "consistency",
                                                 in_folder("edits.xml"), "--format", formats[f],
                                                 "--threads", "1", NULL});
}

/* One symmetry, one permutation that is none; an averaged reward is written. */
static void symmetries_run_out(void **state)
{
    static const char *const formats[] = {"text", "json"};
    static const char world[] =
        "<mdp version=\"1\" discount=\"0.5\"><bandit><context id=\"a\"/><context id=\"b\"/>"
        "<response id=\"x\"/><response id=\"y\"/></bandit><reward id=\"true\"/>"
        "<reward id=\"r\"><add from=\"a\" action=\"x\" value=\"1\"/></reward>"
        "<edit id=\"swap\" kind=\"neutral\"><permute contexts=\"a b\"/></edit>"
        "<edit id=\"end\" kind=\"neutral\"><permute states=\"a end\"/></edit></mdp>";
    (void)state;
    write_file(in_folder("swap.xml"), world, sizeof world - 1);
    for (int f = 0; f < 2; f++)
        runs_out_both_ways((const char *const[]){
            "sextant", "consistency", in_folder("swap.xml"), "--format", formats[f],
            "--threads", "1", "--average", in_folder("mean.xml"), "--reward", "r", NULL});
}

static void figures_run_out(void **state)
{
    (void)state;
    const char *small = in_folder("small.xml"), *svg = in_folder("figure.svg");
    const char *const job[][4] = {
        {small, "canonical", "--canon", "val"},
        {small, "share", "--proxy", "proxy"},
        {small, "shaping", "--goal", "optimal"},
        {"examples/data/contrast.csv", "consistency", "--width", "4in"},
        {"examples/length-bias.xml", "consistency", "--norm", "l2"}};
    for (size_t i = 0; i < sizeof job / sizeof *job; i++)
        runs_out_both_ways((const char *const[]){"sextant", "plot", job[i][0], job[i][1],
                                                 job[i][2], job[i][3], "--output", svg,
                                                 "--threads", "1", "--quiet", NULL});
}

/* Figures from tables of all kinds of rows, with what goes beside them. */
static void plots_of_tables(void **state)
{
    static const char pairs[] = "world,a,b,distance,regret,upper,lower,canon\n"
                                "u,x,y,0.5,0.25,0.75,0.1,val\nu,y,x,1,1,1.5,0.2,val\n"
                                "v,x,y,0.5,0.75,0.5,0.1,val\nv,y,x,0,0,0,0,epic\n";
    static const char matrix[] = "a,b,value\nx,y,1\nx,z,0.5\n";
    static const char strips[] = "canon,rows,target,pearson\nval,all,t,0.5\nepic,some,t,0.25\n";
    const char *const job[][2] = {{in_folder("pairs.csv"), "regret"},
                                  {in_folder("matrix.csv"), "distances"},
                                  {in_folder("strips.csv"), "correlation"}};
    (void)state;
    write_file(job[0][0], pairs, sizeof pairs - 1);
    write_file(job[1][0], matrix, sizeof matrix - 1);
    write_file(job[2][0], strips, sizeof strips - 1);
    for (size_t i = 0; i < sizeof job / sizeof *job; i++)
        runs_out_both_ways((const char *const[]){"sextant", "plot", job[i][0], job[i][1],
                                                 "--data", in_folder("table.csv"), "--quiet",
                                                 NULL});
    runs_out_both_ways((const char *const[]){"sextant", "plot", in_folder("small.xml"),
                                             "regret", "--data", in_folder("table.csv"),
                                             "--quiet", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_run_out),
        cmocka_unit_test(every_result_runs_out),
        cmocka_unit_test(groups_and_steps_run_out),
        cmocka_unit_test(certificates_run_out),
        cmocka_unit_test(files_run_out),
        cmocka_unit_test(edits_run_out),
        cmocka_unit_test(symmetries_run_out),
        cmocka_unit_test(plots_of_tables),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
