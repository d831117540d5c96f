//! Rankings: whether what is relevant was retrieved, and how far up.
//!
//! Pure functions on grades. `ranked` are the grades of what was retrieved, best first; `judged` the grades of
//! everything known about the query, retrieved or not, in any order. A grade above 0 is relevant; one of 0 or
//! below is not and gains nothing. What was retrieved without having been judged has the grade 0. Values are
//! 0 to 1, and 0 where nothing is relevant, where nothing was retrieved and where `k` is 0; a product rule that
//! calls the first of these undefined lies a layer above. The rules are those of `trec_eval`.

use std::collections::HashSet;

/// What was retrieved, best first: by score, which is compared in single precision, and ids with one score in
/// descending order. Where any has no score the list is in its order already. An id that comes again is left
/// out: what is found twice is found once.
pub fn ranked<'a>(retrieved: impl IntoIterator<Item = (&'a str, Option<f64>)>) -> Vec<&'a str> {
    let mut all: Vec<(&str, Option<f64>)> = retrieved.into_iter().collect();
    if all.iter().all(|(_, score)| score.is_some()) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "compared in single precision, as trec_eval does"
        )]
        let single = |score: Option<f64>| score.unwrap_or_default() as f32;
        all.sort_by(|one, other| single(other.1).total_cmp(&single(one.1)).then_with(|| other.0.cmp(one.0)));
    }
    let mut seen = HashSet::new();
    all.into_iter().map(|(id, _)| id).filter(|id| seen.insert(*id)).collect()
}

/// What a grade is worth in [`ndcg_at_k`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gain {
    /// The grade itself (`trec_eval`; Järvelin and Kekäläinen 2002).
    Linear,
    /// 2^grade − 1 (Burges et al. 2005).
    Exponential,
}

impl Gain {
    fn of(self, grade: f64) -> f64 {
        match self {
            _ if !is_relevant(grade) => 0.0,
            Self::Linear => grade,
            Self::Exponential => grade.exp2() - 1.0,
        }
    }
}

/// 1 over the place, counted from 1, of the first that is relevant. Not cut. Its mean over queries is the MRR.
pub fn reciprocal_rank(ranked: &[f64]) -> f64 {
    ranked.iter().position(|grade| is_relevant(*grade)).map_or(0.0, |place| 1.0 / (place as f64 + 1.0))
}

/// Whether any of the first `k` is relevant, as 1 or 0 (`success` in `trec_eval`).
pub fn hit_at_k(ranked: &[f64], k: usize) -> f64 {
    f64::from(u8::from(relevant_in(ranked, k) > 0))
}

/// The relevant among the first `k`, over `k`, also where fewer were retrieved.
pub fn precision_at_k(ranked: &[f64], k: usize) -> f64 {
    share(relevant_in(ranked, k) as f64, k)
}

/// The relevant among the first `k`, over all that are relevant.
pub fn recall_at_k(ranked: &[f64], judged: &[f64], k: usize) -> f64 {
    share(relevant_in(ranked, k) as f64, relevant_in(judged, judged.len()))
}

/// Average precision: the precision at the place of each relevant one retrieved, summed, over all that are
/// relevant. Not cut. Its mean over queries is the MAP.
pub fn average_precision(ranked: &[f64], judged: &[f64]) -> f64 {
    let mut found = 0;
    let mut sum = 0.0;
    for (place, grade) in ranked.iter().enumerate() {
        if is_relevant(*grade) {
            found += 1;
            sum += f64::from(found) / (place as f64 + 1.0);
        }
    }
    share(sum, relevant_in(judged, judged.len()))
}

/// Average precision of a list alone: the same sum, over the relevant that are in the list. It says how far up
/// they stand, and nothing about what is missing.
pub fn context_ap(ranked: &[f64]) -> f64 {
    average_precision(ranked, ranked)
}

/// Normalised discounted cumulative gain of the first `k`: Σ gain / log₂(place + 1), over the same sum of the
/// best order of all that was judged, cut at `k` too.
///
/// At most 1 as long as everything in `ranked` is in `judged`.
pub fn ndcg_at_k(ranked: &[f64], judged: &[f64], k: usize, gain: Gain) -> f64 {
    let mut best = judged.to_vec();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal = discounted(&best, k, gain);
    if ideal > 0.0 { discounted(ranked, k, gain) / ideal } else { 0.0 }
}

fn discounted(grades: &[f64], k: usize, gain: Gain) -> f64 {
    grades
        .iter()
        .take(k)
        .enumerate()
        .map(|(place, grade)| gain.of(*grade) / (place as f64 + 2.0).log2())
        .sum()
}

fn is_relevant(grade: f64) -> bool {
    grade > 0.0
}

fn relevant_in(grades: &[f64], k: usize) -> usize {
    grades.iter().take(k).filter(|grade| is_relevant(**grade)).count()
}

