/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distfile.c - policies and distributions from files: .npy arrays or long CSV. */
#include "cli/cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "mdp/csv.h"
#include "mdp/expr.h"
#include "mdp/file.h"
#include "mdp/npy.h"

#define FILE_LIMIT ((size_t)1 << 31)
#define SUM_SLACK  1e-9

/* One file being read into p, a distribution over states or over the actions of each. */
typedef struct job {
    sx_cli *c;
    const char *option, *path;
    bool actions; /* of each state */
    double *p;    /* [K] with actions, else [S] */
    unsigned char *seen;
} job;

static sx_status refuse(job *j, sx_error *err, const char *format, ...) SX_FORMAT(3, 4);

static sx_status refuse(job *j, sx_error *err, const char *format, ...)
{
    char text[320];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return sx_cli_fail(j->c, "E511", err, "%s %.100s: %s", j->option, j->path, text);
}

static bool is_share(double p)
{
    return p >= 0 && p <= 1 + SUM_SLACK;
}

/* Set p of (s, a), or of s. */
static sx_status set(job *j, int32_t s, int32_t a, double p, sx_error *err)
{
    const sx_mdp *m = j->c->spec->world->mdp;
    int32_t at = j->actions ? sx_mdp_pair(m, s, a) : s;
    char where[96];
    sx_cli_name n;
    if (j->actions)
        sx_world_pair_text(j->c->spec->world, s, a, where, sizeof where);
    else
        snprintf(where, sizeof where, "%s", sx_cli_state(j->c, s, &n));
    if (!is_share(p))
        return refuse(j, err, "the probability %g of %s is not between 0 and 1", p, where);
    if (at < 0 && p > 0)
        return refuse(j, err, "%s has probability %g, but is not available", where, p);
    if (at >= 0 && j->seen[at]++)
        return refuse(j, err, "%s is given twice", where);
    if (at >= 0)
        j->p[at] = p;
    return SX_OK;
}

/* Divide p [n] by its sum, which must be 1 within SUM_SLACK. */
static sx_status normalise(job *j, double *p, int32_t n, const char *of, sx_error *err)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += p[i];
    if (!(fabs(sum - 1) <= SUM_SLACK))
        return refuse(j, err, "the probabilities%s%s sum to %.12g, not 1", *of ? " of " : "",
                      of, sum);
    for (int32_t i = 0; i < n; i++)
        p[i] /= sum;
    return SX_OK;
}

static sx_status normalise_all(job *j, sx_error *err)
{
    const sx_mdp *m = j->c->spec->world->mdp;
    sx_status st = SX_OK;
    sx_cli_name n;
    if (!j->actions)
        return normalise(j, j->p, m->states, "", err);
    for (int32_t s = 0; s < m->states && !st; s++)
        st = normalise(j, j->p + m->pair[s], m->pair[s + 1] - m->pair[s],
                       sx_cli_state(j->c, s, &n), err);
    return st;
}

/* --- .npy --- */

static sx_status check_shape(job *j, const sx_array *a, sx_error *err)
{
    const sx_mdp *m = j->c->spec->world->mdp;
    if (j->actions && !(a->dims == 2 && a->shape[0] == m->states && a->shape[1] == m->actions))
        return refuse(j, err,
                      "the array is not of shape (%" PRId32 ", %" PRId32 "), states x actions",
                      m->states, m->actions);
    if (!j->actions && !(a->dims == 1 && a->shape[0] == m->states))
        return refuse(j, err, "the array is not of shape (%" PRId32 ",), one a state",
                      m->states);
    return SX_OK;
}

static sx_status fill_array(job *j, const sx_array *a, sx_error *err)
{
    const sx_mdp *m = j->c->spec->world->mdp;
    int32_t columns = j->actions ? m->actions : 1;
    sx_status st = check_shape(j, a, err);
    for (int32_t s = 0; s < m->states && !st; s++)
        for (int32_t k = 0; k < columns && !st; k++)
            st = set(j, s, k, a->value[(int64_t)s * columns + k], err);
    return st;
}

/* --- CSV --- */

