#!/usr/bin/env bash
# How cost grows: with the clients of one workbook, and with the workbooks of 20 clients of an inbox.
#
#     benches/growth.sh [RUNS] [WORKBOOKSxCLIENTS ...]
#
# 3 runs of each; 1x100 1x1000 1x10000 1x100000 1x1000000 1x20 10x20 100x20 1000x20 10000x20. Prints a row of a Markdown table
# a size: the median of the seconds, microseconds a client, the ratio to a program that copies the cells (benches/peers), and
# the most memory. Results hold formulas, in large workbooks values, as the configuration has it. Needs GNU time; the largest
# sizes take some gigabytes in target/ and minutes a run. KEEPTABS and PEERS name a program and a folder of programs that are
# built already.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
shift || true
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1x100 1x1000 1x10000 1x100000 1x1000000 1x20 10x20 100x20 1000x20 10000x20)
. benches/common.sh

echo '| workbooks | clients in each | seconds | µs a client | against copy | memory |'
echo '|---|---|---|---|---|---|'
for size in "${sizes[@]}"; do
    [ -d "$work/$size" ] || "$peers/generate" "$work/$size" "${size%x*}" "${size#*x}"
    rm -f "$work/own" "$work/peer"
    for _ in $(seq "$runs"); do
        rm -rf "$work/out" "$work/copied"
        measured "$work/own" "$keeptabs" run "$work/$size" --out "$work/out" --month 2026-11 -q
        measured "$work/peer" "$peers/copy" "$work/$size" "$work/copied"
    done
    rm -rf "$work/out" "$work/copied"
    own=$(cut -d' ' -f1 "$work/own" | median)
    peer=$(cut -d' ' -f1 "$work/peer" | median)
    memory=$(cut -d' ' -f2 "$work/own" | sort -n | tail -1)
    awk -v size="$size" -v own="$own" -v peer="$peer" -v memory="$memory" 'BEGIN {
        split(size, n, "x")
        # what took less than GNU time tells has no ratio
        ratio = peer >= 0.05 ? sprintf("%.1f", own / peer) : "–"
        printf "| %d | %d | %.2f | %.0f | %s | %.0f MB |\n", n[1], n[2], own, own * 1e6 / (n[1] * n[2]), ratio, memory / 1024 }'
done
