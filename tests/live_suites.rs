//! Suites that need a model: left out and told of unless they are named.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, runs, suite, well};
use serde_json::{Value, json};

/// A project with a suite over the application, and the same suite once more among the live ones, with a
/// header that holds a key.
fn talk(app: &App) -> Project {
    let keyed = suite(app.port).replace(
        "body = {",
        "headers = { authorization = \"Bearer ${env:HOLDLINE_TEST_LIVE_KEY}\" }\nbody = {",
    );
    Project::new(&[
        ("suites/talk.toml", &suite(app.port)),
        ("suites/live/judged.toml", &keyed),
        // Data of live suites are no suites.
        ("suites/live/judged.jsonl", "{}\n"),
    ])
}

/// Runs the command where the key is set.
fn with_key(project: &Project, arguments: &[&str]) -> Ran {
    Ran::of(project.command(arguments).env("HOLDLINE_TEST_LIVE_KEY", "k-123456789").output().unwrap())
}

/// The suites of a record, and those left out.
fn told(record: &str) -> (Vec<String>, Value) {
    let record: Value = serde_json::from_str(record).unwrap();
    let suites = record["suites"].as_array().unwrap();
    (
        suites.iter().map(|suite| suite["name"].as_str().unwrap().to_owned()).collect(),
        record["unnamed"].clone(),
    )
}

#[test]
fn a_bare_run_asks_no_live_suite_and_every_output_says_so() {
    let app = App::start(well);
    let project = talk(&app);
    let ran = project.holdline(&["run", "--json", "run.json", "--markdown", "run.md"]).expect(0);
    assert_eq!(app.asked(), 25, "of the live suite nothing is asked");
    let line = ran.out.lines().find(|line| line.contains("live/")).unwrap_or_default();
    let (ran_suites, unnamed) = told(&project.read("run.json"));
    assert_eq!(ran_suites, ["talk"]);
    let markdown = project.read("run.md");
    let in_markdown = markdown.lines().find(|line| line.contains("live/")).unwrap_or_default();
    insta::assert_snapshot!(format!("terminal: {line}\nmarkdown: {in_markdown}\nrecord: {unnamed:#}"));
}

#[test]
fn a_record_without_live_suites_is_as_it_was() {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    let ran = project.holdline(&["run", "--json", "run.json"]).expect(0);
    assert_eq!(told(&project.read("run.json")), (vec!["talk".to_owned()], Value::Null));
    ran.keeps_quiet(&["needs a model"]);
}

#[test]
fn a_live_suite_runs_when_it_is_named_by_either_name_and_alone_or_with_others() {
    let app = App::start(well);
    let project = talk(&app);
    with_key(&project, &["run", "live/judged", "--json", "run.json"])
        .expect(0)
        .keeps_quiet(&["needs a model"]);
    assert_eq!(
        (told(&project.read("run.json")), app.asked()),
        ((vec!["judged".to_owned()], Value::Null), 25)
    );
    project.holdline(&["accept", "live/judged", "--reason", "first"]).expect(0);
    assert!(project.path("baselines/judged.snap").is_file());

    with_key(&project, &["run", "talk", "judged", "--json", "run.json"]).expect(0);
    assert_eq!(told(&project.read("run.json")).0, ["judged", "talk"]);
    assert_eq!(app.asked(), 75);
    // Named twice it runs once.
    with_key(&project, &["run", "judged", "live/judged"]).expect(0);
    assert_eq!(app.asked(), 100);
    project.holdline(&["explain", "live/judged"]).expect(0).says(&["judged"]);

    // Its baseline belongs to a suite that is there, also where that one is left out.
    project.holdline(&["run"]).expect(0).keeps_quiet(&["belongs to no suite"]);
    project.holdline(&["check"]).expect(0).keeps_quiet(&["belongs to no suite"]);
}

#[test]
fn without_its_key_a_live_suite_ends_the_run_before_anything_is_asked() {
    let app = App::start(well);
    let project = talk(&app);
    let ran = project.holdline(&["run", "judged"]).expect(3);
    ran.says(&["suite `judged` refers to `HOLDLINE_TEST_LIVE_KEY`, which is not set: set it"]);
    let ran = project.holdline(&["run", "judged", "talk", "--junit", "junit.xml"]).expect(3);
    ran.says(&["HOLDLINE_TEST_LIVE_KEY"]);
    assert_eq!(app.asked(), 0, "not even the suite that needs no key");
    assert!(project.read("junit.xml").contains("HOLDLINE_TEST_LIVE_KEY"));
}

