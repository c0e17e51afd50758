#!/usr/bin/env bash
# deb.sh : dist/keeptabs_VERSION_amd64.deb from what archive.sh has put into dist/. It depends on nothing: the program is static.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
from=dist/keeptabs-$version-x86_64-unknown-linux-musl
package=dist/keeptabs_${version}_amd64
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

if [ ! -d "$from" ]; then
    echo "$from is not there: packaging/archive.sh x86_64-unknown-linux-musl makes it" >&2
    exit 1
fi
if readelf --program-headers "$from/keeptabs" | grep -q INTERP; then
    echo "$from/keeptabs is not static" >&2
    exit 1
fi

rm -rf "$package"
doc=$package/usr/share/doc/keeptabs
install -D -m 755 "$from/keeptabs" "$package/usr/bin/keeptabs"
for page in "$from"/man/*.1; do
    install -D -m 644 "$page" "$package/usr/share/man/man1/$(basename "$page")"
done
gzip -9n "$package"/usr/share/man/man1/*.1
install -D -m 644 "$from/completions/keeptabs.bash" "$package/usr/share/bash-completion/completions/keeptabs"
install -D -m 644 "$from/completions/_keeptabs" "$package/usr/share/zsh/vendor-completions/_keeptabs"
install -D -m 644 "$from/completions/keeptabs.fish" "$package/usr/share/fish/vendor_completions.d/keeptabs.fish"
mkdir -p "$doc"
cp -R "$from/docs" "$from/examples" "$from/README.md" "$doc"
gzip -9nc "$from/CHANGELOG.md" >"$doc/changelog.gz"
{
    printf 'keeptabs: MIT or Apache-2.0, as you like.\n\n'
    cat "$from/LICENSE-MIT"
    printf '\nApache-2.0: /usr/share/common-licenses/Apache-2.0\n\n'
    cat "$from/THIRD-PARTY-LICENCES.txt"
} >"$doc/copyright"
find "$package" -type d -exec chmod 755 {} +
find "$package" -type f ! -path '*/bin/*' -exec chmod 644 {} +

mkdir -p "$package/DEBIAN"
cat >"$package/DEBIAN/control" <<CONTROL
Package: keeptabs
Version: $version
Architecture: amd64
Maintainer: ${KEEPTABS_MAINTAINER:-keeptabs maintainers <keeptabs@localhost>}
Installed-Size: $(du -sk --exclude DEBIAN "$package" | cut -f1)
Section: utils
Priority: optional
Description: scores how well each client is looked after
 Reads the client lists that departments keep in Excel (xlsx, xlsm, xlsb, xls,
 ods, csv; seven languages), scores each client from 0 to 6, and hands every
 department its workbook back: formatted, coloured by status, with live
 formulas. One more workbook sums the organisation up.
CONTROL
(cd "$package" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$package/DEBIAN/md5sums"
find "$package" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$package" "$package.deb"
