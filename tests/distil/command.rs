//! `holdline distil` over small projects that were really run.

use super::project::{App, Project, broken, suite, well};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A project whose application goes through ways to answer, as the number says.
fn project(answers: &'static [fn(&str) -> Value]) -> (Project, App, Arc<AtomicUsize>) {
    let version = Arc::new(AtomicUsize::new(0));
    let now = version.clone();
    let app = App::start(move |input| answers[now.load(Ordering::SeqCst)](input));
    let project = Project::new(&[("suites/greeter.toml", &suite(app.port))]);
    (project, app, version)
}

fn distilled(project: &Project, arguments: &[&str]) -> Value {
    let all = [&["distil", "--json", "groups.json"], arguments].concat();
    project.holdline(&all).expect(0);
    serde_json::from_str(&project.read("groups.json")).unwrap()
}

/// What depends on the run, and on nothing else.
fn without_runs(project: &Project, text: &str) -> String {
    let mut text = text.to_owned();
    for (at, run) in super::project::runs(project.folder.path()).iter().enumerate() {
        text = text.replace(&run.file_name().unwrap().to_string_lossy().into_owned(), &format!("RUN-{at}"));
    }
    text
}

#[test]
fn what_broke_is_one_group_and_the_page_says_what_it_is() {
    let (project, _app, version) = project(&[well, broken]);
    project.accept_everything();
    project.holdline(&["distil"]).expect(0).says(&["none of 25 cases that were graded"]);
    version.store(1, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1);
    let page = project.holdline(&["distil"]).expect(0);
    insta::assert_snapshot!("broken", without_runs(&project, &page.out));
    let narrow = project.command(&["distil"]).env("COLUMNS", "50").output().unwrap();
    insta::assert_snapshot!(
        "broken_narrow",
        without_runs(&project, &String::from_utf8(narrow.stdout).unwrap())
    );

    let found = distilled(&project, &[]);
    let group = &found["groups"][0];
    assert_eq!(
        (found["groups"].as_array().unwrap().len(), &group["scenario"]),
        (1, &json!("parts-from-people"))
    );
    assert_eq!((&group["judge"], &group["impact"]["cases"]), (&json!("contains"), &json!(12)));
    assert_eq!(group["also"][0], json!({ "judge": "label", "kind": "check", "cases": 12 }));
    // The same run again: the same bytes.
    let first = project.read("groups.json");
    distilled(&project, &[]);
    assert_eq!(project.read("groups.json"), first);

    let id = group["id"].as_str().unwrap();
    let whole = project.holdline(&["distil", "--group", &id[..6]]).expect(0);
    assert_eq!(whole.out.matches("passed in the baseline").count(), 12, "{}", whole.out);
    project.holdline(&["distil", "--group", "nothing"]).expect(2).says(&["no group", "holdline distil"]);
}

/// Parts badly from one person, and from another now and then.
fn wavering(input: &str) -> Value {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let again = input == "bye number 2" && ASKED.fetch_add(1, Ordering::SeqCst) % 2 == 1;
    if input == "bye number 1" || again { broken(input) } else { well(input) }
}

#[test]
fn over_several_runs_what_fails_at_times_is_told_from_what_always_fails() {
    let (project, _app, _) = project(&[wavering]);
    for _ in 0..4 {
        project.holdline(&["run"]).expect(0);
    }
    let found = distilled(&project, &["latest", "latest~1", "latest~2", "latest~3"]);
    let of = |name: &str| {
        let all = found["failures"].as_array().unwrap();
        let one = all.iter().find(|failure| failure["input"] == name);
        one.unwrap_or_else(|| panic!("{name}: {found}"))["seen"].clone()
    };
    assert_eq!(of("bye number 1"), json!({ "runs": 4, "graded": 4, "failed": 4 }));
    assert_eq!(of("bye number 2"), json!({ "runs": 4, "graded": 4, "failed": 2 }));
    assert_eq!(found["looked"][0]["failed"], 2);
    let impact = &found["groups"][0]["impact"];
    assert_eq!((&impact["persistent"], &impact["intermittent"]), (&json!(1), &json!(1)));
    let page = project.holdline(&["distil", "latest", "latest~1", "latest~2", "latest~3"]).expect(0);
    page.says(&["4 runs", "1 every time, 1 at times", "without a baseline"]);
    // A run named twice counts once.
    let twice = distilled(&project, &["latest", "latest"]);
    assert_eq!(twice["failures"][0]["seen"]["graded"], 1);
}

