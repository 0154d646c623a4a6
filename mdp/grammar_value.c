/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar_value.c - does a value fit its type? */
#include "mdp/expr.h"
#include "mdp/grammar_int.h"

#include <math.h>
#include <string.h>

#define BLANKS " \t\r\n"

static bool is_name(const char *p, size_t size)
{
    return size > 0 && !(size == 1 && *p == '*') && strcspn(p, BLANKS) >= size;
}

static bool is_names(const char *p)
{
    for (p += strspn(p, BLANKS); *p; p += strspn(p, BLANKS)) {
        size_t size = strcspn(p, BLANKS);
        if (!is_name(p, size))
            return false;
        p += size;
    }
    return true;
}

static bool is_numbers(const char *p)
{
    double x;
    int32_t n = 0;
    for (p += strspn(p, BLANKS); *p; p += strspn(p, BLANKS), n++) {
        char word[64] = "";
        size_t size = strcspn(p, BLANKS);
        if (size >= sizeof word)
            return false;
        memcpy(word, p, size);
        if (!sx_number_read(word, &x))
            return false;
        p += size;
    }
    return n > 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_identifier(const char *p)
{
    if (!is_letter(*p))
        return false;
    while (is_letter(*p) || (*p >= '0' && *p <= '9'))
        p++;
    return !*p;
}

static bool is_symbol(const char *p)
{
    size_t size = 1;
    while (((unsigned char)p[size - 1] && ((unsigned char)p[size] & 0xc0) == 0x80))
        size++;
    return is_name(p, strlen(p)) ? !p[size] : strcmp(p, "*") == 0;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t size = 0, n = strlen(value);
    const char *word;
    while ((word = sx_grammar_next(&choices, &size)))
        if (size == n && memcmp(word, value, n) == 0)
            return true;
    return false;
}

/* Digits with a sign, blanks round them. */
static bool is_whole(const char *p)
{
    p += strspn(p, BLANKS);
    p += *p == '+' || *p == '-';
    size_t digits = strspn(p, "0123456789");
    return digits > 0 && p[digits + strspn(p + digits, BLANKS)] == '\0';
}

static sx_i_verdict judge_number(const sx_value_type *type, const char *value)
{
    double x = 0;
    if (!sx_number_read(value, &x))
        return SX_I_WRONG;
    if (x < type->least)
        return SX_I_LOW;
    return x > type->most || (type->below && x >= type->most) ? SX_I_HIGH : SX_I_FITS;
}

sx_i_verdict sx_i_value_judge(const sx_rule *rule, const char *value)
{
    bool fits = true;
    switch (rule->kind) {
    case SX_VALUE_NAME: fits = is_name(value, strlen(value)); break;
    case SX_VALUE_NAMES: fits = is_names(value); break;
    case SX_VALUE_NUMBERS: fits = is_numbers(value); break;
    case SX_VALUE_IDENTIFIER: fits = is_identifier(value); break;
    case SX_VALUE_SELECTOR: fits = *value && !value[strcspn(value, BLANKS)]; break;
    case SX_VALUE_SYMBOL: fits = is_symbol(value); break;
    case SX_VALUE_CHOICE: fits = is_choice(rule->choices, value); break;
    case SX_VALUE_EXPRESSION:
    case SX_VALUE_FILE: fits = value[strspn(value, BLANKS)] != '\0'; break;
    case SX_VALUE_COUNT:
    case SX_VALUE_SEED:
        if (!is_whole(value))
            return SX_I_WRONG;
        return judge_number(&sx_value_types[rule->kind], value);
    case SX_VALUE_NUMBER:
    case SX_VALUE_PROBABILITY:
    case SX_VALUE_NONNEGATIVE:
    case SX_VALUE_DISCOUNT: return judge_number(&sx_value_types[rule->kind], value);
    case SX_VALUE_TEXT:
    case SX_VALUE_KINDS: break;
    }
    return fits ? SX_I_FITS : SX_I_WRONG;
}

bool sx_value_allowed(const sx_rule *rule, const char *value)
{
    return sx_i_value_judge(rule, value) == SX_I_FITS;
}

void sx_i_choices_text(sx_i_text *t, const char *choices)
{
    size_t size = 0;
    const char *word, *before = "";
    while ((word = sx_grammar_next(&choices, &size))) {
        sx_i_text_add(t, "%s%.*s", before, (int)size, word);
        before = ", ";
    }
}

/* Names, not types, of the alternatives of p: "a" or "(a|b)". */
static void particle_text(sx_i_text *t, const sx_particle *p)
{
    const char *types = p->types, *type, *before = "";
    size_t size = 0;
    bool many = strchr(types, '|') != NULL;
    if (strcmp(types, "*") == 0) {
        sx_i_text_add(t, "any elements");
        return;
    }
    sx_i_text_add(t, "%s", many ? "(" : "");
    while ((type = sx_grammar_next(&types, &size))) {
        char name[32] = "";
        memcpy(name, type, size < sizeof name ? size : sizeof name - 1);
        const sx_element *e = sx_grammar_find(name);
        sx_i_text_add(t, "%s%s", before, e ? e->name : name);
        before = "|";
    }
    const char *times = p->least == 0 ? (p->most == 1 ? "?" : "*") : p->most == 1 ? "" : "+";
    sx_i_text_add(t, "%s%s", many ? ")" : "", times);
}

void sx_i_content_text(sx_i_text *t, const sx_element *e)
{
    for (const sx_particle *p = e->content; p && p->types; p++) {
        particle_text(t, p);
        sx_i_text_add(t, "%s", p[1].types ? ", " : "");
    }
}
