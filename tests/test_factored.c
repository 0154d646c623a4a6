/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_factored.c - <factored>: a world known from elsewhere, arithmetic, starts, labels, what
 * interventions do, and an end to growth. */
#include "tests/check.h"

#include "mdp/edit.h"
#include "mdp/spec.h"

/* --- worlds known from elsewhere ----------------------------------------------------- */

static sx_spec *parse(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("world.xml", text, strlen(text), d, &spec, &err);
    for (int32_t i = 0; st && i < sx_diags_count(d); i++)
        print_error("%s\n", sx_diags_get(d, i)->message);
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

/* The taxi of Dietterich (2000): five by five, walls between some columns, a passenger at one
 * of four places or in the taxi, a destination.  From
 * the middle, with a passenger at R, everything can be reached but a passenger who waits at a
 * destination other than R: 500 - 75 states and four ends. */
static const char taxi[] =
    "<mdp version=\"1\" discount=\"0.9\"><factored>"
    "<variable id=\"row\" range=\"0 4\"/><variable id=\"col\" range=\"0 4\"/>"
    "<variable id=\"who\" values=\"R G Y B taxi done\"/><variable id=\"to\" values=\"R G Y "
    "B\"/>"
    "<action id=\"south\"><outcome><assign variable=\"row\" value=\"min(row + 1, "
    "4)\"/></outcome>"
    "</action>"
    "<action id=\"north\"><outcome><assign variable=\"row\" value=\"max(row - 1, "
    "0)\"/></outcome>"
    "</action>"
    "<action id=\"east\"><outcome><assign variable=\"col\" value=\"if(col == 4 or (row &lt; 2 "
    "and "
    "col == 1) or (row &gt; 2 and (col == 0 or col == 2)), col, col + 1)\"/></outcome></action>"
    "<action id=\"west\"><outcome><assign variable=\"col\" value=\"if(col == 0 or (row &lt; 2 "
    "and "
    "col == 2) or (row &gt; 2 and (col == 1 or col == 3)), col, col - 1)\"/></outcome></action>"
    "<action id=\"pickup\"><outcome><assign variable=\"who\" value=\"if((who == R and row == 0 "
    "and "
    "col == 0) or (who == G and row == 0 and col == 4) or (who == Y and row == 4 and col == 0) "
    "or "
    "(who == B and row == 4 and col == 3), taxi, who)\"/></outcome></action>"
    "<action id=\"dropoff\"><outcome><assign variable=\"who\" value=\"if(who != taxi, who, "
    "if(row == 0 and col == 0, if(to == R, done, R), if(row == 0 and col == 4, if(to == G, "
    "done, "
    "G), if(row == 4 and col == 0, if(to == Y, done, Y), if(row == 4 and col == 3, if(to == B, "
    "done, B), who)))))\"/></outcome></action>"
    "<absorbing when=\"who == done\"/><label id=\"done\" when=\"who == done\"/>"
    "</factored><initial>"
    "<start state=\"row=2,col=2,who=R,to=R\"/><start state=\"row=2,col=2,who=R,to=G\"/>"
    "<start state=\"row=2,col=2,who=R,to=Y\"/><start "
    "state=\"row=2,col=2,who=R,to=B\"/></initial>"
    "<reward id=\"true\"><add enter=\"done\" value=\"1\"/></reward></mdp>";

static const char *const drawn[] = {"|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |",
                                    "|Y| : |B: |"};
static const int corner[4][2] = {{0, 0}, {0, 4}, {4, 0}, {4, 3}};

/* What the game does to (row, col, who, to); who 4 is in the taxi, 5 done. */
static void drive(int a, int s[4])
{
    const char *row = drawn[s[0]];
    size_t at = 2 * (size_t)s[1];
    if (a == 0 && s[0] < 4)
        s[0]++;
    else if (a == 1 && s[0] > 0)
        s[0]--;
    else if (a == 2 && row[at + 2] == ':')
        s[1]++;
    else if (a == 3 && row[at] == ':')
        s[1]--;
    else if (a == 4 && s[2] < 4 && corner[s[2]][0] == s[0] && corner[s[2]][1] == s[1])
        s[2] = 4;
    else if (a == 5 && s[2] == 4)
        for (int i = 0; i < 4; i++)
            if (corner[i][0] == s[0] && corner[i][1] == s[1])
                s[2] = i == s[3] ? 5 : i;
}

static void taxi_name(const int s[4], char *text, size_t size)
{
    static const char *const who[] = {"R", "G", "Y", "B", "taxi", "done"};
    snprintf(text, size, "row=%d,col=%d,who=%s,to=%s", s[0], s[1], who[s[2]], who[s[3]]);
}

static void taxi_drives_as_drawn(void **state)
{
    (void)state;
    sx_spec *spec = parse(taxi);
    const sx_world *w = spec->world;
    char name[60];
    int found = 0, end = sx_world_label(w, "done");
    assert_int_equal(w->mdp->states, 429);
    assert_int_equal(w->label[end].count, 4);
    for (int code = 0; code < 600; code++) {
        int from[4] = {code / 120, code / 24 % 5, code / 4 % 6, code % 4};
        taxi_name(from, name, sizeof name);
        int32_t s = sx_names_find(w->states, name);
        found += s >= 0;
        for (int a = 0; s >= 0 && a < 6; a++) {
            int to[4] = {from[0], from[1], from[2], from[3]};
            if (from[2] != 5)
                drive(a, to);
            taxi_name(to, name, sizeof name);
            int32_t k = sx_mdp_pair(w->mdp, s, a);
            assert_true(k >= 0 && w->mdp->first[k + 1] == w->mdp->first[k] + 1);
            assert_int_equal(w->mdp->next[w->mdp->first[k]], sx_names_find(w->states, name));
        }
    }
    assert_int_equal(found, 429);
    sx_spec_free(spec);
}

/* More states than a block holds: a walk on a torus, by arithmetic. */
static void blocks_leave_no_seam(void **state)
{
    (void)state;
    sx_spec *spec = parse(
        "<mdp version=\"1\" discount=\"0.9\"><factored>"
        "<variable id=\"a\" range=\"0 16\"/><variable id=\"b\" range=\"-7 15\"/>"
        "<variable id=\"c\" range=\"1 29\" initial=\"5\"/>"
        "<action id=\"x\"><outcome p=\"(a + 1) / 32\"><assign variable=\"a\" value=\"if(a "
        "== 16, 0, a + 1)\"/></outcome><outcome><assign variable=\"b\" value=\"if(b == 15, "
        "-7, b + 1)\"/></outcome></action>"
        "<action id=\"y\" when=\"a &lt; b\"><outcome><assign variable=\"c\" value=\"if(c == "
        "29, 1, c + 1)\"/><assign variable=\"a\" value=\"c / 2 - c / 2\"/></outcome></action>"
        "</factored><reward id=\"true\"><add value=\"1\"/></reward></mdp>");
    const sx_mdp *m = spec->world->mdp;
    assert_int_equal(m->states, 17 * 23 * 29);
    for (int s = 0; s < m->states; s++) {
        int a = s / (23 * 29), b = s / 29 % 23, c = s % 29;
        int32_t k = sx_mdp_pair(m, s, 0), y = sx_mdp_pair(m, s, 1);
        int64_t up = sx_mdp_entry(m, k, ((a + 1) % 17 * 23 + b) * 29 + c);
        int64_t on = sx_mdp_entry(m, k, (a * 23 + (b + 1) % 23) * 29 + c);
        assert_true(up >= 0 && on >= 0 && m->first[k + 1] == m->first[k] + 2);
        CHECK_NEAR(m->prob[up], (a + 1) / 32.0, 1e-15);
        assert_int_equal(y >= 0, a < b - 7);
        if (y >= 0)
            assert_int_equal(m->next[m->first[y]], b * 29 + (c + 1) % 29);
        CHECK_NEAR(m->initial[s], c == 4 ? 1 / 391.0 : 0, 1e-15);
    }
    sx_spec_free(spec);
}

/* Nothing is asked of an outcome that is impossible, of an action whose guard does not hold, or
 * of a state that is absorbing; and what only rounding leaves is no outcome. */
static void what_cannot_happen_is_not_looked_at(void **state)
{
    (void)state;
    sx_spec *spec =
        parse("<mdp version=\"1\" discount=\"0.9\"><factored>"
              "<variable id=\"x\" range=\"0 4\" initial=\"0\"/>"
              "<action id=\"up\"><outcome p=\"if(x &lt; 3, 1/2, 0)\"><assign variable=\"x\" "
              "value=\"if(x &lt; 3, x + 1, 99)\"/></outcome><outcome/></action>"
              "<action id=\"jump\" when=\"x == 3\"><outcome p=\"x / 3\"><assign variable=\"x\" "
              "value=\"4\"/></outcome><outcome/></action>"
              "<action id=\"on\"><outcome p=\"if(x == 4, 7, 0.3)\"/><outcome p=\"0.6\"/>"
              "<outcome p=\"0.1\"/><outcome><assign variable=\"x\" value=\"x + 1\"/></outcome>"
              "</action><absorbing when=\"x == 4\"/>"
              "</factored><reward id=\"true\"><add value=\"1\"/></reward></mdp>");
    const sx_mdp *m = spec->world->mdp;
    assert_true(1 - (0.3 + 0.6 + 0.1) > 0);
    assert_int_equal(m->states, 5);
    for (int s = 0; s < 5; s++) {
        int64_t rows[3];
        for (int a = 0; a < 3; a++) {
            int32_t k = sx_mdp_pair(m, s, a);
            rows[a] = k < 0 ? 0 : m->first[k + 1] - m->first[k];
        }
        assert_true(rows[0] == (s < 3 ? 2 : 1) && rows[1] == (s >= 3) && rows[2] == 1);
    }
    sx_spec_free(spec);
}

#define HEAD \
    "<mdp version=\"1\" discount=\"0.9\"><factored>" \
    "<variable id=\"x\" range=\"0 9\" initial=\"3\"/>" \
    "<variable id=\"half\" values=\"0 0.5 2\"/>" \
    "<variable id=\"door\" values=\"open half-shut\"/>" \
    "<action id=\"go\"><outcome><assign variable=\"x\" value=\"max(x - 1, 0)\"/></outcome>" \
    "</action><label id=\"near\" when=\"x &lt; 2\"/><label id=\"never\" when=\"x &gt; 9\"/>" \
    "<attribute id=\"twice\" value=\"2 * x\"/><attribute id=\"inverse\" value=\"1 / x\"/>" \
    "<attribute id=\"four\" value=\"2 * twice\"/></factored>"
#define TAIL "<reward id=\"true\"><add value=\"four\"/></reward></mdp>"

static double initial_of(const sx_spec *spec, const char *name)
{
    int32_t s = sx_names_find(spec->world->states, name);
    return s < 0 ? -1 : spec->world->mdp->initial[s];
}

static void starts_in_every_form(void **state)
{
    (void)state;
    sx_spec *spec =
        parse(HEAD "<initial><start state=\"x=2,half=0.5,door=open\" p=\"1\"/>"
                   "<start p=\"3\"><assign variable=\"door\" value=\" half-shut \"/>"
                   "<assign variable=\"half\" value=\"1/2\"/></start></initial>" TAIL);
    assert_int_equal(spec->world->mdp->states, 3 + 4);
    CHECK_NEAR(initial_of(spec, "x=2,half=0.5,door=open"), 0.25, 0);
    CHECK_NEAR(initial_of(spec, "x=3,half=0.5,door=half-shut"), 0.75, 0);
    sx_spec_free(spec);
    spec = parse(HEAD TAIL); /* initial= of x; the others anywhere */
    assert_int_equal(spec->world->mdp->states, 4 * 3 * 2);
    CHECK_NEAR(initial_of(spec, "x=3,half=2,door=open"), 1.0 / 6, 1e-15);
    CHECK_NEAR(initial_of(spec, "x=2,half=2,door=open"), 0, 0);
    sx_spec_free(spec);
}

static void labels_and_attributes_are_computed(void **state)
{
    (void)state;
    sx_spec *spec =
        parse(HEAD "<initial><start state=\"x=3,half=2,door=open\"/></initial>" TAIL);
    const sx_world *w = spec->world;
    const sx_label *near = &w->label[sx_world_label(w, "near")];
    assert_int_equal(near->count, 2);
    assert_true(near->state[0] == 0 && near->state[1] == 1);
    assert_int_equal(w->label[sx_world_label(w, "never")].count, 0);
    for (int x = 0; x < 4; x++) {
        CHECK_NEAR(w->variable[sx_world_variable(w, "four")].value[x], 4 * x, 0);
        double inverse = w->variable[sx_world_variable(w, "inverse")].value[x];
        assert_true(x ? inverse == 1.0 / x : isnan(inverse));
    }
    sx_spec_free(spec);
}

/* --- interventions --- */

#define CORRIDOR(start, moved, edits) \
    "<mdp version=\"1\" discount=\"0.9\"><factored>" \
    "<variable id=\"x\" range=\"0 5\"/><variable id=\"door\" values=\"open closed\"/>" \
    "<variable id=\"wind\" values=\"low high\"/>" \
    "<action id=\"go\" when=\"x &lt; 3 or door == open\">" \
    "<outcome p=\"if(wind == high, 1/2, 3/4)\"><assign variable=\"x\" value=\"min(x + 1, " \
    "5)\"/>" \
    "</outcome><outcome>" moved "</outcome></action><action id=\"wait\"><outcome/></action>" \
    "</factored><initial>" start "</initial><reward id=\"true\">" \
    "<add value=\"x + if(door == open, 1, 0)\"/></reward>" edits "</mdp>"
#define START(p, name) "<start p=\"" p "\" state=\"" name "\"/>"

/* The edited world of that edit. */
static sx_spec *edited(const sx_spec *spec, const char *id)
{
    sx_error err = SX_NO_ERROR;
    int32_t edit = -1, step = -1;
    sx_spec *out = NULL;
    assert_true(sx_spec_edit_find(spec, id, &edit, &step));
    CHECK_OK(sx_spec_edited(spec, edit, step, NULL, &out, &err));
    return out;
}

static void same_world(const sx_spec *a, const sx_spec *b)
{
    const sx_mdp *x = a->world->mdp, *y = b->world->mdp;
    char from[SX_NAME_BUFFER], to[SX_NAME_BUFFER];
    assert_true(x->states == y->states && x->pairs == y->pairs && x->entries == y->entries);
    for (int32_t s = 0; s < x->states; s++)
        assert_string_equal(sx_names_get(a->world->states, s, from),
                            sx_names_get(b->world->states, s, to));
    assert_memory_equal(x->next, y->next, (size_t)x->entries * sizeof *x->next);
    assert_memory_equal(x->prob, y->prob, (size_t)x->entries * sizeof *x->prob);
    assert_memory_equal(x->initial, y->initial, (size_t)x->states * sizeof *x->initial);
    assert_memory_equal(a->reward[0].reward->on, b->reward[0].reward->on,
                        (size_t)x->entries * sizeof(double));
}

/* <do> on a variable of the state is the file with another start and without what is assigned
 * to it. */
static void interventions_are_edits_by_hand(void **state)
{
    (void)state;
    sx_spec *spec = parse(
        CORRIDOR(START("1", "x=0,door=closed,wind=low") START("3", "x=1,door=open,wind=low")
                     START("1", "x=0,door=open,wind=low"),
                 "<assign variable=\"door\" value=\"if(wind == low, closed, open)\"/>"
                 "<assign variable=\"wind\" value=\"if(wind == low, high, low)\"/>",
                 "<edit id=\"open\"><do variable=\"door\" value=\"open\"/></edit>"
                 "<edit id=\"still\"><do variable=\"wind\" value=\"high\"/>"
                 "<do variable=\"wind\" value=\" low \"/></edit>"
                 "<edit id=\"both\"><do variable=\"wind\" value=\"high\"/>"
                 "<do variable=\"door\" value=\"closed\"/></edit>"));
    sx_spec *by_hand[] = {
        parse(CORRIDOR(START("2", "x=0,door=open,wind=low")
                           START("3", "x=1,door=open,wind=low"),
                       "<assign variable=\"wind\" value=\"if(wind == low, high, low)\"/>", "")),
        parse(CORRIDOR(START("1", "x=0,door=closed,wind=low") START(
                           "3", "x=1,door=open,wind=low") START("1", "x=0,door=open,wind=low"),
                       "<assign variable=\"door\" value=\"closed\"/>", "")),
        parse(CORRIDOR(START("2", "x=0,door=closed,wind=high")
                           START("3", "x=1,door=closed,wind=high"),
                       "", ""))};
    static const char *const ids[] = {"open", "still", "both"};
    for (int i = 0; i < 3; i++) {
        sx_spec *e = edited(spec, ids[i]);
        same_world(e, by_hand[i]);
        sx_spec_free(e);
        sx_spec_free(by_hand[i]);
    }
    sx_spec_free(spec);
}

static void impossible_interventions_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "<do variable=\"door\" value=\"ajar\"/>", "<do variable=\"x\" value=\"1.5\"/>",
        "<do variable=\"x\" value=\"x + 1\"/>", "<do variable=\"x\" value=\"6\"/>",
        "<do variable=\"x\" value=\"1\" when=\"x == 2\"/>"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[2000];
        sx_error err = SX_NO_ERROR;
        sx_diags *d = NULL;
        sx_spec *spec = NULL, *out = NULL;
        snprintf(
            text, sizeof text,
            CORRIDOR(START("1", "x=0,door=closed,wind=low"), "", "<edit id=\"e\">%s</edit>"),
            wrong[i]);
        spec = parse(text);
        CHECK_OK(sx_diags_new(&d, &err));
        assert_int_equal(sx_spec_edited(spec, 0, -1, d, &out, &err), SX_EINPUT);
        assert_null(out);
        bool told = false;
        for (int32_t j = 0; j < sx_diags_count(d); j++)
            told = told || !strcmp(sx_diags_get(d, j)->code, "E186");
        assert_true(told);
        sx_diags_free(d);
        sx_spec_free(spec);
    }
}

