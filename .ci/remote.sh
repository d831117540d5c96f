#!/usr/bin/env bash
# The cache of answers in an S3-compatible store: against moto's server on loopback, which the tests start and
# kill. SKIPPED, aloud, where moto cannot be installed; a store that hangs is tested all the same.
set -euo pipefail
cd "$(dirname "$0")/.."
venv="$PWD/target/tools/moto"
if python3 -m venv "$venv" \
  && "$venv/bin/pip" install --quiet --disable-pip-version-check 'moto[server]==5.2.5'; then
  export HOLDLINE_TEST_MOTO="$venv/bin/moto_server"
else
  echo "SKIPPED: moto cannot be installed here; only a store that hangs is tested"
fi
cargo test --features remote --test remote_store
