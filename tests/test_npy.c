/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_npy.c - arrays made byte by byte as numpy makes them are read as they are; whatever is
 * cut, changed or of another kind is refused with a sentence. */
#include "mdp/npy.h"
#include "tests/check.h"

#include <stdlib.h>
#include <zlib.h>

/* --- files made by hand -------------------------------------------------------------- */

typedef struct file {
    unsigned char bytes[65536];
    size_t size;
} file;

static void put(file *f, const void *bytes, size_t n)
{
    assert_true(f->size + n <= sizeof f->bytes);
    memcpy(f->bytes + f->size, bytes, n);
    f->size += n;
}

static void put_little(file *f, uint64_t value, int n)
{
    for (int i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)(value >> (8 * i) & 255);
        put(f, &byte, 1);
    }
}

/* A .npy head with that dictionary, padded as numpy pads. */
static void start(file *f, int version, const char *dictionary)
{
    size_t before = version == 1 ? 10 : 12, n = strlen(dictionary);
    size_t padded = (before + n + 1 + 63) / 64 * 64 - before;
    f->size = 0;
    put(f, "\x93NUMPY", 6);
    put_little(f, (uint64_t)version, 2);
    put_little(f, padded, version == 1 ? 2 : 4);
    put(f, dictionary, n);
    for (size_t i = n; i + 1 < padded; i++)
        put(f, " ", 1);
    put(f, "\n", 1);
}

static void put_element(file *f, const char *type, double value)
{
    uint64_t bits = 0;
    int item = type[2] - '0';
    if (type[1] == 'f' && item == 8) {
        memcpy(&bits, &value, 8);
    } else if (type[1] == 'f') {
        float single = (float)value;
        uint32_t word;
        memcpy(&word, &single, 4);
        bits = word;
    } else {
        bits = (uint64_t)(int64_t)value;
    }
    for (int i = 0; i < item; i++) {
        int shift = 8 * (type[0] == '>' ? item - 1 - i : i);
        unsigned char byte = (unsigned char)(bits >> shift & 255);
        put(f, &byte, 1);
    }
}

static sx_array *parse(const file *f)
{
    sx_error err = SX_NO_ERROR;
    sx_array *a = NULL;
    CHECK_OK(sx_npy_parse("x.npy", f->bytes, f->size, &a, &err));
    return a;
}

static void refuses(const file *f, const char *message)
{
    sx_error err = SX_NO_ERROR;
    sx_array *a = NULL;
    sx_status st = sx_npy_parse("x.npy", f->bytes, f->size, &a, &err);
    if ((st != SX_EINPUT && st != SX_ELIMIT) || !strstr(err.msg, message))
        print_error("%d: %s (wanted: %s)\n", (int)st, err.msg, message);
    assert_true(st == SX_EINPUT || st == SX_ELIMIT);
    assert_non_null(strstr(err.msg, message));
    assert_non_null(strstr(err.msg, "x.npy"));
    assert_null(a);
}

/* --- what is read ---------------------------------------------------------------------- */

static double sample(const char *type, int i)
{
    switch (type[1]) {
    case 'f': return (i - 7) * 0.375;
    case 'i': return (i * 5) % 128 - 60;
    case 'u': return (i * 37) % 256;
    default: return i % 2;
    }
}

/* Element (i,j,k) has the value of its number in C order, wherever it is in the file. */
static void check_type(const char *type, int version, int dims, int fortran)
{
    static const int shape[3] = {4, 3, 2};
    static file f;
    char text[200], tuple[32];
    int n[3] = {shape[0], dims > 1 ? shape[1] : 1, dims > 2 ? shape[2] : 1};
    snprintf(tuple, sizeof tuple, dims == 1 ? "(4,)" : dims == 2 ? "(4, 3)" : "(4, 3, 2)");
    snprintf(text, sizeof text, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", type,
             fortran ? "True" : "False", tuple);
    start(&f, version, text);
    for (int x = 0; x < n[0] * n[1] * n[2]; x++) {
        int i = x / (n[1] * n[2]), j = x / n[2] % n[1], k = x % n[2];
        if (fortran) {
            i = x % n[0];
            j = x / n[0] % n[1];
            k = x / n[0] / n[1];
        }
        put_element(&f, type, sample(type, (i * n[1] + j) * n[2] + k));
    }
    sx_array *a = parse(&f);
    assert_int_equal(a->dims, dims);
    assert_int_equal(a->single, type[1] == 'f' && type[2] == '4');
    for (int i = 0; i < 3; i++)
        assert_int_equal(a->shape[i], n[i]);
    for (int x = 0; x < n[0] * n[1] * n[2]; x++)
        assert_true(a->value[x] == sample(type, x));
    assert_null(sx_array_free(a));
}

