/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ticks.c - round numbers for an axis by the extended search of Talbot, Lin and Hanrahan,
 * "An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes" (2010).
 *
 *     labels      (start + i j) q 10^z, i = 0..k-1, of step j q 10^z
 *     simplicity  1 - place(q) / (|Q| - 1) - j + [0 is a label]
 *     coverage    1 - ((high - last)^2 + (low - first)^2) / 2 / (0.1 (high - low))^2
 *     density     2 - max(r / w, w / r), r and w the labels got and wanted by length
 *
 * Skips over j, q, k and z whose best possible score is below the best one seen, so that it
 * ends after a few dozen candidates.  Labels are whole numbers times a power of ten: a zero is
 * a zero, and what is written is exact. */
#include "plots/ticks.h"
#include "plots/plots_int.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 6, FEWEST = 2, MANY = 12 };

static const int tenths[STEPS] = {10, 50, 20, 25, 40, 30}; /* Q, best first */
static const double simple = 0.25, covers = 0.2, dense = 0.5, legible = 0.05;

typedef struct search {
    double low, high, most; /* most: the largest double, in the same units */
    int wanted;
    double score;       /* of the best one */
    int64_t start;      /* in units of q 10^z */
    int32_t j, q, k, z; /* of the best one; q: place in Q */
} search;

/* how simple steps of j times the q-th of Q are, at best */
static double simplicity_most(int q, int32_t j)
{
    return 2 - (double)q / (STEPS - 1) - j;
}

static double coverage(const search *s, double first, double last)
{
    double a = s->high - last;
    double b = s->low - first;
    double tenth = 0.1 * (s->high - s->low);
    return 1 - 0.5 * (a * a + b * b) / (tenth * tenth);
}

/* of labels that span so much, at best */
static double coverage_most(const search *s, double span)
{
    double half = (span - (s->high - s->low)) / 2;
    double tenth = 0.1 * (s->high - s->low);
    return half > 0 ? 1 - half * half / (tenth * tenth) : 1;
}

static double density(const search *s, int32_t k, double first, double last)
{
    double got = (k - 1) / (last - first);
    double want = (s->wanted - 1) / (fmax(last, s->high) - fmin(first, s->low));
    return 2 - fmax(got / want, want / got);
}

static double density_most(const search *s, int32_t k)
{
    return k >= s->wanted ? 2 - (k - 1.0) / (s->wanted - 1.0) : 1;
}

static double total(double simplicity, double cover, double density_)
{
    return simple * simplicity + covers * cover + dense * density_ + legible;
}

/* All starts that reach into the range. */
static void try_starts(search *s, int q, int32_t j, int32_t k, int z)
{
    double unit = tenths[q] / 10.0 * pow(10, z);
    double step = j * unit;
    int64_t from = ((int64_t)floor(s->high / step) - (k - 1)) * j;
    int64_t to = (int64_t)ceil(s->low / step) * j;
    for (int64_t start = from; start <= to; start++) {
        double first = (double)start * unit;
        double last = first + step * (k - 1);
        if (!(fmax(-first, last) <= s->most))
            continue;
        bool zero = start % j == 0 && start <= 0 && start + (int64_t)(k - 1) * j >= 0;
        double score = total(simplicity_most(q, j) - !zero, coverage(s, first, last),
                             density(s, k, first, last));
        if (score > s->score) {
            s->score = score;
            s->start = start;
            s->j = j;
            s->q = q;
            s->k = k;
            s->z = z;
        }
    }
}

static void try_powers(search *s, int q, int32_t j, int32_t k)
{
    double most = simplicity_most(q, j);
    double closest = (s->high - s->low) * 10 / tenths[q] / (k + 1) / j;
    int z = (int)ceil(log10(closest));
    while (!(total(most, coverage_most(s, j * (tenths[q] / 10.0) * pow(10, z) * (k - 1)),
                   density_most(s, k)) < s->score)) {
        try_starts(s, q, j, k, z);
        z++;
    }
}

static void search_all(search *s)
{
    s->score = -2;
    for (int32_t j = 1;; j++) {
        for (int q = 0; q < STEPS; q++) {
            if (total(simplicity_most(q, j), 1, 1) < s->score)
                return;
            for (int32_t k = 2;
                 !(total(simplicity_most(q, j), 1, density_most(s, k)) < s->score); k++)
                try_powers(s, q, j, k);
        }
    }
}

/* --- writing --- */

/* n 10^power, rounded once */
static double decimal(int64_t n, int power)
{
    char text[48];
    snprintf(text, sizeof text, "%llde%d", (long long)n, power);
    return strtod(text, NULL);
}

/* n 10^-decimals, or n 10^-decimals with zeros when decimals < 0 */
static void write_decimal(int64_t n, int decimals, char text[32])
{
    char digits[24];
    const char *minus = n < 0 ? "\xe2\x88\x92" : "";
    int places = decimals < 0 ? 0 : decimals > 20 ? 20 : decimals;
    snprintf(digits, sizeof digits, "%0*lld", places + 1, n < 0 ? -(long long)n : (long long)n);
    int whole = (int)strlen(digits) - places;
    if (places > 0)
        snprintf(text, 32, "%s%.*s.%s", minus, whole, digits, digits + whole);
    else
        snprintf(text, 32, "%s%s%.*s", minus, digits, n ? -decimals : 0,
                 "0000"); /* up to 99999 */
}

