/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_gridworld.c - plot gridworld: what each view shows of small worlds, whose
 * numbers can be worked out by hand, and what is refused. */
#include "tests/figure_table.h"

/* S . G in a row, 1 for entering G, discount 0.5; T and H below. */
#define WORLD(attributes, map, rest) \
    "<mdp version=\"1\" id=\"w\" discount=\"0.5\"><gridworld" attributes "><map>\n" map \
    "\n</map><cell symbol=\"S\" initial=\"1\"/><cell symbol=\"#\" wall=\"true\"/>" \
    "<cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/></gridworld>" rest "</mdp>\n"
#define GOAL "<reward id=\"true\"><add enter=\"goal\" value=\"1\"/></reward>"
#define COST \
    "<reward id=\"costly\"><add enter=\"goal\" value=\"1\"/><add action=\"right\" " \
    "value=\"-0.7\"/></reward>"

static void put_world(const char *name, const char *text)
{
    write_file(in_folder(name), text, strlen(text));
}

/* The table of a view; more: further options, or NULLs. */
static figure_table show(const char *world, const char *view, const char *a, const char *b)
{
    const char *argv[] = {"sextant",  "plot",
                          world,      "gridworld",
                          "--view",   view,
                          "--output", in_folder("f.svg"),
                          "--data",   in_folder("f.csv"),
                          a,          b,
                          NULL};
    run r = run_(argv);
    CHECK_EXIT(r, 0);
    run_free(r);
    return figure_table_read(in_folder("f.csv"));
}

static int64_t rows_of(figure_table t, const char *kind)
{
    int64_t n = 0;
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        n += strcmp(figure_field(t, i, "kind"), kind) == 0;
    return n;
}

static void values_and_arrows_of_a_corridor(void **state)
{
    (void)state;
    put_world("row.xml", WORLD("", "S.G", GOAL));
    figure_table t = show(in_folder("row.xml"), "policy", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "0", "0", "value"), 0.5, 1e-9);
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "1", "0", "value"), 1, 1e-9);
    assert_true(figure_number(t, "1", "cell", NULL, "2", "0", "value") == 0);
    CHECK_NEAR(figure_number(t, "1", "arrow", "right", "0", "0", "value"), 1, 0);
    assert_int_equal(rows_of(t, "arrow"), 2); /* none where it ends */
    figure_table_free(t);
    t = show(in_folder("row.xml"), "value", NULL, NULL);
    assert_int_equal(rows_of(t, "arrow"), 0);
    assert_int_equal(rows_of(t, "cell"), 3);
    figure_table_free(t);
}

static void all_optimal_moves_have_arrows(void **state)
{
    (void)state;
    put_world("square.xml", WORLD("", "S.\n.G", GOAL));
    figure_table t = show(in_folder("square.xml"), "policy", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "arrow", "right", "0", "0", "value"), 1, 0);
    CHECK_NEAR(figure_number(t, "1", "arrow", "down", "0", "0", "value"), 1, 0);
    assert_int_equal(rows_of(t, "arrow"), 4);
    figure_table_free(t);
}

static void occupancy_is_discounted(void **state)
{
    (void)state;
    put_world("row.xml", WORLD("", "S.G", GOAL));
    figure_table t = show(in_folder("row.xml"), "occupancy", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "0", "0", "value"), 1, 1e-9);
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "1", "0", "value"), 0.5, 1e-9);
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "2", "0", "value"), 0.5, 1e-9); /* stays */
    figure_table_free(t);
}

static void a_wedge_is_the_expected_reward(void **state)
{
    (void)state;
    put_world("slip.xml",
              WORLD(" slip=\"0.2\" slip-to=\"sides\" moves=\"4+stay\"", "S.\n.G", GOAL));
    figure_table t = show(in_folder("slip.xml"), "reward", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "move", "down", "1", "0", "value"), 0.8, 1e-12);
    CHECK_NEAR(figure_number(t, "1", "move", "left", "1", "0", "value"), 0.1, 1e-12);
    CHECK_NEAR(figure_number(t, "1", "move", "up", "1", "0", "value"), 0, 0);
    CHECK_NEAR(figure_number(t, "1", "move", "stay", "1", "0", "value"), 0, 0);
    assert_int_equal(rows_of(t, "move"), 20);
    figure_table_free(t);
}

