/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.h - results together with all that is needed to check them.
 *
 * A certificate holds claims (the numbers that a verb printed) and evidence: value vectors,
 * policies, lambda, potentials.  Checking takes the world, its rewards and plain sweeps, no
 * solver: for any v with d = Tv - v, V* lies between v + min d / (1-gamma) and
 * v + max d / (1-gamma) (MacQueen 1966, Porteus 1971), T being the optimality operator for
 * an optimal value and that of a policy for the policy's value.
 *
 * Every reward is shaped by a potential of the certificate before anything else, which
 * shifts all returns alike and keeps the numbers small. */
#ifndef SX_CERTIFICATE_H
#define SX_CERTIFICATE_H

#include "metrics/distance.h"
#include "metrics/regret.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_CERTIFICATE_TRIPLES ((int64_t)1 << 24) /* more are not looked at one by one */

typedef enum sx_certificate_kind {
    SX_CERTIFICATE_REGRET,
    SX_CERTIFICATE_SOLVE,
    SX_CERTIFICATE_DISTANCE,
    SX_CERTIFICATE_SHAPE /* evidence and check are in shaping.h; here is its frame alone */
} sx_certificate_kind;

/* n and k below are the states and pairs that a certificate looks at: the reachable ones for
 * regrets, else all, in ascending order. */
typedef struct sx_certificate_world {
    int32_t states, actions, pairs;
    int64_t transitions;
    int32_t n, k;
    double discount;
    char sha256[65]; /* of all arrays of the world */
} sx_certificate_world;

/* A reward, shaped by `potential`: r' = r + gamma P potential - potential. */
typedef struct sx_certified_reward {
    int32_t reward;    /* its place in the specification */
    char sha256[65];   /* of its values */
    bool trivial;      /* claim */
    double range[2];   /* claim: least and greatest return of r */
    double *potential; /* [n] */
    double *most;      /* [n] greatest values of r' */
    double *least;     /* [n] least values of r' */
} sx_certified_reward;

typedef struct sx_certified_policy {
    double *policy; /* [k] */
    double *truth;  /* [n] its values of the true reward, shaped */
    double *proxy;  /* [n] of the proxy, shaped */
} sx_certified_policy;

/* Values where actions count as optimal whose advantage is within `share` of 1e-9 of the
 * largest reward.  Where the share is less than 1, a policy of actions within SX_TIGHTER times
 * as much falls short of the optimum by more than a quarter of the tolerance: they are no ties.
 */
#define SX_TIGHTER 20.0
typedef struct sx_certified_ties {
    double share;
    double *value;          /* [n] */
    double *policy, *proxy; /* [k] [n] that policy and its values of R2', or NULL */
} sx_certified_ties;

/* Regrets.  Where a reward is trivial there is no evidence: they follow. */
typedef struct sx_certified_pair {
    int32_t truth, proxy;                       /* among the rewards of the certificate */
    double pessimistic, optimistic, worst_case; /* claims, divided by the range */
    double lambda, primal, dual, gap;           /* claims but lambda */
    double *most, *least;                       /* [n] of R1' - lambda R2' */
    sx_certified_ties best, worst;              /* greatest and least values of R1' with the
                                                   optimal actions of R2' alone */
    sx_certified_policy high, low;              /* the witness */
} sx_certified_pair;

/* The answer of solve. */
typedef struct sx_certified_solution {
    bool minimise;
    double range[2]; /* claim: the optimal return lies in it */
    double gap;      /* its width */
    double error;    /* claim: of the values, in every state */
    double *value;   /* [n] */
    double *policy;  /* [n] claim: an optimal policy, by the index of its action */
} sx_certified_solution;

/* A canonical form is R + gamma potential(s') - potential(s) - constant.  SX_NONE stands for
 * the values of the uniform policy, which say whether the reward is trivial. */
typedef struct sx_certified_form {
    int32_t reward; /* among the rewards of the certificate */
    sx_canon canon;
    sx_norm norm; /* of the minimal forms; else SX_NO_NORM */
    double constant;
    double *potential, *potential_rest; /* [n] the rest, its last digits, may be NULL */
    double weight;                      /* of the squares, beside the centre */
    double *dual;                       /* [terms] no form has a smaller norm; or NULL */
    double *centre, *centre_rest; /* [terms] nor, with that norm, smaller squares; or NULL */
} sx_certified_form;

typedef struct sx_certified_distance {
    int32_t a, b; /* among the rewards of the certificate */
    sx_measure measure;
    sx_number value; /* claim; the reason is the program's word, and is not checked */
} sx_certified_distance;

typedef struct sx_certificate {
    sx_certificate_kind kind;
    double tolerance; /* of all claims, relative */
    double trivial;   /* the threshold of triviality */
    sx_certificate_world world;
    int32_t rewards;
    sx_certified_reward *reward;
    int32_t pairs;
    sx_certified_pair *pair;
    sx_certified_solution *solution; /* NULL unless the kind is solve */
    int32_t forms;
    sx_certified_form *form;
    int32_t distances;
    sx_certified_distance *distance;
    double *policy;      /* [k] of val and val-potential, NULL for the uniform one */
    double *state_dist;  /* [n] NULL for the uniform one */
    double *action_dist; /* [k] NULL for the uniform one */
} sx_certificate;

/* An empty certificate about m, to be filled; its world is measured.
 * *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_certificate_new(const sx_mdp *m, sx_certificate_kind kind,
                                        sx_certificate **out, sx_error *err);
sx_certificate *sx_certificate_free(sx_certificate *c);

/* How many terms the dual vectors of a form are over: pairs, triples by pair, or possible
 * triples; 0 where there are none (l2, weighted-l2, and all that is no minimal form). */
int64_t sx_certified_form_terms(const sx_certificate_world *w, sx_canon canon, sx_norm norm);

/* The hash of the values of a reward that certificates of this kind depend on: those of
 * possible triples, for distances all of them up to SX_CERTIFICATE_TRIPLES. */
SX_CHECKED sx_status sx_certificate_reward_hash(const sx_mdp *m, const sx_reward *r,
                                                sx_certificate_kind kind, char sha256[65],
                                                sx_error *err);

/* Results that a certificate is made of. */
typedef struct sx_regret_result {
    int32_t truth, proxy; /* in the specification */
    const sx_regret *regret;
} sx_regret_result;

/* The certificate of regrets [n] that were computed with these options. */
SX_CHECKED sx_status sx_certify_regret(const sx_mdp *m, const sx_reward *const *reward,
                                       const sx_regret_options *o,
                                       const sx_regret_result *result, int32_t n,
                                       sx_certificate **out, sx_error *err);

typedef struct sx_solution_result {
    int32_t reward; /* in the specification */
    bool minimise;
    double tolerance; /* relative to the largest |r| / (1-gamma) */
    const sx_solution *solution;
} sx_solution_result;

SX_CHECKED sx_status sx_certify_solution(const sx_mdp *m, const sx_reward *const *reward,
                                         const sx_solution_result *result, sx_certificate **out,
                                         sx_error *err);

/* Distances as sx_distances gives them. */
typedef struct sx_distance_result {
    const int32_t *which; /* [n] in the specification */
    int32_t n;
    const sx_measure *measure; /* [measures] */
    int32_t measures;
    const sx_number *value; /* [measures * pairs] */
} sx_distance_result;

SX_CHECKED sx_status sx_certify_distances(const sx_mdp *m, const sx_reward *const *reward,
                                          const sx_canon_options *o,
                                          const sx_distance_result *result,
                                          sx_certificate **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
