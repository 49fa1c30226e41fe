#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# verify_unit.sh UNIT DROP_IN: systemd-analyze must find nothing to complain about.
set -euo pipefail

command -v systemd-analyze >/dev/null || { echo "skipped: systemd-analyze is not installed"; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The program may not be installed here; everything else is verified as it is.
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$1" >"$folder/jk-pylon.service"

verify() {
    local said
    said=$(systemd-analyze verify --man=no "$folder/jk-pylon.service" 2>&1) || { echo "$1: $said"; exit 1; }
    said=$(grep 'jk-pylon' <<<"$said" || true)
    [[ -z $said ]] || { echo "$1: $said"; exit 1; }
}

verify "unit"
mkdir "$folder/jk-pylon.service.d"
cp "$2" "$folder/jk-pylon.service.d/"
verify "unit with drop-in"
