/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_json.h - results of the command as JSON. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "tests/cli_run.h"

#include <jansson.h>

static inline json_t *parse(run r)
{
    json_error_t e;
    json_t *v = json_loads(r.out, JSON_REJECT_DUPLICATES, &e);
    if (!v)
        print_error("line %d: %s\n%s\n", e.line, e.text, r.out);
    assert_non_null(v);
    return v;
}

/* v follows path: names separated by '/', numbers for places in a list. */
static inline json_t *at(json_t *v, const char *path)
{
    char name[64];
    while (*path) {
        size_t n = strcspn(path, "/");
        memcpy(name, path, n);
        name[n] = '\0';
        v = json_is_array(v) ? json_array_get(v, strtoul(name, NULL, 10))
                             : json_object_get(v, name);
        if (!v)
            print_error("no '%s' at '%s'\n", name, path);
        assert_non_null(v);
        path += n + (path[n] == '/');
    }
    return v;
}

static inline json_t *result(run r)
{
    json_t *v;
    CHECK_EXIT(r, 0);
    v = parse(r);
    run_free(r);
    return v;
}

#endif
