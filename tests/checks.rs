//! Checks as a suite states them and as a run uses them, through the public API: real programs judge,
//! fail, hang and lie.

use holdline::expand::{Case, CaseId, Provenance};
use holdline::judge::{Condition, JudgeContext, Judges, Outcome, Verdict, fingerprint, grade};
use holdline::run::{Graded, Transcript};
use holdline::suite::schema::{Expect, MustPass, Origin};
use holdline::suite::{Place, Row};
use holdline::target::{Answer, TargetError, TargetErrorKind, Turn};
use serde_json::json;
use std::path::Path;

/// A case that expects what `entries` say, in TOML.
fn case(entries: &[&str]) -> Case {
    let id = CaseId::of(&[b"suite", b"scenario", b"what is asked"]);
    let expect: Vec<Expect> = entries.iter().map(|entry| toml::from_str(entry).unwrap()).collect();
    Case {
        id,
        family: id,
        scenario: 0,
        name: "what is asked".into(),
        row_id: None,
        input: json!("what is asked"),
        turns: Vec::new(),
        row: Row { columns: ["city".to_owned()].into(), values: vec![json!("Rome")] },
        knobs: Row::default(),
        expect: expect.into(),
        truth: None,
        tags: Vec::new(),
        must_pass: MustPass::No,
        provenance: Provenance {
            origin: Origin::Written,
            place: Place { file: "suites/s.toml".into(), line: 7 },
            lineage: None,
            pedigree: None,
        },
    }
}

fn said(case: &Case, outputs: &[&str]) -> Transcript {
    let turns = outputs
        .iter()
        .map(|output| Turn {
            user: json!("what is asked"),
            answer: Answer { output: (*output).into(), label: Some("travel".into()), ..Answer::default() },
        })
        .collect();
    Transcript { case: case.id, repeat: 0, turns, error: None, cost: None }
}

async fn graded_in(root: &Path, entries: &[&str], outputs: &[&str]) -> Graded {
    let case = case(entries);
    let judges = Judges::compile(&case.expect, &JudgeContext::new(root, root.join("suites"))).unwrap();
    grade(&judges, &case, said(&case, outputs)).await.unwrap()
}

async fn graded(entries: &[&str], outputs: &[&str]) -> Graded {
    graded_in(Path::new("."), entries, outputs).await
}

fn shown(verdicts: &[Verdict]) -> Vec<String> {
    verdicts.iter().map(|v| format!("{}: {}: {}", v.judge, v.outcome, v.reason)).collect()
}

#[tokio::test]
async fn a_case_is_graded_by_all_its_checks() {
    let graded = graded(
        &[
            "label = 'travel'\ncontains = 'Rome'\nwords = { max = 4 }",
            "not = { contains_any = ['sorry', 'cannot'] }",
        ],
        &["Sorry, I cannot find Rome."],
    )
    .await;
    assert_eq!(graded.outcome, Outcome::Fail);
    assert_eq!(
        shown(&graded.verdicts),
        [
            "contains: pass: expected output containing `Rome`, got `Sorry, I cannot find Rome.` at character 22",
            "label: pass: expected label `travel`, got `travel`",
            "words: fail: expected at most 4 words, got 5",
            "not contains_any: fail: expected output without `sorry` or `cannot`, \
             got `Sorry, I cannot find Rome.` at character 10",
        ]
    );
}

#[tokio::test]
async fn a_target_error_has_no_verdicts() {
    let case = case(&["contains = 'Rome'"]);
    let judges = Judges::compile(&case.expect, &JudgeContext::new(".", ".")).unwrap();
    let mut transcript = said(&case, &["Rome"]);
    transcript.error = Some(TargetError::new(TargetErrorKind::Refused, "nobody listens"));
    let graded = grade(&judges, &case, transcript).await.unwrap();
    assert_eq!((graded.outcome, graded.verdicts), (Outcome::TargetError, vec![]));
}

#[test]
fn a_follow_up_is_said_on_its_condition() {
    let context = JudgeContext::new(".", ".");
    let when: Expect = toml::from_str("label = 'travel'\nnot = { contains = 'booked' }").unwrap();
    let condition = Condition::compile(&when, &context).unwrap();
    let case = case(&["contains = 'x'"]);
    assert!(condition.holds(&said(&case, &["Which day?"]).turns));
    assert!(!condition.holds(&said(&case, &["Which day?", "It is booked."]).turns));
}

