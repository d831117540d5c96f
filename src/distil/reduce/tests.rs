//! Reduction against predicates without an application.

use super::*;
use crate::expand::edit::Edit;
use crate::expand::stream::Stream;
use std::collections::BTreeSet;
use std::convert::Infallible;

/// Runs the algorithm over a predicate on lists of parts; gives what is left and how many lists were asked about.
fn reduced(parts: usize, fails: impl Fn(&[usize]) -> bool) -> (Reduced, usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut asked: BTreeSet<Vec<usize>> = BTreeSet::new();
    let outcome = runtime.block_on(ddmin(parts, async |lists: &[Vec<usize>]| {
        for list in lists {
            assert!(asked.insert(list.clone()), "{list:?} is asked about twice");
        }
        let seen = |list: &Vec<usize>| if fails(list) { Seen::Fails } else { Seen::Passes };
        Ok::<_, Infallible>(lists.iter().map(seen).collect())
    }));
    let Ok(outcome) = outcome;
    (outcome, asked.len())
}

/// A predicate that is true of all parts and otherwise whatever the stream says of each list: neither monotone
/// nor kind.
fn unkind(parts: usize, seed: u64, share: f64) -> impl Fn(&[usize]) -> bool {
    move |list: &[usize]| {
        let bytes: Vec<u8> = list.iter().flat_map(|part| part.to_be_bytes()).collect();
        list.len() == parts || Stream::new(&[b"unkind", &seed.to_be_bytes(), &bytes]).chance(share)
    }
}

#[test]
fn whatever_fails_ends_one_minimal() {
    for seed in 0..600_u64 {
        let parts = 1 + (seed % 17) as usize;
        let share = [0.0, 0.02, 0.1, 0.3, 0.9][(seed % 5) as usize];
        let fails = unkind(parts, seed, share);
        let (left, asked) = reduced(parts, &fails);
        assert!(left.is_minimal);
        assert!(fails(&left.kept), "{seed}: {left:?}");
        for gone in 0..left.kept.len() {
            let mut without = left.kept.clone();
            without.remove(gone);
            assert!(!fails(&without), "{seed}: {left:?} fails without {gone} as well");
        }
        assert!(asked <= parts * parts + 3 * parts, "{asked} lists for {parts} parts");
    }
}

#[test]
fn what_is_needed_together_is_found_together() {
    for (parts, needed) in
        [(8, vec![0, 2, 5]), (1, vec![0]), (40, vec![39]), (12, (0..12).collect()), (5, vec![])]
    {
        let (left, _) = reduced(parts, |list| needed.iter().all(|part| list.contains(part)));
        assert_eq!(left, Reduced { kept: needed, is_minimal: true });
    }
}

#[test]
fn one_part_to_blame_is_found_in_few_questions() {
    let (left, asked) = reduced(128, |list| list.contains(&77));
    assert_eq!(left.kept, [77]);
    // Seven halvings of two lists each, and nothing at all at the end.
    assert!(asked <= 16, "{asked}");
}

#[test]
fn where_nothing_more_may_be_asked_nothing_is_called_minimal() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut left = 3_usize;
    let outcome = runtime.block_on(ddmin(16, async |lists: &[Vec<usize>]| {
        let seen = lists.iter().map(|list| {
            if left == 0 {
                return Seen::Unasked;
            }
            left -= 1;
            if list.contains(&3) { Seen::Fails } else { Seen::Passes }
        });
        Ok::<_, Infallible>(seen.collect())
    }));
    let Ok(outcome) = outcome;
    assert!(!outcome.is_minimal);
    assert!(outcome.kept.contains(&3) && outcome.kept.len() < 16, "{outcome:?}");
}

fn change(from: Range<usize>, with: &str) -> Change {
    Change { from, with: with.to_owned() }
}

/// "refund my order" → "refund my ordr" → "pls refund my ordr!" → "pls refund MY ordr!"
fn recipe() -> Recipe {
    let step = |op: &str, changes: Vec<Change>| Step { op: op.into(), changes, is_whole: false };
    Recipe {
        seed: "refund my order".into(),
        steps: vec![
            step("dropped_letter", vec![change(13..14, "")]),
            step("filler", vec![change(0..0, "pls "), change(14..14, "!")]),
            step("case", vec![change(11..13, "MY")]),
        ],
    }
}

