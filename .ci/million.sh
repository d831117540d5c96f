#!/usr/bin/env bash
# A plan of a million cases is streamed: counted, exported and listed in bounded time and memory.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --release
python3 - "$PWD/target/release/holdline" <<'PY'
import os, random, resource, subprocess, sys, tempfile, time
holdline = sys.argv[1]
random.seed(7)
words = "please find the report about harbour pumps and send it to finance before the meeting on the new bridge with our partners".split()
SUITE = '''feature = "A large plan"
[target]
http = "http://127.0.0.1:9/"
[[scenario]]
name = "asks a great deal"
inputs = {{ file = "seeds.csv", input = "text", id = "id" }}
expect = {{ contains = "x" }}
expand = [{{ family = "typing", per_seed = {per_seed} }}]
'''

def project(seeds, per_seed):
    root = tempfile.mkdtemp()
    os.makedirs(f"{root}/suites")
    with open(f"{root}/suites/large.toml", "w") as out:
        out.write(SUITE.format(per_seed=per_seed))
    with open(f"{root}/suites/seeds.csv", "w") as out:
        out.write("id,text\n")
        for number in range(seeds):
            out.write(f"s{number},{' '.join(random.sample(words, 12))}\n")
    return root

def timed(root, *arguments):
    begin = time.monotonic()
    child = subprocess.Popen([holdline, "--root", root, *arguments], stdout=subprocess.PIPE)
    lines = sum(chunk.count(b"\n") for chunk in iter(lambda: child.stdout.read(1 << 20), b""))
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, status
    return lines, time.monotonic() - begin, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime

million, failed = project(20_000, 50), []
for arguments in (["expand"], ["list"], ["expand", "--export", "jsonl"]):
    lines, wall, peak, cpu = timed(million, *arguments)
    print(f"1,000,000 cases, {' '.join(arguments)}: {lines} lines, {wall:.2f} s, {cpu:.2f} s of CPU, peak {peak:.0f} MiB")
    if "list" in arguments and lines < 1_000_000:
        failed.append(f"{lines} cases are no million")
    # The bar is 10 s on a quiet machine; a busy one is given three times that.
    if min(wall, cpu) > (90 if "--export" in arguments else 30) or peak > 200:
        failed.append(f"{arguments}: {wall:.1f} s, {peak:.0f} MiB")
lines, wall, peak, cpu = timed(project(200, 49), "list")
print(f"list of {lines} cases: {wall:.3f} s, {cpu:.3f} s of CPU")
if min(wall, cpu) > 0.9:
    failed.append(f"list of {lines}: {wall:.2f} s")
sys.exit("; ".join(failed) or 0)
PY
