//! Killed, stopped and run again: what was answered is not asked again, and comes to the same.

use crate::model::{KEY, Model};
use crate::project::Project;
use crate::world::{UNLIKE, project, queries, report, synth, texts, wanted};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A model that is slow, and answers by what it is asked: so that the order of requests does not matter.
fn slow(milliseconds: u64) -> Model {
    Model::start(move |_, body| {
        std::thread::sleep(Duration::from_millis(milliseconds));
        let system = body["messages"][0]["content"].as_str().unwrap();
        let at = (0..12).find(|at| system.contains(&format!("case: c{at}\n"))).unwrap();
        crate::model::text(&queries(&UNLIKE[at * 2..][..wanted(body)]))
    })
}

/// Twelve requests, one for each value of a knob.
fn arguments() -> Vec<String> {
    let values: Vec<String> = (0..12).map(|at| format!("c{at}")).collect();
    ["--scenario", "finds-parcels", "--count", "24", "--knob", &format!("case={}", values.join(","))]
        .map(str::to_owned)
        .to_vec()
}

fn begin(project: &Project) -> Child {
    let arguments = arguments();
    let all: Vec<&str> = ["synth", "shop"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
    let mut command = project.command(&all);
    command.env("WRITER_KEY", KEY).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Replies on the disk.
fn kept(project: &Project) -> usize {
    let mut folders = vec![project.path(".holdline/synth")];
    let mut kept = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if !entry.file_name().to_string_lossy().starts_with(".writing-") {
                kept += 1;
            }
        }
    }
    kept
}

fn wait_for(project: &Project, replies: usize, child: &mut Child) {
    let begun = Instant::now();
    while kept(project) < replies && child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} of {replies} kept", kept(project));
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What the requests say that have no reply twice: system and knobs tell them apart.
fn systems(sent: &[Value]) -> Vec<String> {
    sent.iter().map(|body| body["messages"][0]["content"].as_str().unwrap().to_owned()).collect()
}

fn again(project: &Project, more: &[&str]) -> crate::project::Ran {
    let arguments = arguments();
    let all: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
    synth(project, &all)
}

#[test]
fn killed_and_run_again_nothing_that_was_answered_is_asked_twice() {
    let whole = {
        let model = slow(0);
        let project = project(&model, "concurrency = 1");
        again(&project, &[]).expect(0).says(&["24 of 24 delivered"]);
        texts(&project)
    };
    for moment in [1, 5, 11] {
        let model = slow(30);
        let project = project(&model, "concurrency = 1");
        let mut child = begin(&project);
        wait_for(&project, moment, &mut child);
        child.kill().unwrap();
        child.wait().unwrap();
        let there = kept(&project);
        assert!(there >= moment && texts(&project).is_empty());
        again(&project, &["--json", "o.json"]).expect(0).says(&["24 of 24 delivered, all new"]);
        let writer = report(&project, "o.json")["models"][0].clone();
        let counts = [&writer["replies"], &writer["kept"], &writer["requests"]];
        assert_eq!(counts.map(Value::as_u64), [Some(12), Some(there as u64), Some(12 - there as u64)]);
        // At most the one in flight was asked twice: its reply was on its way when the process was killed.
        let sent = systems(&model.sent());
        let different: BTreeSet<&String> = sent.iter().collect();
        assert_eq!(different.len(), 12);
        assert!(sent.len() <= 13, "{}", sent.len());
        assert_eq!(texts(&project), whole, "what comes is the same");
    }
}

#[test]
fn the_same_again_asks_nothing_and_adds_nothing_and_another_number_asks_for_others() {
    let model = slow(0);
    let project = project(&model, "");
    again(&project, &[]).expect(0);
    let before = texts(&project);
    again(&project, &[]).expect(0).says(&[
        "24 of 24 delivered, none of them new",
        "12 from the disk",
        "`--seed 1` (or another number) asks for others",
    ]);
    assert_eq!((model.sent().len(), texts(&project)), (12, before.clone()));
    again(&project, &["--fresh"]).expect(0);
    assert_eq!((model.sent().len(), texts(&project)), (24, before.clone()));
    again(&project, &["--seed", "1"]).expect(0);
    assert_eq!(model.sent().len(), 36);
}

#[cfg(unix)]
#[test]
fn stopped_by_a_signal_it_ends_in_order_and_goes_on_later() {
    let model = slow(50);
    let project = project(&model, "concurrency = 1");
    let mut child = begin(&project);
    wait_for(&project, 3, &mut child);
    let done = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let there = kept(&project);
    assert!((3..12).contains(&there), "{there}");
    assert_eq!(texts(&project).len(), 2 * there, "what was answered waits for review");
    let before = model.sent().len();
    assert_eq!(before, there, "what was in flight came to its end");
    let waiting = format!("{} of them new", 24 - 2 * there);
    again(&project, &[]).expect(0).says(&["24 of 24 delivered", &waiting, &format!("{there} from the disk")]);
    assert_eq!(model.sent().len(), 12);
    assert_eq!(texts(&project).len(), 24);
}

#[test]
fn what_cannot_be_kept_is_told_and_ends_it() {
    let model = slow(0);
    let project = project(&model, "concurrency = 1");
    // A file where the folder of replies should be.
    project.write(".holdline/synth", "");
    again(&project, &[]).expect(3).says(&["0 of 24 delivered", "a reply cannot be kept"]);
    assert_eq!(model.sent().len(), 1, "nothing more is asked");
}
