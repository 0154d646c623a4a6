/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_export.c - what was exported in any form reads back as the same world and the same
 * rewards, bit for bit. */
#include "mdp/export.h"
#include "mdp/file.h"
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>
#include <unistd.h>

enum { STATES = 7, ROOM = STATES * 4 * STATES };

typedef sx_status exporter(const sx_spec *spec, const char *name, sx_outputs **out,
                           sx_error *err);

static const struct form {
    exporter *write;
    const char *name;
} forms[] = {{sx_export_xml, "w.xml"}, {sx_export_npy, "w.xml"}, {sx_export_csv, "w.xml"}};

/* --- through files
 * -------------------------------------------------------------------------------- */

static char folder[] = "/tmp/sextant-export-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void path_of(const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", folder, name);
}

static void show(const sx_diags *d)
{
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        char *text = sx_diag_text(sx_diags_get(d, i));
        print_error("%s", text);
        sx_release(text);
    }
}

/* Write, read back, remove. */
static sx_spec *round_trip(const sx_spec *spec, const struct form *f)
{
    sx_error err = SX_NO_ERROR;
    sx_outputs *o = NULL;
    sx_spec *back = NULL;
    sx_diags *d = NULL;
    char path[512];
    CHECK_OK(f->write(spec, f->name, &o, &err));
    CHECK_OK(sx_diags_new(&d, &err));
    for (int32_t i = 0; i < o->count; i++) {
        path_of(o->file[i].name, path);
        CHECK_OK(sx_file_write(path, o->file[i].bytes, o->file[i].size, &err));
    }
    path_of(o->file[0].name, path);
    sx_status st = sx_spec_read(path, d, &back, &err);
    if (st)
        show(d);
    CHECK_OK(st);
    for (int32_t i = 0; i < o->count; i++) {
        path_of(o->file[i].name, path);
        assert_int_equal(unlink(path), 0);
    }
    sx_diags_free(d);
    sx_outputs_free(o);
    return back;
}

/* --- the same?
 * ------------------------------------------------------------------------------------ */

#define SAME(a, b, n) assert_memory_equal((a), (b), (size_t)(n) * sizeof *(a))

static void same_mdp(const sx_mdp *a, const sx_mdp *b)
{
    assert_int_equal(a->states, b->states);
    assert_int_equal(a->actions, b->actions);
    assert_int_equal(a->pairs, b->pairs);
    assert_true(a->entries == b->entries);
    assert_true(a->discount == b->discount);
    SAME(a->pair, b->pair, a->states + 1);
    SAME(a->action, b->action, a->pairs);
    SAME(a->first, b->first, a->pairs + 1);
    SAME(a->next, b->next, a->entries);
    SAME(a->prob, b->prob, a->entries);
    SAME(a->initial, b->initial, a->states);
    SAME(a->absorbing, b->absorbing, a->states);
}

static void same_names(const sx_names *a, const sx_names *b)
{
    char x[SX_NAME_BUFFER], y[SX_NAME_BUFFER];
    assert_int_equal(sx_names_count(a), sx_names_count(b));
    for (int32_t i = 0; i < sx_names_count(a); i++)
        assert_string_equal(sx_names_get(a, i, x), sx_names_get(b, i, y));
}

static void same_labels(const sx_world *a, const sx_world *b)
{
    for (int32_t i = 0; i < a->labels; i++) {
        const sx_label *x = &a->label[i];
        int32_t j = sx_world_label(b, x->name);
        if (!x->count)
            continue;
        assert_true(j >= 0);
        assert_int_equal(x->count, b->label[j].count);
        SAME(x->state, b->label[j].state, x->count);
    }
}

