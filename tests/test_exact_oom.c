/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_exact_oom.c - when any one allocation fails while a specification is read and decided in
 * rational numbers, ours or GMP's, the answer is SX_EMEM, nothing is lost (the sanitizers
 * watch), and GMP has the allocation functions of the program again. */
#include "tests/starve.h"

#include "mdp/edit.h"
#include "mdp/exact.h"
#include "metrics/equivalence.h"

#include <gmp.h>
#include <omp.h>
#include <unistd.h>

/* --- reading and deciding ------------------------------------------------------------------
 */

static const sx_spec *spec;
static const sx_exact_edit *edited;
static const char *id[2];
static sx_answer last; /* what was decided */

static sx_status read_and_decide(sx_error *err)
{
    sx_exact *x = NULL;
    sx_diags *d = NULL;
    sx_equivalence *found = sx_alloc(1, sizeof *found);
    sx_status st = found ? sx_diags_new(&d, err) : sx_nomem(err);
    if (!st)
        st = sx_exact_read(spec, edited, id, d, &x, err);
    assert_true((x != NULL) == (st == SX_OK));
    if (!st)
        st = sx_equivalence_decide(x, &found, err);
    if (!st)
        last = found->equivalent;
    sx_exact_free(x);
    sx_diags_free(d);
    sx_equivalence_free(found);
    return st;
}

static char folder[] = "/tmp/sextant-exact-oom-XXXXXX";

static const char *write_text(const char *name, const char *text)
{
    static char path[80];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static void starve_file(const char *path, int32_t edit, const char *a, const char *b,
                        sx_answer expected)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *whole = NULL, *changed = NULL;
    CHECK_OK(sx_spec_read(path, NULL, &whole, &err));
    const sx_exact_edit e = {whole, edit, -1};
    if (edit >= 0)
        CHECK_OK(sx_spec_edited(whole, edit, -1, NULL, &changed, &err));
    spec = edit >= 0 ? changed : whole;
    edited = edit >= 0 ? &e : NULL;
    id[0] = a;
    id[1] = b;
    long allocations = starve(read_and_decide);
    assert_int_equal(last, expected);
    if (allocations < 200)
        print_error("%s: %ld allocations\n", path, allocations);
    assert_true(allocations >= 200);
    sx_spec_free(changed);
    sx_spec_free(whole);
}

#define WORLD \
    "<explicit><state id='s'><attribute id='n' value='1/3'/></state><state id='t'/>" \
    "<action id='a'/><action id='b'/><transition from='*' action='a' to='t' p='1/3'/>" \
    "<transition from='*' action='a' to='s' p='2/3'/>" \
    "<transition from='*' action='b' to='s' p='1'/></explicit>"

/* Rewards of every form; the second is the first in disguise, the third is not. */
static const char text[] =
    "<mdp version='1' discount='0.9'>" WORLD
    "<reward id='runs' href='run*.csv' missing='zero'/>"
    "<reward id='r'><add from='s' value='n / 7'/><set to='t' action='a' when=\"n' != 1\" "
    "value='0.1'/><use reward='runs/run1' scale='1/3'/><noise sd='0.5' seed='3'/></reward>"
    "<reward id='same'><use reward='r' scale='2/3'/><shape><at state='t' potential='1/7'/>"
    "</shape><redistribute seed='5'/></reward>"
    "<reward id='other'><use reward='r'/><add from='t' action='b' value='1e-30'/></reward>"
    "<edit id='e'><do variable='n' value='n + 1/5' when='n &gt; 0'/>"
    "<permute states='s t' actions='a b'/></edit></mdp>";

static void rewards_of_every_form(void **state)
{
    (void)state;
    write_text("run1.csv", "from,action,to,reward\ns,a,t,0.3\nt,b,s,1/3\n");
    const char *path = write_text("w.xml", text);
    starve_file(path, -1, "r", "same", SX_ANSWER_YES);
    starve_file(path, -1, "r", "other", SX_ANSWER_NO);
    starve_file(path, 0, "same", "r", SX_ANSWER_YES);
}

static void worlds_of_many_kinds(void **state)
{
    static const char tree[] =
        "<mdp version='1' discount='0.5'><bandit><contexts count='2'/><context id='0' "
        "weight='1/3'/><responses count='2'/></bandit><reward id='r'><add action='1' "
        "value='1/3'/></reward></mdp>";
    (void)state;
    starve_file("tests/good/factored.xml", -1, "true", "true", SX_ANSWER_YES);
    starve_file(write_text("w.xml", tree), -1, "r", "r", SX_ANSWER_YES);
    starve_file("examples/two-state.xml", -1, "true", "proxy", SX_ANSWER_NO);
}

/* --- the functions of GMP -----------------------------------------------------------------
 */

/* Blocks have something before them, so that they cannot be taken for those of others. */
static void *padded_take(size_t size)
{
    char *p = malloc(size + 64);
    return p + 64;
}

static void *padded_change(void *p, size_t old, size_t size)
{
    (void)old;
    char *grown = realloc((char *)p - 64, size + 64);
    return grown + 64;
}

