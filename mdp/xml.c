/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml.c - the tree: what libxml2 parsed, where the scanner found it.
 *
 * libxml2 runs with a context per call and our own event handler: it loads nothing, expands
 * nothing (there is no document type: the scanner refused it), prints nothing and builds no
 * tree of its own.  Events come in the order of the scanner's lists. */
#include "mdp/xml_int.h"

#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

#define CHUNK ((size_t)64 << 10)

/* Memory of a tree: released as a whole. */
typedef struct chunk {
    struct chunk *before;
    size_t used, size;
} chunk;

struct sx_xml {
    char *file, *text;
    size_t size;
    sx_node *root;
    chunk *memory;
};

/* What is known while libxml2 parses. */
typedef struct builder {
    sx_xml *x;
    const sx_i_scan *scan;
    int64_t tag; /* the next one */
    int32_t depth;
    sx_node *open[SX_XML_DEPTH + 1], *last[SX_XML_DEPTH + 1]; /* and its last child */
    char *run; /* text of the open elements, one behind the other */
    size_t used, room;
    size_t start[SX_XML_DEPTH + 1]; /* of the text of each open element in run */
    xmlParserCtxtPtr parser;
    sx_status st; /* the first failure of ours */
    int line, column;
    char message[200]; /* libxml2's first error */
} builder;

/* --- memory ----------------------------------------------------------------------------- */

/* size zeroed bytes, aligned for anything, that live as long as the tree. */
static void *take(sx_xml *x, size_t size)
{
    size_t need = (size + 15) & ~(size_t)15, head = (sizeof(chunk) + 15) & ~(size_t)15;
    chunk *c = x->memory;
    if (!c || c->size - c->used < need) {
        size_t room = need > CHUNK - head ? need + head : CHUNK;
        c = sx_alloc(room, 1);
        if (!c)
            return NULL;
        *c = (chunk){x->memory, head, room};
        x->memory = c;
    }
    void *p = (char *)c + c->used;
    c->used += need;
    return p;
}

