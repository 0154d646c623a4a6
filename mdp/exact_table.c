/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_table.c - rewards in rational numbers: what is read from tables, and what is drawn. */
#include "mdp/exact_reward_int.h"

#include "mdp/random.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- tables ----------------------------------------------------------------------------------
 */

static sx_status add_array(sx_i_filling *f, const sx_node *n, const sx_array *a)
{
    const char *axes = NULL;
    mpq_t x;
    sx_status st = sx_i_table_axes(&f->c, n, a, &axes);
    mpq_init(x);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        for (int32_t next = 0; next < f->m->states; next++) {
            double value = a->value[sx_i_table_place(a, axes, sx_mdp_pair_state(f->m, k),
                                                     f->m->action[k], next)];
            mpq_set_d(x, isfinite(value) ? value : 0); /* missing: the reader took it for 0 */
            mpq_add(sx_i_exact_at(f, k, next), sx_i_exact_at(f, k, next), x);
        }
    mpq_clear(x);
    return st;
}

static int32_t name_or_number(const sx_names *names, const char *text)
{
    int32_t i = sx_names_find(names, text);
    return i >= 0 || !isdigit((unsigned char)*text) ? i : (int32_t)strtol(text, NULL, 10);
}

static sx_status add_row(sx_i_filling *f, const sx_csv *csv, int64_t row, mpq_ptr x)
{
    double ignored;
    const sx_world *w = f->x->world;
    int32_t reward = sx_csv_column(csv, "reward");
    const char *text = sx_csv_field(csv, row, reward);
    int32_t s = name_or_number(w->states, sx_csv_field(csv, row, sx_csv_column(csv, "from")));
    int32_t a =
        name_or_number(w->actions, sx_csv_field(csv, row, sx_csv_column(csv, "action")));
    int32_t next = name_or_number(w->states, sx_csv_field(csv, row, sx_csv_column(csv, "to")));
    int32_t k = s < 0 || a < 0 || next < 0 ? -1 : sx_mdp_pair(f->m, s, a);
    if (k < 0 || !sx_number_read(text, &ignored)) /* a pair that is not there, or missing */
        return SX_OK;
    const char *why = sx_i_rational_read(text, strlen(text), x);
    if (why)
        return sx_i_exact_refuse(f->x, sx_csv_place(csv, row, reward), text, why);
    mpq_add(sx_i_exact_at(f, k, next), sx_i_exact_at(f, k, next), x);
    return SX_OK;
}

static sx_status add_csv(sx_i_filling *f, const sx_node *n)
{
    mpq_t x;
    sx_csv *csv = NULL;
    sx_status st = sx_i_read_csv(f->x->rd, n, "href", &csv);
    if (!st)
        st = sx_i_exact_hold(f->x, SX_I_HELD_CSV, csv);
    mpq_init(x);
    for (int64_t i = 0; !st && i < sx_csv_rows(csv); i++)
        st = add_row(f, csv, i, x);
    mpq_clear(x);
    return st;
}

sx_status sx_i_exact_table(sx_i_filling *f, const sx_node *n)
{
    sx_array *a = NULL;
    if (sx_i_attr_suffix(n, "href", ".csv"))
        return add_csv(f, n);
    sx_status st = sx_i_read_array(f->x->rd, n, "href", &a);
    if (!st)
        st = sx_i_exact_hold(f->x, SX_I_HELD_ARRAY, a);
    return st ? st : add_array(f, n, a);
}

/* --- what is drawn ---------------------------------------------------------------------------
 */

/* The stream of the term, from which the reader drew. */
static sx_status stream(sx_i_filling *f, const sx_node *n, sx_random **out)
{
    int64_t seed = 0;
    uint64_t task = ((uint64_t)(uint32_t)f->c.reward << 32) | (uint32_t)f->c.term;
    *out = NULL;
    sx_status st = sx_i_attr_integer(n, "seed", &seed);
    if (!st)
        st = sx_random_new((uint64_t)seed, task, out, f->x->rd->err);
    return st ? st : sx_i_exact_hold(f->x, SX_I_HELD_RANDOM, *out);
}

static void add_double(mpq_ptr to, double value)
{
    mpq_t x;
    mpq_init(x);
    mpq_set_d(x, value);
    mpq_add(to, to, x);
    mpq_clear(x);
}

static void draw_impossible(sx_i_filling *f, sx_random *g, double sd)
{
    for (int32_t k = 0; k < f->m->pairs; k++)
        for (int32_t s = 0; s < f->m->states; s++)
            if (sx_mdp_entry(f->m, k, s) < 0)
                add_double(sx_i_exact_at(f, k, s), sd * sx_random_normal(g));
}

sx_status sx_i_exact_noise(sx_i_filling *f, const sx_node *n)
{
    double sd = 0;
    sx_random *g = NULL;
    sx_status st = sx_i_attr_number(n, "sd", &sd);
    if (!st)
        st = stream(f, n, &g);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        for (int64_t t = f->m->first[k]; t < f->m->first[k + 1]; t++)
            add_double(sx_i_exact_at(f, k, f->m->next[t]), sd * sx_random_normal(g));
    if (!st && sx_i_attr_is(n, "on", "all"))
        draw_impossible(f, g, sd);
    return st;
}

/* r += z - E[z], the mean exact. */
static void redistribute(sx_i_filling *f, sx_random *g, int32_t k)
{
    const sx_mdp *m = f->m;
    mpq_t mean, z;
    if (m->first[k + 1] - m->first[k] == 1)
        return;
    mpq_inits(mean, z, NULL);
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        mpq_set_d(z, sx_random_normal(g));
        mpq_add(sx_i_exact_at(f, k, m->next[t]), sx_i_exact_at(f, k, m->next[t]), z);
        mpq_mul(z, z, (mpq_ptr)f->x->out->prob + t);
        mpq_add(mean, mean, z);
    }
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        mpq_sub(sx_i_exact_at(f, k, m->next[t]), sx_i_exact_at(f, k, m->next[t]), mean);
    mpq_clears(mean, z, NULL);
}

sx_status sx_i_exact_redistribute(sx_i_filling *f, const sx_node *n)
{
    sx_random *g = NULL;
    sx_status st = stream(f, n, &g);
    for (int32_t k = 0; !st && k < f->m->pairs; k++)
        redistribute(f, g, k);
    if (!st && sx_i_attr_is(n, "on", "all"))
        draw_impossible(f, g, 1);
    return st;
}
