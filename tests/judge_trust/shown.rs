//! What judges are shown of runs, and the judges that come with Holdline.

use crate::project::{Project, Ran};
use crate::world::{JUDGE, Model, judged, models, record, talk, verdict};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Stdio;

#[test]
fn what_a_judge_is_sent_about_a_case_of_a_run_is_shown() {
    let model = Model::start(|_, _| verdict("resolved"));
    let project = judged(&model, "");
    let (_app, suite) = talk();
    project.write("suites/talk.toml", &suite);
    project.holdline(&["run"]).expect(0);
    let (_, record) = record(&project);
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    let id = |input: &str| cases.iter().find(|case| case["input"] == input).unwrap()["id"].as_str().unwrap();
    let show = |id: &str| project.holdline(&["judge", "show", "resolved", id]);
    let talked = r#"{"conversation":[{"user":"book it","application":"I heard \u003cbook it\u003e, no"}],"input":"at three","output":"I heard \u003cat three\u003e, no","reference":["Booked at three.","It is booked for 3 pm."],"contexts":["page 1"]}"#;
    show(id("book it")).expect(0).says(&[
        "===== system =====",
        "Is the customer's problem resolved?",
        talked,
    ]);
    let one = r#"{"input":"a7","output":"I heard \u003ca7\u003e, no","contexts":["page 1"]}"#;
    show(&id("a7")[..8]).expect(0).says(&[one]);
    // Three characters are too few, and what fits no case is said.
    show(&id("a7")[..3]).expect(2).says(&["(4 characters or more)"]);
    show("ffffffffffffffff0")
        .expect(2)
        .says(&["no answer `ffffffffffffffff0` is labelled for judge `resolved`"]);
    assert_eq!(model.asked(), 0, "showing asks nothing");
}

#[test]
fn whoever_labels_is_shown_what_is_right_and_a_judge_of_holdlines_needs_no_folder() {
    use std::io::Write;
    let (_app, suite) = talk();
    let project = Project::new(&[("suites/talk.toml", &suite)]);
    project.holdline(&["run"]).expect(0);
    let mut command = project.command(&["judge", "label", "talk", "--judge", "correctness"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("i\n".repeat(11).as_bytes()).unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap()).expect(0);
    ran.says(&["right:  Booked at three.\nright:  It is booked for 3 pm.\n", "11 labelled now"]);
    let labels = project.read("suites/judges/correctness.labels.jsonl");
    let labels: Vec<Value> = labels.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let with: Vec<&Value> = labels.iter().filter(|label| label.get("reference").is_some()).collect();
    assert_eq!((labels.len(), with.len()), (11, 1));
    assert_eq!(
        (&with[0]["reference"], &with[0]["input"]),
        (&json!(["Booked at three.", "It is booked for 3 pm."]), &json!("at three"))
    );
}

#[test]
fn judges_that_come_with_holdline_are_used_by_name_with_the_labels_of_the_project() {
    // Says that what holds the year of the reference is right.
    let model = Model::start(|_, data| {
        let data: Value = serde_json::from_str(data).unwrap();
        let right = data["output"].as_str().unwrap().contains(data["reference"].as_str().unwrap());
        verdict(if right { "correct" } else { "incorrect" })
    });
    let project = Project::new(&[("holdline.toml", &models(model.port))]);
    project.holdline(&["judge", "show", "relevance"]).expect(0).says(&[
        "Does the answer address what was asked?",
        "- `irrelevant`: ",
        r#""input":"Can I change the delivery address after I have ordered?""#,
    ]);
    project.holdline(&["judge", "show", "correctness"]).expect(0).says(&[
        r#"Evidence: {"input":"When was the bridge opened?","output":"Cars and trains have used it since July 1, 2000.","reference":"It was opened on 1 July 2000."}"#,
    ]);
    project.holdline(&["judge", "check", "correctness"]).expect(2).says(&["correctness.labels.jsonl"]);
    let label = |n: usize, output: &str, label: &str| {
        json!({
            "id": format!("c{n}"), "input": "When?", "output": output, "reference": "1987", "label": label,
            "labeller": "Ana", "date": "2026-03-02",
        })
        .to_string()
            + "\n"
    };
    let labels = label(1, "In 1987.", "correct") + &label(2, "In 1988.", "fail");
    project.write("suites/judges/correctness.labels.jsonl", &labels);
    project.holdline(&["judge", "check", "correctness"]).expect(0).says(&[
        "2 of 2 labelled answers graded",
        "accuracy      100.0 %",
        "`incorrect` is the class looked for",
    ]);
    assert!(project.path("suites/judges/correctness.history.jsonl").exists());
    let asked: BTreeSet<String> = model.shown.lock().unwrap().iter().cloned().collect();
    assert!(asked.contains(r#"{"input":"When?","output":"In 1987.","reference":"1987"}"#), "{asked:?}");
    // A file of the project's is the one that is meant.
    project.write("suites/judges/relevance.toml", JUDGE);
    project
        .holdline(&["judge", "show", "relevance"])
        .expect(0)
        .says(&["Is the customer's problem resolved?", "what the application is asked"]);
}
