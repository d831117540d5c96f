//! `holdline compare` through the real command, and how a comparison reads.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;
mod support;

use holdline::compare::{Comparison, Side};
use holdline::report::Style;
use holdline::report::compare::{View, markdown, terminal};
use project::{App, Project, runs};
use serde_json::{Value, json};
use support::records;

const NARROW: Style = Style { colour: false, width: 60 };
const WIDE: Style = Style { colour: false, width: 120 };

/// A suite of so many cases with recorded answers.
fn recorded(cases: usize) -> String {
    let inputs: Vec<String> = (1..=cases).map(|n| format!("\"case {n}\"")).collect();
    format!(
        "feature = \"x\"\n[target]\nrecorded = \"answers.jsonl\"\n[[scenario]]\nname = \"answers\"\ninputs = [{}]\n\
         expect = {{ contains = \"good\" }}\n",
        inputs.join(", ")
    )
}

fn answers(cases: usize, fails: impl Fn(usize) -> bool) -> String {
    let line = |n: usize| {
        let output = if fails(n) { format!("bad {n}") } else { format!("good {n}") };
        json!({ "input": format!("case {n}"), "output": output }).to_string() + "\n"
    };
    (1..=cases).map(line).collect()
}

/// 20 cases, run twice: six that passed in the first fail in the second, and one that failed passes.
fn two_runs() -> Project {
    let project = Project::new(&[("suites/talk.toml", &recorded(20))]);
    project.write("suites/answers.jsonl", &answers(20, |n| n == 20));
    project.holdline(&["run"]).expect(0);
    project.write("suites/answers.jsonl", &answers(20, |n| n <= 6));
    project.holdline(&["run"]).expect(0);
    project
}

fn read(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).unwrap()
}

fn near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() < 1e-6, "{value} is not {expected}");
}

#[test]
fn six_of_twenty_broke_and_one_was_fixed() {
    let project = two_runs();
    project
        .holdline(&["compare", "latest~1", "latest", "--json", "c.json", "--markdown", "c.md"])
        .expect(0)
        .says(&[
            "−25.0 pt [−45.2, −0.3]",
            "0.0703",
            "20 cases in both, of 20 families: 6 worse, 1 better, 13 pass in both, 0 fail in both",
            "6 cases worse than in A",
            "answers (6 of 20)",
            "pass → fail",
            "1 case better than in A",
        ]);
    let comparison = read(&project, "c.json");
    let arm = &comparison["suites"][0]["arms"][1];
    let against = &arm["against"];
    assert_eq!(against["delta"], -0.25);
    assert_eq!([&against["reference"], &against["here"]], [0.95, 0.7]);
    // By hand: centre −5/22; SE² = 22/21 · (9 − 25/22) / 22²; t.95 with 21 degrees of freedom = 1.7207429.
    let (centre, se) = (-5.0 / 22.0, (22.0_f64 / 21.0 * (9.0 - 25.0 / 22.0)).sqrt() / 22.0);
    near(&against["interval"][0], centre - 1.720_742_9 * se);
    near(&against["interval"][1], centre + 1.720_742_9 * se);
    // 7 changed and 6 of them broke: 2 · (1 + 7/2) / 2⁷.
    assert_eq!(against["p"], 0.070_312_5);
    let apart = comparison["suites"][0]["apart"].as_array().unwrap();
    assert_eq!(apart.len(), 7);
    assert_eq!(apart[6]["change"], 1.0);
    assert_eq!(
        apart[6]["seen"][1],
        json!({ "outcome": "pass", "passed": 1, "graded": 1, "answer": "good 20" })
    );
    assert!(project.read("c.md").contains("**6 cases worse than in A**"));
}

#[test]
fn the_other_way_round_it_is_the_mirror_image() {
    let project = two_runs();
    project
        .holdline(&["compare", "latest", "latest~1"])
        .expect(0)
        .says(&["+25.0 pt [+0.3, +45.2]", "fail → pass"]);
}

#[test]
fn runs_are_named_by_id_beginning_age_or_path() {
    let project = two_runs();
    let folders = runs(project.folder.path());
    let ids: Vec<String> =
        folders.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let path = format!(".holdline/runs/{}/report.json", ids[0]);
    for (first, second) in
        [(&*ids[0], "latest"), (&path, &*ids[1]), (&ids[0][..], &ids[1][..ids[1].len() - 1])]
    {
        project.holdline(&["compare", first, second]).expect(0).says(&["−25.0 pt"]);
    }
    project.holdline(&["compare", "latest", "nosuch"]).expect(2).says(&[
        "there is no run `nosuch`",
        &ids[0],
        &ids[1],
    ]);
    project.holdline(&["compare", "latest", "2"]).expect(2).says(&["2 runs begin with `2`"]);
    project.holdline(&["compare", "latest", "latest~2"]).expect(2).says(&["`latest~2`: there are 2 runs"]);
    project.holdline(&["compare", "latest", "./nosuch.json"]).expect(2).says(&["cannot read"]);
    project.holdline(&["compare", "latest"]).expect(2);
    project.holdline(&["compare", "baseline", "latest"]).expect(2).says(&["there is no baseline of talk"]);
    let empty = Project::new(&[]);
    empty.holdline(&["compare", "latest", "latest~1"]).expect(2).says(&["`holdline run` makes one"]);
}

