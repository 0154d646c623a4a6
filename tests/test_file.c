/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_file.c - files are read whole or refused, written whole or not at all. */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "mdp/file.h"
#include "tests/check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static char *in_folder(const char *name)
{
    char base[96];
    snprintf(base, sizeof base, "%s/x", folder);
    return sx_path_beside(base, name);
}

static int make_folder(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof folder, "/tmp/test_file.XXXXXX");
    return mkdtemp(folder) ? 0 : 1;
}

/* Files in the folder; they are removed. */
static int empty_folder(void)
{
    int count = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        char *path = in_folder(e->d_name);
        (void)remove(path);
        sx_release(path);
        count++;
    }
    closedir(d);
    return count;
}

static int remove_folder(void **unused)
{
    (void)unused;
    (void)empty_folder();
    return rmdir(folder);
}

static void check_content(const char *path, const void *bytes, size_t size)
{
    sx_error err = SX_NO_ERROR;
    unsigned char *got = NULL;
    size_t n = 0;
    CHECK_OK(sx_file_read(path, size + 10, &got, &n, &err));
    assert_int_equal(n, size);
    assert_memory_equal(got, bytes, size);
    assert_int_equal(got[n], 0);
    sx_release(got);
}

static void what_is_written_is_read(void **unused)
{
    (void)unused;
    static const size_t sizes[] = {0, 1, 4095, 65536, 65537, 300000};
    char *path = in_folder("a file");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sx_error err = SX_NO_ERROR;
        unsigned char *bytes = sx_alloc(sizes[i], 1);
        for (size_t j = 0; j < sizes[i]; j++)
            bytes[j] = (unsigned char)(j * 131 % 251);
        CHECK_OK(sx_file_write(path, bytes, sizes[i], &err));
        assert_null(sx_file_temporary());
        check_content(path, bytes, sizes[i]);
        sx_release(bytes);
    }
    sx_release(path);
    assert_int_equal(empty_folder(), 1);
}

static void refuses(const char *path, size_t limit, sx_status status, const char *message)
{
    sx_error err = SX_NO_ERROR;
    unsigned char *bytes = NULL;
    size_t size = 7;
    assert_int_equal(sx_file_read(path, limit, &bytes, &size, &err), status);
    assert_null(bytes);
    if (!strstr(err.msg, message))
        print_error("%s\n", err.msg);
    assert_non_null(strstr(err.msg, message));
}

static void odd_files_are_not_read(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    char *path = in_folder("ten"), *fifo = in_folder("fifo");
    CHECK_OK(sx_file_write(path, "0123456789", 10, &err));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    refuses(folder, 100, SX_EIO, "folder");
    refuses(fifo, 100, SX_EIO, "not a regular file");
    refuses("/dev/zero", 100, SX_EIO, "not a regular file");
    refuses("/nowhere/at/all", 100, SX_EIO, "No such file");
    refuses(path, 9, SX_ELIMIT, "10 bytes, more than 9");
    check_content(path, "0123456789", 10);
    sx_release(path);
    sx_release(fifo);
    (void)empty_folder();
}

/* Standard input, through a pipe from another process. */
static void standard_input_is_read_up_to_the_limit(void **unused)
{
    (void)unused;
    for (int round = 0; round < 2; round++) {
        sx_error err = SX_NO_ERROR;
        unsigned char *bytes = NULL;
        size_t size = 0, limit = round ? 99999 : 100000;
        int ends[2], old = dup(STDIN_FILENO);
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            for (int i = 0; i < 100000; i++)
                if (write(ends[1], "x", 1) != 1)
                    _exit(1);
            _exit(0);
        }
        close(ends[1]);
        dup2(ends[0], STDIN_FILENO);
        close(ends[0]);
        sx_status st = sx_file_read("-", limit, &bytes, &size, &err);
        assert_int_equal(st, round ? SX_ELIMIT : SX_OK);
        assert_int_equal(size, round ? 0 : 100000);
        sx_release(bytes);
        dup2(old, STDIN_FILENO);
        close(old);
        waitpid(child, NULL, 0);
    }
}

static void a_failure_leaves_the_target(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    assert_int_equal(sx_file_write("/nowhere/at/all", "x", 1, &err), SX_EIO);
    assert_null(sx_file_temporary());
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_file_write(folder, "x", 1, &err), SX_EIO);
    assert_non_null(strstr(err.msg, "folder"));
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_file_write("/dev/full", "x", 1, &err), SX_EIO);
    err = (sx_error)SX_NO_ERROR;
    CHECK_OK(sx_file_write("/dev/null", "x", 1, &err));
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(empty_folder(), 0);
}

static void mode_is_that_of_the_umask(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    struct stat info;
    char *path = in_folder("mode");
    mode_t old = umask(027);
    CHECK_OK(sx_file_write(path, "x", 1, &err));
    umask(old);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    sx_release(path);
    (void)empty_folder();
}

static void a_link_stays_a_link(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    struct stat info;
    char *path = in_folder("target"), *link = in_folder("link");
    CHECK_OK(sx_file_write(path, "old", 3, &err));
    assert_int_equal(symlink("target", link), 0);
    CHECK_OK(sx_file_write(link, "newer", 5, &err));
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    check_content(path, "newer", 5);
    sx_release(path);
    sx_release(link);
    assert_int_equal(empty_folder(), 2);
}

static void paths_are_joined(void **unused)
{
    (void)unused;
    static const char *const cases[][3] = {{"a/b.xml", "c.npy", "a/c.npy"},
                                           {"b.xml", "c.npy", "c.npy"},
                                           {"-", "c.npy", "c.npy"},
                                           {"/a/b.xml", "d/c.npy", "/a/d/c.npy"},
                                           {"a/b.xml", "/c.npy", "/c.npy"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = sx_path_beside(cases[i][0], cases[i][1]);
        assert_string_equal(path, cases[i][2]);
        sx_release(path);
    }
    assert_string_equal(sx_path_name("/a/b.xml"), "b.xml");
    assert_string_equal(sx_path_name("b.xml"), "b.xml");
}

/* The examples of FIPS 180-2. */
static void sums_are_those_of_the_standard(void **unused)
{
    (void)unused;
    static const char long_text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char hex[65];
    sx_sha256("abc", 3, hex);
    assert_string_equal(hex,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sx_sha256(long_text, sizeof long_text - 1, hex);
    assert_string_equal(hex,
                        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(odd_files_are_not_read),
        cmocka_unit_test(standard_input_is_read_up_to_the_limit),
        cmocka_unit_test(a_failure_leaves_the_target),
        cmocka_unit_test(mode_is_that_of_the_umask),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(paths_are_joined),
        cmocka_unit_test(sums_are_those_of_the_standard),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
