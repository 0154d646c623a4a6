/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_grid.c - a gridworld is what its map and its slip say, and nothing else is accepted. */
#include "mdp/grid.h"
#include "tests/check.h"

/* Problems as text: "code@offset+width:attribute:cell message\n" ... */
typedef struct told {
    char text[4096];
    int count;
} told;

static void tell(void *context, const sx_grid_problem *p)
{
    told *t = context;
    size_t used = strlen(t->text);
    snprintf(t->text + used, sizeof t->text - used, "%s %s %d %zu+%zu %s | %s\n", p->code,
             p->attribute ? p->attribute : "map", p->cell, p->offset, p->width, p->message,
             p->hint);
    t->count++;
}

static sx_world *build(const sx_gridworld *g, int32_t **kind)
{
    sx_error err = SX_NO_ERROR;
    told t = {"", 0};
    sx_world *w = NULL;
    sx_status st = sx_grid_world(g, tell, &t, &w, kind, &err);
    if (st)
        print_error("%s: %s\n%s", sx_status_text(st), err.msg, t.text);
    assert_int_equal(st, SX_OK);
    CHECK_OK(sx_mdp_check(w->mdp, &err));
    return w;
}

static int32_t state(const sx_world *w, const char *name)
{
    int32_t s = sx_names_find(w->states, name);
    assert_true(s >= 0);
    return s;
}

/* tau(to | from, action), by names. */
static double tau(const sx_world *w, const char *from, const char *action, const char *to)
{
    int32_t a = sx_names_find(w->actions, action);
    assert_true(a >= 0);
    int32_t k = sx_mdp_pair(w->mdp, state(w, from), a);
    int64_t t = sx_mdp_entry(w->mdp, k, state(w, to));
    return t < 0 ? 0 : w->mdp->prob[t];
}

static void cliff(void **unused)
{
    (void)unused;
    sx_cell cells[] = {{"S", "start", false, false, 1, NULL},
                       {"C", "cliff", false, false, 0, "S"},
                       {"G", "goal", false, true, 0, NULL},
                       {"#", NULL, true, false, 0, NULL}};
    sx_gridworld g = {"\n      ....\n      .##.\n      SCCG\n    ",
                      0.95,
                      0.2,
                      SX_SLIP_SIDES,
                      SX_MOVES_4,
                      4,
                      cells};
    int32_t *kind = NULL;
    sx_world *w = build(&g, &kind);
    assert_int_equal(w->mdp->states, 8);
    assert_int_equal(w->grid->rows, 3);
    assert_int_equal(w->grid->columns, 4);
    CHECK_NEAR(w->mdp->discount, 0.95, 0);
    CHECK_NEAR(w->mdp->initial[state(w, "r2c0")], 1, 0);
    CHECK_NEAR(tau(w, "r2c0", "up", "r1c0"), 0.8, 1e-15);
    CHECK_NEAR(tau(w, "r2c0", "up", "r2c0"), 0.2, 1e-15); /* wall left, sent back from right */
    CHECK_NEAR(tau(w, "r0c1", "down", "r0c1"), 0.8, 1e-15);
    CHECK_NEAR(tau(w, "r1c3", "down", "r2c3"), 0.8, 1e-15);
    CHECK_NEAR(tau(w, "r2c3", "left", "r2c3"), 1, 0);
    assert_int_equal(w->mdp->absorbing[state(w, "r2c3")], 1);
    assert_int_equal(kind[state(w, "r2c0")], 0);
    assert_int_equal(kind[state(w, "r0c0")], -1);
    int32_t label = sx_world_label(w, "cliff");
    assert_int_equal(w->label[label].count, 0);
    /* in r2c0: up and down slip into the cliff with 0.1, right walks into it with 0.8 */
    assert_int_equal(w->throughs, 3);
    for (int64_t i = 0; i < w->throughs; i++)
        assert_int_equal(w->through[i].label, label);
    sx_release(kind);
    sx_world_free(w);
}

/* --- random maps against the rules, written down again ------------------------------- */

#define MOST 12 /* rows, columns */

typedef struct picture {
    int rows, columns;
    char at[MOST]
           [MOST]; /* S, C (sends to S), D (likewise), G (absorbing), e (two bytes), #, . */
} picture;

static uint32_t seed_now;

