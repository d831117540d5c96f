//! Answers beside references: what an answer scores by each of their metrics, and the means of it.
//!
//! A score is a number of 0 to 1 that an answer has by itself, so that a metric is a mean over cases.

use super::exclusion::{Exclusion, Exclusions};
use super::retrieval::{
    Gain, average_precision, context_ap, hit_at_k, ndcg_at_k, precision_at_k, ranked, recall_at_k,
    reciprocal_rank,
};
use super::text::{RougeTokens, exact_match, rouge_l, rouge_tokens, sentence_bleu, sentence_chrf, token_f1};
use super::view::View;
use super::{Measurement, NamedOutcomes, NamedSet, Slice};
use crate::judge::Outcome;
use crate::suite::metric_names::Metric;
use crate::suite::metric_names::scores::{RANKING, TEXT};
use std::collections::BTreeMap;

/// Scores of a text, in the order of the published table.
pub type TextScores = [f64; TEXT.len()];

/// Scores of what was retrieved, in the order of the published table.
pub type RankingScores = [f64; RANKING.len()];

/// The first so many of what was retrieved that the metrics with a number in their names look at.
const CUTS: [usize; 4] = [1, 3, 5, 10];

/// What of a case is measured beside its verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Measured {
    /// Whether it has a reference text.
    pub reference: bool,
    /// Whether anything is relevant to it; `None` where nothing is said of it.
    pub relevant: Option<bool>,
    /// The metrics that entries of its `expect` measure.
    pub named: NamedSet,
}

/// The scores that an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scores<'a> {
    /// Those beside a reference text; `None` where there is none, or no answer.
    pub text: Option<&'a TextScores>,
    /// Those of what was retrieved; `None` where nothing is relevant.
    pub ranking: Option<&'a RankingScores>,
    /// What entries of `expect` came to that say what they measure.
    pub named: NamedOutcomes,
}

impl Scores<'_> {
    /// The score by the metric of a name.
    pub fn get(&self, metric: &str) -> Option<f64> {
        let place = |of: &[Metric]| of.iter().position(|known| known.name == metric);
        match place(TEXT) {
            Some(at) => self.text.map(|scores| scores[at]),
            None => match place(RANKING) {
                Some(at) => self.ranking.map(|scores| scores[at]),
                None => self.named.score(metric),
            },
        }
    }
}

/// What an answer scores beside the best of its references: exact match, token F1, ROUGE-L (F1), BLEU and chrF,
/// the last two as shares of 100. BLEU looks at all references at once. `None` without a reference.
pub fn text_scores(answer: &str, references: &[String]) -> Option<TextScores> {
    let best = |score: &dyn Fn(&str) -> f64| references.iter().map(|text| score(text)).reduce(f64::max);
    let words = rouge_tokens(answer, RougeTokens::Unicode);
    Some([
        best(&|text| exact_match(answer, text))?,
        best(&|text| token_f1(answer, text))?,
        best(&|text| rouge_l(&words, &rouge_tokens(text, RougeTokens::Unicode)).f1)?,
        (sentence_bleu(answer, references) / 100.0).clamp(0.0, 1.0),
        (sentence_chrf(answer, references) / 100.0).clamp(0.0, 1.0),
    ])
}

/// What a list of retrieved ids scores by the grades of ids; those without one are not relevant. `None` where
/// nothing is relevant.
pub fn ranking_scores<'a>(
    retrieved: impl IntoIterator<Item = (&'a str, Option<f64>)>,
    grades: &BTreeMap<String, f64>,
) -> Option<RankingScores> {
    if !grades.values().any(|grade| *grade > 0.0) {
        return None;
    }
    let judged: Vec<f64> = grades.values().copied().collect();
    let list: Vec<f64> =
        ranked(retrieved).into_iter().map(|id| grades.get(id).copied().unwrap_or(0.0)).collect();
    let at_cuts = |value: &dyn Fn(usize) -> f64| CUTS.map(value);
    let [recall, precision, hit, ndcg] = [
        at_cuts(&|k| recall_at_k(&list, &judged, k)),
        at_cuts(&|k| precision_at_k(&list, k)),
        at_cuts(&|k| hit_at_k(&list, k)),
        at_cuts(&|k| ndcg_at_k(&list, &judged, k, Gain::Linear)),
    ];
    let whole = [reciprocal_rank(&list), average_precision(&list, &judged), context_ap(&list)];
    let mut scores = [0.0; RANKING.len()];
    let values = [recall, precision, hit, ndcg].into_iter().flatten().chain(whole);
    for (score, value) in scores.iter_mut().zip(values) {
        *score = value;
    }
    Some(scores)
}

