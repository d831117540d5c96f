#!/usr/bin/env bash
# Under nextest every trial is a process that reads the newest complete run.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo nextest --version > /dev/null 2>&1; then
  echo "SKIPPED: cargo-nextest is not installed; building it takes longer than all other checks"
  exit 0
fi
cargo nextest list --test behaviors | tail -n 3
cargo run --quiet -- run --quiet > /dev/null
# Every process reads the whole record, so one scenario stands for all.
cargo nextest run --test behaviors understands-words-mistyped 2>&1 | tail -n 5
