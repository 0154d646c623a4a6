/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_alter.h - certificates with one number altered. */
#ifndef CLI_ALTER_H
#define CLI_ALTER_H

#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <ctype.h>
#include <stdlib.h>

static char alteration[256]; /* the one at work, for messages */

/* A number in a text. */
typedef struct token {
    size_t at, size;
} token;

/* All numbers of a JSON text outside of strings: owned by the caller. */
static inline token *find_numbers(const char *text, size_t *count)
{
    token *list = calloc(strlen(text), sizeof *list);
    bool quoted = false;
    assert_non_null(list);
    *count = 0;
    for (size_t i = 0; text[i];) {
        size_t n = strspn(text + i, "0123456789+-.eE");
        quoted ^= text[i] == '"';
        if (!quoted && (isdigit((unsigned char)text[i]) || text[i] == '-'))
            list[(*count)++] = (token){i, n};
        else
            n = 1;
        i += n;
    }
    return list;
}

/* Number x in another way. */
static inline double alter(oracle_stream *g, double x, double other)
{
    double share = pow(10, 15 * oracle_uniform(g) - 12);
    switch (oracle_below(g, 6)) {
    case 0: return -x;
    case 1: return other;
    case 2: return x + share;
    case 3: return x - share;
    case 4: return x * (1 - share);
    default: return x * (1 + share);
    }
}

/* text with one number altered: owned by the caller. */
static inline char *altered(oracle_stream *g, const char *text, const token *list, size_t count)
{
    size_t size = strlen(text) + 64;
    token a = list[oracle_below(g, (int32_t)count)];
    token b = list[oracle_below(g, (int32_t)count)];
    double x = strtod(text + a.at, NULL), y = alter(g, x, strtod(text + b.at, NULL));
    char *copy = calloc(size, 1);
    assert_non_null(copy);
    snprintf(copy, size, "%.*s%.17g%s", (int)a.at, text, y, text + a.at + a.size);
    snprintf(alteration, sizeof alteration, "%.17g became %.17g behind %.80s", x, y,
             text + (a.at > 80 ? a.at - 80 : 0));
    return copy;
}

#endif
