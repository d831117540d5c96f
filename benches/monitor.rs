//! A log of 100,000 answers, watched without a judge: the time it takes beside reading the same file as JSON alone, and
//! the memory. The log, and an earlier one to compare it with, are made here: the same on every machine.
//!
//! `cargo bench --bench monitor` measures; `cargo bench --bench monitor -- 10000` with fewer answers. It fails where the
//! bar is missed: 20 s and 300 MB for 100,000 answers.

use holdline::expand::stream::Stream;
use holdline::monitor::{Against, BAR, Wish, watch};
use holdline::suite::project::BudgetSpec;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

const ANSWERS: usize = 100_000;
const SECONDS: f64 = 20.0;
const MEGABYTES: f64 = 300.0;

/// Seeds of the suite: two hundred requests in eight scenarios.
const VERBS: [&str; 8] = ["find", "return", "exchange", "cancel", "repair", "pay for", "ship", "track"];
const THINGS: [&str; 25] = [
    "order",
    "bird feeder",
    "camera",
    "battery",
    "solar panel",
    "seed tray",
    "bracket",
    "gift card",
    "invoice",
    "parcel",
    "lens",
    "cable",
    "roof",
    "perch",
    "app",
    "account",
    "subscription",
    "warranty",
    "manual",
    "charger",
    "memory card",
    "bath",
    "nest box",
    "pole",
    "adapter",
];
const AROUND: [&str; 12] = [
    "please help me",
    "it is urgent",
    "since last week",
    "for my mother",
    "that I bought in the spring",
    "again",
    "the app says nothing",
    "as soon as you can",
    "thanks in advance",
    "I have tried twice",
    "in Bremen",
    "by Friday",
];

fn suite() -> String {
    let mut toml = String::from(
        "feature = \"Answers customers\"\n[target]\nhttp = \"http://127.0.0.1:9/\"\nbody = { text = \"{{ input }}\" }\nreply = { output = \"/output\", label = \"/label\" }\n",
    );
    for verb in VERBS {
        let inputs: Vec<String> =
            THINGS.iter().map(|thing| format!("\"how do I {verb} my {thing}\"")).collect();
        let _ = write!(
            toml,
            "[[scenario]]\nname = \"{verb}\"\ninputs = [{}]\nexpect = {{ label = \"{verb}\", words = {{ max = 80 }}, not = {{ contains = \"no idea\" }} }}\n",
            inputs.join(", ")
        );
    }
    toml
}

fn line(stream: &mut Stream, number: usize) -> Value {
    let (verb, thing) = (VERBS[stream.index(VERBS.len())], THINGS[stream.index(THINGS.len())]);
    let ask = match stream.below(10) {
        0..=3 => format!("how do I {verb} my {thing}"),
        4..=7 => format!("how do I {verb} my {thing} {}", AROUND[stream.index(AROUND.len())]),
        _ => format!(
            "{} {} {} {number}",
            AROUND[stream.index(12)],
            AROUND[stream.index(12)],
            THINGS[stream.index(25)]
        ),
    };
    let sentences = 1 + stream.index(6);
    let output: Vec<String> = (0..sentences)
        .map(|_| format!("You can {verb} your {thing} {}.", AROUND[stream.index(12)]))
        .collect();
    let label = if stream.chance(0.95) { verb } else { "other" };
    let mut fields = json!({
        "id": format!("r-{number}"), "input": ask, "output": output.join(" "), "label": label,
        "latency_ms": 200.0 + stream.unit() * 800.0, "model": "support-1", "time": 1_772_000_000 + number,
        "usage": { "input_tokens": 200 + stream.index(100), "output_tokens": 20 * sentences },
        "contexts": ["Orders can be changed until they are packed. Parcels are packed on working days at noon."],
    });
    if stream.chance(0.2) {
        fields["feedback"] = if stream.chance(0.8) { json!("up") } else { json!("down") };
    }
    fields
}

fn write(path: &Path, name: &[u8], answers: usize) {
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let mut stream = Stream::new(&[b"bench: monitor", name]);
    for number in 0..answers {
        writeln!(out, "{}", line(&mut stream, number)).expect("a line");
    }
}

/// The most memory that the process had, in MB; none where the system does not tell.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
}

fn main() {
    let answers = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ANSWERS);
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    std::fs::create_dir(root.join("suites")).expect("a folder");
    std::fs::write(root.join("suites/support.toml"), suite()).expect("a suite");
    let (now, before) = (root.join("now.jsonl"), root.join("before.jsonl"));
    write(&now, b"now", answers);
    write(&before, b"before", answers);

    let start = Instant::now();
    let read = |path: &Path| BufReader::new(File::open(path).expect("a log")).lines();
    let parsed =
        read(&now).filter(|line| serde_json::from_str::<Value>(line.as_ref().expect("text")).is_ok()).count();
    let alone = start.elapsed().as_secs_f64();
    assert_eq!(parsed, answers);

    let wish = |against| Wish {
        root: root.to_owned(),
        suite: None,
        set: Vec::new(),
        baselines: None,
        bar: BAR,
        operations: Vec::new(),
        scale: None,
        sample: 0,
        budget: BudgetSpec::default(),
        against,
        write_recorded: None,
        propose: false,
        ci: true,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (what, against) in [("alone", Against::Nothing), ("against an earlier log", Against::Log(before))] {
        let start = Instant::now();
        let log = BufReader::new(File::open(&now).expect("a log"));
        let watched = watch(wish(against), log, "now.jsonl").expect("a log that can be read");
        let report = runtime.block_on(watched.report()).expect("a report");
        let took = start.elapsed().as_secs_f64();
        assert_eq!(report.log.answers, answers as u64);
        let drifted = report
            .drift
            .as_ref()
            .map_or(0, |drift| drift.tests.iter().filter(|of| of.adjusted <= drift.alpha).count());
        println!(
            "{answers} answers {what}: {took:.2} s, {:.1} times reading them as JSON ({alone:.2} s); peak {} MB; {} checked, {} like no scenario, {drifted} tests see a change",
            took / alone,
            peak().map_or_else(|| "unknown".to_owned(), |mb| format!("{mb:.0}")),
            report.checked.pass + report.checked.fail,
            report.unlike.share.map_or(0, |share| share.count),
        );
        let scale = answers as f64 / ANSWERS as f64;
        assert!(took < SECONDS * scale.max(0.1), "{took:.1} s is over the bar");
        assert!(peak().is_none_or(|mb| mb < MEGABYTES), "over the bar of {MEGABYTES} MB");
    }
}
