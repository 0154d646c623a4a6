/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_schema.c - the schema for editors and the reader agree: what the reader accepts
 * validates, structural errors are refused by both, and what a schema cannot see (sums,
 * references, expressions, files) it lets through.
 *
 * UPDATE=1 writes configs/sextant.xsd. */
#include "tests/check.h"

#include "mdp/file.h"
#include "mdp/grammar.h"
#include "mdp/spec.h"
#include "mdp/xsd.h"

#include <dirent.h>
#include <stdlib.h>

#define SCHEMA "configs/sextant.xsd"
#define MOST   500

/* What a schema can see, and what depends on the case: a document type is an error to us
 * only, limits and encodings are our own. */
static const char seen[] = "E101 E104 E106 E107 E108 E109 E110 E111 E112 E113 E114 E115 E116";
static const char either[] = "E102 E103 E105";

/* Numbers whose value a schema does not calculate. */
static const char *const uncalculated[] = {"tests/bad/explicit-probability-fraction.xml",
                                           "tests/bad/discount-fraction.xml",
                                           "tests/bad/number-huge.xml"};

static char file[MOST][160];
static bool validates[MOST];
static int files;

static void list_folder(const char *folder)
{
    DIR *d = opendir(folder);
    const struct dirent *e;
    assert_non_null(d);
    while ((e = readdir(d))) {
        const char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".xml") != 0)
            continue;
        assert_true(files < MOST && strlen(e->d_name) < 100);
        snprintf(file[files++], sizeof file[0], "%s/%.100s", folder, e->d_name);
    }
    closedir(d);
}

/* Ask xmllint about all files at once. */
static int ask_xmllint(void **state)
{
    (void)state;
    static char command[MOST * 160], line[4096];
    list_folder("tests/good");
    list_folder("tests/bad");
    list_folder("examples");
    int used = snprintf(command, sizeof command, "xmllint --noout --nonet --schema " SCHEMA);
    for (int i = 0; i < files; i++)
        used += snprintf(command + used, sizeof command - (size_t)used, " '%s'", file[i]);
    snprintf(command + used, sizeof command - (size_t)used, " 2>&1");
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    while (fgets(line, sizeof line, answer))
        for (int i = 0; i < files; i++) {
            size_t n = strlen(file[i]);
            if (strncmp(line, file[i], n) == 0 && strcmp(line + n, " validates\n") == 0)
                validates[i] = true;
        }
    pclose(answer);
    return 0;
}

/* Is that the schema that the table gives? */
static void is_made_from_the_table(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    char *text = NULL;
    unsigned char *bytes = NULL;
    size_t size = 0;
    CHECK_OK(sx_xsd_format(&text, &err));
    if (getenv("UPDATE"))
        CHECK_OK(sx_file_write(SCHEMA, text, strlen(text), &err));
    CHECK_OK(sx_file_read(SCHEMA, 1 << 20, &bytes, &size, &err));
    assert_int_equal(size, strlen(text));
    assert_memory_equal(bytes, text, size);
    sx_release(bytes);
    sx_release(text);
}

/* What the reader says about a file: accepted, or whether a schema must, may or cannot see
 * why not. */
enum verdict { ACCEPTED, MUST, MAY, CANNOT };

static enum verdict verdict_of(const char *path)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_read(path, d, &spec, &err);
    enum verdict verdict = st ? CANNOT : ACCEPTED;
    for (int32_t i = 0; i < sx_diags_count(d) && st; i++) {
        const sx_diag *diag = sx_diags_get(d, i);
        if (strcmp(diag->place.file, path) != 0)
            continue;
        if (strstr(seen, diag->code))
            verdict = MUST;
        else if (strstr(either, diag->code) && verdict == CANNOT)
            verdict = MAY;
    }
    for (size_t i = 0; i < sizeof uncalculated / sizeof *uncalculated; i++)
        if (strcmp(path, uncalculated[i]) == 0)
            verdict = MAY;
    sx_spec_free(spec);
    sx_diags_free(d);
    return verdict;
}

static void agrees_with_the_reader(void **state)
{
    (void)state;
    int wrong = 0, count[4] = {0};
    for (int i = 0; i < files; i++) {
        enum verdict verdict = verdict_of(file[i]);
        count[verdict]++;
        bool valid = validates[i];
        if ((verdict == MUST && valid) ||
            (!valid && (verdict == ACCEPTED || verdict == CANNOT))) {
            print_error("%s: the reader %s it, the schema %s it\n", file[i],
                        verdict == ACCEPTED ? "accepts" : "refuses",
                        valid ? "accepts" : "refuses");
            wrong++;
        }
        if (strncmp(file[i], "tests/bad/", 10) != 0 && verdict != ACCEPTED) {
            print_error("%s: the reader refuses it\n", file[i]);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(count[ACCEPTED] >= 10 && count[MUST] >= 40 && count[CANNOT] >= 20);
}

/* The reference page names every element, attribute and type. */
static void reference_is_complete(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    char *text = NULL, name[80];
    CHECK_OK(sx_grammar_markdown(&text, &err));
    for (const sx_element *e = sx_grammar; e->type; e++) {
        snprintf(name, sizeof name, "## `<%s>`", e->name);
        assert_non_null(strstr(text, name));
        assert_ptr_equal(sx_grammar_find(e->type), e);
        for (const sx_rule *r = e->rules; r && r->name; r++) {
            snprintf(name, sizeof name, "| `%s` | ", r->name);
            assert_non_null(strstr(text, name));
            assert_true(!r->fallback || sx_value_allowed(r, r->fallback));
        }
    }
    sx_release(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_made_from_the_table),
        cmocka_unit_test(agrees_with_the_reader),
        cmocka_unit_test(reference_is_complete),
    };
    return cmocka_run_group_tests(tests, ask_xmllint, NULL);
}
