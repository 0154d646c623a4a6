/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_reward.c - one reward as <set> and <add> terms that give the same bits.
 *
 * Few triples: all values are looked at.  What most triples have is set first, then what most
 * of a column (successor) has, then what most of a row (pair, or all pairs of a state) has
 * where that saves lines, then single triples.  Each triple ends with its own value, set last.
 *
 * Many triples: the sum form alone is written, right sides first, then left sides, which the
 * reader adds in the same order; then what differs from it. */
#include "mdp/export_int.h"
#include "mdp/reward_int.h"

#include <math.h>
#include <string.h>

static const int64_t FEW_TRIPLES = 1000000;

/* A line for a whole row or column costs the reader a pass over the world. */
static const int64_t READING_LIMIT = 1000000000;

typedef struct writer {
    sx_i_text *t;
    const sx_world *w;
    const sx_mdp *m;
    const sx_reward *r;
    int32_t *source; /* [K] the state that a pair leaves */
    double *column;  /* [S] what most of a column has */
    double *row;     /* [S] room for one row */
} writer;

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

/* k, next: -1 for all. */
static void put_term(const writer *x, const char *kind, int32_t k, int32_t next, double value)
{
    put(x->t, "    <");
    put(x->t, kind);
    if (k < 0) {
        sx_i_put_attr(x->t, "from", "*");
    } else {
        sx_i_put_state(x->t, "from", x->w, x->source[k]);
        sx_i_put_action(x->t, "action", x->w, x->m->action[k]);
    }
    if (next >= 0)
        sx_i_put_state(x->t, "to", x->w, next);
    sx_i_put_number(x->t, "value", value);
    put(x->t, "/>\n");
}

static void put_state_term(const writer *x, int32_t from, double value)
{
    put(x->t, "    <set");
    sx_i_put_state(x->t, "from", x->w, from);
    sx_i_put_number(x->t, "value", value);
    put(x->t, "/>\n");
}

/* --- few triples
 * -------------------------------------------------------------------------------- */

/* The number that more than half of x [n] are; 0 when there is none. */
static double usual(const double *x, int32_t n)
{
    double most = 0;
    int32_t votes = 0, count = 0;
    for (int32_t i = 0; i < n; i++) { /* Boyer and Moore's majority vote */
        if (votes == 0)
            most = x[i];
        votes += x[i] == most ? 1 : -1;
    }
    for (int32_t i = 0; i < n; i++)
        count += x[i] == most;
    return count > n / 2 ? most : 0;
}

/* column[s'] = the value that more than half of the pairs have there, votes[s'] > 0 if one
 * does. */
static void vote_columns(const writer *x, int32_t *votes)
{
    int32_t S = x->m->states;
    for (int32_t k = 0; k < x->m->pairs; k++) {
        sx_reward_row(x->m, x->r, k, x->row);
        for (int32_t s = 0; s < S; s++) {
            if (votes[s] == 0)
                x->column[s] = x->row[s];
            votes[s] += x->row[s] == x->column[s] ? 1 : -1;
        }
    }
    for (int32_t s = 0; s < S; s++)
        votes[s] = -(x->m->pairs / 2);
    for (int32_t k = 0; k < x->m->pairs; k++) {
        sx_reward_row(x->m, x->r, k, x->row);
        for (int32_t s = 0; s < S; s++)
            votes[s] += x->row[s] == x->column[s];
    }
}

/* What most triples have, then the columns in which most have something else. */
static sx_status put_columns(const writer *x, sx_error *err)
{
    int32_t S = x->m->states;
    int32_t *votes = sx_alloc((size_t)S, sizeof *votes);
    if (!votes)
        return sx_nomem(err);
    vote_columns(x, votes);
    for (int32_t s = 0; s < S; s++)
        x->row[s] = votes[s] > 0 ? x->column[s] : 0;
    double base = usual(x->row, S);
    if (base != 0)
        put_term(x, "set", -1, -1, base);
    for (int32_t s = 0; s < S; s++) {
        if (votes[s] <= 0)
            x->column[s] = base;
        if (x->column[s] != base)
            put_term(x, "set", -1, s, x->column[s]);
    }
    sx_release(votes);
    return SX_OK;
}

/* Load row k: does it save lines to set all of it to *most first? */
static bool worth_a_row(const writer *x, int32_t k, double *most)
{
    int32_t by_column = 0, by_row = 1;
    sx_reward_row(x->m, x->r, k, x->row);
    *most = usual(x->row, x->m->states);
    for (int32_t s = 0; s < x->m->states; s++) {
        by_column += x->row[s] != x->column[s];
        by_row += x->row[s] != *most;
    }
    return by_row < by_column;
}

