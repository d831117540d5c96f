//! One of some values, with weights that may hang on another column.

use super::cell::{Cell, Type};
use super::data::{alike, cell_of};
use super::tell::Tell;
use super::weights::Weights;
use crate::expand::stream::Stream;
use crate::suite::diagnostic::{quote, quote_all};
use crate::suite::document::Node;
use crate::suite::nearest::nearest;
use crate::suite::schema::table::{CategorySpec, WeightsSpec};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most values of a category.
const MAX_VALUES: usize = 10_000;

/// Values, and how likely each is.
#[derive(Debug, Clone)]
pub(super) struct Category {
    pub values: Vec<Cell>,
    pub type_: Type,
    pub decimals: Option<u8>,
    /// The shares are reached exactly.
    pub exact: bool,
    pub choice: Choice,
}

/// How likely the values are.
#[derive(Debug, Clone)]
pub(super) enum Choice {
    /// All the same.
    Even,
    /// By weight.
    Weighted(Weights),
    /// By weights that hang on a column: its place, its values with theirs, and those of all others.
    By(usize, BTreeMap<String, Weights>, Option<Weights>),
}

/// The column that weights hang on.
#[derive(Debug)]
pub(super) struct By<'a> {
    /// Its place.
    pub column: usize,
    /// All values that it can have, where they are known.
    pub values: Option<&'a BTreeSet<String>>,
}

impl Category {
    /// Reads a category. `by` is the column named so, where there is one.
    pub fn read(spec: &CategorySpec, by: Option<By<'_>>, node: &Node, tell: &mut Tell<'_>) -> Option<Self> {
        let told = tell.count();
        let (written, place) = match spec {
            CategorySpec::Plain(values) => (values, node),
            CategorySpec::Weighted(spec) => (&spec.values, node.field("values")),
        };
        let values = values(written, place, tell);
        let CategorySpec::Weighted(spec) = spec else {
            return Self::finish(values, Choice::Even, false, tell.count() == told);
        };
        let mut reader = Reader { count: written.len(), tell };
        let choice = match (&spec.weights, &spec.by) {
            (None, None) => Choice::Even,
            (Some(WeightsSpec::Same(weights)), None) => {
                reader.weights(weights, node.field("weights")).map_or(Choice::Even, Choice::Weighted)
            }
            (Some(WeightsSpec::By(lists)), Some(_)) => {
                let otherwise = spec.otherwise.as_ref();
                let otherwise = otherwise.and_then(|list| reader.weights(list, node.field("otherwise")));
                reader.by(lists, otherwise, by, node)
            }
            (_, Some(_)) if node.is_damaged() => Choice::Even,
            (_, Some(_)) => {
                let help = "write a list for each of its values: `weights = { tea = [3, 1], cake = [1, 1] }`";
                reader.tell.at_key(
                    "misplaced-key",
                    "`by` needs weights for the values of that column",
                    node.field("by"),
                    help,
                );
                Choice::Even
            }
            (Some(WeightsSpec::By(_)), None) => {
                if !node.mentions("by") {
                    let help = "say which column decides: `by = \"type\"`; or write one list";
                    reader.tell.at_key(
                        "missing-key",
                        "these weights hang on a column that is not named",
                        node.field("weights"),
                        help,
                    );
                }
                Choice::Even
            }
        };
        if spec.otherwise.is_some() && spec.by.is_none() && !node.mentions("by") {
            tell.at_key(
                "misplaced-key",
                "`otherwise` means nothing without `by`",
                node.field("otherwise"),
                "leave it out, or name the column that decides",
            );
        }
        if spec.exact && spec.by.is_some() {
            tell.at_key(
                "misplaced-key",
                "`exact` cannot hold together with `by`",
                node.field("exact"),
                "leave one of them out: which rows a share is of hangs on the other column",
            );
        }
        Self::finish(values, choice, spec.exact, tell.count() == told)
    }

    fn finish(mut values: Vec<Cell>, choice: Choice, exact: bool, whole: bool) -> Option<Self> {
        let type_ = values.first()?.type_of()?;
        let decimals = alike(&mut values, 0);
        whole.then_some(Self { values, type_, decimals, exact, choice })
    }

    /// The weights of all rows; even ones where they hang on another column.
    pub fn weights(&self) -> Option<Weights> {
        match &self.choice {
            Choice::Weighted(weights) => Some(weights.clone()),
            _ => Weights::new(self.values.iter().map(|_| 1.0)),
        }
    }

