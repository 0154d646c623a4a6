/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm_rows.c - sums over all triples of a reward in the sum form, without visiting them.
 *
 * Where the products are equal the value of a triple is x[k] + y[s']: its successors fall
 * into segments, sorted and centred once,
 *
 *     sum_s' w (x + y)^2 = spread + weight (x + mean)^2       no cancellation
 *     sum_s' |x + y|       by prefix sums at the place where the sign changes
 *     max_s' |x + y|       at the ends of the segment
 *
 * Possible triples and exceptions of the row are then taken away as the formula counted
 * them and added as they are; a segment that consists of them for the half or more is
 * enumerated instead, which costs no more than they do and leaves nothing to cancel.
 * The maximum walks inwards until it stands on a triple that the formula describes.
 *
 * Two ways to make segments: successors of equal products, once for all rows (O(K * classes));
 * or for each class of pairs of equal products all successors, sorted by right + products
 * (O(classes * S + K)). */
#include "metrics/norm_int.h"

#include <omp.h>
#include <stdlib.h>

enum { ROWS = 1024 };

typedef struct place {
    double value;
    int32_t state;
} place;

/* The successors in segments. */
typedef struct side {
    int32_t states, segments;
    int32_t *of;    /* [states] segment */
    int32_t *start; /* [segments+1] */
    place *place;   /* [states] by segment, then value; value less the segment's mean */
    double *before; /* [states+segments] sums of values; segment d begins at start[d] + d */
    double *own;    /* [states] value by state, less the segment's mean */
    double *mean;   /* [segments] weighted */
    double *spread; /* [segments] sum w (value - mean)^2 */
    double *weight; /* [segments] sum w */
} side;

/* What one thread needs. */
typedef struct scratch {
    int32_t *stamp; /* [states] k + 1 where (k, state) is not described by the formula */
    int32_t *count; /* [segments] such states of this row */
    double *shift;  /* [segments] x + mean */
} scratch;

typedef struct job {
    const sx_mdp *m;
    const sx_reward *r;
    const sx_i_weights *w;
    const int32_t *row; /* pairs to sum, NULL for all */
    int32_t rows;
    bool products; /* whether the products are still to be added per segment */
} job;

static void side_clear(side *e)
{
    sx_release(e->of);
    sx_release(e->start);
    sx_release(e->place);
    sx_release(e->before);
    sx_release(e->own);
    sx_release(e->mean);
    sx_release(e->spread);
    sx_release(e->weight);
}

static sx_status side_init(side *e, int32_t states, int32_t segments, sx_error *err)
{
    size_t n = (size_t)states, d = (size_t)segments;
    *e = (side){.states = states, .segments = segments};
    e->of = sx_alloc(n, sizeof *e->of);
    e->start = sx_alloc(d + 1, sizeof *e->start);
    e->place = sx_alloc(n, sizeof *e->place);
    e->before = sx_alloc(n + d, sizeof *e->before);
    e->own = sx_alloc(n, sizeof *e->own);
    e->mean = sx_alloc(d, sizeof *e->mean);
    e->spread = sx_alloc(d, sizeof *e->spread);
    e->weight = sx_alloc(d, sizeof *e->weight);
    bool ok = e->of && e->start && e->place && e->before && e->own && e->mean && e->spread &&
              e->weight;
    return ok ? SX_OK : sx_nomem(err);
}

static int compare(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->value < y->value || x->value > y->value)
        return x->value < y->value ? -1 : 1;
    return (x->state > y->state) - (x->state < y->state);
}