static void all_types_versions_and_orders(void **unused)
{
    (void)unused;
    static const char *const types[] = {"<f4", "<f8", "<i2", "<i4", "<i8", "<u2",
                                        "<u4", ">f4", ">f8", ">i2", ">i4", ">i8",
                                        ">u2", ">u4", "|i1", "|u1", "|b1"};
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (int version = 1; version <= 3; version++)
            for (int dims = 1; dims <= 3; dims++)
                for (int fortran = 0; fortran < 2; fortran++)
                    check_type(types[t], version, dims, fortran);
    assert_null(sx_array_free(NULL));
}

static void special_values(void **unused)
{
    (void)unused;
    static file f;
    start(&f, 1, "{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }");
    put_element(&f, "<f8", NAN);
    put_element(&f, "<f8", -INFINITY);
    put_element(&f, "<f8", 5e-324);
    put_element(&f, "<f8", -0.0);
    sx_array *a = parse(&f);
    assert_true(isnan(a->value[0]) && a->value[1] == -INFINITY && a->value[2] == 5e-324);
    assert_true(a->value[3] == 0 && signbit(a->value[3]));
    sx_array_free(a);
    start(&f, 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
    put_little(&f, UINT64_C(1) << 53, 8);
    put_little(&f, UINT64_MAX, 8);
    put_little(&f, (uint64_t) - (INT64_C(1) << 53), 8);
    a = parse(&f);
    assert_true(a->value[0] == 0x1p53 && a->value[1] == -1 && a->value[2] == -0x1p53);
    sx_array_free(a);
    start(&f, 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }");
    put_little(&f, (UINT64_C(1) << 53) + 1, 8);
    refuses(&f, "2^53");
    start(&f, 1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }");
    put_little(&f, UINT64_C(1) << 63, 8);
    refuses(&f, "2^53");
    start(&f, 1, "{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }");
    put_little(&f, 2, 1);
    refuses(&f, "neither true nor false");
}

/* --- what is not ------------------------------------------------------------------------ */

static void refuses_header(const char *dictionary, const char *message)
{
    static file f;
    start(&f, 1, dictionary);
    for (int i = 0; i < 16; i++)
        put_element(&f, "<f8", i);
    refuses(&f, message);
}

static void headers_are_refused(void **unused)
{
    (void)unused;
    static const char *const cases[][2] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (16,), }", "pickled objects"},
        {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (16,), }", "structured"},
        {"{'descr': '|V8', 'fortran_order': False, 'shape': (16,), }", "structured"},
        {"{'descr': '<c16', 'fortran_order': False, 'shape': (8,), }", "complex"},
        {"{'descr': '<U2', 'fortran_order': False, 'shape': (16,), }", "text"},
        {"{'descr': '|S8', 'fortran_order': False, 'shape': (16,), }", "text"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (64,), }", "not read"},
        {"{'descr': '<u8', 'fortran_order': False, 'shape': (16,), }", "not read"},
        {"{'descr': '<M8[s]', 'fortran_order': False, 'shape': (16,), }", "not read"},
        {"{'descr': '|f8', 'fortran_order': False, 'shape': (16,), }", "no byte order"},
        {"{'descr': 'f8', 'fortran_order': False, 'shape': (16,), }", "not read"},
        {"{'descr': '', 'fortran_order': False, 'shape': (16,), }", "not read"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (), }", "no dimensions"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2, 2), }", "more than 3"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (16, 0), }", "dimension 2 is 0"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", "it is empty"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (16), }", "malformed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-16,), }", "malformed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': 16, }", "malformed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (16,,), }", "malformed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4 4), }", "malformed"},
        {"{'descr': '<f8', 'fortran_order': 0, 'shape': (16,), }", "True or False"},
        {"{'descr': '<f8', 'fortran_order': False, }", "once each"},
        {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (16,)}", "once"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (16,), 'x': 1}", "once each"},
        {"{'descr': '<f8' 'fortran_order': False, 'shape': (16,), }", "a comma"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (16,), } x", "nothing after"},
        {"{'descr': '<f8", "malformed"},
        {"{'de\\x73cr': '<f8', 'fortran_order': False, 'shape': (16,)}", "malformed"},
        {"{}", "once each"},
        {"", "malformed"},
        {"cposix\nsystem\n(S'true'\ntR.", "malformed"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (15,), }", "8 bytes are left"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (17,), }", "truncated"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", "large"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 1), }",
         "more than"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2), }",
         "too large"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuses_header(cases[i][0], cases[i][1]);
}