#[test]
fn the_fingerprint_names_the_version_of_the_checks() {
    assert_eq!(fingerprint(), "checks-1");
}

#[cfg(unix)]
mod programs {
    use super::*;
    use std::time::{Duration, Instant};

    /// The one verdict of a shell script on an answer.
    async fn judged(script: &str) -> Verdict {
        // A JSON text reads the same as a TOML one.
        let entry = format!("command = {{ run = [\"sh\", \"-c\", {}] }}", json!(script));
        let mut graded = graded(&[&entry], &["Take the train to Rome."]).await;
        assert_eq!(graded.verdicts.len(), 1, "{:?}", graded.verdicts);
        assert_eq!(graded.verdicts[0].outcome, graded.outcome);
        graded.verdicts.remove(0)
    }

    #[tokio::test]
    async fn a_program_reads_the_case_and_decides() {
        let pass = judged(r#"cat > /dev/null; echo '{"pass": true}'"#).await;
        assert_eq!(
            (pass.outcome, pass.reason.as_str()),
            (Outcome::Pass, "expected the command to pass the answer, got pass")
        );
        let fail = judged(r#"printf '%s' '{"pass": false, "reason": "too\nshort"}'"#).await;
        assert_eq!(fail.outcome, Outcome::Fail, "{}", fail.reason);
        assert_eq!(fail.reason, "expected the command to pass the answer, got fail: too\\nshort");
    }

    #[tokio::test]
    async fn what_a_program_reads_is_the_case_and_what_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let entry = r#"command = { run = ["sh", "-c", "cat > question.json; echo '{\"pass\": true}'"] }"#;
        let graded = graded_in(folder.path(), &[entry], &["Which day?", "Rome it is."]).await;
        assert_eq!(graded.outcome, Outcome::Pass, "{:?}", graded.verdicts);
        let question: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.path().join("question.json")).unwrap()).unwrap();
        assert_eq!(
            question,
            json!({
                "case": case(&[]).id.to_string(),
                "input": "what is asked",
                "row": {"city": "Rome"},
                "output": "Rome it is.",
                "label": "travel",
                "turns": [
                    {"user": "what is asked", "answer": {"output": "Which day?", "label": "travel"}},
                    {"user": "what is asked", "answer": {"output": "Rome it is.", "label": "travel"}},
                ],
            })
        );
    }

    #[tokio::test]
    async fn every_turn_is_put_to_a_program_where_that_is_asked() {
        let entry = r#"
            at = "every"
            [command]
            run = ["sh", "-c", "grep -q '},\"output\":\"yes\"' && echo '{\"pass\": true}' || echo '{\"pass\": false}'"]
        "#;
        let graded = graded(&[entry], &["yes", "no"]).await;
        let found: Vec<_> = graded.verdicts.iter().map(|v| (v.outcome, v.turn)).collect();
        assert_eq!(found, [(Outcome::Pass, Some(0)), (Outcome::Fail, Some(1))]);
    }

    #[tokio::test]
    async fn a_program_that_says_no_verdict_is_an_error_and_never_a_pass() {
        for (script, reason) in [
            (r#"echo '{"pass": true}'; exit 3"#, "`sh` ended with exit status: 3"),
            (r#"echo '{"pass": true}'; echo oh >&2; echo no >&2; exit 1"#, "exit status: 1; it said `no`"),
            ("true", "and wrote nothing: this is not a JSON object"),
            ("echo pass", "and wrote `pass\\n`: this is not a JSON object"),
            ("echo '[true]'", "this is not a JSON object"),
            (r#"echo '{"reason": "fine"}'"#, "missing field `pass`"),
            (r#"echo '{"pass": "true"}'"#, "invalid type: string \"true\", expected a boolean"),
            (r#"echo '{"pass": true} {"pass": true}'"#, "trailing characters"),
            (r#"echo '{"pass": true}'; kill -9 $$"#, "signal: 9"),
            (r"printf '{\377'", "must write"),
        ] {
            let verdict = judged(script).await;
            assert_eq!(verdict.outcome, Outcome::JudgeError, "{script}: {}", verdict.reason);
            assert!(verdict.reason.contains(reason), "{script}: {}", verdict.reason);
        }
    }

    #[tokio::test]
    async fn not_turns_a_verdict_of_a_program_and_no_error() {
        for (script, outcome) in [
            (r#"echo '{\"pass\": true}'"#, Outcome::Fail),
            (r#"echo '{\"pass\": false}'"#, Outcome::Pass),
            ("exit 1", Outcome::JudgeError),
        ] {
            let entry = format!(r#"not = {{ command = {{ run = ["sh", "-c", "{script}"] }} }}"#);
            let graded = graded(&[&entry], &["x"]).await;
            assert_eq!(
                (graded.verdicts[0].judge.as_str(), graded.outcome),
                ("not command", outcome),
                "{script}"
            );
        }
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_an_error_of_the_judge() {
        let graded = graded(&[r#"command = { run = ["no-such-judge-anywhere"] }"#], &["x"]).await;
        assert_eq!(graded.outcome, Outcome::JudgeError);
        assert!(graded.verdicts[0].reason.starts_with("cannot start `no-such-judge-anywhere`: "));
    }

    #[tokio::test]
    async fn a_program_in_the_project_is_found_from_its_root() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("judges")).unwrap();
        let program = folder.path().join("judges/short");
        std::fs::write(&program, "#!/bin/sh\ntest -d judges && echo '{\"pass\": true}'\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let graded = graded_in(folder.path(), &[r#"command = { run = ["judges/short"] }"#], &["x"]).await;
        assert_eq!(graded.outcome, Outcome::Pass, "{:?}", graded.verdicts);
    }

    #[tokio::test]
    async fn a_program_over_its_time_is_stopped_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let entry =
            r#"command = { run = ["sh", "-c", "(sleep 2; touch late) & sleep 60"], timeout = "200ms" }"#;
        let started = Instant::now();
        let graded = graded_in(folder.path(), &[entry], &["x"]).await;
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert_eq!(graded.outcome, Outcome::JudgeError);
        assert_eq!(graded.verdicts[0].reason, "`sh` was stopped at its time limit of 200ms");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!folder.path().join("late").exists(), "a child of the judge outlived it");
    }

    #[tokio::test]
    async fn what_a_program_leaves_behind_does_not_hold_the_verdict_up() {
        let started = Instant::now();
        let verdict = judged(r#"sleep 60 & echo '{"pass": true}'"#).await;
        assert_eq!(verdict.outcome, Outcome::Pass, "{}", verdict.reason);
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }

    #[tokio::test]
    async fn a_program_is_stopped_when_nobody_waits_for_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let entry = r#"command = { run = ["sh", "-c", "touch begun; sleep 2; touch late"] }"#;
        let entries = [entry];
        let waiting = graded_in(folder.path(), &entries, &["x"]);
        assert!(tokio::time::timeout(Duration::from_secs(1), waiting).await.is_err());
        assert!(folder.path().join("begun").exists());
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!folder.path().join("late").exists(), "the judge outlived its run");
    }

    #[tokio::test]
    async fn a_program_that_never_stops_writing_is_stopped() {
        let started = Instant::now();
        let verdict =
            judged("trap '' PIPE; while true; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done").await;
        assert_eq!(verdict.outcome, Outcome::JudgeError);
        assert_eq!(verdict.reason, "`sh` was stopped after writing 1 MiB");
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    }

    #[tokio::test]
    async fn a_program_may_complain_at_length_and_still_decide() {
        let script = r#"yes complaint | head -c 3000000 >&2; echo '{"pass": true}'"#;
        assert_eq!(judged(script).await.outcome, Outcome::Pass);
    }

    #[tokio::test]
    async fn a_large_answer_reaches_a_program_that_reads_late() {
        let output = "x".repeat(1 << 20);
        let entry = r#"command = { run = ["sh", "-c", "sleep 0.2; n=$(wc -c); test $n -gt 1048576 && echo '{\"pass\": true}'"] }"#;
        let graded = graded(&[entry], &[&output]).await;
        assert_eq!(graded.outcome, Outcome::Pass, "{:?}", graded.verdicts);
    }

    #[tokio::test]
    async fn what_a_program_says_is_shown_without_control_characters_and_cut() {
        let script =
            r#"printf '{"pass": false, "reason": "\\u001b[31m%s"}' "$(yes ab | head -c 30000 | tr -d '\n')""#;
        let verdict = judged(script).await;
        assert_eq!(verdict.outcome, Outcome::Fail, "{}", verdict.reason);
        assert!(verdict.reason.contains(r"got fail: \u{1b}[31mabab"), "{}", verdict.reason);
        assert!(verdict.reason.ends_with(" more characters)"), "{}", verdict.reason);
        assert!(verdict.reason.chars().count() < 1000);
    }
}
