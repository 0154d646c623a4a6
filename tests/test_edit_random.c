/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_edit_random.c - random patches in an edit give the same world and rewards, bit for bit,
 * as the same changes made by hand in a copy of the file. */
#include "tests/edit_run.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { ROUNDS = 1500, TERMS = 6, REWARDS = 4, LINE = 160, PAGE = 16384 };

/* --- a specification as its parts --------------------------------------------------------- */

typedef struct reward {
    int terms;
    char term[TERMS][LINE];
} reward;

typedef struct model {
    char discount[32], slip[32]; /* slip "": the attribute is not there */
    char title[LINE], map[LINE];
    bool start;         /* <cell symbol="S"> has initial= */
    int rewards, named; /* named: how many ids were given away */
    int id[REWARDS];
    reward reward[REWARDS];
} model;

static oracle_rng rng;

static void number(char text[32])
{
    static const char *const few[] = {"0", "1/3", "-2", "1e-3", ".5"};
    if (oracle_int(&rng, 0, 2) == 0)
        snprintf(text, 32, "%s", few[oracle_int(&rng, 0, 4)]);
    else
        snprintf(text, 32, "%.17g", oracle_value(&rng));
}

static void draw_term(char term[LINE])
{
    static const char *const forms[] = {
        "<add value=\"%s\"/>",
        "<add enter=\"goal\" value=\"%s\"/>",
        "<set from=\"r0c0\" value=\"%s\"/>",
        "<shape potential=\"(%s) * row - col\"/>",
        "<add when=\"col &lt; 2 and action != up\" value=\"(%s) * row'\"/>",
        "<shape><at state=\"goal\" potential=\"%s\"/></shape>",
        "<add to=\"r0c0\" action=\"left\" value=\"%s\"/>"};
    char x[32];
    number(x);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(term, LINE, forms[oracle_int(&rng, 0, 6)], x);
#pragma GCC diagnostic pop
}

static void draw_map(char map[LINE])
{
    char *to = map;
    for (int row = 0; row < 3; row++) {
        *to++ = '\n';
        for (int column = 0; column < 4; column++) {
            int place = 4 * row + column;
            *to++ = place == 0 ? 'S' : place == 7 ? 'G' : ".#.G"[oracle_int(&rng, 0, 3)];
        }
    }
    strcpy(to, "\n");
}

static void draw_model(model *m)
{
    memset(m, 0, sizeof *m);
    snprintf(m->discount, sizeof m->discount, "0.%d", (int)oracle_int(&rng, 1, 99));
    if (oracle_int(&rng, 0, 1))
        snprintf(m->slip, sizeof m->slip, "0.%d", (int)oracle_int(&rng, 1, 9));
    snprintf(m->title, sizeof m->title, "A &amp; B");
    draw_map(m->map);
    m->start = oracle_int(&rng, 0, 1);
    m->rewards = oracle_int(&rng, 1, 3);
    for (int i = 0; i < m->rewards; i++) {
        m->id[i] = m->named++;
        m->reward[i].terms = oracle_int(&rng, 0, 3);
        for (int j = 0; j < m->reward[i].terms; j++)
            draw_term(m->reward[i].term[j]);
    }
}

static size_t put(char *page, size_t used, const char *format, ...) SX_FORMAT(3, 4);
static size_t put(char *page, size_t used, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    used += (size_t)vsnprintf(page + used, PAGE - used, format, args);
    va_end(args);
    assert_true(used < PAGE);
    return used;
}

static size_t put_reward(char *page, size_t used, const model *m, int i)
{
    used = put(page, used, "<reward id=\"R%d\">\n    ", m->id[i]);
    for (int j = 0; j < m->reward[i].terms; j++)
        used = put(page, used, "%s%s", m->reward[i].term[j], j % 2 ? "\n    " : "");
    return put(page, used, "</reward>");
}

/* The file; edit: what stands behind the rewards. */
static size_t print(const model *m, const char *edit, char *page)
{
    size_t used = put(page, 0,
                      "<?xml version=\"1.0\"?>\n<!-- a comment -->\n<mdp version='1' "
                      "discount=\"%s\">\n  <title>%s</title>\n  <gridworld ",
                      m->discount, m->title);
    if (*m->slip)
        used = put(page, used, "slip=\"%s\" ", m->slip);
    used = put(page, used, "moves=\"4\"><map>%s</map>\n    <cell symbol=\"S\" label=\"start\"",
               m->map);
    used = put(page, used,
               "%s/>\n    <cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/>\n    "
               "<cell symbol=\"#\" wall=\"true\"/>\n  </gridworld>\n",
               m->start ? " initial=\"1\"" : "");
    for (int i = 0; i < m->rewards; i++) {
        used = put_reward(page, used, m, i);
        used = put(page, used, "\n");
    }
    return put(page, used, "%s</mdp>\n", edit);
}

/* --- one change, by hand and as a patch ------------------------------------------------- */

static int pick_reward(const model *m)
{
    return oracle_int(&rng, 0, m->rewards - 1);
}

static void insert_term(reward *r, int at, const char *term)
{
    memmove(r->term[at + 1], r->term[at], (size_t)(r->terms - at) * LINE);
    snprintf(r->term[at], LINE, "%s", term);
    r->terms++;
}