static void eight_moves_have_their_places(void **state)
{
    (void)state;
    put_world("eight.xml", WORLD(" moves=\"8+stay\"", "...\n.S.\n..G", GOAL));
    figure_table t = show(in_folder("eight.xml"), "reward", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "move", "down-right", "1", "1", "value"), 1, 0);
    CHECK_NEAR(figure_number(t, "1", "move", "up-left", "1", "1", "value"), 0, 0);
    CHECK_NEAR(figure_number(t, "1", "move", "right", "1", "2", "value"), 1, 0);
    assert_int_equal(rows_of(t, "move"), 81);
    figure_table_free(t);
    t = show(in_folder("eight.xml"), "policy", NULL, NULL);
    CHECK_NEAR(figure_number(t, "1", "arrow", "down-right", "1", "1", "value"), 1, 0);
    figure_table_free(t);
}

static void given_policies_are_shown_with_their_shares(void **state)
{
    (void)state;
    static const char policy[] = "state,action,p\nr0c0,right,0.75\nr0c0,left,0.25\n"
                                 "r0c1,right,1\nr0c2,up,1\n";
    put_world("row.xml", WORLD("", "S.G", GOAL));
    write_file(in_folder("pi.csv"), policy, sizeof policy - 1);
    figure_table t = show(in_folder("row.xml"), "policy", "--policy", in_folder("pi.csv"));
    CHECK_NEAR(figure_number(t, "1", "arrow", "right", "0", "0", "value"), 0.75, 1e-12);
    CHECK_NEAR(figure_number(t, "1", "arrow", "left", "0", "0", "value"), 0.25, 1e-12);
    /* v = 0.75 * 0.5 * 1 + 0.25 * 0.5 v */
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "0", "0", "value"), 0.375 / 0.875, 1e-9);
    figure_table_free(t);
    t = show(in_folder("row.xml"), "occupancy", "--policy", in_folder("pi.csv"));
    CHECK_NEAR(figure_number(t, "1", "cell", NULL, "0", "0", "value"), 1 / 0.875, 1e-9);
    figure_table_free(t);
}

/* Advantages of `shaped` are those of `true`; a doubled reward differs by its scale alone. */
static void differences_of_equivalent_rewards_are_white(void **state)
{
    (void)state;
    put_world("pair.xml",
              WORLD(" slip=\"0.1\"", "S..\n.#G",
                    GOAL "<reward id=\"same\"><add enter=\"goal\" value=\"2\"/><shape><at "
                         "state=\"r0c1\" potential=\"3\"/></shape></reward>"));
    figure_table t = show(in_folder("pair.xml"), "difference", NULL, NULL);
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        if (!strcmp(figure_field(t, i, "kind"), "move"))
            assert_string_equal(figure_field(t, i, "value"), "0");
    assert_int_equal(rows_of(t, "circle"), 0);
    figure_table_free(t);
    t = show(in_folder("pair.xml"), "potential", NULL, NULL);
    double a = figure_number(t, "1", "cell", NULL, "1", "0", "value");
    double b = figure_number(t, "1", "cell", NULL, "0", "0", "value");
    double end = figure_number(t, "1", "cell", NULL, "2", "1", "value");
    CHECK_NEAR(a - b, 3, 1e-6);
    CHECK_NEAR(b - end, 0, 1e-6);
    figure_table_free(t);
}

