/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diag.c - located messages: a bounded, sorted list, and how one of them is shown.
 *
 * What is shown comes from files that anybody may have written: control characters and
 * bytes that are no UTF-8 are replaced, long lines are cut to a window round the place. */
#include "mdp/diag.h"
#include "mdp/utf8_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WINDOW 120 /* characters of a source line that are kept */
#define BEFORE 60  /* of them before the place, when the line is longer */

typedef struct source {
    char *file;
    const char *text; /* borrowed; NULL: forgotten */
    size_t size;
} source;

struct sx_diags {
    int32_t count; /* kept */
    sx_diag kept[2 * SX_DIAG_LIMIT];
    int32_t order[2 * SX_DIAG_LIMIT]; /* of the file of kept[i]: its first report or source */
    int64_t errors, warnings;
    int32_t sources;
    source *source;
};

sx_status sx_diags_new(sx_diags **out, sx_error *err)
{
    *out = sx_alloc(1, sizeof **out);
    return *out ? SX_OK : sx_nomem(err);
}

static void diag_clear(sx_diag *d)
{
    sx_release(d->message);
    sx_release(d->hint);
    sx_release(d->source);
}

sx_diags *sx_diags_free(sx_diags *d)
{
    if (!d)
        return NULL;
    for (int32_t i = 0; i < d->count; i++)
        diag_clear(&d->kept[i]);
    for (int32_t i = 0; i < d->sources; i++)
        sx_release(d->source[i].file);
    sx_release(d->source);
    return sx_release(d);
}

/* The index of the file in the list of sources, appended when it is new; -1 without memory. */
static int32_t source_index(sx_diags *d, const char *file)
{
    for (int32_t i = 0; i < d->sources; i++)
        if (strcmp(d->source[i].file, file) == 0)
            return i;
    source *grown = sx_realloc(d->source, (size_t)d->sources + 1, sizeof *grown);
    if (!grown)
        return -1;
    d->source = grown;
    source new = {sx_strdup(file), NULL, 0};
    if (!new.file)
        return -1;
    d->source[d->sources] = new;
    return d->sources++;
}

sx_status sx_diags_source(sx_diags *d, const char *file, const char *text, size_t size,
                          sx_error *err)
{
    int32_t i = source_index(d, file);
    if (i < 0)
        return sx_nomem(err);
    d->source[i].text = text;
    d->source[i].size = size;
    return SX_OK;
}

void sx_diags_forget(sx_diags *d, const char *file)
{
    for (int32_t i = 0; i < d->sources; i++)
        if (!file || strcmp(d->source[i].file, file) == 0)
            d->source[i].text = NULL;
}

/* Bytes of the UTF-8 character at p [n >= 1] that may be shown, or 0. */
static size_t character(const char *p, size_t n)
{
    size_t size = sx_i_utf8_size(p, n);
    unsigned char c = (unsigned char)p[0], next = size > 1 ? (unsigned char)p[1] : 0;
    if (c == 0x7f || (c == 0xc2 && next < 0xa0))
        return 0;
    return c < 0x20 && c != '\t' ? 0 : size;
}

