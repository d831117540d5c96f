#!/usr/bin/env bash
# Writes a JUnit report of every way a run can end, in both profiles, and has them read by the tools
# that others read such files with.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
HOLDLINE_JUNIT_OUT="$out" cargo test --quiet --test junit -- --exact the_counts_are_those_of_the_run
.ci/junit_check.sh "$out/expected.tsv"
