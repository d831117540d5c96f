//! Whether a judge is still the one that it was when its canary was frozen: its verdicts on the same answers,
//! then and now, compared one by one.

use super::Judgement;
use super::calibration::MOST_UNGRADED;
use super::evidence::Evidence;
use crate::judge::Outcome;
use crate::stats::binomial::too_many;
use crate::suite::canary::{Canary, CanaryItem, Frozen};
use crate::suite::labels::Label;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How rarely a judge that did not change is taken for one that did.
const LEVEL: f64 = 0.01;

/// The ε that is reckoned with at least: that no verdict changed among a hundred does not mean that none does.
const LEAST_EPSILON: f64 = 0.005;

/// From this ε on a judge does not gate.
pub const MOST_EPSILON: f64 = 0.05;

/// So many changed verdicts are a change where all of them go one way.
const ONE_WAY: usize = 6;

/// How the judge of a run compares with the one that its canary was frozen with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "why")]
pub enum Steadiness {
    /// It is the same, as far as its verdicts tell.
    Steady,
    /// It is another one: what it says now is not comparable with what it said then.
    Drifted(String),
    /// It contradicts itself too often to gate, then as now.
    Unsteady(String),
    /// Too few verdicts came to tell. That is no pass.
    Untold(String),
    /// The judge's own files were changed since, so that the canary is that of another judge.
    Stale(String),
}

impl Steadiness {
    /// Why it is not steady, in a sentence or two.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Steady => None,
            Self::Drifted(why) | Self::Unsteady(why) | Self::Untold(why) | Self::Stale(why) => Some(why),
        }
    }
}

/// A canary graded again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regraded {
    /// Answers that the judge was asked about; 0 where it was plain without asking.
    pub items: usize,
    /// Those that passed and fail now.
    pub to_fail: usize,
    /// Those that failed and pass now.
    pub to_pass: usize,
    /// Those to which the question does not apply now.
    pub to_neither: usize,
    /// Those without a verdict now.
    pub ungraded: usize,
    /// Share of verdicts that change when the same judge is asked the same again, as measured when frozen.
    pub epsilon: f64,
    /// So many changed verdicts are put down to a change of the judge.
    pub limit: usize,
    /// The models that answered when it was frozen.
    pub models_then: Vec<String>,
    /// The models that answered now.
    pub models_now: Vec<String>,
    /// What that means.
    pub verdict: Steadiness,
}

impl Regraded {
    /// Verdicts that changed.
    pub const fn flips(&self) -> usize {
        self.to_fail + self.to_pass + self.to_neither
    }

    /// What it came to, in a line.
    pub fn told(&self) -> String {
        let Self { items, ungraded, limit, epsilon, .. } = self;
        if *items == 0 {
            return "not asked".to_owned();
        }
        let without = if *ungraded > 0 { format!(", {ungraded} without a verdict") } else { String::new() };
        format!(
            "{} of {items} verdicts changed{without} ({limit} or more would be drift; {:.1} % change by themselves)",
            self.flips(),
            epsilon * 100.0
        )
    }

    /// What is plain of a judge, given by its fingerprint, without asking it: that its canary is another
    /// judge's, or that it contradicted itself too often to gate.
    pub fn unasked(canary: &Canary, fingerprint: &str) -> Option<Self> {
        let (head, name) = (&canary.head, &canary.name);
        let why = if head.judge != fingerprint {
            Steadiness::Stale(format!(
                "the judge was changed since its canary was frozen on {}: `holdline judge freeze {name}`",
                head.date
            ))
        } else if is_unsteady(canary) {
            Steadiness::Unsteady(unsteady(canary))
        } else {
            return None;
        };
        Some(Self::nothing(canary, why))
    }

    fn nothing(canary: &Canary, verdict: Steadiness) -> Self {
        Self {
            items: 0,
            to_fail: 0,
            to_pass: 0,
            to_neither: 0,
            ungraded: 0,
            epsilon: canary.head.epsilon(),
            limit: limit(canary),
            models_then: canary.head.models.clone(),
            models_now: Vec::new(),
            verdict,
        }
    }

    /// Compares what the judge says now, of every answer of the canary in its order, with what it said then.
    /// What was not asked counts as no verdict.
    pub fn compare(canary: &Canary, now: &[Judgement]) -> Self {
        let mut found = Self::nothing(canary, Steadiness::Steady);
        found.items = canary.items.len();
        found.models_now = models(now);
        for (at, item) in canary.items.iter().enumerate() {
            match (item.outcome, now.get(at).map(|judgement| judgement.outcome)) {
                (Frozen::Pass, Some(Outcome::Fail)) => found.to_fail += 1,
                (Frozen::Fail, Some(Outcome::Pass)) => found.to_pass += 1,
                (_, Some(Outcome::Pass | Outcome::Fail)) => {}
                (_, Some(Outcome::NotApplicable)) => found.to_neither += 1,
                _ => found.ungraded += 1,
            }
        }
        found.verdict = found.meaning(&canary.name);
        found
    }