    /// A place in the values; `None` where the weights hang on a value that has none.
    pub fn draw(&self, by: impl FnOnce(usize) -> String, stream: &mut Stream) -> Option<usize> {
        Some(match &self.choice {
            Choice::Even => stream.index(self.values.len()),
            Choice::Weighted(weights) => weights.draw(stream),
            Choice::By(column, lists, otherwise) => {
                lists.get(&by(*column)).or(otherwise.as_ref())?.draw(stream)
            }
        })
    }
}

/// The values, all of one type, each once.
fn values(written: &[Value], place: &Node, tell: &mut Tell<'_>) -> Vec<Cell> {
    if written.is_empty() && !place.is_damaged() {
        tell.at(
            "empty-list",
            "this category has no values",
            place,
            "write at least one: `category = [\"card\", \"cash\"]`",
        );
    }
    if written.len() > MAX_VALUES {
        let what = format!("a category has at most {MAX_VALUES} values, and this one {}", written.len());
        tell.at("out-of-range", what, place, "put them into a file, and pick from it with `reference`");
    }
    let (mut values, mut seen, mut type_) = (Vec::new(), BTreeSet::new(), None);
    for (at, value) in written.iter().enumerate().take(MAX_VALUES) {
        let Some(cell) = cell_of(value).filter(|cell| !cell.is_empty()) else {
            tell.at(
                "wrong-type",
                "a value is a text, a number or a truth value",
                place.item(at),
                "write each value by itself; a share of empty cells is `missing`",
            );
            continue;
        };
        let first = *type_.get_or_insert(cell.type_of());
        if cell.type_of() != first {
            tell.at(
                "wrong-type",
                "the values of a category are of one type",
                place.item(at),
                "write all of them in quotes, or none",
            );
        }
        if !seen.insert(cell.to_text(None).into_owned()) {
            tell.at(
                "duplicate-value",
                format!("the value {} is given twice", quote(&cell.to_text(None))),
                place.item(at),
                "keep one of them, with a greater weight",
            );
        }
        values.push(cell);
    }
    values
}

struct Reader<'a, 'b> {
    /// How many values there are.
    count: usize,
    tell: &'a mut Tell<'b>,
}

impl Reader<'_, '_> {
    /// A weight for each value.
    fn weights(&mut self, weights: &[f64], node: &Node) -> Option<Weights> {
        if node.is_damaged() {
            return None;
        }
        if weights.len() != self.count {
            let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
            let what = format!("{} for {}", count(weights.len(), "weight"), count(self.count, "value"));
            self.tell.at("wrong-count", what, node, "write one weight for each value, in their order");
            return None;
        }
        let read = Weights::new(weights.iter().copied());
        if read.is_none() {
            self.tell.at(
                "no-weight",
                "these are no weights",
                node,
                "write numbers from 0 on, at least one of them above 0",
            );
        }
        read
    }

    fn by(
        &mut self,
        lists: &BTreeMap<String, Vec<f64>>,
        otherwise: Option<Weights>,
        by: Option<By<'_>>,
        node: &Node,
    ) -> Choice {
        let place = node.field("weights");
        let others = otherwise.is_some() || node.mentions("otherwise");
        let mut read = BTreeMap::new();
        for (value, list) in lists {
            if let Some(weights) = self.weights(list, place.field(value)) {
                read.insert(value.clone(), weights);
            }
        }
        // A column that is not there was told with the others that this one depends on.
        let Some(by) = by else { return Choice::Even };
        if let Some(values) = by.values {
            for value in lists.keys().filter(|value| !values.contains(*value)) {
                let known = || values.iter().map(String::as_str);
                let help = match nearest(value, known()) {
                    Some(meant) => format!("did you mean {}?", quote(meant)),
                    None => format!("its values are {}", quote_all(known())),
                };
                self.tell.at_key(
                    "unknown-value",
                    format!("the column never has the value {}", quote(value)),
                    place.field(value),
                    help,
                );
            }
            let lacking: Vec<_> =
                values.iter().filter(|value| !lists.contains_key(*value)).map(String::as_str).collect();
            if !others && !lacking.is_empty() && !place.is_damaged() {
                let what = format!("there are no weights for {}", quote_all(lacking));
                self.tell.at_key(
                    "missing-key",
                    what,
                    place,
                    "write a list for each of them, or one for all others: `otherwise = [1, 1]`",
                );
            }
        } else if !others {
            let help = "write the weights for all of them: `otherwise = [1, 1]`";
            self.tell.at_key(
                "missing-key",
                "the column may have values that have no weights here",
                place,
                help,
            );
        }
        Choice::By(by.column, read, otherwise)
    }
}
