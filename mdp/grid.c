/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.c - a gridworld from a drawn map.
 *
 * States are numbered along the rows, so pairs and entries are written in their final order;
 * a first run over all pairs counts the entries that a second one fills. */
#include "mdp/grid_int.h"

#include <stdlib.h>
#include <string.h>

#define MOST_OUTCOMES 9 /* of one action: eight moves and none */

typedef struct step {
    int32_t down, right; /* -1, 0 or 1 */
} step;

typedef struct outcome {
    step to;
    double prob;
} outcome;

typedef struct action {
    int32_t outcomes;
    outcome outcome[MOST_OUTCOMES];
} action;

/* The entries of one pair, ascending; and the parts of them through senders. */
typedef struct row {
    int32_t entries;
    int32_t next[MOST_OUTCOMES];
    double prob[MOST_OUTCOMES];
    int32_t throughs;
    struct {
        int32_t next, label;
        double prob;
    } through[MOST_OUTCOMES];
} row;

typedef struct builder {
    const sx_gridworld *g;
    const sx_i_drawing *d;
    sx_world *w;
    int32_t actions, states;
    action action[9];
    int32_t *cell;  /* [states] row * columns + column */
    int32_t *kind;  /* [states] */
    int32_t *lands; /* [rows*columns] state where a step on the cell ends, -1 for a wall */
    int32_t *label; /* [g->cells] index of a sender's label, -1 for none */
} builder;

/* clang-format off */
static const step moves[] = {
    {-1, 0}, {1, 0}, {0, -1}, {0, 1}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}
};
static const char *const move_names[] = {
    "up", "down", "left", "right", "up-left", "up-right", "down-left", "down-right"
};
/* clang-format on */

static const char *const moves_words[] = {"4", "4+stay", "8", "8+stay"};
static const char *const slip_words[] = {"sides", "any", "stay"};

bool sx_moves_read(const char *text, sx_moves *out)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(text, moves_words[i]) == 0) {
            *out = (sx_moves)i;
            return true;
        }
    return false;
}

bool sx_slip_read(const char *text, sx_slip *slip_to)
{
    for (int i = 0; i < 3; i++)
        if (strcmp(text, slip_words[i]) == 0) {
            *slip_to = (sx_slip)i;
            return true;
        }
    return false;
}

static int32_t count_moves(const sx_gridworld *g)
{
    return g->moves == SX_MOVES_4 || g->moves == SX_MOVES_4_STAY ? 4 : 8;
}

/* Is b beside a on the compass of that many moves? */
static bool beside(step a, step b, int32_t count)
{
    int32_t along = a.down * b.down + a.right * b.right;
    if (count == 4)
        return along == 0;
    /* straight and diagonal neighbours enclose 45 degrees */
    bool straight = !a.down || !a.right, other = !b.down || !b.right;
    return straight != other && along == 1;
}

static void add_outcome(action *a, step to, double prob)
{
    if (prob > 0)
        a->outcome[a->outcomes++] = (outcome){to, prob};
}

/* The outcomes of a meant move. */
static void slip(const sx_gridworld *g, int32_t meant, action *a)
{
    int32_t count = count_moves(g);
    for (int32_t i = 0; i < count; i++) {
        double prob = i == meant ? 1 - g->slip : 0;
        if (g->slip_to == SX_SLIP_ANY)
            prob += g->slip / count;
        else if (g->slip_to == SX_SLIP_SIDES && beside(moves[meant], moves[i], count))
            prob += g->slip / 2;
        add_outcome(a, moves[i], prob);
    }
    if (g->slip_to == SX_SLIP_STAY)
        add_outcome(a, (step){0, 0}, g->slip);
}

static sx_status make_actions(builder *b, sx_error *err)
{
    int32_t index = 0, count = count_moves(b->g);
    sx_status st = sx_names_new(&b->w->actions, err);
    for (int32_t i = 0; !st && i < count; i++) {
        slip(b->g, i, &b->action[i]);
        st = sx_names_add(b->w->actions, move_names[i], &index, err);
    }
    b->actions = count;
    if (b->g->moves == SX_MOVES_4_STAY || b->g->moves == SX_MOVES_8_STAY) {
        add_outcome(&b->action[b->actions++], (step){0, 0}, 1);
        if (!st)
            st = sx_names_add(b->w->actions, "stay", &index, err);
    }
    return st;
}

static const sx_cell *described(const builder *b, int32_t kind)
{
    return kind < 0 ? NULL : &b->g->cell[kind];
}

static bool is_state(const builder *b, int32_t kind)
{
    const sx_cell *c = described(b, kind);
    return !c || (!c->wall && !c->sends_to);
}

