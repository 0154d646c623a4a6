/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_table.h - what a figure shows, read back from the file of --data. */
#ifndef FIGURE_TABLE_H
#define FIGURE_TABLE_H

#include "mdp/csv.h"
#include "tests/cli_run.h"

typedef struct figure_table {
    sx_diags *d;
    sx_csv *csv;
} figure_table;

static inline figure_table figure_table_read(const char *path)
{
    sx_error err = SX_NO_ERROR;
    figure_table t = {NULL, NULL};
    size_t size;
    char *text = read_file(path, &size);
    CHECK_OK(sx_diags_new(&t.d, &err));
    CHECK_OK(sx_csv_parse(path, text, strlen(text), t.d, &t.csv, &err));
    sx_release(text);
    return t;
}

static inline void figure_table_free(figure_table t)
{
    sx_csv_free(t.csv);
    sx_diags_free(t.d);
}

static inline const char *figure_field(figure_table t, int64_t row, const char *column)
{
    int32_t at = sx_csv_column(t.csv, column);
    assert_true(at >= 0);
    return sx_csv_field(t.csv, row, at);
}

/* The number in `column` of the row whose fields are these (NULL: any); fails without one. */
static inline double figure_number(figure_table t, const char *panel, const char *kind,
                                   const char *series, const char *x, const char *y,
                                   const char *column)
{
    const char *const name[] = {"panel", "kind", "series", "x", "y"};
    const char *const want[] = {panel, kind, series, x, y};
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++) {
        bool is = true;
        for (int j = 0; j < 5 && is; j++)
            is = !want[j] || strcmp(figure_field(t, i, name[j]), want[j]) == 0;
        const char *text = figure_field(t, i, column);
        if (is)
            return *text ? strtod(text, NULL) : (double)NAN;
    }
    print_error("no row: %s, %s, %s, %s, %s\n", panel, kind, series ? series : "any",
                x ? x : "any", y ? y : "any");
    fail();
    return NAN;
}

static inline bool figure_has_panel(figure_table t, const char *panel)
{
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        if (strcmp(figure_field(t, i, "panel"), panel) == 0)
            return true;
    return false;
}

#endif
