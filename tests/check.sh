#!/usr/bin/env bash
# The one test command: toolchain, tools that the tests drive, formatting, lints, documentation, tests.
# What it installs lies under `target/`; only a browser, where none is there, comes from the system's packages.
# The last lines are cargo's own test results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }
fail() { printf 'check.sh: %s\n' "$*" >&2; exit 1; }

step 'toolchain'
command -v cargo >/dev/null || fail 'cargo is missing: install Rust by https://rustup.rs'
cargo --version
wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
found=$(rustc --version | cut -d' ' -f2)
[ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n1)" = "$wanted" ] || fail "rustc $found is older than $wanted"
cargo fmt --version >/dev/null 2>&1 || fail 'rustfmt is missing: rustup component add rustfmt'
cargo clippy --version >/dev/null 2>&1 || fail 'clippy is missing: rustup component add clippy'

step 'formatting'
cargo fmt --all --check
cargo fmt --manifest-path tests/winterbaume/Cargo.toml --check

# The stand-ins for AWS and the AWS CLI. The stamp is the list of what was installed, so a changed list installs anew.
step 'stand-ins for AWS: target/python'
python=target/python
if ! cmp -s tests/requirements.txt "$python/installed.txt"; then
    command -v python3 >/dev/null || fail 'python3 (3.10 or newer, with venv) is missing'
    rm -rf "$python"
    python3 -m venv "$python" || fail 'python3 has no venv: install the package python3-venv'
    "$python/bin/pip" install --quiet --disable-pip-version-check --requirement tests/requirements.txt
    cp tests/requirements.txt "$python/installed.txt"
fi
"$python/bin/aws" --version

# Pages are looked at with a browser without a window.
step 'browser'
if ! command -v chromium >/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail 'chromium is missing: install it (Debian: apt-get install chromium)'
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null
fi
chromium --version --no-sandbox 2>/dev/null

# Snapshots are compared, never rewritten.
export INSTA_UPDATE=no CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

step 'lints'
cargo clippy --locked --workspace --all-targets -- -D warnings

# They are workspaces of their own over the same files, so a new package has to stand in their lock files too.
step 'lock files of the fuzzer and of the measurement of matching'
for workspace in tests/fuzz tests/benches/matching; do
    cargo metadata --locked --format-version 1 --manifest-path "$workspace/Cargo.toml" >/dev/null
done

step 'documentation'
RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps

# The stand-in that is a library of Rust, in a program of its own, so that the tests link nothing of it. `cargo clippy`
# would look at all of the library a second time; clippy's driver compiles, and lints what is ours.
step 'stand-in for AWS: target/debug/winterbaume'
RUSTC_WORKSPACE_WRAPPER=clippy-driver \
    cargo build --locked --manifest-path tests/winterbaume/Cargo.toml --target-dir target

# Many tests wait for a server, or for what AWS shows late: two for each core keep the cores busy.
step 'tests'
RUST_TEST_THREADS=${RUST_TEST_THREADS:-$((2 * $(nproc)))} cargo test --locked