static sx_status make_grid(builder *b, sx_error *err)
{
    const sx_i_drawing *d = b->d;
    int32_t cells = d->rows * d->columns;
    sx_grid *grid = b->w->grid = sx_alloc(1, sizeof *grid);
    if (!grid)
        return sx_nomem(err);
    grid->rows = d->rows;
    grid->columns = d->columns;
    grid->state = sx_alloc((size_t)cells, sizeof *grid->state);
    grid->wall = sx_alloc((size_t)cells, 1);
    b->lands = sx_alloc((size_t)cells, sizeof *b->lands);
    b->cell = sx_alloc((size_t)cells, sizeof *b->cell);
    b->kind = sx_alloc((size_t)cells, sizeof *b->kind);
    if (!grid->state || !grid->wall || !b->lands || !b->cell || !b->kind)
        return sx_nomem(err);
    for (int32_t i = 0; i < cells; i++) {
        const sx_cell *c = described(b, d->kind[i]);
        grid->wall[i] = c && c->wall;
        grid->state[i] = -1;
        if (is_state(b, d->kind[i])) {
            grid->state[i] = b->states;
            b->kind[b->states] = d->kind[i];
            b->cell[b->states++] = i;
        }
        b->lands[i] = grid->state[i];
    }
    return sx_names_grid(d->columns, b->cell, b->states, &b->w->states, err);
}

/* Put the senders' targets into b->lands. */
static sx_status make_senders(builder *b, sx_error *err)
{
    const sx_i_drawing *d = b->d;
    int32_t cells = d->rows * d->columns;
    int32_t *place = sx_alloc((size_t)b->g->cells + 1, sizeof *place); /* a state of a kind */
    if (!place)
        return sx_nomem(err);
    for (int32_t s = 0; s < b->states; s++)
        place[b->kind[s] + 1] = s;
    for (int32_t i = 0; i < cells; i++) {
        const sx_cell *c = described(b, d->kind[i]);
        if (c && c->sends_to)
            b->lands[i] = place[sx_i_grid_kind(d, c->sends_to) + 1];
    }
    sx_release(place);
    return SX_OK;
}

/* Labels in the order of the description. */
static sx_status make_labels(builder *b, sx_error *err)
{
    const sx_gridworld *g = b->g;
    int32_t *first = sx_alloc((size_t)g->cells + 2, sizeof *first);
    int32_t *state = sx_alloc((size_t)b->states, sizeof *state);
    b->label = sx_alloc((size_t)g->cells, sizeof *b->label);
    sx_status st = first && state && b->label ? SX_OK : sx_nomem(err);
    /* states by kind: first[kind + 1] .. in state */
    for (int32_t s = 0; !st && s < b->states; s++)
        first[b->kind[s] + 2]++;
    for (int32_t i = 1; !st && i < g->cells + 2; i++)
        first[i] += first[i - 1];
    for (int32_t s = 0; !st && s < b->states; s++)
        state[first[b->kind[s] + 1]++] = s;
    for (int32_t i = 0; !st && i < g->cells; i++) {
        int32_t count = first[i + 1] - first[i];
        b->label[i] = -1;
        if (g->cell[i].label)
            st = sx_world_add_label(b->w, g->cell[i].label, state + first[i], count,
                                    &b->label[i], err);
    }
    sx_release(first);
    sx_release(state);
    return st;
}

static void add_entry(row *r, int32_t next, double prob)
{
    int32_t i = r->entries;
    while (i > 0 && r->next[i - 1] > next)
        i--;
    if (i > 0 && r->next[i - 1] == next) {
        r->prob[i - 1] += prob;
        return;
    }
    for (int32_t j = r->entries++; j > i; j--) {
        r->next[j] = r->next[j - 1];
        r->prob[j] = r->prob[j - 1];
    }
    r->next[i] = next;
    r->prob[i] = prob;
}

static void add_through(row *r, int32_t next, int32_t label, double prob)
{
    int32_t i = 0;
    while (i < r->throughs && (r->through[i].next != next || r->through[i].label != label))
        i++;
    if (i == r->throughs) {
        r->through[i].next = next;
        r->through[i].label = label;
        r->through[i].prob = 0;
        r->throughs++;
    }
    r->through[i].prob += prob;
}

/* What happens in s under one action. */
static void make_row(const builder *b, int32_t s, const action *a, row *r)
{
    const sx_i_drawing *d = b->d;
    const sx_cell *own = described(b, b->kind[s]);
    int32_t y = b->cell[s] / d->columns, x = b->cell[s] % d->columns;
    r->entries = r->throughs = 0;
    if (own && own->absorbing) {
        add_entry(r, s, 1);
        return;
    }
    for (int32_t i = 0; i < a->outcomes; i++) {
        const outcome *o = &a->outcome[i];
        int32_t down = y + o->to.down, right = x + o->to.right;
        bool inside = down >= 0 && down < d->rows && right >= 0 && right < d->columns;
        int32_t at = inside ? down * d->columns + right : b->cell[s];
        int32_t next = b->lands[at] < 0 ? s : b->lands[at];
        int32_t kind = d->kind[at];
        add_entry(r, next, o->prob);
        if (b->lands[at] >= 0 && kind >= 0 && !is_state(b, kind) && b->label[kind] >= 0)
            add_through(r, next, b->label[kind], o->prob);
    }
}

