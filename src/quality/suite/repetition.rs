//! How much of the texts is copied from one to another.
//!
//! A small relative of LZ77 over words: each text, in the order of the suite, is written as runs of words
//! that the text of an earlier family has too, and as single words otherwise. The share of words in such
//! runs is what repeats; words over pieces is how far it could be compressed. Among ever more texts ever
//! more runs have been said before, so it is taken within blocks of about a hundred families.

use super::figure::{Figure, Offender, Part, percent, quoted};
use super::words::words;
use super::{Item, Material};
use crate::expand::FamilyId;
use crate::expand::similar::mixed;
use std::collections::HashMap;

/// Words of the shortest run that counts: shorter ones are how people speak.
const RUN: usize = 4;
/// Families in a block.
const BLOCK: usize = 100;

pub(super) fn figure(material: &Material) -> Figure {
    let figure = Figure::new(
        "repetitiveness",
        "full when no run of four words occurs in two families out of a hundred; the share of words outside such \
         runs, from the second time on",
        "Reword the cases named: an application that knows the phrase passes them all.",
    );
    let blocks = blocks(material);
    let mut first: HashMap<(usize, u64), FamilyId> = HashMap::new();
    let (mut all, mut copied, mut pieces) = (0, 0, 0);
    let mut worst: Vec<(f64, &Item)> = Vec::new();
    for item in &material.items {
        let words = words(&item.text);
        let mut is_copied = vec![false; words.len()];
        for (at, run) in words.windows(RUN).enumerate() {
            if *first.entry((blocks[&item.family], key(run))).or_insert(item.family) != item.family {
                is_copied[at..at + RUN].fill(true);
            }
        }
        let here = is_copied.iter().filter(|copied| **copied).count();
        // A run of copied words is one piece.
        let inside = is_copied.windows(2).filter(|pair| pair[0] && pair[1]).count();
        pieces += words.len() - inside;
        all += words.len();
        copied += here;
        if here > 0 {
            worst.push((here as f64 / words.len() as f64, item));
        }
    }
    if all == 0 {
        return figure.without("the texts have no words");
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    let offenders = worst
        .into_iter()
        .map(|(share, item)| {
            Offender::case(
                item.id,
                format!(
                    "{} of its words stand word for word in earlier cases: {}",
                    percent(share),
                    quoted(&item.text)
                ),
            )
        })
        .collect();
    let new = 1.0 - copied as f64 / all as f64;
    let parts = vec![
        Part::share("words not copied", new, format!("{} of {all}", all - copied)),
        Part::note(
            "compression ratio",
            format!("{:.2} (1 where nothing repeats)", all as f64 / pieces as f64),
        ),
    ];
    figure.with(100.0 * new, parts, offenders)
}

/// The block of each family, chosen by what it is and not by where it stands.
fn blocks(material: &Material) -> HashMap<FamilyId, usize> {
    let mut families: Vec<FamilyId> = material.items.iter().map(|item| item.family).collect();
    families.sort_unstable_by_key(|family| mixed(family.as_u64()));
    families.dedup();
    let blocks = (families.len() / BLOCK).max(1);
    let size = families.len().div_ceil(blocks).max(1);
    families.into_iter().enumerate().map(|(at, family)| (family, at / size)).collect()
}

/// A run of words as a number; different runs share one by a chance of about 1 in 2^64.
fn key(run: &[String]) -> u64 {
    run.iter().fold(0, |sum, word| {
        let word = word.bytes().fold(mixed(word.len() as u64), |sum, byte| mixed(sum ^ u64::from(byte)));
        mixed(sum ^ word)
    })
}
