#!/usr/bin/env bash
# A large data file is read row by row: loaded, checked and listed in memory far below its size.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet
python3 - "$PWD/target/debug/holdline" <<'PY'
import json, os, subprocess, sys, tempfile, time
holdline = sys.argv[1]
rows, most, failed = 200_000, 90, []
SUITE = '''feature = "A large data file"
labels = ["even", "odd"]
[target]
http = "http://127.0.0.1:9/"
reply = {{ output = "/answer", label = "/label" }}
[[scenario]]
name = "asks a great deal"
inputs = {{ file = "rows.{ending}", id = "id" }}
expect = {{ contains = "{{{{ row.code }}}}", label = "{{{{ row.parity }}}}" }}
'''

def cells(n):
    text = f"case {n:06d}, please find the report about \"harbour pumps\"\nand send it to finance before the meeting"
    return {"id": f"row-{n}", "input": text * 2, "code": f"code={n * 2654435761 % 2**32:08x}", "parity": ["even", "odd"][n % 2]}

def project(root, ending):
    os.makedirs(f"{root}/suites")
    with open(f"{root}/suites/large.toml", "w") as out:
        out.write(SUITE.format(ending=ending))
    with open(f"{root}/suites/rows.{ending}", "w") as out:
        if ending == "csv":
            out.write("id,input,code,parity\n")
        for n in range(rows):
            row = cells(n)
            quoted = ['"' + cell.replace('"', '""') + '"' for cell in row.values()]
            out.write((",".join(quoted) if ending == "csv" else json.dumps(row)) + "\n")

for ending in ["jsonl", "csv"]:
    with tempfile.TemporaryDirectory() as root:
        project(root, ending)
        size = os.path.getsize(f"{root}/suites/rows.{ending}") / 2**20
        for command in ["check", "list"]:
            begin = time.monotonic()
            child = subprocess.Popen([holdline, "--root", root, command], stdout=subprocess.PIPE)
            lines = sum(chunk.count(b"\n") for chunk in iter(lambda: child.stdout.read(1 << 20), b""))
            _, status, usage = os.wait4(child.pid, 0)
            wall, peak = time.monotonic() - begin, usage.ru_maxrss / 1024
            print(f"{rows} rows of {ending}, {size:.0f} MiB, {command}: {wall:.1f} s, peak {peak:.0f} MiB")
            if status != 0 or lines != (rows if command == "list" else 1):
                failed.append(f"{command} of {ending}: status {status}, {lines} lines")
            if peak > most:
                failed.append(f"{command} of {ending}: a peak of {peak:.0f} MiB is above {most} MiB")
sys.exit("; ".join(failed) or 0)
PY
