/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_edit.c - patches, interventions, permutations and steps do what they say, against files
 * written by hand; what an edit cannot do is refused in its place, as the files of tests/edits
 * say.
 *
 * UPDATE=1 writes the .expected files there; read what changed before it is kept. */
#include "tests/edit_run.h"

#include "mdp/codes.h"
#include "mdp/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 16384 };

/* --- interventions, permutations, steps --------------------------------------------------- */

static const char attributes[] =
    "<mdp version='1' discount='0.5'><explicit>"
    "<state id='a'><attribute id='x' value='%s'/><attribute id='colour' value='%s'/></state>"
    "<state id='b'><attribute id='x' value='%s'/><attribute id='colour' value='%s'/></state>"
    "<state id='c'><attribute id='x' value='%s'/></state>"
    "<state id='d'/><action id='go'/><action id='stay'/>"
    "<transition from='a' action='go' to='b' p='1'/>"
    "<transition from='b' action='go' to='c' p='1'/>"
    "<transition from='c' action='go' to='a' p='0.5'/>"
    "<transition from='c' action='go' to='d' p='0.5'/>"
    "<transition from='d' action='stay' to='d' p='1'/>"
    "<transition from='a' action='stay' to='a' p='1'/></explicit>"
    "<reward id='r'><add value='x' when='x >= 0'/><add value=\"if(colour' == red, 2, 0)\"/>"
    "</reward>%s</mdp>";

static sx_spec *with_attributes(const char *const value[5], const char *edit)
{
    static char page[PAGE];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(page, sizeof page, attributes, value[0], value[1], value[2], value[3], value[4],
             edit);
#pragma GCC diagnostic pop
    return parse(page);
}

static void interventions_replace_attributes(void **state)
{
    (void)state;
    static const struct {
        const char *edit, *hand[5];
    } cases[] = {
        {"<do variable='x' value='7'/>", {"7", "red", "7", "blue", "7"}},
        {"<do variable='x' value='x * x + 1'/>", {"2", "red", "5", "blue", "10"}},
        {"<do variable='x' value='-1' when='x > 1 and colour == blue'/>",
         {"1", "red", "-1", "blue", "3"}},
        {"<do variable='x' value='{step} / 2' when='x == 2'/>",
         {"1", "red", "0.25", "blue", "3"}},
        {"<do variable='colour' value='red' when='x == 2'/>", {"1", "red", "2", "red", "3"}},
        {"<do variable='colour' value=\" 'red' \"/>", {"1", "red", "2", "red", "3"}},
        {"<do variable='x' value='x + 1'/><do variable='x' value='2 * x' when='x == 3'/>",
         {"2", "red", "6", "blue", "4"}},
        {"<remove sel=\"mdp/explicit/state[1]/attribute[@id='x']\"/>"
         "<add sel='mdp/explicit/state[1]' pos='prepend'><attribute id='x' value='9'/></add>"
         "<do variable='x' value='x + 1'/>",
         {"10", "red", "3", "blue", "4"}}};
    static const char *const base[5] = {"1", "red", "2", "blue", "3"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char edit[400];
        bool steps = strstr(cases[i].edit, "{step}");
        snprintf(edit, sizeof edit, "<edit id='e'%s>%s</edit>", steps ? " steps='0.5'" : "",
                 cases[i].edit);
        sx_spec *spec = with_attributes(base, edit), *hand = with_attributes(cases[i].hand, "");
        sx_spec *out = edited(spec, steps ? "e@0.5" : "e", edit);
        same_mdp(hand->world->mdp, out->world->mdp);
        same_reward(hand->world->mdp, hand->reward[0].reward, out->reward[0].reward);
        same_bytes(hand->world->variable[0].value, out->world->variable[0].value,
                   4 * sizeof(double));
        sx_spec_free(out);
        sx_spec_free(hand);
        sx_spec_free(spec);
    }
}

