/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_token.c - numbers, names and symbols of the expression language. */
#include "mdp/expr_int.h"

#include "mdp/utf8_int.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sx_status sx_i_expr_fail(sx_expr_error *where, size_t offset, size_t width, const char *code,
                         const char *hint, const char *format, ...)
{
    where->offset = offset;
    where->width = width;
    snprintf(where->code, sizeof where->code, "%s", code);
    snprintf(where->hint, sizeof where->hint, "%s", hint ? hint : "");
    va_list args;
    va_start(args, format);
    vsnprintf(where->message, sizeof where->message, format, args);
    va_end(args);
    return SX_EINPUT;
}

static const char *skip_digits(const char *p)
{
    while (*p >= '0' && *p <= '9')
        p++;
    return p;
}

/* The end of a decimal number without sign, or NULL. */
static const char *decimal_end(const char *text)
{
    const char *end = skip_digits(text);
    size_t digits = (size_t)(end - text);
    if (*end == '.') {
        const char *fraction = end + 1;
        end = skip_digits(fraction);
        digits += (size_t)(end - fraction);
    }
    if (!digits)
        return NULL;
    if (*end == 'e' || *end == 'E') {
        const char *exponent = end + 1 + (end[1] == '+' || end[1] == '-');
        const char *stop = skip_digits(exponent);
        if (stop == exponent)
            return NULL;
        end = stop;
    }
    return end;
}

/* strtod for the C locale, whatever locale the program has chosen. */
static double read_double(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t old = c ? uselocale(c) : (locale_t)0;
    double value = strtod(text, NULL);
    if (c) {
        uselocale(old);
        freelocale(c);
    }
    return value;
}

const char *sx_i_decimal_read(const char *text, double *value)
{
    const char *end = decimal_end(text);
    if (end)
        *value = read_double(text);
    return end;
}

bool sx_number_read(const char *text, double *value)
{
    double above = 0, below = 1;
    text += strspn(text, " \t\r\n");
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    const char *end = sx_i_decimal_read(text, &above);
    if (end && *end == '/')
        end = sx_i_decimal_read(end + 1, &below);
    if (!end || end[strspn(end, " \t\r\n")])
        return false;
    double quotient = below == 1 ? above : above / below;
    if (!isfinite(quotient))
        return false;
    *value = negative ? -quotient : quotient;
    return true;
}

static bool starts_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static size_t name_size(const char *text)
{
    size_t n = 0;
    while (starts_name(text[n]) || (n && text[n] >= '0' && text[n] <= '9'))
        n++;
    return n;
}

static sx_status copy_text(sx_i_token *t, const char *from, size_t n, sx_expr_error *where)
{
    if (n >= sizeof t->text)
        return sx_i_expr_fail(where, t->offset, n, "E201", NULL,
                              "a name of more than %zu bytes", sizeof t->text - 1);
    memcpy(t->text, from, n);
    t->text[n] = 0;
    return SX_OK;
}

static sx_status read_number(const char *at, sx_i_token *t, sx_expr_error *where)
{
    t->kind = SX_I_NUMBER;
    const char *end = sx_i_decimal_read(at, &t->value);
    t->width = end ? (size_t)(end - at) : strspn(at, "0123456789.eE");
    if (!end || *end == '.')
        return sx_i_expr_fail(where, t->offset, t->width + (end != NULL), "E201",
                              "numbers look like 2, 0.5 or 1e-3", "a malformed number");
    if (!isfinite(t->value))
        return sx_i_expr_fail(where, t->offset, t->width, "E201", NULL,
                              "a number too large for a double");
    if (starts_name(*end))
        return sx_i_expr_fail(where, t->offset, t->width + name_size(end), "E201",
                              "write a product with *, 2 * row", "a number runs into a name");
    return copy_text(t, at, t->width < 60 ? t->width : 0, where);
}

static sx_status read_name(const char *at, sx_i_token *t, sx_expr_error *where)
{
    size_t n = name_size(at);
    t->kind = SX_I_NAME;
    t->prime = at[n] == '\'';
    t->width = n + t->prime;
    return copy_text(t, at, n, where);
}

static sx_status read_quoted(const char *at, sx_i_token *t, sx_expr_error *where)
{
    const char *end = strchr(at + 1, *at);
    t->kind = SX_I_QUOTED;
    t->width = end ? (size_t)(end - at) + 1 : 1;
    if (!end)
        return sx_i_expr_fail(where, t->offset, 1, "E201",
                              "a prime directly follows the variable, row'; a quoted name "
                              "ends in the same quote",
                              "this quote is not closed");
    return copy_text(t, at + 1, t->width - 2, where);
}

/* What people write for something else. */
static const char *symbol_hint(const char *at)
{
    static const char *const others[][2] = {
        {"&&", "write: and"}, {"||", "write: or"}, {"**", "write: ^"}, {"<>", "write: !="},
        {"!", "write: not"},  {"=", "write: =="},  {"%", NULL},        {NULL, NULL}};
    for (int i = 0; others[i][0]; i++)
        if (strncmp(at, others[i][0], strlen(others[i][0])) == 0)
            return others[i][1];
    return NULL;
}

static sx_status read_symbol(const char *at, sx_i_token *t, sx_expr_error *where)
{
    static const char *const symbols[] = {"<=", ">=", "==", "!=", "<", ">", "+", "-",
                                          "*",  "/",  "^",  "(",  ")", ",", NULL};
    t->kind = SX_I_SYMBOL;
    bool wrong = strncmp(at, "**", 2) == 0 || strncmp(at, "<>", 2) == 0;
    for (int i = 0; symbols[i] && !wrong; i++)
        if (strncmp(at, symbols[i], strlen(symbols[i])) == 0) {
            t->width = strlen(symbols[i]);
            return copy_text(t, at, t->width, where);
        }
    size_t width = strncmp(at, "&&", 2) == 0 || strncmp(at, "||", 2) == 0 || wrong ? 2 : 1;
    return sx_i_expr_fail(where, t->offset, width, "E201", symbol_hint(at), "unexpected '%.*s'",
                          (int)width, at);
}

sx_status sx_i_token_read(const char *text, size_t offset, sx_i_token *t, sx_expr_error *where)
{
    offset += strspn(text + offset, " \t\r\n");
    const char *at = text + offset;
    *t = (sx_i_token){.kind = SX_I_END, .offset = offset};
    if (!*at)
        return SX_OK;
    if ((*at >= '0' && *at <= '9') || *at == '.')
        return read_number(at, t, where);
    if (starts_name(*at))
        return read_name(at, t, where);
    if (*at == '\'' || *at == '"')
        return read_quoted(at, t, where);
    return read_symbol(at, t, where);
}
