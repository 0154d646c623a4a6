#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# figures.sh [FOLDER] - the gallery of docs/how-to/figures.md: one line a figure, NAME INPUT KIND
# OPTIONS...; into docs/figures unless a folder is given.
set -e
sextant=${BUILD:-build}/sextant
to=${1:-docs/figures}
mkdir -p "$to"
figure() { # figure NAME INPUT KIND OPTIONS...
    name=$1
    shift
    "$sextant" plot "$@" --output "$to/$name.svg" --alt none --quiet
}
figure distances examples/cliff.xml distances
figure regret examples/data/regret.csv regret
figure correlation examples/data/correlations.csv correlation --rows all --target worst_case
figure gridworld examples/cliff.xml gridworld --view policy
figure polygon examples/cliff.xml polygon --proxy hasty
figure goodhart examples/cliff.xml goodhart --proxy hasty
figure overoptimisation examples/data/overoptimisation.csv overoptimisation
figure training examples/data/training.csv training
figure consistency examples/data/consistency.csv consistency
figure contrast examples/data/contrast.csv consistency
figure canonical examples/cliff.xml canonical --reward shaped
figure shaping examples/cliff.xml shaping --from shaped
figure share examples/cliff.xml share --proxy hasty
