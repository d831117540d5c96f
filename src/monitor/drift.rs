//! Whether what is asked, what is answered and what comes of it changed: each with a test and an interval, all of them
//! corrected together.
//!
//! Answers count as independent of each other. Those of one conversation are not: where the log names conversations, one
//! answer of each is looked at, the one whose hash is least.

mod categories;
mod text;

use super::features::Features;
use super::opinion::{Opinion, Scale};
use super::report::{Aspect, Drift, DriftTest, Effect, Found};
use super::window::{Names, Window};
use crate::judge::Outcome;
use crate::metric::Unit;
use crate::stats::divergence::stability_index;
use crate::stats::multiple::holm;
use crate::stats::percentile::nearest_rank;
use crate::stats::proportions::{difference, shares_differ};
use crate::stats::two_sample::{kolmogorov, superiority};
use std::collections::HashSet;

/// Fewest of each side that a test looks at.
pub const FEWEST: usize = 30;

/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// From this index up a shift is worth looking at, by the usual reading.
const PSI: f64 = 0.1;

/// From this far from even up one of now is above one of before often enough to look at.
const APART: f64 = 0.1;

/// From this change of a share of several up it is worth looking at.
const MOVED: f64 = 0.05;

/// From this far above even up a classifier tells now from before well enough to look at.
const TOLD_APART: f64 = 0.05;

/// From so many bits above what chance gives a divergence is worth looking at.
const BITS: f64 = 0.01;

/// Bins that numbers are put into: the tenths of those before.
const BINS: usize = 10;

/// What drift is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Chance at most that anything is found where nothing has changed.
    pub alpha: f64,
    /// Least change of a share that is worth looking at.
    pub min_effect: f64,
    /// Whether an error in place of an answer counts as a failure.
    pub errors_fail: bool,
}

/// One test before the correction: whether its effect is worth looking at, with the rest.
struct Raw {
    test: DriftTest,
    is_large: bool,
}

/// One of the two sides.
struct Side<'a> {
    window: &'a Window,
    answers: Vec<&'a Features>,
    by_conversation: bool,
}

impl<'a> Side<'a> {
    fn of(window: &'a Window) -> Self {
        let mut seen = HashSet::new();
        let mut by_conversation = false;
        let answers = window
            .features
            .iter()
            .filter(|of| {
                let is_first = of.conversation.is_none_or(|of| seen.insert(of));
                by_conversation |= !is_first;
                is_first
            })
            .collect();
        Self { window, answers, by_conversation }
    }

    fn numbers(&self, of: impl Fn(&Features) -> Option<f64>) -> Vec<f64> {
        let mut numbers: Vec<f64> = self.answers.iter().filter_map(|answer| of(answer)).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        numbers
    }

    /// How many of those of which it can be said, and of how many.
    fn share(&self, of: impl Fn(&Features) -> Option<bool>) -> (u64, u64) {
        self.answers
            .iter()
            .filter_map(|answer| of(answer))
            .fold((0, 0), |(yes, all), is| (yes + u64::from(is), all + 1))
    }
}

/// Tests that are gathered.
struct Tests {
    terms: Terms,
    raw: Vec<Raw>,
    left_out: Vec<(String, String)>,
}

/// Compares what went by before with what goes by now. `scenarios` are their ids; `scales` those of each source in
/// both windows, by name.
pub fn compare(
    against: String,
    (before, now): (&Window, &Window),
    scenarios: &[String],
    scales: impl Fn(&str) -> (Option<Scale>, Option<Scale>),
    terms: Terms,
) -> Drift {
    let (before, now) = (Side::of(before), Side::of(now));
    let mut tests = Tests { terms, raw: Vec::new(), left_out: Vec::new() };
    tests.numbers(Aspect::Inputs, "words of a request", Unit::Count, &before, &now, |of| {
        Some(of.asked.words.into())
    });
    tests.numbers(Aspect::Inputs, "characters of a request", Unit::Count, &before, &now, |of| {
        Some(of.asked.characters.into())
    });
    tests.text(Aspect::Inputs, "request", &before, &now, |of| Some(&of.words_in));
    tests.scenarios(&before, &now, scenarios);
    tests.share(Aspect::Inputs, "requests like no scenario", &before, &now, |of| Some(of.scenario.is_none()));
    tests.numbers(Aspect::Answers, "words of an answer", Unit::Count, &before, &now, |of| {
        Some(of.answered?.words.into())
    });
    tests.numbers(Aspect::Answers, "characters of an answer", Unit::Count, &before, &now, |of| {
        Some(of.answered?.characters.into())
    });
    tests.text(Aspect::Answers, "answer", &before, &now, |of| of.answered.map(|_| &of.words_out));
    tests.names("labels", &before, &now, |of| of.label, |window| &window.labels);
    tests.names("models", &before, &now, |of| of.model, |window| &window.models);
    tests
        .share(Aspect::Answers, "answers that decline", &before, &now, |of| of.answered.map(|_| of.declines));
    tests.numbers(Aspect::Answers, "latency", Unit::Milliseconds, &before, &now, |of| {
        of.latency_ms.map(f64::from)
    });
    tests.numbers(Aspect::Answers, "tokens read", Unit::Count, &before, &now, |of| Some(of.tokens?.0.into()));
    tests.numbers(Aspect::Answers, "tokens written", Unit::Count, &before, &now, |of| {
        Some(of.tokens?.1.into())
    });
    tests.share(Aspect::Outcomes, "errors", &before, &now, |of| Some(of.failed));
    tests.share(Aspect::Outcomes, "answers that pass the checks", &before, &now, |of| match of.outcome? {
        Outcome::Pass => Some(true),
        Outcome::Fail => Some(false),
        Outcome::TargetError => terms.errors_fail.then_some(false),
        _ => None,
    });
    tests.sources(&before, &now, scales);
    let answers = (before.answers.len() as u64, now.answers.len() as u64);
    let by_conversation = before.by_conversation || now.by_conversation;
    tests.finish(against, answers, by_conversation)
}

