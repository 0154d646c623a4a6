/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_shaping.c - shapings are as small as the textbook's linear program and the normal
 * equations say, their proofs hold, and what was put in as a shaping is found again. */
#include "metrics/shaping.h"
#include "tests/oracle_reward.h"
#include "tests/textbook_lp.h"

enum { ATTRIBUTES = 2, CASES = 16 };

typedef struct kase {
    sx_shape_goal goal;
    sx_norm norm;
    sx_shape_on on;
    bool target;
} kase;

static const kase kases[CASES] = {
    {SX_SHAPE_FIT, SX_L1, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_L2, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_L1, SX_SHAPE_ROWS, true},
    {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_ROWS, true},
    {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true},
    {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_ROWS, false},
    {SX_SHAPE_FLAT, SX_LINF, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_FLAT, SX_LINF, SX_SHAPE_ROWS, false},
    {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_ROWS, false},
    {SX_SHAPE_BOUNDED, SX_L1, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_BOUNDED, SX_LINF, SX_SHAPE_ROWS, false},
    {SX_SHAPE_LINEAR, SX_L1, SX_SHAPE_ROWS, true},
    {SX_SHAPE_LINEAR, SX_LINF, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_LINEAR, SX_L2, SX_SHAPE_TRIPLES, true},
};

typedef struct stage {
    uint64_t seed;
    oracle_stream g;
    sx_mdp *m;
    double *from, *to;        /* [K*S] */
    double *attribute[ATTRIBUTES];
    sx_shape_task task;
} stage;

static double *table_of(const sx_mdp *m, uint64_t seed, uint64_t index)
{
    return oracle_table(m, seed, index);
}

static sx_reward *reward_of(const sx_mdp *m, const double *table)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->dense = sx_alloc((size_t)triples(m), sizeof *r->dense);
    memcpy(r->dense, table, (size_t)triples(m) * sizeof *table);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r->on[t] = table[(int64_t)k * m->states + m->next[t]];
    return r;
}

static void set_up(stage *c, uint64_t seed)
{
    *c = (stage){.seed = seed, .g = oracle_start(seed * 77 + 5), .m = oracle_world(seed)};
    c->from = table_of(c->m, seed, 0);
    c->to = table_of(c->m, seed, 1);
    for (int j = 0; j < ATTRIBUTES; j++) {
        c->attribute[j] = oracle_vector(c->m->states);
        for (int32_t s = 0; s < c->m->states; s++)
            c->attribute[j][s] = j ? oracle_normal(&c->g) : oracle_below(&c->g, 4);
    }
    c->task = sx_shape_defaults();
}

static void tear_down(stage *c)
{
    for (int j = 0; j < ATTRIBUTES; j++)
        free(c->attribute[j]);
    free(c->from);
    free(c->to);
    oracle_world_free(c->m);
}

/* The task of a case; its rewards are the caller's. */
static void ask(stage *c, const kase *q, sx_reward *from, sx_reward *to)
{
    c->task.goal = q->goal;
    c->task.norm = q->norm;
    c->task.on = q->on;
    c->task.from = from;
    c->task.to = q->target ? to : NULL;
    c->task.bound = 0.3;
    c->task.attributes = ATTRIBUTES;
    c->task.attribute = (const double *const *)c->attribute;
}

static sx_shaping *shape(stage *c)
{
    sx_error err = SX_NO_ERROR;
    const char *reason = NULL;
    sx_shaping *x = NULL;
    sx_status st = sx_shape(c->m, &c->task, &x, &reason, &err);
    if (st || !x || !x->certified)
        print_error("world %d, goal %s, norm %s, on %s: %s %s gap %g residual %g lower %g\n",
                    (int)c->seed, sx_shape_goal_name((int32_t)c->task.goal),
                    sx_norm_name(c->task.norm), sx_shape_on_name((int32_t)c->task.on), err.msg,
                    reason ? reason : "", x ? x->gap : NAN, x ? x->residual : NAN,
                    x ? x->lower : NAN);
    assert_true(st == SX_OK && x && x->certified);
    return x;
}

/* --- the oracle: terms as their definition writes them, unknowns Phi (or the coefficients of
 * the attributes and a constant), then alpha --- */

