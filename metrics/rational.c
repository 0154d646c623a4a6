/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rational.c - linear equations in rational numbers: elimination without fractions.
 *
 *     m_ij <- (m_ij m_kk - m_ik m_kj) / m_k-1,k-1        exact, i, j > k
 *
 * E. H. Bareiss (1968), Sylvester's identity and multistep integer-preserving Gaussian
 * elimination.  With D the last pivot the unknowns are y / D for whole numbers y. */
#include "metrics/rational_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORK 2e10 /* n^3 times the bits of the largest minor */

sx_status sx_i_rational_text(char **to, mpq_srcptr x, sx_error *err)
{
    size_t size = mpz_sizeinbase(mpq_numref(x), 10) + mpz_sizeinbase(mpq_denref(x), 10) + 3;
    sx_release(*to);
    *to = sx_alloc(size, 1);
    if (!*to)
        return sx_nomem(err);
    mpq_get_str(*to, 10, x);
    return SX_OK;
}

/* digits = |x| / 10^exponent, rounded down. */
static void scaled(mpq_srcptr x, long exponent, mpz_ptr digits)
{
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)(exponent < 0 ? -exponent : exponent));
    mpz_abs(digits, mpq_numref(x));
    if (exponent < 0)
        mpz_mul(digits, digits, power);
    else
        mpz_tdiv_q(digits, digits, power);
    mpz_tdiv_q(digits, digits, mpq_denref(x));
    mpz_clear(power);
}

void sx_i_rational_decimal(mpq_srcptr x, char text[SX_I_DECIMAL])
{
    mpz_t digits;
    char ten[64] = "0";
    long exponent =
        (long)mpz_sizeinbase(mpq_numref(x), 10) - (long)mpz_sizeinbase(mpq_denref(x), 10) - 9;
    mpz_init(digits);
    scaled(x, exponent, digits);
    if (mpz_sizeinbase(digits, 10) < sizeof ten) /* eight digits or nine */
        mpz_get_str(ten, 10, digits);
    mpz_clear(digits);
    size_t n = strlen(ten);
    bool up = n > 6 && ten[6] >= '5';
    ten[6] = '\0';
    long six = strtol(ten, NULL, 10) + up, more = six >= 1000000;
    six = more ? six / 10 : six;
    if (mpq_sgn(x) == 0)
        snprintf(text, SX_I_DECIMAL, "0");
    else
        snprintf(text, SX_I_DECIMAL, "%s%ld.%05lde%ld", mpq_sgn(x) < 0 ? "-" : "", six / 100000,
                 six % 100000, exponent + (long)n - 1 + more);
}

/* A matrix of whole numbers. */
typedef struct matrix {
    int32_t n, columns; /* rows; with the right sides */
    mpz_ptr x;
} matrix;

static mpz_ptr at(const matrix *m, int32_t i, int32_t j)
{
    return m->x + (int64_t)i * m->columns + j;
}

/* Row i: those of a and b times their common denominator.  Returns its longest number in bits.
 */
static double fill_row(matrix *m, int32_t i, mpq_srcptr a, mpq_srcptr b)
{
    int32_t rhs = m->columns - m->n;
    size_t longest = 0;
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (int32_t j = 0; j < m->columns; j++) {
        mpq_srcptr x = j < m->n ? a + (int64_t)i * m->n + j : b + (int64_t)i * rhs + j - m->n;
        mpz_lcm(common, common, mpq_denref(x));
    }
    for (int32_t j = 0; j < m->columns; j++) {
        mpq_srcptr x = j < m->n ? a + (int64_t)i * m->n + j : b + (int64_t)i * rhs + j - m->n;
        mpz_divexact(at(m, i, j), common, mpq_denref(x));
        mpz_mul(at(m, i, j), at(m, i, j), mpq_numref(x));
        size_t bits = mpz_sizeinbase(at(m, i, j), 2);
        longest = bits > longest ? bits : longest;
    }
    mpz_clear(common);
    return (double)longest;
}

static void eliminate(const matrix *m)
{
    mpz_t product;
    mpz_init(product);
    for (int32_t k = 0; k + 1 < m->n; k++)
        for (int32_t i = k + 1; i < m->n; i++) {
            for (int32_t j = k + 1; j < m->columns; j++) {
                mpz_mul(product, at(m, i, k), at(m, k, j));
                mpz_mul(at(m, i, j), at(m, i, j), at(m, k, k));
                mpz_sub(at(m, i, j), at(m, i, j), product);
                if (k)
                    mpz_divexact(at(m, i, j), at(m, i, j), at(m, k - 1, k - 1));
            }
        }
    mpz_clear(product);
}

/* The right side c becomes whole numbers y; x = y / D. */
static void substitute(const matrix *m, int32_t c, mpq_ptr b)
{
    int32_t rhs = m->columns - m->n;
    mpz_srcptr last = at(m, m->n - 1, m->n - 1);
    for (int32_t i = m->n - 1; i >= 0; i--) {
        mpz_ptr y = at(m, i, m->n + c);
        mpz_mul(y, y, last);
        for (int32_t j = i + 1; j < m->n; j++)
            mpz_submul(y, at(m, i, j), at(m, j, m->n + c));
        mpz_divexact(y, y, at(m, i, i));
    }
    for (int32_t i = 0; i < m->n; i++) {
        mpq_ptr x = b + (int64_t)i * rhs + c;
        mpz_set(mpq_numref(x), at(m, i, m->n + c));
        mpz_set(mpq_denref(x), last);
        mpq_canonicalize(x);
    }
}

sx_status sx_i_rational_solve(int32_t n, mpq_srcptr a, int32_t rhs, mpq_ptr b, sx_error *err)
{
    matrix m = {n, n + rhs, NULL};
    int64_t count = (int64_t)n * m.columns;
    double bits = 0;
    m.x = sx_fence_alloc((size_t)count, sizeof *m.x);
    for (int64_t i = 0; i < count; i++)
        mpz_init(m.x + i);
    for (int32_t i = 0; i < n; i++)
        bits += fill_row(&m, i, a, b);
    bool long_ones = (double)n * n * n * bits > WORK;
    if (!long_ones) {
        eliminate(&m);
        for (int32_t c = 0; c < rhs; c++)
            substitute(&m, c, b);
    }
    for (int64_t i = 0; i < count; i++)
        mpz_clear(m.x + i);
    sx_fence_release(m.x);
    return long_ones ? sx_fail(err, SX_ELIMIT,
                               "the numbers have too many digits for exact equations in %d "
                               "states",
                               (int)n)
                     : SX_OK;
}
