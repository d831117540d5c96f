//! Drift of texts: how far the words of now lie from those of before, and whether a classifier tells them apart.

use super::{BITS, FEWEST, Raw, Side, TOLD_APART, Tests};
use crate::expand::stream::Stream;
use crate::metric::Unit;
use crate::monitor::features::{BUCKETS, Features, Words};
use crate::monitor::report::{Aspect, DriftTest, Effect, Found};
use crate::stats::divergence::jensen_shannon;
use crate::stats::special::{normal_cdf, two_sided_z};
use crate::stats::two_sample::superiority;

/// Texts of each side that the divergence looks at.
const MOST_DIVERGING: usize = 4000;

/// Texts of each side that the classifier learns from and is tried on.
const MOST_CLASSIFIED: usize = 20_000;

/// Buckets of the divergence: fewer than the classifier's, so that few are empty.
const COARSE: usize = 512;

/// Deals that show what chance alone gives.
const DEALS: usize = 999;

impl Tests {
    /// Compares the words of texts.
    pub(super) fn text(
        &mut self,
        aspect: Aspect,
        what: &str,
        before: &Side<'_>,
        now: &Side<'_>,
        of: impl Fn(&Features) -> Option<&Words>,
    ) {
        let words = |side: &Side<'_>| -> Vec<Words> {
            side.answers.iter().filter_map(|answer| of(answer)).take(MOST_CLASSIFIED).cloned().collect()
        };
        let (before, now) = (words(before), words(now));
        if !self.are_enough(&format!("words of the {what}s"), before.len(), now.len()) {
            return;
        }
        if let Some(found) = divergence(what, &before, &now) {
            let n = (before.len().min(MOST_DIVERGING) as u64, now.len().min(MOST_DIVERGING) as u64);
            let is_large = found.value - found.usual >= BITS;
            let effect = Effect::Divergence { value: found.value, by_chance: found.by_chance };
            let test = drift_test(
                aspect,
                format!("which words are in the {what}s"),
                n,
                effect,
                "permutation",
                found.p,
            );
            self.raw.push(Raw { test, is_large });
        }
        if let Some(found) = told_apart(&before, &now) {
            let n = (before.len() as u64, now.len() as u64);
            let is_large = found.area - 0.5 >= TOLD_APART;
            let effect = Effect::Classifier { value: found.area, interval: found.interval };
            let name = "naive Bayes, cross-fitted";
            let test = drift_test(aspect, format!("a classifier of {what}s"), n, effect, name, found.p);
            self.raw.push(Raw { test, is_large });
        }
    }
}

fn drift_test(aspect: Aspect, what: String, n: (u64, u64), effect: Effect, test: &str, p: f64) -> DriftTest {
    let (values, unit, psi) = (None, Unit::Number, None);
    let test = test.to_owned();
    DriftTest { aspect, what, n, values, unit, psi, effect, test, p, adjusted: 1.0, found: Found::Nothing }
}

/// A divergence, and what chance gives.
struct Diverging {
    value: f64,
    usual: f64,
    by_chance: (f64, f64),
    p: f64,
}

/// The Jensen–Shannon divergence of the words of two sets of texts, with a permutation test: texts are dealt anew to the
/// two sides, whole, since the words of one text depend on each other. p = (1 + deals as far apart) / (1 + deals).
///
/// Source: B. Phipson and G. K. Smyth, "Permutation p-values should never be zero", Stat. Appl. Genet. Mol. Biol. 9
/// (2010).
fn divergence(what: &str, before: &[Words], now: &[Words]) -> Option<Diverging> {
    let (before, now) = (&before[..before.len().min(MOST_DIVERGING)], &now[..now.len().min(MOST_DIVERGING)]);
    let texts: Vec<Vec<usize>> = before.iter().chain(now).map(coarse).collect();
    let all = counted(texts.iter());
    // The smaller side alone is counted; the other has the rest.
    let fewer = before.len().min(now.len());
    let apart = |one: Vec<u64>| {
        let other: Vec<u64> = all.iter().zip(&one).map(|(all, one)| all - one).collect();
        jensen_shannon(&one, &other)
    };
    let value = apart(counted(texts[..before.len()].iter()))?;
    let mut stream = Stream::new(&[b"monitor: deals of texts", what.as_bytes()]);
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut dealt = Vec::with_capacity(DEALS);
    for _ in 0..DEALS {
        stream.shuffle(&mut order);
        dealt.push(apart(counted(order[..fewer].iter().map(|at| &texts[*at])))?);
    }
    dealt.sort_unstable_by(f64::total_cmp);
    let as_far = dealt.iter().filter(|of| **of >= value - 1e-12).count();
    let at = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 999")]
        dealt[((DEALS - 1) as f64 * share).round() as usize]
    };
    Some(Diverging {
        value,
        usual: at(0.5),
        by_chance: (at(0.025), at(0.975)),
        p: (1 + as_far) as f64 / (1 + DEALS) as f64,
    })
}

/// The buckets of a text, fewer of them.
fn coarse(text: &Words) -> Vec<usize> {
    text.buckets.iter().map(|bucket| usize::from(*bucket) % COARSE).collect()
}

