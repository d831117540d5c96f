#!/usr/bin/env bash
# The integration test over real requests; the data is not part of the project.
set -euo pipefail
cd "$(dirname "$0")/.."
data="${HOLDLINE_DATA:-$PWD/../shared/data/clinc150}"
if [ ! -f "$data/test_val.csv" ]; then
  echo "SKIPPED: no CLINC150 data at \$HOLDLINE_DATA; the test over 5,500 real requests did not run"
  exit 0
fi
HOLDLINE_DATA="$data" cargo test --test clinc150 -- --nocapture
