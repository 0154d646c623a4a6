/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_shaping.c - shapings are as small as the textbook's linear program and the normal
 * equations say, their proofs hold, and what was put in as a shaping is found again. */
#include "tests/shaping_plain.h"

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

/* Where unknown j is held in this face: 0 not at all, 1 and 2 at its bounds; alpha, the last
 * where there is a target, has one bound, 0. */
static int place_in_face(int64_t face, int32_t j)
{
    while (j-- > 0)
        face /= 3;
    return (int)(face % 3);
}

/* What the squares come to at the best point of a face; INFINITY where that leaves the box. */
static double value_on_face(const stage *c, const plain *p, int64_t face)
{
    int32_t n = p->n, count = 0, at[16];
    double fixed[16] = {0}, b = c->task.bound, *x = oracle_vector(n + 1), value;
    plain sub = {.n = n, .terms = p->terms};
    for (int32_t j = 0; j < n; j++) {
        int place = place_in_face(face, j);
        bool alpha = c->task.to && j == n - 1;
        fixed[j] = alpha || !place ? 0 : place == 1 ? b : -b;
        if (!place)
            at[count++] = j;
        if (alpha && place == 2)
            count = -1;
    }
    if (count < 0) {
        free(x);
        return INFINITY;
    }
    sub.row = oracle_vector(p->terms * (int64_t)n);
    sub.value = oracle_vector(p->terms);
    for (int32_t i = 0; i < p->terms; i++) {
        const double *row = p->row + (int64_t)i * n;
        sub.value[i] = p->value[i];
        for (int32_t j = 0; j < n; j++)
            sub.value[i] += row[j] * fixed[j];
        for (int32_t j = 0; j < count; j++)
            sub.row[(int64_t)i * n + j] = row[at[j]];
    }
    value = (double)squares_over(&sub, count, x);
    for (int32_t j = 0; j < count; j++) {
        bool alpha = c->task.to && at[j] == n - 1;
        if (x[j] < (alpha ? 0 : -b) - 1e-12 || (!alpha && x[j] > b + 1e-12))
            value = INFINITY;
    }
    free(sub.row);
    free(sub.value);
    free(x);
    return value;
}

enum { ENUMERATED = 5 }; /* states */

/* The least over all faces of the box. */
static double boxed_value(const stage *c, const plain *p)
{
    double least = INFINITY;
    int64_t faces = 1;
    for (int32_t j = 0; j < p->n; j++)
        faces *= 3;
    for (int64_t face = 0; face < faces; face++)
        least = fmin(least, value_on_face(c, p, face));
    return least;
}

