//! The words that tell a passage from the others of its folder: many times in it, in few of the others.

use super::prose::plain;
use std::collections::{BTreeMap, HashMap};
use unicode_segmentation::UnicodeSegmentation;

/// Keywords of a passage.
const COUNT: usize = 5;
/// Binary digits behind the point of a logarithm.
const DIGITS: u32 = 24;

/// Words that say nothing of what a text is about. In a folder of few passages their rarity does not show.
const STOP: &str = " about above after again all also and another any are because been before being below between both but \
    can could did does doing down during each every few for from further had has have having her here hers him his how \
    into its itself just may might more most must not now off once one only other our out over own same shall she \
    should some such than that the their them then there these they this those through too under until upon use \
    used uses using very was were what when where which while who whom why will with within without would you \
    your ";

/// The keywords of each passage, the most telling first.
pub(super) fn keywords(passages: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let counted: Vec<BTreeMap<String, (u64, usize)>> = passages.map(|passage| count(&passage)).collect();
    let mut having: HashMap<&str, u64> = HashMap::new();
    for words in &counted {
        for word in words.keys() {
            *having.entry(word).or_default() += 1;
        }
    }
    let all = counted.len() as u64;
    let telling = |words: &BTreeMap<String, (u64, usize)>| {
        let mut ranked: Vec<(u64, usize, &String)> = words
            .iter()
            .map(|(word, (count, first))| {
                // One more than there are, so that a folder of one passage has keywords too.
                let rarity = log2(all + 1, having.get(word.as_str()).copied().unwrap_or(1));
                (count * rarity, *first, word)
            })
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.into_iter().take(COUNT).map(|(_, _, word)| word.clone()).collect()
    };
    counted.iter().map(telling).collect()
}

/// How often each word occurs, and where first.
fn count(text: &str) -> BTreeMap<String, (u64, usize)> {
    let mut words: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    for (at, word) in plain(text).unicode_words().enumerate() {
        let word = word.to_lowercase();
        let telling = word.chars().count() >= 3 && word.starts_with(char::is_alphabetic);
        if telling && !STOP.contains(&format!(" {word} ")) {
            words.entry(word).or_insert((0, at)).0 += 1;
        }
    }
    words
}

/// The logarithm to base 2 of a ratio above 1, with [`DIGITS`] binary digits behind the point, by whole
/// numbers alone: the same on every machine.
fn log2(above: u64, below: u64) -> u64 {
    let below = below.max(1);
    let whole = (above / below).max(1).ilog2();
    // The ratio over its power of two, from 1 up to 2, with 32 digits behind the point.
    let mut rest = (u128::from(above) << 32) / (u128::from(below) << whole);
    let mut log = u64::from(whole);
    for _ in 0..DIGITS {
        rest = (rest * rest) >> 32;
        log <<= 1;
        if rest >= 2 << 32 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_passage_come_before_words_of_all() {
        let found = keywords(
            ["The cache keeps answers. The cache is cold.", "The journal keeps answers."]
                .map(str::to_owned)
                .into_iter(),
        );
        assert_eq!(found[0], ["cache", "cold", "keeps", "answers"]);
        assert_eq!(found[1], ["journal", "keeps", "answers"]);
    }

    #[test]
    fn a_logarithm_is_that_of_the_books() {
        for (above, below) in [(2, 1), (3, 2), (10, 3), (1_000_003, 7), (5, 4)] {
            let wanted = (above as f64 / below as f64).log2();
            let found = log2(above, below) as f64 / f64::from(1 << DIGITS);
            assert!((wanted - found).abs() < 1e-5, "{above}/{below}: {found}");
        }
    }
}