/* Digits of the whole number n, less one. */
static int order(int64_t n)
{
    int digits = 0;
    for (int64_t rest = n; rest > 9 || rest < -9; rest /= 10)
        digits++;
    return digits;
}

/* Labels of n[i] 10^power: as they are from 0.001 to 99999, else with one digit before the
 * point and the power of ten taken out. */
static void write_all(const int64_t *n, int32_t count, int power, sx_ticks *t)
{
    int largest = 0;
    for (int32_t i = 0; i < count; i++)
        largest = order(n[i]) > largest ? order(n[i]) : largest;
    int top = largest + power;
    t->exponent = top < -3 || top > 4 ? top : 0;
    t->ticks = 0;
    for (int32_t i = 0; i < count; i++) {
        double value = decimal(n[i], power);
        if (!isfinite(value))
            continue;
        t->value[t->ticks] = value;
        write_decimal(n[i], t->exponent - power, t->label[t->ticks++]);
    }
}

/* Take zeros that all share into the power. */
static int shorten(int64_t *n, int32_t count, int power)
{
    for (;;) {
        for (int32_t i = 0; i < count; i++)
            if (n[i] % 10 != 0)
                return power;
        for (int32_t i = 0; i < count; i++)
            n[i] /= 10;
        power++;
    }
}

/* --- linear --- */

void sx_range_widen(double *low, double *high)
{
    double size = fmax(fabs(*low), fabs(*high));
    double half = *high / 2 - *low / 2;
    if (half > 0.5e-12 * size && half > 0.5e-300)
        return;
    double middle = *low / 2 + *high / 2;
    double pad = size > 1e-300 ? size / 2 : 1;
    *low = fmax(middle - pad, -DBL_MAX);
    *high = fmin(middle + pad, DBL_MAX);
}

void sx_range_widen_log(double *low, double *high)
{
    if (*high / *low > 1 + 1e-9)
        return;
    *low = fmax(*low / 2, SX_LOG_LEAST);
    *high = fmin(*high * 1.5, DBL_MAX);
}

static sx_status check(double low, double high, int32_t wanted, sx_error *err)
{
    if (!(isfinite(low) && isfinite(high) && low <= high))
        return sx_fail(err, SX_EARG, "an axis from %g to %g", low, high);
    if (wanted < FEWEST || wanted > MANY)
        return sx_fail(err, SX_EARG, "%d labels, not %d to %d", (int)wanted, FEWEST, MANY);
    return SX_OK;
}

/* x 10^-power, also where that power is no double */
static double scaled(double x, int power)
{
    int half = power / 2;
    return x * pow(10, -half) * pow(10, half - power);
}

sx_status sx_ticks_linear(double low, double high, int32_t wanted, sx_ticks *t, sx_error *err)
{
    int64_t n[SX_TICKS_MOST];
    memset(t, 0, sizeof *t);
    sx_status st = check(low, high, wanted, err);
    if (st)
        return st;
    sx_range_widen(&low, &high);
    double size = fmax(fabs(low), fabs(high));
    int power = size > 1e100 || size < 1e-100 ? (int)floor(log10(size)) : 0;
    search s = {.low = scaled(low, power),
                .high = scaled(high, power),
                .most = scaled(DBL_MAX, power),
                .wanted = wanted};
    search_all(&s);
    int32_t count = s.k < SX_TICKS_MOST ? s.k : SX_TICKS_MOST;
    for (int32_t i = 0; i < count; i++)
        n[i] = (s.start + (int64_t)i * s.j) * tenths[s.q];
    write_all(n, count, shorten(n, count, s.z - 1 + power), t);
    return SX_OK;
}

/* --- logarithmic --- */

/* the ones of t between low and high stay */
static void keep_inside(sx_ticks *t, double low, double high)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < t->ticks; i++) {
        if (!(t->value[i] >= low && t->value[i] <= high))
            continue;
        t->value[kept] = t->value[i];
        memmove(t->label[kept++], t->label[i], sizeof t->label[i]);
    }
    t->ticks = kept;
}

sx_status sx_ticks_inside(double low, double high, int32_t wanted, sx_ticks *t, sx_error *err)
{
    memset(t, 0, sizeof *t);
    if (low <= high)
        sx_range_widen(&low, &high);
    sx_status st = check(low, high, wanted, err);
    for (int32_t more = wanted; !st && t->ticks < FEWEST && more <= MANY; more++) {
        st = sx_ticks_linear(low, high, more, t, err);
        keep_inside(t, low, high);
    }
    return st;
}

/* the least and the greatest whole power of ten in low..high, 0 < low */
static void decades(double low, double high, int *least, int *greatest)
{
    *least = (int)floor(log10(low)) - 1;
    while (decimal(1, *least) < low)
        ++*least;
    *greatest = (int)ceil(log10(high)) + 1;
    while (decimal(1, *greatest) > high)
        --*greatest;
}

