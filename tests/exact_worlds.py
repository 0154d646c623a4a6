# SPDX-License-Identifier: GPL-3.0-or-later
# exact_worlds.py SEED - a small explicit world with a reward a and a reward b, which is a in
# disguise, or nearly, or another one.
import random
import sys

r = random.Random(int(sys.argv[1]))
states = ["s%d" % i for i in range(r.randint(2, 5))]
acts = ["a", "b", "c"][:r.randint(2, 3)]


def add():
    return '<add from="%s" action="%s" to="%s" value="%s"/>' % (
        r.choice(states), r.choice(acts), r.choice(states),
        r.choice(["1/3", "-0.7", "1e-20", "2.5", "-1/7", "100"]))


discount = r.choice(["0.9", "1/3", "0", "0.999999", "0.05"])
text = '<mdp version="1" discount="%s"><explicit>' % discount
text += "".join('<state id="%s"/>' % s for s in states)
text += "".join('<action id="%s"/>' % a for a in acts)
for s in states:
    for a in acts:
        to = r.sample(states, min(len(states), r.randint(1, 3)))
        weight = [r.randint(1, 9) for _ in to]
        for n, w in zip(to, weight):
            text += '<transition from="%s" action="%s" to="%s" p="%d/%d"/>' % (
                s, a, n, w, sum(weight))
text += '</explicit><initial><start state="s0" p="1/3"/><start state="s1" p="2"/></initial>'
text += '<reward id="a">'
if r.random() > .1:
    text += "".join(add() for _ in range(6))
text += '</reward><reward id="b">'
kind = r.randint(0, 4)
if kind == 0:
    text += add()
else:
    text += '<use reward="a" scale="%s"/>' % r.choice(["1/3", "0.1", "1e20", "7"])
if kind > 1:
    text += '<shape><at state="s1" potential="1/3"/><at state="s0" potential="-0.1"/></shape>'
if kind > 2:
    text += '<add from="s0" action="a" value="%s"/>' % r.choice(["1e-30", "1e-3", "-1e-15"])
if kind == 4:
    text += '<add value="2/3"/>'
print(text + "</reward></mdp>")
