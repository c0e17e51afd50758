# What the programs of this folder share: the two programs that are measured, and how. KEEPTABS and PEERS name a program and a
# folder of programs that are built already; a log gets seconds and kilobytes. Needs GNU time.
# shellcheck shell=bash disable=SC2034
time=$(command -v gtime || echo /usr/bin/time)
keeptabs=${KEEPTABS:-target/release/keeptabs}
[ -n "${KEEPTABS:-}" ] || cargo build --release --quiet --locked
peers=${PEERS:-target/peers/release}
[ -n "${PEERS:-}" ] || cargo build --release --quiet --locked --manifest-path benches/peers/Cargo.toml --target-dir target/peers
work=target/compare
mkdir -p "$work"

median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

# seconds and kilobytes of a command, onto the end of a file; what it printed is shown where it failed
measured() {
    local log=$1
    shift
    "$time" -f '%e %M' -o "$log" -a "$@" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 1; }
}
