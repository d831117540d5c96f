//! Real requests written by people: 5,500 of CLINC150 through the intent router, the metrics checked
//! against values computed here from the same answers. The data is not part of the project; without
//! it the test says so and does nothing.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::Project;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where the data is; `None` where it is not.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("HOLDLINE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/clinc150"), PathBuf::from);
    folder.join("test_val.csv").is_file().then_some(folder)
}

/// What the data says of the requests that are routed: their true domain by id.
fn truths(data: &Path) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(data.join("test_val.csv")).unwrap();
    let mut truths = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        if row["split"] == "test" || row["split"] == "oos_test" {
            truths.insert(row["item_id"].clone(), row["domain"].clone());
        }
    }
    truths
}

fn suite(data: &Path, labels: &[String]) -> String {
    let toml = |path: &Path| Value::from(path.to_string_lossy()).to_string();
    format!(
        r#"feature = "Routes what real people wrote to the domain that can handle it"
labels = {labels:?}

[target]
http = "http://127.0.0.1:{{{{ serve.port }}}}/route"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/agent" }}

[target.serve]
port = "auto"
command = [{cargo}, "run", "--quiet", "--manifest-path", {manifest}, "--example", "intent_router", "--", {train}]
ready = "http://127.0.0.1:{{{{ serve.port }}}}/health"

[[scenario]]
name = "routes what real people wrote"
inputs = {{ file = {file}, input = "query", id = "item_id", where = {{ split = ["test", "oos_test"] }}, origin = "real" }}
expect = {{ label = "{{{{ row.domain }}}}" }}

[gate.metrics]
pass_rate = {{ tolerance = "5pt" }}
macro_f1 = {{ tolerance = "5pt", floor = 0.5 }}
"#,
        cargo = toml(Path::new(env!("CARGO"))),
        manifest = toml(&Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")),
        train = toml(&data.join("train_small.csv")),
        file = toml(&data.join("test_val.csv")),
    )
}

/// F1 of each label, accuracy and the confusion counts, from the definitions.
struct Computed {
    accuracy: f64,
    macro_f1: f64,
    confusion: BTreeMap<(String, String), u64>,
}

fn compute(truths: &BTreeMap<String, String>, answers: &BTreeMap<String, String>) -> Computed {
    let mut confusion: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (id, truth) in truths {
        *confusion.entry((truth.clone(), answers[id].clone())).or_default() += 1;
    }
    let labels: BTreeSet<&String> = truths.values().chain(answers.values()).collect();
    let count = |keep: &dyn Fn(&String, &String) -> bool| -> f64 {
        confusion.iter().filter(|((truth, answer), _)| keep(truth, answer)).map(|(_, n)| *n).sum::<u64>()
            as f64
    };
    let f1 = |label: &String| {
        let right = count(&|truth, answer| truth == label && answer == label);
        let expected = count(&|truth, _| truth == label);
        let answered = count(&|_, answer| answer == label);
        2.0 * right / (expected + answered)
    };
    Computed {
        accuracy: count(&|truth, answer| truth == answer) / truths.len() as f64,
        macro_f1: labels.iter().map(|label| f1(label)).sum::<f64>() / labels.len() as f64,
        confusion,
    }
}

#[test]
fn five_thousand_real_requests_are_measured_and_a_lost_domain_is_named() {
    let Some(data) = data() else {
        eprintln!("SKIPPED: no CLINC150 data; HOLDLINE_DATA names its folder");
        return;
    };
    let truths = truths(&data);
    assert_eq!(truths.len(), 5500);
    let labels: BTreeSet<String> = truths.values().cloned().collect();
    let labels: Vec<String> = labels.into_iter().collect();
    let project = Project::new(&[("suites/router.toml", &suite(&data, &labels))]);
    project.holdline(&["run", "--json", "report.json"]).expect(0);
    project.holdline(&["accept", "router", "--reason", "first measurement"]).expect(0);

    let record: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let suite = &record["suites"][0];
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 5500);
    let rows: Vec<String> = {
        let mut reader = csv::Reader::from_path(data.join("test_val.csv")).unwrap();
        reader.records().map(|row| row.unwrap()[0].to_owned()).collect()
    };
    // A row's line is one more than its number, for the header; no cell of the data holds a line break.
    let answers: BTreeMap<String, String> = cases
        .iter()
        .map(|case| {
            let line = case["provenance"]["place"]["line"].as_u64().unwrap();
            let turn = &case["graded"]["transcript"]["turns"][0];
            let id = rows[usize::try_from(line).unwrap() - 2].clone();
            (id, turn["answer"]["label"].as_str().unwrap().to_owned())
        })
        .collect();
    let computed = compute(&truths, &answers);
    let measured = |metric: &str| {
        let all = suite["measurements"].as_array().unwrap();
        let one = all.iter().find(|one| one["metric"] == metric && one["slice"] == "suite").unwrap();
        one["value"].as_f64().unwrap()
    };
    assert!((measured("accuracy") - computed.accuracy).abs() < 1e-12);
    assert!((measured("pass_rate") - computed.accuracy).abs() < 1e-12);
    assert!((measured("macro_f1") - computed.macro_f1).abs() < 1e-12);
    let confusion = &suite["confusion"];
    let names: Vec<&str> =
        confusion["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    for (row, truth) in names.iter().enumerate() {
        for (column, answer) in names.iter().enumerate() {
            let expected = computed.confusion.get(&((*truth).to_owned(), (*answer).to_owned()));
            let found = confusion["matrix"][row][column].as_u64().unwrap();
            assert_eq!(found, expected.copied().unwrap_or_default(), "{truth} as {answer}");
        }
    }
    eprintln!("accuracy {:.4}, macro F1 {:.4} over {} requests", computed.accuracy, computed.macro_f1, 5500);

    let mut worse = project.command(&["run"]);
    project::Ran::of(worse.env("WITHOUT_DOMAIN", "banking").output().unwrap())
        .expect(1)
        .says(&["regressed", "banking"]);
}
