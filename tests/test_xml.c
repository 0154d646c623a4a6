/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_xml.c - everything in a random XML file has the place where the test wrote it, and
 * hostile files are refused in bounded time and memory. */
#include "tests/check.h"

#include "mdp/xml.h"

#include <stdlib.h>
#include <time.h>

/* --- a file whose places are known -------------------------------------------------- */

#define ROOM  200000
#define THING 4000

typedef struct spot {
    int32_t line, column, width;
} spot;

/* One element as it was written. */
typedef struct written {
    char name[16], text[400];
    spot place;
    int32_t attrs, letters;
    char attr_name[4][16], value[4][200];
    spot name_place[4], value_place[4];
    spot letter[4][64]; /* of each character of a value */
    size_t offset[4][64];
    int32_t value_letters[4];
    spot text_letter[100];
    size_t text_offset[100];
} written;

typedef struct writer {
    char text[ROOM];
    size_t size;
    int32_t line, column;
    written *element; /* [THING] in document order */
    int32_t elements;
} writer;

static unsigned seed;

static int pick(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)(seed >> 16) % n;
}

static spot put(writer *w, const char *text)
{
    spot start = {w->line, w->column, 0};
    for (; *text; text++) {
        assert_true(w->size + 1 < ROOM);
        w->text[w->size++] = *text;
        if (*text == '\n') {
            w->line++;
            w->column = 1;
        } else if (((unsigned char)*text & 0xc0) != 0x80) {
            w->column++;
        }
    }
    start.width = w->line == start.line ? w->column - start.column : 1;
    return start;
}

static void put_blanks(writer *w, int least)
{
    static const char *const blanks[] = {" ", "\n", "\t", "  ", "\r\n"};
    for (int n = least + pick(2); n > 0; n--)
        put(w, blanks[pick(5)]);
}

static void append(char *text, size_t room, const char *more)
{
    size_t size = strlen(text);
    assert_true(size + strlen(more) < room);
    snprintf(text + size, room - size, "%s", more);
}

static void copy_bytes(char *to, const char *from, size_t size)
{
    memcpy(to, from, size);
}

/* A piece of a value: as written and as meant. */
typedef struct letter {
    const char *raw, *value;
} letter;

