/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_examples.c - the specifications that are shipped, and the odd ones of tests/good:
 * worlds known from elsewhere against their published rules written down again, and every
 * answer that an example promises. */
#include "tests/check.h"

#include "mdp/edit.h"
#include "metrics/distance.h"
#include "metrics/regret.h"

#include <stdlib.h>

/* --- reading and asking --------------------------------------------------------------- */

static sx_spec *read_spec(const char *path)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_read(path, d, &spec, &err);
    for (int32_t i = 0; st && i < sx_diags_count(d); i++) {
        char *text = sx_diag_text(sx_diags_get(d, i));
        print_error("%s", text ? text : "?");
        sx_release(text);
    }
    CHECK_OK(st);
    assert_int_equal(sx_diags_errors(d), 0);
    sx_diags_free(d);
    return spec;
}

static const sx_reward *reward_of(const sx_spec *spec, const char *id)
{
    int32_t i = sx_spec_reward(spec, id);
    if (i < 0)
        fail_msg("no reward %s", id);
    return spec->reward[i].reward;
}

static double distance_of(const sx_spec *spec, const char *a, const char *b, sx_measure by)
{
    sx_error err = SX_NO_ERROR;
    const sx_canon_options o = sx_canon_defaults();
    const sx_reward *const pair[2] = {reward_of(spec, a), reward_of(spec, b)};
    sx_canoniser *c = NULL;
    sx_number n = {NAN, NULL};
    CHECK_OK(sx_canoniser_new(spec->world->mdp, &o, &c, &err));
    CHECK_OK(sx_distances(c, pair, 2, &by, 1, &n, &err));
    sx_canoniser_free(c);
    if (n.reason)
        fail_msg("%s %s: %s", a, b, n.reason);
    return n.value;
}

static const sx_measure VAL = {SX_DISTANCE_STARC, SX_VAL, SX_L2, SX_L2};
static const sx_measure DARD = {SX_DISTANCE_STARC, SX_DARD, SX_L2, SX_L2};
static const sx_measure EPIC = {SX_DISTANCE_EPIC, SX_EPIC, SX_L2, SX_L2};

/* The regret of two rewards; *unreachable may be NULL.  Free with sx_regret_free. */
static sx_regret *regret_of(const sx_spec *spec, const char *truth, const char *proxy,
                            int32_t *unreachable)
{
    sx_error err = SX_NO_ERROR;
    const sx_mdp *m = spec->world->mdp;
    const sx_regret_options o = sx_regret_defaults();
    const sx_reward *const pair[2] = {reward_of(spec, truth), reward_of(spec, proxy)};
    double *mean[2], possible[2];
    sx_regret_world *w = NULL;
    sx_regret *g = NULL;
    for (int i = 0; i < 2; i++) {
        mean[i] = calloc((size_t)m->pairs, sizeof *mean[i]);
        sx_reward_mean(m, pair[i], mean[i]);
        possible[i] = sx_reward_max_possible(m, pair[i]);
    }
    const double *const r[2] = {mean[0], mean[1]};
    CHECK_OK(sx_regret_world_new(m, r, possible, 2, &o, &w, &err));
    CHECK_OK(sx_regret_pair(w, 0, 1, &g, &err));
    if (unreachable)
        *unreachable = sx_regret_world_unreachable(w);
    assert_int_equal(g->outcome, SX_SOLVED);
    assert_true(fabs(g->gap) <= 1e-9);
    sx_regret_world_free(w);
    free(mean[0]);
    free(mean[1]);
    return g;
}

static double worst_case(const sx_spec *spec, const char *truth, const char *proxy)
{
    sx_regret *g = regret_of(spec, truth, proxy, NULL);
    double worst = g->worst_case;
    sx_regret_free(g);
    return worst;
}

/* mu.V* by plain sweeps. */
static double best_return(const sx_spec *spec, const char *id)
{
    const sx_mdp *m = spec->world->mdp;
    const sx_reward *r = reward_of(spec, id);
    double *v = calloc((size_t)m->states, sizeof *v), j = 0;
    for (int sweep = 0; sweep < 4000; sweep++)
        for (int32_t s = 0; s < m->states; s++) {
            double best = -INFINITY;
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                double q = 0;
                for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                    q += m->prob[t] * (r->on[t] + m->discount * v[m->next[t]]);
                best = fmax(best, q);
            }
            v[s] = best;
        }
    for (int32_t s = 0; s < m->states; s++)
        j += m->initial[s] * v[s];
    free(v);
    return j;
}