static void same_variables(const sx_world *a, const sx_world *b)
{
    char x[SX_NAME_BUFFER], y[SX_NAME_BUFFER];
    for (int32_t i = 0; i < a->variables; i++) {
        const sx_variable *u = &a->variable[i];
        int32_t j = sx_world_variable(b, u->name);
        assert_true(j < 0 || u->of_pairs == b->variable[j].of_pairs);
        for (int32_t s = 0; s < (u->of_pairs ? a->mdp->pairs : a->mdp->states); s++) {
            if (isnan(u->value[s])) {
                assert_true(j < 0 || isnan(b->variable[j].value[s]));
                continue;
            }
            assert_true(j >= 0);
            const sx_variable *v = &b->variable[j];
            if (u->symbols)
                assert_string_equal(sx_names_get(u->symbols, (int32_t)u->value[s], x),
                                    sx_names_get(v->symbols, (int32_t)v->value[s], y));
            else
                assert_true(u->value[s] == v->value[s]);
        }
    }
}

static void same_base(const sx_world *a, const sx_world *b)
{
    assert_int_equal(a->base != NULL, b->base != NULL);
    if (a->base)
        SAME(a->base, b->base, a->mdp->pairs);
}

static void same_rewards(const sx_spec *a, const sx_spec *b)
{
    const sx_mdp *m = a->world->mdp;
    double *x = malloc((size_t)m->states * sizeof *x),
           *y = malloc((size_t)m->states * sizeof *y);
    assert_int_equal(a->rewards, b->rewards);
    for (int32_t i = 0; i < a->rewards; i++) {
        assert_string_equal(a->reward[i].id, b->reward[i].id);
        assert_null(b->reward[i].reward->unknown);
        for (int32_t k = 0; k < m->pairs; k++) {
            sx_reward_row(m, a->reward[i].reward, k, x);
            sx_reward_row(b->world->mdp, b->reward[i].reward, k, y);
            for (int32_t s = 0; s < m->states; s++)
                assert_true(x[s] == y[s]);
        }
    }
    free(x);
    free(y);
}

static void same_spec(const sx_spec *a, const sx_spec *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->title, b->title);
    same_mdp(a->world->mdp, b->world->mdp);
    same_names(a->world->states, b->world->states);
    same_names(a->world->actions, b->world->actions);
    same_labels(a->world, b->world);
    same_variables(a->world, b->world);
    same_base(a->world, b->world);
    same_rewards(a, b);
}

/* --- random specifications
 * ------------------------------------------------------------------------- */

static void draw_names(oracle_rng *g, int32_t n, const char *odd, sx_names **out)
{
    sx_error err = SX_NO_ERROR;
    if (oracle_reward_uniform(g) < 0.4) {
        CHECK_OK(sx_names_numbered(n, out, &err));
        return;
    }
    CHECK_OK(sx_names_new(out, &err));
    for (int32_t i = 0; i < n; i++) {
        char text[32];
        int32_t index;
        snprintf(text, sizeof text, "%s%d", odd, (int)(n - i));
        CHECK_OK(sx_names_add(*out, text, &index, &err));
    }
}

static void draw_variables(oracle_rng *g, sx_world *w)
{
    sx_error err = SX_NO_ERROR;
    int32_t number, name;
    CHECK_OK(sx_world_add_variable(w, "height", &number, &err));
    CHECK_OK(sx_world_add_variable(w, "colour", &name, &err));
    sx_names **symbols = &w->variable[name].symbols;
    CHECK_OK(sx_names_new(symbols, &err));
    for (int32_t s = 0; s < w->mdp->states; s++) {
        static const char *const colours[] = {"red", "dark blue", "<&>\"'"};
        int32_t index;
        CHECK_OK(sx_names_add(*symbols, colours[oracle_int(g, 0, 2)], &index, &err));
        w->variable[name].value[s] = oracle_reward_uniform(g) < 0.2 ? NAN : (double)index;
        w->variable[number].value[s] = oracle_reward_uniform(g) < 0.2 ? NAN : oracle_value(g);
    }
}

