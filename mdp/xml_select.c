/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml_select.c - which selectors look forward only.
 *
 * A lexer of XPath, not a parser: what is malformed is left to libxml2, and in doubt a path
 * inside of brackets is taken for one that begins at the document. */
#include "mdp/edit_int.h"

#include <string.h>

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           (unsigned char)c >= 0x80;
}

/* Is [from, end) one of these words? */
static bool is_word(const char *from, const char *end, const char *const *words)
{
    size_t n = (size_t)(end - from);
    for (; *words; words++)
        if (strlen(*words) == n && strncmp(from, *words, n) == 0)
            return true;
    return false;
}

/* The start of the name that ends before `end` in text. */
static const char *name_before(const char *text, const char *end)
{
    while (end > text && is_name_byte(end[-1]))
        end--;
    return end;
}

/* Does the slash at p, inside of brackets, begin a path at the document? */
static bool is_absolute(const char *sel, const char *p)
{
    static const char *const operators[] = {"and", "or", "div", "mod", NULL};
    char before = p > sel ? p[-1] : '[';
    if (before == '*') /* a name or a product */
        return p - 1 == sel || !strchr("[(,/:@", p[-2]);
    if (is_name_byte(before))
        return is_word(name_before(sel, p), p, operators);
    return !strchr("])./0123456789", before);
}

/* Does the name of an axis that looks back end before p, which is at "::"?  Its start, or NULL.
 */
static const char *axis_back(const char *sel, const char *p, bool inside)
{
    static const char *const axes[] = {
        "ancestor",  "ancestor-or-self",  "preceding", "preceding-sibling",
        "following", "following-sibling", "namespace", NULL};
    static const char *const parent[] = {"parent", NULL};
    while (p > sel && strchr(" \t\r\n", p[-1]))
        p--;
    const char *name = name_before(sel, p);
    return is_word(name, p, axes) || (inside && is_word(name, p, parent)) ? name : NULL;
}

/* The byte behind the literal or the byte at p; NULL when it does not end. */
static const char *behind(const char *p)
{
    const char *end = *p == '\'' || *p == '"' ? strchr(p + 1, *p) : p;
    return end ? end + 1 : NULL;
}

const char *sx_i_selector_back(const char *sel)
{
    int depth = 0;
    for (const char *p = sel; p && *p; p = behind(p)) {
        depth += (*p == '[') - (*p == ']');
        bool out = (p[0] == '.' && p[1] == '.') || (*p == '/' && is_absolute(sel, p));
        if (depth > 0 && out)
            return p;
        const char *axis = p[0] == ':' && p[1] == ':' ? axis_back(sel, p, depth > 0) : NULL;
        if (axis)
            return axis;
    }
    return NULL;
}