/* --- published rules -------------------------------------------------------------------- */

typedef struct board {
    int rows, columns;
    const char *const *map;
} board;

typedef struct outcome {
    double p;
    int row, column;
    double reward;
} outcome;

static const struct {
    const char *name;
    int down, right;
} compass[] = {{"up", -1, 0}, {"right", 0, 1}, {"down", 1, 0}, {"left", 0, -1}, {"stay", 0, 0}};

/* What move a (a place in the compass) does in a cell; returns how many outcomes. */
typedef int rules(const board *b, int row, int column, int a, outcome *out);

static int clamp(int x, int n)
{
    return x < 0 ? 0 : x >= n ? n - 1 : x;
}

/* Frozen lake: one of three directions, each as likely; 1 for arriving at G; H and G end. */
static int lake(const board *b, int row, int column, int a, outcome *out)
{
    char here = b->map[row][column];
    if (here == 'H' || here == 'G') {
        out[0] = (outcome){1, row, column, 0};
        return 1;
    }
    for (int turn = 0; turn < 3; turn++) {
        int way = (a + turn + 3) % 4;
        int r = clamp(row + compass[way].down, b->rows);
        int c = clamp(column + compass[way].right, b->columns);
        out[turn] = (outcome){1.0 / 3, r, c, b->map[r][c] == 'G' ? 1 : 0};
    }
    return 3;
}

/* Cliff walking: -1 a step; on the cliff -100 and back to the start; the goal ends. */
static int cliff(const board *b, int row, int column, int a, outcome *out)
{
    int last = b->rows - 1;
    int r = clamp(row + compass[a].down, b->rows);
    int c = clamp(column + compass[a].right, b->columns);
    bool over = r == last && c > 0 && c < b->columns - 1;
    out[0] = (outcome){1, r, c, -1};
    if (over)
        out[0] = (outcome){1, last, 0, -100};
    if (row == last && column == b->columns - 1)
        out[0] = (outcome){1, row, column, 0};
    return 1;
}

/* A wide grid with walls: a quarter of the moves stay; 1 for arriving at G, which ends. */
static int wide(const board *b, int row, int column, int a, outcome *out)
{
    int r = clamp(row + compass[a].down, b->rows);
    int c = clamp(column + compass[a].right, b->columns);
    if (b->map[r][c] == '#' || b->map[row][column] == 'G') {
        r = row;
        c = column;
    }
    bool arrives = b->map[r][c] == 'G' && b->map[row][column] != 'G';
    out[0] = (outcome){0.75, r, c, arrives ? 1 : 0};
    out[1] = (outcome){0.25, row, column, 0};
    return 2;
}

static int32_t state_at(const sx_spec *spec, int row, int column)
{
    char name[32];
    snprintf(name, sizeof name, "r%dc%d", row, column);
    return sx_names_find(spec->world->states, name);
}

/* One pair: every successor, possible or not. */
static void compare_pair(const sx_spec *spec, const sx_reward *r, int32_t k, const outcome *out,
                         int n)
{
    const sx_mdp *m = spec->world->mdp;
    for (int32_t next = 0; next < m->states; next++) {
        double p = 0, paid = 0;
        for (int i = 0; i < n; i++)
            if (state_at(spec, out[i].row, out[i].column) == next) {
                p += out[i].p;
                paid += out[i].p * out[i].reward;
            }
        int64_t t = sx_mdp_entry(m, k, next);
        assert_int_equal(t >= 0, p > 0);
        if (p > 0) {
            CHECK_NEAR(m->prob[t], p, 1e-15);
            CHECK_NEAR(r->on[t], paid / p, 1e-15);
        }
    }
}

static bool is_state(char cell)
{
    return cell != '#' && cell != 'C';
}

