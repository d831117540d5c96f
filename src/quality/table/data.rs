//! The columns that the tables share, each cell a number: the value itself, or the place of a category
//! among the column's labels.

use super::kind::{self, Kind};
use super::read::{Table, Texts};
use std::collections::BTreeMap;

/// Tables as figures are computed from them.
#[derive(Debug)]
pub(super) struct Data {
    pub columns: Vec<Column>,
    /// Rows of each table.
    pub real: usize,
    pub synth: usize,
    /// 0 without a holdout.
    pub holdout: usize,
    /// Whether there is a holdout.
    pub has_holdout: bool,
}

/// A column of REAL and SYNTH.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
    /// The labels of a column of categories or identifiers, sorted; cells hold places in it.
    pub labels: Vec<String>,
    pub real: Cells,
    pub synth: Cells,
    /// Without rows where there is no holdout.
    pub holdout: Cells,
}

/// The cells of a column in one table.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// NaN where there is no value.
    pub values: Vec<f64>,
    /// Cells without a text.
    pub missing: usize,
    /// Rows with a text that is none of the column's kind; they have no value either.
    pub unfit: Vec<usize>,
    /// Some of these texts, the first ones.
    pub unfit_texts: Vec<String>,
}

/// Texts kept as examples.
const EXAMPLES: usize = 3;

impl Cells {
    /// The values that are there.
    pub(super) fn present(&self) -> impl Iterator<Item = f64> {
        self.values.iter().copied().filter(|value| !value.is_nan())
    }

    /// The values that are there, in ascending order.
    pub(super) fn sorted(&self) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.present().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }
}

impl Column {
    /// How often each label occurs in a table.
    pub(super) fn counts(&self, cells: &Cells) -> Vec<usize> {
        let mut counts = vec![0; self.labels.len()];
        for value in cells.present() {
            counts[place(value)] += 1;
        }
        counts
    }

    /// Lowest and highest value of REAL, where it has any.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        self.real.present().fold(None, |range, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
    }
}

/// The place of a category, from the number that stands for it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "made from a place")]
pub(super) fn place(value: f64) -> usize {
    value as usize
}

impl Data {
    /// The columns that both tables have, in the order of REAL. `keep` are columns with a purpose.
    /// A column that the holdout lacks is without values there.
    pub(super) fn new(real: &Table, synth: &Table, holdout: Option<&Table>, keep: &[&str]) -> Self {
        let find = |table: &Table, name: &str| table.columns.iter().position(|column| column.name == name);
        let columns = real
            .columns
            .iter()
            .filter_map(|texts| {
                let other = &synth.columns[find(synth, &texts.name)?];
                let held = holdout.and_then(|table| Some(&table.columns[find(table, &texts.name)?]));
                let empty = Texts::default();
                let mut column = column(texts, other, held.unwrap_or(&empty), keep);
                column.holdout.values.resize(holdout.map_or(0, |table| table.rows), f64::NAN);
                Some(column)
            })
            .collect();
        let rows = holdout.map_or(0, |table| table.rows);
        Self { columns, real: real.rows, synth: synth.rows, holdout: rows, has_holdout: holdout.is_some() }
    }

    /// The columns that distances, pairs and models use.
    pub(super) fn used(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.kind.is_used())
    }
}

fn column(real: &Texts, synth: &Texts, holdout: &Texts, keep: &[&str]) -> Column {
    let of_real = kind_of(real, keep);
    // What REAL never says, SYNTH may.
    let kind = if of_real == Kind::Empty { kind_of(synth, keep) } else { of_real };
    let mut labels = BTreeMap::new();
    if !kind.is_numeric() {
        for text in [real, synth, holdout].iter().flat_map(|texts| &texts.values) {
            if !kind::is_missing(text) {
                labels.insert(kind::label(kind, text), 0.0);
            }
        }
        for (at, place) in labels.values_mut().enumerate() {
            *place = at as f64;
        }
    }
    let number = |text: &str| {
        if kind.is_numeric() {
            kind::as_number(kind, text)
        } else {
            labels.get(&kind::label(kind, text)).copied()
        }
    };
    let [real_cells, synth_cells, holdout_cells] = [real, synth, holdout].map(|texts| cells(texts, number));
    Column {
        name: real.name.clone(),
        kind,
        real: real_cells,
        synth: synth_cells,
        holdout: holdout_cells,
        labels: labels.into_keys().collect(),
    }
}

fn kind_of(texts: &Texts, keep: &[&str]) -> Kind {
    let missing: Vec<bool> = texts.values.iter().map(|text| kind::is_missing(text)).collect();
    let cells = texts.codes.iter().filter(|code| !missing[**code as usize]).count();
    let present: Vec<&str> = texts
        .values
        .iter()
        .zip(&missing)
        .filter(|(_, gone)| !**gone)
        .map(|(text, _)| text.as_str())
        .collect();
    kind::infer(&texts.name, &present, cells, keep.contains(&texts.name.as_str()))
}

fn cells(texts: &Texts, number: impl Fn(&str) -> Option<f64>) -> Cells {
    let mut out = Cells::default();
    // Each text is interpreted once, however often it occurs.
    let known: Vec<(bool, Option<f64>)> = texts
        .values
        .iter()
        .map(|text| if kind::is_missing(text) { (true, None) } else { (false, number(text)) })
        .collect();
    for (text, (missing, value)) in texts.values.iter().zip(&known) {
        if !missing && value.is_none() && out.unfit_texts.len() < EXAMPLES {
            out.unfit_texts.push(text.clone());
        }
    }
    out.values.reserve(texts.codes.len());
    for (row, code) in texts.codes.iter().enumerate() {
        let (missing, value) = known[*code as usize];
        out.missing += usize::from(missing);
        out.unfit.extend((!missing && value.is_none()).then_some(row));
        out.values.push(value.unwrap_or(f64::NAN));
    }
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::suite::diagnostic::Source;

    fn table(text: &str) -> Table {
        Table::parse(&Source::new("table.csv", text.to_owned())).unwrap()
    }

    /// Tables from the texts of two files.
    pub fn data(real: &str, synth: &str) -> Data {
        Data::new(&table(real), &table(synth), None, &[])
    }

    /// Tables from the texts of three files.
    pub fn data_with(real: &str, synth: &str, holdout: &str) -> Data {
        Data::new(&table(real), &table(synth), Some(&table(holdout)), &[])
    }

    #[test]
    fn cells_become_numbers_by_the_kind_of_real() {
        let data = data("n,c\n1,x\n,y\n2,x\n", "c,n\nz,2\n,abc\n");
        let [n, c] = &data.columns[..] else { panic!("two columns") };
        assert_eq!((n.kind, n.real.missing, n.real.sorted()), (Kind::Number, 1, vec![1.0, 2.0]));
        assert_eq!((&n.synth.unfit[..], &n.synth.unfit_texts[..]), (&[1][..], &["abc".to_owned()][..]));
        assert_eq!(c.labels, ["x", "y", "z"]);
        assert_eq!(c.synth.values[0].to_bits(), 2.0_f64.to_bits());
        assert_eq!((c.counts(&c.real), c.synth.missing), (vec![2, 1, 0], 1));
    }

    #[test]
    fn columns_that_only_one_table_has_are_left_out() {
        let data = data("a,b\n1,2\n", "b,c\n3,4\n");
        assert_eq!(data.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["b"]);
    }
}