static const char bandit[] =
    "<mdp version='1' discount='0.5'><bandit>"
    "<context id='p' weight='1'><attribute id='kind' value='easy'/></context>"
    "<context id='q' weight='3'><attribute id='kind' value='hard'/></context>"
    "<response id='u'><attribute id='length' value='%s'/></response>"
    "<response id='v'><attribute id='length' value='%s'/></response>"
    "<policy context='p' response='u' p='0.25'/><policy context='p' response='v' p='0.75'/>"
    "</bandit><reward id='r'><add value='length' when='length > 0'/>"
    "<add from='p' action='u' value='1'/></reward>%s</mdp>";

static sx_spec *bandit_of(const char *u, const char *v, const char *edit)
{
    static char page[PAGE];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(page, sizeof page, bandit, u, v, edit);
#pragma GCC diagnostic pop
    return parse(page);
}

static void interventions_on_responses(void **state)
{
    (void)state;
    sx_spec *spec = bandit_of("2", "5",
                              "<edit id='e'><do variable='length' value='length + 1' "
                              "when='action == u'/></edit>");
    sx_spec *hand = bandit_of("3", "5", ""), *out = edited(spec, "e", "length");
    same_spec(hand, out);
    sx_spec_free(out);
    sx_spec_free(hand);
    sx_spec_free(spec);
}

/* Everything at (s,a,s') of out was at (es,ea,es') of spec. */
static void is_permuted(const sx_spec *spec, const sx_spec *out, const int32_t *state,
                        const int32_t *action)
{
    const sx_mdp *m = spec->world->mdp, *to = out->world->mdp;
    for (int32_t s = 0; s < m->states; s++) {
        CHECK_NEAR(to->initial[s], m->initial[state[s]], 0);
        for (int32_t a = 0; a < m->actions; a++) {
            int32_t k = sx_mdp_pair(to, s, a), old = sx_mdp_pair(m, state[s], action[a]);
            assert_int_equal(k < 0, old < 0);
            for (int32_t n = 0; k >= 0 && n < m->states; n++) {
                int64_t t = sx_mdp_entry(to, k, n), u = sx_mdp_entry(m, old, state[n]);
                assert_int_equal(t < 0, u < 0);
                if (t >= 0)
                    CHECK_NEAR(to->prob[t], m->prob[u], 0);
                for (int32_t i = 0; i < spec->rewards; i++)
                    CHECK_NEAR(sx_reward_at(to, out->reward[i].reward, k, n),
                               sx_reward_at(m, spec->reward[i].reward, old, state[n]), 0);
            }
            if (k >= 0 && spec->world->base)
                CHECK_NEAR(out->world->base[k], spec->world->base[old], 0);
        }
    }
    same_names(spec->world->states, out->world->states);
    same_names(spec->world->actions, out->world->actions);
}

/* The permutation of the edit of that name, and the edited world against it. */
static void check_permutation(const sx_spec *spec, const char *name, const int32_t *state,
                              const int32_t *action)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *out = edited(spec, name, name);
    int32_t edit, step, s[16], a[16];
    assert_true(sx_spec_edit_find(spec, name, &edit, &step));
    is_permuted(spec, out, state, action);
    assert_true(spec->edit[edit].permutes);
    CHECK_OK(sx_spec_permutation(spec, edit, step, s, a, NULL, &err));
    assert_memory_equal(s, state, (size_t)spec->world->mdp->states * sizeof *s);
    assert_memory_equal(a, action, (size_t)spec->world->mdp->actions * sizeof *a);
    sx_spec_free(out);
}