/* With a price of 0.7 on `right` the first step is no longer worth it: 0.5 < 0.7. */
static void cells_where_policies_differ_are_circled(void **state)
{
    (void)state;
    put_world("cost.xml", WORLD("", "S.G", GOAL COST));
    figure_table t = show(in_folder("cost.xml"), "difference", NULL, NULL);
    assert_int_equal(rows_of(t, "circle"), 1);
    CHECK_NEAR(figure_number(t, "1", "circle", NULL, "0", "0", "x"), 0, 0);
    figure_table_free(t);
}

static void the_only_way_is_shown_to_its_end(void **state)
{
    (void)state;
    put_world("bend.xml", WORLD("", "S#G\n...", GOAL));
    figure_table t = show(in_folder("bend.xml"), "trajectory", NULL, NULL);
    assert_int_equal(rows_of(t, "way"), 5);
    const char *const place[][2] = {{"0", "0"}, {"0", "1"}, {"1", "1"}, {"2", "1"}, {"2", "0"}};
    for (int i = 0; i < 5; i++)
        CHECK_NEAR(figure_number(t, "1", "way", NULL, place[i][0], place[i][1], "value"), i, 0);
    figure_table_free(t);
    /* a policy that goes round in a circle ends where it came from */
    static const char round[] = "state,action,p\nr0c0,right,1\nr0c1,left,1\nr0c2,up,1\n";
    put_world("row.xml", WORLD("", "S.G", GOAL));
    write_file(in_folder("pi.csv"), round, sizeof round - 1);
    t = show(in_folder("row.xml"), "trajectory", "--policy", in_folder("pi.csv"));
    assert_int_equal(rows_of(t, "way"), 3);
    figure_table_free(t);
}

static void random_ways_follow_the_seed(void **state)
{
    (void)state;
    put_world("slip.xml", WORLD(" slip=\"0.5\"", "S....\n.....\n....G", GOAL));
    char *text[3];
    const char *const seed[] = {"--seed=7", "--seed=7", "--seed=8"};
    for (int i = 0; i < 3; i++) {
        size_t size;
        figure_table_free(show(in_folder("slip.xml"), "trajectory", seed[i], "--paths=4"));
        text[i] = read_file(in_folder("f.csv"), &size);
    }
    assert_string_equal(text[0], text[1]);
    assert_string_not_equal(text[0], text[2]);
    figure_table t = figure_table_read(in_folder("f.csv"));
    int64_t starts = 0;
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        starts += !strcmp(figure_field(t, i, "kind"), "way") &&
                  !strcmp(figure_field(t, i, "value"), "0");
    assert_int_equal(starts, 4);
    figure_table_free(t);
    for (int i = 0; i < 3; i++)
        sx_release(text[i]);
    run r = RUN("plot", in_folder("slip.xml"), "gridworld", "--view", "trajectory", "--paths",
                "21", "--output", in_folder("f.svg"), "--data", in_folder("f.csv"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.err, "note: 21 ways cannot be told apart: the occupancy is drawn instead");
    run_free(r);
    t = figure_table_read(in_folder("f.csv"));
    assert_int_equal(rows_of(t, "way"), 0);
    figure_table_free(t);
}

static void refused(run r, const char *code, const char *words)
{
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, code);
    CHECK_SAYS(r.err, words);
    assert_int_equal(r.out_size, 0);
    run_free(r);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    const char *svg = in_folder("none.svg");
    put_world("cost.xml", WORLD("", "S.G", GOAL COST));
    put_world("bare.xml", WORLD("", "S.G", ""));
    refused(RUN("plot", in_folder("small.xml"), "gridworld", "--output", svg), "E530",
            "not written as <gridworld>");
    refused(
        RUN("plot", in_folder("cost.xml"), "gridworld", "--view", "potential", "--output", svg),
        "E531", "no potential leads from true to costly");
    refused(RUN("plot", in_folder("bare.xml"), "gridworld", "--view", "value", "--output", svg),
            "E532", "no reward to draw");
    refused(RUN("plot", in_folder("cost.xml"), "gridworld", "--view", "value", "--paths", "3",
                "--output", svg),
            "E506", "--paths has no meaning for --view value");
    refused(RUN("plot", in_folder("cost.xml"), "gridworld", "--view", "map", "--reward", "true",
                "--output", svg),
            "E506", "--reward has no meaning for --view map");
    refused(RUN("plot", in_folder("cost.xml"), "gridworld", "--view", "value", "--reward",
                "tru", "--output", svg),
            "E507", "true");
    assert_int_not_equal(access(svg, F_OK), 0);
    run r = RUN("plot", in_folder("bare.xml"), "gridworld", "--output", svg);
    CHECK_EXIT(r, 0);
    run_free(r);
}

