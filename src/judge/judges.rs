//! The checks of one case, and what they say of its transcript.
//!
//! Names of verdicts are the keys in the suite, with `not` before those inverted: `contains`,
//! `not contains`. A key that one case uses more than once, in several entries of `expect` or in a
//! list of `json` or `calls`, is numbered from 1 in the order of the file: `json[1]`, `json[2]`.
//!
//! `not` turns pass into fail and fail into pass, whatever the reason was: an output that is not JSON
//! fails `json`, and so passes `not json`. What could not be judged stays so.
//!
//! Verdicts come in the order of the entries, within one in the order of the turns, within one in the
//! order of the checks in the schema; what concerns the case as a whole (`turns`, `cost`) comes with
//! the last turn.

use super::checks::{Compiled, Kind, Ruling, Scope, Subject, Use, compile};
use super::context::JudgeContext;
use super::error::JudgeError;
use super::model::Seat;
use super::outcome::{Outcome, Verdict};
use super::reason;
use crate::expand::Case;
use crate::run::{Graded, Transcript};
use crate::suite::schema::{At, Expect, NamedMetric, OneOrMany};
use crate::target::{TargetErrorKind, Turn};
use std::collections::HashMap;

/// Version of what the checks mean. It changes whenever one of them may say something else of the
/// same answer.
pub const CHECKS_VERSION: u32 = 1;

/// What a baseline records of the checks, to know whether its verdicts were made by the same ones.
pub fn fingerprint() -> String {
    format!("checks-{CHECKS_VERSION}")
}

/// The checks of one case.
#[derive(Debug)]
pub struct Judges {
    entries: Vec<Entry>,
}

/// The checks of one entry of `expect`.
#[derive(Debug)]
struct Entry {
    at: At,
    checks: Vec<Compiled>,
    /// Whether it gives a reference, which metrics measure the answer by.
    measured: bool,
    /// The metrics that what it comes to counts for.
    measures: Option<OneOrMany<NamedMetric>>,
}

impl Judges {
    /// Compiles what is expected of a case, filled in.
    pub fn compile(expect: &[Expect], context: &JudgeContext) -> Result<Self, JudgeError> {
        let mut entries = Vec::with_capacity(expect.len());
        for (index, entry) in expect.iter().enumerate() {
            let number = (expect.len() > 1).then_some(index + 1);
            let checks = compile(entry, context, Use::Verdict, number)?;
            let measured = entry.reference.is_some() || entry.relevant.is_some();
            let at = entry.at.unwrap_or_default();
            entries.push(Entry { at, checks, measured, measures: entry.measures.clone() });
        }
        number_repeated_names(&mut entries);
        Ok(Self { entries })
    }

