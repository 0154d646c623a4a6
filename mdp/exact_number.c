/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_number.c - numbers as written, in rational arithmetic.
 *
 * A decimal is digits times a power of ten.  How many digits and which powers are taken is
 * limited, because a short text such as 1e-999999999 may stand for a number that fills the
 * memory. */
#include "mdp/exact_int.h"

#include <string.h>

#define DIGITS   2000
#define EXPONENT 2000

/* The exponent at text, 0 for none, cut off where it is far too large; *end moves behind. */
static long exponent_at(const char *text, const char **end)
{
    long value = 0;
    *end = text;
    if (*text != 'e' && *text != 'E')
        return 0;
    bool negative = text[1] == '-';
    for (text += 1 + (text[1] == '-' || text[1] == '+'); *text >= '0' && *text <= '9'; text++)
        value = value < 1000000 ? 10 * value + (*text - '0') : value;
    *end = text;
    return negative ? -value : value;
}

/* x times or divided by 10^n. */
static void times_power(mpq_ptr x, long n)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)(n < 0 ? -n : n));
    if (n < 0)
        mpz_mul(mpq_denref(x), mpq_denref(x), power);
    else
        mpz_mul(mpq_numref(x), mpq_numref(x), power);
    mpz_clear(power);
    mpq_canonicalize(x);
}

/* A decimal number without sign; *end moves behind it. */
static const char *read_decimal(const char *text, const char **end, mpq_ptr out)
{
    char digits[DIGITS + 1];
    size_t n = 0;
    long behind = 0;
    bool point = false;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        behind += point;
        if (*text == '.')
            point = true;
        else if (n == DIGITS)
            return "it has more than 2000 digits";
        else
            digits[n++] = *text;
    }
    digits[n] = '\0';
    long exponent = exponent_at(text, end);
    mpq_set_ui(out, 0, 1);
    if (!n || mpz_set_str(mpq_numref(out), digits, 10) != 0)
        return "it is no decimal number";
    if (exponent > EXPONENT || exponent < -EXPONENT)
        return "its exponent is beyond 2000";
    times_power(out, exponent - behind);
    return NULL;
}

const char *sx_i_rational_read(const char *text, size_t size, mpq_ptr out)
{
    mpq_t below;
    const char *end, *stop = text + size;
    text += strspn(text, " \t\r\n");
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    const char *why = read_decimal(text, &end, out);
    if (!why && *end == '/' && end < stop) {
        mpq_init(below);
        why = read_decimal(end + 1, &end, below);
        if (!why && mpq_sgn(below) == 0)
            why = "it divides by zero";
        if (!why)
            mpq_div(out, out, below);
        mpq_clear(below);
    }
    if (negative)
        mpq_neg(out, out);
    return why;
}

sx_status sx_i_exact_refuse(sx_i_exact_reading *x, sx_place place, const char *text,
                            const char *why)
{
    return sx_diag_report(x->rd->diags, place, "E471", "write it with fewer digits",
                          "\"%.40s\" cannot be taken exactly: %s", text, why);
}

sx_status sx_i_exact_attr(sx_i_exact_reading *x, const sx_node *n, const char *name,
                          mpq_ptr out)
{
    const char *text = sx_i_attr(n, name);
    if (!text)
        return SX_EINPUT;
    const char *why = sx_i_rational_read(text, strlen(text), out);
    return why ? sx_i_exact_refuse(x, sx_i_attr_where(n, name), text, why) : SX_OK;
}
