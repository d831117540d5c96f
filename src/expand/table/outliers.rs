//! Values far from the others.

use super::cell::Cell;
use super::tell::Tell;
use crate::expand::stream::Stream;
use crate::suite::document::Node;
use crate::suite::schema::OneOrMany;
use crate::suite::schema::table::OutlierSpec;

/// How often a number is moved, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outliers {
    share: f64,
    multiply: bool,
    from: f64,
    to: f64,
}

impl Outliers {
    /// Reads them; `None` where something is wrong.
    pub fn read(spec: &OutlierSpec, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let (key, far) = match (&spec.times, &spec.add) {
            (Some(times), None) => ("times", times),
            (None, Some(add)) => ("add", add),
            (None, None) if node.is_damaged() => return None,
            (None, None) => {
                tell.at(
                    "missing-key",
                    "these outliers do not say how far they are",
                    node,
                    "write `times = 10`, or `add = [50, 90]`",
                );
                return None;
            }
            (Some(_), Some(_)) => {
                tell.at_key(
                    "misplaced-key",
                    "`times` and `add` exclude each other",
                    node.field("add"),
                    "keep one of them",
                );
                return None;
            }
        };
        match far {
            OneOrMany::One(far) => Some((*far, *far)),
            OneOrMany::Many(list) => match list.as_slice() {
                [from, to] if from <= to => Some((*from, *to)),
                _ => None,
            },
        }
        .map(|(from, to)| Self { share: spec.share.get(), multiply: key == "times", from, to })
        .or_else(|| {
            tell.at(
                "out-of-range",
                format!("`{key}` is no number and no range"),
                node.field(key),
                format!("write a number, or the least and the greatest: `{key} = [5, 20]`"),
            );
            None
        })
    }

    /// The number, or where it lands with this column's decimals. Far too large a number stays as it is.
    pub fn apply(self, cell: Cell, decimals: Option<u8>, stream: &mut Stream) -> Cell {
        let Some(number) = cell.number() else { return cell };
        if !stream.chance(self.share) {
            return cell;
        }
        let far = self.from + (self.to - self.from) * stream.unit();
        let moved = if self.multiply { number * far } else { number + far };
        Cell::rounded(moved, decimals).unwrap_or(cell)
    }
}
