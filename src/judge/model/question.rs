//! What a judge decides: its question and its verdicts, each with its meaning.

use crate::judge::Outcome;
use crate::suite::quantity::Share;
use crate::suite::schema::judge::{JudgeFile, JudgeKind};

/// A verdict that a judge may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictWord {
    /// The word in the reply.
    pub word: String,
    /// When it is the right one.
    pub meaning: String,
    /// What it comes to.
    pub outcome: Outcome,
}

/// The one question of a judge with its verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The verdicts: those that decide first, then `not_applicable` where it is allowed, then `cannot_judge`.
    pub verdicts: Vec<VerdictWord>,
}

impl Question {
    /// The question of a judge.
    pub fn of(file: &JudgeFile) -> Self {
        let verdict = |word: &str, meaning: &str, outcome| VerdictWord {
            word: word.to_owned(),
            meaning: meaning.trim().to_owned(),
            outcome,
        };
        let pass = |passes| if passes { Outcome::Pass } else { Outcome::Fail };
        let two = |passes: &str, fails: &str| {
            vec![
                verdict(&file.words.pass, passes, Outcome::Pass),
                verdict(&file.words.fail, fails, Outcome::Fail),
            ]
        };
        let mut verdicts: Vec<VerdictWord> = match file.kind {
            JudgeKind::Rubric => two(
                file.pass_when.as_deref().unwrap_or_default(),
                file.fail_when.as_deref().unwrap_or_default(),
            ),
            JudgeKind::Claims => two(
                &format!("of its claims, at least {} % are supported by the passages", points(file.least)),
                "fewer are",
            ),
            JudgeKind::Principles => two("it keeps to every principle", "it breaks one of them"),
            JudgeKind::Panel => two("it does", "it does not"),
            JudgeKind::Compare => vec![
                verdict("better", "the answer does more than the accepted one", Outcome::Pass),
                verdict("tie", "neither does more than the other", Outcome::Pass),
                verdict("worse", "the answer does less than the accepted one", Outcome::Fail),
            ],
            JudgeKind::Choice => {
                let of = |choice: &crate::suite::schema::judge::Choice| {
                    verdict(&choice.name, &choice.meaning, pass(choice.pass))
                };
                file.choices.iter().map(of).collect()
            }
            JudgeKind::Score => {
                let cut = usize::from(file.cut.unwrap_or(u8::MAX));
                let level = |(at, meaning): (usize, &String)| {
                    verdict(&(at + 1).to_string(), meaning, pass(at + 1 >= cut))
                };
                file.levels.iter().enumerate().map(level).collect()
            }
        };
        if let Some(when) = &file.not_applicable_when {
            verdicts.push(verdict("not_applicable", when, Outcome::NotApplicable));
        }
        let when = "the evidence does not suffice to tell";
        verdicts.push(verdict("cannot_judge", when, Outcome::CannotJudge));
        Self { text: file.asks().to_owned(), verdicts }
    }

    /// The verdict of this word.
    pub fn verdict(&self, word: &str) -> Option<&VerdictWord> {
        self.verdicts.iter().find(|verdict| verdict.word == word)
    }

    /// The words of its verdicts.
    pub fn words(&self) -> Vec<String> {
        self.verdicts.iter().map(|verdict| verdict.word.clone()).collect()
    }
}

/// A share in points, rounded so that 0.07 × 100 does not show its last bit.
fn points(share: Share) -> f64 {
    (share.get() * 1e8).round() / 1e6
}
