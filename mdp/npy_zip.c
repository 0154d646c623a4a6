/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy_zip.c - the members of a .npz archive; the only file that knows zlib.
 *
 * Everything is taken from the central directory at the end of the archive; of a member's
 * own header only the length is used (numpy writes it in zip64 form whatever the size).
 *
 *     member header, name, extra, data ...   central directory   end record, comment */
#include "mdp/npy_int.h"

#include <stdio.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#define END_SIZE     22u
#define CENTRAL_SIZE 46u
#define LOCAL_SIZE   30u
#define UNPACK_LIMIT ((uint32_t)SX_ARRAY_LIMIT * 8u - 1u)
#define SHOWN        40u   /* bytes of a member's name in a message */
#define MOST_PACKED  1032u /* deflate's largest ratio */

typedef struct member {
    const char *name; /* not terminated */
    size_t name_size;
    uint32_t flags, method, crc, packed, size, header;
} member;

typedef struct archive {
    const char *name; /* of the file */
    const unsigned char *bytes;
    size_t size;
    size_t directory, directory_end; /* offsets */
    uint32_t members;
    sx_error *err;
} archive;

static sx_status broken(const archive *z, const char *what)
{
    return sx_fail(z->err, SX_EINPUT, "%s: not a sound .npz archive: %s", z->name, what);
}

static uint32_t u16(const unsigned char *at)
{
    return (uint32_t)sx_i_little(at, 2);
}

static uint32_t u32(const unsigned char *at)
{
    return (uint32_t)sx_i_little(at, 4);
}

static sx_status read_end(archive *z, const unsigned char *end)
{
    uint32_t members = u16(end + 10), length = u32(end + 12), start = u32(end + 16);
    if (members == 0xffff || length == UINT32_MAX || start == UINT32_MAX)
        return broken(z, "it is in zip64 form, which is not read");
    if (u16(end + 4) || u16(end + 6) || u16(end + 8) != members)
        return broken(z, "it is one part of several");
    size_t at = (size_t)(end - z->bytes);
    if (start > at || length != at - start)
        return broken(z, "its directory is not where it says");
    z->directory = start;
    z->directory_end = at;
    z->members = members;
    return SX_OK;
}

/* The end record is the last one whose comment reaches to the end of the file. */
static sx_status find_directory(archive *z)
{
    for (size_t back = END_SIZE; back <= z->size && back <= END_SIZE + 0xffff; back++) {
        const unsigned char *end = z->bytes + z->size - back;
        if (memcmp(end, "PK\5\6", 4) == 0 && u16(end + 20) == back - END_SIZE)
            return read_end(z, end);
    }
    return broken(z, "no directory at its end");
}

/* The entry of the directory at *at, which is moved behind it. */
static sx_status read_entry(const archive *z, size_t *at, member *m)
{
    const unsigned char *p = z->bytes + *at;
    if (z->directory_end - *at < CENTRAL_SIZE || memcmp(p, "PK\1\2", 4) != 0)
        return broken(z, "its directory is damaged");
    size_t whole = CENTRAL_SIZE + u16(p + 28) + u16(p + 30) + u16(p + 32);
    if (z->directory_end - *at < whole)
        return broken(z, "its directory is damaged");
    *m = (member){.name = (const char *)p + CENTRAL_SIZE,
                  .name_size = u16(p + 28),
                  .flags = u16(p + 8),
                  .method = u16(p + 10),
                  .crc = u32(p + 16),
                  .packed = u32(p + 20),
                  .size = u32(p + 24),
                  .header = u32(p + 42)};
    *at += whole;
    return SX_OK;
}

static bool has_suffix(const member *m)
{
    return m->name_size >= 4 && memcmp(m->name + m->name_size - 4, ".npy", 4) == 0;
}

static bool matches(const member *m, const char *wanted)
{
    if (!wanted)
        return has_suffix(m);
    size_t n = strlen(wanted), size = m->name_size;
    if (size == n + 4 && has_suffix(m))
        size = n;
    return size == n && memcmp(m->name, wanted, n) == 0;
}

static sx_status refuse_count(const archive *z, const char *wanted, int count,
                              const char *names)
{
    if (wanted)
        return sx_fail(z->err, SX_EINPUT, "%s: %s member \"%s\"; the archive holds %s", z->name,
                       count ? "more than one" : "no", wanted, names);
    return sx_fail(z->err, SX_EINPUT, "%s: %s; the archive holds %s", z->name,
                   count ? "say which member is meant" : "it holds no .npy member", names);
}

/* A member's name for messages. */
static void show_name(const member *m, char text[SHOWN])
{
    size_t n = m->name_size < SHOWN ? m->name_size : SHOWN - 1;
    for (size_t i = 0; i < n; i++)
        text[i] = m->name[i] >= ' ' && m->name[i] <= '~' ? m->name[i] : '?';
    text[n] = 0;
}

/* Append a member's name to a list that is shown in a message. */
static void list_name(char *names, size_t room, const member *m)
{
    size_t used = strlen(names);
    char shown[SHOWN];
    show_name(m, shown);
    if (used + strlen(shown) + 3 < room)
        snprintf(names + used, room - used, "%s%s", used ? ", " : "", shown);
}

