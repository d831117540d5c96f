//! The closest of many points, exactly: a tree of boxes that is searched from the nearest box on, and
//! leaves out what cannot be closer.

use super::space::{Points, apart, apart_from_box};

/// Points of a leaf.
const LEAF: usize = 12;

/// Points in a tree.
pub(super) struct Tree {
    points: Points,
    /// Where each point of the tree stands in the points given.
    origin: Vec<usize>,
    nodes: Vec<Node>,
    /// Lowest and highest coordinates of each node, one after another.
    low: Vec<f64>,
    high: Vec<f64>,
}

struct Node {
    start: usize,
    end: usize,
    /// Places of the two halves.
    halves: Option<[usize; 2]>,
}

impl Tree {
    pub(super) fn new(points: &Points) -> Self {
        let mut origin: Vec<usize> = (0..points.len()).collect();
        let mut tree = Self {
            points: Points::new(points.columns, 0),
            origin: Vec::new(),
            nodes: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
        };
        if !origin.is_empty() {
            let end = origin.len();
            tree.grow(points, &mut origin, 0, end);
        }
        tree.points = points.pick(&origin);
        tree.origin = origin;
        tree
    }

    /// Adds the node of these points, and all below it; says where it stands.
    fn grow(&mut self, points: &Points, origin: &mut [usize], start: usize, end: usize) -> usize {
        let width = points.width;
        let at = self.nodes.len();
        let (mut low, mut high) = (vec![f64::INFINITY; width], vec![f64::NEG_INFINITY; width]);
        for point in &origin[start..end] {
            for (column, value) in points.row(*point).iter().enumerate() {
                low[column] = low[column].min(*value);
                high[column] = high[column].max(*value);
            }
        }
        let split =
            (end - start > LEAF).then(|| best_column(points, &origin[start..end], &low, &high)).flatten();
        self.low.extend(&low);
        self.high.extend(&high);
        self.nodes.push(Node { start, end, halves: None });
        if let Some(column) = split {
            let middle = start + halve(points, &mut origin[start..end], column);
            let halves = [self.grow(points, origin, start, middle), self.grow(points, origin, middle, end)];
            self.nodes[at].halves = Some(halves);
        }
        at
    }

    /// Distance from a point to the closest one, leaving out the one at `except` in the points given;
    /// `None` where there is none.
    pub(super) fn closest(&self, point: &[f64], except: Option<usize>) -> Option<f64> {
        let mut best = f64::INFINITY;
        if !self.nodes.is_empty() {
            self.search(0, point, except, &mut best);
        }
        best.is_finite().then(|| best / self.points.columns as f64)
    }

    fn search(&self, node: usize, point: &[f64], except: Option<usize>, best: &mut f64) {
        let Node { start, end, halves } = &self.nodes[node];
        let Some([a, b]) = *halves else {
            for at in *start..*end {
                if Some(self.origin[at]) != except {
                    *best = best.min(apart(point, self.points.row(at), *best));
                }
            }
            return;
        };
        let (to_a, to_b) = (self.to_box(a, point), self.to_box(b, point));
        let order = if to_a <= to_b { [(a, to_a), (b, to_b)] } else { [(b, to_b), (a, to_a)] };
        for (half, distance) in order {
            if distance < *best {
                self.search(half, point, except, best);
            }
        }
    }

    /// The least distance that a point within the node's box could have.
    fn to_box(&self, node: usize, point: &[f64]) -> f64 {
        let width = self.points.width;
        apart_from_box(point, &self.low[node * width..][..width], &self.high[node * width..][..width])
    }

    /// Whether a point has another one within `tolerance` in every column, leaving out the one at
    /// `except`.
    pub(super) fn has_near(&self, point: &[f64], tolerance: f64, except: Option<usize>) -> bool {
        !self.nodes.is_empty() && self.search_near(0, point, tolerance, except)
    }

    fn search_near(&self, node: usize, point: &[f64], tolerance: f64, except: Option<usize>) -> bool {
        let width = self.points.width;
        let (low, high) = (&self.low[node * width..][..width], &self.high[node * width..][..width]);
        let reaches = point
            .iter()
            .zip(low.iter().zip(high))
            .all(|(value, (low, high))| (low - value).max(value - high) <= tolerance);
        if !reaches {
            return false;
        }
        let Node { start, end, halves } = &self.nodes[node];
        match *halves {
            Some([a, b]) => {
                self.search_near(a, point, tolerance, except) || self.search_near(b, point, tolerance, except)
            }
            None => (*start..*end)
                .any(|at| Some(self.origin[at]) != except && is_near(point, self.points.row(at), tolerance)),
        }
    }
}

