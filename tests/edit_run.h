/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit_run.h - a specification from text, and one of its edited worlds. */
#ifndef EDIT_RUN_H
#define EDIT_RUN_H

#include "mdp/edit.h"
#include "tests/check.h"
#include "tests/same_spec.h"

static inline sx_spec *parse(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    sx_status st = sx_spec_parse("file.xml", text, strlen(text), NULL, &spec, &err);
    if (st) {
        print_error("%s\n%s\n", err.msg, text);
        fail();
    }
    return spec;
}

static inline sx_spec *edited(const sx_spec *spec, const char *name, const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *out = NULL;
    int32_t edit, step;
    CHECK_OK(sx_diags_new(&d, &err));
    assert_true(sx_spec_edit_find(spec, name, &edit, &step));
    if (sx_spec_edited(spec, edit, step, d, &out, &err)) {
        print_error("%s\n%s\n", err.msg, text);
        for (int32_t i = 0; i < sx_diags_count(d); i++)
            print_error("%s\n", sx_diags_get(d, i)->message);
        fail();
    }
    assert_int_equal(sx_diags_count(d), 0);
    sx_diags_free(d);
    return out;
}

#endif
