/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_exact.c - the exact reading agrees with the ordinary one up to rounding on every number
 * of every world, and the exact decision with the floating one wherever that is decided. */
#include "tests/check.h"

#include "mdp/edit.h"
#include "mdp/exact.h"
#include "metrics/equivalence.h"

#include <gmp.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const files[] = {"examples/cliff.xml",
                                    "examples/cliffwalking.xml",
                                    "examples/corridor.xml",
                                    "examples/epic-gridworld.xml",
                                    "examples/frozenlake-4x4.xml",
                                    "examples/key-door.xml",
                                    "examples/length-bias.xml",
                                    "examples/moving-goal.xml",
                                    "examples/option-order.xml",
                                    "examples/paraphrase.xml",
                                    "examples/two-state.xml",
                                    "examples/unsound.xml",
                                    "examples/walled-room.xml",
                                    "tests/good/arrays-archive.xml",
                                    "tests/good/arrays-names.xml",
                                    "tests/good/arrays-sas.xml",
                                    "tests/good/bandit.xml",
                                    "tests/good/csv-listed.xml",
                                    "tests/good/csv-names.xml",
                                    "tests/good/explicit-parts.xml",
                                    "tests/good/factored.xml",
                                    "tests/good/factored-all.xml",
                                    "tests/good/grid-parts.xml",
                                    "tests/good/pairs.xml",
                                    "tests/good/random-dirichlet.xml",
                                    "tests/good/random-starc.xml",
                                    "tests/good/tree.xml",
                                    "tests/good/one-state.xml"};

static sx_spec *read_spec(const char *path)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    CHECK_OK(sx_spec_read(path, NULL, &spec, &err));
    return spec;
}

static sx_exact *read_edited(const char *path, const sx_spec *spec, const sx_exact_edit *e,
                             int32_t a, int32_t b)
{
    sx_error err = SX_NO_ERROR;
    sx_exact *x = NULL;
    sx_diags *d = NULL;
    const char *const id[2] = {spec->reward[a].id, spec->reward[b].id};
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_exact_read(spec, e, id, d, &x, &err);
    for (int32_t i = 0; i < sx_diags_count(d); i++)
        print_error("%s: %s\n", path, sx_diags_get(d, i)->message);
    assert_int_equal(st, SX_OK);
    sx_diags_free(d);
    return x;
}

static sx_exact *read_exact(const char *path, const sx_spec *spec, int32_t a, int32_t b)
{
    return read_edited(path, spec, NULL, a, b);
}

static double number(const void *x, int64_t i)
{
    return mpq_get_d((mpq_srcptr)x + i);
}

/* sum = 1, exactly */
static void check_sum(const void *x, int64_t n)
{
    mpq_t sum;
    mpq_init(sum);
    for (int64_t i = 0; i < n; i++)
        mpq_add(sum, sum, (mpq_srcptr)x + i);
    assert_int_equal(mpq_cmp_ui(sum, 1, 1), 0);
    mpq_clear(sum);
}

static void check_world(const sx_mdp *m, const sx_exact *x)
{
    CHECK_NEAR(number(x->discount, 0), m->discount, 1e-15);
    check_sum(x->initial, m->states);
    for (int32_t s = 0; s < m->states; s++)
        CHECK_NEAR(number(x->initial, s), m->initial[s], 1e-15);
    for (int32_t k = 0; k < m->pairs; k++)
        check_sum((mpq_srcptr)x->prob + m->first[k], m->first[k + 1] - m->first[k]);
    for (int64_t t = 0; t < m->entries; t++)
        CHECK_NEAR(number(x->prob, t), m->prob[t], 2e-15);
}

static void check_reward(const sx_mdp *m, const sx_exact *x, const sx_reward *r, int i)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++)
            CHECK_NEAR(number(x->reward[i], (int64_t)k * m->states + s),
                       sx_reward_at(m, r, k, s), 1e-13);
}

static void numbers_are_those_of_the_reader(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        sx_spec *spec = read_spec(files[f]);
        for (int32_t i = 0; i < spec->rewards; i++) {
            sx_exact *x = read_exact(files[f], spec, i, spec->rewards - 1 - i);
            check_world(spec->world->mdp, x);
            check_reward(spec->world->mdp, x, spec->reward[i].reward, 0);
            check_reward(spec->world->mdp, x, spec->reward[spec->rewards - 1 - i].reward, 1);
            sx_exact_free(x);
        }
        sx_spec_free(spec);
    }
}

