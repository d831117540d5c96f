//! The shipped suites over version 2 of their applications: what was planted is the first group.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};

/// The failures of version 2 of an application, in groups. Nothing below `baselines/` is written.
fn distilled(suite: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let (record, groups) = (folder.path().join("report.json"), folder.path().join("groups.json"));
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_holdline"))
            .args(arguments)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .env_remove("HOLDLINE_UPDATE")
            .env_remove("GITHUB_ACTIONS")
            .env_remove("GITHUB_STEP_SUMMARY")
            .env("CI", "true")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), format!("{}\n{}", said(&output.stdout), said(&output.stderr)))
    };
    let (record, groups) = (record.to_str().unwrap(), groups.to_str().unwrap());
    let (code, text) = run(&["run", suite, "--set", "APP_VERSION=2", "--quiet", "--json", record]);
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = run(&["distil", record, "--json", groups]);
    assert_eq!(code, Some(0), "{text}");
    serde_json::from_str(&std::fs::read_to_string(groups).unwrap()).unwrap()
}

/// Scenario and judge of the first groups.
fn first(distilled: &Value, count: usize) -> Vec<(&str, &str)> {
    let groups = distilled["groups"].as_array().unwrap().iter().take(count);
    groups.map(|of| (of["scenario"].as_str().unwrap(), of["judge"].as_str().unwrap())).collect()
}

fn words(cluster: &Value) -> Vec<&str> {
    cluster["terms"].as_array().unwrap().iter().map(|term| term.as_str().unwrap()).collect()
}

/// Version 2 hands over dangers alone, and reads the years of the warranty as months.
#[test]
fn what_is_planted_in_the_support_bot_comes_first() {
    let found = distilled("support-bot");
    let planted = "counts-the-warranty-in-years-for-the-feeder-and-in-months";
    assert_eq!(
        first(&found, 2),
        [("hands-over-what-a-person-has-to-decide", "matches"), (planted, "contains")]
    );
    let (handover, warranty) = (&found["groups"][0], &found["groups"][1]);
    assert!(words(&handover["clusters"][0]).contains(&"escalation"), "{handover}");
    assert!(words(&warranty["clusters"][0]).contains(&"ended"), "{warranty}");
    // The claims that are settled in two messages say the same.
    let settled = found["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["scenario"] == "settles-a-refund-or-a-claim-once-it-has-the-number");
    assert!(warranty["like"].as_array().unwrap().contains(&settled.unwrap()["id"]), "{warranty}");
    // What failed before is told apart, and comes last.
    let new: Vec<u64> = found["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["impact"]["new_cases"].as_u64().unwrap())
        .collect();
    assert!(new[0] > 50 && new[1] > 10 && new.last() == Some(&0), "{new:?}");
}

/// Version 2 cuts pages without their headings: it finds less, and cites the wrong sections.
#[test]
fn what_is_planted_in_the_handbook_service_comes_first() {
    let found = distilled("handbook-qa");
    let scenario = "answers-what-one-section-says";
    assert_eq!(first(&found, 2), [(scenario, "contains"), (scenario, "cites")]);
    let cluster = &found["groups"][0]["clusters"][0];
    let example = &found["failures"][usize::try_from(cluster["example"].as_u64().unwrap()).unwrap()];
    assert_eq!(example["output"], "The handbook does not answer that.");
    assert!(found["groups"][1]["outline"].as_str().unwrap().ends_with("got citations of `…`, without `…`"));
}

/// Version 2 asks fewer questions.
#[test]
fn what_is_planted_in_the_meeting_assistant_comes_first() {
    let found = distilled("meeting-assistant");
    assert_eq!(first(&found, 1), [("asks-back-when-it-is-not-clear-what-is-meant", "label")]);
    let group = &found["groups"][0];
    for cluster in group["clusters"].as_array().unwrap() {
        assert!(words(cluster).contains(&"clarify"), "{cluster}");
    }
}