static void permutations_exchange_by_name(void **state)
{
    (void)state;
    static const char *const base[5] = {"1", "red", "2", "blue", "3"};
    static const int32_t same[2] = {0, 1}, swap[2] = {1, 0};
    sx_spec *spec = with_attributes(
        base, "<edit id='one'><permute states='a b c'/></edit>"
              "<edit id='two'><permute states='a b'/><permute states='b c' actions='go stay'/>"
              "</edit><edit id='three'><permute states='a b c' actions='stay go'/>"
              "<permute states='c d b'/><permute actions='stay go'/></edit>"
              "<edit id='step' steps='1 2'><do variable='x' value='{step}'/></edit>");
    check_permutation(spec, "one", (int32_t[]){1, 2, 0, 3}, same);
    /* first e1 = (a b), then e2 = (b c): at b is what e1 put at c, which is c */
    check_permutation(spec, "two", (int32_t[]){1, 2, 0, 3}, swap);
    /* e1: a>b>c>a; e2: c>d>b>c: a: b, b: e1(c) = a, c: e1(d) = d, d: e1(b) = c */
    check_permutation(spec, "three", (int32_t[]){1, 0, 3, 2}, same);
    sx_error err = SX_NO_ERROR;
    int32_t s[4], a[2];
    assert_int_equal(sx_spec_permutation(spec, 3, 0, s, a, NULL, &err), SX_EARG);
    sx_spec_free(spec);
}

/* Patches first, then <do>, then <permute>. */
static void an_edit_applies_in_order(void **state)
{
    (void)state;
    static const char *const base[5] = {"1", "red", "2", "blue", "3"};
    static const char *const hand[5] = {"9", "red", "3", "blue", "4"};
    sx_spec *spec = with_attributes(
        base, "<edit id='e'><replace sel=\"mdp/explicit/state[1]/attribute[1]/@value\">8"
              "</replace><do variable='x' value='x + 1'/><permute states='a b'/></edit>");
    sx_spec *first = with_attributes(hand, "<edit id='p'><permute states='a b'/></edit>");
    sx_spec *out = edited(spec, "e", "order"), *then = edited(first, "p", "order");
    assert_false(spec->edit[0].permutes);
    same_mdp(then->world->mdp, out->world->mdp);
    same_reward(then->world->mdp, then->reward[0].reward, out->reward[0].reward);
    is_permuted(first, out, (int32_t[]){1, 0, 2, 3}, (int32_t[]){0, 1});
    sx_spec_free(out);
    sx_spec_free(then);
    sx_spec_free(first);
    sx_spec_free(spec);
}

static void permutations_of_contexts_and_responses(void **state)
{
    (void)state;
    sx_spec *spec = bandit_of("2", "5",
                              "<edit id='e'><permute contexts='p q'/>"
                              "<permute responses='u v'/></edit>");
    check_permutation(spec, "e", (int32_t[]){1, 0, 2}, (int32_t[]){1, 0});
    sx_spec *out = edited(spec, "e", "bandit");
    const sx_mdp *m = out->world->mdp;
    CHECK_NEAR(m->initial[0], 0.75, 0);
    CHECK_NEAR(out->world->base[sx_mdp_pair(m, 1, 0)], 0.75, 0);
    int32_t length = sx_world_variable(out->world, "length");
    CHECK_NEAR(out->world->variable[length].value[sx_mdp_pair(m, 0, 0)], 5, 0);
    sx_spec_free(out);
    sx_spec_free(spec);
}

/* --- what RFC 5261 says about places and texts ---------------------------------------------
 */

#define BODY(reward) \
    "<mdp version='1' discount='0.5'><random states='3' actions='2'/>" reward "</mdp>"