/* Every transition and reward of the specification, and no others. */
static void compare(const sx_spec *spec, const char *reward, const board *b, rules *rule)
{
    const sx_mdp *m = spec->world->mdp;
    const sx_reward *r = reward_of(spec, reward);
    int32_t states = 0;
    assert_int_equal(m->actions, 4);
    for (int row = 0; row < b->rows; row++)
        for (int column = 0; column < b->columns; column++) {
            char cell = b->map[row][column];
            int32_t s = state_at(spec, row, column);
            assert_int_equal(s >= 0, is_state(cell));
            if (s < 0)
                continue;
            states++;
            assert_true(m->initial[s] == (cell == 'S'));
            assert_int_equal(m->pair[s + 1] - m->pair[s], 4);
            for (int a = 0; a < 4; a++) {
                outcome out[3];
                int32_t action = sx_names_find(spec->world->actions, compass[a].name);
                assert_true(action >= 0);
                int n = rule(b, row, column, a, out);
                compare_pair(spec, r, sx_mdp_pair(m, s, action), out, n);
            }
        }
    assert_int_equal(m->states, states);
}

static const char *const lake4[] = {"SFFF", "FHFH", "FFFH", "HFFG"};
static const char *const lake8[] = {"SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF",
                                    "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"};
static const char *const walk[] = {"............", "............", "............",
                                   "SCCCCCCCCCCG"};
static const char *const wide_map[] = {"S...#", "..#.G"};

static void test_frozenlake(void **state)
{
    (void)state;
    const board four = {4, 4, lake4};
    sx_spec *a = read_spec("examples/frozenlake-4x4.xml");
    compare(a, "goal", &four, lake);
    CHECK_NEAR(best_return(a, "goal"), 0.542, 5e-4);
    sx_regret *g = regret_of(a, "goal", "dry", NULL);
    CHECK_NEAR(g->range_true[1], best_return(a, "goal"), 1e-9);
    CHECK_NEAR(g->pessimistic, 1, 1e-9);
    CHECK_NEAR(g->optimistic, 1, 1e-9);
    sx_regret_free(g);
    g = regret_of(a, "goal", "careful", NULL);
    CHECK_NEAR(g->pessimistic, 0, 1e-9);
    sx_regret_free(g);
    sx_spec_free(a);
}

static void test_frozenlake_large(void **state)
{
    (void)state;
    const board eight = {8, 8, lake8};
    sx_spec *a = read_spec("examples/frozenlake-8x8.xml");
    compare(a, "goal", &eight, lake);
    CHECK_NEAR(best_return(a, "goal"), 0.415, 5e-4);
    CHECK_NEAR(distance_of(a, "goal", "shaped", VAL), 0, 1e-10);
    CHECK_NEAR(worst_case(a, "goal", "shaped"), 0, 1e-9);
    assert_true(distance_of(a, "goal", "near", EPIC) < 0.01);
    CHECK_NEAR(distance_of(a, "goal", "near", VAL), 0.39, 5e-3);
    CHECK_NEAR(worst_case(a, "goal", "near"), 0.57, 5e-3);
    sx_regret *g = regret_of(a, "goal", "careful", NULL);
    CHECK_NEAR(g->pessimistic, 0.057, 5e-4);
    sx_regret_free(g);
    sx_spec_free(a);
}

static void test_cliffwalking(void **state)
{
    (void)state;
    const board b = {4, 12, walk};
    sx_spec *a = read_spec("examples/cliffwalking.xml");
    compare(a, "gym", &b, cliff);
    double best = -(1 - pow(0.99, 13)) / (1 - 0.99);
    CHECK_NEAR(best, -12.2478977, 1e-8);
    sx_regret *g = regret_of(a, "gym", "steps", NULL);
    CHECK_NEAR(g->range_true[1], best, 1e-9);
    CHECK_NEAR(g->range_true[1], best_return(a, "gym"), 1e-9);
    CHECK_NEAR(g->pessimistic, 0, 1e-9);
    CHECK_NEAR(g->optimistic, 0, 1e-9);
    CHECK_NEAR(g->worst_case, 0.991, 5e-4);
    sx_regret_free(g);
    sx_spec_free(a);
}

static void test_wide_grid(void **state)
{
    (void)state;
    const board b = {2, 5, wide_map};
    sx_spec *a = read_spec("tests/good/wide-grid.xml");
    compare(a, "goal", &b, wide);
    const sx_reward *r = reward_of(a, "place");
    const sx_mdp *m = a->world->mdp;
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 5; column++) {
            int32_t s = state_at(a, row, column);
            for (int32_t k = s < 0 ? 0 : m->pair[s]; s >= 0 && k < m->pair[s + 1]; k++)
                for (int32_t next = 0; next < m->states; next++) {
                    bool loop = m->absorbing[s] && next == s;
                    double value = loop ? 0 : 10 * row + column;
                    assert_true(sx_reward_at(m, r, k, next) == value);
                }
        }
    sx_spec_free(a);
}

