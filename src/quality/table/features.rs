//! Rows as the models see them: the raw values for the tree, and numbers of like size for the linear
//! model.

use super::data::{Column, place};

/// Values of a category that have a feature of their own; the rest share none.
const VALUES: usize = 20;
/// Features of the linear model at most.
const MAX_FEATURES: usize = 200;

/// How columns become features, learnt from some real rows.
pub(super) struct Plan {
    features: Vec<Feature>,
}

/// A feature, and the column that it is made from.
struct Feature {
    column: usize,
    of: Form,
}

enum Form {
    /// A number, less its mean, by its standard deviation; 0 where it is missing.
    Number { mean: f64, spread: f64 },
    /// 1 where the category is this one.
    Is(f64),
    /// 1 where the value is missing.
    Missing,
}

/// Rows with their features, row by row.
pub(super) struct Matrix {
    pub width: usize,
    pub values: Vec<f64>,
}

impl Matrix {
    pub(super) fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.width..(at + 1) * self.width]
    }
}

impl Plan {
    /// Learns from these rows of REAL; says also how many columns found no room.
    pub(super) fn new(columns: &[&Column], rows: &[usize]) -> (Self, usize) {
        let mut features = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|row| column.real.values[*row]).collect();
            let forms = forms(column, &values);
            if features.len() + forms.len() > MAX_FEATURES {
                return (Self { features }, columns.len() - at);
            }
            features.extend(forms.into_iter().map(|of| Feature { column: at, of }));
        }
        (Self { features }, 0)
    }

    /// The column that each feature is made from.
    pub(super) fn origins(&self) -> Vec<usize> {
        self.features.iter().map(|feature| feature.column).collect()
    }

    /// The features of some rows of a table, given column by column.
    pub(super) fn matrix(&self, columns: &[&[f64]], rows: &[usize]) -> Matrix {
        let mut values = Vec::with_capacity(rows.len() * self.features.len());
        for row in rows {
            values.extend(self.features.iter().map(|feature| {
                let value = columns[feature.column][*row];
                match feature.of {
                    Form::Number { .. } if value.is_nan() => 0.0,
                    // No value may outweigh all others.
                    Form::Number { mean, spread } => ((value - mean) / spread).clamp(-1e6, 1e6),
                    Form::Is(category) => f64::from(u8::from(value == category)),
                    Form::Missing => f64::from(u8::from(value.is_nan())),
                }
            }));
        }
        Matrix { width: self.features.len(), values }
    }
}

fn forms(column: &Column, values: &[f64]) -> Vec<Form> {
    let present: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let mut forms = Vec::new();
    if column.kind.is_numeric() {
        let (mean, spread) = (super::shape::mean(&present), super::shape::deviation(&present));
        if let (Some(mean), Some(spread)) = (mean.value, spread.value)
            && spread > 0.0
        {
            forms.push(Form::Number { mean, spread });
        }
    } else {
        let mut counts = vec![0_usize; column.labels.len()];
        for value in &present {
            counts[place(*value)] += 1;
        }
        let mut order: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] > 0).collect();
        order.sort_by_key(|at| std::cmp::Reverse(counts[*at]));
        forms.extend(order.iter().take(VALUES).map(|at| Form::Is(*at as f64)));
    }
    if present.len() < values.len() {
        forms.push(Form::Missing);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    #[test]
    fn features_by_hand() {
        let data = data("n,c\n1,x\n3,y\n,x\n", "n,c\n5,z\n");
        let columns: Vec<&Column> = data.columns.iter().collect();
        let (plan, left_out) = Plan::new(&columns, &[0, 1, 2]);
        assert_eq!((plan.origins(), left_out), (vec![0, 0, 1, 1], 0));
        let synth: Vec<&[f64]> = columns.iter().map(|column| column.synth.values.as_slice()).collect();
        // (5 − 2) / √2; not missing; neither x nor y.
        let row = plan.matrix(&synth, &[0]);
        assert!((row.values[0] - 3.0 / 2.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(row.values[1..], [0.0, 0.0, 0.0]);
        let real: Vec<&[f64]> = columns.iter().map(|column| column.real.values.as_slice()).collect();
        assert_eq!(plan.matrix(&real, &[2]).row(0), [0.0, 1.0, 1.0, 0.0]);
    }
}
