//! What leaked: rows that come back, rows that nearly do, and how much closer the synthetic rows are to
//! the real ones than to real rows they were not made from.

use super::data::{Cells, Column, Data};
use super::figure::Figure;
use super::holdout::unlike;
use super::kind::Kind;
use super::membership;
use super::nearest::Tree;
use super::report::{Distances, Matches, Membership, Privacy, Repeated};
use super::shape;
use super::space::{Points, points};
use super::stream::Stream;
use crate::report::number::count;
use std::collections::{HashMap, HashSet};

/// How near a near match is: the same categories, and every number within this share of its range.
pub(super) const NEAR: f64 = 0.01;
/// Distances in single columns that one search may cost at most, if it found nothing to leave out.
const MAX_WORK: usize = 4_000_000_000;
/// Rows that are searched for however much work it is.
const MIN_ROWS: usize = 1_000;
/// Places of matching rows that are told.
const EXAMPLES: usize = 5;

const NO_HOLDOUT: &str = "this needs real rows that the synthetic table was not made from (--holdout)";
const NO_COLUMNS: &str = "no column is left to compare rows by";

/// What is found, and remarks on how.
pub(super) fn privacy(data: &Data) -> (Privacy, Vec<String>) {
    let used: Vec<&Column> = data.used().collect();
    let mut notes = Vec::new();
    let left_out: Vec<String> = data
        .columns
        .iter()
        .filter(|column| !column.kind.is_used())
        .map(|column| column.name.clone())
        .collect();
    let [real, synth, holdout] = points(&used);
    let (real, synth, holdout) = (
        Side::new("real", &real, &mut notes),
        Side::new("synthetic", &synth, &mut notes),
        Side::new("holdout", &holdout, &mut notes),
    );
    let searches = Searches::new(&real, &synth, &holdout);
    let privacy = Privacy {
        columns: used.iter().map(|column| column.name.clone()).collect(),
        left_out,
        exact: exact(data, &used),
        near: near(&searches, data.has_holdout),
        distance: distances(&searches),
        holdout_unlike: unlike(data),
        closer_to_real: closer(&real, &synth, &holdout),
        membership: guess(&real, &synth, &holdout, data.has_holdout),
        identifiers: data
            .columns
            .iter()
            .filter(|column| column.kind == Kind::Identifier)
            .map(repeated)
            .collect(),
    };
    (privacy, notes)
}

/// A table as points: all of them to be found, and those that are searched for.
struct Side {
    all: Points,
    tree: Tree,
    /// Places of the rows that are searched for.
    asked: Vec<usize>,
}

impl Side {
    fn new(name: &str, all: &Points, notes: &mut Vec<String>) -> Self {
        let rows = all.len();
        let each = rows.saturating_mul(all.width).max(1);
        let limit = (MAX_WORK / each).max(MIN_ROWS);
        let asked = Stream::new(&format!("distances of {name} rows")).sample(rows, limit);
        if asked.len() < rows {
            notes.push(format!(
                "Distances and near matches are those of {}, drawn from {}: searching for all would take too long. \
                 Exact matches are over all rows.",
                count(asked.len(), &format!("{name} row"), &format!("{name} rows")),
                count(rows, "row", "rows")
            ));
        }
        Self { all: all.clone(), tree: Tree::new(all), asked }
    }

    /// Distances of the rows searched for to the closest of another table, or of this one.
    fn closest_in(&self, other: &Self) -> Vec<f64> {
        let itself = std::ptr::eq(self, other);
        self.asked
            .iter()
            .filter_map(|row| other.tree.closest(self.all.row(*row), itself.then_some(*row)))
            .collect()
    }

    /// Rows searched for that are near one of another table, or of this one.
    fn near_in(&self, other: &Self) -> Vec<usize> {
        let itself = std::ptr::eq(self, other);
        let near = |row: &usize| other.tree.has_near(self.all.row(*row), NEAR, itself.then_some(*row));
        self.asked.iter().copied().filter(near).collect()
    }
}

/// Everything that is searched in REAL.
struct Searches<'a> {
    real: &'a Side,
    synth: &'a Side,
    holdout: &'a Side,
}

