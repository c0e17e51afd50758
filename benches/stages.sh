#!/usr/bin/env bash
# What each stage of keeptabs costs, and how that grows with the clients of a workbook and with the workbooks of an inbox.
#
#     benches/stages.sh [WORKBOOKSxCLIENTS ...]     1x100 1x1000 1x10000 1x100000 10x1000 100x1000 1000x100
#
# Prints a line a size: seconds of processor time (the least of three runs) for reading with header search and headings
# (`map`), values, score and portfolio (`check` less `map`), and writing as values and with formulas (`run` less `check`);
# then microseconds a client for the whole, and the most memory. Needs GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1x100 1x1000 1x10000 1x100000 10x1000 100x1000 1000x100)
time=$(command -v gtime || echo /usr/bin/time)
cargo build --release --quiet --locked
cargo build --release --quiet --locked --manifest-path benches/peers/Cargo.toml --target-dir target/peers
work=target/compare
mkdir -p "$work"

# the least processor time of three runs, and the most memory in kilobytes
cost() {
    rm -f "$work/log"
    for _ in 1 2 3; do
        rm -rf "$work/out"
        "$time" -f '%U %S %M' -o "$work/log" -a target/release/keeptabs "$@" >/dev/null 2>&1 || true
    done
    awk 'NF == 3 { used = $1 + $2; if (!n++ || used < least) least = used; if ($3 > most) most = $3 } END { print least, most }' "$work/log"
}

printf '%-10s %10s %10s %10s %10s %12s %9s\n' size 'read, map' portfolio values formulas 'µs a client' memory
for size in "${sizes[@]}"; do
    [ -d "$work/$size" ] || target/peers/release/generate "$work/$size" "${size%x*}" "${size#*x}"
    inbox=$work/$size
    read -r map _ <<<"$(cost map "$inbox" --month 2026-11)"
    read -r check _ <<<"$(cost check "$inbox" --month 2026-11 -q)"
    read -r values _ <<<"$(cost run "$inbox" --out "$work/out" --month 2026-11 -q --values)"
    read -r live memory <<<"$(cost run "$inbox" --out "$work/out" --month 2026-11 -q)"
    awk -v size="$size" -v map="$map" -v check="$check" -v values="$values" -v live="$live" -v memory="$memory" 'BEGIN {
        split(size, n, "x")
        printf "%-10s %8.2f s %8.2f s %8.2f s %8.2f s %12.0f %6.0f MB\n", size, map, check - map, values - check, live - check,
            live * 1e6 / (n[1] * n[2]), memory / 1024 }'
done
