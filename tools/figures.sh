#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# figures.sh - the gallery: one line a figure, its name, what it is an example of, and what
# `sextant plot` is told.
#   figures.sh list                    NAME, INPUT, KIND, OPTIONS of each
#   figures.sh draw FOLDER FORMAT...   FOLDER/NAME.FORMAT, NAME.alt.txt and NAME.csv of each
#   figures.sh page FOLDER             docs/reference/gallery.md, with the texts of FOLDER
#   figures.sh fonts                   what the widths of texts depend on
set -e
sextant=${BUILD:-build}/sextant
mode=$1
folder=$2
[ $# -lt 2 ] || shift 2
formats=$*

figure() { # figure NAME SAYS INPUT KIND OPTIONS...
    name=$1
    says=$2
    shift 2
    case $mode in
    list) echo "$name $*" ;;
    draw)
        for format in $formats; do
            "$sextant" plot "$@" --output "$folder/$name.$format" --data "$folder/$name.csv" --quiet
        done
        ;;
    page)
        alt=$(sed 's/[][\\]/\\&/g' "$folder/$name.alt.txt")
        printf '\n%s\n\n![%s](../figures/%s.svg)\n\n' "$says" "$alt" "$name"
        printf '```sh\nsextant plot %s --output %s.svg\n```\n' "$*" "$name"
        ;;
    esac
}
part() { # part TITLE
    [ "$mode" != page ] || printf '\n## %s\n' "$1"
}

case $mode in
list) ;;
fonts)
    echo "processor $(uname -m)"
    for library in pangocairo fontconfig freetype2 harfbuzz; do
        echo "$library $(pkg-config --modversion "$library")"
    done
    for face in 'TeX Gyre Heros' 'TeX Gyre Heros:bold' 'TeX Gyre Heros:italic' 'TeX Gyre Termes' \
        'TeX Gyre Termes:bold' 'TeX Gyre Termes:italic' 'DejaVu Sans' 'DejaVu Serif'; do
        file=$(fc-match -f '%{file}' "$face")
        echo "$face ${file##*/} $(cksum < "$file")"
    done
    ;;
draw) mkdir -p "$folder" ;;
page)
    cat << END
<!-- Made by tools/figures.sh: make figures -->
# Gallery

Every kind of figure, drawn from the examples, with the command that draws it. [Figures](../how-to/figures.md) says when to
use each and how to read it, and [the command](command.md) lists all options. A name that ends in .pdf or .png in place of
.svg gives the same figure in that form. What a picture's alternative text says here is what is written beside the file.
END
    ;;
*)
    sed -n '3,8s/^# //p' "$0" >&2
    exit 2
    ;;
esac

part 'How far apart rewards are'
figure distances 'Six rewards on one world; shaped is true in disguise.' \
    examples/cliff.xml distances
figure distances-dark 'Ten rewards, with the canonicalisation of EPIC, on black.' \
    examples/epic-gridworld.xml distances --canon epic --theme dark
figure share 'Which steps carry the distance, and which are left once one reward is aligned with the other.' \
    examples/cliff.xml share --proxy hasty
figure training 'A learned reward on its way: runs, their mean and its interval.' \
    examples/data/training.csv training
figure correlation 'Which canonicalisation predicts regret best, a dot for each norm and metric.' \
    examples/data/correlations.csv correlation --rows all --target worst_case

part 'What optimising the wrong one costs'
figure regret 'Worst-case regret over distance of many pairs, with their bounds.' \
    examples/data/regret.csv regret
figure regret-log 'The same on logarithmic axes, as a paper at NeurIPS has it.' \
    examples/data/regret.csv regret --log xy --venue neurips --font serif
figure regret-world 'All pairs of one world, each with the bounds that are known of it.' \
    examples/cliff.xml regret
figure polygon 'All policies of a world by their returns under two rewards, and the worst case.' \
    examples/cliff.xml polygon --proxy hasty
figure polygon-base 'The same for responses to prompts, with the policy that is there before training.' \
    examples/paraphrase.xml polygon --proxy polite --policy base
figure goodhart 'What becomes of the true return while a proxy is optimised, and when to stop.' \
    examples/frozenlake-4x4.xml goodhart --proxy dry
figure goodhart-pressure 'The same over the pressure of optimisation.' \
    examples/frozenlake-4x4.xml goodhart --proxy dry --x pressure
figure goodhart-proxies 'Two proxies on one world.' \
    examples/moving-goal.xml goodhart
figure overoptimisation 'Proxy and true value of the best of n responses.' \
    examples/data/overoptimisation.csv overoptimisation
figure overoptimisation-dark 'The same over the square root of the KL divergence, on black.' \
    examples/data/overoptimisation.csv overoptimisation --x sqrt-kl --theme dark

part 'Whether rewards follow what edits change'
figure consistency 'Three reward models under edits, with bootstrap intervals.' \
    examples/data/consistency.csv consistency
figure consistency-steps 'An edit with steps is a curve over its size.' \
    examples/length-bias.xml consistency --threshold 0.3
figure contrast 'Contrast sets: which responses are ordered rightly, by model and set.' \
    examples/data/contrast.csv consistency
figure contrast-models 'The same by model alone, with intervals, in one column at AAAI.' \
    examples/data/models.csv consistency --venue aaai --font serif

part 'Forms of one reward'
figure canonical 'A reward and its canonical forms.' \
    examples/epic-gridworld.xml canonical --reward dense
figure shaping 'A reward before and after shaping, and the potential that does it.' \
    examples/epic-gridworld.xml shaping --from dense
figure shaping-bars 'Where there is no map, rewards are matrices of states by actions.' \
    examples/two-state.xml shaping --from proxy --to true

part 'Gridworlds'
figure gridworld 'Optimal values and all optimal moves.' \
    examples/cliff.xml gridworld --view policy
figure gridworld-map 'The map, with numbers of rows and columns.' \
    examples/frozenlake-8x8.xml gridworld --view map --coords
figure gridworld-value 'Optimal values.' \
    examples/frozenlake-4x4.xml gridworld --view value
figure gridworld-reward 'A reward, a wedge for each move and a circle for staying.' \
    examples/epic-gridworld.xml gridworld --view reward --reward cliff
figure gridworld-difference 'Where two rewards disagree, and where that changes the optimal move.' \
    examples/cliff.xml gridworld --view difference --proxy hasty
figure gridworld-occupancy 'Where the optimal policy spends its time.' \
    examples/frozenlake-8x8.xml gridworld --view occupancy
figure gridworld-potential 'The potential that turns one reward into its disguise.' \
    examples/cliff.xml gridworld --view potential --proxy shaped
figure gridworld-dark 'Three ways through a world, on black.' \
    examples/cliff.xml gridworld --view trajectory --theme dark
