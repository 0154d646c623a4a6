#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# test_packages.sh - tools/packages.sh installs what is missing and nothing else, with sudo
# where it must, and says so; a stage with stand-ins for apt-get, dpkg-query, sudo and id.
passed=0
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/bin"
for tool in sh sed cat env; do
    ln -s "$(command -v $tool)" "$dir/bin/$tool"
done
printf '# a list\nhere\nmissing # why\nalso-missing\n' > "$dir/list"
stand_in() { # stand_in NAME SCRIPT
    printf '#!/bin/sh\n%s\n' "$2" > "$dir/bin/$1"
    chmod +x "$dir/bin/$1"
}
expect() { # expect WHAT TEXT : what the last run did
    if [ "$(cat "$dir/did")" = "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1: did"
        cat "$dir/did"
    fi
}
run() {
    PATH="$dir/bin" sh tools/packages.sh "$@" > "$dir/did" 2>&1 || echo "status $?" >> "$dir/did"
}

run "$dir/list"
expect 'no Debian' "Not a Debian system.  Sextant needs what Debian calls: here missing also-missing"

stand_in dpkg-query 'for p; do :; done; [ "$p" = here ] && echo "ii " || exit 1'
stand_in apt-get 'echo "apt-get $*"'
stand_in id 'echo 0'
run "$dir/list"
expect 'root' 'Installing Debian packages: missing also-missing
apt-get -qq update
apt-get -qq install --yes --no-install-recommends missing also-missing'

stand_in id 'echo 1000'
run "$dir/list"
expect 'neither root nor sudo' 'Missing packages, and no sudo to install them: missing also-missing
status 1'

stand_in sudo 'echo "sudo $*"'
run "$dir/list"
expect 'sudo' 'Installing Debian packages: missing also-missing
sudo apt-get -qq update
sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends missing also-missing'

echo here > "$dir/list"
run "$dir/list"
expect 'nothing to do' ''

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
