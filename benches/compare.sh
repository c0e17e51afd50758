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
time=$(command -v gtime || echo /usr/bin/time)
cargo build --release --quiet --locked
cargo build --release --quiet --locked --manifest-path benches/peers/Cargo.toml --target-dir target/peers
keeptabs=target/release/keeptabs
work=target/compare
mkdir -p "$work"

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# seconds and kilobytes of a command, onto the end of a file; what it printed is kept beside it
measured() {
    local log=$1
    shift
    "$time" -f '%e %M' -o "$log" -a "$@" >"$work/said" 2>&1 || { cat "$work/said"; exit 1; }
}

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
    [ -d "$work/$inbox" ] || target/peers/release/generate "$work/$inbox" "${size[@]}"
    rm -f "$work/own" "$work/peer" "$work/again"
    for _ in $(seq "$runs"); do
        rm -rf "$work/out" "$work/copied"
        measured "$work/own" "${pin[@]}" "$keeptabs" run "$work/$inbox" --out "$work/out" --month 2026-11 -q "${options[@]}"
        measured "$work/again" "${pin[@]}" "$keeptabs" run "$work/$inbox" --out "$work/out" --month 2026-11 -q "${options[@]}"
        measured "$work/peer" "${pin[@]}" target/peers/release/copy "$work/$inbox" "$work/copied"
    done
    own=$(cut -d' ' -f1 "$work/own" | median)
    peer=$(cut -d' ' -f1 "$work/peer" | median)
    again=$(cut -d' ' -f1 "$work/again" | median)
    memory=$(cut -d' ' -f2 "$work/own" | sort -n | tail -1)
    awk -v name="$name" -v own="$own" -v peer="$peer" -v again="$again" -v memory="$memory" 'BEGIN {
        printf "%-14s %7.2f s %7.2f s %7.2f %6.0f MB %10.2f\n", name, own, peer, own / peer, memory / 1024, again / own }'
done