/* Every edit that has a world, with each of its steps. */
static void edited_numbers_are_those_of_the_reader(void **state)
{
    static const char *const edited[] = {
        "examples/key-door.xml",        "examples/length-bias.xml",
        "examples/moving-goal.xml",     "examples/option-order.xml",
        "examples/paraphrase.xml",      "tests/good/edits.xml",
        "tests/edits/selectors.xml",    "tests/edits/patches.xml",
        "tests/good/factored-edits.xml"};
    int worlds = 0;
    (void)state;
    for (size_t f = 0; f < sizeof edited / sizeof *edited; f++) {
        sx_spec *whole = read_spec(edited[f]);
        for (int32_t i = 0; i < whole->edits; i++)
            for (int32_t k = whole->edit[i].steps ? 0 : -1; k < whole->edit[i].steps; k++) {
                sx_error err = SX_NO_ERROR;
                sx_spec *spec = NULL;
                const sx_exact_edit e = {whole, i, k};
                sx_status st = sx_spec_edited(whole, i, k, NULL, &spec, &err);
                if (st || !spec->rewards) {
                    sx_spec_free(spec);
                    continue;
                }
                int32_t last = spec->rewards - 1;
                sx_exact *x = read_edited(edited[f], spec, &e, 0, last);
                check_world(spec->world->mdp, x);
                check_reward(spec->world->mdp, x, spec->reward[0].reward, 0);
                check_reward(spec->world->mdp, x, spec->reward[last].reward, 1);
                worlds++;
                sx_exact_free(x);
                sx_spec_free(spec);
            }
        sx_spec_free(whole);
    }
    assert_true(worlds >= 20);
}

/* --- what a text says exactly --- */

static char folder[] = "/tmp/sextant-exact-XXXXXX";

static const char *write_text(const char *text)
{
    static char path[80];
    snprintf(path, sizeof path, "%s/w.xml", folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static void is_fraction(const void *x, int64_t i, const char *text)
{
    char *got = mpq_get_str(NULL, 10, (mpq_srcptr)x + i);
    assert_string_equal(got, text);
    free(got);
}

/* Value in a loop of one state, worked out by hand. */
static void texts_are_fractions(void **state)
{
    static const struct {
        const char *value, *fraction;
    } known[] = {{"0.1", "1/10"},
                 {"1/3", "1/3"},
                 {" -1.5e0 ", "-3/2"},
                 {"+5e-1", "1/2"},
                 {".25", "1/4"},
                 {"2.", "2"},
                 {"1e20", "100000000000000000000"},
                 {"0.1 + 0.2", "3/10"},
                 {"0.1 + 0.2 == 0.3 and 1 or 0", NULL},
                 {"if(0.1 + 0.2 == 0.3, 7, 8)", "7"},
                 {"if(x == 1/3, 1, 0)", "1"},
                 {"x' * 3 - 1", "0"},
                 {"if(x <= 1/3 and x >= 1/3, 1, 0)", "1"},
                 {"(2/3)^-2", "9/4"},
                 {"(0-2)^3", "-8"},
                 {"min(1/3, 0.3, 0.4)", "3/10"},
                 {"max(1/3, 0.3)", "1/3"},
                 {"abs(-1/7)", "1/7"},
                 {"if(not x > 1 or c == 'red', 1, 2)", "1"},
                 {"if(x < 0, 1 / 0, 5)", "5"},
                 {"if(action == a, 1e-30, 0)", "1/1000000000000000000000000000000"}};
    char text[1000];
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!known[i].fraction)
            continue;
        char value[100] = "";
        for (const char *p = known[i].value; *p; p++)
            snprintf(value + strlen(value), 6, *p == '<' ? "&lt;" : "%c", *p);
        snprintf(
            text, sizeof text,
            "<mdp version=\"1\" discount=\"0.999999\"><explicit><state id=\"s\"><attribute "
            "id=\"x\" value=\"1/3\"/><attribute id=\"c\" value=\"red\"/></state><action "
            "id=\"a\"/><transition from=\"s\" action=\"a\" to=\"s\" p=\"1\"/></explicit>"
            "<reward id=\"r\"><add value=\"%s\"/></reward></mdp>",
            value);
        const char *path = write_text(text);
        sx_spec *spec = read_spec(path);
        sx_exact *x = read_exact(path, spec, 0, 0);
        is_fraction(x->reward[0], 0, known[i].fraction);
        is_fraction(x->discount, 0, "999999/1000000");
        sx_exact_free(x);
        sx_spec_free(spec);
    }
}