/* Centre, sort and sum segment d, whose places hold raw values. */
static void segment_fill(side *e, int32_t d, const double *weight)
{
    place *p = e->place + e->start[d];
    int32_t n = e->start[d + 1] - e->start[d];
    double *before = e->before + e->start[d] + d;
    sx_i_sum total = {0}, moment = {0}, spread = {0}, run = {0};
    /* measured from its first value the segment loses nothing to a large common part */
    double origin = p[0].value;
    for (int32_t i = 0; i < n; i++) {
        double w = weight ? weight[p[i].state] : 1;
        sx_i_sum_add(&total, w);
        sx_i_sum_add(&moment, w * (p[i].value - origin));
    }
    e->weight[d] = sx_i_sum_value(&total);
    double offset = e->weight[d] > 0 ? sx_i_sum_value(&moment) / e->weight[d] : 0;
    e->mean[d] = origin + offset;
    for (int32_t i = 0; i < n; i++) {
        double w = weight ? weight[p[i].state] : 1;
        p[i].value -= e->mean[d];
        e->own[p[i].state] = p[i].value;
        sx_i_sum_add(&spread, w * p[i].value * p[i].value);
    }
    e->spread[d] = sx_i_sum_value(&spread);
    qsort(p, (size_t)n, sizeof *p, compare);
    for (int32_t i = 0; i < n; i++) {
        before[i] = sx_i_sum_value(&run);
        sx_i_sum_add(&run, p[i].value);
    }
    before[n] = sx_i_sum_value(&run);
}

