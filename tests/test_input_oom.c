/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_input_oom.c - what reads tables, arrays, maps and expressions, run with 0, 1, 2, ...
 * allocations until it succeeds: SX_EMEM before, nothing lost, outputs empty. */
#include "mdp/csv.h"
#include "mdp/expr.h"
#include "mdp/file.h"
#include "mdp/grid.h"
#include "mdp/npy.h"
#include "mdp/random.h"
#include "tests/starve.h"

static void on_problem(void *context, const sx_grid_problem *p)
{
    (void)context;
    (void)p;
}

static sx_status make_world(sx_world **w, int32_t **kind, sx_error *err)
{
    static const sx_cell cells[] = {{"S", "start", false, false, 1, NULL},
                                    {"C", "cliff", false, false, 0, "S"},
                                    {"\xc3\xa9", "goal", false, true, 0, NULL}};
    sx_gridworld g = {"...\nSC\xc3\xa9", 0.5, 0.1, SX_SLIP_ANY, SX_MOVES_8_STAY, 3, cells};
    return sx_grid_world(&g, on_problem, NULL, w, kind, err);
}

static sx_status job_grid(sx_error *err)
{
    sx_world *w = NULL;
    int32_t *kind = NULL;
    sx_status st = make_world(&w, &kind, err);
    assert_true((st == SX_OK) == (w != NULL) && (st == SX_OK) == (kind != NULL));
    sx_world_free(w);
    sx_release(kind);
    return st;
}

static sx_status job_names(sx_error *err)
{
    sx_names *names = NULL, *numbered = NULL;
    int32_t index = 0;
    char text[16];
    sx_status st = sx_names_numbered(5, &numbered, err);
    if (!st)
        st = sx_names_new(&names, err);
    for (int i = 0; !st && i < 40; i++) {
        snprintf(text, sizeof text, "n%d", i);
        st = sx_names_add(names, text, &index, err);
        assert_int_equal(st ? sx_names_find(names, text) : 0, st ? -1 : 0);
    }
    sx_names_free(names);
    sx_names_free(numbered);
    return st;
}

static sx_status job_csv(sx_error *err)
{
    static const char text[] = "a,b\n1,2\n\"x\",y\n";
    sx_csv *c = NULL;
    sx_status st = sx_csv_parse("t.csv", text, sizeof text - 1, NULL, &c, err);
    assert_true((st == SX_OK) == (c != NULL));
    char *quoted = st ? NULL : sx_csv_quote("a,b");
    if (!st && !quoted)
        st = sx_nomem(err);
    sx_release(quoted);
    sx_csv_free(c);
    return st;
}

static sx_status job_npy(sx_error *err)
{
    double values[] = {1, 2, 3};
    sx_array a = {.dims = 1, .shape = {3, 1, 1}, .value = values}, *b = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_status st = sx_npy_format(&a, &bytes, &size, err);
    if (!st)
        st = sx_npy_parse("x", bytes, size, &b, err);
    assert_true((st == SX_OK) == (b != NULL));
    sx_release(bytes);
    sx_array_free(b);
    return st;
}

/* "x.npy" with the one element 7 (u1), deflated as a stored block. */
static const unsigned char archive[] = {'P', 'K', 3, 4, 20, 0, 0,   0,   8,   0,   0,  0,
                                        0,   0,   0, 0, 0,  0, 0,   0,   0,   0,   0,  0,
                                        0,   0,   5, 0, 0,  0, 'x', '.', 'n', 'p', 'y'};

static size_t put(unsigned char *to, size_t at, const void *bytes, size_t n)
{
    memcpy(to + at, bytes, n);
    return at + n;
}

/* The directory and end for that archive whose member has these sizes and no right checksum:
 * everything that allocates has happened before that is seen. */
static size_t make_archive(unsigned char *zip)
{
    unsigned char block[] = {1, 4, 0, 0xfb, 0xff, 'd', 'a', 't', 'a'};
    unsigned char entry[46] = {'P', 'K', 1, 2, 20, 0, 20, 0, 0, 0, 8};
    unsigned char end[22] = {'P', 'K', 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 51};
    size_t at = put(zip, 0, archive, sizeof archive);
    at = put(zip, at, block, sizeof block);
    entry[20] = sizeof block;
    entry[24] = 4;
    entry[28] = 5;
    end[16] = (unsigned char)at;
    at = put(zip, at, entry, sizeof entry);
    at = put(zip, at, "x.npy", 5);
    return put(zip, at, end, sizeof end);
}

static sx_status job_npz(sx_error *err)
{
    unsigned char zip[256];
    sx_array *a = NULL;
    size_t size = make_archive(zip);
    sx_status st = sx_npz_parse("x", zip, size, NULL, &a, err);
    assert_null(a);
    if (st == SX_EINPUT) {
        assert_non_null(strstr(err->msg, "checksum"));
        *err = (sx_error)SX_NO_ERROR;
        st = SX_OK;
    }
    return st;
}

static sx_world *world;

static sx_status job_expression(sx_error *err)
{
    static const char text[] = "(row - row')^2 + if(action == up, 1, 2) * col' - max(row, col)";
    sx_expr *e = NULL, **left = NULL, **right = NULL;
    sx_expr_error where;
    double value = 0;
    int32_t parts = 0, zero = 0;
    sx_status st = sx_expr_parse(text, world, 7, &e, &where, err);
    assert_true((st == SX_OK) == (e != NULL));
    if (!st)
        st = sx_expr_eval(e, &zero, &zero, &zero, 1, &value, err);
    if (!st)
        st = sx_expr_separate(e, &parts, &left, &right, err);
    assert_true(st ? !left && !right && !parts : parts > 1);
    for (int32_t i = 0; i < parts; i++) {
        sx_expr_free(left[i]);
        sx_expr_free(right[i]);
    }
    sx_release(left);
    sx_release(right);
    sx_expr_free(e);
    return st;
}

static sx_status job_random(sx_error *err)
{
    sx_mdp *m = NULL, *n = NULL;
    sx_status st = sx_random_dirichlet(4, 2, 3, 1, &m, err);
    if (!st)
        st = sx_random_starc(4, 2, 1, &n, err);
    assert_true((st == SX_OK) == (n != NULL));
    sx_mdp_free(m);
    sx_mdp_free(n);
    return st;
}

static sx_status job_file(sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_status st = sx_file_read("/proc/self/status", 1 << 20, &bytes, &size, err);
    assert_true((st == SX_OK) == (bytes != NULL));
    sx_release(bytes);
    return st;
}

static void every_allocation_fails_once(void **unused)
{
    (void)unused;
    static const job jobs[] = {job_grid, job_names,      job_csv,    job_npy,
                               job_npz,  job_expression, job_random, job_file};
    sx_error err = SX_NO_ERROR;
    CHECK_OK(make_world(&world, NULL, &err));
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        assert_true(starve(jobs[i]) > 1);
    world = sx_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