/* Attributes of responses are fractions; the loops of an absorbing state are left alone by a
 * shaping that drops them. */
static void attributes_and_absorbing_states(void **state)
{
    static const char text[] =
        "<mdp version=\"1\" discount=\"1/2\"><bandit><context id=\"c\"/><response id=\"x\">"
        "<attribute id=\"n\" value=\"1/3\"/></response></bandit><reward id=\"r\">"
        "<add value=\"n\"/><shape absorbing=\"drop\"><at state=\"end\" potential=\"1/5\"/>"
        "</shape></reward></mdp>";
    (void)state;
    const char *path = write_text(text);
    sx_spec *spec = read_spec(path);
    sx_exact *x = read_exact(path, spec, 0, 0);
    is_fraction(x->reward[0], 1, "13/30"); /* 1/3 + 1/2 1/5 from c to end */
    is_fraction(x->reward[0], 3, "0");     /* end to end */
    sx_exact_free(x);
    sx_spec_free(spec);
}

/* A move up from the middle of the bottom row slips to both sides: 1 - slip, slip/2, slip/2; a
 * sender passes its share of a reward on. */
static void maps_slip_exactly(void **state)
{
    static const char text[] =
        "<mdp version=\"1\" discount=\"1/3\"><gridworld slip=\"1/7\"><map>\n.C.\n...\n</map>"
        "<cell symbol=\"C\" label=\"c\" sends-to=\"S\"/><cell symbol=\"S\"/></gridworld>"
        "<reward id=\"r\"><add enter=\"c\" value=\"1/3\"/></reward></mdp>";
    char changed[sizeof text];
    (void)state;
    memcpy(changed, text, sizeof text);
    strstr(changed, "...\n</map>")[0] = 'S';
    const char *path = write_text(changed);
    sx_spec *spec = read_spec(path);
    const sx_mdp *m = spec->world->mdp;
    sx_exact *x = read_exact(path, spec, 0, 0);
    int32_t s = sx_names_find(spec->world->states, "r1c1");
    int32_t left = sx_names_find(spec->world->states, "r1c0");
    int32_t right = sx_names_find(spec->world->states, "r1c2");
    int32_t k = sx_mdp_pair(m, s, sx_names_find(spec->world->actions, "up"));
    /* up with 6/7 through C to S on the left; 1/14 to the left itself, 1/14 to the right */
    is_fraction(x->prob, sx_mdp_entry(m, k, left), "13/14");
    is_fraction(x->prob, sx_mdp_entry(m, k, right), "1/14");
    /* 12/13 of the way to S passes through C */
    is_fraction(x->reward[0], (int64_t)k * m->states + left, "4/13");
    sx_exact_free(x);
    sx_spec_free(spec);
}

/* --- the decision --- */

static sx_equivalence *floating(const sx_spec *spec, int32_t a, int32_t b)
{
    sx_error err = SX_NO_ERROR;
    sx_equivalence *e = NULL;
    sx_equivalence_options o = sx_equivalence_defaults();
    CHECK_OK(sx_equivalence_find(spec->world->mdp, spec->reward[a].reward,
                                 spec->reward[b].reward, &o, &e, &err));
    return e;
}

static sx_equivalence *exactly(const char *path, const sx_spec *spec, int32_t a, int32_t b)
{
    sx_error err = SX_NO_ERROR;
    sx_exact *x = read_exact(path, spec, a, b);
    sx_equivalence *e = floating(spec, a, b);
    CHECK_OK(sx_equivalence_decide(x, &e, &err));
    sx_exact_free(x);
    return e;
}

static void agree(sx_answer f, sx_answer x)
{
    assert_true(x == SX_ANSWER_YES || x == SX_ANSWER_NO);
    if (f != SX_ANSWER_OPEN)
        assert_int_equal(f, x);
}

static uint64_t seed_;

static int draw(int n)
{
    seed_ = seed_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int)((seed_ >> 33) % (uint64_t)n);
}

/* Three to five states, two actions; decimals of two digits; b is a disguise of a, or nearly:
 * by more than rounding, below which floating point says yes. */