static size_t change_text(model *m, char *patch, size_t used)
{
    int what = oracle_int(&rng, 0, 5);
    if (what == 0) {
        snprintf(m->discount, sizeof m->discount, "0.%d", (int)oracle_int(&rng, 1, 99));
        return put(patch, used, "<replace sel=\"mdp/@discount\">%s</replace>", m->discount);
    }
    if (what == 1 && *m->slip) {
        *m->slip = '\0';
        return put(patch, used, "<remove sel=\"/mdp/gridworld/@slip\"/>");
    }
    if (what == 1) {
        snprintf(m->slip, sizeof m->slip, "0.%d", (int)oracle_int(&rng, 1, 9));
        return put(patch, used, "<add sel=\"//gridworld\" type=\"@slip\">%s</add>", m->slip);
    }
    if (what == 2) {
        draw_map(m->map);
        return put(patch, used, "<replace sel='mdp/gridworld/map/text()'>%s</replace>", m->map);
    }
    if (what == 3) {
        draw_map(m->map);
        return put(patch, used,
                   "<replace sel='mdp/gridworld/map/text()'><![CDATA[%s]]></replace>", m->map);
    }
    if (what == 4) {
        snprintf(m->title, sizeof m->title, "C &lt; %d", (int)oracle_int(&rng, 0, 9));
        return put(patch, used, "<replace sel='mdp/title/text()'>%s</replace>", m->title);
    }
    m->start = !m->start;
    return put(patch, used,
               m->start
                   ? "<add sel=\"mdp/gridworld/cell[@symbol='S']\" type=\"@initial\">1</add>"
                   : "<remove sel=\"mdp/gridworld/cell[1]/@initial\"/>");
}

static size_t change_term(model *m, char *patch, size_t used)
{
    int i = pick_reward(m), what = oracle_int(&rng, 0, 5);
    reward *r = &m->reward[i];
    int j = r->terms ? oracle_int(&rng, 0, r->terms - 1) : 0;
    char term[LINE];
    draw_term(term);
    if (r->terms && what == 0) {
        r->terms--;
        memmove(r->term[j], r->term[j + 1], (size_t)(r->terms - j) * LINE);
        return put(patch, used, "<remove sel=\"mdp/reward[@id='R%d']/*[%d]\"/>", m->id[i],
                   j + 1);
    }
    if (r->terms && what == 1) {
        snprintf(r->term[j], LINE, "%s", term);
        return put(patch, used, "<replace sel=\"mdp/reward[%d]/*[%d]\">\n   %s\n  </replace>",
                   i + 1, j + 1, term);
    }
    if (r->terms >= TERMS - 1)
        return used;
    if (r->terms && what <= 3) {
        insert_term(r, what == 2 ? j : j + 1, term);
        return put(patch, used, "<add sel=\"mdp/reward[%d]/*[%d]\" pos=\"%s\">%s</add>", i + 1,
                   j + 1, what == 2 ? "before" : "after", term);
    }
    insert_term(r, what == 4 ? 0 : r->terms, term);
    return put(patch, used, "<add %s sel=\"mdp/reward[%d]\">\n %s</add>",
               what == 4 ? "pos=\"prepend\"" : "", i + 1, term);
}

static size_t change_reward(model *m, char *patch, size_t used)
{
    int i = pick_reward(m), what = oracle_int(&rng, 0, 2);
    if (what == 0 && m->rewards > 1) {
        used = put(patch, used, "<remove sel=\"mdp/reward[@id='R%d']\"/>", m->id[i]);
        m->rewards--;
        for (int k = i; k < m->rewards; k++) {
            m->reward[k] = m->reward[k + 1];
            m->id[k] = m->id[k + 1];
        }
        return used;
    }
    if (m->rewards == REWARDS)
        return used;
    int at = what == 1 ? m->rewards : i;
    for (int k = m->rewards++; k > at; k--) {
        m->reward[k] = m->reward[k - 1];
        m->id[k] = m->id[k - 1];
    }
    m->id[at] = m->named++;
    m->reward[at].terms = 1;
    draw_term(m->reward[at].term[0]);
    if (what == 1)
        used = put(patch, used, "<add sel=\"mdp\">");
    else
        used = put(patch, used, "<add sel=\"mdp/reward[%d]\" pos=\"before\">", at + 1);
    used = put_reward(patch, used, m, at);
    return put(patch, used, "</add>");
}

/* Up to five changes: m is the file changed by hand, patch the edit. */
static void draw_changes(model *m, char *patch)
{
    size_t used = put(patch, 0, "  <edit id=\"e\">\n");
    int n = oracle_int(&rng, 1, 5);
    size_t before = used;
    for (int i = 0; i < n || used == before; i++) {
        int what = oracle_int(&rng, 0, 4);
        used = what < 2   ? change_text(m, patch, used)
               : what < 4 ? change_term(m, patch, used)
                          : change_reward(m, patch, used);
        used = put(patch, used, "\n");
    }
    put(patch, used, "  </edit>\n");
}

static void equals_the_file_changed_by_hand(void **state)
{
    (void)state;
    static char patch[PAGE], page[PAGE], hand[PAGE];
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        rng.state = (uint64_t)round * 104729 + 1;
        draw_model(&m);
        model changed = m;
        patch[0] = '\0';
        draw_changes(&changed, patch);
        print(&m, patch, page);
        print(&changed, "", hand);
        sx_spec *spec = parse(page), *by_hand = parse(hand), *out = edited(spec, "e", page);
        same_spec(by_hand, out);
        assert_int_equal(out->edits, 0);
        assert_int_equal(out->inputs, 1);
        assert_string_equal(out->input[0].sha256, spec->input[0].sha256);
        sx_spec_free(out);
        sx_spec_free(by_hand);
        sx_spec_free(spec);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_the_file_changed_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
