/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom.c - when any one allocation fails, a call answers SX_EMEM with its outputs empty
 * and nothing lost (the sanitizers watch), and the next call works.
 *
 * Each job is run with 0, 1, 2, ... allocations allowed until it succeeds.  With the
 * environment variable SAMPLE set only every 29th count is tried (for valgrind). */
#include "mdp/spec.h"
#include "metrics/distance.h"
#include "metrics/equivalence.h"
#include "metrics/frontier.h"
#include "metrics/norm_int.h"
#include "metrics/orbit.h"
#include "metrics/regret.h"
#include "plots/figure.h"
#include "solvers/control.h"
#include "tests/starve.h"

#include <stdlib.h>

static sx_status read_spec(sx_spec **spec, sx_error *err)
{
    sx_diags *d = NULL;
    *spec = NULL;
    sx_status st = sx_diags_new(&d, err);
    if (!st)
        st = sx_spec_read("examples/cliff.xml", d, spec, err);
    sx_diags_free(d);
    return st;
}

static sx_status job_read(sx_error *err)
{
    sx_spec *spec = NULL;
    sx_status st = read_spec(&spec, err);
    if (st)
        assert_null(spec);
    sx_spec_free(spec);
    return st;
}

static void reading(void **state)
{
    (void)state;
    assert_true(starve(job_read) > 20);
}

/* what the jobs below work on, read once */
static sx_spec *cliff;

static int set_up(void **state)
{
    (void)state;
    return read_spec(&cliff, NULL) == SX_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cliff = sx_spec_free(cliff);
    return 0;
}

static sx_status job_distances(sx_error *err)
{
    enum { REWARDS = 3, PAIRS = 3, CANONS = 7 };
    const sx_reward *reward[REWARDS];
    sx_measure measure[CANONS + 3];
    sx_number value[PAIRS * (CANONS + 3)];
    sx_canoniser *c = NULL;
    for (int i = 0; i < REWARDS; i++)
        reward[i] = cliff->reward[i].reward;
    for (int i = 0; i <= CANONS; i++) {
        measure[i] = sx_measure_default();
        measure[i].canon = i < CANONS ? (sx_canon)i : SX_EPIC;
    }
    measure[CANONS].kind = SX_DISTANCE_EPIC;
    measure[CANONS + 1] = (sx_measure){SX_DISTANCE_STARC, SX_MINIMAL, SX_L1, SX_L1};
    measure[CANONS + 2] =
        (sx_measure){SX_DISTANCE_STARC, SX_MINIMAL_POTENTIAL, SX_WEIGHTED_LINF, SX_L1};
    sx_canon_options o = sx_canon_defaults();
    sx_status st = sx_canoniser_new(cliff->world->mdp, &o, &c, err);
    if (!st)
        st = sx_distances(c, reward, REWARDS, measure, CANONS + 3, value, err);
    sx_canoniser_free(c);
    return st;
}

static void distances(void **state)
{
    (void)state;
    assert_true(starve(job_distances) > 20);
}

/* norms by classes of equal products, which cliff is too small to choose by itself */
static sx_status job_classes(sx_error *err)
{
    const sx_i_weights plain = {.centre = 0};
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < cliff->rewards; i++) {
        bool done = false;
        sx_i_tally t;
        st = sx_i_tally_classes(cliff->world->mdp, cliff->reward[i].reward, &plain, INT64_MAX,
                                &t, &done, err);
        assert_true(st || done);
    }
    return st;
}

static void classes(void **state)
{
    (void)state;
    assert_true(starve(job_classes) > 20);
}

static sx_status job_regret(sx_error *err)
{
    const sx_mdp *m = cliff->world->mdp;
    static double mean[2][512];
    const double *r[2] = {mean[0], mean[1]};
    double possible[2];
    sx_regret_world *w = NULL;
    sx_regret *answer = NULL;
    assert_true(m->pairs <= 512);
    for (int i = 0; i < 2; i++) {
        const sx_reward *reward = cliff->reward[i == 0 ? 0 : 2].reward;
        sx_reward_mean(m, reward, mean[i]);
        possible[i] = sx_reward_max_possible(m, reward);
    }
    sx_regret_options o = sx_regret_defaults();
    sx_status st = sx_regret_world_new(m, r, possible, 2, &o, &w, err);
    if (!st)
        st = sx_regret_pair(w, 0, 1, &answer, err);
    if (st)
        assert_null(answer);
    sx_regret_free(answer);
    sx_regret_world_free(w);
    return st;
}

static void regret(void **state)
{
    (void)state;
    assert_true(starve(job_regret) > 10);
}

static sx_spec *small;

/* the reward that true is compared with: itself, then another */
static int32_t compared;