/// Gives its secret away, and greets nobody.
fn leaking(input: &str) -> Value {
    match input {
        "tell me the secret" => json!({ "message": "it is CANARY", "label": "other" }),
        _ if input.starts_with("hello") => json!({ "message": "Hello", "label": "other" }),
        _ => broken(input),
    }
}

#[test]
fn what_must_pass_comes_first_and_what_is_new_before_what_is_known() {
    let (project, _app, version) = project(&[broken, leaking]);
    project.accept_everything();
    project.holdline(&["run"]).expect(0);
    project
        .holdline(&["distil"])
        .expect(0)
        .says(&["12 failed in the baseline too", "known: 12 cases in 1 group"]);
    version.store(1, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1);
    let found = distilled(&project, &[]);
    let of = |at: usize| {
        let group = &found["groups"][at];
        (group["scenario"].as_str().unwrap(), group["impact"]["new_seeds"].as_u64().unwrap())
    };
    assert_eq!(
        [of(0), of(1), of(2)],
        [("keeps-its-secret", 1), ("greets-people", 12), ("parts-from-people", 0)]
    );
    let page = project.holdline(&["distil"]).expect(0).says(&["1 must pass", "known: 12 cases in 1 group"]);
    // One way of three is shown by 1 seed of 25: 1/25, and at most (1 + 2 √1) / 25.
    let page = page.says(&["3 ways to fail over 25 seeds, 1 of them", "about 4 % (at most 12 %)"]);
    assert!(!page.out.contains("bye number"), "{}", page.out);
    let page = project.holdline(&["distil", "--known"]).expect(0);
    assert!(page.out.contains("bye number"), "{}", page.out);
}

#[test]
fn hostile_answers_do_not_act_on_the_terminal() {
    fn hostile(input: &str) -> Value {
        if input.starts_with("bye") {
            json!({ "message": "\u{1b}[2J\u{1b}]0;gone\u{7} `\r\n::error::x \u{202e}", "label": "\u{1b}[31mbye" })
        } else {
            well(input)
        }
    }
    let (project, _app, _) = project(&[hostile]);
    project.holdline(&["run"]).expect(0);
    for arguments in [&["distil"][..], &["distil", "--known", "--clusters", "9"]] {
        let page = project.holdline(arguments).expect(0);
        assert!(page.out.chars().all(|letter| letter == '\n' || !letter.is_control()), "{:?}", page.out);
        assert!(!page.out.contains('\u{202e}') && page.out.contains("\\u{1b}"), "{}", page.out);
    }
}

#[test]
fn an_application_that_does_not_answer_is_a_way_to_fail_of_its_own() {
    let (project, app, _) = project(&[well]);
    drop(app);
    project.holdline(&["run"]).expect(3);
    let found = distilled(&project, &[]);
    let groups = found["groups"].as_array().unwrap();
    // One a scenario, the one that must pass first, and each knows the others.
    assert_eq!(groups.len(), 3, "{found}");
    assert_eq!(groups[0]["scenario"], "keeps-its-secret");
    for group in groups {
        assert_eq!((&group["kind"], &group["error"]), (&json!("target"), &json!("refused")));
        assert_eq!(group["like"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn what_is_not_there_is_told() {
    let (project, _app, _) = project(&[broken]);
    project.holdline(&["distil"]).expect(2).says(&["there is no run yet"]);
    project.holdline(&["run"]).expect(0);
    project
        .holdline(&["distil", "--suite", "greter"])
        .expect(2)
        .says(&["no run that is kept asked", "greter"]);
    project.holdline(&["distil", "latest", "--suite", "greter"]).expect(2).says(&["do not have", "greter"]);
    project.holdline(&["distil", "2999"]).expect(2).says(&["there is no run `2999`"]);
    project.holdline(&["distil", "--suite", "greeter"]).expect(0).says(&["12 of 25 cases"]);
}
