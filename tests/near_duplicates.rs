//! Near duplicates: every one found, none invented, in a list and in a stream, on corpora that make the
//! search hard, against a comparison of all pairs that shares no code with it.

use holdline::expand::similar::{Index, earlier_neighbours, earlier_neighbours_if, jaccard};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Grams by the definition.
fn grams(text: &str) -> BTreeSet<String> {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let letters: Vec<char> = folded.chars().collect();
    if letters.len() < 5 {
        return BTreeSet::from([folded]);
    }
    letters.windows(5).map(|five| five.iter().collect()).collect()
}

/// Jaccard similarity by the definition.
fn similarity(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let shared = a.intersection(b).count();
    shared as f64 / (a.len() + b.len() - shared) as f64
}

/// Compares what is found at each threshold with a comparison of all pairs.
fn assert_exact(texts: &[&str], thresholds: &[f64]) {
    let sets: Vec<BTreeSet<String>> = texts.iter().map(|text| grams(text)).collect();
    let found: Vec<_> = thresholds.iter().map(|of| earlier_neighbours(texts, *of, 2)).collect();
    for at in 0..texts.len() {
        let all: Vec<f64> = sets[..at].iter().map(|before| similarity(&sets[at], before)).collect();
        for (found, &threshold) in found.iter().zip(thresholds) {
            assert_eq!(found.len(), texts.len());
            let has = all.iter().any(|similarity| *similarity >= threshold);
            assert_eq!(found[at].is_some(), has, "{threshold}: {:?}", texts[at]);
            if let Some(of) = found[at] {
                assert!(of.jaccard >= threshold && (of.jaccard - all[of.index]).abs() < 1e-12);
            }
        }
    }
}

/// Sentences of one template.
fn siblings(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let (room, hour, code) = (n * 7919 % 37 + 100, n * 104_729 % 8, n * n * 31 % 9973);
            format!("please book meeting room {room} for the design team at {hour} o'clock, reference {code}")
        })
        .collect()
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

#[test]
fn nothing_is_missed_where_all_texts_come_from_one_template() {
    let texts = siblings(450);
    let texts = borrowed(&texts);
    assert_exact(&texts, &[0.7, 0.8, 0.9, 1.0]);
    let found = earlier_neighbours(&texts, 0.8, 1).into_iter().flatten().count();
    assert!((100..450).contains(&found), "{found}: the corpus has both kinds");
}

#[test]
fn a_pair_at_the_threshold_is_found_and_one_below_it_is_not() {
    // 4 grams of which all are among the 5 of the other: 0.8 exactly.
    assert_exact(&["abcdefgh", "abcdefghi"], &[0.8]);
    let found = earlier_neighbours(&["abcdefgh", "abcdefghi"], 0.8, 1);
    assert_eq!(found[1].map(|of| (of.index, of.jaccard)), Some((0, 0.8)));
    // 3 of 4: 0.75.
    assert_eq!(earlier_neighbours(&["abcdefg", "abcdefgh"], 0.8, 1), [None, None]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let texts = siblings(2000);
    let texts = borrowed(&texts);
    let one = earlier_neighbours(&texts, 0.8, 1);
    for threads in [0, 2, 3, 16] {
        assert_eq!(earlier_neighbours(&texts, 0.8, threads), one, "{threads} threads");
    }
}

#[test]
fn empty_and_short_texts_are_near_only_to_their_equals() {
    let texts = ["", "a", "  ", "A", "ab", "no", "No", "日本", "日本", "ABCDE", "abcde"];
    assert_exact(&texts, &[0.8]);
    let found: Vec<usize> =
        earlier_neighbours(&texts, 0.8, 1).iter().map(|of| of.map_or(99, |of| of.index)).collect();
    assert_eq!(found, [99, 99, 0, 1, 99, 99, 5, 99, 7, 99, 9]);
    assert_eq!(earlier_neighbours(&[], 0.8, 4), []);
}

#[test]
fn neighbours_can_be_looked_for_outside_a_family() {
    let texts = ["book a room for two people", "book a room for two people.", "Book a room for two people"];
    let family = [1, 1, 2];
    let found = earlier_neighbours_if(&texts, 0.8, 1, |a, b| family[a] != family[b]);
    assert_eq!(found[1], None, "its own family");
    assert!(found[2].is_some());
}

#[test]
fn a_stream_keeps_what_is_far_from_everything_kept() {
    // Each has one gram less than the one before it.
    let text = "abcdefghijklmnopqrstuvwxyz0123456789";
    let steps: Vec<&str> = (0..17).map(|cut| &text[..text.len() - cut]).collect();
    let mut index = Index::new(0.8);
    let mut kept: Vec<&str> = Vec::new();
    for step in &steps {
        match index.insert_or_find(step) {
            Some(of) => assert!((jaccard(step, kept[of.index]) - of.jaccard).abs() < 1e-12),
            None => kept.push(step),
        }
    }
    // 32 grams: 26 are 0.81 of them and 25 are 0.78. Of 25, 20 are 0.8 and 19 are 0.76. Of 19, 16 are 0.84.
    assert_eq!(kept, [steps[0], steps[7], steps[13]]);
    assert_eq!((index.len(), index.is_empty()), (3, false));
    // In a list every one of them but the first has a neighbour.
    assert_eq!(earlier_neighbours(&steps, 0.8, 1).iter().flatten().count(), 16);
}

#[test]
fn a_stream_is_as_exact_as_a_list_among_what_was_kept() {
    let texts = siblings(1000);
    let mut index = Index::new(0.8);
    let mut kept: Vec<BTreeSet<String>> = Vec::new();
    for text in &texts {
        let set = grams(text);
        if let Some(of) = index.insert_or_find(text) {
            assert!(of.jaccard >= 0.8 && (of.jaccard - similarity(&set, &kept[of.index])).abs() < 1e-12);
        } else {
            assert!(kept.iter().all(|before| similarity(&set, before) < 0.8), "{text}");
            kept.push(set);
        }
    }
    assert!((130..1000).contains(&kept.len()), "{}: the order is learned twice at least", kept.len());
}

proptest! {
    #[test]
    fn any_texts_are_compared_exactly(
        texts in proptest::collection::vec("[abAB é日]{0,12}", 0..40),
        threshold in 0.05_f64..1.0,
    ) {
        assert_exact(&borrowed(&texts), &[threshold]);
    }
}
