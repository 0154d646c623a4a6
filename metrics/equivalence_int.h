/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_int.h - what the files of the equivalence share. */
#ifndef SX_EQUIVALENCE_INT_H
#define SX_EQUIVALENCE_INT_H

#include "metrics/equivalence.h"
#include "solvers/evaluate.h"

/* One reward under the uniform policy: V = common + value, and its advantages. */
typedef struct sx_i_side {
    const sx_reward *reward;
    double *mean;      /* [K] r(s,a) */
    double *advantage; /* [K] */
    double *value;     /* [S] of mean 0, nearly */
    double common;
    double size;  /* max |R| over possible triples */
    double error; /* no advantage is further from the true one, nor from that of a reward whose
                     values were rounded to double */
    double rounding; /* what the error is as a rule, with a margin of about ten; <= error */
} sx_i_side;

/* Two sides on one world. */
typedef struct sx_i_comparison {
    const sx_mdp *m;
    const sx_equivalence_options *o;
    sx_i_side a, b;
    unsigned char *reached; /* [S] */
} sx_i_comparison;

/* Fill x->m, a and b; to be released whatever the answer. */
SX_CHECKED sx_status sx_i_comparison_make(sx_i_comparison *x, const sx_mdp *m,
                                          const sx_reward *a, const sx_reward *b,
                                          sx_error *err);
void sx_i_comparison_release(sx_i_comparison *x);

/* By how much single errors of rewards, of random signs, are magnified in advantages.
 * (equivalence_noise.c) */
SX_CHECKED sx_status sx_i_noise_gain(const sx_mdp *m, sx_evaluator *e, double *gain,
                                     sx_error *err);

/* What an exact decision added.  (equivalence_exact.c) */
sx_exactly *sx_i_exactly_free(sx_exactly *x);

/* What the advantages say over the pairs of the states in `states` [S] (NULL: all). */
typedef struct sx_i_verdict {
    sx_answer trivial_a, trivial_b;
    sx_answer same;     /* SX_ANSWER_NO: still to be shown by two policies */
    double scale;       /* NAN where a reward is or may be trivial */
    double interval[2]; /* of delta */
    bool opposite;      /* A_b = alpha A_a with alpha < 0, as far as one can tell */
} sx_i_verdict;

void sx_i_compare(const sx_i_comparison *x, const unsigned char *states, sx_i_verdict *v);

/* The transformations, scale, potential and residual of rewards that are equivalent.
 * v: the verdict over all states.  (equivalence_form.c) */
SX_CHECKED sx_status sx_i_equivalence_form(const sx_i_comparison *x, const sx_i_verdict *v,
                                           sx_equivalence *out, sx_error *err);

/* Two policies that show that the orders differ, as v says, from the initial distribution or
 * from all states alike.  *shown: whether their returns do.  (equivalence_show.c) */
SX_CHECKED sx_status sx_i_equivalence_show(const sx_i_comparison *x, const sx_i_verdict *v,
                                           bool from_start, sx_equivalence *out, bool *shown,
                                           sx_error *err);

#endif
