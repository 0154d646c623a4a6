/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml_scan.c - a lexer of XML without document types: places, limits, common mistakes.
 *
 * One pass, no allocation but the two lists.  It stops at the first problem, for nothing
 * behind it can be trusted; what it lets through is still judged by libxml2. */
#include "mdp/xml_int.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct scanner {
    const char *file, *text;
    size_t size, first, at; /* first: behind a byte order mark */
    int32_t line, column;   /* of at */
    int32_t depth;
    int64_t open[SX_XML_DEPTH]; /* tags not yet closed */
    sx_diags *d;
    sx_i_scan *out;
    sx_error *err;
} scanner;

/* --- moving ------------------------------------------------------------------------- */

static void step(scanner *s, size_t n)
{
    for (size_t end = s->at + n; s->at < end; s->at++) {
        unsigned char c = (unsigned char)s->text[s->at];
        if (c == '\n') {
            s->line++;
            s->column = 1;
        } else if ((c & 0xc0) != 0x80) {
            s->column++;
        }
    }
}

static char peek(const scanner *s)
{
    return s->at < s->size ? s->text[s->at] : '\0';
}

static bool ahead(const scanner *s, const char *word)
{
    size_t n = strlen(word);
    return s->size - s->at >= n && memcmp(s->text + s->at, word, n) == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(scanner *s)
{
    while (blank(peek(s)))
        step(s, 1);
}

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static bool name_char(char c)
{
    return name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Bytes of the name at the current place, 0 for none. */
static size_t name_size(const scanner *s)
{
    size_t i = s->at;
    if (i < s->size && name_start(s->text[i]))
        while (++i < s->size && name_char(s->text[i]))
            ;
    return i - s->at;
}

static int32_t characters(const char *text, size_t size)
{
    int32_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

static sx_place here(const scanner *s, int32_t width)
{
    return (sx_place){s->file, s->line, s->column, width};
}

/* For "%.*s": names in messages are cut. */
static int shown(size_t n)
{
    return n < 60 ? (int)n : 60;
}

/* --- bytes and encoding --------------------------------------------------------------- */

static sx_status check_bytes(scanner *s)
{
    size_t bad = sx_i_xml_bad_byte(s->text, s->size);
    if (bad == s->size)
        return SX_OK;
    unsigned char c = (unsigned char)s->text[bad];
    scanner to = *s;
    step(&to, bad - s->at);
    if (c < 0x20)
        return sx_diag_report(s->d, here(&to, 1), "E103", NULL,
                              "the control character 0x%02x is not allowed in XML", c);
    return sx_diag_report(s->d, here(&to, 1), "E103", "save the file as UTF-8",
                          "the byte 0x%02x here is not UTF-8", c);
}

/* UTF-16 shows in the first two bytes; a mark of UTF-8 is stepped over. */
static sx_status check_mark(scanner *s)
{
    bool utf16 = s->size > 1 &&
                 (memcmp(s->text, "\xff\xfe", 2) == 0 || memcmp(s->text, "\xfe\xff", 2) == 0);
    if (utf16)
        return sx_diag_report(s->d, (sx_place){s->file, 0, 0, 1}, "E103", "save it as UTF-8",
                              "the file is UTF-16; specifications are UTF-8");
    s->first = s->at = ahead(s, "\xef\xbb\xbf") ? 3 : 0;
    return SX_OK;
}

/* The value of encoding= in the XML declaration [size], and its size; NULL for none. */
static const char *declared(const char *text, size_t size, size_t *n)
{
    const char word[] = "encoding";
    for (size_t i = 0; i + sizeof word < size; i++) {
        if (memcmp(text + i, word, sizeof word - 1) != 0)
            continue;
        i += sizeof word - 1;
        while (i < size && (blank(text[i]) || text[i] == '='))
            i++;
        const char *quote = i < size ? memchr(text + i + 1, text[i], size - i - 1) : NULL;
        *n = quote ? (size_t)(quote - text) - i - 1 : 0;
        return quote ? text + i + 1 : NULL;
    }
    return NULL;
}

static sx_status check_encoding(scanner *s)
{
    size_t n = 0, size = sx_i_xml_markup(s->text + s->at, s->size - s->at);
    const char *name = ahead(s, "<?xml") ? declared(s->text + s->at, size, &n) : NULL;
    if (!name || (n == 5 && strncasecmp(name, "utf-8", n) == 0) ||
        (n == 8 && strncasecmp(name, "us-ascii", n) == 0))
        return SX_OK;
    scanner to = *s;
    step(&to, (size_t)(name - s->text) - s->at);
    return sx_diag_report(s->d, here(&to, characters(name, n)), "E103",
                          "save the file as UTF-8 and declare encoding=\"UTF-8\" or nothing",
                          "the file declares the encoding %.*s; specifications are UTF-8",
                          shown(n), name);
}

/* --- markup ----------------------------------------------------------------------------- */

/* Step over the reference at '&'. */
static sx_status reference(scanner *s)
{
    char value[4];
    size_t n, size = sx_i_xml_reference(s->text + s->at, s->size - s->at, value, &n);
    if (size) {
        step(s, size);
        return SX_OK;
    }
    scanner name = *s;
    step(&name, 1);
    size_t length = name_size(&name);
    size_t end = s->at + 1;
    while (end < s->size && end < s->at + 16 &&
           (name_char(s->text[end]) || s->text[end] == '#'))
        end++;
    if (peek(&name) == '#')
        return sx_diag_report(s->d, here(s, (int32_t)(end - s->at) + 1), "E101", NULL,
                              "%.*s is not the number of a character that XML allows",
                              shown(end - s->at), s->text + s->at);
    bool entity = length && s->at + 1 + length < s->size && s->text[s->at + 1 + length] == ';';
    if (entity)
        return sx_diag_report(s->d, here(s, (int32_t)characters(s->text + s->at, length + 2)),
                              "E102", "write the character itself, or its number as &#...;",
                              "the entity &%.*s; is not one of &lt; &gt; &amp; &quot; &apos;",
                              shown(length), s->text + name.at);
    return sx_diag_report(s->d, here(s, 1), "E101", "write &amp; for the character &",
                          "a & that starts no entity");
}

/* --- tags ------------------------------------------------------------------------------- */

/* *list grown so that it holds more than n. */
static sx_status grow(void **list, int64_t n, int64_t *room, size_t size, sx_error *err)
{
    if (n < *room)
        return SX_OK;
    int64_t more = *room ? *room + *room / 2 : 64;
    void *grown = sx_realloc(*list, (size_t)more, size);
    if (!grown)
        return sx_nomem(err);
    *list = grown;
    *room = more;
    return SX_OK;
}

/* Step over the quoted value of an attribute into m. */
static sx_status value(scanner *s, sx_i_mark *m)
{
    char quote = peek(s);
    const char *name = s->text + m->name;
    scanner start = *s;
    step(s, 1);
    m->value = s->at;
    m->value_line = s->line;
    m->value_column = s->column;
    sx_status st = SX_OK;
    while (!st && s->at < s->size && peek(s) != quote && peek(s) != '<') {
        if (peek(s) == '&')
            st = reference(s);
        else
            step(s, 1);
        if (!st && s->at - m->value > SX_XML_VALUE)
            st = sx_diag_report(s->d, here(&start, 1), "E105",
                                "bulk data belongs in a .npy or CSV file beside the "
                                "specification",
                                "the value of %.*s is longer than 1 MiB",
                                shown((size_t)m->name_size), name);
    }
    if (!st && s->at >= s->size)
        st = sx_diag_report(s->d, here(&start, 1), "E101", NULL,
                            "the value of %.*s has no closing quote",
                            shown((size_t)m->name_size), name);
    if (!st && peek(s) == '<')
        st = sx_diag_report(s->d, here(s, 1), "E101",
                            "write &lt; for the character <, or close the quote before it",
                            "a < inside the value of %.*s", shown((size_t)m->name_size), name);
    m->value_size = (int32_t)(s->at - m->value);
    const char *end = memchr(s->text + m->value, '\n', (size_t)m->value_size);
    size_t first_line = end ? (size_t)(end - s->text) - m->value : (size_t)m->value_size;
    m->value_width = characters(s->text + m->value, first_line);
    if (m->value_width == 0)
        m->value_width = 1;
    if (!st)
        step(s, 1);
    return st;
}

/* Is the name one of a namespace, or its declaration? */
static bool prefixed(const char *name, size_t size)
{
    return memchr(name, ':', size) || (size == 5 && memcmp(name, "xmlns", 5) == 0);
}

/* What editors put on the root element to find a schema. */
static bool schema_link(const scanner *s, const char *name, size_t size)
{
    return s->depth == 0 && ((size == 9 && memcmp(name, "xmlns:xsi", 9) == 0) ||
                             (size > 4 && memcmp(name, "xsi:", 4) == 0));
}

static sx_status same_name_twice(const scanner *s, const sx_i_tag *tag, const sx_i_mark *m)
{
    const char *name = s->text + m->name;
    for (int32_t i = 0; i < tag->marks; i++) {
        const sx_i_mark *other = &s->out->mark[tag->mark + i];
        if (other->name_size == m->name_size &&
            memcmp(s->text + other->name, name, (size_t)m->name_size) == 0) {
            sx_place place = {s->file, m->name_line, m->name_column, m->name_width};
            return sx_diag_report(s->d, place, "E101", NULL,
                                  "the attribute %.*s is given twice",
                                  shown((size_t)m->name_size), name);
        }
    }
    return SX_OK;
}

/* Keep the attribute m of tag, unless it only links a schema. */
static sx_status keep_mark(scanner *s, sx_i_tag *tag, const sx_i_mark *m)
{
    const char *name = s->text + m->name;
    sx_place place = {s->file, m->name_line, m->name_column, m->name_width};
    if (schema_link(s, name, (size_t)m->name_size))
        return SX_OK;
    if (prefixed(name, (size_t)m->name_size))
        return sx_diag_report(s->d, place, "E114", "remove it",
                              "the attribute %.*s: specifications use no namespaces",
                              shown((size_t)m->name_size), name);
    if (tag->marks >= SX_XML_ATTRIBUTES)
        return sx_diag_report(
            s->d, place, "E105", NULL, "the element <%.*s> has more than %d attributes",
            shown((size_t)tag->name_size), s->text + tag->name, SX_XML_ATTRIBUTES);
    if (s->out->marks >= SX_XML_MARKS)
        return sx_diag_report(
            s->d, place, "E105",
            "bulk data belongs in a .npy or CSV file beside the specification",
            "the file has more than %ld attributes", (long)SX_XML_MARKS);
    sx_i_scan *out = s->out;
    sx_status st = same_name_twice(s, tag, m);
    void *list = out->mark;
    if (!st)
        st = grow(&list, out->marks, &out->mark_room, sizeof *out->mark, s->err);
    out->mark = list;
    if (!st) {
        out->mark[out->marks++] = *m;
        tag->marks++;
    }
    return st;
}

/* One attribute of tag: name, equals sign, quoted value. */
static sx_status attribute(scanner *s, sx_i_tag *tag)
{
    sx_i_mark m = {.name = s->at, .name_size = (int32_t)name_size(s)};
    const char *name = s->text + s->at;
    if (m.name_size == 0)
        return sx_diag_report(s->d, here(s, 1), "E101",
                              "attributes are written name=\"value\"; a tag ends in > or />",
                              "this does not belong inside the tag <%.*s>",
                              shown((size_t)tag->name_size), s->text + tag->name);
    m.name_line = s->line;
    m.name_column = s->column;
    m.name_width = characters(name, (size_t)m.name_size);
    sx_place place = here(s, m.name_width);
    step(s, (size_t)m.name_size);
    skip_blanks(s);
    if (peek(s) != '=')
        return sx_diag_report(s->d, place, "E101", "attributes are written name=\"value\"",
                              "the attribute %.*s has no value", shown((size_t)m.name_size),
                              name);
    step(s, 1);
    skip_blanks(s);
    if (peek(s) != '"' && peek(s) != '\'')
        return sx_diag_report(s->d, here(s, 1), "E101", "attributes are written name=\"value\"",
                              "the value of %.*s is not in quotes", shown((size_t)m.name_size),
                              name);
    sx_status st = value(s, &m);
    return st ? st : keep_mark(s, tag, &m);
}

/* The attributes of tag up to its '>' or '/>'; *empty: which of them. */
static sx_status attributes(scanner *s, sx_i_tag *tag, bool *empty)
{
    sx_status st = SX_OK;
    while (!st) {
        bool apart = blank(peek(s));
        skip_blanks(s);
        *empty = ahead(s, "/>");
        if (*empty || peek(s) == '>') {
            step(s, *empty ? 2 : 1);
            return SX_OK;
        }
        if (s->at >= s->size || peek(s) == '<') {
            sx_place place = {s->file, tag->line, tag->column, tag->width};
            return sx_diag_report(s->d, place, "E101", "a tag ends in > or />",
                                  "the tag <%.*s> is not closed", shown((size_t)tag->name_size),
                                  s->text + tag->name);
        }
        if (!apart && name_size(s) > 0)
            return sx_diag_report(s->d, here(s, 1), "E101", "put a blank between them",
                                  "this attribute touches what stands before it");
        st = attribute(s, tag);
    }
    return st;
}

static sx_status check_start(const scanner *s, const sx_i_tag *tag)
{
    const char *name = s->text + tag->name;
    if (tag->name_size == 0)
        return sx_diag_report(s->d, here(s, 1), "E101", "write &lt; for the character <",
                              "a < that starts no tag");
    if (s->depth == 0 && s->out->tags > 0)
        return sx_diag_report(s->d, here(s, tag->width + 1), "E101",
                              "everything stands inside one <mdp>",
                              "a second element <%.*s> after the end of the first",
                              shown((size_t)tag->name_size), name);
    if (prefixed(name, (size_t)tag->name_size))
        return sx_diag_report(s->d, here(s, tag->width + 1), "E114", "write it without prefix",
                              "the element <%.*s>: specifications use no namespaces",
                              shown((size_t)tag->name_size), name);
    if (s->depth >= SX_XML_DEPTH)
        return sx_diag_report(s->d, here(s, tag->width + 1), "E105", NULL,
                              "elements are nested deeper than %d", SX_XML_DEPTH);
    if (s->out->tags >= SX_XML_ELEMENTS)
        return sx_diag_report(s->d, here(s, tag->width + 1), "E105",
                              "bulk data belongs in a .npy or CSV file beside the "
                              "specification",
                              "the file has more than %ld elements", (long)SX_XML_ELEMENTS);
    return SX_OK;
}

static sx_status start_tag(scanner *s)
{
    sx_i_scan *out = s->out;
    scanner name = *s;
    step(&name, 1);
    sx_i_tag tag = {.name = name.at,
                    .name_size = (int32_t)name_size(&name),
                    .line = name.line,
                    .column = name.column,
                    .mark = out->marks};
    tag.width = characters(s->text + tag.name, (size_t)tag.name_size);
    bool empty = false;
    sx_status st = check_start(s, &tag);
    step(s, 1 + (size_t)tag.name_size);
    if (!st)
        st = attributes(s, &tag, &empty);
    tag.content = s->at;
    void *list = out->tag;
    if (!st)
        st = grow(&list, out->tags, &out->tag_room, sizeof tag, s->err);
    out->tag = list;
    if (!st) {
        if (!empty)
            s->open[s->depth++] = out->tags;
        out->tag[out->tags++] = tag;
    }
    return st;
}

static sx_status end_tag(scanner *s)
{
    scanner start = *s;
    step(s, 2);
    size_t size = name_size(s);
    const char *name = s->text + s->at;
    sx_place place = here(s, size ? characters(name, size) : 1);
    if (s->depth == 0)
        return sx_diag_report(s->d, here(&start, place.width + 2), "E101", NULL,
                              "</%.*s> closes nothing: no element is open", shown(size), name);
    const sx_i_tag *tag = &s->out->tag[s->open[s->depth - 1]];
    if (size != (size_t)tag->name_size || memcmp(name, s->text + tag->name, size) != 0) {
        char hint[160];
        snprintf(hint, sizeof hint, "<%.*s> was opened in line %ld and must be closed first",
                 shown((size_t)tag->name_size), s->text + tag->name, (long)tag->line);
        return sx_diag_report(s->d, place, "E101", hint, "</%.*s> closes <%.*s>", shown(size),
                              name, shown((size_t)tag->name_size), s->text + tag->name);
    }
    step(s, size);
    skip_blanks(s);
    if (peek(s) != '>')
        return sx_diag_report(s->d, place, "E101", NULL, "the end tag </%.*s> has no >",
                              shown(size), name);
    step(s, 1);
    s->depth--;
    return SX_OK;
}

/* --- the whole -------------------------------------------------------------------------- */

/* What starts with "<!" or "<?" and is not a tag. */
typedef struct section {
    const char *start, *end, *what;
} section;

static const section sections[] = {{"<![CDATA[", "]]>", "CDATA section"},
                                   {"<!--", "-->", "comment"},
                                   {"<?", "?>", "instruction"}};

static const section *find_section(const scanner *s)
{
    for (size_t i = s->depth > 0 ? 0 : 1; i < sizeof sections / sizeof *sections; i++)
        if (ahead(s, sections[i].start))
            return &sections[i];
    return NULL;
}

static sx_status other_markup(scanner *s)
{
    const section *k = find_section(s);
    if (ahead(s, "<!DOCTYPE"))
        return sx_diag_report(s->d, here(s, 9), "E102", "remove it; no entity is ever expanded",
                              "a document type (DOCTYPE) is not allowed");
    if (!k)
        return sx_diag_report(s->d, here(s, 2), "E101", "write &lt; for the character <",
                              "a <! that starts no comment");
    if (ahead(s, "<?xml ") && s->at > s->first)
        return sx_diag_report(s->d, here(s, 5), "E101", "remove what stands before it",
                              "the XML declaration is not at the very start of the file");
    size_t size = sx_i_xml_markup(s->text + s->at, s->size - s->at), n = strlen(k->end);
    if (size < n || memcmp(s->text + s->at + size - n, k->end, n) != 0)
        return sx_diag_report(s->d, here(s, (int32_t)strlen(k->start)), "E101", NULL,
                              "this %s has no closing %s", k->what, k->end);
    step(s, size);
    return SX_OK;
}

static sx_status character_data(scanner *s)
{
    if (s->depth == 0 && !blank(peek(s)))
        return sx_diag_report(s->d, here(s, 1), "E101", NULL,
                              "text outside of the root element");
    if (peek(s) == '&')
        return reference(s);
    step(s, 1);
    return SX_OK;
}

static sx_status item(scanner *s)
{
    if (peek(s) != '<')
        return character_data(s);
    if (ahead(s, "</"))
        return end_tag(s);
    if (ahead(s, "<!") || ahead(s, "<?"))
        return other_markup(s);
    return start_tag(s);
}

static sx_status check_end(const scanner *s)
{
    if (s->out->tags == 0)
        return sx_diag_report(s->d, (sx_place){s->file, 0, 0, 1}, "E101",
                              "a specification is one element <mdp version=\"1\">",
                              "the file has no element");
    if (s->depth == 0)
        return SX_OK;
    const sx_i_tag *tag = &s->out->tag[s->open[s->depth - 1]];
    sx_place place = {s->file, tag->line, tag->column, tag->width};
    return sx_diag_report(s->d, place, "E101", NULL, "the file ends before </%.*s>",
                          shown((size_t)tag->name_size), s->text + tag->name);
}

sx_status sx_i_xml_scan(const char *file, const char *text, size_t size, sx_diags *d,
                        sx_i_scan *out, sx_error *err)
{
    scanner s = {.file = file,
                 .text = text,
                 .size = size,
                 .line = 1,
                 .column = 1,
                 .d = d,
                 .out = out,
                 .err = err};
    if (size > SX_XML_SIZE)
        return sx_diag_report(
            d, (sx_place){file, 0, 0, 1}, "E105",
            "bulk data belongs in a .npy or CSV file beside the specification",
            "the file is larger than 64 MiB");
    sx_status st = check_mark(&s);
    if (!st)
        st = check_encoding(&s);
    if (!st)
        st = check_bytes(&s);
    while (!st && s.at < s.size)
        st = item(&s);
    return st ? st : check_end(&s);
}
