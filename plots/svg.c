/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg.c - a scene as SVG with real text: it can be searched, edited and read aloud.
 *
 * Marks of one class that follow each other are a group; what all of them look like is said
 * once, at the group.  A marker is one element, so that //g[@class="..."]/ * counts data.
 * libxml2 writes: its names and quotes are right whatever a text holds. */
#include "plots/svg_int.h"

#include <libxml/xmlwriter.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct svg {
    xmlTextWriterPtr writer;
    const sx_i_scene *scene;
    int clips;
    bool failed;
} svg;

static const xmlChar *xml_text(const char *utf8)
{
    return (const xmlChar *)utf8;
}

/* What libxml2 answers: negative when memory is out. */
static void done(svg *v, int answer)
{
    v->failed = v->failed || answer < 0;
}

static void start(svg *v, const char *name)
{
    done(v, xmlTextWriterStartElement(v->writer, xml_text(name)));
}

static void end(svg *v)
{
    done(v, xmlTextWriterEndElement(v->writer));
    done(v, xmlTextWriterWriteRaw(v->writer, xml_text("\n")));
}

static void attribute(svg *v, const char *name, const char *value)
{
    done(v, xmlTextWriterWriteAttribute(v->writer, xml_text(name), xml_text(value)));
}

static void text(svg *v, const char *content)
{
    done(v, xmlTextWriterWriteString(v->writer, xml_text(content)));
}

static void element(svg *v, const char *name, const char *id, const char *content)
{
    start(v, name);
    attribute(v, "id", id);
    text(v, content);
    end(v);
}

static void number(svg *v, const char *name, double value)
{
    char digits[32];
    sx_i_plain(value, 3, digits);
    attribute(v, name, digits);
}

static void colour(svg *v, const char *name, sx_i_rgb rgb)
{
    char hex[16];
    snprintf(hex, sizeof hex, "#%06x", (unsigned)rgb);
    attribute(v, name, hex);
}

/* --- what marks look like --- */

static bool strokes(const sx_i_mark *m)
{
    return m->kind == SX_I_SEGMENT || (m->kind == SX_I_PATH && !m->filled) ||
           (m->kind == SX_I_SIGN && m->marker == SX_MARKER_RING);
}

static double thickness(const sx_i_mark *m)
{
    return m->kind == SX_I_SIGN ? SX_I_RING * m->size : m->size;
}

static bool alike(const sx_i_mark *a, const sx_i_mark *b)
{
    if (a->kind != b->kind || strokes(a) != strokes(b) || a->colour != b->colour ||
        a->dash != b->dash || fabs(a->opacity - b->opacity) > 0)
        return false;
    return !strokes(a) || !(fabs(thickness(a) - thickness(b)) > 0);
}

static void dashes(svg *v, const sx_i_mark *m)
{
    double length[4];
    char list[128];
    size_t used = 0;
    int n = sx_i_dash_lengths(m->dash, length);
    for (int i = 0; i < n; i++) {
        char digits[32];
        sx_i_plain(length[i] * m->size, 2, digits);
        used += (size_t)snprintf(list + used, sizeof list - used, i ? " %s" : "%s", digits);
    }
    if (n == 0)
        return;
    attribute(v, "stroke-dasharray", list);
    if (length[n - 2] < 1)
        attribute(v, "stroke-linecap", "round");
}

/* Colours, lines and opacity; black letters need no saying. */
static void look(svg *v, const sx_i_mark *m)
{
    if (strokes(m)) {
        if (m->kind != SX_I_SEGMENT)
            attribute(v, "fill", "none");
        number(v, "stroke-width", thickness(m));
        colour(v, "stroke", m->colour);
        if (m->kind == SX_I_PATH) {
            attribute(v, "stroke-linejoin", "round");
            dashes(v, m);
        }
    } else if (m->kind != SX_I_IMAGE && (m->kind != SX_I_TEXT || m->colour != SX_I_INK)) {
        colour(v, "fill", m->colour);
    }
    /* not `opacity`, which a group would apply to the whole of what it holds */
    if (m->opacity < 1)
        number(v,
               m->kind == SX_I_IMAGE ? "opacity"
               : strokes(m)          ? "stroke-opacity"
                                     : "fill-opacity",
               m->opacity);
}

