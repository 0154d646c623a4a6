/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_canonical.c - plot canonical: every cell is the expectation of the canonical
 * form divided by its norm, by formulas written down once more; plot shaping: the shaped reward
 * is the reward and the potential, and has the size that is claimed; forms that do not exist
 * are left out, with a note. */
#include "tests/figure_table.h"

#include "mdp/spec.h"
#include "metrics/canon.h"
#include "tests/oracle_distance.h"

typedef struct scene {
    sx_diags *d;
    sx_spec *spec;
    const sx_mdp *m;
    double *state_dist, *action_dist; /* uniform */
} scene;

static scene scene_read(const char *path)
{
    sx_error err = SX_NO_ERROR;
    scene z = {.d = NULL};
    CHECK_OK(sx_diags_new(&z.d, &err));
    CHECK_OK(sx_spec_read(path, z.d, &z.spec, &err));
    z.m = z.spec->world->mdp;
    z.state_dist = calloc((size_t)z.m->states, sizeof(double));
    z.action_dist = calloc((size_t)z.m->pairs, sizeof(double));
    for (int32_t s = 0; s < z.m->states; s++) {
        z.state_dist[s] = 1.0 / z.m->states;
        for (int32_t k = z.m->pair[s]; k < z.m->pair[s + 1]; k++)
            z.action_dist[k] = 1.0 / (z.m->pair[s + 1] - z.m->pair[s]);
    }
    return z;
}

static void scene_free(scene z)
{
    sx_spec_free(z.spec);
    sx_diags_free(z.d);
    free(z.state_dist);
    free(z.action_dist);
}

/* table [K*S] of a reward of the specification. */
static double *table_of(const scene *z, const char *id)
{
    double *t = calloc((size_t)z->m->pairs * (size_t)z->m->states, sizeof *t);
    int32_t at = sx_spec_reward(z->spec, id);
    assert_true(at >= 0);
    for (int32_t k = 0; k < z->m->pairs; k++)
        sx_reward_row(z->m, z->spec->reward[at].reward, k, t + (int64_t)k * z->m->states);
    return t;
}

/* mean [K] = the expectation over the next states. */
static double mean_of(const sx_mdp *m, int32_t k, const long double *form)
{
    long double sum = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        sum += (long double)m->prob[t] * form[(int64_t)k * m->states + m->next[t]];
    return (double)sum;
}

/* The number that the figure has for a pair: of a matrix, or of a gridworld. */
static double shown(const scene *z, figure_table t, const char *panel, int32_t s, int32_t k)
{
    const sx_grid *g = z->spec->world->grid;
    char a[SX_NAME_BUFFER], b[SX_NAME_BUFFER], x[16], y[16];
    const char *action = sx_names_get(z->spec->world->actions, z->m->action[k], a);
    if (!g)
        return figure_number(t, panel, "cell", NULL, action,
                             sx_names_get(z->spec->world->states, s, b), "value");
    for (int32_t i = 0; i < g->rows * g->columns; i++)
        if (g->state[i] == s) {
            snprintf(x, sizeof x, "%d", i % g->columns);
            snprintf(y, sizeof y, "%d", i / g->columns);
            return figure_number(t, panel, "move", action, x, y, "value");
        }
    fail();
    return NAN;
}

static figure_table plot_(const char *const *argv)
{
    run r = run_(argv);
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    return figure_table_read(in_folder("figure.csv"));
}

#define PLOT(spec, ...) \
    plot_((const char *const[]){"sextant", "plot", (spec), __VA_ARGS__, "--output", \
                                in_folder("figure.svg"), "--data", in_folder("figure.csv"), \
                                NULL})

/* --- canonical --- */

static void check_forms(const char *path, const char *id, sx_norm norm)
{
    scene z = scene_read(path);
    oracle_setting o = {z.m, z.action_dist, z.state_dist, z.action_dist};
    double *plain = table_of(&z, id);
    long double *form = calloc((size_t)z.m->pairs * (size_t)z.m->states, sizeof *form);
    figure_table t = PLOT(path, "canonical", "--reward", id, "--norm", sx_norm_name(norm));
    for (int32_t c = 0; c < SX_CANONS; c++) {
        char panel[80];
        if (!oracle_canon(&o, plain, (sx_canon)c, norm, form)) {
            assert_false(figure_has_panel(t, sx_canon_name((sx_canon)c)));
            continue;
        }
        long double size = oracle_norm(z.m, form, norm);
        snprintf(panel, sizeof panel, "%s%s", c ? "" : "reward ",
                 c ? sx_canon_name((sx_canon)c) : id);
        for (int32_t s = 0; s < z.m->states; s++)
            for (int32_t k = z.m->pair[s]; k < z.m->pair[s + 1]; k++)
                CHECK_NEAR(shown(&z, t, panel, s, k), mean_of(z.m, k, form) / (double)size,
                           1e-9);
    }
    figure_table_free(t);
    free(form);
    free(plain);
    scene_free(z);
}

