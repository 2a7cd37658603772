#!/usr/bin/env bash
# Measures Rollcall against what one would write instead, in one run; README.md beside this has a result and its words.
# What it generates lies under target/bench.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=target/python/bin/python
if [ ! -x "$python" ]; then
    printf 'run.sh: target/python is missing: run tests/check.sh first, which makes it\n' >&2
    exit 1
fi
cargo build --release --locked
rm -rf target/bench
"$python" tests/benches/measure.py target/release/rollcall target/bench