impl<'a> Searches<'a> {
    const fn new(real: &'a Side, synth: &'a Side, holdout: &'a Side) -> Self {
        Self { real, synth, holdout }
    }
}

fn near(Searches { real, synth, holdout }: &Searches, has_holdout: bool) -> Matches {
    let found = synth.near_in(real);
    let holdout_share = if has_holdout {
        Figure::share(holdout.near_in(real).len(), holdout.asked.len())
    } else {
        Figure::none(NO_HOLDOUT)
    };
    matches(
        synth.asked.len(),
        found.len(),
        found.iter().copied(),
        Figure::share(real.near_in(real).len(), real.asked.len()),
        holdout_share,
    )
}

fn matches(
    of: usize,
    rows: usize,
    found: impl Iterator<Item = usize>,
    real_share: Figure,
    holdout_share: Figure,
) -> Matches {
    let share = if of == 0 { Figure::none(NO_COLUMNS) } else { Figure::share(rows, of) };
    Matches {
        of,
        rows,
        share,
        real_share,
        holdout_share,
        examples: found.take(EXAMPLES).map(|at| at + 1).collect(),
    }
}

/// Rows that are equal in every column used, a missing value being equal to a missing value.
fn exact(data: &Data, used: &[&Column]) -> Matches {
    if used.is_empty() {
        let none = || Figure::none(NO_COLUMNS);
        return matches(0, 0, std::iter::empty(), none(), none());
    }
    let keys = |cells: &dyn Fn(&Column) -> &Cells, rows: usize| -> Vec<[u8; 32]> {
        let columns: Vec<&[f64]> = used.iter().map(|column| cells(column).values.as_slice()).collect();
        (0..rows).map(|row| key(&columns, row)).collect()
    };
    let real = keys(&|column| &column.real, data.real);
    let synth = keys(&|column| &column.synth, data.synth);
    let holdout = keys(&|column| &column.holdout, data.holdout);
    let mut known: HashMap<[u8; 32], usize> = HashMap::new();
    for key in &real {
        *known.entry(*key).or_insert(0) += 1;
    }
    let found: Vec<usize> = (0..synth.len()).filter(|row| known.contains_key(&synth[*row])).collect();
    let again = real.iter().filter(|key| known[*key] > 1).count();
    let held = holdout.iter().filter(|key| known.contains_key(*key)).count();
    let holdout_share =
        if data.has_holdout { Figure::share(held, data.holdout) } else { Figure::none(NO_HOLDOUT) };
    matches(synth.len(), found.len(), found.iter().copied(), Figure::share(again, real.len()), holdout_share)
}

/// A hash that only equal rows share.
fn key(columns: &[&[f64]], row: usize) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for values in columns {
        // All that have no value are written alike.
        let value = if values[row].is_nan() { f64::NAN } else { values[row] };
        hasher.update(&value.to_bits().to_le_bytes());
    }
    hasher.finalize().into()
}

fn distances(Searches { real, synth, holdout }: &Searches) -> Distances {
    let median = |from: &Side, reason: &'static str| {
        let mut found = from.closest_in(real);
        found.sort_unstable_by(f64::total_cmp);
        if found.is_empty() { Figure::none(reason) } else { shape::median(&found) }
    };
    let mut found = synth.closest_in(real);
    found.sort_unstable_by(f64::total_cmp);
    let of_synth = |share: f64| {
        if found.is_empty() { Figure::none(NO_COLUMNS) } else { shape::quantile(&found, share) }
    };
    Distances {
        median: of_synth(0.5),
        p5: of_synth(0.05),
        real_median: median(real, "the real table has no two rows to compare"),
        holdout_median: median(holdout, NO_HOLDOUT),
    }
}

