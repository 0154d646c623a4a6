/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xml_text.c - pieces of raw XML: bytes, references, markup. */
#include "mdp/utf8_int.h"
#include "mdp/xml_int.h"

#include <string.h>

size_t sx_i_xml_bad_byte(const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = sx_i_utf8_size(text + i, size - i);
        if (n == 0 || (c < 0x20 && (!c || !strchr("\t\n\r", c))))
            return i;
        i += n;
    }
    return size;
}

/* The size up to and including the first `end` from offset `from`, or size. */
static size_t until(const char *text, size_t size, size_t from, const char *end)
{
    size_t n = strlen(end);
    for (size_t i = from; i + n <= size; i++) {
        const char *p = memchr(text + i, end[0], size - i);
        if (!p)
            return size;
        i = (size_t)(p - text);
        if (i + n <= size && memcmp(p, end, n) == 0)
            return i + n;
    }
    return size;
}

size_t sx_i_xml_markup(const char *text, size_t size)
{
    if (size >= 4 && memcmp(text, "<!--", 4) == 0)
        return until(text, size, 4, "-->");
    if (size >= 9 && memcmp(text, "<![CDATA[", 9) == 0)
        return until(text, size, 9, "]]>");
    if (size >= 2 && text[1] == '?')
        return until(text, size, 2, "?>");
    char quote = '\0';
    for (size_t i = 1; i < size; i++) {
        char c = text[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return size;
}

/* The UTF-8 bytes of a character that XML allows; 0 for others. */
static size_t encode(uint32_t c, char value[4])
{
    bool allowed = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) ||
                   (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
    if (!allowed)
        return 0;
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        value[i] = (char)(0x80 | (c & 0x3f));
    value[0] = (char)(lead[n] | c);
    return n;
}

/* The value of a digit; 99 for other characters. */
static uint32_t digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    return c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 : 99;
}

/* "&#65;" and "&#x41;". */
static size_t numeric_reference(const char *text, size_t size, char value[4], size_t *n)
{
    uint32_t c = 0, base = size > 2 && text[2] == 'x' ? 16 : 10;
    size_t i = base == 16 ? 3 : 2, first = i;
    for (; i < size && i < first + 12 && digit_value(text[i]) < base; i++)
        c = c < 0x110000 ? c * base + digit_value(text[i]) : c;
    bool closed = i > first && i < size && text[i] == ';';
    *n = closed ? encode(c, value) : 0;
    return *n ? i + 1 : 0;
}

size_t sx_i_xml_reference(const char *text, size_t size, char value[4], size_t *value_size)
{
    static const char *const words[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
    static const char values[] = "<>&\"'";
    if (size > 1 && text[1] == '#')
        return numeric_reference(text, size, value, value_size);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (n <= size && memcmp(text, words[i], n) == 0) {
            value[0] = values[i];
            *value_size = 1;
            return n;
        }
    }
    return 0;
}
