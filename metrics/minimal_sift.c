/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_sift.c - the linear programs of the minimal forms by a few of their terms at a time,
 * after Portnoy and Koenker (1997), "The Gaussian hare and the Laplacian tortoise".
 *
 * The values are the terms at the potential of least squares.  From there to the optimum few
 * terms of a sum change their sign, and few of a maximum become the largest; the others are
 * held at
 *
 *     sum:      z_i = sign e_i         maximum:  z_i = 0
 *
 * and the program of the rest is solved.  Held terms that its x shows on the wrong side, or
 * above the maximum, join the rest, until there are none.  What is found is an optimum of the
 * whole: x and z are checked against all terms,
 *
 *     sum_i z_i w_i row_i = 0,    sum_i z_i w_i value_i = sum_i w_i |e_i| or max_i w_i |e_i|.
 */
#include "metrics/minimal_int.h"

#include <math.h>

static const double wrong = 1e-12;   /* how far a held term may be on the wrong side */
static const double accepted = 1e-9; /* residual and gap that pass the check */

enum { ROUNDS = 12 };

typedef struct sift {
    const sx_i_goal *t;
    double blur;
    double *e;         /* [N] terms at x, of blurred values */
    double *key;       /* [N] above 0: may join, a larger one first */
    double *room;      /* [N] work */
    double *held;      /* [n] sum of z w row over what is held */
    unsigned char *in; /* [N] 1: not held */
    sx_i_optimum *o;
} sift;

static sx_status sift_init(sift *w, sx_error *err)
{
    size_t n = (size_t)w->t->terms;
    w->e = sx_alloc(n, sizeof *w->e);
    w->key = sx_alloc(n, sizeof *w->key);
    w->room = sx_alloc(n, sizeof *w->room);
    w->held = sx_alloc((size_t)w->t->unknowns, sizeof *w->held);
    w->in = sx_alloc(n, sizeof *w->in);
    return w->e && w->key && w->room && w->held && w->in ? SX_OK : sx_nomem(err);
}

static void sift_clear(sift *w)
{
    sx_release(w->e);
    sx_release(w->key);
    sx_release(w->room);
    sx_release(w->held);
    sx_release(w->in);
}

/* How many terms come first; the square root is how many change their sign in a sum of noise,
 * up to a factor. */
static int32_t first_terms(const sx_i_goal *t)
{
    double n = t->unknowns;
    return (int32_t)(t->largest ? 4 * n : 2 * n + 1.5 * sqrt(n * t->terms));
}

bool sx_i_goal_has_many(const sx_i_goal *t)
{
    return first_terms(t) <= t->terms / 3;
}

static void swap(double *a, double *b)
{
    double x = *a;
    *a = *b;
    *b = x;
}

/* x [*i..*j] by halves: afterwards the first end at *j, the second begin at *i, and no number
 * of the first is below one of the second. */
static void halve(double *x, int32_t *i, int32_t *j)
{
    double pivot = x[*i + (*j - *i) / 2];
    while (*i <= *j) {
        while (x[*i] > pivot)
            ++*i;
        while (x[*j] < pivot)
            --*j;
        if (*i <= *j)
            swap(&x[(*i)++], &x[(*j)--]);
    }
}

double sx_i_select_largest(double *x, int32_t n, int32_t k)
{
    int32_t first = 0, last = n - 1;
    while (first < last) {
        int32_t i = first, j = last;
        halve(x, &i, &j);
        if (k <= j)
            last = j;
        else if (k >= i)
            first = i;
        else
            break;
    }
    return x[k];
}

/* The `most` terms of the largest keys above 0 join; of equal ones the first. */
static void admit(sift *w, int32_t most)
{
    int32_t n = 0, larger = 0;
    for (int32_t i = 0; i < w->t->terms; i++)
        if (w->key[i] > 0)
            w->room[n++] = w->key[i];
    double least = n > most ? sx_i_select_largest(w->room, n, most - 1) : 0;
    for (int32_t i = 0; i < w->t->terms; i++)
        larger += w->key[i] > least;
    for (int32_t i = 0; i < w->t->terms; i++) {
        bool equal = w->key[i] == least && least > 0 && larger < most;
        larger += equal;
        w->in[i] |= w->key[i] > least || equal;
    }
}