static double squares_value(const stage *c, const plain *p)
{
    if (c->task.goal == SX_SHAPE_BOUNDED)
        return boxed_value(c, p);
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
            double value = c->task.to && j == p->n - 1       ? x->scale
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
    if (q->goal == SX_SHAPE_BOUNDED && q->norm == SX_L2 && c->m->states > ENUMERATED)
        return;
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

/* --- what was put in --- */

/* scale * table shaped by phi. */
static double *disguise(const sx_mdp *m, const double *table, double scale, const double *phi)
{
    double *out = oracle_vector(triples(m));
    for (int64_t i = 0; i < triples(m); i++)
        out[i] = scale * table[i] + m->discount * phi[i % m->states] -
                 phi[state_of(m, i / m->states)];
    return out;
}

static double largest_of(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static int recovered;

/* T = 2.5 R + shaping: nothing is left, and scale and potential are found. */
static void check_recovery(stage *c, sx_norm norm, sx_shape_on on)
{
    int32_t n = c->m->states;
    double *phi = oracle_vector(n);
    for (int32_t s = 0; s < n; s++)
        phi[s] = 3 * oracle_normal(&c->g) + 2;
    double *twin = disguise(c->m, c->from, 2.5, phi);
    sx_reward *from = reward_of(c->m, c->from), *to = reward_of(c->m, twin);
    kase q = {SX_SHAPE_FIT, norm, on, true};
    ask(c, &q, from, to);
    sx_shaping *x = shape(c);
    double size = largest_of(twin, triples(c->m));
    CHECK_NEAR(x->residual, 0, 1e-10 * size * (double)triples(c->m));
    if (x->unique) {
        recovered++;
        CHECK_NEAR(x->scale, 2.5, 1e-7);
        for (int32_t s = 0; s < n; s++)
            CHECK_NEAR(x->potential[s], phi[s], 1e-7 * size / (1 - c->m->discount));
    }
    sx_shaping_free(x);
    sx_reward_free(from);
    sx_reward_free(to);
    free(phi);
    free(twin);
}

static void a_shaping_is_found_again(void **state)
{
    static const sx_norm norms[] = {SX_L1, SX_L2, SX_LINF};
    (void)state;
    recovered = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        stage c;
        set_up(&c, seed);
        check_recovery(&c, norms[seed % 3], SX_SHAPE_TRIPLES);
        check_recovery(&c, norms[(seed + 1) % 3], SX_SHAPE_ROWS);
        tear_down(&c);
    }
    if (recovered < 500)
        fail_msg("%d recovered", recovered);
}

/* Nothing but scale 0 is near -R, and no scale is negative. */
static void opposites_get_scale_zero(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        stage c;
        sx_error err = SX_NO_ERROR;
        const char *reason = NULL;
        set_up(&c, seed);
        double *phi = oracle_vector(c.m->states), *minus = disguise(c.m, c.from, -1, phi);
        sx_reward *from = reward_of(c.m, c.from), *to = reward_of(c.m, minus);
        for (int i = 0; i < 6; i++) {
            ask(&c, &kases[i], from, to);
            sx_shaping *x = shape(&c);
            assert_true(x->scale >= 0 && x->scale < 1e-9);
            x->scale = -1; /* leaves nothing, and is not allowed */
            memset(x->potential, 0, (size_t)c.m->states * sizeof *x->potential);
            CHECK_OK(sx_shaping_check(c.m, &c.task, x, &reason, &err));
            assert_false(x->certified);
            sx_shaping_free(x);
        }
        sx_reward_free(from);
        sx_reward_free(to);
        free(phi);
        free(minus);
        tear_down(&c);
    }
}

/* A few rewards, shaped: the sparsest form has no larger sum than they had. */
static void sparse_rewards_are_found_behind_their_shapings(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        stage c;
        double sum = 0;
        set_up(&c, seed);
        int64_t n = triples(c.m);
        double *few = oracle_vector(n), *phi = oracle_vector(c.m->states);
        for (int i = 0; i < 3; i++)
            few[oracle_below(&c.g, (int32_t)n)] = oracle_normal(&c.g);
        for (int64_t i = 0; i < n; i++)
            sum += fabs(few[i]);
        for (int32_t s = 0; s < c.m->states; s++)
            phi[s] = oracle_normal(&c.g);
        double *dense = disguise(c.m, few, 1, phi);
        sx_reward *from = reward_of(c.m, dense);
        ask(&c, &(kase){SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false}, from, NULL);
        sx_shaping *x = shape(&c);
        assert_true(x->residual <= sum * (1 + 1e-9) + 1e-9);
        sx_shaping_free(x);
        sx_reward_free(from);
        free(few);
        free(phi);
        free(dense);
        tear_down(&c);
    }
}

/* The potential is the optimal value, and the best next reward is 0: looking no further is
 * optimal. */
static void optimal_potentials_leave_nothing_ahead(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        stage c;
        sx_error err = SX_NO_ERROR;
        sx_shape_quality quality;
        set_up(&c, seed);
        sx_reward *from = reward_of(c.m, c.from), *shaped = NULL;
        double *r = oracle_mean(c.m, c.from), *v = oracle_vector(c.m->states);
        double *after = oracle_vector(c.m->pairs), sum = 0, j = oracle_optimal(c.m, r, 1, v);
        double size = largest_of(r, c.m->pairs) / (1 - c.m->discount);
        ask(&c, &(kase){SX_SHAPE_OPTIMAL, SX_L1, SX_SHAPE_ROWS, false}, from, NULL);
        sx_shaping *x = shape(&c);
        CHECK_OK(sx_shaping_apply(c.m, from, x->scale, x->potential, &shaped, &err));
        sx_reward_mean(c.m, shaped, after);
        for (int32_t s = 0; s < c.m->states; s++) {
            double best = -INFINITY;
            for (int32_t k = c.m->pair[s]; k < c.m->pair[s + 1]; k++)
                best = fmax(best, after[k]);
            sum += v[s];
            CHECK_NEAR(x->potential[s], v[s], 1e-9 * fmax(1, size));
            CHECK_NEAR(best, 0, 1e-9 * fmax(1, size));
        }
        CHECK_NEAR(x->residual, sum, 1e-9 * fmax(1, size) * c.m->states);
        assert_true(x->lower <= sum + 1e-9 * size && isnan(x->size));
        CHECK_OK(sx_shape_measure(c.m, r, after, 10, &quality, &err));
        assert_true(quality.sweeps.value == 0 && quality.depth.value == 1);
        CHECK_NEAR(quality.look_ahead[0], j, 1e-8 * fmax(1, size));
        CHECK_NEAR(quality.optimal, j, 1e-9 * fmax(1, size));
        sx_shaping_free(x);
        sx_reward_free(from);
        sx_reward_free(shaped);
        free(r);
        free(v);
        free(after);
        tear_down(&c);
    }
}

