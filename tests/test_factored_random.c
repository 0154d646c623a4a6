/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_factored_random.c - a factored world is what its description says: 2,000 random ones
 * against an interpreter that goes through every combination. */
#include "tests/check.h"
#include "tests/oracle_factored.h"

#include "mdp/factored.h"

typedef oracle_factored world;
typedef oracle_variable variable;

static int print_seed; /* of the world that is compared; 0 when none failed */

typedef struct problems {
    int count;
    char code[8], message[512];
} problems;

static void on_problem(void *context, const sx_factored_problem *p)
{
    problems *found = context;
    found->count++;
    snprintf(found->code, sizeof found->code, "%s", p->code);
    snprintf(found->message, sizeof found->message, "%s", p->message);
}

static sx_factors *factors_of(const world *w)
{
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    CHECK_OK(sx_factors_new(&f, &err));
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        sx_names *names = NULL;
        int32_t index;
        char number[32];
        CHECK_OK(sx_names_new(&names, &err));
        for (int i = 0; i < x->count; i++) {
            snprintf(number, sizeof number, "%g", x->number[i]);
            CHECK_OK(sx_names_add(names, x->kind == NAMES ? x->text[i] : number, &index, &err));
        }
        if (x->kind == RANGE)
            CHECK_OK(sx_factors_add_range(f, x->name, x->low, x->count, &err));
        else
            CHECK_OK(sx_factors_add_list(f, x->name, names, &err));
        sx_names_free(names);
    }
    return f;
}

static sx_status build(const world *w, problems *found, sx_world **out, sx_error *err)
{
    static sx_assign assign[MOST_ACTIONS][MOST_OUTCOMES][MOST_VARIABLES];
    static sx_factored_outcome outcome[MOST_ACTIONS][MOST_OUTCOMES];
    static const char ids[MOST_ACTIONS][8] = {"a0", "a1", "a2"};
    sx_factored_action action[MOST_ACTIONS];
    sx_factored_start start[3];
    const char *absorbing[2] = {NULL, NULL};
    for (int a = 0; a < w->actions; a++) {
        for (int o = 0; o < w->outcomes[a]; o++) {
            int n = 0;
            for (int v = 0; v < w->variables; v++)
                if (w->assign[a][o][v])
                    assign[a][o][n++] = (sx_assign){v, w->assign[a][o][v]->text};
            const char *p = w->p[a][o] ? w->p[a][o]->text : NULL;
            outcome[a][o] = (sx_factored_outcome){p, n, assign[a][o]};
        }
        const char *when = w->when[a] ? w->when[a]->text : NULL;
        action[a] = (sx_factored_action){ids[a], when, w->outcomes[a], outcome[a]};
    }
    for (int i = 0; i < w->starts; i++)
        start[i] = (sx_factored_start){w->start[i], w->weight[i]};
    for (int i = 0; i < w->absorbings; i++)
        absorbing[i] = w->absorbing[i]->text;
    sx_factors *factors = factors_of(w);
    sx_factored f = {.factors = factors,
                     .fixed = w->fixed,
                     .actions = w->actions,
                     .action = action,
                     .absorbings = w->absorbings,
                     .absorbing = absorbing,
                     .starts = w->starts,
                     .start = start,
                     .initial = w->initial,
                     .all = w->all};
    sx_status st = sx_factored_world(&f, on_problem, found, out, err);
    sx_factors_free(factors);
    return st;
}

static void name_text(const world *w, int code, char *text, size_t size)
{
    size_t n = 0;
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        int place = oracle_place(w, code, v);
        n += (size_t)snprintf(text + n, size - n, "%s%s=", v ? "," : "", x->name);
        if (x->kind == NAMES)
            n += (size_t)snprintf(text + n, size - n, "%s", x->text[place]);
        else
            n += (size_t)snprintf(text + n, size - n, "%g", oracle_number(x, place));
    }
}

static void compare_variables(const world *w, const sx_world *b, int s, int code)
{
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        int i = sx_world_variable(b, x->name), place = oracle_place(w, code, v);
        assert_true(i >= 0);
        const sx_variable *y = &b->variable[i];
        char buffer[SX_NAME_BUFFER];
        if (x->kind == NAMES)
            assert_string_equal(sx_names_get(y->symbols, (int32_t)y->value[s], buffer),
                                x->text[place]);
        else
            assert_true(y->symbols == NULL && y->value[s] == oracle_number(x, place));
    }
}

/* index [code] of the states of b */
static void compare_state(const world *w, const sx_world *b, int s, int code, const int *index)
{
    const sx_mdp *m = b->mdp;
    assert_int_equal(m->absorbing[s], w->ends[code]);
    CHECK_NEAR(m->initial[s], w->initial_prob[code], 1e-12);
    for (int a = 0; a < w->actions; a++) {
        int32_t k = sx_mdp_pair(m, s, a);
        assert_int_equal(k >= 0, w->available[code][a]);
        for (int t = 0; t < w->size && k >= 0; t++) {
            int64_t e = index[t] < 0 ? -1 : sx_mdp_entry(m, k, index[t]);
            double p = e < 0 ? 0 : m->prob[e];
            assert_int_equal(p > 0, w->prob[code][a][t] > 1e-15);
            CHECK_NEAR(p, w->prob[code][a][t], 1e-12);
        }
    }
    compare_variables(w, b, s, code);
}

static void compare(const world *w, const sx_world *b)
{
    sx_error err = SX_NO_ERROR;
    int index[MOST_STATES], states = 0;
    char name[200], buffer[SX_NAME_BUFFER];
    for (int code = 0; code < w->size; code++)
        index[code] = w->reached[code] ? states++ : -1;
    assert_int_equal(b->mdp->states, states);
    assert_int_equal(sx_names_count(b->states), states);
    CHECK_OK(sx_mdp_check(b->mdp, &err));
    for (int code = 0; code < w->size; code++) {
        name_text(w, code, name, sizeof name);
        assert_int_equal(sx_names_find(b->states, name), index[code]);
        if (index[code] < 0)
            continue;
        assert_string_equal(sx_names_get(b->states, index[code], buffer), name);
        compare_state(w, b, index[code], code, index);
    }
}

static void random_worlds_are_as_interpreted(void **state)
{
    (void)state;
    int stuck = 0, sound = 0, absorbed = 0, partial = 0, fixed = 0;
    static world w;
    for (int i = 1; i <= 2000; i++) {
        sx_error err = SX_NO_ERROR;
        problems found = {0};
        sx_world *b = NULL;
        oracle_factored_make((uint64_t)i, &w);
        sx_status st = build(&w, &found, &b, &err);
        if (w.stuck != (st == SX_EINPUT) || (st && strcmp(found.code, "E126") != 0))
            fail_msg("seed %d: %s %s", i, err.msg, found.message);
        assert_int_equal(b == NULL, st != SX_OK);
        stuck += st != SX_OK;
        if (!st) {
            print_seed = i;
            compare(&w, b);
            sound++;
            for (int v = 0; v < w.variables; v++)
                fixed += w.fixed[v] >= 0;
            partial += b->mdp->states < w.size;
            for (int s = 0; s < b->mdp->states; s++)
                absorbed += b->mdp->absorbing[s];
        }
        sx_world_free(b);
    }
    print_seed = 0;
    assert_true(stuck > 100 && sound > 1000 && absorbed > 1000 && partial > 300 && fixed > 200);
}

static int show_seed(void **state)
{
    (void)state;
    if (print_seed)
        print_message("last seed %d\n", print_seed);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(random_worlds_are_as_interpreted, show_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
