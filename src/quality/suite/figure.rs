//! A figure, its parts, and the cases that cost the most.

use crate::expand::CaseId;
use serde::Serialize;

/// Offenders named for a figure, at most.
const NAMED: usize = 5;

/// One quality of a suite.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// 0–100, more is better; none where it does not apply.
    pub score: Option<f64>,
    /// What 100 means, and how the score comes from the parts.
    pub means: &'static str,
    /// What makes it better.
    pub mend: &'static str,
    /// Why it does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// The worst cases, or other places to begin with, worst first. Texts in them are outside text.
    pub offenders: Vec<Offender>,
    /// How many more there are.
    pub more_offenders: usize,
}

/// A part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// 0–100, more is better; none where it only informs.
    pub score: Option<f64>,
    /// The numbers behind it. May hold outside text.
    pub numbers: String,
}

/// Something that costs a figure points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offender {
    /// The case, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What is the matter. May hold outside text.
    pub what: String,
}

impl Offender {
    /// A case, and what is the matter with it.
    pub(super) fn case(case: CaseId, what: String) -> Self {
        Self { case: Some(case), what }
    }

    /// Something that is no single case.
    pub(super) fn other(what: String) -> Self {
        Self { case: None, what }
    }
}

impl Part {
    /// A part with a score from a share of what is good, 0–1.
    pub(super) fn share(name: impl Into<String>, good: f64, numbers: String) -> Self {
        Self { name: name.into(), score: Some(100.0 * good.clamp(0.0, 1.0)), numbers }
    }

    /// A part that counts what is good among all.
    pub(super) fn count(name: impl Into<String>, good: usize, all: usize) -> Self {
        Self::share(name, good as f64 / all.max(1) as f64, format!("{good} of {all}"))
    }

    /// A part that only informs.
    pub(super) fn note(name: impl Into<String>, numbers: String) -> Self {
        Self { name: name.into(), score: None, numbers }
    }
}

impl Figure {
    /// A figure with these words, and nothing else yet.
    pub(super) fn new(name: &'static str, means: &'static str, mend: &'static str) -> Self {
        Self {
            name,
            score: None,
            means,
            mend,
            not_applicable: None,
            parts: Vec::new(),
            offenders: Vec::new(),
            more_offenders: 0,
        }
    }

    /// The figure where it does not apply.
    pub(super) fn without(mut self, why: impl Into<String>) -> Self {
        self.not_applicable = Some(why.into());
        self
    }

    /// The figure with its score, parts and offenders, worst first.
    pub(super) fn with(mut self, score: f64, parts: Vec<Part>, mut offenders: Vec<Offender>) -> Self {
        self.score = Some(score.clamp(0.0, 100.0));
        self.parts = parts;
        self.more_offenders = offenders.len().saturating_sub(NAMED);
        offenders.truncate(NAMED);
        self.offenders = offenders;
        self
    }

    /// The figure whose score is the mean of its parts'.
    pub(super) fn with_mean(self, parts: Vec<Part>, offenders: Vec<Offender>) -> Self {
        let scores: Vec<f64> = parts.iter().filter_map(|part| part.score).collect();
        match mean(&scores) {
            Some(score) => self.with(score, parts, offenders),
            None => self.without("there is nothing to measure"),
        }
    }
}

/// The plain mean; none of nothing.
pub(super) fn mean(scores: &[f64]) -> Option<f64> {
    (!scores.is_empty()).then(|| scores.iter().sum::<f64>() / scores.len() as f64)
}

/// A share in per cent, never rounded to all or nothing: `12 %`, `0.4 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let is_edge = percent > 0.0 && percent < 1.0 || percent > 99.0 && percent < 100.0;
    if is_edge { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// A text as it is quoted: one that is long is cut.
pub(super) fn quoted(text: &str) -> String {
    /// Characters shown.
    const LENGTH: usize = 60;
    match text.char_indices().nth(LENGTH) {
        None => format!("“{text}”"),
        Some((end, _)) => format!("“{}…”", &text[..end]),
    }
}