#[test]
fn what_is_meant_by_a_name_is_certain_or_an_error() {
    let app = App::start(well);
    let project = talk(&app);
    let mut all = String::new();
    for named in [&["run", "judgd"][..], &["run", "live/talk"], &["run", "live/other"]] {
        all += &project.holdline(named).expect(2).err;
        all += "\n";
    }
    project.write("suites/live/talk.toml", &suite(app.port));
    // What is accepted for either would be one file, so that this is wrong whatever is named.
    for named in [&["run"][..], &["run", "talk"], &["check"]] {
        all += &project.holdline(named).expect(2).err;
        all += "\n";
    }
    assert_eq!(app.asked(), 0);
    insta::assert_snapshot!(all);
}

#[test]
fn what_asks_nothing_looks_at_live_suites_too() {
    let app = App::start(well);
    let project = talk(&app);
    project.holdline(&["check"]).expect(0).says(&["ok  suites/talk.toml", "ok  suites/live/judged.toml"]);
    project.holdline(&["check", "live/judged"]).expect(0).keeps_quiet(&["talk.toml"]);
    project.holdline(&["expand", "--write"]).expect(0).says(&["suites/live/judged.plan"]);
    let ran = project.holdline(&["expand", "--check"]).expect(0);
    ran.says(&["ok  suites/talk.plan", "ok  suites/live/judged.plan"]);
    project.write("suites/live/judged.plan", "format 1\n");
    project
        .holdline(&["expand", "--check"])
        .expect(1)
        .says(&["suites/live/judged.plan: the cases are not those"]);
    project.holdline(&["doctor"]).expect(0).says(&["judged: not set here: HOLDLINE_TEST_LIVE_KEY"]);
    let quality = project.holdline(&["quality", "suite", "--json"]).expect(0).out;
    let quality: Value = serde_json::from_str(&quality).unwrap();
    assert_eq!(quality["suites"].as_array().unwrap().len(), 2);
    // A mistake in a live suite is found without a model.
    project.write("suites/live/broken.toml", "feature = 1\n");
    project.holdline(&["check"]).expect(2).says(&["suites/live/broken.toml"]);
    project.holdline(&["run"]).expect(0);
    assert_eq!(runs(project.folder.path()).len(), 1);
}

#[test]
fn what_says_what_would_be_asked_leaves_live_suites_out_and_tells() {
    let app = App::start(well);
    let project = talk(&app);
    let told = |verb: &str| format!("left out: live/judged, which needs a model; name it to {verb} it");
    let ran = project.holdline(&["list"]).expect(0).says(&["25 of 25 cases", &told("list")]);
    assert_eq!(ran.out.lines().count(), 25);
    let ran = project.holdline(&["list", "--json"]).expect(0).says(&[&told("list")]);
    assert!(
        ran.out.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["suite"] == json!("talk"))
    );
    let ran = project.holdline(&["list", "judged"]).expect(0).says(&["judged::greets-people::"]);
    ran.keeps_quiet(&["needs a model"]);
    project.holdline(&["run", "--dry-run"]).expect(0).says(&[&told("run")]).keeps_quiet(&["judged: 25"]);
    project.holdline(&["run", "--shards", "2", "--dry-run"]).expect(0).says(&[&told("run")]);
    project.holdline(&["run", "judged", "--dry-run"]).expect(0).says(&["judged: 25 of 25"]);
    project.holdline(&["doctor", "--aa", "2", "--ask", "--dry-run"]).expect(0).says(&["2 runs of 25 cases"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_project_of_live_suites_alone_runs_none_of_them_by_itself() {
    let app = App::start(well);
    let project = talk(&app);
    std::fs::remove_file(project.path("suites/talk.toml")).unwrap();
    let ran = project.holdline(&["run"]).expect(2);
    insta::assert_snapshot!(ran.err);
    with_key(&project, &["run", "judged"]).expect(0);
    project.holdline(&["check"]).expect(0);
}

#[test]
fn shards_of_a_live_suite_are_merged_under_its_name() {
    let app = App::start(well);
    let project = talk(&app);
    for shard in ["1/2", "2/2"] {
        with_key(&project, &["run", "live/judged", "--shard", shard]).expect(0);
    }
    let folders = runs(project.folder.path());
    let folders: Vec<&str> = folders.iter().map(|path| path.to_str().unwrap()).collect();
    let ran = project.holdline(&["merge", folders[0], folders[1]]).expect(0);
    ran.says(&["judged: ", "25 cases"]);
}
