/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_factored.h - random descriptions of factored worlds, and what they mean.
 *
 * A description is a set of trees that print themselves, for the library to read, and compute
 * themselves, combination by combination; nothing of the library is used. */
#ifndef ORACLE_FACTORED_H
#define ORACLE_FACTORED_H

#include <stdbool.h>
#include <stdint.h>

#define MOST_VARIABLES 4
#define MOST_VALUES    4
#define MOST_ACTIONS   3
#define MOST_OUTCOMES  3
#define MOST_STATES    256 /* combinations */

typedef struct oracle_variable {
    char name[16];
    enum { RANGE, NUMBERS, NAMES } kind;
    int count;
    int low;
    double number[MOST_VALUES];
    const char *text[MOST_VALUES];
} oracle_variable;

typedef struct oracle_node {
    char op; /* see compute in oracle_factored.c */
    int var, other;
    double value;
    struct oracle_node *child[3];
    char text[4096];
} oracle_node;

/* Codes count the combinations, the first variable most. */
typedef struct oracle_factored {
    int variables, actions, absorbings, starts;
    oracle_variable v[MOST_VARIABLES];
    oracle_node *when[MOST_ACTIONS]; /* NULL: always */
    oracle_node *absorbing[2];
    int outcomes[MOST_ACTIONS];
    oracle_node *p[MOST_ACTIONS][MOST_OUTCOMES];                      /* NULL: the rest */
    oracle_node *assign[MOST_ACTIONS][MOST_OUTCOMES][MOST_VARIABLES]; /* NULL: none */
    int start[3];                                                     /* codes */
    double weight[3];
    int initial[MOST_VARIABLES], fixed[MOST_VARIABLES];
    bool all;
    int size; /* combinations */
    /* what it means */
    double prob[MOST_STATES][MOST_ACTIONS][MOST_STATES], initial_prob[MOST_STATES];
    bool available[MOST_STATES][MOST_ACTIONS], ends[MOST_STATES], reached[MOST_STATES];
    bool stuck; /* some reached state has no action */
} oracle_factored;

/* The description of that seed and its meaning, until the next call. */
void oracle_factored_make(uint64_t seed, oracle_factored *w);

/* The place of variable v in a combination; the number at a place of a variable of numbers. */
int oracle_place(const oracle_factored *w, int code, int v);
double oracle_number(const oracle_variable *v, int place);

#endif
