//! Variants: from the `expand` of a suite to cases that are the same each time, each with a promise that it
//! keeps.
#![cfg(feature = "cli")]

mod budget;
mod chains;
mod command;
mod determinism;
mod plan;
#[path = "../project/mod.rs"]
#[expect(dead_code, reason = "other test files use the rest")]
mod project;
mod promises;

use holdline::expand::{Case, Expansion, Ledger, Lineage};
use holdline::suite::{Suite, load};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const HEAD: &str = r#"feature = "Routes requests"
labels = ["scheduling", "documents", "clarify", "out_of_scope"]
[target]
http = "http://127.0.0.1:9/route"
body = { text = "{{ input }}" }
reply = { output = "/message", label = "/label" }
"#;

/// Requests as people write them, no two alike.
const REQUESTS: [&str; 8] = [
    "Book a meeting with Maria for tomorrow at 10",
    "Please find the signed lease for the Hamburg office",
    "Could you move my call with the design team to Friday?",
    "I need a short summary of the pricing discussion",
    "Where is the spreadsheet with the headcount of last year?",
    "Don't cancel the interview with Hassan, just shorten it",
    "We would like to reserve a room in Paris for 12 people",
    "send the meeting notes to everybody who was invited",
];

/// A suite of these scenarios and, before them, keys of its own.
fn suite_with(keys: &str, scenarios: &str) -> Suite {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("suites")).unwrap();
    fs::write(root.path().join("suites/demo.toml"), format!("{HEAD}{keys}\n{scenarios}")).unwrap();
    load(root.path(), Path::new("suites/demo.toml"))
        .unwrap_or_else(|told| panic!("{}", told.render(100, false)))
}

fn suite(scenarios: &str) -> Suite {
    suite_with("", scenarios)
}

/// A scenario over these requests.
fn scenario(name: &str, requests: &[&str], expand: &str) -> String {
    format!(
        "[[scenario]]\nname = \"{name}\"\ninputs = {requests:?}\nexpect = {{ label = \"scheduling\" }}\nexpand = {expand}\n"
    )
}

fn expanded(suite: &Suite) -> (Vec<Case>, Ledger) {
    let mut cases = Vec::new();
    let ledger = Expansion::new(suite).unwrap().visit(&mut |case| cases.push(case)).unwrap();
    (cases, ledger)
}

fn lineage(case: &Case) -> &Lineage {
    case.provenance.lineage.as_deref().unwrap_or_else(|| panic!("{} is a seed", case.name))
}

fn is_variant(case: &Case) -> bool {
    case.provenance.lineage.is_some()
}

fn text(case: &Case) -> &str {
    case.input.as_str().unwrap()
}

/// Cases with everything that is asked and expected.
fn written<'c>(cases: impl IntoIterator<Item = &'c Case>) -> BTreeSet<String> {
    let line =
        |case: &Case| format!("{} {} {} {:?} {:?}", case.id, case.name, case.input, case.row, case.expect);
    cases.into_iter().map(line).collect()
}

/// The suite that is shipped, read from this repository.
fn shipped() -> Suite {
    load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("suites/meeting-assistant.toml")).unwrap()
}
