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
static const char *const tones[] = {"warm", "blue", "dark red"};
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

/* Actions that are available, and variables of pairs: NAN where one lacks them. */
static inline bool available(int s, int a)
{
    return (s + 2 * a) % 3 != 0;
}

static inline double length_of(int s, int a)
{
    return available(s, a) && (s + a) % 4 != 1 ? (5 * s + a) / 8.0 - 2 : (double)NAN;
}

static inline double tone_of(int s, int a)
{
    return available(s, a) && (s + a) % 5 ? (s + a) % 3 : (double)NAN;
}

static inline int32_t fill_pairs(sx_mdp *m)
{
    int32_t k = 0;
    for (int s = 0; s < STATES; s++) {
        for (int a = 0; a < 5; a++)
            if (available(s, a) && m)
                m->action[k++] = a;
            else
                k += available(s, a);
        if (m)
            m->pair[s + 1] = k;
    }
    return k;
}

static inline void add_of_pairs(sx_world *w, const char *name, double (*value)(int, int),
                                sx_names *symbols)
{
    sx_error err = SX_NO_ERROR;
    int32_t i = 0;
    CHECK_OK(sx_world_add_pair_variable(w, name, &i, &err));
    w->variable[i].symbols = symbols;
    for (int s = 0; s < STATES; s++)
        for (int32_t k = w->mdp->pair[s]; k < w->mdp->pair[s + 1]; k++)
            w->variable[i].value[k] = value(s, w->mdp->action[k]);
}

static inline sx_world *make_world(void)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t index, goal = 4;
    CHECK_OK(sx_world_new(&w, &err));
    int32_t pairs = fill_pairs(NULL);
    CHECK_OK(sx_mdp_new(STATES, 5, pairs, pairs, &w->mdp, &err));
    (void)fill_pairs(w->mdp);
    CHECK_OK(sx_names_numbered(STATES, &w->states, &err));
    w->actions = list(action_names, 5);
    add(w, "row", rows, NULL);
    add(w, "col", cols, NULL);
    add(w, "danger", dangers, NULL);
    add(w, "colour", colour_of, list(colours, 4));
    add(w, "tile-cost", rows, NULL);
    add(w, "shade", shade_of, list(shades, 3));
    add_of_pairs(w, "length", length_of, NULL);
    add_of_pairs(w, "tone", tone_of, list(tones, 3));
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