static void shaping_column(const stage *c, int32_t k, const double *chance, double *row)
{
    const sx_mdp *m = c->m;
    for (int32_t y = 0; y < m->states; y++)
        row[y] += m->discount * chance[y];
    row[state_of(m, k)] -= 1;
}

static void add_plain(const stage *c, plain *p, const double *phi, double r, double t,
                      double weight)
{
    const sx_mdp *m = c->m;
    double *row = p->row + (int64_t)p->terms * p->n;
    bool linear = c->task.goal == SX_SHAPE_LINEAR;
    for (int32_t y = 0; y < m->states; y++)
        for (int32_t j = 0; linear && j <= ATTRIBUTES; j++)
            row[j] += phi[y] * (j < ATTRIBUTES ? c->attribute[j][y] : 1);
    for (int32_t y = 0; y < m->states && !linear; y++)
        row[y] = phi[y];
    if (c->task.to)
        row[p->n - 1] = r;
    p->value[p->terms] = c->task.to ? -t : r;
    p->weight[p->terms] = weight;
    p->terms++;
}

static void plain_of_triples(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    for (int64_t i = 0; i < triples(m); i++) {
        double *phi = oracle_vector(m->states), *chance = oracle_vector(m->states);
        chance[i % m->states] = 1;
        shaping_column(c, (int32_t)(i / m->states), chance, phi);
        add_plain(c, p, phi, c->from[i], c->to[i], 1);
        free(phi);
        free(chance);
    }
}

static double *chances(const sx_mdp *m, int32_t k)
{
    double *p = oracle_vector(m->states);
    for (int32_t y = 0; y < m->states; y++)
        p[y] = oracle_prob(m, k, y);
    return p;
}

static void plain_of_rows(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    double *r = oracle_mean(m, c->from), *t = oracle_mean(m, c->to);
    for (int32_t k = 0; k < m->pairs; k++) {
        double *phi = oracle_vector(m->states), *chance = chances(m, k);
        shaping_column(c, k, chance, phi);
        add_plain(c, p, phi, r[k], t[k], 1);
        free(phi);
        free(chance);
    }
    free(r);
    free(t);
}

static void plain_of_smooth(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    double *r = oracle_mean(m, c->from);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t l = 0; l < m->pairs; l++) {
            double tau = oracle_prob(m, k, state_of(m, l));
            double *phi = oracle_vector(m->states), *ck = chances(m, k), *cl = chances(m, l);
            shaping_column(c, l, cl, phi);
            for (int32_t y = 0; y < m->states; y++)
                phi[y] = -phi[y];
            shaping_column(c, k, ck, phi);
            if (tau > 0)
                add_plain(c, p, phi, r[k] - r[l], 0, tau);
            free(phi);
            free(ck);
            free(cl);
        }
    free(r);
}

static plain plain_task(const stage *c)
{
    const sx_mdp *m = c->m;
    int32_t n = c->task.goal == SX_SHAPE_LINEAR ? ATTRIBUTES + 1 : m->states;
    bool smooth = c->task.goal == SX_SHAPE_SMOOTH;
    plain p = plain_new(n + (c->task.to != NULL),
                        smooth ? (int64_t)m->pairs * m->pairs : triples(m));
    if (smooth)
        plain_of_smooth(c, &p);
    else if (c->task.on == SX_SHAPE_ROWS)
        plain_of_rows(c, &p);
    else
        plain_of_triples(c, &p);
    return p;
}

static double program_value(const stage *c, const plain *p)
{
    sx_lp *lp = textbook(p, c->task.norm);
    for (int32_t j = 0; j < p->n; j++) {
        bool bounded = c->task.goal == SX_SHAPE_BOUNDED;
        lp->col_lo[j] = bounded ? -c->task.bound : -INFINITY;
        lp->col_hi[j] = bounded ? c->task.bound : INFINITY;
    }
    if (c->task.to) {
        lp->col_lo[p->n - 1] = 0;
        lp->col_hi[p->n - 1] = INFINITY;
    }
    double value = solve(lp, c->seed);
    sx_lp_free(lp);
    return value;
}

