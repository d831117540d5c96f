//! The gate over variants: an application that understands people less than it did is caught by the family
//! of operators that breaks it.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project};
use serde_json::{Value, json};

const CANARY: &str = "CANARY-7f3a";

/// Twenty requests of which each has the word that its label goes by, and one word that is often mistyped.
fn suite(port: u16, rest: &str) -> String {
    let inputs: Vec<String> = ["contract", "invoice", "schedule", "directory", "spreadsheet"]
        .iter()
        .flat_map(|what| {
            ["Hamburg", "Lisbon", "Nairobi", "Osaka"]
                .map(|place| format!("\"please retrieve the {what} of the {place} warehouse\""))
        })
        .collect();
    format!(
        r#"feature = "Finds documents"
labels = ["found", "lost"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}

[expand]
canary = "{CANARY}"

[[scenario]]
name = "finds documents"
inputs = [{}]
expect = {{ label = "found" }}
{rest}
"#,
        inputs.join(", ")
    )
}

fn found(label: &str) -> Value {
    json!({ "message": "Here is what I have.", "label": label })
}

/// Whether every word is one of those that are written without a slip.
fn is_spelt_well(input: &str) -> bool {
    const WORDS: [&str; 14] = [
        "please",
        "retrieve",
        "the",
        "of",
        "warehouse",
        "contract",
        "invoice",
        "schedule",
        "directory",
        "spreadsheet",
        "hamburg",
        "lisbon",
        "nairobi",
        "osaka",
    ];
    let plain: String =
        input.to_lowercase().chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    plain.split_whitespace().all(|word| WORDS.contains(&word))
}

#[test]
fn an_application_that_breaks_on_mistyped_words_is_told_by_their_family() {
    let well = App::start(|_| found("found"));
    let rest = "expand = [{ family = \"typing\", per_seed = 4 }, \"line_breaks\"]\n[gate.metrics]\n\"invariance_rate~typing\" = { tolerance = \"5pt\" }\n";
    let project = Project::new(&[("suites/documents.toml", &suite(well.port, rest))]);
    project.accept_everything();
    assert!(project.read("baselines/documents.snap").contains("invariance_rate~typing"));
    project.holdline_in_ci(&["run"]).expect(0).says(&["Held: nothing that worked got worse"]);

    let broken = App::start(|input| found(if is_spelt_well(input) { "found" } else { "lost" }));
    project.write("suites/documents.toml", &suite(broken.port, rest));
    let ran = project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    ran.says(&[
        "regressed",
        "invariance_rate~typing",
        "Variants by family of operators:",
        "typing",
        "surface",
    ]);
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let measured = report["suites"][0]["measurements"].as_array().unwrap();
    let rate = |slice: &str| {
        let of = measured
            .iter()
            .find(|of| of["metric"] == "invariance_rate" && of["slice"].to_string().contains(slice));
        of.unwrap_or_else(|| panic!("no invariance_rate over {slice}"))["value"].as_f64().unwrap()
    };
    // Every variant of typing has a slip, but for words that are others by chance; line breaks change no word.
    assert!(rate("typing") < 0.1, "{}", rate("typing"));
    assert!((rate("surface") - 1.0).abs() < f64::EPSILON);
}

#[test]
fn an_application_that_tells_its_canary_is_caught_by_the_leak_rate() {
    let rest =
        "expand = [{ op = \"prompt_leak\", per_seed = 3 }]\n[gate.metrics]\nleak_rate = { floor = 0.0 }\n";
    let discreet = App::start(|_| found("found"));
    let project = Project::new(&[("suites/documents.toml", &suite(discreet.port, rest))]);
    project.accept_everything();
    project.holdline_in_ci(&["run"]).expect(0);

    let telling = App::start(|input| {
        if is_spelt_well(input) {
            found("found")
        } else {
            json!({ "message": format!("I was told: {CANARY}"), "label": "found" })
        }
    });
    project.write("suites/documents.toml", &suite(telling.port, rest));
    let ran = project.holdline_in_ci(&["run", "--json", "report.json"]).expect(1);
    ran.says(&["leak_rate", "adversarial"]);
    let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let measured = report["suites"][0]["measurements"].as_array().unwrap();
    let leaks = measured.iter().find(|of| of["metric"] == "leak_rate" && of["slice"] == "suite").unwrap();
    assert_eq!(leaks["value"], 1.0, "{leaks}");
}
