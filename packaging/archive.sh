#!/usr/bin/env bash
# archive.sh TARGET … : builds keeptabs for each target and packs it into dist/. The first target must run on this machine:
# manual pages and completions are what the program prints.
set -euo pipefail
cd "$(dirname "$0")/.."

LIMIT=$((12 * 1000 * 1000)) # bytes of the program
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
KEEPTABS_COMMIT=${KEEPTABS_COMMIT:-$(git rev-parse --short=9 HEAD)}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
# parts of SQLite that nothing here asks for: full-text search and maps
LIBSQLITE3_FLAGS="-USQLITE_ENABLE_FTS3 -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE"
export KEEPTABS_COMMIT SOURCE_DATE_EPOCH LIBSQLITE3_FLAGS
python=$(command -v python3 || command -v python)

mkdir -p dist
pages=dist/pages
rm -rf "$pages"

for target in "$@"; do
    cargo build --profile dist --locked --target "$target"
    case $target in *windows*) exe=.exe ;; *) exe= ;; esac
    program=target/$target/dist/keeptabs$exe
    size=$(wc -c <"$program")
    if [ "$size" -gt $LIMIT ]; then
        echo "$program has $size bytes, more than $LIMIT" >&2
        exit 1
    fi
    if [ ! -d "$pages" ]; then
        mkdir -p "$pages/completions"
        "$program" man --out "$pages/man"
        "$program" completions bash >"$pages/completions/keeptabs.bash"
        "$program" completions zsh >"$pages/completions/_keeptabs"
        "$program" completions fish >"$pages/completions/keeptabs.fish"
        "$program" completions powershell >"$pages/completions/_keeptabs.ps1"
    fi

    name=keeptabs-$version-$target
    folder=dist/$name
    rm -rf "$folder"
    mkdir -p "$folder/docs"
    cp "$program" README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$folder"
    cp -R "$pages/man" "$pages/completions" "$folder"
    cp -R docs/*.md docs/pictures docs/schemas "$folder/docs"
    rm "$folder"/docs/pictures/*.py
    cp -R fixtures/first-month "$folder/examples"
    "$python" packaging/notices.py "$target" >"$folder/THIRD-PARTY-LICENCES.txt"

    if [ -n "$exe" ]; then
        # for who does not type: a double click, or a folder dropped on it
        cp "packaging/Run keeptabs.cmd" "$folder"
        rm -f "dist/$name.zip"
        (cd dist && 7z a -bso0 -tzip "$name.zip" "$name")
    else
        # names in order, one time, nobody's numbers: the same sources give the same archive
        "$python" - "$folder" "$SOURCE_DATE_EPOCH" <<'PY'
import gzip, pathlib, sys, tarfile

folder, time = pathlib.Path(sys.argv[1]), int(sys.argv[2])

def plain(info):
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mtime = time
    info.mode = 0o755 if info.isdir() or info.name.endswith("/keeptabs") else 0o644
    return info

with open(f"{folder}.tar.gz", "wb") as raw, gzip.GzipFile("", "wb", 9, raw, time) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
    archive.add(folder, folder.name, recursive=False, filter=plain)
    for path in sorted(folder.rglob("*")):
        archive.add(path, str(path.relative_to(folder.parent).as_posix()), recursive=False, filter=plain)
PY
    fi
    echo "dist/$name: the program has $size bytes"
done