static void patches_apply_in_their_places(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        /* the text between two elements is one, and comments part it */
        {BODY("<reward id='r'> <!-- c --> <add value='1'/> </reward>%s"),
         "<remove sel=\"mdp/reward/comment()\"/><remove sel=\"mdp/reward/text()[1]\"/>"
         "<add sel=\"mdp/reward\" pos=\"prepend\"><add value='2'/> <add value='3'/></add>",
         BODY("<reward id='r'><add value='2'/> <add value='3'/><add value='1'/></reward>")},
        /* several added elements keep their order, in front and behind */
        {BODY("<reward id='r'><add value='1'/> </reward>%s"),
         "<add sel='mdp/reward/add' pos='after'> <set value='2'/> <add value='3'/> </add>"
         "<add sel='mdp/reward/add[1]' pos='before'><set value='4'/><add value='5'/></add>",
         BODY("<reward id='r'><set value='4'/><add value='5'/><add value='1'/>"
              "<set value='2'/><add value='3'/></reward>")},
        /* a later patch sees what an earlier one did */
        {BODY("<reward id='r'/>%s"),
         "<add sel='mdp/reward'><add value='1'/></add><add sel='mdp/reward/add' "
         "type='@action'>1</add><replace sel='mdp/reward/add/@value'>1/4</replace>",
         BODY("<reward id='r'><add action='1' value='1/4'/></reward>")},
        /* what a removed comment parted is one text */
        {"<mdp version='1' discount='0.5'><gridworld><map>\nS.<!-- c -->.G\n</map>"
         "<cell symbol='S'/><cell symbol='G' absorbing='true'/></gridworld>"
         "<reward id='r'/>%s</mdp>",
         "<remove sel='mdp/gridworld/map/comment()'/>"
         "<replace sel='mdp/gridworld/map/text()'>\nS...\n...G\n</replace>",
         "<mdp version='1' discount='0.5'><gridworld><map>\nS...\n...G\n</map>"
         "<cell symbol='S'/><cell symbol='G' absorbing='true'/></gridworld>"
         "<reward id='r'/></mdp>"},
        /* characters that markup needs */
        {BODY("<reward id='r'><add value='1'/></reward>%s"),
         "<add sel='mdp' pos='prepend'><title>a &lt; b &amp; c</title></add>"
         "<replace sel='mdp/reward/add/@value'>if(next_s &lt; 1, 1, 2)</replace>"
         "<add sel='mdp/random' type='@seed'>12</add><remove sel='mdp/reward/add'/>",
         "<mdp version='1' discount='0.5'><title>a &lt; b &amp; c</title>"
         "<random states='3' actions='2' seed='12'/><reward id='r'/></mdp>"},
        /* an element by what it holds, text by its place */
        {BODY("<reward id='r'><add value='1'/></reward><reward id='s'>"
              "<use reward='r' scale='2'/></reward>%s"),
         "<replace sel=\"//use[@reward='r']\"><!-- new --><add value='{step}'/></replace>"
         "<replace sel=\"mdp/reward[add/@value='1']/@id\">t</replace>",
         BODY("<reward id='t'><add value='1'/></reward><reward id='s'><add value='0.25'/>"
              "</reward>")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char page[PAGE], edit[1000];
        bool steps = strstr(cases[i][1], "{step}");
        snprintf(edit, sizeof edit, "<edit id='e' %s>%s</edit>", steps ? "steps='0.25'" : "",
                 cases[i][1]);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(page, sizeof page, cases[i][0], edit);
#pragma GCC diagnostic pop
        sx_spec *spec = parse(page), *hand = parse(cases[i][2]);
        sx_spec *out = edited(spec, steps ? "e@0.25" : "e", page);
        same_spec(hand, out);
        sx_spec_free(out);
        sx_spec_free(hand);
        sx_spec_free(spec);
    }
}

/* {step} in selectors, attributes and texts at any depth, CDATA too. */
static void steps_stand_anywhere(void **state)
{
    (void)state;
    static const char *const step[] = {"1", "2"};
    sx_spec *spec = parse(BODY(
        "<reward id='r1'><add value='1'/></reward><reward id='r2'/>"
        "<edit id='e' steps=' 1  2 '><replace sel=\"mdp/reward[@id='r{step}']\">"
        "<reward id='new'><add value='{step} * 2 + {step}'><!-- {step} --></add></reward>"
        "</replace><replace sel='mdp/@discount'><![CDATA[0.{step}{step}]]></replace></edit>"));
    assert_int_equal(spec->edit[0].steps, 2);
    CHECK_NEAR(spec->edit[0].step[1], 2, 0);
    for (int i = 0; i < 2; i++) {
        char name[16], discount[16], hand[600];
        snprintf(name, sizeof name, "e@%s", step[i]);
        snprintf(discount, sizeof discount, "0.%s%s", step[i], step[i]);
        snprintf(hand, sizeof hand,
                 "<mdp version='1' discount='%s'><random states='3' actions='2'/>%s"
                 "<reward id='new'><add value='%s * 2 + %s'/></reward>%s</mdp>",
                 discount, i ? "<reward id='r1'><add value='1'/></reward>" : "", step[i],
                 step[i], i ? "" : "<reward id='r2'/>");
        sx_spec *out = edited(spec, name, name), *by_hand = parse(hand);
        same_spec(by_hand, out);
        sx_spec_free(out);
        sx_spec_free(by_hand);
    }
    sx_spec_free(spec);
}

