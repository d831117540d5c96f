//! How two columns go together, and whether they do so alike in two tables; functions on numbers alone.

use super::figure::Figure;

/// Bins that numbers are cut into before they are counted in pairs.
pub(super) const BINS: usize = 10;

const CONSTANT: &str = "one of the two columns is constant";

/// Pearson's correlation of two samples of the same length, from −1 to 1.
pub(super) fn pearson(x: &[f64], y: &[f64]) -> Figure {
    if x.len() < 2 {
        return Figure::none("fewer than two rows have both values");
    }
    if is_constant(x) || is_constant(y) {
        return Figure::none(CONSTANT);
    }
    let mean = |sample: &[f64]| sample.iter().sum::<f64>() / sample.len() as f64;
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    let size = xx.sqrt() * yy.sqrt();
    // Numbers of a vast or a tiny size leave no sum of squares.
    if size == 0.0 { Figure::none(CONSTANT) } else { Figure::of((xy / size).clamp(-1.0, 1.0)) }
}

fn is_constant(sample: &[f64]) -> bool {
    sample.iter().all(|value| *value == sample[0])
}

/// The rank of each value, from 1; equal values share the mean of their ranks.
pub(super) fn ranks(sample: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.sort_unstable_by(|a, b| sample[*a].total_cmp(&sample[*b]));
    let mut ranks = vec![0.0; sample.len()];
    let mut start = 0;
    while start < order.len() {
        let value = sample[order[start]];
        let end = start + order[start..].iter().take_while(|at| sample[**at] == value).count();
        let rank = (start + 1 + end) as f64 / 2.0;
        for at in &order[start..end] {
            ranks[*at] = rank;
        }
        start = end;
    }
    ranks
}

/// Spearman's rank correlation of two samples of the same length, from −1 to 1.
pub(super) fn spearman(x: &[f64], y: &[f64]) -> Figure {
    pearson(&ranks(x), &ranks(y))
}

/// One minus half the difference of two correlations, from 0 to 1; 1 means equal.
pub(super) fn correlation_similarity(real: &Figure, synth: &Figure) -> Figure {
    real.with(synth, |real, synth| 1.0 - (real - synth).abs() / 2.0)
}

/// How often each pair of places occurs: `(place of x, place of y, count)`, in ascending order.
pub(super) type Contingency = Vec<(u32, u32, usize)>;

/// Counts the pairs of places of two columns.
pub(super) fn contingency(x: &[u32], y: &[u32]) -> Contingency {
    let mut pairs: Vec<u64> = x.iter().zip(y).map(|(x, y)| u64::from(*x) << 32 | u64::from(*y)).collect();
    pairs.sort_unstable();
    pairs
        .chunk_by(|a, b| a == b)
        .map(|same| {
            let [x, y] =
                [same[0] >> 32, same[0] & 0xffff_ffff].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
            (x, y, same.len())
        })
        .collect()
}

/// One minus the total variation distance of two contingency tables, from 0 to 1; 1 means equal.
pub(super) fn contingency_similarity(real: &Contingency, synth: &Contingency) -> Figure {
    let total = |table: &Contingency| table.iter().map(|cell| cell.2).sum::<usize>() as f64;
    let (of_real, of_synth) = (total(real), total(synth));
    if of_real == 0.0 || of_synth == 0.0 {
        return Figure::none("one of the tables has no rows");
    }
    let (mut real, mut synth) = (real.iter().peekable(), synth.iter().peekable());
    let mut apart = 0.0;
    // Both are in ascending order of the pairs: the lower pair is next, in one table or in both.
    while let Some(next) =
        [real.peek(), synth.peek()].into_iter().flatten().map(|cell| (cell.0, cell.1)).min()
    {
        let share = |cells: &mut Cells, total: f64| {
            cells.next_if(|cell| (cell.0, cell.1) == next).map_or(0.0, |cell| cell.2 as f64 / total)
        };
        apart += (share(&mut real, of_real) - share(&mut synth, of_synth)).abs();
    }
    Figure::of((1.0 - apart / 2.0).max(0.0))
}

type Cells<'a> = std::iter::Peekable<std::slice::Iter<'a, (u32, u32, usize)>>;

/// Mutual information of a contingency table, as a share of the mean of both columns' entropies: 0
/// means independent, 1 that each tells the other (scikit-learn's `normalized_mutual_info_score`).
pub(super) fn mutual_information(table: &Contingency) -> Figure {
    let total: usize = table.iter().map(|cell| cell.2).sum();
    let n = total as f64;
    let by_x = margin(table.iter().map(|cell| (cell.0, cell.2)));
    let by_y = margin(table.iter().map(|cell| (cell.1, cell.2)));
    if by_x.len() < 2 || by_y.len() < 2 {
        return Figure::none(CONSTANT);
    }
    let entropy = |margin: &[(u32, usize)]| -> f64 {
        margin.iter().map(|(_, count)| *count as f64 / n).map(|share| -share * share.ln()).sum()
    };
    let of = |margin: &[(u32, usize)], key: u32| {
        margin.binary_search_by_key(&key, |cell| cell.0).map_or(0.0, |at| margin[at].1 as f64)
    };
    let information: f64 = table
        .iter()
        .map(|(x, y, count)| {
            let count = *count as f64;
            count / n * (count * n / (of(&by_x, *x) * of(&by_y, *y))).ln()
        })
        .sum();
    Figure::of((information.max(0.0) / f64::midpoint(entropy(&by_x), entropy(&by_y))).min(1.0))
}

/// How often each place occurs, in ascending order.
fn margin(cells: impl Iterator<Item = (u32, usize)>) -> Vec<(u32, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for (key, count) in cells {
        *counts.entry(key).or_insert(0) += count;
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: &Figure, expected: f64) {
        let value = found.value.unwrap_or_else(|| panic!("{found:?}"));
        assert!((value - expected).abs() < 1e-12, "{value}, not {expected}");
    }

    #[test]
    fn correlations_by_hand() {
        // Deviations −1, 0, 1 and −1, 1, 0: sum of products 1, sums of squares 2 and 2.
        close(&pearson(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]), 0.5);
        close(&spearman(&[1.0, 2.0, 300.0], &[1.0, 30.0, 2.0]), 0.5);
        close(&pearson(&[1.0, 2.0], &[5.0, 3.0]), -1.0);
        assert_eq!(pearson(&[1.0, 1.0], &[1.0, 2.0]).value, None);
        assert_eq!(pearson(&[1.0], &[1.0]).value, None);
        close(&correlation_similarity(&Figure::of(1.0), &Figure::of(-0.5)), 0.25);
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 9.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn contingency_tables_are_compared_cell_by_cell() {
        let (real, synth) = (contingency(&[0, 0, 1, 1], &[0, 0, 0, 1]), contingency(&[0, 1], &[0, 2]));
        assert_eq!(real, [(0, 0, 2), (1, 0, 1), (1, 1, 1)]);
        // 1/2 against 1/2; 1/4, 1/4 against nothing; nothing against 1/2: half of 1.
        close(&contingency_similarity(&real, &synth), 0.5);
        close(&contingency_similarity(&real, &real), 1.0);
    }

    #[test]
    fn mutual_information_is_a_share_of_the_entropy() {
        close(&mutual_information(&contingency(&[0, 0, 1, 1], &[3, 3, 5, 5])), 1.0);
        close(&mutual_information(&contingency(&[0, 0, 1, 1], &[0, 1, 0, 1])), 0.0);
        assert_eq!(mutual_information(&contingency(&[0, 0], &[0, 1])).value, None);
    }
}
