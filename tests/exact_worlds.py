# SPDX-License-Identifier: GPL-3.0-or-later
# exact_worlds.py SEED KIND FOLDER - a small world with a reward a and a reward b, which is a in
# disguise, or nearly, or another one: FOLDER/w.xml, and FOLDER/plain.xml, which says the same
# without an edit.  KIND: explicit, factored, edited (--edit e), grouped (runs/run1 is a).
import itertools
import random
import sys
from fractions import Fraction as F

r = random.Random(int(sys.argv[1]))
kind, folder = sys.argv[2], sys.argv[3]
states = ["s%d" % i for i in range(r.randint(2, 5))]
acts = ["a", "b", "c"][:r.randint(2, 3)]
discount = r.choice(["0.9", "1/3", "0", "0.999999", "0.05"])
numbers = ["1/3", "-0.7", "1e-20", "2.5", "-1/7", "100"]


def near(disguise):
    """Reward b, of the terms of reward a that are written as `disguise`."""
    form, text = r.randint(0, 4), ""
    if form == 0:
        return '<add from="%s" action="%s" value="%s"/>' % (
            r.choice(states), r.choice(acts), r.choice(numbers))
    text += disguise % r.choice(["1/3", "0.1", "1e20", "7"])
    if form > 1:
        text += '<shape><at state="%s" potential="1/3"/><at state="%s" potential="-0.1"/></shape>'
        text %= tuple(r.sample(states, 2))
    if form > 2:
        text += '<add from="%s" action="%s" value="%s"/>' % (
            states[0], acts[0], r.choice(["1e-30", "1e-3", "-1e-15"]))
    if form == 4:
        text += '<add value="2/3"/>'
    return text


def write(name, text):
    with open(folder + "/" + name, "w") as f:
        f.write(text)


def mdp(world, rewards, rest="", gamma=discount):
    return '<mdp version="1" discount="%s">%s%s%s</mdp>' % (gamma, world, rewards, rest)


# --- explicit ----------------------------------------------------------------------------------

rows = {}
for s in states:
    for a in acts:
        to = r.sample(states, min(len(states), r.randint(1, 3)))
        weight = [r.randint(1, 9) for _ in to]
        rows[s, a] = {n: F(w, sum(weight)) for n, w in zip(to, weight)}
mu = {"s0": "1/3", "s1": "2"}
n = {s: r.choice(["1/3", "0.5", "-2", "0.1"]) for s in states}
terms = [(r.choice(states), r.choice(acts), r.choice(states), r.choice(numbers))
         for _ in range(6)]


def explicit(rows, mu, n):
    text = "<explicit>" + "".join(
        '<state id="%s"><attribute id="n" value="%s"/></state>' % (s, n[s]) for s in states)
    text += "".join('<action id="%s"/>' % a for a in acts)
    for (s, a), row in rows.items():
        text += "".join('<transition from="%s" action="%s" to="%s" p="%s"/>' % (s, a, x, p)
                        for x, p in row.items())
    text += "</explicit><initial>"
    return text + "".join('<start state="%s" p="%s"/>' % x for x in mu.items()) + "</initial>"


def adds(terms):
    return "".join('<add from="%s" action="%s" to="%s" value="%s"/>' % t for t in terms)


def reward_a(terms, first=None):
    if r.random() < .1:
        terms = []
    return (first or "") + adds(terms)


def explicit_kind():
    a = '<reward id="a">' + reward_a(terms) + "</reward>"
    b = '<reward id="b">' + near('<use reward="a" scale="%s"/>') + "</reward>"
    return mdp(explicit(rows, mu, n), a + b)


# --- factored ----------------------------------------------------------------------------------


def factored_kind():
    global states, acts
    top = r.randint(1, 2)
    acts = ["go", "flip"]
    p = ["1/3 + x / 10", "0.1 * (1 + x) + level / 100", "if(light == on, 2/3, 0.25)",
         "max(1/7, x / 5)"]
    text = '<factored><variable id="x" range="0 %d" initial="0"/>' % top
    text += '<variable id="light" values="off on" initial="off"/>'
    text += '<variable id="level" values="%s"/>' % r.choice(["0 0.1 1/3", "0.7 -2"])
    text += '<action id="go"><outcome p="%s"><assign variable="x" value="min(x + 1, %d)"/>' % (
        r.choice(p), top)
    text += '</outcome><outcome p="0.05"><assign variable="x" value="0"/><assign '
    text += 'variable="light" value="off"/></outcome><outcome/></action>'
    text += '<action id="flip"%s><outcome p="%s"><assign variable="light" ' % (
        r.choice(["", ' when="x &lt; %d or level &gt; 1/5"' % top]), r.choice(p))
    text += 'value="if(light == on, off, on)"/></outcome><outcome/></action>'
    if r.random() < .5:
        text += '<absorbing when="x == %d and light == on"/>' % top
    text += '<label id="lit" when="light == on"/>'
    text += '<attribute id="height" value="x / 7 + level * 0.3"/></factored>'
    low = {"0 0.1 1/3": "0.1", "0.7 -2": "-2"}
    level = low[text.split('id="level" values="')[1].split('"')[0]]
    states = ["x=%d,light=%s,level=%s" % (x, y, level)
              for x, y in itertools.product(range(top + 1), ["off", "on"])][:2]
    text += '<initial><start p="1/3"><assign variable="level" value="%s"/></start>' % level
    text += '<start p="2"><assign variable="level" value="%s"/><assign variable="light" ' % level
    text += 'value="on"/></start></initial>'
    a = '<reward id="a"><add value="%s" when="%s"/><set enter="lit" value="height - 0.1"/>' % (
        r.choice(["x / 3", "next_x - level", "height * height"]),
        r.choice(["light == on", "next_x &gt; x", "height &lt; 0.2"]))
    a += '<add from="lit" action="go" value="-1/7"/></reward>'
    b = '<reward id="b">' + near('<use reward="a" scale="%s"/>') + "</reward>"
    if r.random() < .5:
        b = b.replace("</reward>", '<shape potential="height / 3 - x"/></reward>')
    return mdp(text, a + b)


