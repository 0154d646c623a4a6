/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_grid.c - a gridworld is what its map and its slip say, and nothing else is accepted. */
#include "mdp/grid.h"
#include "tests/check.h"

#include <stdlib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cliff)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