#[test]
fn a_baseline_is_compared_with_all_the_runs_that_it_keeps() {
    let project = Project::new(&[("suites/talk.toml", &recorded(20))]);
    for fails in [20, 19] {
        project.write("suites/answers.jsonl", &answers(20, |n| n == fails));
        project.holdline(&["run", "--update", "always", "--reason", "r"]).expect(0);
    }
    project.write("suites/answers.jsonl", &answers(20, |_| false));
    project.holdline(&["run"]).expect(0);
    project.holdline(&["compare", "baseline", "latest", "--json", "c.json", "--answers"]).expect(0).says(&[
        "2 cases better than in A",
        "1/2 → pass",
        "bad 19",
        "accepted",
    ]);
    let against = &read(&project, "c.json")["suites"][0]["arms"][1]["against"];
    near(&against["delta"], 0.05);
    // Each of the two cases has one failure among its three answers, and it is not the run's: the run is one
    // of the two that pass with probability 2/3. P(both pass) = 4/9, mid-p 2/9, twice that.
    near(&against["p"], 4.0 / 9.0);
}

#[test]
fn nothing_in_common_cannot_be_compared() {
    let project = two_runs();
    project.write("suites/talk.toml", &recorded(1).replace("case 1", "case one"));
    project.write("suites/answers.jsonl", "{\"input\": \"case one\", \"output\": \"good\"}\n");
    project.holdline(&["run"]);
    project.holdline(&["compare", "latest~1", "latest"]).expect(3).says(&[
        "cannot be compared: no case is in both sides and graded",
        "only in A and 1 only here",
        "nothing can be compared",
    ]);
    std::fs::rename(project.path("suites/talk.toml"), project.path("suites/other.toml")).unwrap();
    project.holdline(&["run"]);
    project.holdline(&["compare", "latest~1", "latest"]).expect(3).says(&[
        "suite other is in B only",
        "suite talk is in A only",
        "no suite in common",
    ]);
}

#[test]
fn other_kinds_of_target_are_compared_with_a_warning() {
    let project = two_runs();
    let app = App::start(|_| json!({ "message": "good" }));
    let over_http = recorded(20).replace(
        "recorded = \"answers.jsonl\"",
        &format!(
            "http = \"http://127.0.0.1:{}/ask\"\nbody = {{ text = \"{{{{ input }}}}\" }}\nreply = {{ output = \"/message\" }}",
            app.port
        ),
    );
    project.write("suites/talk.toml", &over_http);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["compare", "latest~1", "latest", "latest~2"]).expect(0).says(&[
        "warning",
        "the kinds of target differ between A and B",
        "+30.0 pt",
    ]);
    project.holdline(&["run", "--filter", "case 1"]);
    project.holdline(&["compare", "latest~1", "latest"]).expect(0).says(&[
        "B asked a part of the suite only",
        "9 only in A",
        "No case tells them apart.",
    ]);
}

#[test]
fn hostile_answers_do_no_harm_where_they_are_shown() {
    let project = Project::new(&[("suites/talk.toml", &recorded(2))]);
    let hostile = "\u{1b}[31mred\u{1b}]0;t\u{7} <script>|`</details>\u{202e} @team ![i](https://e.example)";
    let lines = |output: &str| {
        format!(
            "{}\n{}\n",
            json!({ "input": "case 1", "output": output }),
            json!({ "input": "case 2", "output": "good" })
        )
    };
    project.write("suites/answers.jsonl", &lines("good"));
    project.holdline(&["run"]).expect(0);
    project.write("suites/answers.jsonl", &lines(hostile));
    project.holdline(&["run"]).expect(0);
    let ran =
        project.holdline(&["compare", "latest~1", "latest", "--answers", "--markdown", "c.md"]).expect(0);
    assert!(ran.out.contains("\\u{1b}[31mred"), "{}", ran.out);
    assert!(!ran.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{}", ran.out);
    let markdown = project.read("c.md");
    for harm in ["<script>", "</details>", "![i]", "\u{1b}", "\u{202e}"] {
        assert!(!markdown.contains(harm), "{harm}: {markdown}");
    }
    assert!(markdown.contains("red"), "it is shown, though");
}

/// Records of hand beside each other.
fn beside(names: &[&str]) -> Comparison {
    let records: Vec<_> = names.iter().map(|name| (*name, records::named(name))).collect();
    let sides: Vec<Side> =
        records.iter().map(|(name, record)| Side::of_run((*name).to_owned(), record)).collect();
    Comparison::of(&sides)
}

#[test]
fn a_comparison_reads_well() {
    let answers = View { answers: true, ..View::default() };
    let two = beside(&["all_held", "regressed"]);
    insta::assert_snapshot!("two_wide", terminal::render(&two, answers, WIDE));
    insta::assert_snapshot!("two_narrow", terminal::render(&two, View::default(), NARROW));
    insta::assert_snapshot!("two_markdown", markdown::render(&two, answers));
    let many = beside(&["all_held", "regressed", "target_down", "inconclusive", "hostile"]);
    insta::assert_snapshot!("many_wide", terminal::render(&many, View::default(), WIDE));
    insta::assert_snapshot!("many_narrow", terminal::render(&many, View { cases: 4, answers: true }, NARROW));
    insta::assert_snapshot!("many_markdown", markdown::render(&many, View { cases: 4, answers: true }));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for names in
        [&["all_held", "regressed"][..], &["hostile", "regressed", "hostile", "all_held", "target_down"]]
    {
        let comparison = beside(names);
        for style in [NARROW, WIDE, Style { colour: false, width: 90 }] {
            for line in terminal::render(&comparison, View { cases: 9, answers: true }, style).lines() {
                let columns = line.replace("👩\u{200d}👩\u{200d}👧", "xx").chars().count();
                assert!(columns <= style.width, "{names:?} {}: {line}", style.width);
            }
        }
    }
}