/// `part` over `all`, 0 of nothing.
fn share(part: f64, all: usize) -> f64 {
    if all == 0 { 0.0 } else { part / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of three that are relevant the second and the fourth of four were retrieved.
    #[test]
    fn a_ranking_by_hand() {
        let (ranked, judged) = ([0.0, 1.0, 0.0, 1.0], [1.0, 1.0, 1.0, 0.0, 0.0]);
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        near(reciprocal_rank(&ranked), 0.5);
        near(recall_at_k(&ranked, &judged, 2), 1.0 / 3.0);
        near(precision_at_k(&ranked, 2), 0.5);
        near(precision_at_k(&ranked, 8), 0.25);
        near(average_precision(&ranked, &judged), (0.5 + 0.5) / 3.0);
        near(hit_at_k(&ranked, 1), 0.0);
        near(hit_at_k(&ranked, 2), 1.0);
        // log₂ 3 and log₂ 5 against 1, log₂ 3 and 2.
        let ideal = 1.0 + 1.0 / 3.0_f64.log2() + 0.5;
        near(
            ndcg_at_k(&ranked, &judged, 4, Gain::Linear),
            (1.0 / 3.0_f64.log2() + 1.0 / 5.0_f64.log2()) / ideal,
        );
    }

    /// The second and the fourth of four: (1/2 + 2/4) / 2, however many more are relevant.
    #[test]
    fn the_order_of_contexts_by_hand() {
        assert!((context_ap(&[0.0, 1.0, 0.0, 1.0]) - 0.5).abs() < 1e-15);
        assert!(context_ap(&[0.0]).abs() < 1e-15 && context_ap(&[]).abs() < 1e-15);
    }

    #[test]
    fn scores_order_a_list_and_what_has_none_keeps_its_order() {
        assert_eq!(ranked([("a", Some(0.5)), ("b", Some(2.0)), ("c", Some(0.5))]), ["b", "c", "a"]);
        // The same in single precision.
        assert_eq!(ranked([("a", Some(1.000_000_01)), ("b", Some(1.0))]), ["b", "a"]);
        assert_eq!(ranked([("a", Some(0.5)), ("b", None), ("a", Some(2.0))]), ["a", "b"]);
    }

    /// Grades 1 and 3 the wrong way round: (1 + 3/log₂ 3) / (3 + 1/log₂ 3), and with 7 for 3.
    #[test]
    fn gains_by_hand() {
        let (ranked, log) = ([1.0, 3.0], 3.0_f64.log2());
        for (gain, high) in [(Gain::Linear, 3.0), (Gain::Exponential, 7.0)] {
            let found = ndcg_at_k(&ranked, &ranked, 2, gain);
            assert!((found - (1.0 + high / log) / (high + 1.0 / log)).abs() < 1e-15, "{gain:?} {found}");
        }
    }

    #[test]
    fn a_negative_grade_gains_nothing_and_is_not_relevant() {
        let (ranked, judged) = ([-2.0, 1.0], [-2.0, 1.0]);
        assert!((reciprocal_rank(&ranked) - 0.5).abs() < 1e-15);
        assert!((recall_at_k(&ranked, &judged, 2) - 1.0).abs() < 1e-15);
        for gain in [Gain::Linear, Gain::Exponential] {
            assert!((ndcg_at_k(&ranked, &judged, 2, gain) - 1.0 / 3.0_f64.log2()).abs() < 1e-15);
        }
    }

    #[test]
    fn nothing_relevant_nothing_retrieved_and_nothing_looked_at_are_zero() {
        for (ranked, judged, k) in
            [(&[0.0, 0.0][..], &[0.0][..], 2), (&[], &[1.0], 2), (&[1.0], &[1.0], 0), (&[], &[], 0)]
        {
            for found in [
                recall_at_k(ranked, judged, k),
                precision_at_k(ranked, k),
                hit_at_k(ranked, k),
                ndcg_at_k(ranked, judged, k, Gain::Linear),
                ndcg_at_k(ranked, judged, k, Gain::Exponential),
            ] {
                assert!(found.abs() < 1e-15, "{ranked:?} {judged:?} {k}: {found}");
            }
        }
        assert!(reciprocal_rank(&[]).abs() < 1e-15 && average_precision(&[], &[]).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn the_best_order_is_worth_one(mut judged in prop::collection::vec(0_u8..4, 1..20), k in 1_usize..25) {
            prop_assume!(judged.iter().any(|grade| *grade > 0));
            judged.sort_unstable_by(|a, b| b.cmp(a));
            let grades: Vec<f64> = judged.into_iter().map(f64::from).collect();
            for gain in [Gain::Linear, Gain::Exponential] {
                prop_assert!((ndcg_at_k(&grades, &grades, k, gain) - 1.0).abs() < 1e-12);
                let mut worst = grades.clone();
                worst.reverse();
                let value = ndcg_at_k(&worst, &grades, k, gain);
                prop_assert!((0.0..=1.0 + 1e-12).contains(&value));
            }
            prop_assert!((average_precision(&grades, &grades) - 1.0).abs() < 1e-12);
            prop_assert!((recall_at_k(&grades, &grades, grades.len()) - 1.0).abs() < 1e-12);
        }
    }
}
