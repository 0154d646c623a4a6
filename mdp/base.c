/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base.c - statuses and errors. */
#include "mdp/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef sx_fail
#undef sx_nomem

sx_status sx_fail(sx_error *err, sx_status status, const char *format, ...)
{
    if (err && err->status == SX_OK) {
        va_list args;
        va_start(args, format);
        err->status = status;
        vsnprintf(err->msg, sizeof err->msg, format, args);
        va_end(args);
    }
    return status;
}

sx_status sx_nomem(sx_error *err)
{
    return sx_fail(err, SX_EMEM, "out of memory");
}

const char *sx_status_text(sx_status status)
{
#define SX_STATUS_TEXT(name, text) text,
    static const char *const texts[] = {SX_STATUSES(SX_STATUS_TEXT)};
#undef SX_STATUS_TEXT
    size_t i = (size_t)status;
    return i < sizeof texts / sizeof *texts ? texts[i] : "unknown status";
}

char *sx_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = sx_alloc(size, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}
