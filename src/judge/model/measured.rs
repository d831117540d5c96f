//! What a judge said of answers that people labelled.

use super::{Agreement, Judgement};
use crate::judge::Outcome;
use crate::suite::labels::Label;

/// A labelled answer, and what the judge made of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What people said.
    pub label: Label,
    /// What that comes to.
    pub people: Outcome,
    /// What the judge said.
    pub judge: Judgement,
    /// What it said when it was asked the same again.
    pub again: Vec<Outcome>,
}

/// A judge measured.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The labelled answers in the order of their file.
    pub judged: Vec<Judged>,
    /// What both said, counted.
    pub agreement: Agreement,
    /// Fingerprint of what the judge is: 16 hex digits over all that its verdicts depend on.
    pub fingerprint: String,
}

impl Measured {
    /// The models that answered, as they call themselves: sorted, each once.
    pub fn models(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.judged.iter().flat_map(|one| &one.judge.models).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Share of the answers of which the judge says the same every time it is asked, and the share of its
    /// verdicts that differ from the most frequent one of their answer. None where each was asked once.
    pub fn self_agreement(&self) -> Option<(f64, f64)> {
        let (mut same, mut flips, mut verdicts) = (0_usize, 0_usize, 0_usize);
        for one in self.judged.iter().filter(|one| !one.again.is_empty()) {
            let all: Vec<Outcome> =
                std::iter::once(one.judge.outcome).chain(one.again.iter().copied()).collect();
            let most =
                all.iter().map(|of| all.iter().filter(|other| *other == of).count()).max().unwrap_or(0);
            verdicts += all.len();
            flips += all.len() - most;
            same += usize::from(most == all.len());
        }
        let asked = self.judged.iter().filter(|one| !one.again.is_empty()).count();
        (verdicts > 0).then(|| (same as f64 / asked as f64, flips as f64 / verdicts as f64))
    }

    /// By how much the judge passes more than people do, as a share, among the shorter and among the longer
    /// half of the answers that both graded. None of fewer than ten: a judge that likes long answers has the
    /// second well above the first.
    pub fn bias_by_length(&self) -> Option<(f64, f64)> {
        let mut graded: Vec<&Judged> = self
            .judged
            .iter()
            .filter(|one| one.judge.outcome.is_graded() && one.people.is_graded())
            .collect();
        if graded.len() < 10 {
            return None;
        }
        graded.sort_by_key(|one| one.label.output.chars().count());
        let (short, long) = graded.split_at(graded.len() / 2);
        let excess = |half: &[&Judged]| {
            let passed = |outcome: fn(&Judged) -> Outcome| {
                half.iter().filter(|one| outcome(one) == Outcome::Pass).count() as f64
            };
            (passed(|one| one.judge.outcome) - passed(|one| one.people)) / half.len() as f64
        };
        Some((excess(short), excess(long)))
    }
}
