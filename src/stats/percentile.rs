//! Percentiles that are always one of the values.

/// The nearest-rank percentile: the smallest value with at least `percent` per cent of all values at
/// or below it (numpy's `inverted_cdf`).
///
/// `sorted` is in ascending order. `None` where it is empty or `percent` exceeds 100; percentile 0 is
/// the smallest value.
pub fn nearest_rank(sorted: &[f64], percent: u8) -> Option<f64> {
    if percent > 100 {
        return None;
    }
    // In whole numbers, so that 95 % of 20 values is the 19th whatever 0.95 is in binary.
    let rank = (sorted.len() * usize::from(percent)).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::nearest_rank;

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(nearest_rank(&[], 50), None);
        assert_eq!(nearest_rank(&[1.0], 101), None);
    }

    #[test]
    fn the_rank_is_the_share_of_the_count_rounded_up() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        // 19 = 0.95 · 20 exactly; 0.99 · 20 = 19.8.
        for (percent, value) in
            [(0, 1.0), (5, 1.0), (6, 2.0), (50, 10.0), (95, 19.0), (99, 20.0), (100, 20.0)]
        {
            assert_eq!(nearest_rank(&values, percent), Some(value), "{percent}");
        }
    }
}
