//! The shipped handbook service under its shipped suite: version 1 holds, version 2, which cuts pages without
//! regard to their headings, is caught; and the questions fit the pages.
#![cfg(feature = "cli")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of the handbook's sections by `page#section`, each on one line, read more simply than the
/// service does.
fn sections() -> BTreeMap<String, String> {
    let link = regex::Regex::new(r"\[([^\]]*)\]\([^)]*\)").unwrap();
    let gap = regex::Regex::new(r"[^\p{L}\p{N}]+").unwrap();
    let mut sections = BTreeMap::new();
    for file in std::fs::read_dir(root().join("examples/handbook_qa/handbook")).unwrap() {
        let path = file.unwrap().path();
        let page = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut id = format!("{page}#top");
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                let slug = gap.replace_all(&heading.to_lowercase(), "-").trim_matches('-').to_owned();
                id = format!("{page}#{slug}");
            } else if !line.starts_with('#') {
                let text: &mut String = sections.entry(id.clone()).or_default();
                text.push_str(&link.replace_all(line, "$1"));
                text.push(' ');
            }
        }
    }
    sections
}

fn lines(file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("suites").join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts<'r>(row: &'r Value, column: &str) -> Vec<&'r str> {
    row[column].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn the_handbook_has_pages_of_a_readable_length() {
    let folder = std::fs::read_dir(root().join("examples/handbook_qa/handbook")).unwrap();
    let pages: Vec<PathBuf> = folder.map(|file| file.unwrap().path()).collect();
    assert!(pages.len() >= 40, "{}", pages.len());
    for path in pages {
        let words = std::fs::read_to_string(&path).unwrap().split_whitespace().count();
        assert!((150..=400).contains(&words), "{}: {words}", path.display());
    }
}

#[test]
fn what_answers_a_question_stands_in_its_gold_sections() {
    let sections = sections();
    let questions = lines("handbook-qa/questions.jsonl");
    assert!(questions.len() >= 120, "{}", questions.len());
    let (mut ids, mut asked, mut kinds) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in &questions {
        let (id, kind) = (row["id"].as_str().unwrap(), row["kind"].as_str().unwrap());
        assert!(ids.insert(id) && asked.insert(row["question"].as_str().unwrap()), "{id} is there twice");
        kinds.insert(kind);
        let (relevant, facts) = (texts(row, "relevant"), texts(row, "facts"));
        assert!(!row["answer"].as_str().unwrap().is_empty(), "{id}");
        if kind == "unanswerable" {
            assert!(relevant.is_empty() && facts.is_empty(), "{id}");
            continue;
        }
        let least = if matches!(kind, "two_hop" | "ambiguous") { 2 } else { 1 };
        assert!(!relevant.is_empty() && facts.len() >= least, "{id}");
        let gold: Vec<&str> = relevant
            .iter()
            .map(|one| sections.get(*one).unwrap_or_else(|| panic!("{id}: no section {one}")).as_str())
            .collect();
        for fact in &facts {
            assert!(gold.iter().any(|text| text.contains(fact)), "{id}: no gold section says {fact}");
        }
        // Each gold section is one for a reason, but where several say the same.
        for (one, text) in relevant.iter().zip(&gold) {
            assert!(facts.iter().any(|fact| text.contains(fact)), "{id}: {one} has none of the facts");
        }
    }
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["ambiguous", "single", "tricky", "two_hop", "unanswerable"]
    );
}

#[test]
fn pairs_for_judges_have_a_source_and_two_different_answers() {
    let (sections, pairs) = (sections(), lines("live/handbook-qa.pairs.jsonl"));
    assert!(pairs.len() >= 20, "{}", pairs.len());
    for pair in pairs {
        assert!(sections.contains_key(pair["source"].as_str().unwrap()), "{pair}");
        assert!(
            pair["question"].is_string() && pair["correct"].is_string() && pair["hallucinated"].is_string()
        );
        assert_ne!(pair["correct"], pair["hallucinated"], "{pair}");
    }
}

/// A run of the suite, as in CI: nothing below `baselines/` is written.
fn run(version: &str) -> (Option<i32>, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let output = Command::new(env!("CARGO_BIN_EXE_holdline"))
        .args(["run", "handbook-qa", "--quiet", "--json"])
        .arg(&report)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .env_remove("HOLDLINE_UPDATE")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("CI", "true")
        .env("APP_VERSION", version)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let text = format!("{}\n{}", said(&output.stdout), said(&output.stderr));
    let report = std::fs::read_to_string(&report).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut report: Value = serde_json::from_str(&report).unwrap();
    (output.status.code(), text, report["suites"][0].take())
}

/// What was answered to each case, with the sections found and their scores.
fn answers(suite: &Value) -> BTreeMap<String, [Value; 3]> {
    let cases = suite["cases"].as_array().unwrap().iter();
    let answer = |case: &Value| {
        let said = &case["graded"]["transcript"]["turns"][0]["answer"];
        let parts = ["output", "retrieved", "contexts"].map(|part| said[part].clone());
        // A question without a term of the handbook finds no sections.
        assert!(parts[0].is_string(), "{case}");
        (case["id"].as_str().unwrap().to_owned(), parts)
    };
    cases.map(answer).collect()
}

#[test]
fn version_1_holds_with_the_same_answers_and_version_2_is_caught() {
    let (code, text, first) = run("1");
    assert_eq!((code, &first["decision"]), (Some(0), &Value::from("held")), "{text}");
    let (_, text, again) = run("1");
    assert_eq!(answers(&first), answers(&again), "{text}");
    assert!(answers(&first).len() >= 120);

    let (code, text, second) = run("2");
    assert_eq!(code, Some(1), "{text}");
    let findings = second["findings"].as_array().unwrap();
    // What is found leads: it falls most, and what is made of it follows.
    let fell = |metric: &str| {
        let is_it = |found: &&Value| found["metric"] == metric && found["slice"] == "suite";
        let lost = findings.iter().find(is_it).unwrap();
        assert_eq!(
            (&lost["kind"], &lost["gates"]),
            (&Value::from("regressed"), &Value::from(true)),
            "{text}"
        );
        lost["baseline"].as_f64().unwrap() - lost["candidate"].as_f64().unwrap()
    };
    assert!(fell("pass_rate") > 0.15, "{text}");
    assert!(fell("recall_at_5") > 0.3 && fell("recall_at_5") > fell("token_f1"), "{text}");
}
