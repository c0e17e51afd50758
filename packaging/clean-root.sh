#!/usr/bin/env bash
# clean-root.sh : installs the .deb in a Debian that holds nothing else and runs it there on the example lists; then runs the
# program alone in an empty root, where there is no library, no shell, no time zone. Needs root and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
deb=dist/keeptabs_${version}_amd64.deb
root=$(mktemp -d)
empty=$(mktemp -d)
trap 'rm -rf "$root" "$empty"' EXIT

# MIRROR: where packages come from, else debootstrap's own choice
debootstrap --variant=minbase "${SUITE:-bookworm}" "$root" ${MIRROR:+"$MIRROR"} >"$root.log" 2>&1 ||
    { cat "$root.log" >&2; exit 1; }
rm "$root.log"
cp "$deb" "$root/keeptabs.deb"
chroot "$root" dpkg --install /keeptabs.deb
chroot "$root" keeptabs --version
mkdir "$root/work"
# shellcheck disable=SC2016 # the variables are those of the shell inside
chroot "$root" sh -ec '
    cd /work
    keeptabs init
    cp -R /usr/share/doc/keeptabs/examples/. inbox
    status=0
    keeptabs run --month 2026-10 || status=$?
    test "$status" -eq 1 # the heading that reads two ways
    test -s "results/2026-10/Services/Kunden.xlsx"
    test -s "results/2026-10/Client retention summary 2026-10.xlsx"
    test -s /usr/share/man/man1/keeptabs-run.1.gz
    test -s /usr/share/doc/keeptabs/copyright
    keeptabs demo /demo >/dev/null
'
chroot "$root" dpkg --remove keeptabs
if chroot "$root" dpkg --listfiles keeptabs 2>/dev/null | grep -q /usr/bin; then
    echo "something of keeptabs is left" >&2
    exit 1
fi

cp "dist/keeptabs-$version-x86_64-unknown-linux-musl/keeptabs" "$empty"
cp -R fixtures/inbox fixtures/keeptabs.toml "$empty"
chroot "$empty" /keeptabs --version
chroot "$empty" /keeptabs run /inbox --out /results
test -s "$empty/results/2026-11/clients.parquet"
echo "installed, run and removed in a clean root; run alone in an empty one"
