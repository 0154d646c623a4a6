/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_spec_oom.c - when any one allocation fails while a specification of any kind is read,
 * sound or not, the answer is SX_EMEM (or what was wrong anyway), nothing is lost (the
 * sanitizers watch) and the next call works. */
#include "tests/alloc_limit.h"
#include "tests/check.h"
#include "tests/starve_xml.h"

#include "mdp/export.h"
#include "mdp/grammar.h"
#include "mdp/spec.h"
#include "mdp/xsd.h"

#include <dirent.h>
#include <stdlib.h>

/* Read with that many allocations allowed; was that enough? */
static bool read_with(const char *path, long allowed, bool sound)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    long before = alloc_failures;
    alloc_allowed = allowed;
    sx_status st = sx_diags_new(&d, &err);
    if (!st)
        st = sx_spec_read(path, d, &spec, &err);
    alloc_allowed = -1;
    bool enough = alloc_failures == before;
    bool right = enough ? st == (sound ? SX_OK : SX_EINPUT)
                        : st == SX_EMEM || (!sound && st == SX_EINPUT);
    if (!right || (st != SX_OK && spec) || err.status != st) {
        print_error("%s, %ld allocations: %s, %s\n", path, allowed, sx_status_text(st),
                    err.msg);
        fail();
    }
    sx_spec_free(spec);
    sx_diags_free(d);
    return enough;
}

/* Every file of the folder. */
static void starve_folder(const char *folder, bool sound)
{
    DIR *d = opendir(folder);
    const struct dirent *e;
    int files = 0;
    assert_non_null(d);
    while ((e = readdir(d))) {
        const char *dot = strrchr(e->d_name, '.');
        char path[320];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (!dot || strcmp(dot, ".xml") != 0)
            continue;
        files++;
        for (long allowed = 0; !read_with(path, allowed, sound); allowed++)
            ;
    }
    closedir(d);
    assert_true(files > 10);
}

static void sound_files(void **state)
{
    (void)state;
    starve_folder("tests/good", true);
}

static void bad_files(void **state)
{
    (void)state;
    starve_folder("tests/bad", false);
}

/* What is said about pairs, written again. */
static void exports_of_pairs(void **state)
{
    (void)state;
    static const char *const paths[] = {"tests/good/bandit.xml", "tests/good/tree.xml",
                                        "tests/good/pairs.xml"};
    for (int i = 0; i < 3; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *spec = NULL;
        CHECK_OK(sx_spec_read(paths[i], NULL, &spec, &err));
        sx_status st = SX_EMEM;
        for (long allowed = 0; st == SX_EMEM; allowed++) {
            sx_outputs *o = NULL;
            sx_error no = SX_NO_ERROR;
            alloc_allowed = allowed;
            st = sx_export_xml(spec, "w.xml", &o, &no);
            alloc_allowed = -1;
            assert_true((st == SX_OK) == (o != NULL) && no.status == st);
            sx_outputs_free(o);
        }
        assert_int_equal(st, SX_OK);
        sx_spec_free(spec);
    }
}

static void libxml2_out_of_memory(void **state)
{
    (void)state;
    assert_true(read_with("examples/cliff.xml", -1, true)); /* its globals exist */
    assert_int_equal(xmlMemSetup(free, xml_malloc, xml_realloc, xml_strdup), 0);
    bool enough = false;
    for (long allowed = 0; !enough; allowed++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *spec = NULL;
        long before = xml_failures;
        xml_allowed = allowed;
        sx_status st = sx_spec_read("examples/cliff.xml", NULL, &spec, &err);
        xml_allowed = -1;
        enough = xml_failures == before;
        if (st != (enough ? SX_OK : SX_EMEM))
            print_error("%ld allocations of libxml2: %s\n", allowed, err.msg);
        assert_int_equal(st, enough ? SX_OK : SX_EMEM);
        sx_spec_free(spec);
    }
    assert_true(xml_failures > 20);
    xmlMemSetup(free, malloc, realloc, strdup);
}

static void texts_from_the_grammar(void **state)
{
    (void)state;
    sx_status (*const make[])(char **, sx_error *) = {sx_xsd_format, sx_grammar_markdown};
    for (int i = 0; i < 2; i++) {
        sx_status st = SX_EMEM;
        for (long allowed = 0; st == SX_EMEM; allowed++) {
            sx_error err = SX_NO_ERROR;
            char *text = NULL;
            alloc_allowed = allowed;
            st = make[i](&text, &err);
            alloc_allowed = -1;
            assert_true((st == SX_OK) == (text != NULL) && err.status == st);
            sx_release(text);
        }
        assert_int_equal(st, SX_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_files),
        cmocka_unit_test(bad_files),
        cmocka_unit_test(exports_of_pairs),
        cmocka_unit_test(libxml2_out_of_memory),
        cmocka_unit_test(texts_from_the_grammar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