/* --- what the list says ------------------------------------------------------------------- */

static void the_list_says_what_is_written(void **state)
{
    (void)state;
    sx_spec *spec = parse(BODY(
        "<reward id='r'/><edit id='a@b' kind='neutral' expect='level' level='1/4'>"
        "<replace sel='mdp/@discount'>0.1</replace></edit>"
        "<edit id='a' kind='causal' expect='transports' transports=' 0 1' steps='1 .5 1e-3'>"
        "<replace sel='mdp/@discount'>0.1{step}</replace></edit>"
        "<edit id='n'><permute states='0 1'/></edit>"));
    const sx_edit *e = spec->edit;
    char *name;
    assert_int_equal(spec->edits, 3);
    assert_string_equal(sx_edit_kind_name(e[0].kind), "neutral");
    assert_string_equal(sx_expect_name(e[0].expect), "level");
    CHECK_NEAR(e[0].level, 0.25, 0);
    assert_null(e[0].transports[0]);
    assert_string_equal(sx_edit_kind_name(e[1].kind), "causal");
    assert_string_equal(e[1].transports[0], "0");
    assert_string_equal(e[1].transports[1], "1");
    assert_true(isnan(e[1].level));
    assert_null(sx_edit_kind_name(e[2].kind));
    assert_null(sx_expect_name(e[2].expect));
    assert_true(e[2].permutes && !e[0].permutes && !e[1].permutes);
    assert_string_equal(e[2].place.file, "file.xml");
    assert_int_equal(e[2].place.line, 1);
    static const struct {
        const char *name;
        bool found;
        int32_t edit, step;
    } asked[] = {{"a@b", true, 0, -1},    {"a@.5", true, 1, 1},    {"a@1", true, 1, 0},
                 {"a@0.001", true, 1, 2}, {"a@1/2", true, 1, 1},   {"n", true, 2, -1},
                 {"a", false, 1, -1},     {"a@2", false, 1, -1},   {"n@1", false, -1, -1},
                 {"", false, -1, -1},     {"none", false, -1, -1}, {"a@b@1", false, -1, -1}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        int32_t edit, step;
        bool found = sx_spec_edit_find(spec, asked[i].name, &edit, &step);
        if (found != asked[i].found || (found && step != asked[i].step))
            print_error("%s: %d %d %d\n", asked[i].name, found, edit, step);
        assert_int_equal(found, asked[i].found);
        if (found || strcmp(asked[i].name, "a@b@1") != 0)
            assert_int_equal(edit, asked[i].edit);
        assert_true(!found || step == asked[i].step);
    }
    name = sx_spec_edit_name(spec, 1, 1);
    assert_string_equal(name, "a@.5");
    sx_release(name);
    sx_spec_free(spec);
}