static int below(int n)
{
    seed_now = seed_now * 1664525u + 1013904223u;
    return (int)((seed_now >> 8) % (uint32_t)n);
}

static void draw(picture *p)
{
    static const char symbols[] = "....#GeCD";
    p->rows = 1 + below(MOST);
    p->columns = 1 + below(MOST);
    for (int i = 0; i < p->rows; i++)
        for (int j = 0; j < p->columns; j++)
            p->at[i][j] = symbols[below(9)];
    p->at[below(p->rows)][below(p->columns)] = 'S';
}

static void write_map(const picture *p, char *text)
{
    text += sprintf(text, "\n  \t\n");
    for (int i = 0; i < p->rows; i++) {
        text += sprintf(text, "\t  ");
        for (int j = 0; j < p->columns; j++)
            text += sprintf(text, p->at[i][j] == 'e' ? "\xc3\xa9" : "%c", p->at[i][j]);
        text += sprintf(text, "%s\n", below(2) ? "  " : "");
    }
    sprintf(text, "  ");
}

/* The direction of an action by its name. */
static void direction(const char *name, int *down, int *right)
{
    *down = strstr(name, "up") ? -1 : strstr(name, "down") ? 1 : 0;
    *right = strstr(name, "left") ? -1 : strstr(name, "right") ? 1 : 0;
}

/* The direction 45 degrees times eighths further. */
static void turn(int eighths, int *down, int *right)
{
    static const int downs[] = {-1, -1, 0, 1, 1, 1, 0, -1},
                     rights[] = {0, 1, 1, 1, 0, -1, -1, -1};
    int i = 0;
    while (downs[i] != *down || rights[i] != *right)
        i++;
    i = (i + eighths + 8) % 8;
    *down = downs[i];
    *right = rights[i];
}

/* What was added up for one (s, a): by cell, and the parts through C and D. */
typedef struct sums {
    double to[MOST][MOST], through[2][MOST][MOST];
} sums;

static void go(const picture *p, int i, int j, int down, int right, double prob, sums *x)
{
    int y = i + down, z = j + right;
    if (y < 0 || z < 0 || y >= p->rows || z >= p->columns || p->at[y][z] == '#') {
        x->to[i][j] += prob;
        return;
    }
    char there = p->at[y][z];
    if (there == 'C' || there == 'D') {
        for (y = 0; y < p->rows; y++)
            for (z = 0; z < p->columns; z++)
                if (p->at[y][z] == 'S') {
                    x->to[y][z] += prob;
                    x->through[there == 'D'][y][z] += prob;
                }
        return;
    }
    x->to[y][z] += prob;
}

static void slip(const picture *p, int i, int j, const char *name, const sx_gridworld *g,
                 sums *x)
{
    int down, right, count = g->moves <= SX_MOVES_4_STAY ? 4 : 8;
    direction(name, &down, &right);
    go(p, i, j, down, right, 1 - g->slip, x);
    if (g->slip_to == SX_SLIP_STAY)
        x->to[i][j] += g->slip;
    for (int k = 0; k < count && g->slip_to == SX_SLIP_ANY; k++) {
        turn(8 / count, &down, &right);
        go(p, i, j, down, right, g->slip / count, x);
    }
    for (int side = -1; side <= 1 && g->slip_to == SX_SLIP_SIDES; side += 2) {
        direction(name, &down, &right);
        turn(side * 8 / count, &down, &right);
        go(p, i, j, down, right, g->slip / 2, x);
    }
}

static double through(const sx_world *w, const char *label, int64_t entry)
{
    double share = 0;
    for (int64_t i = 0; i < w->throughs; i++)
        if (w->through[i].entry == entry &&
            strcmp(w->label[w->through[i].label].name, label) == 0)
            share += w->through[i].share;
    return share;
}

static void check_pair(const picture *p, const sx_world *w, int32_t s, int32_t k, const sums *x)
{
    const sx_mdp *m = w->mdp;
    double found = 0, wanted = 0;
    for (int y = 0; y < p->rows; y++)
        for (int z = 0; z < p->columns; z++) {
            int32_t to = w->grid->state[y * p->columns + z];
            int64_t t = to < 0 ? -1 : sx_mdp_entry(m, k, to);
            CHECK_NEAR(t < 0 ? 0 : m->prob[t], x->to[y][z], 1e-14);
            found += t >= 0;
            wanted += x->to[y][z] > 0;
            for (int label = 0; label < 2 && t >= 0; label++)
                CHECK_NEAR(through(w, label ? "ditch" : "cliff", t) * m->prob[t],
                           x->through[label][y][z], 1e-14);
        }
    assert_true(found == wanted);
    (void)s;
}