/* Of actions alone in every third world, as those of responses are. */
static void draw_pair_variables(oracle_rng *g, sx_world *w)
{
    sx_error err = SX_NO_ERROR;
    const sx_mdp *m = w->mdp;
    bool by_action = oracle_int(g, 0, 2) == 0;
    int32_t number, name, red;
    CHECK_OK(sx_world_add_pair_variable(w, "length", &number, &err));
    CHECK_OK(sx_world_add_pair_variable(w, "tone", &name, &err));
    CHECK_OK(sx_names_new(&w->variable[name].symbols, &err));
    CHECK_OK(sx_names_add(w->variable[name].symbols, "1 < 2", &red, &err));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double x = oracle_reward_uniform(g) < 0.3 ? NAN : oracle_value(g);
            double *length = w->variable[number].value, *tone = w->variable[name].value;
            length[k] = !by_action ? x : m->absorbing[s] ? (double)NAN : m->action[k] / 3.0;
            tone[k] = isnan(length[k]) || m->action[k] == 1 ? (double)NAN : red;
        }
}

/* A base policy in two of three worlds; in some states uniform, with zeros in others. */
static void draw_base(oracle_rng *g, sx_world *w)
{
    const sx_mdp *m = w->mdp;
    if (oracle_int(g, 0, 2) == 0)
        return;
    w->base = sx_alloc((size_t)m->pairs, sizeof *w->base);
    bool uniform = true;
    for (int32_t s = 0; s < m->states; s++) {
        int32_t first = m->pair[s], n = m->pair[s + 1] - first;
        double sum = 0;
        bool drawn = n > 1 && oracle_int(g, 0, 2) > 0;
        for (int32_t i = 0; i < n; i++) {
            w->base[first + i] = drawn ? i ? oracle_int(g, 0, 3) : 0.3 : 1;
            sum += w->base[first + i];
        }
        for (int32_t i = 0; i < n; i++)
            w->base[first + i] /= sum;
        uniform = uniform && !drawn;
    }
    if (uniform)
        w->base = sx_release(w->base);
}

static void draw_labels(oracle_rng *g, sx_world *w)
{
    sx_error err = SX_NO_ERROR;
    static const char *const names[] = {"goal", "a&b", "empty"};
    for (int i = 0; i < 3; i++) {
        int32_t state[STATES], n = 0, index;
        for (int32_t s = 0; i < 2 && s < w->mdp->states; s++)
            if (oracle_reward_uniform(g) < 0.4)
                state[n++] = s;
        CHECK_OK(sx_world_add_label(w, names[i], state, n, &index, &err));
    }
}

static sx_spec *draw_spec(oracle_rng *g)
{
    sx_error err = SX_NO_ERROR;
    double plain[ROOM];
    static const char *const ids[] = {"true", "a/b", "a:b"};
    sx_spec *spec = sx_alloc(1, sizeof *spec);
    spec->id = sx_strdup("w&1");
    spec->title = sx_strdup(oracle_reward_uniform(g) < 0.5 ? "" : "1 < 2 & \"so\" on");
    CHECK_OK(sx_world_new(&spec->world, &err));
    spec->world->mdp = oracle_reward_world(g);
    draw_names(g, spec->world->mdp->states, "s<\"&,", &spec->world->states);
    draw_names(g, spec->world->mdp->actions, "#", &spec->world->actions);
    draw_variables(g, spec->world);
    draw_pair_variables(g, spec->world);
    draw_base(g, spec->world);
    draw_labels(g, spec->world);
    spec->rewards = 3;
    spec->reward = sx_alloc(3, sizeof *spec->reward);
    for (int32_t i = 0; i < 3; i++) {
        spec->reward[i].id = sx_strdup(ids[i]);
        spec->reward[i].reward = oracle_draw(spec->world->mdp, g, i == 1, plain);
    }
    return spec;
}

/* Integers repeat, so that rows and columns are worth their lines. */
static void round_rewards(sx_spec *spec)
{
    const sx_mdp *m = spec->world->mdp;
    sx_reward *r = spec->reward[0].reward;
    for (int64_t t = 0; t < m->entries; t++)
        r->on[t] = round(r->on[t]);
    for (int32_t k = 0; r->left && k < m->pairs; k++)
        r->left[k] = round(r->left[k] / 2);
    for (int32_t s = 0; r->right && s < m->states; s++)
        r->right[s] = round(r->right[s] / 2);
}