/* A room without walls, from one corner to the other. */
static void put_room(int rows, int columns)
{
    static char map[50000], text[60000];
    char *p = map;
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++)
            *p++ = x + y == 0 ? 'S' : x + y == rows + columns - 2 ? 'G' : '.';
        *p++ = '\n';
    }
    *p = '\0';
    snprintf(text, sizeof text, WORLD("", "%s", GOAL), map);
    put_world("hard.xml", text);
}

/* Maps that are long, large or strange. */
static void hard_maps_are_drawn(void **state)
{
    (void)state;
    static const int size[][2] = {{1, 200}, {200, 1}, {60, 70}};
    for (int i = 0; i < 3; i++) {
        put_room(size[i][0], size[i][1]);
        for (int v = 0; sx_plot_view(v); v++) {
            if (!strcmp(sx_plot_view(v), "difference") || !strcmp(sx_plot_view(v), "potential"))
                continue;
            run r = RUN("plot", in_folder("hard.xml"), "gridworld", "--view", sx_plot_view(v),
                        "--width", "3.25in", "--coords", "--output", in_folder("hard.pdf"));
            CHECK_EXIT(r, 0);
            run_free(r);
        }
    }
    put_world("one.xml", WORLD("", "S", "<reward id=\"r\"><add value=\"1\"/></reward>"));
    figure_table_free(show(in_folder("one.xml"), "policy", NULL, NULL));
    figure_table_free(show(in_folder("one.xml"), "trajectory", NULL, NULL));
    figure_table t = show("examples/cliffwalking.xml", "map", NULL, NULL);
    assert_int_equal(rows_of(t, "cell"), 48);
    figure_table_free(t);
}

static void every_view_of_every_example(void **state)
{
    (void)state;
    static const char *const world[] = {"cliff",          "cliffwalking",  "corridor",
                                        "moving-goal",    "walled-room",   "frozenlake-4x4",
                                        "frozenlake-8x8", "epic-gridworld"};
    const char *const proxy[] = {"shaped", NULL, NULL, "corner", NULL, NULL, "shaped", "path"};
    for (int i = 0; i < 8; i++)
        for (int v = 0; sx_plot_view(v); v++) {
            char path[64];
            const char *view = sx_plot_view(v);
            bool two = !strcmp(view, "difference") || !strcmp(view, "potential");
            if (two && (!proxy[i] || !strcmp(view, "potential")))
                continue;
            snprintf(path, sizeof path, "examples/%s.xml", world[i]);
            figure_table_free(show(path, view, two ? "--proxy" : NULL, proxy[i]));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_arrows_of_a_corridor),
        cmocka_unit_test(all_optimal_moves_have_arrows),
        cmocka_unit_test(occupancy_is_discounted),
        cmocka_unit_test(a_wedge_is_the_expected_reward),
        cmocka_unit_test(eight_moves_have_their_places),
        cmocka_unit_test(given_policies_are_shown_with_their_shares),
        cmocka_unit_test(differences_of_equivalent_rewards_are_white),
        cmocka_unit_test(cells_where_policies_differ_are_circled),
        cmocka_unit_test(the_only_way_is_shown_to_its_end),
        cmocka_unit_test(random_ways_follow_the_seed),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(hard_maps_are_drawn),
        cmocka_unit_test(every_view_of_every_example),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
