/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data.c - a CSV file as columns of numbers and words. */
#include "cli/data.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "mdp/expr.h"
#include "mdp/file.h"

#define FILE_LIMIT ((size_t)1 << 30)

/* Parse the text; what is shown of it in messages is copied there at once. */
static sx_status parse(sx_data *t, const unsigned char *bytes, size_t size, sx_error *err)
{
    sx_status st = sx_diags_source(t->diags, t->name, (const char *)bytes, size, err);
    if (!st)
        st = sx_csv_parse(t->name, (const char *)bytes, size, t->diags, &t->csv, err);
    return st;
}

/* The text stays known to the messages until the table is released. */
static sx_status read_into(const char *path, sx_data *t, sx_error *err)
{
    size_t size = 0;
    sx_status st = sx_file_read(path, FILE_LIMIT, &t->bytes, &size, err);
    if (!st)
        st = parse(t, t->bytes, size, err);
    return st;
}

sx_status sx_data_read(const char *path, sx_diags *d, sx_data **out, sx_error *err)
{
    sx_data *t = sx_alloc(1, sizeof *t);
    sx_status st = SX_OK;
    *out = NULL;
    if (!t)
        return sx_nomem(err);
    t->diags = d;
    t->name = sx_strdup(strcmp(path, "-") ? sx_path_name(path) : "<stdin>");
    st = t->name ? read_into(path, t, err) : sx_nomem(err);
    *out = st ? sx_data_free(t) : t;
    return st;
}

sx_data *sx_data_free(sx_data *t)
{
    if (!t)
        return NULL;
    if (t->name)
        sx_diags_forget(t->diags, t->name);
    sx_csv_free(t->csv);
    sx_release(t->bytes);
    sx_release(t->name);
    return sx_release(t);
}

int64_t sx_data_rows(const sx_data *t)
{
    return sx_csv_rows(t->csv);
}

/* --- columns --- */

int32_t sx_data_has(const sx_data *t, const char *name)
{
    return sx_csv_column(t->csv, name);
}

static void list_columns(const sx_data *t, char *text, size_t size)
{
    size_t used = 0;
    for (int32_t i = 0; i < sx_csv_columns(t->csv) && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.60s", i ? ", " : "",
                                 sx_csv_header(t->csv, i));
}

/* The column whose name is like that one but for a few letters, or NULL. */
static const char *nearest(const sx_data *t, const char *name)
{
    const char *best = NULL;
    int32_t least = 3;
    for (int32_t i = 0; i < sx_csv_columns(t->csv); i++) {
        int32_t d = sx_word_edits(sx_csv_header(t->csv, i), name);
        if (d < least) {
            least = d;
            best = sx_csv_header(t->csv, i);
        }
    }
    return best;
}

sx_status sx_data_column(const sx_data *t, const char *name, int32_t *column, sx_error *err)
{
    char known[300], hint[360];
    const char *near;
    *column = sx_data_has(t, name);
    if (*column >= 0)
        return SX_OK;
    near = nearest(t, name);
    list_columns(t, known, sizeof known);
    snprintf(hint, sizeof hint, "it has %s", known);
    (void)sx_fail(err, SX_EINPUT, "%s has no column \"%s\"", t->name, name);
    return sx_diag_report(t->diags, sx_csv_place(t->csv, -1, -1), "E314", hint,
                          "there is no column \"%s\"%s%.60s%s", name,
                          near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* --- fields --- */

const char *sx_data_text(const sx_data *t, int64_t row, int32_t column)
{
    return sx_csv_field(t->csv, row, column);
}

sx_status sx_data_wrong(const sx_data *t, int64_t row, int32_t column, sx_error *err,
                        const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    (void)sx_fail(err, SX_EINPUT, "%s: %s", t->name, text);
    return sx_diag_report(t->diags, sx_csv_place(t->csv, row, column), "E315", NULL, "%s",
                          text);
}

static bool is_missing(const char *text)
{
    return !*text ||
           (strlen(text) == 3 && tolower((unsigned char)text[0]) == 'n' &&
            tolower((unsigned char)text[1]) == 'a' && tolower((unsigned char)text[2]) == 'n');
}

sx_status sx_data_number(const sx_data *t, int64_t row, int32_t column, double *x,
                         sx_error *err)
{
    const char *text = sx_data_text(t, row, column);
    *x = (double)NAN;
    if (is_missing(text) || sx_number_read(text, x))
        return SX_OK;
    *x = (double)NAN;
    return sx_data_wrong(t, row, column, err,
                         "\"%.60s\" is not a finite number; a missing one is an empty field",
                         text);
}

sx_status sx_data_numbers(const sx_data *t, int32_t column, double *out, sx_error *err)
{
    sx_status st = SX_OK;
    for (int64_t i = 0; i < sx_data_rows(t); i++) {
        sx_status one = sx_data_number(t, i, column, &out[i], err);
        st = st ? st : one;
    }
    return st;
}

/* --- words --- */

typedef struct entry {
    const char *word;
    int64_t row;
} entry;

static int by_word(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    int order = strcmp(a->word, b->word);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

/* first [rows] = the first row that has the word of each row; e is sorted by words. */
static void find_first(const entry *e, int64_t rows, int64_t *first)
{
    for (int64_t i = 0; i < rows; i++) {
        bool same = i && strcmp(e[i].word, e[i - 1].word) == 0;
        first[e[i].row] = same ? first[e[i - 1].row] : e[i].row;
    }
}

/* Number the words in the order of their first rows; returns how many there are. */
static int32_t number_words(const sx_data *t, int32_t column, const int64_t *first,
                            int32_t *which, const char **words)
{
    int32_t count = 0;
    for (int64_t i = 0; i < sx_data_rows(t); i++) {
        if (first[i] == i) {
            words[count] = sx_data_text(t, i, column);
            which[i] = count++;
        } else {
            which[i] = which[first[i]];
        }
    }
    return count;
}

sx_status sx_data_words(const sx_data *t, int32_t column, int32_t **which, const char ***words,
                        int32_t *count, sx_error *err)
{
    int64_t rows = sx_data_rows(t);
    size_t n = (size_t)rows;
    entry *e = sx_alloc(n, sizeof *e);
    int64_t *first = sx_alloc(n, sizeof *first);
    *which = sx_alloc(n, sizeof **which);
    *words = sx_alloc(n, sizeof(char *));
    *count = 0;
    bool good = e && first && *which && *words;
    for (int64_t i = 0; good && i < rows; i++)
        e[i] = (entry){sx_data_text(t, i, column), i};
    if (good) {
        qsort(e, n, sizeof *e, by_word);
        find_first(e, rows, first);
        *count = number_words(t, column, first, *which, *words);
    } else {
        *which = sx_release(*which);
        *words = sx_release(*words);
    }
    sx_release(e);
    sx_release(first);
    return good ? SX_OK : sx_nomem(err);
}
