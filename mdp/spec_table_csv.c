/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_table_csv.c - <table>: a reward in a long CSV file, from,action,to,reward. */
#include "mdp/spec_reward_int.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FROM, ACTION, TO, REWARD, COLUMNS };

static const char *const columns[COLUMNS] = {"from", "action", "to", "reward"};

typedef struct cell {
    int32_t pair, state;
    int64_t row;
    double value; /* NAN: missing */
} cell;

typedef struct reader {
    sx_i_rewarding *c;
    const sx_node *node;
    const sx_csv *csv;
    int32_t column[COLUMNS];
    cell *cell; /* [cells] */
    int64_t cells;
} reader;

/* --- the header
 * ------------------------------------------------------------------------------------ */

static sx_status find_columns(reader *x)
{
    sx_diags *d = x->c->rd->diags;
    sx_status st = SX_OK;
    for (int i = 0; i < COLUMNS; i++) {
        x->column[i] = sx_csv_column(x->csv, columns[i]);
        if (x->column[i] < 0)
            st = sx_diag_report(d, sx_csv_place(x->csv, -1, -1), "E412",
                                "the columns are from,action,to,reward",
                                "there is no column \"%s\"", columns[i]);
    }
    if (!st && sx_csv_columns(x->csv) > COLUMNS)
        st = sx_diag_report(d, sx_csv_place(x->csv, -1, -1), "E412",
                            "the columns are from,action,to,reward",
                            "there are %d columns, not 4", (int)sx_csv_columns(x->csv));
    return st;
}

/* --- the rows
 * -------------------------------------------------------------------------------------- */

/* A name, or an index where no name says otherwise. */
static sx_status find_name(const reader *x, int64_t row, int i, const sx_names *names,
                           int32_t *out)
{
    char *end;
    const char *text = sx_csv_field(x->csv, row, x->column[i]);
    *out = sx_names_find(names, text);
    if (*out >= 0)
        return SX_OK;
    long number = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : -1;
    if (number >= 0 && !*end && number < sx_names_count(names)) {
        *out = (int32_t)number;
        return SX_OK;
    }
    return sx_i_no_name(x->c->rd, sx_csv_place(x->csv, row, x->column[i]),
                        i == ACTION ? "E121" : "E120", text, names);
}

static bool is_missing(const char *text)
{
    const char *nan = "nan";
    if (!*text)
        return true;
    for (; *text && *nan; text++, nan++)
        if (tolower((unsigned char)*text) != *nan)
            return false;
    return !*text && !*nan;
}

static sx_status read_value(const reader *x, int64_t row, double *value)
{
    const char *text = sx_csv_field(x->csv, row, x->column[REWARD]);
    *value = NAN;
    if (is_missing(text) || sx_number_read(text, value))
        return SX_OK;
    return sx_diag_report(x->c->rd->diags, sx_csv_place(x->csv, row, x->column[REWARD]), "E412",
                          "a number such as 0.25, 1e-3 or 1/4; nothing where it is missing",
                          "the reward \"%.60s\" is not a finite number", text);
}

static sx_status read_row(reader *x, int64_t row)
{
    int32_t s = -1, a = -1, next = -1;
    double value;
    const sx_world *w = x->c->world;
    sx_status st = find_name(x, row, FROM, w->states, &s);
    st = sx_i_worse(st, find_name(x, row, ACTION, w->actions, &a));
    st = sx_i_worse(st, find_name(x, row, TO, w->states, &next));
    st = sx_i_worse(st, read_value(x, row, &value));
    int32_t k = st ? -1 : sx_mdp_pair(x->c->m, s, a);
    if (k >= 0)
        x->cell[x->cells++] = (cell){k, next, row, value};
    return st;
}

/* --- all together
 * ------------------------------------------------------------------------------------ */