/* --- EPIC's gridworld --------------------------------------------------------------------- */

typedef double table[3][3];
static const table t_sparse = {{0, 0, 0}, {0, 0, 0}, {0, 0, 1}};
static const table t_centre = {{0, 0, 0}, {0, 1, 0}, {0, 0, 0}};
static const table t_path = {{0, -1, -1}, {0, 0, 0}, {-1, -1, 4}};
static const table t_cliff = {{0, -1, -1}, {0, 0, 0}, {-4, -4, 4}};
static const table t_far = {{4, 3, 2}, {3, 2, 1}, {2, 1, 0}};
static const table t_zero = {{0}};

/* reward = base (of the cell left) * scale + shift, shaped by `potential` times t_far. */
static const struct {
    const char *id;
    const table *base;
    double scale, shift, potential;
} epic_rewards[] = {
    {"sparse", &t_sparse, 1, 0, 0},   {"centre", &t_centre, 1, 0, 0},
    {"path", &t_path, 1, 0, 0},       {"cliff", &t_cliff, 1, 0, 0},
    {"dense", &t_sparse, 1, 0, -1},   {"antidense", &t_sparse, 1, 0, 1},
    {"shifted", &t_sparse, 1, 1, 0},  {"scaled", &t_sparse, 10, 0, 0},
    {"negated", &t_sparse, -1, 0, 0}, {"zero", &t_zero, 1, 0, 0},
};

enum { EPIC_REWARDS = sizeof epic_rewards / sizeof *epic_rewards };

/* All triples of reward i, possible or not. */
static void compare_table(const sx_spec *spec, int i)
{
    const sx_mdp *m = spec->world->mdp;
    const sx_reward *r = reward_of(spec, epic_rewards[i].id);
    for (int from = 0; from < 9; from++)
        for (int to = 0; to < 9; to++) {
            double value = epic_rewards[i].scale * (*epic_rewards[i].base)[from / 3][from % 3];
            double ahead = t_far[to / 3][to % 3], here = t_far[from / 3][from % 3];
            value += epic_rewards[i].shift;
            value += epic_rewards[i].potential * (0.99 * ahead - here);
            int32_t s = state_at(spec, from / 3, from % 3);
            int32_t next = state_at(spec, to / 3, to % 3);
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
                CHECK_NEAR(sx_reward_at(m, r, k, next), value, 1e-14);
        }
}

static void test_epic_world(void **state)
{
    (void)state;
    sx_spec *a = read_spec("examples/epic-gridworld.xml");
    const sx_mdp *m = a->world->mdp;
    assert_true(m->states == 9 && m->actions == 5 && m->pairs == 45 && m->entries == 45);
    assert_true(m->discount == 0.99);
    for (int cell = 0; cell < 9; cell++)
        for (int i = 0; i < 5; i++) {
            int32_t s = state_at(a, cell / 3, cell % 3);
            int32_t action = sx_names_find(a->world->actions, compass[i].name);
            int r = clamp(cell / 3 + compass[i].down, 3);
            int c = clamp(cell % 3 + compass[i].right, 3);
            int64_t t = m->first[sx_mdp_pair(m, s, action)];
            assert_true(m->next[t] == state_at(a, r, c) && m->prob[t] == 1);
        }
    assert_int_equal(a->rewards, EPIC_REWARDS);
    for (int i = 0; i < EPIC_REWARDS; i++)
        compare_table(a, i);
    sx_spec_free(a);
}

static void test_epic_answers(void **state)
{
    (void)state;
    static const char *const same[] = {"dense", "antidense", "shifted", "scaled"};
    sx_spec *a = read_spec("examples/epic-gridworld.xml");
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(distance_of(a, "sparse", same[i], EPIC), 0, 1e-7);
        CHECK_NEAR(distance_of(a, "sparse", same[i], VAL), 0, 1e-10);
        CHECK_NEAR(worst_case(a, "sparse", same[i]), 0, 1e-9);
    }
    CHECK_NEAR(distance_of(a, "sparse", "negated", EPIC), 1, 1e-12);
    CHECK_NEAR(distance_of(a, "sparse", "negated", VAL), 2, 1e-12);
    for (int i = 0; i < EPIC_REWARDS - 1; i++) {
        CHECK_NEAR(distance_of(a, epic_rewards[i].id, "zero", EPIC), sqrt(0.5), 1e-12);
        CHECK_NEAR(distance_of(a, epic_rewards[i].id, "zero", VAL), 1, 1e-12);
    }
    CHECK_NEAR(distance_of(a, "zero", "zero", EPIC), 0, 0);
    CHECK_NEAR(distance_of(a, "zero", "zero", VAL), 0, 0);
    sx_spec_free(a);
}

