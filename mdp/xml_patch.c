/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml_patch.c - RFC 5261 patches on the text of a specification.
 *
 * The text is one that was read before: without document type, small enough, well-formed.  It
 * becomes a tree of libxml2, the edits are taken out of it, the patches of one of them are
 * applied in their order, and the tree is written as text again.  CDATA sections are plain
 * text, so that text() is what XPath says it is: all text between two tags.
 *
 * Selectors are XPath 1.0 that looks forward: no concat(), no axis that looks back or aside,
 * and inside of brackets only what the element holds.  libxml2 counts its steps, which may be a
 * multiple of the size of the tree, but not the text that it copies for a comparison: what is
 * below an element is copied at most once for each element round it. */
#include "mdp/edit_int.h"
#include "mdp/xml_int.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SELECTOR_SIZE 4096 /* bytes of a selector */
#define FREE_OPS      100000
#define OPS_A_NODE    100

enum { SEL, POS, TYPE, ELEMENT = -1 };

typedef struct patcher {
    xmlDocPtr doc;
    xmlNodePtr edit;  /* taken out of the tree */
    const char *text; /* [size] */
    size_t size;
    unsigned long ops; /* that a selector may cost */
    sx_i_patch_fault *fault;
    sx_error *err;
    bool starved;     /* libxml2 had no memory */
    int code, offset; /* of libxml2's first complaint about a selector */
    char message[120];
} patcher;

/* --- complaints ------------------------------------------------------------------------- */

SX_FORMAT(5, 6)
static sx_status complain(patcher *p, int32_t text, const char *code, const char *hint,
                          const char *format, ...)
{
    va_list args;
    if (p->starved)
        return sx_nomem(p->err);
    va_start(args, format);
    vsnprintf(p->fault->message, sizeof p->fault->message, format, args);
    va_end(args);
    p->fault->text = text;
    p->fault->code = code;
    p->fault->hint = hint;
    return SX_EINPUT;
}

static void on_error(void *context, xmlErrorPtr error)
{
    patcher *p = context;
    if (!error || error->code == XML_ERR_NO_MEMORY || !error->message) {
        p->starved = true;
        return;
    }
    if (p->message[0])
        return;
    snprintf(p->message, sizeof p->message, "%.*s", (int)strcspn(error->message, "\n"),
             error->message);
    p->code = error->code;
    p->offset = error->int1;
}

