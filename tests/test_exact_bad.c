/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_exact_bad.c - every file of tests/bad/exact is read, and refused with exactly the
 * messages beside it when its rewards a and b are read exactly, in its first edit if it has
 * one.
 *
 * UPDATE=1 writes the .expected files; read what changed before it is kept. */
#include "tests/check.h"

#include "mdp/codes.h"
#include "mdp/edit.h"
#include "mdp/exact.h"
#include "mdp/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define FOLDER    "tests/bad/exact"
#define MOST      50
#define LEAST     12
#define PAGE_SIZE 16384

static char names[MOST][64];
static int count;

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int list_files(void **state)
{
    (void)state;
    DIR *d = chdir(FOLDER) ? NULL : opendir(".");
    const struct dirent *e;
    while (d && (e = readdir(d)) && count < MOST) {
        const char *dot = strrchr(e->d_name, '.');
        if (dot && strcmp(dot, ".xml") == 0 && strlen(e->d_name) < sizeof names[0])
            snprintf(names[count++], sizeof names[0], "%.60s", e->d_name);
    }
    if (d)
        closedir(d);
    qsort(names, (size_t)count, sizeof names[0], by_name);
    return d ? 0 : -1;
}

/* Everything that the exact reading says, as a user sees it. */
static void messages(const char *name, char page[PAGE_SIZE])
{
    static const char *const id[2] = {"a", "b"};
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *whole = NULL, *edited = NULL;
    sx_exact *x = NULL;
    size_t used = 0;
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_spec_read(name, d, &whole, &err));
    const sx_exact_edit e = {whole, 0, -1};
    if (whole->edits)
        CHECK_OK(sx_spec_edited(whole, 0, -1, d, &edited, &err));
    sx_status st = sx_exact_read(edited ? edited : whole, edited ? &e : NULL, id, d, &x, &err);
    page[0] = '\0';
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *text = sx_diag_text(sx_diags_get(d, i));
        used += (size_t)snprintf(page + used, PAGE_SIZE - used, "%s", text);
        assert_true(used < PAGE_SIZE);
        assert_non_null(sx_code_find(sx_diags_get(d, i)->code));
        sx_release(text);
    }
    if (st != SX_EINPUT || x || err.status != SX_EINPUT || !err.msg[0]) {
        print_error("%s was not refused as input: %s\n%s", name, sx_status_text(st), page);
        fail();
    }
    sx_spec_free(edited);
    sx_spec_free(whole);
    sx_diags_free(d);
}

static void refuses_each_file_as_expected(void **state)
{
    (void)state;
    static char page[PAGE_SIZE];
    int different = 0;
    assert_true(count >= LEAST);
    for (int i = 0; i < count; i++) {
        char expected[80];
        sx_error err = SX_NO_ERROR;
        unsigned char *bytes = NULL;
        size_t size = 0;
        messages(names[i], page);
        snprintf(expected, sizeof expected, "%.*s.expected", (int)strlen(names[i]) - 4,
                 names[i]);
        if (getenv("UPDATE"))
            CHECK_OK(sx_file_write(expected, page, strlen(page), &err));
        CHECK_OK(sx_file_read(expected, PAGE_SIZE, &bytes, &size, &err));
        if (size != strlen(page) || memcmp(bytes, page, size) != 0) {
            print_error("%s: expected\n%s\nfound\n%s\n", names[i], (char *)bytes, page);
            different++;
        }
        sx_release(bytes);
    }
    assert_int_equal(different, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_each_file_as_expected),
    };
    return cmocka_run_group_tests(tests, list_files, NULL);
}
