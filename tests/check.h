/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h - cmocka and the little that it lacks. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mdp/base.h"

/* a = b within tol, relative above 1; NAN is never near. */
#define CHECK_NEAR(a, b, tol) check_near_((a), (b), (tol), #a, #b, __FILE__, __LINE__)

static inline void check_near_(double a, double b, double tol, const char *ta, const char *tb,
                               const char *file, int line)
{
    double scale = fmax(1, fmax(fabs(a), fabs(b)));
    if (!(fabs(a - b) <= tol * scale)) {
        print_error("%s = %.17g, %s = %.17g: apart by %g\n", ta, a, tb, b, fabs(a - b));
        _fail(file, line);
    }
}

/* The call succeeds; its message is shown when not. */
#define CHECK_OK(call) check_ok_((call), &err, #call, __FILE__, __LINE__)

static inline void check_ok_(sx_status st, const sx_error *err, const char *text,
                             const char *file, int line)
{
    if (st != SX_OK) {
        print_error("%s: %s: %s\n", text, sx_status_text(st), err->msg);
        _fail(file, line);
    }
}

#endif
