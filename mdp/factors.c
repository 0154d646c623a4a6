/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factors.c - variables with finitely many values, and the numbers of their combinations. */
#include "mdp/factors.h"

#include "mdp/expr.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDING 1e-9 /* how far a computed value may be from a value of the domain */

sx_status sx_factors_new(sx_factors **out, sx_error *err)
{
    *out = sx_alloc(1, sizeof **out);
    if (!*out)
        return sx_nomem(err);
    (*out)->size = 1;
    return SX_OK;
}

static void clear_factor(sx_factor *x)
{
    sx_release(x->name);
    sx_names_free(x->text);
    sx_release(x->number);
    sx_release(x->sorted);
}

sx_factors *sx_factors_free(sx_factors *f)
{
    if (!f)
        return NULL;
    for (int32_t v = 0; v < f->count; v++)
        clear_factor(&f->factor[v]);
    sx_release(f->factor);
    return sx_release(f);
}

int32_t sx_factors_variable(const sx_factors *f, const char *name)
{
    for (int32_t v = 0; v < f->count; v++)
        if (strcmp(f->factor[v].name, name) == 0)
            return v;
    return -1;
}

/* --- adding -------------------------------------------------------------------------- */

/* Append x, whose parts now belong to f or are released. */
static sx_status append(sx_factors *f, sx_factor *x, sx_status st, sx_error *err)
{
    if (!st && sx_factors_variable(f, x->name) >= 0)
        st = sx_fail(err, SX_EINPUT, "the variable %.60s is there twice", x->name);
    if (!st && x->count > SX_FACTORS_SIZE / f->size)
        st =
            sx_fail(err, SX_ELIMIT, "the variables have more than 2^62 combinations of values");
    sx_factor *grown =
        st ? NULL : sx_realloc(f->factor, (size_t)f->count + 1, sizeof *f->factor);
    if (!st && !grown)
        st = sx_nomem(err);
    if (st) {
        clear_factor(x);
        return st;
    }
    f->factor = grown;
    x->weight = 1;
    for (int32_t v = 0; v < f->count; v++)
        grown[v].weight *= x->count;
    f->size *= x->count;
    grown[f->count++] = *x;
    return SX_OK;
}

sx_status sx_factors_add_range(sx_factors *f, const char *name, int64_t low, int64_t count,
                               sx_error *err)
{
    sx_status st = SX_OK;
    if (count < 1 || count > SX_FACTOR_VALUES)
        return sx_fail(err, count < 1 ? SX_EARG : SX_ELIMIT,
                       "a variable has from 1 to %d values, not %lld", SX_FACTOR_VALUES,
                       (long long)count);
    sx_factor x = {.name = sx_strdup(name), .count = (int32_t)count, .low = low};
    if (!x.name)
        st = sx_nomem(err);
    return append(f, &x, st, err);
}

/* A place and its number, to be sorted. */
typedef struct placed {
    double number;
    int32_t place;
} placed;

static int by_number(const void *left, const void *right)
{
    const placed *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static sx_status sort_numbers(sx_factor *x, sx_error *err)
{
    sx_status st = SX_OK;
    placed *p = sx_alloc((size_t)x->count, sizeof *p);
    x->sorted = sx_alloc((size_t)x->count, sizeof *x->sorted);
    if (!p || !x->sorted) {
        sx_release(p);
        return sx_nomem(err);
    }
    for (int32_t i = 0; i < x->count; i++)
        p[i] = (placed){x->number[i], i};
    qsort(p, (size_t)x->count, sizeof *p, by_number);
    for (int32_t i = 0; i < x->count; i++) {
        x->sorted[i] = p[i].place;
        if (!st && i > 0 && p[i].number - p[i - 1].number <= ROUNDING * fabs(p[i].number))
            st = sx_fail(err, SX_EINPUT, "the variable %.60s has the number %g twice", x->name,
                         p[i].number);
    }
    sx_release(p);
    return st;
}

/* The numbers of a list, when all of its texts are. */
static sx_status read_numbers(sx_factor *x, sx_error *err)
{
    int32_t numbers = 0;
    char buffer[SX_NAME_BUFFER];
    double *number = sx_alloc((size_t)x->count, sizeof *number);
    if (!number)
        return sx_nomem(err);
    for (int32_t i = 0; i < x->count; i++)
        numbers += sx_number_read(sx_names_get(x->text, i, buffer), &number[i]);
    if (numbers == x->count) {
        x->number = number;
        return sort_numbers(x, err);
    }
    sx_release(number);
    if (numbers)
        return sx_fail(err, SX_EINPUT,
                       "only some of the values of %.60s are numbers: all or none", x->name);
    return SX_OK;
}

sx_status sx_factors_add_list(sx_factors *f, const char *name, const sx_names *values,
                              sx_error *err)
{
    sx_factor x = {.name = sx_strdup(name), .count = sx_names_count(values)};
    sx_status st = SX_OK;
    if (x.count < 1 || x.count > SX_FACTOR_VALUES)
        st = sx_fail(err, SX_EARG, "a variable has from 1 to %d values", SX_FACTOR_VALUES);
    if (!st && !x.name)
        st = sx_nomem(err);
    if (!st)
        st = sx_names_copy(values, &x.text, err);
    if (!st)
        st = read_numbers(&x, err);
    return append(f, &x, st, err);
}

sx_status sx_factors_copy(const sx_factors *f, sx_factors **out, sx_error *err)
{
    sx_status st = sx_factors_new(out, err);
    for (int32_t v = 0; v < f->count && !st; v++) {
        const sx_factor *x = &f->factor[v];
        if (x->text)
            st = sx_factors_add_list(*out, x->name, x->text, err);
        else
            st = sx_factors_add_range(*out, x->name, x->low, x->count, err);
    }
    if (st)
        *out = sx_factors_free(*out);
    return st;
}

/* --- one variable -------------------------------------------------------------------- */

bool sx_factor_is_named(const sx_factor *x)
{
    return x->text && !x->number;
}

double sx_factor_value(const sx_factor *x, int32_t d)
{
    return x->number ? x->number[d] : x->text ? d : (double)(x->low + d);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= ROUNDING * fmax(1, fabs(b));
}

/* The place of a number in a list: the two that it lies between are tried. */
static int32_t place_in_list(const sx_factor *x, double value)
{
    int32_t low = 0, high = x->count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (x->number[x->sorted[middle]] < value)
            low = middle + 1;
        else
            high = middle;
    }
    for (int32_t i = low; i >= low - 1 && i >= 0; i--)
        if (i < x->count && near(value, x->number[x->sorted[i]]))
            return x->sorted[i];
    return -1;
}

