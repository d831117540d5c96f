//! What is not put together: a merge that does not know everything decides nothing.

use crate::project::{App, Project, well};
use crate::world::{accepted, ask, in_ci, merge, newest, world};
use std::path::PathBuf;

/// The shards of three, and their project.
fn three() -> (App, Project, Vec<PathBuf>) {
    let app = App::start(well);
    let project = accepted(&app);
    let shards = ask(&project, 3, &[]);
    (app, project, shards)
}

#[track_caller]
fn refused(project: &Project, folders: &[PathBuf], why: &[&str]) {
    let why: Vec<&str> = ["cannot decide: "].iter().chain(why).copied().collect();
    merge(project, folders, &["--json", "merged.json"]).expect(3).says(&why);
    assert!(!project.path("merged.json").exists());
}

#[test]
fn a_shard_that_is_missing_or_there_twice() {
    let (_app, project, shards) = three();
    refused(&project, &shards[..2], &["1 of 3 shards missing: 3/3"]);
    refused(&project, &shards[1..2], &["2 of 3 shards missing: 1/3, 3/3"]);
    let twice = [&shards[..], &shards[1..2]].concat();
    refused(&project, &twice, &["shard 2/3 is there twice"]);
    in_ci(&project, &["run", "--shard", "2/3"], &[]).expect(0);
    refused(&project, &[&shards[..], &[newest(&project)]].concat(), &["shard 2/3 is there twice"]);
    merge(&project, &shards, &[]).expect(0);
}

#[test]
fn shards_of_different_divisions() {
    let (_app, project, shards) = three();
    in_ci(&project, &["run", "--shard", "2/2"], &[]).expect(0);
    let mixed = [shards[0].clone(), newest(&project)];
    refused(&project, &mixed, &["is shard 2/2, and ", "is shard 1/3: they are parts of different runs"]);
    in_ci(&project, &["run", "--shard", "2/3", "--balance"], &[]).expect(0);
    let mixed = [shards[0].clone(), newest(&project), shards[2].clone()];
    refused(&project, &mixed, &["was split by `balance`, and ", "by `hash`"]);
}

#[test]
fn shards_of_different_files() {
    let (_app, project, shards) = three();
    let suite = project.read("suites/greets.toml");
    project.write("suites/greets.toml", &suite.replace("keeps customers", "keeps guests"));
    refused(&project, &shards, &["shard 1/3 does not belong here: suite `greets` has another fingerprint"]);
    in_ci(&project, &["run", "--shard", "2/3"], &[]).expect(0);
    let mixed = [shards[0].clone(), newest(&project), shards[2].clone()];
    refused(
        &project,
        &mixed,
        &["shard 2/3 does not belong here: suite `greets` has another fingerprint than in shard 1/3"],
    );
    project.write("suites/greets.toml", &suite);
    in_ci(&project, &["run", "greets", "--shard", "2/3"], &[]).expect(0);
    let mixed = [shards[0].clone(), newest(&project), shards[2].clone()];
    refused(&project, &mixed, &["it is about `greets`, and shard 1/3 about `greets`, `varied`"]);
}

#[test]
fn a_shard_that_was_not_finished() {
    let (_app, project, shards) = three();
    let journal = shards[1].join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    let cut = |lines: usize| {
        let kept: Vec<&str> = whole.split_inclusive('\n').collect();
        std::fs::write(&journal, kept[..kept.len() - lines].concat()).unwrap();
    };
    cut(1);
    refused(&project, &shards, &["shard 2/3 is not complete: its journal does not come to an end"]);
    std::fs::write(&journal, &whole[..whole.len() - 5]).unwrap();
    refused(&project, &shards, &["shard 2/3 is not complete"]);
    std::fs::write(&journal, whole.replacen("\"pass\"", "\"fail\"", 1)).unwrap();
    refused(&project, &shards, &["journal.jsonl: damaged in line 2; run shard 2/3 again"]);
    std::fs::write(&journal, &whole).unwrap();
    merge(&project, &shards, &[]).expect(0);
    std::fs::remove_file(shards[1].join("report.json")).unwrap();
    refused(&project, &shards, &["shard 2/3 is not complete: it has no report.json"]);
}

