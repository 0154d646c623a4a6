/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_edit_oom.c - when any one allocation fails while an edited world is made, ours or
 * libxml2's, the answer is SX_EMEM, nothing is lost (the sanitizers watch) and the next call
 * gives the world that it gives with memory. */
#include "tests/alloc_limit.h"
#include "tests/check.h"
#include "tests/starve_xml.h"
#include "tests/same_spec.h"

#include "mdp/edit.h"
#include "mdp/match.h"
#include "mdp/permute.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const paths[] = {"tests/good/edits.xml",    "tests/edits/selectors.xml",
                                    "tests/edits/patches.xml", "tests/edits/do-permute.xml",
                                    "tests/edits/invalid.xml", "tests/edits/work.xml"};

static sx_spec *read_spec(const char *path)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    CHECK_OK(sx_spec_read(path, NULL, &spec, &err));
    return spec;
}

/* The edited world with that many allocations allowed; was that enough? */
static bool edit_with(const sx_spec *spec, int32_t edit, int32_t step, long allowed,
                      sx_status expected, const sx_spec *whole)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *out = NULL;
    long before = alloc_failures;
    CHECK_OK(sx_diags_new(&d, &err));
    alloc_allowed = allowed;
    sx_status st = sx_spec_edited(spec, edit, step, d, &out, &err);
    alloc_allowed = -1;
    bool enough = alloc_failures == before;
    bool right = st == (enough ? expected : SX_EMEM) || (!enough && st == expected && st);
    if (!right || (st && out) || err.status != st) {
        print_error("%s, %ld allocations: %s, %s\n", spec->edit[edit].id, allowed,
                    sx_status_text(st), err.msg);
        fail();
    }
    if (out && whole)
        same_spec(whole, out);
    sx_spec_free(out);
    sx_diags_free(d);
    return enough;
}

static void our_own_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        sx_spec *spec = read_spec(paths[i]);
        for (int32_t e = 0; e < spec->edits; e++) {
            int32_t step = spec->edit[e].steps - 1;
            sx_error err = SX_NO_ERROR;
            sx_spec *whole = NULL;
            sx_status st = sx_spec_edited(spec, e, step, NULL, &whole, &err);
            for (long allowed = 0; !edit_with(spec, e, step, allowed, st, whole); allowed++)
                ;
            sx_spec_free(whole);
        }
        sx_spec_free(spec);
    }
}

enum { RIGHT = 40, WRONG, ENOUGH, DIED }; /* exits; other ones are of a crash */

/* In a process of its own: the edited world when that allocation of libxml2 fails. */
static int answer_starved(const sx_spec *spec, int32_t edit, int32_t step, long allowed,
                          const sx_spec *whole)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *out = NULL;
    xml_allowed = allowed;
    sx_status st = sx_spec_edited(spec, edit, step, NULL, &out, &err);
    xml_allowed = -1;
    if (xml_failures)
        return st == SX_EMEM && !out ? RIGHT : WRONG;
    same_spec(whole, out);
    return ENOUGH;
}

static int ask_process(const sx_spec *spec, int32_t edit, int32_t step, long allowed,
                       const sx_spec *whole)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);
        xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup);
        _exit(answer_starved(spec, edit, step, allowed, whole));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : DIED;
    return code >= RIGHT && code <= ENOUGH ? code : DIED;
}

/* XPath of libxml2 2.9 has a few places where it does not survive the lack of memory itself:
 * a process that dies there is not counted as ours. */
static void memory_of_libxml2(void **state)
{
    (void)state;
    sx_spec *spec = read_spec("tests/good/edits.xml");
    for (int32_t e = 0; e < 3; e++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *whole = NULL;
        int32_t step = spec->edit[e].steps - 1;
        long right = 0, died = 0;
        int answer = RIGHT;
        CHECK_OK(sx_spec_edited(spec, e, step, NULL, &whole, &err));
        for (long allowed = e; answer != ENOUGH; allowed += 3) {
            answer = ask_process(spec, e, step, allowed, whole);
            assert_int_not_equal(answer, WRONG);
            right += answer == RIGHT;
            died += answer == DIED;
        }
        if (died * 20 > right)
            print_error("edit %d: %ld right, %ld died\n", e, right, died);
        assert_true(right > 100 && died * 20 <= right);
        sx_spec_free(whole);
    }
    sx_spec_free(spec);
}

/* --- worlds exchanged and matched ----------------------------------------------------------
 */

static sx_status exchange(const sx_spec *spec, sx_match **x, sx_reward **carried,
                          sx_reward **permuted, sx_error *err)
{
    const sx_mdp *m = spec->world->mdp;
    const char *reason = NULL;
    sx_mdp *to = NULL;
    int32_t state[16], action[16];
    const sx_reward *r = spec->reward[1].reward;
    sx_status st = sx_spec_permutation(spec, 4, -1, state, action, NULL, err);
    if (!st)
        st = sx_match_new(spec->world, spec->world, x, err);
    if (!st)
        st = sx_reward_carry(*x, m, r, m, carried, &reason, err);
    if (!st)
        st = sx_mdp_permute(m, state, action, &to, err);
    if (!st)
        st = sx_reward_permute(m, state, action, r, to, permuted, err);
    sx_mdp_free(to);
    return st;
}

static void worlds_exchanged_and_matched(void **state)
{
    (void)state;
    sx_spec *spec = read_spec("tests/good/edits.xml");
    sx_status st = SX_EMEM;
    for (long allowed = 0; st == SX_EMEM; allowed++) {
        sx_error err = SX_NO_ERROR;
        sx_match *x = NULL;
        sx_reward *carried = NULL, *permuted = NULL;
        alloc_allowed = allowed;
        st = exchange(spec, &x, &carried, &permuted, &err);
        alloc_allowed = -1;
        assert_int_equal(err.status, st);
        assert_int_equal(st == SX_OK, permuted != NULL);
        assert_true(st == SX_OK || st == SX_EMEM);
        sx_reward_free(carried);
        sx_reward_free(permuted);
        sx_match_free(x);
    }
    assert_int_equal(st, SX_OK);
    sx_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_memory),
        cmocka_unit_test(memory_of_libxml2),
        cmocka_unit_test(worlds_exchanged_and_matched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