int32_t sx_factor_place(const sx_factor *x, double value)
{
    if (x->number)
        return place_in_list(x, value);
    double d = x->text ? value : value - (double)x->low, whole = nearbyint(d);
    if (!(whole >= 0 && whole < x->count) || !near(value, sx_factor_value(x, (int32_t)whole)))
        return -1;
    return (int32_t)whole;
}

int32_t sx_factor_find(const sx_factor *x, const char *text, size_t size)
{
    char number[32], canonical[SX_NAME_BUFFER];
    double value = 0;
    if (x->text)
        return sx_names_find_part(x->text, text, size);
    if (size >= sizeof number)
        return -1;
    memcpy(number, text, size);
    number[size] = '\0';
    int32_t d = sx_number_read(number, &value) ? sx_factor_place(x, value) : -1;
    return d >= 0 && strcmp(sx_factor_text(x, d, canonical), number) == 0 ? d : -1;
}

const char *sx_factor_text(const sx_factor *x, int32_t d, char buffer[SX_NAME_BUFFER])
{
    if (x->text)
        return sx_names_get(x->text, d, buffer);
    snprintf(buffer, SX_NAME_BUFFER, "%" PRId64, x->low + d);
    return buffer;
}

void sx_factor_domain(const sx_factor *x, char *text, size_t size)
{
    char buffer[SX_NAME_BUFFER];
    size_t used = 0;
    if (!x->text) {
        snprintf(text, size, "%" PRId64 " to %" PRId64, x->low, x->low + x->count - 1);
        return;
    }
    text[0] = '\0';
    for (int32_t d = 0; d < x->count && used + 40 < size; d++) {
        const char *between = d == 0 ? "" : d + 1 < x->count ? ", " : " or ";
        const char *name = sx_factor_text(x, d, buffer);
        bool fits = d + 1 == x->count || used + 80 < size;
        used +=
            (size_t)snprintf(text + used, size - used, "%s%.30s", between, fits ? name : "...");
        if (!fits)
            return;
    }
}

/* --- combinations -------------------------------------------------------------------- */

int32_t sx_factors_place(const sx_factors *f, int32_t v, int64_t code)
{
    return (int32_t)(code / f->factor[v].weight % f->factor[v].count);
}

/* Append to text, which holds used bytes of size; how many bytes there would be then. */
static size_t put(char *text, size_t size, size_t used, const char *bytes)
{
    size_t n = strlen(bytes), room = used + 1 < size ? size - 1 - used : 0;
    size_t copied = n < room ? n : room;
    if (copied) {
        memcpy(text + used, bytes, copied);
        text[used + copied] = '\0';
    }
    return used + n;
}

size_t sx_factors_text(const sx_factors *f, int64_t code, char *text, size_t size)
{
    char buffer[SX_NAME_BUFFER];
    size_t used = 0;
    if (size)
        text[0] = '\0';
    for (int32_t v = 0; v < f->count; v++) {
        const sx_factor *x = &f->factor[v];
        used = put(text, size, used, v ? "," : "");
        used = put(text, size, used, x->name);
        used = put(text, size, used, "=");
        used = put(text, size, used, sx_factor_text(x, sx_factors_place(f, v, code), buffer));
    }
    return used;
}

int64_t sx_factors_find(const sx_factors *f, const char *text)
{
    int64_t code = 0;
    for (int32_t v = 0; v < f->count; v++) {
        const sx_factor *x = &f->factor[v];
        size_t n = strlen(x->name);
        if (strncmp(text, x->name, n) != 0 || text[n] != '=')
            return -1;
        text += n + 1;
        n = strcspn(text, ",");
        int32_t d = sx_factor_find(x, text, n);
        if (d < 0 || (text[n] == ',') != (v + 1 < f->count))
            return -1;
        code += d * x->weight;
        text += n + (text[n] == ',');
    }
    return *text ? -1 : code;
}

size_t sx_factors_longest(const sx_factors *f)
{
    char buffer[SX_NAME_BUFFER];
    size_t sum = 0;
    for (int32_t v = 0; v < f->count; v++) {
        const sx_factor *x = &f->factor[v];
        size_t longest = 0;
        int32_t step = x->text || x->count < 2 ? 1 : x->count - 1; /* a range: its two ends */
        for (int32_t d = 0; d < x->count; d += step) {
            size_t n = strlen(sx_factor_text(x, d, buffer));
            longest = n > longest ? n : longest;
        }
        sum += (v > 0) + strlen(x->name) + 1 + longest;
    }
    return sum;
}
