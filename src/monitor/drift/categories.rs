//! Drift of what falls into categories: scenarios, labels, models.

use super::{CONFIDENCE, MOVED, PSI, Raw, Tests};
use crate::metric::Unit;
use crate::monitor::report::{Aspect, DriftTest, Effect, Found};
use crate::stats::divergence::{homogeneity, stability_index};
use crate::stats::proportions::difference;

impl Tests {
    /// Compares counts of the same categories. Nothing where there is one category alone, or none.
    pub(super) fn categories(
        &mut self,
        aspect: Aspect,
        what: &str,
        names: &[String],
        before: &[u64],
        now: &[u64],
    ) {
        let (n, m): (u64, u64) = (before.iter().sum(), now.iter().sum());
        let size = |of: u64| usize::try_from(of).unwrap_or(usize::MAX);
        if !self.are_enough(what, size(n), size(m)) {
            return;
        }
        let Some(test) = homogeneity(before, now) else {
            let seen = before.iter().zip(now).filter(|(a, b)| **a + **b > 0).count();
            if seen > 1 {
                self.left_out
                    .push((what.to_owned(), "all but one of them are too rare to be compared".to_owned()));
            }
            return;
        };
        let share = |count: u64, of: u64| count as f64 / of as f64;
        let apart = |at: &usize| (share(now[*at], m) - share(before[*at], n)).abs();
        // The first of those that changed as much.
        let Some(most) = (0..names.len()).rev().max_by(|a, b| apart(a).total_cmp(&apart(b))) else { return };
        let shares = (share(before[most], n), share(now[most], m));
        // Bonferroni: the one that changed most is one of all.
        let level = 1.0 - (1.0 - CONFIDENCE) / names.len().max(1) as f64;
        let interval = difference((size(before[most]), size(n)), (size(now[most]), size(m)), level);
        let psi = occupied(before, now);
        let is_large = psi.is_some_and(|psi| psi >= PSI) || apart(&most) >= MOVED;
        self.raw.push(Raw {
            test: DriftTest {
                aspect,
                what: what.to_owned(),
                n: (n, m),
                values: None,
                unit: Unit::Share,
                psi,
                effect: Effect::Most {
                    name: names[most].clone(),
                    shares,
                    interval: interval.unwrap_or((-1.0, 1.0)),
                },
                test: "χ²".to_owned(),
                p: test.p,
                adjusted: 1.0,
                found: Found::Nothing,
            },
            is_large,
        });
    }
}

/// The index over the categories that occur.
fn occupied(before: &[u64], now: &[u64]) -> Option<f64> {
    let (before, now): (Vec<u64>, Vec<u64>) = before.iter().zip(now).filter(|(a, b)| **a + **b > 0).unzip();
    stability_index(&before, &now)
}
