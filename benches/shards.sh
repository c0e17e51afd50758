#!/usr/bin/env bash
# One run against the same run with its phases done ahead in parts (docs/scaling.md), each part a process on one core.
#
#     benches/shards.sh [PARTS] [WORKBOOKSxCLIENTS]     2 parts, 200x500
#
# Prints the seconds of each step, those of processors as well, and holds every result against those of the one run, byte for byte. The parts are
# started by xargs; GNU parallel, a job array or machines that share the folders do as well. KEEPTABS and PEERS name a program
# and a folder of programs that are built already.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=${1:-2}
size=${2:-200x500}
. benches/common.sh
inbox=$work/$size
[ -d "$inbox" ] || "$peers/generate" "$inbox" "${size%x*}" "${size#*x}"
rm -rf "$work/one" "$work/parts"
find "$inbox" -type f -printf '%P\n' | sort >"$work/list"

# name, then the command: the seconds that pass, and those of processors with the kernel's
step() {
    TIMEFORMAT=$(printf '%-20s %%7R s %%9U + %%S s' "$1")
    shift
    time "$@"
}

run() { "$keeptabs" run "$inbox" --month 2026-11 -q "$@"; }

# every part of a phase at once; a part that fails is left to the run at the end
phase() {
    # shellcheck disable=SC2016 # the inner shell expands them
    seq "$parts" | xargs -P "$parts" -I '{}' sh -c \
        'split -n "r/$1/$2" "$3" | "$4" run "$5" --out "$6" --month 2026-11 -q --jobs 1 --phase "$7" --files-from -' \
        part '{}' "$parts" "$work/list" "$keeptabs" "$inbox" "$work/parts" "$1" || true
}

echo "$size, $parts parts"
step 'one run' run --out "$work/one"
step 'one run, one core' run --out "$work/alone" --jobs 1
rm -rf "$work/alone"
step 'read, in parts' phase read
step 'join' run --out "$work/parts" --phase join
step 'write, in parts' phase write
step 'the run at the end' run --out "$work/parts"
diff -r "$work/one/2026-11" "$work/parts/2026-11"
echo "$(find "$work/one/2026-11" -type f | wc -l) results are the same, byte for byte"