/// Share of the synthetic rows that are closer to a real row than to one of the holdout, among as many
/// real rows as the holdout has, or the other way about, so that neither is closer by its number. A tie
/// counts half.
fn closer(real: &Side, synth: &Side, holdout: &Side) -> Figure {
    let rows = real.all.len().min(holdout.all.len());
    if rows == 0 {
        return Figure::none(if synth.all.width == 0 { NO_COLUMNS } else { NO_HOLDOUT });
    }
    let part = |side: &Side, name: &str| {
        (side.all.len() > rows).then(|| {
            Tree::new(
                &side.all.pick(&Stream::new(&format!("as many {name} rows")).sample(side.all.len(), rows)),
            )
        })
    };
    let (part_of_real, part_of_holdout) = (part(real, "real"), part(holdout, "holdout"));
    let to_real = part_of_real.as_ref().unwrap_or(&real.tree);
    let to_holdout = part_of_holdout.as_ref().unwrap_or(&holdout.tree);
    let mut closer = 0.0;
    for row in &synth.asked {
        let point = synth.all.row(*row);
        closer += match to_real.closest(point, None).partial_cmp(&to_holdout.closest(point, None)) {
            Some(std::cmp::Ordering::Less) => 1.0,
            Some(std::cmp::Ordering::Equal) => 0.5,
            _ => 0.0,
        };
    }
    Figure::of(closer / synth.asked.len() as f64)
}

fn guess(real: &Side, synth: &Side, holdout: &Side, has_holdout: bool) -> Membership {
    if !has_holdout {
        let none = || Figure::none(NO_HOLDOUT);
        return Membership { auc: none(), auc_by_chance: none(), advantage: none() };
    }
    membership::guess(&real.closest_in(synth), &holdout.closest_in(synth))
}

fn repeated(column: &Column) -> Repeated {
    let known: HashSet<u64> = column.real.present().map(f64::to_bits).collect();
    let rows = column.synth.present().filter(|value| known.contains(&value.to_bits())).count();
    Repeated { column: column.name.clone(), rows, share: Figure::share(rows, column.synth.present().count()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::{data, data_with};

    #[test]
    fn matches_and_distances_by_hand() {
        // Ranges: n from 0 to 100. The first row is equal, the second half a hundredth off, the third
        // of another category, the fourth (0.5 + 0) / 2 from the closest.
        let data = data("n,c\n0,x\n100,y\n", "n,c\n0,x\n99.5,y\n100,x\n50,y\n");
        let (found, notes) = privacy(&data);
        assert_eq!((found.exact.rows, found.exact.of, &found.exact.examples[..]), (1, 4, &[1][..]));
        assert_eq!((found.near.rows, &found.near.examples[..]), (2, &[1, 2][..]));
        // 0, 0.0025, 0.5, 0.25
        let median = found.distance.median.value.unwrap();
        assert!((median - f64::midpoint(0.0025, 0.25)).abs() < 1e-12, "{median}");
        assert_eq!(found.distance.real_median.value, Some(1.0));
        assert!(found.closer_to_real.reason.is_some() && found.membership.auc.reason.is_some());
        assert!(notes.is_empty());
    }

    #[test]
    fn a_copy_is_closer_to_real_than_to_the_holdout() {
        let real = "n,m\n1,10\n4,40\n6,20\n9,90\n";
        let found = privacy(&data_with(real, real, "n,m\n2,11\n5,44\n7,22\n8,80\n")).0;
        assert_eq!((found.exact.rows, found.exact.holdout_share.value), (4, Some(0.0)));
        assert_eq!(found.closer_to_real.value, Some(1.0));
        assert_eq!(found.membership.auc.value, Some(1.0));
        assert_eq!(found.membership.advantage.value, Some(1.0));
    }

    #[test]
    fn missing_values_match_missing_values() {
        let found = privacy(&data("n,c\n1,\n2,x\n", "n,c\n1,\n,x\n")).0;
        assert_eq!(found.exact.rows, 1);
    }

    #[test]
    fn identifiers_that_come_back_are_counted_and_no_part_of_rows() {
        let table =
            |from: usize| (from..from + 12).fold("mail,n\n".to_owned(), |text, n| format!("{text}u{n},1\n"));
        let found = privacy(&data(&table(0), &table(6))).0;
        assert_eq!(
            (found.left_out.as_slice(), found.columns.as_slice()),
            (&["mail".to_owned()][..], &["n".to_owned()][..])
        );
        assert_eq!((found.identifiers[0].rows, found.identifiers[0].share.value), (6, Some(0.5)));
    }
}