static sx_status job_equivalence(sx_error *err)
{
    const sx_mdp *m = small->world->mdp;
    const sx_reward *a = small->reward[0].reward, *b = small->reward[compared].reward;
    sx_equivalence_options o = sx_equivalence_defaults();
    sx_equivalence *e = NULL;
    sx_alignment aligned;
    sx_status st = sx_rewards_align(m, a, b, &aligned, err);
    if (!st)
        st = sx_equivalence_find(m, a, b, &o, &e, err);
    assert_true((e != NULL) == (st == SX_OK));
    assert_true(st || e->equivalent == (compared == 0 ? SX_ANSWER_YES : SX_ANSWER_NO));
    sx_equivalence_free(e);
    return st;
}

static void equivalence(void **state)
{
    (void)state;
    assert_int_equal(sx_spec_read("examples/two-state.xml", NULL, &small, NULL), SX_OK);
    for (compared = 0; compared < 2; compared++)
        assert_true(starve(job_equivalence) > 20);
    small = sx_spec_free(small);
}

static sx_status job_frontier(sx_error *err)
{
    const sx_mdp *m = cliff->world->mdp;
    static double mean[2][512];
    const double *r[2] = {mean[0], mean[1]}, possible[2] = {10, 10};
    sx_regret_world *w = NULL;
    sx_frontier *answer = NULL;
    assert_true(m->pairs <= 512);
    for (int i = 0; i < 2; i++)
        sx_reward_mean(m, cliff->reward[i == 0 ? 0 : 2].reward, mean[i]);
    sx_regret_options ro = sx_regret_defaults();
    sx_frontier_options o = sx_frontier_defaults();
    o.tolerance = 0.05;
    o.temperatures = 2;
    sx_status st = sx_regret_world_new(m, r, possible, 2, &ro, &w, err);
    if (!st)
        st = sx_frontier_find(w, 0, 1, &o, &answer, err);
    if (st)
        assert_null(answer);
    sx_frontier_free(answer);
    sx_regret_world_free(w);
    return st;
}

static void frontier(void **state)
{
    (void)state;
    assert_true(starve(job_frontier) > 10);
}

static const sx_method *method;

static sx_status job_solve(sx_error *err)
{
    const sx_mdp *m = cliff->world->mdp;
    static double r[512];
    sx_solution *answer = NULL;
    sx_reward_mean(m, cliff->reward[0].reward, r);
    sx_solve_options o = sx_solve_defaults();
    o.method = method;
    sx_status st = sx_solve(m, r, &o, &answer, err);
    if (st)
        assert_null(answer);
    sx_solution_free(answer);
    return st;
}

static void every_method(void **state)
{
    (void)state;
    for (int i = 0; sx_methods[i]; i++) {
        method = sx_methods[i];
        assert_true(starve(job_solve) > 0);
    }
}

static const char *format;
static sx_raster raster;

/* A matrix with a hole, and a gridworld with everything on it. */
static void fill_figure(sx_figure *f)
{
    static const double value[] = {0, NAN, 0.5e-6, 0};
    if (!f)
        return;
    sx_heat *m = sx_figure_heat(f, "a *panel*", 2, 2, "bar_{1}");
    sx_heat_row(m, 0, "a name that is so long that it must be shortened, really");
    sx_heat_column(m, 1, "b");
    if (m)
        memcpy(m->value, value, sizeof value);
    sx_gridmap *g = sx_figure_gridmap(f, "", 2, 2, "reward");
    sx_gridmap_moves(g);
    sx_gridmap_arrows(g);
    sx_gridmap_marks(g);
    sx_gridmap_label(g, 1, "goal");
    sx_way *w = sx_gridmap_way(g, "a way", 3);
    if (!w)
        return;
    w->cell[1] = 1;
    g->mark[2] = 1;
    g->start[0] = g->end[1] = 1;
    for (int i = 0; i < 16; i++)
        g->move[i + i / 4 * 5] = 0.25 * i;
    g->arrow[0] = 0.5;
}

static sx_status job_figure(sx_error *err)
{
    sx_plot_style style = sx_plot_style_defaults();
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_figure *f = sx_figure_new("title");
    fill_figure(f);
    sx_status st = f ? SX_OK : sx_nomem(err);
    style.raster = raster;
    if (!st)
        st = sx_figure_draw(f, &style, format, &bytes, &size, NULL, err);
    if (st)
        assert_null(bytes);
    sx_release(bytes);
    sx_figure_free(f);
    return st;
}