/* Does a new character start at this byte? */
static bool starts(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* A copy of text [size] with '?' for every byte that may not be shown. */
static char *clean(const char *text, size_t size)
{
    char *copy = sx_alloc(size + 1, 1);
    for (size_t i = 0; copy && i < size;) {
        size_t n = character(text + i, size - i);
        if (n)
            memcpy(copy + i, text + i, n);
        else
            copy[i] = '?';
        i += n ? n : 1;
    }
    return copy;
}

/* The line of that number in s; false when there is none. */
static bool find_line(const source *s, int32_t line, const char **start, size_t *size)
{
    const char *p = s->text, *end = s->text ? s->text + s->size : NULL;
    for (int32_t i = 1; p && i < line; i++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : NULL;
    }
    if (!p)
        return false;
    const char *newline = memchr(p, '\n', (size_t)(end - p));
    *start = p;
    *size = (size_t)((newline ? newline : end) - p);
    if (*size && p[*size - 1] == '\r')
        --*size;
    return true;
}

/* The bytes that the next n characters of p [size] take. */
static size_t bytes_of(const char *p, size_t size, int32_t n)
{
    size_t i = 0;
    for (; i < size; i++)
        if (starts(p[i]) && n-- == 0)
            break;
    return i;
}

/* Keep the line of diag, or the window of it round the place. */
static bool keep_line(sx_diag *diag, const source *s)
{
    const char *line;
    size_t size;
    diag->source_column = 1;
    if (!find_line(s, diag->place.line, &line, &size))
        return true;
    if (diag->place.column > BEFORE && bytes_of(line, size, WINDOW) < size) {
        size_t skip = bytes_of(line, size, diag->place.column - 1 - BEFORE);
        diag->source_column = diag->place.column - BEFORE;
        line += skip;
        size -= skip;
    }
    diag->source = clean(line, bytes_of(line, size, WINDOW));
    return diag->source != NULL;
}

static int compare(const sx_diags *d, int32_t i, int32_t j)
{
    const sx_place *a = &d->kept[i].place, *b = &d->kept[j].place;
    if (d->order[i] != d->order[j])
        return d->order[i] < d->order[j] ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

/* Move the last message to its place; those of one place stay in the order of report. */
static void sort_last(sx_diags *d)
{
    for (int32_t i = d->count - 1; i > 0 && compare(d, i - 1, i) > 0; i--) {
        sx_diag diag = d->kept[i];
        int32_t order = d->order[i];
        d->kept[i] = d->kept[i - 1];
        d->order[i] = d->order[i - 1];
        d->kept[i - 1] = diag;
        d->order[i - 1] = order;
    }
}

/* Room for one more message of this kind? */
static bool has_room(const sx_diags *d, const char *code)
{
    int64_t of_kind = code[0] == 'W' ? d->warnings : d->errors;
    return of_kind <= SX_DIAG_LIMIT && d->count < 2 * SX_DIAG_LIMIT;
}

static void keep(sx_diags *d, sx_place place, const char *code, const char *hint,
                 const char *message)
{
    sx_diag diag = {.place = place};
    int32_t file = source_index(d, place.file ? place.file : "");
    if (file < 0)
        return;
    diag.place.file = d->source[file].file;
    snprintf(diag.code, sizeof diag.code, "%s", code);
    diag.message = clean(message, strlen(message));
    diag.hint = hint ? clean(hint, strlen(hint)) : NULL;
    bool kept = diag.message && (!hint || diag.hint);
    if (kept && place.line > 0)
        kept = keep_line(&diag, &d->source[file]);
    if (!kept) {
        diag_clear(&diag);
        return;
    }
    d->order[d->count] = file;
    d->kept[d->count++] = diag;
    sort_last(d);
}

sx_status sx_diag_report(sx_diags *d, sx_place place, const char *code, const char *hint,
                         const char *format, ...)
{
    bool warning = code[0] == 'W';
    if (d) {
        char message[480];
        va_list args;
        va_start(args, format);
        vsnprintf(message, sizeof message, format, args);
        va_end(args);
        if (warning)
            d->warnings++;
        else
            d->errors++;
        if (has_room(d, code))
            keep(d, place, code, hint, message);
    }
    return warning ? SX_OK : SX_EINPUT;
}

/* diag into d, which counts it; false where there is no room for it. */
static bool take_over(sx_diags *d, const sx_diag *diag)
{
    int32_t file = source_index(d, diag->place.file);
    if (file < 0 || !has_room(d, diag->code))
        return false;
    d->order[d->count] = file;
    d->kept[d->count] = *diag;
    d->kept[d->count++].place.file = d->source[file].file;
    sort_last(d);
    return true;
}

void sx_diags_move(sx_diags *from, sx_diags *d)
{
    int64_t shown[2] = {0, 0};
    for (int32_t i = 0; i < from->count; i++) {
        sx_diag *diag = &from->kept[i];
        int64_t *counter = !d ? &shown[0] : diag->code[0] == 'W' ? &d->warnings : &d->errors;
        ++*counter;
        shown[diag->code[0] == 'W']++;
        if (!d || !take_over(d, diag))
            diag_clear(diag);
    }
    if (d) {
        d->errors += from->errors - shown[0];
        d->warnings += from->warnings - shown[1];
    }
    from->count = 0;
    from->errors = from->warnings = 0;
}

int64_t sx_diags_errors(const sx_diags *d)
{
    return d->errors;
}

int64_t sx_diags_warnings(const sx_diags *d)
{
    return d->warnings;
}

int32_t sx_diags_count(const sx_diags *d)
{
    return d->count;
}

const sx_diag *sx_diags_get(const sx_diags *d, int32_t i)
{
    return i >= 0 && i < d->count ? &d->kept[i] : NULL;
}

/* --- one message as text ------------------------------------------------------------ */

/* text of so far `used` of `size` bytes; counts on when it is full, so that a first run
 * with size 0 measures. */
typedef struct page {
    char *text;
    size_t size, used;
} page;

static void put(page *p, const char *text, size_t n)
{
    if (p->used + n < p->size)
        memcpy(p->text + p->used, text, n);
    p->used += n;
}

static void put_text(page *p, const char *text)
{
    put(p, text, strlen(text));
}

/* Blanks and tabs under the characters before the place, then the carets. */
static void put_carets(page *p, const sx_diag *d, size_t cut)
{
    const char *s = d->source;
    for (size_t i = 0; i < cut; i++)
        put(p, " ", 1);
    for (int32_t c = d->source_column; c < d->place.column; c++) {
        put(p, *s == '\t' ? "\t" : " ", 1);
        if (*s)
            for (s++; *s && !starts(*s); s++)
                ;
    }
    int32_t width = d->place.width > 0 ? d->place.width : 1;
    for (int32_t i = 0; i < width; i++) {
        if (i > 0 && !*s)
            break;
        put(p, "^", 1);
        if (*s)
            for (s++; *s && !starts(*s); s++)
                ;
    }
}

static void put_source(page *p, const sx_diag *d)
{
    char number[32];
    snprintf(number, sizeof number, "%5ld | ", (long)d->place.line);
    put_text(p, number);
    const char *cut = d->source_column > 1 ? "..." : "";
    put_text(p, cut);
    put_text(p, d->source);
    put_text(p, "\n");
    size_t margin = strlen(number) - 2;
    for (size_t i = 0; i < margin; i++)
        put(p, " ", 1);
    put_text(p, "| ");
    put_carets(p, d, strlen(cut));
    put_text(p, "\n");
}

static void put_diag(page *p, const sx_diag *d)
{
    char number[64] = "";
    put_text(p, d->place.file);
    if (d->place.line > 0)
        snprintf(number, sizeof number, ":%ld:%ld", (long)d->place.line, (long)d->place.column);
    put_text(p, number);
    put_text(p, d->code[0] == 'W' ? ": warning[" : ": error[");
    put_text(p, d->code);
    put_text(p, "]: ");
    put_text(p, d->message);
    put_text(p, "\n");
    if (d->source)
        put_source(p, d);
    if (d->hint) {
        put_text(p, "      = hint: ");
        put_text(p, d->hint);
        put_text(p, "\n");
    }
}

char *sx_diag_text(const sx_diag *d)
{
    page p = {NULL, 0, 0};
    put_diag(&p, d);
    size_t size = p.used + 1;
    p = (page){sx_alloc(size, 1), size, 0};
    if (p.text)
        put_diag(&p, d);
    return p.text;
}