/* e at x; returns the largest w |e|. */
static double evaluate(sift *w, const double *x)
{
    const sx_i_goal *t = w->t;
    double most = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double value = t->value[i] + w->blur * sx_i_goal_scatter(i);
        w->e[i] = x ? (double)(value + sx_i_goal_change(t, i, x)) : value;
        most = fmax(most, t->weight[i] * fabs(w->e[i]));
    }
    return most;
}

static void begin(sift *w)
{
    const sx_i_goal *t = w->t;
    evaluate(w, NULL);
    for (int32_t i = 0; i < t->terms; i++) {
        double size = fabs(w->e[i]);
        w->o->z[i] = t->largest ? 0 : w->e[i] < 0 ? -1 : 1;
        w->key[i] = t->weight[i] * (t->largest ? size : 1 / (size + 1e-30));
        w->key[i] = t->largest && t->hidden[i] ? 0 : w->key[i];
    }
    admit(w, first_terms(t));
}

static void add_term(const sx_i_goal *t, int32_t i, double z, double *sum)
{
    double pull = z * t->weight[i];
    sum[0] -= t->loose ? 0 : pull;
    for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
        sum[t->col[p]] += pull * t->coef[p];
}

static void hold(sift *w)
{
    for (int32_t j = 0; j < w->t->unknowns; j++)
        w->held[j] = 0;
    for (int32_t i = 0; i < w->t->terms; i++)
        if (!w->in[i] && w->o->z[i] != 0)
            add_term(w->t, i, w->o->z[i], w->held);
}

/* Keys of the held terms that are wrong at e; returns how many. */
static int32_t find_wrong(sift *w)
{
    const sx_i_goal *t = w->t;
    double most = 0;
    int32_t count = 0;
    for (int32_t i = 0; t->largest && i < t->terms; i++)
        if (w->in[i])
            most = fmax(most, t->weight[i] * fabs(w->e[i]));
    for (int32_t i = 0; i < t->terms; i++) {
        double by = t->largest ? t->weight[i] * fabs(w->e[i]) - most : -w->o->z[i] * w->e[i];
        w->key[i] = !w->in[i] && by > wrong ? by : 0;
        count += w->key[i] > 0;
    }
    return count;
}

/* Whether x and z are an optimum of all terms; held [n] is overwritten. */
static bool passes(sift *w, double most)
{
    const sx_i_goal *t = w->t;
    long double primal = 0, dual = 0;
    double off = 0, total = 0;
    for (int32_t j = 0; j < t->unknowns; j++)
        w->held[j] = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double z = w->o->z[i],
               size = t->weight[i] * (t->value[i] + w->blur * sx_i_goal_scatter(i));
        primal += t->weight[i] * fabs(w->e[i]);
        dual += (long double)z * size;
        total = t->largest ? total + fabs(z) : fmax(total, fabs(z));
        if (z != 0)
            add_term(t, i, z, w->held);
    }
    for (int32_t j = 0; j < t->unknowns; j++)
        off = fmax(off, fabs(w->held[j]));
    off = fmax(off, total - 1);
    double gap = (double)fabsl((t->largest ? most : primal) - dual);
    return off <= accepted && gap <= accepted * fmax(1, (double)fabsl(dual));
}

/* One program; *done when it is the last. */
static sx_status sift_round(sift *w, bool *done, sx_error *err)
{
    sx_i_part part = {w->in, w->held};
    hold(w);
    sx_status st = sx_i_goal_solve_part(w->t, &part, w->blur, w->o, err);
    *done = st || !w->o->solved;
    if (*done)
        return st;
    double most = evaluate(w, w->o->x);
    *done = find_wrong(w) == 0;
    if (*done)
        w->o->solved = passes(w, most);
    else
        admit(w, first_terms(w->t));
    return SX_OK;
}

sx_status sx_i_goal_sift(const sx_i_goal *t, double blur, sx_i_optimum *o, sx_error *err)
{
    sift w = {.t = t, .blur = blur, .o = o};
    bool done = false;
    sx_status st = sift_init(&w, err);
    if (!st)
        begin(&w);
    for (int round = 0; !st && !done && round < ROUNDS; round++)
        st = sift_round(&w, &done, err);
    o->solved = !st && done && o->solved;
    sift_clear(&w);
    return st;
}