    /// What the checks and judges say of a transcript: a verdict for each of them, or for each and turn in
    /// an entry that says `at = "every"`. Nothing where a model was not asked, since no budget was left.
    ///
    /// Checks come first. Where one fails, the case fails whatever else is said of it, and no model is asked:
    /// its verdict is then [`Outcome::Skipped`].
    ///
    /// A transcript that ended in an error is not judged. An entry that gives a reference and nothing else does
    /// not apply: it is measured, which is no pass. An entry without any check, and a
    /// transcript without any turn, cannot be.
    pub async fn judge(&self, case: &Case, transcript: &Transcript) -> Option<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        if transcript.error.is_some() {
            return Some(verdicts);
        }
        let mut models: Vec<Asked<'_>> = Vec::new();
        for entry in &self.entries {
            if entry.checks.is_empty() && entry.measured && !transcript.turns.is_empty() {
                let reason = "measured by its reference, and not judged: nothing else is expected";
                let verdict = Verdict::of_check("expect", Outcome::NotApplicable, reason);
                verdicts.push(Verdict { measures: entry.measures.clone(), ..verdict });
                continue;
            }
            if entry.checks.is_empty() || transcript.turns.is_empty() {
                let why = if entry.checks.is_empty() { "nothing is expected" } else { "there is no answer" };
                let reason = format!("cannot tell: {why}");
                let verdict = Verdict::of_check("expect", Outcome::CannotJudge, reason);
                verdicts.push(Verdict { measures: entry.measures.clone(), ..verdict });
                continue;
            }
            let last = transcript.turns.len() - 1;
            let first = if entry.at == At::Every { 0 } else { last };
            for index in first..=last {
                let turns = &transcript.turns[..=index];
                let subject =
                    Subject::new(&transcript.turns[index].answer, transcript.turns.len(), transcript.cost);
                for check in &entry.checks {
                    let whole = check.scope == Scope::Case;
                    if whole && index < last {
                        continue;
                    }
                    // A conversation has far fewer turns than fit.
                    let turn =
                        (entry.at == At::Every && !whole).then(|| u32::try_from(index).unwrap_or(u32::MAX));
                    let (outcome, reason) = match &check.kind {
                        Kind::Direct(direct) => direct_verdict(check.inverted, direct.as_ref(), &subject),
                        Kind::Command(command) => {
                            command_verdict(check.inverted, command.ask(case, turns).await)
                        }
                        Kind::Model(seat) => {
                            models.push(Asked { place: verdicts.len(), check, seat, turns });
                            (Outcome::Skipped, String::new())
                        }
                    };
                    let reason = reason::bounded(reason);
                    let verdict = Verdict::of_check(&check.name, outcome, reason);
                    verdicts.push(Verdict { turn, measures: entry.measures.clone(), ..verdict });
                }
            }
        }
        let failed = verdicts.iter().find(|verdict| verdict.outcome == Outcome::Fail);
        let failed = failed.map(|verdict| verdict.judge.clone());
        for Asked { place, check, seat, turns } in models {
            let said = match &failed {
                Some(failed) => seat.spared(failed),
                None => seat.ask(case, turns, transcript.repeat).await?,
            };
            let verdict = &mut verdicts[place];
            (verdict.outcome, verdict.reason) =
                (inverted(said.outcome, check.inverted), reason::bounded(said.reason));
            verdict.model = Some(Box::new(said.model));
        }
        Some(verdicts)
    }
}

/// A judge that is to be asked once the checks are done.
struct Asked<'a> {
    /// Where its verdict goes.
    place: usize,
    check: &'a Compiled,
    seat: &'a Seat,
    turns: &'a [Turn],
}

/// Judges a transcript and says what it came to. One that ended in an error is a target error and has
/// no verdicts, and one of which too little was kept cannot be judged; a case without any check cannot be judged, and never passes. One that only judges looked at
/// which may not gate has nothing that counts, and is not applicable.
///
/// Nothing where no budget was left to ask a model with.
pub async fn grade(judges: &Judges, case: &Case, transcript: Transcript) -> Option<Graded> {
    if let Some(error) = &transcript.error {
        let is_kept = error.kind != TargetErrorKind::NotKept;
        let outcome = if is_kept { Outcome::TargetError } else { Outcome::CannotJudge };
        return Some(Graded { transcript, verdicts: Vec::new(), outcome });
    }
    let verdicts = judges.judge(case, &transcript).await?;
    let outcome = if verdicts.is_empty() || verdicts.iter().any(Verdict::counts) {
        Outcome::of_all(verdicts.iter().filter(|verdict| verdict.counts()).map(|verdict| verdict.outcome))
    } else {
        Outcome::NotApplicable
    };
    Some(Graded { transcript, verdicts, outcome })
}

/// `not` turns a verdict round, and nothing else into anything.
const fn inverted(outcome: Outcome, inverted: bool) -> Outcome {
    match outcome {
        Outcome::Pass if inverted => Outcome::Fail,
        Outcome::Fail if inverted => Outcome::Pass,
        other => other,
    }
}

/// `not` turns what holds into what does not, and nothing else into anything.
fn outcome(holds: bool, inverted: bool) -> Outcome {
    if holds == inverted { Outcome::Fail } else { Outcome::Pass }
}

fn direct_verdict(
    inverted: bool,
    check: &dyn super::checks::Check,
    subject: &Subject<'_>,
) -> (Outcome, String) {
    let (holds, got) = match check.rule(subject) {
        Ruling::Holds(got) => (true, got),
        Ruling::Fails(got) => (false, got),
        Ruling::Unknown(why) => return (Outcome::CannotJudge, format!("cannot tell: {why}")),
    };
    (outcome(holds, inverted), format!("expected {}, got {got}", check.wanted(inverted)))
}