/// Every metric over references. Absent where no case has one.
pub(super) fn scores(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    let has = |of: fn(Measured) -> bool| cases.rows().any(|row| of(cases.table().measured(row)));
    let mut all = Vec::new();
    if has(|measured| measured.reference) {
        all.extend(means(slice, cases, TEXT, |row| {
            let scores = cases.answer(row).scores.text.map(<[f64; TEXT.len()]>::as_slice);
            match (cases.table().measured(row).reference, cases.outcome(row)) {
                (false, _) => Err(Exclusion::NoReference),
                (true, Outcome::Skipped) => Err(Exclusion::Skipped),
                (true, Outcome::TargetError) => Err(Exclusion::TargetError),
                (true, _) => scores.ok_or(Exclusion::NoReference),
            }
        }));
    }
    if has(|measured| measured.relevant.is_some()) {
        all.extend(means(slice, cases, RANKING, |row| {
            let scores = cases.answer(row).scores.ranking.map(<[f64; RANKING.len()]>::as_slice);
            match (cases.table().measured(row).relevant, cases.outcome(row)) {
                (None, _) => Err(Exclusion::NothingSaidRelevant),
                (Some(false), _) => Err(Exclusion::NoRelevant),
                (Some(true), Outcome::Skipped) => Err(Exclusion::Skipped),
                (Some(true), _) => scores.ok_or(Exclusion::NoRelevant),
            }
        }));
    }
    all
}

/// The mean of each of these metrics over the cases that have scores.
fn means<'v>(
    slice: &Slice,
    cases: View<'_>,
    metrics: &[Metric],
    scores: impl Fn(usize) -> Result<&'v [f64], Exclusion>,
) -> Vec<Measurement> {
    let mut left_out = Exclusions::default();
    let (mut sums, mut n) = (vec![0.0; metrics.len()], 0_usize);
    for scores in left_out.keep(cases.rows().map(scores)) {
        n += 1;
        for (sum, score) in sums.iter_mut().zip(scores) {
            *sum += score;
        }
    }
    let mean = |(metric, sum): (&Metric, f64)| left_out.measurement((metric, slice), n, Ok(sum / n as f64));
    metrics.iter().zip(sums).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(scores: &RankingScores, name: &str) -> f64 {
        Scores { ranking: Some(scores), ..Scores::default() }.get(name).unwrap()
    }

    /// `b` and `d` are relevant, with grades 1 and 3; `b` stands second and `d` nowhere.
    #[test]
    fn scores_stand_under_their_names() {
        let grades = BTreeMap::from([("b".to_owned(), 1.0), ("d".to_owned(), 3.0), ("a".to_owned(), 0.0)]);
        let scores = ranking_scores([("a", None), ("b", None), ("c", None)], &grades).unwrap();
        let log = 3.0_f64.log2();
        for (name, expected) in [
            ("recall_at_1", 0.0),
            ("recall_at_10", 0.5),
            ("precision_at_3", 1.0 / 3.0),
            ("precision_at_5", 0.2),
            ("hit_at_1", 0.0),
            ("hit_at_3", 1.0),
            ("ndcg_at_3", (1.0 / log) / (3.0 + 1.0 / log)),
            ("mrr", 0.5),
            ("map", 0.25),
            // Of the one that was found, which stands second.
            ("context_ap", 0.5),
        ] {
            assert!((get(&scores, name) - expected).abs() < 1e-15, "{name}");
        }
        assert_eq!(ranking_scores([("a", None)], &BTreeMap::from([("a".to_owned(), 0.0)])), None);
    }

    #[test]
    fn the_best_reference_counts_for_each_metric() {
        let references = ["red green".to_owned(), "blue".to_owned()];
        let scores = text_scores("The blue", &references).unwrap();
        let of = Scores { text: Some(&scores), ..Scores::default() };
        assert_eq!((of.get("exact_match"), of.get("token_f1"), of.get("mrr")), (Some(1.0), Some(1.0), None));
        // One of two words: precision 1/2, recall 1.
        assert!((of.get("rouge_l").unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(text_scores("x", &[]), None);
    }
}
