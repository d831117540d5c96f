//! Drawing without putting back.

use crate::expand::stream::Stream;
use std::collections::HashMap;

/// What is left of the numbers from 0 to `size - 1`: a shuffle (Fisher and Yates, from the front) that
/// keeps in mind only what it moved. What comes first does not depend on how many are drawn.
#[derive(Debug)]
pub(super) struct Unused {
    size: u64,
    taken: u64,
    moved: HashMap<u64, u64>,
}

impl Unused {
    /// All of them are left.
    pub fn new(size: u64) -> Self {
        Self { size, taken: 0, moved: HashMap::new() }
    }

    /// One that was not drawn before, each as likely; 0 where none is left.
    pub fn draw(&mut self, stream: &mut Stream) -> u64 {
        let first = self.taken;
        let Some(left) = self.size.checked_sub(first).filter(|left| *left > 0) else { return 0 };
        let at = first + stream.below(left);
        self.taken += 1;
        let moved = self.moved.remove(&first).unwrap_or(first);
        if at == first { moved } else { self.moved.insert(at, moved).unwrap_or(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_once_and_all_orders_are_equally_likely() {
        let mut stream = Stream::new(&[b"unique"]);
        let mut orders = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut unused = Unused::new(3);
            let order = [0; 3].map(|_| unused.draw(&mut stream));
            *orders.entry(order).or_insert(0_u32) += 1;
        }
        let mut sorted: Vec<_> = orders
            .keys()
            .map(|order| {
                let mut order = *order;
                order.sort_unstable();
                order
            })
            .collect();
        sorted.dedup();
        assert_eq!(sorted, [[0, 1, 2]]);
        let chi: f64 = orders.values().map(|count| (f64::from(*count) - 1000.0).powi(2) / 1000.0).sum();
        // Five degrees of freedom: 20.5 is exceeded once in 1000.
        assert!(orders.len() == 6 && chi < 20.5, "{orders:?}");
    }

    #[test]
    fn a_large_domain_costs_only_what_is_drawn() {
        let (mut stream, mut unused) = (Stream::new(&[b"unique"]), Unused::new(u64::MAX));
        let drawn: std::collections::BTreeSet<u64> = (0..1000).map(|_| unused.draw(&mut stream)).collect();
        assert_eq!(drawn.len(), 1000);
        assert!(unused.moved.len() <= 1000);
    }
}
