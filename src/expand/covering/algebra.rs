//! Rows to start from, for models without constraints: orthogonal arrays over finite fields, multiplied
//! column by column, and sets for factors with two values. Known constructions, made from scratch for
//! whatever levels there are; they are completed greedily and then searched like any other rows.

use super::solve::{Value, small};
use super::table::UNSET;

/// The largest field that is tried: beyond it greedy rows are as good.
const MAX_ORDER: usize = 64;

/// All starts for these levels with at most `most` rows, each a list of rows with places left open.
pub(super) fn starts(levels: &[usize], most: usize) -> Vec<Vec<Vec<Value>>> {
    let mut starts: Vec<_> = (2..=MAX_ORDER)
        .take_while(|order| order * order <= most)
        .filter_map(Field::new)
        .flat_map(|field| products(&field, levels, most))
        .collect();
    if levels.len() > 1 && levels.iter().all(|levels| *levels == 2) {
        starts.push(halves(levels.len()));
    }
    starts
}

/// For factors of two values: the fewest rows in which every pair occurs (Kleitman and Spencer; Katona).
/// A first row of zeros; then each column is another choice of about half of the rows.
fn halves(columns: usize) -> Vec<Vec<Value>> {
    let rows = fewest_for_pairs(columns);
    let zeros = rows / 2 - 1;
    let mut chosen: Vec<usize> = (0..zeros).collect();
    let mut array = vec![Vec::with_capacity(columns); rows];
    for _ in 0..columns {
        for (n, row) in array.iter_mut().enumerate() {
            let is_zero = n == 0 || chosen.contains(&(n - 1));
            row.push(Value::from(!is_zero));
        }
        // The next choice, in order; there are enough for all columns.
        if let Some(turn) = (0..zeros).rev().find(|n| chosen[*n] < rows - 1 - zeros + n) {
            chosen[turn] += 1;
            for n in turn + 1..zeros {
                chosen[n] = chosen[n - 1] + 1;
            }
        }
    }
    array
}

/// The fewest rows in which all pairs of `columns` factors of two or more values can occur.
pub(super) fn fewest_for_pairs(columns: usize) -> usize {
    let choices = |rows: usize| {
        let (from, of) = (rows - 1, rows / 2 - 1);
        (0..of).fold(1_usize, |product, n| product.saturating_mul(from - n) / (n + 1))
    };
    let mut rows = 4;
    while choices(rows) < columns {
        rows += 1;
    }
    rows
}

/// Arrays over the field for the factors of at most its order, largest first, multiplied as often as
/// there are columns to fill and rows allow.
///
/// A column is one of the `q + 1` of the orthogonal array of `q²` rows, and one of `q` for each
/// multiplication; the latter adds the `q² - q` rows of the array that are not constant. Columns that
/// differ in the first differ in the orthogonal array, others in the rows added.
fn products(field: &Field, levels: &[usize], most: usize) -> Vec<Vec<Vec<Value>>> {
    let order = field.order;
    let mut fitting: Vec<usize> = (0..levels.len()).filter(|factor| levels[*factor] <= order).collect();
    fitting.sort_by_key(|factor| std::cmp::Reverse(levels[*factor]));
    // A field this much too large is not worth its rows.
    if fitting.first().is_none_or(|factor| 2 * levels[*factor] <= order) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let (mut columns, mut rows) = (order + 1, order * order);
    while rows <= most {
        let mut array = vec![vec![UNSET; levels.len()]; rows];
        for (column, factor) in fitting.iter().take(columns).enumerate() {
            for (n, row) in array.iter_mut().enumerate() {
                let entry = field.entry(column, n);
                if entry < levels[*factor] {
                    row[*factor] = small(entry);
                }
            }
        }
        all.push(array);
        if columns >= fitting.len() {
            break;
        }
        columns *= order;
        rows += order * order - order;
    }
    all
}

/// The numbers `0..order` with the sums and products of a finite field.
struct Field {
    order: usize,
    /// The prime, and the polynomial that reduces products; its coefficients from the lowest.
    prime: usize,
    modulus: Vec<usize>,
}

impl Field {
    /// `None` where the order is no power of a prime.
    fn new(order: usize) -> Option<Self> {
        let prime = (2..=order).find(|divisor| order.is_multiple_of(*divisor))?;
        let mut degree = 0;
        let mut rest = order;
        while rest.is_multiple_of(prime) {
            rest /= prime;
            degree += 1;
        }
        if rest != 1 {
            return None;
        }
        // The first monic polynomial of that degree under which no product of others is 0.
        (0..order).find_map(|low| {
            let mut modulus = digits(low, prime, degree);
            modulus.push(1);
            let field = Self { order, prime, modulus };
            let none = (1..order).all(|a| (1..order).all(|b| field.times(a, b) != 0));
            none.then_some(field)
        })
    }