static const letter letters[] = {{"a", "a"},
                                 {"Z", "Z"},
                                 {"7", "7"},
                                 {"\xc3\xa4", "\xc3\xa4"},
                                 {"&lt;", "<"},
                                 {"&amp;", "&"},
                                 {"&#65;", "A"},
                                 {"\xe2\x86\x92", "\xe2\x86\x92"},
                                 {"&gt;", ">"},
                                 {"&quot;", "\""},
                                 {"&#x1F600;", "\xf0\x9f\x98\x80"},
                                 {" ", " "},
                                 {">", ">"},
                                 {"&apos;", "'"},
                                 {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
                                 {"&#38;", "&"},
                                 {"&#228;", "\xc3\xa4"}};
#define LETTERS ((int)(sizeof letters / sizeof *letters))

/* Line ends become blanks in values and single newlines in text. */
static const letter line_ends[2][2] = {{{"\n", " "}, {"\r\n", " "}},
                                       {{"\n", "\n"}, {"\r\n", "\n"}}};

static const letter *any_letter(bool text)
{
    int i = pick(LETTERS + 2);
    return i < LETTERS ? &letters[i] : &line_ends[text][i - LETTERS];
}

static void put_attribute(writer *w, written *e)
{
    int32_t i = e->attrs++;
    const char *quote = pick(2) ? "\"" : "'";
    snprintf(e->attr_name[i], sizeof e->attr_name[i], "%c%s", 'a' + i, pick(2) ? "-x" : "");
    put_blanks(w, 1);
    e->name_place[i] = put(w, e->attr_name[i]);
    if (pick(4) == 0)
        put_blanks(w, 0);
    put(w, "=");
    put(w, quote);
    spot start = {w->line, w->column, 0};
    size_t from = w->size;
    int32_t n = pick(12);
    for (int32_t k = 0; k < n; k++) {
        const letter *l = any_letter(false);
        e->offset[i][k] = strlen(e->value[i]);
        e->letter[i][k] = put(w, l->raw);
        append(e->value[i], sizeof e->value[i], l->value);
    }
    e->value_letters[i] = n;
    for (size_t k = from; k < w->size && w->text[k] != '\n'; k++)
        start.width += ((unsigned char)w->text[k] & 0xc0) != 0x80;
    start.width += start.width == 0;
    e->value_place[i] = start;
    put(w, quote);
}

static void put_letter(writer *w, written *e)
{
    const letter *l = any_letter(true);
    if (e->letters >= 90)
        return;
    e->text_offset[e->letters] = strlen(e->text);
    e->text_letter[e->letters++] = put(w, l->raw);
    append(e->text, sizeof e->text, l->value);
}

static void put_cdata(writer *w, written *e)
{
    static const char *const raw[] = {"<", "&", "]", "x", "\xc3\xa4", "&lt;"};
    put(w, "<![CDATA[");
    for (int n = pick(4); n > 0 && e->letters < 90; n--) {
        const char *text = raw[pick(5)];
        e->text_offset[e->letters] = strlen(e->text);
        e->text_letter[e->letters++] = put(w, text);
        append(e->text, sizeof e->text, text);
    }
    put(w, "]]>");
}

static void put_element(writer *w, int depth)
{
    written *e = &w->element[w->elements++];
    bool empty = pick(4) == 0 || depth > 6;
    snprintf(e->name, sizeof e->name, "%s%d", pick(3) ? "el" : "\xc3\xa9l-", pick(100));
    put(w, "<");
    e->place = put(w, e->name);
    for (int n = pick(4); n > 0; n--)
        put_attribute(w, e);
    put_blanks(w, 0);
    put(w, empty ? "/>" : ">");
    for (int n = empty ? 0 : pick(7); n > 0; n--) {
        int kind = pick(6);
        if (kind == 0)
            put(w, "<!-- <a b='\"'> & \n  -->");
        else if (kind == 1)
            put_cdata(w, e);
        else if (kind == 2)
            put(w, "<?target <b> '?>");
        else if (kind == 3 && w->elements < THING - 10)
            put_element(w, depth + 1);
        else
            put_letter(w, e);
    }
    if (empty)
        return;
    put(w, "</");
    put(w, e->name);
    put(w, pick(3) ? ">" : " >");
}

/* --- comparing ------------------------------------------------------------------------ */

static void check_spot(sx_place p, spot s, const char *what)
{
    if (p.line != s.line || p.column != s.column || p.width != s.width) {
        print_error("seed %u: %s at %d:%d width %d, written at %d:%d width %d\n", seed, what,
                    p.line, p.column, p.width, s.line, s.column, s.width);
        fail();
    }
}

static bool blank_text(const char *text)
{
    return text[strspn(text, " \n\r\t")] == '\0';
}

static void check_node(const sx_xml *x, const sx_node *n, const written *e)
{
    assert_string_equal(n->name, e->name);
    check_spot(n->place, e->place, n->name);
    assert_int_equal(n->attrs, e->attrs);
    for (int32_t i = 0; i < e->attrs; i++) {
        const sx_attr *a = sx_node_attr(n, e->attr_name[i]);
        assert_non_null(a);
        assert_string_equal(a->value, e->value[i]);
        check_spot(a->name_place, e->name_place[i], "attribute");
        check_spot(a->value_place, e->value_place[i], "value");
        for (int32_t k = 0; k < e->value_letters[i]; k++) {
            size_t end = k + 1 < e->value_letters[i] ? e->offset[i][k + 1] : strlen(a->value);
            check_spot(sx_attr_place(x, a, e->offset[i][k], end - e->offset[i][k]),
                       e->letter[i][k], "letter of a value");
        }
    }
    if (n->child && blank_text(e->text)) {
        assert_string_equal(n->text, "");
        return;
    }
    assert_string_equal(n->text, e->text);
    for (int32_t k = 0; k < e->letters; k++) {
        size_t end = k + 1 < e->letters ? e->text_offset[k + 1] : strlen(n->text);
        check_spot(sx_text_place(x, n, e->text_offset[k], end - e->text_offset[k]),
                   e->text_letter[k], "letter of a text");
    }
}

/* Document order is the order of writing. */
static void check_tree(const sx_xml *x, const sx_node *n, const written *e, int32_t *next)
{
    check_node(x, n, &e[(*next)++]);
    for (const sx_node *child = n->child; child; child = child->next) {
        assert_ptr_equal(child->parent, n);
        check_tree(x, child, e, next);
    }
}

static void knows_its_places(void **state)
{
    (void)state;
    writer *w = calloc(1, sizeof *w);
    written *elements = calloc(THING, sizeof *elements);
    for (unsigned s = 1; s <= 300; s++) {
        sx_error err = SX_NO_ERROR;
        sx_diags *d = NULL;
        sx_xml *x = NULL;
        int32_t next = 0;
        seed = s;
        memset(w, 0, sizeof *w);
        memset(elements, 0, THING / 10 * sizeof *elements);
        w->element = elements;
        w->line = w->column = 1;
        if (pick(3) == 0) {
            copy_bytes(w->text, "\xef\xbb\xbf", 3);
            w->size = 3;
        }
        if (pick(2))
            put(w, "<?xml version='1.0' encoding='utf-8'?>\n");
        put_element(w, 0);
        put_blanks(w, 0);
        assert_true(w->elements < THING / 10);
        seed = s;
        CHECK_OK(sx_diags_new(&d, &err));
        sx_status st = sx_xml_parse("w.xml", w->text, w->size, d, &x, &err);
        if (st) {
            char *text = sx_diags_count(d) ? sx_diag_text(sx_diags_get(d, 0)) : NULL;
            print_error("seed %u: %s\n%s", s, err.msg, text ? text : "");
            sx_release(text);
        }
        assert_int_equal(st, SX_OK);
        check_tree(x, sx_xml_root(x), elements, &next);
        assert_int_equal(next, w->elements);
        sx_xml_free(x);
        sx_diags_free(d);
    }
    free(elements);
    free(w);
}

/* --- refusing --------------------------------------------------------------------------- */

/* Parse; the code of the first message, or "" for success. */
static const char *code_of(const char *text, size_t size, sx_place *place)
{
    static char code[8];
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_xml *x = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_xml_parse("t.xml", text, size, d, &x, &err);
    assert_true(st == SX_OK || st == SX_EINPUT);
    assert_true((st == SX_OK) == (x != NULL));
    assert_true((st == SX_OK) == (sx_diags_errors(d) == 0));
    snprintf(code, sizeof code, "%s", st ? sx_diags_get(d, 0)->code : "");
    if (place && st)
        *place = sx_diags_get(d, 0)->place;
    sx_xml_free(x);
    sx_diags_free(d);
    return code;
}

static void same_code(const char *text, const char *code)
{
    const char *found = code_of(text, strlen(text), NULL);
    if (strcmp(found, code) != 0) {
        print_error("%s: %s, not %s\n", text, found, code);
        fail();
    }
}

static void refuses_what_is_no_xml(void **state)
{
    (void)state;
    same_code("<a/>", "");
    same_code("<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
              "xsi:noNamespaceSchemaLocation='s.xsd' b='1'/>",
              "");
    same_code("<!-- c --><?p i?><a>]] &gt; ></a><!-- d -->", "");
    same_code("<a>]]></a>", "E101");
    same_code("<a><![CDATA[x]]</a>", "E101");
    same_code("<![CDATA[x]]><a/>", "E101");
    same_code("<a b='1' b='2'/>", "E101");
    same_code("<a 1b='1'/>", "E101");
    same_code("<a>&b;</a>", "E102");
    same_code("<a b='&b;'/>", "E102");
    same_code("<a>&#0;</a>", "E101");
    same_code("<a>&#xD800;</a>", "E101");
    same_code("<a>&#1114112;</a>", "E101");
    same_code("<a>&#99999999999999999999;</a>", "E101");
    same_code("<a><!-- -- --></a>", "E101");
    same_code("<a></b>", "E101");
    same_code("<a/><b/>", "E101");
    same_code("<a:b/>", "E114");
    same_code("<a><b xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'/></a>", "E114");
    same_code("<!DOCTYPE a><a/>", "E102");
    same_code("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "E102");
    same_code("<a><!DOCTYPE b></a>", "E102");
    same_code("<!doctype a><a/>", "E101");
    same_code("<?xml version='1.0' encoding='UTF-16'?><a/>", "E103");
    same_code("<?xml version='1.0' encoding='us-ascii'?><a/>", "");
    same_code("<a>\xc0\x80</a>", "E103");
    same_code("<a>\xed\xa0\x80</a>", "E103");
    same_code("<a>\xf4\x90\x80\x80</a>", "E103");
    same_code("<a>\x01</a>", "E103");
    same_code("", "E101");
    assert_string_equal(code_of("<a>\0</a>", 8, NULL), "E103");
}

/* --- hostile ------------------------------------------------------------------------------ */

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* n times the text. */
static char *repeat(const char *text, size_t n, size_t *size)
{
    size_t one = strlen(text);
    char *all = malloc(one * n + 1);
    assert_non_null(all);
    for (size_t i = 0; i < n; i++)
        copy_bytes(all + i * one, text, one);
    *size = one * n;
    return all;
}

static void refuses_within_bounds(void **state)
{
    (void)state;
    sx_place place = {0};
    size_t size;
    double start = seconds();
    char *deep = repeat("<a>", 100000, &size);
    assert_string_equal(code_of(deep, size, &place), "E105");
    assert_int_equal(place.column, 3 * 64 + 1);
    free(deep);
    char *wide = repeat("x", 100 << 20, &size);
    copy_bytes(wide, "<a b='", 6);
    assert_string_equal(code_of(wide, size, NULL), "E105");          /* the file */
    assert_string_equal(code_of(wide, 60 << 20, NULL), "E105");      /* the value */
    assert_string_equal(code_of(wide, (1 << 20) + 6, NULL), "E101"); /* just ends too soon */
    free(wide);
    char *attributes = repeat(" b='1'", 1 << 20, &size);
    copy_bytes(attributes, "<a b1", 5);
    assert_string_equal(code_of(attributes, size, NULL), "E101");
    free(attributes);
    char *many = repeat("<a/>", 3 << 20, &size);
    copy_bytes(many, "<z> ", 4);
    assert_string_equal(code_of(many, size, NULL), "E105");
    free(many);
    char *crowd = repeat("<a b='' c='' d='' e='' f='' g='' h='' i=''/>", 1 << 20, &size);
    copy_bytes(crowd, "<z>", 3);
    assert_string_equal(code_of(crowd, size, NULL), "E105");
    free(crowd);
    /* a budget that only quadratic work exceeds, sanitizers included */
    assert_true(seconds() - start < 60);
}

/* Every prefix and every flipped byte: an answer, never a crash; what is accepted has the
 * same places as always (SX_EFAULT would tell that libxml2 saw other elements). */
static void survives_damage(void **state)
{
    (void)state;
    static const char sample[] =
        "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<mdp version=\"1\" "
        "discount='0.9'>\n"
        "<!-- c --><title>A &lt;b&gt; \xc3\xa4 &#228;</title>\r\n<x a=\"1\" b='&amp;&quot;'/>"
        "<map><![CDATA[..#]]>.S</map><?pi data?></mdp>\n";
    static const char bytes[] = "<>&;'\"/=! ?-[]#x\n\0\xc3\xa4\x80\xff:aD";
    char copy[sizeof sample];
    size_t size = sizeof sample - 1;
    for (size_t n = 0; n < size; n++) {
        copy_bytes(copy, sample, n);
        const char *code = code_of(copy, n, NULL);
        if (n < size - 1)
            assert_string_not_equal(code, "");
    }
    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < sizeof bytes - 1; k++) {
            copy_bytes(copy, sample, size);
            copy[i] = bytes[k];
            code_of(copy, size, NULL);
        }
    for (seed = 1; seed < 20000;) {
        unsigned s = seed;
        copy_bytes(copy, sample, size);
        for (int n = 1 + pick(6); n > 0; n--)
            copy[pick((int)size)] =
                pick(2) ? bytes[pick((int)sizeof bytes - 1)] : (char)pick(256);
        code_of(copy, size, NULL);
        seed = s + 1;
    }
}

/* --- messages ------------------------------------------------------------------------------
 */

static void check_text(const char *source, sx_place place, const char *expected)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_diags_source(d, "f", source, strlen(source), &err));
    assert_int_equal(sx_diag_report(d, place, "E104", NULL, "bad \033[31m%s", "x\ny"),
                     SX_EINPUT);
    sx_diags_forget(d, NULL);
    char *text = sx_diag_text(sx_diags_get(d, 0));
    assert_string_equal(text, expected);
    sx_release(text);
    sx_diags_free(d);
}

