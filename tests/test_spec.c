/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_spec.c - random worlds written as XML, CSV and numpy arrays read back bit for bit, and
 * small specifications mean what the reference says. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "mdp/export.h"
#include "mdp/file.h"
#include "mdp/npy.h"
#include "mdp/random.h"
#include "mdp/spec.h"

#include <stdlib.h>
#include <unistd.h>

#define ROOM (1 << 18)

static char folder[] = "/tmp/sextant-spec-XXXXXX";
static char page[ROOM];
static size_t used;

static void copy_bytes(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

static int enter_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"t.csv", "P.npy", "mu.npy"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    return chdir("/") ? -1 : rmdir(folder);
}

static void start_page(void)
{
    used = 0;
    page[0] = '\0';
}

static void add(const char *format, ...) SX_FORMAT(1, 2);
static void add(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    used += (size_t)vsnprintf(page + used, ROOM - used, format, args);
    va_end(args);
    assert_true(used < ROOM);
}

/* Read the page (or text); every message is an error of the test. */
static sx_spec *read_text(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("here.xml", text, strlen(text), d, &spec, &err);
    for (int32_t i = 0; st && i < sx_diags_count(d); i++) {
        char *message = sx_diag_text(sx_diags_get(d, i));
        print_error("%s", message);
        sx_release(message);
    }
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

static void write_bytes(const char *name, const void *bytes, size_t size)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_file_write(name, bytes, size, &err));
}

static const char *number(double x)
{
    static char text[8][32];
    static int i;
    i = (i + 1) % 8;
    sx_number_write(x, text[i]);
    return text[i];
}

/* --- worlds in all forms ------------------------------------------------------------------ */

/* a and b are the same to the bit; absorbing: [S] what b must say. */
static void check_same(const sx_mdp *a, const sx_mdp *b, const unsigned char *absorbing)
{
    assert_int_equal(a->states, b->states);
    assert_int_equal(a->actions, b->actions);
    assert_int_equal(a->pairs, b->pairs);
    assert_int_equal(a->entries, b->entries);
    assert_true(a->discount == b->discount);
    assert_memory_equal(a->pair, b->pair, ((size_t)a->states + 1) * sizeof *a->pair);
    assert_memory_equal(a->action, b->action, (size_t)a->pairs * sizeof *a->action);
    assert_memory_equal(a->first, b->first, ((size_t)a->pairs + 1) * sizeof *a->first);
    assert_memory_equal(a->next, b->next, (size_t)a->entries * sizeof *a->next);
    assert_memory_equal(a->prob, b->prob, (size_t)a->entries * sizeof *a->prob);
    assert_memory_equal(a->initial, b->initial, (size_t)a->states * sizeof *a->initial);
    assert_memory_equal(absorbing, b->absorbing, (size_t)a->states);
}

/* Which states of m can be declared absorbing: those that loop under every action. */
static void find_absorbing(const sx_mdp *m, unsigned char *absorbing)
{
    for (int32_t s = 0; s < m->states; s++) {
        absorbing[s] = m->pair[s + 1] - m->pair[s] == m->actions;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            absorbing[s] = absorbing[s] && m->first[k + 1] == m->first[k] + 1 &&
                           m->next[m->first[k]] == s && m->prob[m->first[k]] == 1;
    }
}

static void add_heading(const sx_mdp *m)
{
    start_page();
    add("<mdp version='1' discount='%s'>\n", number(m->discount));
}

static void add_initial(const sx_mdp *m, const char *name)
{
    add("<initial>\n");
    for (int32_t s = 0; s < m->states; s++)
        add("<start state='%s%d' p='%s'/>", name, s, number(m->initial[s]));
    add("</initial>\n</mdp>\n");
}

/* Entry t of m as state, action, successor. */
static sx_triple triple_of(const sx_mdp *m, int64_t t)
{
    sx_triple e = {0, 0, m->next[t], m->prob[t]};
    int32_t k = 0;
    while (m->first[k + 1] <= t)
        k++;
    while (m->pair[e.state + 1] <= k)
        e.state++;
    e.action = m->action[k];
    return e;
}