static void forms_of_gridworlds(void **state)
{
    (void)state;
    check_forms("examples/epic-gridworld.xml", "cliff", SX_L2);
    check_forms("examples/epic-gridworld.xml", "dense", SX_WEIGHTED_L2);
}

static void forms_as_matrices(void **state)
{
    (void)state;
    check_forms(in_folder("small.xml"), "proxy", SX_L2);
    check_forms(in_folder("small.xml"), "shaped", SX_L2);
}

static void one_form(void **state)
{
    (void)state;
    figure_table t = PLOT(in_folder("small.xml"), "canonical", "--canon", "val");
    assert_true(figure_has_panel(t, "val"));
    assert_true(figure_has_panel(t, "reward true"));
    assert_false(figure_has_panel(t, "epic"));
    figure_table_free(t);
}

static void missing_forms_are_noted(void **state)
{
    (void)state;
    run r = RUN("plot", in_folder("small.xml"), "canonical", "--output",
                in_folder("figure.svg"), "--data", in_folder("figure.csv"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    CHECK_SAYS(r.err, "dard is left out");
    run_free(r);
    figure_table t = figure_table_read(in_folder("figure.csv"));
    assert_false(figure_has_panel(t, "dard"));
    assert_true(figure_has_panel(t, "minimal-potential"));
    figure_table_free(t);
}

/* The zero reward has the zero form everywhere; nothing is divided by 0. */
static void zero_reward(void **state)
{
    (void)state;
    figure_table t = PLOT("examples/epic-gridworld.xml", "canonical", "--reward", "zero");
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        if (strcmp(figure_field(t, i, "kind"), "move") == 0)
            CHECK_NEAR(strtod(figure_field(t, i, "value"), NULL), 0, 0);
    figure_table_free(t);
}

/* A chain of 1,000 states: the reward is largest at the last ones. */
static void large_world(void **state)
{
    (void)state;
    const char *path = in_folder("large.xml");
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("<mdp version=\"1\" discount=\"0.9\"><explicit><states count=\"1000\"/>"
          "<actions count=\"2\"/>\n",
          f);
    for (int s = 0; s < 1000; s++)
        fprintf(f,
                "<transition from=\"%d\" action=\"0\" to=\"%d\" p=\"1\"/>"
                "<transition from=\"%d\" action=\"1\" to=\"%d\" p=\"1\"/>\n",
                s, (s + 1) % 1000, s, s);
    fputs("</explicit><reward id=\"r\"><add value=\"1\"/>", f);
    for (int s = 900; s < 1000; s++)
        fprintf(f, "<add from=\"%d\" value=\"%d\"/>", s, s - 890);
    fputs("</reward></mdp>\n", f);
    fclose(f);
    run r = RUN("plot", path, "canonical", "--canon", "val", "--output",
                in_folder("figure.svg"), "--data", in_folder("figure.csv"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    CHECK_SAYS(r.err, "40 of 1000 states");
    run_free(r);
    figure_table t = figure_table_read(in_folder("figure.csv"));
    assert_int_equal(sx_csv_rows(t.csv), 2 * 40 * 2);
    figure_number(t, "reward r", "cell", NULL, "0", "999", "value");
    figure_table_free(t);
}

/* --- shaping --- */

static double potential_at(const scene *z, figure_table t, int32_t s)
{
    const sx_grid *g = z->spec->world->grid;
    char b[SX_NAME_BUFFER], x[16], y[16];
    for (int32_t i = 0; g && i < g->rows * g->columns; i++)
        if (g->state[i] == s) {
            snprintf(x, sizeof x, "%d", i % g->columns);
            snprintf(y, sizeof y, "%d", i / g->columns);
            return figure_number(t, "potential", "cell", NULL, x, y, "value");
        }
    return figure_number(t, "potential", "bar", NULL, NULL,
                         sx_names_get(z->spec->world->states, s, b), "x");
}

/* Shaped = scale * from + gamma E[phi(s')] - phi(s), on every pair. */
static void check_shaping(const char *path, const char *from, const char *panel, double scale,
                          figure_table t)
{
    scene z = scene_read(path);
    double *plain = table_of(&z, from);
    char before[80];
    snprintf(before, sizeof before, "%s before", from);
    long double *form = calloc((size_t)z.m->pairs * (size_t)z.m->states, sizeof *form);
    double *phi = calloc((size_t)z.m->states, sizeof *phi);
    for (int64_t i = 0; i < (int64_t)z.m->pairs * z.m->states; i++)
        form[i] = plain[i];
    for (int32_t s = 0; s < z.m->states; s++)
        phi[s] = potential_at(&z, t, s);
    for (int32_t s = 0; s < z.m->states; s++)
        for (int32_t k = z.m->pair[s]; k < z.m->pair[s + 1]; k++) {
            double expected = scale * mean_of(z.m, k, form) - phi[s];
            CHECK_NEAR(shown(&z, t, before, s, k), mean_of(z.m, k, form), 1e-12);
            for (int64_t e = z.m->first[k]; e < z.m->first[k + 1]; e++)
                expected += z.m->discount * z.m->prob[e] * phi[z.m->next[e]];
            CHECK_NEAR(shown(&z, t, panel, s, k), expected, 1e-9);
        }
    free(phi);
    free(form);
    free(plain);
    scene_free(z);
}

static void before_and_after(void **state)
{
    (void)state;
    figure_table t = PLOT("examples/epic-gridworld.xml", "shaping", "--from", "dense");
    check_shaping("examples/epic-gridworld.xml", "dense", "dense after shaping", 1, t);
    figure_table_free(t);
    t = PLOT(in_folder("small.xml"), "shaping", "--from", "true", "--goal", "optimal");
    check_shaping(in_folder("small.xml"), "true", "true after shaping", 1, t);
    figure_table_free(t);
}

/* shaped is true with the potential 2.5 at b: the fit finds it, and the panel of the target is
 * what the shaped one became. */
static void towards_a_reward(void **state)
{
    (void)state;
    const char *path = in_folder("small.xml");
    figure_table t = PLOT(path, "shaping", "--from", "true", "--to", "shaped", "--norm", "l2");
    scene z = scene_read(path);
    check_shaping(path, "true", "true after shaping", 1, t);
    CHECK_NEAR(potential_at(&z, t, 1), 2.5, 1e-6);
    for (int32_t s = 0; s < z.m->states; s++)
        for (int32_t k = z.m->pair[s]; k < z.m->pair[s + 1]; k++)
            CHECK_NEAR(shown(&z, t, "shaped, the aim", s, k),
                       shown(&z, t, "true after shaping", s, k), 1e-6);
    scene_free(z);
    figure_table_free(t);
}

/* What is best for the opposite of a reward takes none of it. */
static void scale_of_0(void **state)
{
    (void)state;
    figure_table t = PLOT("examples/epic-gridworld.xml", "shaping", "--from", "sparse", "--to",
                          "negated", "--norm", "l2");
    assert_true(figure_has_panel(t, "shaping alone"));
    check_shaping("examples/epic-gridworld.xml", "sparse", "shaping alone", 0, t);
    figure_table_free(t);
}

static void refused(void **state)
{
    (void)state;
    const char *path = in_folder("small.xml"), *out = in_folder("no.svg");
    run r = RUN("plot", path, "shaping", "--goal", "fit", "--output", out);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "E462");
    run_free(r);
    r = RUN("plot", path, "shaping", "--to", "shaped", "--norm", "weighted-l1", "--output",
            out);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "not in weighted-l1");
    run_free(r);
    r = RUN("plot", path, "canonical", "--reward", "nobody", "--output", out);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "nobody");
    run_free(r);
    assert_int_not_equal(access(out, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_gridworlds),
        cmocka_unit_test(forms_as_matrices),
        cmocka_unit_test(one_form),
        cmocka_unit_test(missing_forms_are_noted),
        cmocka_unit_test(zero_reward),
        cmocka_unit_test(large_world),
        cmocka_unit_test(before_and_after),
        cmocka_unit_test(towards_a_reward),
        cmocka_unit_test(scale_of_0),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
