/* SPDX-License-Identifier: GPL-3.0-or-later */
/* markup.c - markup to pieces of plain text, by descent: a text is a row of units, and a unit
 * is a character, an escape, a name, a group, or a level or slant of one. */
#include "plots/markup_int.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH = 16 }; /* of groups in groups; what is deeper is shown as it is */

static const struct sign {
    const char *name, *utf8;
} signs[] = {
    {"alpha", "α"},      {"beta", "β"},       {"gamma", "γ"},     {"delta", "δ"},
    {"epsilon", "ε"},    {"varepsilon", "ε"}, {"zeta", "ζ"},      {"eta", "η"},
    {"theta", "θ"},      {"iota", "ι"},       {"kappa", "κ"},     {"lambda", "λ"},
    {"mu", "μ"},         {"nu", "ν"},         {"xi", "ξ"},        {"pi", "π"},
    {"rho", "ρ"},        {"sigma", "σ"},      {"tau", "τ"},       {"upsilon", "υ"},
    {"phi", "φ"},        {"varphi", "φ"},     {"chi", "χ"},       {"psi", "ψ"},
    {"omega", "ω"},      {"Gamma", "Γ"},      {"Delta", "Δ"},     {"Theta", "Θ"},
    {"Lambda", "Λ"},     {"Xi", "Ξ"},         {"Pi", "Π"},        {"Sigma", "Σ"},
    {"Upsilon", "Υ"},    {"Phi", "Φ"},        {"Psi", "Ψ"},       {"Omega", "Ω"},
    {"le", "≤"},         {"leq", "≤"},        {"ge", "≥"},        {"geq", "≥"},
    {"neq", "≠"},        {"approx", "≈"},     {"sim", "∼"},       {"propto", "∝"},
    {"infty", "∞"},      {"times", "×"},      {"cdot", "·"},      {"pm", "±"},
    {"rightarrow", "→"}, {"to", "→"},         {"leftarrow", "←"}, {"in", "∈"},
    {"sum", "∑"},        {"prod", "∏"},       {"partial", "∂"},   {"nabla", "∇"},
    {"circ", "∘"},       {"perp", "⊥"},       {"subseteq", "⊆"},  {"forall", "∀"},
    {"exists", "∃"},     {"star", "⋆"},       {"ell", "ℓ"},       {"prime", "′"},
    {"dots", "…"},       {"angle", "∠"},      {"mid", "∣"},       {"parallel", "∥"},
};
enum { SIGNS = sizeof signs / sizeof *signs };

const char *sx_i_sign_name(const char *character, size_t size)
{
    for (int i = 0; i < SIGNS; i++) {
        if (strlen(signs[i].utf8) == size && memcmp(signs[i].utf8, character, size) == 0)
            return signs[i].name;
    }
    return NULL;
}