# --- edited ------------------------------------------------------------------------------------


def permuted(x):
    """Of a dictionary by state, or by state and action, that of e: X'(s) = X(es)."""
    e = dict(zip(states, states[1:] + states[:1]))
    f = dict(zip(acts, acts[1:] + acts[:1]))
    back = {y: z for z, y in list(e.items()) + list(f.items())}
    cycles = 'states="%s" actions="%s"' % (" ".join(states), " ".join(acts))
    if x is None:
        return cycles
    if isinstance(x, list):
        return [tuple(back[y] for y in t[:3]) + t[3:] for t in x]
    out = {}
    for k, y in x.items():
        key = tuple(back[z] for z in k) if isinstance(k, tuple) else back[k]
        out[key] = {back[z]: p for z, p in y.items()} if isinstance(y, dict) else y
    return out


def edited_kind():
    form = r.randint(0, 2)
    first = '<add value="n / 3 + next_n" when="n &gt; 0.1"/>'
    a = reward_a(terms, first)
    b = near(first.replace("n / 3 + next_n", "(n / 3 + next_n) * %s") + '<use reward="t"/>')
    t = '<reward id="t">' + adds(terms[:3]) + "</reward>"
    rewards = t + '<reward id="a">%s</reward><reward id="b">%s</reward>' % (a, b)
    if form == 0:
        gamma = r.choice(["1/7", "0.95"])
        edit = '<replace sel="mdp/@discount">%s</replace>' % gamma
        edit += '<add sel="mdp/reward[2]"><add from="s0" value="{step}"/></add>'
        plain = rewards.replace("</reward>", '<add from="s0" value="2/3"/></reward>', 2)
        plain = plain.replace('<add from="s0" value="2/3"/></reward>', "</reward>", 1)
        world = plain_world = explicit(rows, mu, n)
        steps, plain_gamma = ' steps="0 2/3"', gamma
    elif form == 1:
        edit = '<do variable="n" value="n * 0.1 + 1/7" when="n &lt; 0.4"/>'
        new = {s: str(F(x) / 10 + F(1, 7)) if F(x) < F(2, 5) else x for s, x in n.items()}
        world, plain_world = explicit(rows, mu, n), explicit(rows, mu, new)
        plain, steps, plain_gamma = rewards, "", discount
    else:
        edit = "<permute %s/>" % permuted(None)
        a, b = adds(terms), adds([t[:3] + (str(F(t[3]) / 3),) for t in terms])
        c, d = adds(permuted(terms)), adds(permuted([t[:3] + (str(F(t[3]) / 3),) for t in terms]))
        if r.random() < .5:
            b, d = b + '<add value="1e-30" from="s0" action="a"/>', d + (
                '<add value="1e-30" from="%s" action="%s"/>' % (
                    states[-1], acts[-1]))
        form = '<reward id="a">%s</reward><reward id="b">%s</reward>'
        rewards, plain = form % (a, b), form % (c, d)
        world = explicit(rows, mu, n)
        plain_world = explicit(permuted(rows), permuted(mu), permuted(n))
        steps, plain_gamma = "", discount
    write("plain.xml", mdp(plain_world, plain, gamma=plain_gamma))
    return mdp(world, rewards, '<edit id="e"%s>%s</edit>' % (steps, edit))


# --- grouped -----------------------------------------------------------------------------------


def grouped_kind():
    for i in range(3):
        rows = "".join(",".join(t) + "\n" for t in {t[:3]: t for t in terms[i:]}.values())
        write("run%d.csv" % i, "from,action,to,reward\n" + rows)
    text = '<reward id="runs" href="run*.csv" missing="zero"/>'
    text += '<reward id="b">' + near('<use reward="runs/run1" scale="%s"/>') + "</reward>"
    return mdp(explicit(globals()["rows"], mu, n), text)


text = {"explicit": explicit_kind, "factored": factored_kind, "edited": edited_kind,
        "grouped": grouped_kind}[kind]()
write("w.xml", text)
if kind != "edited":
    write("plain.xml", text)