static void count_entries(const builder *b, int64_t *entries, int64_t *throughs)
{
    row r;
    for (int32_t s = 0; s < b->states; s++)
        for (int32_t a = 0; a < b->actions; a++) {
            make_row(b, s, &b->action[a], &r);
            *entries += r.entries;
            *throughs += r.throughs;
        }
}

static void store_throughs(sx_world *w, const row *r, int64_t first)
{
    for (int32_t i = 0; i < r->throughs; i++) {
        int32_t j = 0;
        while (r->next[j] != r->through[i].next)
            j++;
        double share = r->through[i].prob / r->prob[j];
        w->through[w->throughs++] =
            (sx_through){first + j, r->through[i].label, share < 1 ? share : 1};
    }
}

static void fill_entries(const builder *b, sx_mdp *m)
{
    row r;
    int32_t k = 0;
    int64_t t = 0;
    for (int32_t s = 0; s < b->states; s++) {
        const sx_cell *own = described(b, b->kind[s]);
        m->absorbing[s] = own && own->absorbing;
        m->pair[s] = k;
        for (int32_t a = 0; a < b->actions; a++, k++) {
            make_row(b, s, &b->action[a], &r);
            m->action[k] = a;
            m->first[k] = t;
            memcpy(m->next + t, r.next, (size_t)r.entries * sizeof *r.next);
            memcpy(m->prob + t, r.prob, (size_t)r.entries * sizeof *r.prob);
            store_throughs(b->w, &r, t);
            t += r.entries;
        }
    }
    m->pair[b->states] = k;
    m->first[k] = t;
}

static int by_label(const void *a, const void *b)
{
    const sx_through *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

static sx_status make_mdp(builder *b, sx_error *err)
{
    sx_world *w = b->w;
    int64_t entries = 0, throughs = 0;
    if (b->states > INT32_MAX / b->actions)
        return sx_fail(err, SX_ELIMIT, "a gridworld of more than %d states and actions",
                       INT32_MAX);
    count_entries(b, &entries, &throughs);
    sx_status st =
        sx_mdp_new(b->states, b->actions, b->states * b->actions, entries, &w->mdp, err);
    if (!st) {
        w->through = sx_alloc((size_t)throughs, sizeof *w->through);
        st = w->through ? SX_OK : sx_nomem(err);
    }
    if (st)
        return st;
    w->mdp->discount = b->g->discount;
    fill_entries(b, w->mdp);
    qsort(w->through, (size_t)throughs, sizeof *w->through, by_label);
    return SX_OK;
}

static void set_initial(const builder *b)
{
    sx_mdp *m = b->w->mdp;
    double sum = 0;
    for (int32_t s = 0; s < b->states; s++) {
        const sx_cell *c = described(b, b->kind[s]);
        m->initial[s] = c ? c->initial : 0;
        sum += m->initial[s];
    }
    for (int32_t s = 0; sum > 0 && s < b->states; s++)
        m->initial[s] /= sum;
    if (!(sum > 0))
        sx_mdp_initial_default(m);
}

static sx_status make_variables(builder *b, sx_error *err)
{
    int32_t y = 0, x = 0;
    sx_status st = sx_world_add_variable(b->w, "row", &y, err);
    if (!st)
        st = sx_world_add_variable(b->w, "col", &x, err);
    for (int32_t s = 0; !st && s < b->states; s++) {
        int32_t above = b->cell[s] / b->d->columns;
        b->w->variable[y].value[s] = above;
        b->w->variable[x].value[s] = b->cell[s] - above * b->d->columns;
    }
    return st;
}

static sx_status build(builder *b, sx_error *err)
{
    sx_status st = sx_world_new(&b->w, err);
    if (!st)
        st = make_actions(b, err);
    if (!st)
        st = make_grid(b, err);
    if (!st)
        st = make_senders(b, err);
    if (!st)
        st = make_labels(b, err);
    if (!st)
        st = make_mdp(b, err);
    if (!st)
        st = make_variables(b, err);
    if (!st)
        set_initial(b);
    return st;
}

sx_status sx_grid_world(const sx_gridworld *g, sx_grid_report *report, void *context,
                        sx_world **out, int32_t **kind, sx_error *err)
{
    sx_i_drawing d = {.g = g, .report = report, .context = context};
    builder b = {.g = g, .d = &d};
    *out = NULL;
    if (kind)
        *kind = NULL;
    sx_status st = sx_i_drawing_read(&d, err);
    if (!st && d.failed)
        st = sx_fail(err, SX_EINPUT, "the gridworld is malformed");
    if (!st)
        st = build(&b, err);
    sx_i_drawing_clear(&d);
    sx_release(b.cell);
    sx_release(b.lands);
    sx_release(b.label);
    if (!st && kind)
        *kind = b.kind;
    else
        sx_release(b.kind);
    if (st)
        b.w = sx_world_free(b.w);
    *out = b.w;
    return st;
}