/* --- shapes --- */

static void box(svg *v, const sx_i_mark *m)
{
    number(v, "x", m->x);
    number(v, "y", m->y);
    number(v, "width", m->w);
    number(v, "height", m->h);
}

static void line(svg *v, const sx_i_mark *m)
{
    number(v, "x1", m->x);
    number(v, "y1", m->y);
    number(v, "x2", m->x + m->w);
    number(v, "y2", m->y + m->h);
}

static void circle(svg *v, const sx_i_mark *m, double radius)
{
    number(v, "cx", m->x);
    number(v, "cy", m->y);
    number(v, "r", radius);
}

/* d="M0 0L1 0 0 1z" */
static void outline(svg *v, const double *xy, int32_t n, bool closed)
{
    done(v, xmlTextWriterStartAttribute(v->writer, xml_text("d")));
    for (size_t i = 0; i < (size_t)n; i++) {
        char x[32];
        char y[32];
        char point[72];
        sx_i_plain(xy[2 * i], 2, x);
        sx_i_plain(xy[2 * i + 1], 2, y);
        snprintf(point, sizeof point, "%s%s %s", i == 0 ? "M" : i == 1 ? "L" : " ", x, y);
        text(v, point);
    }
    if (closed)
        text(v, "z");
    done(v, xmlTextWriterEndAttribute(v->writer));
}

static void triangle(svg *v, const sx_i_mark *m)
{
    const double xy[] = {m->x, m->y, m->x + m->w, m->y + m->h, m->x + m->u, m->y + m->v};
    outline(v, xy, 3, true);
}

static void marker(svg *v, const sx_i_mark *m)
{
    double xy[24];
    int32_t n = sx_i_marker_outline(m, xy);
    bool ring = m->marker == SX_MARKER_RING;
    if (n > 0)
        outline(v, xy, n, true);
    else
        circle(v, m, ring ? (1 - SX_I_RING) / 2 * m->size : m->size / 2);
}

static void image(svg *v, const sx_i_mark *m)
{
    sx_i_bytes uri = {0};
    box(v, m);
    attribute(v, "preserveAspectRatio", "none");
    attribute(v, "image-rendering", "optimizeSpeed"); /* older readers */
    attribute(v, "style", "image-rendering:pixelated");
    sx_i_svg_image(m, &uri);
    if (uri.failed)
        v->failed = true;
    else
        attribute(v, "xlink:href", (const char *)uri.data);
    sx_release(uri.data);
}

/* --- text --- */

static double shift(int level, double size)
{
    return level > 0 ? -SX_I_LEVEL_UP * size : level < 0 ? SX_I_LEVEL_DOWN * size : 0;
}

/* The pieces of a markup; dy moves what follows, too, and is taken back by the next piece. */
static void pieces(svg *v, const sx_i_mark *m)
{
    sx_i_spans spans;
    int level = 0;
    if (!sx_i_markup_parse(m->text, &spans)) {
        v->failed = true;
        return;
    }
    for (int32_t i = 0; i < spans.spans; i++) {
        const sx_i_span *p = &spans.span[i];
        bool wrapped = p->level || level || p->italic;
        if (wrapped)
            start(v, "tspan");
        if (p->level != level)
            number(v, "dy", shift(p->level, m->size) - shift(level, m->size));
        if (p->level)
            number(v, "font-size", SX_I_LEVEL_SIZE * m->size);
        if (p->italic)
            attribute(v, "font-style", "italic");
        /* cut out of the row of pieces: the byte behind it is put back */
        char *behind = spans.text + p->start + p->size;
        char kept = *behind;
        *behind = '\0';
        text(v, spans.text + p->start);
        *behind = kept;
        if (wrapped)
            done(v, xmlTextWriterEndElement(v->writer));
        level = p->level;
    }
    sx_i_spans_clear(&spans);
}

