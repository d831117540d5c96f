//! A small linear model: ridge least squares for numbers, logistic regression of each class against the
//! rest for classes.

use super::features::Matrix;

/// Weight of the penalty on coefficients, a row.
const RIDGE: f64 = 1e-4;
/// Steps of the logistic regression at most.
const STEPS: usize = 60;
/// A step that changes no coefficient by more is the last.
const SETTLED: f64 = 1e-4;

/// Coefficients: for each output the intercept and one for each feature.
pub(super) struct Linear {
    outputs: Vec<Vec<f64>>,
}

impl Linear {
    /// Fits numbers.
    pub(super) fn regression(x: &Matrix, y: &[f64]) -> Self {
        let factor = Cholesky::new(x, y.len(), 1.0);
        Self { outputs: vec![factor.solve(gradient(x, y))] }
    }

    /// Fits places of classes.
    pub(super) fn classification(x: &Matrix, classes: &[usize], count: usize) -> Self {
        // The curvature of the logistic loss is nowhere more than a quarter of that of least squares, so
        // that steps by that bound always descend (Böhning and Lindsay 1988).
        let factor = Cholesky::new(x, classes.len(), 0.25);
        Self { outputs: (0..count).map(|class| logistic(x, classes, class, &factor)).collect() }
    }

    /// The value of each output for a row.
    pub(super) fn predict(&self, row: &[f64]) -> Vec<f64> {
        self.outputs.iter().map(|output| value(output, row)).collect()
    }

    /// How much each column moves the outputs over some rows: the standard deviation of its part of
    /// each, summed. `origins` says which column each feature is of.
    pub(super) fn importance(&self, x: &Matrix, rows: usize, origins: &[usize], columns: usize) -> Vec<f64> {
        let mut importance = vec![0.0; columns];
        for output in &self.outputs {
            let (mut sums, mut squares) = (vec![0.0; columns], vec![0.0; columns]);
            for row in 0..rows {
                let mut parts = vec![0.0; columns];
                for ((feature, value), origin) in x.row(row).iter().enumerate().zip(origins) {
                    parts[*origin] += output[feature + 1] * value;
                }
                for (column, part) in parts.iter().enumerate() {
                    sums[column] += part;
                    squares[column] += part * part;
                }
            }
            let n = rows.max(1) as f64;
            for column in 0..columns {
                let mean = sums[column] / n;
                importance[column] += (squares[column] / n - mean * mean).max(0.0).sqrt();
            }
        }
        importance
    }
}

fn value(output: &[f64], row: &[f64]) -> f64 {
    output[0] + output[1..].iter().zip(row).map(|(weight, value)| weight * value).sum::<f64>()
}

/// The sum over the rows of the features, after a leading 1, times a number each.
fn gradient(x: &Matrix, by: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; x.width + 1];
    for (row, by) in by.iter().enumerate() {
        sums[0] += by;
        for (sum, value) in sums[1..].iter_mut().zip(x.row(row)) {
            *sum += by * value;
        }
    }
    sums
}

fn logistic(x: &Matrix, classes: &[usize], class: usize, factor: &Cholesky) -> Vec<f64> {
    let mut output = vec![0.0; x.width + 1];
    let penalty = RIDGE * classes.len() as f64;
    for _ in 0..STEPS {
        let residuals: Vec<f64> = classes
            .iter()
            .enumerate()
            .map(|(row, is)| {
                f64::from(u8::from(*is == class)) - 1.0 / (1.0 + (-value(&output, x.row(row))).exp())
            })
            .collect();
        let mut slope = gradient(x, &residuals);
        for (slope, weight) in slope[1..].iter_mut().zip(&output[1..]) {
            *slope -= penalty * weight;
        }
        let step = factor.solve(slope);
        output.iter_mut().zip(&step).for_each(|(weight, step)| *weight += step);
        if step.iter().all(|step| step.abs() < SETTLED) {
            break;
        }
    }
    output
}

/// The lower triangle whose square is the features' products, times a number, with the penalty on the
/// diagonal.
struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    fn new(x: &Matrix, rows: usize, times: f64) -> Self {
        let size = x.width + 1;
        let mut a = vec![0.0; size * size];
        let mut row_of = vec![1.0; size];
        for row in 0..rows {
            row_of[1..].copy_from_slice(x.row(row));
            for i in 0..size {
                // Most features of categories are 0.
                if row_of[i] == 0.0 {
                    continue;
                }
                let scaled = times * row_of[i];
                for (sum, value) in a[i * size..=i * size + i].iter_mut().zip(&row_of[..=i]) {
                    *sum += scaled * value;
                }
            }
        }
        let penalty = RIDGE * rows as f64;
        for i in 0..size {
            // The intercept is not held back, but for what keeps it from being undetermined.
            a[i * size + i] += if i == 0 { 1e-9 * penalty } else { penalty };
        }
        for i in 0..size {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| a[i * size + k] * a[j * size + k]).sum();
                let rest = a[i * size + j] - dot;
                a[i * size + j] =
                    if i == j { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / a[j * size + j] };
            }
        }
        Self { size, lower: a }
    }

    fn solve(&self, mut b: Vec<f64>) -> Vec<f64> {
        let (size, a) = (self.size, &self.lower);
        for i in 0..size {
            let dot: f64 = (0..i).map(|k| a[i * size + k] * b[k]).sum();
            b[i] = (b[i] - dot) / a[i * size + i];
        }
        for i in (0..size).rev() {
            let dot: f64 = (i + 1..size).map(|k| a[k * size + i] * b[k]).sum();
            b[i] = (b[i] - dot) / a[i * size + i];
        }
        b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_squares_finds_the_line() {
        let x = Matrix { width: 2, values: vec![0.0, 1.0, 1.0, 0.0, 2.0, 1.0, -1.0, 3.0, 4.0, 0.5] };
        let y: Vec<f64> = (0..5).map(|row| 3.0 + 2.0 * x.row(row)[0] - x.row(row)[1]).collect();
        let fitted = Linear::regression(&x, &y);
        for (found, expected) in fitted.outputs[0].iter().zip([3.0, 2.0, -1.0]) {
            // The penalty pulls a little.
            assert!((found - expected).abs() < 1e-2, "{:?}", fitted.outputs);
        }
        let importance = fitted.importance(&x, 5, &[0, 1], 2);
        assert!(importance[0] > importance[1] && importance[1] > 0.0);
    }

    #[test]
    fn logistic_regression_finds_the_odds() {
        // At 0, 1 of 4 is of class 1; at 1, 3 of 4: log odds −ln 3 and ln 3.
        let x = Matrix { width: 1, values: vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0] };
        let fitted = Linear::classification(&x, &[1, 0, 0, 0, 1, 1, 1, 0], 2);
        let ln3 = 3.0_f64.ln();
        assert!((fitted.outputs[1][0] + ln3).abs() < 0.01 && (fitted.outputs[1][1] - 2.0 * ln3).abs() < 0.02);
        let odds = fitted.predict(&[1.0]);
        assert!(odds[1] > odds[0]);
    }

    #[test]
    fn columns_that_repeat_one_another_are_no_trouble() {
        let x = Matrix { width: 2, values: vec![1.0, 1.0, 2.0, 2.0, 3.0, 3.0] };
        let fitted = Linear::regression(&x, &[1.0, 2.0, 3.0]);
        assert!((fitted.predict(&[2.0, 2.0])[0] - 2.0).abs() < 1e-6);
    }
}
