//! A small decision tree (CART) of bounded depth, for numbers and for classes.

/// Questions from the root to a leaf at most.
const DEPTH: usize = 6;
/// Fewest rows of a leaf.
const LEAF: usize = 5;
/// A split must take away this share of the root's impurity.
const GAIN: f64 = 1e-7;

/// What is predicted, a row each.
#[derive(Clone, Copy)]
pub(super) enum Targets<'a> {
    /// Numbers; best about 0, since squares are summed.
    Numbers(&'a [f64]),
    /// Places of classes, and how many classes there are.
    Classes(&'a [usize], usize),
}

/// A tree.
pub(super) struct Cart {
    nodes: Vec<Node>,
    importance: Vec<f64>,
}

enum Node {
    /// A mean, or the place of the most frequent class.
    Leaf(f64),
    Split {
        column: usize,
        question: Question,
        yes: usize,
        no: usize,
    },
}

/// A question to a value; a missing number is below all, and a missing category is none of them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Question {
    AtMost(f64),
    Is(f64),
}

impl Question {
    fn ask(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => key(value) <= most,
            Self::Is(category) => value == category,
        }
    }
}

/// Where a number stands in the order of the splits.
fn key(value: f64) -> f64 {
    if value.is_nan() { f64::NEG_INFINITY } else { value }
}

/// A column of rows.
#[derive(Clone, Copy)]
pub(super) struct Feature<'a> {
    /// The values, by row.
    pub values: &'a [f64],
    /// Whether the values are places of categories.
    pub categorical: bool,
}

struct Best {
    gain: f64,
    column: usize,
    question: Question,
}

impl Cart {
    /// Grows a tree on all rows.
    pub(super) fn grow(features: &[Feature], targets: Targets) -> Self {
        let rows = match targets {
            Targets::Numbers(values) => values.len(),
            Targets::Classes(places, _) => places.len(),
        };
        let mut tree = Self { nodes: Vec::new(), importance: vec![0.0; features.len()] };
        let mut all: Vec<usize> = (0..rows).collect();
        let whole = Sums::of(&all, targets);
        let least = GAIN * (whole.impurity_of(&all, targets)).max(f64::MIN_POSITIVE);
        tree.node(features, targets, &mut all, (DEPTH, least));
        tree
    }

    fn node(
        &mut self,
        features: &[Feature],
        targets: Targets,
        rows: &mut [usize],
        (depth, least): (usize, f64),
    ) -> usize {
        let at = self.nodes.len();
        let sums = Sums::of(rows, targets);
        self.nodes.push(Node::Leaf(sums.prediction()));
        if depth == 0 || rows.len() < 2 * LEAF {
            return at;
        }
        let Some(best) = best_split(features, targets, rows, &sums).filter(|best| best.gain > least) else {
            return at;
        };
        self.importance[best.column] += best.gain;
        // The order of the rows within a side does not matter to any sum but by rounding; keep it anyway.
        let values = features[best.column].values;
        rows.sort_by_key(|row| !best.question.ask(values[*row]));
        let middle = rows.partition_point(|row| best.question.ask(values[*row]));
        let (left, right) = rows.split_at_mut(middle);
        let yes = self.node(features, targets, left, (depth - 1, least));
        let no = self.node(features, targets, right, (depth - 1, least));
        self.nodes[at] = Node::Split { column: best.column, question: best.question, yes, no };
        at
    }

    /// The prediction for a row, given by the value of each column.
    pub(super) fn predict(&self, value: impl Fn(usize) -> f64) -> f64 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(prediction) => return prediction,
                Node::Split { column, question, yes, no } => {
                    at = if question.ask(value(column)) { yes } else { no };
                }
            }
        }
    }

    /// How much impurity each column's questions took away.
    pub(super) fn importance(&self) -> &[f64] {
        &self.importance
    }
}

/// What is known of some rows: their number, and sums of their targets.
#[derive(Debug, Clone)]
enum Sums {
    Numbers { n: f64, sum: f64 },
    Classes { n: f64, counts: Vec<f64>, squares: f64 },
}

impl Sums {
    fn empty(targets: Targets) -> Self {
        match targets {
            Targets::Numbers(_) => Self::Numbers { n: 0.0, sum: 0.0 },
            Targets::Classes(_, count) => Self::Classes { n: 0.0, counts: vec![0.0; count], squares: 0.0 },
        }
    }

    fn of(rows: &[usize], targets: Targets) -> Self {
        let mut sums = Self::empty(targets);
        for row in rows {
            sums.change(*row, targets, 1.0);
        }
        sums
    }

    /// Adds a row, or takes it away with −1.
    fn change(&mut self, row: usize, targets: Targets, by: f64) {
        match (self, targets) {
            (Self::Numbers { n, sum }, Targets::Numbers(values)) => {
                *n += by;
                *sum += by * values[row];
            }
            (Self::Classes { n, counts, squares }, Targets::Classes(places, _)) => {
                *n += by;
                let count = &mut counts[places[row]];
                *squares += by * 2.0 * *count + 1.0;
                *count += by;
            }
            _ => {}
        }
    }

    fn n(&self) -> f64 {
        match self {
            Self::Numbers { n, .. } | Self::Classes { n, .. } => *n,
        }
    }

    /// What these rows explain by themselves; a split gains what its sides explain beyond the whole.
    /// For numbers the sum of squares of their mean, for classes that of their shares, times the rows.
    fn explained(&self) -> f64 {
        match self {
            Self::Numbers { n, sum } if *n > 0.0 => sum * sum / n,
            Self::Classes { n, squares, .. } if *n > 0.0 => squares / n,
            _ => 0.0,
        }
    }