static void letters(svg *v, const sx_i_mark *m)
{
    static const char *const anchors[] = {NULL, "middle", "end"};
    number(v, "x", m->x);
    number(v, "y", m->y);
    number(v, "font-size", m->size);
    if (anchors[m->anchor])
        attribute(v, "text-anchor", anchors[m->anchor]);
    if (m->markup)
        attribute(v, "xml:space", "preserve");
    if (fabs(m->angle) > 0) {
        char x[32];
        char y[32];
        char angle[32];
        char turn[128];
        sx_i_plain(m->x, 3, x);
        sx_i_plain(m->y, 3, y);
        sx_i_plain(-m->angle, 3, angle);
        snprintf(turn, sizeof turn, "rotate(%s %s %s)", angle, x, y);
        attribute(v, "transform", turn);
    }
}

static void content(svg *v, const sx_i_mark *m)
{
    if (m->kind == SX_I_TEXT && m->markup)
        pieces(v, m);
    else if (m->kind == SX_I_TEXT)
        text(v, m->text);
}

/* --- the list --- */

static const char *tag(const sx_i_mark *m)
{
    static const char *const tags[] = {"rect",   "line", "text", "path",
                                       "circle", "path", "path", "image"};
    bool round = m->marker == SX_MARKER_DISC || m->marker == SX_MARKER_RING;
    return m->kind == SX_I_SIGN && round ? "circle" : tags[m->kind];
}

static void mark(svg *v, const sx_i_mark *m, bool looks)
{
    start(v, tag(m));
    switch (m->kind) {
    case SX_I_RECT: box(v, m); break;
    case SX_I_SEGMENT: line(v, m); break;
    case SX_I_TEXT: letters(v, m); break;
    case SX_I_TRIANGLE: triangle(v, m); break;
    case SX_I_DISC: circle(v, m, m->size); break;
    case SX_I_PATH: outline(v, m->xy, m->points, m->closed || m->filled); break;
    case SX_I_SIGN: marker(v, m); break;
    case SX_I_IMAGE: image(v, m); break;
    default: break;
    }
    if (looks)
        look(v, m);
    content(v, m);
    end(v);
}

static bool drawn(const sx_i_mark *m)
{
    return m->kind != SX_I_CLIP && m->kind != SX_I_UNCLIP;
}

/* Where the marks of one class that start at `first` end; *same: all look alike. */
static int32_t run(const sx_i_scene *s, int32_t first, bool *same)
{
    const sx_i_mark *m = &s->mark[first];
    int32_t i = first + 1;
    *same = true;
    for (; i < s->marks && drawn(&s->mark[i]); i++) {
        const char *class = s->mark[i].class;
        if (class != m->class && (!class || !m->class || strcmp(class, m->class) != 0))
            break;
        *same = *same && alike(m, &s->mark[i]);
    }
    return i;
}

static int32_t group(svg *v, int32_t first)
{
    const sx_i_mark *m = v->scene->mark;
    bool same = true;
    int32_t last = run(v->scene, first, &same);
    bool wrapped = m[first].class || (same && last > first + 1);
    if (wrapped) {
        start(v, "g");
        if (m[first].class)
            attribute(v, "class", m[first].class);
        if (same)
            look(v, &m[first]);
        done(v, xmlTextWriterWriteRaw(v->writer, xml_text("\n")));
    }
    for (int32_t i = first; i < last && !v->failed; i++)
        mark(v, &m[i], !wrapped || !same);
    if (wrapped)
        end(v);
    return last;
}

/* Clips are named after their places, so that names that are alike in the figures of one web
 * page mean the same. */
static void clip(svg *v, const sx_i_mark *m)
{
    char id[128];
    char url[160];
    snprintf(id, sizeof id, "clip-%.0f-%.0f-%.0f-%.0f", m->x * 1000, m->y * 1000, m->w * 1000,
             m->h * 1000);
    snprintf(url, sizeof url, "url(#%s)", id);
    start(v, "clipPath");
    attribute(v, "id", id);
    start(v, "rect");
    box(v, m);
    end(v);
    end(v);
    start(v, "g");
    attribute(v, "clip-path", url);
    done(v, xmlTextWriterWriteRaw(v->writer, xml_text("\n")));
    v->clips++;
}

