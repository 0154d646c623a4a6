/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_reward_oom.c - when any one allocation fails, reading rewards of every kind and writing
 * them in every form answers SX_EMEM with no output, and nothing is lost. */
#include "mdp/export.h"
#include "mdp/file.h"
#include "mdp/reward.h"
#include "tests/starve.h"

#include <stdlib.h>
#include <unistd.h>

static const char csv[] = "from,action,to,reward\nr0c0,up,r1c0,2\nr0c0,up,r0c0,1/3\n";
static char path[] = "/tmp/sextant-oom-XXXXXX";
static char table[64];

/* Large enough that blocks of triples are no exceptions. */
static const char head[] =
    "<mdp version='1' discount='0.9'><gridworld slip='0.2'><map>\n"
    "S...\n.C.G\n....\n</map>"
    "<cell symbol='S' label='start' initial='1'/><cell symbol='C' label='cliff' sends-to='S'/>"
    "<cell symbol='G' label='goal' absorbing='true'/></gridworld>";
static const char sums[] =
    "<reward id='sum'><add value=\"row * col' + row'\"/><add enter='cliff' value='-1'/>"
    "<set from='start' to='goal' value='5'/>"
    "<set when=\"row &gt; 0 and col' &lt; 3\" value='col'/>"
    "<set to='goal' value='2'/><shape potential='row' absorbing='drop'/></reward>"
    "<reward id='used'><use reward='sum' scale='2'/><use reward='sum'/>"
    "<shape><at state='goal' potential='1'/></shape><redistribute seed='1'/></reward>";
static const char others[] = "<reward id='dense'><use reward='sum'/><add value=\"min(row, "
                             "row')\"/><noise sd='1' on='all'/>"
                             "</reward>";

static sx_spec *fixed;

static sx_status parse(const char *last, sx_spec **spec, sx_error *err)
{
    sx_diags *d = NULL;
    char text[4096];
    snprintf(text, sizeof text, "%s%s%s%s</mdp>", head, sums, others, last);
    *spec = NULL;
    sx_status st = sx_diags_new(&d, err);
    if (!st)
        st = sx_spec_parse("w.xml", text, strlen(text), d, spec, err);
    sx_diags_free(d);
    return st;
}

static int set_up(void **state)
{
    (void)state;
    int file = mkstemp(path);
    if (file < 0 || close(file))
        return -1;
    snprintf(table, sizeof table, "%s.csv", path);
    if (rename(path, table) || sx_file_write(table, csv, sizeof csv - 1, NULL))
        return -1;
    return parse("", &fixed, NULL) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    sx_spec_free(fixed);
    return unlink(table);
}

static sx_status job_read(sx_error *err)
{
    sx_spec *spec = NULL;
    char last[256];
    snprintf(last, sizeof last, "<reward id='csv'><table href='%s' missing='zero'/></reward>",
             table);
    sx_status st = parse(last, &spec, err);
    assert_true(!st || !spec);
    sx_spec_free(spec);
    return st;
}

static sx_status export(sx_status (*write)(const sx_spec *, const char *, sx_outputs **,
                                           sx_error *),
                        sx_error *err)
{
    sx_outputs *o = NULL;
    sx_status st = write(fixed, "w.xml", &o, err);
    assert_true(!st || !o);
    sx_outputs_free(o);
    return st;
}

static sx_status job_xml(sx_error *err)
{
    return export(sx_export_xml, err);
}

static sx_status job_npy(sx_error *err)
{
    return export(sx_export_npy, err);
}

static sx_status job_csv(sx_error *err)
{
    return export(sx_export_csv, err);
}

/* What is added to stays as it was. */
static sx_status job_add(sx_error *err)
{
    const sx_mdp *m = fixed->world->mdp;
    const sx_reward *sum = fixed->reward[0].reward;
    sx_reward *copy = NULL;
    sx_status st = sx_reward_copy(m, sum, &copy, err);
    if (!st) {
        st = sx_reward_add(m, copy, 3, fixed->reward[2].reward, err);
        for (int32_t k = 0; st && k < m->pairs; k++)
            for (int32_t s = 0; s < m->states; s++)
                assert_true(sx_reward_at(m, copy, k, s) == sx_reward_at(m, sum, k, s));
    }
    sx_reward_free(copy);
    return st;
}

static void reading(void **state)
{
    (void)state;
    assert_true(starve(job_read) > 100);
}

static void writing(void **state)
{
    (void)state;
    assert_true(starve(job_xml) > 5);
    assert_true(starve(job_npy) > 5);
    assert_true(starve(job_csv) > 5);
}

static void adding(void **state)
{
    (void)state;
    assert_true(fixed->reward[0].reward->products > 0);
    assert_non_null(fixed->reward[2].reward->dense);
    assert_true(starve(job_add) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading),
        cmocka_unit_test(writing),
        cmocka_unit_test(adding),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