static void draw_text(char *t, size_t size)
{
    int states = 3 + draw(3), kind = draw(4);
    size_t n = (size_t)snprintf(t, size, "<mdp version=\"1\" discount=\"0.%d\"><explicit>",
                                1 + draw(98));
    for (int s = 0; s < states; s++)
        n += (size_t)snprintf(t + n, size - n, "<state id=\"s%d\"/>", s);
    n += (size_t)snprintf(t + n, size - n, "<action id=\"a\"/><action id=\"b\"/>");
    for (int s = 0; s < states; s++)
        for (int a = 0; a < 2; a++) {
            int p = 1 + draw(99), to = draw(states), other = (to + 1) % states;
            n += (size_t)snprintf(t + n, size - n,
                                  "<transition from=\"s%d\" action=\"%c\" to=\"s%d\" "
                                  "p=\"0.%02d\"/><transition from=\"s%d\" action=\"%c\" "
                                  "to=\"s%d\" p=\"%.2f\"/>",
                                  s, 'a' + a, to, p, s, 'a' + a, other, (100 - p) / 100.0);
        }
    n += (size_t)snprintf(t + n, size - n,
                          "</explicit><initial><start state=\"s0\"/></initial>"
                          "<reward id=\"a\">");
    for (int i = 0; i < 4; i++) {
        int from = draw(states), action = draw(2), to = draw(states), whole = draw(9) - 4;
        n += (size_t)snprintf(t + n, size - n,
                              "<add from=\"s%d\" action=\"%c\" to=\"s%d\" value=\"%d.%02d\"/>",
                              from, 'a' + action, to, whole, draw(100));
    }
    int scale = kind == 3 ? draw(5) - 2 : 1 + draw(5);
    n += (size_t)snprintf(t + n, size - n,
                          "</reward><reward id=\"b\"><use reward=\"a\" "
                          "scale=\"%d.%d\"/>",
                          scale, 1 + draw(9));
    int potential = draw(9);
    if (kind)
        n += (size_t)snprintf(t + n, size - n,
                              "<shape><at state=\"s1\" potential=\"%d.%d\"/></shape>",
                              potential, draw(10));
    int from = draw(states);
    if (kind == 2)
        n += (size_t)snprintf(t + n, size - n,
                              "<add from=\"s%d\" action=\"b\" value=\"1e-%d\"/>", from,
                              1 + draw(10));
    snprintf(t + n, size - n, "</reward></mdp>");
}

static void agrees_where_floating_point_is_decided(void **state)
{
    static char text[8192];
    int yes = 0, no = 0;
    (void)state;
    for (int i = 0; i < 200; i++) {
        seed_ = (uint64_t)i + 1;
        draw_text(text, sizeof text);
        const char *path = write_text(text);
        sx_spec *spec = read_spec(path);
        sx_equivalence *f = floating(spec, 0, 1), *x = exactly(path, spec, 0, 1);
        if (f->equivalent != SX_ANSWER_OPEN && f->equivalent != x->equivalent)
            print_error("seed %d\n", i + 1);
        agree(f->equivalent, x->equivalent);
        agree(f->same_order_from_start, x->same_order_from_start);
        agree(f->trivial_a, x->trivial_a);
        agree(f->trivial_b, x->trivial_b);
        if (x->equivalent == SX_ANSWER_YES && f->equivalent == SX_ANSWER_YES) {
            assert_int_equal(f->transformations, x->transformations);
            CHECK_NEAR(f->scale, x->scale, 1e-9);
            for (int32_t s = 0; s < spec->world->mdp->states; s++)
                CHECK_NEAR(f->potential[s], x->potential[s], 1e-7);
        }
        if (x->equivalent == SX_ANSWER_NO) {
            assert_non_null(x->first);
            assert_true(x->exactly->difference[0] >= 0 || x->trivial_a == SX_ANSWER_YES ||
                        x->trivial_b == SX_ANSWER_YES);
            assert_non_null(x->exactly->advantage[0][0]);
        }
        yes += x->equivalent == SX_ANSWER_YES;
        no += x->equivalent == SX_ANSWER_NO;
        sx_equivalence_free(f);
        sx_equivalence_free(x);
        sx_spec_free(spec);
    }
    assert_true(yes > 30 && no > 30);
}

/* --- what floating point promises --- */

static const char *const discounts[] = {"0.5", "0.9", "0.99", "0.999", "0.999999"};

#define PUT(...) n += (size_t)snprintf(t + n, size - n, __VA_ARGS__)

/* A reward a, and b: a scaled, shaped and redistributed, and 1e-`digits` added to one pair (to
 * none for 0). */