static int by_triple(const void *left, const void *right)
{
    const cell *a = left, *b = right;
    if (a->pair != b->pair)
        return a->pair < b->pair ? -1 : 1;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static sx_status check_twice(const reader *x)
{
    char triple[256];
    sx_status st = SX_OK;
    for (int64_t i = 1; i < x->cells; i++) {
        const cell *a = &x->cell[i - 1], *b = &x->cell[i];
        if (a->pair != b->pair || a->state != b->state)
            continue;
        sx_i_triple_text(x->c, b->pair, b->state, triple, sizeof triple);
        st = sx_diag_report(x->c->rd->diags, sx_csv_place(x->csv, b->row, 0), "E412", NULL,
                            "the reward of %s is given twice", triple);
    }
    return st;
}

/* Drop missing cells; the triples without a value are an error unless they are zero. */
static sx_status check_missing(reader *x)
{
    char triple[256];
    const sx_mdp *m = x->c->m;
    int64_t n = 0, gap = -1;
    for (int64_t i = 0; i < x->cells; i++)
        if (!isnan(x->cell[i].value))
            x->cell[n++] = x->cell[i];
    x->cells = n;
    int64_t missing = sx_i_triples(m) - n;
    if (missing == 0 || sx_i_attr_is(x->node, "missing", "zero"))
        return SX_OK;
    for (int64_t i = 0; gap < 0 && i <= n; i++)
        if (i == n || (int64_t)x->cell[i].pair * m->states + x->cell[i].state != i)
            gap = i;
    sx_i_triple_text(x->c, (int32_t)(gap / m->states), (int32_t)(gap % m->states), triple,
                     sizeof triple);
    return sx_diag_report(x->c->rd->diags, sx_i_attr_where(x->node, "href"), "E410",
                          "missing=\"zero\" takes 0 for missing values",
                          "%lld of %lld triples have no value, the first is %s",
                          (long long)missing, (long long)sx_i_triples(m), triple);
}

static sx_status add_cells(const reader *x)
{
    sx_i_terms *b = x->c->terms;
    int64_t others = 0;
    for (int64_t i = 0; i < x->cells; i++)
        others +=
            x->cell[i].value != 0 && sx_mdp_entry(b->m, x->cell[i].pair, x->cell[i].state) < 0;
    sx_status st = sx_i_terms_expect(b, others, x->c->rd->err);
    for (int64_t i = 0; !st && i < x->cells; i++) {
        const cell *e = &x->cell[i];
        int64_t t = sx_mdp_entry(b->m, e->pair, e->state);
        if (t >= 0)
            b->r->on[t] += e->value;
        else if (e->value != 0)
            st = sx_i_terms_change(b, e->pair, e->state, /*overrides=*/false, e->value,
                                   x->c->rd->err);
    }
    return st;
}

static sx_status read_table(reader *x)
{
    int64_t rows = sx_csv_rows(x->csv);
    sx_status st = find_columns(x);
    if (!st)
        x->cell = sx_alloc((size_t)rows, sizeof *x->cell);
    if (!st && !x->cell)
        st = sx_nomem(x->c->rd->err);
    for (int64_t i = 0; i < rows && !sx_i_stops(st) && x->cell; i++)
        st = sx_i_worse(st, read_row(x, i));
    if (!st)
        qsort(x->cell, (size_t)x->cells, sizeof *x->cell, by_triple);
    if (!st)
        st = check_twice(x);
    if (!st)
        st = check_missing(x);
    if (!st)
        st = sx_i_terms_settle(x->c->terms, x->c->rd->err);
    if (!st)
        st = add_cells(x);
    sx_release(x->cell);
    return st;
}

sx_status sx_i_term_csv(sx_i_rewarding *c, const sx_node *n)
{
    sx_csv *csv = NULL;
    reader x = {c, n, NULL, {0}, NULL, 0};
    sx_status st = sx_i_read_csv(c->rd, n, "href", &csv);
    x.csv = csv;
    if (!st)
        st = read_table(&x);
    sx_csv_free(csv);
    return st;
}