impl Tests {
    fn finish(self, against: String, answers: (u64, u64), by_conversation: bool) -> Drift {
        let p_values: Vec<f64> = self.raw.iter().map(|raw| raw.test.p).collect();
        let tests = self
            .raw
            .into_iter()
            .zip(holm(&p_values))
            .map(|(Raw { test, is_large }, adjusted)| {
                let found = match adjusted <= self.terms.alpha {
                    true if is_large => Found::Drifted,
                    true => Found::Slight,
                    false => Found::Nothing,
                };
                DriftTest { adjusted, found, ..test }
            })
            .collect();
        let (alpha, left_out) = (self.terms.alpha, self.left_out);
        Drift { against, log: None, answers, by_conversation, alpha, tests, left_out }
    }

    /// Whether there are enough of both; what one side has none of is not told.
    fn are_enough(&mut self, what: &str, n: usize, m: usize) -> bool {
        if n.min(m) >= FEWEST {
            return true;
        }
        if n.max(m) > 0 {
            let why = format!("{n} before and {m} now; at least {FEWEST} of each are needed");
            self.left_out.push((what.to_owned(), why));
        }
        false
    }

    fn numbers(
        &mut self,
        aspect: Aspect,
        what: &str,
        unit: Unit,
        before: &Side<'_>,
        now: &Side<'_>,
        of: impl Fn(&Features) -> Option<f64>,
    ) {
        let (before, now) = (before.numbers(&of), now.numbers(&of));
        if !self.are_enough(what, before.len(), now.len()) {
            return;
        }
        let (Some(test), Some(above)) = (kolmogorov(&before, &now), superiority(&before, &now)) else {
            return;
        };
        let psi = binned(&before, &now);
        let interval = above.interval(CONFIDENCE).unwrap_or((0.0, 1.0));
        let is_large = psi.is_some_and(|psi| psi >= PSI) || (above.area - 0.5).abs() >= APART;
        let values = nearest_rank(&before, 50).zip(nearest_rank(&now, 50));
        self.raw.push(Raw {
            test: DriftTest {
                aspect,
                what: what.to_owned(),
                n: (before.len() as u64, now.len() as u64),
                values,
                unit,
                psi,
                effect: Effect::Superiority { value: above.area, interval },
                test: "Kolmogorov–Smirnov".to_owned(),
                p: test.p,
                adjusted: 1.0,
                found: Found::Nothing,
            },
            is_large,
        });
    }

    fn share(
        &mut self,
        aspect: Aspect,
        what: &str,
        before: &Side<'_>,
        now: &Side<'_>,
        of: impl Fn(&Features) -> Option<bool>,
    ) {
        self.shares(aspect, what, before.share(&of), now.share(&of));
    }

    fn shares(&mut self, aspect: Aspect, what: &str, before: (u64, u64), now: (u64, u64)) {
        let places = |(x, n): (u64, u64)| (usize::try_from(x).unwrap_or(0), usize::try_from(n).unwrap_or(0));
        let (x, y) = (places(before), places(now));
        if !self.are_enough(what, x.1, y.1) {
            return;
        }
        let (Some(p), Some(interval)) = (shares_differ(before, now), difference(x, y, CONFIDENCE)) else {
            return;
        };
        let (was, is) = (before.0 as f64 / before.1 as f64, now.0 as f64 / now.1 as f64);
        let is_large = (is - was).abs() >= self.terms.min_effect;
        self.raw.push(Raw {
            test: DriftTest {
                aspect,
                what: what.to_owned(),
                n: (before.1, now.1),
                values: Some((was, is)),
                unit: Unit::Share,
                psi: None,
                effect: Effect::Difference { value: is - was, interval },
                test: "two shares".to_owned(),
                p,
                adjusted: 1.0,
                found: Found::Nothing,
            },
            is_large,
        });
    }