/// The column in which these points are farthest apart on average, by comparing each with one half of
/// the points away; `None` where all are equal.
fn best_column(points: &Points, origin: &[usize], low: &[f64], high: &[f64]) -> Option<usize> {
    let mut apart = vec![0.0; points.width];
    for (a, b) in origin.iter().zip(&origin[origin.len() / 2..]) {
        for ((sum, a), b) in apart.iter_mut().zip(points.row(*a)).zip(points.row(*b)) {
            *sum += (a - b).abs().min(1.0);
        }
    }
    let columns = (0..points.width).filter(|column| low[*column] < high[*column]);
    columns.max_by(|a, b| apart[*a].total_cmp(&apart[*b]).then(b.cmp(a)))
}

/// Puts the points in two parts by a column, the lower first, and says where the second begins: where
/// the value changes, so that a category is on one side, unless a part would be too small to bound the
/// depth of the tree.
fn halve(points: &Points, origin: &mut [usize], column: usize) -> usize {
    let value = |point: &usize| points.row(*point)[column];
    let middle = origin.len() / 2;
    let (below, pivot, above) =
        origin.select_nth_unstable_by(middle, |a, b| value(a).total_cmp(&value(b)).then(a.cmp(b)));
    let pivot = value(pivot);
    // Equal values to the middle of either side.
    below.sort_unstable_by_key(|point| (value(point) >= pivot, *point));
    above.sort_unstable_by_key(|point| (value(point) > pivot, *point));
    let first = below.partition_point(|point| value(point) < pivot);
    let after = middle + 1 + above.partition_point(|point| value(point) <= pivot);
    let nearer = if middle - first <= after - middle { first } else { after };
    if nearer.min(origin.len() - nearer) >= origin.len() / 8 { nearer } else { middle }
}

/// Whether two points are within `tolerance` in every column.
fn is_near(a: &[f64], b: &[f64], tolerance: f64) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers, categories and missing values, with ties.
    fn coordinate() -> impl Strategy<Value = f64> {
        prop_oneof![
            4 => (0..100_u32).prop_map(|at| f64::from(at) / 100.0),
            3 => (0..4_u32).prop_map(f64::from),
            1 => Just(-1e6),
            2 => 0.0..1.0_f64,
        ]
    }

    fn points(width: usize, most: usize) -> impl Strategy<Value = Points> {
        prop::collection::vec(prop::collection::vec(coordinate(), width), 1..most).prop_map(move |rows| {
            let mut points = Points::new(width, rows.len());
            for (at, row) in rows.iter().enumerate() {
                points.values[at * points.width..][..width].copy_from_slice(row);
            }
            points
        })
    }

    fn brute(points: &Points, point: &[f64], except: Option<usize>) -> Option<f64> {
        let others = (0..points.len()).filter(|at| Some(*at) != except);
        others
            .map(|at| apart(point, points.row(at), f64::INFINITY) / points.columns as f64)
            .min_by(f64::total_cmp)
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_brute_force_finds(
            (known, asked) in (1..12_usize).prop_flat_map(|width| (points(width, 150), points(width, 20))),
            tolerance in 0.0..0.3_f64,
        ) {
            let tree = Tree::new(&known);
            for at in 0..asked.len() {
                let point = asked.row(at);
                let found = tree.closest(point, None).map(f64::to_bits);
                prop_assert_eq!(found, brute(&known, point, None).map(f64::to_bits));
                let near = (0..known.len()).any(|row| is_near(point, known.row(row), tolerance));
                prop_assert_eq!(tree.has_near(point, tolerance, None), near);
            }
            for at in 0..known.len().min(20) {
                let found = tree.closest(known.row(at), Some(at)).map(f64::to_bits);
                prop_assert_eq!(found, brute(&known, known.row(at), Some(at)).map(f64::to_bits));
                let near = (0..known.len()).any(|row| row != at && is_near(known.row(at), known.row(row), tolerance));
                prop_assert_eq!(tree.has_near(known.row(at), tolerance, Some(at)), near);
            }
        }
    }

    #[test]
    fn no_points_have_no_closest() {
        let tree = Tree::new(&Points::new(3, 0));
        assert_eq!(tree.closest(&[0.0; 4], None), None);
        assert!(!tree.has_near(&[0.0; 4], 1.0, None));
    }
}