static void what_does_not_exist_is_refused(void **state)
{
    (void)state;
    sx_spec *spec = parse(BODY("<edit id='e'><permute states='0 1'/></edit><edit id='s' "
                               "steps='1'><do variable='x' value='{step}'/></edit>"));
    static const int32_t wrong[][2] = {{-1, -1}, {2, -1}, {0, 0}, {1, -1}, {1, 1}, {1, 9}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *out = spec;
        assert_int_equal(sx_spec_edited(spec, wrong[i][0], wrong[i][1], NULL, &out, &err),
                         SX_EARG);
        assert_null(out);
    }
    sx_error err = SX_NO_ERROR;
    sx_spec *out = NULL;
    assert_int_equal(sx_spec_edited(spec, 1, 0, NULL, &out, &err), SX_EINPUT); /* no x */
    assert_null(out);
    assert_non_null(strstr(err.msg, "edit s"));
    sx_spec_free(spec);
    spec = parse(BODY("<reward id='r'/>"));
    assert_int_equal(spec->edits, 0);
    assert_non_null(spec->text); /* exact numbers are read from it */
    sx_spec_free(spec);
}

/* --- files that say what is wrong ----------------------------------------------------------
 */

#define FOLDER "tests/edits"

/* All messages of all edits of a file, as `check` shows them. */
static void messages(const char *path, char *page, size_t room)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    size_t used = 0;
    CHECK_OK(sx_diags_new(&d, &err));
    if (sx_spec_read(path, d, &spec, &err))
        print_error("%s: %s\n", path, err.msg);
    assert_non_null(spec);
    for (int32_t i = 0; i < spec->edits; i++)
        for (int32_t k = spec->edit[i].steps ? 0 : -1; k < spec->edit[i].steps; k++) {
            sx_error one = SX_NO_ERROR;
            sx_spec *out = NULL;
            sx_status st = sx_spec_edited(spec, i, k, d, &out, &one);
            if (st != SX_EINPUT || out || one.status != SX_EINPUT || !one.msg[0]) {
                print_error("%s: edit %s: %s\n", path, spec->edit[i].id, sx_status_text(st));
                fail();
            }
        }
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *text = sx_diag_text(sx_diags_get(d, i));
        used += (size_t)snprintf(page + used, room - used, "%s", text);
        assert_true(used < room);
        assert_non_null(sx_code_find(sx_diags_get(d, i)->code));
        sx_release(text);
    }
    if (sx_diags_errors(d) > SX_DIAG_LIMIT)
        snprintf(page + used, room - used, "(%ld errors)\n", (long)sx_diags_errors(d));
    sx_spec_free(spec);
    sx_diags_free(d);
}

static void refuses_each_edit_as_expected(void **state)
{
    (void)state;
    static char page[65536], path[300], expected[300];
    DIR *d = opendir(FOLDER);
    const struct dirent *e;
    int files = 0, different = 0;
    while (d && (e = readdir(d))) {
        const char *dot = strrchr(e->d_name, '.');
        if (!dot || strcmp(dot, ".xml") != 0)
            continue;
        sx_error err = SX_NO_ERROR;
        unsigned char *bytes = NULL;
        size_t size = 0;
        files++;
        snprintf(path, sizeof path, FOLDER "/%s", e->d_name);
        snprintf(expected, sizeof expected, FOLDER "/%.*s.expected", (int)(dot - e->d_name),
                 e->d_name);
        page[0] = '\0';
        messages(path, page, sizeof page);
        if (getenv("UPDATE"))
            CHECK_OK(sx_file_write(expected, page, strlen(page), &err));
        CHECK_OK(sx_file_read(expected, 1 << 20, &bytes, &size, &err));
        if (size != strlen(page) || memcmp(bytes, page, size) != 0) {
            print_error("%s says something else:\n%s", path, page);
            different++;
        }
        sx_release(bytes);
    }
    if (d)
        closedir(d);
    assert_int_equal(different, 0);
    assert_true(files >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interventions_replace_attributes),
        cmocka_unit_test(interventions_on_responses),
        cmocka_unit_test(permutations_exchange_by_name),
        cmocka_unit_test(an_edit_applies_in_order),
        cmocka_unit_test(permutations_of_contexts_and_responses),
        cmocka_unit_test(patches_apply_in_their_places),
        cmocka_unit_test(steps_stand_anywhere),
        cmocka_unit_test(the_list_says_what_is_written),
        cmocka_unit_test(what_does_not_exist_is_refused),
        cmocka_unit_test(refuses_each_edit_as_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
