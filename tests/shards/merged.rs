//! Shards put together say what one run says.

use crate::project::{App, Project, broken, runs, well};
use crate::world::{accepted, ask, in_ci, merge, newest, record, timeless, timeless_junit, varied};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Points the suites at another application, as a change of the application would.
fn point(project: &Project, from: &App, to: &App) {
    for suite in ["suites/greets.toml", "suites/varied.toml"] {
        let text = project.read(suite).replace(&from.port.to_string(), &to.port.to_string());
        project.write(suite, &text);
    }
}

/// Runs everything at once and in shards, and holds the two against each other.
fn same(project: &Project, app: &App, code: i32, headline: &str) {
    let before = app.asked();
    let outputs = |name: &str| [format!("{name}.json"), format!("{name}.xml")];
    let [json, xml] = outputs("whole");
    let whole = ["run", "--no-confirm", "--json", &json, "--junit", &xml];
    in_ci(project, &whole, &[]).expect(code).says(&[headline]);
    let answers = app.asked() - before;
    for of in [1, 2, 3, 7] {
        let before = app.asked();
        let shards = ask(project, of, &[]);
        assert_eq!(app.asked() - before, answers, "every answer once, by {of} shards");
        let [part_json, part_xml] = outputs(&format!("of-{of}"));
        let merged = merge(project, &shards, &["--json", &part_json, "--junit", &part_xml]);
        merged.expect(code).says(&[headline]);
        assert_eq!(app.asked() - before, answers, "a merge asks nothing");
        let (one, all) = (timeless(record(project, &part_json)), timeless(record(project, &json)));
        assert!(one == all, "of {of} shards:\n{one}\nand of one run:\n{all}");
        assert_eq!(timeless_junit(&project.read(&part_xml)), timeless_junit(&project.read(&xml)), "{of}");
        let kept = std::fs::read_to_string(newest(project).join("report.json")).unwrap();
        assert_eq!(kept, project.read(&part_json), "the record is that of a run like any other");
    }
}

#[test]
fn any_number_of_shards_holds_as_one_run_does() {
    let app = App::start(well);
    same(&accepted(&app), &app, 0, "Held: nothing that worked got worse in 2 suites");
}

#[test]
fn any_number_of_shards_regresses_as_one_run_does() {
    let good = App::start(well);
    let project = accepted(&good);
    let bad = App::start(broken);
    point(&project, &good, &bad);
    same(&project, &bad, 1, "Regressed: 2 of 2 suites got worse");
}

#[test]
fn a_shard_decides_nothing_and_is_no_baseline() {
    let good = App::start(well);
    let project = accepted(&good);
    let bad = App::start(broken);
    point(&project, &good, &bad);
    let mut cases = 0;
    for shard in ["1/3", "2/3", "3/3"] {
        // Outside CI, where a whole run would be offered for review.
        let arguments = ["run", "--shard", shard, "--json", "part.json", "--junit", "part.xml"];
        let ran = project.holdline(&arguments).expect(0);
        ran.says(&[&format!("Shard {shard}: ")]).keeps_quiet(&[
            "egressed:",
            "holdline accept",
            "asking 12 cases again",
        ]);
        let part = record(&project, "part.json");
        let (index, _) = shard.split_once('/').unwrap();
        for suite in part["suites"].as_array().unwrap() {
            let expected = json!({ "index": index.parse::<u32>().unwrap(), "of": 3, "split": "hash" });
            assert_eq!(suite["shard"], expected);
            assert_eq!((&suite["partial"], &suite["decision"]), (&json!(true), &json!("measured")));
            assert_eq!((&suite["findings"], &suite["pending"]), (&json!([]), &json!(false)));
            cases += suite["cases"].as_array().unwrap().len();
        }
        let xml = project.read("part.xml");
        assert!(xml.contains("type=\"shard\""), "{xml}");
        assert!(xml.contains("`holdline merge` decides"), "{xml}");
        assert!(!xml.contains("<failure"), "{xml}");
    }
    assert_eq!(
        cases,
        record(&project, "part.json")["suites"]
            .as_array()
            .unwrap()
            .iter()
            .fold(0, |all, suite| { all + usize::try_from(suite["planned"].as_u64().unwrap()).unwrap() })
    );
    for suite in ["greets", "varied"] {
        assert!(!project.path(&format!("baselines/{suite}.snap.new")).exists());
    }
}

