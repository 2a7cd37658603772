#!/usr/bin/env bash
# Wraps rustc: the crate itself (and no dependency) tells the fuzzer which branches it took and what it compared.
case " $* " in
    *" --crate-name rollcall "*)
        exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=16 ;;
    *) exec "$@" ;;
esac