static char *take_text(sx_xml *x, const char *text, size_t size)
{
    char *copy = take(x, size + 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

sx_xml *sx_xml_free(sx_xml *x)
{
    if (!x)
        return NULL;
    for (chunk *c = x->memory, *before; c; c = before) {
        before = c->before;
        sx_release(c);
    }
    sx_release(x->file);
    sx_release(x->text);
    return sx_release(x);
}

/* --- libxml2's events --------------------------------------------------------------------- */

static void stop(builder *b, sx_status st)
{
    if (!b->st)
        b->st = st;
    xmlStopParser(b->parser);
}

/* libxml2 leaves an ampersand in a value as "&#38;" when it replaces no entities. */
static char *take_value(sx_xml *x, const char *text, size_t size)
{
    static const char ampersand[] = "&#38;";
    const size_t n = sizeof ampersand - 1;
    char *copy = take_text(x, text, size), *to = copy;
    for (size_t i = 0; copy && i < size; to++) {
        bool found = copy[i] == '&' && i + n <= size && memcmp(copy + i, ampersand, n) == 0;
        *to = copy[i];
        i += found ? n : 1;
    }
    if (copy)
        *to = '\0';
    return copy;
}

/* Fill attribute a from libxml2's five pointers and the scanner's mark. */
static sx_status fill_attr(builder *b, sx_attr *a, const xmlChar **from, const sx_i_mark *m)
{
    const char *name = (const char *)from[0], *raw = b->x->text + m->name;
    if (strlen(name) != (size_t)m->name_size || memcmp(name, raw, (size_t)m->name_size) != 0)
        return SX_EFAULT;
    a->name = take_text(b->x, name, (size_t)m->name_size);
    a->value = take_value(b->x, (const char *)from[3], (size_t)(from[4] - from[3]));
    a->name_place = (sx_place){b->x->file, m->name_line, m->name_column, m->name_width};
    a->value_place = (sx_place){b->x->file, m->value_line, m->value_column, m->value_width};
    a->raw = m->value;
    return a->name && a->value ? SX_OK : SX_EMEM;
}

/* The attributes of n: those of libxml2 [count] without prefix are those of the scanner. */
static sx_status fill_attrs(builder *b, sx_node *n, const sx_i_tag *tag, int count,
                            const xmlChar **from)
{
    sx_status st = SX_OK;
    int32_t k = 0;
    n->attr = take(b->x, (size_t)tag->marks * sizeof *n->attr);
    if (!n->attr)
        return SX_EMEM;
    for (int i = 0; i < count && !st; i++, from += 5) {
        if (from[1])
            continue; /* a link to a schema */
        st = k < tag->marks ? fill_attr(b, &n->attr[k], from, &b->scan->mark[tag->mark + k])
                            : SX_EFAULT;
        k++;
    }
    n->attrs = k;
    return !st && k != tag->marks ? SX_EFAULT : st;
}

/* Hang n below the open element. */
static void hang(builder *b, sx_node *n)
{
    n->parent = b->depth ? b->open[b->depth - 1] : NULL;
    if (!n->parent)
        b->x->root = n;
    else if (b->last[b->depth - 1])
        b->last[b->depth - 1]->next = n;
    else
        n->parent->child = n;
    if (n->parent)
        b->last[b->depth - 1] = n;
    b->start[b->depth] = b->used;
    b->last[b->depth] = NULL;
    b->open[b->depth++] = n;
}

/* The element of that name with libxml2's attributes, which the scanner found at tag. */
static sx_status new_node(builder *b, const sx_i_tag *tag, const char *name, int count,
                          const xmlChar **attr)
{
    const char *raw = b->x->text + tag->name;
    size_t size = strlen(name);
    if (size != (size_t)tag->name_size || memcmp(name, raw, size) != 0)
        return SX_EFAULT;
    sx_node *n = take(b->x, sizeof *n);
    if (!n)
        return SX_EMEM;
    n->name = take_text(b->x, raw, size);
    n->text = "";
    n->place = (sx_place){b->x->file, tag->line, tag->column, tag->width};
    n->start = tag->name;
    n->raw = tag->content;
    sx_status st = n->name ? fill_attrs(b, n, tag, count, attr) : SX_EMEM;
    if (!st)
        hang(b, n);
    return st;
}

/* NOLINTNEXTLINE(readability-function-size): the parameters are libxml2's */
static void on_start(void *context, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int namespaces, const xmlChar **declared, int attrs,
                     int defaulted, const xmlChar **attr)
{
    builder *b = context;
    (void)prefix, (void)uri, (void)namespaces, (void)declared, (void)defaulted;
    sx_status st = SX_EFAULT;
    if (!b->st && b->tag < b->scan->tags && b->depth < SX_XML_DEPTH)
        st = new_node(b, &b->scan->tag[b->tag++], (const char *)name, attrs, attr);
    if (st)
        stop(b, st);
}

static void on_text(void *context, const xmlChar *text, int size)
{
    builder *b = context;
    size_t n = (size_t)size;
    if (b->st || b->depth == 0)
        return;
    if (b->room - b->used < n) {
        size_t room = b->room + b->room / 2 + n + 256;
        char *grown = sx_realloc(b->run, room, 1);
        if (!grown) {
            stop(b, SX_EMEM);
            return;
        }
        b->run = grown;
        b->room = room;
    }
    if (n)
        memcpy(b->run + b->used, text, n);
    b->used += n;
}

static bool all_blank(const char *text, size_t size)
{
    size_t i = 0;
    while (i < size && strchr(" \t\r\n", text[i]) && text[i])
        i++;
    return i == size;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    builder *b = context;
    (void)name, (void)prefix, (void)uri;
    if (b->st || b->depth == 0)
        return;
    sx_node *n = b->open[--b->depth];
    size_t start = b->start[b->depth], size = b->used - start;
    b->used = start;
    if (size == 0 || (n->child && all_blank(b->run + start, size)))
        return;
    n->text = take_text(b->x, b->run + start, size);
    if (!n->text)
        stop(b, SX_EMEM);
}

static void on_error(void *context, xmlErrorPtr error)
{
    builder *b = context;
    if (error && (error->code == XML_ERR_NO_MEMORY || !error->message) && !b->st)
        b->st = SX_EMEM;
    if (b->message[0] || !error || error->level < XML_ERR_ERROR)
        return;
    b->line = error->line;
    b->column = error->int2;
    const char *text = error->message ? error->message : "unknown error";
    size_t n = strcspn(text, "\n");
    n = n < sizeof b->message ? n : sizeof b->message - 1;
    memcpy(b->message, n ? text : "unknown error", n ? n : sizeof "unknown error");
}

/* --- parsing ------------------------------------------------------------------------------ */

/* Turn what libxml2 said into a message. */
static sx_status refused(const builder *b, sx_diags *d)
{
    sx_place place = {b->x->file, b->line > 0 ? b->line : 0, b->column > 0 ? b->column : 1, 1};
    return sx_diag_report(d, place, "E101", NULL, "this is not well-formed XML: %s",
                          b->message);
}

/* A parser that tells b; NULL without memory. */
static xmlParserCtxtPtr new_parser(builder *b)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text,
                         .serror = on_error};
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser && !parser->sax) {
        xmlFreeParserCtxt(parser);
        return NULL;
    }
    if (parser) {
        *parser->sax = sax;
        parser->userData = b;
    }
    return parser;
}

