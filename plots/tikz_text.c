/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_text.c - texts for LaTeX, in ASCII alone, so that neither the encoding of a document nor
 * that of its type matters, and no text can be a command. */
#include <stdio.h>
#include <string.h>

#include "plots/markup_int.h"
#include "plots/tikz_int.h"

enum { NO_CHARACTER = 0xfffd };

typedef struct sign {
    uint32_t code;
    const char *tex;
} sign;

/* Characters that stand for something in LaTeX, or join their neighbour. */
static const sign ascii[] = {
    {'#', "\\#"},
    {'$', "\\$"},
    {'%', "\\%"},
    {'&', "\\&"},
    {'_', "\\_"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'~', "\\textasciitilde{}"},
    {'^', "\\textasciicircum{}"},
    {'\\', "\\textbackslash{}"},
    {'|', "\\textbar{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'"', "\\char34{}"},
    {'`', "{}\\char96{}"},
};

/* Signs; those that markup names are known to sx_i_sign_name. */
static const sign signs[] = {
    {0xa0, "~"},
    {0xa1, "!`"},
    {0xa3, "\\pounds{}"},
    {0xa7, "\\S{}"},
    {0xa9, "\\textcopyright{}"},
    {0xab, "$\\ll$"},
    {0xac, "$\\neg$"},
    {0xad, ""},
    {0xb0, "$^{\\circ}$"},
    {0xb2, "$^{2}$"},
    {0xb3, "$^{3}$"},
    {0xb5, "$\\mu$"},
    {0xb6, "\\P{}"},
    {0xb9, "$^{1}$"},
    {0xbb, "$\\gg$"},
    {0xbf, "?`"},
    {0xc6, "\\AE{}"},
    {0xd8, "\\O{}"},
    {0xdf, "\\ss{}"},
    {0xe6, "\\ae{}"},
    {0xf7, "$\\div$"},
    {0xf8, "\\o{}"},
    {0x131, "\\i{}"},
    {0x141, "\\L{}"},
    {0x142, "\\l{}"},
    {0x152, "\\OE{}"},
    {0x153, "\\oe{}"},
    {0x391, "A"},
    {0x392, "B"},
    {0x395, "E"},
    {0x396, "Z"},
    {0x397, "H"},
    {0x399, "I"},
    {0x39a, "K"},
    {0x39c, "M"},
    {0x39d, "N"},
    {0x39f, "O"},
    {0x3a1, "P"},
    {0x3a4, "T"},
    {0x3a7, "X"},
    {0x3bf, "o"},
    {0x3c2, "$\\varsigma$"},
    {0x3d1, "$\\vartheta$"},
    {0x3d5, "$\\phi$"},
    {0x3f5, "$\\epsilon$"},
    {0x2002, "\\enspace{}"},
    {0x2003, "\\quad{}"},
    {0x2009, "\\,"},
    {0x200a, "\\,"},
    {0x2010, "-"},
    {0x2011, "-"},
    {0x2012, "\\textendash{}"},
    {0x2013, "\\textendash{}"},
    {0x2014, "\\textemdash{}"},
    {0x2016, "$\\|$"},
    {0x2018, "\\textquoteleft{}"},
    {0x2019, "\\textquoteright{}"},
    {0x201c, "\\textquotedblleft{}"},
    {0x201d, "\\textquotedblright{}"},
    {0x2020, "\\dag{}"},
    {0x2021, "\\ddag{}"},
    {0x2022, "$\\bullet$"},
    {0x202f, "\\,"},
    {0x2032, "$'$"},
    {0x2033, "$''$"},
    {0x2070, "$^{0}$"},
    {0x207a, "$^{+}$"},
    {0x207b, "$^{-}$"},
    {0x211d, "$\\mathbf{R}$"},
    {0x2122, "\\texttrademark{}"},
    {0x2124, "$\\mathbf{Z}$"},
    {0x2115, "$\\mathbf{N}$"},
    {0x2191, "$\\uparrow$"},
    {0x2193, "$\\downarrow$"},
    {0x2194, "$\\leftrightarrow$"},
    {0x21a6, "$\\mapsto$"},
    {0x21d2, "$\\Rightarrow$"},
    {0x21d4, "$\\Leftrightarrow$"},
    {0x2205, "$\\emptyset$"},
    {0x2209, "$\\notin$"},
    {0x2212, "$-$"},
    {0x221a, "$\\surd$"},
    {0x2227, "$\\wedge$"},
    {0x2228, "$\\vee$"},
    {0x2229, "$\\cap$"},
    {0x222a, "$\\cup$"},
    {0x222b, "$\\int$"},
    {0x2261, "$\\equiv$"},
    {0x226a, "$\\ll$"},
    {0x226b, "$\\gg$"},
    {0x2282, "$\\subset$"},
    {0x2295, "$\\oplus$"},
    {0x2297, "$\\otimes$"},
    {0x22c5, "$\\cdot$"},
    {0x27e8, "$\\langle$"},
    {0x27e9, "$\\rangle$"},
    {0x1d49f, "$\\mathcal{D}$"},
};

/* U+00C0 to U+017F as an accent of LaTeX and a letter, or the letter alone; "  ": a sign above,
 * or none. */
static const char accented[] =
    "`A'A^A~A\"ArA  cC`E'E^E\"E`I'I^I\"I D~N`O'O^O~O\"O    `U'U^U\"U'Y    "
    "`a'a^a~a\"ara  cc`e'e^e\"e`i'i^i\"i d~n`o'o^o~o\"o    `u'u^u\"u'y  \"y"
    "=A=auAua A a'C'c^C^c.C.cvCvcvDvd D d=E=euEue.E.e E evEve^G^guGug"
    ".G.gcGcg^H^h H h~I~i=I=iuIui I i.I      ^J^jcKck k'L'lcLclvLvl L"
    " l    'N'ncNcnvNvn n N n=O=ouOuoHOHo    'R'rcRcrvRvr'S's^S^scScs"
    "vSvscTctvTvt T t~U~u=U=uuUuurUruHUHu U u^W^w^Y^y\"Y'Z'z.Z.zvZvz s";

static const char *find(const sign *list, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i].code == code)
            return list[i].tex;
    }
    return NULL;
}

