/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.c - whole files in and out; the only file that knows libmd. */
#define _XOPEN_SOURCE 700 /* realpath */

#include "mdp/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sha2.h>

#define FIRST_READ ((size_t)1 << 16)
#define ATTEMPTS   100 /* names tried for a temporary file */

/* What an interrupt has to remove: a signal handler has nobody to pass it along. */
static _Atomic(char *) temporary;

const char *sx_file_temporary(void)
{
    return atomic_load(&temporary);
}

static sx_status fail_io(const char *what, const char *path, sx_error *err)
{
    return sx_fail(err, SX_EIO, "cannot %s %s: %s", what, path, strerror(errno));
}

/* read() that goes on after an interrupt. */
static ssize_t read_some(int fd, unsigned char *to, size_t size)
{
    ssize_t got;
    do
        got = read(fd, to, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Make room for at least two more bytes, at most limit + 2 in all. */
static sx_status make_room(unsigned char **bytes, size_t used, size_t *room, size_t limit,
                           sx_error *err)
{
    if (used + 2 <= *room)
        return SX_OK;
    size_t more = *room > (limit + 2) / 2 ? limit + 2 : *room * 2;
    unsigned char *grown = sx_realloc(*bytes, more, 1);
    if (!grown)
        return sx_nomem(err);
    *bytes = grown;
    *room = more;
    return SX_OK;
}

/* Everything that fd gives; expected is a guess of how much. */
static sx_status read_all(int fd, const char *path, size_t limit, size_t expected,
                          unsigned char **bytes, size_t *size, sx_error *err)
{
    size_t room = expected + 2, used = 0;
    ssize_t got = 1;
    unsigned char *b = sx_alloc(room, 1);
    sx_status st = b ? SX_OK : sx_nomem(err);
    while (!st && got > 0) {
        st = make_room(&b, used, &room, limit, err);
        if (!st) {
            got = read_some(fd, b + used, room - used - 1);
            used += got > 0 ? (size_t)got : 0;
        }
        if (!st && used > limit)
            st = sx_fail(err, SX_ELIMIT, "%s is larger than %zu bytes", path, limit);
    }
    if (!st && got < 0)
        st = fail_io("read", path, err);
    if (st) {
        sx_release(b);
        return st;
    }
    b[used] = 0;
    *bytes = b;
    *size = used;
    return SX_OK;
}

static sx_status check_regular(int fd, const char *path, size_t limit, size_t *size,
                               sx_error *err)
{
    struct stat info;
    if (fstat(fd, &info))
        return fail_io("read", path, err);
    if (S_ISDIR(info.st_mode))
        return sx_fail(err, SX_EIO, "cannot read %s: it is a folder", path);
    if (!S_ISREG(info.st_mode))
        return sx_fail(err, SX_EIO, "cannot read %s: it is not a regular file", path);
    if ((uintmax_t)info.st_size > limit)
        return sx_fail(err, SX_ELIMIT, "%s has %jd bytes, more than %zu", path,
                       (intmax_t)info.st_size, limit);
    *size = (size_t)info.st_size;
    return SX_OK;
}

sx_status sx_file_read(const char *path, size_t limit, unsigned char **bytes, size_t *size,
                       sx_error *err)
{
    *bytes = NULL;
    *size = 0;
    limit = limit < SIZE_MAX / 2 ? limit : SIZE_MAX / 2; /* room for arithmetic */
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", limit,
                        limit < FIRST_READ ? limit : FIRST_READ, bytes, size, err);
    /* non-blocking, so that a pipe is refused and not waited for */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail_io("read", path, err);
    size_t expected = 0;
    sx_status st = check_regular(fd, path, limit, &expected, err);
    if (!st)
        st = read_all(fd, path, limit, expected, bytes, size, err);
    close(fd);
    return st;
}

static sx_status write_all(int fd, const char *path, const void *bytes, size_t size,
                           sx_error *err)
{
    const unsigned char *from = bytes;
    while (size) {
        size_t part = size < SSIZE_MAX ? size : SSIZE_MAX;
        ssize_t put = write(fd, from, part);
        if (put < 0 && errno != EINTR)
            return fail_io("write", path, err);
        from += put > 0 ? put : 0;
        size -= put > 0 ? (size_t)put : 0;
    }
    return SX_OK;
}

static sx_status write_stdout(const void *bytes, size_t size, sx_error *err)
{
    if (fwrite(bytes, 1, size, stdout) != size || fflush(stdout))
        return fail_io("write", "standard output", err);
    return SX_OK;
}

/* Straight into what is there already: a device or a pipe. */
static sx_status write_special(const char *path, const void *bytes, size_t size, sx_error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail_io("write", path, err);
    sx_status st = write_all(fd, path, bytes, size, err);
    if (close(fd) && !st)
        st = fail_io("write", path, err);
    return st;
}

/* Create a file in path's folder under a new name, published in `temporary`; its descriptor,
 * or -1 with errno.  name has room for path and 48 bytes more. */
static int create_beside(const char *path, char *name, size_t room)
{
    int fd = -1;
    int folder = (int)(sx_path_name(path) - path);
    errno = EEXIST;
    for (int i = 0; fd < 0 && errno == EEXIST && i < ATTEMPTS; i++) {
        snprintf(name, room, "%.*s.sextant-%ld-%d.tmp", folder, path, (long)getpid(), i);
        atomic_store(&temporary, name);
        fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    return fd;
}

static sx_status write_and_rename(const char *path, const void *bytes, size_t size,
                                  sx_error *err)
{
    size_t room = strlen(path) + 48;
    char *name = sx_alloc(room, 1);
    if (!name)
        return sx_nomem(err);
    int fd = create_beside(path, name, room);
    sx_status st = fd < 0 ? fail_io("write", path, err) : SX_OK;
    if (!st)
        st = write_all(fd, path, bytes, size, err);
    if (fd >= 0 && close(fd) && !st)
        st = fail_io("write", path, err);
    if (!st && rename(name, path))
        st = fail_io("write", path, err);
    if (st && fd >= 0)
        unlink(name);
    atomic_store(&temporary, NULL);
    sx_release(name);
    return st;
}

sx_status sx_file_write(const char *path, const void *bytes, size_t size, sx_error *err)
{
    if (strcmp(path, "-") == 0)
        return write_stdout(bytes, size, err);
    struct stat info;
    bool exists = stat(path, &info) == 0;
    if (exists && S_ISDIR(info.st_mode))
        return sx_fail(err, SX_EIO, "cannot write %s: it is a folder", path);
    if (exists && !S_ISREG(info.st_mode))
        return write_special(path, bytes, size, err);
    /* a link stays a link: what it points to is replaced */
    char target[PATH_MAX];
    bool resolved = exists && realpath(path, target);
    return write_and_rename(resolved ? target : path, bytes, size, err);
}

const char *sx_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *sx_path_beside(const char *base, const char *path)
{
    size_t folder = *path == '/' ? 0 : (size_t)(sx_path_name(base) - base);
    size_t size = strlen(path) + 1;
    char *joined = sx_alloc(folder + size, 1);
    if (joined) {
        memcpy(joined, base, folder);
        memcpy(joined + folder, path, size);
    }
    return joined;
}

void sx_sha256(const void *bytes, size_t size, char hex[65])
{
    static const char digit[] = "0123456789abcdef";
    uint8_t sum[SHA256_DIGEST_LENGTH];
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, bytes, size);
    SHA256Final(sum, &context);
    for (size_t i = 0; i < sizeof sum; i++) {
        hex[2 * i] = digit[sum[i] >> 4];
        hex[2 * i + 1] = digit[sum[i] & 15];
    }
    hex[64] = 0;
}