#[test]
fn all_parts_make_the_variant_and_none_the_seed() {
    let recipe = recipe();
    let all = recipe.parts(&[0, 1, 2]);
    assert_eq!(all.len(), 4);
    assert_eq!(recipe.text(&all), "pls refund MY ordr!");
    assert_eq!(recipe.text(&[]), "refund my order");
}

#[test]
fn a_part_lands_where_it_belongs_without_the_others() {
    let recipe = recipe();
    let part = |step, number| Part { step, change: Some(number) };
    assert_eq!(recipe.text(&[part(2, 0)]), "refund MY order");
    assert_eq!(recipe.text(&[part(1, 1)]), "refund my order!");
    assert_eq!(recipe.text(&[part(0, 0), part(2, 0)]), "refund MY ordr");
    assert_eq!(recipe.text(&[Part { step: 1, change: None }]), "pls refund my order!");
}

#[test]
fn a_change_of_what_was_left_out_takes_its_place() {
    // "a b" → "a bee" → "a BEE": without the first step the second still replaces what stood there.
    let step = |op: &str, changes: Vec<Change>| Step { op: op.into(), changes, is_whole: false };
    let recipe = Recipe {
        seed: "a b".into(),
        steps: vec![step("x", vec![change(3..3, "ee")]), step("y", vec![change(2..5, "BEE")])],
    };
    assert_eq!(recipe.text(&recipe.parts(&[0, 1])), "a BEE");
    assert_eq!(recipe.text(&recipe.parts(&[1])), "a BEE");
    assert_eq!(recipe.text(&recipe.parts(&[0])), "a bee");
}

#[test]
fn a_whole_change_is_taken_apart_into_words() {
    let before = "please send the new report to Ana";
    let whole = change(0..before.len(), "send the NEW report over to Ana now");
    let parts = by_words(before, &whole);
    let wanted =
        [change(0..7, ""), change(16..20, "NEW "), change(27..27, "over "), change(30..33, "Ana now")];
    assert_eq!(parts, wanted);
    // They make the same of it.
    let recipe =
        Recipe { seed: before.into(), steps: vec![Step { op: "x".into(), changes: parts, is_whole: false }] };
    assert_eq!(recipe.text(&recipe.parts(&[0])), whole.with);
    // What is one word already stays as it is.
    assert_eq!(by_words("one two", &change(0..3, "oen")), [change(0..3, "oen")]);
}

/// Of random edits, step by step, all parts make the last text and none the first.
#[test]
fn parts_of_random_edits_go_together_again() {
    let mut stream = Stream::new(&[b"random edits"]);
    let letters: Vec<char> = "abc é日 xyz".chars().collect();
    for _ in 0..300 {
        let seed: String = (0..12).map(|_| letters[stream.index(letters.len())]).collect();
        let (mut text, mut steps) = (seed.clone(), Vec::new());
        for step in 0..3 {
            let mut rewrite = crate::expand::edit::Rewrite::new(&text);
            let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let mut cuts: Vec<usize> = (0..4).map(|_| bounds[stream.index(bounds.len())]).collect();
            cuts.sort_unstable();
            for two in cuts.chunks(2) {
                rewrite.replace(two[0]..two[1], ["", "Q", "QQé"][stream.index(3)]);
            }
            let Some((next, edits)) = rewrite.finish() else { continue };
            let changes =
                edits.iter().map(|Edit { from, to }| change(from.clone(), &next[to.clone()])).collect();
            steps.push(Step { op: format!("op{step}"), changes, is_whole: false });
            text = next;
        }
        let recipe = Recipe { seed: seed.clone(), steps };
        let all: Vec<usize> = (0..recipe.steps.len()).collect();
        assert_eq!(recipe.text(&recipe.parts(&all)), text);
        assert_eq!(recipe.text(&[]), seed);
    }
}