#[test]
fn variants_stay_with_their_seed() {
    let app = App::start(well);
    let project = Project::new(&[("suites/varied.toml", &varied(app.port))]);
    let mut by_family: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
    let mut seen = 0;
    for (index, run) in (0..).zip(ask(&project, 3, &[])) {
        let record: Value =
            serde_json::from_str(&std::fs::read_to_string(run.join("report.json")).unwrap()).unwrap();
        for case in record["suites"][0]["cases"].as_array().unwrap() {
            let family = case["family"].as_str().unwrap().to_owned();
            assert_eq!(*by_family.entry(family).or_insert(index), index);
            seen += 1;
        }
    }
    assert!(by_family.len() == 8 && seen > 8, "{seen} cases of {} families", by_family.len());
}

#[test]
fn flagged_scenarios_are_asked_again_where_a_merge_is_told_to() {
    let good = App::start(well);
    let project = accepted(&good);
    let bad = App::start(broken);
    point(&project, &good, &bad);
    let shards = ask(&project, 2, &[]);
    merge(&project, &shards, &[]).expect(1).says(&["was not asked again", "`holdline merge --confirm`"]);
    let before = bad.asked();
    merge(&project, &shards, &["--confirm"]).expect(1).keeps_quiet(&["was not asked again"]);
    assert!(bad.asked() > before);
}

#[test]
fn shards_of_machines_that_keep_their_runs_elsewhere_are_found() {
    let app = App::start(well);
    let project = accepted(&app);
    let shards = ask(&project, 2, &[]);
    // As artifacts of two jobs, one of them with everything below the project.
    for (at, run) in ["artifacts/one", "artifacts/two/.holdline/runs"].iter().zip(&shards) {
        let to = project.path(at).join(run.file_name().unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::rename(run, to).unwrap();
    }
    let folders = ["artifacts/one", "artifacts/two"].map(PathBuf::from);
    merge(&project, &folders, &[]).expect(0);
}

#[test]
fn a_merge_needs_no_secret() {
    let app = App::start(well);
    let project = accepted(&app);
    for suite in ["suites/greets.toml", "suites/varied.toml"] {
        let text =
            project.read(suite).replace("[target]\n", "[target]\nheaders = { key = \"${env:APP_KEY}\" }\n");
        project.write(suite, &text);
    }
    for shard in ["1/2", "2/2"] {
        in_ci(&project, &["run", "--shard", shard], &[("APP_KEY", "s3cret-value")]).expect(0);
    }
    let shards = runs(project.folder.path()).split_off(1);
    merge(&project, &shards, &[]).expect(0).says(&["Held: "]);
}

#[test]
fn parameters_and_repeats_are_those_of_the_shards() {
    let app = App::start(well);
    let project = accepted(&app);
    let shards = ask(&project, 2, &["--repeats", "3"]);
    merge(&project, &shards, &["--repeats", "3", "--json", "three.json"]).expect(0);
    let three = record(&project, "three.json");
    assert_eq!(three["suites"][0]["cases"][0]["repeats"].as_array().unwrap().len(), 3);
    merge(&project, &shards, &[]).expect(3).says(&["suite `greets` has other repeats than in this folder"]);
}

#[test]
fn a_shard_that_was_killed_is_taken_up_again() {
    let app = App::start(well);
    let project = accepted(&app);
    let shards = ask(&project, 2, &[]);
    let journal = newest(&project).join("journal.jsonl");
    let text = std::fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    std::fs::write(&journal, lines[..lines.len() - 4].concat()).unwrap();
    let before = app.asked();
    in_ci(&project, &["run", "--resume"], &[]).expect(2).says(&["is shard 2/2, and this one no shard"]);
    in_ci(&project, &["run", "--resume", "--shard", "2/2"], &[]).expect(0);
    assert_eq!(app.asked() - before, 3, "the end was one line, and three answers the others");
    merge(&project, &shards, &[]).expect(0);
}