static void accepted_spellings(void **unused)
{
    (void)unused;
    static const char *const cases[] = {
        "{'shape': (2, 8), 'descr': '<f8', 'fortran_order': False}",
        "{\"descr\":\"<f8\",\"fortran_order\":False,\"shape\":(2,8)}",
        "{ 'descr' : '<f8' , 'fortran_order' : False , 'shape' : ( 2 , 8 , ) , }"};
    static file f;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(&f, 1, cases[i]);
        for (int j = 0; j < 16; j++)
            put_element(&f, "<f8", j);
        sx_array *a = parse(&f);
        assert_true(a->dims == 2 && a->shape[0] == 2 && a->value[15] == 15);
        sx_array_free(a);
    }
}

static void versions_and_magic(void **unused)
{
    (void)unused;
    static file f;
    start(&f, 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }");
    put(&f, "x", 1);
    f.bytes[6] = 4;
    refuses(&f, "version 4.0");
    f.bytes[6] = 1;
    f.bytes[7] = 1;
    refuses(&f, "version 1.1");
    f.bytes[0] = 0x92;
    refuses(&f, "not a .npy file");
}

static void good_file(file *f)
{
    start(f, 1, "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }");
    for (int i = 0; i < 6; i++)
        put_element(f, "<f8", i);
}

/* Exactly sized copies, so that the sanitizer sees each read beyond the end. */
static sx_status parse_copy(const unsigned char *bytes, size_t size, bool zip, sx_error *err)
{
    sx_array *a = NULL;
    unsigned char *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    sx_status st = zip ? sx_npz_parse("x", copy, size, NULL, &a, err)
                       : sx_npy_parse("x", copy, size, &a, err);
    assert_true((st == SX_OK) == (a != NULL));
    assert_true(st == SX_OK || strlen(err->msg) > 10);
    free(copy);
    sx_array_free(a);
    return st;
}

static void every_truncation_is_refused(void **unused)
{
    (void)unused;
    static file f;
    good_file(&f);
    for (size_t n = 0; n < f.size; n++) {
        sx_error err = SX_NO_ERROR;
        assert_int_equal(parse_copy(f.bytes, n, false, &err), SX_EINPUT);
    }
}

static void every_flip_is_survived(void **unused)
{
    (void)unused;
    static file f;
    good_file(&f);
    for (size_t i = 0; i < f.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            sx_error err = SX_NO_ERROR;
            f.bytes[i] ^= (unsigned char)(1 << bit);
            sx_status st = parse_copy(f.bytes, f.size, false, &err);
            assert_true(st == SX_OK || st == SX_EINPUT || st == SX_ELIMIT);
            f.bytes[i] ^= (unsigned char)(1 << bit);
        }
}

static void what_is_written_is_read(void **unused)
{
    (void)unused;
    static double values[24];
    for (int i = 0; i < 24; i++)
        values[i] = i % 5 ? 1.0 / (i + 1) : NAN;
    for (int dims = 1; dims <= 3; dims++) {
        sx_error err = SX_NO_ERROR;
        sx_array a = {.dims = dims, .shape = {4, 1, 1}, .value = values}, *b = NULL;
        unsigned char *bytes = NULL;
        size_t size = 0;
        a.shape[1] = dims > 1 ? 3 : 1;
        a.shape[2] = dims > 2 ? 2 : 1;
        size_t count = (size_t)(a.shape[0] * a.shape[1] * a.shape[2]);
        CHECK_OK(sx_npy_format(&a, &bytes, &size, &err));
        assert_int_equal((size - 8 * count) % 64, 0);
        CHECK_OK(sx_npy_parse("x", bytes, size, &b, &err));
        assert_int_equal(b->dims, dims);
        assert_memory_equal(b->shape, a.shape, sizeof a.shape);
        assert_memory_equal(b->value, values, count * sizeof *values);
        sx_array_free(b);
        sx_release(bytes);
    }
}