/* --- growth --- */

/* A counter of 10^7 numbers beside many idle variables: refused before memory is gone. */
static void growth_ends(void **state)
{
    (void)state;
    enum { IDLE = 900 };
    static char text[IDLE * 60 + 1000];
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    size_t n = (size_t)snprintf(text, sizeof text,
                                "<mdp version=\"1\" discount=\"0.9\"><factored>"
                                "<variable id=\"x\" range=\"0 9999999\" initial=\"0\"/>");
    for (int i = 0; i < IDLE; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "<variable id=\"i%d\" range=\"0 0\"/>",
                              i);
    snprintf(text + n, sizeof text - n,
             "<action id=\"up\"><outcome p=\"1/2\"><assign variable=\"x\" value=\"min(2 * x, "
             "9999999)\"/></outcome><outcome><assign variable=\"x\" value=\"min(2 * x + 1, "
             "9999999)\"/></outcome></action></factored></mdp>");
    CHECK_OK(sx_diags_new(&d, &err));
    assert_int_equal(sx_spec_parse("w.xml", text, strlen(text), d, &spec, &err), SX_EINPUT);
    assert_string_equal(sx_diags_get(d, 0)->code, "E183");
    snprintf(text, sizeof text, "more than %d states", (1 << 28) / (IDLE + 1));
    assert_non_null(strstr(sx_diags_get(d, 0)->message, text));
    sx_diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taxi_drives_as_drawn),
        cmocka_unit_test(blocks_leave_no_seam),
        cmocka_unit_test(what_cannot_happen_is_not_looked_at),
        cmocka_unit_test(starts_in_every_form),
        cmocka_unit_test(labels_and_attributes_are_computed),
        cmocka_unit_test(interventions_are_edits_by_hand),
        cmocka_unit_test(impossible_interventions_are_refused),
        cmocka_unit_test(growth_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