#[test]
fn a_shard_whose_record_tells_of_a_problem_or_of_another_judge() {
    let (_app, project, shards) = three();
    let path = shards[1].join("report.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let edited = |edit: fn(&mut serde_json::Value)| {
        let mut record = serde_json::from_str(&whole).unwrap();
        edit(&mut record);
        std::fs::write(&path, record.to_string()).unwrap();
    };
    edited(|record| {
        let problem =
            serde_json::json!({ "kind": "target", "message": "the application ended during the run" });
        record["suites"][1]["problems"] = serde_json::json!([problem]);
    });
    refused(&project, &shards, &["shard 2/3 is not complete: the application ended during the run"]);
    edited(|record| record["version"] = "0.0.1".into());
    refused(&project, &shards, &["shard 2/3 does not belong here: Holdline 0.0.1 made it"]);
    edited(|record| record["suites"][0]["judged_by"]["judges"] = "others".into());
    refused(&project, &shards, &["shard 2/3 does not belong here: suite `greets` was judged in another way"]);
    std::fs::write(&path, "{").unwrap();
    refused(&project, &shards, &["shard 2/3 is not complete: report.json cannot be read"]);
}

#[test]
fn an_application_that_does_not_start_is_told_by_its_shard() {
    let app = App::start(well);
    let project = accepted(&app);
    let text = project.read("suites/greets.toml");
    let serve = "[target.serve]\ncommand = [\"holdline-no-such-program\"]\nready = \"http://127.0.0.1:1/\"\n\n[[scenario]]\nname = \"greets";
    project.write("suites/greets.toml", &text.replace("[[scenario]]\nname = \"greets", serve));
    in_ci(&project, &["run", "greets", "--shard", "1/1"], &[]).expect(3).says(&["did not start"]);
    refused(&project, &[newest(&project)], &["shard 1/1 is not complete"]);
}

#[test]
fn a_shard_whose_answer_was_taken_out() {
    let (_app, project, shards) = three();
    let journal = shards[2].join("journal.jsonl");
    let whole = std::fs::read_to_string(&journal).unwrap();
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    lines.remove(1);
    std::fs::write(&journal, lines.concat()).unwrap();
    refused(
        &project,
        &shards,
        &["missing from every shard: 1 answer of suite `greets`, the first to `greets::"],
    );
}

#[test]
fn a_shard_whose_time_was_up() {
    let app = App::slow(std::time::Duration::from_millis(40), well);
    let project = world(&app);
    for suite in ["suites/greets.toml", "suites/varied.toml"] {
        let text = project.read(suite).replace("[run]\n", "").replace(
            "[[scenario]]\nname = \"greets",
            "[run]\nconcurrency = 1\nmax_time = \"1ms\"\n[[scenario]]\nname = \"greets",
        );
        project.write(suite, &text.replace("repeats = 2\n", ""));
    }
    in_ci(&project, &["run", "greets", "--shard", "1/1"], &[])
        .expect(4)
        .says(&["time of the run is used up"]);
    refused(&project, &[newest(&project)], &["shard 1/1 is not complete"]);
}

#[test]
fn what_is_no_shard() {
    let (_app, project, shards) = three();
    in_ci(&project, &["run"], &[]).expect(0);
    refused(&project, &[newest(&project)], &["this run is no shard"]);
    let all = PathBuf::from(".holdline/runs");
    refused(&project, &[all], &[".holdline/runs: there are "]);
    refused(&project, &[PathBuf::from("suites")], &["suites: there is no run"]);
    refused(&project, &[PathBuf::from("nowhere")], &["nowhere: "]);
    drop(shards);
    in_ci(&project, &["merge"], &[]).expect(2);
}

#[test]
fn a_shard_of_a_part_of_the_cases() {
    let (_app, project, _shards) = three();
    in_ci(&project, &["run", "--shard", "1/2", "--filter", "bye"], &[]).expect(2);
    in_ci(&project, &["run", "--filter", "bye"], &[("HOLDLINE_SHARD", "1/2")])
        .expect(2)
        .says(&["leave out --filter, --tag and --last-failed, or ask everything with HOLDLINE_SHARD=off"]);
    in_ci(&project, &["run", "--shard", "3/2"], &[]).expect(2).says(&["there is no shard 3 of 2"]);
}
