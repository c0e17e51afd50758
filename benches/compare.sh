#!/usr/bin/env bash
# keeptabs against a program that copies the cells of the same inboxes and does none of the job, run in turn.
#
#     benches/compare.sh [RUNS] [INBOX ...]     5 runs of each; many many-values many-1 many-1-values tiny big [huge]
#
# Prints a line an inbox: the medians of the seconds that passed, their ratio, the most memory that keeptabs held, and the
# ratio of the second of two runs on the same inbox (nothing changed) to the first. Needs GNU time, and some gigabytes in
# target/ for huge. The inboxes are made once, always the same.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
shift || true
inboxes=("$@")
[ ${#inboxes[@]} -gt 0 ] || inboxes=(many many-values many-1 many-1-values tiny big)
. benches/common.sh

printf '%-14s %9s %9s %7s %9s %10s\n' inbox keeptabs copy ratio memory unchanged
for name in "${inboxes[@]}"; do
    options=()
    pin=()
    case $name in
        many*) inbox=many size=(200 500) ;;
        tiny*) inbox=tiny size=(1000 20) ;;
        big*) inbox=big size=(1 200000) ;;
        huge*) inbox=huge size=(1 1000000) ;;
        *x*) inbox=$name size=("${name%x*}" "${name#*x}") ;;
        *) echo "no inbox is called $name"; exit 2 ;;
    esac
    case $name in *-values*) options+=(--values) ;; esac
    case $name in *-1*) options+=(--jobs 1); pin=(taskset -c 0) ;; esac
    [ -d "$work/$inbox" ] || "$peers/generate" "$work/$inbox" "${size[@]}"
    rm -f "$work/own" "$work/peer" "$work/again"
    for _ in $(seq "$runs"); do
        rm -rf "$work/out" "$work/copied"
        measured "$work/own" "${pin[@]}" "$keeptabs" run "$work/$inbox" --out "$work/out" --month 2026-11 -q "${options[@]}"
        measured "$work/again" "${pin[@]}" "$keeptabs" run "$work/$inbox" --out "$work/out" --month 2026-11 -q "${options[@]}"
        measured "$work/peer" "${pin[@]}" "$peers/copy" "$work/$inbox" "$work/copied"
    done
    own=$(cut -d' ' -f1 "$work/own" | median)
    peer=$(cut -d' ' -f1 "$work/peer" | median)
    again=$(cut -d' ' -f1 "$work/again" | median)
    memory=$(cut -d' ' -f2 "$work/own" | sort -n | tail -1)
    awk -v name="$name" -v own="$own" -v peer="$peer" -v again="$again" -v memory="$memory" 'BEGIN {
        printf "%-14s %7.2f s %7.2f s %7.2f %6.0f MB %10.2f\n", name, own, peer, own / peer, memory / 1024, again / own }'
done
