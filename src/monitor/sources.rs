//! Sources of verdicts beside each other: checks, users, people, judges; each with its own share, and how far two agree.

use super::judged::is_asked;
use super::opinion::{Opinion, Said, Scale};
use super::report::{Agreement, Share, SourceSeen};
use super::window::{Sampled, Source, Window};
use crate::judge::{Outcome, Verdict};
use crate::stats::agreement::cohen_kappa;
use std::collections::{BTreeMap, BTreeSet};

/// The scale of the numbers of a source.
pub fn scale(source: &Source, wished: Option<Scale>) -> Option<Scale> {
    match source.numbers {
        None => Some(Scale::THUMB),
        Some((least, largest)) => wished.or_else(|| Scale::of(least, largest)),
    }
}

/// What each source said.
pub fn sources(now: &Window, scales: &dyn Fn(&str) -> Option<Scale>) -> Vec<SourceSeen> {
    let mut seen: Vec<SourceSeen> = now
        .sources
        .iter()
        .enumerate()
        .map(|(at, source)| {
            let scale = scales(&source.name);
            let (mut good, mut bad, mut neither, mut unread) = (0, 0, 0, 0);
            let said =
                now.features.iter().flat_map(|of| of.said.iter().filter(|(of, _)| usize::from(*of) == at));
            for (_, said) in said {
                match opinion(*said, scale) {
                    Some(Opinion::Good) => good += 1,
                    Some(Opinion::Bad) => bad += 1,
                    Some(Opinion::Neither) => neither += 1,
                    None => unread += 1,
                }
            }
            SourceSeen {
                name: source.name.clone(),
                said: source.said,
                good: Share::of(good, good + bad),
                neither,
                unread,
                scale: source.numbers.and(scale).map(|scale| (scale.low, scale.high)),
            }
        })
        .collect();
    seen.sort_by(|a, b| a.name.cmp(&b.name));
    seen
}

/// What somebody said, where it can be told; words need no scale.
fn opinion(said: Said, scale: Option<Scale>) -> Option<Opinion> {
    match (said, scale) {
        (Said::Number(_), None) => None,
        (said, scale) => said.on(scale.unwrap_or(Scale::THUMB)),
    }
}

/// How far each two sources agree: checks, what users and people said, and judges on the sample.
pub fn agreement(
    now: &Window,
    (sample, verdicts): (&[Sampled], &[Vec<Verdict>]),
    scales: &dyn Fn(&str) -> Option<Scale>,
) -> Vec<Agreement> {
    let mut pairs: BTreeMap<(String, String), [u64; 4]> = BTreeMap::new();
    let mut count = |said: &BTreeMap<&str, bool>, is_counted: &dyn Fn(&str, &str) -> bool| {
        for (one, a) in said {
            for (other, b) in said.range(*one..).skip(1) {
                if is_counted(one, other) {
                    let place = usize::from(!a) * 2 + usize::from(!b);
                    pairs.entry(((*one).to_owned(), (*other).to_owned())).or_default()[place] += 1;
                }
            }
        }
    };
    let scale: Vec<Option<Scale>> = now.sources.iter().map(|of| scales(&of.name)).collect();
    let good = |said: Said, scale: Option<Scale>| match opinion(said, scale)? {
        Opinion::Good => Some(true),
        Opinion::Bad => Some(false),
        Opinion::Neither => None,
    };
    for of in now.features.iter() {
        let mut said: BTreeMap<&str, bool> = BTreeMap::new();
        match of.outcome {
            Some(Outcome::Pass) => drop(said.insert("checks", true)),
            Some(Outcome::Fail) => drop(said.insert("checks", false)),
            _ => {}
        }
        for (source, opinion) in &of.said {
            let at = usize::from(*source);
            said.extend(good(*opinion, scale[at]).map(|good| (now.sources[at].name.as_str(), good)));
        }
        count(&said, &|_, _| true);
    }
    for (sampled, verdicts) in sample.iter().zip(verdicts) {
        let mut said: BTreeMap<&str, bool> = BTreeMap::new();
        let mut judges: BTreeSet<&str> = BTreeSet::new();
        for verdict in verdicts.iter().filter(|of| is_asked(of) && of.outcome.is_graded()) {
            judges.insert(&verdict.judge);
            said.insert(&verdict.judge, verdict.outcome == Outcome::Pass);
        }
        for (source, opinion) in &sampled.logged.said {
            let known = now.sources.iter().position(|of| of.name == *source);
            let Some(known) = known.filter(|_| !judges.contains(source.as_str())) else { continue };
            said.extend(good(*opinion, scale[known]).map(|good| (source.as_str(), good)));
        }
        // Those without a judge are counted of all answers already.
        count(&said, &|one, other| judges.contains(one) || judges.contains(other));
    }
    let counted = |((one, other), counts): ((String, String), [u64; 4])| {
        let [both, first, second, neither] = counts;
        let row = |a, b| vec![usize::try_from(a).unwrap_or(0), usize::try_from(b).unwrap_or(0)];
        let kappa = cohen_kappa(&[row(both, first), row(second, neither)]);
        let agree = Share::of(both + neither, both + first + second + neither);
        Agreement { one, other, counts, agree, kappa }
    };
    pairs.into_iter().map(counted).collect()
}
