/* SPDX-License-Identifier: GPL-3.0-or-later */
/* starve_xml.h - allocators for xmlMemSetup that fail when xml_allowed have been made. */
#ifndef STARVE_XML_H
#define STARVE_XML_H

#include <libxml/xmlmemory.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* libxml2's own allocations, counted down to the one that fails. */
static long xml_allowed = -1, xml_failures;

static inline bool xml_refuses(void)
{
    bool refuse = xml_allowed == 0;
    xml_failures += refuse;
    xml_allowed -= xml_allowed > 0;
    return refuse;
}

static inline void *xml_malloc(size_t size)
{
    return xml_refuses() ? NULL : malloc(size);
}

static inline void *xml_realloc(void *old, size_t size)
{
    return xml_refuses() ? NULL : realloc(old, size);
}

static inline char *xml_strdup(const char *text)
{
    return xml_refuses() ? NULL : strdup(text);
}

#endif
