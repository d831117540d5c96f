//! Requests unlike any scenario, grouped: what production asks that the suite does not know.

use super::propose::{Proposed, id_of, scenario};
use super::report::{Group, Share, Unlike};
use super::window::Request;
use crate::distil::cluster::{CUT, cluster};
use crate::expand::similar::normalised;
use std::collections::{BTreeMap, BTreeSet};

/// Groups that are shown.
const MOST_GROUPS: usize = 20;

/// Examples of a group.
const EXAMPLES: usize = 5;

/// Words that stand for a group.
const TERMS: usize = 4;

/// Groups requests, of which `answers` of `all` answers are; the texts are scrubbed. Beside the groups the requests of
/// those that are shown, as they are proposed.
pub fn group(mut requests: Vec<Request>, answers: u64, all: u64) -> (Unlike, Vec<Proposed>) {
    // The most frequent first.
    requests.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.text.cmp(&b.text)));
    let grouped_answers = requests.iter().map(|of| of.times).sum();
    let words: Vec<BTreeSet<String>> = requests.iter().map(|of| words(&of.text)).collect();
    let mut in_all: BTreeMap<&str, usize> = BTreeMap::new();
    words.iter().flatten().for_each(|word| *in_all.entry(word).or_default() += 1);
    let mut members = clusters(&requests);
    let times = |of: &[usize]| of.iter().map(|at| requests[*at].times).sum::<u64>();
    members.sort_by_key(|of| (std::cmp::Reverse(times(of)), of[0]));
    let (alone, together): (Vec<_>, Vec<_>) = members.into_iter().partition(|of| times(of) == 1);
    let shown = &together[..together.len().min(MOST_GROUPS)];
    let (mut groups, mut proposed, mut ids) = (Vec::new(), Vec::<Proposed>::new(), BTreeSet::new());
    for of in shown {
        let (id, group) = summed_up(of, &requests, &words, (&in_all, &mut ids));
        groups.push(group);
        proposed
            .push(Proposed { scenario: id, requests: of.iter().map(|at| requests[*at].clone()).collect() });
    }
    let unlike = Unlike {
        share: Share::of(answers, all),
        grouped: requests.len() as u64,
        grouped_answers,
        alone: alone.len() as u64,
        more: (together.len() - groups.len()) as u64,
        groups,
    };
    (unlike, proposed)
}

/// The requests of each group, the most central one first, then as they come.
fn clusters(requests: &[Request]) -> Vec<Vec<usize>> {
    let texts: Vec<&str> = requests.iter().map(|of| of.text.as_str()).collect();
    let found = cluster(&texts, CUT);
    let mut groups: Vec<Vec<usize>> = found.medoids.iter().map(|centre| vec![*centre]).collect();
    for (at, group) in found.of.iter().enumerate() {
        if groups[*group][0] != at {
            groups[*group].push(at);
        }
    }
    groups
}

fn summed_up(
    of: &[usize],
    requests: &[Request],
    words: &[BTreeSet<String>],
    (in_all, ids): (&BTreeMap<&str, usize>, &mut BTreeSet<String>),
) -> (String, Group) {
    let mut inside: BTreeMap<&str, usize> = BTreeMap::new();
    of.iter().flat_map(|at| &words[*at]).for_each(|word| *inside.entry(word).or_default() += 1);
    // What most of them say and the others do not.
    let telling = |word: &str, count: usize| {
        let (here, everywhere) =
            (count as f64 / of.len() as f64, in_all[word] as f64 / requests.len() as f64);
        here * (1.0 + (here / everywhere).ln())
    };
    let mut terms: Vec<(&str, usize)> =
        inside.into_iter().filter(|(_, count)| count * 2 > of.len()).collect();
    terms.sort_by(|a, b| telling(b.0, b.1).total_cmp(&telling(a.0, a.1)).then_with(|| a.0.cmp(b.0)));
    let terms: Vec<String> = terms.into_iter().take(TERMS).map(|(word, _)| word.to_owned()).collect();
    let examples: Vec<String> = of.iter().take(EXAMPLES).map(|at| requests[*at].text.clone()).collect();
    let mut labels: BTreeMap<&str, u64> = BTreeMap::new();
    for (label, times) in of.iter().flat_map(|at| &requests[*at].labels) {
        *labels.entry(label).or_default() += times;
    }
    let labelled = labels.values().sum();
    // The first by name of those that are as frequent.
    let label = labels.into_iter().rev().max_by_key(|(_, times)| *times);
    let label = label.map(|(label, times)| (label.to_owned(), times, labelled));
    let id = id_of(&terms);
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    let id = std::iter::once(id.clone()).chain(numbered).find(|id| !ids.contains(id)).unwrap_or(id);
    ids.insert(id.clone());
    let group = Group {
        answers: of.iter().map(|at| requests[*at].times).sum(),
        different: of.len() as u64,
        toml: scenario(&id, &terms, &examples),
        terms,
        examples,
        label,
        line: requests[of[0]].line,
    };
    (id, group)
}

/// The words of a text that may stand for it: none that are in every text.
fn words(text: &str) -> BTreeSet<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_telling = |word: &String| {
        word.chars().count() > 2 && word.chars().any(char::is_alphabetic) && !COMMON.contains(&word.as_str())
    };
    normalised(text)
        .split(' ')
        .filter(|word| !word.contains("[redacted:"))
        .map(bare)
        .filter(is_telling)
        .collect()
}

/// Words of English that stand for nothing.
const COMMON: [&str; 52] = [
    "the", "and", "for", "are", "but", "not", "you", "your", "all", "any", "can", "could", "had", "has",
    "have", "her", "his", "how", "its", "let", "may", "our", "out", "she", "that", "them", "then", "there",
    "these", "they", "this", "was", "were", "what", "when", "where", "which", "who", "why", "will", "with",
    "would", "please", "does", "did", "from", "into", "just", "want", "need", "about", "get",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str, times: u64, label: &str) -> Request {
        Request { text: text.to_owned(), times, labels: [(label.to_owned(), times)].into(), line: times }
    }

    #[test]
    fn requests_that_are_alike_are_one_group_the_largest_first() {
        let requests = vec![
            request("please cancel my subscription now", 2, "other"),
            request("play some jazz", 1, "other"),
            request("cancel my subscription", 5, "account"),
            request("cancel my subscription today", 1, "other"),
            request("which wine goes with fish", 3, "other"),
        ];
        let (unlike, proposed) = group(requests, 12, 40);
        let of = |at: usize| (unlike.groups[at].answers, unlike.groups[at].different);
        assert_eq!((unlike.groups.len(), of(0), of(1), unlike.alone), (2, (8, 3), (3, 1), 1));
        assert_eq!(unlike.groups[0].examples[0], "cancel my subscription");
        assert_eq!(unlike.groups[0].terms[..2], ["cancel", "subscription"]);
        assert_eq!(unlike.groups[0].label, Some(("account".to_owned(), 5, 8)));
        assert_eq!((unlike.grouped, unlike.grouped_answers), (5, 12));
        assert_eq!(proposed[0].scenario, "production-cancel-subscription");
        assert_eq!(proposed[0].requests.len(), 3);
    }
}