    fn scenarios(&mut self, before: &Side<'_>, now: &Side<'_>, ids: &[String]) {
        let counts = |side: &Side<'_>| {
            let mut counts = vec![0; ids.len()];
            side.answers.iter().filter_map(|of| of.scenario).for_each(|at| counts[usize::from(at)] += 1);
            counts
        };
        self.categories(Aspect::Inputs, "scenarios", ids, &counts(before), &counts(now));
    }

    /// Compares by names that each window has numbers of its own for.
    fn names(
        &mut self,
        what: &str,
        before: &Side<'_>,
        now: &Side<'_>,
        number: impl Fn(&Features) -> Option<u16>,
        names: impl Fn(&Window) -> &Names,
    ) {
        let mut all: Vec<String> =
            [before, now].iter().flat_map(|side| names(side.window).names.clone()).collect();
        all.sort_unstable();
        all.dedup();
        let counts = |side: &Side<'_>| {
            let places: Vec<usize> = names(side.window)
                .names
                .iter()
                .map(|name| all.binary_search(name).unwrap_or_default())
                .collect();
            let mut counts = vec![0; all.len()];
            side.answers
                .iter()
                .filter_map(|of| number(of))
                .for_each(|at| counts[places[usize::from(at)]] += 1);
            counts
        };
        let (before, now) = (counts(before), counts(now));
        self.categories(Aspect::Answers, what, &all, &before, &now);
    }

    /// Compares what users and people say, source by source.
    fn sources(
        &mut self,
        before: &Side<'_>,
        now: &Side<'_>,
        scales: impl Fn(&str) -> (Option<Scale>, Option<Scale>),
    ) {
        let place = |window: &Window, name: &str| {
            window.sources.iter().position(|of| of.name == name).and_then(|at| u8::try_from(at).ok())
        };
        let count = |side: &Side<'_>, name: &str, scale: Option<Scale>| {
            let at = place(side.window, name)?;
            Some(side.share(|of| {
                let (_, said) = of.said.iter().find(|(source, _)| *source == at)?;
                match said.on(scale?)? {
                    Opinion::Good => Some(true),
                    Opinion::Bad => Some(false),
                    Opinion::Neither => None,
                }
            }))
        };
        let mut names: Vec<&str> = now.window.sources.iter().map(|of| of.name.as_str()).collect();
        names.sort_unstable();
        for name in names {
            let (was, is) = scales(name);
            let what = format!("answers that `{name}` calls good");
            let counts = count(before, name, was).zip(count(now, name, is));
            match counts {
                // Numbers on two scales are two things.
                Some(_) if was != is => {
                    self.left_out.push((what, "its numbers are on another scale than before".to_owned()));
                }
                Some((before, now)) => self.shares(Aspect::Outcomes, &what, before, now),
                None => {}
            }
        }
    }
}

/// The index of two samples, sorted, over the tenths of the first.
fn binned(before: &[f64], now: &[f64]) -> Option<f64> {
    let mut edges: Vec<f64> = (1..BINS).map(|tenth| before[tenth * before.len() / BINS]).collect();
    edges.dedup();
    let counts = |sample: &[f64]| {
        let mut counts = vec![0_u64; edges.len() + 1];
        for value in sample {
            counts[edges.partition_point(|edge| edge <= value)] += 1;
        }
        counts
    };
    stability_index(&counts(before), &counts(now))
}

#[cfg(test)]
mod tests {
    use super::binned;

    #[test]
    fn bins_are_the_tenths_of_what_was_before() {
        let before: Vec<f64> = (0..1000).map(f64::from).collect();
        assert!(binned(&before, &before).unwrap().abs() < 1e-12);
        // Everything in the last tenth: nine bins of ½ and one of 1000½ against ten of 100½, over 1005.
        let now = vec![950.0; 1000];
        let (p, low, high) = (100.5_f64 / 1005.0, 0.5_f64 / 1005.0, 1000.5_f64 / 1005.0);
        let by_hand = 9.0 * (low - p) * (low / p).ln() + (high - p) * (high / p).ln();
        assert!((binned(&before, &now).unwrap() - by_hand).abs() < 1e-9);
        assert_eq!(
            binned(&[1.0; 50], &[1.0; 50]).map(|psi| psi.abs() < 1e-12),
            Some(true),
            "one value, two bins"
        );
    }
}