/* --- archives ---------------------------------------------------------------------------- */

typedef struct member {
    const char *name;
    int method;      /* 0 or 8 */
    int64_t claimed; /* unpacked size in the directory; -1: the true one */
    bool wrong_sum, zip64_local, encrypted;
} member;

static file directory;

/* Raw deflate of data; its length. */
static size_t deflated(const file *data, unsigned char *to, size_t room)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)data->bytes;
    z.avail_in = (unsigned)data->size;
    z.next_out = to;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return n;
}

/* The fields that both headers share, from the version on. */
static void put_fields(file *f, const member *m, uint64_t sum, uint64_t packed, uint64_t size)
{
    put_little(f, 20, 2);
    put_little(f, m->encrypted, 2);
    put_little(f, (uint64_t)m->method, 2);
    put_little(f, 0, 4); /* time, date */
    put_little(f, sum, 4);
    put_little(f, packed, 4);
    put_little(f, size, 4);
    put_little(f, strlen(m->name), 2);
}

static void add_member(file *zip, const member *m, const file *data)
{
    static unsigned char packed[70000];
    size_t offset = zip->size, n = data->size;
    uint64_t sum = crc32(crc32(0, NULL, 0), data->bytes, (unsigned)n) + m->wrong_sum;
    memcpy(packed, data->bytes, n);
    if (m->method == 8)
        n = deflated(data, packed, sizeof packed);
    uint64_t claimed = m->claimed < 0 ? data->size : (uint64_t)m->claimed;
    put(zip, "PK\3\4", 4);
    if (m->zip64_local) { /* as numpy writes */
        put_fields(zip, m, sum, UINT32_MAX, UINT32_MAX);
        put_little(zip, 20, 2);
        put(zip, m->name, strlen(m->name));
        put_little(zip, 1, 2);
        put_little(zip, 16, 2);
        put_little(zip, data->size, 8);
        put_little(zip, n, 8);
    } else {
        put_fields(zip, m, sum, n, claimed);
        put_little(zip, 0, 2);
        put(zip, m->name, strlen(m->name));
    }
    put(zip, packed, n);
    put(&directory, "PK\1\2", 4);
    put_little(&directory, 20, 2);
    put_fields(&directory, m, sum, n, claimed);
    put(&directory, "\0\0\0\0\0\0\0\0\0\0\0", 12); /* extra, comment, disk, attributes */
    put_little(&directory, offset, 4);
    put(&directory, m->name, strlen(m->name));
}

static void end_zip(file *zip, int members, const char *comment)
{
    uint64_t offset = zip->size;
    put(zip, directory.bytes, directory.size);
    put(zip, "PK\5\6", 4);
    put_little(zip, 0, 4);
    put_little(zip, (uint64_t)members, 2);
    put_little(zip, (uint64_t)members, 2);
    put_little(zip, directory.size, 4);
    put_little(zip, offset, 4);
    put_little(zip, strlen(comment), 2);
    put(zip, comment, strlen(comment));
    directory.size = 0;
}

static void number_file(file *f, double first)
{
    start(f, 1, "{'descr': '<f8', 'fortran_order': False, 'shape': (100,), }");
    for (int i = 0; i < 100; i++)
        put_element(f, "<f8", first + i % 3);
}

static void make_zip(file *zip, const member *m, int members, const char *comment)
{
    static file data;
    zip->size = 0;
    for (int i = 0; i < members; i++) {
        number_file(&data, i);
        add_member(zip, &m[i], &data);
    }
    end_zip(zip, members, comment);
}

static void check_member(const file *zip, const char *name, double first)
{
    sx_error err = SX_NO_ERROR;
    sx_array *a = NULL;
    CHECK_OK(sx_npz_parse("x.npz", zip->bytes, zip->size, name, &a, &err));
    assert_int_equal(a->shape[0], 100);
    for (int i = 0; i < 100; i++)
        assert_true(a->value[i] == first + i % 3);
    sx_array_free(a);
}

