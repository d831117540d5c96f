#!/usr/bin/env bash
# Usage: .ci/junit_check.sh LIST
#
# LIST has a line for each JUnit file, tab-separated: its path, its profile (default or jenkins), and
# how many tests, failures, errors and skipped it must have. Each file is read with xmllint (those for
# Jenkins against its schema), junitparser (PyPI) and junit2json (npm), which are installed where they
# are missing. Fails when one of them cannot read a file or counts differently.
set -euo pipefail
list=$(realpath "$1")
cd "$(dirname "$0")/.."
tools="$PWD/target/tools/junit"
schema="${HOLDLINE_JUNIT_XSD:-../shared/junit/jenkins-junit-10.xsd}"
mkdir -p "$tools"

if ! command -v xmllint > /dev/null; then
  apt-get install -y -qq libxml2-utils > /dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -y -qq libxml2-utils > /dev/null; }
fi
if [ ! -d "$tools/python/junitparser" ]; then
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
    --target "$tools/python" junitparser==5.0.3
fi
if [ ! -d "$tools/node_modules/junit2json" ]; then
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools" junit2json@4.0.0
fi
# Node looks for packages beside the program.
cp .ci/junit_check.mjs "$tools/junit_check.mjs"

files=0
while IFS=$'\t' read -r file profile _; do
  xmllint --noout "$file"
  if [ "$profile" = jenkins ] && [ -f "$schema" ]; then
    xmllint --noout --schema "$schema" "$file" 2> "$tools/xmllint.log" || { cat "$tools/xmllint.log"; exit 1; }
  fi
  files=$((files + 1))
done < "$list"
if [ "$files" = 0 ]; then
  echo "no file to check in $list"
  exit 1
fi
[ -f "$schema" ] || echo "skipped: no schema of Jenkins at $schema (HOLDLINE_JUNIT_XSD names another)"
PYTHONPATH="$tools/python" python3 .ci/junit_check.py "$list"
node "$tools/junit_check.mjs" "$list"
echo "$files JUnit files read by xmllint, junitparser and junit2json, with the same counts"
