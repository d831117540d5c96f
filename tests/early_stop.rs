//! `stop = "early"`: a run ends as soon as a loss is sure, by the same case whatever came first; it fails the
//! build, never passes one, and never becomes a baseline.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::Project;
use std::fmt::Write;

const SEEDS: usize = 600;

fn suite(stop: &str) -> Project {
    let project = Project::new(&[]);
    let mut rows = String::from("id,text\n");
    for seed in 0..SEEDS {
        let _ = writeln!(rows, "q{seed},question number {seed}");
    }
    project.write("suites/data/rows.csv", &rows);
    project.write(
        "suites/big.toml",
        &format!(
            "feature = \"Answers\"\n\n[target]\nrecorded = \"data/answers.jsonl\"\n\n[run]\nstop = \"{stop}\"\nconcurrency = 8\n\n\
             [[scenario]]\nname = \"says yes\"\n\
             inputs = {{ file = \"data/rows.csv\", input = \"text\", id = \"id\" }}\nexpect = {{ contains = \"yes\" }}\n"
        ),
    );
    answers(&project, |_| true);
    project
}

fn answers(project: &Project, yes: impl Fn(usize) -> bool) {
    let mut lines = String::new();
    for seed in 0..SEEDS {
        let output = if yes(seed) { "yes" } else { "no" };
        let _ = writeln!(lines, "{{\"id\":\"q{seed}\",\"output\":\"{output}\"}}");
    }
    project.write("suites/data/answers.jsonl", &lines);
}

fn asked(project: &Project) -> usize {
    let report: serde_json::Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let cases = report["suites"][0]["cases"].as_array().unwrap();
    cases.iter().filter(|case| case["graded"]["outcome"] != "skipped").count()
}

#[test]
fn a_sure_loss_ends_the_run_and_fails_the_build() {
    let project = suite("early");
    project.accept_everything();
    // Every second answer is wrong. Seven that broke and none that was fixed are sure: about 14 are asked.
    answers(&project, |seed| seed % 2 == 0);
    let ran = project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    ran.says(&["regressed", "stopped early after", "sure before the run's end"]);
    let first = asked(&project);
    assert!((7..=40).contains(&first), "{first} asked");
    // The same families are looked at in the same order, however many are in flight.
    let suite = project.read("suites/big.toml").replace("concurrency = 8", "concurrency = 1");
    project.write("suites/big.toml", &suite);
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    assert_eq!(asked(&project), first);

    // It cannot become a baseline; the whole run can.
    project.holdline(&["run"]).expect(1);
    project.holdline(&["accept", "--reason", "no"]).expect(2);
    project.holdline(&["run", "--no-early-stop", "--json", "report.json"]).expect(1);
    assert_eq!(asked(&project), SEEDS);
    project.holdline(&["accept", "--reason", "half of them is all we want"]).expect(0);
}

#[test]
fn without_a_loss_everything_is_asked() {
    let project = suite("early");
    project.accept_everything();
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(0).says(&["unchanged"]);
    assert_eq!(asked(&project), SEEDS);
    // Three in six hundred are not sure, and below the minimum effect.
    answers(&project, |seed| seed > 2);
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(0);
    assert_eq!(asked(&project), SEEDS);
}

#[test]
fn it_is_off_unless_the_suite_says_so() {
    let project = suite("never");
    project.accept_everything();
    answers(&project, |seed| seed % 2 == 0);
    project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    assert_eq!(asked(&project), SEEDS);
}
