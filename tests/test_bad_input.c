/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bad_input.c - every file of tests/bad is refused with exactly the messages beside it
 * (NAME.xml and NAME.expected), whatever the list of messages, and leaves nothing behind.
 *
 * UPDATE=1 writes the .expected files; read what changed before it is kept. */
#include "tests/check.h"

#include "mdp/codes.h"
#include "mdp/file.h"
#include "mdp/spec.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define FOLDER    "tests/bad"
#define MOST      400
#define LEAST     60
#define PAGE_SIZE 65536

static char names[MOST][128];
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
            snprintf(names[count++], sizeof names[0], "%.120s", e->d_name);
    }
    if (d)
        closedir(d);
    qsort(names, (size_t)count, sizeof names[0], by_name);
    return d ? 0 : -1;
}

/* Everything that reading the file says, as a user sees it. */
static void messages(const char *name, char page[PAGE_SIZE])
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    size_t used = 0;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_read(name, d, &spec, &err);
    page[0] = '\0';
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *text = sx_diag_text(sx_diags_get(d, i));
        used += (size_t)snprintf(page + used, PAGE_SIZE - used, "%s", text);
        assert_true(used < PAGE_SIZE);
        if (!sx_code_find(sx_diags_get(d, i)->code)) {
            print_error("%s: the code %s is not explained\n", name, sx_diags_get(d, i)->code);
            fail();
        }
        sx_release(text);
    }
    if (sx_diags_errors(d) > SX_DIAG_LIMIT)
        snprintf(page + used, PAGE_SIZE - used, "(%ld errors)\n", (long)sx_diags_errors(d));
    if (st != SX_EINPUT || spec || err.status != SX_EINPUT || !err.msg[0]) {
        print_error("%s was not refused as input: %s\n%s", name, sx_status_text(st), page);
        fail();
    }
    sx_diags_free(d);
}

static void refuses_each_file_as_expected(void **state)
{
    (void)state;
    static char page[PAGE_SIZE];
    int different = 0;
    assert_true(count >= LEAST);
    for (int i = 0; i < count; i++) {
        char expected[160];
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

/* The same without a list of messages: the first sentence is in the error. */
static void needs_no_list(void **state)
{
    (void)state;
    for (int i = 0; i < count; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *spec = NULL;
        assert_int_equal(sx_spec_read(names[i], NULL, &spec, &err), SX_EINPUT);
        assert_null(spec);
        assert_non_null(strstr(err.msg, ": "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_each_file_as_expected),
        cmocka_unit_test(needs_no_list),
    };
    return cmocka_run_group_tests(tests, list_files, NULL);
}