/* sum |shift + value| over segment d. */
static double segment_absolute(const side *e, int32_t d, double shift)
{
    const place *p = e->place + e->start[d];
    const double *before = e->before + e->start[d] + d;
    int32_t n = e->start[d + 1] - e->start[d], lo = 0, hi = n;
    while (lo < hi) {
        int32_t mid = lo + (hi - lo) / 2;
        if (shift + p[mid].value > 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    double above = (double)(n - lo) * shift + (before[n] - before[lo]);
    return above - ((double)lo * shift + before[lo]);
}

/* max of *largest and |shift + value| over the places of segment d that are not stamped. */
static double segment_largest(const side *e, int32_t d, double shift, const int32_t *stamp,
                              int32_t mark, double largest)
{
    const place *p = e->place + e->start[d];
    int32_t last = e->start[d + 1] - e->start[d] - 1;
    int32_t i = last;
    while (i >= 0 && shift + p[i].value > largest && stamp[p[i].state] == mark)
        i--;
    if (i >= 0 && shift + p[i].value > largest)
        largest = shift + p[i].value;
    i = 0;
    while (i <= last && -(shift + p[i].value) > largest && stamp[p[i].state] == mark)
        i++;
    if (i <= last && -(shift + p[i].value) > largest)
        largest = -(shift + p[i].value);
    return largest;
}

static double weight_at(const double *weight, int32_t i)
{
    return weight ? weight[i] : 1;
}

int64_t sx_i_exceptions(const sx_reward *r, int32_t k, int64_t *first)
{
    int64_t lo = 0, hi = r->exceptions;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (r->exception[mid].pair < k)
            lo = mid + 1;
        else
            hi = mid;
    }
    *first = lo;
    while (lo < r->exceptions && r->exception[lo].pair == k)
        lo++;
    return lo;
}

/* Add the triple (k,s) with its own value and stamp it. */
static void row_true(const job *j, const side *e, int32_t k, int32_t s, double value,
                     scratch *z, sx_i_tally *t)
{
    double w = weight_at(j->w->pair, k) * weight_at(j->w->state, s);
    sx_i_tally_add(t, w, value - j->w->centre);
    z->stamp[s] = k + 1;
    z->count[e->of[s]]++;
}

/* Take the triple (k,s) out of what its segment counted. */
static void row_undo(const job *j, const side *e, int32_t k, int32_t s, const scratch *z,
                     sx_i_tally *t)
{
    int32_t d = e->of[s];
    if (z->count[d] == 0) /* enumerated */
        return;
    double x = z->shift[d] + e->own[s];
    double w = weight_at(j->w->pair, k) * weight_at(j->w->state, s);
    sx_i_sum_add(&t->absolute, -fabs(x));
    sx_i_sum_add(&t->square, -w * x * x);
}

/* Segment d of row k.  count[d] = 0 afterwards when nothing has to be undone. */
static void row_segment(const job *j, const side *e, int32_t k, int32_t d, scratch *z,
                        sx_i_tally *t)
{
    int32_t n = e->start[d + 1] - e->start[d];
    double x = z->shift[d], mine = weight_at(j->w->pair, k);
    if (z->count[d] && 2 * (int64_t)z->count[d] >= n) {
        z->count[d] = 0;
        for (int32_t i = e->start[d]; i < e->start[d + 1]; i++) {
            const place *p = &e->place[i];
            if (z->stamp[p->state] != k + 1)
                sx_i_tally_add(t, mine * weight_at(j->w->state, p->state), x + p->value);
        }
        return;
    }
    sx_i_sum_add(&t->square, mine * e->spread[d]);
    sx_i_sum_add(&t->square, mine * e->weight[d] * x * x);
    if (!j->w->pair && !j->w->state) {
        if (!j->w->no_absolute)
            sx_i_sum_add(&t->absolute, segment_absolute(e, d, x));
        t->largest = segment_largest(e, d, x, z->stamp, k + 1, t->largest);
    }
}

static double row_shift(const job *j, const side *e, int32_t k, int32_t d)
{
    const sx_reward *r = j->r;
    double x = r->left ? r->left[k] : 0;
    int32_t s = e->place[e->start[d]].state;
    for (int32_t i = 0; j->products && i < r->products; i++)
        x += r->product[i].left[k] * r->product[i].right[s];
    return x - j->w->centre + e->mean[d];
}

static void row_tally(const job *j, const side *e, int32_t k, scratch *z, sx_i_tally *t)
{
    const sx_mdp *m = j->m;
    const sx_reward *r = j->r;
    int64_t first, end = sx_i_exceptions(r, k, &first);
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        row_true(j, e, k, m->next[i], r->on[i], z, t);
    for (int64_t i = first; i < end; i++)
        row_true(j, e, k, r->exception[i].state, r->exception[i].value, z, t);
    for (int32_t d = 0; d < e->segments; d++) {
        z->shift[d] = row_shift(j, e, k, d);
        row_segment(j, e, k, d, z, t);
    }
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        row_undo(j, e, k, m->next[i], z, t);
    for (int64_t i = first; i < end; i++)
        row_undo(j, e, k, r->exception[i].state, z, t);
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        z->count[e->of[m->next[i]]] = 0;
    for (int64_t i = first; i < end; i++)
        z->count[e->of[r->exception[i].state]] = 0;
}

/* All rows of the job, in blocks. */
static sx_status rows_tally(const job *j, const side *e, scratch *scratches, sx_i_tally *out,
                            sx_error *err)
{
    int32_t blocks = (j->rows + ROWS - 1) / ROWS;
    sx_i_tally *part = sx_alloc((size_t)blocks, sizeof *part);
    if (!part)
        return sx_nomem(err);
#pragma omp parallel for schedule(static) if (blocks > 1)
    for (int32_t b = 0; b < blocks; b++) {
        scratch *z = &scratches[omp_get_thread_num()];
        int32_t end = j->rows - b * ROWS < ROWS ? j->rows : (b + 1) * ROWS;
        for (int32_t i = b * ROWS; i < end; i++)
            row_tally(j, e, j->row ? j->row[i] : i, z, &part[b]);
    }
    for (int32_t b = 0; b < blocks; b++)
        sx_i_tally_join(out, &part[b]);
    sx_release(part);
    return SX_OK;
}

static scratch *scratches_free(scratch *z)
{
    for (int t = 0; z && t < omp_get_max_threads(); t++) {
        sx_release(z[t].stamp);
        sx_release(z[t].count);
        sx_release(z[t].shift);
    }
    return sx_release(z);
}

static scratch *scratches_new(const sx_mdp *m, int32_t segments)
{
    bool ok = true;
    scratch *z = sx_alloc((size_t)omp_get_max_threads(), sizeof *z);
    for (int t = 0; z && t < omp_get_max_threads(); t++) {
        z[t].stamp = sx_alloc((size_t)m->states, sizeof *z[t].stamp);
        z[t].count = sx_alloc((size_t)segments, sizeof *z[t].count);
        z[t].shift = sx_alloc((size_t)segments, sizeof *z[t].shift);
        ok = ok && z[t].stamp && z[t].count && z[t].shift;
    }
    return ok ? z : scratches_free(z);
}

/* Segments are the classes of successors, the same for all rows. */
static sx_status by_successors(job j, const sx_i_classes *successors, sx_i_tally *out,
                               sx_error *err)
{
    side e = {0};
    sx_status st = side_init(&e, j.m->states, successors->classes, err);
    scratch *z = st ? NULL : scratches_new(j.m, successors->classes);
    if (!st && !z)
        st = sx_nomem(err);
    for (int32_t d = 0; !st && d < e.segments; d++) {
        e.start[d] = successors->start[d];
        e.start[d + 1] = successors->start[d + 1];
        for (int32_t i = e.start[d]; i < e.start[d + 1]; i++) {
            int32_t s = successors->member[i];
            e.of[s] = d;
            e.place[i] = (place){j.r->right ? j.r->right[s] : 0, s};
        }
        segment_fill(&e, d, j.w->state);
    }
    j.rows = j.m->pairs;
    j.products = true;
    if (!st)
        st = rows_tally(&j, &e, z, out, err);
    scratches_free(z);
    side_clear(&e);
    return st;
}

/* One segment, made anew for each class of pairs. */
static sx_status by_pairs(job j, const sx_i_classes *pairs, sx_i_tally *out, sx_error *err)
{
    side e = {0};
    const sx_reward *r = j.r;
    sx_status st = side_init(&e, j.m->states, 1, err);
    scratch *z = st ? NULL : scratches_new(j.m, 1);
    if (!st && !z)
        st = sx_nomem(err);
    for (int32_t c = 0; !st && c < pairs->classes; c++) {
        int32_t k = pairs->member[pairs->start[c]];
        e.start[1] = e.states;
        for (int32_t s = 0; s < e.states; s++)
            e.place[s] = (place){r->right ? r->right[s] : 0, s};
        for (int32_t i = 0; i < r->products; i++)
            for (int32_t s = 0; s < e.states; s++)
                e.place[s].value += r->product[i].left[k] * r->product[i].right[s];
        segment_fill(&e, 0, j.w->state);
        j.row = pairs->member + pairs->start[c];
        j.rows = pairs->start[c + 1] - pairs->start[c];
        st = rows_tally(&j, &e, z, out, err);
    }
    scratches_free(z);
    side_clear(&e);
    return st;
}

static sx_status classes_make(const sx_mdp *m, const sx_reward *r, sx_i_classes **pairs,
                              sx_i_classes **successors, sx_error *err)
{
    size_t n = (size_t)r->products;
    const double **value = sx_alloc(n, sizeof *value);
    sx_status st = value ? SX_OK : sx_nomem(err);
    for (size_t i = 0; !st && i < n; i++)
        value[i] = r->product[i].left;
    if (!st)
        st = sx_i_classes_new(m->pairs, value, r->products, pairs, err);
    for (size_t i = 0; !st && i < n; i++)
        value[i] = r->product[i].right;
    if (!st)
        st = sx_i_classes_new(m->states, value, r->products, successors, err);
    sx_release(value);
    return st;
}

sx_status sx_i_tally_classes(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                             int64_t limit, sx_i_tally *out, bool *done, sx_error *err)
{
    sx_i_classes *pairs = NULL, *successors = NULL;
    sx_i_tally total = {0};
    *done = false;
    sx_status st = classes_make(m, r, &pairs, &successors, err);
    if (!st) {
        job j = {.m = m, .r = r, .w = w};
        int64_t each = 1 + r->products;
        int64_t rows = (int64_t)m->pairs * successors->classes * each;
        int64_t sorts = (int64_t)m->states * pairs->classes * each + m->pairs;
        *done = rows <= limit || sorts <= limit;
        if (*done && rows <= sorts)
            st = by_successors(j, successors, &total, err);
        else if (*done)
            st = by_pairs(j, pairs, &total, err);
    }
    if (!st)
        *out = total;
    sx_i_classes_free(pairs);
    sx_i_classes_free(successors);
    return st;
}