fn command_verdict(inverted: bool, said: Result<(bool, String), String>) -> (Outcome, String) {
    match said {
        Err(why) => (Outcome::JudgeError, why),
        Ok((pass, why)) => {
            let word = if pass { "pass" } else { "fail" };
            let expected = if inverted {
                "expected the command to fail the answer"
            } else {
                "expected the command to pass the answer"
            };
            let why = reason::plain(&why);
            let colon = if why.is_empty() { "" } else { ": " };
            (outcome(pass, inverted), format!("{expected}, got {word}{colon}{why}"))
        }
    }
}

/// Numbers names that occur more than once.
fn number_repeated_names(entries: &mut [Entry]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for check in entries.iter().flat_map(|entry| &entry.checks) {
        *counts.entry(check.name.clone()).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for check in entries.iter_mut().flat_map(|entry| &mut entry.checks) {
        if counts.get(&check.name).is_some_and(|&count| count > 1) {
            let number = seen.entry(check.name.clone()).or_default();
            *number += 1;
            check.name = format!("{}[{number}]", check.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::trial::{answer, case, expect, not, says, transcript, verdicts};
    use super::*;
    use crate::target::{Answer, TargetError};
    use proptest::prelude::*;
    use serde_json::json;

    fn names(verdicts: &[Verdict]) -> Vec<&str> {
        verdicts.iter().map(|verdict| verdict.judge.as_str()).collect()
    }

    fn graded(expect: &[Expect], transcript: Transcript) -> Graded {
        let judges = Judges::compile(expect, &JudgeContext::new(".", ".")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(grade(&judges, &case(), transcript)).unwrap()
    }

    #[test]
    fn every_check_has_a_verdict_of_its_own_in_the_order_of_the_schema() {
        let entry = expect(
            "label = 'x'\nturns = { max = 3 }\nnot = { words = { min = 9 }, contains = 'b' }\ncontains = 'a'",
        );
        let found = verdicts(&[entry], &transcript([answer(json!({"output": "a", "label": "x"}))]));
        assert_eq!(names(&found), ["contains", "label", "turns", "not contains", "not words"]);
        assert!(found.iter().all(|verdict| verdict.outcome == Outcome::Pass), "{found:?}");
    }

    #[test]
    fn keys_used_more_than_once_are_numbered() {
        let entries = [
            expect("contains = 'a'\nnot = { contains = 'z' }"),
            expect("contains = 'b'\nwords = { max = 5 }"),
        ];
        let found = verdicts(&entries, &transcript([says("a b")]));
        assert_eq!(names(&found), ["contains[1]", "not contains", "contains[2]", "words"]);
    }

    #[test]
    fn the_last_turn_is_judged_unless_every_turn_is() {
        let said = transcript([says("a"), says("b")]);
        let found = verdicts(&[expect("contains = 'b'")], &said);
        assert_eq!(found.iter().map(|v| (v.outcome, v.turn)).collect::<Vec<_>>(), [(Outcome::Pass, None)]);
        let found = verdicts(&[expect("contains = 'b'\nturns = { max = 2 }\nat = 'every'")], &said);
        assert_eq!(
            found.iter().map(|v| (v.judge.as_str(), v.outcome, v.turn)).collect::<Vec<_>>(),
            [
                ("contains", Outcome::Fail, Some(0)),
                ("contains", Outcome::Pass, Some(1)),
                ("turns", Outcome::Pass, None)
            ]
        );
    }

    #[test]
    fn not_of_not_is_the_check_itself() {
        let found = verdicts(&[not(&not(&expect("contains = 'a'")))], &transcript([says("a")]));
        assert_eq!((names(&found), found[0].outcome), (vec!["not not contains"], Outcome::Pass));
    }

    #[test]
    fn the_verdicts_of_an_entry_say_what_it_measures() {
        let entries = [
            expect("contains = 'a'\nwords = { max = 3 }\nmeasures = 'brevity'"),
            expect("excludes = 'secret'"),
            expect("measures = 'tone'"),
        ];
        let found = verdicts(&entries, &transcript([says("a b")]));
        let measures: Vec<_> = found.iter().map(Verdict::measured).collect();
        let (brevity, tone) = (&[NamedMetric::Brevity][..], &[NamedMetric::Tone][..]);
        assert_eq!(measures, [brevity, brevity, &[], tone]);
        assert_eq!(found[3].outcome, Outcome::CannotJudge, "an entry without a condition");
    }

    #[test]
    fn ignoring_case_reaches_into_not() {
        let entry = expect("ignore_case = true\nnot = { contains = 'SECRET' }");
        assert_eq!(verdicts(&[entry], &transcript([says("a secret")]))[0].outcome, Outcome::Fail);
    }

    #[test]
    fn nothing_expected_cannot_be_judged() {
        let said = || transcript([says("anything")]);
        assert_eq!(graded(&[], said()).outcome, Outcome::CannotJudge);
        assert_eq!(graded(&[Expect::default()], said()).outcome, Outcome::CannotJudge);
        assert_eq!(
            graded(&[expect("contains = 'any'"), Expect::default()], said()).outcome,
            Outcome::CannotJudge
        );
    }

    #[test]
    fn a_reference_alone_is_no_verdict_and_beside_checks_they_decide() {
        let said = || transcript([says("a")]);
        let alone = graded(&[expect("reference = 'a'")], said());
        assert_eq!((alone.outcome, alone.verdicts.len()), (Outcome::NotApplicable, 1));
        assert!(alone.verdicts[0].reason.starts_with("measured by its reference"));
        assert_eq!(graded(&[expect("relevant = ['a']")], said()).outcome, Outcome::NotApplicable);
        for (other, outcome) in [("contains = 'a'", Outcome::Pass), ("contains = 'b'", Outcome::Fail)] {
            let together = graded(&[expect(&format!("reference = 'x'\n{other}"))], said());
            assert_eq!((together.outcome, together.verdicts.len()), (outcome, 1));
            assert_eq!(graded(&[expect("reference = 'x'"), expect(other)], said()).outcome, outcome);
        }
        assert_eq!(graded(&[expect("reference = 'a'")], transcript([])).outcome, Outcome::CannotJudge);
    }

    #[test]
    fn what_is_no_condition_is_a_mistake_under_not() {
        for (keys, key) in [("reference = 'a'", "reference"), ("measures = 'tone'", "measures")] {
            let entries = [expect(&format!("not = {{ {keys} }}"))];
            let error = Judges::compile(&entries, &JudgeContext::new(".", ".")).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`not {key}`: it is no condition")), "{error}");
        }
    }

    #[test]
    fn a_transcript_without_an_answer_never_passes() {
        assert_eq!(graded(&[expect("excludes = 'x'")], transcript([])).outcome, Outcome::CannotJudge);
        let mut broken = transcript([says("fine so far")]);
        broken.error = Some(TargetError::new(TargetErrorKind::Timeout, "no answer within 30s"));
        let graded = graded(&[expect("contains = 'fine'")], broken);
        assert_eq!((graded.outcome, graded.verdicts), (Outcome::TargetError, vec![]));
    }

    #[test]
    fn what_was_not_kept_is_no_failure_of_the_application() {
        let mut gone = transcript([]);
        gone.error = Some(TargetError::new(TargetErrorKind::NotKept, "its stored answer was cut"));
        let graded = graded(&[expect("contains = 'fine'")], gone);
        assert_eq!((graded.outcome, graded.verdicts), (Outcome::CannotJudge, vec![]));
    }

    #[test]
    fn one_failed_check_fails_the_case() {
        let graded = graded(&[expect("contains = 'a'"), expect("contains = 'b'")], transcript([says("a")]));
        assert_eq!(graded.outcome, Outcome::Fail);
    }

    #[test]
    fn a_mistake_names_its_check_and_entry() {
        let context = JudgeContext::new(".", ".");
        let entries = [expect("contains = 'a'"), expect("not = { matches = '[' }")];
        let error = Judges::compile(&entries, &context).unwrap_err().to_string();
        assert!(
            error.starts_with("`not matches` in entry 2 of `expect`: `[` is not a regular expression"),
            "{error}"
        );
        let error =
            Judges::compile(&[expect("not = { contains = 'a', at = 'every' }")], &context).unwrap_err();
        assert!(error.to_string().starts_with("`not at`: `at` has no meaning here"), "{error}");
        let error = Judges::compile(&[expect("command = { run = [] }")], &context).unwrap_err();
        assert_eq!(error.to_string(), "`command`: `run` names no program");
    }

    /// Every kind of check that needs no program.
    const CHECKS: &[&str] = &[
        "equals = 'a'",
        "equals = { a = [1, 'b'] }",
        "contains = 'abc'",
        "contains = 'Abc'\nignore_case = true",
        "contains_all = ['a', 'bcd']",
        "contains_any = ['a', 'b']",
        "excludes = ['a', '1']",
        "starts_with = 'a'\nignore_case = true",
        "matches = 'a+b'",
        "one_of = ['a', '1']",
        "label = ['a', 'b']",
        "number = { value = 1, tolerance = 2 }",
        "number = { value = 1, pointer = '/a' }",
        "json = { pointer = '/a/0', equals = 1 }",
        "json = { pointer = '/a', exists = false }",
        "json = { pointer = '/a', contains = 'b' }",
        "words = { min = 1, max = 3 }",
        "sentences = { max = 1 }",
        "characters = { max = 5 }",
        "latency = { max = '1s' }",
        "cost = { max = 1.0 }",
        "turns = { max = 1 }",
        "cites = {}",
        "cites = { ids = ['a'], min = 0 }",
        "calls = { name = 'a', arguments = { a = 1 } }",
    ];

    fn any_output() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[aAb1 .\\[\\]{}\":,\\-\n]{0,12}",
            Just("{\"a\": [1, \"b\"]}".to_owned()),
            Just("[a] [b]".to_owned()),
            "[aA\u{301}]{1,3}".prop_map(|text| text.repeat(2000)),
        ]
    }

    prop_compose! {
        fn any_answer()(
            output in any_output(),
            label in proptest::option::of(any_output()),
            retrieved in proptest::collection::vec("[ab]", 0..3),
            called in proptest::option::of(any_output()),
            latency in proptest::option::of(0.0..2000.0_f64),
        ) -> Answer {
            let retrieved: Vec<_> = retrieved.iter().map(|id| json!({ "id": id })).collect();
            let calls: Vec<_> = called.iter().map(|text| json!({"name": "a", "arguments": text})).collect();
            answer(json!({
                "output": output, "label": label, "retrieved": retrieved, "calls": calls, "latency_ms": latency
            }))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn not_swaps_pass_and_fail_and_nothing_else(answer in any_answer(), cost in proptest::option::of(0.0..2.0_f64)) {
            let plain: Vec<Expect> = CHECKS.iter().map(|keys| expect(keys)).collect();
            let inverted: Vec<Expect> = plain.iter().map(not).collect();
            let said = Transcript { cost, ..transcript([answer]) };
            let (plain, inverted) = (verdicts(&plain, &said), verdicts(&inverted, &said));
            prop_assert_eq!(plain.len(), CHECKS.len());
            for (plain, inverted) in plain.iter().zip(&inverted) {
                let swapped = match plain.outcome {
                    Outcome::Pass => Outcome::Fail,
                    Outcome::Fail => Outcome::Pass,
                    other => other,
                };
                prop_assert_eq!(inverted.outcome, swapped, "{} {}", plain.reason, inverted.reason);
                prop_assert_eq!(&inverted.judge, &format!("not {}", plain.judge));
            }
        }

        #[test]
        fn reasons_are_one_line_of_bounded_length(answer in any_answer()) {
            let entries: Vec<Expect> = CHECKS.iter().map(|keys| expect(keys)).collect();
            for verdict in verdicts(&entries, &transcript([answer])) {
                prop_assert!(verdict.reason.chars().count() <= 1600, "{}", verdict.reason);
                prop_assert!(!verdict.reason.chars().any(char::is_control), "{}", verdict.reason);
            }
        }
    }
}
