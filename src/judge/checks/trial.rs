//! How the tests of the checks ask one: by the text of an entry of `expect`, as a suite has it.

use crate::expand::{Case, CaseId, Provenance};
use crate::judge::{JudgeContext, Judges, Outcome, Verdict};
use crate::run::Transcript;
use crate::suite::schema::{Expect, MustPass, Origin};
use crate::suite::{Place, Row};
use crate::target::{Answer, Turn};
use serde_json::{Value, json};

/// An entry of `expect` from its keys.
pub(in crate::judge) fn expect(keys: &str) -> Expect {
    toml::from_str(keys).unwrap_or_else(|error| panic!("{keys}: {error}"))
}

/// The same entry with all its checks inverted.
pub(in crate::judge) fn not(expect: &Expect) -> Expect {
    Expect { not: Some(Box::new(expect.clone())), ..Expect::default() }
}

/// An answer that says this.
pub(in crate::judge) fn says(output: &str) -> Answer {
    Answer { output: output.into(), ..Answer::default() }
}

/// An answer from its fields.
pub(in crate::judge) fn answer(fields: Value) -> Answer {
    serde_json::from_value(fields).unwrap()
}

/// A case that expects nothing itself.
pub(in crate::judge) fn case() -> Case {
    let id = CaseId::of(&[b"trial"]);
    Case {
        id,
        family: id,
        scenario: 0,
        name: "trial".into(),
        row_id: None,
        input: json!("what is asked"),
        turns: Vec::new(),
        row: Row::default(),
        knobs: Row::default(),
        expect: [].into(),
        truth: None,
        tags: Vec::new(),
        must_pass: MustPass::No,
        provenance: Provenance {
            origin: Origin::Written,
            place: Place { file: "trial.toml".into(), line: 1 },
            lineage: None,
            pedigree: None,
        },
    }
}

/// A transcript with these answers.
pub(in crate::judge) fn transcript(answers: impl IntoIterator<Item = Answer>) -> Transcript {
    let turns = answers.into_iter().map(|answer| Turn { user: json!("go on"), answer }).collect();
    Transcript { case: case().id, repeat: 0, turns, error: None, cost: None }
}

/// What these entries say of a transcript.
pub(in crate::judge) fn verdicts(expect: &[Expect], transcript: &Transcript) -> Vec<Verdict> {
    let judges = Judges::compile(expect, &JudgeContext::new(".", ".")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(judges.judge(&case(), transcript)).unwrap()
}

/// What one check says of an answer, and what it says inverted: outcome and reason of both.
pub(super) fn both(keys: &str, answer: &Answer) -> [(Outcome, String); 2] {
    let plain = expect(keys);
    [not(&plain), plain].map(|expect| {
        let found = verdicts(&[expect], &transcript([answer.clone()]));
        let [verdict] = found.as_slice() else { panic!("{keys}: {found:?}") };
        (verdict.outcome, verdict.reason.clone())
    })
}

/// Asserts that a check holds of an answer, and that it fails inverted; the reasons are returned.
#[track_caller]
pub(super) fn holds(keys: &str, answer: &Answer) -> (String, String) {
    let [(inverted, why_not), (outcome, why)] = both(keys, answer);
    assert_eq!((outcome, inverted), (Outcome::Pass, Outcome::Fail), "{keys}: {why}; {why_not}");
    (why, why_not)
}

/// Asserts that a check does not hold of an answer, and that it passes inverted; the first reason is
/// returned.
#[track_caller]
pub(super) fn fails(keys: &str, answer: &Answer) -> String {
    let [(inverted, why_not), (outcome, why)] = both(keys, answer);
    assert_eq!((outcome, inverted), (Outcome::Fail, Outcome::Pass), "{keys}: {why}; {why_not}");
    why
}

/// Asserts that a check cannot tell, inverted or not; the reason is returned.
#[track_caller]
pub(super) fn cannot_tell(keys: &str, answer: &Answer) -> String {
    let [(inverted, _), (outcome, why)] = both(keys, answer);
    assert_eq!((outcome, inverted), (Outcome::CannotJudge, Outcome::CannotJudge), "{keys}: {why}");
    why
}

/// What is wrong with an entry.
#[track_caller]
pub(super) fn refused(keys: &str) -> String {
    Judges::compile(&[expect(keys)], &JudgeContext::new(".", ".")).unwrap_err().to_string()
}
