//! Ridge regression: least squares with a penalty on the size of each weight, by the normal equations.

/// A system that has no single solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the weights are not determined: too few different sales to learn from")]
pub struct Undetermined;

/// The weights w that make Σ (row · w − target)² + Σ penalty · w² least. Rows and penalties are as long as
/// there are weights; no penalty is negative.
///
/// The sum of outer products plus the penalties is symmetric and, where the weights are determined, positive
/// definite, so it is solved by a Cholesky decomposition.
pub fn fit(rows: &[Vec<f64>], targets: &[f64], penalties: &[f64]) -> Result<Vec<f64>, Undetermined> {
    let width = penalties.len();
    let mut square = vec![vec![0.0; width]; width];
    let mut right = vec![0.0; width];
    for (row, target) in rows.iter().zip(targets) {
        // Most features of a sale are 0.
        let used: Vec<(usize, f64)> = row.iter().copied().enumerate().filter(|(_, x)| *x != 0.0).collect();
        for &(i, x) in &used {
            right[i] += x * target;
            for &(j, y) in used.iter().take_while(|(j, _)| *j <= i) {
                square[i][j] += x * y;
            }
        }
    }
    for (i, penalty) in penalties.iter().enumerate() {
        square[i][i] += penalty;
    }
    let lower = cholesky(square)?;
    Ok(solve(&lower, right))
}

/// The lower triangle L with L · Lᵀ = `square`, of which only the lower triangle is read.
fn cholesky(mut square: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, Undetermined> {
    for i in 0..square.len() {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| square[i][k] * square[j][k]).sum();
            let rest = square[i][j] - known;
            if i != j {
                square[i][j] = rest / square[j][j];
            } else if rest > 1e-9 * square[i][i] {
                square[i][i] = rest.sqrt();
            } else {
                return Err(Undetermined);
            }
        }
    }
    Ok(square)
}

/// Solves L · Lᵀ · w = `right`: first L · y = `right`, then Lᵀ · w = y, in place.
fn solve(lower: &[Vec<f64>], mut right: Vec<f64>) -> Vec<f64> {
    let width = right.len();
    for i in 0..width {
        let known: f64 = (0..i).map(|k| lower[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    for i in (0..width).rev() {
        let known: f64 = (i + 1..width).map(|k| lower[k][i] * right[k]).sum();
        right[i] = (right[i] - known) / lower[i][i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        }
    }

    #[test]
    fn a_plane_is_found_again() {
        // y = 1 + 2a − 3b
        let points = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (2.0, 5.0), (-1.0, 4.0)];
        let rows: Vec<Vec<f64>> = points.iter().map(|(a, b)| vec![1.0, *a, *b]).collect();
        let targets: Vec<f64> = points.iter().map(|(a, b)| 1.0 + 2.0 * a - 3.0 * b).collect();
        near(&fit(&rows, &targets, &[0.0; 3]).unwrap(), &[1.0, 2.0, -3.0]);
    }

    #[test]
    fn a_penalty_makes_a_weight_smaller() {
        // By hand: Σx² = 14 and Σxy = 28, so w = 28 / (14 + 14).
        let rows = [vec![1.0], vec![2.0], vec![3.0]];
        near(&fit(&rows, &[2.0, 4.0, 6.0], &[14.0]).unwrap(), &[1.0]);
    }

    #[test]
    fn two_features_that_are_the_same_share_one_weight() {
        let rows = [vec![1.0, 1.0], vec![2.0, 2.0]];
        assert_eq!(fit(&rows, &[4.0, 8.0], &[0.0; 2]), Err(Undetermined));
        // With a penalty of 1 each the sum is 40 / (10 + ½), by symmetry in equal halves: 2·5w + w = 20.
        near(&fit(&rows, &[4.0, 8.0], &[1.0; 2]).unwrap(), &[20.0 / 11.0; 2]);
    }

    #[test]
    fn nothing_to_learn_from_determines_nothing() {
        assert_eq!(fit(&[], &[], &[0.0]), Err(Undetermined));
    }
}
