/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number.c - doubles as text.
 *
 * A decimal of up to 15 digits survives the way to a normal double and back, so if one names
 * x, then x printed with 15 digits is that decimal; else 16 digits may do, and 17 always do.
 * Subnormal numbers have fewer digits: there all lengths are tried. */
#include "mdp/export.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whatever the locale put between the digits becomes one point. */
static void plain_point(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool ours = isdigit((unsigned char)*from) || strchr("+-e", *from);
        if (ours)
            *to++ = *from;
        else if (to == text || to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
}

/* 1e+05 and 1e-05 are 1e5 and 1e-5. */
static void short_exponent(char *text)
{
    char *to = strchr(text, 'e');
    if (!to)
        return;
    const char *from = ++to;
    if (*from == '-')
        to++;
    from += strspn(from, "+-0");
    memmove(to, from, strlen(from) + 1);
}

void sx_number_write(double value, char text[32])
{
    if (!isfinite(value)) {
        snprintf(text, 32, "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    int digits = value != 0 && fabs(value) < DBL_MIN ? 1 : 15;
    do
        snprintf(text, 32, "%.*g", digits, value);
    while (++digits <= 17 && strtod(text, NULL) != value);
    plain_point(text);
    short_exponent(text);
}
