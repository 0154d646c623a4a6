/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xsd.c - the grammar as an XML Schema 1.0. */
#include "mdp/xsd.h"
#include "mdp/grammar_int.h"

#include <math.h>
#include <string.h>

static void documentation(sx_i_text *t, const char *margin, const char *text)
{
    sx_i_text_add(t, "%s<xs:annotation><xs:documentation>", margin);
    sx_i_text_escape(t, text);
    sx_i_text_add(t, "</xs:documentation></xs:annotation>\n");
}

#define DECIMAL "(\\d+(\\.\\d*)?|\\.\\d+)([eE][+\\-]?\\d+)?"

/* A decimal within its bounds, or a fraction, whose value a schema cannot see. */
static void number_type(sx_i_text *t, const sx_value_type *type)
{
    sx_i_text_add(t, "    <xs:union>\n      <xs:simpleType>\n"
                     "        <xs:restriction base=\"xs:double\">\n"
                     "          <xs:pattern value=\"[+\\-]?" DECIMAL "\"/>\n");
    if (!isnan(type->least))
        sx_i_text_add(t, "          <xs:minInclusive value=\"%g\"/>\n", type->least);
    if (!isnan(type->most))
        sx_i_text_add(t, "          <xs:max%sclusive value=\"%g\"/>\n",
                      type->below ? "Ex" : "In", type->most);
    sx_i_text_add(t,
                  "        </xs:restriction>\n      </xs:simpleType>\n      <xs:simpleType>\n"
                  "        <xs:restriction base=\"xs:string\">\n"
                  "          <xs:pattern value=\"\\s*[+\\-]?" DECIMAL "/" DECIMAL "\\s*\"/>\n"
                  "        </xs:restriction>\n      </xs:simpleType>\n    </xs:union>\n");
}

static void simple_type(sx_i_text *t, const sx_value_type *type)
{
    sx_i_text_add(t, "  <xs:simpleType name=\"%s\">\n", type->name);
    documentation(t, "    ", type->what);
    if (type->base)
        sx_i_text_add(t, "    <xs:restriction base=\"%s\">%s</xs:restriction>\n", type->base,
                      type->facets);
    else
        number_type(t, type);
    sx_i_text_add(t, "  </xs:simpleType>\n");
}

static void choice(sx_i_text *t, const char *choices)
{
    const char *word;
    size_t size = 0;
    sx_i_text_add(t, "      <xs:simpleType>\n        <xs:restriction base=\"xs:string\">\n");
    while ((word = sx_grammar_next(&choices, &size)))
        sx_i_text_add(t, "          <xs:enumeration value=\"%.*s\"/>\n", (int)size, word);
    sx_i_text_add(t, "        </xs:restriction>\n      </xs:simpleType>\n");
}

static void attribute(sx_i_text *t, const sx_rule *r)
{
    sx_i_text_add(t, "    <xs:attribute name=\"%s\"", r->name);
    if (r->kind != SX_VALUE_CHOICE)
        sx_i_text_add(t, " type=\"%s\"", sx_value_types[r->kind].name);
    if (r->required)
        sx_i_text_add(t, " use=\"required\"");
    if (r->fallback)
        sx_i_text_add(t, " default=\"%s\"", r->fallback);
    sx_i_text_add(t, ">\n");
    documentation(t, "      ", r->meaning);
    if (r->kind == SX_VALUE_CHOICE)
        choice(t, r->choices);
    sx_i_text_add(t, "    </xs:attribute>\n");
}

static void occurs(sx_i_text *t, const sx_particle *p)
{
    if (p->least != 1)
        sx_i_text_add(t, " minOccurs=\"%d\"", p->least);
    if (p->most == SX_MANY)
        sx_i_text_add(t, " maxOccurs=\"unbounded\"");
    else if (p->most != 1)
        sx_i_text_add(t, " maxOccurs=\"%d\"", p->most);
}

static void particle(sx_i_text *t, const sx_particle *p)
{
    const char *types = p->types, *word;
    size_t size = 0;
    if (strcmp(types, "*") == 0) {
        sx_i_text_add(t, "      <xs:any");
        occurs(t, p);
        sx_i_text_add(t, " processContents=\"skip\"/>\n");
        return;
    }
    sx_i_text_add(t, "      <xs:choice");
    occurs(t, p);
    sx_i_text_add(t, ">\n");
    while ((word = sx_grammar_next(&types, &size))) {
        char type[32] = "";
        memcpy(type, word, size < sizeof type ? size : sizeof type - 1);
        const sx_element *e = sx_grammar_find(type);
        sx_i_text_add(t, "        <xs:element name=\"%s\" type=\"%s-element\"/>\n",
                      e ? e->name : type, type);
    }
    sx_i_text_add(t, "      </xs:choice>\n");
}

static void complex_type(sx_i_text *t, const sx_element *e)
{
    sx_i_text_add(t, "  <xs:complexType name=\"%s-element\"%s>\n", e->type,
                  e->text ? " mixed=\"true\"" : "");
    documentation(t, "    ", e->meaning);
    if (e->content) {
        sx_i_text_add(t, "    <xs:sequence>\n");
        for (const sx_particle *p = e->content; p->types; p++)
            particle(t, p);
        sx_i_text_add(t, "    </xs:sequence>\n");
    }
    for (const sx_rule *r = e->rules; r && r->name; r++)
        attribute(t, r);
    sx_i_text_add(t, "  </xs:complexType>\n");
}

sx_status sx_xsd_format(char **text, sx_error *err)
{
    sx_i_text t = {0};
    sx_i_text_add(&t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
                      "<!-- Made from the table in mdp/grammar.c; for editors and xmllint. "
                      "-->\n");
    sx_i_text_add(&t, "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n");
    sx_i_text_add(&t, "  <xs:element name=\"%s\" type=\"%s-element\"/>\n", sx_grammar[0].name,
                  sx_grammar[0].type);
    for (const sx_element *e = sx_grammar; e->type; e++)
        complex_type(&t, e);
    for (size_t i = 0; i < SX_VALUE_KINDS; i++)
        if (sx_value_types[i].name)
            simple_type(&t, &sx_value_types[i]);
    sx_i_text_add(&t, "</xs:schema>\n");
    return sx_i_text_take(&t, text, err);
}
