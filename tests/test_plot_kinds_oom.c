/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_kinds_oom.c - wherever memory runs out while a figure of consistency, contrast
 * sets, shares, or states and actions is filled in, it is said, and nothing is lost. */
#include "plots/kind_consistency.h"
#include "plots/kind_pairs.h"
#include "plots/kind_share.h"
#include "tests/starve.h"

static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};

static sx_status edits(int rewards, sx_error *err)
{
    sx_edit_result row[64];
    int n = 0;
    for (int r = 0; r < rewards; r++)
        for (int e = 0; e < 5; e++)
            row[n++] = (sx_edit_result){e > 2 ? "sizes" : names[e],
                                        names[r],
                                        e > 2 ? e : (double)NAN,
                                        (sx_edit_sort)(e % 2),
                                        {{r, 0, 9}, {e, 0, 9}, {1, 0.5, 2}}};
    sx_figure *f = NULL;
    sx_status st = sx_figure_consistency("title", row, n, 0.5, &f, err);
    assert_true((st == SX_OK) == (f != NULL));
    sx_figure_free(f);
    return st;
}

static sx_status few_rewards(sx_error *err)
{
    return edits(3, err);
}

static sx_status many_rewards(sx_error *err)
{
    return edits(8, err);
}

static sx_status contrast(const char *set, sx_error *err)
{
    const sx_contrast_result row[] = {{"a", set, {0.5, 0.25, 0.75}, 1, 0.01},
                                      {"b", "", {0.5, NAN, NAN}, 0, NAN}};
    sx_figure *f = NULL;
    sx_status st = sx_figure_contrast("title", row, 2, &f, err);
    assert_true((st == SX_OK) == (f != NULL));
    sx_figure_free(f);
    return st;
}

static sx_status models(sx_error *err)
{
    return contrast("", err);
}

static sx_status sets(sx_error *err)
{
    return contrast("set", err);
}

static sx_status shares(sx_error *err)
{
    const sx_share_step step[] = {{"a", 0.5}, {"b", 0.25}};
    sx_figure *f = sx_figure_new("title");
    sx_figure_shares(f, "title", "the distance", step, 2);
    sx_status st = !f || f->failed ? sx_nomem(err) : SX_OK;
    sx_figure_free(f);
    return st;
}

static sx_status world(sx_error *err)
{
    sx_triple t[] = {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 0, 1}};
    const double pair[] = {1, 2, 3}, *const list[] = {pair};
    sx_world w = {.mdp = NULL};
    sx_state_rows rows = {0, NULL};
    sx_figure *f = NULL;
    sx_status st = sx_mdp_from_triples(2, 2, t, 3, &w.mdp, err);
    if (!st)
        st = sx_names_numbered(2, &w.states, err);
    if (!st)
        st = sx_names_numbered(2, &w.actions, err);
    if (!st)
        st = sx_state_rows_choose(w.mdp, list, 1, 1, &rows, err);
    if (!st) {
        f = sx_figure_new("title");
        st = f ? sx_figure_pairs(f, &w, &rows, "title", "bar", pair, err) : sx_nomem(err);
    }
    if (!st)
        st = sx_figure_states(f, &w, &rows, "title", "axis", pair, err);
    sx_figure_free(f);
    sx_release(rows.state);
    sx_names_free(w.states);
    sx_names_free(w.actions);
    sx_mdp_free(w.mdp);
    return st;
}

static void all_run_out(void **state)
{
    static const job jobs[] = {few_rewards, many_rewards, models, sets, shares, world};
    (void)state;
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        assert_true(starve(jobs[i]) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_run_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