static void check_world(const picture *p, const sx_gridworld *g, const sx_world *w)
{
    const sx_mdp *m = w->mdp;
    char buffer[SX_NAME_BUFFER];
    int32_t s = 0;
    for (int i = 0; i < p->rows; i++)
        for (int j = 0; j < p->columns; j++) {
            if (strchr("#CD", p->at[i][j])) {
                assert_int_equal(w->grid->state[i * p->columns + j], -1);
                continue;
            }
            char name[32];
            sprintf(name, "r%dc%d", i, j);
            assert_string_equal(sx_names_get(w->states, s, buffer), name);
            assert_int_equal(w->grid->state[i * p->columns + j], s);
            assert_true(w->variable[sx_world_variable(w, "row")].value[s] == i);
            assert_true(w->variable[sx_world_variable(w, "col")].value[s] == j);
            assert_int_equal(m->absorbing[s], p->at[i][j] == 'G');
            for (int32_t a = 0; a < m->actions; a++) {
                static sums x;
                memset(&x, 0, sizeof x);
                const char *action = sx_names_get(w->actions, a, buffer);
                if (p->at[i][j] == 'G' || strcmp(action, "stay") == 0)
                    x.to[i][j] = 1;
                else
                    slip(p, i, j, action, g, &x);
                check_pair(p, w, s, sx_mdp_pair(m, s, a), &x);
            }
            s++;
        }
    assert_int_equal(s, m->states);
}

static void random_maps_obey_the_rules(void **unused)
{
    (void)unused;
    static const sx_cell cells[] = {
        {"S", "start", false, false, 0, NULL},      {"C", "cliff", false, false, 0, "S"},
        {"G", "goal", false, true, 0, NULL},        {"#", "wall", true, false, 0, NULL},
        {"\xc3\xa9", "odd", false, false, 0, NULL}, {"D", "ditch", false, false, 0, "S"}};
    static const double slips[] = {0, 0.2, 1, 0.375};
    for (uint32_t seed = 1; seed <= 300; seed++) {
        picture p;
        char text[2048];
        seed_now = seed;
        draw(&p);
        write_map(&p, text);
        sx_gridworld g = {text, 0.5,  slips[below(4)], (sx_slip)below(3), (sx_moves)below(4),
                          6,    cells};
        sx_world *w = build(&g, NULL);
        assert_int_equal(w->mdp->actions, (g.moves <= SX_MOVES_4_STAY ? 4 : 8) + (g.moves & 1));
        check_world(&p, &g, w);
        for (int64_t i = 1; i < w->throughs; i++) {
            const sx_through *a = &w->through[i - 1], *b = &w->through[i];
            assert_true(a->label < b->label || (a->label == b->label && a->entry < b->entry));
        }
        sx_world_free(w);
    }
}

static void initial_weights_are_shared(void **unused)
{
    (void)unused;
    sx_cell cells[] = {{"a", NULL, false, false, 3, NULL}, {"b", NULL, false, true, 2, NULL}};
    sx_gridworld g = {"ab\na.", 0, 0, SX_SLIP_SIDES, SX_MOVES_4, 2, cells};
    sx_world *w = build(&g, NULL);
    CHECK_NEAR(w->mdp->initial[0], 0.375, 0);
    CHECK_NEAR(w->mdp->initial[1], 0.25, 0);
    CHECK_NEAR(w->mdp->initial[3], 0, 0);
    sx_world_free(w);
    cells[0].initial = cells[1].initial = 0;
    w = build(&g, NULL);
    CHECK_NEAR(w->mdp->initial[0], 1.0 / 3, 0);
    CHECK_NEAR(w->mdp->initial[1], 0, 0); /* absorbing */
    sx_world_free(w);
}

/* --- problems ------------------------------------------------------------------------ */

static void refuses(const sx_gridworld *g, const char *const *parts)
{
    sx_error err = SX_NO_ERROR;
    told t = {"", 0};
    sx_world *w = NULL;
    int32_t *kind = NULL, n = 0;
    assert_int_equal(sx_grid_world(g, tell, &t, &w, &kind, &err), SX_EINPUT);
    assert_null(w);
    assert_null(kind);
    for (; parts[n]; n++)
        if (!strstr(t.text, parts[n])) {
            print_error("no \"%s\" in\n%s", parts[n], t.text);
            fail();
        }
    assert_int_equal(t.count, n);
}

