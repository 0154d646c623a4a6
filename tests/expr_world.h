/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_world.h - the world in which expressions are tested, and all its triples. */
#ifndef EXPR_WORLD_H
#define EXPR_WORLD_H

#include "mdp/expr.h"
#include "tests/check.h"

#define STATES 7
#define ALL    (SX_EXPR_STATE | SX_EXPR_ACTION | SX_EXPR_NEXT)

static const char *const action_names[] = {"up", "down", "left", "up-left", "7"};
static const char *const colours[] = {"red", "dark red", "blue", "dark-blue"};
static const char *const shades[] = {"blue", "grey", "red"};
static const double rows[STATES] = {0, 0, 1, 1, 2, -3, 2.5};
static const double cols[STATES] = {0, 1, 0, 1, 2, 5, 0.125};
static const double dangers[STATES] = {1, NAN, 0.5, 4, 2, NAN, 9};
static const double colour_of[STATES] = {0, 1, 2, 3, NAN, 0, 1};
static const double shade_of[STATES] = {0, 1, 2, 0, 1, 2, NAN};

static inline sx_names *list(const char *const *text, int32_t n)
{
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    int32_t index;
    CHECK_OK(sx_names_new(&names, &err));
    for (int32_t i = 0; i < n; i++)
        CHECK_OK(sx_names_add(names, text[i], &index, &err));
    return names;
}

static inline void add(sx_world *w, const char *name, const double *value, sx_names *symbols)
{
    sx_error err = SX_NO_ERROR;
    int32_t i = 0;
    CHECK_OK(sx_world_add_variable(w, name, &i, &err));
    memcpy(w->variable[i].value, value, STATES * sizeof *value);
    w->variable[i].symbols = symbols;
}

static inline sx_world *make_world(void)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t index, goal = 4;
    CHECK_OK(sx_world_new(&w, &err));
    CHECK_OK(sx_mdp_new(STATES, 5, STATES, STATES, &w->mdp, &err));
    CHECK_OK(sx_names_numbered(STATES, &w->states, &err));
    w->actions = list(action_names, 5);
    add(w, "row", rows, NULL);
    add(w, "col", cols, NULL);
    add(w, "danger", dangers, NULL);
    add(w, "colour", colour_of, list(colours, 4));
    add(w, "tile-cost", rows, NULL);
    add(w, "shade", shade_of, list(shades, 3));
    CHECK_OK(sx_world_add_label(w, "goal", &goal, 1, &index, &err));
    return w;
}

/* All triples, several times over, so that there is more than one block. */
#define TRIPLES 735 /* STATES * 5 * STATES * 3 */

static int32_t from[TRIPLES], by[TRIPLES], to[TRIPLES];

static inline void fill_triples(void)
{
    for (int i = 0; i < TRIPLES; i++) {
        from[i] = i % STATES;
        by[i] = i / STATES % 5;
        to[i] = i / STATES / 5 % STATES;
    }
}

static inline sx_expr *parse(const sx_world *w, const char *source)
{
    sx_error err = SX_NO_ERROR;
    sx_expr_error where = {.message = ""};
    sx_expr *e = NULL;
    sx_status st = sx_expr_parse(source, w, ALL, &e, &where, &err);
    if (st)
        print_error("%s\n%zu+%zu %s: %s (%s)\n", source, where.offset, where.width, where.code,
                    where.message, where.hint);
    assert_int_equal(st, SX_OK);
    return e;
}

/* Random numbers 0 .. n-1. */
static uint32_t state_of_random;

static inline int below(int n)
{
    state_of_random = state_of_random * 1664525u + 1013904223u;
    return (int)((state_of_random >> 8) % (uint32_t)n);
}

/* text += word; text has room. */
static inline void append(char *text, size_t room, const char *word)
{
    size_t used = strlen(text), n = strlen(word);
    assert_true(used + n < room);
    memcpy(text + used, word, n + 1);
}

/* text = n times a word. */
static inline void repeat(char *text, const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++, text += strlen(word))
        memcpy(text, word, strlen(word) + 1);
}

static inline double evaluate(const sx_world *w, const char *source, int32_t s, int32_t a,
                              int32_t n)
{
    sx_error err = SX_NO_ERROR;
    double x = 0;
    sx_expr *e = parse(w, source);
    CHECK_OK(sx_expr_eval(e, &s, &a, &n, 1, &x, &err));
    sx_expr_free(e);
    return x;
}

#endif