static sx_status find_name(job *j, const sx_names *names, const char *what, const char *text,
                           int32_t *index, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    const char *near;
    *index = sx_names_find(names, text);
    if (*index >= 0)
        return SX_OK;
    near = sx_names_nearest(names, text, buffer);
    return refuse(j, err, "no %s '%.60s'%s%s%s", what, text, near ? " (did you mean " : "",
                  near ? near : "", near ? "?)" : "");
}

static sx_status fill_row(job *j, const sx_csv *t, int64_t row, const int32_t column[3],
                          sx_error *err)
{
    const sx_world *w = j->c->spec->world;
    const char *number = sx_csv_field(t, row, column[2]);
    int32_t s, a = 0;
    double p;
    sx_status st = find_name(j, w->states, "state", sx_csv_field(t, row, column[0]), &s, err);
    if (!st && j->actions)
        st = find_name(j, w->actions, "action", sx_csv_field(t, row, column[1]), &a, err);
    if (!st && !sx_number_read(number, &p))
        st = refuse(j, err, "line %" PRId32 ": '%.40s' is not a number",
                    sx_csv_place(t, row, column[2]).line, number);
    return st ? st : set(j, s, a, p, err);
}

static sx_status fill_table(job *j, const sx_csv *t, sx_error *err)
{
    int32_t column[3] = {sx_csv_column(t, "state"), sx_csv_column(t, "action"),
                         sx_csv_column(t, "p")};
    sx_status st = SX_OK;
    if (column[0] < 0 || column[2] < 0 || (j->actions && column[1] < 0))
        return refuse(j, err, "the columns %s are needed",
                      j->actions ? "state,action,p" : "state,p");
    for (int64_t i = 0; i < sx_csv_rows(t) && !st; i++)
        st = fill_row(j, t, i, column, err);
    return st;
}

/* --- either --- */

static bool is_npy(const unsigned char *bytes, size_t size)
{
    return size >= 6 && !memcmp(bytes, "\x93NUMPY", 6);
}

static sx_status fill(job *j, const unsigned char *bytes, size_t size, sx_error *err)
{
    sx_array *array = NULL;
    sx_csv *table = NULL;
    sx_status st;
    if (is_npy(bytes, size)) {
        st = sx_npy_parse(j->path, bytes, size, &array, err);
        if (!st)
            st = fill_array(j, array, err);
    } else {
        st = sx_csv_parse(j->path, (const char *)bytes, size, j->c->diags, &table, err);
        if (!st)
            st = fill_table(j, table, err);
    }
    sx_array_free(array);
    sx_csv_free(table);
    return st;
}

static sx_status read_job(job *j, int32_t n, double **out, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char hash[65];
    sx_status st = sx_file_read(j->path, FILE_LIMIT, &bytes, &size, err);
    j->p = sx_alloc((size_t)n, sizeof *j->p);
    j->seen = sx_alloc((size_t)n, 1);
    if (!st && (!j->p || !j->seen))
        st = sx_nomem(err);
    if (!st) {
        sx_sha256(bytes, size, hash);
        sx_report_input(&j->c->report, j->path, hash);
        st = fill(j, bytes, size, err);
    }
    if (!st)
        st = normalise_all(j, err);
    sx_release(bytes);
    sx_release(j->seen);
    *out = st ? sx_release(j->p) : j->p;
    return st;
}

/* The base policy of the world. */
static sx_status copy_base(const sx_world *w, double **pi, sx_error *err)
{
    *pi = sx_alloc((size_t)w->mdp->pairs, sizeof **pi);
    if (!*pi)
        return sx_nomem(err);
    sx_world_base(w, *pi);
    return SX_OK;
}

sx_status sx_cli_policy_file(sx_cli *c, const char *option, const char *path, double **pi,
                             sx_error *err)
{
    job j = {.c = c, .option = option, .path = path, .actions = true};
    if (strcmp(path, "base") == 0)
        return copy_base(c->spec->world, pi, err);
    return read_job(&j, c->spec->world->mdp->pairs, pi, err);
}

sx_status sx_cli_states_file(sx_cli *c, const char *option, const char *path, double **p,
                             sx_error *err)
{
    job j = {.c = c, .option = option, .path = path};
    return read_job(&j, c->spec->world->mdp->states, p, err);
}
