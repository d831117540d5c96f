//! The checks of one case, and what they say of its transcript.
//!
//! Names of verdicts are the keys in the suite, with `not` before those inverted: `contains`,
//! `not contains`. A key that one case uses more than once, in several entries of `expect` or in a
//! list of `json` or `calls`, is numbered from 1 in the order of the file: `json[1]`, `json[2]`.
//!
//! Verdicts come in the order of the entries, within one in the order of the turns, within one in the
//! order of the checks in the schema; what concerns the case as a whole (`turns`, `cost`) comes with
//! the last turn.

use super::checks::{Compiled, Kind, Ruling, Scope, Subject, Use, compile};
use super::context::JudgeContext;
use super::error::JudgeError;
use super::outcome::{Outcome, Verdict};
use super::reason;
use crate::expand::Case;
use crate::run::{Graded, Transcript};
use crate::suite::schema::{At, Expect};
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
}

impl Judges {
    /// Compiles what is expected of a case, filled in.
    pub fn compile(expect: &[Expect], context: &JudgeContext) -> Result<Self, JudgeError> {
        let mut entries = Vec::with_capacity(expect.len());
        for (index, entry) in expect.iter().enumerate() {
            let number = (expect.len() > 1).then_some(index + 1);
            let checks = compile(entry, context, Use::Verdict, number)?;
            entries.push(Entry { at: entry.at.unwrap_or_default(), checks });
        }
        number_repeated_names(&mut entries);
        Ok(Self { entries })
    }

    /// What the checks say of a transcript: a verdict for each check, or for each check and turn in
    /// an entry that says `at = "every"`.
    ///
    /// A transcript that ended in an error is not judged; an entry without any check, and a
    /// transcript without any turn, cannot be.
    pub async fn judge(&self, case: &Case, transcript: &Transcript) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        if transcript.error.is_some() {
            return verdicts;
        }
        for entry in &self.entries {
            if entry.checks.is_empty() || transcript.turns.is_empty() {
                let why = if entry.checks.is_empty() { "nothing is expected" } else { "there is no answer" };
                let (judge, reason) = ("expect".into(), format!("cannot tell: {why}"));
                verdicts.push(Verdict { judge, outcome: Outcome::CannotJudge, reason, turn: None });
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
                    let (outcome, reason) = match &check.kind {
                        Kind::Direct(direct) => direct_verdict(check.inverted, direct.as_ref(), &subject),
                        Kind::Command(command) => {
                            command_verdict(check.inverted, command.ask(case, turns).await)
                        }
                    };
                    // A conversation has far fewer turns than fit.
                    let turn =
                        (entry.at == At::Every && !whole).then(|| u32::try_from(index).unwrap_or(u32::MAX));
                    verdicts.push(Verdict {
                        judge: check.name.clone(),
                        outcome,
                        reason: reason::bounded(reason),
                        turn,
                    });
                }
            }
        }
        verdicts
    }
}

/// Judges a transcript and says what it came to. One that ended in an error is a target error and has
/// no verdicts; a case without any check cannot be judged, and never passes.
pub async fn grade(judges: &Judges, case: &Case, transcript: Transcript) -> Graded {
    if transcript.error.is_some() {
        return Graded { transcript, verdicts: Vec::new(), outcome: Outcome::TargetError };
    }
    let verdicts = judges.judge(case, &transcript).await;
    let outcome = Outcome::of_all(verdicts.iter().map(|verdict| verdict.outcome));
    Graded { transcript, verdicts, outcome }
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
