/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid_map.c - the description of a gridworld, read and checked. */
#include "mdp/grid_int.h"

#include "mdp/utf8_int.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define KINDS_LIMIT   10000
#define UNKNOWN_LIMIT 20 /* unknown symbols reported */

typedef struct line {
    size_t start, end; /* end: behind the last character that is no blank */
} line;

typedef struct lines {
    int32_t count;
    line *line;
} lines;

void sx_i_grid_problem(sx_i_drawing *d, sx_i_spot where, const char *code, const char *hint,
                       const char *format, ...)
{
    sx_grid_problem p = {.attribute = where.attribute,
                         .cell = where.cell,
                         .offset = where.offset,
                         .width = where.width,
                         .code = code};
    va_list args;
    va_start(args, format);
    vsnprintf(p.message, sizeof p.message, format, args);
    va_end(args);
    snprintf(p.hint, sizeof p.hint, "%s", hint ? hint : "");
    d->failed = true;
    d->report(d->context, &p);
}

static sx_i_spot in_map(size_t offset, size_t width)
{
    return (sx_i_spot){NULL, -1, offset, width};
}

static sx_i_spot in_cell(int32_t cell, const char *attribute)
{
    return (sx_i_spot){attribute, cell, 0, 0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Is text one character that can stand in a map? */
static bool is_symbol(const char *text)
{
    size_t n = strlen(text);
    return n && sx_i_utf8_size(text, n) == n && (unsigned char)*text > ' ' && *text != 127;
}

int32_t sx_i_grid_kind(const sx_i_drawing *d, const char *symbol)
{
    int32_t i = sx_names_find(d->symbol, symbol);
    if (i >= 0)
        return d->cell_of[i];
    return strcmp(symbol, ".") == 0 ? SX_I_FLOOR : d->g->cells;
}

static sx_status add_symbol(sx_i_drawing *d, int32_t cell, sx_error *err)
{
    const char *symbol = d->g->cell[cell].symbol;
    int32_t count = sx_names_count(d->symbol), i = 0;
    if (!is_symbol(symbol)) {
        sx_i_grid_problem(d, in_cell(cell, "symbol"), "E150",
                          "a symbol is one character that is not a blank",
                          "\"%.40s\" is not one character", symbol);
        return SX_OK;
    }
    sx_status st = sx_names_add(d->symbol, symbol, &i, err);
    if (!st && i < count)
        sx_i_grid_problem(d, in_cell(cell, "symbol"), "E150",
                          "put everything about a symbol into one <cell>",
                          "symbol \"%s\" is described twice", symbol);
    else if (!st)
        d->cell_of[i] = cell;
    return st;
}

static void check_cell(sx_i_drawing *d, int32_t cell)
{
    const sx_cell *c = &d->g->cell[cell];
    if (!(c->initial >= 0 && c->initial <= 1e100))
        sx_i_grid_problem(d, in_cell(cell, "initial"), "E153",
                          "weights are divided by their sum",
                          "the initial weight %g is not between 0 and 1e100", c->initial);
    const char *what = c->wall ? "a wall" : c->sends_to ? "a cell that sends elsewhere" : NULL;
    if (what && c->absorbing)
        sx_i_grid_problem(d, in_cell(cell, "absorbing"), "E154", NULL,
                          "%s is no state, it cannot be absorbing", what);
    if (what && c->initial > 0)
        sx_i_grid_problem(d, in_cell(cell, "initial"), "E154", NULL,
                          "%s is no state, it cannot be the start", what);
    if (c->wall && c->sends_to)
        sx_i_grid_problem(d, in_cell(cell, "sends-to"), "E154", NULL,
                          "nobody can step on a wall, it cannot send elsewhere");
}

static sx_status read_cells(sx_i_drawing *d, sx_error *err)
{
    const sx_gridworld *g = d->g;
    if (g->cells > KINDS_LIMIT)
        return sx_fail(err, SX_ELIMIT, "a map of more than %d kinds of cells", KINDS_LIMIT);
    sx_status st = sx_names_new(&d->symbol, err);
    if (!st) {
        d->cell_of = sx_alloc((size_t)g->cells, sizeof *d->cell_of);
        d->count = sx_alloc((size_t)g->cells + 1, sizeof *d->count);
        if (!d->cell_of || !d->count)
            st = sx_nomem(err);
    }
    for (int32_t i = 0; !st && i < g->cells; i++) {
        check_cell(d, i);
        st = add_symbol(d, i, err);
    }
    if (!(g->slip >= 0 && g->slip <= 1))
        sx_i_grid_problem(d, in_cell(-1, "slip"), "E156", "slip is a probability",
                          "slip %g is not between 0 and 1", g->slip);
    return st;
}

/* Lines of the map without blank first and last ones.  out->line: owned by the caller. */
static sx_status split_lines(const char *map, lines *out, sx_error *err)
{
    size_t count = 1;
    for (const char *p = map; *p; p++)
        count += *p == '\n';
    if (strlen(map) > INT32_MAX)
        return sx_fail(err, SX_ELIMIT, "a map of more than %d bytes", INT32_MAX);
    out->line = sx_alloc(count, sizeof *out->line);
    if (!out->line)
        return sx_nomem(err);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t stop = at + strcspn(map + at, "\n"), end = stop;
        while (end > at && is_blank(map[end - 1]))
            end--;
        if (out->count || end > at)
            out->line[out->count++] = (line){at, end};
        at = stop + 1;
    }
    while (out->count && out->line[out->count - 1].end == out->line[out->count - 1].start)
        out->count--;
    return SX_OK;
}

/* Bytes of blanks that all lines with cells begin with. */
static size_t common_indent(const char *map, const lines *l)
{
    const char *first = l->count ? map + l->line[0].start : map;
    size_t indent = strspn(first, " \t");
    for (int32_t i = 1; i < l->count; i++) {
        const char *at = map + l->line[i].start;
        size_t same = 0, room = l->line[i].end - l->line[i].start;
        while (same < indent && same < room && at[same] == first[same])
            same++;
        indent = room ? same : indent;
    }
    return indent;
}

static void report_unknown(sx_i_drawing *d, const char *symbol, size_t offset)
{
    char hint[96];
    if (is_blank(*symbol)) {
        sx_i_grid_problem(d, in_map(offset, 1), "E152",
                          "start the map on a line of its own and indent its lines alike",
                          "a blank inside the map");
        return;
    }
    snprintf(hint, sizeof hint, "describe it: <cell symbol=\"%s\" .../>", symbol);
    sx_i_grid_problem(d, in_map(offset, strlen(symbol)), "E152", hint,
                      "nothing says what \"%s\" means", symbol);
}

/* The character of map at offset, terminated. */
static size_t take_symbol(const char *map, size_t offset, size_t end, char symbol[8])
{
    size_t n = sx_i_utf8_size(map + offset, end - offset);
    n = n ? n : 1;
    memcpy(symbol, map + offset, n);
    symbol[n] = 0;
    return n;
}

/* Report a symbol that stands for nothing, once each. */
static sx_status note_unknown(sx_i_drawing *d, const char *symbol, size_t at, sx_names *unknown,
                              sx_error *err)
{
    int32_t known = sx_names_count(unknown), i = 0;
    if (known >= UNKNOWN_LIMIT)
        return SX_OK;
    sx_status st = sx_names_add(unknown, is_blank(*symbol) ? " " : symbol, &i, err);
    if (!st && i == known)
        report_unknown(d, symbol, at);
    return st;
}

/* Kinds of the cells of one line, appended at *to; how many.  quick [128]: what is known of
 * ASCII symbols; unknown: those that were reported. */
static sx_status read_line(sx_i_drawing *d, line l, int32_t **to, const int32_t quick[128],
                           sx_names *unknown, sx_error *err)
{
    const char *map = d->g->map;
    sx_status st = SX_OK;
    char symbol[8];
    for (size_t at = l.start; !st && at < l.end;) {
        unsigned char byte = (unsigned char)map[at];
        int32_t kind = byte < 128 ? quick[byte] : d->g->cells;
        size_t n = 1;
        if (kind == d->g->cells) {
            n = take_symbol(map, at, l.end, symbol);
            kind = sx_i_grid_kind(d, symbol);
        }
        if (kind == d->g->cells)
            st = note_unknown(d, symbol, at, unknown, err);
        *(*to)++ = kind;
        at += n;
    }
    return st;
}

static void check_width(sx_i_drawing *d, line l, int32_t row, int64_t width)
{
    if (row == 0)
        d->columns = (int32_t)width;
    if (width == d->columns)
        return;
    size_t from = l.start;
    for (int32_t i = 0; i < d->columns && from < l.end; i++) {
        size_t n = sx_i_utf8_size(d->g->map + from, l.end - from);
        from += n ? n : 1;
    }
    if (width < d->columns && l.end > l.start)
        from = l.end - 1;
    sx_i_grid_problem(d, in_map(from, l.end > from ? l.end - from : 1), "E151",
                      "all rows of a map are equally long; draw a wall where nothing is",
                      "row %d has %lld cells, row 0 has %d", row, (long long)width, d->columns);
}

static void fill_quick(const sx_i_drawing *d, int32_t quick[128])
{
    for (int i = 0; i < 128; i++) {
        char symbol[2] = {(char)i, 0};
        quick[i] = i ? sx_i_grid_kind(d, symbol) : d->g->cells;
    }
}

static sx_status read_lines(sx_i_drawing *d, const lines *l, sx_error *err)
{
    int32_t quick[128];
    sx_names *unknown = NULL;
    size_t indent = common_indent(d->g->map, l);
    d->kind = sx_alloc(strlen(d->g->map), sizeof *d->kind);
    sx_status st = d->kind ? sx_names_new(&unknown, err) : sx_nomem(err);
    int32_t *to = d->kind;
    fill_quick(d, quick);
    for (int32_t i = 0; !st && i < l->count; i++) {
        line row = l->line[i];
        row.start = row.end > row.start ? row.start + indent : row.end;
        int32_t *from = to;
        st = read_line(d, row, &to, quick, unknown, err);
        check_width(d, row, i, to - from);
    }
    sx_names_free(unknown);
    d->rows = l->count;
    d->start = l->count ? l->line[0].start + indent : 0;
    return st;
}

static void check_target(sx_i_drawing *d, int32_t cell)
{
    const sx_gridworld *g = d->g;
    const char *symbol = g->cell[cell].sends_to;
    int32_t kind = is_symbol(symbol) ? sx_i_grid_kind(d, symbol) : g->cells;
    sx_i_spot where = in_cell(cell, "sends-to");
    if (kind == g->cells || d->count[kind + 1] != 1)
        sx_i_grid_problem(d, where, "E155", "give the cell it sends to a symbol of its own",
                          "\"%.40s\" must be on the map once, not %d times", symbol,
                          kind == g->cells ? 0 : d->count[kind + 1]);
    else if (kind >= 0 && (g->cell[kind].wall || g->cell[kind].sends_to))
        sx_i_grid_problem(d, where, "E155", NULL, "\"%s\" is no state to be sent to", symbol);
}

static void check_start(sx_i_drawing *d)
{
    const sx_gridworld *g = d->g;
    int32_t absent = -1;
    for (int32_t i = 0; i < g->cells; i++) {
        if (g->cell[i].initial > 0 && d->count[i + 1])
            return;
        if (g->cell[i].initial > 0)
            absent = i;
    }
    if (absent >= 0)
        sx_i_grid_problem(d, in_cell(absent, "initial"), "E153", NULL,
                          "no cell of the map has an initial weight: \"%s\" is not drawn",
                          g->cell[absent].symbol);
}

/* What needs the number of cells of each kind. */
static void check_counts(sx_i_drawing *d)
{
    const sx_gridworld *g = d->g;
    bool any = false;
    for (int64_t i = 0; i < (int64_t)d->rows * d->columns; i++) {
        int32_t kind = d->kind[i];
        d->count[kind + 1]++;
        any = any || kind < 0 || !(g->cell[kind].wall || g->cell[kind].sends_to);
    }
    if (!any)
        sx_i_grid_problem(d, in_map(d->start, 1), "E157",
                          "draw at least one cell of floor, '.'", "the map has no state");
    for (int32_t i = 0; i < g->cells; i++)
        if (g->cell[i].sends_to)
            check_target(d, i);
    check_start(d);
}

sx_status sx_i_drawing_read(sx_i_drawing *d, sx_error *err)
{
    lines l = {0, NULL};
    sx_status st = read_cells(d, err);
    if (!st)
        st = split_lines(d->g->map, &l, err);
    if (!st)
        st = read_lines(d, &l, err);
    sx_release(l.line);
    if (!st && !d->failed)
        check_counts(d);
    return st;
}

void sx_i_drawing_clear(sx_i_drawing *d)
{
    d->kind = sx_release(d->kind);
    d->count = sx_release(d->count);
    d->symbol = sx_names_free(d->symbol);
    d->cell_of = sx_release(d->cell_of);
}
