#!/usr/bin/env bash
# Writes a set in every format and has each read by `datasets`, as those who train do. SKIPPED, aloud, where
# Python or `datasets` cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
venv="$PWD/target/tools/exports"
if ! command -v python3 > /dev/null || ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet \
  --disable-pip-version-check datasets==5.2.0; }; then
  echo "SKIPPED: datasets cannot be installed here; no set was read by it"
  exit 0
fi
HOLDLINE_EXPORTS_OUT="$out" cargo test --quiet --test export -- \
  --exact formats::every_format_is_written_for_the_loaders_of_others
HF_DATASETS_OFFLINE=1 HF_HUB_OFFLINE=1 HF_HOME="$out/home" "$venv/bin/python" -B tests/scripts/exports.py "$out"