static sx_status find_member(const archive *z, const char *wanted, member *found)
{
    char names[200] = "";
    int count = 0;
    size_t at = z->directory;
    sx_status st = SX_OK;
    for (uint32_t i = 0; !st && i < z->members; i++) {
        member m = {0};
        st = read_entry(z, &at, &m);
        if (st)
            break;
        list_name(names, sizeof names, &m);
        if (matches(&m, wanted)) {
            *found = m;
            count++;
        }
    }
    if (!st && at != z->directory_end)
        st = broken(z, "its directory is damaged");
    if (!st && count != 1)
        st = refuse_count(z, wanted, count, *names ? names : "nothing");
    return st;
}

/* Where the data of m begin; they must end before the directory. */
static sx_status find_data(const archive *z, const member *m, const unsigned char **data)
{
    if (m->flags & 1)
        return broken(z, "the member is encrypted");
    if (m->method != 0 && m->method != 8)
        return broken(z, "the member is packed by a method other than deflate");
    if (m->packed == UINT32_MAX || m->size == UINT32_MAX)
        return broken(z, "it is in zip64 form, which is not read");
    if (m->header > z->directory || z->directory - m->header < LOCAL_SIZE)
        return broken(z, "the member is not where the directory says");
    const unsigned char *p = z->bytes + m->header;
    size_t skip = LOCAL_SIZE + u16(p + 26) + u16(p + 28);
    size_t room = z->directory - m->header;
    if (memcmp(p, "PK\3\4", 4) != 0 || skip > room || m->packed > room - skip)
        return broken(z, "the member is not where the directory says");
    *data = p + skip;
    return SX_OK;
}

static sx_status check_member(const archive *z, const member *m)
{
    if (m->size > UNPACK_LIMIT)
        return sx_fail(z->err, SX_ELIMIT, "%s: the member unpacks to %u bytes, more than %u",
                       z->name, m->size, UNPACK_LIMIT);
    if (m->method == 0 && m->size != m->packed)
        return broken(z, "a member's two sizes differ");
    if (m->method == 8 && m->size / MOST_PACKED > m->packed)
        return broken(z, "a member cannot unpack to the size it claims");
    return SX_OK;
}

static void *zip_alloc(void *opaque, unsigned n, unsigned size)
{
    (void)opaque;
    return sx_alloc(n, size);
}

static void zip_free(void *opaque, void *p)
{
    (void)opaque;
    sx_release(p);
}

/* Unpack data [packed] into exactly size bytes. */
static sx_status unpack(const archive *z, const unsigned char *data, const member *m,
                        unsigned char *to)
{
    unsigned char extra; /* takes what is more than the size says */
    z_stream stream = {.zalloc = zip_alloc, .zfree = zip_free};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return sx_nomem(z->err);
    stream.next_in = data;
    stream.avail_in = m->packed;
    stream.next_out = to;
    stream.avail_out = m->size;
    int answer = inflate(&stream, Z_FINISH);
    if (answer == Z_BUF_ERROR && !stream.avail_out) {
        stream.next_out = &extra;
        stream.avail_out = 1;
        answer = inflate(&stream, Z_FINISH);
    }
    bool whole = answer == Z_STREAM_END && stream.total_out == m->size && !stream.avail_in;
    inflateEnd(&stream);
    if (answer == Z_MEM_ERROR)
        return sx_nomem(z->err);
    return whole ? SX_OK : broken(z, "a member does not unpack to the size it claims");
}

/* The bytes of a member: *bytes [m->size], owned by the caller. */
static sx_status read_member(const archive *z, const member *m, unsigned char **bytes)
{
    const unsigned char *data = NULL;
    sx_status st = find_data(z, m, &data);
    if (!st)
        st = check_member(z, m);
    if (st)
        return st;
    unsigned char *b = sx_alloc((size_t)m->size + 1, 1);
    if (!b)
        return sx_nomem(z->err);
    if (m->method == 8)
        st = unpack(z, data, m, b);
    else if (m->size)
        memcpy(b, data, m->size);
    if (!st && crc32(crc32(0, NULL, 0), b, m->size) != m->crc)
        st = broken(z, "a member's checksum is wrong");
    if (st)
        sx_release(b);
    else
        *bytes = b;
    return st;
}

sx_status sx_npz_parse(const char *name, const unsigned char *bytes, size_t size,
                       const char *wanted, sx_array **out, sx_error *err)
{
    archive z = {.name = name, .bytes = bytes, .size = size, .err = err};
    member m = {0};
    unsigned char *unpacked = NULL;
    char inside[96], shown[SHOWN];
    *out = NULL;
    sx_status st = find_directory(&z);
    if (!st)
        st = find_member(&z, wanted, &m);
    if (!st)
        st = read_member(&z, &m, &unpacked);
    if (!st) {
        show_name(&m, shown);
        snprintf(inside, sizeof inside, "%.50s:%s", name, shown);
        st = sx_npy_parse(inside, unpacked, m.size, out, err);
    }
    sx_release(unpacked);
    return st;
}
