#!/usr/bin/env bash
# The engine against its bars, on the neutral workload: beside a floor client that does the least that the
# work takes, on the same machine. What depends on the machine is told as a ratio, and only what no machine
# excuses fails here; docs/performance.md has the figures of a quiet one.
#
#   .ci/engine.sh            10,000 cases
#   .ci/engine.sh million    also 1,000,000 cases, with and without a baseline
set -euo pipefail
cd "$(dirname "$0")/.."
bench=../shared/bench
if [ ! -d "$bench" ]; then
  echo "no neutral workload beside this project: skipped"
  exit 0
fi
cargo build --quiet --release
cargo build --quiet --release --manifest-path "$bench/target_app/Cargo.toml" --target-dir target/neutral
python3 - "$PWD" "$bench" "${1:-}" <<'PY'
import json, os, shutil, signal, statistics, subprocess, sys, tempfile, time, urllib.request

root, bench, more = sys.argv[1], sys.argv[2], sys.argv[3]
holdline, bins = f"{root}/target/release/holdline", f"{root}/target/neutral/release"
work = tempfile.mkdtemp(prefix="neutral-", dir=f"{root}/target")
failed, started = [], []
# What is measured is a run by hand: in CI one without a baseline cannot decide.
by_hand = {name: value for name, value in os.environ.items() if name not in ("CI", "TF_BUILD")}

def app(latency):
    import socket
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started.append(subprocess.Popen([f"{bins}/loopback-target", str(port), str(latency)], stdout=subprocess.DEVNULL))
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
            return port
        except OSError:
            time.sleep(0.02)
    sys.exit("the target does not start")

def asked(port):
    stats = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/stats"))
    return next(stats[key] for key in stats if "request" in key)

def measured(command, folder):
    begin = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, env=by_hand, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command}: exit code {child.returncode}\n{said}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

def project(name, cases, port, in_flight, target=""):
    folder = f"{work}/{name}"
    os.makedirs(f"{folder}/suites")
    subprocess.run([sys.executable, f"{bench}/gen_workload.py", str(cases), f"{folder}/suites/w.jsonl"], check=True)
    with open(f"{folder}/suites/neutral.toml", "w") as out:
        out.write(f'''feature = "Answers with a code"
[run]
concurrency = {in_flight}
[target]
http = "http://127.0.0.1:{port}/chat"
body = {{ input = "{{{{ input }}}}" }}
reply = {{ output = "/output" }}
{target}
[[scenario]]
name = "answers"
inputs = {{ file = "w.jsonl", id = "id" }}
expect = {{ contains = "{{{{ row.expected_substring }}}}", matches = "{{{{ row.regex }}}}" }}
''')
    return folder

def failures(folder):
    runs = sorted(os.listdir(f"{folder}/.holdline/runs"))
    found, cases = 0, 0
    with open(f"{folder}/.holdline/runs/{runs[-1]}/report.json") as report:
        for line in report:
            if line.startswith('        {"id"'):
                cases += 1
                found += json.loads(line.rstrip().rstrip(","))["graded"]["outcome"] == "fail"
    return cases, found

def check(what, holds):
    if not holds:
        failed.append(what)

RUN = [holdline, "run", "--quiet", "--update", "no"]
try:
    port = app(0)
    folder = project("zero", 10_000, port, 64)
    pairs = []
    for _ in range(5):
        floor = measured([f"{bins}/floor", f"{folder}/suites/w.jsonl", str(port), "64"], folder)
        before = asked(port)
        ours = measured(RUN, folder)
        check("exactly 10,000 requests", asked(port) - before == 10_000)
        pairs.append((ours, floor))
    check("exactly the planted failures", failures(folder) == (10_000, 100))
    middle = lambda values: statistics.median(values)
    ratio = middle([ours[0] / floor[0] for ours, floor in pairs])
    cpu, peak = middle([ours[1] / 10 for ours, _ in pairs]), max(ours[2] for ours, _ in pairs)
    print(f"10,000 cases, 0 ms, 64 in flight: {middle([o[0] for o, _ in pairs]):.2f} s, {ratio:.2f} x floor "
          f"(bar 2.2), CPU {cpu:.3f} ms a case (bar 0.14), peak {peak:.0f} MB (bar 50)")
    check(f"a peak of {peak:.0f} MB", peak <= 60)
    check(f"{ratio:.1f} times the floor", ratio <= 5)

    slow = app(50)
    folder = project("slow", 10_000, slow, 256)
    walls = [measured(RUN, folder)[0] for _ in range(3)]
    ideal = 10_000 * 0.050 / 256
    print(f"10,000 cases, 50 ms, 256 in flight: {middle(walls):.2f} s, {middle(walls) / ideal:.2f} x N*latency/c (bar 1.15)")
    check("twice the ideal", middle(walls) <= 2 * ideal)

    folder = project("cached", 10_000, port, 64, 'version = "1"')
    measured(RUN, folder)
    before = asked(port)
    walls = [measured(RUN, folder)[0] for _ in range(5)]
    print(f"10,000 cases, every answer cached: {middle(walls):.2f} s, {asked(port) - before} requests (bar 0.5 s, 0)")
    check("no request where every answer is cached", asked(port) == before)

    folder = project("one", 1, port, 1)
    walls = [measured(RUN, folder)[0] for _ in range(5)]
    print(f"one case, cold: {middle(walls) * 1e3:.0f} ms (bar 40 ms beyond the request)")

    if more == "million":
        folder = project("million", 1_000_000, port, 64)
        for what, run in [("no baseline", RUN + ["--json", f"{work}/record.json"]),
                          ("accepted", [holdline, "run", "--quiet", "--update", "always", "--reason", "first"]),
                          ("against its baseline", RUN + ["--json", f"{work}/record.json"])]:
            wall, cpu, peak = measured(run, folder)
            print(f"1,000,000 cases, {what}: {wall:.0f} s, CPU {cpu / 1000:.3f} ms a case, peak {peak:.0f} MB (bar 200)", flush=True)
            if what == "no baseline":
                check("exactly the planted failures of a million", failures(folder) == (1_000_000, 10_000))
            check(f"a peak of {peak:.0f} MB with a million cases", peak <= 240)
finally:
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait()
    shutil.rmtree(work, ignore_errors=True)
sys.exit("; ".join(failed) or 0)
PY