/* What came of the parsing: every failure of libxml2 itself that left no message is one of
 * memory. */
static sx_status verdict(const builder *b, sx_diags *d, sx_error *err)
{
    const sx_xml *x = b->x;
    bool sound = b->parser->wellFormed && b->parser->nsWellFormed && !b->message[0];
    bool silent = !b->message[0] && (!sound || b->tag == 0);
    if (b->st == SX_EMEM || b->parser->errNo == XML_ERR_NO_MEMORY || (!b->st && silent))
        return sx_nomem(err);
    if (!b->st && !sound)
        return refused(b, d);
    if (b->st || b->tag != b->scan->tags || !x->root)
        return sx_fail(err, SX_EFAULT, "%s: the places of its elements were lost", x->file);
    return SX_OK;
}

/* libxml2 has a handler for errors without a context (and prints where there is none), one
 * per thread: it is ours for this call, then put back. */
static sx_status run_parser(builder *b, sx_diags *d, sx_error *err)
{
    sx_xml *x = b->x;
    if (x->size > INT_MAX)
        return sx_fail(err, SX_ELIMIT, "%s is too large", x->file);
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(b, on_error);
    b->parser = new_parser(b);
    sx_status st = b->parser ? SX_OK : sx_nomem(err);
    if (!st) {
        xmlFreeDoc(xmlCtxtReadMemory(b->parser, x->text, (int)x->size, NULL, "UTF-8",
                                     XML_PARSE_NONET | XML_PARSE_HUGE));
        st = verdict(b, d, err);
    }
    xmlFreeParserCtxt(b->parser);
    xmlSetStructuredErrorFunc(context, handler);
    return st;
}

/* An empty tree with copies of the name and the text, known to d. */
static sx_status new_xml(const char *file, const char *text, size_t size, sx_diags *d,
                         sx_xml **out, sx_error *err)
{
    *out = sx_alloc(1, sizeof **out);
    sx_xml *x = *out;
    if (!x)
        return sx_nomem(err);
    x->file = sx_strdup(file);
    x->text = sx_alloc(size + 1, 1);
    if (!x->file || !x->text)
        return sx_nomem(err);
    if (size)
        memcpy(x->text, text, size);
    x->size = size;
    return d ? sx_diags_source(d, x->file, x->text, size, err) : SX_OK;
}

sx_status sx_xml_parse(const char *file, const char *text, size_t size, sx_diags *d,
                       sx_xml **out, sx_error *err)
{
    sx_i_scan scan = {0};
    builder *b = sx_alloc(1, sizeof *b);
    sx_xml *x = NULL;
    sx_status st = b ? new_xml(file, text, size, d, &x, err) : sx_nomem(err);
    if (!st)
        st = sx_i_xml_scan(x->file, x->text, size, d, &scan, err);
    if (!st) {
        b->x = x;
        b->scan = &scan;
        st = run_parser(b, d, err);
    }
    if (st == SX_EINPUT)
        sx_fail(err, st, "%s is not a usable XML file", file);
    if (b)
        sx_release(b->run);
    sx_release(b);
    sx_release(scan.tag);
    sx_release(scan.mark);
    if (st && d)
        sx_diags_forget(d, file);
    *out = st ? sx_xml_free(x) : x;
    return st;
}

/* --- the tree ----------------------------------------------------------------------------- */

sx_node *sx_xml_root(const sx_xml *x)
{
    return x->root;
}

char *sx_xml_take_text(sx_xml *x, size_t *size)
{
    char *text = x->text;
    *size = x->size;
    x->text = NULL;
    return text;
}

const sx_attr *sx_node_attr(const sx_node *n, const char *name)
{
    for (int32_t i = 0; i < n->attrs; i++)
        if (strcmp(n->attr[i].name, name) == 0)
            return &n->attr[i];
    return NULL;
}

const char *sx_node_value(const sx_node *n, const char *name)
{
    const sx_attr *a = sx_node_attr(n, name);
    return a ? a->value : NULL;
}

/* --- places inside values and text -------------------------------------------------------- */