static void shows_lines_safely(void **state)
{
    (void)state;
    check_text("ab\n\tc\033d\xff\xc3\xa4"
               "e\r\nf",
               (sx_place){"f", 2, 5, 2},
               "f:2:5: error[E104]: bad ?[31mx?y\n    2 | \tc?d?\xc3\xa4"
               "e\n      | \t   ^^\n");
    check_text("ab", (sx_place){"f", 1, 3, 9},
               "f:1:3: error[E104]: bad ?[31mx?y\n"
               "    1 | ab\n      |   ^\n");
    check_text("ab", (sx_place){"f", 7, 1, 1}, "f:7:1: error[E104]: bad ?[31mx?y\n");
    check_text("ab", (sx_place){"f", 0, 0, 1}, "f: error[E104]: bad ?[31mx?y\n");
}

static void keeps_twenty_in_order(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    for (int32_t i = 0; i < 30; i++) {
        sx_place place = {i % 2 ? "first" : "second", 1 + (i * 7) % 30, 1 + i % 3, 1};
        assert_int_equal(sx_diag_report(d, place, "E104", "hint", "number %d", i), SX_EINPUT);
        assert_int_equal(sx_diag_report(d, place, "W601", NULL, "number %d", i), SX_OK);
    }
    assert_int_equal(sx_diags_errors(d), 30);
    assert_int_equal(sx_diags_warnings(d), 30);
    assert_int_equal(sx_diags_count(d), 2 * SX_DIAG_LIMIT);
    for (int32_t i = 1; i < sx_diags_count(d); i++) {
        const sx_diag *a = sx_diags_get(d, i - 1), *b = sx_diags_get(d, i);
        int file = strcmp(b->place.file, a->place.file); /* "second" was known first */
        assert_true(file < 0 || (file == 0 && (a->place.line < b->place.line ||
                                               (a->place.line == b->place.line &&
                                                a->place.column <= b->place.column))));
    }
    assert_int_equal(sx_diag_report(NULL, (sx_place){"f", 1, 1, 1}, "E104", NULL, "x"),
                     SX_EINPUT);
    sx_diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_places),      cmocka_unit_test(refuses_what_is_no_xml),
        cmocka_unit_test(refuses_within_bounds), cmocka_unit_test(survives_damage),
        cmocka_unit_test(shows_lines_safely),    cmocka_unit_test(keeps_twenty_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