    /// What the counts mean.
    fn meaning(&self, name: &str) -> Steadiness {
        let (flips, items) = (self.flips(), self.items);
        let drifted = |why: String| {
            Steadiness::Drifted(format!(
                "{why}; what it says is not comparable with the baseline. If today's judge is the one you want, freeze \
                 it (`holdline judge freeze {name}`) and let it judge the accepted answers anew (`holdline rejudge \
                 SUITE`)"
            ))
        };
        let others: Vec<&str> = self
            .models_now
            .iter()
            .filter(|model| !self.models_then.contains(model))
            .map(String::as_str)
            .collect();
        if !others.is_empty() {
            let then = match self.models_then.as_slice() {
                [] => "the canary was frozen with one that gave no name".to_owned(),
                then => format!("the canary was frozen with `{}`", then.join("`, `")),
            };
            return drifted(format!("the model that answers is `{}`, and {then}", others.join("`, `")));
        }
        if self.models_now.is_empty() && !self.models_then.is_empty() && self.ungraded < items {
            let then = self.models_then.join("`, `");
            return drifted(format!(
                "the model that answers gives no name, and the canary was frozen with `{then}`"
            ));
        }
        let ways = format!(
            "{} from pass to fail, {} from fail to pass, {} to neither",
            self.to_fail, self.to_pass, self.to_neither
        );
        if flips >= self.limit {
            return drifted(format!(
                "{flips} of {items} verdicts of the canary changed ({ways}), and {} or more are no chance for a \
                 judge of which {:.1} % change by themselves",
                self.limit,
                self.epsilon.max(LEAST_EPSILON) * 100.0
            ));
        }
        if flips >= ONE_WAY && [self.to_fail, self.to_pass, self.to_neither].contains(&flips) {
            return drifted(format!(
                "{flips} of {items} verdicts of the canary changed, all one way ({ways})"
            ));
        }
        if self.ungraded as f64 > MOST_UNGRADED * items as f64 {
            return Steadiness::Untold(format!(
                "{} of {items} answers of the canary got no verdict, and 2 % may be without: whether the judge is \
                 still the same cannot be told",
                self.ungraded
            ));
        }
        Steadiness::Steady
    }
}

/// Whether a judge contradicts itself too often to gate.
pub(super) fn is_unsteady(canary: &Canary) -> bool {
    canary.head.epsilon() >= MOST_EPSILON
}

/// That it does, in a sentence.
pub(super) fn unsteady(canary: &Canary) -> String {
    format!(
        "asked the same again it gave {} of {} verdicts otherwise ({:.1} %), and {:.0} % are too many to gate",
        canary.head.flips,
        canary.head.again,
        canary.head.epsilon() * 100.0,
        MOST_EPSILON * 100.0
    )
}

/// The smallest number of changed verdicts that at most one unchanged judge in a hundred comes to.
pub fn limit(canary: &Canary) -> usize {
    let items = canary.items.len();
    too_many(items, canary.head.epsilon().max(LEAST_EPSILON), LEVEL).unwrap_or(items)
}

/// The models that gave these verdicts, as they call themselves: sorted, each once.
pub fn models(judgements: &[Judgement]) -> Vec<String> {
    let names: BTreeSet<&String> = judgements.iter().flat_map(|judgement| &judgement.models).collect();
    names.into_iter().cloned().collect()
}

/// The labelled answers in the order in which a canary takes them: those that people call one thing and those
/// that they call another by turns, as far as there are, each by the hash of its id. Answers that no model need
/// be asked about are left out.
pub fn order(labels: &[Label]) -> Vec<&Label> {
    let mut by_word: BTreeMap<&str, Vec<([u8; 32], &Label)>> = BTreeMap::new();
    for label in labels {
        if evidence_of(label).says_nothing().is_none() {
            let hash = *blake3::hash(label.id.as_bytes()).as_bytes();
            by_word.entry(&label.label).or_default().push((hash, label));
        }
    }
    let mut ranked = Vec::new();
    for (at, mut of_word) in by_word.into_values().enumerate() {
        of_word.sort_by_key(|(hash, _)| *hash);
        ranked.extend(of_word.into_iter().enumerate().map(|(rank, (_, label))| ((rank, at), label)));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, label)| label).collect()
}

fn evidence_of(label: &Label) -> Evidence<'_> {
    Evidence {
        input: &label.input,
        before: &[],
        output: &label.output,
        accepted: None,
        reference: label.references(),
        contexts: &label.contexts,
    }
}

/// A labelled answer frozen with what the judge said of it; nothing where that is neither pass nor fail.
pub fn freeze(label: &Label, said: &Judgement) -> Option<CanaryItem> {
    let outcome = match said.outcome {
        Outcome::Pass => Frozen::Pass,
        Outcome::Fail => Frozen::Fail,
        _ => return None,
    };
    Some(CanaryItem {
        id: label.id.clone(),
        input: label.input.clone(),
        output: label.output.clone(),
        contexts: label.contexts.clone(),
        reference: label.references().to_vec(),
        verdict: said.word.clone().unwrap_or_default(),
        outcome,
    })
}