/* --- what the other examples promise ------------------------------------------------------ */

static void test_unsound(void **state)
{
    (void)state;
    sx_spec *a = read_spec("examples/unsound.xml");
    const sx_mdp *m = a->world->mdp;
    double mean[6];
    assert_int_equal(m->pairs, 6);
    sx_reward_mean(m, reward_of(a, "luck"), mean);
    for (int32_t k = 0; k < m->pairs; k++)
        assert_true(mean[k] == 0);
    assert_true(distance_of(a, "one", "other", EPIC) < 0.002);
    assert_true(distance_of(a, "one", "other", DARD) < 0.006);
    CHECK_NEAR(distance_of(a, "one", "other", VAL), 2, 1e-9);
    CHECK_NEAR(worst_case(a, "one", "other"), 1, 1e-9);
    assert_true(distance_of(a, "wage", "lucky", EPIC) > 0.5);
    CHECK_NEAR(distance_of(a, "wage", "lucky", VAL), 0, 1e-10);
    CHECK_NEAR(worst_case(a, "wage", "lucky"), 0, 1e-9);
    sx_spec_free(a);
}

static void test_two_state(void **state)
{
    (void)state;
    sx_spec *a = read_spec("examples/two-state.xml");
    sx_regret *g = regret_of(a, "true", "proxy", NULL);
    CHECK_NEAR(distance_of(a, "true", "proxy", VAL), sqrt(2), 1e-15);
    CHECK_NEAR(g->range_true[0], 0, 1e-15);
    CHECK_NEAR(g->range_true[1], 1, 1e-15);
    CHECK_NEAR(g->range_proxy[1], 2, 1e-15);
    CHECK_NEAR(g->pessimistic, 1.0 / 3, 1e-12);
    CHECK_NEAR(g->optimistic, 1.0 / 3, 1e-12);
    CHECK_NEAR(g->worst_case, 2.0 / 3, 1e-12);
    CHECK_NEAR(g->lambda, 1.0 / 3, 1e-12);
    sx_regret_free(g);
    sx_spec_free(a);
}

static void test_walled_room(void **state)
{
    (void)state;
    sx_spec *a = read_spec("examples/walled-room.xml");
    int32_t unreachable = 0;
    sx_regret *g = regret_of(a, "plain", "treasure", &unreachable);
    assert_int_equal(unreachable, 6);
    CHECK_NEAR(g->worst_case, 0, 1e-9);
    CHECK_NEAR(worst_case(a, "treasure", "plain"), 0, 1e-9);
    assert_true(distance_of(a, "plain", "treasure", VAL) > 1);
    sx_regret_free(g);
    sx_spec_free(a);
}

/* The regret of the worst policy that is optimal for a reward. */
static double missed(const sx_spec *spec, const char *proxy, int32_t *unreachable)
{
    sx_regret *g = regret_of(spec, "true", proxy, unreachable);
    double regret = g->pessimistic;
    sx_regret_free(g);
    return regret;
}

static void test_key_door(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *a = read_spec("examples/key-door.xml"), *open = NULL;
    int32_t unreachable = 0;
    assert_int_equal(a->world->mdp->states, 20);
    CHECK_NEAR(best_return(a, "true"), pow(0.9, 6), 1e-12);
    CHECK_NEAR(missed(a, "milestones", &unreachable), 0, 1e-12);
    assert_int_equal(unreachable, 20 - 11);
    CHECK_NEAR(distance_of(a, "true", "shaped", VAL), 0, 1e-12);
    CHECK_OK(sx_spec_edited(a, 0, -1, NULL, &open, &err));
    assert_int_equal(open->world->mdp->states, 10);
    CHECK_NEAR(best_return(open, "true"), pow(0.9, 2), 1e-12);
    CHECK_NEAR(missed(open, "milestones", NULL), 1 - pow(0.9, 3), 1e-12);
    CHECK_NEAR(missed(open, "shaped", NULL), 0, 1e-12);
    sx_spec_free(open);
    sx_spec_free(a);
}