/* --- proofs --- */

/* Whatever a proof, scale and potential are made to be: the bound stays below the minimum, and
 * what is not allowed is not certified. */
static void check_forgery(stage *c, const kase *q, sx_reward *from, sx_reward *to)
{
    sx_error err = SX_NO_ERROR;
    const char *reason = NULL;
    ask(c, q, from, to);
    sx_shaping *x = shape(c);
    double least = x->residual, unit = fmax(1, least);
    for (int attempt = 0; attempt < 4; attempt++) {
        for (int64_t i = 0; i < x->proof.count; i++)
            x->proof.y[i] += attempt == 0 ? oracle_normal(&c->g) : (attempt == 1 ? 1e-6 : 0.5);
        int32_t s = oracle_below(&c->g, c->m->states);
        if (attempt == 2)
            x->potential[s] += 1e3;
        if (attempt == 3)
            x->scale = q->target ? -1 : 2;
        CHECK_OK(sx_shaping_check(c->m, &c->task, x, &reason, &err));
        assert_null(reason);
        assert_true(x->lower <= least + 1e-8 * unit);
        if (q->norm != SX_L2 || attempt >= 2)
            assert_true(attempt < 2 || !x->certified);
    }
    x->potential[0] = NAN;
    CHECK_OK(sx_shaping_check(c->m, &c->task, x, &reason, &err));
    assert_false(x->certified);
    sx_shaping_free(x);
}

static void forged_proofs_prove_nothing_false(void **state)
{
    (void)state;
    for (uint64_t seed = 2; seed <= 40; seed++) {
        stage c;
        set_up(&c, seed);
        sx_reward *from = reward_of(c.m, c.from), *to = reward_of(c.m, c.to);
        for (int i = 0; i < CASES; i++)
            if (kases[i].goal != SX_SHAPE_SMOOTH || c.m->states > 2)
                check_forgery(&c, &kases[i], from, to);
        sx_reward_free(from);
        sx_reward_free(to);
        tear_down(&c);
    }
}

/* --- bad tasks --- */

