/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.c - numpy arrays: a strict reader and a writer of .npy. */
#include "mdp/npy_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAGIC      "\x93NUMPY"
#define MAGIC_SIZE 6
#define EXACT      ((int64_t)1 << 53) /* integers beyond are not all doubles */

uint64_t sx_i_little(const unsigned char *bytes, int n)
{
    uint64_t value = 0;
    while (n--)
        value = value << 8 | bytes[n];
    return value;
}

static uint64_t big(const unsigned char *bytes, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

static double to_float(uint64_t bits, int item)
{
    double value = 0;
    if (item == 8) {
        memcpy(&value, &bits, sizeof value);
    } else {
        uint32_t half = (uint32_t)bits;
        float single = 0;
        memcpy(&single, &half, sizeof single);
        value = single;
    }
    return value;
}

/* bits of a two's complement number of that many bytes, without relying on how the compiler
 * narrows. */
static int64_t to_signed(uint64_t bits, int item)
{
    uint64_t sign = UINT64_C(1) << (8 * item - 1);
    if (!(bits & sign))
        return (int64_t)bits;
    uint64_t magnitude = (sign - 1) & ~bits; /* -value - 1 */
    return -(int64_t)magnitude - 1;
}

/* One element; false when a double cannot hold it or it is no truth value. */
static bool load(const sx_i_npy_header *h, const unsigned char *at, double *value)
{
    uint64_t bits = h->order == '>' ? big(at, h->item) : sx_i_little(at, h->item);
    if (h->kind == 'f') {
        *value = to_float(bits, h->item);
        return true;
    }
    if (h->kind == 'i') {
        int64_t i = to_signed(bits, h->item);
        *value = (double)i;
        return i >= -EXACT && i <= EXACT;
    }
    *value = (double)bits;
    return h->kind != 'b' || bits <= 1;
}

static sx_status refuse_element(const char *name, const sx_i_npy_header *h, sx_error *err)
{
    if (h->kind == 'b')
        return sx_fail(err, SX_EINPUT, "%s: an element is neither true nor false", name);
    return sx_fail(err, SX_EINPUT, "%s: an integer is beyond 2^53; save it as f8", name);
}

/* Elements in C order from data in C or Fortran order. */
static sx_status load_all(const char *name, const sx_i_npy_header *h, const unsigned char *data,
                          double *value, sx_error *err)
{
    const int64_t *n = h->shape;
    int64_t stride[3] = {n[1] * n[2], n[2], 1};
    if (h->fortran) {
        stride[0] = 1;
        stride[1] = n[0];
        stride[2] = n[0] * n[1];
    }
    bool fine = true;
    for (int64_t i = 0; i < n[0]; i++)
        for (int64_t j = 0; j < n[1]; j++)
            for (int64_t k = 0; k < n[2]; k++) {
                int64_t from = i * stride[0] + j * stride[1] + k * stride[2];
                fine = load(h, data + from * h->item, value++) && fine;
            }
    return fine ? SX_OK : refuse_element(name, h, err);
}

/* Where the dictionary begins and its length; checks magic and version. */
static sx_status find_header(const char *name, const unsigned char *bytes, size_t size,
                             size_t *start, size_t *length, sx_error *err)
{
    if (size < MAGIC_SIZE || memcmp(bytes, MAGIC, MAGIC_SIZE) != 0)
        return sx_fail(err, SX_EINPUT, "%s: it is not a .npy file", name);
    int version = size > MAGIC_SIZE + 1 ? bytes[MAGIC_SIZE] : 0;
    if (size > MAGIC_SIZE + 1 && (version < 1 || version > 3 || bytes[MAGIC_SIZE + 1]))
        return sx_fail(err, SX_EINPUT, "%s: .npy version %d.%d; 1.0, 2.0 and 3.0 are read",
                       name, version, bytes[MAGIC_SIZE + 1]);
    int digits = version == 1 ? 2 : 4;
    *start = MAGIC_SIZE + 2 + (size_t)digits;
    *length = size < *start ? 0 : (size_t)sx_i_little(bytes + MAGIC_SIZE + 2, digits);
    if (size < *start || *length > size - *start)
        return sx_fail(err, SX_EINPUT, "%s: the file ends inside its header", name);
    return SX_OK;
}

/* The data must be as long as the shape says. */
static sx_status check_size(const char *name, const sx_i_npy_header *h, size_t left,
                            int64_t *count, sx_error *err)
{
    *count = 1;
    for (int i = 0; i < h->dims; i++) {
        if (h->shape[i] > SX_ARRAY_LIMIT / *count)
            return sx_fail(err, SX_ELIMIT, "%s: it has more than %" PRId64 " elements", name,
                           SX_ARRAY_LIMIT);
        *count *= h->shape[i];
    }
    uint64_t need = (uint64_t)*count * (uint64_t)h->item;
    if (left < need)
        return sx_fail(err, SX_EINPUT,
                       "%s: the file is truncated: %zu bytes of data, its shape needs %" PRIu64,
                       name, left, need);
    if (left > need)
        return sx_fail(err, SX_EINPUT, "%s: %zu bytes are left after the array", name,
                       left - (size_t)need);
    return SX_OK;
}

static sx_status new_array(const sx_i_npy_header *h, int64_t count, sx_array **out,
                           sx_error *err)
{
    sx_array *a = *out = sx_alloc(1, sizeof *a);
    if (!a)
        return sx_nomem(err);
    a->dims = h->dims;
    a->single = h->kind == 'f' && h->item == 4;
    memcpy(a->shape, h->shape, sizeof a->shape);
    a->value = sx_alloc((size_t)count, sizeof *a->value);
    if (a->value)
        return SX_OK;
    *out = sx_array_free(a);
    return sx_nomem(err);
}

sx_status sx_npy_parse(const char *name, const unsigned char *bytes, size_t size,
                       sx_array **out, sx_error *err)
{
    size_t start = 0, length = 0;
    int64_t count = 0;
    sx_i_npy_header h;
    *out = NULL;
    sx_status st = find_header(name, bytes, size, &start, &length, err);
    if (!st)
        st = sx_i_npy_header_read(name, (const char *)bytes + start, length, &h, err);
    if (!st)
        st = check_size(name, &h, size - start - length, &count, err);
    if (!st)
        st = new_array(&h, count, out, err);
    if (!st)
        st = load_all(name, &h, bytes + start + length, (*out)->value, err);
    if (st)
        *out = sx_array_free(*out);
    return st;
}

sx_array *sx_array_free(sx_array *a)
{
    if (a)
        sx_release(a->value);
    return sx_release(a);
}

/* The dictionary, padded so that the data begins at a multiple of 64; its length. */
static size_t write_header(const sx_array *a, char *text, size_t room)
{
    int n = snprintf(text, room, "{'descr': '<f8', 'fortran_order': False, 'shape': (");
    for (int i = 0; i < a->dims; i++)
        n += snprintf(text + n, room - (size_t)n, i ? ", %" PRId64 : "%" PRId64, a->shape[i]);
    n += snprintf(text + n, room - (size_t)n, a->dims == 1 ? ",), }" : "), }");
    while ((n + MAGIC_SIZE + 4 + 1) % 64)
        text[n++] = ' ';
    text[n++] = '\n';
    return (size_t)n;
}

sx_status sx_npy_format(const sx_array *a, unsigned char **bytes, size_t *size, sx_error *err)
{
    char header[256];
    size_t length = write_header(a, header, sizeof header - 64);
    size_t count = (size_t)(a->shape[0] * a->shape[1] * a->shape[2]);
    size_t start = MAGIC_SIZE + 4 + length;
    *size = 0;
    unsigned char *b = *bytes = sx_alloc(start + count * 8, 1);
    if (!b)
        return sx_nomem(err);
    memcpy(b, MAGIC "\x01\x00", MAGIC_SIZE + 2);
    b[MAGIC_SIZE + 2] = (unsigned char)(length & 255);
    b[MAGIC_SIZE + 3] = (unsigned char)(length >> 8);
    memcpy(b + MAGIC_SIZE + 4, header, length);
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        memcpy(&bits, &a->value[i], sizeof bits);
        for (int j = 0; j < 8; j++)
            b[start + 8 * i + (size_t)j] = (unsigned char)(bits >> (8 * j) & 255);
    }
    *size = start + count * 8;
    return SX_OK;
}