static void add_minor(sx_ticks *t, double value, double low, double high)
{
    if (value >= low && value <= high && t->minors < SX_MINORS_MOST)
        t->minor[t->minors++] = value;
}

/* Between the powers of ten: 2 to 9 where there is room for them, else the powers themselves
 * that have no label. */
static void add_minors(sx_ticks *t, double low, double high, int every)
{
    int least;
    int greatest;
    decades(low, high, &least, &greatest);
    for (int d = least - 1; d <= greatest; d++) {
        for (int digit = 2; every == 1 && digit <= 9; digit++)
            add_minor(t, decimal(digit, d), low, high);
        if (every > 1 && every <= 10 && d >= least && d % every != 0)
            add_minor(t, decimal(1, d), low, high);
    }
}

static void add_power(sx_ticks *t, int sign, int power)
{
    char text[32];
    sx_i_power(power, text);
    t->value[t->ticks] = sign * decimal(1, power);
    snprintf(t->label[t->ticks++], sizeof t->label[0], "%s%.24s",
             sign < 0 ? "\xe2\x88\x92" : "", text);
}

/* 1, 2, 5 times powers of ten, fewer than two of which are in the range: at most six.  Only
 * every second, third ... one has a label where they would be more than wanted. */
static void add_halves(sx_ticks *t, double low, double high, int32_t wanted)
{
    static const int digit[] = {1, 2, 5};
    int64_t n[SX_TICKS_MOST];
    int32_t count = 0;
    int power = (int)floor(log10(low)) - 1;
    int64_t unit = 1;
    for (int d = 0; d < 5; d++, unit *= 10) {
        for (int i = 0; i < 3; i++) {
            double value = decimal(unit * digit[i], power);
            if (value >= low && value <= high)
                n[count++] = unit * digit[i];
        }
    }
    if (count < FEWEST)
        return;
    write_all(n, count, shorten(n, count, power), t);
    for (int32_t i = 0; i < count; i++)
        if (i % ((count + wanted - 1) / wanted) != 0)
            t->label[i][0] = '\0';
}

/* Whole multiples of every from least to greatest. */
static int multiples(int every, int least, int greatest)
{
    int count = 0;
    for (int d = least; d <= greatest; d++)
        count += d % every == 0;
    return count;
}

sx_status sx_ticks_log(double low, double high, int32_t wanted, sx_ticks *t, sx_error *err)
{
    int least;
    int greatest;
    memset(t, 0, sizeof *t);
    sx_status st = check(low, high, wanted, err);
    if (!st && !(low >= SX_LOG_LEAST))
        st = sx_fail(err, SX_EARG, "a logarithmic axis that starts at %g", low);
    if (st)
        return st;
    sx_range_widen_log(&low, &high);
    decades(low, high, &least, &greatest);
    if (greatest - least < 1) {
        add_halves(t, low, high, wanted);
        if (t->ticks >= FEWEST)
            add_minors(t, low, high, 1);
        return t->ticks >= FEWEST ? SX_OK : sx_ticks_inside(low, high, wanted, t, err);
    }
    int every = (greatest - least + wanted) / wanted;
    while (multiples(every, least, greatest) < FEWEST)
        every--;
    for (int d = least; d <= greatest; d++)
        if (d % every == 0)
            add_power(t, 1, d);
    add_minors(t, low, high, every);
    return SX_OK;
}

/* --- symmetric logarithmic --- */

/* Powers of ten from inner to end, every `every`-th; their number. */
static int32_t add_side(sx_ticks *t, int sign, double inner, double end, int every)
{
    int least;
    int greatest;
    int32_t count = 0;
    if (!(end >= inner))
        return 0;
    decades(inner, end, &least, &greatest);
    for (int i = 0; i <= greatest - least; i++) {
        int d = sign < 0 ? greatest - i : least + i;
        if (d % every != 0)
            continue;
        if (t)
            add_power(t, sign, d);
        count++;
    }
    return count;
}

sx_status sx_ticks_symlog(double low, double high, double threshold, int32_t wanted,
                          sx_ticks *t, sx_error *err)
{
    memset(t, 0, sizeof *t);
    sx_status st = check(low, high, wanted, err);
    if (!st && !(threshold >= SX_LOG_LEAST && isfinite(threshold)))
        st = sx_fail(err, SX_EARG, "a symmetric logarithmic axis of threshold %g", threshold);
    if (st)
        return st;
    sx_range_widen(&low, &high);
    double below = fmax(threshold, -high);
    double above = fmax(threshold, low);
    int every = 1;
    while (add_side(NULL, -1, below, -low, every) + add_side(NULL, 1, above, high, every) >
           wanted)
        every++;
    add_side(t, -1, below, -low, every);
    if (low <= 0 && high >= 0)
        snprintf(t->label[t->ticks++], sizeof t->label[0], "0");
    add_side(t, 1, above, high, every);
    return t->ticks >= 3 ? SX_OK : sx_ticks_inside(low, high, wanted, t, err);
}
