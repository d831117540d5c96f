#!/usr/bin/env bash
# The golden figures of synthetic tables are still what SDMetrics says, and its tables are still those of
# their seeds; then ours are compared with them. SKIPPED, aloud, where SDMetrics cannot be installed.
# With --update the golden files are written anew.
set -euo pipefail
cd "$(dirname "$0")/.."
golden=tests/golden
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
venv="$PWD/target/tools/sdmetrics"
python() { "$venv/bin/python" -B .ci/sdmetrics.py "$@"; }
if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check \
  sdmetrics==0.32.0 numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 scikit-learn==1.9.1; }; then
  echo "SKIPPED: SDMetrics cannot be installed here; the golden figures were not made again"
else
  if [ "${1-}" = "--update" ]; then
    mkdir -p "$golden/tables"
    python tables "$golden/tables"
    python golden "$golden/tables" > "$golden/sdmetrics.json"
  fi
  python tables "$out"
  diff -r "$golden/tables" "$out"
  python golden "$golden/tables" > "$out/sdmetrics.json"
  python compare "$golden/sdmetrics.json" "$out/sdmetrics.json"
fi
cargo test --quiet --test table_quality
