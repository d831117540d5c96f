//! Verification by a program of the user's.

use crate::draft;
use crate::project::Project;
use holdline::expand::Reason;
use holdline::synth::select::verify::{Verified, Verifier};
use serde_json::{Value, json};
use std::time::Duration;

fn verified(script: &str, timeout: Option<Duration>) -> (Verified, Project) {
    let project = Project::new(&[("check.sh", script)]);
    let run = ["sh".to_owned(), "check.sh".to_owned()];
    let verifier = Verifier::new(&run, project.folder.path(), timeout).unwrap();
    let mut of = draft("How many rooms are there?");
    of.row.insert("reference".into(), json!("42"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    (runtime.block_on(verifier.verify("route", "books", &of)), project)
}

#[test]
fn a_program_reads_the_draft_and_decides() {
    let (said, project) = verified("cat > seen.json; echo '{\"pass\": true}'", None);
    assert_eq!(said, Verified::Yes);
    let seen: Value = serde_json::from_str(&project.read("seen.json")).unwrap();
    assert_eq!((&seen["suite"], &seen["scenario"]), (&json!("route"), &json!("books")));
    assert_eq!(
        (&seen["input"], &seen["row"]["reference"]),
        (&json!("How many rooms are there?"), &json!("42"))
    );
    assert_eq!((&seen["promise"], &seen["turns"], &seen["sources"]), (&json!("own"), &json!([]), &json!([])));
    let (said, _project) = verified("echo '{\"pass\": false, \"reason\": \"there are 41\"}'", None);
    let rejection = said.hold().unwrap_err();
    assert_eq!((rejection.reason, rejection.why.as_str()), (Reason::Unverified, "there are 41"));
}

#[test]
fn whatever_else_it_does_is_no_verdict_and_lets_nothing_in() {
    for (script, timeout) in [
        ("echo '{\"pass\": true}'; exit 3", None),
        ("echo yes", None),
        ("true", None),
        ("echo '[true]'", None),
        ("sleep 60", Some(Duration::from_millis(200))),
        ("head -c 2000000 /dev/zero", None),
    ] {
        let (said, _project) = verified(script, timeout);
        assert!(matches!(said, Verified::NoVerdict(_)), "{script}: {said:?}");
        let rejection = said.hold().unwrap_err();
        assert!(
            rejection.reason == Reason::Unverified && rejection.why.starts_with("no verdict: "),
            "{rejection:?}"
        );
    }
    assert!(Verifier::new(&[], std::path::Path::new("."), None).is_none());
}