static size_t put_pair(char *t, size_t size, size_t n, int states, int digits)
{
    static const char *const scales[] = {"1/3", "0.7", "7", "1"};
    for (int i = 0; i < 3 * states; i++) {
        int from = draw(states), action = draw(2), to = draw(states), whole = draw(9) - 4;
        PUT("<add from=\"s%d\" action=\"%c\" to=\"s%d\" value=\"%d.%02d\"/>", from,
            'a' + action, to, whole, draw(100));
    }
    PUT("<add from=\"s0\" action=\"a\" value=\"1\"/>"); /* never trivial */
    PUT("</reward><reward id=\"b\"><use reward=\"a\" scale=\"%s\"/><shape>", scales[draw(4)]);
    for (int s = 0; s < states; s++) {
        int above = draw(100) - 50;
        PUT("<at state=\"s%d\" potential=\"%d/%d\"/>", s, above, 1 + draw(9));
    }
    PUT("</shape><add from=\"s1\" action=\"a\" to=\"s0\" value=\"2/7\"/>"
        "<add from=\"s1\" action=\"a\" to=\"s1\" value=\"-1/7\"/>");
    int from = draw(states);
    if (digits)
        PUT("<add from=\"s%d\" action=\"%c\" value=\"1e-%d\"/>", from, 'a' + draw(2), digits);
    PUT("</reward></mdp>");
    return n;
}

static void draw_edge(char *t, size_t size, const char *discount, int digits)
{
    int states = 3 + draw(8);
    size_t n = 0;
    PUT("<mdp version=\"1\" discount=\"%s\"><explicit>", discount);
    for (int s = 0; s < states; s++)
        PUT("<state id=\"s%d\"/>", s);
    PUT("<action id=\"a\"/><action id=\"b\"/>"
        "<transition from=\"s1\" action=\"a\" to=\"s0\" p=\"1/3\"/>"
        "<transition from=\"s1\" action=\"a\" to=\"s1\" p=\"2/3\"/>");
    for (int s = 0; s < states; s++)
        for (int a = s == 1; a < 2; a++) {
            int to = draw(states), p = 1 + draw(8);
            PUT("<transition from=\"s%d\" action=\"%c\" to=\"s%d\" p=\"%d/9\"/>", s, 'a' + a,
                to, p);
            PUT("<transition from=\"s%d\" action=\"%c\" to=\"s%d\" p=\"%d/9\"/>", s, 'a' + a,
                (to + 1) % states, 9 - p);
        }
    PUT("</explicit><reward id=\"a\">");
    (void)put_pair(t, size, n, states, digits);
}

static double gap(const sx_equivalence *x)
{
    return x->equivalent == SX_ANSWER_YES ? 0 : x->interval[0];
}

/* A no is one.  The difference lies within the interval, so that a yes is one up to its end
 * (the scale is read off where A_a is largest, which may be another pair: a factor of 2 at
 * most).  Disguises are recognised, and a difference that is larger than rounding usually is is
 * not taken for it. */
static void floating_point_keeps_its_word(void **state)
{
    static const int digits[] = {0, 6, 9, 10, 11, 12, 15, 30};
    static char t[1 << 16];
    int copies = 0, nos = 0, above = 0;
    (void)state;
    for (size_t i = 0; i < sizeof discounts / sizeof *discounts; i++)
        for (int j = 0; j < 8 * 12; j++) {
            seed_ = (uint64_t)(1000 * (i + 1)) + (uint64_t)j;
            draw(2);
            draw_edge(t, sizeof t, discounts[i], digits[j % 8]);
            const char *path = write_text(t);
            sx_spec *spec = read_spec(path);
            sx_equivalence *f = floating(spec, 0, 1), *x = exactly(path, spec, 0, 1);
            if (f->equivalent == SX_ANSWER_NO || f->equivalent == SX_ANSWER_YES)
                if (f->equivalent != x->equivalent && gap(x) > 2 * f->interval[1])
                    print_error("discount %s, seed %d\n", discounts[i], j);
            assert_true(f->equivalent != SX_ANSWER_NO || x->equivalent == SX_ANSWER_NO);
            assert_true(gap(x) <= 2 * f->interval[1] && gap(x) >= f->interval[0] / 2);
            assert_true(f->equivalent != SX_ANSWER_YES || f->interval[1] <= 1e-9);
            assert_int_equal(x->equivalent == SX_ANSWER_YES, digits[j % 8] == 0);
            if (digits[j % 8] == 0 && i < 3)
                copies += f->equivalent == SX_ANSWER_YES;
            if (digits[j % 8] == 6)
                nos += f->equivalent == SX_ANSWER_NO;
            above += f->equivalent == SX_ANSWER_YES && gap(x) > 2e-12;
            sx_equivalence_free(f);
            sx_equivalence_free(x);
            sx_spec_free(spec);
        }
    assert_int_equal(copies, 3 * 12);
    assert_true(nos >= 4 * 12);
    assert_int_equal(above, 0);
}