static void refuses_map(const char *map, const char *first, const char *second)
{
    static const sx_cell cells[] = {{"#", NULL, true, false, 0, NULL}};
    const char *const parts[] = {first, second, NULL};
    sx_gridworld g = {map, 0.5, 0, SX_SLIP_SIDES, SX_MOVES_4, 1, cells};
    refuses(&g, parts);
}

static void maps_are_refused_with_their_places(void **unused)
{
    (void)unused;
    refuses_map("", "E157 map -1 0+1", NULL);
    refuses_map("  \n\t \n", "E157 map", NULL);
    refuses_map("##\n##", "E157 map -1 0+1 the map has no state", NULL);
    refuses_map("\n  ...\n  ..\n  ....\n", "E151 map -1 10+1 row 1 has 2 cells, row 0 has 3",
                "E151 map -1 17+1 row 2 has 4 cells, row 0 has 3");
    refuses_map("...\n\n...", "E151 map -1 4+1 row 1 has 0 cells", NULL);
    refuses_map("..\n.x\nx.", "E152 map -1 4+1 nothing says what \"x\" means", NULL);
    refuses_map("..\n.\xc3\xa9", "E152 map -1 4+2 nothing says what \"\xc3\xa9\" means", NULL);
    refuses_map(". .\n...", "E152 map -1 1+1 a blank inside the map", NULL);
    refuses_map(".\n  .", "E152 map -1 2+1 a blank inside the map",
                "E151 map -1 3+2 row 1 has 3");
    refuses_map(".\xff.", "E152 map -1 1+1", NULL);
}

static void refuses_cell(sx_cell cell, const char *first, const char *second)
{
    const char *const parts[] = {first, second, NULL};
    sx_cell cells[] = {
        cell, {"S", NULL, false, false, 0, NULL}, {"#", NULL, true, false, 0, NULL}};
    sx_gridworld g = {"..\nSC#", 0.5, 0, SX_SLIP_SIDES, SX_MOVES_4, 3, cells};
    g.map = "..C\nSC#";
    refuses(&g, parts);
}

static void cells_are_refused(void **unused)
{
    (void)unused;
    refuses_cell((sx_cell){"CC", NULL, false, false, 0, NULL}, "E150 symbol 0", "E152");
    refuses_cell((sx_cell){" ", NULL, false, false, 0, NULL}, "E150 symbol 0", "E152");
    refuses_cell((sx_cell){"", NULL, false, false, 0, NULL}, "E150 symbol 0", "E152");
    refuses_cell((sx_cell){"S", NULL, false, false, 0, NULL}, "E150 symbol 1 0+0 symbol \"S\"",
                 "E152");
    refuses_cell((sx_cell){"C", NULL, false, false, -1, NULL}, "E153 initial 0", NULL);
    refuses_cell((sx_cell){"C", NULL, false, false, NAN, NULL}, "E153 initial 0", NULL);
    refuses_cell((sx_cell){"C", NULL, true, true, 0, NULL}, "E154 absorbing 0", NULL);
    refuses_cell((sx_cell){"C", NULL, true, false, 1, NULL}, "E154 initial 0", NULL);
    refuses_cell((sx_cell){"C", NULL, true, false, 0, "S"}, "E154 sends-to 0", NULL);
    refuses_cell((sx_cell){"C", NULL, false, true, 1, "S"}, "E154 absorbing 0",
                 "E154 initial 0");
    refuses_cell((sx_cell){"C", NULL, false, false, 0, "X"}, "E155 sends-to 0", NULL);
    refuses_cell((sx_cell){"C", NULL, false, false, 0, "."}, "not 2 times", NULL);
    refuses_cell((sx_cell){"C", NULL, false, false, 0, "C"}, "not 2 times", NULL);
    refuses_cell((sx_cell){"C", NULL, false, false, 0, "#"}, "no state", NULL);
    refuses_cell((sx_cell){"C", NULL, false, false, 0, "SS"}, "not 0 times", NULL);
}