static void test_cliff(void **state)
{
    (void)state;
    sx_spec *a = read_spec("examples/cliff.xml");
    CHECK_NEAR(distance_of(a, "true", "shaped", VAL), 0, 1e-10);
    CHECK_NEAR(worst_case(a, "true", "shaped"), 0, 1e-9);
    CHECK_NEAR(worst_case(a, "true", "negated"), 1, 1e-9);
    CHECK_NEAR(distance_of(a, "true", "negated", VAL), 2, 1e-10);
    CHECK_NEAR(distance_of(a, "true", "hasty", VAL), 0.75, 5e-3);
    sx_regret *g = regret_of(a, "true", "hasty", NULL);
    CHECK_NEAR(g->worst_case, 0.76, 5e-3);
    CHECK_NEAR(g->pessimistic, 0.005, 5e-4);
    sx_regret_free(g);
    sx_spec_free(a);
}

/* --- odd worlds --------------------------------------------------------------------------- */

static void test_one_state(void **state)
{
    (void)state;
    sx_spec *a = read_spec("tests/good/one-state.xml");
    sx_regret *g = regret_of(a, "up", "down", NULL);
    /* advantages (-1, 0, 1) and (5, -1, -4)/3: cosine -9/sqrt(84) */
    double cosine = -9 / sqrt(84);
    CHECK_NEAR(distance_of(a, "up", "down", VAL), sqrt(2 - 2 * cosine), 1e-12);
    CHECK_NEAR(distance_of(a, "up", "flat", VAL), 1, 1e-12);
    CHECK_NEAR(g->range_true[1], 20, 1e-12);
    CHECK_NEAR(g->pessimistic, 1, 1e-12);
    CHECK_NEAR(g->worst_case, 1, 1e-12);
    sx_regret_free(g);
    CHECK_NEAR(worst_case(a, "flat", "up"), 0, 0);
    CHECK_NEAR(worst_case(a, "up", "flat"), 1, 0);
    sx_spec_free(a);
}

static void test_all_absorbing(void **state)
{
    (void)state;
    sx_spec *a = read_spec("tests/good/all-absorbing.xml");
    sx_regret *g = regret_of(a, "one", "two", NULL);
    assert_true(g->trivial_true && g->trivial_proxy && g->worst_case == 0);
    CHECK_NEAR(distance_of(a, "one", "two", VAL), 0, 0);
    sx_regret_free(g);
    sx_spec_free(a);
}

static void test_long_horizon(void **state)
{
    (void)state;
    sx_spec *a = read_spec("tests/good/long-horizon.xml");
    CHECK_NEAR(distance_of(a, "stay-there", "shaped", VAL), 0, 1e-8);
    CHECK_NEAR(worst_case(a, "stay-there", "shaped"), 0, 1e-9);
    sx_regret *g = regret_of(a, "stay-there", "corner", NULL);
    assert_true(g->worst_case > 0.9 && g->range_true[1] > 9000);
    sx_regret_free(g);
    sx_spec_free(a);
}

/* Read again, asked again: the same bits. */
static void test_same_bits(void **state)
{
    (void)state;
    double first[3] = {0};
    for (int run = 0; run < 3; run++) {
        sx_spec *a = read_spec("examples/cliff.xml");
        sx_regret *g = regret_of(a, "true", "progress", NULL);
        double now[3] = {distance_of(a, "true", "progress", VAL), g->worst_case, g->dual};
        if (run == 0)
            memcpy(first, now, sizeof now);
        assert_memory_equal(first, now, sizeof now);
        sx_regret_free(g);
        sx_spec_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frozenlake),    cmocka_unit_test(test_frozenlake_large),
        cmocka_unit_test(test_cliffwalking),  cmocka_unit_test(test_wide_grid),
        cmocka_unit_test(test_epic_world),    cmocka_unit_test(test_epic_answers),
        cmocka_unit_test(test_unsound),       cmocka_unit_test(test_two_state),
        cmocka_unit_test(test_walled_room),   cmocka_unit_test(test_key_door),
        cmocka_unit_test(test_cliff),         cmocka_unit_test(test_one_state),
        cmocka_unit_test(test_all_absorbing), cmocka_unit_test(test_long_horizon),
        cmocka_unit_test(test_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
