#!/usr/bin/env bash
# Fuzzes one target, or all, for so many seconds each: tests/fuzz/run.sh ldif 600, tests/fuzz/run.sh all 300.
# What it finds is left in target/fuzz/found/TARGET; the corpus grows in target/fuzz/corpus/TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ $# = 2 ] || { echo 'usage: run.sh TARGET|all SECONDS' >&2; exit 2; }
out=$(cd ../.. && pwd)/target/fuzz
export CARGO_TARGET_DIR=$out RUSTC_WRAPPER=$PWD/instrument.sh
nice cargo build --locked --quiet
targets=$1
[ "$1" != all ] || targets=$(sed -n 's/.*Target { name: "\([a-z]*\)".*/\1/p' laws.rs)
found=0
for target in $targets; do
    mkdir -p "$out/corpus/$target" "$out/found/$target"
    FUZZ_TARGET=$target FUZZ_SEEDS=$out/corpus/$target nice "$out/debug/fuzz" "$out/corpus/$target" \
        -max_total_time="$2" -max_len=8192 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
        -dict=words.txt -artifact_prefix="$out/found/$target/" >"$out/$target.log" 2>&1 || found=1
    echo "$target: $(grep -a 'cov:' "$out/$target.log" | tail -n1)"
done
exit $found