static void padded_give(void *p, size_t size)
{
    (void)size;
    free((char *)p - 64);
}

static long taken, given;

static void *count_take(size_t size)
{
    taken++;
    return malloc(size);
}

static void *count_change(void *p, size_t old, size_t size)
{
    (void)old;
    taken++;
    return realloc(p, size);
}

static void count_give(void *p, size_t size)
{
    (void)size;
    given++;
    free(p);
}

/* A number of the program, made before and used after. */
static void functions_of_the_program_come_back(void **state)
{
    void *(*take)(size_t);
    void *(*change)(void *, size_t, size_t);
    void (*give)(void *, size_t);
    mpz_t own;
    (void)state;
    mp_set_memory_functions(count_take, count_change, count_give);
    mpz_init_set_str(own, "123456789012345678901234567890", 10);
    long before = taken;
    for (int i = 0; i < 2; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *whole = NULL;
        CHECK_OK(sx_spec_read("examples/two-state.xml", NULL, &whole, &err));
        spec = whole;
        edited = NULL;
        id[0] = "true";
        id[1] = "proxy";
        alloc_allowed = i ? 300 : -1; /* also when the work was left */
        assert_int_equal(read_and_decide(&err), i ? SX_EMEM : SX_OK);
        alloc_allowed = -1;
        sx_spec_free(whole);
        mp_get_memory_functions(&take, &change, &give);
        assert_true(take == count_take && change == count_change && give == count_give);
    }
    assert_int_equal(taken, before);
    mpz_mul(own, own, own);
    assert_true(taken > before);
    mpz_clear(own);
    assert_true(given > 0);
    mp_set_memory_functions(NULL, NULL, NULL);
}

/* Threads with numbers of their own, and others behind fences. */
static sx_status count_up(void *arg, sx_error *err)
{
    mpq_ptr sum = sx_rationals_new(2);
    (void)err;
    for (unsigned long i = 1; i <= 300; i++) {
        mpq_set_ui(sum + 1, 1, i);
        mpq_add(sum, sum, sum + 1);
    }
    *(double *)arg = mpq_get_d(sum);
    return SX_OK;
}

static double plain(void)
{
    mpq_t sum, x;
    mpq_inits(sum, x, NULL);
    for (unsigned long i = 1; i <= 300; i++) {
        mpq_set_ui(x, 1, i);
        mpq_add(sum, sum, x);
    }
    double value = mpq_get_d(sum);
    mpq_clears(sum, x, NULL);
    return value;
}

static void threads_do_not_meet(void **state)
{
    int wrong = 0;
    double harmonic = 0;
    (void)state;
    mp_set_memory_functions(padded_take, padded_change, padded_give);
    for (int i = 300; i >= 1; i--)
        harmonic += 1.0 / i;
#pragma omp parallel for num_threads(4) reduction(+ : wrong)
    for (int i = 0; i < 400; i++) {
        double value = 0;
        sx_fence *f = NULL;
        sx_status st = sx_fence_new(&f, NULL);
        if (i % 2)
            value = plain();
        else if (!st)
            st = sx_fence_run(f, count_up, &value, NULL);
        wrong += st != SX_OK || !(value > harmonic - 1e-12 && value < harmonic + 1e-12);
        sx_fence_free(f);
    }
    mp_set_memory_functions(NULL, NULL, NULL);
    assert_int_equal(wrong, 0);
}

/* Numbers of a megabyte, all of which are kept. */
static sx_status grow(void *arg, sx_error *err)
{
    mpq_ptr x = sx_rationals_new(2000);
    (void)arg;
    for (int i = 0; i < 2000; i++)
        mpz_realloc2(mpq_numref(x + i), (mp_bitcnt_t)1 << 23);
    return sx_fail(err, SX_EFAULT, "nothing stopped it");
}

/* A megabyte again and again. */
static sx_status toil(void *arg, sx_error *err)
{
    (void)arg;
    for (int i = 0; i < 100000; i++)
        sx_fence_release(sx_fence_alloc(1 << 20, 1));
    return sx_fail(err, SX_EFAULT, "nothing stopped it");
}

static void refused(sx_fence_work *work, const char *why)
{
    sx_error err = SX_NO_ERROR;
    sx_fence *f = NULL;
    CHECK_OK(sx_fence_new(&f, &err));
    assert_int_equal(sx_fence_run(f, work, NULL, &err), SX_ELIMIT);
    assert_non_null(strstr(err.msg, why));
    sx_fence_free(f);
}

static void what_is_too_large_is_left(void **state)
{
    (void)state;
    refused(grow, "1024 MiB");
    refused(toil, "too much time");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(write_text("run1.csv", ""));
    unlink(write_text("w.xml", ""));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rewards_of_every_form),
        cmocka_unit_test(worlds_of_many_kinds),
        cmocka_unit_test(functions_of_the_program_come_back),
        cmocka_unit_test(threads_do_not_meet),
        cmocka_unit_test(what_is_too_large_is_left),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
