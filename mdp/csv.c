/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.c - comma-separated tables: a strict reader that knows places.
 *
 * The text is copied once; fields are unquoted in place, where they get shorter, and end in
 * a zero byte.  Blanks around a field are dropped unless they are quoted. */
#include "mdp/csv.h"

#include "mdp/utf8_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS_LIMIT 4096

typedef struct field {
    uint32_t offset, line, column;
} field;

struct sx_csv {
    char *file;
    char *text; /* ends in a zero byte */
    int32_t columns;
    int64_t rows;
    int64_t fields, capacity;
    field *field; /* [fields] the header's, then row by row */
};

typedef struct scan {
    sx_csv *c;
    size_t at, size; /* of c->text */
    uint32_t line, column;
    int64_t row_start; /* index of the first field of the row */
    bool row_failed;   /* something was reported in this row */
    sx_diags *diags;
    sx_error *err;
    sx_status status; /* SX_EINPUT after a report; others stop */
} scan;

static void report(scan *s, field where, const char *code, const char *hint, const char *format,
                   ...) SX_FORMAT(5, 6);

static void report(scan *s, field where, const char *code, const char *hint, const char *format,
                   ...)
{
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    s->row_failed = true;
    sx_place place = {s->c->file, (int32_t)where.line, (int32_t)where.column, 1};
    s->status = sx_diag_report(s->diags, place, code, hint, "%s", message);
    (void)sx_fail(s->err, SX_EINPUT, "%s:%u:%u: %s", s->c->file, where.line, where.column,
                  message);
}

static field here(const scan *s)
{
    return (field){(uint32_t)s->at, s->line, s->column};
}

/* The byte to be read next, 0 at the end. */
static char peek(const scan *s)
{
    return s->at < s->size ? s->c->text[s->at] : 0;
}

static bool at_line_end(const scan *s)
{
    if (s->at >= s->size || s->c->text[s->at] == '\n')
        return true;
    return s->c->text[s->at] == '\r' && s->at + 1 < s->size && s->c->text[s->at + 1] == '\n';
}

static void step(scan *s)
{
    unsigned char byte = (unsigned char)s->c->text[s->at++];
    if (byte == '\n') {
        s->line++;
        s->column = 1;
    } else if ((byte & 0xc0) != 0x80) {
        s->column++;
    }
}

static void skip_blanks(scan *s)
{
    while (peek(s) == ' ' || peek(s) == '\t')
        step(s);
}

static void skip_line(scan *s)
{
    while (!at_line_end(s))
        step(s);
}

static void end_line(scan *s)
{
    if (peek(s) == '\r')
        step(s);
    if (s->at < s->size)
        step(s);
}

static sx_status push(scan *s, field f)
{
    sx_csv *c = s->c;
    if (c->fields == c->capacity) {
        int64_t capacity = c->capacity ? 2 * c->capacity : 64;
        field *grown = sx_realloc(c->field, (size_t)capacity, sizeof *grown);
        if (!grown)
            return s->status = sx_nomem(s->err);
        c->field = grown;
        c->capacity = capacity;
    }
    c->field[c->fields++] = f;
    return SX_OK;
}

/* The rest of a quoted field, unquoted to its start; where its text ends. */
static size_t read_quoted(scan *s, field start)
{
    size_t to = s->at;
    step(s);
    while (s->at < s->size) {
        if (peek(s) == '"') {
            step(s);
            if (peek(s) != '"')
                return to;
        }
        char byte = peek(s);
        step(s);
        s->c->text[to++] = byte;
    }
    report(s, start, "E313", "close it with \"; a quote inside is written \"\"",
           "this quote is not closed");
    return to;
}

/* Report a byte that no unquoted field has; is it one? */
static bool refuse_byte(scan *s, char byte)
{
    if (byte == '"')
        report(s, here(s), "E313", "quote the whole field, \"a\"\"b\"",
               "a quote in the middle of a field");
    else if (byte == '\r')
        report(s, here(s), "E313", NULL, "a carriage return without a line feed");
    return byte == '"' || byte == '\r';
}

/* An unquoted field; where its text ends. */
static size_t read_plain(scan *s)
{
    size_t end = s->at;
    bool refused = false;
    while (!at_line_end(s) && peek(s) != ',') {
        char byte = peek(s);
        refused = refused || refuse_byte(s, byte);
        step(s);
        if (byte != ' ' && byte != '\t')
            end = s->at;
    }
    return end;
}

static void read_field(scan *s)
{
    skip_blanks(s);
    field start = here(s);
    bool quoted = peek(s) == '"';
    size_t end = quoted ? read_quoted(s, start) : read_plain(s);
    skip_blanks(s);
    if (!at_line_end(s) && peek(s) != ',') {
        report(s, here(s), "E313", "put a comma between fields",
               "text after the closing quote");
        while (!at_line_end(s) && peek(s) != ',')
            step(s);
    }
    /* the byte at end is a delimiter, which is not overwritten before it has been read */
    if (!push(s, start) && end < s->at)
        s->c->text[end] = 0;
}

/* A line of fields.  A delimiter is zeroed only after it was looked at. */
static void read_row(scan *s)
{
    s->row_start = s->c->fields;
    s->row_failed = false;
    for (;;) {
        read_field(s);
        size_t delimiter = s->at;
        bool more = peek(s) == ',';
        if (s->status && s->status != SX_EINPUT)
            return;
        if (more)
            step(s);
        else
            end_line(s);
        s->c->text[delimiter] = 0;
        if (!more)
            return;
    }
}

