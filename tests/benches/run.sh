#!/usr/bin/env bash
# Measures Rollcall against what one would write instead, in one run; README.md beside this has a result and its words.
# What it generates and installs lies under target/bench and target/python. Names of parts may follow: see measure.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python=target/python/bin/python
if [ ! -x "$python" ]; then
    printf 'run.sh: target/python is missing: run tests/check.sh first, which makes it\n' >&2
    exit 1
fi
cargo build --release --locked --package rollcall-aws --package rollcall-simulator
rm -rf target/bench
mkdir -p target/bench
# The database that matching is measured against, apart from what the tests use.
"$python" -m pip install --quiet --disable-pip-version-check --target target/bench/python \
    --requirement tests/benches/requirements.txt
cargo build --release --locked --manifest-path tests/benches/matching/Cargo.toml --target-dir target/bench/matching
"$python" tests/benches/measure.py \
    target/release/rollcall target/bench/matching/release/matching target/bench "$@"
