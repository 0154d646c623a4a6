/* SPDX-License-Identifier: GPL-3.0-or-later */
/* files.c - several files written together: all or none.
 *
 * Every file is first written in full beside its place, then all are renamed; what is left
 * over after a failure is removed. */
#include "cli/certificate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mdp/file.h"

static void remove_all(char **path, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (path[i])
            unlink(path[i]);
}

/* path.part, owned by the caller. */
static char *part_name(const char *path)
{
    sx_text t = {0};
    sx_text_format(&t, "%s.part", path);
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

/* Where file i waits until all are written; a place that cannot be written is an error. */
static sx_status name_part(sx_cli *c, const char *final, char **part, sx_error *err)
{
    struct stat info;
    *part = part_name(final);
    if (!*part)
        return sx_nomem(err);
    if (!stat(final, &info) && !S_ISREG(info.st_mode))
        return sx_fail(err, SX_EIO, "cannot write %s: it is there and no regular file", final);
    return sx_cli_guard(c, final, err);
}

static sx_status move_files(const sx_outputs *o, const char *const *final, char **part,
                            sx_error *err)
{
    for (int32_t i = o->count - 1; i >= 0; i--) /* the one that names the others comes last */
        if (rename(part[i], final[i]))
            return sx_fail(err, SX_EIO, "cannot write %s: %s", final[i], strerror(errno));
    return SX_OK;
}

static void tell(sx_cli *c, const sx_outputs *o, const char *const *final)
{
    for (int32_t i = 0; c->o.given[SX_OPT_VERBOSE] && i < o->count; i++)
        fprintf(c->err, "wrote %s (%zu bytes)\n", final[i], o->file[i].size);
}

sx_status sx_cli_write_paths(sx_cli *c, const char *const *path, const sx_outputs *o,
                             sx_error *err)
{
    char **part = sx_alloc((size_t)o->count, sizeof *part);
    sx_status st = part ? SX_OK : sx_nomem(err);
    if (st)
        return st;
    for (int32_t i = 0; i < o->count && !st; i++)
        st = name_part(c, path[i], &part[i], err);
    if (!st)
        sx_interrupt_pending(part, o->count);
    for (int32_t i = 0; i < o->count && !st; i++)
        st = sx_file_write(part[i], o->file[i].bytes, o->file[i].size, err);
    if (!st)
        st = move_files(o, path, part, err);
    sx_interrupt_pending(NULL, 0);
    if (st)
        remove_all(part, o->count);
    else
        tell(c, o, path);
    for (int32_t i = 0; i < o->count; i++)
        sx_release(part[i]);
    sx_release(part);
    return st;
}

sx_status sx_cli_write_all(sx_cli *c, const char *path, const sx_outputs *o, sx_error *err)
{
    char **final = sx_alloc((size_t)o->count, sizeof *final);
    sx_status st = final ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < o->count && !st; i++) {
        final[i] = sx_path_beside(path, o->file[i].name);
        st = final[i] ? SX_OK : sx_nomem(err);
    }
    if (!st)
        st = sx_cli_write_paths(c, (const char *const *) final, o, err);
    for (int32_t i = 0; final && i < o->count; i++)
        sx_release(final[i]);
    sx_release(final);
    return st;
}

sx_status sx_cli_write_one(sx_cli *c, const char *path, const sx_text *t, sx_error *err)
{
    sx_output file = {.name = sx_strdup(sx_path_name(path)),
                      .bytes = (unsigned char *)t->bytes,
                      .size = t->size};
    sx_outputs all = {1, &file};
    sx_status st = file.name ? sx_cli_write_all(c, path, &all, err) : sx_nomem(err);
    sx_release(file.name);
    return st;
}
