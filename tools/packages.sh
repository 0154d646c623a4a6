#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# packages.sh LIST... - install the Debian packages of the lists that are missing.
# Where there is no apt it says what is needed and goes on.
set -eu
needed=$(sed 's/#.*//' "$@")
if ! command -v apt-get > /dev/null || ! command -v dpkg-query > /dev/null; then
    echo "Not a Debian system.  Sextant needs what Debian calls:" $needed >&2
    exit 0
fi
missing=
for package in $needed; do
    case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2> /dev/null || true) in
    ?i*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
root=
if [ "$(id -u)" != 0 ]; then
    root=sudo
    command -v sudo > /dev/null || {
        echo "Missing packages, and no sudo to install them:$missing" >&2
        exit 1
    }
fi
echo "Installing Debian packages:$missing"
$root apt-get -qq update
$root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install --yes --no-install-recommends $missing < /dev/null
