//! Whether texts are as long and as short as people write them.

use super::Item;
use super::figure::{Figure, Offender, Part, percent, quoted};
use super::shares::Shares;
use super::words::words;
use crate::stats::percentile::nearest_rank;

/// Texts below which there is no outlier to speak of.
const FEW: usize = 8;
/// Smallest distance between the quartiles, in doublings: where all texts are about as long, one that is
/// a word longer is no outlier.
const SMALLEST_SPREAD: f64 = 0.5;

pub(super) fn figure(families: &[&Item]) -> Figure {
    let figure = Figure::new(
        "length",
        "full when at most half of the texts are of one length class and none is far longer or shorter than the rest, \
         one text a family; mean of its parts",
        "Ask the same in two words and in three sentences. Look at the outliers: some are meant, some are slips.",
    );
    if families.len() < FEW {
        return figure.without(format!("fewer than {FEW} texts"));
    }
    let lengths: Vec<usize> = families.iter().map(|item| words(&item.text).len()).collect();
    let classes: Vec<&str> = lengths.iter().map(|length| class(*length)).collect();
    let shares = Shares::of(classes);
    let ranked = shares.ranked();
    let (top, count) = ranked[0];
    let share = count as f64 / lengths.len() as f64;
    let (low, high) = fences(&lengths);
    let mut outliers: Vec<(f64, usize, &Item)> = lengths
        .iter()
        .zip(families)
        .filter_map(|(&length, item)| {
            let beyond = (low - doublings(length)).max(doublings(length) - high);
            (beyond > 0.0).then_some((beyond, length, *item))
        })
        .collect();
    outliers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut sorted: Vec<f64> = lengths.iter().map(|length| *length as f64).collect();
    sorted.sort_by(f64::total_cmp);
    let rank = |percent| nearest_rank(&sorted, percent).unwrap_or_default();
    let parts = vec![
        Part::share(
            "spread over length classes",
            2.0 * (1.0 - share),
            format!("{} of the texts have {top} words", percent(share)),
        ),
        Part::count("texts that are no outliers", lengths.len() - outliers.len(), lengths.len()),
        Part::note(
            "words",
            format!(
                "{} shortest, {} median, 9 in 10 have at most {}, {} longest",
                rank(0),
                rank(50),
                rank(90),
                rank(100)
            ),
        ),
    ];
    let offenders = outliers
        .into_iter()
        .map(|(_, length, item)| {
            Offender::case(
                item.id,
                format!(
                    "has {length} {}: {}",
                    if length == 1 { "word" } else { "words" },
                    quoted(&item.text)
                ),
            )
        })
        .collect();
    figure.with_mean(parts, offenders)
}

/// Classes that double, so that one word counts for more in a short text.
fn class(words: usize) -> &'static str {
    match words {
        0..=3 => "up to 3",
        4..=7 => "4 to 7",
        8..=15 => "8 to 15",
        16..=31 => "16 to 31",
        32..=63 => "32 to 63",
        _ => "64 or more",
    }
}

fn doublings(words: usize) -> f64 {
    ((words + 1) as f64).log2()
}

/// Tukey's fences, 1.5 distances of the quartiles beyond them, of the lengths in doublings.
fn fences(lengths: &[usize]) -> (f64, f64) {
    let mut sorted: Vec<f64> = lengths.iter().map(|length| doublings(*length)).collect();
    sorted.sort_by(f64::total_cmp);
    let quartile = |percent| nearest_rank(&sorted, percent).unwrap_or_default();
    let (low, high) = (quartile(25), quartile(75));
    let reach = 1.5 * (high - low).max(SMALLEST_SPREAD);
    (low - reach, high + reach)
}