static void absent_starts_and_slips_are_refused(void **unused)
{
    (void)unused;
    static const char *const start[] = {"E153 initial 0 0+0 no cell of the map", NULL};
    static const char *const slips[] = {"E156 slip -1", NULL};
    sx_cell cell = {"S", NULL, false, false, 1, NULL};
    sx_gridworld g = {"..", 0.5, 0, SX_SLIP_SIDES, SX_MOVES_4, 1, &cell};
    refuses(&g, start);
    g.map = "S.";
    g.slip = 1.5;
    refuses(&g, slips);
    g.slip = NAN;
    refuses(&g, slips);
}

static void words_are_read(void **unused)
{
    (void)unused;
    sx_moves moves = SX_MOVES_4;
    sx_slip slip_to = SX_SLIP_SIDES;
    assert_true(sx_moves_read("8+stay", &moves) && moves == SX_MOVES_8_STAY);
    assert_true(sx_moves_read("4", &moves) && moves == SX_MOVES_4);
    assert_false(sx_moves_read("6", &moves));
    assert_true(sx_slip_read("any", &slip_to) && slip_to == SX_SLIP_ANY);
    assert_false(sx_slip_read("side", &slip_to));
}

/* Gymnasium's FrozenLake 4x4, as its documentation describes it: the move or one of the two
 * perpendicular ones, 1/3 each; holes and the goal end. */
static void frozen_lake(void **unused)
{
    (void)unused;
    sx_cell cells[] = {{"S", NULL, false, false, 1, NULL},
                       {"F", NULL, false, false, 0, NULL},
                       {"H", "hole", false, true, 0, NULL},
                       {"G", "goal", false, true, 0, NULL}};
    sx_gridworld g = {
        "SFFF\nFHFH\nFFFH\nHFFG", 0.99, 2.0 / 3, SX_SLIP_SIDES, SX_MOVES_4, 4, cells};
    sx_world *w = build(&g, NULL);
    CHECK_NEAR(tau(w, "r0c0", "left", "r0c0"), 2.0 / 3, 1e-15);
    CHECK_NEAR(tau(w, "r0c0", "left", "r1c0"), 1.0 / 3, 1e-15);
    CHECK_NEAR(tau(w, "r3c2", "right", "r3c3"), 1.0 / 3, 1e-15);
    CHECK_NEAR(tau(w, "r3c2", "right", "r2c2"), 1.0 / 3, 1e-15);
    CHECK_NEAR(tau(w, "r3c2", "right", "r3c2"), 1.0 / 3, 1e-15);
    CHECK_NEAR(tau(w, "r1c1", "up", "r1c1"), 1, 0);
    sx_world_free(w);
}

/* Any map: an answer, never a crash. */
static void garbage_is_survived(void **unused)
{
    (void)unused;
    static const char *const pieces[] = {".",  ".", "#",  "S",        "C",
                                         "\n", " ", "\t", "\xc3\xa9", "\xff"};
    static const sx_cell cells[] = {{"S", NULL, false, false, 1, NULL},
                                    {"C", "cliff", false, false, 0, "S"},
                                    {"#", NULL, true, false, 0, NULL},
                                    {"\xc3\xa9", NULL, false, true, 0, NULL}};
    int built = 0;
    for (uint32_t seed = 1; seed <= 20000; seed++) {
        char text[64] = "";
        told t = {"", 0};
        sx_error err = SX_NO_ERROR;
        sx_world *w = NULL;
        seed_now = seed;
        for (int n = below(12); n > 0; n--)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s", pieces[below(10)]);
        sx_gridworld g = {text, 0.5, 0.5, SX_SLIP_ANY, SX_MOVES_8, 4, cells};
        sx_status st = sx_grid_world(&g, tell, &t, &w, NULL, &err);
        assert_true(st == SX_OK ? t.count == 0 : st == SX_EINPUT && t.count > 0);
        if (w)
            CHECK_OK(sx_mdp_check(w->mdp, &err));
        built += w != NULL;
        sx_world_free(w);
    }
    assert_true(built > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cliff),
        cmocka_unit_test(frozen_lake),
        cmocka_unit_test(random_maps_obey_the_rules),
        cmocka_unit_test(initial_weights_are_shared),
        cmocka_unit_test(maps_are_refused_with_their_places),
        cmocka_unit_test(cells_are_refused),
        cmocka_unit_test(absent_starts_and_slips_are_refused),
        cmocka_unit_test(words_are_read),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
