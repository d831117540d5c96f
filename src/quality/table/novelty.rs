//! What was never in the source: values, ranges and gaps, column by column.

use super::combinations::{self, Combinations};
use super::data::{Column, Data, place};
use super::figure::Figure;
use super::kind::Kind;
use super::report::{NewInColumn, Novelty};

/// Values that are told of a column.
const EXAMPLES: usize = 5;
/// Numbers are taken for steps of a scale where there are no more of them, and they repeat.
const STEPS: usize = 50;

/// What SYNTH has and REAL does not.
pub(super) fn novelty(data: &Data) -> Novelty {
    let mut new_rows = vec![false; data.synth];
    let mut columns = Vec::new();
    for column in data.columns.iter().filter(|column| column.kind.is_used()) {
        let found = column_of(column, &mut new_rows);
        if found.new_rows + found.below + found.above + found.unfit + found.missing > 0 {
            columns.push(found);
        }
    }
    let Combinations { pairs, pairs_left_out, whole, holdout_whole } = combinations::combinations(data);
    Novelty {
        rows_with_new_values: Figure::share(new_rows.iter().filter(|new| **new).count(), data.synth),
        columns,
        pairs,
        pairs_left_out,
        new_combinations: whole,
        holdout_new_combinations: holdout_whole,
    }
}

fn column_of(column: &Column, new_rows: &mut [bool]) -> NewInColumn {
    let known = column.real.sorted();
    let mut distinct = known.clone();
    distinct.dedup();
    let is_set = column.kind.is_categorical()
        || (column.kind == Kind::Number && distinct.len() <= STEPS && distinct.len() * 10 <= known.len());
    let never_missing = column.real.missing == 0;
    let mut out = NewInColumn {
        column: column.name.clone(),
        kind: column.kind,
        new_values: 0,
        new_rows: 0,
        examples: Vec::new(),
        below: 0,
        above: 0,
        unfit: column.synth.unfit.len(),
        unfit_examples: column.synth.unfit_texts.clone(),
        missing: if never_missing { column.synth.missing } else { 0 },
    };
    for row in &column.synth.unfit {
        new_rows[*row] = true;
    }
    let mut new = Vec::new();
    for (row, value) in column.synth.values.iter().enumerate() {
        if value.is_nan() {
            new_rows[row] |= never_missing;
            continue;
        }
        let (mut below, mut above) = (false, false);
        if column.kind.is_numeric() {
            below = known.first().is_none_or(|low| value < low);
            above = !below && known.last().is_none_or(|high| value > high);
        }
        out.below += usize::from(below);
        out.above += usize::from(above);
        let unseen = is_set && distinct.binary_search_by(|known| known.total_cmp(value)).is_err();
        if unseen {
            new.push(*value);
        }
        new_rows[row] |= below || above || unseen;
    }
    new.sort_unstable_by(f64::total_cmp);
    let mut values: Vec<(usize, f64)> =
        new.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0])).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.0));
    out.new_rows = new.len();
    out.new_values = values.len();
    out.examples = values.iter().take(EXAMPLES).map(|(_, value)| text(column, *value)).collect();
    out
}

/// A value as it stands in the file, or nearly so.
pub(super) fn text(column: &Column, value: f64) -> String {
    if column.kind.is_numeric() { value.to_string() } else { column.labels[place(value)].clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    #[test]
    fn new_values_ranges_and_gaps_are_told() {
        let real = format!("n,c,q\n{}", "1.5,x,1\n2.5,y,2\n3.25,x,2\n".repeat(10));
        let found = novelty(&data(&real, "n,c,q\n0,x,1\n9,z,1.5\n2,,2\nabc,z,2\n2,w,2\n"));
        let [n, c, q] = &found.columns[..] else { panic!("{found:?}") };
        assert_eq!((n.below, n.above, n.unfit, &n.unfit_examples[..]), (1, 1, 1, &["abc".to_owned()][..]));
        assert_eq!((c.new_values, c.new_rows, c.missing), (2, 3, 1));
        assert_eq!(c.examples, ["z", "w"], "the most frequent first");
        assert_eq!((q.new_values, &q.examples[..]), (1, &["1.5".to_owned()][..]));
        // Every row: 0, 9, the gap, abc, w.
        assert_eq!(found.rows_with_new_values.value, Some(1.0));
    }

    #[test]
    fn nothing_is_new_in_the_table_itself() {
        let text = "n,c\n1,x\n,y\n3,\n";
        let found = novelty(&data(text, text));
        assert!(found.columns.is_empty() && found.pairs.is_empty());
        assert_eq!(found.rows_with_new_values.value, Some(0.0));
    }
}
