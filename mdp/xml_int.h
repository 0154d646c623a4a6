/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml_int.h - places of everything in an XML file, found by a scanner of the raw bytes.
 *
 * libxml2's trees know lines only.  The scanner lexes the text once before libxml2 sees it,
 * refuses what is not wanted or too large, and lists tags and attributes in document order:
 * the n-th start tag of the scanner is the n-th element of libxml2. */
#ifndef SX_XML_INT_H
#define SX_XML_INT_H

#include "mdp/xml.h"

#define SX_XML_SIZE       ((size_t)64 << 20) /* bytes of a file */
#define SX_XML_DEPTH      64                 /* elements inside each other */
#define SX_XML_VALUE      ((size_t)1 << 20)  /* bytes of an attribute value */
#define SX_XML_ATTRIBUTES 64                 /* of one element */
#define SX_XML_ELEMENTS   ((int64_t)2 << 20) /* of a file */
#define SX_XML_MARKS      ((int64_t)6 << 20) /* attributes of a file */

/* An attribute in the raw text. */
typedef struct sx_i_mark {
    size_t name, value; /* byte offsets */
    int32_t name_size, value_size;
    int32_t name_line, name_column, name_width;    /* in characters */
    int32_t value_line, value_column, value_width; /* inside the quotes */
} sx_i_mark;

/* A start tag in the raw text. */
typedef struct sx_i_tag {
    size_t name, content; /* byte offsets: of the name, and behind the '>' */
    int32_t name_size;
    int32_t line, column, width; /* of the name */
    int32_t marks;
    int64_t mark; /* its first attribute */
} sx_i_tag;

typedef struct sx_i_scan {
    int64_t tags, marks;
    int64_t tag_room, mark_room;
    sx_i_tag *tag;
    sx_i_mark *mark;
} sx_i_scan;

/* Scan text [size] of the file of that name; the first problem is reported to d.  *out must
 * be zero; release its arrays in any case.  SX_EINPUT (reported), SX_EMEM. */
SX_CHECKED sx_status sx_i_xml_scan(const char *file, const char *text, size_t size, sx_diags *d,
                                   sx_i_scan *out, sx_error *err);

/* The offset of the first byte that no XML file in UTF-8 may hold, or size. */
size_t sx_i_xml_bad_byte(const char *text, size_t size);

/* The bytes that the reference at text ("&lt;" ...) takes and stands for (UTF-8 in value),
 * or 0 when there is none that XML itself defines. */
size_t sx_i_xml_reference(const char *text, size_t size, char value[4], size_t *value_size);

/* The size of the piece of markup at text ("<...") up to its '>': a tag, comment, CDATA
 * section or instruction; size when it has no end. */
size_t sx_i_xml_markup(const char *text, size_t size);

#endif
