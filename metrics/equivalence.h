/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence.h - are these the same reward in disguise, and if not, on which policies do they
 * disagree.
 *
 * Two rewards order all policies alike, from whichever states one starts, exactly when both are
 * trivial or when
 *
 *     A_b = alpha A_a   for some alpha > 0,   A_r the advantages of r under the uniform policy,
 *
 * and then b is alpha a but for potential shaping and S'-redistribution (Skalse et al. 2024;
 * a constant shift is a shaping by a constant potential).  Where only the order from the
 * initial distribution counts, the same holds on the reachable states.
 *
 * Floating point can refute equality but not prove it, so there are three answers.  With
 * delta = max |A_b - alpha A_a| / max |A_b|, known to lie in the interval [lo, hi]:
 *
 *     yes         hi <= tolerance, and the difference is one that rounding makes as a rule
 *     no          lo > tolerance, and two policies were found whose returns, with their errors,
 *                 show it
 *     undecided   everything else
 *
 * A yes says that delta is at most hi, and no more: numbers that differ by less than their
 * rounding are the same doubles.  What rounding makes as a rule is smaller than what it may
 * make at worst, by up to 1/(1-gamma), and is found by putting random signs into the world;
 * between the two nothing is claimed. */
#ifndef SX_EQUIVALENCE_H
#define SX_EQUIVALENCE_H

#include "metrics/regret.h"
#include "mdp/reward.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_answer { SX_ANSWER_NO, SX_ANSWER_YES, SX_ANSWER_OPEN } sx_answer;

/* Transformations, as bits. */
enum { SX_BY_SCALE = 1, SX_BY_SHAPING = 2, SX_BY_REDISTRIBUTION = 4, SX_BY_SHIFT = 8 };

/* "scale", "potential-shaping", "s-prime-redistribution", "shift"; NULL after the last. */
const char *sx_transformation_name(int32_t i);

typedef struct sx_equivalence_options {
    double tolerance; /* relative: 1e-9 */
    double trivial;   /* above this share of max |R| advantages are surely not zero: 1e-9 */
    const sx_method *method; /* of control; NULL: by size */
} sx_equivalence_options;

sx_equivalence_options sx_equivalence_defaults(void);

/* A return under both rewards, and how wrong each may be. */
typedef struct sx_both_returns {
    double a, b, error_a, error_b;
} sx_both_returns;

/* What an exact decision says beside the numbers; texts are fractions such as "-2/3" or whole
 * numbers, in lowest terms. */
typedef struct sx_exactly {
    int32_t states, pairs;
    char *scale;           /* of equivalent rewards, else NULL */
    char **potential;      /* [S] likewise */
    int32_t proof[2];      /* of others: two pairs (s,a) at which no common alpha > 0 makes
                              A_b = alpha A_a; the first may be all that is needed (-1) */
    char *advantage[2][2]; /* [pair][a,b] A_a and A_b there, else NULL */
    char **policy[2];      /* [K] the policies first and second */
    char *returns[2][2];   /* [policy][a,b] */
    double difference[2];  /* of the returns under a and b, first - second, rounded */
    char *apart[2];        /* the same as fractions */
    char rounded[2][40];   /* the same with six digits, however small: "1.23457e-2000" */
} sx_exactly;

typedef struct sx_equivalence {
    sx_answer equivalent;            /* over all states */
    sx_answer same_order_from_start; /* over the reachable ones */
    int32_t unreachable;
    sx_answer trivial_a, trivial_b;
    bool opposite;      /* b orders all policies the other way round: alpha < 0 */
    double interval[2]; /* of delta; NAN where a reward is trivial */
    /* of equivalent rewards, else 0, NAN and NULL */
    unsigned transformations; /* the smallest set that turns a into b */
    double scale;             /* alpha */
    double *potential;        /* [S] b = alpha a + gamma Phi(s') - Phi(s), redistributed;
                                 a shift by c is Phi = -c / (1-gamma) */
    double residual;          /* what is left: max over pairs of the mean over s' */
    const char *reason;       /* static: why impossible triples were not looked at, or NULL */
    /* of rewards that are not, else NULL */
    bool from_start;        /* the returns are from the initial distribution, else from all
                               states alike, since from the start they are not known to differ */
    double *first, *second; /* [K] two policies: a prefers the first, b the second; where one
                               reward is trivial, the best and the worst of the other */
    sx_both_returns returns[2];
    sx_exactly *exactly; /* NULL: decided in floating point */
} sx_equivalence;

/* Compare a and b.  *out: owned by the caller; NULL on failure.  Two evaluations and at most
 * two worst-case regrets.  SX_EARG: a tolerance that is none; SX_EMEM, SX_EFAULT. */
SX_CHECKED sx_status sx_equivalence_find(const sx_mdp *m, const sx_reward *a,
                                         const sx_reward *b, const sx_equivalence_options *o,
                                         sx_equivalence **out, sx_error *err);
sx_equivalence *sx_equivalence_free(sx_equivalence *x);

/* The same decision in rational arithmetic, never undecided: x is the world with the rewards a
 * and b, `found` what floating point said, whose policies are tried first and which is
 * replaced.  Advantages by elimination without fractions (Bareiss 1968); a no always comes with
 * two policies.  SX_ELIMIT: the numbers are so long that the elimination would take too long,
 * or too much memory.  (equivalence_exact.c) */
struct sx_exact;
SX_CHECKED sx_status sx_equivalence_decide(const struct sx_exact *x, sx_equivalence **found,
                                           sx_error *err);

/* The advantages of two rewards beside each other: A_b and alpha A_a, alpha >= 0 by least
 * squares. */
enum { SX_DIFFERENCES = 10 };

typedef struct sx_difference {
    int32_t pair;
    double a, b; /* alpha A_a and A_b */
} sx_difference;

typedef struct sx_alignment {
    double scale;                          /* alpha */
    int32_t differ;                        /* pairs that differ beyond rounding */
    int32_t count;                         /* of those below */
    sx_difference largest[SX_DIFFERENCES]; /* [count] the largest |A_b - alpha A_a| first */
} sx_alignment;

SX_CHECKED sx_status sx_rewards_align(const sx_mdp *m, const sx_reward *a, const sx_reward *b,
                                      sx_alignment *out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