/* The character at p, of *size bytes; for what is none the sign that says so. */
static uint32_t decode(const char *p, const char *end, size_t *size)
{
    unsigned char first = (unsigned char)*p;
    size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t code = n == 1 ? first : first & (0x7fU >> n);
    *size = 1;
    if (n > (size_t)(end - p) || (first & 0xc0) == 0x80)
        return NO_CHARACTER;
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)p[i] & 0xc0) != 0x80)
            return NO_CHARACTER;
        code = code << 6 | ((unsigned char)p[i] & 0x3fU);
    }
    *size = n;
    return code;
}

static bool put_accented(sx_i_bytes *out, uint32_t code)
{
    if (code < 0xc0 || code > 0x17f)
        return false;
    const char *two = accented + 2 * (size_t)(code - 0xc0);
    if (two[1] == ' ')
        return false;
    bool dotted = (two[1] == 'i' || two[1] == 'j') && two[0] != ' ';
    if (two[0] != ' ')
        sx_i_bytes_format(out, dotted ? "\\%c{\\%c}" : "\\%c{%c}", two[0], two[1]);
    else
        sx_i_bytes_format(out, "%c", two[1]);
    return true;
}

/* Digits above and below the line. */
static bool put_digit(sx_i_bytes *out, uint32_t code)
{
    bool above = code >= 0x2074 && code <= 0x2079;
    if (!above && (code < 0x2080 || code > 0x2089))
        return false;
    sx_i_bytes_format(out, above ? "$^{%u}$" : "$_{%u}$", (unsigned)(code & 0xf));
    return true;
}

static void put_code(sx_i_bytes *out, uint32_t code)
{
    const char *tex = find(signs, sizeof signs / sizeof *signs, code);
    if (tex)
        sx_i_bytes_text(out, tex);
    else if (!put_accented(out, code) && !put_digit(out, code))
        sx_i_bytes_format(out, "\\sextantsign{%04X}", (unsigned)code);
}

static void put_ascii(sx_i_bytes *out, char c)
{
    const char *tex = find(ascii, sizeof ascii / sizeof *ascii, (unsigned char)c);
    if (tex)
        sx_i_bytes_text(out, tex);
    else if ((unsigned char)c < ' ' || c == 0x7f)
        sx_i_bytes_text(out, " ");
    else
        (void)!sx_i_bytes_add(out, &c, 1);
}

/* Signs that are another one when they follow themselves. */
static bool joins(const char *p, const char *end)
{
    return p + 1 < end && p[1] == *p && strchr("-,'", *p);
}

/* A blank at an end, or after another, is a blank, too. */
static bool put_blank(sx_i_bytes *out, const char *p, const char *text, const char *end)
{
    if (*p != ' ' || (p > text && p + 1 < end && p[-1] != ' '))
        return false;
    sx_i_bytes_text(out, "\\ ");
    return true;
}

static void put_plain(sx_i_bytes *out, const char *text, size_t bytes)
{
    const char *end = text + bytes;
    size_t size = 1;
    for (const char *p = text; p < end; p += size) {
        uint32_t code = decode(p, end, &size);
        const char *name = code >= 0x80 ? sx_i_sign_name(p, size) : NULL;
        if (put_blank(out, p, text, end))
            continue;
        if (name && code != 0x2032)
            sx_i_bytes_format(out, "$\\%s$", name);
        else if (code >= 0x80)
            put_code(out, code);
        else
            put_ascii(out, *p);
        sx_i_bytes_text(out, joins(p, end) ? "{}" : "");
    }
}

void sx_i_tikz_text(sx_i_bytes *out, const char *text, bool markup)
{
    static const char *const levels[] = {"\\textsubscript{", "", "\\textsuperscript{"};
    sx_i_spans s;
    if (!markup || !*text) {
        put_plain(out, text, strlen(text));
        return;
    }
    if (!sx_i_markup_parse(text, &s)) {
        out->failed = true;
        return;
    }
    for (int32_t i = 0; i < s.spans; i++) {
        const sx_i_span *p = &s.span[i];
        sx_i_bytes_text(out, levels[p->level + 1]);
        sx_i_bytes_text(out, p->italic ? "\\textit{" : "");
        put_plain(out, s.text + p->start, p->size);
        sx_i_bytes_text(out, p->italic ? "}" : "");
        sx_i_bytes_text(out, p->level ? "}" : "");
    }
    sx_i_spans_clear(&s);
}