static bool is_blank_line(scan *s)
{
    skip_blanks(s);
    return at_line_end(s);
}

/* The next row that is neither empty nor a comment; false at the end of the text. */
static bool next_row(scan *s)
{
    while (s->at < s->size && (!s->status || s->status == SX_EINPUT)) {
        if (peek(s) == '#')
            skip_line(s);
        if (!is_blank_line(s)) {
            read_row(s);
            return true;
        }
        end_line(s);
    }
    return false;
}

static void read_header(scan *s)
{
    sx_csv *c = s->c;
    if (!next_row(s)) {
        if (!s->status)
            report(s, (field){0, 1, 1}, "E311", "the first line names the columns",
                   "the table is empty");
        return;
    }
    if (c->fields > COLUMNS_LIMIT) {
        report(s, c->field[0], "E311", NULL, "more than %d columns", COLUMNS_LIMIT);
        return;
    }
    c->columns = (int32_t)c->fields;
    for (int32_t i = 0; i < c->columns; i++) {
        const char *name = sx_csv_header(c, i);
        if (!*name)
            report(s, c->field[i], "E311", NULL, "a column without a name");
        else if (sx_csv_column(c, name) < i)
            report(s, c->field[i], "E311", NULL, "two columns are named \"%s\"", name);
    }
}

static void read_rows(scan *s)
{
    sx_csv *c = s->c;
    while (next_row(s)) {
        int64_t found = c->fields - s->row_start;
        if (found == c->columns) {
            c->rows++;
        } else if (!s->row_failed && (!s->status || s->status == SX_EINPUT)) {
            report(s, c->field[s->row_start], "E312", NULL,
                   "this row has %lld field%s, the header has %d", (long long)found,
                   found == 1 ? "" : "s", c->columns);
        }
    }
}

/* Report the first byte that is no UTF-8 text. */
static void check_text(scan *s)
{
    while (s->at < s->size) {
        size_t n = sx_i_utf8_size(s->c->text + s->at, s->size - s->at);
        if (!n || !s->c->text[s->at]) {
            report(s, here(s), "E310", "save the file as UTF-8", "byte 0x%02x is no text",
                   (unsigned char)s->c->text[s->at]);
            return;
        }
        while (n--)
            step(s);
    }
}

static void rewind_scan(scan *s)
{
    s->at = s->size >= 3 && memcmp(s->c->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    s->line = 1;
    s->column = 1;
}

sx_status sx_csv_parse(const char *file, const char *text, size_t size, sx_diags *d,
                       sx_csv **out, sx_error *err)
{
    *out = NULL;
    if (size >= UINT32_MAX)
        return sx_fail(err, SX_ELIMIT, "%s is larger than 4 GiB", file);
    sx_csv *c = sx_alloc(1, sizeof *c);
    if (!c)
        return sx_nomem(err);
    c->file = sx_strdup(file);
    c->text = sx_alloc(size + 1, 1);
    scan s = {.c = c, .size = size, .diags = d, .err = err};
    if (!c->file || !c->text)
        s.status = sx_nomem(err);
    if (!s.status) {
        if (size)
            memcpy(c->text, text, size);
        rewind_scan(&s);
        check_text(&s);
    }
    if (!s.status) {
        rewind_scan(&s);
        read_header(&s);
    }
    if (c->columns && (!s.status || s.status == SX_EINPUT))
        read_rows(&s);
    if (s.status)
        c = sx_csv_free(c);
    *out = c;
    return s.status;
}

sx_csv *sx_csv_free(sx_csv *c)
{
    if (!c)
        return NULL;
    sx_release(c->file);
    sx_release(c->text);
    sx_release(c->field);
    return sx_release(c);
}

int64_t sx_csv_rows(const sx_csv *c)
{
    return c->rows;
}

int32_t sx_csv_columns(const sx_csv *c)
{
    return c->columns;
}

const char *sx_csv_header(const sx_csv *c, int32_t column)
{
    return c->text + c->field[column].offset;
}

int32_t sx_csv_column(const sx_csv *c, const char *name)
{
    for (int32_t i = 0; i < c->columns; i++)
        if (strcmp(sx_csv_header(c, i), name) == 0)
            return i;
    return -1;
}

static const field *find_field(const sx_csv *c, int64_t row, int32_t column)
{
    if (row < 0 || column < 0)
        return &c->field[column < 0 ? 0 : column];
    return &c->field[(row + 1) * c->columns + column];
}

const char *sx_csv_field(const sx_csv *c, int64_t row, int32_t column)
{
    return c->text + find_field(c, row, column)->offset;
}

sx_place sx_csv_place(const sx_csv *c, int64_t row, int32_t column)
{
    const field *f = find_field(c, row, column);
    const char *text = c->text + f->offset;
    size_t width = sx_i_utf8_count(text, strlen(text));
    return (sx_place){c->file, (int32_t)f->line, (int32_t)f->column,
                      width ? (int32_t)width : 1};
}

static bool needs_quotes(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || text[0] == '#' || strpbrk(text, ",\"\r\n"))
        return true;
    return strchr(" \t", text[0]) || strchr(" \t", text[n - 1]);
}

char *sx_csv_quote(const char *text)
{
    if (!needs_quotes(text))
        return sx_strdup(text);
    char *quoted = sx_alloc(2 * strlen(text) + 3, 1);
    if (!quoted)
        return NULL;
    char *to = quoted;
    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to = '"';
    return quoted;
}
