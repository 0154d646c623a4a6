/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml.h - an XML file as a tree in which everything knows its place.
 *
 * The only header for what libxml2 parsed; libxml2 itself stays in xml.c.  DOCTYPE, entities
 * other than the five of XML, other encodings than UTF-8, nesting deeper than 64, more than 64
 * attributes an element or two million elements, attribute values over 1 MiB and files over
 * 64 MiB are refused with a message. */
#ifndef SX_XML_H
#define SX_XML_H

#include "mdp/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sx_element; /* grammar.h */

typedef struct sx_attr {
    const char *name;
    const char *value; /* entities resolved */
    sx_place name_place;
    sx_place value_place; /* inside the quotes */
    size_t raw;           /* byte offset of the raw value in the file */
} sx_attr;

typedef struct sx_node {
    const char *name;
    const char *text; /* own text, children's excluded; "" for none */
    sx_place place;   /* the name in the start tag */
    size_t start;     /* byte offset of the name in the file */
    size_t raw;       /* byte offset of the content in the file: behind the start tag */
    int32_t attrs;
    sx_attr *attr; /* [attrs] */
    struct sx_node *parent, *child, *next;
    const struct sx_element *rule; /* the row of the grammar it matched, NULL before */
} sx_node;

typedef struct sx_xml sx_xml;

/* Parse text [size]; file is the name for messages.  Problems are reported to d.
 * *out: owned by the caller, keeps its own copy of the text; NULL on failure.
 * SX_EINPUT (reported), SX_EMEM. */
SX_CHECKED sx_status sx_xml_parse(const char *file, const char *text, size_t size, sx_diags *d,
                                  sx_xml **out, sx_error *err);
sx_xml *sx_xml_free(sx_xml *x);

sx_node *sx_xml_root(const sx_xml *x);

/* Hand over the text [*size] of the file, zero-terminated; x is only to be freed after that. */
char *sx_xml_take_text(sx_xml *x, size_t *size);

/* The attribute of that name, or NULL; its value, or NULL. */
const sx_attr *sx_node_attr(const sx_node *n, const char *name);
const char *sx_node_value(const sx_node *n, const char *name);

/* The place of the bytes offset .. offset+width-1 of an attribute's value (entities and
 * newlines in the raw value are accounted for), of a node's text likewise. */
sx_place sx_attr_place(const sx_xml *x, const sx_attr *a, size_t offset, size_t width);
sx_place sx_text_place(const sx_xml *x, const sx_node *n, size_t offset, size_t width);

#ifdef __cplusplus
}
#endif
#endif