/* The last reward looks at state and action alone, often at the state alone. */
static void draw_rows(oracle_rng *g, sx_spec *spec)
{
    sx_error err = SX_NO_ERROR;
    const sx_mdp *m = spec->world->mdp;
    double left[STATES * 4];
    sx_reward **r = &spec->reward[2].reward;
    for (int32_t k = 0; k < m->pairs; k++)
        left[k] = oracle_int(g, -1, 1);
    *r = sx_reward_free(*r);
    CHECK_OK(sx_reward_new(m, r, &err));
    CHECK_OK(sx_reward_add_left(m, *r, left, &err));
    (*r)->on[0] = 2.385;
}

static void random_worlds_come_back(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        oracle_rng g = {(uint64_t)round * 6700417 + 9};
        sx_spec *spec = draw_spec(&g);
        if (round % 2) {
            round_rewards(spec);
            draw_rows(&g, spec);
        }
        sx_spec *back = round_trip(spec, &forms[round % 3]);
        same_spec(spec, back);
        sx_spec_free(back);
        sx_spec_free(spec);
    }
}

/* --- gridworlds
 * ------------------------------------------------------------------------------------ */

static const char grid_head[] =
    "<mdp version='1' id='g' discount='0.9'><title>grid</title>"
    "<gridworld slip='0.2'><map>\n...G\n.#C.\nS.#.\n</map>"
    "<cell symbol='S' label='start' initial='1'/>"
    "<cell symbol='C' label='cliff' sends-to='S'/><cell symbol='#' wall='true'/>"
    "<cell symbol='G' label='goal' absorbing='true'><attribute id='prize' value='1/3'/></cell>"
    "</gridworld>";
static const char grid_rewards[] =
    "<reward id='r'><add value='-0.01'/><add enter='goal' "
    "value='1'/><add enter='cliff' value='-1'/></reward>"
    "<reward id='s'><use reward='r'/><shape potential='row + col/3'/>"
    "<noise sd='0.1' on='all'/></reward>";
static const char grid_more[] = "<reward id='more'><add value=\"row' * col\"/><add to='goal' "
                                "from='start' value='2'/></reward>";

static sx_spec *parse(const char *text, size_t size)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("g.xml", text, size, d, &spec, &err);
    if (st)
        show(d);
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

static sx_spec *parse_parts(const char *a, const char *b, const char *c)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s%s</mdp>", a, b, c);
    return parse(text, strlen(text));
}

static void gridworlds_come_back(void **state)
{
    (void)state;
    sx_spec *spec = parse_parts(grid_head, grid_rewards, "");
    for (int i = 0; i < 3; i++) {
        sx_spec *back = round_trip(spec, &forms[i]);
        same_spec(spec, back);
        sx_spec_free(back);
    }
    sx_spec_free(spec);
}

/* --- bandits and trees
 * ---------------------------------------------------------------------------- */

static const char bandit[] =
    "<mdp version='1' id='b' discount='0.9'><title>bandit</title><bandit>"
    "<context id='q1' labels='easy' weight='2'><attribute id='asks' value='one'/></context>"
    "<context id='q2' weight='1/3'><attribute id='asks' value='two'/></context>"
    "<response id='r1'><attribute id='says' value='one'/><attribute id='n' "
    "value='7'/></response>"
    "<response id='r2'><attribute id='says' value='two'/></response><response id='r3'/>"
    "<policy context='*' response='r1' p='0.7'/><policy context='q1' response='r3' p='0.3'/>"
    "<policy context='q2' response='r2' p='0.3'/></bandit>";
static const char bandit_rewards[] = "<reward id='r'><add when='says == asks' value='1'/>"
                                     "<add action='r1' from='easy' value='n'/></reward>";
static const char tree[] =
    "<mdp version='1' id='t' discount='0.9'><title>tree</title><tree>"
    "<choice id='b' p='0.2'><choice id='A'><attribute id='n' value='1'/></choice>"
    "<choice id='a'><choice id='b'/><choice id='A'/></choice></choice>"
    "<choice id='a'><attribute id='kind' value='x y'/><choice id='b'/></choice>"
    "<choice id='A'><attribute id='n' value='-2.5'/></choice></tree>";