/* An order of n things, shuffled. */
static int64_t *shuffled(int64_t n, uint64_t seed)
{
    oracle_stream g = oracle_start(seed);
    int64_t *order = malloc((size_t)n * sizeof *order);
    assert_non_null(order);
    for (int64_t i = 0; i < n; i++) {
        int64_t j = oracle_below(&g, (int32_t)i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order;
}

static void check_explicit(const sx_mdp *m, const unsigned char *absorbing, uint64_t seed)
{
    int64_t *order = shuffled(m->entries, seed);
    add_heading(m);
    add("<explicit>\n");
    for (int32_t s = 0; s < m->states; s++)
        add("<state id='state-%d' absorbing='%s'/>\n", s, absorbing[s] ? "true" : "false");
    for (int32_t a = 0; a < m->actions; a++)
        add("<action id='do.%d'/>\n", a);
    for (int64_t i = 0; i < m->entries; i++) {
        sx_triple e = triple_of(m, order[i]);
        if (!absorbing[e.state])
            add("<transition from='state-%d' action='do.%d' to='state-%d' p='%s'/>\n", e.state,
                e.action, e.next, number(e.prob));
    }
    add("</explicit>\n");
    add_initial(m, "state-");
    sx_spec *spec = read_text(page);
    check_same(m, spec->world->mdp, absorbing);
    sx_spec_free(spec);
    free(order);
}

static void check_csv(const sx_mdp *m, const unsigned char *absorbing, uint64_t seed)
{
    int64_t *order = shuffled(m->entries, seed);
    start_page();
    add("p,to,from,action\n");
    for (int64_t i = 0; i < m->entries; i++) {
        sx_triple e = triple_of(m, order[i]);
        add("%s,%d,%d,%d\n", number(e.prob), e.next, e.state, e.action);
    }
    write_bytes("t.csv", page, used);
    add_heading(m);
    add("<transitions href='t.csv'><states count='%d'/>", m->states);
    for (int32_t s = 0; s < m->states; s++)
        if (absorbing[s])
            add("<state id='%d' absorbing='true'/>", s);
    add("<actions count='%d'/></transitions>\n", m->actions);
    add_initial(m, "");
    sx_spec *spec = read_text(page);
    check_same(m, spec->world->mdp, absorbing);
    assert_int_equal(spec->inputs, 2);
    assert_string_equal(spec->input[0].name, "here.xml");
    assert_string_equal(spec->input[1].name, "t.csv");
    char hex[65];
    sx_sha256(page, used, hex);
    assert_string_equal(spec->input[0].sha256, hex);
    sx_spec_free(spec);
    free(order);
}

static void write_array(const char *name, int32_t dims, const int64_t shape[3], double *value)
{
    sx_error err = SX_NO_ERROR;
    sx_array a = {.dims = dims, .shape = {shape[0], shape[1], shape[2]}, .value = value};
    unsigned char *bytes = NULL;
    size_t size = 0;
    CHECK_OK(sx_npy_format(&a, &bytes, &size, &err));
    write_bytes(name, bytes, size);
    sx_release(bytes);
}

static void check_arrays(const sx_mdp *m, const unsigned char *absorbing, bool actions_first)
{
    int64_t states = m->states, actions = m->actions;
    double *p = calloc((size_t)(states * actions * states), sizeof *p);
    assert_non_null(p);
    for (int64_t t = 0; t < m->entries; t++) {
        sx_triple e = triple_of(m, t);
        int64_t row =
            actions_first ? e.action * states + e.state : e.state * actions + e.action;
        p[row * states + e.next] = e.prob;
    }
    write_array("P.npy", 3,
                actions_first ? (int64_t[]){actions, states, states}
                              : (int64_t[]){states, actions, states},
                p);
    write_array("mu.npy", 1, (int64_t[]){states, 1, 1}, m->initial);
    add_heading(m);
    add("<arrays transitions='P.npy' initial='mu.npy'");
    if (states == actions)
        add(" order='%s'", actions_first ? "ass" : "sas");
    add("><states count='%d'/>", m->states);
    for (int32_t s = 0; s < m->states; s++)
        if (absorbing[s])
            add("<state id='%d' absorbing='true'/>", s);
    add("</arrays></mdp>\n");
    sx_spec *spec = read_text(page);
    check_same(m, spec->world->mdp, absorbing);
    assert_int_equal(spec->inputs, 3);
    sx_spec_free(spec);
    free(p);
}

static void reads_every_form_back(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        sx_mdp *m = oracle_world(seed);
        unsigned char absorbing[64] = {0};
        assert_true(m->states <= 64);
        find_absorbing(m, absorbing);
        check_explicit(m, absorbing, seed);
        check_csv(m, absorbing, seed);
        check_arrays(m, absorbing, false);
        check_arrays(m, absorbing, true);
        oracle_world_free(m);
    }
}

/* --- what small specifications mean ---------------------------------------------------------
 */

#define EXPLICIT(parts) "<mdp version='1' discount='0.5'><explicit>" parts "</explicit>"
#define AB              "<state id='a'/><state id='b'/><action id='x'/><action id='y'/>"

static double prob(const sx_spec *spec, const char *s, const char *a, const char *n)
{
    const sx_world *w = spec->world;
    int32_t k = sx_mdp_pair(w->mdp, sx_names_find(w->states, s), sx_names_find(w->actions, a));
    int64_t t = k < 0 ? -1 : sx_mdp_entry(w->mdp, k, sx_names_find(w->states, n));
    return k < 0 ? -1 : t < 0 ? 0 : w->mdp->prob[t];
}

static void stars_sums_and_fractions(void **state)
{
    (void)state;
    sx_spec *spec = read_text(
        EXPLICIT(AB "<transition from='a' action='x' to='*' p='1/2'/>"
                    "<transition from='b' action='*' to='a' p='1/3'/>"
                    "<transition from='b' action='*' to='a' p='1/3' sum='true'/>"
                    "<transition from='*' action='x' to='b' p='0' sum='true'/>"
                    "<transition from='b' action='*' to='b' p='1/3' sum='true'/>") "</mdp>");
    assert_true(prob(spec, "a", "x", "a") == 0.5 && prob(spec, "a", "x", "b") == 0.5);
    assert_true(prob(spec, "a", "y", "a") == -1);
    CHECK_NEAR(prob(spec, "b", "y", "a"), 2.0 / 3, 1e-15);
    CHECK_NEAR(prob(spec, "b", "x", "b"), 1.0 / 3, 1e-15);
    assert_string_equal(spec->id, "here");
    assert_string_equal(spec->title, "");
    assert_true(spec->world->mdp->initial[0] == 0.5 && spec->world->mdp->initial[1] == 0.5);
    sx_spec_free(spec);
}

static void absorbing_states_loop(void **state)
{
    (void)state;
    sx_spec *spec =
        read_text(EXPLICIT("<state id='a'/><state id='end' absorbing='true'/><action id='x'/>"
                           "<action id='y'/><transition from='*' action='x' to='end' p='1'/>"
                           "<transition from='end' action='y' to='end' p='1'/>") "</mdp>");
    assert_int_equal(spec->world->mdp->pairs, 3);
    assert_true(prob(spec, "end", "x", "end") == 1 && prob(spec, "end", "y", "end") == 1);
    assert_true(prob(spec, "a", "y", "a") == -1 && prob(spec, "a", "x", "end") == 1);
    assert_true(spec->world->mdp->absorbing[1] && spec->world->mdp->initial[0] == 1);
    sx_spec_free(spec);
}

static void names_titles_and_labels(void **state)
{
    (void)state;
    sx_spec *spec = read_text(
        "<mdp version='1' id='named' discount='0.5'><title>\n Two \t words\n</title>"
        "<explicit><states count='4'/><state id='3' labels='end far' absorbing='true'/>"
        "<state id='1' labels=' far  mid '/><state id='0' labels='0'/><actions count='1'/>"
        "<transition from='*' action='*' to='3' p='1'/></explicit></mdp>");
    const sx_world *w = spec->world;
    assert_string_equal(spec->id, "named");
    assert_string_equal(spec->title, "Two words");
    assert_int_equal(w->labels, 4);
    const sx_label *far = &w->label[sx_world_label(w, "far")];
    assert_int_equal(far->count, 2);
    assert_int_equal(far->state[0], 1);
    assert_int_equal(far->state[1], 3);
    assert_int_equal(w->label[sx_world_label(w, "mid")].count, 1);
    /* uniform over the three states that are not absorbing */
    CHECK_NEAR(w->mdp->initial[0], 1.0 / 3, 1e-15);
    assert_true(w->mdp->initial[3] == 0 && w->mdp->absorbing[3] && !w->mdp->absorbing[0]);
    sx_spec_free(spec);
}

static void attributes_are_variables(void **state)
{
    (void)state;
    sx_spec *spec =
        read_text("<mdp version='1' discount='0.5'><explicit>"
                  "<state id='a'><attribute id='h' value='1/4'/><attribute id='c' value='dark "
                  "red'/></state>"
                  "<state id='b'><attribute id='c' value='blue'/></state>"
                  "<state id='d'><attribute id='h' value='-2'/><attribute id='c' value='dark "
                  "red'/></state>"
                  "<action id='x'/><transition from='*' action='x' to='a' p='1'/></explicit>"
                  "<reward id='r'><add value=\"if(c == 'dark red', h, 0)\"/></reward></mdp>");
    const sx_world *w = spec->world;
    const sx_variable *h = &w->variable[sx_world_variable(w, "h")];
    const sx_variable *c = &w->variable[sx_world_variable(w, "c")];
    assert_true(h->value[0] == 0.25 && isnan(h->value[1]) && h->value[2] == -2);
    assert_null(h->symbols);
    assert_non_null(c->symbols);
    assert_true(c->value[0] == c->value[2] && c->value[0] != c->value[1]);
    assert_int_equal(sx_names_find(c->symbols, "dark red"), (int32_t)c->value[0]);
    sx_spec_free(spec);
}

static void weights_are_divided_by_their_sum(void **state)
{
    (void)state;
    sx_spec *spec = read_text(EXPLICIT(
        AB "<transition from='*' action='x' to='a' p='1'/>") "<initial><start state='b' "
                                                             "p='3'/><start "
                                                             "state='a'/></initial></mdp>");
    assert_true(spec->world->mdp->initial[0] == 0.25 && spec->world->mdp->initial[1] == 0.75);
    sx_spec_free(spec);
    spec = read_text("<mdp version='1' discount='0.5'><gridworld><map>SS.G</map>"
                     "<cell symbol='S' initial='2'><attribute id='wet' value='1'/></cell>"
                     "<cell symbol='G' label='goal' absorbing='true'>"
                     "<attribute id='wet' value='0'/></cell></gridworld></mdp>");
    const sx_world *w = spec->world;
    assert_true(w->mdp->initial[0] == 0.5 && w->mdp->initial[1] == 0.5);
    const sx_variable *wet = &w->variable[sx_world_variable(w, "wet")];
    assert_true(wet->value[0] == 1 && wet->value[1] == 1 && isnan(wet->value[2]) &&
                wet->value[3] == 0);
    assert_true(w->mdp->absorbing[3] && sx_world_label(w, "goal") >= 0);
    sx_spec_free(spec);
}

/* Rows of a CSV file with names: in order of appearance, unless all are numbers. */
static void tables_name_their_states(void **state)
{
    (void)state;
    static const char named[] = "from,action,to,p\nz,go,y,1\ny,go,z,0.5\ny,go,x,0.5\nx,*,x,1\n";
    static const char numbered[] = "from,action,to,p\n2,0,0,1\n0,0,1,1\n1,0,2,1\n";
    write_bytes("t.csv", named, sizeof named - 1);
    sx_spec *spec =
        read_text("<mdp version='1' discount='0.5'><transitions href='t.csv'/></mdp>");
    assert_int_equal(sx_names_find(spec->world->states, "z"), 0);
    assert_int_equal(sx_names_find(spec->world->states, "x"), 2);
    assert_true(prob(spec, "y", "go", "x") == 0.5);
    sx_spec_free(spec);
    write_bytes("t.csv", numbered, sizeof numbered - 1);
    spec = read_text("<mdp version='1' discount='0.5'><transitions href='t.csv'/></mdp>");
    assert_int_equal(sx_names_find(spec->world->states, "2"), 2);
    assert_true(prob(spec, "2", "0", "0") == 1);
    sx_spec_free(spec);
}

/* Probabilities that were rounded to single precision still sum to 1. */
static void takes_single_precision(void **state)
{
    (void)state;
    static const char head[] = "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 1, 3), }";
    unsigned char bytes[256];
    float third = 1.0F / 3;
    memset(bytes, ' ', sizeof bytes);
    copy_bytes(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
    copy_bytes(bytes + 10, head, sizeof head - 1);
    bytes[127] = '\n';
    for (size_t i = 0; i < 9; i++)
        memcpy(bytes + 128 + 4 * i, &third, 4);
    write_bytes("P.npy", bytes, 128 + 36);
    sx_spec *spec =
        read_text("<mdp version='1' discount='0.5'><arrays transitions='P.npy'/></mdp>");
    double sum =
        prob(spec, "1", "0", "0") + prob(spec, "1", "0", "1") + prob(spec, "1", "0", "2");
    CHECK_NEAR(sum, 1, 1e-15);
    sx_spec_free(spec);
}

static void random_worlds_are_the_generators(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    unsigned char none[8] = {0};
    CHECK_OK(sx_random_dirichlet(8, 3, 2, 77, &m, &err));
    m->discount = 0.5;
    sx_spec *spec = read_text("<mdp version='1' discount='0.5'><random states='8' actions='3' "
                              "successors='2' seed='77'/></mdp>");
    check_same(m, spec->world->mdp, none);
    assert_int_equal(sx_names_find(spec->world->states, "7"), 7);
    sx_spec_free(spec);
    sx_mdp_free(m);
    CHECK_OK(sx_random_starc(8, 3, 5, &m, &err));
    m->discount = 0.5;
    spec = read_text("<mdp version='1' discount='0.5'><random kind='starc' states='8' "
                     "actions='3' seed='5'/></mdp>");
    check_same(m, spec->world->mdp, none);
    sx_spec_free(spec);
    sx_mdp_free(m);
}

/* --- refusing ----------------------------------------------------------------------------- */

/* Sums within 1e-9 are divided, others refused. */
static void tolerates_rounding_only(void **state)
{
    (void)state;
    static const struct {
        const char *p;
        bool fine;
    } cases[] = {{"0.5000000004", true},
                 {"0.4999999992", true},
                 {"0.500000002", false},
                 {"0.499999998", false},
                 {"0.5", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_error err = SX_NO_ERROR;
        sx_spec *spec = NULL;
        start_page();
        add(EXPLICIT("<state id='a'/><state id='b'/><action id='x'/>"
                     "<transition from='b' action='x' to='a' p='1'/>"
                     "<transition from='a' action='x' to='a' p='0.5'/>"
                     "<transition from='a' action='x' to='b' p='%s'/>") "</mdp>",
            cases[i].p);
        sx_status st = sx_spec_parse("here.xml", page, used, NULL, &spec, &err);
        assert_int_equal(st, cases[i].fine ? SX_OK : SX_EINPUT);
        if (spec) {
            double sum = prob(spec, "a", "x", "a") + prob(spec, "a", "x", "b");
            CHECK_NEAR(sum, 1, 3e-16);
        }
        sx_spec_free(spec);
    }
}

static void missing_file_is_no_input_error(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    assert_int_equal(sx_spec_read("no-such.xml", NULL, &spec, &err), SX_EIO);
    assert_null(spec);
    assert_non_null(strstr(err.msg, "no-such.xml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_back),
        cmocka_unit_test(stars_sums_and_fractions),
        cmocka_unit_test(absorbing_states_loop),
        cmocka_unit_test(names_titles_and_labels),
        cmocka_unit_test(attributes_are_variables),
        cmocka_unit_test(weights_are_divided_by_their_sum),
        cmocka_unit_test(tables_name_their_states),
        cmocka_unit_test(takes_single_precision),
        cmocka_unit_test(random_worlds_are_the_generators),
        cmocka_unit_test(tolerates_rounding_only),
        cmocka_unit_test(missing_file_is_no_input_error),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