/* Bytes of the raw text [size] that give the next piece of the value, and the bytes of it. */
static size_t piece(const char *raw, size_t size, size_t *value)
{
    char utf8[4];
    size_t n = raw[0] == '&' ? sx_i_xml_reference(raw, size, utf8, value) : 0;
    if (n)
        return n;
    *value = 1;
    return size > 1 && raw[0] == '\r' && raw[1] == '\n' ? 2 : 1;
}

/* The size of the element whose start tag is at p, its end tag included. */
static size_t element_size(const char *p, size_t size)
{
    size_t i = 0;
    int32_t depth = 0;
    do {
        if (p[i] != '<') {
            i++;
            continue;
        }
        size_t n = sx_i_xml_markup(p + i, size - i);
        bool end = p[i + 1] == '/', other = p[i + 1] == '!' || p[i + 1] == '?';
        if (!other && (end || p[i + n - 2] != '/'))
            depth += end ? -1 : 1;
        i += n;
    } while (depth > 0 && i < size);
    return i;
}

/* The size of what stands at p [size] between pieces of text: a comment, an instruction, the
 * frame of a CDATA section (*cdata: inside of one) or a child; 0 for text. */
static size_t between(const char *p, size_t size, bool *cdata)
{
    if (*cdata) {
        *cdata = size < 3 || memcmp(p, "]]>", 3) != 0;
        return *cdata ? 0 : 3;
    }
    if (p[0] != '<')
        return 0;
    *cdata = size > 9 && memcmp(p, "<![CDATA[", 9) == 0;
    if (*cdata)
        return 9;
    bool element = p[1] != '!' && p[1] != '?';
    return element ? element_size(p, size) : sx_i_xml_markup(p, size);
}

/* Move *at to the next byte of a node's own text.  False at the node's end tag. */
static bool to_text(const sx_xml *x, size_t *at, bool *cdata)
{
    while (*at < x->size) {
        const char *p = x->text + *at;
        if (!*cdata && p[0] == '<' && p[1] == '/')
            return false;
        size_t n = between(p, x->size - *at, cdata);
        if (n == 0)
            return true;
        *at += n;
    }
    return false;
}

/* The place of the byte at offset `at`, which is not before `from`, whose place is known. */
static void move_place(const sx_xml *x, size_t from, size_t at, sx_place *place)
{
    for (size_t i = from; i < at && i < x->size; i++) {
        unsigned char c = (unsigned char)x->text[i];
        if (c == '\n') {
            place->line++;
            place->column = 1;
        } else if ((c & 0xc0) != 0x80) {
            place->column++;
        }
    }
}

/* Offsets in the file of byte `offset` of a value and of the byte behind its last. */
static void raw_range(const sx_xml *x, size_t at, bool text, size_t offset, size_t width,
                      size_t range[2])
{
    bool cdata = false;
    size_t done = 0;
    range[0] = range[1] = at;
    for (bool found = false; at < x->size;) {
        if (text && !to_text(x, &at, &cdata))
            break;
        size_t value = 1;
        size_t n = cdata ? 1 : piece(x->text + at, x->size - at, &value);
        if (!found && done + value > offset) {
            range[0] = at;
            found = true;
        }
        at += n;
        done += value;
        range[1] = at;
        if (found && done >= offset + width)
            return;
    }
    if (done <= offset)
        range[0] = range[1];
}

static sx_place place_of(const sx_xml *x, sx_place from, size_t from_at, const size_t range[2])
{
    sx_place place = from;
    move_place(x, from_at, range[0], &place);
    place.width = 0;
    for (size_t i = range[0]; i < range[1] && x->text[i] != '\n'; i++)
        place.width += ((unsigned char)x->text[i] & 0xc0) != 0x80;
    if (place.width < 1)
        place.width = 1;
    return place;
}

sx_place sx_attr_place(const sx_xml *x, const sx_attr *a, size_t offset, size_t width)
{
    size_t range[2], size = strlen(a->value);
    if (offset >= size) { /* behind the value: its closing quote */
        raw_range(x, a->raw, false, size ? size - 1 : 0, 1, range);
        range[0] = size ? range[1] : a->raw;
        range[1] = range[0] + 1;
    } else {
        raw_range(x, a->raw, false, offset, offset + width > size ? size - offset : width,
                  range);
    }
    return place_of(x, a->value_place, a->raw, range);
}

sx_place sx_text_place(const sx_xml *x, const sx_node *n, size_t offset, size_t width)
{
    size_t range[2];
    raw_range(x, n->raw, true, offset, width, range);
    return place_of(x, n->place, n->start, range);
}
