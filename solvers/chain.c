/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chain.c - the transition matrix of one policy. */
#include "solvers/solvers_int.h"

/* Entries of row s of P_pi before duplicates are merged. */
static int64_t row_room(const sx_mdp *m, const double *pi, int32_t s)
{
    int64_t n = 0;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (pi[k] > 0)
            n += m->first[k + 1] - m->first[k];
    return n;
}

/* Append row s; place [S] holds 1 + the position of a column in this row, or something
 * before the row's start. */
static void append_row(const sx_mdp *m, const double *pi, int32_t s, int64_t *place,
                       sx_matrix *p)
{
    int64_t begin = p->start[s], end = begin;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        if (!(pi[k] > 0))
            continue;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            int32_t to = m->next[t];
            if (place[to] <= begin) {
                p->col[end] = to;
                p->value[end] = 0;
                place[to] = ++end;
            }
            p->value[place[to] - 1] += pi[k] * m->prob[t];
        }
    }
    p->start[s + 1] = end;
}

sx_status sx_i_chain_mixed(const sx_mdp *m, const double *pi, sx_matrix **out, sx_error *err)
{
    sx_matrix *p = NULL, *pt = NULL;
    int64_t room = 0;
    *out = NULL;
    for (int32_t s = 0; s < m->states; s++)
        room += row_room(m, pi, s);
    int64_t *place = sx_alloc((size_t)m->states, sizeof *place);
    sx_status st = place ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_matrix_new(m->states, m->states, room, &p, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        append_row(m, pi, s, place, p);
    if (!st)
        st = sx_i_transpose(p, &pt, err);
    p = sx_matrix_free(p);
    if (!st)
        st = sx_i_transpose(pt, out, err); /* twice: rows ascending, in linear time */
    sx_matrix_free(pt);
    sx_release(place);
    return st;
}

sx_status sx_i_chain_room(const sx_mdp *m, sx_matrix **out, sx_error *err)
{
    int64_t room = 0;
    for (int32_t s = 0; s < m->states; s++) {
        int64_t longest = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            int64_t length = m->first[k + 1] - m->first[k];
            longest = length > longest ? length : longest;
        }
        room += longest;
    }
    return sx_matrix_new(m->states, m->states, room, out, err);
}

void sx_i_chain_choice(const sx_mdp *m, const int32_t *choice, sx_matrix *p)
{
    for (int32_t s = 0; s < m->states; s++)
        p->start[s + 1] = p->start[s] + m->first[choice[s] + 1] - m->first[choice[s]];
#pragma omp parallel for schedule(static) if (m->states >= SX_I_PARALLEL)
    for (int32_t s = 0; s < m->states; s++) {
        int64_t from = m->first[choice[s]] - p->start[s];
        for (int64_t t = p->start[s]; t < p->start[s + 1]; t++) {
            p->col[t] = m->next[from + t];
            p->value[t] = m->prob[from + t];
        }
    }
}