static const char tree_rewards[] = "<reward id='r'><add from='root' value='1'/>"
                                   "<add action='A' when='n &lt; 3' value='n'/></reward>";

static void bandits_and_trees_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        sx_spec *spec = i < 3 ? parse_parts(bandit, bandit_rewards, "")
                              : parse_parts(tree, tree_rewards, "");
        sx_spec *back = round_trip(spec, &forms[i % 3]);
        assert_non_null(spec->world->base);
        same_spec(spec, back);
        sx_spec_free(back);
        sx_spec_free(spec);
    }
}

/* In explicit form the variables still feed expressions, and labels selectors. */
static void expressions_still_work(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_outputs *o = NULL;
    sx_spec *spec = parse_parts(grid_head, grid_more, "");
    sx_spec *bare = parse_parts(grid_head, "", "");
    CHECK_OK(sx_export_xml(bare, "g.xml", &o, &err));
    char text[16384];
    int end = (int)(strstr((const char *)o->file[0].bytes, "</mdp>") -
                    (const char *)o->file[0].bytes);
    snprintf(text, sizeof text, "%.*s%s</mdp>", end, (const char *)o->file[0].bytes, grid_more);
    sx_spec *back = parse(text, strlen(text));
    same_spec(spec, back);
    sx_outputs_free(o);
    sx_spec_free(back);
    sx_spec_free(bare);
    sx_spec_free(spec);
}

/* --- larger worlds
 * --------------------------------------------------------------------------------- */

/* A room of side x side cells with these rewards. */
static sx_spec *room(int side, const char *rewards)
{
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text,
                                "<mdp version='1' id='g' discount='0.9'>"
                                "<gridworld slip='0.1'><map>\n");
    for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++)
            text[n++] = i + 1 == side && j + 1 == side ? 'G' : '.';
        text[n++] = '\n';
    }
    snprintf(text + n, sizeof text - n,
             "</map><cell symbol='G' label='goal' absorbing='true'/></gridworld>%s</mdp>",
             rewards);
    return parse(text, strlen(text));
}

static void sums_on_many_triples_come_back(void **state)
{
    (void)state;
    sx_spec *spec = room(24, "<reward id='r'><add value='-0.01'/><add enter='goal' value='1'/>"
                             "<add from='r0c1' action='up' value='0.3'/></reward>");
    assert_true((int64_t)spec->world->mdp->pairs * spec->world->mdp->states > 1000000);
    sx_spec *back = round_trip(spec, &forms[0]);
    same_spec(spec, back);
    assert_null(back->reward[0].reward->dense);
    sx_spec_free(back);
    sx_spec_free(spec);
}

static void refuses_what_is_too_large(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_outputs *o = NULL;
    sx_spec *spec = room(24, "<reward id='r'><add value=\"row * col'\"/></reward>");
    assert_int_equal(sx_export_xml(spec, "g.xml", &o, &err), SX_ELIMIT);
    assert_null(o);
    assert_non_null(strstr(err.msg, "reward r"));
    sx_spec_free(spec);
}

static void refuses_unknown_values(void **state)
{
    (void)state;
    oracle_rng g = {77};
    sx_spec *spec = draw_spec(&g);
    double plain[ROOM];
    sx_reward_free(spec->reward[0].reward);
    spec->reward[0].reward = oracle_draw(spec->world->mdp, &g, 2, plain);
    for (int i = 0; i < 3; i++) {
        sx_error err = SX_NO_ERROR;
        sx_outputs *o = NULL;
        assert_int_equal(forms[i].write(spec, "g.xml", &o, &err), SX_EARG);
        assert_null(o);
        assert_non_null(strstr(err.msg, "drawn without"));
    }
    sx_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds_come_back),
        cmocka_unit_test(gridworlds_come_back),
        cmocka_unit_test(bandits_and_trees_come_back),
        cmocka_unit_test(expressions_still_work),
        cmocka_unit_test(sums_on_many_triples_come_back),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(refuses_unknown_values),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