static void unclip(svg *v)
{
    if (v->clips > 0) {
        end(v);
        v->clips--;
    }
}

static void marks(svg *v)
{
    for (int32_t i = 0; i < v->scene->marks && !v->failed;) {
        const sx_i_mark *m = &v->scene->mark[i];
        if (drawn(m)) {
            i = group(v, i);
            continue;
        }
        if (m->kind == SX_I_CLIP)
            clip(v, m);
        else
            unclip(v);
        i++;
    }
    while (v->clips > 0 && !v->failed)
        unclip(v);
}

/* --- the document --- */

static void head(svg *v, bool serif)
{
    const sx_i_scene *s = v->scene;
    char width[32];
    char height[32];
    char size[80];
    sx_i_fixed(s->width, 2, width);
    sx_i_fixed(s->height, 2, height);
    attribute(v, "xmlns", "http://www.w3.org/2000/svg");
    attribute(v, "xmlns:xlink", "http://www.w3.org/1999/xlink");
    snprintf(size, sizeof size, "%spt", width);
    attribute(v, "width", size);
    snprintf(size, sizeof size, "%spt", height);
    attribute(v, "height", size);
    snprintf(size, sizeof size, "0 0 %s %s", width, height);
    attribute(v, "viewBox", size);
    attribute(v, "class", "sextant");
    attribute(v, "role", "img");
    attribute(v, "aria-labelledby", "title description");
    attribute(v, "font-family",
              serif ? "'TeX Gyre Termes', Times, 'Times New Roman', 'DejaVu Serif', serif"
                    : "'TeX Gyre Heros', Helvetica, Arial, 'DejaVu Sans', sans-serif");
    done(v, xmlTextWriterWriteRaw(v->writer, xml_text("\n")));
    element(v, "title", "title", s->title);
    element(v, "desc", "description", s->description);
}

static void ground(svg *v)
{
    sx_i_bytes style = {0};
    if (v->scene->theme == SX_THEME_AUTO) {
        sx_i_svg_style(&style);
        v->failed = v->failed || style.failed;
        start(v, "style");
        if (!style.failed)
            text(v, (const char *)style.data);
        end(v);
    }
    sx_release(style.data);
    if (v->scene->transparent)
        return;
    start(v, "rect");
    attribute(v, "width", "100%");
    attribute(v, "height", "100%");
    colour(v, "fill", sx_i_palette_of(v->scene->theme).paper);
    end(v);
}

/* Bytes for which there was no memory are remembered there: libxml2 would print that writing
 * failed. */
static int on_bytes(void *out, const char *data, int size)
{
    (void)!sx_i_bytes_add(out, data, (size_t)size);
    return size;
}

static void on_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static xmlTextWriterPtr writer_new(sx_i_bytes *out)
{
    xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(on_bytes, NULL, out, NULL);
    xmlTextWriterPtr writer = buffer ? xmlNewTextWriter(buffer) : NULL;
    if (buffer && !writer)
        xmlOutputBufferClose(buffer);
    return writer;
}

static void document(svg *v, sx_i_fonts *f)
{
    done(v, xmlTextWriterStartDocument(v->writer, NULL, "UTF-8", NULL));
    start(v, "svg");
    head(v, sx_i_fonts_serif(f));
    ground(v);
    marks(v);
    done(v, xmlTextWriterEndDocument(v->writer));
}

sx_status sx_i_write_svg(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err)
{
    /* of this thread; what libxml2 has to say about memory is told by its answers */
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, on_error);
    svg v = {.scene = s, .writer = writer_new(out)};
    if (v.writer) {
        document(&v, f);
        xmlFreeTextWriter(v.writer);
    }
    xmlSetStructuredErrorFunc(context, handler);
    return !v.writer || v.failed || out->failed ? sx_nomem(err) : SX_OK;
}