/* What libxml2 would print. */
SX_FORMAT(2, 3) static void on_print(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

/* SX_OK, unless libxml2 lacked memory. */
static sx_status fed(const patcher *p)
{
    return p->starved ? sx_nomem(p->err) : SX_OK;
}

/* --- the step --------------------------------------------------------------------------- */

/* The content of a text node or an attribute's value with the step put in. */
static sx_status step_into(patcher *p, xmlNodePtr n, const char *step)
{
    xmlChar *old = xmlNodeGetContent(n);
    if (!old)
        return fed(p);
    char *new = strstr((char *)old, "{step}") ? sx_i_step_put((char *)old, step) : NULL;
    bool needed = strstr((char *)old, "{step}") != NULL;
    sx_status st = needed && !new ? sx_nomem(p->err) : SX_OK;
    if (new && n->type == XML_ATTRIBUTE_NODE &&
        !xmlSetNsProp(n->parent, n->ns, n->name, (xmlChar *)new))
        p->starved = true;
    else if (new && n->type == XML_TEXT_NODE)
        xmlNodeSetContent(n, (xmlChar *)new);
    sx_release(new);
    xmlFree(old);
    return st ? st : fed(p);
}

/* The same in n and everything below it. */
static sx_status step_below(patcher *p, xmlNodePtr n, const char *step)
{
    sx_status st = n->type == XML_TEXT_NODE ? step_into(p, n, step) : SX_OK;
    if (n->type != XML_ELEMENT_NODE)
        return st;
    for (xmlAttrPtr a = n->properties; a && !st; a = a->next)
        st = step_into(p, (xmlNodePtr)a, step);
    for (xmlNodePtr child = n->children; child && !st; child = child->next)
        st = step_below(p, child, step); /* at most SX_XML_DEPTH deep */
    return st;
}

/* --- the tree --------------------------------------------------------------------------- */

static bool named(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

static sx_status parse(patcher *p, xmlDocPtr *doc)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    *doc = NULL;
    if (!parser)
        return sx_nomem(p->err);
    *doc = xmlCtxtReadMemory(parser, p->text, (int)p->size, NULL, "UTF-8",
                             XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOCDATA |
                                 XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    bool sound = parser->wellFormed && !p->starved && parser->errNo != XML_ERR_NO_MEMORY;
    xmlFreeParserCtxt(parser);
    if (!*doc || !sound)
        return sx_nomem(p->err); /* it was well-formed before */
    return SX_OK;
}

static void count_nodes(const xmlNode *n, unsigned long *count)
{
    for (; n; n = n->next) {
        ++*count;
        if (n->type != XML_ELEMENT_NODE)
            continue;
        for (const xmlAttr *a = n->properties; a; a = a->next)
            ++*count;
        count_nodes(n->children, count); /* at most SX_XML_DEPTH deep */
    }
}

/* Take all edits out of the tree; p->edit: that of this index. */
static void take_edits(patcher *p, int32_t edit)
{
    int32_t i = 0;
    xmlNodePtr next, n = xmlDocGetRootElement(p->doc)->children;
    for (; n; n = next) {
        next = n->next;
        if (!named(n, "edit"))
            continue;
        xmlUnlinkNode(n);
        if (i++ == edit)
            p->edit = n;
        else
            xmlFreeNode(n);
    }
}

static bool is_text(const xmlNode *n)
{
    return n && n->type == XML_TEXT_NODE;
}

/* Texts that stand side by side below n become one. */
static void merge_texts(xmlNodePtr n)
{
    for (xmlNodePtr child = n->children, next; child; child = next) {
        next = child->next;
        if (is_text(child) && is_text(next)) {
            xmlTextMerge(child, next);
            next = child;
        }
    }
}

/* --- selecting -------------------------------------------------------------------------- */

static char *attribute(xmlNodePtr op, const char *name)
{
    return (char *)xmlGetNoNsProp(op, (const xmlChar *)name);
}

static xmlXPathContextPtr new_context(patcher *p, xmlDocPtr doc)
{
    xmlXPathContextPtr x = xmlXPathNewContext(doc);
    if (!x)
        return NULL;
    x->node = (xmlNodePtr)doc;
    x->opLimit = p->ops;
    xmlXPathRegisterFunc(x, (const xmlChar *)"concat", NULL); /* strings grow without bound */
    return x;
}

static bool is_costly(const patcher *p, const xmlXPathContext *x)
{
    int limit = XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED;
    int depth = XML_XPATH_EXPRESSION_OK + XPATH_RECURSION_LIMIT_EXCEEDED;
    return x->opCount >= x->opLimit || p->code == limit || p->code == depth;
}

static sx_status selector_fault(patcher *p, const char *sel, const xmlXPathContext *x)
{
    size_t size = strlen(sel);
    if (is_costly(p, x))
        return complain(p, SEL, "E164", "name the elements on the way instead of using //",
                        "the selector takes too much work");
    p->fault->offset = p->offset > 0 && (size_t)p->offset < size ? (size_t)p->offset : 0;
    p->fault->width = p->fault->offset ? 1 : 0;
    return complain(p, SEL, "E164", "an XPath such as mdp/reward[@id='true']/add[1]/@value",
                    "the selector is no XPath that can be used: %s",
                    p->message[0] ? p->message : "Invalid expression");
}

/* Evaluate sel over doc. */
static sx_status evaluate(patcher *p, xmlDocPtr doc, const char *sel, xmlXPathObjectPtr *out)
{
    xmlXPathContextPtr x = new_context(p, doc);
    *out = NULL;
    p->message[0] = '\0';
    p->code = p->offset = 0;
    if (!x)
        return sx_nomem(p->err);
    *out = xmlXPathEval((const xmlChar *)sel, x);
    p->starved = p->starved || x->lastError.code == XML_ERR_NO_MEMORY;
    sx_status st = *out ? fed(p) : selector_fault(p, sel, x);
    xmlXPathFreeContext(x);
    return st;
}

static int32_t selected(const xmlXPathObject *x)
{
    return x->nodesetval ? x->nodesetval->nodeNr : 0;
}

/* Nothing is selected: perhaps it is a part of an edit? */
static sx_status nothing(patcher *p, const char *sel)
{
    xmlDocPtr whole = NULL;
    xmlXPathObjectPtr x = NULL;
    sx_status st = parse(p, &whole);
    if (!st)
        st = evaluate(p, whole, sel, &x);
    bool edit = !st && selected(x) > 0;
    xmlXPathFreeObject(x);
    xmlFreeDoc(whole);
    if (st)
        return st;
    if (edit)
        return complain(p, SEL, "E165", "edits are no part of the world that is edited",
                        "the selector selects parts of edits only");
    return complain(p, SEL, "E165", "the path begins at the document: mdp/...",
                    "the selector selects nothing");
}

static bool inside(const xmlNode *n, const xmlNode *root)
{
    while (n && n != root)
        n = n->parent;
    return n != NULL;
}

/* The one node that sel selects: an element, an attribute or text of the specification. */
static sx_status judge(patcher *p, const char *sel, const xmlXPathObject *x, xmlNodePtr *out)
{
    const xmlNode *root = xmlDocGetRootElement(p->doc);
    if (x->type != XPATH_NODESET)
        return complain(p, SEL, "E165", "select an element, an attribute or a text",
                        "the selector is a value, not a place");
    if (selected(x) == 0)
        return nothing(p, sel);
    if (selected(x) > 1)
        return complain(p, SEL, "E165", "say which one, as in add[1] or reward[@id='true']",
                        "the selector selects %d places, not one", (int)selected(x));
    xmlNodePtr n = x->nodesetval->nodeTab[0];
    if (n->type == XML_NAMESPACE_DECL || n->type == XML_DOCUMENT_NODE || !inside(n, root))
        return complain(p, SEL, "E166", "select something inside <mdp>",
                        "the selector selects %s",
                        n->type == XML_DOCUMENT_NODE    ? "the document"
                        : n->type == XML_NAMESPACE_DECL ? "a namespace"
                                                        : "something outside <mdp>");
    *out = n;
    return SX_OK;
}

static sx_status backward_fault(patcher *p, const char *sel, const char *at)
{
    p->fault->offset = (size_t)(at - sel);
    p->fault->width = strcspn(at, ":[]()=<> ");
    p->fault->width = p->fault->width ? p->fault->width : 1;
    return complain(p, SEL, "E164",
                    "begin at the document and go down: mdp/reward[@id='true']/add[1]",
                    "the selector looks back or aside");
}

static sx_status find(patcher *p, xmlNodePtr op, xmlNodePtr *out)
{
    char *sel = attribute(op, "sel");
    xmlXPathObjectPtr x = NULL;
    sx_status st;
    if (!sel)
        return sx_nomem(p->err);
    if (strlen(sel) > SELECTOR_SIZE)
        st = complain(p, SEL, "E164", NULL, "the selector has more than %d bytes",
                      SELECTOR_SIZE);
    else
        st = sx_i_selector_back(sel) ? backward_fault(p, sel, sx_i_selector_back(sel))
                                     : evaluate(p, p->doc, sel, &x);
    if (!st)
        st = judge(p, sel, x, out);
    xmlXPathFreeObject(x);
    xmlFree(sel);
    return st;
}

/* --- the three patches ------------------------------------------------------------------ */

static bool is_blank(const xmlNode *n)
{
    const char *text = (const char *)n->content;
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

/* What an op holds: elements, and whether text that is not blank. */
static int32_t count_elements(const xmlNode *op, bool *text)
{
    int32_t elements = 0;
    *text = false;
    for (const xmlNode *n = op->children; n; n = n->next) {
        elements += n->type == XML_ELEMENT_NODE;
        *text = *text || (is_text(n) && !is_blank(n));
    }
    return elements;
}

static const char *kind_name(const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE     ? "an element"
           : n->type == XML_ATTRIBUTE_NODE ? "an attribute"
           : n->type == XML_TEXT_NODE      ? "a text"
                                           : "a comment or an instruction";
}

/* The text of op as the value of attribute `name` of n. */
static sx_status set_attribute(patcher *p, xmlNodePtr op, xmlNodePtr n, xmlNsPtr ns,
                               const xmlChar *name)
{
    xmlChar *value = xmlNodeGetContent(op);
    if (!value || !xmlSetNsProp(n, ns, name, value))
        p->starved = true;
    xmlFree(value);
    return fed(p);
}

static sx_status add_attribute(patcher *p, xmlNodePtr op, xmlNodePtr n, const char *type)
{
    bool text;
    const xmlChar *name = (const xmlChar *)type + 1;
    if (type[0] != '@' || xmlValidateNCName(name, 0) != 0)
        return complain(p, TYPE, "E166", "type=\"@discount\" adds an attribute discount",
                        "type=\"%.60s\" is not the name of an attribute behind @", type);
    if (xmlHasProp(n, name))
        return complain(p, TYPE, "E166", "replace it: sel=\".../@name\"",
                        "<%.60s> has the attribute %.60s already", (const char *)n->name,
                        type + 1);
    if (count_elements(op, &text) > 0)
        return complain(p, ELEMENT, "E166", NULL,
                        "the value of an attribute cannot hold elements");
    return set_attribute(p, op, n, NULL, name);
}

/* n as a child of parent in front of next; NULL: as the last.  libxml2's own functions merge
 * texts at once, and the order is lost. */
static void hang(xmlNodePtr parent, xmlNodePtr next, xmlNodePtr n)
{
    n->parent = parent;
    n->next = next;
    n->prev = next ? next->prev : parent->last;
    if (n->prev)
        n->prev->next = n;
    else
        parent->children = n;
    if (next)
        next->prev = n;
    else
        parent->last = n;
}

/* Copies of what op holds, in front of next. */
static sx_status put_content(patcher *p, const xmlNode *op, xmlNodePtr parent, xmlNodePtr next)
{
    for (xmlNodePtr from = op->children; from; from = from->next) {
        xmlNodePtr copy = xmlDocCopyNode(from, p->doc, 1);
        if (!copy)
            return sx_nomem(p->err);
        hang(parent, next, copy);
    }
    merge_texts(parent);
    return fed(p);
}

static sx_status add_content(patcher *p, xmlNodePtr op, xmlNodePtr n, const char *pos)
{
    bool text;
    bool beside = pos && strcmp(pos, "prepend") != 0;
    if (count_elements(op, &text) == 0 && !text)
        return complain(p, ELEMENT, "E166", NULL, "<add> adds nothing");
    if (beside && n == xmlDocGetRootElement(p->doc))
        return complain(p, SEL, "E166", NULL, "nothing can stand beside <mdp>");
    if (beside)
        return put_content(p, op, n->parent, strcmp(pos, "before") == 0 ? n : n->next);
    return put_content(p, op, n, pos ? n->children : NULL);
}

static sx_status apply_add(patcher *p, xmlNodePtr op, xmlNodePtr n)
{
    char *pos = attribute(op, "pos"), *type = attribute(op, "type");
    sx_status st = fed(p);
    if (!st && n->type != XML_ELEMENT_NODE)
        st = complain(p, SEL, "E166", "select the element that holds it",
                      "<add> adds to an element, and the selector selects %s", kind_name(n));
    else if (!st && type && pos)
        st = complain(p, POS, "E166", "leave out pos=", "attributes have no order");
    else if (!st && type)
        st = add_attribute(p, op, n, type);
    else if (!st)
        st = add_content(p, op, n, pos);
    xmlFree(pos);
    xmlFree(type);
    return st;
}

static sx_status replace_element(patcher *p, xmlNodePtr op, xmlNodePtr n)
{
    bool text;
    const xmlNode *root = xmlDocGetRootElement(p->doc);
    int32_t elements = count_elements(op, &text);
    xmlNodePtr from = op->children;
    if (n == root)
        return complain(p, SEL, "E166", NULL, "<mdp> itself cannot be replaced");
    if (elements != 1 || text)
        return complain(p, ELEMENT, "E166",
                        "remove the element and add others for anything else",
                        "an element is replaced by exactly one element");
    while (from->type != XML_ELEMENT_NODE)
        from = from->next;
    xmlNodePtr copy = xmlDocCopyNode(from, p->doc, 1);
    if (!copy || p->starved) {
        xmlFreeNode(copy);
        return sx_nomem(p->err);
    }
    xmlReplaceNode(n, copy);
    xmlFreeNode(n);
    return fed(p);
}

static sx_status apply_replace(patcher *p, xmlNodePtr op, xmlNodePtr n)
{
    bool text;
    if (n->type == XML_ELEMENT_NODE)
        return replace_element(p, op, n);
    if (count_elements(op, &text) > 0)
        return complain(p, ELEMENT, "E166", NULL, "%s cannot be replaced by elements",
                        kind_name(n));
    if (n->type == XML_ATTRIBUTE_NODE)
        return set_attribute(p, op, n->parent, n->ns, n->name);
    if (!is_text(n))
        return complain(p, SEL, "E166", NULL,
                        "the selector selects a comment or an instruction");
    xmlChar *content = xmlNodeGetContent(op);
    if (content)
        xmlNodeSetContent(n, content);
    p->starved |= !content;
    xmlFree(content);
    return fed(p);
}

static sx_status apply_remove(patcher *p, xmlNodePtr n)
{
    xmlNodePtr parent = n->parent;
    if (n == xmlDocGetRootElement(p->doc))
        return complain(p, SEL, "E166", NULL, "<mdp> itself cannot be removed");
    if (n->type == XML_ATTRIBUTE_NODE) {
        xmlRemoveProp((xmlAttrPtr)n);
        return SX_OK;
    }
    xmlUnlinkNode(n);
    xmlFreeNode(n);
    merge_texts(parent);
    return fed(p);
}

static sx_status apply(patcher *p, xmlNodePtr op)
{
    xmlNodePtr n = NULL;
    sx_status st = find(p, op, &n);
    if (!st && named(op, "add"))
        st = apply_add(p, op, n);
    else if (!st && named(op, "replace"))
        st = apply_replace(p, op, n);
    else if (!st)
        st = apply_remove(p, n);
    return st;
}

static bool is_patch(const xmlNode *n)
{
    return named(n, "add") || named(n, "replace") || named(n, "remove");
}

static sx_status apply_all(patcher *p, const char *step)
{
    sx_status st = step ? step_below(p, p->edit, step) : SX_OK;
    int32_t patch = 0;
    for (xmlNodePtr op = p->edit->children; op && !st; op = op->next)
        if (is_patch(op)) {
            p->fault->patch = patch++;
            st = apply(p, op);
        }
    return st;
}

/* --- the whole -------------------------------------------------------------------------- */

static sx_status write_text(patcher *p, char **out, size_t *size)
{
    xmlChar *bytes = NULL;
    int n = 0;
    xmlDocDumpMemoryEnc(p->doc, &bytes, &n, "UTF-8");
    sx_status st = bytes && n > 0 ? fed(p) : sx_nomem(p->err);
    if (!st) {
        *out = sx_alloc((size_t)n + 1, 1);
        st = *out ? SX_OK : sx_nomem(p->err);
    }
    if (!st) {
        memcpy(*out, bytes, (size_t)n);
        *size = (size_t)n;
    }
    xmlFree(bytes);
    return st;
}

static sx_status patch_text(patcher *p, int32_t edit, const char *step, char **out,
                            size_t *size)
{
    unsigned long nodes = 0;
    sx_status st = parse(p, &p->doc);
    if (st)
        return st;
    count_nodes(p->doc->children, &nodes);
    p->ops = FREE_OPS + OPS_A_NODE * nodes;
    take_edits(p, edit);
    merge_texts(xmlDocGetRootElement(p->doc)); /* those before and behind an edit */
    if (!p->edit)
        return sx_fail(p->err, SX_EARG, "the specification has no edit %d", (int)edit);
    st = fed(p);
    if (!st)
        st = apply_all(p, step);
    return st ? st : write_text(p, out, size);
}

/* libxml2 has one handler a thread for errors that belong to no context, and one for what it
 * prints: they are ours for this call, then put back. */
sx_status sx_i_xml_patch(const sx_i_patching *job, char **out, size_t *out_size,
                         sx_i_patch_fault *fault, sx_error *err)
{
    patcher p = {.text = job->text, .size = job->size, .fault = fault, .err = err};
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    *out = NULL;
    *fault = (sx_i_patch_fault){.patch = -1};
    xmlGenericErrorFunc printer = xmlGenericError;
    void *stream = xmlGenericErrorContext;
    xmlSetStructuredErrorFunc(&p, on_error);
    xmlSetGenericErrorFunc(NULL, on_print);
    sx_status st = patch_text(&p, job->edit, job->step, out, out_size);
    if (p.edit)
        xmlFreeNode(p.edit);
    xmlFreeDoc(p.doc);
    xmlSetStructuredErrorFunc(context, handler);
    xmlSetGenericErrorFunc(stream, printer);
    if (st)
        *out = sx_release(*out);
    return st;
}
