/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_study.h - a random world with two rewards, in memory and as a specification. */
#ifndef CLI_STUDY_H
#define CLI_STUDY_H

#include "tests/cli_run.h"
#include "tests/oracle_mdp.h"

enum { REWARDS = 2 };

static uint64_t study_seed; /* of the world at work, for messages */

static const char *const reward_names[REWARDS] = {"one", "two"};

/* A random world with two rewards r(s,a) + to(s'), as a file too. */
typedef struct study {
    uint64_t seed;
    sx_mdp *m;
    double *r[REWARDS];     /* [K] expected */
    double *table[REWARDS]; /* [K*S] */
    char *text;             /* of the specification */
    size_t size;
} study;

static inline void print_world(const study *w, FILE *f)
{
    const sx_mdp *m = w->m;
    fprintf(f,
            "<mdp version=\"1\" discount=\"%.17g\"><explicit><states count=\"%d\"/>"
            "<actions count=\"%d\"/>\n",
            m->discount, m->states, m->actions);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                fprintf(f, "<transition from=\"%d\" action=\"%d\" to=\"%d\" p=\"%.17g\"/>\n", s,
                        m->action[k], m->next[t], m->prob[t]);
    fputs("</explicit><initial>\n", f);
    for (int32_t s = 0; s < m->states; s++)
        if (m->initial[s] > 0)
            fprintf(f, "<start state=\"%d\" p=\"%.17g\"/>\n", s, m->initial[s]);
    fputs("</initial>\n", f);
}

/* Reward i: row values, and a number for the state that is entered. */
static inline void print_reward(study *w, int i, FILE *f)
{
    const sx_mdp *m = w->m;
    double *row = oracle_rewards(m, w->seed, (uint64_t)i);
    double *to = oracle_rewards(m, w->seed, (uint64_t)i + 7); /* its first S numbers */
    w->table[i] = oracle_vector((int64_t)m->pairs * m->states);
    fprintf(f, "<reward id=\"%s\">\n", reward_names[i]);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            fprintf(f, "<add from=\"%d\" action=\"%d\" value=\"%.17g\"/>\n", s, m->action[k],
                    row[k]);
            for (int32_t next = 0; next < m->states; next++)
                w->table[i][(int64_t)k * m->states + next] = row[k] + to[next];
        }
    for (int32_t s = 0; s < m->states; s++)
        fprintf(f, "<add to=\"%d\" value=\"%.17g\"/>\n", s, to[s]);
    fputs("</reward>\n", f);
    w->r[i] = oracle_mean(m, w->table[i]);
    free(row);
    free(to);
}

static inline study study_new(uint64_t seed)
{
    study w = {.seed = seed, .m = oracle_world(seed)};
    FILE *f = open_memstream(&w.text, &w.size);
    assert_non_null(f);
    study_seed = seed;
    print_world(&w, f);
    for (int i = 0; i < REWARDS; i++)
        print_reward(&w, i, f);
    fputs("</mdp>\n", f);
    fclose(f);
    write_file(in_folder("w.xml"), w.text, w.size);
    return w;
}

static inline void study_end(study *w)
{
    for (int i = 0; i < REWARDS; i++) {
        free(w->r[i]);
        free(w->table[i]);
    }
    oracle_world_free(w->m);
    free(w->text);
}

#endif