/* Row k; whole: it is already set to what most of it has, if that is worth it. */
static void put_row(const writer *x, int32_t k, bool whole)
{
    double most;
    bool row = worth_a_row(x, k, &most);
    if (row && !whole)
        put_term(x, "set", k, -1, most);
    for (int32_t s = 0; s < x->m->states; s++)
        if (x->row[s] != (row ? most : x->column[s]))
            put_term(x, "set", k, s, x->row[s]);
}

/* The pairs of one state; together where all are worth the same row. */
static void put_state_rows(const writer *x, int32_t from)
{
    int32_t first = x->m->pair[from], end = x->m->pair[from + 1];
    double most = 0, other;
    bool together = end - first > 1 && worth_a_row(x, first, &most);
    for (int32_t k = first; together && k < end; k++)
        together = worth_a_row(x, k, &other) && other == most;
    if (together)
        put_state_term(x, from, most);
    for (int32_t k = first; k < end; k++)
        put_row(x, k, together);
}

static sx_status put_few(const writer *x, sx_error *err)
{
    sx_status st = put_columns(x, err);
    for (int32_t s = 0; !st && s < x->m->states; s++)
        put_state_rows(x, s);
    return st;
}

/* --- many triples
 * ------------------------------------------------------------------------------- */

static int64_t count_others(const double *x, int32_t n, double value)
{
    int64_t count = 0;
    for (int32_t i = 0; x && i < n; i++)
        count += x[i] != value;
    return count;
}

/* Does the sum form have few enough rows and columns to be written one by one? */
static bool is_writable(const writer *x, double base)
{
    const sx_reward *r = x->r;
    int64_t lines =
        count_others(r->left, x->m->pairs, 0) + count_others(r->right, x->m->states, base);
    return !r->dense && r->products == 0 &&
           lines <= READING_LIMIT / (x->m->entries + x->m->pairs);
}

static void put_possible(const writer *x)
{
    for (int32_t k = 0; k < x->m->pairs; k++)
        for (int64_t t = x->m->first[k]; t < x->m->first[k + 1]; t++)
            if (x->r->on[t] != sx_reward_sum_at(x->r, k, x->m->next[t]))
                put_term(x, "set", k, x->m->next[t], x->r->on[t]);
}

static sx_status put_many(const writer *x, const char *id, sx_error *err)
{
    const sx_reward *r = x->r;
    double base = r->right ? usual(r->right, x->m->states) : 0;
    if (!is_writable(x, base))
        return sx_fail(
            err, SX_ELIMIT,
            "reward %s has values on %lld triples, too many for XML: convert to .npy "
            "or .csv",
            id, (long long)sx_i_triples(x->m));
    if (base != 0)
        put_term(x, "set", -1, -1, base);
    for (int32_t s = 0; r->right && s < x->m->states; s++)
        if (r->right[s] != base)
            put_term(x, "set", -1, s, r->right[s]);
    for (int32_t k = 0; r->left && k < x->m->pairs; k++)
        if (r->left[k] != 0)
            put_term(x, "add", k, -1, r->left[k]);
    put_possible(x);
    for (int64_t i = 0; i < r->exceptions; i++)
        put_term(x, "set", r->exception[i].pair, r->exception[i].state, r->exception[i].value);
    return SX_OK;
}

sx_status sx_i_put_reward(sx_i_text *t, const sx_spec *spec, const sx_named_reward *r,
                          sx_error *err)
{
    const sx_mdp *m = spec->world->mdp;
    writer x = {t, spec->world, m, r->reward, NULL, NULL, NULL};
    sx_status st = sx_i_export_known(r, err);
    if (st)
        return st;
    x.source = sx_alloc((size_t)m->pairs, sizeof *x.source);
    x.column = sx_alloc((size_t)m->states, sizeof *x.column);
    x.row = sx_alloc((size_t)m->states, sizeof *x.row);
    st = x.source && x.column && x.row ? SX_OK : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            x.source[k] = s;
    put(t, "  <reward");
    sx_i_put_attr(t, "id", r->id);
    if (r->group)
        sx_i_put_attr(t, "group", r->group);
    put(t, ">\n");
    if (!st)
        st = sx_i_triples(m) <= FEW_TRIPLES ? put_few(&x, err) : put_many(&x, r->id, err);
    put(t, "  </reward>\n");
    sx_release(x.source);
    sx_release(x.column);
    sx_release(x.row);
    return st;
}