/* Digits that no double tells from a third are a third for floating point, up to rounding. */
static void doubles_that_are_the_same_are_a_yes(void **state)
{
    static const char text[] =
        "<mdp version=\"1\" discount=\"0.9\"><explicit><state id=\"s\"/><action id=\"x\"/>"
        "<action id=\"y\"/><action id=\"z\"/><transition from=\"s\" action=\"*\" to=\"s\" "
        "p=\"1\"/></explicit><reward id=\"a\"><add action=\"x\" value=\"1/3\"/><add "
        "action=\"y\" value=\"1\"/></reward><reward id=\"b\"><add action=\"x\" "
        "value=\"0.333333333333333333333\"/><add action=\"y\" value=\"1\"/></reward></mdp>";
    (void)state;
    const char *path = write_text(text);
    sx_spec *spec = read_spec(path);
    sx_equivalence *f = floating(spec, 0, 1), *x = exactly(path, spec, 0, 1);
    assert_int_equal(f->equivalent, SX_ANSWER_YES);
    assert_true(f->interval[1] > 0);
    assert_int_equal(x->equivalent, SX_ANSWER_NO);
    assert_true(gap(x) > 1e-22 && gap(x) < f->interval[1]);
    sx_equivalence_free(f);
    sx_equivalence_free(x);
    sx_spec_free(spec);
}

/* --- long numbers --- */

/* Advantages of 2000 digits, and a hair of 1e-1999 between the rewards: two policies show it
 * all the same, however small the difference of their returns is. */
static void long_numbers_have_policies(void **state)
{
    static char t[1 << 16];
    char number[1200];
    size_t size = sizeof t, n = 0;
    (void)state;
    PUT("<mdp version=\"1\" discount=\"0.9\"><explicit><state id=\"s\"/><state id=\"t\"/>"
        "<action id=\"x\"/><action id=\"y\"/><transition from=\"s\" action=\"*\" to=\"t\" "
        "p=\"1/3\"/><transition from=\"s\" action=\"*\" to=\"s\" p=\"2/3\"/><transition "
        "from=\"t\" action=\"*\" to=\"s\" p=\"1\"/></explicit><reward id=\"a\">");
    for (int i = 0; i < 2; i++) {
        seed_ = (uint64_t)i + 1;
        for (size_t j = 0; j < sizeof number - 1; j++)
            number[j] = (char)('0' + draw(10));
        number[sizeof number - 1] = '\0';
        PUT("<add from=\"%c\" action=\"x\" value=\"1.%s\"/>", 's' + i, number);
    }
    PUT("</reward><reward id=\"b\"><use reward=\"a\"/><add from=\"t\" action=\"x\" "
        "value=\"1e-1999\"/></reward></mdp>");
    const char *path = write_text(t);
    sx_spec *spec = read_spec(path);
    sx_equivalence *x = exactly(path, spec, 0, 1);
    assert_int_equal(x->equivalent, SX_ANSWER_NO);
    assert_non_null(x->first);
    assert_non_null(x->second);
    assert_true(x->exactly->apart[0][0] != '-' && x->exactly->apart[1][0] == '-');
    assert_non_null(strstr(x->exactly->rounded[0], "e-2000"));
    assert_true(strchr(x->exactly->rounded[1], '-') == x->exactly->rounded[1]);
    sx_equivalence_free(x);
    sx_spec_free(spec);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(write_text(""));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_reader),
        cmocka_unit_test(edited_numbers_are_those_of_the_reader),
        cmocka_unit_test(texts_are_fractions),
        cmocka_unit_test(attributes_and_absorbing_states),
        cmocka_unit_test(maps_slip_exactly),
        cmocka_unit_test(agrees_where_floating_point_is_decided),
        cmocka_unit_test(floating_point_keeps_its_word),
        cmocka_unit_test(doubles_that_are_the_same_are_a_yes),
        cmocka_unit_test(long_numbers_have_policies),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