static void refuses_zip(const file *zip, const char *name, const char *message)
{
    sx_error err = SX_NO_ERROR;
    sx_array *a = NULL;
    sx_status st = sx_npz_parse("x.npz", zip->bytes, zip->size, name, &a, &err);
    if (!strstr(err.msg, message))
        print_error("%s (wanted: %s)\n", err.msg, message);
    assert_true(st == SX_EINPUT || st == SX_ELIMIT);
    assert_null(a);
    assert_non_null(strstr(err.msg, message));
}

static void members_are_found(void **unused)
{
    (void)unused;
    static file zip;
    static const member m[] = {{"P.npy", 0, -1, false, true, false},
                               {"mu.npy", 8, -1, false, false, false},
                               {"note", 8, -1, false, true, false}};
    make_zip(&zip, m, 3, "a comment PK\5\6 that looks like an end record, with some room");
    check_member(&zip, "P", 0);
    check_member(&zip, "P.npy", 0);
    check_member(&zip, "mu", 1);
    check_member(&zip, "note", 2);
    refuses_zip(&zip, "Q", "no member \"Q\"; the archive holds P.npy, mu.npy, note");
    refuses_zip(&zip, NULL, "say which member");
    make_zip(&zip, m, 1, "");
    check_member(&zip, NULL, 0);
    make_zip(&zip, m + 2, 1, "");
    refuses_zip(&zip, NULL, "no .npy member");
    make_zip(&zip, m, 0, "");
    refuses_zip(&zip, NULL, "holds nothing");
}

static void bad_archives_are_refused(void **unused)
{
    (void)unused;
    static const struct {
        member m;
        const char *message;
    } cases[] = {{{"P.npy", 8, -1, true, false, false}, "checksum"},
                 {{"P.npy", 0, -1, true, false, false}, "checksum"},
                 {{"P.npy", 8, 900, false, false, false}, "does not unpack"},
                 {{"P.npy", 8, 929, false, false, false}, "does not unpack"},
                 {{"P.npy", 8, 200000000, false, false, false}, "cannot unpack"},
                 {{"P.npy", 8, 4294967294, false, false, false}, "more than"},
                 {{"P.npy", 8, 4294967295, false, false, false}, "zip64"},
                 {{"P.npy", 0, 900, false, false, false}, "two sizes"},
                 {{"P.npy", 12, -1, false, false, false}, "other than deflate"},
                 {{"P.npy", 0, -1, false, false, true}, "encrypted"}};
    static file zip;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_zip(&zip, &cases[i].m, 1, "");
        refuses_zip(&zip, "P", cases[i].message);
    }
    static const member twice[] = {{"P.npy", 0, -1, false, false, false},
                                   {"P.npy", 8, -1, false, false, false}};
    make_zip(&zip, twice, 2, "");
    refuses_zip(&zip, "P", "more than one member");
    good_file(&zip);
    refuses_zip(&zip, "P", "no directory");
}

static void archives_survive_cuts_and_flips(void **unused)
{
    (void)unused;
    static file zip;
    static const member m[] = {{"P.npy", 8, -1, false, true, false}};
    make_zip(&zip, m, 1, "");
    for (size_t n = 0; n < zip.size; n++) {
        sx_error err = SX_NO_ERROR;
        assert_int_equal(parse_copy(zip.bytes, n, true, &err), SX_EINPUT);
    }
    for (size_t i = 0; i < zip.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            sx_error err = SX_NO_ERROR;
            zip.bytes[i] ^= (unsigned char)(1 << bit);
            sx_status st = parse_copy(zip.bytes, zip.size, true, &err);
            assert_true(st == SX_OK || st == SX_EINPUT || st == SX_ELIMIT);
            zip.bytes[i] ^= (unsigned char)(1 << bit);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_types_versions_and_orders),
        cmocka_unit_test(special_values),
        cmocka_unit_test(headers_are_refused),
        cmocka_unit_test(accepted_spellings),
        cmocka_unit_test(versions_and_magic),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flip_is_survived),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(bad_archives_are_refused),
        cmocka_unit_test(archives_survive_cuts_and_flips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