    /// What they leave unexplained.
    fn impurity_of(&self, rows: &[usize], targets: Targets) -> f64 {
        let all = match targets {
            Targets::Numbers(values) => rows.iter().map(|row| values[*row] * values[*row]).sum(),
            Targets::Classes(..) => self.n(),
        };
        all - self.explained()
    }

    fn prediction(&self) -> f64 {
        match self {
            Self::Numbers { n, sum } => {
                if *n > 0.0 {
                    sum / n
                } else {
                    0.0
                }
            }
            Self::Classes { counts, .. } => {
                // The first of equals.
                let best = (0..counts.len()).rev().max_by(|a, b| counts[*a].total_cmp(&counts[*b]));
                best.unwrap_or(0) as f64
            }
        }
    }
}

fn best_split(features: &[Feature], targets: Targets, rows: &[usize], whole: &Sums) -> Option<Best> {
    let mut best: Option<Best> = None;
    let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(rows.len());
    for (column, feature) in features.iter().enumerate() {
        keyed.clear();
        keyed.extend(rows.iter().map(|row| (key(feature.values[*row]), *row)));
        keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if keyed.first().map(|first| first.0) == keyed.last().map(|last| last.0) {
            continue;
        }
        let mut left = Sums::empty(targets);
        let mut right = whole.clone();
        for group in keyed.chunk_by(|a, b| a.0 == b.0) {
            for (_, row) in group {
                left.change(*row, targets, 1.0);
                right.change(*row, targets, -1.0);
            }
            let here = group[0].0;
            let question = if feature.categorical {
                Question::Is(here)
            } else {
                let after = left_of(&keyed, &left);
                match after {
                    Some(next) => Question::AtMost(between(here, next)),
                    None => break,
                }
            };
            if left.n() >= LEAF as f64 && right.n() >= LEAF as f64 {
                let gain = left.explained() + right.explained() - whole.explained();
                let is_missing = feature.categorical && here == f64::NEG_INFINITY;
                if !is_missing && best.as_ref().is_none_or(|best| gain > best.gain) {
                    best = Some(Best { gain, column, question });
                }
            }
            if feature.categorical {
                // Each category is asked for by itself.
                left = Sums::empty(targets);
                right = whole.clone();
            }
        }
    }
    best
}

/// The key after those that are on the left already.
fn left_of(keyed: &[(f64, usize)], left: &Sums) -> Option<f64> {
    keyed.get(super::data::place(left.n())).map(|next| next.0)
}

/// A number from `low` to below `high`, halfway where that can be had.
fn between(low: f64, high: f64) -> f64 {
    let middle = f64::midpoint(low, high);
    if middle.is_finite() && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(values: &[f64], categorical: bool) -> Feature<'_> {
        Feature { values, categorical }
    }

    #[test]
    fn a_split_of_numbers_by_hand() {
        let x: Vec<f64> = (1..=10).map(f64::from).collect();
        let y = [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0];
        let noise = [3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0];
        let tree = Cart::grow(&[feature(&noise, false), feature(&x, false)], Targets::Numbers(&y));
        // Halfway between 5 and 6; 10 squares of 1 are explained by it, and nothing is left.
        assert!(
            matches!(tree.nodes[0], Node::Split { column: 1, question: Question::AtMost(at), .. } if at == 5.5)
        );
        assert_eq!((tree.nodes.len(), tree.importance()), (3, &[0.0, 10.0][..]));
        assert_eq!(
            [tree.predict(|_| 5.4), tree.predict(|_| 5.6), tree.predict(|_| f64::NAN)],
            [1.0, -1.0, 1.0]
        );
    }

    #[test]
    fn a_split_of_classes_by_hand() {
        let colour = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, f64::NAN];
        let class = [2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0];
        let tree = Cart::grow(&[feature(&colour, true)], Targets::Classes(&class, 3));
        assert!(matches!(tree.nodes[0], Node::Split { question: Question::Is(at), .. } if at == 0.0));
        // Gini: 25/5 + 49/7 − (25 + 49)/12.
        assert!((tree.importance()[0] - (12.0 - 74.0 / 12.0)).abs() < 1e-12);
        assert_eq!(
            [tree.predict(|_| 0.0), tree.predict(|_| 7.0), tree.predict(|_| f64::NAN)],
            [2.0, 0.0, 0.0]
        );
    }

    #[test]
    fn nothing_is_split_where_nothing_is_gained_or_leaves_would_be_small() {
        let x: Vec<f64> = (1..=10).map(f64::from).collect();
        let constant = Cart::grow(&[feature(&x, false)], Targets::Numbers(&[0.5; 10]));
        assert_eq!((constant.nodes.len(), constant.predict(|_| 3.0)), (1, 0.5));
        let y = [9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(Cart::grow(&[feature(&x[..9], false)], Targets::Numbers(&y)).nodes.len(), 1);
        assert_eq!(Cart::grow(&[], Targets::Classes(&[1, 1], 2)).predict(|_| 0.0), 1.0);
    }

    #[test]
    fn missing_numbers_have_a_side_of_their_own() {
        let x = [f64::NAN, f64::NAN, f64::NAN, f64::NAN, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0];
        let y = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let tree = Cart::grow(&[feature(&x, false)], Targets::Numbers(&y));
        assert_eq!([tree.predict(|_| f64::NAN), tree.predict(|_| 1.0)], [1.0, 0.0]);
    }
}