/* |value + rows x|_2 at the least squares over the first n unknowns; x [n]. */
static long double squares_over(const plain *p, int32_t n, double *x)
{
    long double *a = calloc((size_t)n * (size_t)n, sizeof *a), sum = 0;
    long double *b = calloc((size_t)n, sizeof *b);
    for (int32_t i = 0; i < p->terms; i++)
        for (int32_t j = 0; j < n; j++) {
            const double *row = p->row + (int64_t)i * p->n;
            b[j] -= (long double)row[j] * p->value[i];
            for (int32_t l = 0; l < n; l++)
                a[(int64_t)j * n + l] += (long double)row[j] * row[l];
        }
    for (int32_t j = 0; j < n; j++) /* attributes may depend on each other */
        a[(int64_t)j * n + j] += 1e-14L;
    assert_true(oracle_solve(n, a, b));
    for (int32_t i = 0; i < p->terms; i++) {
        long double e = p->value[i];
        for (int32_t j = 0; j < n; j++)
            e += p->row[(int64_t)i * p->n + j] * b[j];
        sum += e * e;
    }
    for (int32_t j = 0; j < n; j++)
        x[j] = (double)b[j];
    free(a);
    free(b);
    return sqrtl(sum);
}

static double squares_value(const stage *c, const plain *p)
{
    double *x = oracle_vector(p->n), value;
    value = (double)squares_over(p, p->n, x);
    if (c->task.to && x[p->n - 1] < 0)
        value = (double)squares_over(p, p->n - 1, x);
    free(x);
    return value;
}

/* The size of what is left, from tables. */
static double size_left(const stage *c, const plain *p, const sx_shaping *x)
{
    double sum = 0, square = 0, most = 0;
    for (int32_t i = 0; i < p->terms; i++) {
        double e = p->value[i];
        for (int32_t j = 0; j < p->n; j++) {
            double value = c->task.to && j == p->n - 1 ? x->scale
                           : c->task.goal == SX_SHAPE_LINEAR ? x->coefficient[j]
                                                             : x->potential[j];
            e += p->row[(int64_t)i * p->n + j] * value;
        }
        sum += p->weight[i] * fabs(e);
        square += e * e;
        most = fmax(most, fabs(e));
    }
    return c->task.norm == SX_L1 ? sum : c->task.norm == SX_L2 ? sqrt(square) : most;
}

static void check_case(stage *c, const kase *q, sx_reward *from, sx_reward *to)
{
    ask(c, q, from, to);
    plain p = plain_task(c);
    double least = q->norm == SX_L2 ? squares_value(c, &p) : program_value(c, &p);
    sx_shaping *x = shape(c);
    double unit = fmax(1, least);
    if (!(fabs(x->residual - least) <= 1e-7 * unit) ||
        !(fabs(size_left(c, &p, x) - x->residual) <= 1e-9 * unit))
        print_error("world %d, goal %s %s %s: %.12g (%.12g), textbook %.12g\n", (int)c->seed,
                    sx_shape_goal_name((int32_t)q->goal), sx_norm_name(q->norm),
                    sx_shape_on_name((int32_t)q->on), x->residual, size_left(c, &p, x), least);
    CHECK_NEAR(x->residual, least, 1e-7 * unit);
    CHECK_NEAR(size_left(c, &p, x), x->residual, 1e-9 * unit);
    assert_true(x->lower <= x->residual * (1 + 1e-12) + 1e-12 && x->scale >= 0);
    for (int32_t s = 0; q->goal == SX_SHAPE_BOUNDED && s < c->m->states; s++)
        assert_true(fabs(x->potential[s]) <= c->task.bound);
    sx_shaping_free(x);
    plain_free(&p);
}

static void sizes_equal_the_textbook_programs(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 120; seed++) {
        stage c;
        set_up(&c, seed);
        sx_reward *from = reward_of(c.m, c.from), *to = reward_of(c.m, c.to);
        for (int i = 0; i < CASES; i++)
            check_case(&c, &kases[i], from, to);
        sx_reward_free(from);
        sx_reward_free(to);
        tear_down(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_equal_the_textbook_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
