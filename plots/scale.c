/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.c - linear, logarithmic and symmetric logarithmic scales. */
#include "plots/scale.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double room = 0.03; /* beyond the data, of the length */

/* halves, so that no difference overflows */
static double measured(const sx_scale *s, double x)
{
    double size = fabs(x) / s->threshold;
    switch (s->kind) {
    case SX_SCALE_LOG: return log10(x);
    case SX_SCALE_SYMLOG:
        return copysign(size <= 1 ? size : log10(fabs(x)) - log10(s->threshold) + 1, x);
    default: return x / 2;
    }
}

/* the number that is measured so */
static double number(const sx_scale *s, double y)
{
    double x = 2 * y;
    if (s->kind == SX_SCALE_LOG)
        x = pow(10, y);
    if (s->kind == SX_SCALE_SYMLOG)
        x = copysign(fabs(y) <= 1 ? fabs(y) * s->threshold
                                  : pow(10, fabs(y) - 1 + log10(s->threshold)),
                     y);
    return fmin(fmax(x, -DBL_MAX), DBL_MAX);
}

double sx_scale_place(const sx_scale *s, double x)
{
    double sign = s->to < s->from ? -1 : 1;
    double slot = s->kind == SX_SCALE_LOG && s->zeros ? s->slot : 0;
    if (s->kind == SX_SCALE_LOG && !(x > 0))
        return x == 0 && s->zeros ? s->from + sign * slot / 2 : (double)NAN;
    double start = s->from + sign * slot;
    double low = measured(s, s->low);
    return start + (s->to - start) * ((measured(s, x) - low) / (measured(s, s->high) - low));
}

/* --- fitting --- */

static sx_status check(sx_scale_kind kind, double x, int64_t i, sx_error *err)
{
    if (!isfinite(x))
        return sx_fail(err, SX_EARG, "number %lld of an axis is %g", (long long)i, x);
    if (kind == SX_SCALE_LOG && x != 0 && !(x >= SX_LOG_LEAST))
        return sx_fail(err, SX_EARG, "number %lld of a logarithmic axis is %g", (long long)i,
                       x);
    return SX_OK;
}

static sx_status find_range(const double *x, int64_t n, sx_scale *s, sx_error *err)
{
    sx_status st = SX_OK;
    s->low = INFINITY;
    s->high = -INFINITY;
    for (int64_t i = 0; !st && i < n; i++) {
        st = check(s->kind, x[i], i, err);
        s->zeros = s->zeros || x[i] == 0;
        if (s->kind == SX_SCALE_LOG && x[i] == 0)
            continue;
        s->low = fmin(s->low, x[i]);
        s->high = fmax(s->high, x[i]);
    }
    if (!(s->low <= s->high)) {
        s->low = s->kind == SX_SCALE_LOG ? 0.1 : 0;
        s->high = 1;
    }
    return st;
}

/* An end at 0 stays: what cannot be negative has no room below. */
static void add_room(sx_scale *s)
{
    double low = measured(s, s->low);
    double high = measured(s, s->high);
    double more = room * (high - low);
    if (s->kind == SX_SCALE_LOG || s->low != 0)
        s->low = number(s, low - more);
    if (s->kind == SX_SCALE_LOG || s->high != 0)
        s->high = number(s, high + more);
    if (s->kind == SX_SCALE_LOG)
        s->low = fmax(s->low, SX_LOG_LEAST);
}

sx_status sx_scale_fit(sx_scale_kind kind, const double *x, int64_t n, double threshold,
                       sx_scale *s, sx_error *err)
{
    memset(s, 0, sizeof *s);
    s->kind = kind;
    s->threshold = threshold;
    s->to = 1;
    if (kind == SX_SCALE_SYMLOG && !(threshold >= SX_LOG_LEAST && isfinite(threshold)))
        return sx_fail(err, SX_EARG, "a symmetric logarithmic axis of threshold %g", threshold);
    sx_status st = find_range(x, n, s, err);
    if (st)
        return st;
    if (kind == SX_SCALE_LOG)
        sx_range_widen_log(&s->low, &s->high);
    else
        sx_range_widen(&s->low, &s->high);
    add_room(s);
    return SX_OK;
}

/* --- ticks --- */

static sx_status ticks_of(const sx_scale *s, int32_t wanted, sx_ticks *t, sx_error *err)
{
    switch (s->kind) {
    case SX_SCALE_LOG: return sx_ticks_log(s->low, s->high, wanted, t, err);
    case SX_SCALE_SYMLOG: return sx_ticks_symlog(s->low, s->high, s->threshold, wanted, t, err);
    default: return sx_ticks_inside(s->low, s->high, wanted, t, err);
    }
}

sx_status sx_scale_ticks(const sx_scale *s, int32_t wanted, sx_ticks *t, sx_error *err)
{
    sx_status st = ticks_of(s, wanted, t, err);
    if (st || s->kind != SX_SCALE_LOG || !s->zeros)
        return st;
    size_t others = (size_t)(t->ticks < SX_TICKS_MOST ? t->ticks : SX_TICKS_MOST - 1);
    memmove(t->value + 1, t->value, others * sizeof *t->value);
    memmove(t->label + 1, t->label, others * sizeof *t->label);
    t->value[0] = 0;
    snprintf(t->label[0], sizeof t->label[0], "0");
    t->ticks = (int32_t)others + 1;
    return SX_OK;
}
