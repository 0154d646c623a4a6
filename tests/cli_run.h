/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_run.h - the command called in this process, and a world to call it with. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "mdp/file.h"
#include "tests/check.h"

typedef struct run {
    int exit;
    char *out, *err;
    size_t out_size, err_size;
} run;

#define RUN(...) run_((const char *const[]){"sextant", __VA_ARGS__, NULL})

static inline run run_(const char *const *argv)
{
    run r = {0};
    int argc = 0;
    FILE *out = open_memstream(&r.out, &r.out_size), *err = open_memstream(&r.err, &r.err_size);
    assert_non_null(out);
    assert_non_null(err);
    while (argv[argc])
        argc++;
    r.exit = sx_cli_main(argc, argv, out, err);
    fclose(out);
    fclose(err);
    return r;
}

static inline void run_free(run r)
{
    free(r.out);
    free(r.err);
}

/* The exit status, with what was said when it is another. */
#define CHECK_EXIT(r, status) check_exit_((r), (status), __FILE__, __LINE__)

static inline void check_exit_(run r, int status, const char *file, int line)
{
    if (r.exit != status) {
        print_error("exit %d, not %d\n%s%s\n", r.exit, status, r.out, r.err);
        _fail(file, line);
    }
}

#define CHECK_SAYS(text, part) check_says_((text), (part), __FILE__, __LINE__)

static inline void check_says_(const char *text, const char *part, const char *file, int line)
{
    if (!strstr(text, part)) {
        print_error("'%s' is not in\n%s\n", part, text);
        _fail(file, line);
    }
}

/* A file of the test's folder; the path is in a buffer of its own for each of sixteen. */
static char cli_folder[64];

static inline const char *in_folder(const char *name)
{
    static char path[16][160];
    static int i;
    i = (i + 1) % 16;
    snprintf(path[i], sizeof path[i], "%s/%s", cli_folder, name);
    return path[i];
}

static inline void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

/* Owned by the caller, ends with a zero byte. */
static inline char *read_file(const char *path, size_t *size)
{
    unsigned char *bytes = NULL;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_file_read(path, 1 << 24, &bytes, size, &err));
    return (char *)bytes;
}

static inline int entries_of(const char *path)
{
    char command[256], line[32] = "";
    FILE *p;
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", path);
    p = popen(command, "r");
    assert_non_null(p);
    assert_non_null(fgets(line, sizeof line, p));
    pclose(p);
    return (int)strtol(line, NULL, 10);
}

/* Four states: in b only one action, c absorbing, d unreachable. */
static const char small_world[] =
    "<mdp version=\"1\" id=\"small\" discount=\"0.9\"><title>A small world</title>\n"
    "<explicit><state id=\"a\" labels=\"start\"/><state id=\"b\"/>\n"
    "<state id=\"c\" absorbing=\"true\" labels=\"end\"/><state id=\"d\"/>\n"
    "<action id=\"go\"/><action id=\"stay\"/>\n"
    "<transition from=\"a\" action=\"go\" to=\"b\" p=\"0.75\"/>\n"
    "<transition from=\"a\" action=\"go\" to=\"c\" p=\"0.25\"/>\n"
    "<transition from=\"a\" action=\"stay\" to=\"a\" p=\"1\"/>\n"
    "<transition from=\"b\" action=\"go\" to=\"a\" p=\"1/2\"/>\n"
    "<transition from=\"b\" action=\"go\" to=\"c\" p=\"1/2\"/>\n"
    "<transition from=\"d\" action=\"go\" to=\"a\" p=\"1\"/>\n"
    "<transition from=\"d\" action=\"stay\" to=\"d\" p=\"1\"/></explicit>\n"
    "<initial><start state=\"a\" p=\"1\"/></initial>\n"
    "<reward id=\"true\"><add from=\"a\" action=\"stay\" value=\"0.3\"/>"
    "<add enter=\"end\" value=\"1\"/></reward>\n"
    "<reward id=\"proxy\"><add from=\"b\" value=\"0.7\"/><add action=\"go\" value=\"0.1\"/>"
    "</reward>\n"
    "<reward id=\"shaped\"><use reward=\"true\"/><shape><at state=\"b\" potential=\"2.5\"/>"
    "</shape></reward>\n"
    "<edit id=\"proxy\"><replace sel=\"mdp/@discount\">0.8</replace></edit>\n"
    "</mdp>\n";

static inline int make_folder(void **state)
{
    (void)state;
    snprintf(cli_folder, sizeof cli_folder, "/tmp/sextant-cli-XXXXXX");
    if (!mkdtemp(cli_folder))
        return -1;
    write_file(in_folder("small.xml"), small_world, sizeof small_world - 1);
    return 0;
}

static inline int remove_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", cli_folder);
    return system(command);
}

/* In memory where that is offered: for tests that write hundreds of files. */
static inline int make_fast_folder(void **state)
{
    if (make_folder(state))
        return -1;
    char fast[sizeof cli_folder] = "/dev/shm/sextant-cli-XXXXXX";
    if (!mkdtemp(fast))
        return 0;
    remove_folder(state);
    memcpy(cli_folder, fast, sizeof fast);
    return 0;
}

#endif