    fn plus(&self, a: usize, b: usize) -> usize {
        let degree = self.modulus.len() - 1;
        let (a, b) = (digits(a, self.prime, degree), digits(b, self.prime, degree));
        number(a.iter().zip(&b).map(|(a, b)| (a + b) % self.prime), self.prime)
    }

    fn times(&self, a: usize, b: usize) -> usize {
        let degree = self.modulus.len() - 1;
        let (a, b) = (digits(a, self.prime, degree), digits(b, self.prime, degree));
        let mut product = vec![0; 2 * degree];
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                product[i + j] += a * b;
            }
        }
        for top in (degree..2 * degree).rev() {
            let factor = product[top] % self.prime;
            for (n, coefficient) in self.modulus.iter().enumerate() {
                product[top - degree + n] += (self.prime - coefficient) * factor;
            }
        }
        number(product[..degree].iter().map(|digit| digit % self.prime), self.prime)
    }

    /// What stands in a column and row of the product: see [`products`].
    fn entry(&self, column: usize, row: usize) -> usize {
        let order = self.order;
        if row < order * order {
            let (slope, shift) = (row / order, row % order);
            // The last column of the orthogonal array is the slope itself.
            let first = column % (order + 1);
            return if first == order { slope } else { self.plus(self.times(slope, first), shift) };
        }
        let added = row - order * order;
        let section = added / (order * order - order);
        let within = added % (order * order - order);
        let (slope, shift) = (within / order + 1, within % order);
        let mut part = column / (order + 1);
        for _ in 0..section {
            part /= order;
        }
        self.plus(self.times(slope, part % order), shift)
    }
}

/// The lowest `count` digits of a number in a base, lowest first.
fn digits(mut number: usize, base: usize, count: usize) -> Vec<usize> {
    let mut digits = Vec::with_capacity(count + 1);
    for _ in 0..count {
        digits.push(number % base);
        number /= base;
    }
    digits
}

fn number(digits: impl DoubleEndedIterator<Item = usize>, base: usize) -> usize {
    digits.rev().fold(0, |number, digit| number * base + digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn missing(rows: &[Vec<Value>], levels: &[usize]) -> usize {
        let mut missing = 0;
        for a in 0..levels.len() {
            for b in a + 1..levels.len() {
                let pairs: BTreeSet<_> = rows.iter().map(|row| (row[a], row[b])).collect();
                missing += levels[a] * levels[b] - pairs.len();
            }
        }
        missing
    }

    #[test]
    fn there_is_a_field_for_each_power_of_a_prime_and_no_other_order() {
        let orders: Vec<usize> = (2..=32).filter(|order| Field::new(*order).is_some()).collect();
        assert_eq!(orders, [2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 19, 23, 25, 27, 29, 31, 32]);
        for order in [4, 8, 9] {
            let field = Field::new(order).unwrap();
            for a in 0..order {
                for b in 0..order {
                    assert_eq!(field.times(a, b), field.times(b, a));
                    for c in 0..order {
                        let apart = field.plus(field.times(a, b), field.times(a, c));
                        assert_eq!(field.times(a, field.plus(b, c)), apart);
                    }
                }
            }
        }
    }

    #[test]
    fn a_product_has_every_pair_of_every_two_columns() {
        // q² rows for q + 1 columns, then q² - q more for each q times as many.
        for (order, columns, rows) in
            [(3, 4, 9), (3, 12, 15), (3, 36, 21), (4, 20, 28), (5, 6, 25), (9, 10, 81)]
        {
            let levels = vec![order; columns];
            let all = products(&Field::new(order).unwrap(), &levels, rows);
            let last = all.last().unwrap();
            assert_eq!((last.len(), missing(last, &levels)), (rows, 0), "{order}^{columns}");
        }
    }

    #[test]
    fn two_values_need_the_rows_that_kleitman_and_spencer_give() {
        for (columns, rows) in
            [(3, 4), (4, 5), (5, 6), (10, 6), (11, 7), (15, 7), (35, 8), (56, 9), (126, 10)]
        {
            assert_eq!(fewest_for_pairs(columns), rows, "{columns}");
            let levels = vec![2; columns];
            let array = halves(columns);
            assert_eq!((array.len(), missing(&array, &levels)), (rows, 0), "{columns}");
        }
    }
}
