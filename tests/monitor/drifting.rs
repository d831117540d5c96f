//! Planted drift is found, and none between two halves of one log.

use crate::log::{SUITE, Traffic, USUAL, file, lines, monitor, project, report, test};
use serde_json::Value;

fn found(report: &Value) -> Vec<&str> {
    let tests = report["drift"]["tests"].as_array().unwrap();
    tests
        .iter()
        .filter(|test| test["found"] == "drifted")
        .map(|test| test["what"].as_str().unwrap())
        .collect()
}

#[test]
fn two_halves_of_one_log_show_no_drift() {
    let project = project();
    for name in ["one", "two", "three", "four"] {
        let all = lines(name, 1600, USUAL);
        let half = |which: usize| -> Vec<Value> { all.iter().skip(which).step_by(2).cloned().collect() };
        project.write("before.jsonl", &file(&half(0)));
        project.write("now.jsonl", &file(&half(1)));
        let report = report(&project, &["now.jsonl", "--against", "before.jsonl", "--fail-on-drift"], 0);
        assert_eq!(found(&report), [""; 0], "{name}");
        assert!(report["drift"]["tests"].as_array().unwrap().len() >= 14, "{report:#}");
    }
}

#[test]
fn every_drift_that_is_planted_is_found_where_it_is() {
    let project = project();
    project.write("before.jsonl", &file(&lines("before", 800, USUAL)));
    for (traffic, whats) in [
        (
            Traffic { unknown: 0.4, ..USUAL },
            &[
                "requests like no scenario",
                "which words are in the requests",
                "a classifier of requests",
                "labels",
            ][..],
        ),
        (Traffic { wrong: 0.3, ..USUAL }, &["labels", "answers that pass the checks"]),
        (Traffic { declines: 0.2, ..USUAL }, &["answers that decline", "which words are in the answers"]),
        (Traffic { errors: 0.15, ..USUAL }, &["errors"]),
        (Traffic { up: 0.5, ..USUAL }, &["answers that `feedback` calls good"]),
        (Traffic { slow: 1.5, ..USUAL }, &["latency"]),
        (
            Traffic { longer: 2, ..USUAL },
            &["words of an answer", "characters of an answer", "tokens written"],
        ),
    ] {
        project.write("now.jsonl", &file(&lines("now", 800, traffic)));
        let report = report(&project, &["now.jsonl", "--against", "before.jsonl", "--fail-on-drift"], 1);
        for what in whats {
            let test = test(&report, what);
            assert_eq!(test["found"], "drifted", "{what}: {test:#}");
        }
    }
}

#[test]
fn what_is_told_of_a_drift_is_how_large_it_is() {
    let project = project();
    let (before, now) = (lines("before", 800, USUAL), lines("now", 800, Traffic { errors: 0.15, ..USUAL }));
    let errors =
        |lines: &[Value]| lines.iter().filter(|line| line.get("error").is_some()).count() as f64 / 800.0;
    project.write("before.jsonl", &file(&before));
    project.write("now.jsonl", &file(&now));
    let report = report(&project, &["now.jsonl", "--against", "before.jsonl"], 0);
    let test = test(&report, "errors");
    let (was, is) = (errors(&before), errors(&now));
    assert_eq!((test["values"][0].as_f64(), test["values"][1].as_f64()), (Some(was), Some(is)));
    let interval = &test["effect"]["interval"];
    let (low, high) = (interval[0].as_f64().unwrap(), interval[1].as_f64().unwrap());
    assert!(low > 0.0 && low < is - was && is - was < high, "{test:#}");
}

#[test]
fn accepted_answers_are_compared_with_where_no_log_is() {
    let project = project();
    let inputs: Vec<String> = (0..40).map(|n| format!("where is my order number {n}")).collect();
    let answers: Vec<Value> = inputs
        .iter()
        .map(|of| serde_json::json!({ "input": of, "output": "It left on Monday.", "label": "order" }))
        .collect();
    project.write("suites/answers.jsonl", &file(&answers));
    let list: Vec<String> = inputs.iter().map(|of| format!("\"{of}\"")).collect();
    let (head, _) = SUITE.split_once("[[scenario]]").unwrap();
    let scenario = format!(
        "[[scenario]]\nname = \"orders\"\ninputs = [{}]\nexpect = {{ label = \"order\" }}\n",
        list.join(", ")
    );
    project.write("suites/support.toml", &format!("{head}{scenario}"));
    project.accept_everything();
    let wrong: Vec<Value> = inputs
        .iter()
        .map(|of| serde_json::json!({ "input": of, "output": "No.", "label": "other" }))
        .collect();
    project.write("now.jsonl", &file(&wrong));
    let told = report(&project, &["now.jsonl", "--fail-on-drift"], 1);
    assert!(told["drift"]["against"].as_str().unwrap().contains("the accepted answers of suite `support`"));
    assert_eq!(test(&told, "answers that pass the checks")["values"], serde_json::json!([1.0, 0.0]));
    // The same answers again are the same.
    project.write("now.jsonl", &file(&answers));
    assert_eq!(found(&report(&project, &["now.jsonl", "--fail-on-drift"], 0)), [""; 0]);
}

#[test]
fn what_cannot_be_compared_does_not_pass_for_unchanged() {
    let project = project();
    project.write("now.jsonl", &file(&lines("now", 50, USUAL)));
    monitor(&project, &["now.jsonl"])
        .expect(0)
        .says(&["the suite has no baseline, and no earlier log is named"]);
    monitor(&project, &["now.jsonl", "--fail-on-drift"]).expect(3);
    project.write("before.jsonl", &file(&lines("before", 10, USUAL)));
    monitor(&project, &["now.jsonl", "--against", "before.jsonl", "--fail-on-drift"]).expect(3).says(&[
        "untested",
        "10 before and 50 now; at least 30 of each are needed",
        "nothing could be tested",
    ]);
}

#[test]
fn answers_of_one_conversation_count_as_one() {
    let project = project();
    let talk = |name: &str| -> Vec<Value> {
        let mut all = lines(name, 120, USUAL);
        for (at, line) in all.iter_mut().enumerate() {
            line["conversation"] = format!("{name}-{}", at / 3).into();
        }
        all
    };
    project.write("before.jsonl", &file(&talk("before")));
    project.write("now.jsonl", &file(&talk("now")));
    let report = report(&project, &["now.jsonl", "--against", "before.jsonl"], 0);
    assert_eq!(report["drift"]["answers"], serde_json::json!([40, 40]));
    assert_eq!(report["drift"]["by_conversation"], true);
    assert_eq!(report["log"]["answers"], 120);
}

#[test]
fn the_same_logs_give_the_same_report_whatever_their_order() {
    let project = project();
    let all = lines("now", 200, Traffic { unknown: 0.3, ..USUAL });
    let mut turned = all.clone();
    turned.reverse();
    project.write("before.jsonl", &file(&lines("before", 200, USUAL)));
    let mut reports = Vec::new();
    for log in [&all, &all, &turned] {
        project.write("now.jsonl", &file(log));
        let mut report = report(&project, &["now.jsonl", "--against", "before.jsonl"], 0);
        for place in ["failing", "unlike"] {
            // Lines are where they are.
            let text = report[place].to_string();
            let without: String = text
                .split("\"line\":")
                .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
                .collect();
            report[place] = without.into();
        }
        reports.push(report);
    }
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}
