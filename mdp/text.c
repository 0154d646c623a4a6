/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.c - text that grows. */
#include "mdp/text_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sx_i_text_put(sx_i_text *t, const char *bytes, size_t size)
{
    if (t->failed)
        return;
    if (!t->text || t->room - t->size <= size) {
        size_t room = t->room + t->room / 2 + size + 256;
        char *grown = sx_realloc(t->text, room, 1);
        t->failed = !grown;
        if (!grown)
            return;
        t->text = grown;
        t->room = room;
    }
    memcpy(t->text + t->size, bytes, size);
    t->size += size;
    t->text[t->size] = '\0';
}

void sx_i_text_add(sx_i_text *t, const char *format, ...)
{
    char buffer[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof buffer)
        t->failed = true;
    else
        sx_i_text_put(t, buffer, (size_t)n);
}

void sx_i_text_escape(sx_i_text *t, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            sx_i_text_put(t, "&amp;", 5);
        else if (*text == '<')
            sx_i_text_put(t, "&lt;", 4);
        else if (*text == '>')
            sx_i_text_put(t, "&gt;", 4);
        else if (*text == '"')
            sx_i_text_put(t, "&quot;", 6);
        else
            sx_i_text_put(t, text, 1);
    }
}

sx_status sx_i_text_take(sx_i_text *t, char **out, sx_error *err)
{
    if (!t->failed && !t->text)
        sx_i_text_put(t, "", 0);
    *out = t->failed ? sx_release(t->text) : t->text;
    *t = (sx_i_text){0};
    return *out ? SX_OK : sx_nomem(err);
}