/* --- units --- */

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of the character at p. */
static size_t character(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* Bytes of a backslash with what belongs to it. */
static size_t escape(const char *p)
{
    size_t n = 1;
    while (letter(p[n]))
        n++;
    if (n > 1)
        return n;
    return p[1] ? 1 + character(p + 1) : 1;
}

static size_t step(const char *p)
{
    return *p == '\\' ? escape(p) : character(p);
}

/* The brace that closes the one at p, before end; or NULL. */
static const char *closing(const char *p, const char *end)
{
    int depth = 0;
    for (; p < end; p += step(p)) {
        depth += (*p == '{') - (*p == '}');
        if (depth == 0)
            return p;
    }
    return NULL;
}

/* The star that ends the slant which the one at p begins, not inside other braces. */
static const char *other_star(const char *p, const char *end)
{
    int depth = 0;
    for (p++; p < end && depth >= 0; p += step(p)) {
        if (*p == '*' && depth == 0)
            return p;
        depth += (*p == '{') - (*p == '}');
    }
    return NULL;
}

/* Bytes of what a level at p reaches over, without the level; 0: it is no level. */
static size_t reach(const char *p, const char *end)
{
    if (p + 1 >= end || strchr(" _^}*", p[1]))
        return 0;
    const char *close = p[1] == '{' ? closing(p + 1, end) : NULL;
    return close ? (size_t)(close - p) : step(p + 1);
}

static size_t unit(const char *p, const char *end)
{
    const char *close = NULL;
    if (*p == '_' || *p == '^')
        return 1 + reach(p, end);
    if (*p == '{')
        close = closing(p, end);
    else if (*p == '*')
        close = other_star(p, end);
    return close ? (size_t)(close - p) + 1 : step(p);
}

size_t sx_i_markup_unit(const char *markup)
{
    return unit(markup, markup + strlen(markup));
}

/* --- pieces --- */

typedef struct style {
    int level, depth;
    bool italic;
} style;

static void emit(sx_i_spans *s, const char *text, size_t n, style how)
{
    sx_i_span *last = s->spans ? &s->span[s->spans - 1] : NULL;
    size_t used = last ? last->start + last->size : 0;
    if (!last || last->level != how.level || last->italic != how.italic) {
        last = &s->span[s->spans++];
        *last = (sx_i_span){.start = used, .level = how.level, .italic = how.italic};
    }
    if (how.level && n == 1 && *text == '-') { /* a sign is no hyphen */
        text = "−";
        n = strlen(text);
    }
    memcpy(s->text + used, text, n);
    last->size += n;
}

static void emit_escape(sx_i_spans *s, const char *p, size_t n, style how)
{
    for (int i = 0; letter(p[1]) && i < SIGNS; i++) {
        if (strlen(signs[i].name) == n - 1 && strncmp(signs[i].name, p + 1, n - 1) == 0) {
            emit(s, signs[i].utf8, strlen(signs[i].utf8), how);
            return;
        }
    }
    bool plain = n == 1 || letter(p[1]);
    emit(s, plain ? p : p + 1, plain ? n : n - 1, how);
}

/* The texts from p to end; a unit's inside is a text. */
static void parse(sx_i_spans *s, const char *p, const char *end, style how)
{
    for (size_t n; p < end; p += n) {
        n = unit(p, end);
        style inner = how;
        inner.depth++;
        bool flat = how.depth == DEPTH;
        if (*p == '\\')
            emit_escape(s, p, n, how);
        else if (flat || n == character(p))
            emit(s, p, n, how);
        else if (*p == '{')
            parse(s, p + 1, p + n - 1, inner);
        else if (*p == '*') {
            inner.italic = true;
            parse(s, p + 1, p + n - 1, inner);
        } else {
            inner.level = how.level ? how.level : *p == '^' ? 1 : -1;
            parse(s, p + 1, p + n, inner);
        }
    }
}

bool sx_i_markup_parse(const char *markup, sx_i_spans *out)
{
    size_t n = strlen(markup);
    out->spans = 0;
    out->text = sx_alloc(n + 1, strlen("−"));
    out->span = out->text ? sx_alloc(n, sizeof *out->span) : NULL;
    if (!out->span) {
        out->text = sx_release(out->text);
        return false;
    }
    parse(out, markup, markup + n, (style){0});
    return true;
}

void sx_i_spans_clear(sx_i_spans *s)
{
    s->text = sx_release(s->text);
    s->span = sx_release(s->span);
    s->spans = 0;
}

/* --- fitting --- */

/* Where the n-th unit starts; the end after the last. */
static const char *nth(const char *p, int32_t n)
{
    while (n-- > 0 && *p)
        p += sx_i_markup_unit(p);
    return p;
}

static int32_t units(const char *p)
{
    int32_t n = 0;
    for (; *p; p += sx_i_markup_unit(p))
        n++;
    return n;
}

char *sx_i_markup_fit(sx_i_fonts *f, const char *markup, double size, double width)
{
    size_t room = strlen(markup) + sizeof "…";
    char *buffer = sx_alloc(room, 1);
    if (!buffer)
        return NULL;
    snprintf(buffer, room, "%s", markup);
    int32_t all = units(markup);
    int32_t left = all;
    while (left > 0 && sx_i_markup_width(f, buffer, size) > width) {
        left--;
        const char *head = nth(markup, left - left / 2);
        const char *tail = nth(markup, all - left / 2);
        snprintf(buffer, room, "%.*s…%s", (int)(head - markup), markup, tail);
    }
    return buffer;
}