fn counted<'t>(texts: impl Iterator<Item = &'t Vec<usize>>) -> Vec<u64> {
    let mut counts = vec![0_u64; COARSE];
    for bucket in texts.flatten() {
        counts[*bucket] += 1;
    }
    counts
}

/// How well now is told from before.
struct Told {
    area: f64,
    interval: (f64, f64),
    p: f64,
}

/// The area under the curve of a classifier that tells the texts of now from those of before, each judged by what was
/// learned from the other half. Equal texts are in one half, so that none is learned by heart.
///
/// The p-value is one-sided: below a half there is nothing to be told apart. The halves are taken to err together, which
/// makes the interval too wide rather than too narrow.
///
/// Source: J. H. Friedman, "On multivariate goodness-of-fit and two-sample testing" (2003); D. Lopez-Paz and M. Oquab,
/// "Revisiting classifier two-sample tests", ICLR (2017).
fn told_apart(before: &[Words], now: &[Words]) -> Option<Told> {
    let half = |texts: &'_ [Words], which: u64| -> Vec<Words> {
        texts.iter().filter(|text| text.text & 1 == which).cloned().collect()
    };
    let halves: Vec<[Vec<Words>; 2]> = (0..2).map(|which| [half(before, which), half(now, which)]).collect();
    let (mut area, mut error, mut null_error, mut weight) = (0.0, 0.0, 0.0, 0.0);
    for (learned, tried) in [(0, 1), (1, 0)] {
        let [was, is] = &halves[tried];
        if was.len().min(is.len()) < FEWEST / 3 {
            return None;
        }
        let bayes = Bayes::learn(&halves[learned]);
        let scores = |texts: &[Words]| texts.iter().map(|text| bayes.score(text)).collect::<Vec<f64>>();
        let found = superiority(&scores(was), &scores(is))?;
        let size = (was.len() + is.len()) as f64;
        area += size * found.area;
        error += size * found.error;
        null_error += size * found.null_error;
        weight += size;
    }
    let (area, error, null_error) = (area / weight, error / weight, null_error / weight);
    let z = two_sided_z(super::CONFIDENCE)?;
    let p = if null_error > 0.0 { 1.0 - normal_cdf((area - 0.5) / null_error) } else { 1.0 };
    Some(Told { area, interval: ((area - z * error).max(0.0), (area + z * error).min(1.0)), p })
}

/// Naive Bayes over the words of texts, each counted once a text, with one added to every count (Laplace).
struct Bayes(Vec<f64>);

impl Bayes {
    fn learn([before, now]: &[Vec<Words>; 2]) -> Self {
        let count = |texts: &[Words]| {
            let mut counts = vec![1.0_f64; BUCKETS];
            texts
                .iter()
                .flat_map(|text| &text.buckets)
                .for_each(|bucket| counts[usize::from(*bucket)] += 1.0);
            counts
        };
        let (before, now) = (count(before), count(now));
        let (n, m): (f64, f64) = (before.iter().sum(), now.iter().sum());
        Self(before.iter().zip(&now).map(|(before, now)| (now / m / (before / n)).ln()).collect())
    }

    /// The mean log-ratio of its words: how much more it is like now than like before, whatever its length.
    fn score(&self, text: &Words) -> f64 {
        let sum: f64 = text.buckets.iter().map(|bucket| self.0[usize::from(*bucket)]).sum();
        sum / text.buckets.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(topics: &[&str], count: usize, from: usize) -> Vec<Words> {
        (from..from + count)
            .map(|n| {
                Words::of(&format!("{} w{}", topics[n % topics.len()], ["a", "b", "c", "d", "e"][n * 7 % 5]))
            })
            .collect()
    }

    const ONE: [&str; 4] = ["where is my order", "when does it come", "is it on the way", "track the parcel"];
    const OTHER: [&str; 2] = ["cancel the subscription", "how do i delete the account"];

    #[test]
    fn other_words_are_far_apart_and_the_same_ones_are_not() {
        let (before, now) = (texts(&ONE, 200, 0), texts(&ONE, 200, 3));
        let same = divergence("request", &before, &now).unwrap();
        assert!(same.p > 0.2, "{}", same.p);
        let apart = divergence("request", &before, &texts(&OTHER, 200, 0)).unwrap();
        assert!((apart.p - 0.001).abs() < 1e-12 && apart.value > apart.by_chance.1 + 0.1, "{}", apart.value);
    }

    #[test]
    fn a_classifier_tells_other_topics_and_not_the_same_ones() {
        let many = |topics: &[&str], salt: &str| -> Vec<Words> {
            (0..400).map(|n| Words::of(&format!("{} {salt}{}", topics[n % topics.len()], name(n)))).collect()
        };
        let (before, now) = (many(&ONE, "x"), many(&ONE, "y"));
        let same = told_apart(&before, &now).unwrap();
        assert!(same.p > 0.01 && same.area < 0.6, "{} {}", same.area, same.p);
        let apart = told_apart(&before, &many(&OTHER, "y")).unwrap();
        assert!(apart.area > 0.95 && apart.p < 1e-6, "{} {}", apart.area, apart.p);
    }

    /// A word of its own for each number.
    fn name(n: usize) -> String {
        n.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
    }
}