static void refuses(stage *c, const char *says)
{
    sx_error err = SX_NO_ERROR;
    const char *reason = NULL;
    sx_shaping *x = NULL;
    assert_int_equal(sx_shape(c->m, &c->task, &x, &reason, &err), SX_EARG);
    assert_null(x);
    if (!strstr(err.msg, says))
        fail_msg("'%s' is not in '%s'", says, err.msg);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    stage c;
    set_up(&c, 3);
    sx_reward *from = reward_of(c.m, c.from), *to = reward_of(c.m, c.to);
    static const struct {
        kase q;
        const char *says;
    } bad[] = {
        {{SX_SHAPE_FIT, SX_L1, SX_SHAPE_ROWS, false}, "two rewards"},
        {{SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_ROWS, true}, "one reward"},
        {{SX_SHAPE_SPARSE, SX_L2, SX_SHAPE_ROWS, false}, "norm already"},
        {{SX_SHAPE_FLAT, SX_L1, SX_SHAPE_ROWS, false}, "norm already"},
        {{SX_SHAPE_FIT, SX_WEIGHTED_L1, SX_SHAPE_ROWS, true}, "l1, l2 or linf"},
        {{SX_SHAPE_OPTIMAL, SX_L1, SX_SHAPE_TRIPLES, false}, "rows"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ask(&c, &bad[i].q, from, to);
        refuses(&c, bad[i].says);
    }
    ask(&c, &kases[11], from, to);
    c.task.bound = -1;
    refuses(&c, "bound above 0");
    ask(&c, &kases[13], from, to);
    c.task.attributes = 0;
    refuses(&c, "attributes");
    ask(&c, &kases[13], from, to);
    c.attribute[1][0] = NAN;
    refuses(&c, "not a number");
    sx_reward_free(from);
    sx_reward_free(to);
    tear_down(&c);
}

static void unknown_values_are_a_reason(void **state)
{
    (void)state;
    stage c;
    sx_error err = SX_NO_ERROR;
    const char *reason = NULL;
    sx_shaping *x = NULL;
    set_up(&c, 4);
    sx_reward *from = reward_of(c.m, c.from);
    from->unknown = "no values there";
    from->dense = sx_release(from->dense);
    ask(&c, &(kase){SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false}, from, NULL);
    CHECK_OK(sx_shape(c.m, &c.task, &x, &reason, &err));
    assert_null(x);
    assert_string_equal(reason, "no values there");
    c.task.on = SX_SHAPE_ROWS;
    CHECK_OK(sx_shape(c.m, &c.task, &x, &reason, &err));
    assert_true(x && x->certified && !reason);
    sx_shaping_free(x);
    sx_reward_free(from);
    tear_down(&c);
}

/* --- size --- */

static sx_reward *sum_reward(const sx_mdp *m, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    double *left = oracle_rewards(m, seed, 0), *right = oracle_vector(m->states);
    oracle_stream g = oracle_start(seed);
    for (int32_t s = 0; s < m->states; s++)
        right[s] = oracle_normal(&g);
    CHECK_OK(sx_reward_new(m, &r, &err));
    CHECK_OK(sx_reward_add_left(m, r, left, &err));
    CHECK_OK(sx_reward_add_right(m, r, right, &err));
    free(left);
    free(right);
    return r;
}

static void large_worlds_are_certified(void **state)
{
    (void)state;
    static const kase large[] = {
        {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_FIT, SX_L1, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false},
        {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_ROWS, false},
        {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_TRIPLES, false},
        {SX_SHAPE_FIT, SX_L2, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true},
        {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_ROWS, true},
        {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_ROWS, false},
        {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true}, /* of a size that is not factored */
    };
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        stage c = {.seed = i, .task = sx_shape_defaults()};
        c.m = i < 5 ? oracle_expander(30, 6, 0.95, 9) : oracle_grid(i < 10 ? 60 : 180, 0.99);
        sx_reward *from = sum_reward(c.m, 5), *to = sum_reward(c.m, 6);
        ask(&c, &large[i], from, to);
        sx_shaping *x = shape(&c);
        assert_true(x->residual > 0 && x->lower > 0);
        sx_shaping_free(x);
        sx_reward_free(from);
        sx_reward_free(to);
        oracle_world_free(c.m);
    }
}

/* Where no scale above 0 helps, what it would cost is no doubt about the least. */
static void a_large_opposite_is_certified(void **state)
{
    (void)state;
    stage c = {.seed = 1, .task = sx_shape_defaults(), .m = oracle_grid(60, 0.99)};
    kase q = {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true};
    sx_reward *from = sum_reward(c.m, 5), *to = sum_reward(c.m, 5);
    sx_reward_scale(c.m, to, -1);
    ask(&c, &q, from, to);
    sx_shaping *x = shape(&c);
    assert_true(x->scale == 0 && x->gap < 1e-12);
    sx_shaping_free(x);
    sx_reward_free(from);
    sx_reward_free(to);
    oracle_world_free(c.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_equal_the_textbook_programs),
        cmocka_unit_test(a_shaping_is_found_again),
        cmocka_unit_test(opposites_get_scale_zero),
        cmocka_unit_test(sparse_rewards_are_found_behind_their_shapings),
        cmocka_unit_test(optimal_potentials_leave_nothing_ahead),
        cmocka_unit_test(forged_proofs_prove_nothing_false),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(unknown_values_are_a_reason),
        cmocka_unit_test(large_worlds_are_certified),
        cmocka_unit_test(a_large_opposite_is_certified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
