//! Which case is in which shard.

use crate::project::{App, Project, well};
use crate::world::{accepted, ask, in_ci, merge, record, world};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The shard of each case, by its id.
fn dealt(project: &Project, of: u32, more: &[&str]) -> BTreeMap<String, usize> {
    let mut dealt = BTreeMap::new();
    for (at, run) in ask(project, of, more).iter().enumerate() {
        let record: Value =
            serde_json::from_str(&std::fs::read_to_string(run.join("report.json")).unwrap()).unwrap();
        for case in
            record["suites"].as_array().unwrap().iter().flat_map(|suite| suite["cases"].as_array().unwrap())
        {
            assert_eq!(dealt.insert(case["id"].as_str().unwrap().to_owned(), at), None, "asked once");
        }
    }
    dealt
}

#[test]
fn a_case_that_is_added_moves_no_other() {
    let app = App::start(well);
    let project = world(&app);
    let before = dealt(&project, 3, &[]);
    let text = project.read("suites/greets.toml");
    project.write(
        "suites/greets.toml",
        &text.replacen("inputs = [", "inputs = [\"hello to the newcomer\", ", 1),
    );
    let after = dealt(&project, 3, &[]);
    assert_eq!(after.len(), before.len() + 1);
    for (case, shard) in &before {
        assert_eq!(after.get(case), Some(shard), "{case}");
    }
}

/// Times of the suite `greets` as if they had been accepted: one case of 12 s, one of 4 s, all others 1 s.
fn timed(project: &Project) {
    let snap = project.read("baselines/greets.snap");
    let run = snap.lines().find_map(|line| line.strip_prefix("run ")).map(str::trim);
    let path = project.path("baselines/greets.timings.json");
    let mut timings: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(run.is_none_or(|run| timings["run"] == run));
    for (at, (_, ms)) in timings["latency_ms"].as_object_mut().unwrap().iter_mut().enumerate() {
        *ms = json!(match at {
            0 => 12_000.0,
            1 => 4_000.0,
            _ => 1_000.0,
        });
    }
    std::fs::write(path, timings.to_string()).unwrap();
}

#[test]
fn balanced_shards_take_about_as_long_and_are_put_together_like_any() {
    let app = App::start(well);
    let text = crate::project::suite(app.port)
        .replace("[[scenario]]\nname = \"greets", "[run]\nconcurrency = 1\n[[scenario]]\nname = \"greets");
    let project = Project::new(&[("suites/greets.toml", &text)]);
    project.accept_everything();
    timed(&project);
    // 12 + 4 + 23 seconds: 13, 13 and 13.
    let dry = in_ci(&project, &["run", "--shards", "3", "--balance", "--dry-run"], &[]).expect(0);
    let lines: Vec<&str> = dry.out.lines().collect();
    assert_eq!(
        lines,
        [
            "shard 1/3: 2 cases, about 13 s",
            "shard 2/3: 10 cases, about 13 s",
            "shard 3/3: 13 cases, about 13 s",
            "by the times accepted for 25 of 25 families",
            "nothing was asked",
        ]
    );
    let dealt = dealt(&project, 3, &["--balance"]);
    let mut cases = [0; 3];
    for shard in dealt.values() {
        cases[*shard] += 1;
    }
    assert_eq!(cases, [2, 10, 13]);
    let shards = ask(&project, 3, &["--balance"]);
    merge(&project, &shards, &["--json", "merged.json"]).expect(0);
    assert_eq!(record(&project, "merged.json")["suites"][0]["cases"].as_array().unwrap().len(), 25);
}

#[test]
fn what_shards_would_take_is_said_without_asking() {
    let app = App::start(well);
    let project = accepted(&app);
    let before = app.asked();
    in_ci(&project, &["run", "--shards", "2", "--dry-run"], &[]).expect(0).says(&[
        "shard 1/2: ",
        "shard 2/2: ",
        "no times are accepted yet: all families count alike",
        "nothing was asked",
    ]);
    in_ci(&project, &["run", "--shards", "2"], &[]).expect(2).says(&["--dry-run"]);
    in_ci(&project, &["run", "--shard", "2/2", "--dry-run"], &[]).expect(0).says(&["a part: it cannot gate"]);
    assert_eq!(app.asked(), before);
}