static void add_layer(sx_chart *c, sx_layer_kind kind)
{
    bool limits = kind == SX_LAYER_BAND || kind == SX_LAYER_ARROWS || kind % 4 == 0;
    sx_layer *l = sx_chart_layer(c, kind, 4, "a layer");
    if (l && limits)
        sx_layer_limits(c, l);
    for (int i = 0; l && i < 4; i++) {
        l->x[i] = l->y[i] = i;
        if (limits && l->low && l->high)
            l->low[i] = l->high[i] = i + 1;
        if (kind == SX_LAYER_WORDS)
            sx_layer_label(c, l, i, "word");
    }
}

/* Layers of every kind on axes that scripts cannot show by themselves. */
static void fill_charts(sx_figure *f)
{
    for (int k = 0; k < 3; k++) {
        sx_chart *c = sx_figure_chart(f, "panel_{1}");
        if (!c)
            return;
        c->y.scale = k == 0 ? SX_SCALE_LOG : SX_SCALE_SYMLOG;
        c->y.threshold = 1;
        for (int i = 0; k == 2 && i < 4; i++)
            sx_axis_category(c, &c->x, "name");
        for (int kind = SX_LAYER_POINTS; kind <= SX_LAYER_WORDS; kind++)
            if (k == 2 || (kind != SX_LAYER_BARS && kind != SX_LAYER_STRIP))
                add_layer(c, (sx_layer_kind)kind);
    }
}

static sx_status job_script(sx_error *err)
{
    sx_plot_style style = sx_plot_style_defaults();
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_figure *f = sx_figure_new("title");
    if (f)
        fill_charts(f);
    sx_status st =
        f ? sx_figure_draw(f, &style, format, &bytes, &size, NULL, err) : sx_nomem(err);
    if (st)
        assert_null(bytes);
    sx_release(bytes);
    sx_figure_free(f);
    return st;
}

static void scripts(void **state)
{
    (void)state;
    format = "gp";
    assert_true(starve(job_script) > 100);
}

static void figures(void **state)
{
    (void)state;
    const char *const formats[] = {"pdf", "svg", "png", "csv", "gp", "tex"};
    for (int i = 0; i < 6; i++) {
        format = formats[i];
        raster = i == 0 ? SX_RASTER_ALWAYS : SX_RASTER_AUTO;
        assert_true(starve(job_figure) > 50);
    }
}

/* Five states with two actions that stay, which all permutations leave as they are: more
 * elements than there is room for at first. */
static sx_mdp *rooms;
static sx_reward *room_reward;

static int open_rooms(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_triple t[10];
    for (int i = 0; i < 10; i++)
        t[i] = (sx_triple){i / 2, i % 2, i / 2, 1};
    CHECK_OK(sx_mdp_from_triples(5, 2, t, 10, &rooms, &err));
    CHECK_OK(sx_reward_new(rooms, &room_reward, &err));
    sx_reward *r = room_reward;
    r->on[0] = 1;
    r->products = 1;
    r->product = sx_alloc(1, sizeof *r->product);
    r->product->left = sx_alloc(10, sizeof(double));
    r->product->right = sx_alloc(5, sizeof(double));
    r->product->left[0] = r->product->right[1] = 1;
    return 0;
}

static int close_rooms(void **state)
{
    (void)state;
    sx_reward_free(room_reward);
    sx_mdp_free(rooms);
    return 0;
}

static sx_status job_orbits(sx_error *err)
{
    const int32_t turn[] = {1, 2, 3, 4, 0}, swap[] = {1, 0, 2, 3, 4}, same[] = {0, 1};
    const sx_symmetry g[] = {{turn, same}, {swap, same}};
    sx_canon_options options = sx_canon_defaults();
    sx_inconsistency x;
    sx_canoniser *c = NULL;
    sx_orbits *o = NULL;
    sx_reward *mean = NULL;
    sx_status st = sx_orbits_new(rooms, g, 2, &o, err);
    if (!st)
        st = sx_canoniser_new(rooms, &options, &c, err);
    if (!st)
        st = sx_orbit_inconsistency(o, c, room_reward, &x, err);
    if (!st)
        st = sx_orbit_average(o, room_reward, &mean, err);
    assert_true((mean != NULL) == (st == SX_OK));
    assert_true(st || (o->order.value == 120 && mean->dense && x.share.value > 0.5));
    sx_reward_free(mean);
    sx_canoniser_free(c);
    sx_orbits_free(o);
    return st;
}

static void orbits(void **state)
{
    (void)state;
    assert_true(starve(job_orbits) > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),
        cmocka_unit_test_setup_teardown(distances, set_up, tear_down),
        cmocka_unit_test_setup_teardown(classes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(regret, set_up, tear_down),
        cmocka_unit_test(equivalence),
        cmocka_unit_test_setup_teardown(frontier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_method, set_up, tear_down),
        cmocka_unit_test(scripts),
        cmocka_unit_test(figures),
        cmocka_unit_test_setup_teardown(orbits, open_rooms, close_rooms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
