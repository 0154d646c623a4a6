/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_exact_int.h - what the files of the exact decision share. */
#ifndef SX_EQUIVALENCE_EXACT_INT_H
#define SX_EQUIVALENCE_EXACT_INT_H

#include "metrics/equivalence_int.h"
#include "metrics/rational_int.h"

typedef struct sx_i_exact_side {
    mpq_srcptr reward; /* [K*S] */
    mpq_ptr mean;      /* [K] */
    mpq_ptr advantage; /* [K] */
    mpq_ptr value;     /* [S] under the uniform policy */
} sx_i_exact_side;

/* The world, the rewards, and room to compute in. */
typedef struct sx_i_problem {
    const sx_mdp *m;
    mpq_srcptr prob, discount, initial;
    sx_i_exact_side a, b;
    mpq_ptr matrix;    /* [S*S] */
    mpq_ptr values;    /* [S*2] */
    mpq_ptr uniform;   /* [K] */
    mpq_ptr policy[2]; /* [K] */
    mpq_ptr start;     /* [S] */
    mpq_ptr returns;   /* [policy*2 + reward], 4 */
    unsigned char *reached;
    mpq_t x, y; /* to compute with */
} sx_i_problem;

/* Are the advantages of the states looked at multiples of each other? */
typedef struct sx_i_exact_verdict {
    bool trivial_a, trivial_b, same, opposite;
    int32_t proof[2];
    mpq_t alpha;
    double apart; /* max |A_b - alpha A_a| / max |A_b| */
} sx_i_exact_verdict;

/* The texts of the n numbers at x, into *to as sx_i_rational_text does. */
sx_status sx_i_fractions_put(char ***to, mpq_srcptr x, int32_t n, sx_error *err);

/* to += x y */
void sx_i_add_product(mpq_ptr to, mpq_srcptr x, mpq_srcptr y, mpq_ptr room);

/* p->matrix = I - gamma P under pi [K]. */
void sx_i_problem_matrix(sx_i_problem *p, mpq_srcptr pi);

/* p->values [S,2] of both rewards under pi [K]. */
sx_status sx_i_problem_evaluate(sx_i_problem *p, mpq_srcptr pi, sx_error *err);

/* The pair with the largest |x|, x [K], among all or those of reached states; -1 when all are
 * zero. */
int32_t sx_i_problem_peak(const sx_i_problem *p, mpq_srcptr x, bool reached);

/* Are the states that are looked at all, or those that are reached? */
bool sx_i_problem_looks_at(const sx_i_problem *p, bool reached, int32_t s);

/* Two policies that show v, which says no, into out: those of `guess` if they do, else new
 * ones.  (equivalence_exact_show.c) */
sx_status sx_i_exact_show(sx_i_problem *p, const sx_i_exact_verdict *v, bool from_start,
                          const sx_equivalence *guess, sx_equivalence *out, sx_error *err);

/* New ones into p->policy and p->returns.  (equivalence_exact_move.c) */
sx_status sx_i_exact_move(sx_i_problem *p, const sx_i_exact_verdict *v, bool from_start,
                          sx_error *err);

#endif
