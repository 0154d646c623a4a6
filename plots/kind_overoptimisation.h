/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_overoptimisation.h - figure: proxy and true value of what a proxy picks.
 *
 * x is n of best-of-n on a log axis, or the divergence from where optimisation began, KL in
 * nats or its square root; both values have one axis.  The peak of the true value is marked,
 * unless it is at the end.  Seeds as in kind_training.h; models have a panel each. */
#ifndef SX_KIND_OVEROPTIMISATION_H
#define SX_KIND_OVEROPTIMISATION_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_pressure { SX_PRESSURE_N, SX_PRESSURE_KL, SX_PRESSURE_SQRT_KL } sx_pressure;

enum { SX_OVEROPTIMISATION_MODELS = 9 };

typedef struct sx_overoptimisation_view {
    const char *title; /* of the document */
    int64_t rows;
    bool kl;                     /* x is KL; else it is n, and KL is made of it */
    const double *x;             /* [rows] */
    const double *proxy, *truth; /* [rows]; NAN: left out */
    const double *proxy_low, *proxy_high, *truth_low,
        *truth_high;             /* [rows], in pairs, or NULL */
    const int32_t *model, *seed; /* [rows] or NULL: one */
    int32_t models;              /* 1 to SX_OVEROPTIMISATION_MODELS; names [models] or NULL */
    const char *const *name;
    const char *const *seed_name; /* by number, or NULL */
    sx_pressure axis;             /* SX_PRESSURE_N not with kl */
    uint64_t draws;               /* seed of the bootstrap over seeds */
} sx_overoptimisation_view;

/* KL of best-of-n where no two responses have equal scores, in nats: ln n - (n-1)/n; an upper
 * bound for any others.  n >= 1. */
double sx_best_of_n_kl(double n);

/* *out: owned by the caller; NULL on failure.  SX_EINPUT: an n below 1 or a KL below 0, two
 * rows for one place, no row with numbers, too many models. */
SX_CHECKED sx_status sx_figure_overoptimisation(const sx_overoptimisation_view *v,
                                                sx_figure **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
